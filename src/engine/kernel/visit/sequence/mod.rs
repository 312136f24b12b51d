//! Sequences: whether a subject's rows hold a pattern of rows, each later than the one before.
//!
//! ```text
//! sequence(sales as bought then within 30d returns where sku = bought.sku then never within 7d sales)
//!
//! sales     1 March shoe   3 March sock
//! returns                  9 March shoe
//!
//! at 20 March    found: 1 March, 9 March, and no sale up to 16 March
//! at 12 March    absent: the 7 days are not over
//! ```
//!
//! A row is *later* than another if its time is, or if both are rows of one table and it stands later in row order; rows
//! of equal time in different tables are neither later nor earlier. The pattern is held if some choice of rows holds it.
//!
//! Rows come subject by subject, each subject's latest first. Patterns whose steps do not refer to each other pass over
//! them and keep nothing ([`backward`]); others keep the rows that some step may match, and search ([`search`]).
//!
//! - `pattern`: the sequence at one T
//! - `join`: what rows must have to do with rows matched before, taken apart
//! - `batch`: rows made ready for all sequences at once
//! - `backward`: the pass
//! - `search`: the search; `candidates`, `scan`, `hash` find rows, `failures` remembers what was tried

pub mod backward;
mod batch;
mod candidates;
mod failures;
mod hash;
mod join;
pub mod pattern;
mod scan;
pub mod search;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::util::bit_iterator::BitIndexIterator;

use crate::engine::kernel::calendar::Calendar;
use crate::engine::kernel::error::Result;
use crate::ir::{Ir, NodeId, SequenceId};
use backward::Backward;
use join::Joins;
use pattern::Pattern;
use search::{MAX_WORK, Search};

pub use batch::{Batch, Rows, StepRows};

/// Whether a subject's rows hold a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They do.
    Found,
    /// They do not.
    Absent,
    /// Nobody knows: more than [`MAX_WORK`] rows would have had to be looked at. Segments that use it must fail.
    TooMuchWork,
}

/// Some sequences of one kind of subject, looked for among the rows of one subject after the other.
///
/// ```text
/// let batch = sequences.batch(rows)?;
/// for (subject, range) in subjects_of(&batch) {
///     sequences.push(&batch, range);
///     // … further batches, if the subject's rows are spread over them
///     let outcomes = sequences.finish()?;
/// }
/// ```
#[derive(Debug)]
pub struct Sequences {
    plans: Vec<Plan>,
    outcomes: Vec<Outcome>,
}

/// One sequence.
#[derive(Debug)]
struct Plan {
    pattern: Pattern,
    joins: Joins,
    way: Way,
}

/// How it is looked for.
#[derive(Debug)]
enum Way {
    Backward(Backward),
    Search(Search),
}

impl Sequences {
    /// Prepares sequences at the calendar's T.
    ///
    /// # Errors
    ///
    /// [`crate::engine::kernel::error::KernelError::Leaf`] when a step refers to one that has matched no row before it.
    pub fn new(ir: &Arc<Ir>, calendar: &Calendar, sequences: &[SequenceId]) -> Result<Sequences> {
        Sequences::with_max_work(ir, calendar, sequences, MAX_WORK)
    }

    /// The same with another bound on work than [`MAX_WORK`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn with_max_work(
        ir: &Arc<Ir>,
        calendar: &Calendar,
        sequences: &[SequenceId],
        max_work: u64,
    ) -> Result<Sequences> {
        let plan = |id: &SequenceId| {
            let sequence = ir.sequence(*id);
            let pattern = Pattern::new(sequence, calendar);
            let joins = Joins::new(ir, calendar, sequence)?;
            let way = if joins.refer() {
                Way::Search(Search::new(&pattern, &joins, max_work))
            } else {
                Way::Backward(Backward::new(pattern.clone()))
            };
            Ok(Plan { pattern, joins, way })
        };
        Ok(Sequences { plans: sequences.iter().map(plan).collect::<Result<_>>()?, outcomes: Vec::new() })
    }

    /// For a sequence, by its position among those given, and a step of it: what must be given for the step's rows beside
    /// its mask. All are in the scope of those rows.
    pub fn inputs(&self, sequence: usize, step: usize) -> &[NodeId] {
        self.plans.get(sequence).and_then(|plan| plan.joins.steps().get(step)).map_or(&[], |join| &join.inputs)
    }

    /// Makes rows of any number of subjects ready.
    ///
    /// # Errors
    ///
    /// [`crate::engine::kernel::error::KernelError`] when the columns are not what they should be, or a condition fails.
    pub fn batch(&self, rows: Rows) -> Result<Batch> {
        Batch::new(&self.plans, rows)
    }

    /// Takes rows of the subject at hand: a range of a batch that [`Sequences::batch`] of these sequences has made.
    ///
    /// All rows of a subject are later than, or in row order after, those that are taken after them; see [`Rows`].
    pub fn push(&mut self, batch: &Batch, rows: Range<usize>) {
        for (at, plan) in self.plans.iter_mut().enumerate() {
            match &mut plan.way {
                Way::Search(search) => search.push(batch, at, rows.clone(), &plan.joins),
                Way::Backward(backward) => {
                    let Some(ready) = batch.0.sequences.get(at) else { continue };
                    for row in marked(&ready.any, rows.clone()) {
                        if backward.is_found() {
                            break;
                        }
                        let passes = |step: usize| ready.steps.get(step).is_some_and(|step| step.passes(row));
                        backward.push(batch.0.times[row], batch.0.tables[row], passes);
                    }
                }
            }
        }
    }

    /// What the rows of the subject at hand hold, by sequence; ready for the next subject.
    ///
    /// # Errors
    ///
    /// [`crate::engine::kernel::error::KernelError`] when a condition fails.
    pub fn finish(&mut self) -> Result<&[Outcome]> {
        self.outcomes.clear();
        for (at, plan) in self.plans.iter_mut().enumerate() {
            self.outcomes.push(match &mut plan.way {
                Way::Search(search) => search.finish(&plan.pattern, &plan.joins, at)?,
                Way::Backward(backward) => match backward.finish() {
                    true => Outcome::Found,
                    false => Outcome::Absent,
                },
            });
        }
        Ok(&self.outcomes)
    }

    /// Bytes held for the subject at hand beside the batches, which stay as long as it is at hand.
    pub fn heap(&self) -> usize {
        let search = |plan: &Plan| match &plan.way {
            Way::Search(search) => search.heap(),
            Way::Backward(_) => 0,
        };
        self.plans.iter().map(search).sum()
    }
}

/// The rows of a range that are marked, up to the end of the marks.
fn marked(marks: &BooleanBuffer, rows: Range<usize>) -> impl Iterator<Item = usize> {
    let rows = rows.start.min(marks.len())..rows.end.min(marks.len());
    let indices = BitIndexIterator::new(marks.values(), marks.offset() + rows.start, rows.len());
    indices.map(move |at| rows.start + at)
}
