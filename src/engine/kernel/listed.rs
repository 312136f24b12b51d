//! The rows of a list, looked up by value.
//!
//! Rows stay where they are, however many there are; here are only their positions, by hash. A number is found whatever form a
//! column has it in.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use datafusion::arrow::array::BooleanArray;
use datafusion::arrow::buffer::BooleanBuffer;
use num_rational::{BigRational, Ratio};
use num_traits::{One, ToPrimitive};

use super::broadcast::{known_in_all, position};
use super::column::{Column, days};
use super::error::{KernelError, Result};
use super::number::{Numbers, decimal_of};
use crate::ir::{List, ValuePart, ValueRows};

/// No position.
const NONE: u32 = u32::MAX;

/// The rows of a list by hash.
#[derive(Debug)]
pub struct Listed {
    rows: Arc<ValueRows>,
    /// Open addressing with linear probing: positions of rows. The length is a power of two, at most half full.
    table: Vec<u32>,
    hasher: RandomState,
}

impl Listed {
    /// Of a list.
    pub fn new(list: &List) -> Listed {
        let rows = Arc::clone(&list.rows);
        let table = vec![NONE; (rows.len() * 2).next_power_of_two().max(16)];
        let mut listed = Listed { rows, table, hasher: RandomState::new() };
        for at in 0..listed.rows.len() {
            listed.add(at);
        }
        listed
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// For each of so many rows of columns, one for each part, the position of its row in the list; none where there is none or
    /// a part is unknown. A column of a single row stands for as many as there are.
    ///
    /// # Errors
    ///
    /// [`KernelError::Rows`] for columns of another length.
    pub fn lookup(&self, parts: &[&Column], rows: usize) -> Result<Vec<Option<u32>>> {
        if let Some(wrong) = parts.iter().find(|part| part.len() != rows && part.len() != 1) {
            return Err(KernelError::Rows { expected: rows, found: wrong.len() });
        }
        let known = known_in_all(parts.iter().map(|part| (part.nulls(), part.len())), rows);
        let is_known = |row| known.as_ref().is_none_or(|known| known.is_valid(row));
        Ok((0..rows).map(|row| if is_known(row) { self.find(parts, row) } else { None }).collect())
    }

    /// Whether the list has each of so many rows; unknown where a part is unknown.
    pub(super) fn contains(&self, parts: &[&Column], rows: usize) -> Result<BooleanArray> {
        let found = self.lookup(parts, rows)?;
        let known = known_in_all(parts.iter().map(|part| (part.nulls(), part.len())), rows);
        let found = BooleanBuffer::collect_bool(rows, |row| found.get(row).is_some_and(Option::is_some));
        Ok(BooleanArray::new(found, known))
    }

    fn add(&mut self, at: usize) {
        let mut hasher = self.hasher.build_hasher();
        self.rows.parts().iter().for_each(|part| hash_listed(part, at, &mut hasher));
        let mask = self.table.len() - 1;
        let mut slot = hasher.finish() as usize & mask;
        while let Some(&taken) = self.table.get(slot)
            && taken != NONE
        {
            slot = (slot + 1) & mask;
        }
        if let (Some(place), Ok(at)) = (self.table.get_mut(slot), u32::try_from(at)) {
            *place = at;
        }
    }

    fn find(&self, parts: &[&Column], row: usize) -> Option<u32> {
        let mut hasher = self.hasher.build_hasher();
        parts.iter().for_each(|part| hash_cell(part, position(part.len(), row), &mut hasher));
        let mask = self.table.len() - 1;
        let mut slot = hasher.finish() as usize & mask;
        loop {
            let at = self.table.get(slot).copied().filter(|at| *at != NONE)?;
            let listed = self.rows.parts();
            let equal = |(part, listed): (&&Column, &ValuePart)| {
                equals(part, position(part.len(), row), listed, at as usize).unwrap_or(false)
            };
            if listed.len() == parts.len() && parts.iter().zip(listed).all(equal) {
                return Some(at);
            }
            slot = (slot + 1) & mask;
        }
    }
}

/// A number by which it is told from others, whatever form it comes in.
#[derive(Hash, PartialEq, Eq)]
enum NumberKey {
    /// Unscaled, with the smallest scale.
    Decimal(i128, u8),
    Exact(BigRational),
}

impl NumberKey {
    fn of(value: &BigRational) -> NumberKey {
        if value.denom().is_one()
            && let Some(whole) = value.numer().to_i128()
        {
            return NumberKey::Decimal(whole, 0);
        }
        match decimal_of(value) {
            Some((unscaled, scale)) => NumberKey::Decimal(unscaled, scale),
            None => NumberKey::Exact(value.clone()),
        }
    }

