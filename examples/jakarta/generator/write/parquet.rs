//! Parquet by way of Arrow: rows are gathered into columns and handed over some thousands at a time.

use std::fs::File;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayBuilder, ArrayRef, BooleanBuilder, Date32Builder, Int64Builder, ListBuilder, RecordBatch, StringBuilder,
    TimestampMillisecondBuilder,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::schema::types::ColumnPath;

use super::{Cell, Table, Type};

/// Rows that are gathered.
const BATCH: usize = 8_192;
/// Rows of a row group.
const ROW_GROUP: usize = 1 << 18;

enum Column {
    Text(StringBuilder),
    Number(Int64Builder),
    Truth(BooleanBuilder),
    Date(Date32Builder),
    Time(TimestampMillisecondBuilder),
    Texts(ListBuilder<StringBuilder>),
}

impl Column {
    fn new(ty: Type) -> Self {
        match ty {
            Type::Text => Column::Text(StringBuilder::new()),
            Type::Number | Type::Id => Column::Number(Int64Builder::new()),
            Type::Truth => Column::Truth(BooleanBuilder::new()),
            Type::Date => Column::Date(Date32Builder::new()),
            Type::Time => Column::Time(TimestampMillisecondBuilder::new()),
            Type::Texts => Column::Texts(ListBuilder::new(StringBuilder::new())),
        }
    }

    /// Adds a value; one of another type than the column's is unknown.
    fn push(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Column::Text(column), cell) => {
                column.append_option(if let Cell::Text(text) = cell { Some(text) } else { None })
            }
            (Column::Number(column), cell) => {
                column.append_option(if let Cell::Number(number) = cell { Some(*number) } else { None });
            }
            (Column::Truth(column), cell) => {
                column.append_option(if let Cell::Truth(truth) = cell { Some(*truth) } else { None });
            }
            (Column::Date(column), cell) => {
                column.append_option(if let Cell::Date(day) = cell { Some(*day) } else { None })
            }
            (Column::Time(column), cell) => {
                column.append_option(if let Cell::Time(at) = cell { Some(at * 1_000) } else { None });
            }
            (Column::Texts(column), Cell::Texts(texts)) => {
                texts.iter().for_each(|text| column.values().append_value(text));
                column.append(true);
            }
            (Column::Texts(column), _) => column.append(false),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Column::Text(column) => ArrayBuilder::finish(column),
            Column::Number(column) => ArrayBuilder::finish(column),
            Column::Truth(column) => ArrayBuilder::finish(column),
            Column::Date(column) => ArrayBuilder::finish(column),
            Column::Time(column) => ArrayBuilder::finish(column),
            Column::Texts(column) => ArrayBuilder::finish(column),
        }
    }
}

fn schema(table: &Table) -> SchemaRef {
    let field = |(name, ty): &(&'static str, Type)| {
        let ty = match ty {
            Type::Text => DataType::Utf8,
            Type::Number | Type::Id => DataType::Int64,
            Type::Truth => DataType::Boolean,
            Type::Date => DataType::Date32,
            Type::Time => DataType::Timestamp(TimeUnit::Millisecond, None),
            Type::Texts => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
        };
        Field::new(*name, ty, true)
    };
    Arc::new(Schema::new(table.columns.iter().map(field).collect::<Vec<_>>()))
}

/// Ids are written as differences.
fn properties(table: &Table) -> Result<WriterProperties, ParquetError> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(4)?))
        .set_max_row_group_row_count(Some(ROW_GROUP));
    for (name, _) in table.columns.iter().filter(|(_, ty)| *ty == Type::Id) {
        let column = ColumnPath::from(*name);
        properties = properties.set_column_dictionary_enabled(column.clone(), false);
        properties = properties.set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
    }
    Ok(properties.build())
}

/// A Parquet file being written.
pub struct Writer {
    file: ArrowWriter<File>,
    schema: SchemaRef,
    columns: Vec<Column>,
    gathered: usize,
}

impl Writer {
    /// Begins a file.
    pub fn new(file: File, table: &Table) -> Result<Self, ParquetError> {
        let schema = schema(table);
        let file = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties(table)?))?;
        let columns = table.columns.iter().map(|(_, ty)| Column::new(*ty)).collect();
        Ok(Writer { file, schema, columns, gathered: 0 })
    }

    /// Gathers a row.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ParquetError> {
        self.columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
        self.gathered += 1;
        if self.gathered == BATCH { self.hand_over() } else { Ok(()) }
    }

    fn hand_over(&mut self) -> Result<(), ParquetError> {
        self.gathered = 0;
        let columns = self.columns.iter_mut().map(Column::finish).collect();
        self.file.write(&RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }

    /// Writes what is left.
    pub fn finish(mut self) -> Result<(), ParquetError> {
        self.hand_over()?;
        self.file.close().map(drop)
    }
}
