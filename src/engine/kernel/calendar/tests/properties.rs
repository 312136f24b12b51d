//! Properties over seeded noise and over the neighbourhood of every change of clocks.

use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;

use crate::catalog::model::WindowMode;
use crate::engine::kernel::calendar::shift::{Step, midnight};
use crate::engine::kernel::calendar::zone::{DAY, HOUR, MINUTE, Zone};
use crate::engine::kernel::calendar::{
    Bounds, Calendar, DateConverter, DayConverter, LocalConverter, local_to_instant, shift_date,
};
use crate::ir::{Moment, Window};
use crate::syntax::ast::{Direction, Duration, Period, Unit};

use super::{Noise, ZONES, calendar, day, show, slow_instant, slow_local, units, utc};

const UNITS: [Unit; 7] = [Unit::Minute, Unit::Hour, Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year];
const PERIODS: [Period; 5] = [Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year];
const MODES: [WindowMode; 2] = [WindowMode::Exact, WindowMode::Days];

fn some_windows() -> Vec<Window> {
    let durations =
        [(1, Unit::Day), (3, Unit::Week), (1, Unit::Month), (1, Unit::Year), (36, Unit::Hour), (0, Unit::Day)];
    let mut windows = Vec::new();
    for (count, unit) in durations {
        let length = units(count, unit);
        windows.push(Window::Rolling(length));
        windows.push(Window::Previous(length));
        windows.extend(durations.map(|(count, unit)| Window::Ending { length, ago: units(count, unit) }));
    }
    for period in PERIODS {
        windows.extend([Window::ToDate(period), Window::Last(period), Window::PreviousToDate(period)]);
    }
    let first = Moment::Day(day("2011-12-30"));
    windows
        .push(Window::Absolute { from: Some(first), to: Some(Moment::Local("2026-10-25T02:30:00".parse().unwrap())) });
    windows
}

/// Instants in order, thick around changes of clocks and what a day, a week or a month later refers back to them.
fn delicate_instants(timezone: Tz, from: i64, to: i64) -> Vec<i64> {
    let mut instants = Vec::new();
    for change in Zone::of(timezone).changes().into_iter().filter(|change| (from..to).contains(change)) {
        for away in [0, DAY, 7 * DAY, 30 * DAY, 31 * DAY] {
            for near in
                [-24 * HOUR, -HOUR, -30 * MINUTE, 0, MINUTE, 30 * MINUTE, HOUR, 90 * MINUTE, 2 * HOUR, 24 * HOUR]
            {
                instants.extend([-2, -1, 0, 1, 2].map(|micros| change + away + near + micros));
            }
        }
    }
    instants.sort_unstable();
    instants
}

fn assert_never_steps_back(timezone: Tz, instants: &[i64]) {
    for mode in MODES {
        let calendars: Vec<Calendar> = instants.iter().map(|&now| calendar(timezone, mode, now)).collect();
        for window in some_windows() {
            let mut before = Bounds { after: i64::MIN, until: i64::MIN };
            for calendar in &calendars {
                let bounds = calendar.bounds(&window);
                let place = || format!("{window:?} {mode:?} in {timezone} at {}", show(calendar.now()));
                assert!(before.after <= bounds.after && before.until <= bounds.until, "{}", place());
                assert!(bounds.after <= bounds.until && bounds.until <= calendar.now(), "{}", place());
                before = bounds;
            }
        }
    }
}

#[test]
fn bounds_never_step_back_around_changes() {
    for timezone in ZONES {
        for (from, to) in [("1844-01-01", "1901-01-01"), ("2005-01-01", "2013-01-01"), ("2025-01-01", "2027-01-01")] {
            let [from, to] = [from, to].map(|date| midnight(day(date)));
            assert_never_steps_back(timezone, &delicate_instants(timezone, from, to));
        }
    }
}

#[test]
fn bounds_never_step_back_over_the_centuries() {
    let mut noise = Noise(1);
    for timezone in ZONES {
        let mut instants: Vec<i64> =
            (0..2_000).map(|_| noise.within(utc("1830-01-01T00:00:00"), utc("2130-01-01T00:00:00"))).collect();
        instants.sort_unstable();
        assert_never_steps_back(timezone, &instants);
    }
}

/// The largest of the bounds at all whole minutes (and the microsecond before) of the last 26 hours, from the meaning.
fn slow_ago(timezone: Tz, now: i64, step: Step) -> i64 {
    let bound = |instant: i64| {
        let local = slow_local(timezone, instant).and_utc().timestamp_micros();
        slow_instant(timezone, step.back().on_local(local).unwrap())
    };
    let first = (now - 26 * HOUR).div_euclid(MINUTE);
    let minutes = (first..=now.div_euclid(MINUTE)).flat_map(|minute| [minute * MINUTE - 1, minute * MINUTE]);
    minutes.chain([now]).map(bound).max().unwrap()
}

