//! Windows worked out by hand. All instants are in UTC; `after` is exclusive, `until` inclusive.

use chrono::Weekday;
use chrono_tz::Tz;

use crate::catalog::model::WindowMode;
use crate::ir::{Moment, Window};
use crate::syntax::ast::{Period, Unit};

use super::{calendar, day, show, units, utc};
use crate::engine::kernel::calendar::{Bounds, Calendar};

fn check(calendar: &Calendar, window: Window, after: &str, until: &str) {
    let Bounds { after: found_after, until: found_until } = calendar.bounds(&window);
    let until = if until == "T" { calendar.now() } else { utc(until) };
    let expected = (show(utc(after)), show(until));
    assert_eq!((show(found_after), show(found_until)), expected, "{window:?} at {}", show(calendar.now()));
}

fn stockholm(now: &str) -> Calendar {
    calendar(Tz::Europe__Stockholm, WindowMode::Exact, utc(now))
}

fn rolling(count: u32, unit: Unit) -> Window {
    Window::Rolling(units(count, unit))
}

fn previous(count: u32, unit: Unit) -> Window {
    Window::Previous(units(count, unit))
}

fn ending(length: (u32, Unit), ago: (u32, Unit)) -> Window {
    Window::Ending { length: units(length.0, length.1), ago: units(ago.0, ago.1) }
}

#[test]
fn days_step_the_wall_clock_and_hours_do_not() {
    let noon_of_the_short_day = stockholm("2026-03-29T10:00:00");
    check(&noon_of_the_short_day, rolling(1, Unit::Day), "2026-03-28T11:00:00", "T");
    check(&noon_of_the_short_day, rolling(24, Unit::Hour), "2026-03-28T10:00:00", "T");
    check(&noon_of_the_short_day, rolling(90, Unit::Minute), "2026-03-29T08:30:00", "T");
    check(&noon_of_the_short_day, previous(1, Unit::Day), "2026-03-27T11:00:00", "2026-03-28T11:00:00");
    let noon_of_the_long_day = stockholm("2026-10-25T11:00:00");
    check(&noon_of_the_long_day, rolling(1, Unit::Day), "2026-10-24T10:00:00", "T");
    check(&noon_of_the_long_day, rolling(1, Unit::Week), "2026-10-18T10:00:00", "T");
}

#[test]
fn a_skipped_hour_is_the_first_instant_after_it() {
    check(&stockholm("2026-03-30T00:30:00"), rolling(1, Unit::Day), "2026-03-29T01:00:00", "T");
    let new_york = calendar(Tz::America__New_York, WindowMode::Exact, utc("2026-03-09T06:30:00"));
    check(&new_york, rolling(1, Unit::Day), "2026-03-08T07:00:00", "T");
    let lord_howe = calendar(Tz::Australia__Lord_Howe, WindowMode::Exact, utc("2026-10-04T15:15:00"));
    check(&lord_howe, rolling(1, Unit::Day), "2026-10-03T15:30:00", "T");
}

#[test]
fn a_repeated_hour_is_the_earlier_and_bounds_wait_in_it() {
    check(&stockholm("2026-10-26T01:30:00"), rolling(1, Unit::Day), "2026-10-25T00:30:00", "T");
    check(&stockholm("2026-10-25T00:30:00"), rolling(1, Unit::Day), "2026-10-24T00:30:00", "T");
    check(&stockholm("2026-10-25T01:30:00"), rolling(1, Unit::Day), "2026-10-24T00:59:59.999999", "T");
    check(&stockholm("2026-10-25T02:00:00"), rolling(1, Unit::Day), "2026-10-24T01:00:00", "T");
    let new_york = |now| calendar(Tz::America__New_York, WindowMode::Exact, utc(now));
    check(&new_york("2026-11-01T06:30:00"), rolling(1, Unit::Day), "2026-10-31T05:59:59.999999", "T");
    check(&new_york("2026-11-02T06:30:00"), rolling(1, Unit::Day), "2026-11-01T05:30:00", "T");
    let lord_howe = |now| calendar(Tz::Australia__Lord_Howe, WindowMode::Exact, utc(now));
    check(&lord_howe("2026-04-04T15:15:00"), rolling(1, Unit::Day), "2026-04-03T14:59:59.999999", "T");
    check(&lord_howe("2026-04-05T15:15:00"), rolling(1, Unit::Day), "2026-04-04T14:45:00", "T");
}

#[test]
fn the_day_waits_where_a_fold_crosses_midnight() {
    // On 7 November 2010 clocks in St John's went from 00:01 of the 7th back to 23:01 of the 6th, at 02:31 UTC.
    let after = calendar(Tz::America__St_Johns, WindowMode::Exact, utc("2010-11-07T03:00:00"));
    assert_eq!(after.today(), day("2010-11-06"));
    check(&after, Window::ToDate(Period::Day), "2010-11-07T02:29:59.999999", "T");
    let before = calendar(Tz::America__St_Johns, WindowMode::Exact, utc("2010-11-07T02:30:30"));
    assert_eq!(before.today(), day("2010-11-07"));
    check(&before, Window::ToDate(Period::Day), "2010-11-07T02:29:59.999999", "T");
}

