//! Values as text.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use datafusion::arrow::array::Array;
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::common::{Result, ScalarValue};

const SECOND: i64 = 1_000_000;

/// A value as a reader of rules would write it: times as local times of the zone, durations in the units of rules.
pub(super) fn text(value: &ScalarValue, zone: Tz) -> Result<String> {
    match value {
        ScalarValue::TimestampMicrosecond(Some(micros), _) => Ok(local(*micros, zone)),
        ScalarValue::DurationMicrosecond(Some(micros)) => Ok(elapsed(*micros)),
        other => of_array(other.to_array()?.as_ref(), 0),
    }
}

/// A value of an array of texts, numbers, truths or dates.
pub(super) fn of_array(array: &dyn Array, row: usize) -> Result<String> {
    let text = array_value_to_string(array, row)?;
    Ok(match array.data_type() {
        // Ratios come with 12 places: what is not there is not shown.
        DataType::Decimal256(_, 12) if text.contains('.') => {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        _ => text,
    })
}

/// `2026-03-31T10:00:00`; fractions of a second only where there are some.
pub(super) fn local(micros: i64, zone: Tz) -> String {
    match DateTime::<Utc>::UNIX_EPOCH.checked_add_signed(TimeDelta::microseconds(micros)) {
        Some(instant) => instant.with_timezone(&zone).format("%Y-%m-%dT%H:%M:%S%.f").to_string(),
        None => format!("{micros} microseconds"),
    }
}

/// `2d 3h`: the two largest units that are not zero, as rules write them; less than a second is said as such.
fn elapsed(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let mut rest = micros.unsigned_abs() / SECOND.unsigned_abs();
    let mut parts = Vec::new();
    for (unit, seconds) in [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)] {
        if rest >= seconds {
            parts.push(format!("{}{unit}", rest / seconds));
            rest %= seconds;
        }
    }
    parts.truncate(2);
    match parts.is_empty() {
        true => "0s".to_owned(),
        false => format!("{sign}{}", parts.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_in_rules() {
        let shown = |value: ScalarValue| text(&value, Tz::Asia__Jakarta).expect("a text");
        assert_eq!(shown(ScalarValue::TimestampMicrosecond(Some(0), None)), "1970-01-01T07:00:00");
        assert_eq!(shown(ScalarValue::TimestampMicrosecond(Some(1_500_000), None)), "1970-01-01T07:00:01.500");
        assert_eq!(shown(ScalarValue::TimestampMicrosecond(Some(i64::MAX), None)), "9223372036854775807 microseconds");
        assert_eq!(shown(ScalarValue::Date32(Some(1))), "1970-01-02");
        assert_eq!(shown(ScalarValue::Decimal128(Some(-1250), 10, 2)), "-12.50");
        assert_eq!(shown(ScalarValue::Boolean(Some(true))), "true");
        assert_eq!(shown(ScalarValue::Float64(Some(0.1))), "0.1");
        assert_eq!(shown(ScalarValue::DurationMicrosecond(Some(-183_600_000_000))), "-2d 3h");
        assert_eq!(shown(ScalarValue::DurationMicrosecond(Some(999))), "0s");
    }
}
