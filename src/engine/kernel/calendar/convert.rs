//! Conversions for whole columns: local times to instants and back, at a few nanoseconds a value.
//!
//! A converter remembers the span of time in which the zone's offset is constant. Data is sorted or at least
//! clustered, so that nearly every value falls where the one before did and costs a comparison and an addition.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::zone::{DAY, HOUR, Zone};

/// Turns local wall-clock times into instants: in a gap the first instant after it, of two the earlier.
#[derive(Clone, Debug)]
pub struct LocalConverter {
    zone: Zone,
    low: i64,
    high: i64,
    start: i64,
    offset: i64,
}

impl LocalConverter {
    /// For the wall clocks of a zone.
    pub fn new(timezone: Tz) -> Self {
        let mut converter = LocalConverter { zone: Zone::of(timezone), low: 0, high: 0, start: 0, offset: 0 };
        converter.seek(0);
        converter
    }

    /// The instant, in microseconds since 1970-01-01T00:00Z, of a local time, in microseconds since 1970-01-01T00:00
    /// on the wall clock. Saturates at the ends of 64 bits.
    #[inline]
    pub fn instant(&mut self, local_micros: i64) -> i64 {
        if local_micros < self.low || local_micros > self.high {
            self.seek(local_micros);
        }
        local_micros.saturating_sub(self.offset).max(self.start)
    }

    #[cold]
    fn seek(&mut self, local: i64) {
        let (span, low) = self.zone.span_reaching(local);
        (self.low, self.high, self.start, self.offset) = (low, span.peak, span.start, span.offset);
    }
}

/// Turns instants into local dates and hours.
#[derive(Clone, Debug)]
pub struct DateConverter {
    zone: Zone,
    low: i64,
    high: i64,
    offset: i64,
}

impl DateConverter {
    /// For the wall clocks of a zone.
    pub fn new(timezone: Tz) -> Self {
        let mut converter = DateConverter { zone: Zone::of(timezone), low: 0, high: 0, offset: 0 };
        converter.seek(0);
        converter
    }

    /// The local day of an instant, in days since 1970-01-01. Beyond the calendar: its first or last day.
    #[inline]
    pub fn date(&mut self, instant: i64) -> i32 {
        const FIRST: i64 = NaiveDate::MIN.to_epoch_days() as i64;
        const LAST: i64 = NaiveDate::MAX.to_epoch_days() as i64;
        self.local(instant).div_euclid(DAY).clamp(FIRST, LAST) as i32
    }

    /// The local hour of an instant, 0 to 23.
    #[inline]
    pub fn hour(&mut self, instant: i64) -> u32 {
        (self.local(instant).rem_euclid(DAY) / HOUR) as u32
    }

    /// What the wall clock shows at an instant, in microseconds since 1970-01-01T00:00. Saturates at the ends of 64
    /// bits.
    #[inline]
    pub fn local(&mut self, instant: i64) -> i64 {
        if instant < self.low || instant > self.high {
            self.seek(instant);
        }
        instant.saturating_add(self.offset)
    }

    #[cold]
    fn seek(&mut self, instant: i64) {
        let (span, next) = self.zone.span_at(instant);
        (self.low, self.high, self.offset) = (span.start, next.map_or(i64::MAX, |next| next - 1), span.offset);
    }
}

/// Turns local dates into the first instants of their days.
#[derive(Clone, Debug)]
pub struct DayConverter {
    local: LocalConverter,
}

impl DayConverter {
    /// For the wall clocks of a zone.
    pub fn new(timezone: Tz) -> Self {
        DayConverter { local: LocalConverter::new(timezone) }
    }

    /// The first instant of a day given in days since 1970-01-01. Saturates at the ends of 64 bits.
    #[inline]
    pub fn start(&mut self, days: i32) -> i64 {
        self.local.instant(i64::from(days).saturating_mul(DAY))
    }
}
