//! What a column holds: counted batch by batch, in bounded memory, and merged over the threads that read.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use chrono_tz::Tz;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::common::hash_utils::{HLL_RANDOM_STATE, create_hashes};
use datafusion::common::{Result, ScalarValue};

use super::distinct::{AsItIs, Distinct};
use super::model::ValueCount;
use super::text;
use crate::engine::kernel::error::KernelError;
use crate::engine::kernel::form::NumberForm;
use crate::engine::kernel::number::Numbers;
use crate::engine::kernel::number::rounding::round;
use extremes::{Extremes, of_array};

mod extremes;

/// The most distinct values that are listed.
const LISTED: usize = 24;
/// Digits after the point at which ratios are shown.
const RATIO_PLACES: u8 = 12;
/// Digits of the widest decimal.
const WIDEST: u8 = 76;

/// What the columns of some rows hold.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    /// How many rows there are.
    pub rows: u64,
    /// In the order of the columns.
    pub columns: Vec<ColumnProfile>,
}

impl Profile {
    /// Of no rows; says of each column whether it holds numbers as the kernel's bytes.
    pub fn new(ratios: impl IntoIterator<Item = bool>) -> Self {
        let columns = ratios.into_iter().map(|ratio| ColumnProfile { ratio, ..ColumnProfile::default() });
        Profile { rows: 0, columns: columns.collect() }
    }

    /// Looks at more rows.
    pub fn see(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        for (profile, column) in self.columns.iter_mut().zip(batch.columns()) {
            profile.see(column)?;
        }
        Ok(())
    }

    /// Adds what was seen of other rows.
    pub fn merge(&mut self, other: Profile) {
        self.rows += other.rows;
        for (profile, other) in self.columns.iter_mut().zip(other.columns) {
            profile.merge(other);
        }
    }
}

/// What one column holds.
#[derive(Clone, Debug, Default)]
pub(super) struct ColumnProfile {
    /// Rows where it is unknown.
    pub unknown: u64,
    /// Its values are bytes that hold numbers exactly.
    ratio: bool,
    distinct: Distinct,
    listed: Listed,
    extremes: Option<Extremes>,
    /// The most digits after the point of a floating-point value; none for other types.
    pub scale: Option<u16>,
    /// Floating-point values that are no numbers.
    pub not_finite: u64,
}

impl ColumnProfile {
    fn see(&mut self, column: &ArrayRef) -> Result<()> {
        let column = plain(column)?;
        self.unknown += column.logical_null_count() as u64;
        if column.logical_null_count() == column.len() {
            return Ok(());
        }
        if column.data_type().is_floating() {
            self.see_floats(&column)?;
        } else if self.ratio {
            // A number too large to be shown has no place in a range.
            let shown = shown(&column).ok().map(|shown| of_array(&shown)).transpose()?;
            Extremes::widen(&mut self.extremes, shown.flatten());
        } else {
            Extremes::widen(&mut self.extremes, of_array(&column)?);
        }
        self.see_values(&column)
    }

