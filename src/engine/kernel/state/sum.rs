//! Sums of whole numbers and decimals, which cannot overflow, whatever the order of rows.
//!
//! A checked sum in a fixed width would fail or not depending on the order: `max + 1 - 1`. Here the form of the sum is
//! wide enough for 10^19 rows (input digits + 19), and on the way a group whose 128 bits are full moves them over to a
//! big integer. Hardly any does.
//!
//! ```text
//! Int64, Decimal128(12, 2)  ->  Decimal128(38, scale)
//! Decimal128(38, 2)         ->  Decimal256(76, 2)
//! Decimal256(76, 2)         ->  exact number
//! ```

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, Decimal128Array, Decimal256Array};
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Decimal256Type, Int64Type, i256};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::bytes::{Bytes, binary_array, large_binary_array};
use super::exact::{encode_final, scaled};
use super::rows::{Rows, column, primitive};
use super::{FeatureState, Result, Take, mismatch};
use crate::engine::kernel::error::KernelError;
use crate::engine::kernel::number::{big_power_of_ten, big_to_i256, i256_to_big};

/// Digits of the number of rows that a form has room for.
const ROW_DIGITS: u8 = 19;
/// Digits of an Int64.
const INT64_DIGITS: u8 = 19;

/// The type of a sum of numbers of a type.
pub fn output_type(input: &DataType) -> DataType {
    let (digits, scale) = match input {
        DataType::Int64 => (INT64_DIGITS, 0),
        DataType::Decimal128(digits, scale) | DataType::Decimal256(digits, scale) => (*digits, *scale),
        _ => return DataType::Binary,
    };
    match digits.saturating_add(ROW_DIGITS) {
        ..=38 => DataType::Decimal128(38, scale),
        39..=76 => DataType::Decimal256(76, scale),
        _ => DataType::Binary,
    }
}

/// A sum of decimals of one scale per group; 0 over nothing.
#[derive(Debug)]
pub struct DecimalSum {
    output: DataType,
    scale: i8,
    /// What the sum counts in units of its scale, less what was moved over.
    narrow: Vec<i128>,
    /// What was moved over; shorter than `narrow` where no later group was ever full.
    wide: Vec<BigInt>,
}

impl DecimalSum {
    /// Of integers or decimals of this type.
    pub fn new(input: &DataType) -> Result<Self> {
        let scale = match input {
            DataType::Int64 => 0,
            DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => *scale,
            other => return Err(mismatch(format!("a sum of {other}"))),
        };
        Ok(DecimalSum { output: output_type(input), scale, narrow: Vec::new(), wide: Vec::new() })
    }

    #[inline]
    fn add_narrow(&mut self, group: usize, value: i128) {
        let sum = &mut self.narrow[group];
        match sum.checked_add(value) {
            Some(total) => *sum = total,
            None => {
                let full = std::mem::replace(sum, value);
                self.add_wide(group, full.into());
            }
        }
    }

    fn add_wide(&mut self, group: usize, value: BigInt) {
        if self.wide.len() <= group {
            self.wide.resize(group + 1, BigInt::ZERO);
        }
        self.wide[group] += value;
    }

    fn add_i256(&mut self, group: usize, value: i256) {
        match value.to_i128() {
            Some(value) => self.add_narrow(group, value),
            None => self.add_wide(group, i256_to_big(&value)),
        }
    }

    /// Takes out groups: for each the total, narrow where it is.
    fn take(&mut self, take: Take) -> impl ExactSizeIterator<Item = Total> {
        let narrow = take.split(&mut self.narrow);
        let wide = Take::First(narrow.len()).split(&mut self.wide);
        let mut wide = wide.into_iter();
        narrow.into_iter().map(move |narrow| match wide.next() {
            Some(wide) if wide != BigInt::ZERO => Total::wide(wide + narrow),
            _ => Total::Narrow(narrow),
        })
    }
}

/// A sum in units of its scale.
enum Total {
    Narrow(i128),
    Wide(BigInt),
}

impl Total {
    fn wide(total: BigInt) -> Self {
        total.to_i128().map_or(Total::Wide(total), Total::Narrow)
    }

    fn into_big(self) -> BigInt {
        match self {
            Total::Narrow(total) => total.into(),
            Total::Wide(total) => total,
        }
    }
}

