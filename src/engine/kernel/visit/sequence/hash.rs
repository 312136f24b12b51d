//! Hashes of values by which rows are found. Equal values have equal hashes, in whatever form they are; equality itself
//! is looked at afterwards.

use std::hash::{DefaultHasher, Hash, Hasher};

use datafusion::arrow::buffer::BooleanBuffer;
use num_rational::BigRational;

use crate::engine::kernel::column::Column;
use crate::engine::kernel::number::{Numbers, decimal_of};

/// The hash of some known values; none where one of them is unknown, which equals nothing.
pub type Key = Option<u64>;

/// The hash of a column in each of the rows asked for; none where it is unknown, and in other rows.
pub fn hashes(column: &Column, rows: &BooleanBuffer) -> Vec<Key> {
    let mut hashes = vec![None; rows.len()];
    for row in rows.set_indices().filter(|row| column.is_known(*row)) {
        if let Some(key) = hashes.get_mut(row) {
            *key = Some(hash(column, row));
        }
    }
    hashes
}

/// The key of some columns in each of the rows asked for; none in others.
pub fn keys(columns: &[&Column], rows: &BooleanBuffer) -> Vec<Key> {
    let mut keys = vec![None; rows.len()];
    for row in rows.set_indices() {
        if let Some(key) = keys.get_mut(row) {
            let mut values = columns.iter().map(|column| column.is_known(row).then(|| hash(column, row)));
            *key = values.try_fold(EMPTY, |key, hash| Some(combine(key, hash?)));
        }
    }
    keys
}

/// The key of no values.
pub const EMPTY: u64 = 0;

/// The key of some values and one more.
pub fn combine(key: u64, hash: u64) -> u64 {
    // The multiplier of splitmix64: odd, and no value's place is that of another.
    (key.rotate_left(26) ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The hash of a known value; that of a list says nothing.
pub fn hash(column: &Column, row: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    match column {
        Column::Bool(array) => array.value(row).hash(&mut hasher),
        Column::Number(numbers) => hash_number(numbers, row, &mut hasher),
        Column::Text(array) => array.value(row).hash(&mut hasher),
        Column::Date(array) => array.value(row).hash(&mut hasher),
        Column::Instant(array) => array.value(row).hash(&mut hasher),
        Column::Duration(array) => array.value(row).hash(&mut hasher),
        Column::TextList(_) => {}
    }
    hasher.finish()
}

fn hash_number(numbers: &Numbers, row: usize, hasher: &mut impl Hasher) {
    match numbers {
        Numbers::Small { values, scale, .. } => hash_decimal(values[row].into(), *scale, hasher),
        Numbers::Decimal { values, scale, .. } => hash_decimal(values[row], *scale, hasher),
        Numbers::Ratio { .. } | Numbers::Exact { .. } => {
            let value = numbers.get(row).unwrap_or_else(|| BigRational::from_integer(0.into()));
            match decimal_of(&value) {
                Some((unscaled, scale)) => hash_decimal(unscaled, scale, hasher),
                None => value.hash(hasher),
            }
        }
    }
}

/// By the smallest scale that holds it.
fn hash_decimal(mut unscaled: i128, mut scale: u8, hasher: &mut impl Hasher) {
    while scale > 0 && unscaled % 10 == 0 {
        (unscaled, scale) = if unscaled == 0 { (0, 0) } else { (unscaled / 10, scale - 1) };
    }
    (unscaled, scale).hash(hasher);
}
