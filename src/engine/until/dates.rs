//! When the day of a date comes near or has gone by, and when a year since a date is over: at few midnights, known beforehand.

use std::collections::{BTreeSet, HashMap};
use std::ops::{Range, RangeInclusive};

use chrono::{Datelike, NaiveDate, TimeDelta};
use datafusion::arrow::array::Array;

use super::clock::Clockwork;
use super::replay::Replay;
use crate::engine::kernel::calendar::{Calendar, shift_date};
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::Result;
use crate::ir::{NodeId, Type};
use crate::syntax::ast::{Direction, Duration};

/// Adds these midnights to those of subjects: of dates of what each subject has, its rows or itself.
pub(super) fn of_dates(
    replay: &Replay,
    rows: &dyn Fn(usize) -> Range<usize>,
    clockwork: &Clockwork,
    horizon: i64,
    found: &mut [Vec<i64>],
) -> Result<()> {
    let days = Days { calendar: &replay.calendar, horizon };
    for (value, direction, span) in &clockwork.anniversaries {
        // The year is ignored.
        let same = |date: NaiveDate| (date.month(), date.day());
        of_every((replay, *value), rows, found, same, |date| days.near(date, *direction, *span))?;
    }
    for born in &clockwork.births {
        of_every((replay, *born), rows, found, |date| date, |date| days.years_over(date))?;
    }
    Ok(())
}

/// Adds to each subject's instants what is made of each date that it has; of dates that are the same in something once.
fn of_every<K: Ord + std::hash::Hash + Copy>(
    (replay, date): (&Replay, NodeId),
    rows: &dyn Fn(usize) -> Range<usize>,
    found: &mut [Vec<i64>],
    same: impl Fn(NaiveDate) -> K,
    instants: impl Fn(NaiveDate) -> Vec<i64>,
) -> Result<()> {
    let Some(dates) = replay.still.get(&date) else { return Ok(()) };
    let Column::Date(dates) = Column::from_array(Type::Date, dates)? else { return Ok(()) };
    let mut known: HashMap<K, Vec<i64>> = HashMap::new();
    for (subject, own) in found.iter_mut().enumerate() {
        let mut seen = BTreeSet::new();
        for row in rows(subject).filter(|row| dates.is_valid(*row)) {
            let Some(date) = dates.value_as_date(row) else { continue };
            if seen.insert(same(date)) {
                own.extend_from_slice(known.entry(same(date)).or_insert_with(|| instants(date)));
            }
        }
    }
    Ok(())
}

/// Days from T to the horizon.
struct Days<'a> {
    calendar: &'a Calendar,
    horizon: i64,
}

impl Days<'_> {
    /// The midnights at which an anniversary of a date comes to be within some days, or ceases to be.
    fn near(&self, date: NaiveDate, direction: Direction, span: Duration) -> Vec<i64> {
        let away = match direction {
            Direction::Next => -i64::from(span.count),
            Direction::Last => i64::from(span.count),
        };
        let mut around = BTreeSet::new();
        for year in self.years() {
            let on = NaiveDate::from_ymd_opt(year, date.month(), date.day().min(28));
            // Months differ by three days, and 29 to 31 may be meant: these days around are enough.
            for middle in [on, on.and_then(|on| shift_date(on, away, span.unit))].into_iter().flatten() {
                around.extend((-4..=8).filter_map(|days| middle.checked_add_signed(TimeDelta::days(days))));
            }
        }
        let is_near = |midnight: i64| self.calendar.moved_to(midnight).within(date, true, direction, span);
        let turns = |day: &NaiveDate| {
            let midnight = self.calendar.day_start(*day);
            (is_near(midnight) != is_near(midnight - 1)).then_some(midnight)
        };
        around.iter().filter_map(turns).chain(self.jumps()).collect()
    }

    /// The midnights at which a year since a date is over.
    fn years_over(&self, date: NaiveDate) -> Vec<i64> {
        let on = |year| date.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1));
        self.years().filter_map(on).map(|day| self.calendar.day_start(day)).chain(self.jumps()).collect()
    }

    /// From one before T to one after the horizon.
    fn years(&self) -> RangeInclusive<i32> {
        self.calendar.today().year() - 1..=self.calendar.local_date(self.horizon).year() + 1
    }

    /// When the wall clock is moved to another day.
    fn jumps(&self) -> impl Iterator<Item = i64> {
        let is_jump = |at: &i64| self.calendar.local_date(at - 1) != self.calendar.local_date(*at);
        self.calendar.offset_changes(self.horizon).into_iter().filter(is_jump)
    }
}
