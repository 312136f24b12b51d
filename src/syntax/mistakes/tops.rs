//! `top 10% by spend` in other words.

use super::ranks::is_name;
use super::scene::{ends_value, word_of};
use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::scan::{HOLE, Kind, Token};

const TOP: &[&str] = &["top", "bottom"];

/// What other languages write for `by`.
const FOREIGN_BY: &[&str] = &["of", "in", "on", "for", "with", "berdasarkan", "menurut", "dari", "along"];

/// A `top 10% …` on this level, since the last connective.
pub(super) struct TopPhrase {
    /// The word `top` or `bottom`.
    pub at: usize,
    /// Whether its `by` has been read.
    pub by: bool,
}

impl Scene<'_> {
    /// The phrase that reading stopped in.
    pub(super) fn top_phrase(&self) -> Option<TopPhrase> {
        let level = self.level();
        let is = |at: &usize, words: &[&str]| self.tokens.get(*at).is_some_and(|token| token.is_one_of(words));
        let from = level.iter().rposition(|at| is(at, &["and", "or", "not", "where", "have"]));
        let clause = level.get(from.map_or(0, |at| at + 1)..)?;
        let number = |at: usize| self.tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Number);
        let top = clause.iter().copied().rfind(|at| is(at, TOP) && number(*at))?;
        let by = clause.iter().any(|at| *at > top && is(at, &["by"]));
        Some(TopPhrase { at: top, by })
    }

    /// Behind the number of `top 10%` whose word is the token `at`.
    fn behind_number(&self, at: usize) -> usize {
        let percent = self.tokens.get(at + 2).is_some_and(|sign| sign.text == "%");
        at + 2 + usize::from(percent)
    }
}

/// `top 10 customers by spend`, `top 10% of customers by spend`, `top 10% of spend`, `top 10% spend`
pub(super) fn words_for_by(scene: &Scene<'_>) -> Option<Mistake> {
    let top = scene.top_phrase().filter(|top| !top.by && scene.behind_number(top.at) == scene.at)?;
    let here = scene.here()?;
    let head = scene.slice(scene.bytes(top.at, scene.at));
    let is = |at: usize, word: &str| scene.tokens.get(at).is_some_and(|token| token.is_word(word));
    let words = (scene.at..scene.at + 5).take_while(|at| {
        scene.tokens.get(*at).is_some_and(|token| token.kind == Kind::Word && !token.is_one_of(&["and", "or", "by"]))
    });
    let by = scene.at + words.count();
    if by > scene.at && is(by, "by") {
        let found = scene.bytes(scene.at, by);
        let message = format!("`by` follows `{head}` at once, found `{}`", scene.slice(found.clone()));
        let help = format!(
            "the {} of some subjects only are `{head} by spend among (in vip)`",
            TOP_OF[usize::from(!is(top.at, "top"))]
        );
        let edits = vec![Edit::replace(scene.with_space_before(found.clone()), "")];
        let title = format!("remove `{}`", scene.slice(found.clone()));
        return Some(Mistake::new(Code::Syntax, found, message).help(help).fix(title, edits));
    }
    if here.is_one_of(FOREIGN_BY) && scene.behind(1).is_some_and(|next| is_name(next) || next.text == "(") {
        let message = format!("what `{head}` is of stands behind `by`, found `{}`", here.text);
        return Some(Mistake::new(Code::Syntax, here.range(), message).write("by"));
    }
    if !is_name(here) && here.text != "(" {
        return None;
    }
    let message = format!("`by` is missing behind `{head}`");
    let edits = vec![Edit::insert(here.start, "by ")];
    Some(Mistake::new(Code::Syntax, scene.bytes(top.at, scene.at), message).fix("write `by` behind it", edits))
}

const TOP_OF: [&str; 2] = ["highest", "lowest"];

