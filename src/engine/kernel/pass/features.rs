//! The features of some subjects while their rows pass.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, BooleanBufferBuilder, Date32Array, Decimal128Array,
    DurationMicrosecondArray, Int64Array, PrimitiveArray, TimestampMicrosecondArray,
};
use datafusion::arrow::buffer::{BooleanBuffer, NullBuffer};
use datafusion::arrow::datatypes::{DataType, Int64Type, UInt16Type, UInt64Type};

use super::cells::{Cells, Chosen, Counted, Fold};
use super::ledger::Ledger;
use super::recipe::{Mask, Place, Recipe};
use crate::engine::kernel::error::{KernelError, Result};
use crate::engine::kernel::spent::{Spent, timed};
use crate::engine::kernel::state::{FeatureState, Take};

/// The rows that are counted in at a time, by when they happened and by what they are.
#[derive(Debug, Default)]
struct Room {
    in_time: InTime,
    /// Those that have the bits of a mask.
    list: Vec<u32>,
}

/// Rows by their slices, so that those of a window stand together.
#[derive(Debug, Default)]
struct InTime {
    rows: Vec<u32>,
    /// Where the rows of each slice begin, and the end; empty where rows are not told apart by time.
    starts: Vec<u32>,
}

impl InTime {
    /// The rows of a run of slices.
    fn during(&self, (from, to): (u16, u16)) -> &[u32] {
        let start = |slice: u16| self.starts.get(usize::from(slice)).map_or(0, |start| *start as usize);
        self.rows.get(start(from)..start(to)).unwrap_or_default()
    }
}

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
    /// Room for what is found out of rows before they are counted.
    room: Room,
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
        let mut features = Features {
            recipe: Arc::clone(recipe),
            cells,
            states: Vec::new(),
            subjects: 0,
            given: 0,
            closed: false,
            room: Room::default(),
            spent: None,
        };
        features.forget()?;
        Ok(features)
    }

    /// Of nobody again: what was counted is forgotten, and the room that it took is kept for others.
    ///
    /// # Errors
    ///
    /// As [`Features::new`].
    pub fn forget(&mut self) -> Result<()> {
        self.cells.iter_mut().for_each(Cells::forget);
        self.states = self.recipe.states.iter().map(|state| self.recipe.new_state(state)).collect::<Result<_>>()?;
        (self.subjects, self.given, self.closed) = (0, 0, false);
        Ok(())
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
        let Room { in_time, list } = &mut self.room;
        rows.put_in_time(in_time);
        let spent = self.spent.clone();
        let spent = spent.as_deref();
        let ledger = Ledger::of(&self.recipe);
        let furthest = (0..self.recipe.layout.numbers.len()).map(|number| Ok(furthest(rows.numbers(number)?)));
        let furthest = furthest.collect::<Result<Vec<u64>>>()?;
        // Mask after mask, so that its list is still at hand when it is used.
        for (at, (mask, live)) in self.recipe.masks.iter().zip(&self.recipe.live).enumerate() {
            let list = timed(spent, ledger.mask(at), || rows.chosen(mask, *live, in_time, list));
            let measures = self.recipe.measures.iter().zip(&mut self.cells).enumerate();
            for (of, (measure, kept)) in measures.filter(|(_, (measure, _))| measure.mask == at) {
                let Some(map) = self.recipe.maps.get(measure.map) else { continue };
                let values = measure.number.map_or(Ok(&[][..]), |number| rows.numbers(number))?;
                let furthest = measure.number.and_then(|number| furthest.get(number).copied()).unwrap_or(0);
                let chosen = rows.during(map.live, list, in_time);
                let counted = Counted { groups, slices: rows.slices, cells: &map.cells, chosen, values, furthest };
                timed(spent, ledger.measure(of), || kept.add(&counted));
            }
            let states = self.recipe.states.iter().zip(&mut self.states).enumerate();
            for (of, (asked, state)) in states.filter(|(_, (asked, _))| asked.mask == at) {
                let mut arguments = Vec::new();
                arguments.extend(asked.value.map(|value| rows.value(value)).transpose()?);
                arguments.extend(asked.ordered.then(|| rows.order()).transpose()?);
                timed(spent, ledger.state(of), || {
                    let filter = rows.filter(rows.during(asked.run, list, in_time));
                    state.add(&arguments, groups, Some(&filter), subjects)
                })?;
            }
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

    /// Puts the rows in order of their slices.
    fn put_in_time(&self, in_time: &mut InTime) {
        let InTime { rows, starts } = in_time;
        starts.clear();
        let Some(slices) = self.slices else { return rows.clear() };
        starts.resize(self.recipe.slices.len() + 1, 0);
        for slice in slices {
            starts[usize::from(*slice)] += 1;
        }
        let mut before = 0;
        for start in starts.iter_mut() {
            before += std::mem::replace(start, before);
        }
        rows.resize(self.rows, 0);
        for (row, slice) in slices.iter().enumerate() {
            let place = &mut starts[usize::from(*slice)];
            rows[*place as usize] = row as u32;
            *place += 1;
        }
        // Each slice now begins where it ends.
        starts.rotate_right(1);
        if let Some(first) = starts.first_mut() {
            *first = 0;
        }
    }

    /// The rows of some slices that have all bits of a mask, by their slices if they have some; none where all have them.
    fn chosen<'l>(&self, mask: &Mask, live: (u16, u16), in_time: &InTime, list: &'l mut Vec<u32>) -> Option<&'l [u32]> {
        let words: Vec<(&[u64], u64)> =
            mask.0.iter().filter_map(|(word, bits)| Some((*self.words.get(*word)?, *bits))).collect();
        let rows = match self.slices {
            Some(_) => Chosen::Some(in_time.during(live)),
            None => Chosen::All(self.rows),
        };
        let all = match words.as_slice() {
            [] => return None,
            [(word, bits)] => listed(rows, list, |row| word[row] & bits == *bits),
            several => listed(rows, list, |row| several.iter().all(|(word, bits)| word[row] & bits == *bits)),
        };
        (!all).then_some(list)
    }

    /// Of a list of rows by their slices, or of all, those in a run of slices.
    fn during<'l>(&self, run: (u16, u16), list: Option<&'l [u32]>, in_time: &'l InTime) -> Chosen<'l> {
        let Some(slices) = self.slices else {
            return list.map_or(Chosen::All(self.rows), Chosen::Some);
        };
        let (from, to) = run;
        match list {
            None => Chosen::Some(in_time.during(run)),
            Some(list) => {
                let before = |end: u16| list.partition_point(|row| slices[*row as usize] < end);
                Chosen::Some(list.get(before(from)..before(to)).unwrap_or_default())
            }
        }
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

/// How far the values are from zero at most.
fn furthest(values: &[i64]) -> u64 {
    let (low, high) = values.iter().fold((0, 0), |(low, high): (i64, i64), value| (low.min(*value), high.max(*value)));
    low.unsigned_abs().max(high.unsigned_abs())
}

/// Lists some of the rows: each is written where the next belongs, and stays there if it is one. Whether all are.
fn listed(rows: Chosen<'_>, list: &mut Vec<u32>, is: impl Fn(usize) -> bool) -> bool {
    let candidates = match rows {
        Chosen::All(rows) => rows,
        Chosen::Some(rows) => rows.len(),
    };
    list.resize(candidates, 0);
    let mut count = 0;
    let mut look = |row: u32| {
        list[count] = row;
        count += usize::from(is(row as usize));
    };
    match rows {
        Chosen::All(rows) => (0..rows as u32).for_each(&mut look),
        Chosen::Some(rows) => rows.iter().copied().for_each(&mut look),
    }
    list.truncate(count);
    count == candidates
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
        let form = || KernelError::Form(data_type.clone());
        return Ok(match data_type {
            DataType::Int64 => {
                let values = cells.total_of_64_bits(subjects, run).ok_or_else(form)?;
                Arc::new(Int64Array::from(values))
            }
            DataType::Decimal128(precision, scale) => {
                let values = Decimal128Array::from(cells.total(subjects, run));
                Arc::new(values.with_precision_and_scale(*precision, *scale)?)
            }
            _ => return Err(form()),
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
