//! The most frequent value, and how often it occurs.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, Int64Array};
use datafusion::arrow::datatypes::DataType;

use super::domain::Domain;
use super::tally::{Tallies, Weight, delegate_to_tallies};
use super::{FeatureState, Result, Take, mismatch};

/// The most frequent known value per group, the smallest of several; unknown over nothing.
///
/// Where one of the values does not fit, neither does the result.
#[derive(Debug)]
pub struct Mode<D: Domain> {
    tallies: Tallies<D, i64>,
}

/// How often the most frequent known value occurs, per group; 0 over nothing.
#[derive(Debug)]
pub struct ModeCount<D: Domain> {
    tallies: Tallies<D, i64>,
}

impl<D: Domain> Mode<D> {
    /// Of values of a type.
    pub fn new(domain: D) -> Self {
        Mode { tallies: Tallies::new(domain) }
    }
}

impl<D: Domain> ModeCount<D> {
    /// Of values of a type.
    pub fn new(domain: D) -> Self {
        ModeCount { tallies: Tallies::new(domain) }
    }
}

impl<D: Domain> FeatureState for Mode<D> {
    delegate_to_tallies!();

    fn finish(&mut self, take: Take) -> Result<ArrayRef> {
        let mut modes = Vec::new();
        for tally in self.tallies.take(take) {
            modes.push(mode(&self.tallies.domain, tally.into_entries())?);
        }
        let output = self.tallies.domain.output(&modes)?;
        self.tallies.forget()?;
        Ok(output)
    }
}

fn mode<D: Domain>(domain: &D, mut entries: Vec<(D::Token, i64)>) -> Result<Option<D::Token>> {
    if let Some(too_large) = too_large(domain, &entries) {
        return Ok(Some(too_large));
    }
    let greatest = greatest_count(&entries);
    entries.retain(|(_, count)| *count == greatest);
    domain.sort_by_value(&mut entries)?;
    Ok(entries.first().map(|(token, _)| *token))
}

impl<D: Domain> FeatureState for ModeCount<D> {
    delegate_to_tallies!();

    fn finish(&mut self, take: Take) -> Result<ArrayRef> {
        let mut counts = Vec::new();
        for tally in self.tallies.take(take) {
            let entries = tally.into_entries();
            countable(&self.tallies.domain, &entries)?;
            counts.push(greatest_count(&entries));
        }
        self.tallies.forget()?;
        Ok(Arc::new(Int64Array::from(counts)))
    }
}

fn greatest_count<T>(entries: &[(T, i64)]) -> i64 {
    entries.iter().map(|(_, count)| *count).max().unwrap_or(0)
}

/// The token for numbers that do not fit, if it is among the sorted entries.
pub fn too_large<D: Domain, W: Weight>(domain: &D, entries: &[(D::Token, W)]) -> Option<D::Token> {
    let too_large = domain.does_not_fit()?;
    entries.binary_search_by_key(&too_large, |(token, _)| *token).ok().map(|_| too_large)
}

/// An error where a number that does not fit is among the sorted entries: whether it equals another cannot be told, and
/// a count has no way to say so.
pub fn countable<D: Domain, W: Weight>(domain: &D, entries: &[(D::Token, W)]) -> Result<()> {
    match too_large(domain, entries) {
        Some(_) => Err(mismatch("numbers that do not fit cannot be told apart and counted")),
        None => Ok(()),
    }
}
