//! Comparison of columns of any type that has an order.

use std::cmp::Ordering;

use datafusion::arrow::array::{Array, ArrowPrimitiveType, BooleanArray, PrimitiveArray};
use datafusion::arrow::compute::kernels::cmp;

use crate::engine::kernel::broadcast::Broadcast;
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::{KernelError, Result};
use crate::engine::kernel::number::compare as numbers;
use crate::ir::{Root, Type};
use crate::syntax::ast::CompareOp;

/// Compares two columns of one type.
pub(super) fn compare(op: CompareOp, a: &Column, b: &Column, rows: usize) -> Result<BooleanArray> {
    if a.ty() != b.ty() || a.ty() == Type::TextList {
        return Err(KernelError::Operand { expected: a.ty(), found: b.ty() });
    }
    if let Some(compared) = with_bound(op, a, b, rows).or_else(|| with_bound(numbers::flip(op), b, a, rows)) {
        return Ok(compared);
    }
    let (left, right) = match (a, b) {
        (Column::Number(a), Column::Number(b)) => return Ok(numbers::compare(op, a, b, rows)),
        _ => match (a.plain(), b.plain()) {
            (Some(a), Some(b)) => (Broadcast::new(a, rows), Broadcast::new(b, rows)),
            _ => return Err(KernelError::Operand { expected: a.ty(), found: b.ty() }),
        },
    };
    Ok(match op {
        CompareOp::Equal => cmp::eq(&left, &right),
        CompareOp::NotEqual => cmp::neq(&left, &right),
        CompareOp::Less => cmp::lt(&left, &right),
        CompareOp::LessOrEqual => cmp::lt_eq(&left, &right),
        CompareOp::Greater => cmp::gt(&left, &right),
        CompareOp::GreaterOrEqual => cmp::gt_eq(&left, &right),
    }?)
}

/// Compares days or microseconds with a known one. None for anything else.
fn with_bound(op: CompareOp, values: &Column, bound: &Column, rows: usize) -> Option<BooleanArray> {
    fn compared<T>(op: CompareOp, values: &PrimitiveArray<T>, bound: &PrimitiveArray<T>) -> Option<BooleanArray>
    where
        T: ArrowPrimitiveType<Native: Ord>,
    {
        let bound = (bound.len() == 1 && bound.is_valid(0)).then(|| bound.value(0))?;
        Some(BooleanArray::new(numbers::compare_bound(op, values.values(), bound), values.nulls().cloned()))
    }
    if values.len() != rows {
        return None;
    }
    match (values, bound) {
        (Column::Date(values), Column::Date(bound)) => compared(op, values, bound),
        (Column::Instant(values), Column::Instant(bound)) => compared(op, values, bound),
        (Column::Duration(values), Column::Duration(bound)) => compared(op, values, bound),
        _ => None,
    }
}

/// Compares numbers of which one or both stand for their square roots.
pub(super) fn compare_roots(
    op: CompareOp,
    (a, left): (&Column, Root),
    (b, right): (&Column, Root),
    rows: usize,
) -> Result<BooleanArray> {
    numbers::compare_roots(op, (a.numbers()?, left), (b.numbers()?, right), rows)
}

/// Compares two known rows of columns of one type.
pub(in crate::engine::kernel) fn order(a: &Column, row: usize, b: &Column, other: usize) -> Result<Ordering> {
    Ok(match (a, b) {
        (Column::Bool(a), Column::Bool(b)) => a.value(row).cmp(&b.value(other)),
        (Column::Number(a), Column::Number(b)) => a.order(row, b, other),
        (Column::Text(a), Column::Text(b)) => a.value(row).cmp(b.value(other)),
        (Column::Date(a), Column::Date(b)) => a.value(row).cmp(&b.value(other)),
        (Column::Instant(a), Column::Instant(b)) => a.value(row).cmp(&b.value(other)),
        (Column::Duration(a), Column::Duration(b)) => a.value(row).cmp(&b.value(other)),
        _ => return Err(KernelError::Operand { expected: a.ty(), found: b.ty() }),
    })
}
