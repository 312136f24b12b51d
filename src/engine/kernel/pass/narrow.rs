//! Rows as they wait for their subject: a few bytes each, whatever is asked of them.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, Int64Array, PrimitiveArray, UInt16Array, UInt64Array,
};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, DurationMicrosecondType, Field, Int64Type, TimestampMicrosecondType,
};
use num_traits::ToPrimitive;

use super::recipe::{Recipe, place_of};
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
        let mut words = vec![vec![0_u64; wide.rows]; self.layout.words];
        for (bit, filter) in wide.filters.iter().enumerate() {
            set(&mut words, bit, Some(&truth(filter)?));
        }
        for (at, argument) in self.layout.known.iter().enumerate() {
            let known = column(wide.arguments, *argument)?.logical_nulls();
            set(&mut words, self.filters + at, known.as_ref().map(|known| known.inner()));
        }
        columns.extend(words.into_iter().map(|word| Arc::new(UInt64Array::from(word)) as ArrayRef));
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

/// Sets a bit of the rows that are told; of all where none are told.
fn set(words: &mut [Vec<u64>], bit: usize, rows: Option<&BooleanBuffer>) {
    let (word, bit) = place_of(bit);
    let Some(words) = words.get_mut(word) else { return };
    match rows {
        None => words.iter_mut().for_each(|word| *word |= bit),
        Some(rows) => {
            for (word, set) in words.iter_mut().zip(rows) {
                *word |= bit & u64::from(set).wrapping_neg();
            }
        }
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
