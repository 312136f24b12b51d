//! `among (…)` and `per …` that are nearly right: where they stand, and what other languages write for them.

use super::ranks::is_name;
use super::scene::{compares, ends_value, word_of};
use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::scan::{HOLE, Kind};
use crate::syntax::words::{RANKS, foreign_tiles, is_foreign_rank};

const HELP_AMONG: &str = "they stand in the brackets of a rank, `quintile(spend among (visits > 0) per region)`, and \
                          behind `top 10% by spend`";

/// `quintile(spend) among (visits > 0)`, `spend per month`
pub(super) fn population_outside(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.is_one_of(&["among", "per"]) && scene.after_value())?;
    let end = scene.population_end(scene.at);
    let clause = scene.bytes(scene.at, end);
    let cut = Edit::replace(scene.with_space_before(clause.clone()), "");
    if let Some(mistake) = foreign_rank_of_population(scene) {
        return Some(mistake);
    }
    if scene.open_bracket().is_some_and(|open| scene.owner(open) == "percentile") {
        let message = format!("this percentile is over rows, and `{}` is about subjects", here.text);
        let help = "rows are chosen by `where`; over subjects it is `percentile(90, spend among (visits > 0))`";
        return Some(Mistake::new(Code::ClauseOrder, clause, message).help(help).repair(vec![cut]));
    }
    let close = scene.at.checked_sub(1).filter(|at| scene.tokens.get(*at).is_some_and(|token| token.text == ")"));
    let behind_sample = close.and_then(|close| scene.opening(close)).is_some_and(|open| scene.owner(open) == "sample");
    if behind_sample || scene.open_bracket().is_some_and(|open| scene.owner(open) == "sample") {
        let message = format!("a sample is taken of all subjects, without `{}`", here.text);
        let help = "a condition is joined by `and`: `in vip and sample(10%, 'holdout')`";
        return Some(Mistake::new(Code::BadArgument, clause, message).help(help).repair(vec![cut]));
    }
    let rank = close.and_then(|close| scene.opening(close).zip(Some(close)));
    let Some((open, close)) = rank.filter(|(open, _)| scene.takes_population(*open)) else {
        let message = format!("`{}` belongs to a rank, and here is none", here.text);
        return Some(Mistake::new(Code::ClauseOrder, clause, message).help(HELP_AMONG).repair(vec![cut]));
    };
    let owner = scene.owner(open);
    let inside = scene.tokens.get(open + 1..close)?;
    if inside.iter().any(|token| token.is_word(here.text)) {
        let message = format!("`{owner}(…)` has its `{}` already", here.text);
        return Some(Mistake::new(Code::ClauseOrder, clause, message).help(HELP_AMONG).repair(vec![cut]));
    }
    let per = inside.iter().find(|token| token.is_word("per") && here.is_word("among"));
    let moved = scene.population_text(scene.at, end);
    let insert = match per {
        Some(per) => Edit::insert(per.start, format!("{moved} ")),
        None => Edit::insert(scene.tokens.get(close)?.start, format!(" {moved}")),
    };
    let message = format!("`{}` must stand inside the brackets of `{owner}(…)`", scene.slice(clause.clone()));
    Some(Mistake::new(Code::ClauseOrder, clause, message).fix("move it inside", vec![insert, cut]))
}

/// `quartile(spend among (visits > 0))`, `rank(spend per region)`
fn foreign_rank_of_population(scene: &Scene<'_>) -> Option<Mistake> {
    let open = scene.open_bracket()?;
    let owner = scene.tokens.get(open.checked_sub(1)?)?;
    let word = word_of(Some(owner));
    if let Some(count) = foreign_tiles(&word) {
        let message = format!("`{}(x)` is written `ntile({count}, x)`", owner.text);
        let edits = vec![Edit::replace(owner.start..scene.tokens.get(open)?.end(), format!("ntile({count}, "))];
        let mistake = Mistake::new(Code::ForeignWord, owner.range(), message);
        return Some(mistake.fix(format!("write `ntile({count}, …)`"), edits));
    }
    let help = is_foreign_rank(&word)?;
    let message = format!("there is no `{}(…)` here", owner.text);
    let close = scene.closing(open)?;
    let repair = vec![Edit::replace(scene.bytes(open - 1, close + 1), HOLE)];
    Some(Mistake::new(Code::ForeignWord, owner.range(), message).help(help).repair(repair))
}

