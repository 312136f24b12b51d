//! The first and the last value in row order.

use std::cmp::Ordering;

use datafusion::arrow::array::{ArrayRef, BooleanArray};
use datafusion::arrow::datatypes::DataType;

use super::bytes::{Bytes, large_binary_array};
use super::kind::Kind;
use super::rows::{Rows, column};
use super::{FeatureState, Result, Take, mismatch};

/// The first or the last known value per group; unknown over nothing.
///
/// The second argument says where a row stands: bytes whose order is the order of rows. It decides, not the order in
/// which rows come. Rows with equal bytes are equal.
#[derive(Debug)]
pub struct Ends<K: Kind> {
    kind: K,
    /// How a row's order compares with the kept one's to take its place.
    better: Ordering,
    ends: Vec<Option<End<K::Value>>>,
    /// Bytes that values and orders hold beside their own.
    heap: usize,
}

#[derive(Clone, Debug)]
struct End<V> {
    order: Vec<u8>,
    value: V,
}

impl<K: Kind> Ends<K> {
    /// The first.
    pub fn first(kind: K) -> Self {
        Ends { kind, better: Ordering::Less, ends: Vec::new(), heap: 0 }
    }

    /// The last.
    pub fn last(kind: K) -> Self {
        Ends { better: Ordering::Greater, ..Self::first(kind) }
    }

    fn heap_of(end: &End<K::Value>) -> usize {
        end.order.capacity() + K::heap(&end.value)
    }

    fn offer(&mut self, group: usize, order: &[u8], item: K::Item<'_>) {
        let end = match &mut self.ends[group] {
            Some(end) if order.cmp(&end.order) != self.better => return,
            Some(end) => {
                self.heap -= Self::heap_of(end);
                end
            }
            none => none.insert(End { order: Vec::new(), value: K::Value::default() }),
        };
        end.order.clear();
        end.order.extend_from_slice(order);
        K::store(item, &mut end.value);
        self.heap += Self::heap_of(end);
    }

    fn take(&mut self, take: Take) -> Vec<Option<End<K::Value>>> {
        let ends = take.split(&mut self.ends);
        self.heap -= ends.iter().flatten().map(Self::heap_of).sum::<usize>();
        ends
    }
}

/// The values, and which of them are known.
fn values_of<V: Default>(ends: Vec<Option<End<V>>>) -> (Vec<V>, Vec<bool>) {
    ends.into_iter().map(|end| end.map_or_else(|| (V::default(), false), |end| (end.value, true))).unzip()
}

impl<K: Kind> FeatureState for Ends<K> {
    fn add(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total_groups: usize,
    ) -> Result<()> {
        self.ends.resize(total_groups, None);
        let (array, orders) = (column(values, 0)?, column(values, 1)?);
        if orders.len() != groups.len() {
            return Err(mismatch(format!("{} orders for {} rows", orders.len(), groups.len())));
        }
        let arguments = self.kind.column(array)?;
        let known = orders.nulls();
        let orders = Bytes::new(orders)?;
        Rows::new(groups, Some(array), filter)?.try_each(|row, group| {
            if known.is_some_and(|known| known.is_null(row)) {
                return Err(mismatch("a row without an order"));
            }
            self.offer(group, orders.value(row), K::item(&arguments, row));
            Ok(())
        })
    }

    fn merge(&mut self, states: &[ArrayRef], groups: &[usize], total_groups: usize) -> Result<()> {
        self.add(states, groups, None, total_groups)
    }

    fn finish(&mut self, take: Take) -> Result<ArrayRef> {
        let (values, known) = values_of(self.take(take));
        self.kind.output(values, known)
    }

    fn state(&mut self, take: Take) -> Result<Vec<ArrayRef>> {
        let ends = self.take(take);
        let orders = large_binary_array(ends.iter().map(|end| end.as_ref().map(|end| &end.order)));
        let (values, known) = values_of(ends);
        Ok(vec![self.kind.state(values, known)?, orders])
    }

    fn state_types(&self) -> Vec<DataType> {
        vec![self.kind.state_type(), DataType::LargeBinary]
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.ends.capacity() * size_of::<Option<End<K::Value>>>() + self.heap
    }
}