    fn small(value: &Ratio<i64>) -> NumberKey {
        match value.denom() {
            1 => NumberKey::Decimal((*value.numer()).into(), 0),
            below => Self::of(&BigRational::new_raw((*value.numer()).into(), (*below).into())),
        }
    }

    fn cell(numbers: &Numbers, row: usize) -> NumberKey {
        match numbers {
            Numbers::Small { values, scale, .. } => Self::decimal(values[row].into(), *scale),
            Numbers::Decimal { values, scale, .. } => Self::decimal(values[row], *scale),
            Numbers::Ratio { .. } | Numbers::Exact { .. } => {
                numbers.get(row).map_or(NumberKey::Decimal(0, 0), |value| Self::of(&value))
            }
        }
    }

    fn decimal(mut unscaled: i128, mut scale: u8) -> NumberKey {
        while scale > 0 && unscaled % 10 == 0 {
            unscaled /= 10;
            scale -= 1;
        }
        NumberKey::Decimal(unscaled, scale)
    }
}

/// As [`hash_cell`] does it for a column.
fn hash_listed(part: &ValuePart, at: usize, hasher: &mut impl Hasher) {
    match part {
        ValuePart::Bool(part) => part.get(at).map(|value| value.hash(hasher)),
        ValuePart::Small(part) => part.get(at).map(|value| NumberKey::small(value).hash(hasher)),
        ValuePart::Exact(part) => part.get(at).map(|value| NumberKey::of(value).hash(hasher)),
        ValuePart::Text(part) => part.get(at).map(|value| value.hash(hasher)),
        ValuePart::Date(part) => part.get(at).map(|value| days(*value).hash(hasher)),
        ValuePart::Instant(part) | ValuePart::Duration(part) => part.get(at).map(|value| value.hash(hasher)),
    };
}

fn hash_cell(column: &Column, row: usize, hasher: &mut impl Hasher) {
    match column {
        Column::Bool(array) => array.value(row).hash(hasher),
        Column::Number(numbers) => NumberKey::cell(numbers, row).hash(hasher),
        Column::Text(array) => array.value(row).hash(hasher),
        Column::Date(array) => array.value(row).hash(hasher),
        Column::Instant(array) => array.value(row).hash(hasher),
        Column::Duration(array) => array.value(row).hash(hasher),
        Column::TextList(_) => {}
    }
}

/// Whether a cell of a column is the value of a list at a position; none: there is no such position.
fn equals(column: &Column, row: usize, part: &ValuePart, at: usize) -> Option<bool> {
    Some(match (column, part) {
        (Column::Bool(array), ValuePart::Bool(part)) => array.value(row) == *part.get(at)?,
        (Column::Number(numbers), ValuePart::Small(part)) => {
            NumberKey::cell(numbers, row) == NumberKey::small(part.get(at)?)
        }
        (Column::Number(numbers), ValuePart::Exact(part)) => {
            NumberKey::cell(numbers, row) == NumberKey::of(part.get(at)?)
        }
        (Column::Text(array), ValuePart::Text(part)) => array.value(row) == part.get(at)?,
        (Column::Date(array), ValuePart::Date(part)) => array.value(row) == days(*part.get(at)?),
        (Column::Instant(array), ValuePart::Instant(part)) => array.value(row) == *part.get(at)?,
        (Column::Duration(array), ValuePart::Duration(part)) => array.value(row) == *part.get(at)?,
        _ => false,
    })
}

/// Which rows of a list were met: threads may say so at once.
#[derive(Debug)]
pub struct Met {
    bits: Vec<AtomicU64>,
    rows: usize,
}

impl Met {
    /// None yet of so many.
    pub fn new(rows: usize) -> Met {
        Met { bits: (0..rows.div_ceil(64)).map(|_| AtomicU64::new(0)).collect(), rows }
    }

