//! The features of some subjects while their rows pass.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, BooleanBufferBuilder, Date32Array, Decimal128Array,
    DurationMicrosecondArray, Int64Array, PrimitiveArray, TimestampMicrosecondArray,
};
use datafusion::arrow::buffer::{BooleanBuffer, NullBuffer};
use datafusion::arrow::datatypes::{DataType, Int64Type, UInt16Type, UInt64Type};

use super::cells::{Cells, Chosen, Counted, Fold, Total};
use super::ledger::Ledger;
use super::recipe::{Mask, Place, Recipe};
use crate::engine::kernel::error::{KernelError, Result};
use crate::engine::kernel::spent::{Spent, timed};
use crate::engine::kernel::state::{FeatureState, Take};

/// What has been counted of some subjects.
#[derive(Debug)]
pub struct Features {
    recipe: Arc<Recipe>,
    cells: Vec<Cells>,
    states: Vec<Box<dyn FeatureState>>,
    subjects: usize,
    /// How many subjects have been given back.
    given: usize,
    closed: bool,
    /// What the parts of the recipe cost, if that is asked.
    spent: Option<Arc<Spent>>,
}

impl Features {
    /// Of nobody.
    ///
    /// # Errors
    ///
    /// An aggregation that has no meaning for its argument.
    pub fn new(recipe: &Arc<Recipe>) -> Result<Self> {
        let stride = |map: usize| recipe.maps.get(map).map_or(1, |map| map.stride);
        let cells = recipe.measures.iter().map(|measure| Cells::new(measure.fold, stride(measure.map))).collect();
        let states = recipe.states.iter().map(|state| recipe.new_state(state)).collect::<Result<_>>()?;
        Ok(Features { recipe: Arc::clone(recipe), cells, states, subjects: 0, given: 0, closed: false, spent: None })
    }

    /// Remembers what the parts of the recipe cost ([`Ledger`]).
    pub fn telling(mut self, spent: Option<Arc<Spent>>) -> Self {
        self.spent = spent;
        self
    }

    /// Counts narrow rows in: row `i` is of subject `groups[i]`, of so many that there are by now.
    ///
    /// # Errors
    ///
    /// Columns that are not those of [`Recipe::narrow`]; whatever states refuse.
    pub fn add(&mut self, narrow: &[ArrayRef], groups: &[usize], subjects: usize) -> Result<()> {
        self.resize(subjects);
        let rows = Narrow::new(&self.recipe, narrow, groups.len())?;
        let in_time = rows.in_time();
        let spent = self.spent.clone();
        let spent = spent.as_deref();
        let ledger = Ledger::of(&self.recipe);
        let masks = self.recipe.masks.iter().enumerate();
        let lists: Vec<Option<Vec<u32>>> =
            masks.map(|(at, mask)| timed(spent, ledger.mask(at), || rows.chosen(mask, &in_time))).collect();
        for (at, (measure, kept)) in self.recipe.measures.iter().zip(&mut self.cells).enumerate() {
            let (Some(list), Some(map)) = (lists.get(measure.mask), self.recipe.maps.get(measure.map)) else {
                continue;
            };
            let values = match measure.number {
                Some(at) => rows.numbers(at)?,
                None => &[],
            };
            let chosen = rows.during(map.live, list.as_deref(), &in_time);
            let counted = Counted { groups, slices: rows.slices, cells: &map.cells, chosen, values };
            timed(spent, ledger.measure(at), || kept.add(&counted));
        }
        for (at, (of, state)) in self.recipe.states.iter().zip(&mut self.states).enumerate() {
            let Some(list) = lists.get(of.mask) else { continue };
            let mut arguments = Vec::new();
            arguments.extend(of.value.map(|at| rows.value(at)).transpose()?);
            arguments.extend(of.ordered.then(|| rows.order()).transpose()?);
            timed(spent, ledger.state(at), || {
                let filter = rows.filter(rows.during(of.run, list.as_deref(), &in_time));
                state.add(&arguments, groups, Some(&filter), subjects)
            })?;
        }
        Ok(())
    }

    /// Makes room for subjects that have no rows.
    pub fn resize(&mut self, subjects: usize) {
        self.subjects = self.subjects.max(subjects);
        for cells in &mut self.cells {
            cells.resize(self.subjects);
        }
    }

    /// Bytes held.
    pub fn size(&self) -> usize {
        let cells: usize = self.cells.iter().map(Cells::size).sum();
        cells + self.states.iter().map(|state| state.size()).sum::<usize>()
    }

