//! A batch of rows made ready: everything that can be said of rows one by one is said for all of them at once, before
//! their subjects are looked at.

use std::sync::Arc;

use datafusion::arrow::array::{Array, BooleanArray};
use datafusion::arrow::buffer::{BooleanBuffer, ScalarBuffer};

use super::hash::{Key, hashes, keys};
use super::join::StepJoin;
use super::{Plan, Way};
use crate::engine::kernel::calendar::Bounds;
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::{KernelError, Result};
use crate::syntax::ast::CompareOp;

/// Rows as they come: subject by subject, each subject's latest first.
///
/// At equal time the rows of a table stand together, and within a table the later in row order first. A row that several
/// steps may match comes once.
#[derive(Clone, Debug)]
pub struct Rows {
    /// When each row happened, in microseconds since 1970-01-01T00:00Z; not after T.
    pub times: ScalarBuffer<i64>,
    /// Which table's row it is, as any numbers that differ where [`crate::ir::BaseTableId`]s do.
    pub tables: ScalarBuffer<u32>,
    /// For each sequence, for each of its steps.
    pub sequences: Vec<Vec<StepRows>>,
}

/// Rows as a step sees them.
#[derive(Clone, Debug)]
pub struct StepRows {
    /// Which rows are the step's: rows of its set that pass its filter. Unknown is no. Windows are looked at here; it does
    /// no harm if they have been looked at before.
    pub mask: BooleanArray,
    /// The columns that [`super::Sequences::inputs`] asks for, in that order; anything where the mask is not true.
    pub inputs: Vec<Column>,
}

/// Rows made ready. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Batch(pub(super) Arc<Ready>);

/// The rows of all sequences.
#[derive(Debug)]
pub(super) struct Ready {
    pub times: ScalarBuffer<i64>,
    pub tables: ScalarBuffer<u32>,
    pub sequences: Vec<ReadySequence>,
}

/// The rows as a sequence sees them.
#[derive(Debug)]
pub(super) struct ReadySequence {
    /// Those that are rows of some step.
    pub any: BooleanBuffer,
    pub steps: Vec<ReadyStep>,
}

/// The rows as a step sees them.
#[derive(Debug, Default)]
pub(super) struct ReadyStep {
    pub mask: Option<BooleanBuffer>,
    pub inputs: Vec<Column>,
    /// The step's sides of its comparisons with earlier rows.
    pub own: Vec<Column>,
    /// What those that ask for equality are found by.
    pub keys: Vec<Key>,
    /// The step's sides of later rows' comparisons with it, and what those rows are found by where they ask for equality.
    pub given: Vec<(Column, Vec<Key>)>,
}

impl ReadyStep {
    pub fn passes(&self, row: usize) -> bool {
        self.mask.as_ref().is_some_and(|mask| mask.value(row))
    }
}

impl Batch {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.0.times.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn new(plans: &[Plan], rows: Rows) -> Result<Batch> {
        let expected = rows.times.len();
        check_rows(expected, rows.tables.len())?;
        if rows.sequences.len() != plans.len() {
            return Err(KernelError::Inputs { expected: plans.len(), found: rows.sequences.len() });
        }
        let sequences =
            plans.iter().zip(rows.sequences).map(|(plan, steps)| ReadySequence::new(plan, &rows.times, steps));
        let sequences = sequences.collect::<Result<_>>()?;
        Ok(Batch(Arc::new(Ready { times: rows.times, tables: rows.tables, sequences })))
    }
}

impl ReadySequence {
    fn new(plan: &Plan, times: &ScalarBuffer<i64>, steps: Vec<StepRows>) -> Result<ReadySequence> {
        let joins = plan.joins.steps();
        if steps.len() != joins.len() {
            return Err(KernelError::Inputs { expected: joins.len(), found: steps.len() });
        }
        let refers = matches!(plan.way, Way::Search(_));
        let mut ready = Vec::with_capacity(steps.len());
        for (at, (rows, join)) in steps.into_iter().zip(joins).enumerate() {
            let bounds = plan.pattern.bounds(at);
            let mut step = ReadyStep::new(join, bounds, times, rows)?;
            if refers {
                step.find_by(at, joins);
            } else {
                step = ReadyStep { mask: step.mask, ..ReadyStep::default() };
            }
            ready.push(step);
        }
        let none = BooleanBuffer::new_unset(times.len());
        let any = ready.iter().filter_map(|step| step.mask.as_ref()).fold(none, |any, mask| &any | mask);
        Ok(ReadySequence { any, steps: ready })
    }
}

impl ReadyStep {
    fn new(join: &StepJoin, bounds: Option<Bounds>, times: &[i64], rows: StepRows) -> Result<ReadyStep> {
        check_rows(times.len(), rows.mask.len())?;
        rows.inputs.iter().try_for_each(|column| check_rows(times.len(), column.len()))?;
        let worked_out = join.work_out(&rows.inputs, times.len())?;
        let mut mask = truth(&rows.mask);
        for filter in &worked_out.filters {
            match filter {
                Column::Bool(filter) => mask = &mask & &truth(filter),
                other => return Err(KernelError::Operand { expected: crate::ir::Type::Bool, found: other.ty() }),
            }
        }
        let within =
            BooleanBuffer::collect_bool(times.len(), |row| bounds.is_some_and(|bounds| bounds.contains(times[row])));
        let given = worked_out.given.into_iter().map(|column| (column, Vec::new())).collect();
        let mask = Some(&mask & &within);
        Ok(ReadyStep { mask, inputs: rows.inputs, own: worked_out.own, keys: Vec::new(), given })
    }

    /// Works out by what rows are found.
    fn find_by(&mut self, at: usize, joins: &[StepJoin]) {
        let Some(mask) = &self.mask else { return };
        if let Some(join) = joins.get(at) {
            let own: Vec<&Column> = join.equalities().filter_map(|equality| self.own.get(equality.own)).collect();
            self.keys = keys(&own, mask);
        }
        let comparisons = joins.iter().flat_map(|join| &join.comparisons);
        for comparison in comparisons.filter(|asked| asked.step == at && asked.op == CompareOp::Equal) {
            if let Some((column, found_by)) = self.given.get_mut(comparison.given)
                && found_by.is_empty()
            {
                *found_by = hashes(column, mask);
            }
        }
    }
}

/// Where a column is known to be true.
fn truth(column: &BooleanArray) -> BooleanBuffer {
    match column.nulls() {
        Some(nulls) => column.values() & nulls.inner(),
        None => column.values().clone(),
    }
}

fn check_rows(expected: usize, found: usize) -> Result<()> {
    if expected == found { Ok(()) } else { Err(KernelError::Rows { expected, found }) }
}
