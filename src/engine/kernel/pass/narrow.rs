//! Rows as they wait for their subject: a few bytes each, whatever is asked of them.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, Int64Array, PrimitiveArray, UInt16Array, UInt64Array,
};
use datafusion::arrow::buffer::{BooleanBuffer, NullBuffer};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, DurationMicrosecondType, Field, Int64Type, TimestampMicrosecondType,
};
use datafusion::arrow::util::bit_chunk_iterator::BitChunks;
use num_traits::ToPrimitive;

use super::recipe::Recipe;
use crate::engine::kernel::error::{KernelError, Result};

/// The columns of rows before they are narrow.
pub struct WideRows<'a> {
    /// When each row happened: an instant, known. None where no feature asks.
    pub time: Option<&'a ArrayRef>,
    /// Which rows pass each filter, never unknown.
    pub filters: &'a [ArrayRef],
    /// The arguments.
    pub arguments: &'a [ArrayRef],
    /// Row order as bytes that compare, where a feature asks.
    pub order: Option<&'a ArrayRef>,
    /// How many.
    pub rows: usize,
}

impl Recipe {
    /// The columns of narrow rows.
    pub fn narrow_fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        fields.extend(self.layout.sliced.then(|| Field::new("slice", DataType::UInt16, false)));
        fields.extend((0..self.layout.words).map(|at| Field::new(format!("bits_{at}"), DataType::UInt64, false)));
        let numbers = self.layout.numbers.iter();
        fields.extend(numbers.map(|at| Field::new(format!("number_{at}"), DataType::Int64, false)));
        for at in &self.layout.values {
            let data_type = self.arguments.get(*at).map_or(DataType::Null, |argument| argument.data_type.clone());
            fields.push(Field::new(format!("value_{at}"), data_type, true));
        }
        fields.extend(self.layout.ordered.then(|| Field::new("order", DataType::Binary, true)));
        fields
    }

    /// Makes rows narrow.
    ///
    /// # Errors
    ///
    /// [`KernelError::Form`] for a number with more digits than were promised; [`KernelError::Array`] and the like for columns that are
    /// not of the types said.
    pub fn narrow(&self, wide: &WideRows<'_>) -> Result<Vec<ArrayRef>> {
        let mut columns: Vec<ArrayRef> = Vec::new();
        if self.layout.sliced {
            let time = wide.time.ok_or(KernelError::Rows { expected: wide.rows, found: 0 })?;
            let times = typed::<TimestampMicrosecondType>(time)?.values();
            columns.push(Arc::new(UInt16Array::from_iter_values(times.iter().map(|time| self.slices.of(*time)))));
        }
        let mut bits = Vec::with_capacity(self.filters + self.layout.known.len());
        for filter in wide.filters {
            bits.push(Some(truth(filter)?));
        }
        if bits.len() != self.filters {
            return Err(KernelError::Inputs { expected: self.filters, found: bits.len() });
        }
        for argument in &self.layout.known {
            let known = column(wide.arguments, *argument)?.logical_nulls();
            bits.push(known.map(NullBuffer::into_inner));
        }
        let words = bits.chunks(u64::BITS as usize).map(|bits| words(bits, wide.rows));
        columns.extend(words.map(|words| Arc::new(UInt64Array::from(words)) as ArrayRef));
        for at in &self.layout.numbers {
            columns.push(numbers(column(wide.arguments, *at)?)?);
        }
        for at in &self.layout.values {
            columns.push(Arc::clone(column(wide.arguments, *at)?));
        }
        if self.layout.ordered {
            columns.push(Arc::clone(wide.order.ok_or(KernelError::Rows { expected: wide.rows, found: 0 })?));
        }
        Ok(columns)
    }
}

/// A word for each row: bit `i` of it is the row's bit in the buffer `i`, and set where there is no such buffer.
fn words(buffers: &[Option<BooleanBuffer>], rows: usize) -> Vec<u64> {
    let chunks: Vec<_> = buffers.iter().map(|bits| bits.as_ref().map(BooleanBuffer::bit_chunks)).collect();
    let mut chunks: Vec<_> = chunks.iter().map(|bits| bits.as_ref().map(BitChunks::iter_padded)).collect();
    let mut words = Vec::with_capacity(rows.next_multiple_of(BITS));
    while words.len() < rows {
        let mut square = [0; BITS];
        for (row, bits) in square.iter_mut().zip(&mut chunks) {
            *row = bits.as_mut().map_or(u64::MAX, |bits| bits.next().unwrap_or_default());
        }
        transpose(&mut square);
        words.extend(square);
    }
    words.truncate(rows);
    words
}

