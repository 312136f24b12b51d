//! Exact numbers as bytes: how ratios and numbers beyond every decimal travel through Arrow.
//!
//! A number is written in lowest terms with a positive denominator, so equal numbers have equal bytes: they can be
//! grouped, hashed and compared for equality without being decoded. The order of the bytes means nothing.
//!
//! ```text
//! four bytes     length of the numerator in bytes, little endian
//! numerator      two's complement, little endian, as short as possible
//! denominator    magnitude, little endian, as short as possible; nothing when it is 1
//! ```
//!
//! One string of bytes that no number has is reserved: [`DOES_NOT_FIT`] stands for a result that is known but too large.

use num_bigint::{BigInt, BigUint, Sign};
use num_rational::BigRational;
use num_traits::{One, Zero};

use crate::engine::kernel::error::{KernelError, Result};

/// Stands for a final value that does not fit. See [`fits`].
pub const DOES_NOT_FIT: &[u8] = &[0xff];

/// What bytes stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encoded {
    /// A number.
    Number(BigRational),
    /// [`DOES_NOT_FIT`].
    DoesNotFit,
}

/// A number's bytes.
pub fn encode_exact(value: &BigRational) -> Vec<u8> {
    let (numerator, denominator) = (value.numer().to_signed_bytes_le(), value.denom());
    let mut bytes = Vec::with_capacity(4 + numerator.len() + 8);
    bytes.extend_from_slice(&(numerator.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&numerator);
    if !denominator.is_one() {
        bytes.extend_from_slice(&denominator.magnitude().to_bytes_le());
    }
    bytes
}

/// What bytes stand for.
///
/// # Errors
///
/// [`KernelError::Encoding`] when they were not written by [`encode_exact`].
pub fn decode_exact(bytes: &[u8]) -> Result<Encoded> {
    if bytes == DOES_NOT_FIT {
        return Ok(Encoded::DoesNotFit);
    }
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or(KernelError::Encoding)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (numerator, denominator) = rest.split_at_checked(length).ok_or(KernelError::Encoding)?;
    let numerator = BigInt::from_signed_bytes_le(numerator);
    if denominator.is_empty() {
        return Ok(Encoded::Number(BigRational::from_integer(numerator)));
    }
    let denominator = BigInt::from_bytes_le(Sign::Plus, denominator);
    if denominator.is_zero() {
        return Err(KernelError::Encoding);
    }
    Ok(Encoded::Number(BigRational::new_raw(numerator, denominator)))
}

/// Whether a final value fits: in lowest terms its numerator and its denominator have at most 76 digits each, as the
/// widest decimal has.
pub fn fits(value: &BigRational) -> bool {
    has_76_digits(value.numer()) && has_76_digits(value.denom())
}

/// Whether a whole number has at most 76 digits.
pub(super) fn has_76_digits(value: &BigInt) -> bool {
    // 10^76 has 253 bits: what has fewer is below it, what has more is not.
    match value.bits() {
        0..=252 => true,
        253 => *value.magnitude() < BigUint::from(10u8).pow(76),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(a: i128, b: i128) -> BigRational {
        BigRational::new(a.into(), b.into())
    }

    #[test]
    fn numbers_survive() {
        let huge = ratio(10, 1).pow(200) / ratio(7, 1).pow(90);
        for value in
            [ratio(0, 1), ratio(1, 1), ratio(-1, 1), ratio(128, 3), ratio(-255, 256), ratio(i128::MIN, 9), huge]
        {
            assert_eq!(decode_exact(&encode_exact(&value)).unwrap(), Encoded::Number(value.clone()));
            let negative = -value;
            assert_eq!(decode_exact(&encode_exact(&negative)).unwrap(), Encoded::Number(negative));
        }
    }

    #[test]
    fn equal_numbers_have_equal_bytes() {
        assert_eq!(encode_exact(&ratio(2, 4)), encode_exact(&ratio(-1, -2)));
        assert_eq!(encode_exact(&ratio(10, 5)), encode_exact(&ratio(2, 1)));
        assert_ne!(encode_exact(&ratio(2, 1)), encode_exact(&ratio(1, 2)));
    }

    #[test]
    fn the_reserved_bytes_are_no_number() {
        assert_eq!(decode_exact(DOES_NOT_FIT).unwrap(), Encoded::DoesNotFit);
        for bytes in [&[][..], &[0xfe], &[9, 0, 0, 0, 1], &[1, 0, 0, 0, 5, 0]] {
            assert!(matches!(decode_exact(bytes), Err(KernelError::Encoding)), "{bytes:?}");
        }
    }

    #[test]
    fn what_fits_has_76_digits() {
        let limit = ratio(10, 1).pow(76);
        assert!(fits(&(&limit - ratio(1, 1))) && fits(&-(&limit - ratio(1, 1))));
        assert!(!fits(&limit) && !fits(&-limit.clone()));
        assert!(!fits(&(ratio(1, 1) / &limit)));
        assert!(fits(&(ratio(1, 1) / (limit - ratio(1, 1)))));
    }
}