    fn see_values(&mut self, column: &ArrayRef) -> Result<()> {
        let mut hashes = vec![0; column.len()];
        if create_hashes([column], &HLL_RANDOM_STATE, &mut hashes).is_err() {
            // A type whose values cannot be compared.
            return Ok(());
        }
        if !lists_values(column.data_type()) {
            self.listed = Listed::TooMany;
        }
        let nulls = column.logical_nulls();
        for (row, hash) in hashes.into_iter().enumerate() {
            if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
                continue;
            }
            self.distinct.add(hash);
            self.listed.see(hash, || text::of_array(column.as_ref(), row))?;
        }
        Ok(())
    }

    fn see_floats(&mut self, column: &ArrayRef) -> Result<()> {
        let single = !matches!(column.data_type(), DataType::Float64);
        let wide = cast(column, &DataType::Float64)?;
        let mut ends: Option<(f64, f64)> = None;
        for value in wide.as_primitive::<Float64Type>().iter().flatten() {
            if !value.is_finite() {
                self.not_finite += 1;
                continue;
            }
            let (low, high) = ends.unwrap_or((value, value));
            ends = Some((low.min(value), high.max(value)));
            self.scale = self.scale.max(Some(digits_after_point(value, single)));
        }
        let scalar = |value: f64| match single {
            true => ScalarValue::Float32(Some(value as f32)),
            false => ScalarValue::Float64(Some(value)),
        };
        Extremes::widen(
            &mut self.extremes,
            ends.map(|(low, high)| Extremes { least: scalar(low), greatest: scalar(high) }),
        );
        Ok(())
    }

    fn merge(&mut self, other: ColumnProfile) {
        self.unknown += other.unknown;
        self.not_finite += other.not_finite;
        self.scale = self.scale.max(other.scale);
        self.distinct.merge(other.distinct);
        self.listed.merge(other.listed);
        Extremes::widen(&mut self.extremes, other.extremes);
    }

    /// How many different known values there are.
    pub fn distinct(&self) -> u64 {
        self.distinct.count()
    }

    /// All known values if they are few, the most frequent first, equally frequent ones by text.
    pub fn values(&self) -> Option<Vec<ValueCount>> {
        let Listed::Few(values) = &self.listed else { return None };
        let mut values: Vec<ValueCount> =
            values.values().map(|(value, rows)| ValueCount { value: value.clone(), rows: *rows }).collect();
        values.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.value.cmp(&b.value)));
        Some(values)
    }

    /// The least and the greatest value as text.
    pub fn range(&self, zone: Tz) -> Result<Option<(String, String)>> {
        let Some(extremes) = &self.extremes else { return Ok(None) };
        Ok(Some((text::text(&extremes.least, zone)?, text::text(&extremes.greatest, zone)?)))
    }
}

/// Values by their hashes, as long as they are few.
#[derive(Clone, Debug)]
enum Listed {
    Few(HashMap<u64, (String, u64), BuildHasherDefault<AsItIs>>),
    TooMany,
}

impl Default for Listed {
    fn default() -> Self {
        Listed::Few(HashMap::default())
    }
}

impl Listed {
    fn see(&mut self, hash: u64, text: impl FnOnce() -> Result<String>) -> Result<()> {
        let Listed::Few(values) = self else { return Ok(()) };
        if let Some((_, rows)) = values.get_mut(&hash) {
            *rows += 1;
        } else if values.len() < LISTED {
            values.insert(hash, (text()?, 1));
        } else {
            *self = Listed::TooMany;
        }
        Ok(())
    }

    fn merge(&mut self, other: Listed) {
        let (Listed::Few(values), Listed::Few(others)) = (&mut *self, other) else {
            *self = Listed::TooMany;
            return;
        };
        for (hash, (text, rows)) in others {
            values.entry(hash).or_insert((text, 0)).1 += rows;
        }
        if values.len() > LISTED {
            *self = Listed::TooMany;
        }
    }
}

/// Whether a column's few values are worth a list: text, truths and whole numbers.
fn lists_values(ty: &DataType) -> bool {
    match ty {
        DataType::Utf8View | DataType::Boolean | DataType::Int64 => true,
        DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => *scale == 0,
        _ => false,
    }
}

/// A column without the dictionary it may come in.
fn plain(column: &ArrayRef) -> Result<ArrayRef> {
    match column.data_type() {
        DataType::Dictionary(_, values) => Ok(cast(column, values)?),
        _ => Ok(Arc::clone(column)),
    }
}

/// Exact numbers in the form in which they are shown: rounded half to even at 12 places.
fn shown(numbers: &ArrayRef) -> std::result::Result<ArrayRef, KernelError> {
    let (numbers, _) = Numbers::from_array(numbers)?;
    let form = NumberForm::Decimal { digits: WIDEST, scale: RATIO_PLACES };
    round(&numbers, i32::from(RATIO_PLACES))?.to_array(form)
}

/// How many digits after the point the shortest text has that reads back as the same number.
fn digits_after_point(value: f64, single: bool) -> u16 {
    let text = if single { format!("{:e}", value as f32) } else { format!("{value:e}") };
    let Some((mantissa, exponent)) = text.split_once('e') else { return 0 };
    let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i64);
    let exponent: i64 = exponent.parse().unwrap_or(0);
    u16::try_from((fraction - exponent).max(0)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests;
