//! Numbers in and out of Arrow.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BinaryBuilder, Decimal128Array, Decimal256Array, Int64Array,
};
use datafusion::arrow::buffer::{NullBuffer, ScalarBuffer};
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Decimal256Type, Int64Type, i256};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use super::compare::Cell;
use super::encoding::{Encoded, decode_exact, encode_exact, has_76_digits};
use super::{Numbers, POWERS, big_power_of_ten, power_of_ten};
use crate::engine::kernel::error::{KernelError, Result};
use crate::engine::kernel::form::NumberForm;
use crate::ir::Type;

impl Numbers {
    /// From one of the forms a number has in Arrow, and whether some row did not fit. Such rows are unknown here.
    ///
    /// # Errors
    ///
    /// [`KernelError::Array`] for another type, [`KernelError::Encoding`] for bytes that are no number.
    pub fn from_array(array: &ArrayRef) -> Result<(Self, bool)> {
        let nulls = array.nulls().cloned();
        match array.data_type() {
            DataType::Int64 => {
                let values = array.as_primitive::<Int64Type>().values().clone();
                Ok((Numbers::Small { values, scale: 0, nulls }, false))
            }
            DataType::Decimal128(_, scale) => {
                let values = array.as_primitive::<Decimal128Type>().values().clone();
                match u8::try_from(*scale) {
                    // What comes from data is compared more often than calculated with.
                    Ok(scale) => Ok(match narrowed(&values) {
                        Some(values) => (Numbers::Small { values: values.into(), scale, nulls }, false),
                        None => (Numbers::Decimal { values, scale, nulls }, false),
                    }),
                    Err(_) => Ok((scaled_up(values.iter().map(|value| BigInt::from(*value)), *scale, nulls), false)),
                }
            }
            DataType::Decimal256(_, scale) => {
                Ok((from_decimal256(array.as_primitive::<Decimal256Type>(), *scale, nulls), false))
            }
            DataType::Binary => from_binary(array.as_binary::<i32>()),
            found => Err(KernelError::Array { ty: Type::Number, found: found.clone() }),
        }
    }

    /// In a form.
    ///
    /// # Errors
    ///
    /// [`KernelError::Form`] when a known number does not fit it.
    pub fn to_array(&self, form: NumberForm) -> Result<ArrayRef> {
        let data_type = form.data_type();
        let misfit = || KernelError::Form(data_type.clone());
        let nulls = self.nulls().cloned();
        Ok(match data_type {
            DataType::Int64 => {
                let values = match self {
                    Numbers::Small { values, scale: 0, .. } => values.clone(),
                    _ => {
                        let values = self.unscaled(0, |value| i64::try_from(value).ok(), |value| value.to_i64());
                        values.ok_or_else(misfit)?.into()
                    }
                };
                Arc::new(Int64Array::new(values, nulls))
            }
            DataType::Decimal128(precision, scale) => {
                let limit = POWERS.get(usize::from(precision)).copied().unwrap_or(i128::MAX);
                let small = |value: i128| (-limit < value && value < limit).then_some(value);
                let same_scale = |own: u8| i16::from(own) == i16::from(scale);
                let values = match self {
                    // 19 digits hold any 64 bits.
                    Numbers::Small { values, scale: own, .. } if same_scale(*own) && precision >= 19 => {
                        values.iter().map(|value| i128::from(*value)).collect()
                    }
                    Numbers::Decimal { values, scale: own, .. }
                        if same_scale(*own) && values.iter().all(|v| small(*v).is_some()) =>
                    {
                        values.clone()
                    }
                    _ => {
                        let large = |value: &BigInt| value.to_i128().and_then(small);
                        self.unscaled(scale as u8, small, large).ok_or_else(misfit)?.into()
                    }
                };
                Arc::new(Decimal128Array::new(values, nulls).with_precision_and_scale(precision, scale)?)
            }
            DataType::Decimal256(precision, scale) => {
                let large = |value: &BigInt| big_to_i256(value).filter(|_| has_76_digits(value));
                let values = self.unscaled(scale as u8, |value| Some(i256::from_i128(value)), large);
                let values = ScalarBuffer::from(values.ok_or_else(misfit)?);
                Arc::new(Decimal256Array::new(values, nulls).with_precision_and_scale(precision, scale)?)
            }
            _ => Arc::new(self.to_binary()),
        })
    }

