//! Lines of JSON; an unknown value is left out.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use super::{Cell, Table, text};

/// A file of JSON lines being written.
pub struct Writer {
    file: BufWriter<File>,
    table: &'static Table,
    line: String,
}

impl Writer {
    /// Begins a file.
    pub fn new(file: BufWriter<File>, table: &'static Table) -> Self {
        Writer { file, table, line: String::new() }
    }

    /// Writes a row.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.line.clear();
        for (cell, (name, _)) in cells.iter().zip(self.table.columns) {
            if matches!(cell, Cell::Unknown) {
                continue;
            }
            self.line.push_str(if self.line.is_empty() { "{\"" } else { ",\"" });
            self.line.push_str(name);
            self.line.push_str("\":");
            match cell {
                Cell::Text(text) => self.line.push_str(&serde_json::to_string(text)?),
                Cell::Texts(texts) => self.line.push_str(&serde_json::to_string(texts)?),
                Cell::Number(_) | Cell::Truth(_) => text::push(&mut self.line, cell),
                Cell::Date(_) | Cell::Time(_) | Cell::Unknown => {
                    self.line.push('"');
                    text::push(&mut self.line, cell);
                    self.line.push('"');
                }
            }
        }
        self.line.push_str(if self.line.is_empty() { "{}\n" } else { "}\n" });
        self.file.write_all(self.line.as_bytes())
    }

    /// Writes what is left.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.flush()
    }
}
