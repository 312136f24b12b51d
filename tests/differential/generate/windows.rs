//! Windows to write into rules, instants of evaluation worth testing, and the instants where things change.

use chrono::{Datelike, Duration as Elapsed, NaiveDate, Weekday};
use chrono_tz::Tz;
use kohort::catalog::model::WindowMode;
use kohort::source::{FileId, Span};
use kohort::syntax::ast::{Duration, Literal, Period, TimePoint, Unit, Window};

use super::super::oracle::time::{self, Calendar, DAY, HOUR, MINUTE};
use super::random::Random;

/// A window as a rule may write it.
#[derive(Clone, Debug)]
pub struct Written {
    /// After a metric's name: `_prev_90d`.
    pub suffix: Option<String>,
    /// After a table or a metric: ` over previous 90 days`.
    pub phrase: String,
    /// What it means.
    pub window: Window,
    /// The form's name in the coverage table.
    pub form: &'static str,
}

const UNITS: [(Unit, &str, &str, i64); 7] = [
    (Unit::Minute, "min", "minutes", 90),
    (Unit::Hour, "h", "hours", 50),
    (Unit::Day, "d", "days", 120),
    (Unit::Week, "w", "weeks", 10),
    (Unit::Month, "mo", "months", 14),
    (Unit::Quarter, "q", "quarters", 5),
    (Unit::Year, "y", "years", 2),
];

const PERIODS: [(Period, &str, &str, &str); 5] = [
    (Period::Day, "today", "day", "yesterday"),
    (Period::Week, "wtd", "week", "last_week"),
    (Period::Month, "mtd", "month", "last_month"),
    (Period::Quarter, "qtd", "quarter", "last_quarter"),
    (Period::Year, "ytd", "year", "last_year"),
];

/// A duration, short (`90d`) and long (`90 days`).
pub fn duration(random: &mut Random, units: &[Unit]) -> (Duration, String, String) {
    let unit = *random.pick(units);
    let (_, short, long, most) = UNITS.into_iter().find(|one| one.0 == unit).expect("every unit is listed");
    let count = match random.below(10) {
        0..=2 => 1,
        3 | 4 => random.between(1, most.min(7)),
        _ => random.between(1, most),
    };
    let span = Duration { count: count as u32, unit };
    let long = if count == 1 { long.trim_end_matches('s') } else { long };
    (span, format!("{count}{short}"), format!("{count} {long}"))
}

/// Units that step the calendar.
pub const CALENDAR_UNITS: [Unit; 5] = [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year];
/// Units whose length in a difference is fixed.
pub const FIXED_UNITS: [Unit; 4] = [Unit::Minute, Unit::Hour, Unit::Day, Unit::Week];
const MONTHS: [Unit; 3] = [Unit::Month, Unit::Quarter, Unit::Year];
pub const ALL_UNITS: [Unit; 7] =
    [Unit::Minute, Unit::Hour, Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year];

/// A random window.
pub fn window(random: &mut Random, today: NaiveDate) -> Written {
    // Where the month before is shorter, its elapsed part is cut, and steps of months taken one by one lose days.
    if today.day() > 28 && random.chance(45) {
        return if random.chance(50) { to_date_before(Period::Month, "mtd") } else { previous(random, &MONTHS) };
    }
    match random.below(11) {
        0..=2 => rolling(random),
        3 | 4 => previous(random, &ALL_UNITS),
        5 => ending(random),
        6 => to_date(random),
        7 => last(random),
        8 => previous_to_date(random),
        _ => absolute(random, today),
    }
}

fn rolling(random: &mut Random) -> Written {
    let (span, short, long) = duration(random, &ALL_UNITS);
    let phrase = if random.chance(50) { format!(" over {short}") } else { format!(" over last {long}") };
    Written { suffix: Some(format!("_{short}")), phrase, window: Window::Rolling(span), form: "window rolling" }
}

fn previous(random: &mut Random, units: &[Unit]) -> Written {
    let (span, short, long) = duration(random, units);
    let phrase = format!(" over previous {long}");
    Written { suffix: Some(format!("_prev_{short}")), phrase, window: Window::Previous(span), form: "window previous" }
}

