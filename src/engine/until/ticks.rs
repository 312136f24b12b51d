//! Instants at which everybody is looked at: local midnights, full hours, changes of the zone's offset.

use super::clock::Clockwork;
use crate::engine::kernel::calendar::Calendar;
use crate::syntax::ast::Period;

/// Microseconds in an hour.
const HOUR: i64 = 3_600_000_000;

/// Instants, ascending.
#[derive(Clone, Debug, Default)]
pub(super) struct Ticks {
    instants: Vec<i64>,
}

impl Ticks {
    /// What a condition asks for, after T and up to the horizon.
    pub fn of(clockwork: &Clockwork, calendar: &Calendar, horizon: i64) -> Self {
        let mut instants = Vec::new();
        if clockwork.days || clockwork.hours {
            let mut day = calendar.local_date(calendar.now());
            loop {
                let start = calendar.day_start(day);
                if start > horizon {
                    break;
                }
                instants.push(start);
                if clockwork.hours {
                    // A local hour begins at a full hour of the wall clock, which the zone's changes may move.
                    instants.extend((1..=25).map(|hour| start + hour * HOUR));
                }
                let Some(next) = calendar.next_period(Period::Day, day) else { break };
                day = next;
            }
        }
        if clockwork.offsets || clockwork.days || clockwork.hours {
            for change in calendar.offset_changes(horizon) {
                instants.push(change);
                if clockwork.hours {
                    // Where the new offset is no whole number of hours from the old one, hours begin elsewhere from here on.
                    instants.extend((1..=8).map(|quarter| change + quarter * HOUR / 4));
                }
            }
        }
        instants.retain(|at| calendar.now() < *at && *at <= horizon);
        instants.sort_unstable();
        instants.dedup();
        Ticks { instants }
    }

    /// The first after an instant.
    pub fn after(&self, instant: i64) -> Option<i64> {
        self.instants.get(self.instants.partition_point(|at| *at <= instant)).copied()
    }

    /// Those after an instant and up to another.
    pub fn within(&self, after: i64, last: i64) -> impl Iterator<Item = i64> {
        let first = self.instants.partition_point(|at| *at <= after);
        self.instants.get(first..).unwrap_or_default().iter().copied().take_while(move |at| *at <= last)
    }
}
