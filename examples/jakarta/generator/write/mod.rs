//! Tables written row by row, in any of three formats, in little memory.

mod csv;
mod ndjson;
mod parquet;
mod text;

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// A table's name and columns.
pub struct Table {
    /// Also the name of its file.
    pub name: &'static str,
    /// Names and types, in order.
    pub columns: &'static [(&'static str, Type)],
}

/// Types of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// A whole number that mostly grows from row to row.
    Id,
    /// True or false.
    Truth,
    /// A day.
    Date,
    /// Local time, to the second.
    Time,
    /// A list of texts.
    Texts,
}

/// A value.
#[derive(Clone, Copy)]
pub enum Cell<'a> {
    /// Nobody knows.
    Unknown,
    /// Text.
    Text(&'a str),
    /// A whole number.
    Number(i64),
    /// True or false.
    Truth(bool),
    /// Days since 1970.
    Date(i32),
    /// Seconds since 1970, on the local clock.
    Time(i64),
    /// A list of texts.
    Texts(&'a [&'static str]),
}

impl<'a> Cell<'a> {
    /// A text that may be unknown.
    pub fn text(text: Option<&'a str>) -> Self {
        text.map_or(Cell::Unknown, Cell::Text)
    }

    /// A time that may be unknown.
    pub fn time(at: Option<i64>) -> Self {
        at.map_or(Cell::Unknown, Cell::Time)
    }
}

/// What a table is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Comma-separated values with a header.
    Csv,
    /// One JSON object on a line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
}

impl Encoding {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Encoding::Csv => "csv",
            Encoding::Ndjson => "ndjson",
            Encoding::Parquet => "parquet",
        }
    }
}

/// Why something could not be written.
type Reason = Box<dyn std::error::Error + Send + Sync>;

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be written: {reason}", path.display())]
pub struct Failure {
    path: PathBuf,
    reason: Reason,
}

impl Failure {
    /// What went wrong with a path.
    pub fn new(path: &Path, reason: impl Into<Reason>) -> Self {
        Failure { path: path.to_owned(), reason: reason.into() }
    }
}

enum Format {
    Csv(Box<csv::Writer>),
    Ndjson(ndjson::Writer),
    Parquet(Box<parquet::Writer>),
}

/// A table being written.
pub struct Writer {
    path: PathBuf,
    format: Format,
    rows: u64,
}

impl Writer {
    /// Begins the file of a table in a directory.
    pub fn create(directory: &Path, table: &'static Table, encoding: Encoding) -> Result<Self, Failure> {
        let path = directory.join(format!("{}.{}", table.name, encoding.ending()));
        let failed = |reason: Reason| Failure::new(&path, reason);
        let file = File::create(&path).map_err(|error| failed(error.into()))?;
        let format = match encoding {
            Encoding::Csv => {
                Format::Csv(Box::new(csv::Writer::new(file, table).map_err(|error| failed(error.into()))?))
            }
            Encoding::Ndjson => Format::Ndjson(ndjson::Writer::new(BufWriter::with_capacity(1 << 18, file), table)),
            Encoding::Parquet => {
                Format::Parquet(Box::new(parquet::Writer::new(file, table).map_err(|error| failed(error.into()))?))
            }
        };
        Ok(Writer { path, format, rows: 0 })
    }

    /// Writes a row: one value for each column.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Failure> {
        self.rows += 1;
        let written: Result<(), Reason> = match &mut self.format {
            Format::Csv(writer) => writer.row(cells).map_err(Into::into),
            Format::Ndjson(writer) => writer.row(cells).map_err(Into::into),
            Format::Parquet(writer) => writer.row(cells).map_err(Into::into),
        };
        written.map_err(|reason| Failure::new(&self.path, reason))
    }

    /// Ends the file, and tells how many rows it has.
    pub fn finish(self) -> Result<u64, Failure> {
        let written: Result<(), Reason> = match self.format {
            Format::Csv(writer) => writer.finish().map_err(Into::into),
            Format::Ndjson(writer) => writer.finish().map_err(Into::into),
            Format::Parquet(writer) => writer.finish().map_err(Into::into),
        };
        written.map_err(|reason| Failure::new(&self.path, reason))?;
        Ok(self.rows)
    }
}
