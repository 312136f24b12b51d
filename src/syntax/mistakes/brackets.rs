//! Brackets without their pair, and lists with nothing in them.

use pest::Parser;
use pest::error::InputLocation;

use super::scene::compares;
use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::grammar::{Grammar, Rule};
use crate::syntax::scan::{HOLE, Kind, Token};
use crate::syntax::words::is_reserved;

/// `a)`, `(a]`
pub(super) fn closed_unopened(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.kind == Kind::Close)?;
    let Some(open) = scene.open_bracket().and_then(|open| scene.tokens.get(open)) else {
        let message = format!("`{}` closes a bracket that was never opened", here.text);
        let edits = vec![Edit::replace(scene.with_space_before(here.range()), "")];
        return Some(Mistake::new(Code::OpenBracket, here.range(), message).fix("remove it", edits));
    };
    let ours = pair_of(open.text);
    if ours == here.text || !scene.after_value() {
        return None;
    }
    let message = format!("`{}` is closed by `{ours}`, found `{}`", open.text, here.text);
    Some(Mistake::new(Code::OpenBracket, here.range(), message).also(open.range(), "opened here").write(ours))
}

/// `sum(value of sales > 5`, `spend[channel = 'web' > 5`: the bracket of a word, left open before a comparison.
pub(super) fn unclosed_before_comparison(scene: &Scene<'_>) -> Option<Mistake> {
    scene.here().filter(|token| compares(token))?;
    let open = scene.open_bracket().filter(|open| !scene.owner(*open).is_empty())?;
    if scene.tokens.get(open).is_some_and(|token| token.text == "(") && is_reserved(&scene.owner(open)) {
        return None;
    }
    opened_unclosed(scene)
}

/// `(a and b`: closed where that lets reading go on, else at the end.
pub(super) fn opened_unclosed(scene: &Scene<'_>) -> Option<Mistake> {
    if !scene.after_value() {
        return None;
    }
    let open = scene.open_bracket()?;
    if scene.here().is_some() && scene.closing(open).is_some() {
        return None;
    }
    let several = scene.open_brackets();
    if scene.here().is_none() && several.len() > 1 {
        return Some(all_unclosed(scene, &several));
    }
    let token = scene.tokens.get(open)?;
    let closing = pair_of(token.text);
    let last = if scene.here().is_none() && scene.owner(open) == "in" { list_end(scene, open) } else { scene.at - 1 };
    let at = scene.tokens.get(last).map_or(scene.end(), Token::end);
    let edit = Edit::insert(at, closing);
    if let Some(here) = scene.here() {
        let mut tried = scene.text.to_owned();
        tried.insert_str(at, closing);
        if failure(&tried).is_some_and(|failed| failed <= here.start + closing.len()) {
            return None;
        }
    }
    let message = format!("`{}` is opened and never closed", token.text);
    let title = format!("close it behind `{}`", scene.tokens.get(last).map_or("", |before| before.text));
    Some(Mistake::new(Code::OpenBracket, token.range(), message).fix(title, vec![edit]))
}

/// Several brackets that are open at the end are one mistake.
fn all_unclosed(scene: &Scene<'_>, open: &[usize]) -> Mistake {
    let brackets: Vec<&Token<'_>> = open.iter().filter_map(|at| scene.tokens.get(*at)).collect();
    let closing: String = brackets.iter().rev().map(|token| pair_of(token.text)).collect();
    let range = brackets.last().map_or(scene.range(), |innermost| innermost.range());
    let first = brackets.first().map_or(scene.range(), |outermost| outermost.range());
    let message = format!("{} brackets are opened and never closed", brackets.len());
    let edits = vec![Edit::insert(scene.end(), closing)];
    Mistake::new(Code::OpenBracket, range, message).also(first, "the outermost").fix("close them at the end", edits)
}

/// The last token of a list that was probably meant to end before `and` or `or`.
fn list_end(scene: &Scene<'_>, open: usize) -> usize {
    let level = scene.level();
    let connective =
        level.into_iter().find(|at| scene.tokens.get(*at).is_some_and(|token| token.is_one_of(&["and", "or"])));
    connective.filter(|at| *at > open + 1).unwrap_or(scene.at) - 1
}

fn failure(text: &str) -> Option<usize> {
    match Grammar::parse(Rule::expression, text).err()?.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => Some(at),
    }
}

/// `in ['a', 'b']`
pub(super) fn square_list(scene: &Scene<'_>) -> Option<Mistake> {
    let open = scene.here().filter(|token| token.text == "[")?;
    scene.before(1).filter(|token| token.is_one_of(&["in", "of"]))?;
    let close = scene.closing(scene.at).and_then(|close| scene.tokens.get(close));
    let mut edits = vec![Edit::replace(open.range(), "(")];
    edits.extend(close.filter(|close| close.text == "]").map(|close| Edit::replace(close.range(), ")")));
    let message = "a list stands in round brackets, found `[`";
    Some(Mistake::new(Code::OpenBracket, open.range(), message).fix("write `(…)`", edits))
}

/// `in ()`, `in (1, 2,)`, `abs(1, )`
pub(super) fn empty_or_trailing(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    let before = scene.before(1)?;
    match (before.kind, here.kind) {
        (Kind::Comma, Kind::Close) => {
            let edits = vec![Edit::replace(before.range(), "")];
            let message = "nothing follows the last comma";
            Some(Mistake::new(Code::Syntax, before.range(), message).fix("remove the comma", edits))
        }
        (Kind::Comma | Kind::Open, Kind::Comma) => {
            let edits = vec![Edit::replace(here.range(), "")];
            let message = "nothing stands before this comma";
            Some(Mistake::new(Code::Syntax, here.range(), message).fix("remove the comma", edits))
        }
        (Kind::Open, Kind::Close) => {
            let repair = vec![Edit::insert(here.start, HOLE)];
            let message = format!("nothing stands between `{}` and `{}`", before.text, here.text);
            Some(Mistake::new(Code::Syntax, before.start..here.end(), message).repair(repair))
        }
        _ => None,
    }
}

fn pair_of(open: &str) -> &'static str {
    if open == "[" { "]" } else { ")" }
}