#[test]
fn a_bound_is_the_largest_bound_so_far() {
    let mut noise = Noise(2);
    for timezone in [Tz::Europe__Stockholm, Tz::America__St_Johns, Tz::Australia__Lord_Howe, Tz::Pacific__Apia] {
        let instants = delicate_instants(timezone, utc("2010-01-01T00:00:00"), utc("2013-01-01T00:00:00"));
        for _ in 0..150 {
            let now = instants[noise.within(0, instants.len() as i64) as usize];
            let duration = units(noise.within(1, 40) as u32, UNITS[noise.within(2, 7) as usize]);
            let found = calendar(timezone, WindowMode::Exact, now).ago(duration);
            let expected = slow_ago(timezone, now, Step::of(duration));
            assert_eq!(show(found), show(expected), "{duration:?} ago in {timezone} at {}", show(now));
        }
    }
}

#[test]
fn windows_abut() {
    let mut noise = Noise(3);
    for timezone in ZONES {
        for _ in 0..400 {
            let now = noise.within(utc("1830-01-01T00:00:00"), utc("2130-01-01T00:00:00"));
            for mode in MODES {
                let calendar = calendar(timezone, mode, now);
                let length = units(noise.within(1, 500) as u32, UNITS[noise.within(0, 7) as usize]);
                let previous = calendar.bounds(&Window::Previous(length));
                assert_eq!(previous.until, calendar.bounds(&Window::Rolling(length)).after, "{length:?} {mode:?}");
                assert_eq!(previous, calendar.bounds(&Window::Ending { length, ago: length }));
                for period in PERIODS {
                    let [last, to_date, part] = [Window::Last, Window::ToDate, Window::PreviousToDate]
                        .map(|form| calendar.bounds(&form(period)));
                    assert_eq!(last.until, to_date.after, "{period:?} in {timezone} at {}", show(now));
                    assert_eq!((to_date.until, last.after), (now, part.after));
                    assert!(part.until <= last.until && last.contains(last.until));
                }
            }
        }
    }
}

#[test]
fn last_periods_partition_time() {
    for timezone in [Tz::Europe__Stockholm, Tz::Australia__Lord_Howe, Tz::America__Havana] {
        for period in PERIODS {
            let mut now = utc("2026-12-31T23:00:00");
            for _ in 0..40 {
                let last = calendar(timezone, WindowMode::Exact, now).bounds(&Window::Last(period));
                let one_before = calendar(timezone, WindowMode::Exact, last.until).bounds(&Window::Last(period));
                assert_eq!(one_before.until, last.after, "{period:?} in {timezone} at {}", show(now));
                now = last.until;
            }
        }
    }
}

#[test]
fn local_columns_convert_as_the_database_does() {
    let mut noise = Noise(4);
    for timezone in ZONES {
        let mut converter = LocalConverter::new(timezone);
        let changes = Zone::of(timezone).changes();
        for round in 0..20_000 {
            // Every other value is near a change of clocks.
            let mut local = noise.within(utc("1901-01-01T00:00:00"), utc("2120-01-01T00:00:00"));
            if round % 2 == 0 && !changes.is_empty() {
                let change = changes[noise.within(0, changes.len() as i64) as usize].max(utc("1901-01-03T00:00:00"));
                local = change + noise.within(-26 * HOUR, 26 * HOUR);
            }
            let expected = slow_instant(timezone, local);
            assert_eq!(show(converter.instant(local)), show(expected), "{timezone} {}", show(local));
            let naive = chrono::DateTime::from_timestamp_micros(local).unwrap().naive_utc();
            assert_eq!(local_to_instant(timezone, naive), expected);
        }
    }
}

#[test]
fn date_columns_convert_as_single_values_do() {
    let mut noise = Noise(5);
    for timezone in ZONES {
        let calendar = calendar(timezone, WindowMode::Exact, 0);
        let (mut dates, mut days) = (DateConverter::new(timezone), DayConverter::new(timezone));
        for _ in 0..20_000 {
            let instant = noise.within(utc("1820-01-01T00:00:00"), utc("2120-01-01T00:00:00"));
            let local = slow_local(timezone, instant);
            assert_eq!(dates.date(instant), local.date().to_epoch_days());
            assert_eq!(dates.hour(instant), local.hour());
            assert_eq!(dates.local(instant), local.and_utc().timestamp_micros());
            assert_eq!((calendar.local_date(instant), calendar.hour(instant)), (local.date(), local.hour()));
            assert_eq!(days.start(local.date().to_epoch_days()), calendar.day_start(local.date()));
        }
        for change in Zone::of(timezone).changes() {
            for instant in [change - HOUR, change - 1, change, change - 1, change + HOUR, change] {
                let local = slow_local(timezone, instant);
                assert_eq!(dates.local(instant), local.and_utc().timestamp_micros(), "{timezone} {}", show(instant));
            }
        }
    }
}

