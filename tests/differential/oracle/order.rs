//! The order of a subject's rows: `number`, `gap`, and which row is later than which.

use std::collections::BTreeMap;

use super::Key;
use super::tables::{Row, Table};

/// What rows are given by their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordinal {
    /// 1, 2, 3, …
    Number,
    /// The time since the row before.
    Gap,
}

/// Gives each row, in row order, its place among all rows of the table.
pub fn place(rows: &mut [Row]) {
    rows.iter_mut().enumerate().for_each(|(position, row)| row.position = position);
}

/// Numbers rows, in row order, for each subject of a kind by itself. Rows of nobody have no number.
pub fn renumber_for(kind: &str, rows: &mut [Row], what: Ordinal) {
    let mut of: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter_mut().enumerate() {
        match what {
            Ordinal::Number => row.number = None,
            Ordinal::Gap => row.gap = None,
        }
        if let Some(key) = row.keys.get(kind).cloned().flatten() {
            of.entry(key).or_default().push(at);
        }
    }
    for places in of.into_values() {
        let mut own: Vec<Row> = places.iter().map(|at| rows[*at].clone()).collect();
        renumber(&mut own, what);
        places.into_iter().zip(own).for_each(|(at, row)| rows[at] = row);
    }
}

/// Numbers the rows of one subject, in row order.
pub fn renumber(rows: &mut [Row], what: Ordinal) {
    let mut before: Option<i64> = None;
    for (at, row) in rows.iter_mut().enumerate() {
        match what {
            Ordinal::Number => row.number = Some(at + 1),
            Ordinal::Gap => row.gap = row.time.zip(before).map(|(time, before)| time - before),
        }
        before = row.time;
    }
}

/// Whether a row is later than another: its time is greater, or both are rows of one base table and it stands behind.
pub fn is_later((table, row): (&Table, &Row), (than_table, than): (&Table, &Row)) -> bool {
    row.time > than.time || (table.base == than_table.base && row.position > than.position)
}
