//! When rows cross the ends of windows.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use chrono::{Datelike, NaiveDate, TimeDelta};
use datafusion::arrow::array::Array;

use super::clock::Clockwork;
use super::follow::Followed;
use super::held::{HeldFeature, HeldRows};
use super::replay::Replay;
use super::search::{Stretch, turns};
use crate::engine::kernel::calendar::{Calendar, End, shift_date};
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::Result;
use crate::ir::{Node, NodeId, Sequence, SequenceId, Type, Window};
use crate::syntax::ast::{Direction, Duration};

/// For each subject the instants after T, and up to the horizon, at which something of it may change that some leaves, moved as it
/// is said how, rest on: one of its rows crosses an end of a window, or turns in a filter; the time of a `never` is over; its rank is another; a day comes
/// near, or a year is over. Ascending, each once.
pub(super) fn of(
    replay: &Replay,
    leaves: &[NodeId],
    followed: &Followed,
    subjects: usize,
    horizon: i64,
) -> Result<Vec<Vec<i64>>> {
    let mut found = vec![Vec::new(); subjects];
    for leaf in leaves {
        match replay.ir.node(*leaf) {
            Node::Feature(id) => {
                let held = replay.rows.iter().find_map(|rows| Some((rows, rows.feature(*id)?)));
                let Some(held) = held else { continue };
                if let Some(window) = replay.ir.feature(*id).window.as_ref().filter(|window| window.moves()) {
                    of_window(replay, held, window, horizon, &mut found);
                }
                if let (Some(filter), (rows, feature)) = (followed.filters.get(id), held) {
                    of_filter(
                        &replay.of_rows(&feature.parts),
                        |subject| rows.of(subject),
                        filter,
                        horizon,
                        &mut found,
                    )?;
                }
            }
            Node::Sequence(id) => {
                of_sequence(replay, *id, horizon, &mut found);
                let Some(held) = &replay.sequences else { continue };
                for ((_, place), filter) in followed.steps.range((*id, 0)..=(*id, usize::MAX)) {
                    let of_rows = replay.of_rows(&held.parts(*id, *place));
                    of_filter(&of_rows, |subject| held.of(subject), filter, horizon, &mut found)?;
                }
            }
            Node::Rank(..) => of_rank(replay, *leaf, &mut found),
            _ => {}
        }
    }
    of_anniversaries(replay, &followed.clockwork.anniversaries, horizon, &mut found)?;
    of_births(replay, &followed.clockwork.births, horizon, &mut found)?;
    for instants in &mut found {
        instants.retain(|at| replay.calendar.now() < *at && *at <= horizon);
        instants.sort_unstable();
        instants.dedup();
    }
    Ok(found)
}

fn of_rank(replay: &Replay, rank: NodeId, found: &mut [Vec<i64>]) {
    let Some(standing) = replay.standings.get(&rank) else { return };
    for (subject, instants) in found.iter_mut().enumerate() {
        instants.extend(standing.changes(subject));
    }
}

fn of_window(
    replay: &Replay,
    (rows, feature): (&HeldRows, &HeldFeature),
    window: &Window,
    horizon: i64,
    found: &mut [Vec<i64>],
) {
    let mut crossing = Crossing::of(&replay.calendar, window, horizon);
    for (subject, instants) in found.iter_mut().enumerate() {
        for row in rows.of(subject).filter(|row| feature.passes(*row)) {
            instants.extend(crossing.of_row(rows.time(row)));
        }
    }
}

/// When rows, of which each subject has some, begin or cease to pass a filter that reads the clock.
fn of_filter(
    replay: &Replay,
    rows: impl Fn(usize) -> Range<usize>,
    filter: &Clockwork,
    horizon: i64,
    found: &mut [Vec<i64>],
) -> Result<()> {
    let start = replay.calendar.now();
    let mut ends = if filter.offsets { replay.calendar.offset_changes(horizon) } else { Vec::new() };
    ends.push(horizon);
    let mut stretches = Vec::new();
    let mut owners = Vec::new();
    for subject in 0..found.len() {
        for row in rows(subject) {
            owners.push((row, subject));
            let mut first = start;
            for end in &ends {
                let row = row as u32;
                let last = end - i64::from(*end < horizon);
                stretches.push(Stretch { subject: row, first, last });
                // A day may begin just when the offset changes.
                stretches.push(Stretch { subject: row, first: last, last: *end });
                first = *end;
            }
        }
    }
    // Rows stand by subject: so do their numbers.
    for (row, instant) in turns(replay, &filter.turning, &stretches)? {
        let owner = owners.binary_search_by_key(&(row as usize), |(row, _)| *row);
        if let Some((_, subject)) = owner.ok().and_then(|at| owners.get(at)) {
            found[*subject].push(instant);
        }
    }
    Ok(())
}

