//! Constants among columns: a column of a single row stands for as many rows as there are.
//!
//! So a condition such as `spend > 500` builds no column of 500s, and no operation needs a second form for constants.

use datafusion::arrow::array::{Array, Datum};
use datafusion::arrow::buffer::NullBuffer;

/// Where a row's value stands: a column of a single row stands for as many rows as there are.
pub(super) fn position(len: usize, row: usize) -> usize {
    if len == 1 { 0 } else { row }
}

/// The rows known in all columns, each given as its nulls and length; all rows when none. A column of a single row stands
/// for as many as there are.
pub(super) fn known_in_all<'a>(
    columns: impl IntoIterator<Item = (Option<&'a NullBuffer>, usize)>,
    rows: usize,
) -> Option<NullBuffer> {
    let mut all: Option<NullBuffer> = None;
    for (nulls, len) in columns {
        let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else { continue };
        if len == 1 && rows != 1 {
            return Some(NullBuffer::new_null(rows));
        }
        all = NullBuffer::union(all.as_ref(), Some(nulls));
    }
    all
}

/// An array that stands for so many rows: as it is, or as one value for all of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Broadcast<'a> {
    array: &'a dyn Array,
    rows: usize,
}

impl<'a> Broadcast<'a> {
    /// For an array of one row or of so many.
    pub(super) fn new(array: &'a dyn Array, rows: usize) -> Self {
        Broadcast { array, rows }
    }
}

impl Datum for Broadcast<'_> {
    fn get(&self) -> (&dyn Array, bool) {
        (self.array, self.array.len() == 1 && self.rows != 1)
    }
}
