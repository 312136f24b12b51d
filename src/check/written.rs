//! Values written outside of expressions: in lists, cut points and keys.

use chrono::{DateTime, NaiveDate};
use num_bigint::BigInt;
use num_rational::BigRational;

use crate::ir::{Type, Value};

/// The value of a type that a text is; none: it is not one.
///
/// Numbers are plain decimals (`-1.5`, any number of digits) or ratios of whole numbers (`1/3`), dates `2026-03-31`, instants have
/// an offset (`2026-03-31T10:00:00+07:00`, `…Z`), durations are days of 24 hours and a time: `90d`, `-163d 12:00:00.5`. There are no
/// lists.
pub(crate) fn written_value(ty: Type, text: &str) -> Option<Value> {
    match ty {
        Type::Text => Some(Value::Text(text.to_owned())),
        Type::Bool => match text {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        Type::Number => number(text).map(Value::Number),
        Type::Date => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Value::Date),
        Type::Instant => {
            DateTime::parse_from_rfc3339(text).ok().map(|instant| Value::Instant(instant.timestamp_micros()))
        }
        Type::Duration => duration(text).map(Value::Duration),
        Type::TextList => None,
    }
}

fn number(text: &str) -> Option<BigRational> {
    if let Some((above, below)) = text.split_once('/') {
        let (above, below): (BigInt, BigInt) = (above.parse().ok()?, below.parse().ok()?);
        return (below != BigInt::from(0)).then(|| BigRational::new(above, below));
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || digits.ends_with('.') || digits.len() > 1_000 {
        return None;
    }
    let value: BigInt = format!("{whole}{fraction}").parse().ok()?;
    let scale = BigInt::from(10).pow(fraction.len() as u32);
    let value = BigRational::new(value, scale);
    Some(if negative { -value } else { value })
}

/// `90d`, `12:00:00` or `-163d 12:00:00.5` in microseconds.
fn duration(text: &str) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let (days, clock) = match text.split_once('d') {
        Some((days, "")) => (days, None),
        Some((days, clock)) => (days, Some(clock.strip_prefix(' ')?)),
        None => ("0", Some(text)),
    };
    let whole =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i128>().ok()).flatten();
    let mut micros = whole(days)?.checked_mul(86_400_000_000)?;
    if let Some(clock) = clock {
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
        let mut parts = clock.split(':').map(whole);
        let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() || hours > 23 || minutes > 59 || seconds > 59 || fraction.len() > 6 {
            return None;
        }
        let fraction = whole(&format!("{fraction:0<6}"))?;
        micros = micros.checked_add(((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction)?;
    }
    i64::try_from(sign * micros).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numerator: i64, denominator: i64) -> Option<Value> {
        Some(Value::Number(BigRational::new(numerator.into(), denominator.into())))
    }

    #[test]
    fn numbers_are_exact() {
        assert_eq!(written_value(Type::Number, "0017"), of(17, 1));
        assert_eq!(written_value(Type::Number, "-1.50"), of(-3, 2));
        assert_eq!(written_value(Type::Number, "-2/6"), of(-1, 3));
        for wrong in ["", "-", "1.", ".5", "1,5", "1e3", "1/0", "--1", " 1", "1_000"] {
            assert_eq!(written_value(Type::Number, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn everything_else_has_one_form() {
        assert_eq!(written_value(Type::Text, "00017"), Some(Value::Text("00017".to_owned())));
        assert_eq!(written_value(Type::Bool, "yes"), None);
        assert_eq!(written_value(Type::Date, "2026-02-30"), None);
        assert_eq!(written_value(Type::Instant, "1970-01-01T07:00:00.5+07:00"), Some(Value::Instant(500_000)));
        assert_eq!(written_value(Type::Instant, "1970-01-01T07:00:00"), None);
        assert_eq!(written_value(Type::Duration, "90d"), Some(Value::Duration(7_776_000_000_000)));
        assert_eq!(written_value(Type::Duration, "-1d 00:00:00.5"), Some(Value::Duration(-86_400_500_000)));
        for wrong in
            ["", "-", "d", "1", "1d ", "1d24:00:00", "24:00:00", "01:00", "1:2:3:4", "00:00:00.1234567", "9999999999d"]
        {
            assert_eq!(written_value(Type::Duration, wrong), None, "{wrong}");
        }
        assert_eq!(written_value(Type::TextList, "a"), None);
    }
}
