//! All that happens before the first row is given back.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::runtime::JoinSet;
use datafusion::common::{Result, internal_datafusion_err};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::metrics::{ExecutionPlanMetricsSet, MetricBuilder, SpillMetrics, Time};
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties, SpillManager};
use futures::StreamExt;

use super::held::Held;
use super::{Ranks, external};
use crate::engine::kernel::rank::{self, DecidedKeys, KeyReader, Population, TiedKeys};

/// Rows kept and what decides their ranks.
pub(super) struct Ranked {
    ranks: Arc<Ranks>,
    reader: KeyReader,
    decided: Vec<(Arc<dyn rank::Ranks>, DecidedKeys)>,
    held: Mutex<Vec<Option<Held>>>,
    /// For what decides.
    _memory: MemoryReservation,
}

impl Ranked {
    /// The rows of a partition, which are given once.
    pub fn take(&self, partition: usize) -> Result<Held> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = held.get_mut(partition).and_then(Option::take);
        held.ok_or_else(|| internal_datafusion_err!("the rows of partition {partition} are gone"))
    }

    /// Rows with their ranks.
    pub fn apply(&self, batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
        let key_columns = self.ranks.key_columns(batch);
        let keys = self.reader.keys(&key_columns);
        let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
        for (ranking, (ranks, decided)) in self.ranks.rankings.iter().zip(&self.decided) {
            columns.extend(ranks.apply(&ranking.rows(batch), &keys, decided).map_err(external)?);
        }
        Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
    }
}

/// Reads everything.
pub(super) struct Gathering {
    pub input: Arc<dyn ExecutionPlan>,
    pub ranks: Arc<Ranks>,
    pub context: Arc<TaskContext>,
    pub metrics: ExecutionPlanMetricsSet,
}

/// A partition that has been read.
struct Part {
    partition: usize,
    held: Held,
    populations: Vec<Box<dyn Population>>,
    memory: MemoryReservation,
}

impl Gathering {
    /// All partitions are read at once, by tasks that end when this is dropped.
    pub async fn run(self) -> Result<Ranked> {
        let times = MetricBuilder::new(&self.metrics);
        let time = times.subset_time("select_time", 0);
        let mut tasks = JoinSet::new();
        for partition in 0..self.input.output_partitioning().partition_count() {
            let rows = self.input.execute(partition, Arc::clone(&self.context))?;
            tasks.spawn(read(rows, self.part(partition)?, Arc::clone(&self.ranks)));
        }
        let mut parts = all(tasks).await?;
        parts.sort_unstable_by_key(|part| part.partition);
        let mut memory = MemoryConsumer::new("RankExec: values").register(self.context.memory_pool());
        let mut held = Vec::with_capacity(parts.len());
        let mut read = Vec::with_capacity(parts.len());
        for part in parts {
            held.push(part.held);
            read.push((part.populations, part.memory));
        }
        let decided = select(&self.ranks, read, &mut held, &mut memory, &time)?;
        let reader = self.ranks.reader(&self.input.schema())?;
        let asked = Asked { ranks: self.ranks, reader, decided };
        let (asked, keys, reserved) = asked.keys(&mut held, &memory).await?;
        let timer = time.timer();
        let decided = asked.decided.into_iter().zip(keys).map(|(ranks, keys)| {
            let decided = ranks.decide(keys).map_err(external)?;
            Ok((ranks, decided))
        });
        let decided = decided.collect::<Result<Vec<_>>>()?;
        timer.done();
        // What was held of equal values is no more; keys that decide are few.
        drop(reserved);
        memory.try_resize(decided.iter().map(|(ranks, _)| ranks.size()).sum())?;
        let held = Mutex::new(held.into_iter().map(Some).collect());
        Ok(Ranked { ranks: asked.ranks, reader: asked.reader, decided, held, _memory: memory })
    }

    fn part(&self, partition: usize) -> Result<Part> {
        let pool = self.context.memory_pool();
        let rows = MemoryConsumer::new(format!("RankExec[{partition}]: rows")).with_can_spill(true).register(pool);
        let memory = MemoryConsumer::new(format!("RankExec[{partition}]: values")).register(pool);
        let compression = self.context.session_config().spill_compression();
        let spills = SpillMetrics::new(&self.metrics, partition);
        let disk = SpillManager::new(self.context.runtime_env(), spills, self.input.schema());
        let held = Held::new(rows, disk.with_compression_type(compression));
        let populations = self.ranks.populations(&self.input.schema())?;
        Ok(Part { partition, held, populations, memory })
    }
}

/// Reads one partition.
async fn read(mut rows: SendableRecordBatchStream, mut part: Part, ranks: Arc<Ranks>) -> Result<Part> {
    while let Some(batch) = rows.next().await.transpose()? {
        if batch.num_rows() == 0 {
            continue;
        }
        for (ranking, population) in ranks.rankings.iter().zip(&mut part.populations) {
            population.add(&ranking.rows(&batch)).map_err(external)?;
        }
        let size = part.populations.iter().map(|population| population.size()).sum();
        if part.memory.try_resize(size).is_err() {
            part.held.spill()?;
            part.memory.try_resize(size)?;
        }
        part.held.push(batch)?;
    }
    part.held.finish()?;
    Ok(part)
}

