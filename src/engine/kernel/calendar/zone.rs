//! A time zone as a sorted table of constant offsets, and the two conversions that everything else is made of.
//!
//! The wall clock is a function of the instant: it runs forward, except where it is set ahead (a gap: local times
//! that do not exist) or back (a fold: local times that exist twice). Both awkward cases have one answer, the **first
//! passage**: the first instant at which the wall clock shows a local time or a later one. That is the first instant
//! after a gap, and the earlier of two. It is also monotone, which asking the zone database for one, two or no
//! answers is not by itself: of two local times the later never gets the earlier instant.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

/// Microseconds in a second.
pub(super) const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub(super) const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour.
pub(super) const HOUR: i64 = 60 * MINUTE;
/// Microseconds in a day of 24 hours.
pub(super) const DAY: i64 = 24 * HOUR;

/// Seconds of 1800-01-01: before it no zone of the database changes its offset (the first that does is in 1844).
const SCAN_FROM: i64 = -5_364_662_400;
/// Seconds of 2200-01-01: after it no zone of the database changes its offset (it is written out to 2099).
const SCAN_TO: i64 = 7_258_118_400;
/// Two days, in seconds. No zone ever kept an offset for less than six days, so no change hides between two probes.
const SCAN_STEP: i64 = 2 * 86_400;

/// A span of instants over which the offset is constant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// First instant, in microseconds; `i64::MIN` for the first span.
    pub start: i64,
    /// Local time minus UTC, in microseconds.
    pub offset: i64,
    /// The latest local time shown in this span or any before it, in microseconds; `i64::MAX` for the last span.
    pub peak: i64,
}

/// A zone's spans, in order; shared, cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Zone {
    spans: Arc<[Span]>,
}

impl Zone {
    /// The table of a zone: read from the database once in the life of the program.
    pub fn of(tz: Tz) -> Zone {
        static ZONES: LazyLock<Mutex<HashMap<Tz, Zone>>> = LazyLock::new(Mutex::default);
        ZONES.lock().unwrap_or_else(PoisonError::into_inner).entry(tz).or_insert_with(|| Zone::read(tz)).clone()
    }

    fn read(tz: Tz) -> Zone {
        let changes = offset_changes(tz);
        let mut spans: Vec<Span> = Vec::with_capacity(changes.len());
        let mut peak = i64::MIN;
        for (i, &(start, offset)) in changes.iter().enumerate() {
            let last_shown = changes.get(i + 1).map_or(i64::MAX, |next| next.0 - 1 + offset);
            peak = peak.max(last_shown);
            spans.push(Span { start, offset, peak });
        }
        Zone { spans: spans.into() }
    }

    /// The instants at which the offset changes.
    pub fn changes(&self) -> Vec<i64> {
        self.spans.iter().skip(1).map(|span| span.start).collect()
    }

    /// The span an instant falls in, and the first instant after it (none after the last).
    pub fn span_at(&self, instant: i64) -> (Span, Option<i64>) {
        let next = self.spans.partition_point(|span| span.start <= instant).max(1);
        (self.spans[next - 1], self.spans.get(next).map(|span| span.start))
    }

    /// The span in which the wall clock first shows a local time or a later one, and the first local time for which
    /// that is so.
    pub fn span_reaching(&self, local: i64) -> (Span, i64) {
        let index = self.spans.partition_point(|span| span.peak < local);
        let low = if index == 0 { i64::MIN } else { self.spans[index - 1].peak + 1 };
        (self.spans[index], low)
    }

    /// What the wall clock shows, in microseconds.
    pub fn local(&self, instant: i64) -> i64 {
        instant.saturating_add(self.span_at(instant).0.offset)
    }

    /// The latest local time the wall clock has shown up to an instant: in a fold it waits.
    pub fn latest_local(&self, instant: i64) -> i64 {
        let next = self.spans.partition_point(|span| span.start <= instant).max(1);
        let shown = instant.saturating_add(self.spans[next - 1].offset);
        if next == 1 { shown } else { shown.max(self.spans[next - 2].peak) }
    }

    /// The first instant at which the wall clock shows a local time or a later one.
    pub fn first_instant(&self, local: i64) -> i64 {
        self.span_reaching(local).0.first_instant(local)
    }
}

