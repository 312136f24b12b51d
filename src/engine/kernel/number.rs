//! Columns of exact numbers.
//!
//! Most numbers are whole or decimal and fit 128 bits: they are columns of `i128` with one scale (or as they came, of
//! `i64`, which compares fastest), and arithmetic on them is checked machine arithmetic. A quotient of two such columns stays a pair of columns, because what rules do with
//! ratios is compare them, and `a / b > 1/3` is `3a > b` without a division. Only where a value leaves these does the
//! whole column become big rationals. The form is a matter of speed alone: no result depends on it.

pub mod arithmetic;
mod array;
pub mod compare;
pub mod encoding;
mod gather;
mod order_bytes;
pub mod rounding;

use std::borrow::Cow;
use std::sync::Arc;

use datafusion::arrow::buffer::{NullBuffer, ScalarBuffer};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

pub use array::{big_to_i256, i256_to_big};
pub use encoding::{DOES_NOT_FIT, Encoded, decode_exact, encode_exact, fits};
pub use order_bytes::order_bytes;

/// A column of numbers. What stands in an unknown row is arbitrary, and never read.
#[derive(Clone, Debug)]
pub enum Numbers {
    /// `value / 10^scale`, for values to be compared: arithmetic widens them first.
    Small {
        /// Unscaled.
        values: ScalarBuffer<i64>,
        /// Digits after the point, at most [`MAX_SCALE`].
        scale: u8,
        /// Which rows are known.
        nulls: Option<NullBuffer>,
    },
    /// `value / 10^scale`
    Decimal {
        /// Unscaled.
        values: ScalarBuffer<i128>,
        /// Digits after the point, at most [`MAX_SCALE`].
        scale: u8,
        /// Which rows are known.
        nulls: Option<NullBuffer>,
    },
    /// `numerator / denominator`, not in lowest terms.
    Ratio {
        /// Above the line.
        numerators: ScalarBuffer<i128>,
        /// Below; positive in known rows.
        denominators: ScalarBuffer<i128>,
        /// Which rows are known.
        nulls: Option<NullBuffer>,
    },
    /// Anything.
    Exact {
        /// In lowest terms.
        values: Arc<Vec<BigRational>>,
        /// Which rows are known.
        nulls: Option<NullBuffer>,
    },
}

/// Digits after the point beyond which a number is a ratio.
pub const MAX_SCALE: u8 = 76;

