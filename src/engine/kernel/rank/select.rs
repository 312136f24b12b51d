//! The values at some positions of a sorted population, found without sorting it.

use std::cmp::Ordering;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selected<T> {
    /// The value.
    pub value: T,
    /// How many are below it.
    pub below: usize,
    /// How many are not above it.
    pub not_above: usize,
}

impl<T> Selected<T> {
    /// How many are equal to it.
    pub fn equal(&self) -> usize {
        self.not_above - self.below
    }
}

/// How many values for one position make sorting as good as selecting.
const WORTH_SORTING: usize = 16;

/// The values at ascending positions, all of them below the number of values, which are rearranged.
pub(super) fn select<T: Ord + Clone>(values: &mut [T], positions: &[usize]) -> Vec<Selected<T>> {
    if positions.len() > values.len() / WORTH_SORTING {
        values.sort_unstable();
    } else {
        arrange(values, 0, positions, &|a, b| a.cmp(b));
    }
    counted(values, positions)
}

/// Brings to each position, an ascending number from `start` on, what stands there when all are sorted.
pub(super) fn arrange<T>(
    mut values: &mut [T],
    mut start: usize,
    mut positions: &[usize],
    compare: &impl Fn(&T, &T) -> Ordering,
) {
    while let Some(&middle) = positions.get(positions.len() / 2) {
        let Some(place) = middle.checked_sub(start).filter(|place| *place < values.len()) else { return };
        values.select_nth_unstable_by(place, compare);
        let (lower, upper) = values.split_at_mut(place);
        arrange(lower, start, &positions[..positions.len() / 2], compare);
        values = upper.get_mut(1..).unwrap_or_default();
        start = middle + 1;
        positions = &positions[positions.len() / 2 + 1..];
    }
}

/// The values at ascending positions, where these stand right already: all are sorted, or each position has its value and
/// between two of them lie only values between theirs.
pub(super) fn counted<T: Ord + Clone>(values: &[T], positions: &[usize]) -> Vec<Selected<T>> {
    let mut selected: Vec<Selected<T>> = Vec::with_capacity(positions.len());
    let mut next = 0;
    for &position in positions {
        let Some(value) = values.get(position) else { break };
        let below = match selected.last() {
            Some(last) if last.value == *value => last.below,
            _ => position - equal(values, next, position, value),
        };
        selected.push(Selected { value: value.clone(), below, not_above: position + 1 });
        next = position + 1;
    }
    let mut end = values.len();
    for at in (0..selected.len()).rev() {
        let (before, after) = selected.split_at_mut(at + 1);
        let Some(this) = before.last_mut() else { break };
        this.not_above = match after.first() {
            Some(after) if after.value == this.value => after.not_above,
            _ => this.not_above + equal(values, this.not_above, end, &this.value),
        };
        end = positions.get(at).copied().unwrap_or(end);
    }
    selected
}

fn equal<T: PartialEq>(values: &[T], from: usize, to: usize, value: &T) -> usize {
    values.get(from..to).unwrap_or_default().iter().filter(|other| *other == value).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn selected_as_sorted(
            values in proptest::collection::vec(0i64..20, 1..200),
            wanted in proptest::collection::btree_set(0usize..200, 0..20),
        ) {
            let positions: Vec<usize> = wanted.into_iter().filter(|at| *at < values.len()).collect();
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let expected: Vec<_> = positions.iter().map(|at| Selected {
                value: sorted[*at],
                below: sorted.partition_point(|value| value < &sorted[*at]),
                not_above: sorted.partition_point(|value| value <= &sorted[*at]),
            }).collect();
            let mut arranged = values.clone();
            arrange(&mut arranged, 0, &positions, &|a, b| a.cmp(b));
            prop_assert_eq!(&counted(&arranged, &positions), &expected);
            prop_assert_eq!(&select(&mut values.clone(), &positions), &expected);
        }
    }
}
