//! Exact numbers at the edge of a state: decoded where they come in, held to the limit of a final value where they go out.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::Result;
use crate::engine::kernel::number::{DOES_NOT_FIT, Encoded, big_power_of_ten, decode_exact, encode_exact, fits};

/// A number that came in; none for one that does not fit.
pub fn decode(bytes: &[u8]) -> Result<Option<BigRational>> {
    match decode_exact(bytes)? {
        Encoded::Number(number) => Ok(Some(number)),
        Encoded::DoesNotFit => Ok(None),
    }
}

/// A final value's bytes.
pub fn encode_final(value: &BigRational) -> Vec<u8> {
    if fits(value) { encode_exact(value) } else { DOES_NOT_FIT.to_vec() }
}

/// Compares by value; what does not fit comes first.
pub fn compare_encoded(left: &[u8], right: &[u8]) -> Result<Ordering> {
    if left == right {
        return Ok(Ordering::Equal);
    }
    Ok(decode(left)?.cmp(&decode(right)?))
}

/// A decimal from its digits.
pub fn scaled(unscaled: BigInt, scale: i8) -> BigRational {
    let power = big_power_of_ten(scale.unsigned_abs().into());
    if scale >= 0 { BigRational::new(unscaled, power) } else { BigRational::from_integer(unscaled * power) }
}