/// `quintile(spend, among (visits > 0))`, `top 10% by spend, per region`
pub(super) fn comma_before_population(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.is_one_of(&["among", "per"])).or_else(|| {
        let next = scene.behind(1).filter(|token| token.is_one_of(&["among", "per"]));
        next.filter(|_| scene.here().is_some_and(|here| here.kind == Kind::Comma))
    })?;
    let comma = scene.before(1).filter(|token| token.kind == Kind::Comma).or(scene.here())?;
    if comma.kind != Kind::Comma || !(scene.in_rank() || scene.top_phrase().is_some()) {
        return None;
    }
    let message = format!("no comma stands before `{}`", here.text);
    let edits = vec![Edit::replace(comma.range(), "")];
    Some(Mistake::new(Code::Syntax, comma.range(), message).fix("remove it", edits))
}

/// `quintile(spend where visits > 0)`, `top 10% by spend where visits > 0`
pub(super) fn where_for_among(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.is_one_of(&["where", "if", "having"]) && scene.after_value())?;
    let has_among = scene.level().iter().any(|at| scene.tokens.get(*at).is_some_and(|token| token.is_word("among")));
    let rank = scene.in_rank();
    if has_among || !(rank || scene.top_phrase().is_some()) {
        return None;
    }
    let end = match rank {
        true => scene.clause_end(scene.at + 1, &["per", "among"]),
        false => scene.test_end(scene.at + 1).min(scene.clause_end(scene.at + 1, &["per"])),
    };
    let condition = scene.bytes(scene.at + 1, end);
    if condition.is_empty() {
        return None;
    }
    let message = format!("subjects are chosen by `among (…)`, found `{}`", here.text);
    let help = "the rows of a metric are chosen in square brackets: `spend[channel = 'web']`";
    let ours = format!("among {}", scene.bracketed(scene.at + 1, end));
    let edits = vec![Edit::replace(here.start..condition.end, ours)];
    Some(Mistake::new(Code::ClauseOrder, here.range(), message).help(help).fix("write `among (…)`", edits))
}

/// `top 10% by spend among visits > 0`, `quintile(spend among)`, `quintile(spend per)`, `top 10% by`
pub(super) fn population_unfinished(scene: &Scene<'_>) -> Option<Mistake> {
    let before = scene.before(1).filter(|token| token.is_one_of(&["among", "per", "by"]))?;
    let ends = scene.here().is_none_or(|here| {
        matches!(here.kind, Kind::Close | Kind::Comma) || here.is_one_of(&["and", "or", "among", "per", "by"])
    });
    if before.is_word("by") && !scene.top_phrase().is_some_and(|top| top.by) {
        return None;
    }
    if ends {
        let message = match before.is_word("among") {
            true => "`among` needs a condition in brackets".to_owned(),
            false => format!("nothing follows `{}`", before.text),
        };
        let hole = if before.is_word("among") { format!(" ({HOLE})") } else { format!(" {HOLE}") };
        return Some(
            Mistake::new(Code::Syntax, before.range(), message).repair(vec![Edit::insert(before.end(), hole)]),
        );
    }
    if !before.is_word("among") || scene.here().is_some_and(|here| here.text == "(") {
        return None;
    }
    let end = scene.test_end(scene.at).min(scene.clause_end(scene.at, &["per"]));
    let condition = scene.bytes(scene.at, end);
    let edits = vec![Edit::insert(condition.start, "("), Edit::insert(condition.end, ")")];
    let mistake = Mistake::new(Code::Syntax, condition, "the condition of `among` stands in brackets");
    Some(mistake.fix("put it in brackets", edits))
}

/// What other languages write for `per`.
const FOREIGN_PER: &[&[&str]] = &[
    &["partition", "by"],
    &["group", "by"],
    &["grouped", "by"],
    &["for", "each"],
    &["in", "each"],
    &["within", "each"],
    &["for", "every"],
    &["in", "every"],
    &["tiap"],
    &["setiap"],
    &["each"],
    &["by"],
];

/// `quintile(spend by region)`, `top 10% by spend for each region`
pub(super) fn foreign_per(scene: &Scene<'_>) -> Option<Mistake> {
    let rank = scene.in_rank();
    if !rank && !scene.top_phrase().is_some_and(|top| top.by) {
        return None;
    }
    let is = |at: usize, word: &str| scene.tokens.get(at).is_some_and(|token| token.is_word(word));
    for words in FOREIGN_PER {
        for back in 0..words.len() {
            let Some(start) = scene.at.checked_sub(back) else { continue };
            let end = start + words.len();
            let matches = words.iter().enumerate().all(|(nth, word)| is(start + nth, word));
            let value = start.checked_sub(1).and_then(|at| scene.tokens.get(at)).is_some_and(ends_value);
            if !matches || !value || !scene.tokens.get(end).is_some_and(is_name) {
                continue;
            }
            let range = scene.bytes(start, end);
            let message = format!("groups of subjects are told by `per`, found `{}`", scene.slice(range.clone()));
            return Some(Mistake::new(Code::ForeignWord, range, message).write("per"));
        }
    }
    None
}

