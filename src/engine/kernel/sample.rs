//! Chance that can be repeated: the same key and salt always give the same number, another salt one that has nothing to do with it.
//!
//! The number is the first eight bytes, big endian, of SHA-256 over the salt and the parts of a key as text:
//!
//! ```text
//! salt        its UTF-8 bytes
//! each part   the byte 1F, then the part's text in UTF-8
//!
//! text        as it is                    date       2026-03-31
//! number      7, -1.5, 1/3                time       2026-03-31T03:00:00.000000Z
//! condition   true, false                 duration   its microseconds
//! ```
//!
//! So that anybody can compute it elsewhere, it must never change.

use std::fmt::Write;

use num_bigint::BigInt;
use num_rational::BigRational;
use sha2::{Digest, Sha256};

use super::broadcast::{known_in_all, position};
use super::column::{Column, date};
use super::error::{KernelError, Result};
use super::number::{Numbers, big_power_of_ten, decimal_scale};

/// The byte before each part: the separator of units.
const SEPARATOR: u8 = 0x1f;

/// The number of each of so many keys, given by their parts; unknown where a part is.
///
/// # Errors
///
/// [`KernelError::Rows`] for columns of another length.
pub(super) fn key_hash(salt: &str, parts: &[&Column], rows: usize) -> Result<Numbers> {
    if let Some(wrong) = parts.iter().find(|part| part.len() != rows && part.len() != 1) {
        return Err(KernelError::Rows { expected: rows, found: wrong.len() });
    }
    let known = known_in_all(parts.iter().map(|part| (part.nulls(), part.len())), rows);
    let begun = Sha256::new_with_prefix(salt.as_bytes());
    let mut text = String::new();
    let mut hash = |row: usize| {
        if known.as_ref().is_some_and(|known| known.is_null(row)) {
            return 0;
        }
        let mut digest = begun.clone();
        for part in parts {
            text.clear();
            append_cell(&mut text, part, position(part.len(), row));
            digest.update([SEPARATOR]);
            digest.update(text.as_bytes());
        }
        i128::from(first_bits(&digest.finalize()))
    };
    let hashes: Vec<i128> = (0..rows).map(&mut hash).collect();
    Ok(Numbers::integers(hashes, known))
}

fn first_bits(digest: &[u8]) -> u64 {
    digest.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// The text of a value; writing to a text cannot fail.
fn append_cell(text: &mut String, column: &Column, row: usize) {
    let _ = match column {
        Column::Bool(array) => write!(text, "{}", array.value(row)),
        Column::Text(array) => write!(text, "{}", array.value(row)),
        Column::Number(numbers) => match numbers {
            Numbers::Small { values, scale: 0, .. } => write!(text, "{}", values[row]),
            Numbers::Decimal { values, scale: 0, .. } => write!(text, "{}", values[row]),
            _ => numbers.get(row).map_or(Ok(()), |value| append_number(text, &value)),
        },
        Column::Date(array) => match date(array.value(row)) {
            Some(date) => write!(text, "{}", date.format("%Y-%m-%d")),
            None => write!(text, "{}", array.value(row)),
        },
        Column::Instant(array) => match chrono::DateTime::from_timestamp_micros(array.value(row)) {
            Some(instant) => write!(text, "{}", instant.format("%Y-%m-%dT%H:%M:%S%.6fZ")),
            None => write!(text, "{}", array.value(row)),
        },
        Column::Duration(array) => write!(text, "{}", array.value(row)),
        Column::TextList(_) => Ok(()),
    };
}

/// A number as a decimal, as short as it can be, or as a ratio where it has no end.
fn append_number(text: &mut String, value: &BigRational) -> std::fmt::Result {
    let Some(scale) = decimal_scale(value.denom()) else {
        return write!(text, "{}/{}", value.numer(), value.denom());
    };
    let unscaled: BigInt = value.numer() * (big_power_of_ten(scale) / value.denom());
    if unscaled.sign() == num_bigint::Sign::Minus {
        text.push('-');
    }
    let scale = scale as usize;
    let digits = format!("{:0>width$}", unscaled.magnitude().to_string(), width = scale + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len() - scale).unwrap_or((&digits, ""));
    text.push_str(whole);
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::ir::Value;

    fn text(value: Value) -> String {
        let mut text = String::new();
        append_cell(&mut text, &Column::from_value(&value), 0);
        text
    }

    fn number(numerator: i64, denominator: i64) -> Value {
        Value::Number(BigRational::new(numerator.into(), denominator.into()))
    }

    #[test]
    fn values_as_text() {
        let texts = [(7, 1), (-3, 2), (-1, 200), (0, 1), (100, 1), (1, 3), (123, 100)].map(|(a, b)| text(number(a, b)));
        assert_eq!(texts, ["7", "-1.5", "-0.005", "0", "100", "1/3", "1.23"]);
        let day = NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
        assert_eq!(text(Value::Date(day)), "2026-03-31");
        assert_eq!(text(Value::Instant(1_774_926_000_000_000)), "2026-03-31T03:00:00.000000Z");
        assert_eq!(text(Value::Bool(true)), "true");
        assert_eq!(text(Value::Text("Ä 1".into())), "Ä 1");
        // However the number comes.
        let small = Column::Number(Numbers::Small { values: vec![-1500].into(), scale: 3, nulls: None });
        let mut shortest = String::new();
        append_cell(&mut shortest, &small, 0);
        assert_eq!(shortest, "-1.5");
    }

    #[test]
    fn the_first_bits_of_the_digest() {
        // printf 'launch\x1fC001\x1f7' | sha256sum
        let parts = [Column::from_value(&Value::Text("C001".into())), Column::from_value(&number(7, 1))];
        let hashes = key_hash("launch", &[&parts[0], &parts[1]], 2).unwrap();
        let expected: BigRational = "14068202060928155095".parse().unwrap();
        assert_eq!((hashes.get(0), hashes.get(1)), (Some(expected.clone()), Some(expected)));
        let unknown = Column::unknown(crate::ir::Type::Text, 2);
        assert_eq!(key_hash("launch", &[&unknown], 2).unwrap().get(0), None);
    }
}
