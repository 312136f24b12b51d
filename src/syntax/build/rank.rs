//! Places among the subjects: `quintile(x among (…) per y)`.

use std::ops::Range;

use rust_decimal::prelude::ToPrimitive;

use super::Builder;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Literal, Population, RankFunction, Ranked};
use crate::syntax::draft::Edit;
use crate::syntax::grammar::{Pair, Rule};
use crate::syntax::scan::HOLE;
use crate::syntax::words::{foreign_tiles, is_foreign_rank};

/// The most tiles and scores.
const MOST: u32 = 1000;

const BEHIND: &str = "`among (…)` and `per …` stand behind the value, without a comma before them";

/// A value between brackets and commas.
pub(super) struct Argument {
    pub expr: Expr,
    /// Its bytes in the draft, brackets included.
    pub range: Range<usize>,
}

impl Builder<'_> {
    /// `quintile(x)`, `ntile(5, x among (…) per y)`.
    pub(super) fn rank(&mut self, pair: Pair<'_>, span: Span) -> ExprKind {
        let (mut name, mut arguments, mut population) = (None, Vec::new(), Population::default());
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::rank_name => name = Some(inner),
                Rule::condition => arguments.push(self.argument(inner)),
                _ => population = self.population(inner),
            }
        }
        let Some(name) = name else { return self.unread().kind };
        let function_span = self.span(&name);
        let word = name.as_str().trim_end().to_lowercase();
        let found = match whole_function(&word) {
            Some(function) => self.ranked_alone(function, &name, span, arguments),
            None => self.ranked_by_number(&word, span, arguments),
        };
        let Some((function, by)) = found else { return ExprKind::Error };
        ExprKind::Ranked(Box::new(Ranked { function, function_span, by, population }))
    }

    /// A value with its place.
    pub(super) fn argument(&mut self, pair: Pair<'_>) -> Argument {
        let range = trimmed(&pair);
        Argument { expr: self.condition(pair), range }
    }

    /// `quintile`, `decile` and `percent_rank`: the value and nothing else.
    fn ranked_alone(
        &mut self,
        function: RankFunction,
        name: &Pair<'_>,
        span: Span,
        mut arguments: Vec<Argument>,
    ) -> Option<(RankFunction, Expr)> {
        let word = function.word();
        if let [first, second] = arguments.as_slice()
            && (is_number(&first.expr) != is_number(&second.expr))
        {
            let number_first = is_number(&first.expr);
            let (number, value) = if number_first { (first, second) } else { (second, first) };
            let cut = match number_first {
                true => number.range.start..value.range.start,
                false => value.range.end..number.range.end,
            };
            let place = self.draft.place(number.range.clone());
            let count = tiles(&number.expr);
            let found = match (function, count) {
                (RankFunction::Tile(own), Some(count)) if own != count => {
                    let message = format!("`{word}` is {own} tiles; {count} of them are `ntile({count}, …)`");
                    let named = name.as_span().start()..name.as_span().start() + word.len();
                    let mut edits = vec![Edit::replace(named, "ntile")];
                    if !number_first {
                        edits.push(Edit::insert(value.range.start, format!("{count}, ")));
                        edits.push(Edit::replace(cut, ""));
                    }
                    self.offer(Diagnostic::new(Code::BadArgument, place, message), "write `ntile`", edits);
                    RankFunction::Tile(count)
                }
                _ => {
                    let message = match function {
                        RankFunction::Tile(own) => {
                            format!("`{word}` is {own} tiles by itself and takes the value alone")
                        }
                        _ => format!("`{word}` takes the value alone"),
                    };
                    let diagnostic = Diagnostic::new(Code::BadArgument, place, message);
                    self.offer(diagnostic, "remove the number", vec![Edit::replace(cut, "")]);
                    function
                }
            };
            return arguments.into_iter().nth(usize::from(number_first)).map(|value| (found, value.expr));
        }
        if arguments.len() == 1 {
            return arguments.pop().map(|value| (function, value.expr));
        }
        let (message, help) = match arguments.len() {
            0 => {
                let help = format!("write `{word}(spend_365d)`, say");
                (format!("`{word}` lacks the value by which subjects are ordered"), help)
            }
            count => (format!("`{word}` takes one value, found {count}"), BEHIND.to_owned()),
        };
        self.report(Diagnostic::new(Code::BadArgument, span, message).help(help));
        None
    }

    /// `ntile` and `score`: how many, and the value.
    fn ranked_by_number(
        &mut self,
        word: &str,
        span: Span,
        mut arguments: Vec<Argument>,
    ) -> Option<(RankFunction, Expr)> {
        let what = if word == "score" { "scores" } else { "tiles" };
        let function = if word == "score" { RankFunction::Score } else { RankFunction::Tile };
        let form = format!("write `{word}(5, spend_365d)`, say");
        let (message, help) = match arguments.as_slice() {
            [number, value] if is_number(&value.expr) && !is_number(&number.expr) => {
                let (value, number) = (number, value);
                let message = format!("how many {what} there are stands first in `{word}(…)`");
                let diagnostic = Diagnostic::new(Code::BadArgument, self.draft.place(number.range.clone()), message);
                let edits = vec![
                    Edit::replace(value.range.clone(), self.written(&number.range)),
                    Edit::replace(number.range.clone(), self.written(&value.range)),
                ];
                self.offer(diagnostic, "change their places", edits);
                arguments.swap(0, 1);
                let count = self.tiles_of(word, what, arguments.first()?)?;
                return arguments.pop().map(|value| (function(count), value.expr));
            }
            [number, _] => {
                let count = self.tiles_of(word, what, number)?;
                return arguments.pop().map(|value| (function(count), value.expr));
            }
            [value] if !is_number(&value.expr) => {
                let message = format!("`{word}` lacks how many {what} there are");
                let diagnostic = Diagnostic::new(Code::BadArgument, span, message)
                    .help(format!("the number stands before the value: `{word}(5, …)` for five"));
                let edits = vec![Edit::insert(value.range.start, "5, ")];
                self.offer(diagnostic, format!("write `{word}(5, …)`"), edits);
                return arguments.pop().map(|value| (function(5), value.expr));
            }
            [] | [_] => (format!("`{word}` lacks the value by which subjects are ordered"), form),
            more => (format!("`{word}` takes a number and a value, found {} parts", more.len()), BEHIND.to_owned()),
        };
        self.report(Diagnostic::new(Code::BadArgument, span, message).help(help));
        None
    }

    /// A whole number of tiles; none: reported.
    fn tiles_of(&mut self, word: &str, what: &str, number: &Argument) -> Option<u32> {
        let count = tiles(&number.expr);
        let written = self.written(&number.range);
        if count.is_none() && number.expr.kind != ExprKind::Error && !written.contains(HOLE) {
            let message =
                format!("how many {what} `{word}` makes is a whole number from 1 to {MOST}, found `{written}`");
            let place = self.draft.place(number.range.clone());
            self.report(Diagnostic::new(Code::BadArgument, place, message));
        }
        count
    }

    /// `among (…) per …` behind what subjects are ordered by.
    pub(super) fn population(&mut self, pair: Pair<'_>) -> Population {
        let mut population = Population::default();
        let mut per_at = None;
        for part in pair.into_inner() {
            let range = trimmed(&part);
            let place = self.draft.place(range.clone());
            if part.as_rule() == Rule::per {
                let Some(value) = part.into_inner().find(|inner| inner.as_rule() == Rule::sum) else { continue };
                let value = self.sum(value);
                if population.per.is_some() {
                    let message = "`per` is written twice; subjects are put into groups by one value";
                    self.report(Diagnostic::new(Code::ClauseOrder, place, message).help(PER_ONE));
                } else {
                    population.per = Some(value);
                    per_at = Some(range.start);
                }
                continue;
            }
            let condition = part.into_inner().find(|inner| matches!(inner.as_rule(), Rule::condition | Rule::group));
            let Some(condition) = condition else { continue };
            if !in_brackets(condition.clone()) {
                let inside = trimmed(&condition);
                let message = "the condition of `among` stands in brackets";
                let diagnostic = Diagnostic::new(Code::Syntax, self.draft.place(inside.clone()), message);
                let edits = vec![Edit::insert(inside.start, "("), Edit::insert(inside.end, ")")];
                self.offer(diagnostic, "put it in brackets", edits);
            }
            let condition = match condition.as_rule() {
                Rule::group => self.primary(condition),
                _ => self.condition(condition),
            };
            if population.among.is_some() {
                let message = "`among` is written twice";
                let help = "join the two conditions with `and` inside one pair of brackets";
                self.report(Diagnostic::new(Code::ClauseOrder, place, message).help(help));
                continue;
            }
            population.among = Some(condition);
            if let Some(per_at) = per_at {
                let moved = format!("{} ", self.written(&range));
                let before = self.draft.text().get(..range.start).unwrap_or("").trim_end().len();
                let edits = vec![Edit::insert(per_at, moved), Edit::replace(before..range.end, "")];
                let diagnostic = Diagnostic::new(Code::ClauseOrder, place, "`among (…)` stands before `per`");
                self.offer(diagnostic, "move it before `per`", edits);
            }
        }
        population
    }

    /// `quartile(x)`, `rank(x)`, `row_number()`: what other languages call a place among all. Whether it was one.
    pub(super) fn foreign_rank(&mut self, name: &Pair<'_>, arguments: &[Argument]) -> Option<ExprKind> {
        let start = name.as_span().start();
        let written = name.as_str().trim_end();
        let word = written.to_lowercase();
        let place = self.span(name);
        if let (Some(count), [value]) = (foreign_tiles(&word), arguments) {
            let message = format!("`{written}(x)` is written `ntile({count}, x)`");
            let edits = vec![
                Edit::replace(start..start + written.len(), "ntile"),
                Edit::insert(value.range.start, format!("{count}, ")),
            ];
            let diagnostic = Diagnostic::new(Code::ForeignWord, place, message);
            self.offer(diagnostic, format!("write `ntile({count}, …)`"), edits);
            let by = value.expr.clone();
            let function = RankFunction::Tile(count);
            let population = Population::default();
            return Some(ExprKind::Ranked(Box::new(Ranked { function, function_span: place, by, population })));
        }
        if let ("top" | "bottom" | "topn" | "bottomn", [first, second]) = (word.as_str(), arguments) {
            return self.top_as_call(&word, name, first, second);
        }
        let help = is_foreign_rank(&word)?;
        let message = format!("there is no `{written}(…)` here");
        self.report(Diagnostic::new(Code::ForeignWord, place, message).help(help));
        Some(ExprKind::Error)
    }

    /// The text of a range of the draft.
    pub(super) fn written(&self, range: &Range<usize>) -> String {
        self.draft.text().get(range.clone()).unwrap_or("").to_owned()
    }
}

