//! Files of text as a table of DataFusion.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use tokio::sync::mpsc::Sender;

use super::super::fault::RowFault;
use super::super::location::DataFile;
use super::builder::arrow_type;
use super::rows::{Column, Ended, Layout, Sink};
use super::{TextFiles, arriving, fault, open};
use crate::ir::BaseTable;

/// Batches that wait to be taken.
const AHEAD: usize = 2;
const BATCH: usize = 8_192;

/// A table of text files with the types that the catalogue gives its columns.
#[derive(Debug)]
pub(in super::super) struct TextTable {
    files: Arc<TextFiles>,
    columns: Vec<Column>,
    schema: SchemaRef,
    skips: bool,
}

impl TextTable {
    /// Reads the columns of files as a catalogue's table has them.
    pub fn new(files: Arc<TextFiles>, table: &BaseTable) -> Self {
        let known =
            |column: &&crate::ir::BaseColumn| files.columns.iter().any(|found| found.name == column.source_name);
        let columns: Vec<Column> = table
            .columns
            .iter()
            .filter(known)
            .map(|column| Column {
                source_name: column.source_name.clone(),
                name: column.name.clone(),
                kind: column.kind,
            })
            .collect();
        let field = |column: &Column| Field::new(&column.source_name, arrow_type(column.kind), true);
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
        TextTable { files, columns, schema, skips: table.skips_bad_rows }
    }

    /// Where its files are.
    pub fn located(&self) -> &super::super::location::Located {
        &self.files.located
    }

    /// How its files are read, in whatever words.
    pub fn conventions(&self) -> String {
        let TextFiles { json, reading, zone, .. } = self.files.as_ref();
        format!("json {json}, {reading:?}, {zone}, skips {}", self.skips)
    }

    /// Reads all files to their ends and takes down what is wrong: with all rows, every column.
    pub async fn inspect(&self, found: impl FnMut(&[RowFault]) + Send + 'static) {
        let layout = Layout { columns: self.columns.clone(), schema: Arc::new(Schema::empty()), batch: BATCH };
        self.each_file(layout, Inspect { found }).await;
    }

    /// Reads some columns of all files, and hands over each batch with its file and the lines of its rows.
    ///
    /// # Errors
    /// The table has no such columns.
    pub async fn locate(
        &self,
        columns: &[usize],
        found: impl FnMut(&RecordBatch, &Arc<str>, &[u64]) + Send + 'static,
    ) -> Result<()> {
        let schema = Arc::new(self.schema.project(columns)?);
        let columns = columns.iter().filter_map(|at| self.columns.get(*at).cloned()).collect();
        let sink = Locate { found, file: Arc::from("") };
        self.each_file(Layout { columns, schema, batch: BATCH }, sink).await;
        Ok(())
    }

    async fn each_file<S: FileSink + Send + 'static>(&self, layout: Layout, mut sink: S) {
        for file in &self.files.located.files {
            sink.begin(&file.shown);
            let raw = match arriving::open(&self.files.located.store, file).await {
                Ok(raw) => raw,
                Err(error) => {
                    let _ = sink.faults(vec![fault(file, None, open::problem(&error))]);
                    continue;
                }
            };
            let (files, file, layout) = (Arc::clone(&self.files), file.clone(), layout.clone());
            let read = tokio::task::spawn_blocking(move || {
                // What ends a file early has been handed to the sink.
                let _ = files.read(&file, raw, &layout, &mut sink);
                sink
            });
            match read.await {
                Ok(back) => sink = back,
                Err(_) => return,
            }
        }
    }
}

/// A sink for one file after the other.
trait FileSink: Sink {
    /// A file begins.
    fn begin(&mut self, _file: &str) {}
}

/// Takes down where rows stand.
struct Locate<F> {
    found: F,
    file: Arc<str>,
}

impl<F: FnMut(&RecordBatch, &Arc<str>, &[u64])> Sink for Locate<F> {
    fn batch(&mut self, batch: RecordBatch, lines: &[u64]) -> bool {
        (self.found)(&batch, &self.file, lines);
        true
    }

    fn faults(&mut self, _faults: Vec<RowFault>) -> Result<(), Box<RowFault>> {
        Ok(())
    }

    fn wants_all(&self) -> bool {
        false
    }
}

impl<F: FnMut(&RecordBatch, &Arc<str>, &[u64])> FileSink for Locate<F> {
    fn begin(&mut self, file: &str) {
        self.file = Arc::from(file);
    }
}

impl<F: FnMut(&[RowFault])> FileSink for Inspect<F> {}

/// Takes everything down.
struct Inspect<F> {
    found: F,
}

impl<F: FnMut(&[RowFault])> Sink for Inspect<F> {
    fn batch(&mut self, _batch: RecordBatch, _lines: &[u64]) -> bool {
        true
    }

