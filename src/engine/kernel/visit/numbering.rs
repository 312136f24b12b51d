//! The place of each row among its subject's rows, and the time since the row before.
//!
//! ```text
//! subject   a      a      a      b
//! counted   yes    no     yes    yes
//! time      10:00  11:00  12:30  09:00
//!
//! number    1      ?      2      1
//! gap       ?      ?      2:30   ?
//! ```

use datafusion::arrow::array::{
    Array, BooleanArray, DurationMicrosecondArray, DurationMicrosecondBuilder, Int64Array, Int64Builder,
    TimestampMicrosecondArray,
};
use datafusion::arrow::buffer::BooleanBuffer;

use crate::engine::kernel::error::{KernelError, Result};

/// Numbers rows that come subject by subject and in row order, however they are cut into batches.
#[derive(Clone, Debug, Default)]
pub struct Numbering {
    /// How many rows of the subject have been counted.
    counted: i64,
    /// The time of the last of them.
    last: Option<i64>,
}

impl Numbering {
    /// Before the first row.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number and the gap of each row of the next batch.
    ///
    /// `starts` says where a new subject begins: at the first row of all, too, if there may have been rows before. Rows
    /// that are not `counted` (false or unknown there) are not rows of the ordering: their number and gap are unknown, and
    /// the next row's gap reaches back over them. The gap is unknown for a subject's first row, and where it or the row
    /// before has no time or the difference does not fit 64 bits of microseconds.
    ///
    /// # Errors
    ///
    /// [`KernelError::Rows`] when the columns differ in length.
    pub fn push(
        &mut self,
        starts: &BooleanBuffer,
        counted: &BooleanArray,
        times: &TimestampMicrosecondArray,
    ) -> Result<(Int64Array, DurationMicrosecondArray)> {
        let rows = times.len();
        if let Some(found) = [starts.len(), counted.len()].into_iter().find(|len| *len != rows) {
            return Err(KernelError::Rows { expected: rows, found });
        }
        let mut numbers = Int64Builder::with_capacity(rows);
        let mut gaps = DurationMicrosecondBuilder::with_capacity(rows);
        for row in 0..rows {
            if starts.value(row) {
                *self = Self::new();
            }
            if counted.is_null(row) || !counted.value(row) {
                numbers.append_null();
                gaps.append_null();
                continue;
            }
            let time = times.is_valid(row).then(|| times.value(row));
            self.counted += 1;
            numbers.append_value(self.counted);
            gaps.append_option(time.zip(self.last).and_then(|(time, last)| time.checked_sub(last)));
            self.last = time;
        }
        Ok((numbers.finish(), gaps.finish()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Numbered = (Vec<Option<i64>>, Vec<Option<i64>>);

    fn push(
        numbering: &mut Numbering,
        starts: &[bool],
        counted: &[Option<bool>],
        times: &[Option<i64>],
    ) -> Result<Numbered> {
        let starts = BooleanBuffer::from(starts);
        let (numbers, gaps) = numbering.push(&starts, &counted.to_vec().into(), &times.to_vec().into())?;
        Ok((numbers.iter().collect(), gaps.iter().collect()))
    }

    #[test]
    fn rows_are_numbered_subject_by_subject() -> Result<()> {
        let mut numbering = Numbering::new();
        let yes = Some(true);
        let first = push(&mut numbering, &[true, false, false], &[yes; 3], &[Some(5), Some(5), Some(12)])?;
        assert_eq!(first, (vec![Some(1), Some(2), Some(3)], vec![None, Some(0), Some(7)]));
        let second = push(&mut numbering, &[false, true, false], &[yes; 3], &[Some(20), Some(3), Some(4)])?;
        assert_eq!(second, (vec![Some(4), Some(1), Some(2)], vec![Some(8), None, Some(1)]));
        let empty = push(&mut numbering, &[], &[], &[])?;
        assert_eq!(empty, (vec![], vec![]));
        let third = push(&mut numbering, &[false], &[yes], &[Some(9)])?;
        assert_eq!(third, (vec![Some(3)], vec![Some(5)]), "the state outlives a batch without rows");
        Ok(())
    }

    #[test]
    fn other_rows_are_passed_over() -> Result<()> {
        let mut numbering = Numbering::new();
        let counted = [Some(false), Some(true), None, Some(true), Some(false)];
        let times = [Some(1), Some(2), Some(3), Some(10), Some(11)];
        let found = push(&mut numbering, &[true, false, false, false, true], &counted, &times)?;
        assert_eq!(found.0, [None, Some(1), None, Some(2), None]);
        assert_eq!(found.1, [None, None, None, Some(8), None]);
        let next = push(&mut numbering, &[false], &[Some(true)], &[Some(30)])?;
        assert_eq!(next, (vec![Some(1)], vec![None]), "a subject may begin with a row that is not counted");
        Ok(())
    }

    #[test]
    fn a_gap_that_nobody_can_tell_is_unknown() -> Result<()> {
        let mut numbering = Numbering::new();
        let times = [Some(i64::MIN), Some(i64::MAX), None, Some(4), Some(6)];
        let found = push(&mut numbering, &[true, false, false, false, false], &[Some(true); 5], &times)?;
        assert_eq!(found.0, [Some(1), Some(2), Some(3), Some(4), Some(5)]);
        assert_eq!(found.1, [None, None, None, None, Some(2)]);
        let uneven = numbering.push(&BooleanBuffer::new_unset(2), &vec![true].into(), &vec![1, 2].into());
        assert!(matches!(uneven, Err(KernelError::Rows { expected: 2, found: 1 })));
        Ok(())
    }
}
