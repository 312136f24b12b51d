//! Columns of bytes: text, exact numbers, row orders.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, BinaryArray, LargeBinaryArray, StringViewArray, StringViewBuilder};
use datafusion::arrow::array::{BinaryBuilder, LargeBinaryBuilder};
use datafusion::arrow::datatypes::DataType;

use super::rows::downcast;
use super::{Result, mismatch};

/// Read access to the bytes of a column.
#[derive(Debug)]
pub enum Bytes {
    /// Text.
    Text(StringViewArray),
    /// Exact numbers and row orders.
    Binary(BinaryArray),
    /// Either, in a state.
    Large(LargeBinaryArray),
}

impl Bytes {
    /// The bytes of a column of text, exact numbers, row orders or states.
    pub fn new(array: &ArrayRef) -> Result<Self> {
        match array.data_type() {
            DataType::Utf8View => Ok(Bytes::Text(downcast::<StringViewArray>(array)?.clone())),
            DataType::Binary => Ok(Bytes::Binary(downcast::<BinaryArray>(array)?.clone())),
            DataType::LargeBinary => Ok(Bytes::Large(downcast::<LargeBinaryArray>(array)?.clone())),
            other => Err(mismatch(format!("a column of type {other} where bytes were expected"))),
        }
    }

    /// The bytes of a row that is known.
    #[inline]
    pub fn value(&self, row: usize) -> &[u8] {
        match self {
            Bytes::Text(array) => array.value(row).as_bytes(),
            Bytes::Binary(array) => array.value(row),
            Bytes::Large(array) => array.value(row),
        }
    }
}

/// Text from its bytes.
pub fn text_array<'a>(values: impl Iterator<Item = Option<&'a [u8]>>) -> Result<ArrayRef> {
    let mut builder = StringViewBuilder::with_capacity(values.size_hint().0);
    for value in values {
        match value.map(std::str::from_utf8).transpose() {
            Ok(text) => builder.append_option(text),
            Err(_) => return Err(mismatch("a text that is not UTF-8")),
        }
    }
    Ok(Arc::new(builder.finish()))
}

/// Exact numbers from their bytes, which together must stay below 2 GiB.
pub fn binary_array<V: AsRef<[u8]>>(values: impl Iterator<Item = Option<V>>) -> Result<ArrayRef> {
    let mut builder = BinaryBuilder::with_capacity(values.size_hint().0, 0);
    let mut total = 0;
    for value in values {
        total += value.as_ref().map_or(0, |bytes| bytes.as_ref().len());
        if i32::try_from(total).is_err() {
            return Err(mismatch("exact numbers of more than 2 GiB in one column"));
        }
        builder.append_option(value);
    }
    Ok(Arc::new(builder.finish()))
}

/// Bytes as states keep them.
pub fn large_binary_array<V: AsRef<[u8]>>(values: impl Iterator<Item = Option<V>>) -> ArrayRef {
    let mut builder = LargeBinaryBuilder::with_capacity(values.size_hint().0, 0);
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}
