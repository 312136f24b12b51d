//! Ranks that are nearly right: what belongs inside their brackets, and how other languages write them.

use std::ops::Range;

use super::scene::word_of;
use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::scan::{HOLE, Kind, Token};
use crate::syntax::words::{RANKS, foreign_tiles, is_foreign_rank, is_reserved};

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
    if scene.open_bracket().is_some_and(|open| scene.owner(open) == "sample") {
        let message = format!("a sample is taken of all subjects, without `{}`", here.text);
        let help = "a condition is joined by `and`: `in vip and sample(10%, 'holdout')`";
        return Some(Mistake::new(Code::BadArgument, clause, message).help(help).repair(vec![cut]));
    }
    let close = scene.at.checked_sub(1).filter(|at| scene.tokens.get(*at).is_some_and(|token| token.text == ")"));
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
            let value = start.checked_sub(1).and_then(|at| scene.tokens.get(at)).is_some_and(super::scene::ends_value);
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
        super::scene::compares(token) || token.is_one_of(&["is", "in", "not", "between", "contains", "like", "within"])
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
        false => {
            ("`by` takes one value; equal ones are in the order of their keys", "add the values up with weights, say")
        }
    };
    let repair = vec![Edit::replace(here.start..scene.bytes(scene.at, end).end, "")];
    Some(Mistake::new(Code::BadArgument, next.range(), message).help(help).repair(repair))
}

/// `quintile(value of sales)`: what is ranked is one value for each subject.
pub(super) fn rows_in_rank(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.is_word("of") && scene.in_rank())?;
    let clause = scene.bytes(scene.at, scene.clause_end(scene.at, &["among", "per"]));
    let open = scene.open_bracket()?;
    let value = scene.slice(scene.tokens.get(open)?.end()..here.start);
    let value = value.rsplit(',').next().unwrap_or(value).trim();
    let message = "a rank is of one value for each subject, not of rows";
    let help = format!(
        "rank a metric, or an aggregate: `{}(sum({value} {}))`",
        scene.owner(open),
        scene.slice(clause.clone())
    );
    let repair = vec![Edit::replace(scene.with_space_before(clause.clone()), "")];
    Some(Mistake::new(Code::ClauseOrder, clause, message).help(help).repair(repair))
}

/// `percentile(spend, 90)`
pub(super) fn percentile_turned(scene: &Scene<'_>) -> Option<Mistake> {
    let open = scene.at.checked_sub(1).filter(|open| scene.owner(*open) == "percentile")?;
    scene.here().filter(|token| is_name(token))?;
    let comma = scene.clause_end(scene.at, &["among", "per", "where", "of"]);
    scene.tokens.get(comma).filter(|token| token.kind == Kind::Comma)?;
    let number = scene.tokens.get(comma + 1).filter(|token| token.kind == Kind::Number)?;
    let value = scene.bytes(open + 1, comma);
    let message = "the number of a percentile stands first";
    let edits = vec![Edit::replace(value.clone(), number.text), Edit::replace(number.range(), scene.slice(value))];
    Some(Mistake::new(Code::BadArgument, number.range(), message).fix("change their places", edits))
}

/// `quintile spend`, `sample 10%`
pub(super) fn rank_without_brackets(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    let word = scene.before(1)?;
    if word.is_word("sample") && here.kind == Kind::Number {
        let end = scene.at + 1 + usize::from(scene.behind(1).is_some_and(|sign| sign.text == "%"));
        let share = scene.bytes(scene.at, end);
        let message = "a sample takes brackets, with its share and a salt";
        let ours = format!("(({}%, 'holdout')", here.text).replacen('(', "", 1);
        let edits = vec![Edit::replace(word.end()..share.end, ours.clone())];
        let mistake = Mistake::new(Code::Syntax, word.start..share.end, message);
        return Some(mistake.fix(format!("write `sample{ours}`"), edits));
    }
    let alone = word.is_one_of(&["quintile", "decile", "percent_rank"]);
    if !(alone || word.is_one_of(&["ntile"])) || !(is_name(here) || here.kind == Kind::Number) {
        return None;
    }
    let message = format!("`{}` takes brackets", word.text);
    let mistake = Mistake::new(Code::Syntax, word.range(), message);
    if alone && is_name(here) {
        let value = scene.bytes(scene.at, scene.value_end(scene.at));
        let edits = vec![Edit::replace(word.end()..value.start, "("), Edit::insert(value.end, ")")];
        return Some(mistake.fix(format!("write `{}({})`", word.text, scene.slice(value)), edits));
    }
    let end = scene.clause_end(scene.at, &["and", "or"]);
    let end = (scene.at..end).find(|at| scene.tokens.get(*at).is_some_and(super::scene::compares)).unwrap_or(end);
    let repair = vec![Edit::replace(word.start..scene.bytes(scene.at, end).end, HOLE)];
    Some(mistake.help("its form is `ntile(5, spend)`").repair(repair))
}

