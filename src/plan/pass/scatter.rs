//! Everything that happens before the first subject is counted: all children are read, and their rows scattered.

use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions};
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
use futures::future::ready;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};

use super::radix::{Chunk, PARTS, Placing, TOGETHER, compact};
use super::ranges::Ranges;
use super::{Passing, external};
use crate::engine::kernel::pass::WideRows;
use crate::plan::spill::Spilled;

/// On disk so many parts share a file.
const PARTS_OF_FILE: usize = 4;

/// The rows of all children by parts of the keys, but for those of a child that is read range by range.
pub(super) struct Scattered {
    pub passing: Arc<Passing>,
    /// The columns of each child's rows.
    pub schemas: Vec<SchemaRef>,
    children: Vec<Vec<Read>>,
    placing: Arc<Placing>,
    in_ranges: Option<InRanges>,
}

/// A child that is read range by range, when it is a range's turn.
struct InRanges {
    ranges: Arc<Ranges>,
    input: Arc<dyn ExecutionPlan>,
    context: Arc<TaskContext>,
    reader: Reader,
    /// The rows of keys that straddle, until there are no more.
    aside: Mutex<Gathering>,
    set_aside: OnceLock<Read>,
}

/// Rows that are being put together by parts.
struct Gathering {
    waiting: Vec<RecordBatch>,
    count: usize,
    read: Read,
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
        let in_ranges = self.in_ranges.as_ref().filter(|in_ranges| in_ranges.ranges.child == child);
        if let Some(in_ranges) = in_ranges.filter(|in_ranges| parts.end <= in_ranges.ranges.count()) {
            let streams = parts.map(|range| in_ranges.rows(range)).collect::<Result<Vec<_>>>()?;
            return Ok(stream::iter(streams).flatten().boxed());
        }
        let set_aside = in_ranges.and_then(|in_ranges| in_ranges.set_aside.get());
        for read in self.children.get(child).into_iter().flatten().chain(set_aside) {
            in_memory.extend(read.chunks.iter().filter(|chunk| chunk.count(parts.clone()) > 0));
            for (at, file) in read.files.iter().enumerate() {
                let held = at * PARTS_OF_FILE..(at + 1) * PARTS_OF_FILE;
                if held.start < parts.end && parts.start < held.end {
                    let whole = parts.start <= held.start && held.end <= parts.end;
                    let (placing, parts) = (Arc::clone(&self.placing), parts.clone());
                    let chosen = move |rows: RecordBatch| match whole {
                        true => Ok(rows),
                        false => Ok(filter_record_batch(&rows, &placing.are_in(&parts, &rows)?)?),
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

impl InRanges {
    /// The rows of a range, as they are read; those of keys that straddle are set aside.
    fn rows(&self, range: usize) -> Result<BoxStream<'_, Result<RecordBatch>>> {
        let rows = self.input.execute(range, Arc::clone(&self.context))?;
        let ranges = &self.ranges;
        let rows = rows.map(move |rows| {
            let timer = self.reader.time.timer();
            let rows = self.reader.narrow(rows?)?;
            self.reader.rows.add(rows.num_rows());
            let rows = match ranges.straddle(range, rows.column(0))? {
                None => rows,
                Some(straddle) => {
                    let mut aside = self.aside.lock().unwrap_or_else(PoisonError::into_inner);
                    self.reader.gather(compact(filter_record_batch(&rows, &straddle)?)?, &mut aside)?;
                    // Unknown keys straddle nothing.
                    let known = (0..straddle.len()).map(|row| Some(!(straddle.is_valid(row) && straddle.value(row))));
                    filter_record_batch(&rows, &known.collect::<BooleanArray>())?
                }
            };
            timer.done();
            Ok(rows)
        });
        Ok(rows.try_filter(|rows| ready(rows.num_rows() > 0)).boxed())
    }
}

impl Scattered {
    /// How many parts are keys' ranges, and have to be counted before what is set aside; none: keys are placed by a hash.
    pub fn ranges(&self) -> Option<usize> {
        Some(self.in_ranges.as_ref()?.ranges.count())
    }

    /// All ranges have been read: nothing more is set aside.
    pub fn end_of_ranges(&self) -> Result<()> {
        let Some(in_ranges) = &self.in_ranges else { return Ok(()) };
        let mut aside = in_ranges.aside.lock().unwrap_or_else(PoisonError::into_inner);
        in_ranges.reader.scatter(&mut aside)?;
        let none = in_ranges.reader.begin().read;
        let mut read = std::mem::replace(&mut aside.read, none);
        read.files.iter_mut().try_for_each(Spilled::finish)?;
        if in_ranges.set_aside.set(read).is_err() {
            return internal_err!("ranges have ended twice");
        }
        Ok(())
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
    /// One of them is read range by range.
    pub ranges: Option<Arc<Ranges>>,
    pub context: Arc<TaskContext>,
    pub metrics: ExecutionPlanMetricsSet,
}

impl Scattering {
    /// All partitions of all children are read at once, by tasks that end when this is dropped.
    pub async fn run(&self) -> Result<Scattered> {
        let schemas: Vec<SchemaRef> =
            self.inputs.iter().enumerate().map(|(at, input)| self.passing.waiting(at, &input.schema())).collect();
        let share = self.share();
        let placing = Arc::new(match &self.ranges {
            Some(ranges) => Placing::Ranges(Arc::clone(ranges)),
            None => Placing::Hash(self.passing.keys.len()),
        });
        let mut in_ranges = None;
        let mut tasks = JoinSet::new();
        for (child, (input, schema)) in self.inputs.iter().zip(&schemas).enumerate() {
            if let Some(ranges) = self.ranges.as_ref().filter(|ranges| ranges.child == child) {
                let reader = self.reader((child, 0), schema, &placing, share);
                in_ranges = Some(InRanges {
                    ranges: Arc::clone(ranges),
                    input: Arc::clone(input),
                    context: Arc::clone(&self.context),
                    aside: Mutex::new(reader.begin()),
                    set_aside: OnceLock::new(),
                    reader,
                });
                continue;
            }
            for partition in 0..input.output_partitioning().partition_count() {
                let rows = input.execute(partition, Arc::clone(&self.context))?;
                tasks.spawn(self.reader((child, partition), schema, &placing, share).read(rows));
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
        Ok(Scattered { passing: Arc::clone(&self.passing), schemas, children, placing, in_ranges })
    }

    /// How many bytes each partition of a child may hold. What children do themselves needs room too, a sort above all, and a pool gives
    /// to whoever comes first.
    fn share(&self) -> usize {
        let scattered = self.inputs.iter().enumerate();
        let scattered = scattered.filter(|(child, _)| self.ranges.as_ref().is_none_or(|ranges| ranges.child != *child));
        let readers: usize = scattered.map(|(_, input)| input.output_partitioning().partition_count()).sum();
        let readers = readers + usize::from(self.ranges.is_some());
        match self.context.memory_pool().memory_limit() {
            MemoryLimit::Finite(bytes) => bytes / 3 / readers.max(1),
            _ => usize::MAX,
        }
    }

    fn reader(
        &self,
        (child, partition): (usize, usize),
        schema: &SchemaRef,
        placing: &Arc<Placing>,
        share: usize,
    ) -> Reader {
        let name = format!("PassExec[{child}.{partition}]: rows");
        Reader {
            child,
            schema: Arc::clone(schema),
            passing: Arc::clone(&self.passing),
            memory: MemoryConsumer::new(name).with_can_spill(true).register(self.context.memory_pool()),
            share,
            placing: Arc::clone(placing),
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

/// Reads one partition of a child, or one after the other.
struct Reader {
    child: usize,
    schema: SchemaRef,
    passing: Arc<Passing>,
    memory: MemoryReservation,
    share: usize,
    placing: Arc<Placing>,
    disk: SpillManager,
    rows: Count,
    time: Time,
}

impl Reader {
    async fn read(self, mut rows: SendableRecordBatchStream) -> Result<Read> {
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
    fn begin(&self) -> Gathering {
        let (counts, chunks, files) = (vec![0; PARTS], Vec::new(), Vec::new());
        let read = Read { child: self.child, counts, chunks, files, memory: self.memory.new_empty() };
        Gathering { waiting: Vec::new(), count: 0, read }
    }

    /// Takes narrow rows, to be scattered when they are many.
    fn gather(&self, rows: RecordBatch, to: &mut Gathering) -> Result<()> {
        to.count += rows.num_rows();
        to.waiting.push(rows);
        if to.count >= TOGETHER { self.scatter(to) } else { Ok(()) }
    }

    /// Scatters the rows that wait. Where memory has no room for them, all go to disk.
    fn scatter(&self, gathering: &mut Gathering) -> Result<()> {
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
