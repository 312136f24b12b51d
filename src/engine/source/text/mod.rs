//! Files of text: CSV and NDJSON.
//!
//! ```text
//! arriving   bytes of a file                         any store
//! open    text of a file, decompressed
//! csv, ndjson → records    rows of named fields      one file, one thread
//! guess   the types that values suggest              when a project is opened
//! rows    fields → columns of canonical types        when a table is read
//! table   all files as a table of DataFusion
//! exec    the operator that reads them
//! ```
//!
//! Every row is known by its file and line, so that what cannot be read is told by its place. Memory is bounded by a
//! batch of rows for each file that is read at the time.

mod arriving;
mod builder;
mod csv;
mod exec;
mod guess;
mod ndjson;
mod open;
mod records;
mod rows;
mod sample;
mod table;

use std::sync::Arc;

use self::csv::CsvRecords;
use self::ndjson::JsonRecords;
use self::records::Records;
use super::fault::{Problem as RowProblem, RowFault};
use super::location::{DataFile, Located};
use crate::catalog::model::{FileFormat, Reading};
use crate::check::{SourceColumn, SourceType};
use crate::engine::read::Conventions;
use crate::ir::ColumnKind;

pub(super) use sample::partition_column;
pub(super) use table::TextTable;

/// The files of one table, and how they are written.
#[derive(Debug)]
pub(super) struct TextFiles {
    pub located: Located,
    pub json: bool,
    pub reading: Reading,
    pub zone: chrono_tz::Tz,
    /// The columns of all files together, then those that only directories make.
    pub columns: Vec<SourceColumn>,
    /// How many of them files have.
    pub of_files: usize,
}

impl TextFiles {
    /// Takes in columns that no row looked at has: in NDJSON a field that is absent is unknown, and may come further down.
    pub fn expect<'n>(&mut self, names: impl Iterator<Item = (&'n str, bool)>) {
        for (name, list) in names {
            if self.columns.iter().all(|column| column.name != name) {
                let ty = SourceType::Untyped(if list { ColumnKind::TextList } else { ColumnKind::Text });
                let column = SourceColumn { name: name.to_owned(), ty, nullable: true };
                self.columns.insert(self.of_files, column);
                self.of_files += 1;
            }
        }
    }

    /// How values are written.
    fn rules(&self) -> Conventions {
        Conventions::new(&self.reading, self.zone, !self.json)
    }

    /// Begins to read a file; its names are known then. Blocks.
    ///
    /// # Errors
    /// The file cannot be read, or its first line names no columns.
    fn records(&self, file: &DataFile, raw: Box<dyn std::io::Read + Send>) -> Result<Box<dyn Records>, Box<RowFault>> {
        let names: Vec<String> = self.columns.iter().take(self.of_files).map(|column| column.name.clone()).collect();
        records(file, raw, self.json, &self.reading, Some(names))
    }
}

/// Begins to read a file of text. For NDJSON, `names` are the fields looked for; none: all that are met.
fn records(
    file: &DataFile,
    raw: Box<dyn std::io::Read + Send>,
    json: bool,
    reading: &Reading,
    names: Option<Vec<String>>,
) -> Result<Box<dyn Records>, Box<RowFault>> {
    let broken = |problem: RowProblem| Box::new(fault(file, None, problem));
    let bytes = open::text(raw).map_err(broken)?;
    if json {
        return Ok(Box::new(JsonRecords::open(bytes, names)));
    }
    Ok(Box::new(CsvRecords::open(bytes, reading, FileFormat::is_tsv(&file.shown)).map_err(broken)?))
}

fn fault(file: &DataFile, line: Option<u64>, problem: RowProblem) -> RowFault {
    let file = Some(Arc::from(file.shown.as_str()));
    RowFault { file, row: line, lines: true, column: None, value: None, problem }
}
