//! The rows of one subject that some step may match, in order, and for each step those of them that it may match, by key.

use super::batch::{Batch, ReadyStep};
use super::hash::{EMPTY, Key, combine};
use super::join::{Joins, StepJoin};
use super::pattern::Pattern;
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::Result;
use crate::engine::kernel::number::compare::holds;
use crate::engine::kernel::program::order;
use crate::syntax::ast::CompareOp;

/// Rows of one subject.
#[derive(Debug, Default)]
pub struct Candidates {
    /// Batches that hold rows of the subject; these are not copied.
    batches: Vec<Batch>,
    /// Rows, the latest first until all are there, then the earliest first.
    places: Vec<Place>,
    /// For each step the key of its rows and where they stand among `places`; sorted once all are there.
    lists: Vec<Vec<(u64, u32)>>,
}

/// Where a row is, and what its order is made of.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// In microseconds.
    pub time: i64,
    /// Whose row it is.
    pub table: u32,
    batch: u32,
    row: u32,
}

/// How many rows are kept although a subject may do with fewer.
const KEPT: usize = 1 << 14;

impl Candidates {
    /// Adds rows of a batch, as one sequence sees them. False when there are more than so many.
    pub fn add(
        &mut self,
        batch: &Batch,
        sequence: usize,
        rows: std::ops::Range<usize>,
        joins: &Joins,
        limit: usize,
    ) -> bool {
        let Some(ready) = batch.0.sequences.get(sequence) else { return true };
        self.lists.resize(joins.steps().len(), Vec::new());
        let mut known = false;
        for row in super::marked(&ready.any, rows) {
            if self.places.len() >= limit {
                return false;
            }
            if !std::mem::replace(&mut known, true) {
                self.batches.push(batch.clone());
            }
            let at = self.places.len() as u32;
            let (time, table) = (batch.0.times[row], batch.0.tables[row]);
            self.places.push(Place { time, table, batch: self.batches.len() as u32 - 1, row: row as u32 });
            for (step, list) in ready.steps.iter().zip(&mut self.lists).filter(|(step, _)| step.passes(row)) {
                list.extend(step.keys.get(row).copied().flatten().map(|key| (key, at)));
            }
        }
        true
    }

    /// Puts the rows in order, when all are there.
    pub fn sort(&mut self) {
        self.places.reverse();
        let last = (self.places.len() as u32).wrapping_sub(1);
        for list in &mut self.lists {
            list.iter_mut().for_each(|(_, at)| *at = last - *at);
            list.reverse();
            // Where there is nothing to be found by, that was all.
            if !list.is_sorted() {
                list.sort_unstable();
            }
        }
    }

    /// Forgets the rows.
    pub fn clear(&mut self) {
        self.batches.clear();
        self.places.clear();
        self.places.shrink_to(KEPT);
        for list in &mut self.lists {
            list.clear();
            list.shrink_to(KEPT);
        }
    }

    /// Bytes held beside its own, the batches left out.
    pub fn heap(&self) -> usize {
        let entries: usize = self.lists.iter().map(Vec::capacity).sum();
        self.places.capacity() * size_of::<Place>() + entries * size_of::<(u64, u32)>()
    }
}

/// One sequence over one subject's rows.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The sequence.
    pub pattern: &'a Pattern,
    /// Its joins.
    pub joins: &'a Joins,
    /// Its position among those looked for.
    pub sequence: usize,
    /// The rows, in order.
    pub candidates: &'a Candidates,
}

/// No row: what stands in the place of one that has not been chosen.
pub const NOBODY: u32 = u32::MAX;

impl<'a> View<'a> {
    /// A row; none for [`NOBODY`].
    pub fn place(&self, row: u32) -> Option<Place> {
        self.candidates.places.get(row as usize).copied()
    }

