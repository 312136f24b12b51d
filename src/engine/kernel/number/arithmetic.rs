//! Exact arithmetic on columns.
//!
//! Each operation tries the narrow way, machine words with checked overflow, and takes the wide way for the whole column
//! if one known value leaves it. A column of a single row stands for as many as there are.

use std::cmp::Ordering;

use datafusion::arrow::buffer::{BooleanBuffer, NullBuffer};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::compare::signs;
use super::{MAX_SCALE, Numbers, power_of_ten};
use crate::engine::kernel::broadcast::{known_in_all, position};
use crate::engine::kernel::error::{KernelError, Result};

/// Bits of numerator and denominator together beyond which an intermediate result is refused, so that products of
/// products cannot take all memory.
pub const MAX_BITS: u64 = 1 << 16;

/// `a + b`
///
/// # Errors
///
/// [`KernelError::NumberTooLarge`]
pub fn add(a: &Numbers, b: &Numbers, rows: usize) -> Result<Numbers> {
    sum(a, b, rows, (i128::wrapping_add, i128::checked_add), |a, b| a + b)
}

/// `a - b`
///
/// # Errors
///
/// [`KernelError::NumberTooLarge`]
pub fn subtract(a: &Numbers, b: &Numbers, rows: usize) -> Result<Numbers> {
    sum(a, b, rows, (i128::wrapping_sub, i128::checked_sub), |a, b| a - b)
}

/// `a * b`
///
/// # Errors
///
/// [`KernelError::NumberTooLarge`]
pub fn multiply(a: &Numbers, b: &Numbers, rows: usize) -> Result<Numbers> {
    if let (Numbers::Small { values, scale, nulls }, constant) | (constant, Numbers::Small { values, scale, nulls }) =
        (a, b)
        && values.len() == rows
        && let Some(product) = multiplied(values, *scale, nulls, constant)
    {
        return Ok(product);
    }
    let (a, b) = (&*a.widened(), &*b.widened());
    let nulls = both_known(a, b, rows);
    let narrow = match (a, b) {
        (Numbers::Decimal { values: a, scale: s, .. }, Numbers::Decimal { values: b, scale: t, .. }) => {
            let product = |row| pick(a, row).checked_mul(pick(b, row));
            let values = if s + t > MAX_SCALE {
                None
            } else {
                match (bits(a), bits(b)) {
                    // One multiplication of the machine.
                    (..=63, ..=63) => Some(each(a, b, rows, |a, b| i128::from(a as i64) * i128::from(b as i64))),
                    (a_bits, b_bits) if a_bits + b_bits <= 126 => Some(each(a, b, rows, i128::wrapping_mul)),
                    _ => checked(rows, nulls.as_ref(), product),
                }
            };
            values.map(|values| Numbers::Decimal { values: values.into(), scale: s + t, nulls: nulls.clone() })
        }
        _ => ratios(a, b, rows, nulls.clone(), |(a, b), (c, d)| Some((a.checked_mul(c)?, b.checked_mul(d)?))),
    };
    match narrow {
        Some(numbers) => Ok(numbers),
        None => wide(a, b, rows, nulls, |a, b| a * b),
    }
}

/// Few bits by a constant of few bits, which is known: the usual case.
fn multiplied(values: &[i64], scale: u8, nulls: &Option<NullBuffer>, constant: &Numbers) -> Option<Numbers> {
    let Numbers::Decimal { values: constants, scale: own, nulls: unknown } = constant else { return None };
    let [factor] = constants[..] else { return None };
    if unknown.as_ref().is_some_and(|nulls| nulls.null_count() > 0) || scale + own > MAX_SCALE || bits(&[factor]) > 63 {
        return None;
    }
    let (scale, nulls) = (scale + own, nulls.clone());
    if bits_of_small(values) + bits(&[factor]) <= 63 {
        let factor = factor as i64;
        let values = values.iter().map(|value| value * factor).collect();
        return Some(Numbers::Small { values, scale, nulls });
    }
    let values = values.iter().map(|value| i128::from(*value) * factor).collect();
    Some(Numbers::Decimal { values, scale, nulls })
}

