//! Calendars, windows, anniversaries.

use chrono::Weekday;
use kohort::catalog::model::WindowMode;
use kohort::syntax::ast::{Duration, Period, Unit, Window};

use super::super::oracle::time::{Bounds, Calendar, DAY, HOUR, start_of_day, step_date, step_instant};
use super::*;

const UTC: Tz = Tz::UTC;
const STOCKHOLM: Tz = Tz::Europe__Stockholm;
const NEW_YORK: Tz = Tz::America__New_York;
const LORD_HOWE: Tz = Tz::Australia__Lord_Howe;

fn calendar(zone: Tz, now: &str) -> Calendar {
    calendar_at(zone, at(zone, now))
}

fn calendar_at(zone: Tz, now: i64) -> Calendar {
    Calendar::new(zone, Weekday::Mon, WindowMode::Exact, now)
}

fn span(count: u32, unit: Unit) -> Duration {
    Duration { count, unit }
}

fn bounds(zone: Tz, lower: &str, upper: &str) -> Bounds {
    Bounds { lower: Some(at(zone, lower)), upper: at(zone, upper) }
}

#[test]
fn rolling_windows_exclude_their_lower_bound_and_include_t() {
    let covered = calendar(UTC, "2026-03-31T10:00:00").bounds(&Window::Rolling(span(90, Unit::Day)));
    assert_eq!(covered, bounds(UTC, "2025-12-31T10:00:00", "2026-03-31T10:00:00"));
    assert!(!covered.contain(at(UTC, "2025-12-31T10:00:00")));
    assert!(covered.contain(at(UTC, "2025-12-31T10:00:00.000001")));
    assert!(covered.contain(at(UTC, "2026-03-31T10:00:00")));
    assert!(!covered.contain(at(UTC, "2026-03-31T10:00:00.000001")));
}

#[test]
fn a_day_across_a_clock_change_is_one_day_and_24_hours_are_exact() {
    // Stockholm skips 02:00 to 03:00 on 29 March 2026.
    let calendar = calendar(STOCKHOLM, "2026-03-29T12:00:00");
    assert_eq!(calendar.ago(span(1, Unit::Day)), at(STOCKHOLM, "2026-03-28T12:00:00"));
    assert_eq!(calendar.ago(span(24, Unit::Hour)), at(STOCKHOLM, "2026-03-28T11:00:00"));
}

#[test]
fn a_bound_in_the_skipped_hour_is_the_first_instant_after_it() {
    let calendar = calendar(STOCKHOLM, "2026-03-30T02:30:00");
    assert_eq!(calendar.ago(span(1, Unit::Day)), at(STOCKHOLM, "2026-03-29T03:00:00"));
    assert_eq!(at(STOCKHOLM, "2026-03-29T02:30:00"), at(STOCKHOLM, "2026-03-29T03:00:00"));
    // Lord Howe skips half an hour on 5 October 2025.
    assert_eq!(at(LORD_HOWE, "2025-10-05T02:10:00"), at(LORD_HOWE, "2025-10-05T02:30:00"));
}

#[test]
fn a_time_that_exists_twice_is_the_earlier() {
    // New York repeats 01:00 to 02:00 on 1 November 2026.
    let earlier = at(NEW_YORK, "2026-11-01T01:30:00");
    assert_eq!(earlier, at(UTC, "2026-11-01T05:30:00"));
}

#[test]
fn a_bound_waits_in_a_repeated_hour() {
    let first_two = at(UTC, "2026-11-01T06:00:00");
    let ago = |now| calendar_at(NEW_YORK, now).ago(span(1, Unit::Day));
    let just_before = at(NEW_YORK, "2026-10-31T01:59:59.999999");
    assert_eq!(ago(first_two - 1), just_before);
    // 01:00 again, 01:30 again: the clock went back, the bound does not.
    assert_eq!(ago(first_two), just_before);
    assert_eq!(ago(first_two + HOUR / 2), just_before);
    assert_eq!(ago(first_two + HOUR), just_before + 1);
}

#[test]
fn a_bound_waits_in_a_short_month() {
    let ago = |now| calendar(UTC, now).ago(span(1, Unit::Month));
    assert_eq!(ago("2026-03-28T10:00:00"), at(UTC, "2026-02-28T10:00:00"));
    for now in ["2026-03-29T00:00:00", "2026-03-30T10:00:00", "2026-03-31T23:59:59", "2026-04-01T00:00:00"] {
        assert_eq!(ago(now), at(UTC, "2026-03-01T00:00:00"), "{now}");
    }
}

#[test]
fn previous_month_counts_both_bounds_from_t() {
    let covered = calendar(UTC, "2026-03-31T12:00:00").bounds(&Window::Previous(span(1, Unit::Month)));
    assert_eq!(covered, bounds(UTC, "2026-01-31T12:00:00", "2026-03-01T00:00:00"));
}

#[test]
fn an_earlier_window_counts_both_bounds_from_t() {
    let window = Window::Ending { length: span(2, Unit::Month), ago: span(1, Unit::Quarter) };
    let covered = calendar(UTC, "2026-05-31T12:00:00").bounds(&window);
    assert_eq!(covered, bounds(UTC, "2025-12-31T12:00:00", "2026-03-01T00:00:00"));
}