#[test]
fn months_end_where_they_end() {
    let end_of_march = stockholm("2026-03-31T08:00:00");
    check(&end_of_march, rolling(1, Unit::Month), "2026-02-28T23:00:00", "T");
    check(&end_of_march, previous(1, Unit::Month), "2026-01-31T09:00:00", "2026-02-28T23:00:00");
    check(&end_of_march, rolling(1, Unit::Quarter), "2025-12-31T09:00:00", "T");
    check(&stockholm("2026-03-28T09:00:00"), rolling(1, Unit::Month), "2026-02-28T09:00:00", "T");
    check(&stockholm("2024-03-29T09:00:00"), rolling(1, Unit::Month), "2024-02-29T09:00:00", "T");
    check(&stockholm("2024-02-29T09:00:00"), rolling(1, Unit::Year), "2023-02-28T23:00:00", "T");
    check(&stockholm("2024-02-29T09:00:00"), rolling(4, Unit::Year), "2020-02-29T09:00:00", "T");
}

#[test]
fn earlier_windows_count_both_bounds_from_now() {
    let now = stockholm("2026-05-30T10:00:00");
    check(&now, ending((60, Unit::Day), (30, Unit::Day)), "2026-03-01T11:00:00", "2026-04-30T10:00:00");
    check(&now, ending((2, Unit::Week), (3, Unit::Day)), "2026-05-13T10:00:00", "2026-05-27T10:00:00");
    check(&now, ending((1, Unit::Quarter), (1, Unit::Year)), "2025-02-28T23:00:00", "2025-05-30T10:00:00");
    check(&now, ending((2, Unit::Hour), (30, Unit::Minute)), "2026-05-30T07:30:00", "2026-05-30T09:30:00");
    let end_of_march = stockholm("2026-03-31T08:00:00");
    check(&end_of_march, ending((1, Unit::Month), (3, Unit::Day)), "2026-02-25T23:00:00", "2026-03-28T09:00:00");
    check(&end_of_march, ending((3, Unit::Day), (1, Unit::Month)), "2026-02-25T23:00:00", "2026-02-28T23:00:00");
    check(&end_of_march, ending((1, Unit::Day), (6, Unit::Hour)), "2026-03-30T02:00:00", "2026-03-31T02:00:00");
}

#[test]
fn periods_to_date_begin_at_local_midnight() {
    let sunday = stockholm("2026-03-29T10:00:00");
    check(&sunday, Window::ToDate(Period::Day), "2026-03-28T22:59:59.999999", "T");
    check(&sunday, Window::ToDate(Period::Week), "2026-03-22T22:59:59.999999", "T");
    check(&sunday, Window::ToDate(Period::Month), "2026-02-28T22:59:59.999999", "T");
    check(&sunday, Window::ToDate(Period::Quarter), "2025-12-31T22:59:59.999999", "T");
    check(&sunday, Window::ToDate(Period::Year), "2025-12-31T22:59:59.999999", "T");
    let at = |week_starts| Calendar::new(Tz::Europe__Stockholm, week_starts, WindowMode::Exact, sunday.now());
    check(&at(Weekday::Sun), Window::ToDate(Period::Week), "2026-03-28T22:59:59.999999", "T");
    check(&at(Weekday::Sat), Window::ToDate(Period::Week), "2026-03-27T22:59:59.999999", "T");
    check(&at(Weekday::Sun), Window::Last(Period::Week), "2026-03-21T22:59:59.999999", "2026-03-28T22:59:59.999999");
}

#[test]
fn the_period_before_is_whole() {
    let monday = stockholm("2026-03-30T10:00:00");
    check(&monday, Window::Last(Period::Day), "2026-03-28T22:59:59.999999", "2026-03-29T21:59:59.999999");
    check(&monday, Window::Last(Period::Week), "2026-03-22T22:59:59.999999", "2026-03-29T21:59:59.999999");
    check(&monday, Window::Last(Period::Month), "2026-01-31T22:59:59.999999", "2026-02-28T22:59:59.999999");
    check(&monday, Window::Last(Period::Quarter), "2025-09-30T21:59:59.999999", "2025-12-31T22:59:59.999999");
    let new_year = stockholm("2025-12-31T23:00:00");
    check(&new_year, Window::Last(Period::Year), "2024-12-31T22:59:59.999999", "2025-12-31T22:59:59.999999");
    let old_year = stockholm("2025-12-31T22:59:59.999999");
    check(&old_year, Window::Last(Period::Year), "2023-12-31T22:59:59.999999", "2024-12-31T22:59:59.999999");
}

