//! Rows of tests as tables: each column in its canonical type, as if a file had held it.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Decimal256Array, Int64Array, ListBuilder, RecordBatch,
    RecordBatchOptions, StringViewArray, StringViewBuilder, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, i256};
use datafusion::arrow::error::ArrowError;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;

use crate::engine::kernel::calendar::LocalConverter;
use crate::engine::read::canonical;
use crate::ir::{BaseColumn, BaseTable, BaseTableId, Cell, ColumnKind, Ir, Moment, TestRows};

const MICROS_A_DAY: i64 = 86_400_000_000;

/// The rows of a test so far: every step adds some.
#[derive(Default)]
pub(super) struct Given<'t> {
    rows: HashMap<BaseTableId, Vec<&'t [Cell]>>,
}

impl<'t> Given<'t> {
    /// Adds rows.
    pub fn add(&mut self, given: &'t [TestRows]) {
        for TestRows { table, rows } in given {
            self.rows.entry(*table).or_default().extend(rows.iter().map(Vec::as_slice));
        }
    }

    /// A table for every source of the catalogue; those without rows are empty. What is made by a query, is made by it
    /// unless rows are given.
    ///
    /// # Errors
    /// Arrow refuses a column, which no checked row brings about.
    pub fn tables(&self, ir: &Ir) -> Result<HashMap<String, Arc<dyn TableProvider>>, DataFusionError> {
        let mut tables: HashMap<String, Arc<dyn TableProvider>> = HashMap::new();
        for (at, base) in ir.base_tables.iter().enumerate() {
            let id = BaseTableId(at as u32);
            let rows = self.rows.get(&id).map(Vec::as_slice);
            let is_made = base.grouping.is_some() || ir.sql_of(id).is_some();
            if is_made && rows.is_none() {
                continue;
            }
            tables.insert(base.name.clone(), Arc::new(table(base, rows.unwrap_or_default())?));
        }
        Ok(tables)
    }
}

fn table(base: &BaseTable, rows: &[&[Cell]]) -> Result<MemTable, DataFusionError> {
    let mut columns = Vec::with_capacity(base.columns.len());
    let mut fields = Vec::with_capacity(base.columns.len());
    for (at, column) in base.columns.iter().enumerate() {
        let cells = rows.iter().map(|row| row.get(at).unwrap_or(&Cell::Unknown));
        let array = array(base, column, cells)?;
        fields.push(Field::new(&column.source_name, array.data_type().clone(), true));
        columns.push(array);
    }
    let schema = Arc::new(Schema::new(fields));
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options)?;
    MemTable::try_new(schema, vec![vec![batch]])
}

/// A column of a table; one that the language has no type for is text, and unknown.
fn array<'c>(
    base: &BaseTable,
    column: &BaseColumn,
    cells: impl Iterator<Item = &'c Cell>,
) -> Result<ArrayRef, ArrowError> {
    let Some(kind) = column.kind else {
        return Ok(Arc::new(StringViewArray::from_iter(cells.map(|_| None::<&str>))));
    };
    Ok(match kind {
        ColumnKind::Bool => Arc::new(BooleanArray::from_iter(cells.map(|cell| match cell {
            Cell::Bool(value) => Some(*value),
            _ => None,
        }))),
        ColumnKind::Integer { .. } | ColumnKind::Decimal { .. } => {
            let numbers = cells.map(|cell| match cell {
                Cell::Number(value) => Some(*value),
                _ => None,
            });
            numeric(canonical(kind, &DataType::Null), numbers)?
        }
        ColumnKind::Text => Arc::new(StringViewArray::from_iter(cells.map(|cell| match cell {
            Cell::Text(text) => Some(text.as_str()),
            _ => None,
        }))),
        ColumnKind::Date => Arc::new(Date32Array::from_iter(cells.map(|cell| match cell {
            Cell::Day(day) => i32::try_from(day.signed_duration_since(chrono::NaiveDate::default()).num_days()).ok(),
            _ => None,
        }))),
        ColumnKind::Timestamp => {
            let mut local = LocalConverter::new(base.timezone);
            let instants = cells.map(|cell| match cell {
                Cell::Time(moment) => Some(instant(*moment, &mut local)),
                _ => None,
            });
            // With a zone, so that nobody takes it for a local time.
            Arc::new(TimestampMicrosecondArray::from_iter(instants).with_timezone("UTC"))
        }
        ColumnKind::TextList => {
            let mut lists = ListBuilder::new(StringViewBuilder::new());
            for cell in cells {
                match cell {
                    Cell::Texts(items) => lists.append_value(items.iter().map(Some)),
                    _ => lists.append_null(),
                }
            }
            Arc::new(lists.finish())
        }
    })
}

fn numeric(ty: DataType, numbers: impl Iterator<Item = Option<i128>>) -> Result<ArrayRef, ArrowError> {
    Ok(match ty {
        DataType::Decimal128(digits, scale) => {
            Arc::new(Decimal128Array::from_iter(numbers).with_precision_and_scale(digits, scale)?)
        }
        DataType::Decimal256(digits, scale) => {
            let wide = numbers.map(|number| number.map(i256::from_i128));
            Arc::new(Decimal256Array::from_iter(wide).with_precision_and_scale(digits, scale)?)
        }
        // What does not fit was refused when the test was checked.
        _ => Arc::new(Int64Array::from_iter(numbers.map(|number| number.and_then(|number| number.try_into().ok())))),
    })
}

/// The instant of a row's time: of a day its first, of a local time as the table's zone has it.
fn instant(moment: Moment, local: &mut LocalConverter) -> i64 {
    match moment {
        Moment::Instant(micros) => micros,
        Moment::Local(at) => local.instant(at.and_utc().timestamp_micros()),
        Moment::Day(day) => {
            local.instant(day.signed_duration_since(chrono::NaiveDate::default()).num_days() * MICROS_A_DAY)
        }
    }
}
