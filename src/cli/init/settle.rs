//! A draft is tried on the data before it is written; a guess that does not hold is taken out, and said.

use std::path::Path;

use kohort::{Diagnostic, Engine, Error, Project};

use super::draft::{Draft, Part};
use super::text::{self, Written};

/// So many guesses may turn out wrong.
const ATTEMPTS: usize = 100;

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
        match errors(&self.0).first() {
            Some(first) => first.message.clone(),
            None => self.0.to_string(),
        }
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
        let outcome = match Engine::open(project).await {
            Ok(engine) => ask(&engine).await.map(|answer| (engine, answer)),
            Err(error) => Err(error),
        };
        let error = match outcome {
            Ok((engine, answer)) => return Ok(Settled { written, engine, answer }),
            Err(error) => error,
        };
        let dropped = blamed(&error, &written).into_iter().find_map(|part| draft.drop(&part));
        match dropped.filter(|_| attempts < ATTEMPTS) {
            Some(what) => left_out.push(format!("{what}: {}", Unsettled(error).said())),
            None => return Err(Unsettled(error)),
        }
    }
}

/// The parts that an error is about, the most likely first.
fn blamed(error: &Error, written: &Written) -> Vec<Part> {
    if let Error::Value(bad) = error {
        return vec![Part::Type(bad.table.clone(), bad.column.clone())];
    }
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
