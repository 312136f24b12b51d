//! From the values at a few positions to everybody's rank.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BinaryBuilder, BooleanArray, Int64Array};
use datafusion::arrow::buffer::{BooleanBuffer, NullBuffer};
use datafusion::arrow::datatypes::DataType;

use super::groups::{Groups, RowGroups};
use super::keys::{Asked, BatchKeys, Compared, DecidedKeys, TiedKeys};
use super::percentile::percentile;
use super::population::Typed;
use super::positions::{how_many, positions, score, score_by_place, score_starts, tile_starts};
use super::select::{Selected, counted, select};
use super::share::Sorted;
use super::value::Ranked;
use super::{Ranks, Rows};
use crate::engine::kernel::error::Result;
use crate::ir::RankForm;

/// What is known of every group of a ranking.
#[derive(Debug)]
pub(super) struct TypedRanks<T> {
    groups: Groups,
    forms: Vec<RankForm>,
    of_groups: Vec<OfGroup<T>>,
    asked: Asked,
}

/// What is known of a group.
#[derive(Debug)]
struct OfGroup<T> {
    /// For each form.
    rules: Vec<Rule<T>>,
    /// Values of which keys are wanted, ascending.
    ties: Vec<(T, u32)>,
    sorted: Option<Sorted<T>>,
}

/// How a value becomes a rank.
#[derive(Debug)]
enum Rule<T> {
    /// One more than the bounds passed.
    Tile(Vec<Bound<T>>),
    /// One more than the bounds passed.
    Score(Vec<Bound<T>>),
    /// By how many of the population, whose size is given, are not above: so many bounds are passed.
    ScoreByPlace(Vec<Bound<T>>, u32, usize),
    /// By the group's sorted values.
    Share,
    /// The number of all.
    Percentile(Option<Vec<u8>>),
    /// From a bound on; none: nobody.
    Highest(Option<Bound<T>>),
    /// Up to a bound, itself included; none: nobody.
    Lowest(Option<Bound<T>>),
}

/// A value, and where a position parts equal ones the key that decides.
#[derive(Debug)]
struct Bound<T> {
    value: T,
    key: Option<u32>,
}

impl<T: Ord> Bound<T> {
    /// Whether a row stands at the bound or after it: equal values by ascending key.
    #[inline]
    fn is_passed(&self, value: &T, row: usize, keys: &Compared<'_>) -> bool {
        match (self.value.cmp(value), self.key) {
            (Ordering::Equal, Some(key)) => keys.order(row, key).is_ge(),
            (order, _) => order.is_le(),
        }
    }

    /// Whether a row is beyond the bound, or equal to it with a key up to its key.
    #[inline]
    fn is_in(&self, beyond: Ordering, value: &T, row: usize, keys: &Compared<'_>) -> bool {
        match (value.cmp(&self.value), self.key) {
            (Ordering::Equal, Some(key)) => keys.order(row, key).is_le(),
            (Ordering::Equal, None) => true,
            (order, _) => order == beyond,
        }
    }
}

impl<T: Ranked> TypedRanks<T> {
    pub fn new(population: Typed<T>, forms: &[RankForm]) -> Self {
        let mut asked = Asked::default();
        let Typed { data_type, groups, values, .. } = population;
        let of_groups = values.into_iter().map(|values| OfGroup::new(values, forms, &data_type, &mut asked)).collect();
        TypedRanks { groups, forms: forms.to_vec(), of_groups, asked }
    }

