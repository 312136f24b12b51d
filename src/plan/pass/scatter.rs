//! Everything that happens before the first subject is counted: all children are read, and their rows scattered.

use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::compute::filter_record_batch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::runtime::JoinSet;
use datafusion::common::{Result, internal_err};
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryLimit, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::metrics::{Count, ExecutionPlanMetricsSet, MetricBuilder, SpillMetrics, Time};
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties, SpillManager};
use futures::StreamExt;
use futures::stream::{self, BoxStream};

use super::radix::{Chunk, PARTS, TOGETHER, compact, of_parts};
use super::{Passing, external};
use crate::engine::kernel::pass::WideRows;
use crate::plan::spill::Spilled;

/// On disk so many parts share a file.
const PARTS_OF_FILE: usize = 4;

/// The rows of all children by parts of the keys.
pub(super) struct Scattered {
    pub passing: Arc<Passing>,
    /// The columns of each child's rows.
    pub schemas: Vec<SchemaRef>,
    children: Vec<Vec<Read>>,
}

/// A partition of a child that has been read.
struct Read {
    child: usize,
    /// How many rows each part has.
    counts: Vec<usize>,
    chunks: Vec<Chunk>,
    /// For every few parts the rows on disk; empty where all are in memory.
    files: Vec<Spilled>,
    memory: MemoryReservation,
}

impl Scattered {
    /// How many subjects some parts can have at most.
    pub fn subjects(&self, parts: Range<usize>) -> usize {
        // Rows of who is no subject are few, or should be.
        let counted = |reads: &Vec<Read>| -> usize {
            let parts = |read: &Read| read.counts.get(parts.clone()).map_or(0, |counts| counts.iter().sum());
            reads.iter().map(parts).sum()
        };
        match self.passing.found {
            Some(_) => self.children.first().map_or(0, counted),
            None => self.children.iter().map(counted).sum(),
        }
    }

    /// Whether rows are on disk.
    pub fn is_spilled(&self) -> bool {
        self.children.iter().flatten().any(|read| !read.files.is_empty())
    }

    /// Writes all rows to disk that are in memory. No more come.
    pub fn spill(&mut self, disk: &dyn Fn(usize) -> SpillManager) -> Result<()> {
        for read in self.children.iter_mut().flatten() {
            let child = read.child;
            read.spill(&|| disk(child))?;
            read.files.iter_mut().try_for_each(Spilled::finish)?;
        }
        Ok(())
    }

    /// The rows of a child in some parts, many at a time.
    pub fn rows(&self, child: usize, parts: Range<usize>) -> Result<BoxStream<'_, Result<RecordBatch>>> {
        let mut in_memory = Vec::new();
        let mut on_disk = Vec::new();
        for read in self.children.get(child).into_iter().flatten() {
            in_memory.extend(read.chunks.iter().filter(|chunk| chunk.count(parts.clone()) > 0));
            for (at, file) in read.files.iter().enumerate() {
                let held = at * PARTS_OF_FILE..(at + 1) * PARTS_OF_FILE;
                if held.start < parts.end && parts.start < held.end {
                    let whole = parts.start <= held.start && held.end <= parts.end;
                    let (keys, parts) = (self.passing.keys.len(), parts.clone());
                    let chosen = move |rows: RecordBatch| match whole {
                        true => Ok(rows),
                        false => Ok(filter_record_batch(&rows, &of_parts(&rows, keys, &parts)?)?),
                    };
                    on_disk.push(file.read()?.map(move |rows| rows.and_then(&chosen)).boxed());
                }
            }
        }
        let Some(schema) = self.schemas.get(child) else { return internal_err!("a pass without child {child}") };
        let in_memory = stream::iter(Chunk::pieces(in_memory, Arc::clone(schema), parts));
        Ok(in_memory.chain(stream::iter(on_disk).flatten()).boxed())
    }
}