#[test]
fn calendar_windows_begin_at_local_midnights() {
    let calendar = calendar(STOCKHOLM, "2026-05-13T15:00:00");
    let before = |day: &str| Some(at(STOCKHOLM, &format!("{day}T00:00:00")) - 1);
    let now = calendar.now;
    let to_date = |period| calendar.bounds(&Window::ToDate(period));
    assert_eq!(to_date(Period::Day), Bounds { lower: before("2026-05-13"), upper: now });
    assert_eq!(to_date(Period::Week), Bounds { lower: before("2026-05-11"), upper: now });
    assert_eq!(to_date(Period::Quarter), Bounds { lower: before("2026-04-01"), upper: now });
    let last = calendar.bounds(&Window::Last(Period::Quarter));
    assert_eq!((last.lower, Some(last.upper)), (before("2026-01-01"), before("2026-04-01")));
    let yesterday = calendar.bounds(&Window::Last(Period::Day));
    assert_eq!((yesterday.lower, Some(yesterday.upper)), (before("2026-05-12"), before("2026-05-13")));
}

#[test]
fn previous_month_to_date_never_reaches_into_this_month() {
    let covered = |now| calendar(UTC, now).bounds(&Window::PreviousToDate(Period::Month));
    let start = "2026-01-31T23:59:59.999999";
    assert_eq!(covered("2026-03-10T08:00:00"), bounds(UTC, start, "2026-02-10T08:00:00"));
    assert_eq!(covered("2026-03-30T08:00:00"), bounds(UTC, start, "2026-02-28T23:59:59.999999"));
}

#[test]
fn weeks_start_where_the_catalogue_says() {
    let now = at(UTC, "2026-05-13T15:00:00");
    let sunday = Calendar::new(UTC, Weekday::Sun, WindowMode::Exact, now);
    let covered = sunday.bounds(&Window::ToDate(Period::Week));
    assert_eq!(covered.lower, Some(at(UTC, "2026-05-10T00:00:00") - 1));
}

#[test]
fn windows_of_whole_days_include_today() {
    let now = at(STOCKHOLM, "2026-03-31T15:00:00");
    let days = Calendar::new(STOCKHOLM, Weekday::Mon, WindowMode::Days, now);
    let before = |day: &str| at(STOCKHOLM, &format!("{day}T00:00:00")) - 1;
    let rolling = days.bounds(&Window::Rolling(span(7, Unit::Day)));
    assert_eq!(rolling, Bounds { lower: Some(before("2026-03-25")), upper: now });
    let previous = days.bounds(&Window::Previous(span(7, Unit::Day)));
    assert_eq!(previous, Bounds { lower: Some(before("2026-03-18")), upper: before("2026-03-25") });
    let month = days.bounds(&Window::Rolling(span(1, Unit::Month)));
    assert_eq!(month.lower, Some(before("2026-03-01")));
    let hours = days.bounds(&Window::Rolling(span(3, Unit::Hour)));
    assert_eq!(hours.lower, Some(now - 3 * HOUR));
    assert_eq!(days.ago(span(1, Unit::Day)), at(STOCKHOLM, "2026-03-30T15:00:00"));
}

#[test]
fn a_day_without_midnight_starts_at_its_first_instant() {
    // Beirut skips 00:00 to 01:00 on 29 March 2026.
    let beirut = Tz::Asia__Beirut;
    assert_eq!(start_of_day(beirut, date("2026-03-29")), at(beirut, "2026-03-29T01:00:00"));
    assert_eq!(at(beirut, "2026-03-29T01:00:00") - 1, at(beirut, "2026-03-28T23:59:59.999999"));
}

#[test]
fn a_leap_day_turns_a_year_on_1_march_and_is_remembered_on_28_february() {
    let born = date("2004-02-29");
    assert_eq!(calendar(UTC, "2026-02-28T12:00:00").age(born), 21);
    assert_eq!(calendar(UTC, "2026-03-01T00:00:00").age(born), 22);
    assert_eq!(calendar(UTC, "2024-02-29T00:00:00").age(born), 20);
    let today = calendar(UTC, "2026-02-28T12:00:00");
    assert!(today.is_within(born, span(1, Unit::Day), true, true));
    assert!(!calendar(UTC, "2026-03-01T12:00:00").is_within(born, span(1, Unit::Day), true, true));
    assert!(!calendar(UTC, "2024-02-27T12:00:00").is_within(born, span(1, Unit::Day), true, true));
    assert!(calendar(UTC, "2024-02-28T12:00:00").is_within(born, span(1, Unit::Day), true, true));
}

#[test]
fn anniversaries_are_found_across_the_new_year() {
    let calendar = calendar(UTC, "2025-12-30T12:00:00");
    assert!(calendar.is_within(date("1990-01-02"), span(3, Unit::Day), true, true));
    assert!(!calendar.is_within(date("1990-01-03"), span(3, Unit::Day), true, true));
    assert!(calendar.is_within(date("1990-12-30"), span(3, Unit::Day), true, true));
    assert!(!calendar.is_within(date("1990-12-29"), span(3, Unit::Day), true, true));
    assert!(calendar.is_within(date("1990-12-27"), span(3, Unit::Day), false, true));
}

#[test]
fn dates_and_instants_step_the_calendar() {
    let month = span(1, Unit::Month);
    assert_eq!(step_date(date("2026-01-31"), month, false), date("2026-03-01"));
    assert_eq!(step_date(date("2024-02-29"), span(1, Unit::Year), true), date("2023-03-01"));
    let noon = at(STOCKHOLM, "2026-03-28T12:00:00");
    assert_eq!(step_instant(STOCKHOLM, noon, span(1, Unit::Day), false), noon + 23 * HOUR);
    assert_eq!(step_instant(STOCKHOLM, noon, span(24, Unit::Hour), false), noon + DAY);
    // A time of a day that does not exist is the first instant after that day.
    let late = at(STOCKHOLM, "2026-01-31T18:00:00");
    assert_eq!(step_instant(STOCKHOLM, late, month, false), at(STOCKHOLM, "2026-03-01T00:00:00"));
}
