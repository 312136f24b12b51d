//! Tables worked out by hand, and properties against slow, obvious answers.

mod dates;
mod properties;
mod windows;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Weekday};
use chrono_tz::{GapInfo, Tz};

use crate::catalog::model::WindowMode;
use crate::syntax::ast::{Duration, Unit};

use super::Calendar;

/// Zones with every kind of change: an hour, half an hour, a whole day either way, at midnight, over midnight, none.
const ZONES: [Tz; 10] = [
    Tz::Europe__Stockholm,
    Tz::America__New_York,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Apia,
    Tz::America__St_Johns,
    Tz::America__Juneau,
    Tz::America__Havana,
    Tz::Africa__Casablanca,
    Tz::Asia__Jakarta,
    Tz::UTC,
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant written in UTC.
fn utc(text: &str) -> i64 {
    text.parse::<NaiveDateTime>().unwrap().and_utc().timestamp_micros()
}

fn show(instant: i64) -> String {
    DateTime::from_timestamp_micros(instant)
        .map_or_else(|| instant.to_string(), |at| at.naive_utc().format("%Y-%m-%dT%H:%M:%S%.f").to_string())
}

fn units(count: u32, unit: Unit) -> Duration {
    Duration { count, unit }
}

fn calendar(timezone: Tz, windows: WindowMode, now: i64) -> Calendar {
    Calendar::new(timezone, Weekday::Mon, windows, now)
}

/// A local time's instant, asked of the zone database case by case.
fn slow_instant(timezone: Tz, local: i64) -> i64 {
    let local = DateTime::from_timestamp_micros(local).unwrap().naive_utc();
    match timezone.from_local_datetime(&local) {
        chrono::LocalResult::Single(at) => at.timestamp_micros(),
        chrono::LocalResult::Ambiguous(one, other) => one.min(other).timestamp_micros(),
        chrono::LocalResult::None => {
            GapInfo::new(&local, &timezone).and_then(|gap| gap.end).unwrap().timestamp_micros()
        }
    }
}

fn slow_local(timezone: Tz, instant: i64) -> NaiveDateTime {
    let at = DateTime::from_timestamp_micros(instant).unwrap().naive_utc();
    timezone.from_utc_datetime(&at).naive_local()
}

/// Repeatable noise (splitmix64).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `low` up to, not including, `high`.
    fn within(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low) as u64) as i64
    }
}
