//! The distinct values of each group, counted or not.

use std::fmt::Debug;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, Int64Array, LargeListArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, Int64Type};

use super::domain::Domain;
use super::rows::{Rows, column, downcast, primitive};
use super::{Result, Take, mismatch};

/// What is known of a distinct value: nothing, or how often it occurs.
pub trait Weight: Copy + Debug + Send + Sync + 'static {
    /// Whether states need a column of counts.
    const COUNTED: bool;
    /// Of a value that occurs so often.
    fn new(count: i64) -> Self;
    /// Of both together.
    fn join(self, other: Self) -> Self;
    /// How often it occurs, if that is known.
    fn count(self) -> i64;
}

impl Weight for () {
    const COUNTED: bool = false;
    fn new(_: i64) {}
    fn join(self, (): ()) {}
    fn count(self) -> i64 {
        1
    }
}

impl Weight for i64 {
    const COUNTED: bool = true;
    fn new(count: i64) -> i64 {
        count
    }
    fn join(self, other: i64) -> i64 {
        self + other
    }
    fn count(self) -> i64 {
        self
    }
}

/// One group's values: a vector that is sorted and freed of duplicates whenever it is full, and grows only where that
/// left it more than half full. A set in a quarter of a hash table's memory, at O(log n) a value.
#[derive(Debug)]
pub struct Tally<T, W> {
    entries: Vec<(T, W)>,
}

impl<T, W> Default for Tally<T, W> {
    fn default() -> Self {
        Tally { entries: Vec::new() }
    }
}

impl<T: Copy + Ord, W: Weight> Tally<T, W> {
    /// Counts a value in. Returns the bytes by which it grew.
    fn add(&mut self, token: T, weight: W) -> usize {
        if let Some((last, sum)) = self.entries.last_mut()
            && *last == token
        {
            *sum = sum.join(weight);
            return 0;
        }
        let before = self.entries.capacity();
        if self.entries.len() == before {
            self.compact();
            if self.entries.len() * 2 >= before {
                self.entries.reserve_exact(before.max(4));
            }
        }
        self.entries.push((token, weight));
        (self.entries.capacity() - before) * size_of::<(T, W)>()
    }

    fn compact(&mut self) {
        // A stable sort merges the sorted beginning with what was pushed since.
        self.entries.sort_by_key(|(token, _)| *token);
        self.entries.dedup_by(|(token, weight), (kept, sum)| {
            let equal = token == kept;
            if equal {
                *sum = sum.join(*weight);
            }
            equal
        });
    }

    /// The distinct values, sorted by token.
    pub fn into_entries(mut self) -> Vec<(T, W)> {
        self.compact();
        self.entries
    }

    fn heap(&self) -> usize {
        self.entries.capacity() * size_of::<(T, W)>()
    }
}

/// The distinct values of many groups.
#[derive(Debug)]
pub struct Tallies<D: Domain, W> {
    /// What the tokens stand for.
    pub domain: D,
    groups: Vec<Tally<D::Token, W>>,
    /// Bytes that the groups' entries hold.
    heap: usize,
}

impl<D: Domain, W: Weight> Tallies<D, W> {
    /// No groups.
    pub fn new(domain: D) -> Self {
        Tallies { domain, groups: Vec::new(), heap: 0 }
    }

    /// Counts arguments in.
    pub fn add(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total_groups: usize,
    ) -> Result<()> {
        self.groups.resize_with(total_groups, Tally::default);
        let array = column(values, 0)?;
        let arguments = D::column(array)?;
        Rows::new(groups, Some(array), filter)?.try_each(|row, group| {
            let token = self.domain.token(&arguments, row)?;
            self.heap += self.groups[group].add(token, W::new(1));
            Ok(())
        })
    }