/// `per region, city`, `top 10% by spend, visits`
pub(super) fn second_value(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.kind == Kind::Comma)?;
    let top = scene.top_phrase().is_some_and(|top| top.by);
    let next = scene.behind(1).filter(|next| is_name(next))?;
    let end = scene.value_end(scene.at + 1);
    let tested = scene.tokens.get(end).is_some_and(|token| {
        compares(token) || token.is_one_of(&["is", "in", "not", "between", "contains", "like", "within"])
    });
    if !(scene.in_rank() || top) || tested {
        return None;
    }
    let level = scene.level();
    let word =
        level.iter().rev().filter_map(|at| scene.tokens.get(*at)).find(|token| token.is_one_of(&["per", "by"]))?;
    let (message, help) = match word.is_word("per") {
        true => (
            "`per` takes one value; subjects are put into groups by it",
            "for groups of two values, define an attribute that has a value for each pair of them",
        ),
        false => (
            "`by` takes one value; equal ones are in the order of their keys",
            "one value can be made of several: `by spend / 100 + visits`, say",
        ),
    };
    let repair = vec![Edit::replace(here.start..scene.bytes(scene.at, end).end, "")];
    Some(Mistake::new(Code::BadArgument, next.range(), message).help(help).repair(repair))
}

impl<'s> Scene<'s> {
    /// Whether the bracket is one that `among` and `per` can stand in.
    pub(super) fn takes_population(&self, open: usize) -> bool {
        let owner = self.owner(open);
        let round = self.tokens.get(open).is_some_and(|token| token.text == "(");
        round && (RANKS.contains(&owner.as_str()) || (owner == "percentile" && !self.has_of(open)))
    }

    fn has_of(&self, open: usize) -> bool {
        let end = self.clause_end(open + 1, &["of"]);
        let behind_number = if self.tokens.get(end).is_some_and(|token| token.kind == Kind::Comma) {
            self.clause_end(end + 1, &["of"])
        } else {
            end
        };
        self.tokens.get(behind_number).is_some_and(|token| token.is_word("of"))
    }

    /// Whether reading stopped right inside the brackets of a rank.
    pub(super) fn in_rank(&self) -> bool {
        self.open_bracket().is_some_and(|open| self.takes_population(open))
    }

    /// Where `among (…) per x` ends that starts with the token `from`.
    fn population_end(&self, from: usize) -> usize {
        let mut end = from;
        while self.tokens.get(end).is_some_and(|token| token.is_one_of(&["among", "per"])) {
            end = self.part_end(end);
        }
        end
    }

    /// Where `among (…)` or `per x` ends that starts with the token `from`.
    fn part_end(&self, from: usize) -> usize {
        let next = match (self.tokens.get(from), self.tokens.get(from + 1)) {
            (_, Some(open)) if open.text == "(" => self.closing(from + 1).map_or(self.tokens.len(), |close| close + 1),
            (Some(word), _) if word.is_word("among") => {
                self.test_end(from + 1).min(self.clause_end(from + 1, &["per"]))
            }
            _ => self.value_end(from + 1),
        };
        next.max(from + 1).min(self.tokens.len())
    }

    /// The same with the condition of `among` in brackets, and before `per`.
    fn population_text(&self, from: usize, to: usize) -> String {
        let mut parts = Vec::new();
        let mut at = from;
        while at < to {
            let next = self.part_end(at).min(to);
            let text = match self.tokens.get(at).is_some_and(|token| token.is_word("among")) {
                true => format!("among {}", self.bracketed(at + 1, next)),
                false => self.slice(self.bytes(at, next)).to_owned(),
            };
            parts.push(text);
            at = next.max(at + 1);
        }
        parts.sort_by_key(|part| !part.starts_with("among "));
        parts.join(" ")
    }

    /// The tokens in one pair of brackets.
    fn bracketed(&self, from: usize, to: usize) -> String {
        let text = self.slice(self.bytes(from, to));
        let whole = self.tokens.get(from).is_some_and(|token| token.text == "(")
            && self.closing(from).is_some_and(|close| close + 1 == to);
        if whole { text.to_owned() } else { format!("({text})") }
    }

    /// Where a value ends that starts with the token `from`: a name, a call, or brackets.
    pub(super) fn value_end(&self, from: usize) -> usize {
        let mut end = from;
        if self.tokens.get(end).is_some_and(|token| token.kind != Kind::Open) {
            end += 1;
        }
        while self.tokens.get(end).is_some_and(|token| token.kind == Kind::Dot) {
            end += 2;
        }
        while self.tokens.get(end).is_some_and(|token| token.kind == Kind::Open) {
            end = self.closing(end).map_or(self.tokens.len(), |close| close + 1);
        }
        end.min(self.tokens.len())
    }
}
