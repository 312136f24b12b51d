//! Values as texts that can be read again: exact, and the same everywhere.

use chrono::{DateTime, SecondsFormat};
use num_bigint::BigInt;
use num_rational::BigRational;

use crate::ir::Value;

/// A value: numbers in digits, dates as `2026-03-31`, instants in UTC, durations as `-163d 12:00:00.5`.
pub fn value(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => number(value),
        Value::Text(value) => value.clone(),
        Value::Date(value) => value.to_string(),
        Value::Instant(micros) => instant(*micros).unwrap_or_else(|| micros.to_string()),
        Value::Duration(micros) => duration(*micros),
    }
}

/// `2026-03-31T03:00:00.000000Z`; none beyond the calendar.
pub(super) fn instant(micros: i64) -> Option<String> {
    Some(DateTime::from_timestamp_micros(micros)?.to_rfc3339_opts(SecondsFormat::Micros, true))
}

/// `90d`, `12:00:00`, `-163d 12:00:00.5`: days of 24 hours, then hours, minutes and seconds.
pub(super) fn duration(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let (days, rest) = (micros.unsigned_abs() / DAY, micros.unsigned_abs() % DAY);
    let (seconds, fraction) = (rest / SECOND, rest % SECOND);
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let fraction = format!(".{fraction:06}");
    let clock = format!("{clock}{}", fraction.trim_end_matches('0').trim_end_matches('.'));
    match (days, rest) {
        (days, 0) => format!("{sign}{days}d"),
        (0, _) => format!("{sign}{clock}"),
        (days, _) => format!("{sign}{days}d {clock}"),
    }
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

/// A second in microseconds.
const SECOND: u64 = 1_000_000;
/// A day in microseconds.
const DAY: u64 = 86_400 * SECOND;
/// Digits after the point that a decimal may have before it is written as a ratio.
const MOST_PLACES: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::written::written_value;
    use crate::ir::Type;

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

    #[test]
    fn durations_are_written_for_people_and_read_again() {
        assert_eq!(duration(0), "0d");
        assert_eq!(duration(-14_126_879_999_999), "-163d 12:07:59.999999");
        assert_eq!(duration(90 * 86_400_000_000), "90d");
        assert_eq!(duration(3_600_500_000), "01:00:00.5");
        for micros in [0, 1, -1, 999_999, 86_399_999_999, 86_400_000_000, -86_400_000_001, i64::MAX, i64::MIN] {
            assert_eq!(written_value(Type::Duration, &duration(micros)), Some(Value::Duration(micros)), "{micros}");
        }
    }
}
