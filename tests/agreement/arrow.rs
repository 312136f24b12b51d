//! Cases as Arrow tables, in several physical forms of one meaning.

use std::sync::Arc;

use chrono::NaiveDate;
use datafusion::arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, ListBuilder, RecordBatch, StringArray,
    StringBuilder, TimestampMicrosecondArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;

use super::super::differential::oracle::Key;
use super::super::differential::value::{Cell, CellType, TableData};

/// A table in memory, in two partitions; the seed chooses physical types.
pub fn table(data: &TableData, seed: u64) -> Result<Arc<dyn TableProvider>, String> {
    let batch = batch(data, seed)?;
    let half = batch.num_rows() / 2;
    let parts = vec![vec![batch.slice(half, batch.num_rows() - half)], vec![batch.slice(0, half)]];
    Ok(Arc::new(MemTable::try_new(batch.schema(), parts).map_err(|error| error.to_string())?))
}

/// All rows as one batch; the seed chooses physical types.
pub fn batch(data: &TableData, seed: u64) -> Result<RecordBatch, String> {
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for (at, (name, ty)) in data.columns.iter().enumerate() {
        let cells: Vec<&Cell> = data.rows.iter().map(|row| &row[at]).collect();
        let array = varied(array(*ty, &cells), seed.wrapping_add(at as u64));
        fields.push(Field::new(name, array.data_type().clone(), true));
        columns.push(array);
    }
    let schema = Arc::new(Schema::new(fields));
    RecordBatch::try_new(schema, columns).map_err(|error| error.to_string())
}

fn array(ty: CellType, cells: &[&Cell]) -> ArrayRef {
    match ty {
        CellType::Bool => Arc::new(BooleanArray::from_iter(cells.iter().map(|cell| match cell {
            Cell::Bool(value) => Some(*value),
            _ => None,
        }))),
        CellType::Int => Arc::new(Int64Array::from_iter(cells.iter().map(|cell| match cell {
            Cell::Int(value) => Some(*value),
            _ => None,
        }))),
        CellType::Decimal(scale) => {
            let values = cells.iter().map(|cell| match cell {
                Cell::Decimal(value, _) => Some(*value),
                _ => None,
            });
            let array = Decimal128Array::from_iter(values).with_precision_and_scale(38, scale as i8);
            Arc::new(array.expect("38 digits hold the case's decimals"))
        }
        CellType::Text => Arc::new(StringArray::from_iter(cells.iter().map(|cell| match cell {
            Cell::Text(text) => Some(text.clone()),
            _ => None,
        }))),
        CellType::Date => Arc::new(Date32Array::from_iter(cells.iter().map(|cell| match cell {
            Cell::Date(day) => Some(day.signed_duration_since(NaiveDate::default()).num_days() as i32),
            _ => None,
        }))),
        CellType::LocalTime => Arc::new(TimestampMicrosecondArray::from_iter(cells.iter().map(|cell| match cell {
            Cell::LocalTime(local) => Some(local.and_utc().timestamp_micros()),
            _ => None,
        }))),
        CellType::Instant => {
            let values = cells.iter().map(|cell| match cell {
                Cell::Instant(instant) => Some(*instant),
                _ => None,
            });
            Arc::new(TimestampMicrosecondArray::from_iter(values).with_timezone("+00:00"))
        }
        CellType::TextList => {
            let mut builder = ListBuilder::new(StringBuilder::new());
            for cell in cells {
                match cell {
                    Cell::List(items) => builder.append_value(items.iter().map(Some)),
                    _ => builder.append_null(),
                }
            }
            Arc::new(builder.finish())
        }
    }
}

/// Another physical type that holds the same values, where the choice falls on one that does.
fn varied(array: ArrayRef, choice: u64) -> ArrayRef {
    let other = match (array.data_type(), choice % 4) {
        (DataType::Utf8, 0) => DataType::Utf8View,
        (DataType::Utf8, 1) => DataType::LargeUtf8,
        (DataType::Utf8, 2) => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        (DataType::Int64, 0) => DataType::Int32,
        (DataType::Int64, 1) => DataType::Int16,
        (DataType::Date32, 0) => DataType::Date64,
        (DataType::Timestamp(_, zone), 0) => DataType::Timestamp(TimeUnit::Nanosecond, zone.clone()),
        (DataType::Timestamp(_, zone), 1) => DataType::Timestamp(TimeUnit::Millisecond, zone.clone()),
        _ => return array,
    };
    match cast(&array, &other) {
        Ok(cast) if same(&array, &cast) => cast,
        _ => array,
    }
}

fn same(before: &ArrayRef, after: &ArrayRef) -> bool {
    cast(after, before.data_type()).is_ok_and(|back| back.as_ref() == before.as_ref())
}

/// The key of a row as text.
pub fn key_of(batch: &RecordBatch, keys: usize, row: usize) -> String {
    let part = |at: usize| array_value_to_string(batch.column(at), row).expect("a key has a text");
    (0..keys).map(part).collect::<Vec<_>>().join("|")
}

/// The interpreter's key as text.
pub fn key_text(key: &Key) -> String {
    key.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")
}
