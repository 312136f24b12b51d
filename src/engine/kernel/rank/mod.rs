//! Subjects in order of a value: tiles, scores, shares, the highest and the lowest. Nobody is sorted for it.
//!
//! What a form asks of a ranking are a few of its positions: of five tiles, where the second to the fifth begin. So the values
//! alone are kept, those at the positions are selected, and each subject's rank follows from its own value.
//!
//! ```text
//! Population   every batch      the known values of whom is in the population, by group
//! select                        the values at the positions, and how many are below and equal
//! TiedKeys     every batch      where equal values lie on both sides of a position: their keys
//! decide                        the keys at the positions
//! Ranks        every batch      a column for each form
//! ```
//!
//! Equal values stand by ascending key. Most often no position parts equal values; then keys are not even looked at.
//!
//! Only `percent_rank`, which asks for every position, sorts: values, not subjects.

mod cut_points;
mod exact;
mod groups;
mod keys;
mod percentile;
mod population;
mod positions;
mod ranks;
mod select;
mod share;
#[cfg(test)]
mod tests;
mod value;

use std::any::Any;
use std::fmt::Debug;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::{DataType, TimeUnit, i256};

use super::error::{KernelError, Result};
use crate::ir::{RankForm, Type};
use exact::Exact;

pub use cut_points::{CutGroup, CutPoints};
pub use keys::{BatchKeys, DecidedKeys, KeyReader, TiedKeys};

/// Rows of subjects, as columns.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// What they are ranked by.
    pub value: &'a ArrayRef,
    /// A Boolean that must be true of whom is ranked.
    pub member: Option<&'a ArrayRef>,
    /// Each of its values is a population of its own, so is its unknown.
    pub per: Option<&'a ArrayRef>,
}

impl Rows<'_> {
    /// The rows of the population, given which values are known; none: all.
    fn population(&self, known: Option<NullBuffer>) -> Result<Option<NullBuffer>> {
        let rows = self.value.len();
        for column in self.member.into_iter().chain(self.per) {
            if column.len() != rows {
                return Err(KernelError::Rows { expected: rows, found: column.len() });
            }
        }
        let Some(member) = self.member else { return Ok(known) };
        let mismatch = || KernelError::Array { ty: Type::Bool, found: member.data_type().clone() };
        let member = member.as_boolean_opt().ok_or_else(mismatch)?;
        let is_true = match member.nulls() {
            Some(nulls) => NullBuffer::new(member.values() & nulls.inner()),
            None => NullBuffer::new(member.values().clone()),
        };
        Ok(NullBuffer::union(known.as_ref(), Some(&is_true)))
    }
}

/// The values of a ranking's population, while it is read.
pub trait Population: Debug + Send {
    /// Takes the next rows.
    ///
    /// # Errors
    ///
    /// [`KernelError`] for columns that are not what they should be.
    fn add(&mut self, rows: &Rows<'_>) -> Result<()>;

    /// Takes the values of another one of the same ranking.
    ///
    /// # Errors
    ///
    /// [`KernelError`] when it ranks values of another type.
    fn merge(&mut self, other: Box<dyn Population>) -> Result<()>;

    /// Bytes held.
    fn size(&self) -> usize;

    /// Selects what these forms need.
    ///
    /// # Errors
    ///
    /// [`KernelError`] when the population is broken.
    fn select(self: Box<Self>, forms: &[RankForm]) -> Result<Box<dyn Ranks>>;

    /// The cut points of a form: what decides a rank while it is frozen.
    ///
    /// # Errors
    ///
    /// [`KernelError`] for `percent_rank`, which has none.
    fn cut_points(self: Box<Self>, form: RankForm) -> Result<CutPoints>;

    /// Itself, for [`Population::merge`].
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

/// What the forms of a ranking need to know of its population.
pub trait Ranks: Debug + Send + Sync {
    /// Whether keys must decide between equal values. If so every batch must be given to [`Ranks::collect`] first.
    fn needs_keys(&self) -> bool;

    /// Collects the keys of rows whose value stands on both sides of a position.
    ///
    /// # Errors
    ///
    /// [`KernelError`] for columns that are not what they should be.
    fn collect(&self, rows: &Rows<'_>, keys: &BatchKeys<'_>, into: &mut TiedKeys) -> Result<()>;

    /// Finds the keys that decide.
    ///
    /// # Errors
    ///
    /// [`KernelError`] when not all batches were collected.
    fn decide(&self, keys: TiedKeys) -> Result<DecidedKeys>;

    /// A column for each form, of the type of [`output_type`].
    ///
    /// # Errors
    ///
    /// [`KernelError`] for columns that are not what they should be.
    fn apply(&self, rows: &Rows<'_>, keys: &BatchKeys<'_>, decided: &DecidedKeys) -> Result<Vec<ArrayRef>>;

    /// Bytes held.
    fn size(&self) -> usize;
}

/// An empty population of values of a type, and of groups by values of a type.
///
/// # Errors
///
/// [`KernelError::Array`] for values that cannot be ranked.
pub fn population(value: &DataType, per: Option<&DataType>) -> Result<Box<dyn Population>> {
    Ok(match value {
        DataType::Int64
        | DataType::Date32
        | DataType::Timestamp(TimeUnit::Microsecond, None)
        | DataType::Duration(TimeUnit::Microsecond) => Box::new(population::Typed::<i64>::new(value, per)?),
        DataType::Decimal128(..) => Box::new(population::Typed::<i128>::new(value, per)?),
        DataType::Decimal256(..) => Box::new(population::Typed::<i256>::new(value, per)?),
        DataType::Binary => Box::new(population::Typed::<Exact>::new(value, per)?),
        found => return Err(KernelError::Array { ty: Type::Number, found: found.clone() }),
    })
}

/// The type of a form's column.
pub fn output_type(form: RankForm) -> DataType {
    match form {
        RankForm::Tile(_) | RankForm::Score(_) => DataType::Int64,
        RankForm::PercentRank | RankForm::Percentile(_) => DataType::Binary,
        RankForm::Highest(_) | RankForm::Lowest(_) => DataType::Boolean,
    }
}

/// Whether a form's column has unknowns.
pub fn is_nullable(form: RankForm) -> bool {
    !matches!(form, RankForm::Highest(_) | RankForm::Lowest(_))
}

/// A caller broke the contract.
fn mismatch(what: impl Into<String>) -> KernelError {
    datafusion::arrow::error::ArrowError::InvalidArgumentError(what.into()).into()
}
