//! Three-valued logic.

use datafusion::arrow::array::{Array, BooleanArray};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::compute::{and_kleene, not as not_kleene, or_kleene};

use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::Result;

/// True where all are true, false where one is false, else unknown.
pub(super) fn and(operands: &[&Column], rows: usize) -> Result<BooleanArray> {
    combine(operands, rows, true, |a, b| Ok(and_kleene(a, b)?))
}

/// True where one is true, false where all are false, else unknown.
pub(super) fn or(operands: &[&Column], rows: usize) -> Result<BooleanArray> {
    combine(operands, rows, false, |a, b| Ok(or_kleene(a, b)?))
}

/// `neutral` leaves the other operand as it is; its opposite decides alone.
fn combine(
    operands: &[&Column],
    rows: usize,
    neutral: bool,
    operation: impl Fn(&BooleanArray, &BooleanArray) -> Result<BooleanArray>,
) -> Result<BooleanArray> {
    let mut all: Option<BooleanArray> = None;
    for operand in operands {
        let operand = operand.bools()?;
        let repeated;
        let operand = if operand.len() == 1 && rows != 1 {
            repeated = match operand.is_valid(0).then(|| operand.value(0)) {
                Some(value) if value == neutral => continue,
                Some(value) => return Ok(constant(value, rows)),
                None => BooleanArray::new_null(rows),
            };
            &repeated
        } else {
            operand
        };
        all = Some(match all {
            None => operand.clone(),
            Some(all) => operation(&all, operand)?,
        });
    }
    Ok(all.unwrap_or_else(|| constant(neutral, rows)))
}

/// False where true, true where false, else unknown.
pub(super) fn not(operand: &Column) -> Result<BooleanArray> {
    Ok(not_kleene(operand.bools()?)?)
}

/// Whether anything is known.
pub(super) fn is_known(operand: &Column) -> BooleanArray {
    match operand.nulls() {
        Some(nulls) => BooleanArray::new(nulls.inner().clone(), None),
        None => constant(true, operand.len()),
    }
}

/// Whether it is true, rather than false or unknown.
pub(super) fn is_true(operand: &BooleanArray) -> BooleanArray {
    match operand.nulls() {
        Some(nulls) => BooleanArray::new(operand.values() & nulls.inner(), None),
        None => operand.clone(),
    }
}

fn constant(value: bool, rows: usize) -> BooleanArray {
    let values = if value { BooleanBuffer::new_set(rows) } else { BooleanBuffer::new_unset(rows) };
    BooleanArray::new(values, None)
}