/// `quintile(spend desc)`, `top 10% by spend desc`
pub(super) fn direction_of_order(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| scene.after_value() && token.kind == Kind::Word)?;
    let down = here.is_one_of(&["desc", "descending"]);
    if !down && !here.is_one_of(&["asc", "ascending"]) {
        return None;
    }
    let cut = Edit::replace(scene.with_space_before(here.range()), "");
    if scene.in_rank() {
        let message = "a rank ascends: 1 is the lowest";
        let mistake = Mistake::new(Code::ForeignWord, here.range(), message);
        return Some(match down {
            true => mistake.help("the highest of five is 5: compare with that").repair(vec![cut]),
            false => mistake.fix(format!("remove `{}`", here.text), vec![cut]),
        });
    }
    let top = scene.top_phrase()?;
    let word = scene.tokens.get(top.at)?;
    let fits = word.is_word("top") == down;
    let message = match word.is_word("top") {
        true => format!("`top` is the highest by itself, found `{}`", here.text),
        false => format!("`bottom` is the lowest by itself, found `{}`", here.text),
    };
    let mistake = Mistake::new(Code::ForeignWord, here.range(), message);
    if fits {
        return Some(mistake.fix(format!("remove `{}`", here.text), vec![cut]));
    }
    let ours = if word.is_word("top") { "bottom" } else { "top" };
    let edits = vec![Edit::replace(word.range(), ours), cut];
    Some(mistake.fix(format!("write `{ours}` without it"), edits))
}

impl<'s> Scene<'s> {
    /// Whether the bracket is one that `among` and `per` can stand in.
    fn takes_population(&self, open: usize) -> bool {
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
        while let Some(word) = self.tokens.get(end).filter(|token| token.is_one_of(&["among", "per"])) {
            let next = match self.tokens.get(end + 1) {
                Some(open) if open.text == "(" => self.closing(end + 1).map_or(self.tokens.len(), |close| close + 1),
                Some(_) if word.is_word("among") => self.test_end(end + 1).min(self.clause_end(end + 1, &["per"])),
                _ => self.value_end(end + 1),
            };
            end = next.max(end + 1).min(self.tokens.len());
        }
        end
    }

