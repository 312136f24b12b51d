//! Rows of CSV.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::super::fault::Problem;
use super::open::{Bytes, Guarded, problem};
use super::records::{Field, Records};
use crate::catalog::model::Reading;

/// The rows of one CSV file.
pub(super) struct CsvRecords {
    reader: Reader<Guarded>,
    names: Vec<String>,
    record: ByteRecord,
    line: u64,
    since: Arc<AtomicU64>,
}

impl CsvRecords {
    /// Reads the header; none of the names is empty or occurs twice, except that a column without a name keeps its place.
    ///
    /// # Errors
    /// There is no header, it cannot be read, or it names two columns alike.
    pub fn open(bytes: Bytes, reading: &Reading, tabs: bool) -> Result<Self, Problem> {
        let (bytes, since) = Guarded::new(bytes);
        let separator = reading.separator.unwrap_or(if tabs { b'\t' } else { b',' });
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .quoting(reading.quote.is_some())
            .quote(reading.quote.unwrap_or(b'"'))
            .double_quote(reading.escape.is_none())
            .escape(reading.escape)
            .has_headers(reading.columns.is_none())
            .flexible(true)
            .from_reader(bytes);
        let names = match &reading.columns {
            Some(columns) => columns.clone(),
            None => header(&mut reader)?,
        };
        since.store(0, Ordering::Relaxed);
        Ok(CsvRecords { reader, names, record: ByteRecord::new(), line: 1, since })
    }
}

fn header(reader: &mut Reader<Guarded>) -> Result<Vec<String>, Problem> {
    let header = reader.byte_headers().map_err(|error| broken(&error))?;
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for name in header {
        let name = std::str::from_utf8(name).map_err(|_| Problem::NotUtf8)?.trim();
        if !name.is_empty() && names.iter().any(|other| other == name) {
            return Err(Problem::Unreadable(format!(
                "it has two columns called `{name}`: give each a name of its own"
            )));
        }
        names.push(name.to_owned());
    }
    if names.iter().all(String::is_empty) {
        return Err(Problem::Unreadable(
            "it is empty: there is not even a line with the names of its columns".to_owned(),
        ));
    }
    Ok(names)
}

fn broken(error: &csv::Error) -> Problem {
    match error.kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => Problem::TooLong,
        csv::ErrorKind::Io(error) => problem(error),
        _ => Problem::Unreadable(error.to_string()),
    }
}

impl Records for CsvRecords {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn advance(&mut self) -> Option<Result<(), Problem>> {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => return None,
            Ok(true) => {}
            Err(error) => return Some(Err(broken(&error))),
        }
        self.since.store(0, Ordering::Relaxed);
        self.line = self.record.position().map_or(0, csv::Position::line);
        let (found, expected) = (self.record.len(), self.names.len());
        if found != expected {
            let lines = self.reader.position().line().saturating_sub(self.line).max(1);
            return Some(Err(Problem::Ragged { found, expected, lines }));
        }
        Some(Ok(()))
    }

    fn line(&self) -> u64 {
        self.line
    }

    fn field(&self, at: usize) -> Field<'_> {
        let Some(bytes) = self.record.get(at) else { return Field::Unknown };
        match std::str::from_utf8(bytes) {
            Ok(text) => Field::Text(text.into()),
            Err(_) => Field::NotUtf8(String::from_utf8_lossy(bytes)),
        }
    }
}
