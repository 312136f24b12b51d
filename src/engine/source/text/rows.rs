//! Rows of a file as batches of canonical columns.

use datafusion::arrow::array::{RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;

use super::super::fault::{Problem, RowFault};
use super::super::location::DataFile;
use super::builder::{Builder, Parser, Value};
use super::records::{Field, Records};
use super::{TextFiles, fault};
use crate::engine::read::Conventions;
use crate::ir::ColumnKind;

/// A column of the table as the catalogue has it.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// The data's name.
    pub source_name: String,
    /// Our name.
    pub name: String,
    /// What it holds; none: nothing reads it.
    pub kind: Option<ColumnKind>,
}

/// What is read of every file.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// Columns to read, the first `shown` of them into the schema, the others only to see whether their values can be read.
    pub columns: Vec<Column>,
    /// The schema of the batches.
    pub schema: SchemaRef,
    /// Rows of a batch.
    pub batch: usize,
}

/// Where the values of a column come from in one file.
enum Origin {
    /// The field at this place.
    Field(usize),
    /// The same for all rows: what the directories say.
    Constant(Option<String>),
}

/// What is done with batches and faults.
pub(super) trait Sink {
    /// Takes a batch, and the lines on which its rows begin; false: no more are wanted.
    fn batch(&mut self, batch: RecordBatch, lines: &[u64]) -> bool;

    /// Takes all that is wrong with a row.
    ///
    /// # Errors
    /// Reading ends.
    fn faults(&mut self, faults: Vec<RowFault>) -> Result<(), Box<RowFault>>;

    /// All that is wrong with a row is wanted, not only the first.
    fn wants_all(&self) -> bool;
}

/// Why reading a file ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    #[error(transparent)]
    Fault(#[from] Box<RowFault>),
    #[error(transparent)]
    Arrow(#[from] ArrowError),
}

impl TextFiles {
    /// Reads a file from its first row to its last. Blocks.
    ///
    /// # Errors
    /// A fault that the sink does not take, or one that ends the file.
    pub(super) fn read(
        &self,
        file: &DataFile,
        raw: Box<dyn std::io::Read + Send>,
        layout: &Layout,
        sink: &mut dyn Sink,
    ) -> Result<(), Ended> {
        let mut records = match self.records(file, raw) {
            Ok(records) => records,
            Err(fault) => {
                sink.faults(vec![(*fault).clone()])?;
                return Err(fault.into());
            }
        };
        let rules = self.rules();
        let origins: Vec<Origin> =
            layout.columns.iter().map(|column| self.origin(file, records.names(), &column.source_name)).collect();
        let mut rows = Rows::new(layout, origins, &rules);
        while let Some(next) = records.advance() {
            let faults = match next {
                Ok(()) => rows.read(records.as_ref(), file, sink.wants_all()),
                Err(problem) => vec![fault(file, Some(records.line()), problem)],
            };
            if faults.is_empty() {
                rows.keep(records.as_ref());
                if rows.lines.len() == layout.batch && !rows.hand_over(sink)? {
                    return Ok(());
                }
            } else {
                let fatal = faults.iter().find(|fault| !fault.is_local()).cloned();
                sink.faults(faults)?;
                if let Some(fatal) = fatal {
                    return Err(Box::new(fatal).into());
                }
            }
        }
        if !rows.lines.is_empty() {
            rows.hand_over(sink)?;
        }
        Ok(())
    }

    fn origin(&self, file: &DataFile, names: &[String], column: &str) -> Origin {
        match names.iter().position(|name| name == column) {
            Some(at) => Origin::Field(at),
            None => {
                let at = self.located.partitions.iter().position(|name| name == column);
                Origin::Constant(at.and_then(|at| file.parts.get(at).cloned().flatten()))
            }
        }
    }
}

/// Rows under way.
struct Rows<'l> {
    layout: &'l Layout,
    origins: Vec<Origin>,
    parsers: Vec<Option<Parser<'l>>>,
    values: Vec<Value>,
    builders: Vec<Builder>,
    /// Where the rows kept begin.
    lines: Vec<u64>,
}

impl<'l> Rows<'l> {
    fn new(layout: &'l Layout, origins: Vec<Origin>, rules: &'l Conventions) -> Self {
        let parsers = layout.columns.iter().map(|column| column.kind.map(|kind| Parser::new(kind, rules)));
        let shown = layout.schema.fields().len();
        let builders = layout.columns.iter().take(shown).map(|column| Builder::new(column.kind, layout.batch));
        Rows {
            layout,
            origins,
            parsers: parsers.collect(),
            values: Vec::with_capacity(layout.columns.len()),
            builders: builders.collect(),
            lines: Vec::with_capacity(layout.batch),
        }
    }

    /// Reads the values of a row, and says which cannot be.
    fn read(&mut self, records: &dyn Records, file: &DataFile, all: bool) -> Vec<RowFault> {
        let mut faults = Vec::new();
        self.values.clear();
        for ((origin, parser), column) in self.origins.iter().zip(&mut self.parsers).zip(&self.layout.columns) {
            let Some(parser) = parser else {
                self.values.push(Value::Unknown);
                continue;
            };
            let field = field(origin, records);
            match parser.parse(&field) {
                Some(value) => self.values.push(value),
                None => {
                    self.values.push(Value::Unknown);
                    faults.push(bad_value(file, records.line(), column, &field));
                    if !all {
                        break;
                    }
                }
            }
        }
        faults
    }

    /// Keeps the row that was read last.
    fn keep(&mut self, records: &dyn Records) {
        for ((builder, value), origin) in self.builders.iter_mut().zip(&self.values).zip(&self.origins) {
            match value {
                Value::AsWritten => builder.append(*value, &field(origin, records)),
                _ => builder.append(*value, &Field::Unknown),
            }
        }
        self.lines.push(records.line());
    }

    /// Hands the rows kept to the sink, and begins anew.
    fn hand_over(&mut self, sink: &mut dyn Sink) -> Result<bool, ArrowError> {
        let columns = self.builders.iter_mut().map(Builder::finish).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.lines.len()));
        let batch = RecordBatch::try_new_with_options(SchemaRef::clone(&self.layout.schema), columns, &options)?;
        let more = sink.batch(batch, &self.lines);
        self.lines.clear();
        Ok(more)
    }
}

fn field<'r>(origin: &'r Origin, records: &'r dyn Records) -> Field<'r> {
    match origin {
        Origin::Field(at) => records.field(*at),
        Origin::Constant(Some(text)) => Field::Text(text.as_str().into()),
        Origin::Constant(None) => Field::Unknown,
    }
}

fn bad_value(file: &DataFile, line: u64, column: &Column, field: &Field<'_>) -> RowFault {
    let problem = match (field, column.kind) {
        (Field::NotUtf8(_), _) | (_, None) => Problem::NotUtf8,
        (_, Some(kind)) => Problem::NotA(kind),
    };
    let value = match field {
        Field::Text(text) | Field::NotUtf8(text) => text.to_string(),
        Field::Number(text) | Field::Nested(text) => (*text).to_owned(),
        Field::Bool(value) => value.to_string(),
        Field::List(_) => "a list".to_owned(),
        Field::Unknown => String::new(),
    };
    RowFault { column: Some(column.name.clone()), value: Some(value), ..fault(file, Some(line), problem) }
}
