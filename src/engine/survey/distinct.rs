//! Counting distinct values in bounded memory.
//!
//! The 10,001 smallest hashes are kept. While there are fewer, their number is the answer; then the greatest of them
//! tells how densely hashes lie: were it in the middle of all 64-bit numbers, there would be twice as many values. The
//! error of the estimate is one percent on average (1/√k for k kept). What is kept depends on the set of values alone,
//! so neither the order of rows nor the number of threads shows.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Up to so many distinct values are counted exactly.
pub(super) const EXACT: usize = 10_000;
/// How many hashes are kept for good: one more tells that there are more than [`EXACT`].
const KEPT: usize = EXACT + 1;
/// How many hashes are kept for now; reducing them to [`KEPT`] is worth it then.
const CROWDED: usize = 2 * KEPT;

/// A count of distinct values, by their hashes.
#[derive(Clone, Debug)]
pub(super) struct Distinct {
    hashes: HashSet<u64, BuildHasherDefault<AsItIs>>,
    /// Hashes above it are of no use any more.
    limit: u64,
}

impl Default for Distinct {
    fn default() -> Self {
        Distinct { hashes: HashSet::default(), limit: u64::MAX }
    }
}

impl Distinct {
    /// Counts a value by its hash, which must be evenly spread over 64 bits.
    #[inline]
    pub fn add(&mut self, hash: u64) {
        if hash <= self.limit && self.hashes.insert(hash) && self.hashes.len() >= CROWDED {
            self.reduce();
        }
    }

    /// Counts the values of another count too.
    pub fn merge(&mut self, other: Distinct) {
        self.limit = self.limit.min(other.limit);
        for hash in other.hashes {
            self.add(hash);
        }
    }

    /// How many distinct values there are: exactly up to [`EXACT`], else an estimate.
    pub fn count(&self) -> u64 {
        if self.hashes.len() <= EXACT {
            return self.hashes.len() as u64;
        }
        // Of n hashes spread evenly over 2^64, the k-th smallest lies near k/n of the way: n = (k - 1) / (h / 2^64)
        // has no bias (Bar-Yossef et al., "Counting distinct elements in a data stream", 2002).
        let share = (self.kept_greatest() as f64 + 1.0) / 2f64.powi(64);
        ((KEPT - 1) as f64 / share).round() as u64
    }

    /// How many of the values that are kept here could also have been kept there, and how many of these are.
    pub fn found_in(&self, other: &Distinct) -> (u64, u64) {
        let common = self.kept_greatest().min(other.kept_greatest());
        let comparable = self.hashes.iter().filter(|hash| **hash <= common);
        comparable.fold((0, 0), |(seen, found), hash| (seen + 1, found + u64::from(other.hashes.contains(hash))))
    }

    /// The greatest of the [`KEPT`] smallest hashes.
    fn kept_greatest(&self) -> u64 {
        let mut hashes: Vec<u64> = self.hashes.iter().copied().collect();
        match hashes.len() {
            0..KEPT => u64::MAX,
            _ => *hashes.select_nth_unstable(KEPT - 1).1,
        }
    }

    fn reduce(&mut self) {
        self.limit = self.kept_greatest();
        let limit = self.limit;
        self.hashes.retain(|hash| *hash <= limit);
    }
}

/// Hashes are hashed already.
#[derive(Clone, Debug, Default)]
pub(super) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The finaliser of SplitMix64: neighbours get hashes far apart.
    fn hash(value: u64) -> u64 {
        let value = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    fn of(values: impl Iterator<Item = u64>) -> Distinct {
        let mut distinct = Distinct::default();
        values.for_each(|value| distinct.add(hash(value)));
        distinct
    }

    #[test]
    fn counts_are_exact_up_to_ten_thousand() {
        for count in [0, 1, 24, 25, 9_999, 10_000] {
            assert_eq!(of((0..count).chain(0..count)).count(), count);
        }
    }

    #[test]
    fn larger_counts_are_near() {
        for count in [10_001, 20_500, 100_000, 1_000_000] {
            let found = of(0..count).count();
            assert!(found.abs_diff(count) * 100 <= count * 4, "{found} of {count}");
        }
    }

    #[test]
    fn neither_order_nor_parts_show() {
        let whole = of(0..50_000).count();
        assert_eq!(of((0..50_000).rev()).count(), whole);
        let mut merged = of(30_000..50_000);
        merged.merge(of(0..35_000));
        merged.merge(of(0..5));
        assert_eq!(merged.count(), whole);
        let mut small = of(0..5);
        small.merge(of(3..9));
        assert_eq!(small.count(), 9);
    }

    #[test]
    fn memory_is_bounded() {
        let distinct = of(0..500_000);
        assert!(distinct.hashes.len() < CROWDED);
    }
}
