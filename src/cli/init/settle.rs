//! A draft is tried on the data before it is written; a guess that does not hold is taken out, and said.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use kohort::engine::{RowFault, RowProblem};
use kohort::{Diagnostic, Engine, Error, Project};

use super::draft::{Draft, Part, Said};
use super::text::{self, Written};

/// So many guesses may turn out wrong.
const ATTEMPTS: usize = 100;
/// Up to so many values that a column cannot hold, the rows are at fault; above, the type is.
const FEW: u64 = 100;

/// A draft that holds.
pub struct Settled<T> {
    /// As it was tried.
    pub written: Written,
    /// The project with its data.
    pub engine: Engine,
    /// What was asked of it.
    pub answer: T,
}

/// A draft that does not hold, and nothing more could be taken out.
#[derive(Debug)]
pub struct Unsettled(pub Error);

impl Unsettled {
    /// Why, in one line.
    pub fn said(&self) -> String {
        said(&self.0)
    }
}

fn said(error: &Error) -> String {
    match errors(error).first() {
        Some(first) => first.message.clone(),
        None => error.to_string(),
    }
}

/// Opens the draft's project and asks something of it. As long as that fails, the part that is to blame is taken out of
/// the draft, and `left_out` tells which.
pub async fn settle<T>(
    draft: &mut Draft,
    directory: &Path,
    left_out: &mut Vec<String>,
    ask: impl AsyncFn(&Engine) -> Result<T, Error>,
) -> Result<Settled<T>, Unsettled> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let written = text::catalog(draft);
        let project = Project::from_texts([("catalog.yaml", written.text.clone())]).in_directory(directory);
        let (error, mended) = match Engine::open(project).await {
            Err(error) => (error, None),
            Ok(engine) => match ask(&engine).await {
                Ok(answer) => return Ok(Settled { written, engine, answer }),
                Err(error) => (error, mend(draft, &engine).await),
            },
        };
        let blamed = || blamed(&error, &written);
        let what = mended.or_else(|| {
            let dropped = blamed().into_iter().find_map(|part| draft.drop(&part))?;
            Some(format!("{dropped}: {}", said(&error)))
        });
        match what.filter(|_| attempts < ATTEMPTS) {
            Some(what) => left_out.push(what),
            None => return Err(Unsettled(error)),
        }
    }
}

/// The parts that an error is about, the most likely first.
fn blamed(error: &Error, written: &Written) -> Vec<Part> {
    let places = errors(error).into_iter().map(|error| error.primary.span.start);
    let mut parts: Vec<Part> = places.filter_map(|place| written.part_at(place)).cloned().collect();
    // What is wrong with a table as a whole may be how its files are read.
    let tables: Vec<String> =
        parts.iter().filter_map(|part| if let Part::Table(name) = part { Some(name.clone()) } else { None }).collect();
    parts.extend(tables.into_iter().map(Part::Reading));
    parts
}

fn errors(error: &Error) -> Vec<&Diagnostic> {
    match error {
        Error::Check { diagnostics } | Error::Data { diagnostics } => {
            diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect()
        }
        _ => Vec::new(),
    }
}

/// What is wrong with the rows of a table.
#[derive(Default)]
struct Faults {
    /// Rows with a fault.
    rows: u64,
    /// Rows with a value that its column cannot hold, by column.
    values: BTreeMap<String, u64>,
    /// A file breaks off.
    broken: bool,
    example: Option<String>,
}

impl Faults {
    fn see(&mut self, row: &[RowFault]) {
        self.rows += 1;
        for fault in row {
            self.broken |= matches!(fault.problem, RowProblem::Unreadable(_));
            if let (RowProblem::NotA(_), Some(column)) = (&fault.problem, &fault.column) {
                *self.values.entry(column.clone()).or_default() += 1;
            }
        }
        if let (None, Some(first)) = (&self.example, row.first()) {
            self.example = Some(format!("{}: {first}", place(first)));
        }
    }
}

/// `sales.csv`, line 17.
fn place(fault: &RowFault) -> String {
    let file = fault.file.as_deref().and_then(|file| Path::new(file).file_name());
    let file = file.map(|name| format!("`{}`", name.to_string_lossy()));
    let row = fault.row.map(|row| format!("{} {row}", if fault.lines { "line" } else { "row" }));
    file.into_iter().chain(row).collect::<Vec<_>>().join(", ")
}

/// Rows that cannot be read are left out if they are few; a column with many values that are not of its type is read as
/// text. Gives what was done about the first table that has any, in words.
async fn mend(draft: &mut Draft, engine: &Engine) -> Option<String> {
    let unmended = draft.tables.iter_mut().filter(|table| table.from.is_none() && table.on_error.is_none());
    for table in unmended {
        let found: Arc<Mutex<Faults>> = Arc::default();
        let seen = Arc::clone(&found);
        let see = move |row: &[RowFault]| seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).see(row);
        engine.inspect(&table.name, see).await.ok()?;
        let faults = std::mem::take(&mut *found.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
        if faults.rows == 0 || faults.broken {
            continue;
        }
        let many = faults.values.iter().filter(|(_, rows)| **rows > FEW);
        let texts: Vec<String> =
            many.filter_map(|(column, _)| table.drop(&Part::Type(table.name.clone(), column.clone()))).collect();
        if !texts.is_empty() {
            return Some(texts.join(", "));
        }
        let plural = if faults.rows == 1 { "" } else { "s" };
        let example = faults.example.unwrap_or_default();
        table.on_error = Some(Said::new("skip", format!("{} row{plural} cannot be read: {example}", faults.rows)));
        return Some(format!("{} row{plural} of `{}` ({example})", faults.rows, table.name));
    }
    None
}
