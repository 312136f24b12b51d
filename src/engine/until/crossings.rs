//! When rows cross the ends of windows.

use std::collections::HashMap;
use std::ops::Range;

use datafusion::arrow::array::Array;

use super::dates::of_dates;
use super::follow::{Followed, OfRows};
use super::held::{HeldFeature, HeldRows};
use super::owners::Asking;
use super::replay::Replay;
use super::search::{Stretch, turns};
use crate::engine::kernel::calendar::{Calendar, End};
use crate::engine::kernel::error::Result;
use crate::ir::{Node, NodeId, Sequence, SequenceId, Window};

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
                if let (Some(of), (rows, feature)) = (followed.features.get(id), held) {
                    of_rows(&replay.of_rows(&feature.parts), |subject| rows.of(subject), of, horizon, &mut found)?;
                }
            }
            Node::Sequence(id) => {
                of_sequence(replay, *id, horizon, &mut found);
                let Some(held) = &replay.sequences else { continue };
                for ((_, place), of) in followed.steps.range((*id, 0)..=(*id, usize::MAX)) {
                    let Some(parts) = held.parts(*id, *place) else { continue };
                    of_rows(&replay.of_rows(parts), |subject| held.of(subject), of, horizon, &mut found)?;
                }
            }
            Node::Rank(..) => of_rank(replay, *leaf, &mut found),
            _ => {}
        }
    }
    of_dates(replay, &|subject| subject..subject + 1, &followed.clockwork, horizon, &mut found)?;
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

/// When rows, of which each subject has some, are others in what is asked of them.
fn of_rows(
    replay: &Replay,
    rows: impl Fn(usize) -> Range<usize>,
    of: &OfRows,
    horizon: i64,
    found: &mut [Vec<i64>],
) -> Result<()> {
    let start = replay.calendar.now();
    let clockwork = &of.clockwork;
    let asking: Vec<Asking<'_>> = of.asked.iter().filter_map(|asked| replay.asking(*asked)).collect();
    let offsets = if clockwork.offsets { replay.calendar.offset_changes(horizon) } else { Vec::new() };
    let mut stretches = Vec::new();
    let mut owners = Vec::new();
    for (subject, instants) in found.iter_mut().enumerate() {
        for row in rows(subject) {
            owners.push((row, subject));
            let mut ends = offsets.clone();
            for asking in &asking {
                let before = ends.len();
                ends.extend(asking.changes(row).filter(|at| *at <= horizon));
                instants.extend(ends.get(before..).unwrap_or_default());
            }
            ends.sort_unstable();
            ends.push(horizon);
            if clockwork.turns().next().is_none() {
                continue;
            }
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
    for (row, instant) in turns(replay, clockwork, stretches)? {
        let owner = owners.binary_search_by_key(&(row as usize), |(row, _)| *row);
        if let Some((_, subject)) = owner.ok().and_then(|at| owners.get(at)) {
            found[*subject].push(instant);
        }
    }
    of_dates(replay, &rows, clockwork, horizon, found)
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