/// `a / b`, unknown where `b` is zero. Two decimals give a pair of columns.
///
/// # Errors
///
/// [`KernelError::NumberTooLarge`]
pub fn divide(a: &Numbers, b: &Numbers, rows: usize) -> Result<Numbers> {
    let (a, b) = (&*a.widened(), &*b.widened());
    let zero = signs(b, Ordering::Equal);
    let mut nulls = both_known(a, b, rows);
    if zero.count_set_bits() > 0 {
        let divisible = BooleanBuffer::collect_bool(rows, |row| !zero.value(position(zero.len(), row)));
        nulls = NullBuffer::union(nulls.as_ref(), Some(&NullBuffer::new(divisible)));
    }
    let quotient = |(a, b): (i128, i128), (c, d): (i128, i128)| {
        let (above, below) = (a.checked_mul(d)?, b.checked_mul(c)?);
        if below < 0 { Some((above.checked_neg()?, below.checked_neg()?)) } else { Some((above, below)) }
    };
    let narrow = match (a, b) {
        // On a common scale the scales cancel out.
        (Numbers::Decimal { values: a, scale: s, .. }, Numbers::Decimal { values: b, scale: t, .. }) => {
            let common = *s.min(t);
            let (s, t) = (power_of_ten(u32::from(s - common)), power_of_ten(u32::from(t - common)));
            s.zip(t).and_then(|(s, t)| pairs(rows, nulls.clone(), |row| quotient((pick(a, row), s), (pick(b, row), t))))
        }
        _ => ratios(a, b, rows, nulls.clone(), quotient),
    };
    match narrow {
        Some(numbers) => Ok(numbers),
        None => wide(a, b, rows, nulls, |a, b| a / b),
    }
}

/// `-a`
pub fn negate(a: &Numbers) -> Numbers {
    signed(a, i128::checked_neg, |value| -value)
}

/// `|a|`
pub fn absolute(a: &Numbers) -> Numbers {
    signed(a, i128::checked_abs, |value| value.abs())
}

fn signed(a: &Numbers, narrow: impl Fn(i128) -> Option<i128>, wide: impl Fn(&BigRational) -> BigRational) -> Numbers {
    let a = &*a.widened();
    let nulls = a.nulls().cloned();
    let change = |values: &[i128]| checked(values.len(), nulls.as_ref(), |row| narrow(values[row]));
    let changed = match a {
        Numbers::Decimal { values, scale, .. } => {
            change(values).map(|values| Numbers::Decimal { values: values.into(), scale: *scale, nulls: nulls.clone() })
        }
        Numbers::Ratio { numerators, denominators, .. } => change(numerators).map(|numerators| Numbers::Ratio {
            numerators: numerators.into(),
            denominators: denominators.clone(),
            nulls: nulls.clone(),
        }),
        Numbers::Small { .. } | Numbers::Exact { .. } => None,
    };
    changed.unwrap_or_else(|| Numbers::exact(a.to_exact().iter().map(wide).collect(), nulls))
}

fn sum(
    a: &Numbers,
    b: &Numbers,
    rows: usize,
    (fast, narrow): (impl Fn(i128, i128) -> i128, impl Fn(i128, i128) -> Option<i128>),
    exactly: impl Fn(&BigRational, &BigRational) -> BigRational,
) -> Result<Numbers> {
    let (a, b) = (&*a.widened(), &*b.widened());
    let nulls = both_known(a, b, rows);
    let added = match (a, b) {
        (Numbers::Decimal { values: a, scale: s, .. }, Numbers::Decimal { values: b, scale: t, .. }) => {
            let scale = *s.max(t);
            let values = match (power_of_ten(u32::from(scale - s)), power_of_ten(u32::from(scale - t))) {
                (Some(s), Some(t)) if bits(a) + bits(&[s]) <= 125 && bits(b) + bits(&[t]) <= 125 => {
                    Some(each(a, b, rows, |a, b| fast(a.wrapping_mul(s), b.wrapping_mul(t))))
                }
                (Some(1), Some(1)) => checked(rows, nulls.as_ref(), |row| narrow(pick(a, row), pick(b, row))),
                (Some(s), Some(t)) => checked(rows, nulls.as_ref(), |row| {
                    narrow(pick(a, row).checked_mul(s)?, pick(b, row).checked_mul(t)?)
                }),
                _ => None,
            };
            values.map(|values| Numbers::Decimal { values: values.into(), scale, nulls: nulls.clone() })
        }
        _ => ratios(a, b, rows, nulls.clone(), |(a, b), (c, d)| {
            if b == d {
                return Some((narrow(a, c)?, b));
            }
            Some((narrow(a.checked_mul(d)?, c.checked_mul(b)?)?, b.checked_mul(d)?))
        }),
    };
    match added {
        Some(numbers) => Ok(numbers),
        None => wide(a, b, rows, nulls, exactly),
    }
}

