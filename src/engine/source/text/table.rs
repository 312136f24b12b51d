//! Files of text as a table of DataFusion.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::Result;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;

use super::super::fault::RowFault;
use super::super::location::DataFile;
use super::builder::arrow_type;
use super::exec::TextExec;
use super::rows::{Column, Layout, Sink};
use super::{TextFiles, arriving, fault, open};
use crate::ir::BaseTable;

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
        _limit: Option<usize>,
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
        let layout = Arc::new(Layout { columns, schema, batch });
        let partitions = self.partitions(state.config().target_partitions());
        Ok(Arc::new(TextExec::new(Arc::clone(&self.files), partitions, layout, self.skips)))
    }
}

impl TextTable {
    /// The files dealt out by size.
    fn partitions(&self, wanted: usize) -> Vec<Vec<DataFile>> {
        let mut files: Vec<DataFile> = self.files.located.files.clone();
        files.sort_by_key(|file| std::cmp::Reverse(file.meta.size));
        let mut parts: Vec<(u64, Vec<DataFile>)> = vec![(0, Vec::new()); wanted.clamp(1, files.len().max(1))];
        for file in files {
            if let Some(part) = parts.iter_mut().min_by_key(|(size, _)| *size) {
                part.0 += file.meta.size;
                part.1.push(file);
            }
        }
        parts.into_iter().map(|(_, files)| files).collect()
    }
}
