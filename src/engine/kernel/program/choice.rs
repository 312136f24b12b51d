//! Least, greatest, first known, cases: operations that choose one of their operands in each row. And the one that counts them.

use std::cmp::Ordering;

use datafusion::arrow::array::{Array, BooleanArray, new_null_array};
use datafusion::arrow::compute::interleave;

use super::comparison::{compare, order};
use crate::engine::kernel::broadcast::{known_in_all, position};
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::{KernelError, Result};
use crate::engine::kernel::number::Numbers;
use crate::syntax::ast::CompareOp;

/// The smallest, unknown if one is unknown.
pub(super) fn least(operands: &[&Column], rows: usize) -> Result<Column> {
    extreme(operands, rows, Ordering::Less)
}

/// The greatest, unknown if one is unknown.
pub(super) fn greatest(operands: &[&Column], rows: usize) -> Result<Column> {
    extreme(operands, rows, Ordering::Greater)
}

/// The first known.
pub(super) fn coalesce(operands: &[&Column], rows: usize) -> Result<Column> {
    if let Some(first) = operands.first()
        && first.len() == rows
        && first.nulls().is_none_or(|nulls| nulls.null_count() == 0)
    {
        return Ok((*first).clone());
    }
    let known = |column: &Column, row| column.nulls().is_none_or(|nulls| nulls.is_valid(position(column.len(), row)));
    let choices: Vec<_> = (0..rows).map(|row| operands.iter().position(|column| known(column, row))).collect();
    gather(operands, &choices)
}

/// The value of the first case whose condition is true; conditions and values in turns.
pub(super) fn choose(cases: &[&Column], rows: usize) -> Result<Column> {
    let mut conditions = Vec::with_capacity(cases.len() / 2);
    let mut values = Vec::with_capacity(cases.len() / 2);
    for case in cases.chunks_exact(2) {
        if let [condition, value] = case {
            conditions.push(condition.bools()?);
            values.push(*value);
        }
    }
    let holds = |condition: &BooleanArray, row| {
        let row = position(condition.len(), row);
        condition.is_valid(row) && condition.value(row)
    };
    let choices: Vec<_> = (0..rows).map(|row| conditions.iter().position(|condition| holds(condition, row))).collect();
    gather(&values, &choices)
}

/// One more than the number of bounds that are not above the value, unknown if one of them is unknown.
pub(super) fn bucket(value: &Column, bounds: &[&Column], rows: usize) -> Result<Numbers> {
    let operands = std::iter::once(&value).chain(bounds);
    let nulls = known_in_all(operands.map(|column| (column.nulls(), column.len())), rows);
    let mut buckets = vec![1i64; rows];
    for bound in bounds {
        let passed = compare(CompareOp::LessOrEqual, bound, value, rows)?;
        for (row, bucket) in buckets.iter_mut().enumerate() {
            *bucket += i64::from(passed.value(position(passed.len(), row)));
        }
    }
    Ok(Numbers::Small { values: buckets.into(), scale: 0, nulls })
}

fn extreme(operands: &[&Column], rows: usize, wanted: Ordering) -> Result<Column> {
    let known = known_in_all(operands.iter().map(|column| (column.nulls(), column.len())), rows);
    let choose = |row: usize| -> Result<Option<usize>> {
        if known.as_ref().is_some_and(|known| known.is_null(row)) {
            return Ok(None);
        }
        let mut best: Option<(usize, &Column)> = None;
        for (at, column) in operands.iter().copied().enumerate() {
            let better = match best {
                None => true,
                Some((_, best)) => {
                    order(column, position(column.len(), row), best, position(best.len(), row))? == wanted
                }
            };
            if better {
                best = Some((at, column));
            }
        }
        Ok(best.map(|(at, _)| at))
    };
    let choices: Vec<_> = (0..rows).map(choose).collect::<Result<_>>()?;
    gather(operands, &choices)
}

/// In each row the value of the operand chosen there, unknown where none is.
fn gather(operands: &[&Column], choices: &[Option<usize>]) -> Result<Column> {
    let Some(first) = operands.first() else { return Err(KernelError::Inputs { expected: 1, found: 0 }) };
    if let Column::Number(_) = first {
        let numbers: Vec<&Numbers> = operands.iter().map(|column| column.numbers()).collect::<Result<_>>()?;
        return Ok(Column::Number(Numbers::gather(&numbers, choices)));
    }
    let arrays: Option<Vec<&dyn Array>> = operands.iter().map(|column| column.plain()).collect();
    let mut arrays = arrays.ok_or(KernelError::Operand { expected: first.ty(), found: crate::ir::Type::Number })?;
    let unknown = match arrays.first() {
        Some(array) => new_null_array(array.data_type(), 1),
        None => return Err(KernelError::Inputs { expected: 1, found: 0 }),
    };
    arrays.push(unknown.as_ref());
    let places: Vec<(usize, usize)> = choices
        .iter()
        .enumerate()
        .map(|(row, choice)| match choice {
            Some(at) => (*at, position(operands.get(*at).map_or(1, |column| column.len()), row)),
            None => (operands.len(), 0),
        })
        .collect();
    Column::from_array(first.ty(), &interleave(&arrays, &places)?)
}
