//! Row order as bytes.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BinaryArray};
use datafusion::arrow::row::{RowConverter, SortField};
use datafusion::common::Result;

use crate::engine::kernel::column::Column;
use crate::engine::kernel::form::Form;

/// One binary value a row, which compare as the rows do by these columns in turn; unknowns come first.
///
/// Forms are those of the columns in every batch, so that bytes of different batches compare.
pub(crate) fn order_bytes(columns: &[(&Column, Form)], rows: usize) -> Result<ArrayRef> {
    let mut arrays = Vec::with_capacity(columns.len());
    for (column, form) in columns {
        arrays.push(column.to_array(form).map_err(super::compute::external)?);
    }
    if arrays.is_empty() {
        return Ok(Arc::new(BinaryArray::from(vec![b"".as_slice(); rows])));
    }
    let fields = arrays.iter().map(|array| SortField::new(array.data_type().clone())).collect();
    let encoded = RowConverter::new(fields)?.convert_columns(&arrays)?;
    Ok(Arc::new(encoded.iter().map(|row| Some(row.data().to_vec())).collect::<BinaryArray>()))
}
