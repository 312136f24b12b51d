//! Rows of values, of which there may be millions.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use chrono::NaiveDate;
use num_bigint::BigInt;
use num_rational::{BigRational, Ratio};
use num_traits::ToPrimitive;

use super::{Type, Value};

/// Rows of values, part by part: a vector of one type for each part of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRows {
    parts: Vec<ValuePart>,
    len: usize,
}

/// One part of every row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValuePart {
    /// true, false.
    Bool(Vec<bool>),
    /// Numbers, all of them ratios of small whole numbers.
    Small(Vec<Ratio<i64>>),
    /// Numbers, one of them larger.
    Exact(Vec<BigRational>),
    /// Texts.
    Text(Texts),
    /// Days.
    Date(Vec<NaiveDate>),
    /// Instants in microseconds since 1970-01-01T00:00Z.
    Instant(Vec<i64>),
    /// Durations in microseconds.
    Duration(Vec<i64>),
}

/// Texts one after the other in one buffer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    buffer: String,
    /// Where each ends; it starts where the one before ends.
    ends: Vec<u32>,
}

impl ValueRows {
    /// Of parts that are equally long (the shortest counts), each row once: of equal ones the first.
    pub fn distinct(mut parts: Vec<ValuePart>) -> Self {
        let len = parts.iter().map(ValuePart::len).min().unwrap_or(0);
        let first = first_of_equals(&parts, len);
        parts.iter_mut().for_each(|part| part.retain(&first));
        let len = first.iter().filter(|first| **first).count();
        ValueRows { parts, len }
    }

    /// Of rows of values of these types, each once; none: a value is of another type.
    pub fn of(types: &[Type], rows: impl IntoIterator<Item = Vec<Value>>) -> Option<Self> {
        let mut parts = types.iter().map(|ty| ValuePart::new(*ty, 0)).collect::<Option<Vec<_>>>()?;
        for row in rows {
            let fits = row.len() == parts.len() && parts.iter_mut().zip(&row).all(|(part, value)| part.push(value));
            fits.then_some(())?;
        }
        Some(Self::distinct(parts))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The parts in order.
    pub fn parts(&self) -> &[ValuePart] {
        &self.parts
    }

    /// The values of a row; none: there is no such row.
    pub fn row(&self, at: usize) -> Option<Vec<Value>> {
        (at < self.len).then(|| self.parts.iter().map(|part| part.get(at)).collect()).flatten()
    }
}

impl ValuePart {
    /// None yet of a type, with room for so many; none: nothing of this type can be listed.
    pub fn new(ty: Type, room: usize) -> Option<Self> {
        Some(match ty {
            Type::Bool => ValuePart::Bool(Vec::with_capacity(room)),
            Type::Number => ValuePart::Small(Vec::with_capacity(room)),
            Type::Text => ValuePart::Text(Texts { buffer: String::new(), ends: Vec::with_capacity(room) }),
            Type::Date => ValuePart::Date(Vec::with_capacity(room)),
            Type::Instant => ValuePart::Instant(Vec::with_capacity(room)),
            Type::Duration => ValuePart::Duration(Vec::with_capacity(room)),
            Type::TextList => return None,
        })
    }

    /// Adds a value; false: it is of another type, or there is no room for so much text.
    #[must_use]
    pub fn push(&mut self, value: &Value) -> bool {
        match (&mut *self, value) {
            (ValuePart::Bool(part), Value::Bool(value)) => part.push(*value),
            (ValuePart::Small(part), Value::Number(value)) => match (value.numer().to_i64(), value.denom().to_i64()) {
                // Both are in lowest terms already.
                (Some(above), Some(below)) => part.push(Ratio::new_raw(above, below)),
                _ => {
                    let mut exact: Vec<BigRational> = part.iter().map(widened).collect();
                    exact.push(value.clone());
                    *self = ValuePart::Exact(exact);
                }
            },
            (ValuePart::Exact(part), Value::Number(value)) => part.push(value.clone()),
            (ValuePart::Text(part), Value::Text(value)) => return part.push(value),
            (ValuePart::Date(part), Value::Date(value)) => part.push(*value),
            (ValuePart::Instant(part), Value::Instant(value)) => part.push(*value),
            (ValuePart::Duration(part), Value::Duration(value)) => part.push(*value),
            _ => return false,
        }
        true
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            ValuePart::Bool(part) => part.len(),
            ValuePart::Small(part) => part.len(),
            ValuePart::Exact(part) => part.len(),
            ValuePart::Text(part) => part.ends.len(),
            ValuePart::Date(part) => part.len(),
            ValuePart::Instant(part) | ValuePart::Duration(part) => part.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a position.
    pub fn get(&self, at: usize) -> Option<Value> {
        Some(match self {
            ValuePart::Bool(part) => Value::Bool(*part.get(at)?),
            ValuePart::Small(part) => Value::Number(widened(part.get(at)?)),
            ValuePart::Exact(part) => Value::Number(part.get(at)?.clone()),
            ValuePart::Text(part) => Value::Text(part.get(at)?.to_owned()),
            ValuePart::Date(part) => Value::Date(*part.get(at)?),
            ValuePart::Instant(part) => Value::Instant(*part.get(at)?),
            ValuePart::Duration(part) => Value::Duration(*part.get(at)?),
        })
    }

    fn hash_at(&self, at: usize, hasher: &mut impl Hasher) {
        match self {
            ValuePart::Bool(part) => part.get(at).hash(hasher),
            ValuePart::Small(part) => part.get(at).hash(hasher),
            ValuePart::Exact(part) => part.get(at).hash(hasher),
            ValuePart::Text(part) => part.get(at).hash(hasher),
            ValuePart::Date(part) => part.get(at).hash(hasher),
            ValuePart::Instant(part) | ValuePart::Duration(part) => part.get(at).hash(hasher),
        }
    }

    fn are_equal(&self, a: usize, b: usize) -> bool {
        match self {
            ValuePart::Bool(part) => part.get(a) == part.get(b),
            ValuePart::Small(part) => part.get(a) == part.get(b),
            ValuePart::Exact(part) => part.get(a) == part.get(b),
            ValuePart::Text(part) => part.get(a) == part.get(b),
            ValuePart::Date(part) => part.get(a) == part.get(b),
            ValuePart::Instant(part) | ValuePart::Duration(part) => part.get(a) == part.get(b),
        }
    }

    fn retain(&mut self, keep: &[bool]) {
        match self {
            ValuePart::Bool(part) => kept(part, keep),
            ValuePart::Small(part) => kept(part, keep),
            ValuePart::Exact(part) => kept(part, keep),
            ValuePart::Text(part) => part.retain(keep),
            ValuePart::Date(part) => kept(part, keep),
            ValuePart::Instant(part) | ValuePart::Duration(part) => kept(part, keep),
        }
    }
}

impl Texts {
    /// Adds a text; false: there is no room for so much.
    #[must_use]
    pub fn push(&mut self, text: &str) -> bool {
        let Ok(end) = u32::try_from(self.buffer.len() + text.len()) else { return false };
        self.buffer.push_str(text);
        self.ends.push(end);
        true
    }

