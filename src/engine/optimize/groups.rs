//! Where row groups of a copy end: with the last row of a subject.

use std::ops::Range;

use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::compute::partition;
use datafusion::arrow::error::ArrowError;

/// Fewer rows make a row group only where a table has few.
const FEWEST: u64 = 1 << 13;
/// More are of no use: what is counted of their subjects should stay near the processor.
const ENOUGH: u64 = 1 << 17;
/// A row group ends here whatever its rows: a single subject has more than a reader should take at once.
pub(super) const MOST: u64 = 1 << 20;
/// So many row groups are enough to share among threads.
const WANTED: u64 = 64;

/// Cuts rows in order of their keys into row groups.
pub(super) struct RowGroups {
    enough: u64,
    rows: u64,
}

impl RowGroups {
    /// For about so many rows.
    pub fn new(rows: u64) -> Self {
        RowGroups { enough: (rows / WANTED).clamp(FEWEST, ENOUGH), rows: 0 }
    }

    /// The pieces of a batch, and after which of them a row group ends.
    pub fn cut(&mut self, keys: &[ArrayRef], batch: &RecordBatch) -> Result<Vec<(Range<usize>, bool)>, ArrowError> {
        let rows = batch.num_rows() as u64;
        if self.rows + rows < self.enough {
            self.rows += rows;
            return Ok(vec![(0..batch.num_rows(), false)]);
        }
        let mut pieces = Vec::new();
        let mut begin = 0;
        // Whether the last subject of a batch goes on in the next is not known here: it is cut where another begins.
        let subjects = partition(keys)?.ranges();
        for subject in subjects.iter().skip(1) {
            if self.rows + (subject.start - begin) as u64 >= self.enough {
                pieces.push((begin..subject.start, true));
                begin = subject.start;
                self.rows = 0;
            }
        }
        self.rows += (batch.num_rows() - begin) as u64;
        let is_full = self.rows >= MOST;
        if is_full {
            self.rows = 0;
        }
        pieces.push((begin..batch.num_rows(), is_full));
        Ok(pieces)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::Int64Array;
    use datafusion::arrow::datatypes::{DataType, Field, Schema};

    use super::*;

    /// The row groups of batches, each as the keys of its rows.
    fn grouped(batches: &[Vec<i64>], rows: u64, enough: u64) -> Vec<Vec<i64>> {
        let mut groups = RowGroups { enough, ..RowGroups::new(rows) };
        let schema = Arc::new(Schema::new(vec![Field::new("key", DataType::Int64, false)]));
        let mut made = vec![Vec::new()];
        for keys in batches {
            let column: ArrayRef = Arc::new(Int64Array::from(keys.clone()));
            let batch = RecordBatch::try_new(Arc::clone(&schema), vec![Arc::clone(&column)]).unwrap();
            for (piece, ends) in groups.cut(&[column], &batch).unwrap() {
                made.last_mut().unwrap().extend(&keys[piece]);
                if ends {
                    made.push(Vec::new());
                }
            }
        }
        made
    }

    #[test]
    fn a_row_group_ends_with_a_subject() {
        let batches = [vec![1, 1, 2, 2], vec![2, 2, 3, 4], vec![4, 5, 5, 6]];
        assert_eq!(grouped(&batches, 12, 3), [vec![1, 1, 2, 2, 2, 2], vec![3, 4, 4], vec![5, 5, 6]]);
        assert_eq!(grouped(&batches, 12, 100), [vec![1, 1, 2, 2, 2, 2, 3, 4, 4, 5, 5, 6]]);
        assert_eq!(grouped(&batches, 12, 1), [vec![1, 1], vec![2, 2, 2, 2], vec![3], vec![4, 4], vec![5, 5], vec![6]]);
    }

    #[test]
    fn a_subject_may_be_too_much_for_one() {
        let batch = vec![7; 1 << 19];
        let sizes: Vec<usize> =
            grouped(&[batch.clone(), batch.clone(), batch], 3 << 19, 10).iter().map(Vec::len).collect();
        assert_eq!(sizes, [1 << 20, 1 << 19]);
    }

    #[test]
    fn many_rows_are_many_row_groups() {
        assert_eq!(RowGroups::new(100).enough, FEWEST);
        assert_eq!(RowGroups::new(1_000_000).enough, 15_625);
        assert_eq!(RowGroups::new(1_000_000_000).enough, ENOUGH);
    }
}
