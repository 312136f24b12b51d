//! Columns of a scan in their canonical types, as expressions.
//!
//! Conversions that lose nothing and need no zone are ordinary casts, so that DataFusion sees through them; the others
//! are one scalar function.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chrono_tz::Tz;
use datafusion::arrow::array::{ArrayRef, BooleanArray};
use datafusion::arrow::datatypes::{DataType, Schema, TimeUnit};
use datafusion::common::{Column, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, cast as cast_expr,
};

use super::{Converter, canonical};
use crate::ir::{BaseColumn, BaseTable, ColumnKind};

/// Every column of a table that the language can use, read as what it is, under our names.
pub(crate) fn every_column(table: &BaseTable, schema: &Schema) -> Result<Vec<Expr>> {
    let mut columns = Vec::new();
    for column in &table.columns {
        if column.kind.is_some() {
            columns.push(read(table, column, schema)?.alias(&column.name));
        }
    }
    Ok(columns)
}

/// An expression that reads a column of the data.
///
/// # Errors
/// The data has no such column.
pub(crate) fn read(table: &BaseTable, column: &BaseColumn, schema: &Schema) -> Result<Expr> {
    let raw = schema.field_with_name(&column.source_name)?.data_type();
    let source = Expr::Column(Column::new_unqualified(&column.source_name));
    let Some(kind) = column.kind else { return Ok(source) };
    Ok(match way(raw, kind, table.timezone) {
        Way::AsItIs => source,
        Way::Cast => cast_expr(source, canonical(kind, raw)),
        Way::Convert => {
            let converter = Converter::new(table, &column.name, raw, kind);
            let converter = if table.skips_bad_rows { converter.lenient() } else { converter };
            ScalarUDF::new_from_impl(Reader::new(converter)).call(vec![source])
        }
    })
}

/// Where the table leaves out rows that cannot be read: the condition that a row can; none where every row can.
///
/// # Errors
/// The data lacks a column.
pub(crate) fn readable(table: &BaseTable, schema: &Schema) -> Result<Option<Expr>> {
    if !table.skips_bad_rows {
        return Ok(None);
    }
    let found = fallible(table, schema)?;
    if found.is_empty() {
        return Ok(None);
    }
    let columns = found.iter().map(|(source, _)| Expr::Column(Column::new_unqualified(*source))).collect();
    let converters = found.into_iter().map(|(_, converter)| converter).collect();
    Ok(Some(ScalarUDF::new_from_impl(Readable::new(converters)).call(columns)))
}

/// The columns, by the data's names, whose values may be unreadable.
///
/// # Errors
/// The data lacks a column.
pub(crate) fn fallible<'t>(table: &'t BaseTable, schema: &Schema) -> Result<Vec<(&'t str, Converter)>> {
    let mut found = Vec::new();
    for column in &table.columns {
        let Some(kind) = column.kind else { continue };
        let raw = schema.field_with_name(&column.source_name)?.data_type();
        if way(raw, kind, table.timezone) == Way::Convert {
            found.push((column.source_name.as_str(), Converter::new(table, &column.name, raw, kind)));
        }
    }
    Ok(found)
}

/// How a column becomes canonical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    AsItIs,
    /// Loses nothing and cannot fail.
    Cast,
    Convert,
}

fn way(raw: &DataType, kind: ColumnKind, zone: Tz) -> Way {
    let same = *raw == canonical(kind, raw);
    if same && (kind != ColumnKind::Timestamp || zone == Tz::UTC) {
        return Way::AsItIs;
    }
    let instants = matches!(raw, DataType::Timestamp(TimeUnit::Microsecond, Some(_))) && kind == ColumnKind::Timestamp;
    if instants || losslessly_cast(raw, kind) { Way::Cast } else { Way::Convert }
}

fn losslessly_cast(raw: &DataType, kind: ColumnKind) -> bool {
    let values = match raw {
        DataType::Dictionary(_, values) => values.as_ref(),
        other => other,
    };
    match kind {
        ColumnKind::Integer { .. } => values.is_integer(),
        ColumnKind::Text => {
            matches!(values, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) || values.is_integer()
        }
        ColumnKind::Bool => *values == DataType::Boolean,
        ColumnKind::Date => matches!(values, DataType::Date32 | DataType::Date64),
        ColumnKind::TextList => true,
        ColumnKind::Decimal { scale, .. } => match values {
            DataType::Decimal32(_, has) | DataType::Decimal64(_, has) | DataType::Decimal128(_, has) => *has <= scale,
            other => other.is_integer(),
        },
        ColumnKind::Timestamp => false,
    }
}

/// The scalar function that reads a column.
#[derive(Clone)]
struct Reader {
    converter: Converter,
    signature: Signature,
}

impl Reader {
    fn new(converter: Converter) -> Self {
        Reader { converter, signature: Signature::any(1, Volatility::Immutable) }
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reader({:?})", self.converter.signature())
    }
}

impl PartialEq for Reader {
    fn eq(&self, other: &Self) -> bool {
        self.converter.signature() == other.converter.signature()
    }
}

impl Eq for Reader {}

impl Hash for Reader {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.converter.signature().hash(state);
    }
}

impl ScalarUDFImpl for Reader {
    fn name(&self) -> &str {
        "kohort_read"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.converter.target())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        match arrays.first() {
            Some(array) => Ok(ColumnarValue::Array(self.converter.convert(array)?)),
            None => datafusion::common::internal_err!("kohort_read takes one argument"),
        }
    }
}

/// The scalar function that tells whether every one of some columns can be read.
#[derive(Clone)]
struct Readable {
    converters: Vec<Converter>,
    signature: Signature,
}

impl Readable {
    fn new(converters: Vec<Converter>) -> Self {
        let signature = Signature::any(converters.len(), Volatility::Immutable);
        Readable { converters, signature }
    }

    fn columns(&self) -> impl Iterator<Item = (&str, &str, &DataType, ColumnKind, bool)> {
        self.converters.iter().map(Converter::signature)
    }
}

impl fmt::Debug for Readable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.columns()).finish()
    }
}

impl PartialEq for Readable {
    fn eq(&self, other: &Self) -> bool {
        self.columns().eq(other.columns())
    }
}

impl Eq for Readable {}

impl Hash for Readable {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.columns().for_each(|column| column.hash(state));
    }
}

impl ScalarUDFImpl for Readable {
    fn name(&self) -> &str {
        "kohort_readable"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let rows = arrays.first().map_or(0, |array| array.len());
        let mut sound = vec![true; rows];
        for (converter, array) in self.converters.iter().zip(&arrays) {
            for (row, _) in converter.bad_rows(array)? {
                if let Some(sound) = sound.get_mut(row) {
                    *sound = false;
                }
            }
        }
        let sound: ArrayRef = Arc::new(BooleanArray::from(sound));
        Ok(ColumnarValue::Array(sound))
    }
}