    fn faults(&mut self, faults: Vec<RowFault>) -> Result<(), Box<RowFault>> {
        (self.found)(&faults);
        Ok(())
    }

    fn wants_all(&self) -> bool {
        true
    }
}

#[async_trait]
impl TableProvider for TextTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        let projection = projection.unwrap_or(&all);
        let schema = Arc::new(self.schema.project(projection)?);
        let mut columns: Vec<Column> = projection.iter().filter_map(|at| self.columns.get(*at).cloned()).collect();
        if self.skips {
            // A row is left out whatever is asked of it.
            let others = self.columns.iter().enumerate().filter(|(at, _)| !projection.contains(at));
            columns.extend(others.map(|(_, column)| column.clone()));
        }
        let batch = state.config().batch_size();
        let layout = Arc::new(Layout { columns, schema: Arc::clone(&schema), batch });
        let partitions = self.partitions(state.config().target_partitions(), &layout);
        let exec = StreamingTableExec::try_new(schema, partitions, None, Vec::new(), false, limit)?;
        Ok(Arc::new(exec))
    }
}

impl TextTable {
    /// The files dealt out by size.
    fn partitions(&self, wanted: usize, layout: &Arc<Layout>) -> Vec<Arc<dyn PartitionStream>> {
        let mut files: Vec<DataFile> = self.files.located.files.clone();
        files.sort_by_key(|file| std::cmp::Reverse(file.meta.size));
        let mut parts: Vec<(u64, Vec<DataFile>)> = vec![(0, Vec::new()); wanted.clamp(1, files.len().max(1))];
        for file in files {
            if let Some(part) = parts.iter_mut().min_by_key(|(size, _)| *size) {
                part.0 += file.meta.size;
                part.1.push(file);
            }
        }
        let stream = |(_, parts): (u64, Vec<DataFile>)| -> Arc<dyn PartitionStream> {
            Arc::new(TextStream {
                files: Arc::clone(&self.files),
                parts,
                layout: Arc::clone(layout),
                skips: self.skips,
            })
        };
        parts.into_iter().map(stream).collect()
    }
}

/// Some of the files, one after the other.
struct TextStream {
    files: Arc<TextFiles>,
    parts: Vec<DataFile>,
    layout: Arc<Layout>,
    skips: bool,
}

impl fmt::Debug for TextStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.parts.iter().map(|file| file.shown.as_str()).collect();
        write!(f, "{}", names.join(", "))
    }
}

impl PartitionStream for TextStream {
    fn schema(&self) -> &SchemaRef {
        &self.layout.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut builder = RecordBatchReceiverStreamBuilder::new(Arc::clone(&self.layout.schema), AHEAD);
        let (files, parts) = (Arc::clone(&self.files), self.parts.clone());
        let (layout, skips, tx) = (Arc::clone(&self.layout), self.skips, builder.tx());
        builder.spawn(async move {
            for file in parts {
                let raw = arriving::open(&files.located.store, &file).await;
                let raw = raw.map_err(|error| failed(&file, &error))?;
                let (files, layout) = (Arc::clone(&files), Arc::clone(&layout));
                let mut sink = HandOn { tx: tx.clone(), skips, open: true };
                let read = tokio::task::spawn_blocking(move || {
                    let ended = files.read(&file, raw, &layout, &mut sink);
                    ended.map(|()| sink.open)
                });
                match read.await {
                    Ok(Ok(true)) => {}
                    Ok(Ok(false)) => break,
                    Ok(Err(Ended::Fault(fault))) => return Err(DataFusionError::External(fault)),
                    Ok(Err(Ended::Arrow(error))) => return Err(error.into()),
                    Err(error) => return Err(DataFusionError::ExecutionJoin(Box::new(error))),
                }
            }
            Ok(())
        });
        builder.build()
    }
}

fn failed(file: &DataFile, error: &std::io::Error) -> DataFusionError {
    DataFusionError::External(Box::new(fault(file, None, open::problem(error))))
}

/// Hands batches on, and leaves rows out or ends at the first that cannot be read.
struct HandOn {
    tx: Sender<Result<RecordBatch>>,
    skips: bool,
    open: bool,
}

impl Sink for HandOn {
    fn batch(&mut self, batch: RecordBatch, _lines: &[u64]) -> bool {
        self.open = self.tx.blocking_send(Ok(batch)).is_ok();
        self.open
    }

    fn faults(&mut self, mut faults: Vec<RowFault>) -> Result<(), Box<RowFault>> {
        match faults.pop() {
            Some(fault) if !self.skips || !fault.is_local() => Err(Box::new(fault)),
            _ => Ok(()),
        }
    }

    fn wants_all(&self) -> bool {
        false
    }
}
