//! Types as states keep many values of them per group: as small tokens, equal where the values are.

use std::fmt::Debug;

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::DataType;
use num_rational::BigRational;

use super::bytes::{Bytes, binary_array, large_binary_array, text_array};
use super::exact::decode;
use super::interner::Interner;
use super::{Result, mismatch};
use crate::engine::kernel::number::DOES_NOT_FIT;

/// A type whose values are told apart by tokens.
pub trait Domain: Debug + Send + Sync {
    /// Read access to a column.
    type Column;
    /// Stands for a value. Its order is some order, not necessarily that of the values.
    type Token: Copy + Ord + Debug + Send + Sync + 'static;

    /// Opens a column of values or of [`Domain::state`].
    fn column(array: &ArrayRef) -> Result<Self::Column>;
    /// The token for the value of a row that is known.
    fn token(&mut self, column: &Self::Column, row: usize) -> Result<Self::Token>;
    /// A column of values.
    fn output(&self, tokens: &[Option<Self::Token>]) -> Result<ArrayRef>;
    /// The type of [`Domain::state`].
    fn state_type(&self) -> DataType;
    /// Values in a column for a state.
    fn state(&self, tokens: impl Iterator<Item = Self::Token>) -> ArrayRef;
    /// Sorts by value what is sorted by token.
    fn sort_by_value<W: Copy>(&self, _entries: &mut [(Self::Token, W)]) -> Result<()> {
        Ok(())
    }
    /// The number that a token stands for.
    fn number(&self, _token: Self::Token) -> Result<BigRational> {
        Err(mismatch("a number was expected"))
    }
    /// The token of numbers too large to be told, if there was one.
    fn does_not_fit(&self) -> Option<Self::Token> {
        None
    }
    /// Forgets all values but those of these tokens, which are replaced.
    fn keep_only<'a>(&mut self, _tokens: impl Iterator<Item = &'a mut Self::Token>) -> Result<()> {
        Ok(())
    }
    /// Bytes held beside its own.
    fn heap(&self) -> usize {
        0
    }
}

/// Text: tokens number the distinct texts.
#[derive(Debug, Default)]
pub struct Texts {
    interner: Interner,
}

impl Domain for Texts {
    type Column = Bytes;
    type Token = u32;

    fn column(array: &ArrayRef) -> Result<Bytes> {
        Bytes::new(array)
    }

    fn token(&mut self, column: &Bytes, row: usize) -> Result<u32> {
        self.interner.intern(column.value(row))
    }

    fn output(&self, tokens: &[Option<u32>]) -> Result<ArrayRef> {
        text_array(tokens.iter().map(|token| token.map(|token| self.interner.get(token))))
    }

    fn state_type(&self) -> DataType {
        DataType::LargeBinary
    }

    fn state(&self, tokens: impl Iterator<Item = u32>) -> ArrayRef {
        large_binary_array(tokens.map(|token| Some(self.interner.get(token))))
    }

    fn sort_by_value<W: Copy>(&self, entries: &mut [(u32, W)]) -> Result<()> {
        entries.sort_unstable_by_key(|(token, _)| self.interner.get(*token));
        Ok(())
    }

    fn keep_only<'a>(&mut self, tokens: impl Iterator<Item = &'a mut u32>) -> Result<()> {
        keep_only(&mut self.interner, tokens)
    }

    fn heap(&self) -> usize {
        self.interner.heap()
    }
}

/// Exact numbers: tokens number the distinct ones.
#[derive(Debug, Default)]
pub struct Exacts {
    interner: Interner,
}

impl Domain for Exacts {
    type Column = Bytes;
    type Token = u32;

    fn column(array: &ArrayRef) -> Result<Bytes> {
        Bytes::new(array)
    }

    fn token(&mut self, column: &Bytes, row: usize) -> Result<u32> {
        self.interner.intern(column.value(row))
    }

    fn output(&self, tokens: &[Option<u32>]) -> Result<ArrayRef> {
        binary_array(tokens.iter().map(|token| token.map(|token| self.interner.get(token))))
    }

    fn state_type(&self) -> DataType {
        DataType::LargeBinary
    }

    fn state(&self, tokens: impl Iterator<Item = u32>) -> ArrayRef {
        large_binary_array(tokens.map(|token| Some(self.interner.get(token))))
    }

    fn sort_by_value<W: Copy>(&self, entries: &mut [(u32, W)]) -> Result<()> {
        let mut numbers = Vec::with_capacity(entries.len());
        for &(token, weight) in entries.iter() {
            numbers.push((decode(self.interner.get(token))?, (token, weight)));
        }
        numbers.sort_by(|(left, _), (right, _)| left.cmp(right));
        entries.iter_mut().zip(numbers).for_each(|(entry, (_, sorted))| *entry = sorted);
        Ok(())
    }

    fn number(&self, token: u32) -> Result<BigRational> {
        decode(self.interner.get(token))?.ok_or_else(|| mismatch("a number that does not fit"))
    }

    fn does_not_fit(&self) -> Option<u32> {
        self.interner.find(DOES_NOT_FIT)
    }

    fn keep_only<'a>(&mut self, tokens: impl Iterator<Item = &'a mut u32>) -> Result<()> {
        keep_only(&mut self.interner, tokens)
    }

    fn heap(&self) -> usize {
        self.interner.heap()
    }
}

fn keep_only<'a>(interner: &mut Interner, tokens: impl Iterator<Item = &'a mut u32>) -> Result<()> {
    let all = std::mem::take(interner);
    for token in tokens {
        *token = interner.intern(all.get(*token))?;
    }
    Ok(())
}
