//! Keys of subjects as they are kept and told.

use chrono_tz::Tz;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use datafusion::arrow::util::display::array_value_to_string;
use serde::{Deserialize, Serialize};

use crate::engine::AsOf;

/// A subject's key, part by part.
pub type Key = Vec<KeyPart>;

/// One part of a key. In JSON a number or a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum KeyPart {
    /// A whole number.
    Number(i64),
    /// Anything else, as it is written.
    Text(String),
}

/// The keys of rows.
pub(super) fn keys(rows: &RecordBatch, zone: Tz) -> Vec<Key> {
    (0..rows.num_rows()).map(|row| rows.columns().iter().map(|column| part(column, row, zone)).collect()).collect()
}

fn part(column: &ArrayRef, row: usize, zone: Tz) -> KeyPart {
    let whole = |number: i128| match i64::try_from(number) {
        Ok(number) => KeyPart::Number(number),
        Err(_) => KeyPart::Text(number.to_string()),
    };
    match column.data_type() {
        DataType::Int64 => KeyPart::Number(column.as_primitive::<Int64Type>().value(row)),
        DataType::Decimal128(_, 0) => whole(column.as_primitive::<Decimal128Type>().value(row)),
        DataType::Utf8View => KeyPart::Text(column.as_string_view().value(row).to_owned()),
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            let instant = column.as_primitive::<TimestampMicrosecondType>().value(row);
            KeyPart::Text(AsOf::from_micros(instant).display(zone))
        }
        _ => KeyPart::Text(array_value_to_string(column, row).unwrap_or_default()),
    }
}
