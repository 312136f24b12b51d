//! Aggregates over the rows of one subject, or of one group.

use std::collections::BTreeMap;

use kohort::syntax::ast::{Aggregate, AggregateFunction, Expr, ExprKind, Path, Population, Rows, RowsOf};
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use super::super::mutants::Mutant;
use super::super::value::{Value, decimal, literal_number};
use super::eval::{Pushed, Scope};
use super::order::{self, Ordinal};
use super::tables::{Row, Table};
use super::{Oracle, number};

impl Oracle<'_> {
    /// The subject's rows of a table inside a window for which every filter is true, in row order.
    pub fn rows(&self, rows: &Rows, scope: Scope<'_>, pushed: &Pushed) -> Vec<Row> {
        let Scope::Subject { kind, key } = scope else { panic!("only a subject has rows") };
        assert!(rows.window.is_none() || pushed.window.is_none(), "an aggregate takes one window");
        let table = self.table(&rows.table.text, kind);
        self.note_unfit(table.unfit);
        let bounds = rows.window.as_ref().or(pushed.window.as_ref()).map(|window| self.calendar.bounds(window));
        assert!(bounds.is_none() || table.timed, "{} has no time", table.name);
        let in_window = |row: &Row| match (bounds, row.time) {
            (Some(bounds), Some(time)) => bounds.contain(time),
            _ => true,
        };
        let filters: Vec<_> = rows.filter.iter().chain(&pushed.filters).collect();
        filters.iter().for_each(|filter| self.note_columns(&table, filter));
        let holds = |row: &Row| filters.iter().all(|one| self.of_row(&table, row, one).as_truth() == Some(true));
        let nobodys = self.is(Mutant::AnonymousRowsToEverybody);
        let is_mine = |row: &&Row| row.keys[kind].as_deref().map_or(nobodys, |owner| owner == key);
        let mut mine: Vec<Row> = table.rows.iter().filter(is_mine).filter(|row| in_window(row)).cloned().collect();
        if self.is(Mutant::NumberedInWindow) {
            order::renumber(&mut mine, Ordinal::Number);
        }
        if self.is(Mutant::GapInWindow) {
            order::renumber(&mut mine, Ordinal::Gap);
        }
        mine.retain(holds);
        if self.is(Mutant::NumberedAfterWhere) {
            order::renumber(&mut mine, Ordinal::Number);
        }
        mine
    }

    /// An aggregate's value; its fit is noted.
    pub fn aggregate(&self, aggregate: &Aggregate, scope: Scope<'_>, pushed: &Pushed) -> Value {
        match (scope, &aggregate.rows) {
            (Scope::Subject { kind, .. }, RowsOf::Table(of)) => {
                let rows = self.rows(of, scope, pushed);
                self.reduced(aggregate, aggregate.argument.as_ref(), &self.table(&of.table.text, kind), &rows)
            }
            // Inside a grouping `count(x)` is about the column `x`.
            (Scope::Group { table, rows, .. }, RowsOf::Table(of)) => {
                assert!(of.window.is_none() && aggregate.argument.is_none(), "a group has no other rows");
                let path = Path { parts: vec![of.table.clone()] };
                let column = Expr { kind: ExprKind::Name(path), span: of.table.span };
                let column = Some(&column).filter(|_| !self.is(Mutant::GroupCountTakesUnknown));
                self.reduced(aggregate, column, table, &self.held(table, rows, of.filter.as_ref()))
            }
            (Scope::Group { table, rows, .. }, RowsOf::Group { filter }) => {
                let rows = self.held(table, rows, filter.as_ref());
                self.reduced(aggregate, aggregate.argument.as_ref(), table, &rows)
            }
            (Scope::Subject { kind, key }, RowsOf::Group { filter: None }) => {
                let AggregateFunction::Percentile(p) = aggregate.function else { panic!("no rows are named") };
                let by = aggregate.argument.as_ref().expect("a percentile is of something");
                self.percentile_of_subjects(&p, kind, key, by, &Population::default())
            }
            _ => panic!("aggregates are about subjects and groups"),
        }
    }

    /// Those rows of a group for which a filter is true.
    fn held(&self, table: &Table, rows: &[Row], filter: Option<&Expr>) -> Vec<Row> {
        let filter = filter.filter(|_| !self.is(Mutant::GroupWhereIgnored));
        let holds = |row: &&Row| filter.is_none_or(|one| self.of_row(table, row, one).as_truth() == Some(true));
        rows.iter().filter(holds).cloned().collect()
    }

    /// What these rows of a table come to.
    fn reduced(&self, aggregate: &Aggregate, argument: Option<&Expr>, table: &Table, rows: &[Row]) -> Value {
        let Some(argument) = argument else { return Value::int(rows.len()) };
        self.note_columns(table, argument);
        let all = rows.iter().map(|row| self.of_row(table, row, argument));
        let unknowns = match aggregate.function {
            AggregateFunction::Count => self.is(Mutant::CountTakesUnknown),
            AggregateFunction::Last => self.is(Mutant::LastTakesUnknown),
            _ => false,
        };
        let mut known: Vec<Value> = all.filter(|value| value.is_known() || unknowns).collect();
        if known.iter().any(number::is_elapsed) {
            // A sum of no durations among them is one too.
            let of_nothing = known.iter_mut().filter(|value| matches!(value, Value::Number(_)));
            of_nothing.for_each(|zero| *zero = Value::Elapsed(number::elapsed(zero)));
        }
        if aggregate.distinct {
            assert!(aggregate.function == AggregateFunction::Count, "only `count` takes `distinct`");
            known.sort();
            known.dedup();
        }
        let value = match aggregate.function {
            AggregateFunction::Count => Value::int(known.len()),
            AggregateFunction::Sum => self.sum(&known),
            AggregateFunction::Avg => match self.mean(&known).map(|mean| like(&known[0], mean)) {
                Some(Value::Elapsed(micros)) if self.is(Mutant::DurationsRounded) => Value::Elapsed(micros.round()),
                mean => mean.unwrap_or(Value::Unknown),
            },
            AggregateFunction::Min => known.iter().min().cloned().unwrap_or(Value::Unknown),
            AggregateFunction::Max => known.iter().max().cloned().unwrap_or(Value::Unknown),
            AggregateFunction::First => known.first().cloned().unwrap_or(Value::Unknown),
            AggregateFunction::Last => known.last().cloned().unwrap_or(Value::Unknown),
            AggregateFunction::Median => self.percentile(&known, &decimal(50, 0)),
            AggregateFunction::Percentile(p) => self.percentile(&known, &literal_number(&p)),
            AggregateFunction::Stddev => self.stddev(&known),
            AggregateFunction::Mode => self.mode(&known).map_or(Value::Unknown, |(value, _)| value),
            AggregateFunction::ModeShare => self
                .mode(&known)
                .map_or(Value::Unknown, |(_, times)| Value::Number(BigRational::new(times.into(), known.len().into()))),
        };
        // A mean rests on a sum, a deviation on a sum and a sum of squares.
        match aggregate.function {
            AggregateFunction::Avg => self.note_fit(&self.sum(&known)),
            AggregateFunction::Stddev => {
                let squares = self.amounts(&known).into_iter().map(|amount| &amount * &amount).sum();
                self.note_fit(&self.sum(&known));
                self.note_fit(&Value::Number(squares));
            }
            AggregateFunction::ModeShare => {}
            _ => self.note_fit(&value),
        }
        value
    }

    fn amounts(&self, known: &[Value]) -> Vec<BigRational> {
        let amount =
            |value: &Value| if number::is_elapsed(value) { number::elapsed(value) } else { self.number(value) };
        known.iter().map(amount).collect()
    }

    fn sum(&self, known: &[Value]) -> Value {
        let mut sum = self.amounts(known).into_iter().sum();
        if self.is(Mutant::SumWraps) {
            sum = number::wrapped(&sum);
        }
        let nothing = if self.is(Mutant::SumOfNothingUnknown) { Value::Unknown } else { Value::int(0) };
        known.first().map_or(nothing, |first| like(first, sum))
    }

    fn mean(&self, known: &[Value]) -> Option<BigRational> {
        let sum: BigRational = self.amounts(known).into_iter().sum();
        let mean = (!known.is_empty()).then(|| sum / decimal(known.len(), 0))?;
        Some(if self.is(Mutant::MeanTruncated) {
            (mean * decimal(1_000_000, 0)).trunc() / decimal(1_000_000, 0)
        } else {
            mean
        })
    }

    /// The sample deviation, as the root of the variance.
    fn stddev(&self, known: &[Value]) -> Value {
        let (Some(mean), true) = (self.mean(known), known.len() >= 2) else { return Value::Unknown };
        let squares = self.amounts(known).into_iter().map(|amount| (&amount - &mean) * (&amount - &mean));
        let over = known.len() - usize::from(!self.is(Mutant::DeviationOfPopulation));
        let variance = squares.sum::<BigRational>() / decimal(over, 0);
        if number::is_elapsed(&known[0]) { Value::ElapsedRoot(variance) } else { Value::Root(variance) }
    }

    /// Linear interpolation at rank p / 100 * (n - 1).
    pub fn percentile(&self, known: &[Value], p: &BigRational) -> Value {
        let mut amounts = self.amounts(known);
        amounts.sort();
        let Some(last) = amounts.len().checked_sub(1) else { return Value::Unknown };
        let rank = p / decimal(100, 0) * decimal(last, 0);
        let below = rank.floor().to_integer().to_usize().expect("a rank among the values");
        let share = &rank - decimal(below, 0);
        let low = &amounts[below];
        if share.is_zero() || self.is(Mutant::MedianIsLowerMiddle) {
            return like(&known[0], low.clone());
        }
        like(&known[0], low + share * (&amounts[below + 1] - low))
    }

    /// The most frequent value, of several the smallest, and how often it occurs.
    fn mode(&self, known: &[Value]) -> Option<(Value, usize)> {
        let mut times: BTreeMap<&Value, usize> = BTreeMap::new();
        for value in known {
            *times.entry(value).or_default() += 1;
        }
        let most = *times.values().max()?;
        let mut tied = times.into_iter().filter(|(_, count)| *count == most);
        let (value, count) = if self.is(Mutant::ModeTiesToGreatest) { tied.next_back()? } else { tied.next()? };
        Some((value.clone(), count))
    }
}

/// A number of the kind of `value`: a duration among durations.
fn like(value: &Value, number: BigRational) -> Value {
    if number::is_elapsed(value) { Value::Elapsed(number) } else { Value::Number(number) }
}