/// Bits of a word.
const BITS: usize = u64::BITS as usize;

/// Bit `i` of word `j` becomes bit `j` of word `i`: halves of the square change places, then quarters within each half, and so on (Warren,
/// "Hacker's Delight", 7-3).
fn transpose(square: &mut [u64; BITS]) {
    let (mut width, mut mask) = (BITS / 2, u64::MAX >> (BITS / 2));
    while width > 0 {
        for above in (0..BITS).filter(|row| row & width == 0) {
            let exchanged = ((square[above] >> width) ^ square[above + width]) & mask;
            square[above] ^= exchanged << width;
            square[above + width] ^= exchanged;
        }
        width /= 2;
        mask ^= mask << width;
    }
}

fn column(columns: &[ArrayRef], at: usize) -> Result<&ArrayRef> {
    columns.get(at).ok_or(KernelError::Inputs { expected: at + 1, found: columns.len() })
}

fn truth(filter: &ArrayRef) -> Result<BooleanBuffer> {
    let filter: &BooleanArray = filter.as_boolean_opt().ok_or_else(|| KernelError::Form(filter.data_type().clone()))?;
    Ok(match filter.nulls() {
        None => filter.values().clone(),
        Some(nulls) => filter.values() & nulls.inner(),
    })
}

/// Values as 64 bits; any where they are unknown.
fn numbers(values: &ArrayRef) -> Result<ArrayRef> {
    let form = || KernelError::Form(values.data_type().clone());
    Ok(Arc::new(match values.data_type() {
        DataType::Int64 => Int64Array::new(typed::<Int64Type>(values)?.values().clone(), None),
        DataType::Date32 => {
            let days = typed::<Date32Type>(values)?.values();
            Int64Array::from_iter_values(days.iter().map(|day| i64::from(*day)))
        }
        DataType::Timestamp(..) => Int64Array::new(typed::<TimestampMicrosecondType>(values)?.values().clone(), None),
        DataType::Duration(_) => Int64Array::new(typed::<DurationMicrosecondType>(values)?.values().clone(), None),
        DataType::Decimal128(..) => {
            let decimals = typed::<Decimal128Type>(values)?;
            let narrow: Vec<i64> = decimals.values().iter().map(|value| *value as i64).collect();
            let same = narrow.iter().zip(decimals.values()).all(|(narrow, value)| i128::from(*narrow) == *value);
            if same {
                Int64Array::from(narrow)
            } else {
                let fits = |value: Option<i128>| value.map_or(Some(0), |value| value.to_i64());
                let narrow: Option<Vec<i64>> = decimals.iter().map(fits).collect();
                Int64Array::from(narrow.ok_or_else(form)?)
            }
        }
        _ => return Err(form()),
    }))
}

fn typed<T: ArrowPrimitiveType>(array: &ArrayRef) -> Result<&PrimitiveArray<T>> {
    array.as_primitive_opt::<T>().ok_or_else(|| KernelError::Form(array.data_type().clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_their_bits() {
        for rows in [0, 1, 63, 64, 65, 200] {
            let bit = |buffer: usize, row: usize| (row * 7 + buffer * 13) % 5 < 2;
            let buffers: Vec<Option<BooleanBuffer>> = (0..64)
                .map(|buffer| {
                    (buffer != 3).then(|| BooleanBuffer::collect_bool(rows + 5, |row| bit(buffer, row)).slice(0, rows))
                })
                .collect();
            for count in [0, 1, 5, 64] {
                let found = words(&buffers[..count], rows);
                assert_eq!(found.len(), rows);
                for (row, word) in found.iter().enumerate() {
                    let expected = |buffer: usize| buffer < count && (buffer == 3 || bit(buffer, row));
                    assert!(
                        (0..64).all(|buffer| (word >> buffer & 1 == 1) == expected(buffer)),
                        "{rows} {row} {count}"
                    );
                }
            }
        }
    }
}
