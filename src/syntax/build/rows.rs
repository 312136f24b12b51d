//! Aggregates, quantifiers and windows: everything about rows.

use rust_decimal::Decimal;

use super::Builder;
use super::value::is_window_word;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    Aggregate, AggregateFunction, Expr, ExprKind, Ident, Period, Population, Quantified, Quantifier, RankFunction,
    Ranked, Rows, RowsOf, Window,
};
use crate::syntax::draft::Edit;
use crate::syntax::grammar::{Pair, Rule};
use crate::syntax::scan::scan;

impl Builder<'_> {
    /// `sum(value of sales)`, `count(sales)`, `percentile(90, value of sales)`, and without a table those of a group;
    /// a percentile with `among` or `per` is one over subjects.
    pub(super) fn aggregate(&mut self, pair: Pair<'_>) -> ExprKind {
        let mut name = None;
        let (mut percent, mut distinct, mut argument) = (None, None, None);
        let mut rows = RowsOf::Group { filter: None };
        let mut population = Population::default();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::count_name | Rule::aggregate_name | Rule::percentile_name => {
                    name = Some((inner.as_str().trim_end().to_lowercase(), self.span(&inner)));
                }
                Rule::number => percent = self.decimal(&inner),
                Rule::percent => percent = self.percent_of_percentile(&inner),
                Rule::distinct => distinct = Some(self.span(&inner)),
                Rule::condition => argument = Some(self.condition(inner)),
                Rule::rows => match self.rows(inner) {
                    Some(of) => rows = RowsOf::Table(of),
                    None => return self.unread().kind,
                },
                Rule::group_filter => {
                    let filter = inner.into_inner().find(|part| part.as_rule() == Rule::condition);
                    rows = RowsOf::Group { filter: filter.map(|filter| self.condition(filter)) };
                }
                Rule::population => population = self.population(inner),
                _ => {}
            }
        }
        let Some((word, function_span)) = name else { return self.unread().kind };
        let function = match (aggregate_function(&word), percent) {
            (Some(function), _) => function,
            (None, Some(percent)) => AggregateFunction::Percentile(percent),
            (None, None) => return ExprKind::Error, // its number has been reported
        };
        if let (AggregateFunction::Percentile(percent), true) = (function, population != Population::default()) {
            return self.percentile_of_subjects(percent, function_span, argument, population);
        }
        let counted = function == AggregateFunction::Count;
        if let (Some(place), false) = (distinct, counted) {
            let message = format!("`distinct` goes with `count` only, found it in `{word}(…)`");
            self.report(Diagnostic::new(Code::BadArgument, place, message).fix("leave it out", ""));
        }
        let distinct = distinct.is_some() && counted;
        ExprKind::Aggregate(Box::new(Aggregate { function, function_span, distinct, argument, rows }))
    }

    /// `percentile(90%, x)`: the number is of hundredths already.
    fn percent_of_percentile(&mut self, pair: &Pair<'_>) -> Option<Decimal> {
        let number = self.decimal(pair)?;
        let written = pair.as_str().trim_end();
        let start = pair.as_span().start();
        let sign = start + written.len() - "%".len()..start + written.len();
        let message = format!("the number of a percentile is written without `%`, found `{written}`");
        let diagnostic = Diagnostic::new(Code::BadArgument, self.span(pair), message);
        self.offer(diagnostic, "remove the sign", vec![Edit::replace(sign, "")]);
        Some(number)
    }

    /// `percentile(90, x among (…) per y)`
    fn percentile_of_subjects(
        &mut self,
        percent: Decimal,
        function_span: Span,
        by: Option<Expr>,
        population: Population,
    ) -> ExprKind {
        let Some(by) = by else { return self.unread().kind };
        if percent > Decimal::ONE_HUNDRED {
            let message = "a percentile is between 0 and 100";
            self.report(Diagnostic::new(Code::BadArgument, function_span, message));
            return ExprKind::Error;
        }
        let function = RankFunction::Percentile(percent);
        ExprKind::Ranked(Box::new(Ranked { function, function_span, by, population }))
    }

    /// `any(…)`, `none(…)`, `every(… have …)`.
    pub(super) fn quantified(&mut self, pair: Pair<'_>, span: Span) -> ExprKind {
        let (mut quantifier, mut rows, mut have) = (Quantifier::Any, None, None);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::quantifier => quantifier = quantifier_of(inner.as_str()),
                Rule::rows => rows = self.rows(inner),
                Rule::have => {
                    let start = inner.as_span().start();
                    let word = start..start + "have".len();
                    let condition = inner.into_inner().find(|part| part.as_rule() == Rule::condition);
                    have = condition.map(|condition| (word, self.condition(condition)));
                }
                _ => {}
            }
        }
        let Some(mut rows) = rows else { return self.unread().kind };
        match (have.take(), quantifier) {
            (None, Quantifier::Every) => {
                let message = format!("`every` needs `have` and what each row of `{}` must fulfil", rows.table.text);
                let help = "write `every(t where … have …)`: `where` chooses the rows, `have` is tested on each";
                self.report(Diagnostic::new(Code::ClauseOrder, span, message).help(help));
                return ExprKind::Error;
            }
            (Some((word, condition)), Quantifier::Any | Quantifier::None) => {
                let ours = if rows.filter.is_some() { "and" } else { "where" };
                let message = format!("`have` goes with `every` only; here it is `{ours}`");
                let place = self.draft.place(word.clone());
                let diagnostic = Diagnostic::new(Code::ClauseOrder, place, message);
                self.offer(diagnostic, format!("write `{ours}`"), vec![Edit::replace(word, ours)]);
                let span = condition.span;
                let filter = match rows.filter.take() {
                    Some(filter) => Expr { span: filter.span.to(span), kind: ExprKind::And(vec![filter, condition]) },
                    None => condition,
                };
                rows.filter = Some(filter);
                have = None;
            }
            (found, _) => have = found,
        }
        let have = have.map(|(_, condition)| condition);
        ExprKind::Quantified(Box::new(Quantified { quantifier, rows, have }))
    }

    /// A table, perhaps a window, perhaps a filter.
    fn rows(&mut self, pair: Pair<'_>) -> Option<Rows> {
        self.named_rows(pair).map(|(rows, _)| rows)
    }

    /// The rows of a step, and how later steps call the one that is matched.
    pub(super) fn named_rows(&mut self, pair: Pair<'_>) -> Option<(Rows, Option<Ident>)> {
        let (mut table, mut name, mut window, mut filter) = (None, None, None, None);
        for inner in pair.into_inner() {
            let end = inner.as_span().start() + inner.as_str().trim_end().len();
            match inner.as_rule() {
                Rule::plain_name | Rule::quoted_name => table = Some((self.ident(&inner), end)),
                Rule::named => {
                    let called = inner.into_inner().last();
                    name = called.map(|called| (self.ident(&called), end));
                }
                Rule::condition => filter = Some((self.condition(inner), end)),
                Rule::kw_where => {}
                rule if is_window_word(rule) => {}
                _ => window = self.optional_window(Some(inner)),
            }
        }
        let (table, table_end) = table?;
        let clauses = name.as_ref().map_or(table_end, |(_, end)| *end);
        let filter = filter.map(|(mut filter, end)| {
            if window.is_none() {
                window = self.window_behind_filter(&mut filter, clauses, end);
            }
            filter
        });
        Some((Rows { table, window, filter }, name.map(|(name, _)| name)))
    }

    /// `where paid over 90d`: a column takes no window, so it is the window of the rows, written behind their filter.
    fn window_behind_filter(&mut self, filter: &mut Expr, clauses: usize, filter_end: usize) -> Option<Window> {
        let last = last_operand(filter);
        let ExprKind::Windowed { metric, .. } = &last.kind else { return None };
        let ExprKind::Name(path) = &metric.kind else { return None };
        if path.parts.len() != 1 || self.draft.place(0..filter_end).end != last.span.end {
            return None;
        }
        let start = last_window_start(self.draft.text().get(..filter_end)?)?;
        let range = start..filter_end;
        let written = self.draft.text().get(range.clone())?.to_owned();
        let message = format!("the window `{}` must stand before `where`", written.trim());
        let diagnostic = Diagnostic::new(Code::ClauseOrder, self.draft.place(range.clone()), message);
        let spaced = self.draft.text().get(..start)?.trim_end().len()..filter_end;
        let edits = vec![Edit::insert(clauses, format!(" {}", written.trim())), Edit::replace(spaced, "")];
        self.offer(diagnostic, "move it before `where`", edits);
        take_window(filter)
    }

    /// One window; none when it has been reported as unreadable.
    pub(super) fn window(&mut self, pair: Pair<'_>) -> Option<Window> {
        match pair.as_rule() {
            Rule::since => Some(Window::Absolute { from: Some(self.first_moment(pair)?), to: None }),
            Rule::until => Some(Window::Absolute { from: None, to: Some(self.first_moment(pair)?) }),
            Rule::between_days => {
                let mut ends = pair.into_inner().filter(|inner| inner.as_rule() == Rule::moment);
                let (from, to) = (ends.next()?, ends.next()?);
                let (from, to) = (self.time_point(&from), self.time_point(&to));
                Some(Window::Absolute { from: Some(from?), to: Some(to?) })
            }
            Rule::previous => pair.into_inner().find_map(|inner| match inner.as_rule() {
                Rule::duration => Some(self.duration(inner).map(Window::Previous)),
                Rule::to_date_word | Rule::kw_today => Some(Some(Window::PreviousToDate(period_of(inner.as_str())))),
                _ => None,
            })?,
            Rule::to_date => named_period(pair).map(Window::ToDate),
            Rule::last_period => named_period(pair).map(Window::Last),
            _ => {
                let durations = pair.into_inner().filter(|inner| inner.as_rule() == Rule::duration);
                let lengths: Vec<_> = durations.map(|inner| self.duration(inner)).collect();
                match lengths.as_slice() {
                    [length] => length.map(Window::Rolling),
                    [length, ago] => Some(Window::Ending { length: (*length)?, ago: (*ago)? }),
                    _ => None,
                }
            }
        }
    }
}