/// The midnights around which anniversaries of each subject's dates come near enough, or are far enough again.
fn of_anniversaries(
    replay: &Replay,
    anniversaries: &BTreeSet<(NodeId, Direction, Duration)>,
    horizon: i64,
    found: &mut [Vec<i64>],
) -> Result<()> {
    let calendar = &replay.calendar;
    for (value, direction, span) in anniversaries {
        let away = match direction {
            Direction::Next => -i64::from(span.count),
            Direction::Last => i64::from(span.count),
        };
        of_every_year((replay, *value), horizon, found, |date, year| {
            let on = NaiveDate::from_ymd_opt(year, date.month(), date.day().min(28));
            // Months differ by three days, and 29 to 31 may be meant: these days around are enough.
            let middles = [on, on.and_then(|on| shift_date(on, away, span.unit))];
            let days =
                |middle: NaiveDate| (-4..=8).filter_map(move |days| middle.checked_add_signed(TimeDelta::days(days)));
            middles.into_iter().flatten().flat_map(days).map(|day| calendar.day_start(day)).collect()
        })?;
    }
    Ok(())
}

/// The midnights at which who was born on some date completes a year.
fn of_births(replay: &Replay, births: &BTreeSet<NodeId>, horizon: i64, found: &mut [Vec<i64>]) -> Result<()> {
    for born in births {
        of_every_year((replay, *born), horizon, found, |date, year| {
            let on = date.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1));
            on.into_iter().map(|day| replay.calendar.day_start(day)).collect()
        })?;
    }
    Ok(())
}

/// Adds to each subject's instants what a date of its own makes of every year from before T to after the horizon.
fn of_every_year(
    (replay, date): (&Replay, NodeId),
    horizon: i64,
    found: &mut [Vec<i64>],
    instants: impl Fn(NaiveDate, i32) -> Vec<i64>,
) -> Result<()> {
    let calendar = &replay.calendar;
    let Some(dates) = replay.still.get(&date) else { return Ok(()) };
    let Column::Date(dates) = Column::from_array(Type::Date, dates)? else { return Ok(()) };
    let years = calendar.today().year() - 1..=calendar.local_date(horizon).year() + 1;
    for (subject, own) in found.iter_mut().enumerate() {
        let Some(date) = dates.is_valid(subject).then(|| dates.value_as_date(subject)).flatten() else { continue };
        own.extend(years.clone().flat_map(|year| instants(date, year)));
    }
    Ok(())
}

fn of_sequence(replay: &Replay, id: SequenceId, horizon: i64, found: &mut [Vec<i64>]) {
    let Some(held) = &replay.sequences else { return };
    let Sequence { steps, window, .. } = replay.ir.sequence(id);
    let calendar = &replay.calendar;
    let times = held.times();
    for (place, step) in steps.iter().enumerate() {
        let Some(mask) = held.mask(id, place) else { continue };
        let windows = [window, &step.window].into_iter().flatten().filter(|window| window.moves());
        let mut crossings: Vec<Crossing<'_>> = windows.map(|window| Crossing::of(calendar, window, horizon)).collect();
        // A `never` is sure when its time is over, counted from the row matched before it.
        let over = steps.iter().filter(|step| step.never).filter_map(|step| step.within);
        let over: Vec<_> = over.filter(|_| !step.never).collect();
        for (subject, instants) in found.iter_mut().enumerate() {
            for row in held.of(subject).filter(|row| mask.is_valid(*row) && mask.value(*row)) {
                let time = times.get(row).copied().unwrap_or(i64::MIN);
                crossings.iter_mut().for_each(|crossing| instants.extend(crossing.of_row(time)));
                let ends = over.iter().filter_map(|d| calendar.shift_instant(time, d.count.into(), d.unit));
                instants.extend(ends.filter(|at| calendar.now() < *at && *at <= horizon));
            }
        }
    }
}

/// When rows cross the ends of one window.
struct Crossing<'a> {
    calendar: &'a Calendar,
    window: &'a Window,
    horizon: i64,
    known: HashMap<i64, [Option<i64>; 2]>,
}

impl<'a> Crossing<'a> {
    fn of(calendar: &'a Calendar, window: &'a Window, horizon: i64) -> Self {
        Crossing { calendar, window, horizon, known: HashMap::new() }
    }

    /// Of a row that happened at an instant.
    fn of_row(&mut self, time: i64) -> impl Iterator<Item = i64> + use<> {
        let (calendar, window, horizon) = (self.calendar, self.window, self.horizon);
        let both = *self
            .known
            .entry(time)
            .or_insert_with(|| [End::After, End::Until].map(|end| calendar.reaches((window, end), time, horizon)));
        both.into_iter().flatten()
    }
}
