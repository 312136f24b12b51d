//! Types whose values are numbers of the machine: integers, decimals, days, instants, durations, and truth.

use std::cmp::Ordering;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::{DataType, i256};
use num_bigint::BigInt;
use num_rational::BigRational;

use super::domain::Domain;
use super::exact::scaled;
use super::kind::Kind;
use super::rows::{downcast, primitive};
use super::{Result, mismatch};
use crate::engine::kernel::number::i256_to_big;

/// A primitive type of Arrow with its parameters, such as a decimal's scale.
pub struct Primitive<T> {
    data_type: DataType,
    marker: PhantomData<fn() -> T>,
}

impl<T> Debug for Primitive<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Primitive").field(&self.data_type).finish()
    }
}

/// Native numbers that states can keep.
pub trait Native: Copy + Default + Ord + Debug + Send + Sync + 'static {
    /// The number.
    fn integer(self) -> BigInt;
}

impl Native for i32 {
    fn integer(self) -> BigInt {
        self.into()
    }
}

impl Native for i64 {
    fn integer(self) -> BigInt {
        self.into()
    }
}

impl Native for i128 {
    fn integer(self) -> BigInt {
        self.into()
    }
}

impl Native for i256 {
    fn integer(self) -> BigInt {
        i256_to_big(&self)
    }
}

impl<T> Primitive<T> {
    /// Values of exactly this type.
    pub fn new(data_type: DataType) -> Self {
        Primitive { data_type, marker: PhantomData }
    }
}

impl<T: ArrowPrimitiveType<Native: Native>> Kind for Primitive<T> {
    type Column = PrimitiveArray<T>;
    type Item<'a> = T::Native;
    type Value = T::Native;

    fn column(&self, array: &ArrayRef) -> Result<Self::Column> {
        primitive(array).cloned()
    }

    #[inline]
    fn item(column: &Self::Column, row: usize) -> T::Native {
        column.value(row)
    }

    #[inline]
    fn item_of(value: &T::Native) -> T::Native {
        *value
    }

    #[inline]
    fn store(item: T::Native, into: &mut T::Native) {
        *into = item;
    }

    #[inline]
    fn compare(left: T::Native, right: T::Native) -> Result<Ordering> {
        Ok(left.cmp(&right))
    }

    fn output(&self, values: Vec<T::Native>, known: Vec<bool>) -> Result<ArrayRef> {
        let values = PrimitiveArray::<T>::new(values.into(), Some(NullBuffer::from(known)));
        Ok(Arc::new(values.with_data_type(self.data_type.clone())))
    }

    fn state_type(&self) -> DataType {
        self.data_type.clone()
    }
}

impl<T: ArrowPrimitiveType<Native: Native>> Domain for Primitive<T> {
    type Column = PrimitiveArray<T>;
    type Token = T::Native;

    fn column(array: &ArrayRef) -> Result<Self::Column> {
        primitive(array).cloned()
    }

    #[inline]
    fn token(&mut self, column: &Self::Column, row: usize) -> Result<T::Native> {
        Ok(column.value(row))
    }

    fn output(&self, tokens: &[Option<T::Native>]) -> Result<ArrayRef> {
        let values: PrimitiveArray<T> = tokens.iter().copied().collect();
        Ok(Arc::new(values.with_data_type(self.data_type.clone())))
    }

    fn state_type(&self) -> DataType {
        self.data_type.clone()
    }

    fn state(&self, tokens: impl Iterator<Item = T::Native>) -> ArrayRef {
        let values = PrimitiveArray::<T>::from_iter_values(tokens);
        Arc::new(values.with_data_type(self.data_type.clone()))
    }

    fn number(&self, token: T::Native) -> Result<BigRational> {
        match self.data_type {
            DataType::Int64 => Ok(token.integer().into()),
            DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => Ok(scaled(token.integer(), scale)),
            _ => Err(mismatch(format!("a number was expected, not {}", self.data_type))),
        }
    }
}

/// true and false.
#[derive(Debug)]
pub struct Truth;

impl Kind for Truth {
    type Column = BooleanArray;
    type Item<'a> = bool;
    type Value = bool;

    fn column(&self, array: &ArrayRef) -> Result<Self::Column> {
        downcast::<BooleanArray>(array).cloned()
    }

    fn item(column: &Self::Column, row: usize) -> bool {
        column.value(row)
    }

    fn item_of(value: &bool) -> bool {
        *value
    }

    fn store(item: bool, into: &mut bool) {
        *into = item;
    }

    fn compare(left: bool, right: bool) -> Result<Ordering> {
        Ok(left.cmp(&right))
    }

    fn output(&self, values: Vec<bool>, known: Vec<bool>) -> Result<ArrayRef> {
        Ok(Arc::new(BooleanArray::new(values.into(), Some(NullBuffer::from(known)))))
    }

    fn state_type(&self) -> DataType {
        DataType::Boolean
    }
}

impl Domain for Truth {
    type Column = BooleanArray;
    type Token = bool;

    fn column(array: &ArrayRef) -> Result<Self::Column> {
        downcast::<BooleanArray>(array).cloned()
    }

    fn token(&mut self, column: &Self::Column, row: usize) -> Result<bool> {
        Ok(column.value(row))
    }

    fn output(&self, tokens: &[Option<bool>]) -> Result<ArrayRef> {
        Ok(Arc::new(BooleanArray::from(tokens.to_vec())))
    }

    fn state_type(&self) -> DataType {
        DataType::Boolean
    }

    fn state(&self, tokens: impl Iterator<Item = bool>) -> ArrayRef {
        Arc::new(BooleanArray::from(tokens.collect::<Vec<_>>()))
    }
}
