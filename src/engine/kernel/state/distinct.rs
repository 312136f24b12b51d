//! How many distinct values.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, Int64Array};
use datafusion::arrow::datatypes::DataType;

use super::domain::Domain;
use super::mode::countable;
use super::tally::{Tallies, delegate_to_tallies};
use super::{FeatureState, Result, Take};

/// A count of distinct known values per group; 0 over nothing.
#[derive(Debug)]
pub struct CountDistinct<D: Domain> {
    tallies: Tallies<D, ()>,
}

impl<D: Domain> CountDistinct<D> {
    /// Of values of a type.
    pub fn new(domain: D) -> Self {
        CountDistinct { tallies: Tallies::new(domain) }
    }
}

impl<D: Domain> FeatureState for CountDistinct<D> {
    delegate_to_tallies!();

    fn finish(&mut self, take: Take) -> Result<ArrayRef> {
        let mut counts = Vec::new();
        for tally in self.tallies.take(take) {
            let entries = tally.into_entries();
            countable(&self.tallies.domain, &entries)?;
            counts.push(entries.len() as i64);
        }
        self.tallies.forget()?;
        Ok(Arc::new(Int64Array::from(counts)))
    }
}
