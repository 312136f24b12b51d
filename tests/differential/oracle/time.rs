//! Local time, calendar steps and window bounds.
//!
//! Two facts make "a bound never steps back" simple. Stepping the calendar and placing a local time in the zone are both
//! monotone in *local* time (what does not exist becomes the first instant after the gap, what exists twice the earlier),
//! so the largest bound of any instant up to T is the bound of the largest local time up to T: the `reach`.

use chrono::{DateTime, Datelike, Days, LocalResult, Months, NaiveDate, NaiveDateTime, NaiveTime, Offset};
use chrono::{TimeZone, Weekday};
use chrono_tz::Tz;
use kohort::catalog::model::WindowMode;
use kohort::syntax::ast::{Duration, Literal, Period, TimePoint, Unit, Window};

use super::super::mutants::Mutant;

/// Microseconds of a minute, an hour, and a day of 24 hours.
pub const MINUTE: i64 = 60_000_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// The local time of an instant.
pub fn local(zone: Tz, instant: i64) -> NaiveDateTime {
    let utc = DateTime::from_timestamp_micros(instant).expect("an instant within the calendar's range");
    utc.with_timezone(&zone).naive_local()
}

/// The instant of a local time: of two the earlier, of none the first after the gap.
pub fn instant(zone: Tz, at: NaiveDateTime) -> i64 {
    match zone.from_local_datetime(&at) {
        LocalResult::Single(time) => time.timestamp_micros(),
        LocalResult::Ambiguous(a, b) => a.timestamp_micros().min(b.timestamp_micros()),
        LocalResult::None => after_gap(zone, at),
    }
}

/// The instant of a local time, of two the later: wrong, and what a mutant takes.
pub fn later_instant(zone: Tz, at: NaiveDateTime) -> i64 {
    zone.from_local_datetime(&at).latest().map_or_else(|| instant(zone, at), |at| at.timestamp_micros())
}

/// The first instant whose local time is later than `at`, which does not exist.
fn after_gap(zone: Tz, at: NaiveDateTime) -> i64 {
    let guess = at.and_utc().timestamp_micros();
    let (mut before, mut after) = (guess - 30 * HOUR, guess + 30 * HOUR);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if local(zone, middle) > at { after = middle } else { before = middle }
    }
    after
}

/// The first instant of a local day.
pub fn start_of_day(zone: Tz, date: NaiveDate) -> i64 {
    instant(zone, date.and_time(NaiveTime::MIN))
}

/// The instant at which the zone's offset changes after `from` and up to `to`, if it does, and whether clocks go back.
pub fn change_between(zone: Tz, from: i64, to: i64) -> Option<(i64, bool)> {
    let offset = |at: i64| {
        let utc = DateTime::from_timestamp_micros(at).expect("an instant within the calendar's range").naive_utc();
        zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
    };
    let (mut before, mut after) = (from, to);
    let old = offset(before);
    if offset(after) == old {
        return None;
    }
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if offset(middle) == old { before = middle } else { after = middle }
    }
    Some((after, offset(after) < old))
}

/// The latest local time that any instant up to `now` had: later than the local time of `now` only in a repeated hour.
fn reach(zone: Tz, now: i64) -> NaiveDateTime {
    let mut latest = local(zone, now);
    let mut from = now - 30 * HOUR;
    while from < now {
        let to = (from + 15 * MINUTE).min(now);
        if let Some((change, true)) = change_between(zone, from, to) {
            latest = latest.max(local(zone, change - 1));
        }
        from = to;
    }
    latest
}

/// A date some months on; a day that the month lacks is the first of the next month, and `false`.
fn add_months(date: NaiveDate, months: i64) -> (NaiveDate, bool) {
    let month = i64::from(date.year()) * 12 + i64::from(date.month0()) + months;
    let first = |month: i64| {
        let (year, month0) = (month.div_euclid(12) as i32, month.rem_euclid(12) as u32);
        NaiveDate::from_ymd_opt(year, month0 + 1, 1).expect("a year within the calendar's range")
    };
    match first(month).with_day(date.day()) {
        Some(same_day) => (same_day, true),
        None => (first(month + 1), false),
    }
}

fn add_days(date: NaiveDate, days: i64) -> NaiveDate {
    let moved = match days {
        0.. => date.checked_add_days(Days::new(days.unsigned_abs())),
        _ => date.checked_sub_days(Days::new(days.unsigned_abs())),
    };
    moved.expect("a day within the calendar's range")
}

/// A number of units as months, days and microseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    months: i64,
    days: i64,
    micros: i64,
}

