//! The values of a population, by group.

use std::any::Any;

use datafusion::arrow::datatypes::DataType;

use super::cut_points::{self, CutPoints};
use super::groups::{Groups, RowGroups};
use super::ranks::TypedRanks;
use super::value::Ranked;
use super::{Population, Ranks, Rows, mismatch};
use crate::engine::kernel::error::Result;
use crate::ir::RankForm;

/// A population of values of one type.
#[derive(Debug)]
pub(super) struct Typed<T> {
    pub data_type: DataType,
    pub groups: Groups,
    /// For each group.
    pub values: Vec<Vec<T>>,
    /// Bytes held in `values`.
    held: usize,
}

impl<T: Ranked> Typed<T> {
    pub fn new(value: &DataType, per: Option<&DataType>) -> Result<Self> {
        let mut population = Typed { data_type: value.clone(), groups: Groups::new(per)?, values: Vec::new(), held: 0 };
        population.make_room();
        Ok(population)
    }

    fn make_room(&mut self) {
        let new = self.groups.len().saturating_sub(self.values.len());
        self.values.resize_with(self.values.len() + new, Vec::new);
        self.held += new * size_of::<Vec<T>>();
    }

    /// Changes the values of a group.
    fn change(&mut self, group: usize, change: impl FnOnce(&mut Vec<T>)) {
        if let Some(values) = self.values.get_mut(group) {
            let (capacity, len) = (values.capacity(), values.len());
            change(values);
            self.held += values.capacity().saturating_sub(capacity) * size_of::<T>();
            self.held += values.get(len..).unwrap_or_default().iter().map(T::heap).sum::<usize>();
        }
    }
}

impl<T: Ranked> Population for Typed<T> {
    fn add(&mut self, rows: &Rows<'_>) -> Result<()> {
        let (values, known) = T::read(rows.value)?;
        let population = rows.population(known)?;
        let groups = self.groups.intern(rows.per, population.as_ref())?;
        self.make_room();
        match (groups, population) {
            (RowGroups::One, None) => self.change(0, |kept| kept.extend_from_slice(&values)),
            (RowGroups::One, Some(population)) => {
                self.change(0, |kept| {
                    kept.reserve(population.len() - population.null_count());
                    kept.extend(population.valid_indices().filter_map(|row| values.get(row).cloned()));
                });
            }
            (groups, _) => {
                for (row, value) in values.iter().enumerate() {
                    if let Some(group) = groups.of(row) {
                        self.change(group, |kept| kept.push(value.clone()));
                    }
                }
            }
        }
        Ok(())
    }

    fn merge(&mut self, other: Box<dyn Population>) -> Result<()> {
        let other = other.into_any().downcast::<Self>().map_err(|_| mismatch("populations of different types"))?;
        let numbers = self.groups.merge(&other.groups)?;
        self.make_room();
        for (number, mut values) in numbers.into_iter().zip(other.values) {
            let Some(kept) = self.values.get_mut(number) else { continue };
            if kept.len() < values.len() {
                std::mem::swap(kept, &mut values);
            }
            kept.reserve_exact(values.len());
            kept.append(&mut values);
        }
        self.held = self.values.iter().map(held).sum();
        Ok(())
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.held + self.groups.heap()
    }

    fn select(self: Box<Self>, forms: &[RankForm]) -> Result<Box<dyn Ranks>> {
        Ok(Box::new(TypedRanks::new(*self, forms)))
    }

    fn cut_points(self: Box<Self>, form: RankForm) -> Result<CutPoints> {
        cut_points::of(*self, form)
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// Bytes that a group's values hold.
fn held<T: Ranked>(values: &Vec<T>) -> usize {
    size_of::<Vec<T>>() + values.capacity() * size_of::<T>() + values.iter().map(T::heap).sum::<usize>()
}
