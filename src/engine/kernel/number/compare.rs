//! Comparison of numbers by value, without building rationals where machine words will do.

use std::cmp::Ordering;

use datafusion::arrow::array::{Array, BooleanArray};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::datatypes::i256;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

use super::arithmetic::{bits, bits_of_small};
use super::{Numbers, big_power_of_ten, power_of_ten, rational};
use crate::engine::kernel::broadcast::{known_in_all, position};
use crate::engine::kernel::error::Result;
use crate::engine::kernel::flags::{flags, pairs};
use crate::ir::Root;
use crate::syntax::ast::CompareOp;

/// Whether a comparison holds between two values that are in this order.
pub fn holds(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Equal => order.is_eq(),
        CompareOp::NotEqual => order.is_ne(),
        CompareOp::Less => order.is_lt(),
        CompareOp::LessOrEqual => order.is_le(),
        CompareOp::Greater => order.is_gt(),
        CompareOp::GreaterOrEqual => order.is_ge(),
    }
}

/// The comparison with its sides exchanged.
pub fn flip(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        CompareOp::Equal | CompareOp::NotEqual => op,
    }
}

/// One number of a column, as it is there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'a> {
    Decimal(i128, u8),
    Ratio(i128, i128),
    Exact(&'a BigRational),
}

impl Numbers {
    /// The number in a row; something arbitrary where it is unknown.
    pub(super) fn cell(&self, row: usize) -> Cell<'_> {
        match self {
            Numbers::Small { values, scale, .. } => Cell::Decimal(values[row].into(), *scale),
            Numbers::Decimal { values, scale, .. } => Cell::Decimal(values[row], *scale),
            Numbers::Ratio { numerators, denominators, .. } => Cell::Ratio(numerators[row], denominators[row]),
            Numbers::Exact { values, .. } => Cell::Exact(&values[row]),
        }
    }

    /// Compares two known rows by value.
    pub fn order(&self, row: usize, other: &Numbers, other_row: usize) -> Ordering {
        self.cell(row).order(other.cell(other_row))
    }
}

impl Cell<'_> {
    /// As numerator and positive denominator, where these fit.
    pub(super) fn fraction(self) -> Option<(i128, i128)> {
        match self {
            Cell::Decimal(value, scale) => Some((value, power_of_ten(scale.into())?)),
            Cell::Ratio(numerator, denominator) => Some((numerator, denominator)),
            Cell::Exact(value) => Some((value.numer().to_i128()?, value.denom().to_i128()?)),
        }
    }

    fn to_rational(self) -> BigRational {
        match self {
            Cell::Decimal(value, scale) => rational(value, scale),
            Cell::Ratio(_, 0) => BigRational::zero(),
            Cell::Ratio(numerator, denominator) => BigRational::new(numerator.into(), denominator.into()),
            Cell::Exact(value) => value.clone(),
        }
    }

    fn order(self, other: Cell<'_>) -> Ordering {
        match (self, other) {
            (Cell::Decimal(a, s), Cell::Decimal(b, t)) => order_decimals(a, s, b, t),
            (Cell::Exact(a), Cell::Exact(b)) => order_rationals(a, b),
            _ => match (self.fraction(), other.fraction()) {
                (Some(a), Some(b)) => order_fractions(a, b),
                _ => order_rationals(&self.to_rational(), &other.to_rational()),
            },
        }
    }
}

/// A product of two, which always fits: 127 bits each.
fn product(a: i128, b: i128) -> i256 {
    i256::from_i128(a).wrapping_mul(i256::from_i128(b))
}

/// Compares two fractions with positive denominators.
#[inline]
fn order_fractions((a, b): (i128, i128), (c, d): (i128, i128)) -> Ordering {
    match (i64::try_from(a), i64::try_from(b), i64::try_from(c), i64::try_from(d)) {
        (Ok(a), Ok(b), Ok(c), Ok(d)) => (i128::from(a) * i128::from(d)).cmp(&(i128::from(c) * i128::from(b))),
        _ => product(a, d).cmp(&product(c, b)),
    }
}