    /// Counts states in.
    pub fn merge(&mut self, states: &[ArrayRef], groups: &[usize], total_groups: usize) -> Result<()> {
        self.groups.resize_with(total_groups, Tally::default);
        let lists = downcast::<LargeListArray>(column(states, 0)?)?;
        let counts = if W::COUNTED { Some(downcast::<LargeListArray>(column(states, 1)?)?) } else { None };
        for (row, &group) in groups.iter().enumerate() {
            if lists.is_null(row) {
                continue;
            }
            let values = lists.value(row);
            let counts = counts.map(|counts| counts.value(row));
            if counts.as_ref().is_some_and(|counts| counts.len() != values.len()) {
                return Err(mismatch("as many counts as values were expected"));
            }
            let counts = counts.as_ref().map(primitive::<Int64Type>).transpose()?;
            let column = D::column(&values)?;
            for index in 0..values.len() {
                let token = self.domain.token(&column, index)?;
                let weight = W::new(counts.map_or(1, |counts| counts.value(index)));
                self.heap += self.groups[group].add(token, weight);
            }
        }
        Ok(())
    }

    /// Takes out groups. [`Tallies::forget`] what only they needed when they are no longer looked at.
    pub fn take(&mut self, take: Take) -> Vec<Tally<D::Token, W>> {
        let tallies = take.split(&mut self.groups);
        self.heap -= tallies.iter().map(Tally::heap).sum::<usize>();
        tallies
    }

    /// Forgets the values that no group has any more.
    pub fn forget(&mut self) -> Result<()> {
        let tokens = self.groups.iter_mut().flat_map(|tally| tally.entries.iter_mut().map(|(token, _)| token));
        self.domain.keep_only(tokens)
    }

    /// Takes out groups as columns of [`Tallies::state_types`].
    pub fn state(&mut self, take: Take) -> Result<Vec<ArrayRef>> {
        let groups: Vec<_> = self.take(take).into_iter().map(Tally::into_entries).collect();
        let offsets = OffsetBuffer::<i64>::from_lengths(groups.iter().map(Vec::len));
        let list = |values: ArrayRef| -> Result<ArrayRef> {
            let field = Arc::new(Field::new_list_field(values.data_type().clone(), true));
            Ok(Arc::new(LargeListArray::try_new(field, offsets.clone(), values, None)?))
        };
        let mut columns = vec![list(self.domain.state(groups.iter().flatten().map(|(token, _)| *token)))?];
        if W::COUNTED {
            let counts = groups.iter().flatten().map(|(_, weight)| weight.count());
            columns.push(list(Arc::new(Int64Array::from_iter_values(counts)))?);
        }
        self.forget()?;
        Ok(columns)
    }

    /// The types of a state's columns.
    pub fn state_types(&self) -> Vec<DataType> {
        let list = |values| DataType::LargeList(Arc::new(Field::new_list_field(values, true)));
        let mut types = vec![list(self.domain.state_type())];
        if W::COUNTED {
            types.push(list(DataType::Int64));
        }
        types
    }

    /// Bytes held, its own included.
    pub fn size(&self) -> usize {
        let groups = self.groups.capacity() * size_of::<Tally<D::Token, W>>();
        size_of::<Self>() + groups + self.heap + self.domain.heap()
    }
}

/// Writes the parts of [`super::FeatureState`] that are the same for all states made of tallies.
macro_rules! delegate_to_tallies {
    () => {
        fn add(
            &mut self,
            values: &[ArrayRef],
            groups: &[usize],
            filter: Option<&BooleanArray>,
            total_groups: usize,
        ) -> Result<()> {
            self.tallies.add(values, groups, filter, total_groups)
        }

        fn merge(&mut self, states: &[ArrayRef], groups: &[usize], total_groups: usize) -> Result<()> {
            self.tallies.merge(states, groups, total_groups)
        }

        fn state(&mut self, take: Take) -> Result<Vec<ArrayRef>> {
            self.tallies.state(take)
        }

        fn state_types(&self) -> Vec<DataType> {
            self.tallies.state_types()
        }

        fn size(&self) -> usize {
            self.tallies.size()
        }
    };
}
pub(super) use delegate_to_tallies;
