//! The keys of subjects, which decide between equal values.
//!
//! A key of one whole number, date or time is compared as that; any other as bytes that compare as the parts of the key do, one
//! after the other.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, BinaryArray};
use datafusion::arrow::buffer::ScalarBuffer;
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::row::{RowConverter, SortField};

use super::mismatch;
use super::select::arrange;
use super::value::whole_words;
use crate::engine::kernel::error::Result;
use crate::engine::kernel::number::{Encoded, decode_exact, order_bytes};

/// How the keys of a kind of subject are read.
pub struct KeyReader {
    /// None: a single word.
    converter: Option<RowConverter>,
}

impl fmt::Debug for KeyReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.converter.is_some() { "bytes" } else { "words" })
    }
}

/// The keys of some rows, read when they are first asked for.
pub struct BatchKeys<'a> {
    reader: &'a KeyReader,
    columns: &'a [ArrayRef],
    read: OnceCell<KeyColumn>,
}

/// Keys ready to be compared.
enum KeyColumn {
    Words(ScalarBuffer<i64>),
    Bytes(datafusion::arrow::row::Rows),
}

impl KeyReader {
    /// For keys of parts of these types.
    ///
    /// # Errors
    ///
    /// [`KernelError::Arrow`](super::KernelError::Arrow) for a type that has no order.
    pub fn new(types: &[DataType]) -> Result<KeyReader> {
        let word =
            matches!(types, [DataType::Int64 | DataType::Date32 | DataType::Timestamp(..) | DataType::Duration(_)]);
        let fields = || types.iter().map(|part| SortField::new(part.clone())).collect();
        let converter = if word { None } else { Some(RowConverter::new(fields())?) };
        Ok(KeyReader { converter })
    }

    /// The keys of some rows: a column for each part.
    pub fn keys<'a>(&'a self, columns: &'a [ArrayRef]) -> BatchKeys<'a> {
        BatchKeys { reader: self, columns, read: OnceCell::new() }
    }

    fn read(&self, columns: &[ArrayRef]) -> Result<KeyColumn> {
        match (&self.converter, columns) {
            (None, [words]) => whole_words(words).map(KeyColumn::Words).ok_or_else(|| mismatch("keys of another type")),
            (None, _) => Err(mismatch("keys of other types")),
            (Some(converter), _) => {
                let columns = columns.iter().map(comparable).collect::<Result<Vec<_>>>()?;
                Ok(KeyColumn::Bytes(converter.convert_columns(&columns)?))
            }
        }
    }
}

/// Exact numbers as bytes that compare as they do; any other column as it is.
fn comparable(column: &ArrayRef) -> Result<ArrayRef> {
    let Some(numbers) = column.as_binary_opt::<i32>() else { return Ok(Arc::clone(column)) };
    let bytes = numbers.iter().map(|number| {
        Ok(match number.map(decode_exact).transpose()? {
            Some(Encoded::Number(number)) => Some(order_bytes(&number)),
            Some(Encoded::DoesNotFit) | None => None,
        })
    });
    Ok(Arc::new(bytes.collect::<Result<BinaryArray>>()?))
}

impl BatchKeys<'_> {
    fn read(&self) -> Result<&KeyColumn> {
        if let Some(read) = self.read.get() {
            return Ok(read);
        }
        let read = self.reader.read(self.columns)?;
        Ok(self.read.get_or_init(|| read))
    }

    /// Reads them, to be compared.
    pub(super) fn compared<'a>(&'a self, with: &'a DecidedKeys) -> Result<Compared<'a>> {
        Ok(Compared { keys: if with.keys.is_empty() { None } else { Some(self.read()?) }, with: &with.keys })
    }
}

/// The keys of some rows beside those that decide.
pub(super) struct Compared<'a> {
    keys: Option<&'a KeyColumn>,
    with: &'a [Key],
}

impl Compared<'_> {
    /// How a row's key compares with one of those that decide.
    #[inline]
    pub fn order(&self, row: usize, decided: u32) -> Ordering {
        match (self.keys, self.with.get(decided as usize)) {
            (Some(KeyColumn::Words(words)), Some(Key::Word(word))) => words[row].cmp(word),
            (Some(KeyColumn::Bytes(rows)), Some(Key::Bytes(bytes))) => rows.row(row).data().cmp(bytes),
            // Keys of one ranking are of one kind.
            _ => Ordering::Equal,
        }
    }
}

/// A key kept.
#[derive(Clone, Debug)]
enum Key {
    Word(i64),
    Bytes(Box<[u8]>),
}

/// The keys that decide, by the number under which they were asked for.
#[derive(Debug, Default)]
pub struct DecidedKeys {
    keys: Vec<Key>,
}

impl DecidedKeys {
    /// Where no keys are needed.
    pub fn none() -> DecidedKeys {
        DecidedKeys::default()
    }
}

