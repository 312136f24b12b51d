//! Types as states keep one value of them per group.

use std::cmp::Ordering;
use std::fmt::Debug;

use datafusion::arrow::array::{ArrayRef, new_null_array};
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::row::{RowConverter, Rows, SortField};

use super::bytes::{Bytes, binary_array, large_binary_array, text_array};
use super::exact::compare_encoded;
use super::{Result, mismatch};
use crate::engine::kernel::number::DOES_NOT_FIT;

/// A type whose values are read from columns, kept one per group, compared, and written as a column again.
pub trait Kind: Debug + Send + Sync {
    /// Read access to a column.
    type Column;
    /// A value in a column or a state.
    type Item<'a>: Copy;
    /// A value kept.
    type Value: Clone + Default + Debug + Send + Sync;

    /// Opens a column of values or of [`Kind::state`].
    fn column(&self, array: &ArrayRef) -> Result<Self::Column>;
    /// The value of a row that is known.
    fn item(column: &Self::Column, row: usize) -> Self::Item<'_>;
    /// A value kept.
    fn item_of(value: &Self::Value) -> Self::Item<'_>;
    /// Replaces a value kept.
    fn store(item: Self::Item<'_>, into: &mut Self::Value);
    /// Which comes first, by value.
    fn compare(left: Self::Item<'_>, right: Self::Item<'_>) -> Result<Ordering>;
    /// Whether it stands for a number too large to be told.
    fn does_not_fit(_item: Self::Item<'_>) -> bool {
        false
    }
    /// Bytes that a value kept holds beside its own.
    fn heap(_value: &Self::Value) -> usize {
        0
    }
    /// A column of values, of which some are known.
    fn output(&self, values: Vec<Self::Value>, known: Vec<bool>) -> Result<ArrayRef>;
    /// The type of [`Kind::state`].
    fn state_type(&self) -> DataType;
    /// As [`Kind::output`], for a state: in a type whose columns have no size limit.
    fn state(&self, values: Vec<Self::Value>, known: Vec<bool>) -> Result<ArrayRef> {
        self.output(values, known)
    }
}

/// Text, by code point.
#[derive(Debug)]
pub struct Text;

impl Kind for Text {
    type Column = Bytes;
    type Item<'a> = &'a [u8];
    type Value = Vec<u8>;

    fn column(&self, array: &ArrayRef) -> Result<Bytes> {
        Bytes::new(array)
    }

    fn item(column: &Bytes, row: usize) -> &[u8] {
        column.value(row)
    }

    fn item_of(value: &Vec<u8>) -> &[u8] {
        value
    }

    fn store(item: &[u8], into: &mut Vec<u8>) {
        store_bytes(item, into);
    }

    fn compare(left: &[u8], right: &[u8]) -> Result<Ordering> {
        Ok(left.cmp(right))
    }

    fn heap(value: &Vec<u8>) -> usize {
        value.capacity()
    }

    fn output(&self, values: Vec<Vec<u8>>, known: Vec<bool>) -> Result<ArrayRef> {
        text_array(known_bytes(&values, &known))
    }

    fn state_type(&self) -> DataType {
        DataType::LargeBinary
    }

    fn state(&self, values: Vec<Vec<u8>>, known: Vec<bool>) -> Result<ArrayRef> {
        Ok(large_binary_array(known_bytes(&values, &known)))
    }
}

/// Exact numbers, encoded.
#[derive(Debug)]
pub struct Exact;

impl Kind for Exact {
    type Column = Bytes;
    type Item<'a> = &'a [u8];
    type Value = Vec<u8>;

    fn column(&self, array: &ArrayRef) -> Result<Bytes> {
        Bytes::new(array)
    }

    fn item(column: &Bytes, row: usize) -> &[u8] {
        column.value(row)
    }

    fn item_of(value: &Vec<u8>) -> &[u8] {
        value
    }

    fn store(item: &[u8], into: &mut Vec<u8>) {
        store_bytes(item, into);
    }

    fn compare(left: &[u8], right: &[u8]) -> Result<Ordering> {
        compare_encoded(left, right)
    }

    fn does_not_fit(item: &[u8]) -> bool {
        item == DOES_NOT_FIT
    }

    fn heap(value: &Vec<u8>) -> usize {
        value.capacity()
    }

    fn output(&self, values: Vec<Vec<u8>>, known: Vec<bool>) -> Result<ArrayRef> {
        binary_array(known_bytes(&values, &known))
    }

    fn state_type(&self) -> DataType {
        DataType::LargeBinary
    }

    fn state(&self, values: Vec<Vec<u8>>, known: Vec<bool>) -> Result<ArrayRef> {
        Ok(large_binary_array(known_bytes(&values, &known)))
    }
}

/// Lists of text: they can be kept, but have no order.
#[derive(Debug)]
pub struct Lists {
    data_type: DataType,
    converter: RowConverter,
}

impl Lists {
    /// Lists of exactly this type.
    pub fn new(data_type: DataType) -> Result<Self> {
        let converter = RowConverter::new(vec![SortField::new(data_type.clone())])?;
        Ok(Lists { data_type, converter })
    }
}

impl Kind for Lists {
    type Column = Rows;
    type Item<'a> = &'a [u8];
    type Value = Vec<u8>;

    fn column(&self, array: &ArrayRef) -> Result<Rows> {
        Ok(self.converter.convert_columns(std::slice::from_ref(array))?)
    }

    fn item(column: &Rows, row: usize) -> &[u8] {
        column.row(row).data()
    }

    fn item_of(value: &Vec<u8>) -> &[u8] {
        value
    }

    fn store(item: &[u8], into: &mut Vec<u8>) {
        store_bytes(item, into);
    }

    fn compare(_: &[u8], _: &[u8]) -> Result<Ordering> {
        Err(mismatch("lists have no order"))
    }

    fn heap(value: &Vec<u8>) -> usize {
        value.capacity()
    }

    fn output(&self, values: Vec<Vec<u8>>, known: Vec<bool>) -> Result<ArrayRef> {
        let parser = self.converter.parser();
        let unknown = self.converter.convert_columns(&[new_null_array(&self.data_type, 1)])?;
        let unknown = unknown.row(0);
        let rows = known_bytes(&values, &known).map(|bytes| bytes.map_or(unknown, |bytes| parser.parse(bytes)));
        let lists = self.converter.convert_rows(rows)?;
        lists.into_iter().next().ok_or_else(|| mismatch("no list"))
    }

    fn state_type(&self) -> DataType {
        self.data_type.clone()
    }
}

fn store_bytes(item: &[u8], into: &mut Vec<u8>) {
    into.clear();
    into.extend_from_slice(item);
}

fn known_bytes<'a>(values: &'a [Vec<u8>], known: &'a [bool]) -> impl ExactSizeIterator<Item = Option<&'a [u8]>> {
    values.iter().zip(known).map(|(value, &known)| known.then_some(value.as_slice()))
}
