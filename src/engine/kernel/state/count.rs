//! How many rows, or known arguments.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Int64Type};

use super::rows::{Rows, column, primitive};
use super::{FeatureState, Result, Take};

/// A count per group; 0 over nothing.
#[derive(Debug, Default)]
pub struct Count {
    counts: Vec<i64>,
}

impl FeatureState for Count {
    fn add(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total_groups: usize,
    ) -> Result<()> {
        self.counts.resize(total_groups, 0);
        Rows::new(groups, values.first(), filter)?.each(|_, group| self.counts[group] += 1);
        Ok(())
    }

    fn merge(&mut self, states: &[ArrayRef], groups: &[usize], total_groups: usize) -> Result<()> {
        self.counts.resize(total_groups, 0);
        let counts = column(states, 0)?;
        let numbers = primitive::<Int64Type>(counts)?.values();
        Rows::new(groups, Some(counts), None)?.each(|row, group| self.counts[group] += numbers[row]);
        Ok(())
    }

    fn finish(&mut self, take: Take) -> Result<ArrayRef> {
        Ok(Arc::new(Int64Array::from(take.split(&mut self.counts))))
    }

    fn state(&mut self, take: Take) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.finish(take)?])
    }

    fn state_types(&self) -> Vec<DataType> {
        vec![DataType::Int64]
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.counts.capacity() * size_of::<i64>()
    }
}
