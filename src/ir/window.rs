//! Windows without places: which rows by time.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

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

impl Moment {
    /// Reads a date, a local time or a time with an offset; none: the text is none of these, names a day that does not
    /// exist, or a year of more than four digits. Parts of a second beyond microseconds are cut.
    pub fn read(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        // Years have four digits: what lies far beyond them has no place on the wall clocks of all zones.
        let year = trimmed.split('-').next()?;
        if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        if let Ok(day) = NaiveDate::parse_from_str(trimmed, "%Y-%m-%d") {
            return Some(Moment::Day(day));
        }
        let numeric = match trimmed.strip_suffix('Z') {
            Some(local) => format!("{local}+00:00"),
            None => trimmed.to_owned(),
        };
        const WITH_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M%:z", "%Y-%m-%d %H:%M%:z"];
        let offset = DateTime::parse_from_rfc3339(trimmed).ok();
        let offset =
            offset.or_else(|| WITH_OFFSET.iter().find_map(|form| DateTime::parse_from_str(&numeric, form).ok()));
        if let Some(instant) = offset {
            return Some(Moment::Instant(instant.timestamp_micros()));
        }
        const LOCAL: [&str; 4] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"];
        LOCAL.iter().find_map(|form| NaiveDateTime::parse_from_str(trimmed, form).ok()).map(Moment::Local)
    }

    /// Whether it comes before another, a day meaning its end; none: they are one instant.
    ///
    /// A local time that a zone skips is put in order by what its clocks would show: two that are an hour apart at most may
    /// be one instant all the same.
    pub fn is_before(self, other: Self, zone: Tz) -> Option<bool> {
        let order = match (self.instant(zone), other.instant(zone)) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => self.local_end(zone).cmp(&other.local_end(zone)),
        };
        order.is_ne().then(|| order.is_lt())
    }

    /// Microseconds since 1970-01-01T00:00Z, a day meaning its end; none: its zone skips it.
    fn instant(self, zone: Tz) -> Option<i64> {
        match self {
            Moment::Instant(micros) => Some(micros),
            Moment::Day(_) => self.local_instant(zone).map(|next| next - 1),
            Moment::Local(_) => self.local_instant(zone),
        }
    }

    fn local_instant(self, zone: Tz) -> Option<i64> {
        zone.from_local_datetime(&self.local_end(zone)).earliest().map(|instant| instant.timestamp_micros())
    }

    /// What the clocks of a zone show, at the end of a day the next midnight.
    fn local_end(self, zone: Tz) -> NaiveDateTime {
        match self {
            Moment::Day(day) => day.succ_opt().unwrap_or(day).and_time(Default::default()),
            Moment::Local(local) => local,
            Moment::Instant(micros) => {
                let instant = DateTime::UNIX_EPOCH.checked_add_signed(TimeDelta::microseconds(micros));
                instant.map_or(NaiveDateTime::MAX, |instant| instant.with_timezone(&zone).naive_local())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
        let ten = Moment::Local(day.and_hms_opt(10, 0, 0).unwrap());
        assert_eq!(Moment::read(" 2026-03-31 "), Some(Moment::Day(day)));
        assert_eq!(Moment::read("2026-03-31T10:00"), Some(ten));
        assert_eq!(Moment::read("2026-03-31 10:00:00"), Some(ten));
        let instant = Some(Moment::Instant(1_774_926_000_000_000));
        for same in ["2026-03-31T10:00+07:00", "2026-03-31T03:00Z", "2026-03-31 10:00+07:00", "2026-03-31T03:00:00Z"] {
            assert_eq!(Moment::read(same), instant, "{same}");
        }
        for wrong in ["", "today", "2026-02-30", "31.3.2026", "2026-03-31T25:00", "17", "+262142-12-31", "-0001-01-01"]
        {
            assert_eq!(Moment::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn moments_are_put_in_order_where_clocks_are_set_back_and_forward() {
        let zone = Tz::Europe__Stockholm;
        let before = |one: &str, other: &str| {
            let read = |text: &str| Moment::read(text).expect("a time");
            read(one).is_before(read(other), zone)
        };
        // The hour from two to three comes twice: without an offset the first is meant.
        assert_eq!(before("2026-10-25T02:50+02:00", "2026-10-25T02:10+01:00"), Some(true));
        assert_eq!(before("2026-10-25T02:50", "2026-10-25T02:10+01:00"), Some(true));
        assert_eq!(before("2026-10-25T02:50", "2026-10-25T02:50+02:00"), None);
        // It does not come at all in spring.
        assert_eq!(before("2026-03-29T02:30", "2026-03-29T03:30"), Some(true));
        assert_eq!(before("2026-03-29", "2026-03-29T23:59"), Some(false));
        assert_eq!(before("2026-03-29", "2026-03-30T00:00"), Some(true));
    }
}
