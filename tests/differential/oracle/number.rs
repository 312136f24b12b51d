//! Exact numbers: comparison, rounding, roots.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

use super::super::value::{Value, decimal, ten_to};
use super::time::{Calendar, DAY, HOUR, MINUTE};
use kohort::syntax::ast::{Duration, Unit};

/// How two values compare; `None` when one is unknown.
///
/// A date beside an instant compares with the instant's local day; a standard deviation is compared by its square.
pub fn compare(a: &Value, b: &Value, calendar: &Calendar) -> Option<Ordering> {
    Some(match (a, b) {
        (Value::Unknown, _) | (_, Value::Unknown) => return None,
        (Value::Root(a), Value::Root(b)) => a.cmp(b),
        (Value::Root(a), Value::Number(b)) => compare_root(a, b),
        (Value::Number(a), Value::Root(b)) => compare_root(b, a).reverse(),
        (Value::Date(a), Value::Instant(b)) => a.cmp(&calendar.day_of(*b)),
        (Value::Instant(a), Value::Date(b)) => calendar.day_of(*a).cmp(b),
        (Value::ElapsedRoot(a), Value::ElapsedRoot(b)) => a.cmp(b),
        (Value::ElapsedRoot(a), b) => compare_root(a, &elapsed(b)),
        (a, Value::ElapsedRoot(b)) => compare_root(b, &elapsed(a)).reverse(),
        _ if is_elapsed(a) || is_elapsed(b) => elapsed(a).cmp(&elapsed(b)),
        _ if std::mem::discriminant(a) == std::mem::discriminant(b) => a.cmp(b),
        _ => panic!("{a:?} and {b:?} cannot be compared"),
    })
}

fn compare_root(square: &BigRational, number: &BigRational) -> Ordering {
    if number.is_negative() { Ordering::Greater } else { square.cmp(&(number * number)) }
}

/// Whether a value is a duration.
pub fn is_elapsed(value: &Value) -> bool {
    matches!(value, Value::Elapsed(_) | Value::ElapsedRoot(_) | Value::Span(_))
}

/// Microseconds of a difference or a written duration, where a day has 24 hours; a root at 12 places. The sum of no
/// durations at all is a zero that does not know that it is a duration.
pub fn elapsed(value: &Value) -> BigRational {
    match value {
        Value::Elapsed(micros) => micros.clone(),
        Value::ElapsedRoot(square) => rounded_root(square),
        Value::Span(span) => BigRational::from_integer(span_micros(*span).into()),
        Value::Number(zero) | Value::Root(zero) if zero.is_zero() => zero.clone(),
        other => panic!("{other:?} is no duration"),
    }
}

fn span_micros(span: Duration) -> i64 {
    let unit = match span.unit {
        Unit::Minute => MINUTE,
        Unit::Hour => HOUR,
        Unit::Day => DAY,
        Unit::Week => 7 * DAY,
        Unit::Month | Unit::Quarter | Unit::Year => panic!("months do not compare with a difference"),
    };
    i64::from(span.count) * unit
}

/// The plain number of a value, a root rounded to 12 places; `None` for anything else.
pub fn plain(value: &Value) -> Option<BigRational> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::Root(square) => Some(rounded_root(square)),
        _ => None,
    }
}

/// What a column or a point in time keeps of a duration: whole microseconds, half to even.
pub fn whole_micros(value: &Value) -> BigRational {
    round_half_even(&elapsed(value), 0)
}

/// What a column holds of a value: a deviation at 12 places, a duration in whole microseconds.
pub fn settled(value: Value) -> Value {
    match value {
        Value::Root(square) => Value::Number(rounded_root(&square)),
        duration if is_elapsed(&duration) => Value::Elapsed(whole_micros(&duration)),
        other => other,
    }
}

/// Rounded to so many places, half to even; negative places round to tens, hundreds, ….
pub fn round_half_even(number: &BigRational, places: i64) -> BigRational {
    let digits = u32::try_from(places.unsigned_abs()).expect("a sensible number of places");
    let unit = if places < 0 { BigRational::from_integer(ten_to(digits)) } else { decimal(1, digits) };
    let scaled = number / &unit;
    let floor = scaled.floor().to_integer();
    let half = decimal(5, 1);
    let up = match (scaled - BigRational::from_integer(floor.clone())).cmp(&half) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => !(&floor % BigInt::from(2)).is_zero(),
    };
    BigRational::from_integer(floor + i32::from(up)) * unit
}

/// What 64 bits keep of a number's digits.
pub fn wrapped(number: &BigRational) -> BigRational {
    let low = number.numer().iter_u64_digits().next().unwrap_or(0).cast_signed();
    let low = if number.is_negative() { low.wrapping_neg() } else { low };
    BigRational::new(low.into(), number.denom().clone())
}

/// Rounded to so many places, half away from zero.
pub fn round_half_up(number: &BigRational, places: i64) -> BigRational {
    let unit = BigRational::from_integer(10.into()).pow(-(places as i32));
    (number / &unit).round() * unit
}

/// The square root rounded to 12 places, half to even.
pub fn rounded_root(square: &BigRational) -> BigRational {
    let scaled = square * BigRational::from_integer(ten_to(24));
    let floor = scaled.floor().to_integer().sqrt();
    let middle = BigRational::from_integer(floor.clone()) + decimal(5, 1);
    let up = match scaled.cmp(&(&middle * &middle)) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => !(&floor % BigInt::from(2)).is_zero(),
    };
    BigRational::new(floor + i32::from(up), ten_to(12))
}

/// A whole number as `i64`.
pub fn whole(number: &BigRational) -> i64 {
    assert!(number.is_integer(), "{number} is not whole");
    number.to_integer().to_i64().expect("a small whole number")
}
