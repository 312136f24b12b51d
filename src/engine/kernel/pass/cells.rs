//! What a measure keeps: for each subject a cell for each slice that one of its features asks for.

use std::collections::HashSet;
use std::ops::Range;

use datafusion::arrow::buffer::BooleanBuffer;

/// How the values of rows become one, and cells one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fold {
    /// How many.
    Count,
    /// What they come to.
    Sum,
    /// The smallest.
    Min,
    /// The greatest.
    Max,
}

/// Rows ready to be counted in.
pub struct Counted<'a> {
    /// The subject of each row.
    pub groups: &'a [usize],
    /// The slice of time of each row; none: all are in the first.
    pub slices: Option<&'a [u16]>,
    /// The cell of each slice, beside the others of a subject.
    pub cells: &'a [u16],
    /// Which rows count.
    pub chosen: Chosen<'a>,
    /// The value of each row; empty for a count. What stands in a row that does not count is never seen.
    pub values: &'a [i64],
    /// No value is further from zero.
    pub furthest: u64,
}

/// Some of the rows.
#[derive(Clone, Copy, Debug)]
pub enum Chosen<'a> {
    /// All of so many.
    All(usize),
    /// These.
    Some(&'a [u32]),
}

impl Counted<'_> {
    /// Calls `visit(row, place)` for each row that counts, with the place of its cell.
    #[inline]
    fn each(&self, stride: usize, mut visit: impl FnMut(usize, usize)) {
        match (self.chosen, self.slices) {
            (Chosen::All(rows), Some(slices)) => {
                let rows = self.groups.iter().zip(slices).take(rows).enumerate();
                rows.for_each(|(row, (group, slice))| visit(row, group * stride + self.cell(*slice)));
            }
            (Chosen::All(rows), None) => {
                let cell = self.cell(0);
                self.groups.iter().take(rows).enumerate().for_each(|(row, group)| visit(row, group * stride + cell));
            }
            (Chosen::Some(rows), Some(slices)) => {
                let rows = rows.iter().map(|row| *row as usize);
                rows.for_each(|row| visit(row, self.groups[row] * stride + self.cell(slices[row])));
            }
            (Chosen::Some(rows), None) => {
                let cell = self.cell(0);
                let rows = rows.iter().map(|row| *row as usize);
                rows.for_each(|row| visit(row, self.groups[row] * stride + cell));
            }
        }
    }

    #[inline]
    fn cell(&self, slice: u16) -> usize {
        usize::from(self.cells[usize::from(slice)])
    }
}

/// The cells of all subjects.
#[derive(Debug)]
pub struct Cells {
    fold: Fold,
    /// So many to a subject. Rows that are in no window are added to the last, which nobody reads.
    stride: usize,
    store: Store,
    /// Sums: no cell, and no sum of a subject's cells, can be further from zero than this.
    reach: u128,
    /// Extremes: cells whose value is that of an empty one.
    equal_to_none: HashSet<usize>,
}

/// Sums are narrow as long as they cannot outgrow it.
#[derive(Debug)]
enum Store {
    Narrow(Vec<i64>),
    Wide(Vec<i128>),
}

impl Cells {
    /// Without subjects; `stride` cells to each.
    pub fn new(fold: Fold, stride: usize) -> Self {
        Cells { fold, stride, store: Store::Narrow(Vec::new()), reach: 0, equal_to_none: HashSet::new() }
    }

    /// What an empty cell holds.
    fn none(&self) -> i64 {
        match self.fold {
            Fold::Count | Fold::Sum => 0,
            Fold::Min => i64::MAX,
            Fold::Max => i64::MIN,
        }
    }

    /// Without subjects again.
    pub fn forget(&mut self) {
        match &mut self.store {
            Store::Narrow(cells) => cells.clear(),
            Store::Wide(_) => self.store = Store::Narrow(Vec::new()),
        }
        self.reach = 0;
        self.equal_to_none.clear();
    }

    /// Makes room for so many subjects.
    pub fn resize(&mut self, subjects: usize) {
        let none = self.none();
        match &mut self.store {
            Store::Narrow(cells) => cells.resize(subjects * self.stride, none),
            Store::Wide(cells) => cells.resize(subjects * self.stride, none.into()),
        }
    }

    /// Bytes held.
    pub fn size(&self) -> usize {
        match &self.store {
            Store::Narrow(cells) => cells.capacity() * size_of::<i64>(),
            Store::Wide(cells) => cells.capacity() * size_of::<i128>(),
        }
    }

    /// Counts rows in; the subjects have been made room for.
    pub fn add(&mut self, rows: &Counted<'_>) {
        match self.fold {
            Fold::Count => self.count(rows),
            Fold::Sum => self.sum(rows),
            Fold::Min | Fold::Max => self.extreme(rows),
        }
    }

