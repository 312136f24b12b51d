//! Arrow types of data as types of the language.

use datafusion::arrow::datatypes::{DataType, Field, Schema};

use crate::check::{SourceColumn, SourceType, TableSchema};
use crate::ir::ColumnKind;

/// The columns of a schema.
pub(in crate::engine) fn schema(schema: &Schema) -> TableSchema {
    let column = |field: &std::sync::Arc<Field>| SourceColumn {
        name: field.name().clone(),
        ty: source_type(field.data_type()),
        nullable: field.is_nullable(),
    };
    TableSchema { columns: schema.fields().iter().map(column).collect() }
}

fn source_type(ty: &DataType) -> SourceType {
    use ColumnKind::{Bool, Date, Decimal, Integer, Text, TextList, Timestamp};
    SourceType::Kind(match ty {
        DataType::Boolean => Bool,
        DataType::Int8 | DataType::UInt8 => Integer { digits: 3 },
        DataType::Int16 | DataType::UInt16 => Integer { digits: 5 },
        DataType::Int32 | DataType::UInt32 => Integer { digits: 10 },
        DataType::Int64 => Integer { digits: 19 },
        DataType::UInt64 => Integer { digits: 20 },
        DataType::Float16 | DataType::Float32 | DataType::Float64 => return SourceType::Float,
        DataType::Decimal32(digits, scale)
        | DataType::Decimal64(digits, scale)
        | DataType::Decimal128(digits, scale)
        | DataType::Decimal256(digits, scale) => Decimal { digits: *digits, scale: *scale },
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Text,
        DataType::Date32 | DataType::Date64 => Date,
        DataType::Timestamp(..) => Timestamp,
        DataType::Dictionary(_, values) => return source_type(values),
        DataType::List(item) | DataType::LargeList(item) | DataType::ListView(item) => match item.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => TextList,
            _ => return SourceType::Other(format!("list of {}", item.data_type())),
        },
        other => return SourceType::Other(other.to_string()),
    })
}
