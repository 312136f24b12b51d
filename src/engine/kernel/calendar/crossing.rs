//! When a window's end will reach an instant.
//!
//! As T moves on, a row leaves `over 90d` when the lower bound reaches its time, and enters `over previous 90 days` when the
//! upper one does. Both bounds never step back, so there is one first instant, and it is found by asking the bounds themselves:
//! nothing here knows how a month is stepped or what a zone does, but for a guess where to look first.

use chrono::{Days, NaiveDate};

use super::Calendar;
use super::shift::is_exact;
use crate::catalog::model::WindowMode;
use crate::ir::Window;
use crate::syntax::ast::{Duration, Period};

/// An end of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The lower one: what it reaches leaves.
    After,
    /// The upper one: what it reaches enters.
    Until,
}

impl Calendar {
    /// The first instant after T, and up to another, at which an end of a window has reached an instant. None where it has by T,
    /// or will not have by then.
    pub fn reaches(&self, (window, end): (&Window, End), instant: i64, by: i64) -> Option<i64> {
        let reached = |now: i64| {
            let bounds = self.moved_to(now).bounds(window);
            instant
                <= match end {
                    End::After => bounds.after,
                    End::Until => bounds.until,
                }
        };
        if by <= self.now || reached(self.now) || !reached(by) {
            return None;
        }
        let guess = self.guess(window, end, instant).unwrap_or(instant);
        Some(first_between(self.now, by, guess, reached))
    }

    /// About when; a wrong guess costs time only.
    fn guess(&self, window: &Window, end: End, instant: i64) -> Option<i64> {
        let after = |durations: &[Duration]| {
            let whole_days = self.windows == WindowMode::Days && durations.iter().all(|d| !is_exact(d.unit));
            let step = |at: Option<i64>, d: &Duration| self.shift_instant(at?, d.count.into(), d.unit);
            let at = durations.iter().fold(Some(instant), step)?;
            Some(if whole_days { self.day_start(self.local_date(at)) } else { at })
        };
        let start_after = |periods: u32, period: Period| {
            let mut start = self.period_start(period, self.local_date(instant));
            for _ in 0..periods {
                start = self.next_period(period, start)?;
            }
            Some(self.day_start(start))
        };
        match (window, end) {
            (Window::Rolling(length), _) => after(&[*length]),
            (Window::Previous(length), End::After) => after(&[*length, *length]),
            (Window::Previous(length), End::Until) => after(&[*length]),
            (Window::Ending { length, ago }, End::After) => after(&[*ago, *length]),
            (Window::Ending { ago, .. }, End::Until) => after(&[*ago]),
            (Window::ToDate(period), _) | (Window::Last(period), End::Until) => start_after(1, *period),
            (Window::Last(period) | Window::PreviousToDate(period), End::After) => start_after(2, *period),
            (Window::PreviousToDate(period), End::Until) => {
                after(&[Duration { count: 1, unit: super::bounds::unit_of(*period) }])
            }
            (Window::Absolute { .. }, _) => None,
        }
    }

    /// The first day of the period after the one that starts on a day.
    pub fn next_period(&self, period: Period, start: NaiveDate) -> Option<NaiveDate> {
        // No period is longer than a year, and no day more than 31 days into the next one after its length.
        let beyond = match period {
            Period::Day => 1,
            Period::Week => 7,
            Period::Month => 31,
            Period::Quarter => 92,
            Period::Year => 366,
        };
        Some(self.period_start(period, start.checked_add_days(Days::new(beyond))?))
    }
}

/// The first instant in `(low, high]` for which something holds, that does not hold at `low`, holds at `high`, and once it holds
/// holds on. Looks near the guess first.
pub fn first_between(low: i64, high: i64, guess: i64, holds: impl Fn(i64) -> bool) -> i64 {
    let (mut low, mut high) = (low, high);
    let guess = guess.clamp(low.saturating_add(1), high);
    let mut stride = 1_i64;
    if holds(guess) {
        high = guess;
        loop {
            let probe = high.saturating_sub(stride);
            if probe <= low {
                break;
            }
            if !holds(probe) {
                low = probe;
                break;
            }
            high = probe;
            stride = stride.saturating_mul(4);
        }
    } else {
        low = guess;
        loop {
            let probe = low.saturating_add(stride);
            if probe >= high {
                break;
            }
            if holds(probe) {
                high = probe;
                break;
            }
            low = probe;
            stride = stride.saturating_mul(4);
        }
    }
    while high.saturating_sub(low) > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;
    use crate::syntax::ast::Unit;

    const DAY: i64 = 86_400_000_000;

    fn windows() -> impl Strategy<Value = Window> {
        let unit = prop_oneof![
            Just(Unit::Minute),
            Just(Unit::Hour),
            Just(Unit::Day),
            Just(Unit::Week),
            Just(Unit::Month),
            Just(Unit::Quarter),
            Just(Unit::Year)
        ];
        let duration = (1_u32..40, unit).prop_map(|(count, unit)| Duration { count, unit });
        let period = prop_oneof![
            Just(Period::Day),
            Just(Period::Week),
            Just(Period::Month),
            Just(Period::Quarter),
            Just(Period::Year)
        ];
        prop_oneof![
            duration.clone().prop_map(Window::Rolling),
            duration.clone().prop_map(Window::Previous),
            (duration.clone(), duration).prop_map(|(length, ago)| Window::Ending { length, ago }),
            period.clone().prop_map(Window::ToDate),
            period.clone().prop_map(Window::Last),
            period.prop_map(Window::PreviousToDate),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn just_before_it_has_not(
            window in windows(),
            end in prop_oneof![Just(End::After), Just(End::Until)],
            zone in prop_oneof![
                Just(Tz::UTC), Just(Tz::Asia__Jakarta), Just(Tz::Europe__Stockholm), Just(Tz::America__Havana),
                Just(Tz::Pacific__Apia), Just(Tz::Australia__Lord_Howe)
            ],
            mode in prop_oneof![Just(WindowMode::Exact), Just(WindowMode::Days)],
            now in 1_200_000_000_000_000_i64..1_800_000_000_000_000,
            ago in 0_i64..900 * DAY,
        ) {
            let calendar = Calendar::new(zone, Weekday::Mon, mode, now);
            let (instant, by) = (now - ago, now + 200 * 365 * DAY);
            let reached = |now: i64| {
                let bounds = calendar.moved_to(now).bounds(&window);
                instant <= if end == End::After { bounds.after } else { bounds.until }
            };
            match calendar.reaches((&window, end), instant, by) {
                None => prop_assert!(reached(now)),
                Some(first) => prop_assert!(!reached(first - 1) && reached(first), "{first}"),
            }
        }
    }

    #[test]
    fn the_first_is_found_from_any_guess() {
        for guess in [-5, 0, 1, 6, 7, 8, 50, 99, 100, 500] {
            for first in [1, 2, 7, 8, 99, 100] {
                assert_eq!(first_between(0, 100, guess, |at| at >= first), first, "{guess} {first}");
            }
        }
    }
}
