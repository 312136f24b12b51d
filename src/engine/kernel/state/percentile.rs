//! A value below which so much of a group lies.

use datafusion::arrow::array::{ArrayRef, BooleanArray};
use datafusion::arrow::datatypes::DataType;
use num_bigint::BigInt;
use num_rational::BigRational;

use super::bytes::binary_array;
use super::domain::Domain;
use super::exact::encode_final;
use super::mode::too_large;
use super::tally::{Tallies, delegate_to_tallies};
use super::{FeatureState, Result, Take};
use crate::engine::kernel::number::DOES_NOT_FIT;

/// 100% in millionths of a percent.
const WHOLE: u32 = 100_000_000;

/// A percentile per group, as an exact number; unknown over nothing.
///
/// Of n sorted values it is the one at rank p/100 × (n − 1), counted from 0; between two ranks it lies on the straight
/// line between their values. Where one of the values does not fit, neither does the result.
#[derive(Debug)]
pub struct Percentile<D: Domain> {
    tallies: Tallies<D, i64>,
    /// Millionths of a percent, at most [`WHOLE`].
    millionths: u32,
}

impl<D: Domain> Percentile<D> {
    /// Of numbers of a type, at so many millionths of a percent.
    pub fn new(domain: D, millionths: u32) -> Self {
        Percentile { tallies: Tallies::new(domain), millionths: millionths.min(WHOLE) }
    }

    fn of(&self, mut entries: Vec<(D::Token, i64)>) -> Result<Option<Vec<u8>>> {
        let domain = &self.tallies.domain;
        if too_large(domain, &entries).is_some() {
            return Ok(Some(DOES_NOT_FIT.to_vec()));
        }
        domain.sort_by_value(&mut entries)?;
        let values: i64 = entries.iter().map(|(_, count)| *count).sum();
        if values == 0 {
            return Ok(None);
        }
        let position = i128::from(self.millionths) * i128::from(values - 1);
        let (rank, part) = (position / i128::from(WHOLE), position % i128::from(WHOLE));
        let Some(lower) = at_rank(&entries, rank) else { return Ok(None) };
        let mut value = domain.number(lower)?;
        if part != 0
            && let Some(upper) = at_rank(&entries, rank + 1)
        {
            let step = domain.number(upper)? - &value;
            value += step * BigRational::new(BigInt::from(part), BigInt::from(WHOLE));
        }
        Ok(Some(encode_final(&value)))
    }
}

/// The value at a rank, counted from 0, of sorted values.
fn at_rank<T: Copy>(entries: &[(T, i64)], rank: i128) -> Option<T> {
    let mut seen = 0;
    let entry = entries.iter().find(|(_, count)| {
        seen += i128::from(*count);
        seen > rank
    });
    entry.map(|(token, _)| *token)
}

impl<D: Domain> FeatureState for Percentile<D> {
    delegate_to_tallies!();

    fn finish(&mut self, take: Take) -> Result<ArrayRef> {
        let mut percentiles = Vec::new();
        for tally in self.tallies.take(take) {
            percentiles.push(self.of(tally.into_entries())?);
        }
        self.tallies.forget()?;
        binary_array(percentiles.into_iter())
    }
}
