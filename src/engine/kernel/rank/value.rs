//! Values that can be ranked, as machine words where they are.

use std::fmt::Debug;
use std::ops::Deref;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, Decimal256Array, DurationMicrosecondArray, Int64Array,
    TimestampMicrosecondArray,
};
use datafusion::arrow::buffer::{NullBuffer, ScalarBuffer};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, DurationMicrosecondType, Int64Type, TimestampMicrosecondType,
    i256,
};
use num_rational::BigRational;

use super::mismatch;
use crate::engine::kernel::error::{KernelError, Result};
use crate::engine::kernel::number::i256_to_big;
use crate::ir::Type;

/// A value of a ranking. Its order is that of the language.
pub(super) trait Ranked: Ord + Clone + Debug + Send + Sync + 'static {
    /// The values of a column.
    type Values: Deref<Target = [Self]>;

    /// The values of a column and which of them are known; what stands in an unknown row is arbitrary.
    fn read(array: &ArrayRef) -> Result<(Self::Values, Option<NullBuffer>)>;

    /// A column of a type that [`Ranked::read`] reads.
    fn write(values: Vec<Self>, data_type: &DataType) -> Result<ArrayRef>;

    /// As a number: days of a date, microseconds of a time.
    fn number(&self, data_type: &DataType) -> BigRational;

    /// Bytes held beside its own.
    fn heap(&self) -> usize {
        0
    }
}

fn unranked(found: &DataType) -> KernelError {
    KernelError::Array { ty: Type::Number, found: found.clone() }
}

impl Ranked for i64 {
    type Values = ScalarBuffer<i64>;

    fn read(array: &ArrayRef) -> Result<(ScalarBuffer<i64>, Option<NullBuffer>)> {
        let values = whole_words(array).ok_or_else(|| unranked(array.data_type()))?;
        Ok((values, array.nulls().cloned()))
    }

    fn write(values: Vec<i64>, data_type: &DataType) -> Result<ArrayRef> {
        Ok(match data_type {
            DataType::Int64 => Arc::new(Int64Array::from(values)),
            DataType::Timestamp(..) => Arc::new(TimestampMicrosecondArray::from(values)),
            DataType::Duration(_) => Arc::new(DurationMicrosecondArray::from(values)),
            DataType::Date32 => {
                let days = values.into_iter().map(i32::try_from).collect::<Result<Vec<_>, _>>();
                Arc::new(Date32Array::from(days.map_err(|_| mismatch("a date out of range"))?))
            }
            other => return Err(unranked(other)),
        })
    }

    fn number(&self, _: &DataType) -> BigRational {
        BigRational::from_integer((*self).into())
    }
}

/// The values of a column of whole numbers, dates, times or durations.
pub(super) fn whole_words(array: &ArrayRef) -> Option<ScalarBuffer<i64>> {
    Some(match array.data_type() {
        DataType::Int64 => array.as_primitive_opt::<Int64Type>()?.values().clone(),
        DataType::Timestamp(..) => array.as_primitive_opt::<TimestampMicrosecondType>()?.values().clone(),
        DataType::Duration(_) => array.as_primitive_opt::<DurationMicrosecondType>()?.values().clone(),
        DataType::Date32 => {
            array.as_primitive_opt::<Date32Type>()?.values().iter().map(|day| i64::from(*day)).collect()
        }
        _ => return None,
    })
}

impl Ranked for i128 {
    type Values = ScalarBuffer<i128>;

    fn read(array: &ArrayRef) -> Result<(ScalarBuffer<i128>, Option<NullBuffer>)> {
        let decimals = array.as_primitive_opt::<Decimal128Type>().ok_or_else(|| unranked(array.data_type()))?;
        Ok((decimals.values().clone(), decimals.nulls().cloned()))
    }

    fn write(values: Vec<i128>, data_type: &DataType) -> Result<ArrayRef> {
        Ok(Arc::new(Decimal128Array::from(values).with_data_type(data_type.clone())))
    }

    fn number(&self, data_type: &DataType) -> BigRational {
        scaled((*self).into(), data_type)
    }
}

impl Ranked for i256 {
    type Values = ScalarBuffer<i256>;

    fn read(array: &ArrayRef) -> Result<(ScalarBuffer<i256>, Option<NullBuffer>)> {
        let decimals = array.as_primitive_opt::<Decimal256Type>().ok_or_else(|| unranked(array.data_type()))?;
        Ok((decimals.values().clone(), decimals.nulls().cloned()))
    }

    fn write(values: Vec<i256>, data_type: &DataType) -> Result<ArrayRef> {
        Ok(Arc::new(Decimal256Array::from(values).with_data_type(data_type.clone())))
    }

    fn number(&self, data_type: &DataType) -> BigRational {
        scaled(i256_to_big(self), data_type)
    }
}

fn scaled(unscaled: num_bigint::BigInt, data_type: &DataType) -> BigRational {
    match data_type {
        DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => {
            crate::engine::kernel::state::exact::scaled(unscaled, *scale)
        }
        _ => BigRational::from_integer(unscaled),
    }
}
