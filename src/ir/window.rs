//! Windows without places: which rows by time.

use chrono::{NaiveDate, NaiveDateTime};

use crate::syntax::ast::{Duration, Period};

/// A window, relative to T or absolute. Bounds are made of it in one place, `engine::kernel::calendar`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    /// (T - d, T]
    Rolling(Duration),
    /// (T - 2d, T - d]
    Previous(Duration),
    /// (T - (length + ago), T - ago], the lower bound counted from T where the units allow, see the language reference.
    Ending {
        /// Length.
        length: Duration,
        /// How long ago it ended.
        ago: Duration,
    },
    /// From the start of the period T falls in, to T.
    ToDate(Period),
    /// The whole period before the one T falls in.
    Last(Period),
    /// From the start of the period before, to T minus one period, but not beyond that period's end.
    PreviousToDate(Period),
    /// Absolute, both ends in; at least one is there. Rows after T do not exist in any case.
    Absolute {
        /// First moment.
        from: Option<Moment>,
        /// Last moment.
        to: Option<Moment>,
    },
}

/// A point in time written out: a whole day, or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A local day, whole.
    Day(NaiveDate),
    /// A local time in the project's zone.
    Local(NaiveDateTime),
    /// Microseconds since 1970-01-01T00:00Z.
    Instant(i64),
}