    /// The features of the next so many subjects, in the order asked. Nothing can be counted in any more.
    ///
    /// # Errors
    ///
    /// Whatever states refuse.
    pub fn take(&mut self, subjects: usize) -> Result<Vec<ArrayRef>> {
        if !self.closed {
            self.closed = true;
            self.cells.iter_mut().for_each(Cells::close);
            self.touch()?;
        }
        let range = self.given..(self.given + subjects).min(self.subjects);
        let count = range.len();
        self.given = range.end;
        let mut states = Vec::with_capacity(self.states.len());
        for state in &mut self.states {
            states.push(state.finish(Take::First(count))?);
        }
        let place = |place: &Place| match place {
            Place::Cells { measure, run, data_type } => {
                let cells = self.cells.get(*measure).ok_or(KernelError::Inputs { expected: *measure + 1, found: 0 })?;
                made(cells, self.fold(*measure), range.clone(), *run, data_type)
            }
            Place::State(at) => {
                states.get(*at).cloned().ok_or(KernelError::Inputs { expected: *at + 1, found: states.len() })
            }
        };
        let ledger = Ledger::of(&self.recipe);
        let places = self.recipe.places.iter().enumerate();
        places.map(|(at, of)| timed(self.spent.as_deref(), ledger.place(at), || place(of))).collect()
    }

    fn fold(&self, measure: usize) -> Fold {
        self.recipe.measures.get(measure).map_or(Fold::Count, |measure| measure.fold)
    }

    /// States learn how many subjects there are.
    fn touch(&mut self) -> Result<()> {
        let nothing = Recipe::nothing(&self.recipe);
        let rows = Narrow::new(&self.recipe, &nothing, 0)?;
        for (of, state) in self.recipe.states.iter().zip(&mut self.states) {
            let mut arguments = Vec::new();
            arguments.extend(of.value.map(|at| rows.value(at)).transpose()?);
            arguments.extend(of.ordered.then(|| rows.order()).transpose()?);
            state.add(&arguments, &[], None, self.subjects)?;
        }
        Ok(())
    }
}

impl Recipe {
    /// The columns of no rows.
    fn nothing(&self) -> Vec<ArrayRef> {
        let fields = self.narrow_fields();
        fields.iter().map(|field| datafusion::arrow::array::new_empty_array(field.data_type())).collect()
    }
}

/// The columns of narrow rows by what they are.
struct Narrow<'a> {
    recipe: &'a Recipe,
    columns: &'a [ArrayRef],
    rows: usize,
    slices: Option<&'a [u16]>,
    words: Vec<&'a [u64]>,
}

impl<'a> Narrow<'a> {
    fn new(recipe: &'a Recipe, columns: &'a [ArrayRef], rows: usize) -> Result<Self> {
        let layout = &recipe.layout;
        let expected = recipe.narrow_fields().len();
        if columns.len() != expected {
            return Err(KernelError::Inputs { expected, found: columns.len() });
        }
        if let Some(column) = columns.iter().find(|column| column.len() != rows) {
            return Err(KernelError::Rows { expected: rows, found: column.len() });
        }
        let slices = match layout.sliced.then(|| columns.first()).flatten() {
            Some(slices) => Some(values::<UInt16Type>(slices)?),
            None => None,
        };
        let words = columns.iter().skip(usize::from(layout.sliced)).take(layout.words);
        let words = words.map(values::<UInt64Type>).collect::<Result<_>>()?;
        Ok(Narrow { recipe, columns, rows, slices, words })
    }

