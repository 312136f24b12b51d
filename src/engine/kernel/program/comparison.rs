//! Comparison of columns of any type that has an order.

use std::cmp::Ordering;

use datafusion::arrow::array::BooleanArray;
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
