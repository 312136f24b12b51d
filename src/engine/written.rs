//! Values as texts that can be read again: exact, and the same everywhere.

use chrono::{DateTime, SecondsFormat};
use num_bigint::BigInt;
use num_rational::BigRational;

use crate::ir::Value;

/// A value: numbers in digits, dates as `2026-03-31`, instants in UTC, durations in microseconds.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => number(value),
        Value::Text(value) => value.clone(),
        Value::Date(value) => value.to_string(),
        Value::Instant(micros) => instant(*micros).unwrap_or_else(|| micros.to_string()),
        Value::Duration(micros) => micros.to_string(),
    }
}

/// `2026-03-31T03:00:00.000000Z`; none beyond the calendar.
pub(super) fn instant(micros: i64) -> Option<String> {
    Some(DateTime::from_timestamp_micros(micros)?.to_rfc3339_opts(SecondsFormat::Micros, true))
}

/// A number in digits if it is a decimal, else as a ratio of whole numbers.
pub(super) fn number(number: &BigRational) -> String {
    let ten = BigInt::from(10);
    let mut scaled = number.clone();
    for places in 0..=MOST_PLACES {
        if scaled.is_integer() {
            let digits = scaled.to_integer();
            let sign = if digits < BigInt::from(0) { "-" } else { "" };
            let digits = format!("{:0>width$}", digits.magnitude().to_string(), width = places + 1);
            return match digits.split_at_checked(digits.len() - places) {
                Some((whole, rest)) if !rest.is_empty() => format!("{sign}{whole}.{rest}"),
                _ => format!("{sign}{digits}"),
            };
        }
        scaled *= &ten;
    }
    format!("{}/{}", number.numer(), number.denom())
}

/// Digits after the point that a decimal may have before it is written as a ratio.
const MOST_PLACES: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_exactly() {
        let of =
            |numerator: i64, denominator: i64| super::number(&BigRational::new(numerator.into(), denominator.into()));
        assert_eq!(of(17, 1), "17");
        assert_eq!(of(-3, 2), "-1.5");
        assert_eq!(of(1, 100), "0.01");
        assert_eq!(of(-1, 3), "-1/3");
        assert_eq!(of(0, 1), "0");
    }
}
