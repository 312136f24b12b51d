//! A column of values of one type of the language, with its unknowns.
//!
//! Whatever Arrow type the data came in, here there is one per type, so that every operation is written once. Texts,
//! times and flags are Arrow arrays as they are; numbers are exact and have a representation of their own.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, DurationMicrosecondArray, ListArray, PrimitiveArray,
    StringViewArray, TimestampMicrosecondArray, UInt32Array, new_null_array,
};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::compute::{cast, take};
use datafusion::arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, DurationMicrosecondType, TimestampMicrosecondType,
};

use super::error::{KernelError, Result};
use super::form::Form;
use super::number::Numbers;
use crate::ir::{Type, Value};

/// A column. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Column {
    /// true, false.
    Bool(BooleanArray),
    /// Exact numbers.
    Number(Numbers),
    /// Text.
    Text(StringViewArray),
    /// Days since 1970-01-01.
    Date(Date32Array),
    /// Microseconds since 1970-01-01T00:00Z; the array has no zone.
    Instant(TimestampMicrosecondArray),
    /// Microseconds.
    Duration(DurationMicrosecondArray),
    /// Lists of Utf8View.
    TextList(ListArray),
}

impl Column {
    /// A column of a type, from an array of one of the Arrow types that stand for it.
    ///
    /// Rows that did not fit are unknown; [`Column::from_array_checked`] tells.
    ///
    /// # Errors
    ///
    /// [`KernelError::Array`] for another Arrow type, [`KernelError::Encoding`] for bytes that are no number.
    pub fn from_array(ty: Type, array: &ArrayRef) -> Result<Column> {
        Ok(Self::from_array_checked(ty, array)?.0)
    }