/// Both durations of one family (fixed, days, or months), or each of any.
fn ending(random: &mut Random) -> Written {
    let family: &[Unit] = match random.below(5) {
        0 => &[Unit::Minute, Unit::Hour],
        1 => &[Unit::Day, Unit::Week],
        2 => &MONTHS,
        _ => &ALL_UNITS,
    };
    let (length, long, _) = duration(random, family);
    let (ago, short, _) = duration(random, family);
    let phrase = format!(" over {long} ending {short} ago");
    Written { suffix: None, phrase, window: Window::Ending { length, ago }, form: "window ending" }
}

fn to_date(random: &mut Random) -> Written {
    let (period, suffix, word, _) = *random.pick(&PERIODS);
    let phrase = if period == Period::Day { " over today".into() } else { format!(" over this {word}") };
    Written { suffix: Some(format!("_{suffix}")), phrase, window: Window::ToDate(period), form: "window to date" }
}

fn last(random: &mut Random) -> Written {
    let (period, _, word, suffix) = *random.pick(&PERIODS);
    let phrase = if period == Period::Day { " over yesterday".into() } else { format!(" over last {word}") };
    Written { suffix: Some(format!("_{suffix}")), phrase, window: Window::Last(period), form: "window last period" }
}

fn previous_to_date(random: &mut Random) -> Written {
    let (period, suffix, _, _) = *random.pick(&PERIODS);
    to_date_before(period, suffix)
}

fn to_date_before(period: Period, suffix: &str) -> Written {
    let window = Window::PreviousToDate(period);
    let phrase = format!(" over previous {suffix}");
    let suffix = (period != Period::Day).then(|| format!("_prev_{suffix}"));
    Written { suffix, phrase, window, form: "window previous to date" }
}

fn absolute(random: &mut Random, today: NaiveDate) -> Written {
    let nowhere = Span::new(FileId(0), 0, 0);
    let point = |date| Some(TimePoint { literal: Literal::Date(date), span: nowhere });
    let from = today - Elapsed::days(random.between(0, 60));
    let to = from + Elapsed::days(random.between(0, 30));
    let (phrase, from, to) = match random.below(3) {
        0 => (format!(" over {from} to {to}"), point(from), point(to)),
        1 => (format!(" since {from}"), point(from), None),
        _ => (format!(" until {to}"), None, point(to)),
    };
    Written { suffix: None, phrase, window: Window::Absolute { from, to }, form: "window absolute" }
}

/// Zones worth testing: none, and two changes a year, of an hour and of half an hour; those with changes more often.
const ZONES: [Tz; 7] = [
    Tz::Europe__Stockholm,
    Tz::America__New_York,
    Tz::Australia__Lord_Howe,
    Tz::Europe__Stockholm,
    Tz::America__New_York,
    Tz::Asia__Jakarta,
    Tz::UTC,
];

/// A zone.
pub fn zone(random: &mut Random) -> Tz {
    *random.pick(&ZONES)
}

/// An instant of evaluation: month ends, leap days, clock changes, quiet days.
pub fn now(random: &mut Random, zone: Tz) -> i64 {
    const DAYS: [(i32, u32, u32); 12] = [
        (2026, 3, 31),
        (2026, 3, 1),
        (2024, 2, 29),
        (2025, 2, 28),
        (2024, 3, 31),
        (2025, 12, 31),
        (2026, 1, 1),
        (2025, 5, 31),
        (2026, 7, 15),
        (2026, 2, 27),
        (2027, 3, 29),
        (2025, 3, 1),
    ];
    if random.chance(40)
        && let Some(change) = clock_change(random, zone)
    {
        // The repeated hour follows the change.
        return change + if random.chance(65) { random.between(0, HOUR) } else { near(random, 3 * HOUR) };
    }
    let (year, month, day) = *random.pick(&DAYS);
    let start = time::start_of_day(zone, NaiveDate::from_ymd_opt(year, month, day).expect("a day that exists"));
    match random.below(4) {
        0 => start + DAY - 1,
        1 => start + random.between(-1, 1),
        _ => start + random.between(0, DAY - 1),
    }
}