    /// The rows of a step by key, those of a key in order.
    pub fn list(&self, step: usize) -> &'a [(u64, u32)] {
        self.candidates.lists.get(step).map_or(&[], Vec::as_slice)
    }

    /// How a step is joined to earlier ones.
    pub fn join(&self, step: usize) -> Option<&'a StepJoin> {
        self.joins.steps().get(step)
    }

    /// The key that rows of a step must have, by the rows chosen before, which stand by step.
    pub fn key(&self, step: usize, chosen: &[u32]) -> Key {
        let found_by = |comparison: &super::join::Comparison| {
            let (ready, row) = self.chosen(comparison.step, chosen)?;
            ready.given.get(comparison.given)?.1.get(row).copied().flatten()
        };
        self.join(step)?.equalities().try_fold(EMPTY, |key, equality| Some(combine(key, found_by(equality)?)))
    }

    /// Whether a row compares with the rows chosen before as its step asks.
    pub fn compares(&self, step: usize, row: u32, chosen: &[u32]) -> Result<bool> {
        let (Some(join), Some((own, row))) = (self.join(step), self.ready(step, row)) else { return Ok(false) };
        for comparison in &join.comparisons {
            let other = self.chosen(comparison.step, chosen);
            let (Some(left), Some((given, other))) = (own.own.get(comparison.own), other) else { return Ok(false) };
            let Some((right, _)) = given.given.get(comparison.given) else { return Ok(false) };
            if !compare(comparison.op, (left, row), (right, other))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Of rows of a step in one batch, those for which the rest of its conditions holds.
    pub fn pass(&self, step: usize, rows: &[u32], chosen: &[u32]) -> Result<Vec<u32>> {
        let Some(rest) = self.join(step).and_then(|join| join.rest.as_ref()) else { return Ok(rows.to_vec()) };
        let places: Vec<Place> = rows.iter().filter_map(|row| self.place(*row)).collect();
        let Some(first) = places.first() else { return Ok(Vec::new()) };
        let own: Vec<u32> = places.iter().map(|place| place.row).collect();
        let inputs = rest.inputs.iter().filter_map(|(of, input)| {
            let (ready, taken) = match *of == step {
                true => (self.step(first.batch, step)?, own.clone()),
                false => {
                    let (ready, row) = self.chosen(*of, chosen)?;
                    (ready, vec![row as u32; own.len()])
                }
            };
            Some(ready.inputs.get(*input)?.take(&taken))
        });
        let conditions = rest.program.evaluate(&inputs.collect::<Result<Vec<Column>>>()?, own.len())?;
        let holds = |at: usize| conditions.iter().all(|condition| is_true(condition, at));
        Ok(rows.iter().enumerate().filter(|(at, _)| holds(*at)).map(|(_, row)| *row).collect())
    }

    /// Whether two rows stand in one batch.
    pub fn together(&self, a: u32, b: u32) -> bool {
        self.place(a).map(|place| place.batch) == self.place(b).map(|place| place.batch)
    }

    /// An input of a step, and the row of it that is a candidate's.
    pub fn input(&self, step: usize, input: usize, row: u32) -> Option<(&'a Column, usize)> {
        let (ready, row) = self.ready(step, row)?;
        Some((ready.inputs.get(input)?, row))
    }

    fn chosen(&self, step: usize, chosen: &[u32]) -> Option<(&'a ReadyStep, usize)> {
        self.ready(step, *chosen.get(step)?)
    }

    fn ready(&self, step: usize, row: u32) -> Option<(&'a ReadyStep, usize)> {
        let place = self.place(row)?;
        Some((self.step(place.batch, step)?, place.row as usize))
    }

    fn step(&self, batch: u32, step: usize) -> Option<&'a ReadyStep> {
        self.candidates.batches.get(batch as usize)?.0.sequences.get(self.sequence)?.steps.get(step)
    }
}

/// Compares two rows; not true where one is unknown.
fn compare(op: CompareOp, (left, row): (&Column, usize), (right, other): (&Column, usize)) -> Result<bool> {
    Ok(left.is_known(row) && right.is_known(other) && holds(op, order(left, row, right, other)?))
}

fn is_true(column: &Column, row: usize) -> bool {
    matches!(column, Column::Bool(array) if column.is_known(row) && array.value(row))
}