    /// Like [`Column::from_array`], and whether some number did not fit.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn from_array_checked(ty: Type, array: &ArrayRef) -> Result<(Column, bool)> {
        let mismatch = || KernelError::Array { ty, found: array.data_type().clone() };
        let column = match ty {
            Type::Number => {
                let (numbers, misfits) = Numbers::from_array(array)?;
                return Ok((Column::Number(numbers), misfits));
            }
            Type::Bool => Column::Bool(array.as_boolean_opt().ok_or_else(mismatch)?.clone()),
            Type::Date => Column::Date(primitive::<Date32Type>(array).ok_or_else(mismatch)?),
            Type::Instant if *array.data_type() == Form::Instant.data_type() => {
                Column::Instant(primitive::<TimestampMicrosecondType>(array).ok_or_else(mismatch)?)
            }
            Type::Instant => return Err(mismatch()),
            Type::Duration => Column::Duration(primitive::<DurationMicrosecondType>(array).ok_or_else(mismatch)?),
            Type::Text if is_text(array.data_type()) => {
                Column::Text(converted(array, Form::Text)?.as_string_view_opt().ok_or_else(mismatch)?.clone())
            }
            Type::TextList if is_text_list(array.data_type()) => {
                Column::TextList(converted(array, Form::TextList)?.as_list_opt::<i32>().ok_or_else(mismatch)?.clone())
            }
            Type::Text | Type::TextList => return Err(mismatch()),
        };
        Ok((column, false))
    }

    /// One row.
    pub fn from_value(value: &Value) -> Column {
        match value {
            Value::Bool(value) => Column::Bool(BooleanArray::from(vec![*value])),
            Value::Number(value) => Column::Number(Numbers::constant(value)),
            Value::Text(value) => Column::Text(StringViewArray::from(vec![value.as_str()])),
            Value::Date(value) => Column::Date(Date32Array::from(vec![days(*value)])),
            Value::Instant(value) => Column::Instant(TimestampMicrosecondArray::from(vec![*value])),
            Value::Duration(value) => Column::Duration(DurationMicrosecondArray::from(vec![*value])),
        }
    }

    /// Rows of which nothing is known.
    pub fn unknown(ty: Type, rows: usize) -> Column {
        match ty {
            Type::Bool => Column::Bool(BooleanArray::new_null(rows)),
            Type::Number => Column::Number(Numbers::unknown(rows)),
            Type::Text => Column::Text(StringViewArray::new_null(rows)),
            Type::Date => Column::Date(Date32Array::new_null(rows)),
            Type::Instant => Column::Instant(TimestampMicrosecondArray::new_null(rows)),
            Type::Duration => Column::Duration(DurationMicrosecondArray::new_null(rows)),
            Type::TextList => Column::TextList(new_null_array(&Form::TextList.data_type(), rows).as_list().clone()),
        }
    }

    /// Its type.
    pub fn ty(&self) -> Type {
        match self {
            Column::Bool(_) => Type::Bool,
            Column::Number(_) => Type::Number,
            Column::Text(_) => Type::Text,
            Column::Date(_) => Type::Date,
            Column::Instant(_) => Type::Instant,
            Column::Duration(_) => Type::Duration,
            Column::TextList(_) => Type::TextList,
        }
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        match self {
            Column::Number(numbers) => numbers.len(),
            _ => self.plain().map_or(0, |array| array.len()),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which rows are known; all when none.
    pub fn nulls(&self) -> Option<&NullBuffer> {
        match self {
            Column::Number(numbers) => numbers.nulls(),
            _ => self.plain().and_then(|array| array.nulls()),
        }
    }

    /// The value of a row; none: it is unknown, or a list.
    pub fn get(&self, row: usize) -> Option<Value> {
        if row >= self.len() || !self.is_known(row) {
            return None;
        }
        Some(match self {
            Column::Bool(array) => Value::Bool(array.value(row)),
            Column::Number(numbers) => Value::Number(numbers.get(row)?),
            Column::Text(array) => Value::Text(array.value(row).to_owned()),
            Column::Date(array) => Value::Date(date(array.value(row))?),
            Column::Instant(array) => Value::Instant(array.value(row)),
            Column::Duration(array) => Value::Duration(array.value(row)),
            Column::TextList(_) => return None,
        })
    }

    /// In a form of its type.
    ///
    /// # Errors
    ///
    /// [`KernelError::Form`] when a number does not fit the form, [`KernelError::Operand`] for one of another type.
    pub fn to_array(&self, form: &Form) -> Result<ArrayRef> {
        match (self, form) {
            (Column::Number(numbers), Form::Number(form)) => numbers.to_array(*form),
            _ if self.ty() != form.ty() => Err(KernelError::Operand { expected: form.ty(), found: self.ty() }),
            _ => Ok(self.shared()),
        }
    }

    /// The one row, repeated.
    pub(super) fn broadcast(&self, rows: usize) -> Result<Column> {
        if let Column::Number(numbers) = self {
            return Ok(Column::Number(numbers.broadcast(rows)));
        }
        let repeated = take(&self.shared(), &UInt32Array::from(vec![0; rows]), None)?;
        Column::from_array(self.ty(), &repeated)
    }

    /// The rows at these places, in this order.
    ///
    /// # Errors
    ///
    /// [`KernelError::Arrow`] for a place that is not there, of any type but numbers, for which that is a panic.
    pub(super) fn take(&self, places: &[u32]) -> Result<Column> {
        if let Column::Number(numbers) = self {
            return Ok(Column::Number(numbers.take(places)));
        }
        Column::from_array(self.ty(), &take(&self.shared(), &UInt32Array::from(places.to_vec()), None)?)
    }

    /// Whether a row is known.
    pub(super) fn is_known(&self, row: usize) -> bool {
        self.nulls().is_none_or(|nulls| nulls.is_valid(row))
    }

    /// The array of any type but numbers.
    pub(super) fn plain(&self) -> Option<&dyn Array> {
        match self {
            Column::Number(_) => None,
            Column::Bool(array) => Some(array),
            Column::Text(array) => Some(array),
            Column::Date(array) => Some(array),
            Column::Instant(array) => Some(array),
            Column::Duration(array) => Some(array),
            Column::TextList(array) => Some(array),
        }
    }

    /// The array of any type but numbers, shared. (Numbers: exact.)
    fn shared(&self) -> ArrayRef {
        match self {
            Column::Bool(array) => Arc::new(array.clone()),
            Column::Number(numbers) => Arc::new(numbers.to_binary()),
            Column::Text(array) => Arc::new(array.clone()),
            Column::Date(array) => Arc::new(array.clone()),
            Column::Instant(array) => Arc::new(array.clone()),
            Column::Duration(array) => Arc::new(array.clone()),
            Column::TextList(array) => Arc::new(array.clone()),
        }
    }
}

/// Days since 1970-01-01.
pub(in crate::engine) fn days(date: NaiveDate) -> i32 {
    const EPOCH: i32 = 719_163; // 1970-01-01, counted from 0001-01-01 as day 1
    date.num_days_from_ce() - EPOCH
}

/// The date so many days after 1970-01-01, if the calendar has it.
pub(super) fn date(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(days.checked_add(719_163)?)
}

/// Whether days since 1970-01-01 are a day of the calendar.
pub(super) fn is_date(days: i32) -> bool {
    const DAYS: std::ops::RangeInclusive<i32> = NaiveDate::MIN.to_epoch_days()..=NaiveDate::MAX.to_epoch_days();
    DAYS.contains(&days)
}

fn primitive<T: ArrowPrimitiveType>(array: &ArrayRef) -> Option<PrimitiveArray<T>> {
    array.as_primitive_opt::<T>().cloned()
}

fn converted(array: &ArrayRef, form: Form) -> Result<ArrayRef> {
    let to = form.data_type();
    if *array.data_type() == to { Ok(array.clone()) } else { Ok(cast(array, &to)?) }
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8View | DataType::Utf8 | DataType::LargeUtf8 => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

fn is_text_list(data_type: &DataType) -> bool {
    match data_type {
        DataType::List(field) | DataType::LargeList(field) => is_text(field.data_type()),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
