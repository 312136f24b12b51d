//! Windows as pairs of instants.
//!
//! **Every bound is T minus a step, never chained**, so that `previous 1 month` at 31 March is (31 January, "28
//! February"] and not a month before some other month's end.
//!
//! **A bound never steps back**: lower(T) is the largest lower(S) for S <= T. Let `local` be the wall clock. A bound
//! made by calendar steps is `first_instant(step(local(T)))`, or begins with the day or period that `local(T)` falls
//! in. Both `step` and `first_instant` are monotone (of two local times the later never gets the earlier result), and
//! so are periods and day starts. Hence the largest lower(S) is the lower bound of the largest local(S), and all that
//! is needed is to use the latest local time shown up to T in place of local(T): they differ in a fold only, where
//! the bound waits until the wall clock has caught up. Elapsed time (minutes, hours) never steps back by itself.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::catalog::model::WindowMode;
use crate::ir::{Moment, Window};
use crate::syntax::ast::{Duration, Period, Unit};

use super::Calendar;
use super::shift::{Step, date_of_saturating, is_exact, midnight};
use super::zone::DAY;

/// The instants `(after, until]`, in microseconds since 1970-01-01T00:00Z; `after <= until`, so equal ends are an
/// empty window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// Exclusive; `i64::MIN`, which is no row's time, means that there is no lower end.
    pub after: i64,
    /// Inclusive; never later than the instant of evaluation.
    pub until: i64,
}

impl Bounds {
    /// Is an instant inside?
    pub fn contains(&self, instant: i64) -> bool {
        self.after < instant && instant <= self.until
    }
}

impl Calendar {
    /// `d ago`: T minus a duration, as an exact bound whatever the catalogue's `windows:` say. Never steps back as T
    /// grows. `i64::MIN` beyond the calendar.
    pub fn ago(&self, duration: Duration) -> i64 {
        self.step_back(Step::of(duration))
    }

    /// Which instants a window covers at T.
    ///
    /// With `windows: days`, rolling, previous and ending windows of days or longer units cover whole local days: the
    /// bound "T minus a step" becomes the end of the day that is that step before today, both counted from the day
    /// after today. `over 7d` is today and the six days before it, `over previous 7 days` the seven before those;
    /// `over 1mo` on 31 March is 1 to 31 March. A window with minutes or hours in it, and every other form, is as
    /// without.
    pub fn bounds(&self, window: &Window) -> Bounds {
        let now = self.now;
        let (after, until) = match *window {
            Window::Rolling(length) => self.stepped(&[length], Step::of(length), Step::default()),
            Window::Previous(length) => {
                let once = Step::of(length);
                self.stepped(&[length], once.and(once), once)
            }
            Window::Ending { length, ago } => {
                let until = Step::of(ago);
                self.stepped(&[length, ago], Step::of(length).and(until), until)
            }
            Window::ToDate(period) => (self.before_day(self.current_start(period)), now),
            Window::Last(period) => {
                let current = self.current_start(period);
                (self.before_previous(period, current), self.before_day(current))
            }
            Window::PreviousToDate(period) => {
                let current = self.current_start(period);
                let same_part = self.ago(Duration { count: 1, unit: unit_of(period) });
                (self.before_previous(period, current), same_part.min(self.before_day(current)))
            }
            Window::Absolute { from, to } => {
                let after = from.map_or(i64::MIN, |from| self.first_of(from).saturating_sub(1));
                (after, to.map_or(now, |to| self.last_of(to)))
            }
        };
        let until = until.min(now);
        Bounds { after: after.min(until), until }
    }

    /// The first day of the calendar period a date falls in; the calendar's first day where the period begins before
    /// it.
    pub fn period_start(&self, period: Period, date: NaiveDate) -> NaiveDate {
        period_start(period, date, self.week_starts)
    }

    /// Both ends of a window as steps back from T: exact, or in whole days.
    fn stepped(&self, durations: &[Duration], lower: Step, upper: Step) -> (i64, i64) {
        let whole_days = self.windows == WindowMode::Days && durations.iter().all(|d| !is_exact(d.unit));
        if whole_days {
            (self.days_back(lower), self.days_back(upper))
        } else {
            (self.step_back(lower), self.step_back(upper))
        }
    }

    /// T minus a step: months and days on the wall clock, then elapsed time. T itself for no step at all.
    fn step_back(&self, step: Step) -> i64 {
        let bound = if step.is_calendar() {
            match step.back().on_local(self.latest_within_calendar()) {
                Some(local) => self.zone.first_instant(local),
                None => return i64::MIN,
            }
        } else {
            self.now
        };
        i64::try_from(i128::from(bound) - step.micros).unwrap_or(i64::MIN)
    }

    /// The last instant of the day that is a step before today, counted from the day after today.
    fn days_back(&self, step: Step) -> i64 {
        let Some(tomorrow) = self.latest_date().checked_add_days(Days::new(1)) else { return self.now };
        step.back()
            .on_local(midnight(tomorrow))
            .map_or(i64::MIN, |local| self.zone.first_instant(local).saturating_sub(1))
    }

    /// The latest local time shown up to T, if need be the first or last of the calendar.
    fn latest_within_calendar(&self) -> i64 {
        self.latest.clamp(midnight(NaiveDate::MIN), midnight(NaiveDate::MAX) + DAY - 1)
    }

    /// The latest local date shown up to T.
    fn latest_date(&self) -> NaiveDate {
        date_of_saturating(self.latest)
    }

    fn current_start(&self, period: Period) -> NaiveDate {
        self.period_start(period, self.latest_date())
    }

    /// The last instant before a day.
    fn before_day(&self, date: NaiveDate) -> i64 {
        self.day_start(date).saturating_sub(1)
    }

    /// The last instant before the period before the one that starts on a date.
    fn before_previous(&self, period: Period, start: NaiveDate) -> i64 {
        start.pred_opt().map_or(i64::MIN, |day| self.before_day(self.period_start(period, day)))
    }

    fn first_of(&self, moment: Moment) -> i64 {
        match moment {
            Moment::Day(date) => self.day_start(date),
            Moment::Local(local) => self.zone.first_instant(local.and_utc().timestamp_micros()),
            Moment::Instant(instant) => instant,
        }
    }

    fn last_of(&self, moment: Moment) -> i64 {
        match moment {
            Moment::Day(date) => date.succ_opt().map_or(i64::MAX, |next| self.before_day(next)),
            Moment::Local(_) | Moment::Instant(_) => self.first_of(moment),
        }
    }
}

fn period_start(period: Period, date: NaiveDate, week_starts: Weekday) -> NaiveDate {
    let start = match period {
        Period::Day => Some(date),
        Period::Week => {
            let into_week = u64::from(date.weekday().days_since(week_starts));
            date.checked_sub_days(Days::new(into_week))
        }
        Period::Month => date.with_day(1),
        Period::Quarter => NaiveDate::from_ymd_opt(date.year(), date.month0() / 3 * 3 + 1, 1),
        Period::Year => NaiveDate::from_ymd_opt(date.year(), 1, 1),
    };
    start.unwrap_or(NaiveDate::MIN)
}

pub(super) fn unit_of(period: Period) -> Unit {
    match period {
        Period::Day => Unit::Day,
        Period::Week => Unit::Week,
        Period::Month => Unit::Month,
        Period::Quarter => Unit::Quarter,
        Period::Year => Unit::Year,
    }
}
