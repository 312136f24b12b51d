//! The least and the greatest value of a column.

use std::cmp::Ordering;

use datafusion::arrow::array::{Array, ArrayRef, ArrowNumericType, AsArray, BooleanArray};
use datafusion::arrow::compute::{max, max_boolean, max_string_view, min, min_boolean, min_string_view};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, DurationMicrosecondType, Int64Type, TimeUnit,
    TimestampMicrosecondType,
};
use datafusion::common::{Result, ScalarValue};

/// Two values of one type.
#[derive(Clone, Debug)]
pub(super) struct Extremes {
    pub least: ScalarValue,
    pub greatest: ScalarValue,
}

impl Extremes {
    /// Takes in what else was seen.
    pub fn widen(known: &mut Option<Extremes>, more: Option<Extremes>) {
        let Some(more) = more else { return };
        let Some(known) = known else {
            *known = Some(more);
            return;
        };
        if more.least.partial_cmp(&known.least) == Some(Ordering::Less) {
            known.least = more.least;
        }
        if more.greatest.partial_cmp(&known.greatest) == Some(Ordering::Greater) {
            known.greatest = more.greatest;
        }
    }
}

/// The extremes of the canonical types but lists; none for others and where nothing is known.
pub(super) fn of_array(array: &ArrayRef) -> Result<Option<Extremes>> {
    match array.data_type() {
        DataType::Boolean => Ok(of_flags(array.as_boolean())),
        DataType::Utf8View => {
            let texts = array.as_string_view();
            let ends = min_string_view(texts).zip(max_string_view(texts));
            let text = |value: &str| ScalarValue::Utf8View(Some(value.to_owned()));
            Ok(ends.map(|(least, greatest)| Extremes { least: text(least), greatest: text(greatest) }))
        }
        DataType::Int64 => of_numbers::<Int64Type>(array),
        DataType::Date32 => of_numbers::<Date32Type>(array),
        DataType::Decimal128(..) => of_numbers::<Decimal128Type>(array),
        DataType::Decimal256(..) => of_numbers::<Decimal256Type>(array),
        DataType::Timestamp(TimeUnit::Microsecond, _) => of_numbers::<TimestampMicrosecondType>(array),
        DataType::Duration(TimeUnit::Microsecond) => of_numbers::<DurationMicrosecondType>(array),
        _ => Ok(None),
    }
}

fn of_flags(flags: &BooleanArray) -> Option<Extremes> {
    let flag = |value: bool| ScalarValue::Boolean(Some(value));
    let ends = min_boolean(flags).zip(max_boolean(flags));
    ends.map(|(least, greatest)| Extremes { least: flag(least), greatest: flag(greatest) })
}

fn of_numbers<T: ArrowNumericType>(array: &ArrayRef) -> Result<Option<Extremes>> {
    let Some(values) = array.as_primitive_opt::<T>() else { return Ok(None) };
    let Some((least, greatest)) = min(values).zip(max(values)) else { return Ok(None) };
    let scalar = |value| ScalarValue::new_primitive::<T>(Some(value), array.data_type());
    Ok(Some(Extremes { least: scalar(least)?, greatest: scalar(greatest)? }))
}