fn both_known(a: &Numbers, b: &Numbers, rows: usize) -> Option<NullBuffer> {
    known_in_all([(a.nulls(), a.len()), (b.nulls(), b.len())], rows)
}

fn pick(values: &[i128], row: usize) -> i128 {
    values[position(values.len(), row)]
}

/// How many bits no value has more of, its sign aside.
pub(super) fn bits_of_small(values: &[i64]) -> u32 {
    let all = values.iter().fold(0, |all, value| all | (value ^ (value >> 63)));
    i64::BITS - all.leading_zeros()
}

/// As [`bits_of_small`].
pub(super) fn bits(values: &[i128]) -> u32 {
    let all = values.iter().fold(0, |all, value| all | (value ^ (value >> 127)));
    i128::BITS - all.leading_zeros()
}

/// A value for each row from those of two columns, of which one may have a single row. What it is where something is unknown is
/// nobody's business.
fn each(a: &[i128], b: &[i128], rows: usize, value: impl Fn(i128, i128) -> i128) -> Vec<i128> {
    match (a, b) {
        (_, [b]) if a.len() == rows => a.iter().map(|a| value(*a, *b)).collect(),
        ([a], _) if b.len() == rows => b.iter().map(|b| value(*a, *b)).collect(),
        _ if a.len() == rows && b.len() == rows => a.iter().zip(b).map(|(a, b)| value(*a, *b)).collect(),
        _ => (0..rows).map(|row| value(pick(a, row), pick(b, row))).collect(),
    }
}

/// The values, if all known ones are.
fn checked(rows: usize, nulls: Option<&NullBuffer>, value: impl Fn(usize) -> Option<i128>) -> Option<Vec<i128>> {
    let known = |row| nulls.is_none_or(|nulls| nulls.is_valid(row));
    (0..rows).map(|row| value(row).or_else(|| (!known(row)).then_some(0))).collect()
}

/// The ratios, if all known ones are.
fn pairs(rows: usize, nulls: Option<NullBuffer>, pair: impl Fn(usize) -> Option<(i128, i128)>) -> Option<Numbers> {
    let (mut numerators, mut denominators) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
    for row in 0..rows {
        let known = nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        let (numerator, denominator) = if known { pair(row)? } else { (0, 1) };
        numerators.push(numerator);
        denominators.push(denominator);
    }
    Some(Numbers::Ratio { numerators: numerators.into(), denominators: denominators.into(), nulls })
}

/// An operation on numerators and denominators, unless a column is exact already.
fn ratios(
    a: &Numbers,
    b: &Numbers,
    rows: usize,
    nulls: Option<NullBuffer>,
    operation: impl Fn((i128, i128), (i128, i128)) -> Option<(i128, i128)>,
) -> Option<Numbers> {
    let exact = |numbers: &Numbers| matches!(numbers, Numbers::Exact { .. }) && numbers.len() != 1;
    if exact(a) || exact(b) {
        return None;
    }
    pairs(rows, nulls, |row| {
        let (a, b) = (a.cell(position(a.len(), row)), b.cell(position(b.len(), row)));
        operation(a.fraction()?, b.fraction()?)
    })
}

fn wide(
    a: &Numbers,
    b: &Numbers,
    rows: usize,
    nulls: Option<NullBuffer>,
    operation: impl Fn(&BigRational, &BigRational) -> BigRational,
) -> Result<Numbers> {
    let (a, b) = (a.to_exact(), b.to_exact());
    let values = (0..rows).map(|row| {
        if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return Ok(BigRational::zero());
        }
        limited(operation(&a[position(a.len(), row)], &b[position(b.len(), row)]))
    });
    Ok(Numbers::exact(values.collect::<Result<_>>()?, nulls))
}

/// The number, unless it is too large to go on with.
pub(super) fn limited(value: BigRational) -> Result<BigRational> {
    let bits = |n: &BigInt| n.bits();
    if bits(value.numer()) + bits(value.denom()) > MAX_BITS {
        return Err(KernelError::NumberTooLarge { limit: MAX_BITS });
    }
    Ok(value)
}