fn order_decimals(a: i128, s: u8, b: i128, t: u8) -> Ordering {
    match s.cmp(&t) {
        Ordering::Equal => a.cmp(&b),
        Ordering::Greater => order_decimals(b, t, a, s).reverse(),
        Ordering::Less => match power_of_ten(u32::from(t - s)) {
            Some(power) => order_fractions((a, 1), (b, power)),
            None => (num_bigint::BigInt::from(a) * big_power_of_ten(u32::from(t - s))).cmp(&b.into()),
        },
    }
}

/// Compares by cross multiplication. (The `Ord` of ratios recurses as deep as their continued fractions are long.)
pub fn order_rationals(a: &BigRational, b: &BigRational) -> Ordering {
    match a.numer().sign().cmp(&b.numer().sign()) {
        Ordering::Equal if a.denom() == b.denom() => a.numer().cmp(b.numer()),
        Ordering::Equal => (a.numer() * b.denom()).cmp(&(b.numer() * a.denom())),
        unequal => unequal,
    }
}

/// Compares two columns; one of a single row stands for as many as there are.
pub fn compare(op: CompareOp, a: &Numbers, b: &Numbers, rows: usize) -> BooleanArray {
    let nulls = known_in_all([(a.nulls(), a.len()), (b.nulls(), b.len())], rows);
    if a.len() == 1 && b.len() == rows && rows != 1 {
        return compare(flip(op), b, a, rows);
    }
    let values = match (a, b) {
        (Numbers::Small { values, scale, .. }, constant) if constant.len() == 1 && values.len() == rows => {
            compare_with_constant(op, values, *scale, constant)
        }
        (Numbers::Decimal { values, scale, .. }, constant) if constant.len() == 1 && values.len() == rows => {
            compare_with_constant(op, values, *scale, constant)
        }
        (Numbers::Ratio { numerators, denominators, .. }, constant)
            if constant.len() == 1
                && numerators.len() == rows
                && let Some(constant) = constant.cell(0).fraction() =>
        {
            compare_orders(op, rows, |row| order_fractions((numerators[row], denominators[row]), constant))
        }
        (Numbers::Small { values: a, scale: s, .. }, Numbers::Small { values: b, scale: t, .. })
            if s == t && a.len() == rows && b.len() == rows =>
        {
            compare_values(op, a, b)
        }
        (Numbers::Decimal { values: a, scale: s, .. }, Numbers::Decimal { values: b, scale: t, .. })
            if s == t && a.len() == rows && b.len() == rows =>
        {
            compare_values(op, a, b)
        }
        (Numbers::Small { values: a, scale: s, .. }, Numbers::Small { values: b, scale: t, .. })
            if a.len() == rows
                && b.len() == rows
                && let Some((s, t)) = on_common_scale((63, *s), (63, *t)) =>
        {
            let fits = |values: &[i64], power: i128| bits_of_small(values) + bits(&[power]) <= 63;
            if fits(a, s) && fits(b, t) {
                let (s, t) = (s as i64, t as i64);
                compare_as(op, a, b, |a| a * s, |b| b * t)
            } else {
                compare_as(op, a, b, |a| i128::from(a) * s, |b| i128::from(b) * t)
            }
        }
        (Numbers::Small { values: a, scale: s, .. }, Numbers::Decimal { values: b, scale: t, .. })
            if a.len() == rows
                && b.len() == rows
                && let Some((s, t)) = on_common_scale((63, *s), (bits(b), *t)) =>
        {
            compare_as(op, a, b, |a| i128::from(a) * s, |b| b * t)
        }
        (Numbers::Decimal { values: a, scale: s, .. }, Numbers::Small { values: b, scale: t, .. })
            if a.len() == rows
                && b.len() == rows
                && let Some((s, t)) = on_common_scale((bits(a), *s), (63, *t)) =>
        {
            compare_as(op, a, b, |a| a * s, |b| i128::from(b) * t)
        }
        (Numbers::Decimal { values: a, scale: s, .. }, Numbers::Decimal { values: b, scale: t, .. })
            if a.len() == rows
                && b.len() == rows
                && let Some((s, t)) = on_common_scale((bits(a), *s), (bits(b), *t)) =>
        {
            compare_as(op, a, b, |a| a * s, |b| b * t)
        }
        _ => compare_orders(op, rows, |row| a.order(position(a.len(), row), b, position(b.len(), row))),
    };
    BooleanArray::new(values, nulls)
}

