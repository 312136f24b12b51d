//! What a measure keeps: for each subject a cell for each slice that one of its features asks for.

use std::collections::HashSet;
use std::ops::Range;

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

/// One column of rows ready to be counted in.
pub struct Counted<'a> {
    /// The subject of each row.
    pub groups: &'a [usize],
    /// The cell of each row, beside the others of its subject.
    pub cells: &'a [u16],
    /// One where the row counts, zero where it does not.
    pub counts: &'a [u8],
    /// The value of each row; empty for a count. What stands in a row that does not count is never seen.
    pub values: &'a [i64],
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
        let places = rows.groups.iter().zip(rows.cells).zip(rows.counts);
        for ((group, cell), counts) in places {
            cells[group * self.stride + usize::from(*cell)] += i64::from(*counts);
        }
    }

    fn sum(&mut self, rows: &Counted<'_>) {
        let (low, high) = rows.values.iter().fold((0, 0), |(low, high): (i64, i64), v| (low.min(*v), high.max(*v)));
        let furthest = low.unsigned_abs().max(high.unsigned_abs());
        self.reach += u128::from(furthest) * rows.values.len() as u128;
        if self.reach > i64::MAX as u128 {
            self.widen();
        }
        let places = rows.groups.iter().zip(rows.cells).zip(rows.counts).zip(rows.values);
        match &mut self.store {
            Store::Narrow(cells) => {
                for (((group, cell), counts), value) in places {
                    cells[group * self.stride + usize::from(*cell)] += value & -i64::from(*counts);
                }
            }
            Store::Wide(cells) => {
                for (((group, cell), counts), value) in places {
                    cells[group * self.stride + usize::from(*cell)] += i128::from(value & -i64::from(*counts));
                }
            }
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
        let places = rows.groups.iter().zip(rows.cells).zip(rows.counts).zip(rows.values);
        for (((group, cell), counts), value) in places {
            if *counts == 0 {
                continue;
            }
            let at = group * self.stride + usize::from(*cell);
            if *value == none {
                self.equal_to_none.insert(at);
            }
            let kept = &mut cells[at];
            *kept = if least { (*kept).min(*value) } else { (*kept).max(*value) };
        }
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
    pub fn total(&self, subjects: Range<usize>, (from, to): (u16, u16)) -> Total {
        let (from, to) = (usize::from(from), usize::from(to));
        let places = subjects.map(|subject| subject * self.stride);
        match &self.store {
            Store::Narrow(cells) => Total::Narrow(places.map(|at| cells[at + from] - cells[at + to]).collect()),
            Store::Wide(cells) => Total::Wide(places.map(|at| cells[at + from] - cells[at + to]).collect()),
        }
    }

    /// Of some subjects the smallest or greatest over a run of cells, and whether there is one.
    pub fn best(&self, subjects: Range<usize>, (from, to): (u16, u16)) -> (Vec<i64>, Vec<bool>) {
        let none = self.none();
        let Store::Narrow(cells) = &self.store else { return (Vec::new(), Vec::new()) };
        let best = |subject: usize| {
            let run = subject * self.stride + usize::from(from)..subject * self.stride + usize::from(to);
            let values = &cells[run.clone()];
            let best = if self.fold == Fold::Min { values.iter().min() } else { values.iter().max() };
            let best = best.copied().unwrap_or(none);
            let known = best != none
                || (!self.equal_to_none.is_empty() && run.into_iter().any(|at| self.equal_to_none.contains(&at)));
            (best, known)
        };
        subjects.map(best).unzip()
    }
}

/// What a feature of some subjects comes to.
pub enum Total {
    /// In 64 bits.
    Narrow(Vec<i64>),
    /// In 128.
    Wide(Vec<i128>),
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