impl Read {
    fn spill(&mut self, disk: &dyn Fn() -> SpillManager) -> Result<()> {
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

/// Reads everything.
pub(super) struct Scattering {
    pub inputs: Vec<Arc<dyn ExecutionPlan>>,
    pub passing: Arc<Passing>,
    pub context: Arc<TaskContext>,
    pub metrics: ExecutionPlanMetricsSet,
}

impl Scattering {
    /// All partitions of all children are read at once, by tasks that end when this is dropped.
    pub async fn run(&self) -> Result<Scattered> {
        let schemas: Vec<SchemaRef> =
            self.inputs.iter().enumerate().map(|(at, input)| self.passing.waiting(at, &input.schema())).collect();
        let share = self.share();
        let mut tasks = JoinSet::new();
        for (child, (input, schema)) in self.inputs.iter().zip(&schemas).enumerate() {
            for partition in 0..input.output_partitioning().partition_count() {
                let rows = input.execute(partition, Arc::clone(&self.context))?;
                tasks.spawn(self.reader(child, partition, schema, share).read(rows));
            }
        }
        let mut children: Vec<Vec<Read>> = self.inputs.iter().map(|_| Vec::new()).collect();
        while let Some(read) = tasks.join_next().await {
            let read = match read {
                Ok(read) => read?,
                Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
                Err(error) => return Err(DataFusionError::External(Box::new(error))),
            };
            if let Some(reads) = children.get_mut(read.child) {
                reads.push(read);
            }
        }
        Ok(Scattered { passing: Arc::clone(&self.passing), schemas, children })
    }

    /// How many bytes each partition of a child may hold. What children do themselves needs room too, a sort above all, and a pool gives
    /// to whoever comes first.
    fn share(&self) -> usize {
        let readers: usize = self.inputs.iter().map(|input| input.output_partitioning().partition_count()).sum();
        match self.context.memory_pool().memory_limit() {
            MemoryLimit::Finite(bytes) => bytes / 3 / readers.max(1),
            _ => usize::MAX,
        }
    }

    fn reader(&self, child: usize, partition: usize, schema: &SchemaRef, share: usize) -> Reader {
        let name = format!("PassExec[{child}.{partition}]: rows");
        Reader {
            child,
            schema: Arc::clone(schema),
            passing: Arc::clone(&self.passing),
            memory: MemoryConsumer::new(name).with_can_spill(true).register(self.context.memory_pool()),
            share,
            disk: self.disk(partition, schema),
            rows: MetricBuilder::new(&self.metrics).counter(format!("rows_{child}"), partition),
            time: MetricBuilder::new(&self.metrics).subset_time("scatter_time", partition),
        }
    }

    /// Where rows of such columns are written.
    pub fn disk(&self, partition: usize, schema: &SchemaRef) -> SpillManager {
        let compression = self.context.session_config().spill_compression();
        let spills = SpillMetrics::new(&self.metrics, partition);
        SpillManager::new(self.context.runtime_env(), spills, Arc::clone(schema)).with_compression_type(compression)
    }
}

/// Reads one partition of a child.
struct Reader {
    child: usize,
    schema: SchemaRef,
    passing: Arc<Passing>,
    memory: MemoryReservation,
    share: usize,
    disk: SpillManager,
    rows: Count,
    time: Time,
}

impl Reader {
    async fn read(self, mut rows: SendableRecordBatchStream) -> Result<Read> {
        let memory = self.memory.new_empty();
        let (counts, chunks, files) = (vec![0; PARTS], Vec::new(), Vec::new());
        let mut read = Read { child: self.child, counts, chunks, files, memory };
        let mut waiting: Vec<RecordBatch> = Vec::new();
        let mut count = 0;
        while let Some(batch) = rows.next().await.transpose()? {
            if batch.num_rows() == 0 {
                continue;
            }
            let timer = self.time.timer();
            self.rows.add(batch.num_rows());
            count += batch.num_rows();
            waiting.push(self.narrow(batch)?);
            if count >= TOGETHER {
                self.scatter(&mut waiting, &mut read)?;
                count = 0;
            }
            timer.done();
        }
        self.scatter(&mut waiting, &mut read)?;
        Ok(read)
    }

    /// Scatters the rows that wait. Where memory has no room for them, all go to disk.
    fn scatter(&self, waiting: &mut Vec<RecordBatch>, read: &mut Read) -> Result<()> {
        if waiting.is_empty() {
            return Ok(());
        }
        let keys = self.passing.keys.len();
        let chunk = Chunk::new(&self.schema, waiting, keys)?;
        waiting.clear();
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

    fn narrow(&self, batch: RecordBatch) -> Result<RecordBatch> {
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
