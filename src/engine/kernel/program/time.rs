//! Dates, instants and durations.

use chrono::{DateTime, Datelike, NaiveDate};
use datafusion::arrow::array::{
    Array, ArrowPrimitiveType, BooleanArray, BooleanBufferBuilder, PrimitiveArray, StringViewArray,
};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::{Date32Type, DurationMicrosecondType, TimestampMicrosecondType};

use crate::engine::kernel::broadcast::position;
use crate::engine::kernel::calendar::{Calendar, DateConverter, DayConverter, shift_date};
use crate::engine::kernel::column::{Column, date, days, is_date};
use crate::engine::kernel::error::Result;
use crate::engine::kernel::number::{Numbers, arithmetic, rounding};
use crate::ir::{Node, Part};
use num_traits::ToPrimitive;

const DAY: i64 = 86_400_000_000;

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Applies a node of this kind. None for any other.
///
/// A result beyond the calendar, or beyond 64 bits of microseconds, is unknown.
pub(super) fn apply(node: &Node, operands: &[&Column], rows: usize, calendar: &Calendar) -> Result<Option<Column>> {
    let zone = calendar.timezone();
    Ok(Some(match (node, operands) {
        (Node::LocalDate(_), [a]) => {
            let mut converter = DateConverter::new(zone);
            Column::Date(map(a.instants()?, |instant| Some(converter.date(instant))))
        }
        (Node::DayStart(_), [a]) => {
            let mut converter = DayConverter::new(zone);
            Column::Instant(map(a.dates()?, |days| is_date(days).then(|| converter.start(days))))
        }
        (Node::PeriodStart(period, _), [a]) => {
            Column::Date(map_dates(a, |date| Some(days(calendar.period_start(*period, date))))?)
        }
        (Node::Part(part, _), [a]) => part_of(*part, a, calendar)?,
        (Node::Age(_), [a]) => integers(&map_dates::<AnyInteger>(a, |date| Some(calendar.age(date)))?),
        (Node::ShiftDate(_, count, unit), [a]) => {
            Column::Date(map_dates(a, |date| shift_date(date, *count, *unit).map(days))?)
        }
        (Node::ShiftInstant(_, count, unit), [a]) => {
            Column::Instant(map(a.instants()?, |instant| calendar.shift_instant(instant, *count, *unit)))
        }
        (Node::DateDifference(..), [a, b]) => {
            Column::Duration(zip(a.dates()?, b.dates()?, rows, |a, b| (i64::from(a) - i64::from(b)).checked_mul(DAY)))
        }
        (Node::InstantDifference(..), [a, b]) => {
            Column::Duration(zip(a.instants()?, b.instants()?, rows, i64::checked_sub))
        }
        (Node::AddDuration(..), [a, b]) => {
            Column::Duration(zip(a.durations()?, b.durations()?, rows, i64::checked_add))
        }
        (Node::SubtractDuration(..), [a, b]) => {
            Column::Duration(zip(a.durations()?, b.durations()?, rows, i64::checked_sub))
        }
        (Node::DivideDuration(..), [a, b]) => {
            Column::Number(arithmetic::divide(&whole(a.durations()?), &whole(b.durations()?), rows)?)
        }
        (Node::AddElapsed(..), [a, b]) => {
            let reached = |at: i64, elapsed: i64| {
                at.checked_add(elapsed).filter(|at| DateTime::from_timestamp_micros(*at).is_some())
            };
            Column::Instant(zip(a.instants()?, b.durations()?, rows, reached))
        }
        (Node::Microseconds(_), [a]) => Column::Number(whole(a.durations()?)),
        (Node::Elapsed(_), [a]) => {
            let rounded = rounding::round(a.numbers()?, 0)?;
            let elapsed = |row: usize| rounded.get(row).and_then(|value| value.to_integer().to_i64());
            Column::Duration((0..rows).map(|row| elapsed(position(rounded.len(), row))).collect())
        }
        (Node::Within { anniversary, direction, span, .. }, [a]) => {
            let within = |days: i32| date(days).map(|date| calendar.within(date, *anniversary, *direction, *span));
            Column::Bool(a.dates()?.iter().map(|days| days.and_then(within)).collect::<BooleanArray>())
        }
        _ => return Ok(None),
    }))
}

/// Any type of 64-bit integers; what they mean is up to the reader.
type AnyInteger = DurationMicrosecondType;

fn part_of(part: Part, of: &Column, calendar: &Calendar) -> Result<Column> {
    Ok(match part {
        Part::Hour => {
            let mut converter = DateConverter::new(calendar.timezone());
            let hours = map::<TimestampMicrosecondType, AnyInteger>(of.instants()?, |instant| {
                Some(i64::from(converter.hour(instant)))
            });
            integers(&hours)
        }
        Part::Weekday => {
            let name = |days| date(days).and_then(|date| WEEKDAYS.get(date.weekday().num_days_from_monday() as usize));
            let names = of.dates()?.iter().map(|days| days.and_then(name).copied());
            Column::Text(names.collect::<StringViewArray>())
        }
        Part::DayOfMonth => integers(&map_dates::<AnyInteger>(of, |date| Some(date.day().into()))?),
        Part::MonthOfYear => integers(&map_dates::<AnyInteger>(of, |date| Some(date.month().into()))?),
    })
}

fn integers(array: &PrimitiveArray<AnyInteger>) -> Column {
    Column::Number(whole(array))
}

fn whole(array: &PrimitiveArray<AnyInteger>) -> Numbers {
    Numbers::integers(array.values().iter().map(|value| i128::from(*value)), array.nulls().cloned())
}

fn map<T: ArrowPrimitiveType, U: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
    mut change: impl FnMut(T::Native) -> Option<U::Native>,
) -> PrimitiveArray<U> {
    let mut none = Vec::new();
    let mut value = |(row, value): (usize, &T::Native)| {
        if array.is_null(row) {
            return U::Native::default();
        }
        change(*value).unwrap_or_else(|| {
            none.push(row);
            U::Native::default()
        })
    };
    let values: Vec<U::Native> = array.values().iter().enumerate().map(&mut value).collect();
    let mut nulls = array.nulls().cloned();
    if !none.is_empty() {
        let mut known = BooleanBufferBuilder::new(values.len());
        known.append_n(values.len(), true);
        none.into_iter().for_each(|row| known.set_bit(row, false));
        nulls = NullBuffer::union(nulls.as_ref(), Some(&NullBuffer::new(known.finish())));
    }
    PrimitiveArray::new(values.into(), nulls)
}

fn map_dates<U: ArrowPrimitiveType>(
    column: &Column,
    change: impl Fn(NaiveDate) -> Option<U::Native>,
) -> Result<PrimitiveArray<U>> {
    Ok(map::<Date32Type, U>(column.dates()?, |days| date(days).and_then(&change)))
}

fn zip<T: ArrowPrimitiveType, U: ArrowPrimitiveType, V: ArrowPrimitiveType>(
    a: &PrimitiveArray<T>,
    b: &PrimitiveArray<U>,
    rows: usize,
    combine: impl Fn(T::Native, U::Native) -> Option<V::Native>,
) -> PrimitiveArray<V> {
    (0..rows).map(|row| combine(value_at(a, row)?, value_at(b, row)?)).collect()
}

fn value_at<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, row: usize) -> Option<T::Native> {
    let row = position(array.len(), row);
    array.is_valid(row).then(|| array.value(row))
}