    /// The text at a position.
    pub fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.buffer.get(start as usize..end as usize)
    }

    fn retain(&mut self, keep: &[bool]) {
        if keep.len() == self.ends.len() && keep.iter().all(|keep| *keep) {
            return;
        }
        let mut left = Texts::default();
        for (at, _) in keep.iter().enumerate().filter(|(_, keep)| **keep) {
            // It had room before.
            let _ = self.get(at).is_some_and(|text| left.push(text));
        }
        *self = left;
    }
}

fn widened(number: &Ratio<i64>) -> BigRational {
    BigRational::new_raw(BigInt::from(*number.numer()), BigInt::from(*number.denom()))
}

fn kept<T>(values: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    values.retain(|_| keep.next().copied().unwrap_or(false));
}

/// For each row whether it is the first of those equal to it.
fn first_of_equals(parts: &[ValuePart], len: usize) -> Vec<bool> {
    const NONE: u32 = u32::MAX;
    let hashers = RandomState::new();
    // Open addressing with linear probing: positions of rows, at most half full.
    let mut table = vec![NONE; (len * 2).next_power_of_two()];
    let mask = table.len() - 1;
    let mut is_first = |at: usize| {
        let mut hasher = hashers.build_hasher();
        parts.iter().for_each(|part| part.hash_at(at, &mut hasher));
        let mut slot = hasher.finish() as usize & mask;
        while let Some(place) = table.get_mut(slot) {
            if *place == NONE {
                *place = u32::try_from(at).unwrap_or(NONE);
                return true;
            }
            let other = *place as usize;
            if parts.iter().all(|part| part.are_equal(at, other)) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        true
    };
    (0..len).map(&mut is_first).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn number(above: i64, below: i64) -> Value {
        Value::Number(BigRational::new(above.into(), below.into()))
    }

    #[test]
    fn each_row_is_there_once() {
        let rows = [("a", 1, 1), ("", 1, 3), ("a", 1, 1), ("a", 5, 2), ("é", 0, 1)];
        let rows = rows.map(|(word, above, below)| vec![text(word), number(above, below)]);
        let rows = ValueRows::of(&[Type::Text, Type::Number], rows).expect("texts and numbers");
        assert_eq!(rows.len(), 4);
        let found: Vec<_> = (0..5).map(|at| rows.row(at)).collect();
        assert_eq!(
            found,
            [
                Some(vec![text("a"), number(1, 1)]),
                Some(vec![text(""), number(1, 3)]),
                Some(vec![text("a"), number(5, 2)]),
                Some(vec![text("é"), number(0, 1)]),
                None
            ]
        );
    }

    #[test]
    fn a_large_number_makes_room_for_itself() {
        let large = Value::Number(BigRational::from(BigInt::from(10).pow(40)));
        let numbers = [number(7, 1), large.clone(), number(14, 2), large.clone()].map(|number| vec![number]);
        let rows = ValueRows::of(&[Type::Number], numbers).expect("numbers");
        assert_eq!((rows.row(0), rows.row(1), rows.len()), (Some(vec![number(7, 1)]), Some(vec![large]), 2));
    }

    #[test]
    fn other_types_are_refused() {
        let mut dates = ValuePart::new(Type::Date, 1).expect("dates can be listed");
        assert!(!dates.push(&text("a")));
        assert!(dates.is_empty() && dates.get(0).is_none());
        assert!(ValuePart::new(Type::TextList, 1).is_none());
        assert!(ValueRows::distinct(Vec::new()).is_empty());
    }
}
