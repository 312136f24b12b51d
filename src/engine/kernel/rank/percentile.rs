//! A value below which so much of a population lies.

use datafusion::arrow::datatypes::DataType;
use num_bigint::BigInt;
use num_rational::BigRational;

use super::positions::{WHOLE, percentile_rank};
use super::value::Ranked;
use crate::engine::kernel::state::exact::encode_final;

/// The bytes of a percentile, given the values by position: between two of them it lies on the straight line. None in an empty
/// population.
pub(super) fn percentile<'a, T: Ranked>(
    millionths: u32,
    size: usize,
    data_type: &DataType,
    value: impl Fn(usize) -> Option<&'a T>,
) -> Option<Vec<u8>> {
    let (rank, part) = percentile_rank(millionths, size);
    let lower = value(rank).filter(|_| size > 0)?.number(data_type);
    if part == 0 {
        return Some(encode_final(&lower));
    }
    let step = value(rank + 1)?.number(data_type) - &lower;
    let part = BigRational::new(BigInt::from(part), BigInt::from(WHOLE));
    Some(encode_final(&(lower + step * part)))
}
