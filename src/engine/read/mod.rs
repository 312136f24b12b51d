//! Data as values of the language.
//!
//! Below this point data is whatever files hold; above it there is one canonical Arrow type for each kind of column,
//! exact and in microseconds of UTC. [`column`] brings that into plans, [`convert`] does it for arrays, [`value`] for
//! single texts.

mod column;
mod convert;
mod value;

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, TimeUnit};

pub(crate) use column::{every_column, fallible, read, readable};
pub use convert::BadValue;
pub(crate) use convert::{Converter, bad_value};
pub(crate) use value::{Conventions, TimeLook, decimal, without_exponent};

use crate::ir::ColumnKind;

/// The canonical Arrow type of a column.
pub(crate) fn canonical(kind: ColumnKind, raw: &DataType) -> DataType {
    match kind {
        ColumnKind::Bool => DataType::Boolean,
        ColumnKind::Integer { digits: 20 } => DataType::Decimal128(20, 0),
        ColumnKind::Integer { .. } => DataType::Int64,
        ColumnKind::Decimal { digits, scale } => match raw {
            DataType::Decimal128(_, has) | DataType::Decimal256(_, has) if *has == scale => raw.clone(),
            _ if digits > 38 => DataType::Decimal256(digits, scale),
            _ => DataType::Decimal128(digits, scale),
        },
        ColumnKind::Text => DataType::Utf8View,
        ColumnKind::Date => DataType::Date32,
        ColumnKind::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
        ColumnKind::TextList => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8View, true))),
    }
}
