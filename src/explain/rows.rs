//! Rows of tables: which ones, what is counted of them, and in what order they come.

use super::model::{Clause, Link, NameKind, Phrase};
use super::names::Scope;
use super::say::Say;
use super::speaker::Speaker;
use crate::ir::{Moment, Type, Window};
use crate::syntax::ast::{Aggregate, AggregateFunction, Expr, Period, Rows, RowsOf, Sequence, Step};

/// Where the condition on rows stands in a sentence.
#[derive(Clone, Copy)]
pub(super) enum Aside {
    /// At its end: nothing follows that could be read with the condition.
    Behind,
    /// In brackets: the sentence goes on.
    Brackets,
}

impl Aside {
    fn say(self) -> Say {
        match self {
            Aside::Behind => Say::RowsWhere,
            Aside::Brackets => Say::Filtered,
        }
    }
}

impl<'a> Speaker<'a> {
    /// The rows of a table that are looked at: `sales over 90d where …`, perhaps with a name that later steps have for them.
    pub fn rows(&mut self, rows: &'a Rows, aside: Aside, called: Option<&str>) -> Phrase {
        let table = self.table(&rows.table.text);
        let windowed = match &rows.window {
            Some(window) => {
                let window = self.window(&crate::check::window_of(window));
                self.say(Say::Over, &[table, window])
            }
            None => table,
        };
        let windowed = match called {
            Some(name) => self.say(Say::CalledRow, &[windowed, Phrase::name(NameKind::Row, name, None)]),
            None => windowed,
        };
        match &rows.filter {
            Some(filter) => {
                self.fine.insert(Say::FineRows);
                let filter = self.inside(filter, Scope::Row(&rows.table.text));
                self.say(aside.say(), &[windowed, filter])
            }
            None => windowed,
        }
    }

    /// Which rows by time.
    pub fn window(&mut self, window: &Window) -> Phrase {
        let rolling = match self.names.catalog.windows {
            crate::catalog::model::WindowMode::Exact => Say::FineRolling,
            crate::catalog::model::WindowMode::Days => Say::FineRollingDays,
        };
        match window {
            Window::Rolling(length) => {
                self.fine.insert(rolling);
                Phrase::words(self.wording.rolling(*length))
            }
            Window::Previous(length) => {
                self.fine.insert(rolling);
                Phrase::words(self.wording.previous(*length))
            }
            Window::Ending { length, ago } => {
                self.fine.insert(rolling);
                Phrase::words(self.wording.ending(*length, *ago))
            }
            Window::ToDate(period) => self.exactly(Say::FineCalendar, this(*period), &[]),
            Window::Last(period) => self.exactly(Say::FineCalendar, last(*period), &[]),
            Window::PreviousToDate(period) => self.exactly(Say::FineCalendar, to_date(*period), &[]),
            Window::Absolute { from, to } => {
                self.fine.insert(Say::FineAbsolute);
                let ends = [from.map(|end| self.moment(end)), to.map(|end| self.moment(end))];
                match ends {
                    [Some(from), Some(to)] => self.say(Say::FromTo, &[from, to]),
                    [Some(from), None] => self.say(Say::Since, &[from]),
                    [None, Some(to)] => self.say(Say::Until, &[to]),
                    [None, None] => Phrase::default(),
                }
            }
        }
    }

    fn moment(&self, moment: Moment) -> Phrase {
        match moment {
            Moment::Day(day) => Phrase::constant(self.wording.day(day)),
            Moment::Local(local) => self.instant(&local),
            // Told in the project's zone, as every other time is.
            Moment::Instant(micros) => match chrono::DateTime::from_timestamp_micros(micros) {
                Some(instant) => self.instant_in_zone(instant),
                None => Phrase::default(),
            },
        }
    }

    /// What is counted of rows.
    pub fn aggregate(&mut self, aggregate: &'a Aggregate, scope: Scope<'a>) -> Phrase {
        if let (Scope::Subject(_), RowsOf::Group { .. }, AggregateFunction::Percentile(percent), Some(by)) =
            (scope, &aggregate.rows, aggregate.function, &aggregate.argument)
        {
            let population = self.say(Say::AmongKnown, &[]);
            self.fine.extend([Say::FineForAll, Say::FinePercentile]);
            let with = [self.value(by, scope), self.number(percent), population];
            return self.say(Say::PercentileOfAll, &with);
        }
        self.fine.insert(Say::FineEmpty);
        let inner = match (&aggregate.rows, scope) {
            (RowsOf::Table(rows), Scope::Group(_)) if aggregate.argument.is_none() => {
                // Inside a grouping `count(t)` is read as the column `t` of the group.
                let with = [Phrase::name(NameKind::Column, &rows.table.text, None), self.say(Say::OfGroup, &[])];
                return self.say(Say::CountKnown, &with);
            }
            (RowsOf::Table(rows), _) => Scope::Row(&rows.table.text),
            (RowsOf::Group { .. }, Scope::Group(derived)) => Scope::Row(&derived.from.text),
            (RowsOf::Group { .. }, _) => scope,
        };
        let argument = aggregate.argument.as_ref().map(|argument| self.value(argument, inner));
        let is_time = aggregate.argument.as_ref().and_then(|argument| self.type_of(argument, inner));
        let is_time = matches!(is_time, Some(Type::Date | Type::Instant));
        let rows = match &aggregate.rows {
            RowsOf::Table(rows) => self.rows(rows, Aside::Brackets, None),
            RowsOf::Group { filter } => {
                let group = self.say(Say::OfGroup, &[]);
                match filter {
                    Some(filter) => {
                        let filter = self.inside(filter, inner);
                        self.say(Say::Filtered, &[group, filter])
                    }
                    None => group,
                }
            }
        };
        let (say, percent) = aggregated(aggregate, is_time);
        self.fine.extend(fine_of(say));
        let percent = percent.map(|percent| self.number(percent)).unwrap_or_default();
        match argument {
            Some(argument) => self.say(say, &[argument, rows, percent]),
            None => self.say(Say::CountRows, &[rows]),
        }
    }