    fn column(&self, at: usize, batch: &Batch<'_, T>) -> Result<ArrayRef> {
        let rule = |row: usize| self.group(batch, row).and_then(|group| group.rules.get(at));
        Ok(match self.forms.get(at) {
            Some(RankForm::Tile(_) | RankForm::Score(_)) => {
                let passed = |bounds: &[Bound<T>], row: usize| {
                    bounds.partition_point(|bound| bound.is_passed(&batch.values[row], row, &batch.keys))
                };
                let number = |row: usize| match rule(row) {
                    _ if !batch.counts(row) => 0,
                    Some(Rule::Tile(bounds) | Rule::Score(bounds)) => passed(bounds, row) as i64 + 1,
                    Some(Rule::ScoreByPlace(bounds, scores, size)) => score(passed(bounds, row), *scores, *size),
                    _ => 0,
                };
                let numbers: Vec<i64> = (0..batch.values.len()).map(number).collect();
                Arc::new(Int64Array::new(numbers.into(), batch.population.clone()))
            }
            Some(RankForm::PercentRank) => {
                let mut shares = BinaryBuilder::with_capacity(batch.values.len(), batch.values.len() * 12);
                for (row, value) in batch.values.iter().enumerate() {
                    let sorted = self.group(batch, row).and_then(|group| group.sorted.as_ref());
                    match sorted.filter(|_| batch.counts(row)) {
                        Some(sorted) => shares.append_value(sorted.share(value).bytes()),
                        None => shares.append_null(),
                    }
                }
                Arc::new(shares.finish())
            }
            Some(RankForm::Percentile(_)) => {
                let mut numbers = BinaryBuilder::with_capacity(batch.values.len(), batch.values.len() * 12);
                for row in 0..batch.values.len() {
                    numbers.append_option(match rule(row) {
                        Some(Rule::Percentile(number)) => number.as_ref(),
                        _ => None,
                    });
                }
                Arc::new(numbers.finish())
            }
            Some(RankForm::Highest(_) | RankForm::Lowest(_)) | None => {
                let is_in = |row: usize| {
                    let (bound, beyond) = match rule(row) {
                        Some(Rule::Highest(Some(bound))) => (bound, Ordering::Greater),
                        Some(Rule::Lowest(Some(bound))) => (bound, Ordering::Less),
                        _ => return false,
                    };
                    batch.counts(row) && bound.is_in(beyond, &batch.values[row], row, &batch.keys)
                };
                Arc::new(BooleanArray::from(BooleanBuffer::collect_bool(batch.values.len(), is_in)))
            }
        })
    }

    #[inline]
    fn group(&self, batch: &Batch<'_, T>, row: usize) -> Option<&OfGroup<T>> {
        self.of_groups.get(batch.groups.of(row)?)
    }
}

/// A batch ready to be ranked.
struct Batch<'a, T: Ranked> {
    values: T::Values,
    population: Option<NullBuffer>,
    groups: RowGroups,
    keys: Compared<'a>,
}

impl<T: Ranked> Batch<'_, T> {
    #[inline]
    fn counts(&self, row: usize) -> bool {
        self.population.as_ref().is_none_or(|population| population.is_valid(row))
    }
}

impl<T: Ranked> Ranks for TypedRanks<T> {
    fn needs_keys(&self) -> bool {
        !self.asked.is_empty()
    }

    fn collect(&self, rows: &Rows<'_>, keys: &BatchKeys<'_>, into: &mut TiedKeys) -> Result<()> {
        let (values, known) = T::read(rows.value)?;
        let population = rows.population(known)?;
        let groups = self.groups.find(rows.per)?;
        for (row, value) in values.iter().enumerate() {
            let Some(group) = groups.of(row).and_then(|group| self.of_groups.get(group)) else { continue };
            if population.as_ref().is_none_or(|population| population.is_valid(row))
                && let Ok(at) = group.ties.binary_search_by(|(tied, _)| tied.cmp(value))
                && let Some((_, tie)) = group.ties.get(at)
            {
                into.push(*tie, keys, row)?;
            }
        }
        Ok(())
    }

    fn decide(&self, keys: TiedKeys) -> Result<DecidedKeys> {
        self.asked.decide(keys)
    }

    fn apply(&self, rows: &Rows<'_>, keys: &BatchKeys<'_>, decided: &DecidedKeys) -> Result<Vec<ArrayRef>> {
        let (values, known) = T::read(rows.value)?;
        let population = rows.population(known)?;
        let groups = self.groups.find(rows.per)?;
        let batch = Batch::<T> { values, population, groups, keys: keys.compared(decided)? };
        (0..self.forms.len()).map(|at| self.column(at, &batch)).collect()
    }

    fn size(&self) -> usize {
        let of_group = |group: &OfGroup<T>| {
            let bounds: usize = group.rules.iter().map(Rule::size).sum();
            let ties = group.ties.capacity() * size_of::<(T, u32)>();
            size_of::<OfGroup<T>>() + bounds + ties + group.sorted.as_ref().map_or(0, Sorted::size)
        };
        size_of::<Self>() + self.groups.heap() + self.of_groups.iter().map(of_group).sum::<usize>()
    }
}

