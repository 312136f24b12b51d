//! Ratios and other numbers that are no decimals.

use std::cmp::Ordering;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::DataType;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use super::value::Ranked;
use crate::engine::kernel::error::{KernelError, Result};
use crate::engine::kernel::number::compare::order_rationals;
use crate::engine::kernel::number::{Encoded, decode_exact, encode_exact};
use crate::engine::kernel::state::bytes::binary_array;
use crate::ir::Type;

/// A number in lowest terms. What fits machine words is kept in these, so equal numbers are equal as they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Exact {
    /// Numerator and positive denominator.
    Small(i64, i64),
    /// Anything else.
    Large(Arc<BigRational>),
}

impl Exact {
    /// From the bytes of a number; none for one that does not fit.
    fn decode(bytes: &[u8]) -> Result<Option<Exact>> {
        if let Some(small) = decode_small(bytes) {
            return Ok(Some(small));
        }
        Ok(match decode_exact(bytes)? {
            Encoded::Number(value) => Some(Exact::from(value)),
            Encoded::DoesNotFit => None,
        })
    }

    fn to_rational(&self) -> BigRational {
        match self {
            Exact::Small(numerator, denominator) => BigRational::new_raw((*numerator).into(), (*denominator).into()),
            Exact::Large(value) => value.as_ref().clone(),
        }
    }
}

impl From<BigRational> for Exact {
    fn from(value: BigRational) -> Exact {
        match (value.numer().to_i64(), value.denom().to_i64()) {
            (Some(numerator), Some(denominator)) => Exact::Small(numerator, denominator),
            _ => Exact::Large(Arc::new(value)),
        }
    }
}

/// See [`crate::engine::kernel::number::encoding`].
fn decode_small(bytes: &[u8]) -> Option<Exact> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (numerator, denominator) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let negative = numerator.last().is_some_and(|byte| *byte >= 0x80);
    let mut above = [if negative { 0xff } else { 0 }; 8];
    above.get_mut(..numerator.len())?.copy_from_slice(numerator);
    let mut below = [0; 8];
    below.get_mut(..denominator.len())?.copy_from_slice(denominator);
    let denominator = if denominator.is_empty() { 1 } else { i64::from_le_bytes(below) };
    (denominator > 0).then(|| Exact::Small(i64::from_le_bytes(above), denominator))
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Exact::Small(a, b), Exact::Small(c, d)) => {
                (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)))
            }
            (Exact::Large(a), Exact::Large(b)) => order_rationals(a, b),
            _ => order_rationals(&self.to_rational(), &other.to_rational()),
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ranked for Exact {
    type Values = Vec<Exact>;

    fn read(array: &ArrayRef) -> Result<(Vec<Exact>, Option<NullBuffer>)> {
        let mismatch = || KernelError::Array { ty: Type::Number, found: array.data_type().clone() };
        let bytes = array.as_binary_opt::<i32>().ok_or_else(mismatch)?;
        let mut values = Vec::with_capacity(bytes.len());
        let mut known = Vec::with_capacity(bytes.len());
        for bytes in bytes {
            let value = bytes.map(Exact::decode).transpose()?.flatten();
            known.push(value.is_some());
            values.push(value.unwrap_or(Exact::Small(0, 1)));
        }
        Ok((values, Some(NullBuffer::from(known)).filter(|known| known.null_count() > 0)))
    }

    fn write(values: Vec<Exact>, _: &DataType) -> Result<ArrayRef> {
        binary_array(values.iter().map(|value| Some(encode_exact(&value.to_rational()))))
    }

    fn number(&self, _: &DataType) -> BigRational {
        self.to_rational()
    }

    fn heap(&self) -> usize {
        match self {
            Exact::Small(..) => 0,
            Exact::Large(value) => {
                let bits = value.numer().bits() + value.denom().bits();
                size_of::<BigRational>() + 16 + usize::try_from(bits / 8).unwrap_or(usize::MAX / 2) + 16
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number() -> impl Strategy<Value = BigRational> {
        let edge = prop_oneof![
            -4i128..4,
            any::<i128>(),
            any::<i64>().prop_map(i128::from),
            Just(i64::MAX.into()),
            Just(i64::MIN.into())
        ];
        (edge.clone(), edge).prop_map(|(a, b)| BigRational::new(a.into(), (if b == 0 { 1 } else { b }).into()))
    }

    proptest! {
        #[test]
        fn in_the_order_of_numbers(a in number(), b in number()) {
            let decoded = |value: &BigRational| Exact::decode(&encode_exact(value)).unwrap().unwrap();
            prop_assert_eq!(&decoded(&a), &Exact::from(a.clone()));
            prop_assert_eq!(decoded(&a).to_rational(), a.clone());
            prop_assert_eq!(decoded(&a).cmp(&decoded(&b)), order_rationals(&a, &b));
            prop_assert_eq!(decoded(&a) == decoded(&b), a == b);
        }
    }
}