    /// The same with `among` in brackets.
    fn population_text(&self, from: usize, to: usize) -> String {
        let text = self.slice(self.bytes(from, to)).to_owned();
        let bare = self.tokens.get(from).is_some_and(|token| token.is_word("among"))
            && self.tokens.get(from + 1).is_some_and(|token| token.text != "(");
        if !bare {
            return text;
        }
        let end = self.clause_end(from + 1, &["per"]).min(to);
        let rest = self.slice(self.bytes(end, to));
        format!("among {} {rest}", self.bracketed(from + 1, end)).trim_end().to_owned()
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

pub(super) fn is_name(token: &Token<'_>) -> bool {
    token.kind == Kind::Quoted || (token.kind == Kind::Word && !is_reserved(token.text))
}

/// `ntile(4) over (partition by region order by spend)`
pub(super) fn window_function(scene: &Scene<'_>) -> Option<Mistake> {
    scene.here().filter(|token| token.is_word("over"))?;
    scene.behind(1).filter(|token| token.text == "(")?;
    let args_close =
        scene.at.checked_sub(1).filter(|at| scene.tokens.get(*at).is_some_and(|token| token.text == ")"))?;
    let args_open = scene.opening(args_close)?;
    let word = scene.owner(args_open);
    let known = RANKS.contains(&word.as_str()) || foreign_tiles(&word).is_some() || is_foreign_rank(&word).is_some();
    known.then_some(())?;
    let close = scene.closing(scene.at + 1)?;
    let clause = scene.bytes(scene.at, close + 1);
    let over = Over::read(scene, scene.at + 2, close);
    let function = args_open.checked_sub(1)?;
    let arguments = scene.slice(scene.bytes(args_open + 1, args_close));
    let row_number = (word == "row_number").then(|| over.first_so_many(scene, close + 1)).flatten();
    let (end, ours) = match (row_number, over.rank(&word, arguments)) {
        (Some((end, ours)), _) => (end, Some(ours)),
        (None, ours) => (close + 1, ours),
    };
    let whole = scene.bytes(function, end);
    let message = "`over (…)` is no part of a rank here: the value, and `per` for groups, stand inside its brackets";
    let mistake = Mistake::new(Code::ForeignWord, clause, message);
    match ours {
        Some(ours) => {
            let edits = vec![Edit::replace(whole, ours.clone())];
            Some(mistake.fix(format!("write `{ours}`"), edits))
        }
        None => {
            let help =
                is_foreign_rank(&word).unwrap_or("a rank ascends: 1 is the lowest, `ntile(5, spend per region)`");
            Some(mistake.help(help).repair(vec![Edit::replace(whole, HOLE)]))
        }
    }
}

/// What stands in the brackets of `over (…)`.
struct Over<'s> {
    partition: Option<&'s str>,
    order: Option<&'s str>,
    down: bool,
}

impl<'s> Over<'s> {
    fn read(scene: &Scene<'s>, from: usize, close: usize) -> Self {
        let find = |words: &[&str]| {
            (from..close).find(|at| {
                scene.tokens.get(*at).is_some_and(|token| token.is_one_of(words))
                    && scene.tokens.get(at + 1).is_some_and(|token| token.is_word("by"))
            })
        };
        let (partition, order) = (find(&["partition"]), find(&["order"]));
        let direction = (from..close)
            .find(|at| scene.tokens.get(*at).is_some_and(|token| token.is_one_of(&["asc", "desc", "nulls", "rows"])));
        let text = |range: Range<usize>| {
            let text = scene.slice(scene.bytes(range.start, range.end.max(range.start)));
            Some(text).filter(|text| !text.is_empty() && !text.contains(','))
        };
        Over {
            partition: partition.and_then(|at| text(at + 2..order.filter(|order| *order > at).unwrap_or(close))),
            order: order.and_then(|at| text(at + 2..direction.unwrap_or(close))),
            down: direction.is_some_and(|at| !scene.tokens.get(at).is_some_and(|token| token.is_word("asc"))),
        }
    }

    fn per(&self) -> String {
        self.partition.map_or(String::new(), |partition| format!(" per {partition}"))
    }

    /// The same rank in this language; none where it cannot be said for sure.
    fn rank(&self, word: &str, arguments: &str) -> Option<String> {
        let (order, per) = (self.order, self.per());
        if self.down || arguments.contains(',') && order.is_some() {
            return None;
        }
        Some(match (word, order) {
            ("ntile" | "score", Some(order)) => format!("{word}({arguments}, {order}{per})"),
            ("percent_rank", Some(order)) => format!("{word}({order}{per})"),
            (_, None) if RANKS.contains(&word) && !arguments.is_empty() => format!("{word}({arguments}{per})"),
            (_, None) if !arguments.is_empty() => format!("ntile({}, {arguments}{per})", foreign_tiles(word)?),
            _ => return None,
        })
    }

    /// `row_number() over (…) <= 10` is `top 10 by …`: where that ends, and how it is written.
    fn first_so_many(&self, scene: &Scene<'_>, at: usize) -> Option<(usize, String)> {
        scene.tokens.get(at).filter(|token| token.text == "<=")?;
        let count = scene.tokens.get(at + 1).filter(|token| token.kind == Kind::Number && !token.text.contains('.'))?;
        let word = if self.down { "top" } else { "bottom" };
        Some((at + 2, format!("{word} {} by {}{}", count.text, self.order?, self.per())))
    }
}