impl Step {
    fn of(span: Duration) -> Step {
        let count = i64::from(span.count);
        match span.unit {
            Unit::Minute => Step { micros: count * MINUTE, ..Step::default() },
            Unit::Hour => Step { micros: count * HOUR, ..Step::default() },
            Unit::Day => Step { days: count, ..Step::default() },
            Unit::Week => Step { days: 7 * count, ..Step::default() },
            Unit::Month => Step { months: count, ..Step::default() },
            Unit::Quarter => Step { months: 3 * count, ..Step::default() },
            Unit::Year => Step { months: 12 * count, ..Step::default() },
        }
    }

    fn and(self, other: Step) -> Step {
        Step { months: self.months + other.months, days: self.days + other.days, micros: self.micros + other.micros }
    }

    fn back(self) -> Step {
        Step { months: -self.months, days: -self.days, micros: -self.micros }
    }

    fn is_exact(self) -> bool {
        self.months == 0 && self.days == 0
    }

    fn on_date(self, date: NaiveDate) -> NaiveDate {
        add_days(add_months(date, self.months).0, self.days)
    }

    /// Months, then days, of a local time; a day that does not exist is the first instant after it.
    fn on_local(self, at: NaiveDateTime) -> NaiveDateTime {
        let (date, exists) = add_months(at.date(), self.months);
        add_days(date, self.days).and_time(if exists { at.time() } else { NaiveTime::MIN })
    }
}

/// A date some units on or back.
pub fn step_date(date: NaiveDate, span: Duration, back: bool) -> NaiveDate {
    let step = Step::of(span);
    assert!(step.micros == 0, "a date takes no minutes or hours");
    if back { step.back() } else { step }.on_date(date)
}

/// An instant some units on or back: minutes and hours exactly, longer units by the local calendar.
pub fn step_instant(zone: Tz, at: i64, span: Duration, back: bool) -> i64 {
    let step = if back { Step::of(span).back() } else { Step::of(span) };
    if step.is_exact() { at + step.micros } else { instant(zone, step.on_local(local(zone, at))) }
}

/// The day on which a period begins.
pub fn period_start(period: Period, date: NaiveDate, week_starts: Weekday) -> NaiveDate {
    let first = |month0: u32| NaiveDate::from_ymd_opt(date.year(), month0 + 1, 1).expect("a first of a month");
    match period {
        Period::Day => date,
        Period::Week => add_days(date, -i64::from(date.weekday().days_since(week_starts))),
        Period::Month => first(date.month0()),
        Period::Quarter => first(date.month0() / 3 * 3),
        Period::Year => first(0),
    }
}

fn one(period: Period) -> Duration {
    let unit = match period {
        Period::Day => Unit::Day,
        Period::Week => Unit::Week,
        Period::Month => Unit::Month,
        Period::Quarter => Unit::Quarter,
        Period::Year => Unit::Year,
    };
    Duration { count: 1, unit }
}

/// Rows after `lower` (all, without it) and up to `upper`, whole microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub lower: Option<i64>,
    pub upper: i64,
}

impl Bounds {
    pub fn contain(&self, at: i64) -> bool {
        self.lower.is_none_or(|lower| lower < at) && at <= self.upper
    }
}

/// The calendar of a project at one instant.
pub struct Calendar {
    pub zone: Tz,
    pub week_starts: Weekday,
    pub now: i64,
    windows: WindowMode,
    reach: NaiveDateTime,
    /// The one meaning that is wrong on purpose.
    mutant: Option<Mutant>,
}

impl Calendar {
    pub fn new(zone: Tz, week_starts: Weekday, windows: WindowMode, now: i64) -> Self {
        Calendar::as_mutant(None, zone, week_starts, windows, now)
    }

    /// The same, with one meaning wrong.
    pub fn as_mutant(mutant: Option<Mutant>, zone: Tz, week_starts: Weekday, windows: WindowMode, now: i64) -> Self {
        let is = |one| mutant == Some(one);
        let week_starts = if is(Mutant::WeekStartsMonday) { Weekday::Mon } else { week_starts };
        let windows = if is(Mutant::WholeDaysIgnored) { WindowMode::Exact } else { windows };
        let reach = if is(Mutant::BoundStepsBack) { local(zone, now) } else { reach(zone, now) };
        Calendar { zone, week_starts, now, windows, reach, mutant }
    }

    /// Whether this meaning is wrong on purpose.
    pub fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// The local date of T.
    pub fn today(&self) -> NaiveDate {
        self.day_of(self.now)
    }

    /// The local day of an instant.
    pub fn day_of(&self, at: i64) -> NaiveDate {
        local(if self.is(Mutant::DayInUtc) { Tz::UTC } else { self.zone }, at).date()
    }

    /// `90d ago`
    pub fn ago(&self, span: Duration) -> i64 {
        self.exactly_back(Step::of(span))
    }