    fn count(&mut self, rows: &Counted<'_>) {
        let Store::Narrow(cells) = &mut self.store else { return };
        rows.each(self.stride, |_, at| cells[at] += 1);
    }

    fn sum(&mut self, rows: &Counted<'_>) {
        self.reach += u128::from(rows.furthest) * rows.values.len() as u128;
        if self.reach > i64::MAX as u128 {
            self.widen();
        }
        let values = rows.values;
        match &mut self.store {
            Store::Narrow(cells) => rows.each(self.stride, |row, at| cells[at] += values[row]),
            Store::Wide(cells) => rows.each(self.stride, |row, at| cells[at] += i128::from(values[row])),
        }
    }

    fn widen(&mut self) {
        if let Store::Narrow(cells) = &self.store {
            self.store = Store::Wide(cells.iter().map(|cell| i128::from(*cell)).collect());
        }
    }

    fn extreme(&mut self, rows: &Counted<'_>) {
        let none = self.none();
        let least = self.fold == Fold::Min;
        let Store::Narrow(cells) = &mut self.store else { return };
        let (values, equal_to_none) = (rows.values, &mut self.equal_to_none);
        rows.each(self.stride, |row, at| {
            let (value, kept) = (values[row], &mut cells[at]);
            if value == none {
                equal_to_none.insert(at);
            }
            *kept = if least { (*kept).min(value) } else { (*kept).max(value) };
        });
    }

    /// Ready to be read: cells of sums become what they and all later ones of their subject come to.
    pub fn close(&mut self) {
        if matches!(self.fold, Fold::Min | Fold::Max) {
            return;
        }
        let stride = self.stride;
        match &mut self.store {
            Store::Narrow(cells) => cells.chunks_exact_mut(stride).for_each(accumulate),
            Store::Wide(cells) => cells.chunks_exact_mut(stride).for_each(accumulate),
        }
    }

    /// Of some subjects the sum over a run of cells that are closed, `from` and up to but not with `to`.
    pub fn total(&self, subjects: Range<usize>, (from, to): (u16, u16)) -> Vec<i128> {
        let (from, to) = (usize::from(from), usize::from(to));
        let places = subjects.map(|subject| subject * self.stride);
        match &self.store {
            Store::Narrow(cells) => places.map(|at| i128::from(cells[at + from] - cells[at + to])).collect(),
            Store::Wide(cells) => places.map(|at| cells[at + from] - cells[at + to]).collect(),
        }
    }

    /// As [`Cells::total`]; none where it has more than 64 bits, which counts never have.
    pub fn total_of_64_bits(&self, subjects: Range<usize>, (from, to): (u16, u16)) -> Option<Vec<i64>> {
        let Store::Narrow(cells) = &self.store else { return None };
        let (from, to) = (usize::from(from), usize::from(to));
        let places = subjects.map(|subject| subject * self.stride);
        Some(places.map(|at| cells[at + from] - cells[at + to]).collect())
    }

    /// Of some subjects the smallest or greatest over a run of cells, and whether there is one.
    pub fn best(&self, subjects: Range<usize>, (from, to): (u16, u16)) -> (Vec<i64>, BooleanBuffer) {
        let none = self.none();
        let Store::Narrow(cells) = &self.store else { return (Vec::new(), BooleanBuffer::new_unset(0)) };
        let run = |subject: usize| subject * self.stride + usize::from(from)..subject * self.stride + usize::from(to);
        let first = subjects.start;
        let values: Vec<i64> = match self.fold {
            Fold::Min => subjects.map(|subject| cells[run(subject)].iter().fold(none, |a, b| a.min(*b))).collect(),
            _ => subjects.map(|subject| cells[run(subject)].iter().fold(none, |a, b| a.max(*b))).collect(),
        };
        let known = if self.equal_to_none.is_empty() {
            BooleanBuffer::collect_bool(values.len(), |at| values[at] != none)
        } else {
            let seen = |at: usize| run(first + at).any(|cell| self.equal_to_none.contains(&cell));
            BooleanBuffer::collect_bool(values.len(), |at| values[at] != none || seen(at))
        };
        (values, known)
    }
}

/// Each cell becomes the sum of itself and all after it but the last, which becomes zero.
fn accumulate<T: Copy + Default + std::ops::Add<Output = T>>(cells: &mut [T]) {
    let mut total = T::default();
    if let Some(last) = cells.last_mut() {
        *last = total;
    }
    for cell in cells.iter_mut().rev() {
        total = total + *cell;
        *cell = total;
    }
}
