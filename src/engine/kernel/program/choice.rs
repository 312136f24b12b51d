//! Least, greatest, first known: operations that choose one of their operands in each row.

use std::cmp::Ordering;

use datafusion::arrow::array::{Array, new_null_array};
use datafusion::arrow::compute::interleave;

use super::comparison::order;
use crate::engine::kernel::broadcast::{known_in_all, position};
use crate::engine::kernel::column::Column;
use crate::engine::kernel::error::{KernelError, Result};
use crate::engine::kernel::number::Numbers;

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