    fn exactly_back(&self, step: Step) -> i64 {
        if step.is_exact() {
            return self.now - step.micros;
        }
        if self.is(Mutant::DayIs24Hours) && step.months == 0 {
            return self.now - step.micros - step.days * DAY;
        }
        if self.is(Mutant::MonthClamped) && step.days == 0 {
            return instant(self.zone, self.reach - Months::new(step.months.unsigned_abs() as u32)) - step.micros;
        }
        instant(self.zone, step.back().on_local(self.reach)) - step.micros
    }

    /// The bound of a rolling window. `windows: days`, unless minutes or hours are in it: the last instant before the day
    /// that begins so much before tomorrow.
    fn rolled_back(&self, step: Step, whole_days: bool) -> i64 {
        if self.windows == WindowMode::Exact || !whole_days {
            return self.exactly_back(step);
        }
        let tomorrow = add_days(self.reach.date(), 1);
        start_of_day(self.zone, step.back().on_date(tomorrow)) - 1
    }

    /// The last instant before the period that T is in, or before the one before that.
    fn before_period(&self, period: Period, previous: bool) -> i64 {
        let this = period_start(period, self.reach.date(), self.week_starts);
        let start = if previous { step_date(this, one(period), true) } else { this };
        start_of_day(self.zone, start) - 1
    }

    /// What a window covers.
    pub fn bounds(&self, window: &Window) -> Bounds {
        let (lower, upper) = match window {
            Window::Rolling(span) => {
                let step = Step::of(*span);
                (Some(self.rolled_back(step, step.micros == 0)), self.now)
            }
            Window::Previous(span) => {
                let step = Step::of(*span);
                let (upper, whole_days) = (self.rolled_back(step, step.micros == 0), step.micros == 0);
                if self.is(Mutant::PreviousChained) {
                    return Bounds { lower: Some(step_instant(self.zone, upper, *span, true)), upper };
                }
                (Some(self.rolled_back(step.and(step), whole_days)), upper)
            }
            Window::Ending { length, ago } => {
                let (length, ago) = (Step::of(*length), Step::of(*ago));
                let whole_days = length.micros == 0 && ago.micros == 0;
                (Some(self.rolled_back(length.and(ago), whole_days)), self.rolled_back(ago, whole_days))
            }
            Window::ToDate(period) => (Some(self.before_period(*period, false)), self.now),
            Window::Last(period) => (Some(self.before_period(*period, true)), self.before_period(*period, false)),
            Window::PreviousToDate(period) => {
                let end = self.before_period(*period, false);
                let upper = self.ago(one(*period)).min(if self.is(Mutant::ElapsedPartNotCut) { self.now } else { end });
                (Some(self.before_period(*period, true)), upper)
            }
            Window::Absolute { from, to } => {
                let lower = from.as_ref().map(|from| self.first_of(from) - 1);
                (lower, to.as_ref().map_or(self.now, |to| self.last_of(to)))
            }
        };
        let lower = if self.is(Mutant::LowerBoundIn) { lower.map(|lower| lower - 1) } else { lower };
        Bounds { lower, upper: upper.min(self.now) - i64::from(self.is(Mutant::UpperBoundOut)) }
    }

    fn first_of(&self, point: &TimePoint) -> i64 {
        match &point.literal {
            Literal::Date(date) => start_of_day(self.zone, *date),
            Literal::Local(at) => instant(self.zone, *at),
            Literal::Instant(at) => at.timestamp_micros(),
            other => panic!("{other:?} is no point in time"),
        }
    }

    fn last_of(&self, point: &TimePoint) -> i64 {
        match &point.literal {
            Literal::Date(date) => {
                start_of_day(self.zone, add_days(*date, i64::from(!self.is(Mutant::LastDayOut)))) - 1
            }
            _ => self.first_of(point),
        }
    }

    /// Completed years at today; a 29 February completes on 1 March in common years.
    pub fn age(&self, birth: NaiveDate) -> i64 {
        let today = self.today();
        let years = i64::from(today.year() - birth.year());
        let late = i64::from(self.is(Mutant::AgeADayLate));
        if add_days(add_months(birth, 12 * years).0, late) <= today { years } else { years - 1 }
    }

    /// Whether a day lies between today and so much later (earlier), both ends in; an anniversary in any year.
    pub fn is_within(&self, day: NaiveDate, span: Duration, next: bool, anniversary: bool) -> bool {
        let today = self.today();
        let end = step_date(today, span, !next);
        let (first, last) = (today.min(end), today.max(end));
        if !anniversary {
            return first <= day && day <= last;
        }
        let beside = if self.is(Mutant::LeapDayOnFirstOfMarch) { 1 } else { -1 };
        (first.year()..=last.year()).any(|year| {
            let day = day
                .with_year(year)
                .unwrap_or_else(|| add_days(day, beside).with_year(year).expect("a day that exists"));
            first <= day && day <= last
        })
    }
}