/// The powers of ten that fit.
const POWERS: [i128; 39] = {
    let mut powers = [1; 39];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// `10^exponent`, where it fits.
pub(super) fn power_of_ten(exponent: u32) -> Option<i128> {
    POWERS.get(exponent as usize).copied()
}

/// `10^exponent`.
pub(super) fn big_power_of_ten(exponent: u32) -> BigInt {
    match power_of_ten(exponent) {
        Some(power) => power.into(),
        None => BigInt::from(10u8).pow(exponent),
    }
}

impl Numbers {
    /// Of whole numbers.
    pub fn integers(values: impl IntoIterator<Item = i128>, nulls: Option<NullBuffer>) -> Self {
        Numbers::Decimal { values: values.into_iter().collect(), scale: 0, nulls }
    }

    /// Of rationals.
    pub fn exact(values: Vec<BigRational>, nulls: Option<NullBuffer>) -> Self {
        Numbers::Exact { values: Arc::new(values), nulls }
    }

    /// Of one number, in the narrowest form.
    pub fn constant(value: &BigRational) -> Self {
        match decimal_of(value) {
            Some((unscaled, scale)) => Numbers::Decimal { values: vec![unscaled].into(), scale, nulls: None },
            None => match (value.numer().to_i128(), value.denom().to_i128()) {
                (Some(numerator), Some(denominator)) => Numbers::Ratio {
                    numerators: vec![numerator].into(),
                    denominators: vec![denominator].into(),
                    nulls: None,
                },
                _ => Numbers::exact(vec![value.clone()], None),
            },
        }
    }

    /// Of nothing known.
    pub fn unknown(rows: usize) -> Self {
        Numbers::Decimal { values: vec![0; rows].into(), scale: 0, nulls: Some(NullBuffer::new_null(rows)) }
    }

    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Numbers::Small { values, .. } => values.len(),
            Numbers::Decimal { values, .. } => values.len(),
            Numbers::Ratio { numerators, .. } => numerators.len(),
            Numbers::Exact { values, .. } => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which rows are known; all when none.
    pub fn nulls(&self) -> Option<&NullBuffer> {
        match self {
            Numbers::Small { nulls, .. }
            | Numbers::Decimal { nulls, .. }
            | Numbers::Ratio { nulls, .. }
            | Numbers::Exact { nulls, .. } => nulls.as_ref(),
        }
    }

    /// The same values, known where `nulls` says.
    pub fn with_nulls(mut self, known: Option<NullBuffer>) -> Self {
        match &mut self {
            Numbers::Small { nulls, .. }
            | Numbers::Decimal { nulls, .. }
            | Numbers::Ratio { nulls, .. }
            | Numbers::Exact { nulls, .. } => *nulls = known,
        }
        self
    }

    /// As decimals of 128 bits, if they are fewer.
    pub(super) fn widened(&self) -> Cow<'_, Numbers> {
        match self {
            Numbers::Small { values, scale, nulls } => {
                let values = values.iter().map(|value| i128::from(*value)).collect();
                Cow::Owned(Numbers::Decimal { values, scale: *scale, nulls: nulls.clone() })
            }
            _ => Cow::Borrowed(self),
        }
    }

    /// Whether a row is known.
    pub fn is_known(&self, row: usize) -> bool {
        self.nulls().is_none_or(|nulls| nulls.is_valid(row))
    }

    /// The number in a row, if it is known.
    pub fn get(&self, row: usize) -> Option<BigRational> {
        self.is_known(row).then(|| self.value(row))
    }

    /// The number in a row that is known.
    fn value(&self, row: usize) -> BigRational {
        match self {
            Numbers::Small { values, scale, .. } => rational(values[row].into(), *scale),
            Numbers::Decimal { values, scale, .. } => rational(values[row], *scale),
            Numbers::Ratio { numerators, denominators, .. } => {
                BigRational::new(numerators[row].into(), denominators[row].into())
            }
            Numbers::Exact { values, .. } => values[row].clone(),
        }
    }

    /// The same numbers as rationals; zero where unknown.
    pub fn to_exact(&self) -> Arc<Vec<BigRational>> {
        match self {
            Numbers::Exact { values, .. } => values.clone(),
            _ => Arc::new((0..self.len()).map(|row| self.get(row).unwrap_or_else(BigRational::zero)).collect()),
        }
    }

    /// The one row repeated.
    pub(super) fn broadcast(&self, rows: usize) -> Self {
        let nulls = self.nulls().filter(|nulls| nulls.null_count() > 0).map(|_| NullBuffer::new_null(rows));
        let repeat = |values: &ScalarBuffer<i128>| vec![values.first().copied().unwrap_or(0); rows].into();
        match self {
            Numbers::Small { .. } => self.widened().broadcast(rows),
            Numbers::Decimal { values, scale, .. } => Numbers::Decimal { values: repeat(values), scale: *scale, nulls },
            Numbers::Ratio { numerators, denominators, .. } => {
                Numbers::Ratio { numerators: repeat(numerators), denominators: repeat(denominators), nulls }
            }
            Numbers::Exact { values, .. } => {
                let value = values.first().cloned().unwrap_or_else(BigRational::zero);
                Numbers::exact(vec![value; rows], nulls)
            }
        }
    }
}

/// `unscaled / 10^scale`
pub(super) fn rational(unscaled: i128, scale: u8) -> BigRational {
    if scale == 0 {
        return BigRational::from_integer(unscaled.into());
    }
    BigRational::new(unscaled.into(), big_power_of_ten(scale.into()))
}

/// A number as `unscaled / 10^scale` with the smallest scale, if it is one that fits.
pub(super) fn decimal_of(value: &BigRational) -> Option<(i128, u8)> {
    let scale = decimal_scale(value.denom()).filter(|scale| *scale <= u32::from(MAX_SCALE))?;
    let unscaled = value.numer() * (big_power_of_ten(scale) / value.denom());
    Some((unscaled.to_i128()?, scale as u8))
}

/// How many digits after the point a number with this denominator has, if it ends.
pub(super) fn decimal_scale(denominator: &BigInt) -> Option<u32> {
    let twos = denominator.trailing_zeros().unwrap_or(0);
    let mut rest: BigInt = denominator >> twos;
    let mut fives = 0;
    while !rest.is_one() {
        if fives > 400 || !(&rest % 5u8).is_zero() {
            return None;
        }
        rest /= 5u8;
        fives += 1;
    }
    u32::try_from(twos.max(fives)).ok()
}

#[cfg(test)]
mod tests;
