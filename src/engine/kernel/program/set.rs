//! The constants of `in`, ready to be looked up.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::Hash;
use std::sync::OnceLock;

use datafusion::arrow::array::{Array, BooleanArray, StringViewArray};
use datafusion::arrow::buffer::BooleanBuffer;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::engine::kernel::column::{Column, days};
use crate::engine::kernel::error::Result;
use crate::engine::kernel::flags::flags;
use crate::engine::kernel::number::{Numbers, big_power_of_ten};
use crate::ir::Value;

/// Some constants, usually of one type: those of another equal nothing.
#[derive(Debug)]
pub(super) struct Set {
    bools: Members<bool>,
    texts: Members<String>,
    dates: Members<i32>,
    instants: Members<i64>,
    durations: Members<i64>,
    numbers: HashSet<BigRational>,
    /// The numbers that are whole on a scale: that of the first batch, which usually is that of all.
    scaled: OnceLock<(u8, Members<i128>)>,
}

impl Set {
    pub(super) fn new(values: &[Value]) -> Set {
        let mut set = Set {
            bools: members(values, |value| if let Value::Bool(value) = value { Some(*value) } else { None }),
            texts: members(values, |value| if let Value::Text(value) = value { Some(value.clone()) } else { None }),
            dates: members(values, |value| if let Value::Date(value) = value { Some(days(*value)) } else { None }),
            instants: members(values, |value| if let Value::Instant(value) = value { Some(*value) } else { None }),
            durations: members(values, |value| if let Value::Duration(value) = value { Some(*value) } else { None }),
            numbers: HashSet::new(),
            scaled: OnceLock::new(),
        };
        for value in values {
            if let Value::Number(value) = value {
                set.numbers.insert(value.clone());
            }
        }
        set
    }

    /// Whether each value is one of them; unknown where it is.
    pub(super) fn contains(&self, column: &Column) -> Result<BooleanArray> {
        let rows = column.len();
        let found = match column {
            Column::Bool(array) => BooleanBuffer::collect_bool(rows, |row| self.bools.has(&array.value(row))),
            Column::Text(array) => self.contains_texts(array),
            Column::Date(array) => BooleanBuffer::collect_bool(rows, |row| self.dates.has(&array.value(row))),
            Column::Instant(array) => BooleanBuffer::collect_bool(rows, |row| self.instants.has(&array.value(row))),
            Column::Duration(array) => BooleanBuffer::collect_bool(rows, |row| self.durations.has(&array.value(row))),
            Column::Number(numbers) => self.contains_numbers(numbers),
            Column::TextList(_) => BooleanBuffer::new_unset(rows),
        };
        Ok(BooleanArray::new(found, column.nulls().cloned()))
    }

    /// A short text is its view; of a long one the view has the length and the first bytes, and where these are those of no member,
    /// neither is the text.
    fn contains_texts(&self, texts: &StringViewArray) -> BooleanBuffer {
        let Members::Few(few) = &self.texts else {
            return BooleanBuffer::collect_bool(texts.len(), |row| self.texts.has(texts.value(row)));
        };
        let (short, long): (Vec<&String>, Vec<&String>) = few.iter().partition(|text| text.len() <= SHORT);
        let short: Vec<u128> = short.into_iter().map(|text| short_view(text)).collect();
        let found = match short[..] {
            [] => BooleanBuffer::new_unset(texts.len()),
            [only] => flags(texts.views(), |view| view == only),
            _ => flags(texts.views(), |view| short.contains(&view)),
        };
        if long.is_empty() {
            return found;
        }
        let long: Vec<(u64, &str)> = long.into_iter().map(|text| (short_view(text) as u64, text.as_str())).collect();
        let is = |row: usize, view: u128| {
            long.iter().any(|(beginning, member)| view as u64 == *beginning && texts.value(row) == *member)
        };
        let views = texts.views();
        &found | &BooleanBuffer::collect_bool(texts.len(), |row| is(row, views[row]))
    }

    fn contains_numbers(&self, numbers: &Numbers) -> BooleanBuffer {
        let (Numbers::Small { scale, .. } | Numbers::Decimal { scale, .. }) = numbers else {
            return BooleanBuffer::collect_bool(numbers.len(), |row| {
                numbers.get(row).is_some_and(|value| self.numbers.contains(&value))
            });
        };
        let scale = *scale;
        let (cached_scale, cached) = self.scaled.get_or_init(|| (scale, self.at_scale(scale)));
        let other;
        let scaled = if *cached_scale == scale {
            cached
        } else {
            other = self.at_scale(scale);
            &other
        };
        match numbers {
            Numbers::Small { values, .. } => {
                BooleanBuffer::collect_bool(values.len(), |row| scaled.has(&i128::from(values[row])))
            }
            Numbers::Decimal { values, .. } => {
                BooleanBuffer::collect_bool(values.len(), |row| scaled.has(&values[row]))
            }
            Numbers::Ratio { .. } | Numbers::Exact { .. } => BooleanBuffer::new_unset(numbers.len()),
        }
    }

    fn at_scale(&self, scale: u8) -> Members<i128> {
        let power = BigRational::from_integer(big_power_of_ten(scale.into()));
        let unscaled = self.numbers.iter().map(|number| number * &power);
        Members::new(unscaled.filter(|value| value.is_integer()).filter_map(|value| value.numer().to_i128()).collect())
    }
}

/// So many bytes are in a view itself.
const SHORT: usize = 12;

/// The length of a text and its first twelve bytes, as a view of a short text has them; that of a long one has the first four.
fn short_view(text: &str) -> u128 {
    let mut bytes = [0; 16];
    let (length, rest) = bytes.split_at_mut(4);
    length.copy_from_slice(&(text.len() as u32).to_le_bytes());
    rest.iter_mut().zip(text.bytes()).for_each(|(at, byte)| *at = byte);
    u128::from_le_bytes(bytes)
}

/// A few are looked through, many are hashed.
#[derive(Debug)]
enum Members<T> {
    Few(Vec<T>),
    Many(HashSet<T>),
}

impl<T: Eq + Hash> Members<T> {
    const FEW: usize = 8;

    fn new(members: Vec<T>) -> Self {
        if members.len() <= Self::FEW { Members::Few(members) } else { Members::Many(members.into_iter().collect()) }
    }

    fn has<Q: Eq + Hash + ?Sized>(&self, value: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        match self {
            Members::Few(few) => few.iter().any(|member| member.borrow() == value),
            Members::Many(many) => many.contains(value),
        }
    }
}

fn members<T: Eq + Hash>(values: &[Value], member: impl Fn(&Value) -> Option<T>) -> Members<T> {
    Members::new(values.iter().filter_map(member).collect())
}
