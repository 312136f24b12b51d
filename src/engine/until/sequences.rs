//! Rows of sequences in memory, each subject's together, the latest first.

use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch, UInt32Array};
use datafusion::arrow::compute::{SortColumn, SortOptions, concat_batches, lexsort_to_indices, take_record_batch};
use datafusion::arrow::datatypes::TimestampMicrosecondType;
use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SessionState;
use futures::TryStreamExt;

use super::Error;
use super::held::Subjects;
use super::replay::Moments;
use crate::engine::kernel::calendar::Calendar;
use crate::engine::kernel::error::Result;
use crate::engine::kernel::visit::{Outcome, Sequences};
use crate::ir::{Ir, SequenceId};
use crate::plan::{RowColumns, RowsOfSteps, run};

/// Rows of steps.
pub(super) struct HeldSequences {
    sequences: Vec<SequenceId>,
    starts: Vec<usize>,
    rows: RecordBatch,
    columns: RowColumns,
}

impl HeldSequences {
    /// Reads rows, and keeps those of subjects.
    pub async fn read(
        state: &SessionState,
        sequences: Vec<SequenceId>,
        rows: RowsOfSteps,
        subjects: &Subjects,
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
        Ok(HeldSequences { sequences, starts, rows: sorted, columns: rows.columns })
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

    /// Whether a sequence is there at each moment; unknown where that takes too much work.
    pub fn values(
        &self,
        ir: &Arc<Ir>,
        calendar: &Calendar,
        sequence: SequenceId,
        moments: &Moments,
    ) -> Result<BooleanArray> {
        let place = self.sequences.iter().position(|id| *id == sequence);
        let mut answers = Vec::with_capacity(moments.len());
        for (subject, instant) in moments.subjects.iter().zip(&moments.instants) {
            let mut sequences = Sequences::new(ir, &calendar.moved_to(*instant), &self.sequences)?;
            let own = self.of(*subject as usize);
            let rows = self.columns.read(&self.rows.slice(own.start, own.len()));
            let rows = rows.map_err(|error| ArrowError::from_external_error(Box::new(error)))?;
            let batch = sequences.batch(rows)?;
            sequences.push(&batch, 0..own.len());
            let outcomes = sequences.finish()?;
            answers.push(match place.and_then(|place| outcomes.get(place)) {
                Some(Outcome::Found) => Some(true),
                Some(Outcome::TooMuchWork) => None,
                _ => Some(false),
            });
        }
        Ok(answers.into_iter().collect())
    }
}
