//! One part of the keys after the other: its subjects are told apart, counted, and given away.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, new_null_array};
use datafusion::arrow::compute::{concat, concat_batches};
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::common::Result;
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::logical_expr::EmitTo;
use datafusion::physical_plan::aggregates::group_values::{GroupValues, new_group_values};
use datafusion::physical_plan::aggregates::order::GroupOrdering;
use datafusion::physical_plan::metrics::Time;
use futures::StreamExt;

use super::radix::PARTS;
use super::scatter::Scattered;
use super::{Counting, RepeatedSubject, external};
use crate::engine::kernel::pass::Features;

/// What is kept of the subjects of one part should take about so many bytes.
const BYTES_OF_PART: usize = 2 << 20;
/// And a part should have at least so many subjects, that what is done once for each part does not matter.
const FEWEST: usize = 1 << 10;

/// Which parts are left, for all threads.
pub(super) struct Parts {
    scattered: Scattered,
    next: AtomicUsize,
    /// How many of the smallest parts are taken at a time.
    together: usize,
    /// How many ranges are counted, where keys are placed by ranges.
    counted: AtomicUsize,
}

impl Parts {
    /// All parts.
    pub fn new(scattered: Scattered) -> Self {
        let most = (BYTES_OF_PART / scattered.passing.bytes_of_subject().max(1)).max(FEWEST);
        let parts = scattered.subjects(0..PARTS).div_ceil(most).max(1).next_power_of_two().min(PARTS);
        let together = if scattered.ranges().is_some() { 1 } else { PARTS / parts };
        Parts { scattered, next: AtomicUsize::new(0), together, counted: AtomicUsize::new(0) }
    }

    /// Bytes that are kept of the largest part at most, but for what grows with its rows.
    pub fn size(&self) -> usize {
        let largest = (0..PARTS).step_by(self.together).map(|first| self.scattered.subjects(self.range(first))).max();
        largest.unwrap_or(0) * self.scattered.passing.bytes_of_subject()
    }

    /// The rows that are counted.
    pub fn scattered(&mut self) -> &mut Scattered {
        &mut self.scattered
    }

    /// The next part, counted, in the room of one that has been given away.
    pub async fn take(
        &self,
        schema: &SchemaRef,
        last: Option<Part>,
        (memory, time): (&MemoryReservation, &Time),
    ) -> Result<Option<Part>> {
        let room = last.map(|last| last.features).unwrap_or_default();
        let first = self.next.fetch_add(1, Ordering::Relaxed).saturating_mul(self.together);
        let Some(ranges) = self.scattered.ranges() else {
            if first >= PARTS {
                return Ok(None);
            }
            return Part::count(&self.scattered, self.range(first), schema, room, (memory, time)).await.map(Some);
        };
        if first < ranges {
            let part = Part::count(&self.scattered, first..first + 1, schema, room, (memory, time)).await?;
            self.counted.fetch_add(1, Ordering::AcqRel);
            return Ok(Some(part));
        }
        // Whoever counts the last range comes here once more: nobody has to wait for others.
        if self.counted.compare_exchange(ranges, ranges + 1, Ordering::AcqRel, Ordering::Relaxed).is_err() {
            return Ok(None);
        }
        self.scattered.end_of_ranges()?;
        Part::count(&self.scattered, ranges..ranges + 1, schema, room, (memory, time)).await.map(Some)
    }

    fn range(&self, first: usize) -> Range<usize> {
        first..first + self.together
    }
}

/// The subjects of one part, counted.
pub(super) struct Part {
    schema: SchemaRef,
    /// The columns before the features.
    columns: Vec<ArrayRef>,
    features: Vec<Features>,
    subjects: usize,
    given: usize,
}