impl<T: Ranked> OfGroup<T> {
    fn new(mut values: Vec<T>, forms: &[RankForm], data_type: &DataType, asked: &mut Asked) -> Self {
        let size = values.len();
        let mut wanted: Vec<usize> = forms.iter().flat_map(|form| positions(*form, size)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let ranked = forms.contains(&RankForm::PercentRank);
        let at = if ranked {
            values.sort_unstable();
            counted(&values, &wanted)
        } else {
            select(&mut values, &wanted)
        };
        let mut maker = Maker { at, positions: wanted, size, asked, ties: BTreeMap::new() };
        let rules = forms.iter().map(|form| maker.rule(*form, data_type)).collect();
        let ties = maker.ties.into_iter().collect();
        OfGroup { rules, ties, sorted: ranked.then(|| Sorted::new(values)) }
    }
}

/// Makes rules from what was selected of a group.
struct Maker<'a, T> {
    positions: Vec<usize>,
    at: Vec<Selected<T>>,
    size: usize,
    asked: &'a mut Asked,
    ties: BTreeMap<T, u32>,
}

impl<T: Ranked> Maker<'_, T> {
    fn rule(&mut self, form: RankForm, data_type: &DataType) -> Rule<T> {
        match form {
            RankForm::Tile(tiles) => {
                Rule::Tile(tile_starts(tiles, self.size).filter_map(|start| self.start(start)).collect())
            }
            RankForm::Score(scores) => {
                let bound = |position| Some(Bound { value: self.find(position)?.value.clone(), key: None });
                if score_by_place(scores, self.size) {
                    Rule::ScoreByPlace(score_starts(scores, self.size).filter_map(bound).collect(), scores, self.size)
                } else {
                    Rule::Score(score_starts(scores, self.size).filter_map(bound).collect())
                }
            }
            RankForm::PercentRank => Rule::Share,
            RankForm::Percentile(millionths) => {
                let value = |position| self.find(position).map(|at| &at.value);
                Rule::Percentile(percentile(millionths, self.size, data_type, value))
            }
            RankForm::Highest(count) => Rule::Highest(match how_many(count, self.size) {
                0 => None,
                members => self.end(self.size - members, members, |at, size| size - at.not_above),
            }),
            RankForm::Lowest(count) => Rule::Lowest(match how_many(count, self.size) {
                0 => None,
                members => self.end(members - 1, members, |at, _| at.below),
            }),
        }
    }

    fn find(&self, position: usize) -> Option<&Selected<T>> {
        self.at.get(self.positions.binary_search(&position).ok()?)
    }

    /// The bound that begins at a position.
    fn start(&mut self, position: usize) -> Option<Bound<T>> {
        let at = self.find(position)?.clone();
        let key = (at.below < position).then(|| self.key(&at, position - at.below));
        Some(Bound { value: at.value, key })
    }

    /// The bound of so many at an end, the last of whom stands at a position; `beyond` counts those with a value beyond his. Of
    /// equal values the smaller keys are in, at either end.
    fn end(
        &mut self,
        position: usize,
        members: usize,
        beyond: impl Fn(&Selected<T>, usize) -> usize,
    ) -> Option<Bound<T>> {
        let at = self.find(position)?.clone();
        let equal = members.saturating_sub(beyond(&at, self.size));
        let key = (equal < at.equal()).then(|| self.key(&at, equal.saturating_sub(1)));
        Some(Bound { value: at.value, key })
    }

    /// Asks for the key at a place among equal values.
    fn key(&mut self, at: &Selected<T>, place: usize) -> u32 {
        let tie = *self.ties.entry(at.value.clone()).or_insert_with(|| self.asked.tie());
        self.asked.key(tie, place)
    }
}

impl<T: Ranked> Rule<T> {
    fn size(&self) -> usize {
        let of = |bounds: &[Bound<T>]| bounds.iter().map(|bound| size_of::<Bound<T>>() + bound.value.heap()).sum();
        size_of::<Self>()
            + match self {
                Rule::Tile(bounds) | Rule::Score(bounds) | Rule::ScoreByPlace(bounds, ..) => of(bounds),
                Rule::Highest(bound) | Rule::Lowest(bound) => of(bound.as_slice()),
                Rule::Percentile(number) => number.as_ref().map_or(0, Vec::capacity),
                Rule::Share => 0,
            }
    }
}
