//! Rows of a child, made narrow and put together by parts of the keys.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::compute::filter_record_batch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::Result;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::physical_plan::SpillManager;
use datafusion::physical_plan::metrics::{Count, Time};
use futures::StreamExt;

use super::radix::{Chunk, PARTS, Placing, TOGETHER, compact};
use super::{Passing, external};
use crate::engine::kernel::pass::WideRows;
use crate::plan::spill::Spilled;

/// On disk so many parts share a file.
pub(super) const PARTS_OF_FILE: usize = 4;

/// Rows that are being put together by parts.
pub(super) struct Gathering {
    waiting: Vec<RecordBatch>,
    count: usize,
    pub read: Read,
}

/// A partition of a child that has been read.
pub(super) struct Read {
    pub child: usize,
    /// How many rows each part has.
    pub counts: Vec<usize>,
    pub chunks: Vec<Chunk>,
    /// For every few parts the rows on disk; empty where all are in memory.
    pub files: Vec<Spilled>,
    memory: MemoryReservation,
}

impl Read {
    /// Writes the rows to disk that are in memory.
    pub fn spill(&mut self, disk: &dyn Fn() -> SpillManager) -> Result<()> {
        if self.files.is_empty() {
            self.files = (0..PARTS / PARTS_OF_FILE).map(|_| Spilled::new(disk(), "rows to be counted")).collect();
        }
        for chunk in self.chunks.drain(..) {
            for (at, file) in self.files.iter_mut().enumerate() {
                let rows = chunk.rows(at * PARTS_OF_FILE..(at + 1) * PARTS_OF_FILE);
                if rows.num_rows() > 0 {
                    file.push(&compact(rows)?)?;
                }
            }
        }
        self.memory.free();
        Ok(())
    }
}

/// Reads one partition of a child, or one after the other.
pub(super) struct Reader {
    pub child: usize,
    /// The columns of its rows while they wait.
    pub schema: SchemaRef,
    pub passing: Arc<Passing>,
    pub memory: MemoryReservation,
    /// So many bytes may wait.
    pub share: usize,
    pub placing: Arc<Placing>,
    pub disk: SpillManager,
    /// Rows read.
    pub rows: Count,
    /// Time spent on them.
    pub time: Time,
}

impl Reader {
    /// Reads everything and scatters it.
    pub async fn read(self, mut rows: SendableRecordBatchStream) -> Result<Read> {
        let mut gathering = self.begin();
        while let Some(batch) = rows.next().await.transpose()? {
            if batch.num_rows() == 0 {
                continue;
            }
            let timer = self.time.timer();
            self.rows.add(batch.num_rows());
            self.gather(self.narrow(batch)?, &mut gathering)?;
            timer.done();
        }
        self.scatter(&mut gathering)?;
        Ok(gathering.read)
    }

    /// No rows yet.
    pub fn begin(&self) -> Gathering {
        let (counts, chunks, files) = (vec![0; PARTS], Vec::new(), Vec::new());
        let read = Read { child: self.child, counts, chunks, files, memory: self.memory.new_empty() };
        Gathering { waiting: Vec::new(), count: 0, read }
    }

    /// Takes narrow rows, to be scattered when they are many.
    pub fn gather(&self, rows: RecordBatch, to: &mut Gathering) -> Result<()> {
        to.count += rows.num_rows();
        to.waiting.push(rows);
        if to.count >= TOGETHER { self.scatter(to) } else { Ok(()) }
    }

    /// Scatters the rows that wait. Where memory has no room for them, all go to disk.
    pub fn scatter(&self, gathering: &mut Gathering) -> Result<()> {
        let Gathering { waiting, count, read } = gathering;
        if waiting.is_empty() {
            return Ok(());
        }
        let chunk = Chunk::new(&self.schema, waiting, &self.placing)?;
        waiting.clear();
        *count = 0;
        for (part, count) in read.counts.iter_mut().enumerate() {
            *count += chunk.count(part..part + 1);
        }
        let bytes = chunk.size();
        read.chunks.push(chunk);
        if read.memory.size() + bytes <= self.share && read.memory.try_grow(bytes).is_ok() {
            return Ok(());
        }
        read.spill(&|| self.disk.clone())
    }

    /// Rows as they wait.
    pub fn narrow(&self, batch: RecordBatch) -> Result<RecordBatch> {
        let Some(counting) = self.passing.counting(self.child) else { return self.known(batch) };
        let mut columns = batch.columns().iter();
        let mut narrow: Vec<ArrayRef> = columns.by_ref().take(self.passing.keys.len()).cloned().collect();
        let time = if counting.timed { columns.next() } else { None };
        let filters: Vec<ArrayRef> = columns.by_ref().take(counting.filters).cloned().collect();
        let arguments: Vec<ArrayRef> = columns.by_ref().take(counting.arguments).cloned().collect();
        let order = if counting.ordered { columns.next() } else { None };
        let wide = WideRows { time, filters: &filters, arguments: &arguments, order, rows: batch.num_rows() };
        narrow.extend(counting.recipe.narrow(&wide).map_err(external)?);
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), narrow, &options)?)
    }

    /// Subjects whose key is known: the others are nobody, however many they are.
    fn known(&self, batch: RecordBatch) -> Result<RecordBatch> {
        let keys = batch.columns().iter().take(self.passing.keys.len());
        let known = keys.fold(None, |known, key| NullBuffer::union(known.as_ref(), key.logical_nulls().as_ref()));
        match known.filter(|known| known.null_count() > 0) {
            Some(known) => Ok(filter_record_batch(&batch, &known.into_inner().into())?),
            None => Ok(batch),
        }
    }
}
