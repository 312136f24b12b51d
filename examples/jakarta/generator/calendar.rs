//! The days of the data: how busy a day is, and where the months of fasting lie.

use chrono::{Datelike, NaiveDate, Weekday};

/// Seconds of a day. Times are seconds of the local clock, counted from 1970; Jakarta knows no daylight saving.
pub const DAY: i64 = 86_400;
/// Days from the first day of the common era to 1970.
const EPOCH: i32 = 719_163;
/// Idul Fitri (Lebaran) of 1447 H.
const LEBARAN: (i32, u32, u32) = (2026, 3, 21);
/// A lunar year, in thousandths of a day: Lebaran comes so much later, give or take a day.
const LUNAR_YEAR: i64 = 354_367;

/// The number of a day, counted from 1970.
pub fn number(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH
}

/// The date of a numbered day.
pub fn date(day: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day + EPOCH).unwrap_or_default()
}

/// The day of an instant.
pub fn day_of(at: i64) -> i32 {
    at.div_euclid(DAY) as i32
}

/// One day of the data, its factors in thousandths of an ordinary day's.
#[derive(Clone, Copy)]
pub struct Day {
    /// Its number.
    pub number: i32,
    /// How busy the stores are.
    pub stores: u64,
    /// How busy web shop and app are.
    pub online: u64,
    /// How near Lebaran is: 0 outside the month of fasting, 1,000 on its last days.
    pub fasting: u64,
}

/// All days of the data.
pub struct Calendar {
    days: Vec<Day>,
}

impl Calendar {
    /// So many days, of which `until` is the last.
    pub fn new(until: NaiveDate, days: u32) -> Self {
        let last = number(until);
        let first = last - days as i32 + 1;
        Calendar { days: (first..=last).map(|day| weigh(day, day - first)).collect() }
    }

    /// The first day.
    pub fn first(&self) -> i32 {
        self.days.first().map_or(0, |day| day.number)
    }

    /// The last day.
    pub fn last(&self) -> i32 {
        self.days.last().map_or(0, |day| day.number)
    }

    /// The instant at which the data ends: nothing is known of what happens from then on.
    pub fn end(&self) -> i64 {
        i64::from(self.last() + 1) * DAY
    }

    /// The days from one to another, both in, as far as there are data.
    pub fn between(&self, first: i32, last: i32) -> &[Day] {
        let end = (last.min(self.last()) - self.first() + 1).max(0) as usize;
        let start = (first - self.first()).max(0) as usize;
        self.days.get(start.min(end)..end).unwrap_or_default()
    }
}

/// How busy a day is: the weekend, the days after pay, the sales of 11 November and 12 December, Lebaran, and a growth
/// of a fifth in a year.
fn weigh(day: i32, elapsed: i32) -> Day {
    let date = date(day);
    let week = match date.weekday() {
        Weekday::Sat => 1_450,
        Weekday::Sun => 1_550,
        Weekday::Fri => 1_000,
        _ => 780,
    };
    let pay = if date.day() >= 25 || date.day() <= 3 { 1_200 } else { 920 };
    let growth = 1_000 + elapsed.max(0) as u64 * 200 / 365;
    let ahead = days_to_lebaran(day);
    let (open, fasting) = match ahead {
        // The first two days of the feast: most stores are closed.
        0 | 353.. => (150, 0),
        1..=28 => (1_000, 300 + (28 - ahead) as u64 * 25),
        335..=352 => (800, 0),
        _ => (1_000, 0),
    };
    let event = matches!((date.month(), date.day()), (11, 11) | (12, 12));
    let busy = growth * pay / 1_000;
    Day {
        number: day,
        stores: busy * week / 1_000 * open / 1_000,
        online: busy * if event { 4_000 } else { (week + 1_000) / 2 } / 1_000,
        fasting,
    }
}

/// Days until the next Lebaran; none on the day itself.
fn days_to_lebaran(day: i32) -> i64 {
    let (year, month, of_month) = LEBARAN;
    let known = NaiveDate::from_ymd_opt(year, month, of_month).map_or(0, number);
    let since = i64::from(day - known) * 1_000;
    let next =
        since.div_euclid(LUNAR_YEAR) * LUNAR_YEAR + if since.rem_euclid(LUNAR_YEAR) == 0 { 0 } else { LUNAR_YEAR };
    (next - since) / 1_000
}
