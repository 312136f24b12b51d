//! Rows of sequences in memory, each subject's together, the latest first.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch, UInt32Array};
use datafusion::arrow::compute::{SortColumn, SortOptions, and, concat_batches, lexsort_to_indices, take_record_batch};
use datafusion::arrow::datatypes::TimestampMicrosecondType;
use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SessionState;
use futures::TryStreamExt;

use super::Error;
use super::held::Subjects;
use super::owners::Asks;
use super::replay::{Moments, Replay};
use crate::engine::kernel::error::{KernelError, Result};
use crate::engine::kernel::visit::{Outcome, Sequences};
use crate::ir::{NodeId, SequenceId};
use crate::plan::{RowColumns, RowsOfSteps, run};

/// Rows are looked at by so many at once, or a few more.
const ROWS_AT_ONCE: usize = 1 << 18;

/// Rows of steps.
pub(super) struct HeldSequences {
    sequences: Vec<SequenceId>,
    starts: Vec<usize>,
    rows: RecordBatch,
    columns: RowColumns,
    /// Of each step with a filter that moves, the parts that stand still, and whose a row is of whom something is asked.
    parts: BTreeMap<(SequenceId, usize), BTreeMap<NodeId, ArrayRef>>,
}

impl HeldSequences {
    /// Reads rows, and keeps those of subjects.
    pub async fn read(
        state: &SessionState,
        sequences: Vec<SequenceId>,
        rows: RowsOfSteps,
        subjects: &Subjects,
        asks: Asks<'_>,
    ) -> std::result::Result<Self, Error> {
        let stream = run(state, &rows.plan).await?;
        let schema = stream.schema();
        let batches: Vec<RecordBatch> = stream.try_collect().await?;
        let all = concat_batches(&schema, &batches).map_err(DataFusionError::from)?;
        let keys: Vec<ArrayRef> = rows.columns.keys.iter().map(|at| all.column(*at).clone()).collect();
        // Nobody's rows stand at the end.
        let nobody = subjects.len() as u32;
        let owners: UInt32Array = subjects.of(&keys)?.into_iter().map(|owner| owner.or(Some(nobody))).collect();
        let descending = SortOptions { descending: true, nulls_first: false };
        let mut by = vec![SortColumn { values: Arc::new(owners.clone()), options: None }];
        by.extend(
            rows.columns
                .latest_first()
                .map(|(at, _)| SortColumn { values: all.column(at).clone(), options: Some(descending) }),
        );
        let order = lexsort_to_indices(&by, None).map_err(DataFusionError::from)?;
        let sorted = take_record_batch(&all, &order).map_err(DataFusionError::from)?;
        let mut starts = vec![0; subjects.len() + 1];
        for owner in owners.values().iter().filter(|owner| **owner < nobody) {
            starts[*owner as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut parts = BTreeMap::new();
        for (id, steps) in sequences.iter().zip(&rows.columns.steps) {
            for (place, step) in steps.iter().enumerate() {
                let still = step.parts.iter().map(|(at, node)| (*node, Arc::clone(sorted.column(*at))));
                let mut still = still.collect();
                asks.add_whose(&mut still)?;
                parts.insert((*id, place), still);
            }
        }
        Ok(HeldSequences { sequences, starts, rows: sorted, columns: rows.columns, parts })
    }

    /// The rows of a subject.
    pub fn of(&self, subject: usize) -> Range<usize> {
        let at = |at: usize| self.starts.get(at).copied().unwrap_or_default();
        at(subject)..at(subject + 1)
    }

    /// When each row happened.
    pub fn times(&self) -> &[i64] {
        self.rows.column(self.columns.time).as_primitive::<TimestampMicrosecondType>().values()
    }

    /// For a sequence and its step, which rows are the step's, whatever the windows.
    pub fn mask(&self, sequence: SequenceId, step: usize) -> Option<&BooleanArray> {
        let at = self.sequences.iter().position(|id| *id == sequence)?;
        let step = self.columns.steps.get(at)?.get(step)?;
        self.rows.column(step.mask).as_boolean_opt()
    }

    /// Of a step with a filter that moves, what stands still of it, a row for each row.
    pub fn parts(&self, sequence: SequenceId, step: usize) -> Option<&BTreeMap<NodeId, ArrayRef>> {
        self.parts.get(&(sequence, step))
    }

    /// Whether a sequence is there at each moment; unknown where that takes too much work.
    pub fn values(&self, replay: &Replay, sequence: SequenceId, moments: &Moments) -> Result<BooleanArray> {
        let mut answers = Vec::with_capacity(moments.len());
        let mut some = Moments::default();
        let mut rows = 0;
        for (subject, instant) in moments.iter() {
            some.push(subject as u32, instant);
            rows += self.of(subject).len();
            if rows >= ROWS_AT_ONCE {
                self.answers(replay, sequence, &std::mem::take(&mut some), &mut answers)?;
                rows = 0;
            }
        }
        self.answers(replay, sequence, &some, &mut answers)?;
        Ok(answers.into_iter().collect())
    }

    fn answers(
        &self,
        replay: &Replay,
        sequence: SequenceId,
        moments: &Moments,
        answers: &mut Vec<Option<bool>>,
    ) -> Result<()> {
        let (ir, calendar) = (&replay.ir, &replay.calendar);
        let place = self.sequences.iter().position(|id| *id == sequence);
        let passed = self.passed(replay, sequence, moments)?;
        let mut begin = 0;
        for (subject, instant) in moments.iter() {
            let mut sequences = Sequences::new(ir, &calendar.moved_to(instant), &self.sequences)?;
            let own = self.of(subject);
            let rows = self.columns.read(&self.rows.slice(own.start, own.len()));
            let mut rows = rows.map_err(|error| ArrowError::from_external_error(Box::new(error)))?;
            let steps = place.and_then(|place| rows.sequences.get_mut(place)).into_iter().flatten();
            for (step, passed) in steps.zip(&passed) {
                if let Some(passed) = passed {
                    step.mask = and(&step.mask, &passed.slice(begin, own.len()))?;
                }
            }
            begin += own.len();
            let batch = sequences.batch(rows)?;
            sequences.push(&batch, 0..own.len());
            let outcomes = sequences.finish()?;
            answers.push(match place.and_then(|place| outcomes.get(place)) {
                Some(Outcome::Found) => Some(true),
                Some(Outcome::TooMuchWork) => None,
                _ => Some(false),
            });
        }
        Ok(())
    }

    /// For each step of a sequence whose filter moves, which rows of each moment's subject pass it at that instant.
    fn passed(&self, replay: &Replay, sequence: SequenceId, moments: &Moments) -> Result<Vec<Option<BooleanArray>>> {
        let mut of_rows = Moments::default();
        let mut passed = Vec::new();
        for (place, step) in replay.ir.sequence(sequence).steps.iter().enumerate() {
            let Some(filter) = step.filter.filter(|filter| replay.moving.contains(filter)) else {
                passed.push(None);
                continue;
            };
            if of_rows.len() == 0 {
                for (subject, instant) in moments.iter() {
                    self.of(subject).for_each(|row| of_rows.push(row as u32, instant));
                }
            }
            let Some(parts) = self.parts(sequence, place) else { return Err(KernelError::Leaf(filter)) };
            passed.push(replay.of_rows(parts).holds(&[filter], &of_rows)?.pop());
        }
        Ok(passed)
    }
}
