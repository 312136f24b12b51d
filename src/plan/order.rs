//! Row order as bytes.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BinaryArray};
use datafusion::arrow::row::{RowConverter, SortField};
use datafusion::common::Result;

use crate::engine::kernel::column::Column;
use crate::engine::kernel::form::{Form, NumberForm};
use crate::engine::kernel::number::order_bytes as order_bytes_of;

/// One binary value a row, which compare as the rows do by these columns in turn; unknowns come first.
///
/// Forms are those of the columns in every batch, so that bytes of different batches compare.
pub(crate) fn order_bytes(columns: &[(&Column, Form)], rows: usize) -> Result<ArrayRef> {
    let mut arrays = Vec::with_capacity(columns.len());
    for (column, form) in columns {
        arrays.push(match (column, form) {
            // Its own bytes say which number it is, not how it compares.
            (Column::Number(numbers), Form::Number(NumberForm::Exact)) => {
                let bytes = (0..numbers.len()).map(|row| numbers.get(row).map(|number| order_bytes_of(&number)));
                Arc::new(bytes.collect::<BinaryArray>()) as ArrayRef
            }
            _ => column.to_array(form).map_err(super::compute::external)?,
        });
    }
    if arrays.is_empty() {
        return Ok(Arc::new(BinaryArray::from(vec![b"".as_slice(); rows])));
    }
    let fields = arrays.iter().map(|array| SortField::new(array.data_type().clone())).collect();
    let encoded = RowConverter::new(fields)?.convert_columns(&arrays)?;
    Ok(Arc::new(encoded.iter().map(|row| Some(row.data().to_vec())).collect::<BinaryArray>()))
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::AsArray;
    use num_rational::BigRational;

    use super::*;
    use crate::engine::kernel::number::Numbers;

    #[test]
    fn ratios_stand_by_value() {
        let ratios = [(-10, 1), (-1, 3), (0, 1), (1, 1000), (1, 3), (1, 2), (2, 1), (7, 2), (100, 1)];
        let values = ratios.iter().map(|(a, b)| BigRational::new((*a).into(), (*b).into())).collect();
        let column = Column::Number(Numbers::exact(values, None));
        let bytes = order_bytes(&[(&column, Form::Number(NumberForm::Exact))], ratios.len()).unwrap();
        let bytes: Vec<&[u8]> = bytes.as_binary::<i32>().iter().map(Option::unwrap).collect();
        assert!(bytes.is_sorted_by(|a, b| a < b));
    }
}
