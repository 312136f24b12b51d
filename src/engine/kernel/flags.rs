//! A bit for each of many values.

use datafusion::arrow::buffer::BooleanBuffer;

/// A bit for each value. Flags are made as bytes, of which processors make many at once, and put together afterwards.
pub fn flags<T: Copy>(values: &[T], flag: impl Fn(T) -> bool) -> BooleanBuffer {
    let word = |values: &[T]| {
        let mut bytes = [0; WORD];
        bytes.iter_mut().zip(values).for_each(|(byte, value)| *byte = u8::from(flag(*value)));
        packed(&bytes)
    };
    let words: Vec<u64> = values.chunks(WORD).map(word).collect();
    BooleanBuffer::new(words.into(), 0, values.len())
}

/// A bit for each pair of values.
pub fn pairs<T: Copy, U: Copy>(a: &[T], b: &[U], flag: impl Fn(T, U) -> bool) -> BooleanBuffer {
    let word = |(a, b): (&[T], &[U])| {
        let mut bytes = [0; WORD];
        bytes.iter_mut().zip(a.iter().zip(b)).for_each(|(byte, (a, b))| *byte = u8::from(flag(*a, *b)));
        packed(&bytes)
    };
    let words: Vec<u64> = a.chunks(WORD).zip(b.chunks(WORD)).map(word).collect();
    BooleanBuffer::new(words.into(), 0, a.len().min(b.len()))
}

/// Bits of a word.
const WORD: usize = u64::BITS as usize;

/// The lowest bit of each byte, in order. The product moves that of byte `i` of eight to bit `56 + i`, and no two of the others to one
/// place, so that nothing is carried.
fn packed(bytes: &[u8; WORD]) -> u64 {
    let mut word = 0;
    for (at, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
        word |= (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * at);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_for_each_value() {
        for count in [0, 1, 7, 8, 63, 64, 65, 1_000] {
            let values: Vec<i64> = (0..count).map(|at| (at * 7_919) % 10).collect();
            let expected = BooleanBuffer::collect_bool(values.len(), |at| values[at] > 4);
            assert_eq!(flags(&values, |value| value > 4), expected, "{count}");
            let others: Vec<i32> = vec![4; values.len()];
            assert_eq!(pairs(&values, &others, |a, b| a > i64::from(b)), expected, "{count}");
        }
        assert_eq!(flags(&[true; 130], |flag| flag).count_set_bits(), 130);
    }
}