/// What is asked of the keys of equal values.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// For each tie the places of the keys wanted, among its keys in ascending order.
    ties: Vec<Vec<(usize, u32)>>,
    keys: u32,
}

impl Asked {
    /// Begins to ask about other equal values.
    pub fn tie(&mut self) -> u32 {
        self.ties.push(Vec::new());
        self.ties.len() as u32 - 1
    }

    /// Asks for a key of equal values: the number under which it will be found.
    pub fn key(&mut self, tie: u32, place: usize) -> u32 {
        if let Some(tie) = self.ties.get_mut(tie as usize) {
            tie.push((place, self.keys));
        }
        self.keys += 1;
        self.keys - 1
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.keys == 0
    }

    /// Finds what was asked for.
    pub fn decide(&self, collected: TiedKeys) -> Result<DecidedKeys> {
        let mut found: Vec<Option<Key>> = vec![None; self.keys as usize];
        let mut ties = collected.ties.into_iter();
        for asked in &self.ties {
            let mut asked = asked.clone();
            asked.sort_unstable();
            let mut places: Vec<usize> = asked.iter().map(|(place, _)| *place).collect();
            places.dedup();
            let store = ties.next().unwrap_or_default();
            let keys = store.select(&places);
            for (place, number) in asked {
                let key = places.binary_search(&place).ok().and_then(|at| keys.get(at));
                if let (Some(key), Some(slot)) = (key, found.get_mut(number as usize)) {
                    *slot = Some(key.clone());
                }
            }
        }
        let keys: Option<Vec<Key>> = found.into_iter().collect();
        Ok(DecidedKeys { keys: keys.ok_or_else(|| mismatch("keys of equal values are missing"))? })
    }
}

/// The keys of rows with equal values that a position parts.
#[derive(Debug, Default)]
pub struct TiedKeys {
    ties: Vec<Store>,
    held: usize,
}

impl TiedKeys {
    /// Adds a row's key to those of equal values.
    pub(super) fn push(&mut self, tie: u32, keys: &BatchKeys<'_>, row: usize) -> Result<()> {
        let tie = tie as usize;
        if self.ties.len() <= tie {
            self.ties.resize_with(tie + 1, Store::default);
        }
        if let Some(store) = self.ties.get_mut(tie) {
            let before = store.heap();
            store.push(keys.read()?, row);
            self.held += store.heap() - before;
        }
        Ok(())
    }

    /// Takes the keys of others of the same ranking.
    pub fn merge(&mut self, other: TiedKeys) {
        if self.ties.len() < other.ties.len() {
            self.ties.resize_with(other.ties.len(), Store::default);
        }
        for (store, other) in self.ties.iter_mut().zip(other.ties) {
            store.append(other);
        }
        self.held = self.ties.iter().map(Store::heap).sum();
    }

    /// Bytes held.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.ties.capacity() * size_of::<Store>() + self.held
    }
}

/// Many keys.
#[derive(Debug, Default)]
struct Store {
    words: Vec<i64>,
    bytes: Vec<u8>,
    /// Where each key begins and ends in `bytes`.
    ranges: Vec<(usize, usize)>,
}

impl Store {
    fn push(&mut self, keys: &KeyColumn, row: usize) {
        match keys {
            KeyColumn::Words(words) => self.words.push(words[row]),
            KeyColumn::Bytes(rows) => {
                let start = self.bytes.len();
                self.bytes.extend_from_slice(rows.row(row).data());
                self.ranges.push((start, self.bytes.len()));
            }
        }
    }

    fn append(&mut self, mut other: Store) {
        self.words.append(&mut other.words);
        let offset = self.bytes.len();
        self.bytes.append(&mut other.bytes);
        self.ranges.extend(other.ranges.iter().map(|(start, end)| (start + offset, end + offset)));
    }

    /// The keys at ascending places, as far as there are any.
    fn select(mut self, places: &[usize]) -> Vec<Key> {
        if self.ranges.is_empty() {
            arrange(&mut self.words, 0, places, &|a, b| a.cmp(b));
            return places.iter().map_while(|place| self.words.get(*place)).map(|word| Key::Word(*word)).collect();
        }
        let bytes = &self.bytes;
        let key = |(start, end): &(usize, usize)| bytes.get(*start..*end).unwrap_or_default();
        arrange(&mut self.ranges, 0, places, &|a, b| key(a).cmp(key(b)));
        places.iter().map_while(|place| self.ranges.get(*place)).map(|range| Key::Bytes(key(range).into())).collect()
    }

    fn heap(&self) -> usize {
        self.words.capacity() * size_of::<i64>()
            + self.bytes.capacity()
            + self.ranges.capacity() * size_of::<(usize, usize)>()
    }
}