/// What the values of two columns of so many bits are to be multiplied with to be on one scale, if all of them then fit.
fn on_common_scale((a, s): (u32, u8), (b, t): (u32, u8)) -> Option<(i128, i128)> {
    let scale = s.max(t);
    let (s, t) = (power_of_ten(u32::from(scale - s))?, power_of_ten(u32::from(scale - t))?);
    let fits = |of_values: u32, power: i128| of_values + bits(&[power]) <= 127;
    (fits(a, s) && fits(b, t)).then_some((s, t))
}

/// One loop for each comparison, so that the loop has no branch for it.
fn compare_orders(op: CompareOp, rows: usize, order: impl Fn(usize) -> Ordering) -> BooleanBuffer {
    match op {
        CompareOp::Equal => BooleanBuffer::collect_bool(rows, |row| order(row).is_eq()),
        CompareOp::NotEqual => BooleanBuffer::collect_bool(rows, |row| order(row).is_ne()),
        CompareOp::Less => BooleanBuffer::collect_bool(rows, |row| order(row).is_lt()),
        CompareOp::LessOrEqual => BooleanBuffer::collect_bool(rows, |row| order(row).is_le()),
        CompareOp::Greater => BooleanBuffer::collect_bool(rows, |row| order(row).is_gt()),
        CompareOp::GreaterOrEqual => BooleanBuffer::collect_bool(rows, |row| order(row).is_ge()),
    }
}

/// Compares two columns of values that have an order of their own.
fn compare_values<T: Copy + Ord>(op: CompareOp, a: &[T], b: &[T]) -> BooleanBuffer {
    compare_as(op, a, b, |a| a, |b| b)
}

/// Compares two columns of values by what has an order of its own.
fn compare_as<T: Copy, U: Copy, V: Ord>(
    op: CompareOp,
    a: &[T],
    b: &[U],
    left: impl Fn(T) -> V,
    right: impl Fn(U) -> V,
) -> BooleanBuffer {
    match op {
        CompareOp::Equal => pairs(a, b, |a, b| left(a) == right(b)),
        CompareOp::NotEqual => pairs(a, b, |a, b| left(a) != right(b)),
        CompareOp::Less => pairs(a, b, |a, b| left(a) < right(b)),
        CompareOp::LessOrEqual => pairs(a, b, |a, b| left(a) <= right(b)),
        CompareOp::Greater => pairs(a, b, |a, b| left(a) > right(b)),
        CompareOp::GreaterOrEqual => pairs(a, b, |a, b| left(a) >= right(b)),
    }
}

/// Compares values with one bound.
pub(in crate::engine::kernel) fn compare_bound<T: Copy + Ord>(op: CompareOp, values: &[T], bound: T) -> BooleanBuffer {
    match op {
        CompareOp::Equal => flags(values, |value| value == bound),
        CompareOp::NotEqual => flags(values, |value| value != bound),
        CompareOp::Less => flags(values, |value| value < bound),
        CompareOp::LessOrEqual => flags(values, |value| value <= bound),
        CompareOp::Greater => flags(values, |value| value > bound),
        CompareOp::GreaterOrEqual => flags(values, |value| value >= bound),
    }
}