/// The operand that ends a condition as written.
fn last_operand(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::And(parts) | ExprKind::Or(parts) => parts.last().map_or(expr, last_operand),
        ExprKind::Not(inner) => last_operand(inner),
        ExprKind::Compare { right, ignoring_case: false, .. } => last_operand(right),
        _ => expr,
    }
}

/// Takes the window off the operand that ends a condition.
fn take_window(expr: &mut Expr) -> Option<Window> {
    match &mut expr.kind {
        ExprKind::And(parts) | ExprKind::Or(parts) => parts.last_mut().and_then(take_window),
        ExprKind::Not(inner) => take_window(inner),
        ExprKind::Compare { right, ignoring_case: false, .. } => take_window(right),
        ExprKind::Windowed { .. } => {
            let ExprKind::Windowed { metric, window } = std::mem::replace(&mut expr.kind, ExprKind::Error) else {
                return None;
            };
            *expr = *metric;
            Some(window)
        }
        _ => None,
    }
}

/// Where the window at the end of a text starts.
fn last_window_start(text: &str) -> Option<usize> {
    let tokens = scan(text);
    let at = tokens.iter().rposition(|token| token.is_one_of(&["over", "since", "until"]))?;
    let over = at.checked_sub(1).and_then(|before| tokens.get(before)).filter(|before| before.is_word("over"));
    over.or(tokens.get(at)).map(|token| token.start)
}