/// `top ten by spend`, `top by spend`, `top(10) by spend`, `top spend 10%`
pub(super) fn number_of_top(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    let before = scene.before(1)?;
    if before.is_one_of(TOP) && here.is_word("by") {
        let message = format!("`{}` needs how many: a number or a share", before.text);
        let help = format!("write `{0} 100 by …` or `{0} 10% by …`", before.text);
        let end = scene.clause_end(scene.at, &["and", "or"]);
        let repair = vec![Edit::replace(before.start..scene.bytes(scene.at, end).end, HOLE)];
        return Some(Mistake::new(Code::Syntax, before.range(), message).help(help).repair(repair));
    }
    if let Some(top) = scene.before(1).filter(|token| token.is_one_of(TOP))
        && let Some(count) = number_word(here)
    {
        let message = format!("a number is written in digits: `{} {count}`", top.text);
        return Some(Mistake::new(Code::NumberForm, here.range(), message).write(count));
    }
    if before.is_one_of(TOP) && is_name(here) && scene.behind(1).is_some_and(|next| next.kind == Kind::Number) {
        let end = scene.at + 2 + usize::from(scene.behind(2).is_some_and(|sign| sign.text == "%"));
        let count = scene.slice(scene.bytes(scene.at + 1, end));
        let range = before.start..scene.bytes(scene.at, end).end;
        let ours = format!("{} {count} by {}", before.text, here.text);
        let message = format!("the number of `{}` stands before its value", before.text);
        return Some(Mistake::new(Code::ClauseOrder, range, message).write(&ours));
    }
    here.is_word("by").then_some(())?;
    let close = scene.at.checked_sub(1).filter(|_| before.text == ")")?;
    let open = scene.opening(close).filter(|open| TOP.contains(&scene.owner(*open).as_str()))?;
    let number = scene.tokens.get(open + 1).filter(|token| token.kind == Kind::Number)?;
    let inside = scene.slice(scene.bytes(open + 1, close));
    let word = scene.tokens.get(open.checked_sub(1)?)?;
    let message = format!("the number of `{}` takes no brackets", word.text);
    let edits = vec![Edit::replace(word.end()..before.end(), format!(" {inside}"))];
    Some(Mistake::new(Code::Syntax, number.range(), message).fix("remove the brackets", edits))
}

