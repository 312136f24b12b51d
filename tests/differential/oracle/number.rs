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
        (Value::Elapsed(_) | Value::Span(_), Value::Elapsed(_) | Value::Span(_)) => elapsed(a).cmp(&elapsed(b)),
        _ if std::mem::discriminant(a) == std::mem::discriminant(b) => a.cmp(b),
        _ => panic!("{a:?} and {b:?} cannot be compared"),
    })
}

fn compare_root(square: &BigRational, number: &BigRational) -> Ordering {
    if number.is_negative() { Ordering::Greater } else { square.cmp(&(number * number)) }
}

/// Microseconds of a difference or a written duration, where a day has 24 hours.
pub fn elapsed(value: &Value) -> BigRational {
    match value {
        Value::Elapsed(micros) => micros.clone(),
        Value::Span(span) => BigRational::from_integer(span_micros(*span).into()),
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
