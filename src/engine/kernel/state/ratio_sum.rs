//! Sums of exact numbers, that is of ratios.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, LargeListArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field};
use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use super::bytes::{Bytes, binary_array, large_binary_array};
use super::exact::{decode, encode_final};
use super::rows::{Rows, column, downcast};
use super::{FeatureState, Result, Take, mismatch};
use crate::engine::kernel::number::DOES_NOT_FIT;

/// A sum of exact numbers per group; 0 over nothing. Where one of them does not fit, neither does the sum.
#[derive(Debug, Default)]
pub struct RatioSum {
    totals: Vec<Total>,
    /// Bytes that the totals hold beside their own.
    heap: usize,
}

/// A sum in parts that are cheap to add to. Adding a ratio to a ratio of everything so far would reduce ever longer
/// numbers row by row, only for the next row to make them longer.
#[derive(Clone, Debug)]
struct Total {
    /// What is over a common denominator of one machine word.
    numerator: BigInt,
    denominator: u64,
    /// The numerators over denominators with which it would not be. Over 0: one of the numbers did not fit.
    others: BTreeMap<BigInt, BigInt>,
}

impl Default for Total {
    fn default() -> Self {
        Total { numerator: BigInt::ZERO, denominator: 1, others: BTreeMap::new() }
    }
}

impl Total {
    /// Adds a ratio. Returns the bytes held before and after by what changed.
    fn add(&mut self, numerator: BigInt, denominator: BigInt) -> (usize, usize) {
        if let Some(common) = self.common_denominator(&denominator) {
            let before = heap(&self.numerator);
            if common != self.denominator {
                self.numerator *= common / self.denominator;
                self.denominator = common;
            }
            self.numerator += numerator * (BigInt::from(common) / denominator);
            return (before, heap(&self.numerator));
        }
        let fresh = heap(&denominator) + 2 * size_of::<BigInt>();
        match self.others.entry(denominator) {
            Entry::Occupied(mut sum) => {
                let before = heap(sum.get());
                *sum.get_mut() += numerator;
                (before, heap(sum.get()))
            }
            Entry::Vacant(slot) => (0, fresh + heap(slot.insert(numerator))),
        }
    }

    fn common_denominator(&self, other: &BigInt) -> Option<u64> {
        let other = other.to_u64().filter(|other| *other != 0)?;
        if self.denominator.is_multiple_of(other) {
            return Some(self.denominator);
        }
        self.denominator.checked_mul(other / self.denominator.gcd(&other))
    }

    /// Numerators and denominators.
    fn into_parts(self) -> impl Iterator<Item = (BigInt, BigInt)> {
        let others = self.others.into_iter().map(|(denominator, numerator)| (numerator, denominator));
        std::iter::once((self.numerator, self.denominator.into())).chain(others)
    }

    /// The sum; none where one of the numbers did not fit.
    fn into_sum(self) -> Option<BigRational> {
        if self.others.contains_key(&BigInt::ZERO) {
            return None;
        }
        let mut sums: Vec<_> = self.into_parts().map(|(n, d)| BigRational::new(n, d)).collect();
        // Two by two, so that long numbers meet long ones only a few times.
        while sums.len() > 1 {
            let mut pairs = sums.into_iter();
            sums = Vec::with_capacity(pairs.len().div_ceil(2));
            while let Some(left) = pairs.next() {
                sums.push(match pairs.next() {
                    Some(right) => left + right,
                    None => left,
                });
            }
        }
        Some(sums.pop().unwrap_or_else(BigRational::zero))
    }

    fn heap(&self) -> usize {
        let others = self
            .others
            .iter()
            .map(|(denominator, numerator)| 2 * size_of::<BigInt>() + heap(denominator) + heap(numerator));
        heap(&self.numerator) + others.sum::<usize>()
    }
}

/// What the lists of a state are made of: numerators and denominators in turn.
fn pair_field() -> Field {
    Field::new_list_field(DataType::LargeBinary, true)
}

/// Bytes that a big integer holds beside its own.
fn heap(integer: &BigInt) -> usize {
    (integer.bits() as usize).div_ceil(64) * size_of::<u64>()
}

impl RatioSum {
    fn add_ratio(&mut self, group: usize, numerator: BigInt, denominator: BigInt) {
        let (before, after) = self.totals[group].add(numerator, denominator);
        self.heap = self.heap + after - before;
    }

    fn take(&mut self, take: Take) -> Vec<Total> {
        let totals = take.split(&mut self.totals);
        self.heap -= totals.iter().map(Total::heap).sum::<usize>();
        totals
    }
}

impl FeatureState for RatioSum {
    fn add(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total_groups: usize,
    ) -> Result<()> {
        self.totals.resize(total_groups, Total::default());
        let array = column(values, 0)?;
        let numbers = Bytes::new(array)?;
        Rows::new(groups, Some(array), filter)?.try_each(|row, group| {
            let (numerator, denominator) =
                decode(numbers.value(row))?.map_or((BigInt::ZERO, BigInt::ZERO), BigRational::into_raw);
            self.add_ratio(group, numerator, denominator);
            Ok(())
        })
    }

    fn merge(&mut self, states: &[ArrayRef], groups: &[usize], total_groups: usize) -> Result<()> {
        self.totals.resize(total_groups, Total::default());
        let lists = downcast::<LargeListArray>(column(states, 0)?)?;
        let integers = Bytes::new(lists.values())?;
        Rows::new(groups, Some(column(states, 0)?), None)?.try_each(|row, group| {
            let (mut at, end) = (lists.value_offsets()[row] as usize, lists.value_offsets()[row + 1] as usize);
            if !(end - at).is_multiple_of(2) {
                return Err(mismatch("pairs were expected in the state of a sum"));
            }
            while at < end {
                let [numerator, denominator] = [at, at + 1].map(|at| BigInt::from_signed_bytes_le(integers.value(at)));
                self.add_ratio(group, numerator, denominator);
                at += 2;
            }
            Ok(())
        })
    }

    fn finish(&mut self, take: Take) -> Result<ArrayRef> {
        let sums = self.take(take).into_iter().map(Total::into_sum);
        binary_array(sums.map(|sum| Some(sum.map_or_else(|| DOES_NOT_FIT.to_vec(), |sum| encode_final(&sum)))))
    }

    fn state(&mut self, take: Take) -> Result<Vec<ArrayRef>> {
        let totals: Vec<Vec<_>> =
            self.take(take).into_iter().map(|total| total.into_parts().flat_map(|(n, d)| [n, d]).collect()).collect();
        let offsets = OffsetBuffer::<i64>::from_lengths(totals.iter().map(Vec::len));
        let integers = large_binary_array(totals.iter().flatten().map(|integer| Some(integer.to_signed_bytes_le())));
        Ok(vec![Arc::new(LargeListArray::try_new(Arc::new(pair_field()), offsets, integers, None)?)])
    }

    fn state_types(&self) -> Vec<DataType> {
        vec![DataType::LargeList(Arc::new(pair_field()))]
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.totals.capacity() * size_of::<Total>() + self.heap
    }
}
