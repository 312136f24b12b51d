//! The share of the others with a smaller value: the one form that asks for every position.

use num_integer::Integer;

use super::value::Ranked;

/// How many values a step of the first search passes over.
const STRIDE: usize = 128;

/// The values of a population in order.
#[derive(Debug)]
pub(super) struct Sorted<T> {
    values: Vec<T>,
    /// Every so many of them, so that a search begins where memory is near.
    steps: Vec<T>,
}

impl<T: Ranked> Sorted<T> {
    /// Of sorted values.
    pub fn new(values: Vec<T>) -> Self {
        let steps = values.iter().step_by(STRIDE).cloned().collect();
        Sorted { values, steps }
    }

    /// How many are smaller.
    #[inline]
    fn below(&self, value: &T) -> usize {
        // All before the last step below the value are below it, none from the first step that is not.
        let passed = self.steps.partition_point(|step| step < value);
        let from = passed.saturating_sub(1) * STRIDE;
        let to = (passed * STRIDE).min(self.values.len());
        from + self.values.get(from..to).unwrap_or_default().partition_point(|other| other < value)
    }

    /// The share of the others that are smaller, as the bytes of an exact number; 0 of nobody.
    #[inline]
    pub fn share(&self, value: &T) -> Share {
        let others = self.values.len().saturating_sub(1).max(1) as u64;
        Share::new(self.below(value) as u64, others)
    }

    /// Bytes held.
    pub fn size(&self) -> usize {
        (self.values.capacity() + self.steps.capacity()) * size_of::<T>()
    }
}

/// A ratio of two whole numbers as `encode_exact` writes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    bytes: [u8; 24],
    len: usize,
}

impl Share {
    fn new(above: u64, below: u64) -> Share {
        let divisor = above.gcd(&below).max(1);
        let (above, below) = (above / divisor, below / divisor);
        let mut share = Share { bytes: [0; 24], len: 0 };
        // One bit more for the sign.
        let length = ((64 - above.leading_zeros()) / 8 + 1) as u8;
        share.put(&u32::from(length).to_le_bytes());
        let wide = u128::from(above).to_le_bytes();
        share.put(wide.get(..usize::from(length)).unwrap_or_default());
        if below != 1 {
            let length = (64 - below.leading_zeros()).div_ceil(8) as usize;
            share.put(below.to_le_bytes().get(..length).unwrap_or_default());
        }
        share
    }

    fn put(&mut self, bytes: &[u8]) {
        if let Some(room) = self.bytes.get_mut(self.len..self.len + bytes.len()) {
            room.copy_from_slice(bytes);
            self.len += bytes.len();
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use num_rational::BigRational;
    use proptest::prelude::*;

    use super::*;
    use crate::engine::kernel::number::encode_exact;

    proptest! {
        #[test]
        fn written_as_any_number(
            above in prop_oneof![0u64..300, 0..70_000u64, any::<u64>()],
            below in prop_oneof![1u64..300, 1..70_000u64, 1u64..],
        ) {
            let expected = encode_exact(&BigRational::new(above.into(), below.into()));
            let share = Share::new(above, below);
            prop_assert_eq!(share.bytes(), &expected[..]);
        }

        #[test]
        fn counts_what_is_below(mut values in proptest::collection::vec(0i64..400, 0..1000), value in 0i64..400) {
            values.sort_unstable();
            let expected = values.iter().filter(|other| **other < value).count();
            prop_assert_eq!(Sorted::new(values).below(&value), expected);
        }
    }
}