/// Compares decimals with one number, by the whole number next below it on their scale: no value is rescaled, and what
/// the number is matters not.
fn compare_with_constant<T>(op: CompareOp, values: &[T], scale: u8, constant: &Numbers) -> BooleanBuffer
where
    T: Copy + Ord + TryFrom<i128>,
{
    let rows = values.len();
    if let Cell::Decimal(value, own) = constant.cell(0)
        && let Some(power) = scale.checked_sub(own).and_then(|more| power_of_ten(more.into()))
        && let Some(value) = value.checked_mul(power)
        && let Ok(bound) = T::try_from(value)
        && constant.is_known(0)
    {
        return compare_bound(op, values, bound);
    }
    let Some(constant) = constant.get(0) else { return BooleanBuffer::new_unset(rows) };
    let scaled = constant * BigRational::from_integer(big_power_of_ten(scale.into()));
    let whole = scaled.is_integer();
    let op = match op {
        CompareOp::Equal if !whole => return BooleanBuffer::new_unset(rows),
        CompareOp::NotEqual if !whole => return BooleanBuffer::new_set(rows),
        CompareOp::Less if !whole => CompareOp::LessOrEqual,
        CompareOp::GreaterOrEqual if !whole => CompareOp::Greater,
        op => op,
    };
    match scaled.floor().numer().to_i128().and_then(|bound| T::try_from(bound).ok()) {
        Some(bound) => compare_bound(op, values, bound),
        None => {
            let order = if scaled.is_negative() { Ordering::Greater } else { Ordering::Less };
            if holds(op, order) { BooleanBuffer::new_set(rows) } else { BooleanBuffer::new_unset(rows) }
        }
    }
}

/// Compares numbers of which either may stand for its square root, exactly.
///
/// `sqrt(v) < w` is false where `w` is negative, and otherwise `v < w * w`. The root of a negative number is unknown.
///
/// # Errors
///
/// When a square grows beyond the limit of intermediate results.
pub fn compare_roots(
    op: CompareOp,
    (a, left): (&Numbers, Root),
    (b, right): (&Numbers, Root),
    rows: usize,
) -> Result<BooleanArray> {
    let (root, plain, op) = match (left.is_root, right.is_root) {
        (false, false) => return Ok(compare(op, a, b, rows)),
        (true, true) => {
            let compared = compare(op, a, b, rows);
            return Ok(unknown_where_negative(unknown_where_negative(compared, a), b));
        }
        (true, false) => (a, b, op),
        (false, true) => (b, a, flip(op)),
    };
    let square = super::arithmetic::multiply(plain, plain, plain.len())?;
    let compared = compare(op, root, &square, rows);
    let above = holds(op, Ordering::Greater);
    let negative = signs(plain, Ordering::Less);
    let values = BooleanBuffer::collect_bool(rows, |row| {
        if negative.value(position(negative.len(), row)) { above } else { compared.value(row) }
    });
    Ok(unknown_where_negative(BooleanArray::new(values, compared.nulls().cloned()), root))
}

/// Where a column's numbers have this sign: less than, equal to or greater than zero. Arbitrary where unknown.
pub(super) fn signs(numbers: &Numbers, sign: Ordering) -> BooleanBuffer {
    let of = |row| match numbers.cell(row) {
        Cell::Decimal(value, _) | Cell::Ratio(value, _) => value.cmp(&0),
        Cell::Exact(value) => value.numer().sign().cmp(&num_bigint::Sign::NoSign),
    };
    BooleanBuffer::collect_bool(numbers.len(), |row| of(row) == sign)
}

fn unknown_where_negative(compared: BooleanArray, numbers: &Numbers) -> BooleanArray {
    let negative = signs(numbers, Ordering::Less);
    if negative.count_set_bits() == 0 {
        return compared;
    }
    let rows = compared.values().len();
    let (values, nulls) = compared.into_parts();
    let known = BooleanBuffer::collect_bool(rows, |row| {
        nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)) && !negative.value(position(negative.len(), row))
    });
    BooleanArray::new(values, Some(known.into()))
}