impl Span {
    /// The first instant of this span at which the wall clock shows a local time or a later one.
    pub fn first_instant(&self, local: i64) -> i64 {
        local.saturating_sub(self.offset).max(self.start)
    }
}

/// Where the offset changes: instant and the offset from then on, in microseconds; the first entry is from the
/// beginning of time. The database does not publish its list, so it is probed and each change found by bisection.
fn offset_changes(tz: Tz) -> Vec<(i64, i64)> {
    let mut changes = vec![(i64::MIN, offset_at(tz, SCAN_FROM) * SECOND)];
    let (mut before, mut offset) = (SCAN_FROM, offset_at(tz, SCAN_FROM));
    while before < SCAN_TO {
        let after = before + SCAN_STEP;
        let next = offset_at(tz, after);
        if next != offset {
            let (mut low, mut high) = (before, after);
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if offset_at(tz, middle) == offset { low = middle } else { high = middle }
            }
            changes.push((high * SECOND, next * SECOND));
            offset = next;
        }
        before = after;
    }
    changes
}

/// Local time minus UTC at an instant, both in seconds.
fn offset_at(tz: Tz, seconds: i64) -> i64 {
    let utc = DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc();
    tz.offset_from_utc_datetime(&utc).fix().local_minus_utc().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDateTime;

    fn database_offset(tz: Tz, utc: NaiveDateTime) -> i64 {
        tz.offset_from_utc_datetime(&utc).fix().local_minus_utc().into()
    }

    #[test]
    fn tables_of_all_zones_agree_with_the_database() {
        let mut changes = 0;
        for tz in chrono_tz::TZ_VARIANTS {
            let zone = Zone::of(tz);
            let ends = [NaiveDateTime::MIN, NaiveDateTime::MAX].map(|end| database_offset(tz, end) * SECOND);
            assert_eq!(
                ends,
                [zone.spans[0].offset, zone.spans[zone.spans.len() - 1].offset],
                "{tz}: the scan is too short"
            );
            for pair in zone.spans.windows(2) {
                let at = pair[1].start / SECOND;
                assert_eq!(offset_at(tz, at - 1) * SECOND, pair[0].offset, "{tz} before {at}");
                assert_eq!(offset_at(tz, at) * SECOND, pair[1].offset, "{tz} at {at}");
                assert!(
                    pair[0].start == i64::MIN || pair[1].start - pair[0].start > 3 * SCAN_STEP * SECOND,
                    "{tz} {at}"
                );
                changes += 1;
            }
        }
        assert!(changes > 50_000, "{changes}");
    }

    #[test]
    fn local_time_of_an_instant_is_the_databases() {
        let mut state = 7_u64;
        for tz in [Tz::Europe__Stockholm, Tz::Australia__Lord_Howe, Tz::Pacific__Apia, Tz::Asia__Kathmandu] {
            let zone = Zone::of(tz);
            for _ in 0..20_000 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let instant = (state >> 1) as i64 % (12_000_000_000 * SECOND) - 6_000_000_000 * SECOND;
                let utc = DateTime::from_timestamp_micros(instant).map(|at| at.naive_utc()).unwrap_or_default();
                assert_eq!(zone.local(instant), instant + database_offset(tz, utc) * SECOND);
            }
        }
    }

    #[test]
    fn first_passage_is_the_first_instant_that_shows_it_or_later() {
        for tz in [
            Tz::America__New_York,
            Tz::Australia__Lord_Howe,
            Tz::Pacific__Apia,
            Tz::America__Juneau,
            Tz::America__St_Johns,
        ] {
            let zone = Zone::of(tz);
            for pair in zone.spans.windows(2) {
                let (before, after) = (pair[1].start - 1 + pair[0].offset, pair[1].start + pair[1].offset);
                let (low, high) = (before.min(after), before.max(after));
                for local in [low - 1, low, low + 1, low + (high - low) / 2, high - 1, high, high + 1] {
                    let instant = zone.first_instant(local);
                    assert!(zone.latest_local(instant) >= local, "{tz} {local}: shown by then");
                    assert!(zone.latest_local(instant - 1) < local, "{tz} {local}: not before");
                }
            }
        }
    }
}
