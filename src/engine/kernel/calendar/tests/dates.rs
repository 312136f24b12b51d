//! Dates and shifted instants, worked out by hand.

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;

use crate::catalog::model::WindowMode;
use crate::engine::kernel::calendar::{Calendar, local_to_instant};
use crate::syntax::ast::{Direction, Period, Unit};

use super::{calendar, day, show, units, utc};

fn on(today: &str) -> Calendar {
    calendar(Tz::UTC, WindowMode::Exact, utc(&format!("{today}T12:00:00")))
}

#[test]
fn years_are_completed() {
    for (birth, today, age) in [
        ("1990-06-15", "2026-06-14", 35),
        ("1990-06-15", "2026-06-15", 36),
        ("2000-02-29", "2026-02-28", 25),
        ("2000-02-29", "2026-03-01", 26),
        ("2000-02-29", "2028-02-28", 27),
        ("2000-02-29", "2028-02-29", 28),
        ("2026-06-15", "2026-06-15", 0),
        ("2026-06-16", "2026-06-15", -1),
        ("2027-06-15", "2026-06-15", -1),
        ("2027-06-16", "2026-06-15", -2),
    ] {
        assert_eq!(on(today).age(day(birth)), age, "born {birth}, on {today}");
    }
}

#[test]
fn within_has_both_ends_in() {
    let now = on("2026-03-31");
    for (value, direction, span, expected) in [
        ("2026-03-31", Direction::Next, units(0, Unit::Day), true),
        ("2026-03-30", Direction::Next, units(7, Unit::Day), false),
        ("2026-04-07", Direction::Next, units(7, Unit::Day), true),
        ("2026-04-08", Direction::Next, units(1, Unit::Week), false),
        ("2026-03-28", Direction::Last, units(3, Unit::Day), true),
        ("2026-03-27", Direction::Last, units(3, Unit::Day), false),
        ("2026-04-01", Direction::Last, units(3, Unit::Day), false),
        ("2026-03-01", Direction::Last, units(1, Unit::Month), true),
        ("2026-02-28", Direction::Last, units(1, Unit::Month), false),
        ("2026-05-01", Direction::Next, units(1, Unit::Month), true),
        ("2026-04-01", Direction::Next, units(12, Unit::Hour), true),
        ("2026-04-02", Direction::Next, units(12, Unit::Hour), false),
    ] {
        assert_eq!(now.within(day(value), false, direction, span), expected, "{value} {direction:?} {span:?}");
    }
}

#[test]
fn anniversaries_ignore_the_year() {
    for (today, value, direction, span, expected) in [
        ("2026-12-30", "1990-01-03", Direction::Next, units(7, Unit::Day), true),
        ("2026-12-30", "1990-12-30", Direction::Next, units(7, Unit::Day), true),
        ("2026-12-30", "1990-12-29", Direction::Next, units(7, Unit::Day), false),
        ("2026-12-30", "1990-01-07", Direction::Next, units(7, Unit::Day), false),
        ("2026-01-02", "1990-12-31", Direction::Last, units(3, Unit::Day), true),
        ("2026-02-27", "2000-02-29", Direction::Next, units(1, Unit::Day), true),
        ("2026-03-01", "2000-02-29", Direction::Next, units(1, Unit::Day), false),
        ("2028-02-28", "2000-02-29", Direction::Next, units(0, Unit::Day), false),
        ("2028-02-28", "2000-02-29", Direction::Next, units(1, Unit::Day), true),
        ("2026-06-15", "2026-06-15", Direction::Next, units(7, Unit::Day), true),
        ("2026-06-15", "2026-06-20", Direction::Next, units(7, Unit::Day), true),
        ("2026-06-15", "2027-06-17", Direction::Next, units(7, Unit::Day), true),
        ("2026-06-15", "2027-06-17", Direction::Next, units(2, Unit::Year), true),
        ("2026-06-15", "1990-11-11", Direction::Last, units(1, Unit::Year), true),
        ("2026-06-15", "1990-11-11", Direction::Next, units(u32::MAX, Unit::Year), true),
    ] {
        assert_eq!(on(today).within(day(value), true, direction, span), expected, "{value} {direction:?} on {today}");
    }
}

