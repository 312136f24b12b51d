//! Stepping the calendar: dates and local times plus or minus months and days.
//!
//! There is one rule for days that do not exist: the next that does. 31 January plus a month is "31 February", hence
//! 1 March, and at its very start: the local time 31 January 10:00 plus a month is 1 March 00:00.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::syntax::ast::{Duration, Unit};

use super::zone::{DAY, HOUR, MINUTE};

/// A date so many units on (or back, if negative). A day that does not exist is the next that does.
///
/// None beyond the calendar (years -262143 to 262142), and for minutes and hours, which a date does not have.
///
/// 31 January 2026 plus 1 month is 1 March 2026; 29 February 2024 minus 1 year is 1 March 2023.
pub fn shift_date(date: NaiveDate, count: i64, unit: Unit) -> Option<NaiveDate> {
    if is_exact(unit) {
        return None;
    }
    let step = Step::of_units(i128::from(count), unit);
    step.on_date(date).map(|(date, _)| date)
}

/// Minutes and hours are elapsed time; longer units step the calendar.
pub(super) fn is_exact(unit: Unit) -> bool {
    matches!(unit, Unit::Minute | Unit::Hour)
}

/// A signed step of any units: first the months, then the days, then elapsed time. Sums of durations are steps too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    pub months: i128,
    pub days: i128,
    pub micros: i128,
}

impl Step {
    /// One duration, onward.
    pub fn of(duration: Duration) -> Step {
        Step::of_units(duration.count.into(), duration.unit)
    }

    /// So many units, onward or back. Counts are of at most 64 bits, so nothing here overflows.
    pub fn of_units(count: i128, unit: Unit) -> Step {
        let none = Step::default();
        match unit {
            Unit::Minute => Step { micros: count * i128::from(MINUTE), ..none },
            Unit::Hour => Step { micros: count * i128::from(HOUR), ..none },
            Unit::Day => Step { days: count, ..none },
            Unit::Week => Step { days: count * 7, ..none },
            Unit::Month => Step { months: count, ..none },
            Unit::Quarter => Step { months: count * 3, ..none },
            Unit::Year => Step { months: count * 12, ..none },
        }
    }

    /// Both together, in one step.
    pub fn and(self, other: Step) -> Step {
        Step { months: self.months + other.months, days: self.days + other.days, micros: self.micros + other.micros }
    }

    /// The same step the other way.
    pub fn back(self) -> Step {
        Step { months: -self.months, days: -self.days, micros: -self.micros }
    }

    /// Does it step the calendar, or only elapsed time?
    pub fn is_calendar(self) -> bool {
        self.months != 0 || self.days != 0
    }

    /// Months and days applied to a date, and whether the date kept its place: false where the months led to a day
    /// that does not exist, so that the start of the next is meant.
    fn on_date(self, date: NaiveDate) -> Option<(NaiveDate, bool)> {
        let (date, kept) = add_months(date, i64::try_from(self.months).ok()?)?;
        Some((add_days(date, i64::try_from(self.days).ok()?)?, kept))
    }

    /// Months and days applied to a local time in microseconds; elapsed time is not looked at.
    ///
    /// Of two local times the later never gets the earlier result: that is why a missing day gives the start of the
    /// next day and not the same hour of it. None beyond the calendar.
    pub fn on_local(self, local: i64) -> Option<i64> {
        let (date, kept) = self.on_date(date_of(local)?)?;
        Some(midnight(date) + if kept { local.rem_euclid(DAY) } else { 0 })
    }
}

/// The day of a local time in microseconds. None beyond the calendar.
pub(super) fn date_of(local: i64) -> Option<NaiveDate> {
    let days = i32::try_from(local.div_euclid(DAY)).ok()?;
    NaiveDate::from_epoch_days(days)
}

/// The day of a local time, or the calendar's first or last.
pub(super) fn date_of_saturating(local: i64) -> NaiveDate {
    date_of(local).unwrap_or(if local < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
}

/// Midnight as a local time in microseconds; every date's fits.
pub(super) fn midnight(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days()) * DAY
}

fn add_months(date: NaiveDate, months: i64) -> Option<(NaiveDate, bool)> {
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    let clamped = if months < 0 { date.checked_sub_months(count) } else { date.checked_add_months(count) }?;
    if clamped.day() == date.day() { Some((clamped, true)) } else { Some((clamped.succ_opt()?, false)) }
}

fn add_days(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let count = Days::new(days.unsigned_abs());
    if days < 0 { date.checked_sub_days(count) } else { date.checked_add_days(count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dates_step_the_calendar() {
        for (from, count, unit, to) in [
            ("2026-01-31", 1, Unit::Month, "2026-03-01"),
            ("2024-01-31", 1, Unit::Month, "2024-03-01"),
            ("2024-01-29", 1, Unit::Month, "2024-02-29"),
            ("2026-03-31", -1, Unit::Month, "2026-03-01"),
            ("2026-03-31", -2, Unit::Month, "2026-01-31"),
            ("2026-05-31", -1, Unit::Month, "2026-05-01"),
            ("2024-02-29", 1, Unit::Year, "2025-03-01"),
            ("2024-02-29", -4, Unit::Year, "2020-02-29"),
            ("2100-02-28", 4, Unit::Year, "2104-02-28"),
            ("2025-11-30", 1, Unit::Quarter, "2026-03-01"),
            ("2025-12-31", 1, Unit::Day, "2026-01-01"),
            ("2026-01-05", -2, Unit::Week, "2025-12-22"),
            ("2026-01-05", 0, Unit::Month, "2026-01-05"),
        ] {
            assert_eq!(shift_date(day(from), count, unit), Some(day(to)), "{from} {count:+} {unit:?}");
        }
    }

    #[test]
    fn beyond_the_calendar_there_is_nothing() {
        for unit in [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year] {
            for count in [i64::MAX, i64::MIN, i64::from(u32::MAX), -i64::from(u32::MAX)] {
                for date in [NaiveDate::MIN, day("2026-03-31"), NaiveDate::MAX] {
                    assert_eq!(shift_date(date, count, unit), None, "{date} {count} {unit:?}");
                }
            }
            assert_eq!(shift_date(NaiveDate::MAX, 1, unit), None);
            assert_eq!(shift_date(NaiveDate::MIN, -1, unit), None);
        }
        assert_eq!(shift_date(day("2026-03-31"), 24, Unit::Hour), None);
        assert_eq!(shift_date(day("2026-03-31"), 0, Unit::Minute), None);
    }

    #[test]
    fn a_missing_day_is_the_start_of_the_next() {
        let local = midnight(day("2026-03-31")) + 10 * HOUR;
        let month_back = Step::of_units(1, Unit::Month).back();
        assert_eq!(month_back.on_local(local), Some(midnight(day("2026-03-01"))));
        assert_eq!(month_back.on_local(local - 3 * DAY), Some(midnight(day("2026-02-28")) + 10 * HOUR));
        let with_days = month_back.and(Step::of_units(3, Unit::Day).back());
        assert_eq!(with_days.on_local(local), Some(midnight(day("2026-02-26"))));
    }

    #[test]
    fn stepping_back_keeps_the_order_of_local_times() {
        for months in 1..=14 {
            let step = Step { months: -months, days: -(months % 4), micros: 0 };
            let mut previous = i64::MIN;
            for hour in 0..24 * 366 * 5 {
                let result = step.on_local(midnight(day("2023-01-01")) + hour * HOUR).unwrap();
                assert!(result >= previous);
                previous = result;
            }
        }
    }
}
