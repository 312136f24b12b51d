//! The smallest and the greatest value.

use std::cmp::Ordering;

use datafusion::arrow::array::{ArrayRef, BooleanArray};
use datafusion::arrow::datatypes::DataType;

use super::kind::Kind;
use super::rows::{Rows, column};
use super::{FeatureState, Result, Take};

/// The smallest or the greatest value per group; unknown over nothing.
///
/// Where one of the values does not fit, neither does the result, since it could have been that one.
#[derive(Debug)]
pub struct Extreme<K: Kind> {
    kind: K,
    /// How a value compares with the one kept to take its place.
    better: Ordering,
    values: Vec<K::Value>,
    known: Vec<bool>,
    /// Bytes that the values hold beside their own.
    heap: usize,
}

impl<K: Kind> Extreme<K> {
    /// The smallest.
    pub fn smallest(kind: K) -> Self {
        Extreme { kind, better: Ordering::Less, values: Vec::new(), known: Vec::new(), heap: 0 }
    }

    /// The greatest.
    pub fn greatest(kind: K) -> Self {
        Extreme { better: Ordering::Greater, ..Self::smallest(kind) }
    }

    fn is_better(&self, item: K::Item<'_>, kept: K::Item<'_>) -> Result<bool> {
        if K::does_not_fit(kept) || K::does_not_fit(item) {
            return Ok(K::does_not_fit(item) && !K::does_not_fit(kept));
        }
        Ok(K::compare(item, kept)? == self.better)
    }

    fn take(&mut self, take: Take) -> (Vec<K::Value>, Vec<bool>) {
        let values = take.split(&mut self.values);
        self.heap -= values.iter().map(K::heap).sum::<usize>();
        (values, take.split(&mut self.known))
    }
}

impl<K: Kind> FeatureState for Extreme<K> {
    fn add(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total_groups: usize,
    ) -> Result<()> {
        self.values.resize(total_groups, K::Value::default());
        self.known.resize(total_groups, false);
        let array = column(values, 0)?;
        let arguments = self.kind.column(array)?;
        Rows::new(groups, Some(array), filter)?.try_each(|row, group| {
            let item = K::item(&arguments, row);
            if !self.known[group] || self.is_better(item, K::item_of(&self.values[group]))? {
                let kept = &mut self.values[group];
                self.heap -= K::heap(kept);
                K::store(item, kept);
                self.heap += K::heap(kept);
                self.known[group] = true;
            }
            Ok(())
        })
    }

    fn merge(&mut self, states: &[ArrayRef], groups: &[usize], total_groups: usize) -> Result<()> {
        self.add(states, groups, None, total_groups)
    }

    fn finish(&mut self, take: Take) -> Result<ArrayRef> {
        let (values, known) = self.take(take);
        self.kind.output(values, known)
    }

    fn state(&mut self, take: Take) -> Result<Vec<ArrayRef>> {
        let (values, known) = self.take(take);
        Ok(vec![self.kind.state(values, known)?])
    }

    fn state_types(&self) -> Vec<DataType> {
        vec![self.kind.state_type()]
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.values.capacity() * size_of::<K::Value>() + self.known.capacity() + self.heap
    }
}