const PER_ONE: &str = "for groups of two values, define an attribute that has a value for each pair of them";

/// The function that a word is by itself.
fn whole_function(word: &str) -> Option<RankFunction> {
    Some(match word {
        "quintile" => RankFunction::Tile(5),
        "decile" => RankFunction::Tile(10),
        "percent_rank" => RankFunction::PercentRank,
        _ => return None,
    })
}

/// A number written out, of whatever size.
pub(super) fn is_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(Literal::Number(_) | Literal::Percent(_)) => true,
        ExprKind::Negate(inner) => is_number(inner),
        _ => false,
    }
}

/// A number of tiles that there can be.
fn tiles(expr: &Expr) -> Option<u32> {
    let ExprKind::Literal(Literal::Number(number)) = &expr.kind else { return None };
    let count = number.to_u32().filter(|_| number.fract().is_zero())?;
    (1..=MOST).contains(&count).then_some(count)
}

/// Whether all of a condition stands in one pair of brackets.
fn in_brackets(pair: Pair<'_>) -> bool {
    let mut pair = pair;
    loop {
        if pair.as_rule() == Rule::group {
            return true;
        }
        let mut parts = pair.into_inner();
        match (parts.next(), parts.next()) {
            (Some(only), None) => pair = only,
            _ => return false,
        }
    }
}

/// The bytes of a node without the spaces that may trail it.
pub(super) fn trimmed(pair: &Pair<'_>) -> Range<usize> {
    let start = pair.as_span().start();
    start..start + pair.as_str().trim_end().len()
}
