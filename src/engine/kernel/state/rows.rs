//! Which rows of a batch count.

use datafusion::arrow::array::{Array, ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray};
use datafusion::arrow::buffer::NullBuffer;

use super::{Result, mismatch};

/// The rows of a batch, each with its group, of which some do not count.
pub struct Rows<'a> {
    groups: &'a [usize],
    /// Set where the row counts; none where all do.
    counted: Option<NullBuffer>,
}

impl<'a> Rows<'a> {
    /// The rows whose filter is true and whose argument, where there is one, is known.
    pub fn new(groups: &'a [usize], argument: Option<&ArrayRef>, filter: Option<&BooleanArray>) -> Result<Self> {
        let lengths = argument.map(|array| array.len()).into_iter().chain(filter.map(|array| array.len()));
        for length in lengths {
            if length != groups.len() {
                return Err(mismatch(format!("{length} values for {} rows", groups.len())));
            }
        }
        let known = argument.and_then(|array| array.logical_nulls());
        let passed = filter.map(|filter| match filter.nulls() {
            Some(nulls) => NullBuffer::new(filter.values() & nulls.inner()),
            None => NullBuffer::new(filter.values().clone()),
        });
        Ok(Rows { groups, counted: NullBuffer::union(known.as_ref(), passed.as_ref()) })
    }

    /// Calls `visit(row, group)` for each row that counts.
    #[inline]
    pub fn each(&self, mut visit: impl FnMut(usize, usize)) {
        match &self.counted {
            None => self.groups.iter().enumerate().for_each(|(row, &group)| visit(row, group)),
            Some(counted) => counted.valid_indices().for_each(|row| visit(row, self.groups[row])),
        }
    }

    /// As [`Rows::each`], until an error.
    pub fn try_each(&self, mut visit: impl FnMut(usize, usize) -> Result<()>) -> Result<()> {
        let mut failed = None;
        self.each(|row, group| {
            if failed.is_none() {
                failed = visit(row, group).err();
            }
        });
        failed.map_or(Ok(()), Err)
    }
}

/// A column of the arguments or states, which must be there.
pub fn column(values: &[ArrayRef], index: usize) -> Result<&ArrayRef> {
    values.get(index).ok_or_else(|| mismatch(format!("no argument {}", index + 1)))
}

/// An array as what it should be.
pub fn downcast<A: Array + 'static>(array: &ArrayRef) -> Result<&A> {
    array.as_any().downcast_ref::<A>().ok_or_else(|| mismatch(format!("a column of type {}", array.data_type())))
}

/// An array as numbers of a native type, whatever its precision and scale.
pub fn primitive<T: ArrowPrimitiveType>(array: &ArrayRef) -> Result<&PrimitiveArray<T>> {
    downcast(array)
}
