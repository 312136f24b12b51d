//! What a feature remembers while rows pass by: one state holds the aggregates of many groups, a group being a subject.
//!
//! A batch over files, partial results of several threads and live changes all end here, so that a sum means the same
//! everywhere. Two properties carry the design. **The order of rows never shows**: sums cannot overflow on the way,
//! the first and last rows are found by comparing their order, not by arrival. **Only what must be kept is
//! kept**: a sum is a number per group, a distinct count is its distinct values.
//!
//! ```text
//! values  3  5  ?  2        add      group 0: 5        finish    [5, 5]
//! groups  0  1  0  0       ----->    group 1: 5       ------->
//! ```
//!
//! Rows whose filter is not true and rows whose argument is unknown are skipped. Types are the canonical Arrow forms:
//! Boolean, Int64, Decimal128, Decimal256, Binary (an exact number), Utf8View, Date32, Timestamp(µs), Duration(µs).

pub(super) mod bytes;
mod count;
mod dispatch;
mod distinct;
mod domain;
mod ends;
pub(super) mod exact;
mod extreme;
pub(super) mod interner;
mod kind;
mod mode;
mod percentile;
mod primitive;
mod ratio_sum;
mod rows;
mod sum;
mod tally;
#[cfg(test)]
pub(in crate::engine) mod testing;
#[cfg(test)]
mod tests;

use std::fmt::Debug;

use datafusion::arrow::array::{ArrayRef, BooleanArray};
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::arrow::error::ArrowError;

use super::error::{KernelError, Result};
use crate::ir::Aggregation;

pub use dispatch::new_state;

/// The aggregates of many groups. Groups are numbered from 0 without gaps.
pub trait FeatureState: Debug + Send + Sync {
    /// Counts rows in: row `i` belongs to `groups[i]`. A filter that is not true leaves a row out. `total_groups` is how
    /// many groups there are by now; it never shrinks but by [`FeatureState::finish`] and [`FeatureState::state`].
    fn add(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total_groups: usize,
    ) -> Result<()>;

    /// Counts in what other states of the same feature gave up by [`FeatureState::state`].
    fn merge(&mut self, states: &[ArrayRef], groups: &[usize], total_groups: usize) -> Result<()>;

    /// The aggregates of some groups, which are forgotten; the others are renumbered from 0.
    fn finish(&mut self, take: Take) -> Result<ArrayRef>;

    /// The states of some groups as columns, to be merged elsewhere; they are forgotten here, and the others are
    /// renumbered from 0.
    fn state(&mut self, take: Take) -> Result<Vec<ArrayRef>>;

    /// The types of the columns of [`FeatureState::state`].
    fn state_types(&self) -> Vec<DataType>;

    /// Bytes held, the state's own included.
    fn size(&self) -> usize;
}

/// Which groups to give up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// All.
    All,
    /// The first so many.
    First(usize),
}

impl Take {
    /// How many of so many groups.
    fn count(self, groups: usize) -> usize {
        match self {
            Take::All => groups,
            Take::First(n) => n.min(groups),
        }
    }

    /// Takes these groups' entries out of a vector with an entry per group.
    fn split<T>(self, entries: &mut Vec<T>) -> Vec<T> {
        match self {
            Take::All => std::mem::take(entries),
            Take::First(_) => entries.drain(..self.count(entries.len())).collect(),
        }
    }
}

/// The type of an aggregate over an argument of a type; of rows, when there is no argument.
pub fn output_type(aggregation: Aggregation, input: Option<&DataType>) -> DataType {
    match aggregation {
        Aggregation::Count | Aggregation::CountDistinct | Aggregation::ModeCount => DataType::Int64,
        Aggregation::Percentile(_) => DataType::Binary,
        Aggregation::Sum => input.map_or(DataType::Int64, sum::output_type),
        Aggregation::Min | Aggregation::Max | Aggregation::First | Aggregation::Last | Aggregation::Mode => {
            input.cloned().unwrap_or(DataType::Null)
        }
    }
}

/// The canonical type of instants.
const INSTANT: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);
/// The canonical type of elapsed times.
const DURATION: DataType = DataType::Duration(TimeUnit::Microsecond);

/// A caller broke the contract of a state, or a limit was hit.
fn mismatch(what: impl Into<String>) -> KernelError {
    ArrowError::InvalidArgumentError(what.into()).into()
}