    /// The unscaled values at a scale; none if some known value is not a whole number there, or too large.
    fn unscaled<T: Default>(
        &self,
        to: u8,
        small: impl Fn(i128) -> Option<T>,
        large: impl Fn(&BigInt) -> Option<T>,
    ) -> Option<Vec<T>> {
        let at = |row: usize| {
            if !self.is_known(row) {
                return Some(T::default());
            }
            if let Cell::Decimal(value, scale) = self.cell(row)
                && let Some(value) = rescale(value, scale, to)
            {
                return small(value);
            }
            let value = self.value(row) * BigRational::from_integer(big_power_of_ten(to.into()));
            if !value.is_integer() {
                return None;
            }
            large(value.numer())
        };
        (0..self.len()).map(at).collect()
    }

    pub(in crate::engine::kernel) fn to_binary(&self) -> BinaryArray {
        let mut builder = BinaryBuilder::with_capacity(self.len(), self.len() * 24);
        for row in 0..self.len() {
            builder.append_option(self.get(row).as_ref().map(encode_exact));
        }
        builder.finish()
    }
}

/// The values in 64 bits, if all fit.
fn narrowed(values: &[i128]) -> Option<Vec<i64>> {
    let mut lost = 0;
    let narrow = |value: &i128| {
        let narrow = *value as i64;
        lost |= value ^ i128::from(narrow);
        narrow
    };
    let values = values.iter().map(narrow).collect();
    (lost == 0).then_some(values)
}

/// The unscaled value at another scale, if it is whole there and fits.
fn rescale(value: i128, from: u8, to: u8) -> Option<i128> {
    if to >= from {
        return value.checked_mul(power_of_ten(u32::from(to - from))?);
    }
    match power_of_ten(u32::from(from - to)) {
        Some(power) if value % power == 0 => Some(value / power),
        None if value == 0 => Some(0),
        _ => None,
    }
}

/// Decimals of a negative scale.
fn scaled_up(values: impl Iterator<Item = BigInt>, scale: i8, nulls: Option<NullBuffer>) -> Numbers {
    let factor = big_power_of_ten(scale.unsigned_abs().into());
    let values: Vec<BigInt> = values.map(|value| value * &factor).collect();
    let known = |row: usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
    let small: Option<Vec<i128>> =
        values.iter().enumerate().map(|(row, value)| if known(row) { value.to_i128() } else { Some(0) }).collect();
    match small {
        Some(small) => Numbers::Decimal { values: small.into(), scale: 0, nulls },
        None => Numbers::exact(values.into_iter().map(BigRational::from_integer).collect(), nulls),
    }
}

fn from_decimal256(array: &Decimal256Array, scale: i8, nulls: Option<NullBuffer>) -> Numbers {
    let values = array.values();
    let Ok(unsigned) = u8::try_from(scale) else {
        return scaled_up(values.iter().map(i256_to_big), scale, nulls);
    };
    let small = |row: usize| if array.is_valid(row) { values[row].to_i128() } else { Some(0) };
    if let Some(small) = (0..values.len()).map(small).collect::<Option<Vec<i128>>>() {
        return Numbers::Decimal { values: small.into(), scale: unsigned, nulls };
    }
    let divisor = big_power_of_ten(unsigned.into());
    Numbers::exact(values.iter().map(|value| BigRational::new(i256_to_big(value), divisor.clone())).collect(), nulls)
}

fn from_binary(array: &BinaryArray) -> Result<(Numbers, bool)> {
    let mut values = Vec::with_capacity(array.len());
    let mut known = Vec::with_capacity(array.len());
    let mut misfits = false;
    for bytes in array {
        let value = match bytes.map(decode_exact).transpose()? {
            Some(Encoded::Number(value)) => Some(value),
            Some(Encoded::DoesNotFit) => {
                misfits = true;
                None
            }
            None => None,
        };
        known.push(value.is_some());
        values.push(value.unwrap_or_else(BigRational::zero));
    }
    let nulls = NullBuffer::from(known);
    Ok((Numbers::exact(values, Some(nulls).filter(|nulls| nulls.null_count() > 0)), misfits))
}

/// As a big integer.
pub fn i256_to_big(value: &i256) -> BigInt {
    BigInt::from_signed_bytes_le(&value.to_le_bytes())
}

/// As 256 bits, if it fits.
pub fn big_to_i256(value: &BigInt) -> Option<i256> {
    let bytes = value.to_signed_bytes_le();
    let fill = if value.sign() == num_bigint::Sign::Minus { 0xff } else { 0 };
    let mut wide = [fill; 32];
    wide.get_mut(..bytes.len())?.copy_from_slice(&bytes);
    Some(i256::from_le_bytes(wide))
}
