//! Sequences, by trying all choices of rows.

use std::rc::Rc;

use kohort::syntax::ast::{Duration, Sequence, Step, Unit};

use super::super::mutants::Mutant;
use super::Oracle;
use super::eval::{Earlier, Scope};
use super::order::is_later;
use super::tables::{Row, Table};
use super::time::{self, DAY};

/// The rows of a subject that a step may take, or must not find, its filter not asked yet.
struct Tried<'s> {
    step: &'s Step,
    table: Rc<Table>,
    rows: Vec<Row>,
}

/// A row chosen for a step.
struct Chosen {
    step: usize,
    row: Row,
}

impl Oracle<'_> {
    /// Whether some choice of rows, one for each step that is not `never`, fulfils everything.
    pub fn has_sequence(&self, sequence: &Sequence, scope: Scope<'_>) -> bool {
        let Scope::Subject { kind, key } = scope else { panic!("only a subject has sequences") };
        assert!(sequence.steps.first().is_some_and(|step| !step.never && step.within.is_none()), "a first row");
        let tried = sequence.steps.iter().map(|step| self.tried(sequence, step, kind, key));
        self.some_choice(sequence, &tried.collect::<Vec<_>>(), &mut Vec::new())
    }

    fn tried<'s>(&self, sequence: &Sequence, step: &'s Step, kind: &str, key: &[super::Value]) -> Tried<'s> {
        let table = self.table(&step.rows.table.text, kind);
        assert!(table.timed, "{} has no time", table.name);
        self.note_unfit(table.unfit);
        let own = step.rows.window.as_ref();
        let held = !step.never || self.is(Mutant::TotalWindowHoldsForbidden);
        let total = sequence.window.as_ref().filter(|_| held && !self.is(Mutant::TotalWindowIgnored));
        let bounds: Vec<_> = own.into_iter().chain(total).map(|window| self.calendar.bounds(window)).collect();
        let inside = |row: &Row| row.time.is_some_and(|time| bounds.iter().all(|bounds| bounds.contain(time)));
        let mine = table.rows.iter().filter(|row| row.keys[kind].as_deref() == Some(key));
        let rows = mine.filter(|row| inside(row)).cloned().collect();
        Tried { step, table, rows }
    }

    /// Tries every row for the next step that takes one, each later than the one before.
    fn some_choice(&self, sequence: &Sequence, tried: &[Tried<'_>], chosen: &mut Vec<Chosen>) -> bool {
        let from = chosen.last().map_or(0, |last| last.step + 1);
        let Some(step) = (from..tried.len()).find(|step| !tried[*step].step.never) else {
            return self.is_fulfilled(sequence, tried, chosen);
        };
        let earlier = named(tried, chosen.iter());
        for row in &tried[step].rows {
            let behind = |last: &Chosen| self.follows((&tried[step].table, row), (&tried[last.step].table, &last.row));
            if !chosen.last().is_none_or(behind) || !self.passes(&tried[step], row, &earlier) {
                continue;
            }
            chosen.push(Chosen { step, row: row.clone() });
            if self.some_choice(sequence, tried, chosen) {
                return true;
            }
            chosen.pop();
            if self.is(Mutant::EarliestRowOnly) {
                return false;
            }
        }
        false
    }

    fn passes(&self, tried: &Tried<'_>, row: &Row, earlier: &Earlier) -> bool {
        let scope = Scope::Row { table: &tried.table, row, earlier };
        let holds = |filter| self.eval(filter, scope, self.nothing_pushed()).as_truth() == Some(true);
        tried.step.rows.filter.as_ref().is_none_or(holds)
    }

    /// Whether a row is later than another, or what a mutant takes for it.
    fn follows(&self, a: (&Table, &Row), b: (&Table, &Row)) -> bool {
        let (at, than) = (a.1.time, b.1.time);
        if self.is(Mutant::EqualTimesNeverFollow) {
            return at > than;
        }
        if self.is(Mutant::EqualTimesFollow) {
            return at > than || (at == than && (a.0.base != b.0.base || a.1.position != b.1.position));
        }
        if self.is(Mutant::FollowsWithinOneTableOnly) {
            return at > than || (a.0.name == b.0.name && a.1.position > b.1.position);
        }
        is_later(a, b) || (self.is(Mutant::OneRowTwice) && a.0.base == b.0.base && a.1.position == b.1.position)
    }

    /// Whether a complete choice keeps its periods and finds nothing forbidden.
    fn is_fulfilled(&self, sequence: &Sequence, tried: &[Tried<'_>], chosen: &[Chosen]) -> bool {
        let in_time = chosen.windows(2).all(|pair| {
            let from = if self.is(Mutant::WithinFromFirst) { &chosen[0] } else { &pair[0] };
            self.is_within(&pair[1].row, &from.row, tried[pair[1].step].step)
        });
        let (first, last) = (&chosen[0].row, &chosen[chosen.len() - 1].row);
        let total = sequence.within.filter(|_| !self.is(Mutant::TotalWithinIgnored));
        let in_total = total.is_none_or(|within| last.time <= Some(self.after(first, within)));
        let nevers = (0..tried.len()).filter(|step| tried[*step].step.never);
        in_time && in_total && nevers.into_iter().all(|step| self.holds_never(step, tried, chosen))
    }

    fn is_within(&self, row: &Row, from: &Row, step: &Step) -> bool {
        let late = |end: i64| if self.is(Mutant::WithinIsOpen) { row.time >= Some(end) } else { row.time > Some(end) };
        !step.within.is_some_and(|within| late(self.after(from, within)))
    }

    /// The instant so long after a row, stepping the calendar for days and longer.
    fn after(&self, row: &Row, span: Duration) -> i64 {
        let at = row.time.expect("rows of a table with time have one");
        let there = time::step_instant(self.calendar.zone, at, span, false);
        let is_calendar = !matches!(span.unit, Unit::Minute | Unit::Hour);
        if is_calendar && self.is(Mutant::StepsOf24Hours) { at + (there - at + DAY / 2) / DAY * DAY } else { there }
    }

    /// Whether a `never` finds no row behind the row chosen before it: in its period, which must have passed; else before
    /// the row chosen next; else up to T.
    fn holds_never(&self, step: usize, tried: &[Tried<'_>], chosen: &[Chosen]) -> bool {
        let forbidden = &tried[step];
        let before: Vec<&Chosen> = chosen.iter().filter(|one| one.step < step).collect();
        let last = before[before.len() - 1];
        let next = chosen.iter().find(|one| one.step > step);
        let next = next.filter(|_| !self.is(Mutant::NeverReachesT));
        let end = forbidden.step.within.map(|within| self.after(&last.row, within));
        if end.is_some_and(|end| end > self.calendar.now && !self.is(Mutant::NeverBeforeItsEnd)) {
            return false;
        }
        let earlier = named(tried, chosen.iter().filter(|one| one.step < step));
        let is_found = |row: &Row| {
            let row = (&*forbidden.table, row);
            let in_reach = match (end, next) {
                (Some(end), next) => {
                    let stops = next.filter(|_| self.is(Mutant::NeverEndsAtNextRow));
                    row.1.time <= Some(end) && stops.is_none_or(|next| row.1.time < next.row.time)
                }
                (None, Some(next)) => self.follows((&tried[next.step].table, &next.row), row),
                (None, None) => true,
            };
            in_reach && self.follows(row, (&tried[last.step].table, &last.row))
        };
        !forbidden.rows.iter().any(|row| is_found(row) && self.passes(forbidden, row, &earlier))
    }
}

/// The chosen rows that have names.
fn named<'c>(tried: &[Tried<'_>], chosen: impl Iterator<Item = &'c Chosen>) -> Earlier {
    let row = |one: &Chosen| {
        let name = tried[one.step].step.name.as_ref()?;
        Some((name.text.clone(), (Rc::clone(&tried[one.step].table), one.row.clone())))
    };
    chosen.filter_map(row).collect()
}