    fn column(&self, at: usize) -> Result<&'a ArrayRef> {
        self.columns.get(at).ok_or(KernelError::Inputs { expected: at + 1, found: self.columns.len() })
    }

    fn numbers(&self, at: usize) -> Result<&'a [i64]> {
        let layout = &self.recipe.layout;
        values::<Int64Type>(self.column(usize::from(layout.sliced) + layout.words + at)?)
    }

    fn value(&self, at: usize) -> Result<ArrayRef> {
        let layout = &self.recipe.layout;
        self.column(usize::from(layout.sliced) + layout.words + layout.numbers.len() + at).cloned()
    }

    fn order(&self) -> Result<ArrayRef> {
        self.column(self.columns.len().saturating_sub(1)).cloned()
    }

    /// The rows by their slices, so that those of a window stand together.
    fn in_time(&self) -> Vec<u32> {
        let Some(slices) = self.slices else { return Vec::new() };
        let mut next = vec![0_u32; self.recipe.slices.len() + 1];
        for slice in slices {
            next[usize::from(*slice) + 1] += 1;
        }
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        let mut rows = vec![0; self.rows];
        for (row, slice) in slices.iter().enumerate() {
            let place = &mut next[usize::from(*slice)];
            rows[*place as usize] = row as u32;
            *place += 1;
        }
        rows
    }

    /// The rows that have all bits of a mask, by their slices if they have some; none where all have them.
    fn chosen(&self, mask: &Mask, in_time: &[u32]) -> Option<Vec<u32>> {
        let words: Vec<(&[u64], u64)> =
            mask.0.iter().filter_map(|(word, bits)| Some((*self.words.get(*word)?, *bits))).collect();
        let list = match words.as_slice() {
            [] => return None,
            [(word, bits)] => self.listed(in_time, |row| word[row] & bits == *bits),
            several => self.listed(in_time, |row| several.iter().all(|(word, bits)| word[row] & bits == *bits)),
        };
        (list.len() < self.rows).then_some(list)
    }

    /// Some rows: each is written where the next belongs, and stays there if it is one.
    fn listed(&self, in_time: &[u32], is: impl Fn(usize) -> bool) -> Vec<u32> {
        let mut list = vec![0_u32; self.rows];
        let mut count = 0;
        let mut look = |row: u32| {
            list[count] = row;
            count += usize::from(is(row as usize));
        };
        match self.slices {
            Some(_) => in_time.iter().copied().for_each(&mut look),
            None => (0..self.rows as u32).for_each(&mut look),
        }
        list.truncate(count);
        list
    }

    /// Of a list of rows by their slices, or of all, those in a run of slices.
    fn during<'l>(&self, (from, to): (u16, u16), list: Option<&'l [u32]>, in_time: &'l [u32]) -> Chosen<'l> {
        let Some(slices) = self.slices else {
            return list.map_or(Chosen::All(self.rows), Chosen::Some);
        };
        if list.is_none() && from == 0 && usize::from(to) == self.recipe.slices.len() {
            return Chosen::All(self.rows);
        }
        let list = list.unwrap_or(in_time);
        let before = |end: u16| list.partition_point(|row| slices[*row as usize] < end);
        Chosen::Some(list.get(before(from)..before(to)).unwrap_or_default())
    }

    /// Rows as a filter.
    fn filter(&self, chosen: Chosen<'_>) -> BooleanArray {
        let rows = match chosen {
            Chosen::All(rows) => BooleanBuffer::new_set(rows),
            Chosen::Some(rows) => {
                let mut set = BooleanBufferBuilder::new(self.rows);
                set.append_n(self.rows, false);
                rows.iter().for_each(|row| set.set_bit(*row as usize, true));
                set.finish()
            }
        };
        BooleanArray::new(rows, None)
    }
}

fn values<T: ArrowPrimitiveType>(array: &ArrayRef) -> Result<&[T::Native]> {
    let array: &PrimitiveArray<T> =
        array.as_primitive_opt().ok_or_else(|| KernelError::Form(array.data_type().clone()))?;
    Ok(array.values())
}

/// A feature of some subjects, from cells.
fn made(
    cells: &Cells,
    fold: Fold,
    subjects: std::ops::Range<usize>,
    run: (u16, u16),
    data_type: &DataType,
) -> Result<ArrayRef> {
    if let Fold::Count | Fold::Sum = fold {
        let total = cells.total(subjects, run);
        return Ok(match (data_type, total) {
            (DataType::Int64, Total::Narrow(values)) => Arc::new(Int64Array::from(values)),
            (DataType::Decimal128(precision, scale), total) => {
                let values: Vec<i128> = match total {
                    Total::Narrow(values) => values.into_iter().map(i128::from).collect(),
                    Total::Wide(values) => values,
                };
                Arc::new(Decimal128Array::from(values).with_precision_and_scale(*precision, *scale)?)
            }
            (other, _) => return Err(KernelError::Form(other.clone())),
        });
    }
    let (values, known) = cells.best(subjects, run);
    let nulls = Some(NullBuffer::new(known));
    Ok(match data_type {
        DataType::Int64 => Arc::new(Int64Array::new(values.into(), nulls)),
        DataType::Date32 => {
            let days: Vec<i32> = values.iter().map(|value| *value as i32).collect();
            Arc::new(Date32Array::new(days.into(), nulls))
        }
        DataType::Timestamp(..) => Arc::new(TimestampMicrosecondArray::new(values.into(), nulls)),
        DataType::Duration(_) => Arc::new(DurationMicrosecondArray::new(values.into(), nulls)),
        DataType::Decimal128(precision, scale) => {
            let values: Vec<i128> = values.into_iter().map(i128::from).collect();
            Arc::new(Decimal128Array::new(values.into(), nulls).with_precision_and_scale(*precision, *scale)?)
        }
        other => return Err(KernelError::Form(other.clone())),
    })
}
