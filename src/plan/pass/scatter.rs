//! Everything that happens before the first subject is counted: all children are read, and their rows scattered.

use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::filter_record_batch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::runtime::JoinSet;
use datafusion::common::{Result, internal_err};
use datafusion::error::DataFusionError;
use datafusion::execution::TaskContext;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryLimit};
use datafusion::physical_plan::metrics::{ExecutionPlanMetricsSet, MetricBuilder, SpillMetrics};
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties, SpillManager};
use futures::StreamExt;
use futures::stream::{self, BoxStream};

use super::Passing;
use super::gather::{PARTS_OF_FILE, Read, Reader};
use super::in_ranges::InRanges;
use super::radix::{Chunk, Placing};
use super::ranges::Ranges;
use crate::plan::spill::Spilled;

/// The rows of all children by parts of the keys, but for those of a child that is read range by range.
pub(super) struct Scattered {
    pub passing: Arc<Passing>,
    /// The columns of each child's rows.
    pub schemas: Vec<SchemaRef>,
    children: Vec<Vec<Read>>,
    placing: Arc<Placing>,
    in_ranges: Option<InRanges>,
}

impl Scattered {
    /// How many parts are keys' ranges, and have to be counted before what is set aside; none: keys are placed by a hash.
    pub fn ranges(&self) -> Option<usize> {
        Some(self.in_ranges.as_ref()?.ranges.count())
    }

    /// All ranges have been read: nothing more is set aside.
    pub fn end_of_ranges(&self) -> Result<()> {
        self.in_ranges.as_ref().map_or(Ok(()), InRanges::end)
    }

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
        let set_aside = in_ranges.and_then(|in_ranges| in_ranges.set_aside());
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
                let (ranges, context) = (Arc::clone(ranges), Arc::clone(&self.context));
                in_ranges = Some(InRanges::new(ranges, Arc::clone(input), context, reader));
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
