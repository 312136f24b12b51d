//! The instant of an evaluation.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::kernel::calendar::local_to_instant;
use crate::ir::Moment;

/// The instant T of an evaluation, in whole microseconds. Rows later than T do not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AsOf(i64);

/// Text that is no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a date or a time: write `2026-03-31`, `2026-03-31T10:00` or `2026-03-31T10:00+07:00`")]
pub struct AsOfError {
    /// The text.
    pub text: String,
}

impl AsOf {
    /// An instant.
    pub fn instant(instant: DateTime<Utc>) -> Self {
        AsOf(instant.timestamp_micros())
    }

    /// Microseconds since 1970-01-01T00:00Z.
    pub fn from_micros(micros: i64) -> Self {
        AsOf(micros)
    }

    /// Microseconds since 1970-01-01T00:00Z.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// The last microsecond of a day in a time zone.
    pub fn end_of(day: NaiveDate, zone: Tz) -> Self {
        let next = day.succ_opt().unwrap_or(NaiveDate::MAX).and_time(Default::default());
        AsOf(local_to_instant(zone, next).saturating_sub(1))
    }

    /// Reads a date (the end of that day), a local time in the zone, or a time with an offset.
    ///
    /// # Errors
    /// The text is none of these, or names a day that does not exist.
    pub fn parse(text: &str, zone: Tz) -> Result<Self, AsOfError> {
        Moment::read(text).map(|moment| AsOf::of(moment, zone)).ok_or_else(|| AsOfError { text: text.to_owned() })
    }

    /// The instant that a date (the end of that day), a local time or a time with an offset means in a zone.
    pub fn of(moment: Moment, zone: Tz) -> Self {
        match moment {
            Moment::Day(day) => AsOf::end_of(day, zone),
            Moment::Local(local) => AsOf(local_to_instant(zone, local)),
            Moment::Instant(micros) => AsOf(micros),
        }
    }

    /// As people of a time zone would write it, with the offset: `2026-03-31T23:59:59.999999+07:00`.
    pub fn display(self, zone: Tz) -> String {
        let instant = DateTime::<Utc>::UNIX_EPOCH.checked_add_signed(TimeDelta::microseconds(self.0));
        match instant {
            Some(instant) => instant.with_timezone(&zone).format("%Y-%m-%dT%H:%M:%S%.f%:z").to_string(),
            None => format!("{} microseconds", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_means_its_end() {
        let shown = |text: &str| AsOf::parse(text, Tz::Asia__Jakarta).map(|as_of| as_of.display(Tz::UTC));
        assert_eq!(shown("2026-03-31").as_deref(), Ok("2026-03-31T16:59:59.999999+00:00"));
        assert_eq!(shown("2026-03-31T10:00").as_deref(), Ok("2026-03-31T03:00:00+00:00"));
        assert_eq!(shown("2026-03-31T10:00Z").as_deref(), Ok("2026-03-31T10:00:00+00:00"));
        assert_eq!(shown("2026-03-31T10:00:00.5+02:00").as_deref(), Ok("2026-03-31T08:00:00.500+00:00"));
        for bad in ["", "today", "2026-02-30", "31.3.2026", "2026-3-31x"] {
            assert!(shown(bad).is_err(), "{bad}");
        }
    }
}