    /// This one was met.
    pub fn mark(&self, position: u32) {
        let at = position as usize;
        if let Some(bits) = self.bits.get(at / 64) {
            bits.fetch_or(1 << (at % 64), Ordering::Relaxed);
        }
    }

    /// Whether it was met.
    pub fn is_met(&self, position: usize) -> bool {
        self.bits.get(position / 64).is_some_and(|bits| bits.load(Ordering::Relaxed) >> (position % 64) & 1 == 1)
    }

    /// The positions of those that were not.
    pub fn missed(&self) -> impl Iterator<Item = usize> {
        (0..self.rows).filter(|at| !self.is_met(*at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Type, Value};
    use crate::source::{FileId, Span};

    fn list(types: &[Type], rows: Vec<Vec<Value>>) -> List {
        let rows = Arc::new(ValueRows::of(types, rows).expect("the values are of the types"));
        List { file: None, span: Span::new(FileId(0), 0, 0), rows, keys_of: None }
    }

    fn number(numerator: i64, denominator: i64) -> Value {
        Value::Number(BigRational::new(numerator.into(), denominator.into()))
    }

    #[test]
    fn a_number_is_found_in_any_form() {
        let rows = [(7, 1), (-3, 2), (1, 3), (0, 1), (100, 1)];
        let listed = Listed::new(&list(&[Type::Number], rows.iter().map(|(a, b)| vec![number(*a, *b)]).collect()));
        let forms = [
            Numbers::Small { values: vec![700, -150, 33, 0, 10_000].into(), scale: 2, nulls: None },
            Numbers::Decimal { values: vec![70, -15, 3, 0, 1_000].into(), scale: 1, nulls: None },
            Numbers::Ratio {
                numerators: vec![14, -6, 2, 0, 300].into(),
                denominators: vec![2, 4, 6, 5, 3].into(),
                nulls: None,
            },
            Numbers::exact(rows.iter().map(|(a, b)| BigRational::new((*a).into(), (*b).into())).collect(), None),
        ];
        for (form, numbers) in forms.into_iter().enumerate() {
            let third = (form >= 2).then_some(2);
            let found = listed.lookup(&[&Column::Number(numbers)], 5).unwrap();
            assert_eq!(found, [Some(0), Some(1), third, Some(3), Some(4)], "form {form}");
        }
    }

    #[test]
    fn parts_are_looked_up_together() {
        let text = |text: &str| Value::Text(text.into());
        let rows = vec![vec![text("a"), number(1, 1)], vec![text("a"), number(2, 1)], vec![text("b"), number(1, 1)]];
        let listed = Listed::new(&list(&[Type::Text, Type::Number], rows));
        let texts = ["a", "b", "b"].map(|text| Column::from_value(&Value::Text(text.into())));
        let numbers = Column::Number(Numbers::Small {
            values: vec![2, 9].into(),
            scale: 0,
            nulls: Some(vec![true, false].into()),
        });
        assert_eq!(listed.lookup(&[&texts[0], &numbers], 2).unwrap(), [Some(1), None]);
        assert_eq!(listed.contains(&[&texts[0], &numbers], 2).unwrap(), BooleanArray::from(vec![Some(true), None]));
        assert_eq!(listed.lookup(&[&texts[1], &numbers], 2).unwrap(), [None, None]);
        assert!(listed.lookup(&[&texts[1], &numbers], 3).is_err());
    }

    #[test]
    fn a_long_list_and_an_empty_one() {
        let listed = Listed::new(&list(&[Type::Text], (0..5000).map(|n| vec![Value::Text(format!("C{n}"))]).collect()));
        let met = Met::new(listed.len());
        for n in (0..5000).filter(|n| *n != 77).chain(6000..6100) {
            let found = listed.lookup(&[&Column::from_value(&Value::Text(format!("C{n}")))], 1).unwrap();
            assert_eq!(found, [(n < 5000).then_some(n)]);
            found.into_iter().flatten().for_each(|at| met.mark(at));
        }
        assert_eq!(met.missed().collect::<Vec<_>>(), [77]);
        let empty = Listed::new(&list(&[Type::Bool], Vec::new()));
        assert!(empty.is_empty());
        assert_eq!(empty.lookup(&[&Column::from_value(&Value::Bool(true))], 2).unwrap(), [None, None]);
    }
}