#[test]
fn anniversaries_are_found_as_by_looking_at_every_day() {
    let mut noise = Noise(6);
    let mut found = 0;
    for _ in 0..3_000 {
        let today = NaiveDate::from_epoch_days(noise.within(19_000, 21_000) as i32).unwrap();
        let value = NaiveDate::from_epoch_days(noise.within(10_000, 22_000) as i32).unwrap();
        let span = noise.within(0, 800);
        let leap = |date: NaiveDate| date.leap_year();
        let is_anniversary = |date: NaiveDate| {
            let moved = (value.month(), value.day()) == (2, 29) && !leap(date);
            let day = if moved { 28 } else { value.day() };
            (date.month(), date.day()) == (value.month(), day)
        };
        let calendar = calendar(Tz::UTC, WindowMode::Exact, midnight(today));
        for (direction, sign) in [(Direction::Next, 1), (Direction::Last, -1)] {
            let expected = (0..=span).any(|n| is_anniversary(shift_date(today, sign * n, Unit::Day).unwrap()));
            assert_eq!(
                calendar.within(value, true, direction, units(span as u32, Unit::Day)),
                expected,
                "{value} {today} {span}"
            );
            found += i32::from(expected);
        }
    }
    assert!((1_000..5_000).contains(&found), "{found}");
}

#[test]
fn nothing_panics_at_the_ends_of_time() {
    let first = i64::from(NaiveDate::MIN.to_epoch_days()) * DAY;
    let last = i64::from(NaiveDate::MAX.to_epoch_days()) * DAY;
    let instants = [
        i64::MIN,
        i64::MIN + 1,
        first - 1,
        first,
        first + DAY,
        -1,
        0,
        last,
        last + DAY,
        last + 2 * DAY,
        i64::MAX - 1,
        i64::MAX,
    ];
    let counts = [0, 1, 1_000_000, u32::MAX];
    for timezone in ZONES {
        for now in instants {
            for mode in MODES {
                let calendar = calendar(timezone, mode, now);
                for window in some_windows().into_iter().chain(extreme_windows(&counts)) {
                    let bounds = calendar.bounds(&window);
                    assert!(bounds.after <= bounds.until && bounds.until <= now, "{window:?} at {now}");
                }
                exercise_dates(&calendar, &counts);
            }
            for instant in instants {
                assert!(LocalConverter::new(timezone).instant(instant).abs_diff(instant) <= 2 * DAY as u64);
                let mut dates = DateConverter::new(timezone);
                let calendar = calendar(timezone, WindowMode::Exact, now);
                assert_eq!(dates.date(instant), calendar.local_date(instant).to_epoch_days());
                assert_eq!(dates.hour(instant), calendar.hour(instant));
                for unit in UNITS {
                    assert_eq!(calendar.shift_instant(instant, i64::MAX, unit), None);
                    assert_eq!(calendar.shift_instant(instant, i64::MIN, unit), None);
                    assert_eq!(calendar.shift_instant(instant, 0, unit), Some(instant));
                    let next = calendar.shift_instant(instant, 1, unit);
                    assert!(next.is_none_or(|next| next > instant));
                }
            }
        }
    }
}

fn extreme_windows(counts: &[u32]) -> Vec<Window> {
    let lengths: Vec<Duration> =
        UNITS.iter().flat_map(|&unit| counts.iter().map(move |&count| units(count, unit))).collect();
    let mut windows = Vec::new();
    for &length in &lengths {
        windows.extend([Window::Rolling(length), Window::Previous(length)]);
        windows.push(Window::Ending { length, ago: units(u32::MAX, Unit::Year) });
    }
    let moments = [
        Moment::Day(NaiveDate::MIN),
        Moment::Day(NaiveDate::MAX),
        Moment::Local(chrono::NaiveDateTime::MIN),
        Moment::Local(chrono::NaiveDateTime::MAX),
        Moment::Instant(i64::MIN),
        Moment::Instant(i64::MAX),
    ];
    windows.extend(moments.map(|moment| Window::Absolute { from: Some(moment), to: Some(moment) }));
    windows
}

fn exercise_dates(calendar: &Calendar, counts: &[u32]) {
    for date in [NaiveDate::MIN, day("2024-02-29"), calendar.today(), NaiveDate::MAX] {
        assert!(calendar.age(date).abs() < 600_000);
        for period in PERIODS {
            assert!(calendar.period_start(period, date) <= date);
        }
        assert!(calendar.day_start(date).abs_diff(midnight(date)) <= 2 * DAY as u64);
        for (&count, unit) in counts.iter().flat_map(|count| UNITS.map(|unit| (count, unit))) {
            for direction in [Direction::Next, Direction::Last] {
                let here = calendar.within(date, false, direction, units(count, unit));
                assert!(here || date != calendar.today());
                assert!(calendar.within(date, true, direction, units(count, unit)) || !here);
            }
        }
    }
}