fn number_word(token: &Token<'_>) -> Option<&'static str> {
    Some(match word_of(Some(token)).as_str() {
        "one" => "1",
        "three" => "3",
        "five" | "lima" => "5",
        "ten" | "sepuluh" => "10",
        "twenty" => "20",
        "fifty" => "50",
        "hundred" | "seratus" => "100",
        "thousand" | "seribu" => "1000",
        _ => return None,
    })
}

/// `highest 10% by spend`, `lowest 100 by visits`, `the top 10% by spend`
pub(super) fn words_for_top(scene: &Scene<'_>) -> Option<Mistake> {
    let word = scene.before(1)?;
    if word.is_word("the") && scene.here().is_some_and(|here| here.is_one_of(TOP)) {
        let message = "`the` is left out before `top` and `bottom`";
        let edits = vec![Edit::replace(word.start..scene.here()?.start, "")];
        return Some(Mistake::new(Code::Syntax, word.range(), message).fix("remove it", edits));
    }
    scene.here().filter(|token| token.kind == Kind::Number)?;
    let ours = match word_of(Some(word)).as_str() {
        "highest" | "best" | "largest" | "biggest" | "greatest" | "first" | "teratas" | "tertinggi" => "top",
        "lowest" | "worst" | "smallest" | "least" | "last" | "terbawah" | "terendah" => "bottom",
        _ => return None,
    };
    let by = scene.behind_number(scene.at - 1);
    scene.tokens.get(by).filter(|token| token.is_word("by"))?;
    let message = format!("`{}` is written `{ours}`", word.text);
    Some(Mistake::new(Code::ForeignWord, word.range(), message).write(ours))
}

/// `in top 10% by spend`, `spend in top 10%`, `spend is in top 10%`
pub(super) fn in_top(scene: &Scene<'_>) -> Option<Mistake> {
    let is = |at: usize, words: &[&str]| scene.tokens.get(at).is_some_and(|token| token.is_one_of(words));
    let near = [Some(scene.at), scene.at.checked_sub(1), Some(scene.at + 1), Some(scene.at + 2)];
    let top = near.into_iter().flatten().find(|at| is(*at, TOP))?;
    scene.tokens.get(top + 1).filter(|token| token.kind == Kind::Number)?;
    let the = top.checked_sub(1).filter(|at| is(*at, &["the"]));
    let preposition =
        the.unwrap_or(top).checked_sub(1).filter(|at| is(*at, &["in", "within", "among"]) && *at <= scene.at)?;
    let mut first = preposition;
    let mut not = false;
    while let Some(before) = first.checked_sub(1).filter(|at| is(*at, &["is", "not"])) {
        not |= is(before, &["not"]);
        first = before;
    }
    let found = scene.bytes(preposition, top);
    let head = scene.bytes(top, scene.behind_number(top));
    let has_by = is(scene.behind_number(top), &["by"]);
    let value = first
        .checked_sub(1)
        .filter(|at| scene.tokens.get(*at).is_some_and(|token| ends_value(token) && is_name(token)));
    let Some(last) = value else {
        let next = scene.tokens.get(top)?.start;
        let message = format!("`{}` stands by itself, without `{}`", scene.slice(head), scene.slice(found.clone()));
        let edits = vec![Edit::replace(found.start..next, "")];
        return Some(Mistake::new(Code::Syntax, found, message).fix("remove it", edits));
    };
    let mut start = last;
    while start >= 2 && scene.tokens.get(start - 1).is_some_and(|token| token.kind == Kind::Dot) {
        start -= 2;
    }
    let value = scene.slice(scene.bytes(start, last + 1));
    let not = if not { "not " } else { "" };
    let head_text = scene.slice(head.clone());
    let ours = if has_by { format!("{not}{head_text}") } else { format!("{not}{head_text} by {value}") };
    let range = scene.bytes(start, top).start..head.end;
    let message = format!("`{head_text}` is asked by itself, with its value behind `by`");
    Some(Mistake::new(Code::Syntax, range, message).write(&ours))
}

/// `… order by spend desc limit 100`, `… limit 100`
pub(super) fn order_and_limit(scene: &Scene<'_>) -> Option<Mistake> {
    let is = |at: usize, words: &[&str]| scene.tokens.get(at).is_some_and(|token| token.is_one_of(words));
    let order = [Some(scene.at), scene.at.checked_sub(1)].into_iter().flatten().find(|at| is(*at, &["order", "sort"]));
    let order = order.filter(|at| is(at + 1, &["by"]));
    let limit = [Some(scene.at), scene.at.checked_sub(1)].into_iter().flatten().find(|at| is(*at, &["limit"]));
    let start = order.or(limit.filter(|at| scene.tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Number)))?;
    let value_before = start.checked_sub(1).and_then(|at| scene.tokens.get(at)).is_some_and(ends_value);
    let message = "who is found has no order, and no limit; the first so many are asked for by `top` and `bottom`";
    let end = scene.clause_end(start, &[]);
    let limit = (start..end).find(|at| is(*at, &["limit"]));
    let direction = (start..end).find(|at| is(*at, &["asc", "desc"]));
    let count = limit.and_then(|at| scene.tokens.get(at + 1)).filter(|token| token.kind == Kind::Number);
    let whole = scene.bytes(start, end);
    let mistake = Mistake::new(Code::ForeignWord, whole.clone(), message);
    if let (Some(order), Some(count), Some(limit)) = (order, count, limit) {
        let value = scene.slice(scene.bytes(order + 2, direction.unwrap_or(limit)));
        let word = if direction.is_some_and(|at| is(at, &["desc"])) { "top" } else { "bottom" };
        let and = if value_before { "and " } else { "" };
        if !value.is_empty() && !value.contains(',') && limit + 2 == end {
            return Some(mistake.write(&format!("{and}{word} {} by {value}", count.text)));
        }
    }
    let repair = match value_before {
        true => Edit::replace(scene.with_space_before(whole), ""),
        false => Edit::replace(whole, HOLE),
    };
    Some(mistake.help("write `top 100 by spend`, say, joined by `and` to other conditions").repair(vec![repair]))
}
