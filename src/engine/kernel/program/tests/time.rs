use super::*;
use crate::ir::Part;
use crate::syntax::ast::{Direction, Duration, Period, Unit};

#[test]
fn dates_of_instants_and_back() {
    let mut fixture = Fixture::new();
    // In Stockholm the clock is an hour ahead in winter and two in summer.
    let a = fixture.instants(&[
        Some("2026-03-28T23:30:00"),
        Some("2026-03-29T22:30:00"),
        None,
        Some("1969-12-31T22:59:00"),
    ]);
    assert_eq!(fixture.show(Node::LocalDate(a)), "2026-03-29 2026-03-30 ? 1969-12-31");
    assert_eq!(fixture.show(Node::Part(Part::Hour, a)), "0 0 ? 23");
    let local = fixture.add(Node::LocalDate(a));
    assert_eq!(fixture.show(Node::DayStart(local)), "2026-03-28T23:00 2026-03-29T22:00 ? 1969-12-30T23:00");
    assert_eq!(fixture.show(Node::Part(Part::Weekday, local)), "sunday monday ? wednesday");
    assert_eq!(fixture.show(Node::Part(Part::DayOfMonth, local)), "29 30 ? 31");
    assert_eq!(fixture.show(Node::Part(Part::MonthOfYear, local)), "3 3 ? 12");
    assert_eq!(fixture.show(Node::PeriodStart(Period::Week, local)), "2026-03-23 2026-03-30 ? 1969-12-29");
    assert_eq!(fixture.show(Node::PeriodStart(Period::Quarter, local)), "2026-01-01 2026-01-01 ? 1969-10-01");
}

#[test]
fn what_follows_from_t() {
    let mut fixture = Fixture::new();
    fixture.bools(&[None, None]);
    assert_eq!(fixture.show(Node::Now), "2026-03-31T08:00 2026-03-31T08:00");
    assert_eq!(fixture.show(Node::Today), "2026-03-31 2026-03-31");
    // Three days back the clocks had not gone forward yet.
    let three_days = Duration { count: 3, unit: Unit::Day };
    assert_eq!(fixture.show(Node::Ago(three_days)), "2026-03-28T09:00 2026-03-28T09:00");
}

#[test]
fn steps_of_the_calendar() {
    let mut fixture = Fixture::new();
    let a = fixture.dates(&[Some("2026-01-31"), Some("2024-02-29"), None, Some("+262142-12-31")]);
    assert_eq!(fixture.show(Node::ShiftDate(a, 1, Unit::Month)), "2026-03-01 2024-03-29 ? ?");
    assert_eq!(fixture.show(Node::ShiftDate(a, -1, Unit::Year)), "2025-01-31 2023-03-01 ? +262141-12-31");
    assert_eq!(fixture.show(Node::ShiftDate(a, i64::MAX, Unit::Week)), "? ? ? ?");
    let a = fixture.instants(&[Some("2026-03-28T09:00:00"), None, None, None]);
    assert_eq!(fixture.show(Node::ShiftInstant(a, 1, Unit::Day)), "2026-03-29T08:00 ? ? ?");
    assert_eq!(fixture.show(Node::ShiftInstant(a, 24, Unit::Hour)), "2026-03-29T09:00 ? ? ?");
    assert_eq!(fixture.show(Node::ShiftInstant(a, i64::MIN, Unit::Hour)), "? ? ? ?");
}

#[test]
fn ages_and_birthdays() {
    let mut fixture = Fixture::new();
    let a = fixture.dates(&[Some("2000-03-31"), Some("2000-04-01"), None, Some("2027-01-01")]);
    assert_eq!(fixture.show(Node::Age(a)), "26 25 ? -1");
    let within = |anniversary, direction| Node::Within {
        value: a,
        anniversary,
        direction,
        span: Duration { count: 1, unit: Unit::Day },
    };
    assert_eq!(fixture.show(within(true, Direction::Next)), "yes yes ? no");
    assert_eq!(fixture.show(within(true, Direction::Last)), "yes no ? no");
    assert_eq!(fixture.show(within(false, Direction::Next)), "no no ? no");
}

#[test]
fn differences_and_durations() {
    let mut fixture = Fixture::new();
    let a = fixture.dates(&[Some("2026-03-31"), Some("+262142-12-31"), None]);
    let b = fixture.dates(&[Some("2026-03-28"), Some("-262143-01-01"), Some("2026-01-01")]);
    assert_eq!(fixture.show(Node::DateDifference(a, b)), "259200000000 ? ?");
    let lowest = i64::MIN;
    let instants = TimestampMicrosecondArray::from(vec![Some(5), Some(lowest), None]);
    let c = fixture.input(ColumnKind::Timestamp, Column::Instant(instants));
    let epoch = fixture.add(Node::Constant(Value::Instant(1)));
    let since = fixture.add(Node::InstantDifference(c, epoch));
    assert_eq!(fixture.show(Node::InstantDifference(c, epoch)), "4 ? ?");
    let largest = fixture.add(Node::Constant(Value::Duration(i64::MAX)));
    let (three, zero) =
        (fixture.add(Node::Constant(Value::Duration(3))), fixture.add(Node::Constant(Value::Duration(0))));
    assert_eq!(fixture.show(Node::AddDuration(since, three)), "7 ? ?");
    assert_eq!(fixture.show(Node::AddDuration(since, largest)), "? ? ?");
    assert_eq!(fixture.show(Node::SubtractDuration(three, since)), "-1 ? ?");
    assert_eq!(fixture.show(Node::DivideDuration(since, three)), "4/3 ? ?");
    assert_eq!(fixture.show(Node::DivideDuration(since, zero)), "? ? ?");
    assert_eq!(fixture.show(Node::AddElapsed(c, three)), "1970-01-01T00:00 ? ?");
    assert_eq!(fixture.show(Node::AddElapsed(epoch, largest)), "? ? ?");
    let micros = fixture.add(Node::Microseconds(since));
    let half = fixture.number("2.5");
    let odd = fixture.add(Node::Multiply(micros, half));
    assert_eq!(fixture.show(Node::Elapsed(odd)), "10 ? ?");
    let quarter = fixture.number("0.625");
    let even = fixture.add(Node::Multiply(micros, quarter));
    assert_eq!(fixture.show(Node::Elapsed(even)), "2 ? ?");
}
