//! The calendar: window bounds and every date calculation, written once.
//!
//! Whatever evaluates asks here, so that a window in a batch, in a plan and in live state begins at the same
//! microsecond. A [`Calendar`] is a zone, a few choices of the catalogue, and the instant of evaluation T; it reads
//! no clock. Instants are microseconds since 1970-01-01T00:00Z.
//!
//! Before: `over 1mo` at 2026-03-31T10:00 in Europe/Stockholm. After: `Bounds { after: 2026-02-28T23:00Z, until: T
//! }`, since "31 February" is 1 March 00:00 there.
//!
//! - `zone`: what wall clocks show, and when they first do
//! - `shift`: months and days added to dates and local times
//! - `bounds`: windows
//! - `crossing`: when a window's end will reach an instant
//! - `convert`: whole columns at once

mod bounds;
mod convert;
mod crossing;
mod shift;
mod zone;

#[cfg(test)]
mod tests;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};
use chrono_tz::Tz;

use crate::catalog::model::WindowMode;
use crate::syntax::ast::{Direction, Duration, Unit};

pub use bounds::Bounds;
pub use convert::{DateConverter, DayConverter, LocalConverter};
pub use crossing::End;
pub use shift::shift_date;

use shift::{Step, date_of, date_of_saturating, is_exact, midnight};
use zone::{DAY, HOUR, Zone};

/// The project's calendar at one instant of evaluation.
#[derive(Clone, Debug)]
pub struct Calendar {
    timezone: Tz,
    zone: Zone,
    week_starts: Weekday,
    windows: WindowMode,
    now: i64,
    /// Rows later than this do not exist.
    rows_until: i64,
    /// The local date of `now`.
    today: NaiveDate,
    /// The latest local time shown up to `now`, which is what bounds are counted from (see `bounds`).
    latest: i64,
}

impl Calendar {
    /// The calendar at T, in microseconds.
    pub fn new(timezone: Tz, week_starts: Weekday, windows: WindowMode, now: i64) -> Self {
        let zone = Zone::of(timezone);
        let today = date_of_saturating(zone.local(now));
        let latest = zone.latest_local(now);
        Calendar { timezone, zone, week_starts, windows, now, rows_until: now, today, latest }
    }

    /// The calendar at another instant, with the rows that exist at this one: the clock has moved, and nothing has come.
    pub fn moved_to(&self, now: i64) -> Self {
        let today = date_of_saturating(self.zone.local(now));
        let latest = self.zone.latest_local(now);
        Calendar { zone: self.zone.clone(), now, today, latest, ..*self }
    }

    /// The instant of evaluation, T.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// The instant up to which rows exist: T, or an earlier one where the clock has moved on without them.
    pub fn rows_until(&self) -> i64 {
        self.rows_until
    }

    /// The instants up to another at which the zone's offset changes, after T.
    pub fn offset_changes(&self, until: i64) -> Vec<i64> {
        self.zone.changes().into_iter().filter(|at| self.now < *at && *at <= until).collect()
    }

    /// The local date of T.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// The project's time zone.
    pub fn timezone(&self) -> Tz {
        self.timezone
    }

    /// The first instant of a local day; of a day that a zone skipped whole, the first after the gap.
    pub fn day_start(&self, date: NaiveDate) -> i64 {
        self.zone.first_instant(midnight(date))
    }

    /// The local date of an instant. Beyond the calendar: its first or last day.
    pub fn local_date(&self, instant: i64) -> NaiveDate {
        date_of_saturating(self.zone.local(instant))
    }

    /// The local hour of an instant, 0 to 23.
    pub fn hour(&self, instant: i64) -> u32 {
        (self.zone.local(instant).rem_euclid(DAY) / HOUR) as u32
    }

    /// An instant so many units on (or back, if negative): days and longer step the wall clock, minutes and hours are
    /// elapsed time. No units at all lead nowhere. None beyond the calendar.
    ///
    /// Unlike a window's bound this looks at the one instant only: in a repeated hour it may step back.
    pub fn shift_instant(&self, instant: i64, count: i64, unit: Unit) -> Option<i64> {
        let step = Step::of_units(count.into(), unit);
        if step.is_calendar() {
            step.on_local(self.zone.local(instant)).map(|local| self.zone.first_instant(local))
        } else {
            i64::try_from(i128::from(instant) + step.micros).ok()
        }
    }

    /// Is a date (or with `anniversary` one of its anniversaries) one of today and the days up to today plus (`Next`)
    /// or minus (`Last`) the span, both ends in?
    ///
    /// An anniversary ignores the year, so a date to come has some too; 29 February counts as 28 February in other years.
    /// A span beyond the calendar ends with it; one of minutes or hours reaches to the day it ends in.
    pub fn within(&self, value: NaiveDate, anniversary: bool, direction: Direction, span: Duration) -> bool {
        let (low, high) = match direction {
            Direction::Next => (self.today, self.days_away(span.count.into(), span.unit).unwrap_or(NaiveDate::MAX)),
            Direction::Last => {
                (self.days_away(-i64::from(span.count), span.unit).unwrap_or(NaiveDate::MIN), self.today)
            }
        };
        let candidate = if anniversary { first_anniversary(value, low) } else { Some(value) };
        candidate.is_some_and(|date| low <= date && date <= high)
    }

    /// Completed years from a date to today; negative before it. Whoever was born on 29 February completes a year on
    /// 1 March where there is no such day.
    pub fn age(&self, birth: NaiveDate) -> i64 {
        let years = i64::from(self.today.year()) - i64::from(birth.year());
        let before_birthday = (self.today.month(), self.today.day()) < (birth.month(), birth.day());
        years - i64::from(before_birthday)
    }

    fn days_away(&self, count: i64, unit: Unit) -> Option<NaiveDate> {
        if is_exact(unit) {
            self.shift_instant(self.now, count, unit).and_then(|instant| date_of(self.zone.local(instant)))
        } else {
            shift_date(self.today, count, unit)
        }
    }
}

/// The first day on or after another that has the month and the day of a date. None beyond the calendar.
fn first_anniversary(date: NaiveDate, from: NaiveDate) -> Option<NaiveDate> {
    let year = from.year();
    let candidate = anniversary_in(date, year)?;
    if candidate >= from { Some(candidate) } else { anniversary_in(date, year + 1) }
}

fn anniversary_in(date: NaiveDate, year: i32) -> Option<NaiveDate> {
    date.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, date.month(), 28).filter(|_| date.day() == 29))
}

/// The instant of a local time in a zone: in a gap the first instant after it, of two the earlier. Finer than a
/// microsecond is floored.
pub fn local_to_instant(timezone: Tz, local: NaiveDateTime) -> i64 {
    Zone::of(timezone).first_instant(local.and_utc().timestamp_micros())
}
