//! CSV with a header; an unknown value is an empty field.

use std::fs::File;
use std::io;

use super::{Cell, Table, text};

/// A CSV file being written.
pub struct Writer {
    rows: csv::Writer<File>,
    field: String,
}

impl Writer {
    /// Writes the header.
    pub fn new(file: File, table: &Table) -> Result<Self, csv::Error> {
        let mut rows = csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(file);
        rows.write_record(table.columns.iter().map(|(name, _)| name))?;
        Ok(Writer { rows, field: String::new() })
    }

    /// Writes a row.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), csv::Error> {
        for cell in cells {
            if let Cell::Text(text) = cell {
                self.rows.write_field(text)?;
            } else {
                self.field.clear();
                text::push(&mut self.field, cell);
                self.rows.write_field(&self.field)?;
            }
        }
        self.rows.write_record(None::<&[u8]>)
    }

    /// Writes what is left.
    pub fn finish(mut self) -> io::Result<()> {
        self.rows.flush()
    }
}
