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
    /// Calls `visit(row, subject, cell)` for each row that counts.
    #[inline]
    fn each(&self, mut visit: impl FnMut(usize, usize, usize)) {
        match (self.chosen, self.slices) {
            (Chosen::All(rows), Some(slices)) => {
                let rows = self.groups.iter().zip(slices).take(rows).enumerate();
                rows.for_each(|(row, (group, slice))| visit(row, *group, self.cell(*slice)));
            }
            (Chosen::All(rows), None) => {
                let cell = self.cell(0);
                self.groups.iter().take(rows).enumerate().for_each(|(row, group)| visit(row, *group, cell));
            }
            (Chosen::Some(rows), Some(slices)) => {
                let rows = rows.iter().map(|row| *row as usize);
                rows.for_each(|row| visit(row, self.groups[row], self.cell(slices[row])));
            }
            (Chosen::Some(rows), None) => {
                let cell = self.cell(0);
                let rows = rows.iter().map(|row| *row as usize);
                rows.for_each(|row| visit(row, self.groups[row], cell));
            }
        }
    }

    #[inline]
    fn cell(&self, slice: u16) -> usize {
        usize::from(self.cells[usize::from(slice)])
    }
}

/// The cells of all subjects: the first cell of each, then the second of each, and so on. Rows come in the order of their
/// slices, so that what is added to stays in the nearest cache, and features are made a run of subjects at a time.
#[derive(Debug)]
pub struct Cells {
    fold: Fold,
    /// So many to a subject. Rows that are in no window are added to the last, which nobody reads.
    stride: usize,
    /// For so many subjects there is room.
    room: usize,
    store: Store,
    /// Sums: no cell, and no sum of a subject's cells, can be further from zero than this.
    reach: u128,
    /// Extremes: subjects and cells of theirs whose value is that of an empty one.
    equal_to_none: HashSet<(usize, usize)>,
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
        let store = Store::Narrow(Vec::new());
        Cells { fold, stride, room: 0, store, reach: 0, equal_to_none: HashSet::new() }
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
        (self.room, self.reach) = (0, 0);
        self.equal_to_none.clear();
    }

    /// Makes room for so many subjects.
    pub fn resize(&mut self, subjects: usize) {
        if subjects <= self.room {
            return;
        }
        // The first time it is mostly known how many there are; later more than one is made room for.
        let room = subjects.max(self.room + self.room / 4);
        let none = self.none();
        match &mut self.store {
            Store::Narrow(cells) => spread(cells, self.stride, (self.room, room), none),
            Store::Wide(cells) => spread(cells, self.stride, (self.room, room), none.into()),
        }
        self.room = room;
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
        let room = self.room;
        rows.each(|_, subject, cell| cells[cell * room + subject] += 1);
    }

    fn sum(&mut self, rows: &Counted<'_>) {
        self.reach += u128::from(rows.furthest) * rows.values.len() as u128;
        if self.reach > i64::MAX as u128 {
            self.widen();
        }
        let (values, room) = (rows.values, self.room);
        match &mut self.store {
            Store::Narrow(cells) => rows.each(|row, subject, cell| cells[cell * room + subject] += values[row]),
            Store::Wide(cells) => {
                rows.each(|row, subject, cell| cells[cell * room + subject] += i128::from(values[row]))
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
        let (least, room) = (self.fold == Fold::Min, self.room);
        let Store::Narrow(cells) = &mut self.store else { return };
        let (values, equal_to_none) = (rows.values, &mut self.equal_to_none);
        rows.each(|row, subject, cell| {
            let (value, kept) = (values[row], &mut cells[cell * room + subject]);
            if value == none {
                equal_to_none.insert((subject, cell));
            }
            *kept = if least { (*kept).min(value) } else { (*kept).max(value) };
        });
    }

    /// Ready to be read: cells of sums become what they and all later ones of their subject come to.
    pub fn close(&mut self) {
        if matches!(self.fold, Fold::Min | Fold::Max) {
            return;
        }
        match &mut self.store {
            Store::Narrow(cells) => accumulate(cells, self.room),
            Store::Wide(cells) => accumulate(cells, self.room),
        }
    }

    /// Of some subjects the sum over a run of cells that are closed, `from` and up to but not with `to`.
    pub fn total(&self, subjects: Range<usize>, (from, to): (u16, u16)) -> Vec<i128> {
        let (from, to) = (self.places(&subjects, from), self.places(&subjects, to));
        match &self.store {
            Store::Narrow(cells) => {
                cells[from].iter().zip(&cells[to]).map(|(from, to)| i128::from(from - to)).collect()
            }
            Store::Wide(cells) => cells[from].iter().zip(&cells[to]).map(|(from, to)| from - to).collect(),
        }
    }

    /// As [`Cells::total`]; none where it has more than 64 bits, which counts never have.
    pub fn total_of_64_bits(&self, subjects: Range<usize>, (from, to): (u16, u16)) -> Option<Vec<i64>> {
        let Store::Narrow(cells) = &self.store else { return None };
        let (from, to) = (self.places(&subjects, from), self.places(&subjects, to));
        Some(cells[from].iter().zip(&cells[to]).map(|(from, to)| from - to).collect())
    }

    /// Of some subjects the smallest or greatest over a run of cells, and whether there is one.
    pub fn best(&self, subjects: Range<usize>, (from, to): (u16, u16)) -> (Vec<i64>, BooleanBuffer) {
        let none = self.none();
        let Store::Narrow(cells) = &self.store else { return (Vec::new(), BooleanBuffer::new_unset(0)) };
        let mut values = vec![none; subjects.len()];
        for cell in from..to {
            let kept = values.iter_mut().zip(&cells[self.places(&subjects, cell)]);
            match self.fold {
                Fold::Min => kept.for_each(|(least, value)| *least = (*least).min(*value)),
                _ => kept.for_each(|(most, value)| *most = (*most).max(*value)),
            }
        }
        let known = if self.equal_to_none.is_empty() {
            BooleanBuffer::collect_bool(values.len(), |at| values[at] != none)
        } else {
            let seen = |subject: usize| (from..to).any(|cell| self.equal_to_none.contains(&(subject, cell.into())));
            BooleanBuffer::collect_bool(values.len(), |at| values[at] != none || seen(subjects.start + at))
        };
        (values, known)
    }

    /// Where one cell of some subjects stands.
    fn places(&self, subjects: &Range<usize>, cell: u16) -> Range<usize> {
        let first = usize::from(cell) * self.room;
        first + subjects.start..first + subjects.end
    }
}

/// Makes room for more subjects: from the last cell on, each moves to where it belongs.
fn spread<T: Copy>(cells: &mut Vec<T>, stride: usize, (before, room): (usize, usize), none: T) {
    cells.resize(stride * room, none);
    for cell in (0..stride).rev() {
        cells.copy_within(cell * before..(cell + 1) * before, cell * room);
        cells[cell * room + before..(cell + 1) * room].fill(none);
    }
}

/// Each cell becomes the sum of itself and all after it but the last, which becomes zero.
fn accumulate<T: Copy + Default + std::ops::AddAssign>(cells: &mut [T], room: usize) {
    let Some(mut end) = cells.len().checked_sub(room) else { return };
    cells[end..].fill(T::default());
    while end > 0 {
        let (earlier, later) = cells.split_at_mut(end);
        end -= room;
        earlier[end..].iter_mut().zip(later).for_each(|(cell, after)| *cell += *after);
    }
}