impl FeatureState for DecimalSum {
    fn add(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total_groups: usize,
    ) -> Result<()> {
        self.narrow.resize(total_groups, 0);
        let array = column(values, 0)?;
        let rows = Rows::new(groups, Some(array), filter)?;
        match array.data_type() {
            DataType::Int64 => {
                let values = primitive::<Int64Type>(array)?.values();
                rows.each(|row, group| self.add_narrow(group, values[row].into()));
            }
            DataType::Decimal128(_, scale) if *scale == self.scale => {
                let values = primitive::<Decimal128Type>(array)?.values();
                rows.each(|row, group| self.add_narrow(group, values[row]));
            }
            DataType::Decimal256(_, scale) if *scale == self.scale => {
                let values = primitive::<Decimal256Type>(array)?.values();
                rows.each(|row, group| self.add_i256(group, values[row]));
            }
            other => return Err(mismatch(format!("{other} in a sum at scale {}", self.scale))),
        }
        Ok(())
    }

    fn merge(&mut self, states: &[ArrayRef], groups: &[usize], total_groups: usize) -> Result<()> {
        if self.output != DataType::Binary {
            return self.add(states, groups, None, total_groups);
        }
        self.narrow.resize(total_groups, 0);
        let array = column(states, 0)?;
        let totals = Bytes::new(array)?;
        Rows::new(groups, Some(array), None)?.each(|row, group| {
            match Total::wide(BigInt::from_signed_bytes_le(totals.value(row))) {
                Total::Narrow(total) => self.add_narrow(group, total),
                Total::Wide(total) => self.add_wide(group, total),
            }
        });
        Ok(())
    }

    fn finish(&mut self, take: Take) -> Result<ArrayRef> {
        let (output, scale) = (self.output.clone(), self.scale);
        let totals = self.take(take);
        match output {
            DataType::Decimal128(digits, scale) => {
                let totals = totals.map(|total| decimal128(total, digits, scale)).collect::<Result<Vec<_>>>()?;
                Ok(Arc::new(Decimal128Array::from(totals).with_precision_and_scale(digits, scale)?))
            }
            DataType::Decimal256(digits, scale) => {
                let totals = totals.map(|total| decimal256(total, digits, scale)).collect::<Result<Vec<_>>>()?;
                Ok(Arc::new(Decimal256Array::from(totals).with_precision_and_scale(digits, scale)?))
            }
            _ => binary_array(totals.map(|total| Some(encode_final(&scaled(total.into_big(), scale))))),
        }
    }

    fn state(&mut self, take: Take) -> Result<Vec<ArrayRef>> {
        if self.output != DataType::Binary {
            return Ok(vec![self.finish(take)?]);
        }
        Ok(vec![large_binary_array(self.take(take).map(|total| Some(total.into_big().to_signed_bytes_le())))])
    }

    fn state_types(&self) -> Vec<DataType> {
        match &self.output {
            DataType::Binary => vec![DataType::LargeBinary],
            decimal => vec![decimal.clone()],
        }
    }

    fn size(&self) -> usize {
        // A big integer here has at most 76 + 19 digits: 40 bytes.
        let wide = self.wide.capacity() * (size_of::<BigInt>() + 40);
        size_of::<Self>() + self.narrow.capacity() * size_of::<i128>() + wide
    }
}

fn decimal128(total: Total, digits: u8, scale: i8) -> Result<i128> {
    let limit = 10_i128.pow(digits.min(38).into());
    match total {
        Total::Narrow(total) if total.unsigned_abs() < limit.unsigned_abs() => Ok(total),
        _ => Err(KernelError::Form(DataType::Decimal128(digits, scale))),
    }
}

fn decimal256(total: Total, digits: u8, scale: i8) -> Result<i256> {
    match total {
        Total::Narrow(total) => Ok(i256::from_i128(total)),
        Total::Wide(total) if total.abs() < big_power_of_ten(digits.into()) => {
            big_to_i256(&total).ok_or(KernelError::Form(DataType::Decimal256(digits, scale)))
        }
        Total::Wide(_) => Err(KernelError::Form(DataType::Decimal256(digits, scale))),
    }
}