#[test]
fn periods_begin_where_the_catalogue_says() {
    let now = on("2026-03-31");
    for (period, date, start) in [
        (Period::Day, "2026-03-31", "2026-03-31"),
        (Period::Week, "2026-03-31", "2026-03-30"),
        (Period::Week, "2026-03-30", "2026-03-30"),
        (Period::Week, "2026-01-01", "2025-12-29"),
        (Period::Month, "2024-02-29", "2024-02-01"),
        (Period::Quarter, "2026-06-30", "2026-04-01"),
        (Period::Quarter, "2026-12-01", "2026-10-01"),
        (Period::Year, "2026-12-31", "2026-01-01"),
    ] {
        assert_eq!(now.period_start(period, day(date)), day(start), "{period:?} of {date}");
    }
    let from_sunday = Calendar::new(Tz::UTC, Weekday::Sun, WindowMode::Exact, now.now());
    assert_eq!(from_sunday.period_start(Period::Week, day("2026-03-28")), day("2026-03-22"));
    assert_eq!(from_sunday.period_start(Period::Week, day("2026-03-29")), day("2026-03-29"));
}

#[test]
fn instants_shift_on_the_wall_clock() {
    let stockholm = calendar(Tz::Europe__Stockholm, WindowMode::Exact, 0);
    for (from, count, unit, to) in [
        ("2026-03-28T11:00:00", 1, Unit::Day, "2026-03-29T10:00:00"),
        ("2026-03-28T11:00:00", 24, Unit::Hour, "2026-03-29T11:00:00"),
        ("2026-03-28T01:30:00", 1, Unit::Day, "2026-03-29T01:00:00"),
        ("2026-10-24T00:30:00", 1, Unit::Day, "2026-10-25T00:30:00"),
        ("2026-10-25T01:30:00", 1, Unit::Day, "2026-10-26T01:30:00"),
        ("2026-10-25T01:30:00", 0, Unit::Day, "2026-10-25T01:30:00"),
        ("2026-01-31T09:00:00", 1, Unit::Month, "2026-02-28T23:00:00"),
        ("2026-03-31T08:00:00", -3, Unit::Month, "2025-12-31T09:00:00"),
        ("2026-03-31T08:00:00", -30, Unit::Minute, "2026-03-31T07:30:00"),
        ("2026-03-31T08:00:00", 2, Unit::Year, "2028-03-31T08:00:00"),
    ] {
        let found = stockholm.shift_instant(utc(from), count, unit).map(show);
        assert_eq!(found, Some(show(utc(to))), "{from} {count:+} {unit:?}");
    }
}

#[test]
fn local_times_have_one_instant() {
    for (zone, local, instant) in [
        (Tz::Europe__Stockholm, "2026-03-29T02:30:00", "2026-03-29T01:00:00"),
        (Tz::Europe__Stockholm, "2026-03-29T03:00:00", "2026-03-29T01:00:00"),
        (Tz::Europe__Stockholm, "2026-10-25T02:30:00", "2026-10-25T00:30:00"),
        (Tz::Europe__Stockholm, "2026-10-25T03:00:00", "2026-10-25T02:00:00"),
        (Tz::Pacific__Apia, "2011-12-30T18:00:00", "2011-12-30T10:00:00"),
        (Tz::America__New_York, "1850-01-01T00:00:00", "1850-01-01T04:56:02"),
        (Tz::UTC, "2026-03-31T10:00:00.123456789", "2026-03-31T10:00:00.123456"),
        (Tz::UTC, "1960-03-31T10:00:00.123456789", "1960-03-31T10:00:00.123456"),
    ] {
        assert_eq!(show(local_to_instant(zone, local.parse().unwrap())), show(utc(instant)), "{zone} {local}");
    }
}

#[test]
fn parts_of_an_instant_are_local() {
    let jakarta = calendar(Tz::Asia__Jakarta, WindowMode::Exact, utc("2026-03-31T17:30:00"));
    assert_eq!((jakarta.today(), jakarta.hour(jakarta.now())), (day("2026-04-01"), 0));
    assert_eq!(jakarta.local_date(utc("2026-03-31T16:59:59.999999")), day("2026-03-31"));
    assert_eq!(jakarta.hour(utc("1969-12-31T16:00:00")), 23);
    assert_eq!(jakarta.local_date(i64::MAX), NaiveDate::MAX);
    assert_eq!(jakarta.local_date(i64::MIN), NaiveDate::MIN);
}
