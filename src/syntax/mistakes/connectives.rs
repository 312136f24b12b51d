//! `and`, `or` and commas between conditions: missing, doubled, or with nothing on one side.

use super::scene::{compares, ends_value};
use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::scan::{HOLE, Kind, Token};
use crate::syntax::words::is_reserved;

/// `and` or `or` at the start, at the end, or twice.
pub(super) fn connective(scene: &Scene<'_>) -> Option<Mistake> {
    let is_connective = |token: &&Token<'_>| token.is_one_of(&["and", "or"]);
    let before = scene.before(1).filter(is_connective);
    let here = scene.here().filter(is_connective);
    let remove = |range: std::ops::Range<usize>| vec![Edit::replace(range, "")];
    match (before, here) {
        (Some(before), Some(here)) => {
            let message = if before.text.eq_ignore_ascii_case(here.text) {
                format!("`{}` is written twice", here.text)
            } else {
                format!("`{}` and `{}` stand side by side", before.text, here.text)
            };
            let edits = remove(scene.with_space_before(here.range()));
            Some(Mistake::new(Code::Syntax, here.range(), message).fix(format!("remove `{}`", here.text), edits))
        }
        (Some(before), None) if scene.here().is_none_or(|token| token.kind == Kind::Close) => {
            let message = format!("nothing follows `{}`", before.text);
            let edits = remove(scene.with_space_before(before.range()));
            Some(Mistake::new(Code::Syntax, before.range(), message).fix(format!("remove `{}`", before.text), edits))
        }
        (None, Some(here)) if scene.before(1).is_none_or(|token| token.kind == Kind::Open) => {
            let message = format!("nothing stands before `{}`", here.text);
            if scene.tokens.len() == 1 {
                let repair = vec![Edit::replace(here.range(), HOLE)];
                return Some(Mistake::new(Code::Syntax, here.range(), message).repair(repair));
            }
            let end = scene.behind(1).map_or(here.end(), |next| next.start);
            Some(
                Mistake::new(Code::Syntax, here.range(), message)
                    .fix(format!("remove `{}`", here.text), remove(here.start..end)),
            )
        }
        _ => None,
    }
}

/// `x between 1`, `x between 1 and`, `x between 1 to 5`
pub(super) fn half_between(scene: &Scene<'_>) -> Option<Mistake> {
    if !scene.half_between() {
        return None;
    }
    let before = scene.before(1)?;
    if scene.after_value() {
        if let Some(here) = scene.here().filter(|token| token.is_word("to")) {
            let message = format!("the ends of `between` are joined by `and`, found `{}`", here.text);
            return Some(Mistake::new(Code::Syntax, here.range(), message).write("and"));
        }
        let ends = scene.here().is_none_or(|here| here.kind == Kind::Close || here.is_word("or"));
        let message = format!("`between` needs `and` and an upper end behind `{}`", before.text);
        let repair = vec![Edit::insert(before.end(), format!(" and {HOLE}"))];
        return ends.then(|| Mistake::new(Code::Syntax, before.range(), message).repair(repair));
    }
    let ends = scene.here().is_none_or(|here| here.kind == Kind::Close || here.is_one_of(&["and", "or"]));
    (ends && before.is_word("and")).then(|| {
        let repair = vec![Edit::insert(before.end(), format!(" {HOLE}"))];
        Mistake::new(Code::Syntax, before.range(), "`between` needs an upper end behind `and`").repair(repair)
    })
}

/// `a = 1, b = 2`
pub(super) fn comma_for_and(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.kind == Kind::Comma)?;
    if scene.open_bracket().is_some_and(|open| !scene.owner(open).is_empty()) || scene.behind(1).is_none() {
        return None;
    }
    let message = "conditions are joined by `and` or `or`, found `,`";
    Some(
        Mistake::new(Code::Syntax, here.range(), message).fix("write `and`", vec![Edit::replace(here.range(), " and")]),
    )
}

/// `spend > 500 visits > 3`: a second test begins where a connective should stand.
pub(super) fn missing_connective(scene: &Scene<'_>) -> Option<Mistake> {
    let here =
        scene.here().filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted) && !is_reserved(token.text))?;
    let before = scene.before(1).filter(|token| ends_value(token))?;
    let tests = |token: &Token<'_>| {
        compares(token) || token.is_one_of(&["is", "in", "between", "contains", "like", "matches", "starts", "ends"])
    };
    scene.behind(1).filter(|next| tests(next))?;
    let level = scene.level();
    let last = level
        .iter()
        .rev()
        .filter_map(|at| scene.tokens.get(*at))
        .find(|token| tests(token) || token.is_one_of(&["and", "or"]))?;
    if !tests(last) {
        return None;
    }
    let message = format!("`and` or `or` is missing between `{}` and `{}`", before.text, here.text);
    let edits = vec![Edit::insert(here.start, "and ")];
    Some(
        Mistake::new(Code::Syntax, before.start..here.end(), message)
            .fix(format!("write `and` before `{}`", here.text), edits),
    )
}

/// `region 'Jakarta'`
pub(super) fn missing_comparison(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.kind == Kind::Text)?;
    let before =
        scene.before(1).filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted) && ends_value(token))?;
    let message = format!("an operator is missing between `{}` and `{}`", before.text, here.text);
    Some(
        Mistake::new(Code::Syntax, before.start..here.end(), message)
            .fix("write `=` between them", vec![Edit::insert(here.start, "= ")]),
    )
}

/// `spend >= 500 and <= 900`
pub(super) fn left_side_missing(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| compares(token))?;
    let connective = scene.before(1).filter(|token| token.is_one_of(&["and", "or"]))?;
    let level = scene.level();
    let earlier = level.get(..level.len().checked_sub(1)?)?;
    let is = |at: &usize, found: fn(&Token<'_>) -> bool| scene.tokens.get(*at).is_some_and(found);
    let start = earlier.iter().rposition(|at| is(at, |token| token.is_one_of(&["and", "or", "not", "where", "have"])));
    let clause = earlier.get(start.map_or(0, |at| at + 1)..)?;
    let sign = *clause.iter().find(|at| is(at, compares))?;
    let left = scene.slice(scene.bytes(*clause.first()?, sign));
    if left.is_empty() {
        return None;
    }
    let message = format!("`{}` has no left side; each comparison names both of its sides", here.text);
    let edits = vec![Edit::insert(here.start, format!("{left} "))];
    Some(Mistake::new(Code::Syntax, connective.start..here.end(), message).fix(format!("write `{left}` again"), edits))
}

/// `where spend > 5`, `if spend > 5`: a word before the whole condition.
pub(super) fn leading_word(scene: &Scene<'_>) -> Option<Mistake> {
    const LEADING: &[&str] = &["where", "when", "if", "jika", "having", "filter"];
    let word = scene.tokens.first().filter(|token| scene.at <= 1 && token.is_one_of(LEADING))?;
    let next = scene.tokens.get(1).filter(|next| matches!(next.kind, Kind::Word | Kind::Quoted))?;
    let message = format!("a condition stands by itself, without `{}`", word.text);
    let edits = vec![Edit::replace(word.start..next.start, "")];
    Some(Mistake::new(Code::Syntax, word.range(), message).fix("remove it", edits))
}