#[test]
fn the_same_part_of_the_period_before_ends_with_it() {
    let to_date = Window::PreviousToDate;
    let end_of_march = stockholm("2026-03-31T08:00:00");
    check(&end_of_march, to_date(Period::Month), "2026-01-31T22:59:59.999999", "2026-02-28T22:59:59.999999");
    check(&end_of_march, to_date(Period::Day), "2026-03-29T21:59:59.999999", "2026-03-30T08:00:00");
    check(&end_of_march, to_date(Period::Week), "2026-03-22T22:59:59.999999", "2026-03-24T09:00:00");
    check(
        &stockholm("2026-03-20T08:00:00"),
        to_date(Period::Month),
        "2026-01-31T22:59:59.999999",
        "2026-02-20T08:00:00",
    );
    check(
        &stockholm("2026-05-31T10:00:00"),
        to_date(Period::Quarter),
        "2025-12-31T22:59:59.999999",
        "2026-02-28T23:00:00",
    );
    check(
        &stockholm("2024-02-29T10:00:00"),
        to_date(Period::Year),
        "2022-12-31T22:59:59.999999",
        "2023-02-28T23:00:00",
    );
}

#[test]
fn written_days_are_whole_and_written_instants_are_in() {
    let now = stockholm("2026-05-01T10:00:00");
    let from_to = |from, to| Window::Absolute { from, to };
    let march = (Moment::Day(day("2026-03-01")), Moment::Day(day("2026-03-31")));
    check(&now, from_to(Some(march.0), Some(march.1)), "2026-02-28T22:59:59.999999", "2026-03-31T21:59:59.999999");
    check(&now, from_to(Some(march.0), None), "2026-02-28T22:59:59.999999", "T");
    let skipped = Moment::Local("2026-03-29T02:30:00".parse().unwrap());
    check(&now, from_to(Some(skipped), Some(skipped)), "2026-03-29T00:59:59.999999", "2026-03-29T01:00:00");
    let instant = Moment::Instant(utc("2026-04-01T00:00:00"));
    check(&now, from_to(Some(instant), Some(instant)), "2026-03-31T23:59:59.999999", "2026-04-01T00:00:00");
    assert_eq!(now.bounds(&from_to(None, Some(march.1))).after, i64::MIN);
    check(&now, from_to(Some(march.0), Some(Moment::Day(day("2027-01-01")))), "2026-02-28T22:59:59.999999", "T");
    check(&now, from_to(Some(Moment::Day(day("2027-01-01"))), None), "2026-05-01T10:00:00", "T");
}

#[test]
fn whole_days_include_today() {
    let at = |now| calendar(Tz::Europe__Stockholm, WindowMode::Days, utc(now));
    let now = at("2026-03-31T08:00:00");
    check(&now, rolling(1, Unit::Day), "2026-03-30T21:59:59.999999", "T");
    check(&now, rolling(7, Unit::Day), "2026-03-24T22:59:59.999999", "T");
    check(&now, previous(1, Unit::Week), "2026-03-17T22:59:59.999999", "2026-03-24T22:59:59.999999");
    check(&now, rolling(1, Unit::Month), "2026-02-28T22:59:59.999999", "T");
    check(&at("2026-03-30T08:00:00"), rolling(1, Unit::Month), "2026-02-28T22:59:59.999999", "T");
    check(&now, ending((7, Unit::Day), (1, Unit::Day)), "2026-03-23T22:59:59.999999", "2026-03-30T21:59:59.999999");
    check(&now, rolling(24, Unit::Hour), "2026-03-30T08:00:00", "T");
    check(&now, ending((1, Unit::Day), (6, Unit::Hour)), "2026-03-30T02:00:00", "2026-03-31T02:00:00");
    check(&now, Window::PreviousToDate(Period::Day), "2026-03-29T21:59:59.999999", "2026-03-30T08:00:00");
    assert_eq!(show(now.ago(units(1, Unit::Day))), show(utc("2026-03-30T08:00:00")));
}

#[test]
fn a_day_that_a_zone_skipped_is_empty() {
    let apia = |windows| calendar(Tz::Pacific__Apia, windows, utc("2011-12-30T22:00:00"));
    let now = apia(WindowMode::Exact);
    assert_eq!(now.today(), day("2011-12-31"));
    assert_eq!(show(now.day_start(day("2011-12-30"))), show(utc("2011-12-30T10:00:00")));
    check(&now, Window::Last(Period::Day), "2011-12-30T09:59:59.999999", "2011-12-30T09:59:59.999999");
    check(&now, rolling(1, Unit::Day), "2011-12-30T10:00:00", "T");
    check(&now, rolling(2, Unit::Day), "2011-12-29T22:00:00", "T");
    check(&apia(WindowMode::Days), rolling(3, Unit::Day), "2011-12-29T09:59:59.999999", "T");
}