type Read = (Vec<Box<dyn Population>>, MemoryReservation);

/// Joins what the partitions have read, and selects.
fn select(
    ranks: &Ranks,
    parts: Vec<Read>,
    held: &mut [Held],
    memory: &mut MemoryReservation,
    time: &Time,
) -> Result<Vec<Arc<dyn rank::Ranks>>> {
    let timer = time.timer();
    let mut joined: Vec<Option<Box<dyn Population>>> = ranks.rankings.iter().map(|_| None).collect();
    for (populations, read) in parts {
        for (joined, population) in joined.iter_mut().zip(populations) {
            match joined {
                Some(joined) => joined.merge(population).map_err(external)?,
                None => *joined = Some(population),
            }
        }
        let size = joined.iter().flatten().map(|population| population.size()).sum();
        // What moves from one reservation to the other is there only once.
        read.free();
        make_room(memory, size, held)?;
    }
    let mut selected: Vec<Arc<dyn rank::Ranks>> = Vec::with_capacity(joined.len());
    for (ranking, population) in ranks.rankings.iter().zip(joined) {
        let population = population.ok_or_else(|| internal_datafusion_err!("nothing was read"))?;
        selected.push(Arc::from(population.select(&ranking.forms()).map_err(external)?));
    }
    make_room(memory, selected.iter().map(|ranks| ranks.size()).sum(), held)?;
    timer.done();
    Ok(selected)
}

/// Takes memory, if need be that of rows.
fn make_room(memory: &MemoryReservation, size: usize, held: &mut [Held]) -> Result<()> {
    if memory.try_resize(size).is_ok() {
        return Ok(());
    }
    for held in held.iter_mut() {
        held.spill()?;
        held.finish()?;
    }
    memory.try_resize(size)
}

/// Rankings, of which some ask for keys.
struct Asked {
    ranks: Arc<Ranks>,
    reader: KeyReader,
    decided: Vec<Arc<dyn rank::Ranks>>,
}

impl Asked {
    /// The keys that are asked for, for each ranking, and the memory that is reserved for them.
    async fn keys(
        self,
        held: &mut Vec<Held>,
        memory: &MemoryReservation,
    ) -> Result<(Asked, Vec<TiedKeys>, Vec<MemoryReservation>)> {
        let mut keys: Vec<TiedKeys> = self.decided.iter().map(|_| TiedKeys::default()).collect();
        if !self.decided.iter().any(|ranks| ranks.needs_keys()) {
            return Ok((self, keys, Vec::new()));
        }
        let asked = Arc::new(self);
        let mut tasks = JoinSet::new();
        for (partition, held) in held.drain(..).enumerate() {
            let (asked, memory) = (Arc::clone(&asked), memory.new_empty());
            tasks.spawn(async move {
                let (held, keys) = asked.collect(held, &memory).await?;
                Ok((partition, held, keys, memory))
            });
        }
        let mut parts = all(tasks).await?;
        parts.sort_unstable_by_key(|(partition, ..)| *partition);
        let mut reserved = Vec::with_capacity(parts.len());
        for (_, part, collected, memory) in parts {
            held.push(part);
            reserved.push(memory);
            for (keys, collected) in keys.iter_mut().zip(collected) {
                keys.merge(collected);
            }
        }
        let asked = Arc::into_inner(asked).ok_or_else(|| internal_datafusion_err!("a task has not ended"))?;
        Ok((asked, keys, reserved))
    }

    /// The keys that one partition has.
    async fn collect(&self, mut held: Held, memory: &MemoryReservation) -> Result<(Held, Vec<TiedKeys>)> {
        let mut collected: Vec<TiedKeys> = self.decided.iter().map(|_| TiedKeys::default()).collect();
        let mut rows = held.read()?;
        while let Some(batch) = rows.next().await.transpose()? {
            let key_columns = self.ranks.key_columns(&batch);
            let keys = self.reader.keys(&key_columns);
            for ((ranking, ranks), into) in self.ranks.rankings.iter().zip(&self.decided).zip(&mut collected) {
                if ranks.needs_keys() {
                    ranks.collect(&ranking.rows(&batch), &keys, into).map_err(external)?;
                }
            }
            make_room(memory, collected.iter().map(TiedKeys::size).sum(), std::slice::from_mut(&mut held))?;
        }
        Ok((held, collected))
    }
}

/// The results of all tasks; the first error ends the others.
async fn all<T: Send + 'static>(mut tasks: JoinSet<Result<T>>) -> Result<Vec<T>> {
    let mut done = Vec::with_capacity(tasks.len());
    while let Some(result) = tasks.join_next().await {
        match result {
            Ok(result) => done.push(result?),
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            Err(error) => return Err(internal_datafusion_err!("a task that reads rows has ended: {error}")),
        }
    }
    Ok(done)
}
