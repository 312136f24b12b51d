//! Files of values that definitions name (`in file 'lists/skus.txt'`), as read: nothing is typed yet.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::catalog::model::Placed;
use crate::source::{FileId, Span};

/// Every file of values of a project, by the file that names it and the path that it is named by.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    files: BTreeMap<(FileId, String), Arc<ListFile>>,
}

/// A file of values.
#[derive(Clone, Debug)]
pub struct ListFile {
    /// The name that it is shown under.
    pub name: String,
    /// The file.
    pub file: FileId,
    /// What its columns are called; none: a text file, each line a value.
    pub header: Option<Vec<Placed<String>>>,
    /// Its rows, blank lines left out.
    pub rows: ListRows,
}

/// The rows of a file of values: one value for each column of the header, one where there is no header.
///
/// They are places in the file's text, not texts of their own, so that a file of millions of keys costs little more than its text.
#[derive(Clone, Debug)]
pub struct ListRows {
    text: Arc<String>,
    /// How many values a row has.
    columns: usize,
    /// Where each row stands; empty for lines, which stand where their value stands.
    rows: Vec<Place>,
    /// The values of the first row, those of the second and so on.
    values: Vec<Place>,
    /// Values that the text has in another form: those in quotes. Their places count on from the end of the text.
    apart: String,
}

/// A range of bytes.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: u32,
    end: u32,
}

impl Lists {
    /// A file by what it is called in another; none: it could not be read, and that has been reported.
    pub fn get(&self, from: FileId, path: &str) -> Option<&ListFile> {
        self.files.get(&(from, path.to_owned())).map(Arc::as_ref)
    }

    /// Adds a file under the name that another has for it; one file may be added under many.
    pub fn insert(&mut self, from: FileId, path: String, list: Arc<ListFile>) {
        self.files.insert((from, path), list);
    }
}

impl ListFile {
    /// Where a row stands.
    pub fn span(&self, row: usize) -> Span {
        let place = self.rows.place(row);
        Span::new(self.file, place.start, place.end)
    }
}

impl ListRows {
    /// None yet of a text, each with so many values.
    pub fn new(text: Arc<String>, columns: usize) -> Self {
        ListRows { text, columns, rows: Vec::new(), values: Vec::new(), apart: String::new() }
    }

    /// Adds a line, which is its value.
    pub fn push_line(&mut self, place: Range<usize>) {
        self.values.push(Place::new(place));
    }

    /// Adds a row and its values, as many as there are columns.
    pub fn push_row<'v>(&mut self, place: Range<usize>, values: impl IntoIterator<Item = &'v str>) {
        // Without quotes the values stand in the row one after the other, with one byte between them.
        let mut at = place.start;
        for value in values {
            let written = at..at + value.len();
            at = written.end + 1;
            if self.text.get(written.clone()) == Some(value) {
                self.values.push(Place::new(written));
            } else {
                let start = self.text.len() + self.apart.len();
                self.apart.push_str(value);
                self.values.push(Place::new(start..start + value.len()));
            }
        }
        self.rows.push(Place::new(place));
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a column in a row; empty where there is no such row or column.
    pub fn value(&self, row: usize, column: usize) -> &str {
        if column >= self.columns {
            return "";
        }
        let Some(place) = self.values.get(row * self.columns + column) else { return "" };
        let (start, end, own) = (place.start as usize, place.end as usize, self.text.len());
        let found = if start >= own { self.apart.get(start - own..end - own) } else { self.text.get(start..end) };
        found.unwrap_or_default()
    }

    /// The values of a column, from the first row to the last.
    pub fn column(&self, column: usize) -> impl Iterator<Item = &str> {
        (0..self.len()).map(move |row| self.value(row, column))
    }

    /// Gives back the room that was kept for more rows.
    pub fn settle(&mut self) {
        self.rows.shrink_to_fit();
        self.values.shrink_to_fit();
        self.apart.shrink_to_fit();
    }

    fn place(&self, row: usize) -> Range<usize> {
        let place = self.rows.get(row).or_else(|| self.values.get(row));
        place.map_or(0..0, |place| place.start as usize..place.end as usize)
    }
}

impl Place {
    /// A place in a text; beyond 4 GiB it is cut, as spans are (files are limited far below).
    fn new(range: Range<usize>) -> Self {
        let cut = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Place { start: cut(range.start), end: cut(range.end) }
    }
}
