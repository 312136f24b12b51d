//! Rounding, half to even, and square roots.

use datafusion::arrow::buffer::NullBuffer;
use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

use super::arithmetic::{MAX_BITS, limited};
use super::compare::{Cell, signs};
use super::{MAX_SCALE, Numbers, big_power_of_ten, decimal_scale, power_of_ten};
use crate::engine::kernel::error::{KernelError, Result};

/// Places after the point of a square root.
const ROOT_PLACES: u8 = 12;

/// Rounds half to even at so many places after the point, or before it when negative.
///
/// # Errors
///
/// [`KernelError::NumberTooLarge`] when a ratio is rounded at hundreds of thousands of places.
pub fn round(numbers: &Numbers, places: i32) -> Result<Numbers> {
    if let Numbers::Small { scale, .. } | Numbers::Decimal { scale, .. } = numbers
        && places >= i32::from(*scale)
    {
        return Ok(numbers.clone());
    }
    if let Some(rounded) = round_narrow(numbers, places) {
        return Ok(rounded);
    }
    let values = (0..numbers.len()).map(|row| match numbers.get(row) {
        Some(value) => round_one(&value, places),
        None => Ok(BigRational::zero()),
    });
    Ok(Numbers::exact(values.collect::<Result<_>>()?, numbers.nulls().cloned()))
}

/// Rounds to a column of decimals, if all values fit.
fn round_narrow(numbers: &Numbers, places: i32) -> Option<Numbers> {
    let scale = u8::try_from(places.max(0)).ok().filter(|scale| *scale <= MAX_SCALE)?;
    let unit = power_of_ten(places.min(0).unsigned_abs());
    let value = |row: usize| {
        if !numbers.is_known(row) {
            return Some(0);
        }
        let units = match numbers.cell(row) {
            Cell::Decimal(value, own) => {
                // Beyond 38 digits a half unit is more than any value.
                let dropped = i64::from(own) - i64::from(places);
                u32::try_from(dropped).ok().and_then(power_of_ten).map_or(0, |power| divide_half_even(value, power))
            }
            Cell::Ratio(above, below) => {
                let (above, below) = match power_of_ten(places.unsigned_abs()) {
                    Some(power) if places >= 0 => (above.checked_mul(power)?, below),
                    power => (above, below.checked_mul(power?)?),
                };
                divide_half_even(above, below)
            }
            Cell::Exact(value) => nearest(&(value * BigRational::from_integer(big_power_of_ten(scale.into()))))
                .to_i128()
                .filter(|_| places >= 0)?,
        };
        if units == 0 { Some(0) } else { units.checked_mul(unit?) }
    };
    let values = (0..numbers.len()).map(value).collect::<Option<Vec<i128>>>()?;
    Some(Numbers::Decimal { values: values.into(), scale, nulls: numbers.nulls().cloned() })
}

fn round_one(value: &BigRational, places: i32) -> Result<BigRational> {
    // 4 bits are more than a digit: at so many places there is nothing to round, or nothing left.
    let size = places.unsigned_abs();
    if places >= 0 {
        if decimal_scale(value.denom()).is_some_and(|scale| scale <= size) {
            return Ok(value.clone());
        }
        if u64::from(size) * 4 > MAX_BITS {
            return Err(KernelError::NumberTooLarge { limit: MAX_BITS });
        }
        let power = big_power_of_ten(size);
        return limited(BigRational::new(nearest(&(value * BigRational::from_integer(power.clone()))), power));
    }
    if u64::from(size) > value.numer().bits() + 1 {
        return Ok(BigRational::zero());
    }
    let power = big_power_of_ten(size);
    Ok(BigRational::from_integer(nearest(&(value / BigRational::from_integer(power.clone()))) * power))
}

/// The nearest whole number, of two the even one; `below` is positive.
fn divide_half_even(above: i128, below: i128) -> i128 {
    let (floor, rest) = (above.div_euclid(below), above.rem_euclid(below));
    match rest.cmp(&(below - rest)) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Equal => floor + (floor & 1),
        std::cmp::Ordering::Greater => floor + 1,
    }
}

/// The nearest whole number, of two the even one.
pub(crate) fn nearest(value: &BigRational) -> BigInt {
    let (floor, rest) = value.numer().div_mod_floor(value.denom());
    match (&rest + &rest).cmp(value.denom()) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Equal if floor.is_even() => floor,
        _ => floor + 1,
    }
}

/// Square roots, half to even at 12 places; unknown where the number is negative.
pub fn square_root(numbers: &Numbers) -> Numbers {
    let negative = signs(numbers, std::cmp::Ordering::Less);
    let known = NullBuffer::union(numbers.nulls(), Some(&NullBuffer::new(!&negative)));
    let nulls = known.filter(|nulls| nulls.null_count() > 0);
    let is_known = |row| nulls.as_ref().is_none_or(|nulls: &NullBuffer| nulls.is_valid(row));
    let roots: Vec<BigInt> = (0..numbers.len())
        .map(|row| numbers.get(row).filter(|_| is_known(row)).map_or_else(BigInt::zero, |value| root_one(&value)))
        .collect();
    match roots.iter().map(|root| root.to_i128()).collect::<Option<Vec<i128>>>() {
        Some(values) => Numbers::Decimal { values: values.into(), scale: ROOT_PLACES, nulls },
        None => {
            let one = big_power_of_ten(ROOT_PLACES.into());
            Numbers::exact(roots.into_iter().map(|root| BigRational::new(root, one.clone())).collect(), nulls)
        }
    }
}

/// The root of a number that is not negative, in units of the last place.
fn root_one(value: &BigRational) -> BigInt {
    debug_assert!(!value.is_negative());
    let above = value.numer() * big_power_of_ten(2 * u32::from(ROOT_PLACES));
    let floor = (&above / value.denom()).sqrt();
    // The root lies above floor + 1/2 where its square does: x > floor² + floor + 1/4.
    let middle: BigInt = (&floor * (&floor + 1u8)) * 4u8 + 1u8;
    match (above * 4u8).cmp(&(middle * value.denom())) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Equal if floor.is_even() => floor,
        _ => floor + 1,
    }
}