/// One of the zone's clock changes of the years 2024 to 2026.
fn clock_change(random: &mut Random, zone: Tz) -> Option<i64> {
    let start = time::start_of_day(zone, NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day that exists"));
    let days = (0..1095).map(|day| start + day * DAY);
    let changes: Vec<i64> = days.filter_map(|day| Some(time::change_between(zone, day, day + DAY)?.0)).collect();
    random.any(&changes).copied()
}

fn near(random: &mut Random, reach: i64) -> i64 {
    match random.below(3) {
        0 => random.between(-1, 1),
        1 => random.between(-3, 3) * 30 * MINUTE,
        _ => random.between(-reach, reach),
    }
}

/// Instants of rows: around the edges of windows, around T, and scattered.
pub struct Instants {
    edges: Vec<i64>,
    /// A few that stand in plain periods to each other, so that rows meet and periods are met exactly.
    echoes: Vec<i64>,
    /// How often one of them is drawn, beside a hundred others.
    often: usize,
    now: i64,
}

impl Instants {
    /// The edges of these windows and of the local days around T.
    pub fn new(
        random: &mut Random,
        zone: Tz,
        week_starts: Weekday,
        mode: WindowMode,
        now: i64,
        windows: &[Written],
    ) -> Self {
        let calendar = Calendar::new(zone, week_starts, mode, now);
        let bounds = windows.iter().map(|written| calendar.bounds(&written.window));
        let mut edges: Vec<i64> = bounds.flat_map(|bounds| bounds.lower.into_iter().chain([bounds.upper])).collect();
        edges.extend([now, time::start_of_day(zone, calendar.today())]);
        let days = (-2..2).map(|day| now + day * DAY);
        edges.extend(days.filter_map(|day| Some(time::change_between(zone, day, day + DAY)?.0)));
        // Across a clock change a day is not 24 hours.
        let mut days = (-3..3).map(|day| now + day * DAY);
        let change = days.find_map(|day| Some(time::change_between(zone, day, day + DAY)?.0));
        let first = match (random.below(4), change) {
            (0 | 1, Some(change)) => change - random.between(1, 23) * HOUR,
            (0, None) => now - random.between(0, 3 * DAY),
            _ => *random.pick(&edges),
        };
        let spans =
            [(1, Unit::Hour), (1, Unit::Day), (24, Unit::Hour), (2, Unit::Day), (1, Unit::Week), (1, Unit::Month)];
        let ends = spans.map(|(count, unit)| Duration { count, unit });
        let echoes =
            ends.iter().flat_map(|span| [false, true].map(|back| time::step_instant(zone, first, *span, back)));
        let days = [(1, Unit::Day), (24, Unit::Hour), (1, Unit::Day), (2, Unit::Day)];
        let days = days.map(|(count, unit)| time::step_instant(zone, first, Duration { count, unit }, false));
        let days = change.into_iter().flat_map(|_| days).chain([first, first]);
        Instants { edges, echoes: echoes.chain(days).collect(), often: if change.is_some() { 45 } else { 15 }, now }
    }

    /// One of them, or one beside it; sometimes after T.
    pub fn draw(&self, random: &mut Random) -> i64 {
        match random.below(100 + self.often) {
            100.. => *random.pick(&self.echoes),
            0..=44 => random.pick(&self.edges) + random.between(-1, 1),
            45..=54 => random.pick(&self.edges) + near(random, 3 * HOUR),
            55..=64 => random.pick(&self.edges) + random.between(-2 * DAY, 2 * DAY),
            65..=74 => self.now - random.between(0, 4 * DAY),
            75..=87 => self.now - random.between(0, 100 * DAY),
            88..=94 => self.now - random.between(0, 800 * DAY),
            _ => self.now + random.between(1, 40 * DAY),
        }
    }
}