impl Part {
    async fn count(
        scattered: &Scattered,
        parts: Range<usize>,
        schema: &SchemaRef,
        mut features: Vec<Features>,
        (memory, time): (&MemoryReservation, &Time),
    ) -> Result<Self> {
        let passing = &scattered.passing;
        let width = passing.keys.len();
        let fields: Vec<Field> =
            passing.keys.iter().map(|(name, data_type)| Field::new(name, data_type.clone(), true)).collect();
        let mut keys: Box<dyn GroupValues> = new_group_values(Arc::new(Schema::new(fields)), &GroupOrdering::None)?;
        let mut groups = Vec::new();
        let mut own: Option<RecordBatch> = None;
        if let (Some(_), Some(schema)) = (&passing.found, scattered.schemas.first()) {
            let mut pieces = Vec::new();
            let mut rows = scattered.rows(0, parts.clone())?;
            while let Some(piece) = rows.next().await.transpose()? {
                let _timer = time.timer();
                let before = keys.len();
                keys.intern(piece.columns().get(..width).unwrap_or_default(), &mut groups)?;
                if keys.len() - before != piece.num_rows() {
                    return Err(DataFusionError::External(Box::new(RepeatedSubject)));
                }
                pieces.push(piece);
            }
            own = Some(concat_batches(schema, &pieces)?);
        }
        let found = keys.len();
        if features.is_empty() {
            let new = |table: &Counting| Ok(Features::new(&table.recipe)?.telling(table.spent.clone()));
            features = passing.tables.iter().map(new).collect::<Result<_, _>>().map_err(external)?;
        } else {
            features.iter_mut().try_for_each(Features::forget).map_err(external)?;
        }
        let mut held: usize = features.iter().map(Features::size).sum();
        for (at, counted) in features.iter_mut().enumerate() {
            let child = at + usize::from(passing.found.is_some());
            held -= counted.size();
            let mut rows = scattered.rows(child, parts.clone())?;
            while let Some(piece) = rows.next().await.transpose()? {
                // Reading and waiting are not counting.
                let _timer = time.timer();
                let columns = piece.columns();
                keys.intern(columns.get(..width).unwrap_or_default(), &mut groups)?;
                counted.add(columns.get(width..).unwrap_or_default(), &groups, keys.len()).map_err(external)?;
                memory.try_resize(held + keys.size() + counted.size())?;
            }
            held += counted.size();
        }
        let _timer = time.timer();
        let subjects = keys.len();
        features.iter_mut().for_each(|features| features.resize(subjects));
        let mut columns = if subjects == 0 { Vec::new() } else { keys.emit(EmitTo::All)? };
        if let Some(own) = own {
            let others = subjects - found;
            let flags = (0..subjects).map(|subject| (subject < found).then_some(true));
            columns.push(Arc::new(flags.collect::<BooleanArray>()));
            for column in own.columns().iter().skip(width) {
                columns.push(match others {
                    0 => Arc::clone(column),
                    _ => concat(&[column.as_ref(), new_null_array(column.data_type(), others).as_ref()])?,
                });
            }
        }
        Ok(Part { schema: Arc::clone(schema), columns, features, subjects, given: 0 })
    }

    /// The next so many subjects; none at the end.
    pub fn next(&mut self, most: usize) -> Result<Option<RecordBatch>> {
        let count = most.min(self.subjects - self.given);
        if count == 0 {
            return Ok(None);
        }
        let mut columns: Vec<ArrayRef> = self.columns.iter().map(|column| column.slice(self.given, count)).collect();
        for features in &mut self.features {
            columns.extend(features.take(count).map_err(external)?);
        }
        self.given += count;
        Ok(Some(RecordBatch::try_new(Arc::clone(&self.schema), columns)?))
    }

    /// Whether all subjects have been given away.
    pub fn is_given(&self) -> bool {
        self.given == self.subjects
    }

    /// Bytes held.
    pub fn size(&self) -> usize {
        let columns: usize = self.columns.iter().map(|column| column.get_array_memory_size()).sum();
        columns + self.features.iter().map(Features::size).sum::<usize>()
    }
}