    /// Behaviour in an order, a step a line.
    pub fn sequence(&mut self, sequence: &'a Sequence) -> Clause {
        self.fine.insert(Say::FineSequence);
        let window = sequence.window.as_ref().map(|window| self.window(&crate::check::window_of(window)));
        let within = sequence.within.map(|within| Phrase::words(self.wording.within(within)));
        let phrase = match (window, within) {
            (None, None) => self.say(Say::InOrder, &[]),
            (Some(window), None) => self.say(Say::InOrderDuring, &[window]),
            (None, Some(within)) => self.say(Say::InOrderWithin, &[within]),
            (Some(window), Some(within)) => self.say(Say::InOrderDuringWithin, &[window, within]),
        };
        let outer = self.steps.len();
        let mut parts = Vec::with_capacity(sequence.steps.len());
        for (at, step) in sequence.steps.iter().enumerate() {
            parts.push(self.line(|speaker| speaker.step(step, at == 0)));
            if let Some(name) = &step.name {
                self.steps.push((&name.text, &step.rows.table.text));
            }
        }
        self.steps.truncate(outer);
        Clause { link: Link::Steps, phrase, parts }
    }

    fn step(&mut self, step: &'a Step, is_first: bool) -> Phrase {
        let rows = self.rows(&step.rows, Aside::Behind, step.name.as_ref().map(|name| name.text.as_str()));
        let within = step.within.map(|within| Phrase::words(self.wording.within(within)));
        match (step.never, within) {
            (false, _) if is_first => self.say(Say::FirstStep, &[rows]),
            (false, None) => self.say(Say::NextStep, &[rows]),
            (false, Some(within)) => self.say(Say::NextStepWithin, &[rows, within]),
            (true, None) => self.say(Say::NeverStep, &[rows]),
            (true, Some(within)) => self.say(Say::NeverStepWithin, &[rows, within]),
        }
    }

    /// A filter of a derived table, as the condition on its parent's rows.
    pub fn condition_on(&mut self, filter: &'a Expr, parent: &'a str) -> Phrase {
        self.inside(filter, Scope::Row(parent))
    }
}

/// What must be known of an aggregate, beside what it is.
fn fine_of(say: Say) -> Option<Say> {
    match say {
        Say::Percentile | Say::Median => Some(Say::FinePercentile),
        Say::First | Say::Last => Some(Say::FineFirst),
        Say::Mode => Some(Say::FineMode),
        Say::Stddev => Some(Say::FineDeviation),
        _ => None,
    }
}

/// How an aggregate is said, and the number of a percentile.
fn aggregated(aggregate: &Aggregate, is_time: bool) -> (Say, Option<rust_decimal::Decimal>) {
    let say = match aggregate.function {
        AggregateFunction::Count if aggregate.distinct => Say::CountDistinct,
        AggregateFunction::Count => Say::CountKnown,
        AggregateFunction::Sum => Say::Sum,
        AggregateFunction::Avg => Say::Avg,
        AggregateFunction::Min if is_time => Say::Earliest,
        AggregateFunction::Max if is_time => Say::Latest,
        AggregateFunction::Min => Say::Min,
        AggregateFunction::Max => Say::Max,
        AggregateFunction::Median => Say::Median,
        AggregateFunction::Stddev => Say::Stddev,
        AggregateFunction::First => Say::First,
        AggregateFunction::Last => Say::Last,
        AggregateFunction::Mode => Say::Mode,
        AggregateFunction::ModeShare => Say::ModeShare,
        AggregateFunction::Percentile(percent) => return (Say::Percentile, Some(percent)),
    };
    (say, None)
}

fn this(period: Period) -> Say {
    match period {
        Period::Day => Say::ThisDay,
        Period::Week => Say::ThisWeek,
        Period::Month => Say::ThisMonth,
        Period::Quarter => Say::ThisQuarter,
        Period::Year => Say::ThisYear,
    }
}

fn last(period: Period) -> Say {
    match period {
        Period::Day => Say::LastDay,
        Period::Week => Say::LastWeek,
        Period::Month => Say::LastMonth,
        Period::Quarter => Say::LastQuarter,
        Period::Year => Say::LastYear,
    }
}

fn to_date(period: Period) -> Say {
    match period {
        Period::Day => Say::ToDateDay,
        Period::Week => Say::ToDateWeek,
        Period::Month => Say::ToDateMonth,
        Period::Quarter => Say::ToDateQuarter,
        Period::Year => Say::ToDateYear,
    }
}