fn named_period(pair: Pair<'_>) -> Option<Period> {
    pair.into_inner().find(|inner| !matches!(inner.as_rule(), Rule::kw_this | Rule::kw_last)).map(|word| {
        // `over this week`, `over wtd`, `over today`, `over yesterday`
        period_of(word.as_str())
    })
}

fn period_of(word: &str) -> Period {
    match word.trim_end().to_lowercase().as_str() {
        "week" | "wtd" => Period::Week,
        "month" | "mtd" => Period::Month,
        "quarter" | "qtd" => Period::Quarter,
        "year" | "ytd" => Period::Year,
        _ => Period::Day,
    }
}

fn quantifier_of(word: &str) -> Quantifier {
    match word.trim_end().to_lowercase().as_str() {
        "none" => Quantifier::None,
        "every" => Quantifier::Every,
        _ => Quantifier::Any,
    }
}

/// The function of a word; none for `percentile`, which carries its number.
fn aggregate_function(word: &str) -> Option<AggregateFunction> {
    Some(match word {
        "count" => AggregateFunction::Count,
        "sum" => AggregateFunction::Sum,
        "avg" => AggregateFunction::Avg,
        "min" => AggregateFunction::Min,
        "max" => AggregateFunction::Max,
        "median" => AggregateFunction::Median,
        "stddev" => AggregateFunction::Stddev,
        "first" => AggregateFunction::First,
        "last" => AggregateFunction::Last,
        "mode" => AggregateFunction::Mode,
        "mode_share" => AggregateFunction::ModeShare,
        _ => return None,
    })
}
