//! When rows cross the ends of windows.

use std::collections::HashMap;

use datafusion::arrow::array::Array;

use super::replay::Replay;
use crate::engine::kernel::calendar::{Calendar, End};
use crate::ir::{Node, NodeId, Sequence, SequenceId, Window};

/// For each subject the instants after T, and up to the horizon, at which one of its rows crosses an end of a window of some
/// features or sequences, or at which the time of a `never` is over: ascending, each once.
pub(super) fn of(replay: &Replay, leaves: &[NodeId], subjects: usize, horizon: i64) -> Vec<Vec<i64>> {
    let mut found = vec![Vec::new(); subjects];
    for leaf in leaves {
        match replay.ir.node(*leaf) {
            Node::Feature(id) => {
                let Some(window) = replay.ir.feature(*id).window.as_ref().filter(|window| window.moves()) else {
                    continue;
                };
                let held = replay.rows.iter().find_map(|rows| Some((rows, rows.feature(*id)?)));
                let Some((rows, feature)) = held else { continue };
                let mut crossing = Crossing::of(&replay.calendar, window, horizon);
                for (subject, instants) in found.iter_mut().enumerate() {
                    for row in rows.of(subject).filter(|row| feature.passes(*row)) {
                        instants.extend(crossing.of_row(rows.time(row)));
                    }
                }
            }
            Node::Sequence(id) => of_sequence(replay, *id, horizon, &mut found),
            _ => {}
        }
    }
    for instants in &mut found {
        instants.sort_unstable();
        instants.dedup();
    }
    found
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
