//! What columns files of text have, and of what types: told by their first rows.

use std::collections::HashMap;

use super::super::Problem;
use super::super::fault::{Problem as RowProblem, RowFault};
use super::super::location::{DataFile, Located};
use super::guess::Guess;
use super::records::{Field, Records};
use super::{TextFiles, arriving, fault, open, records};
use crate::catalog::model::Reading;
use crate::check::SourceColumn;
use crate::engine::read::Conventions;

/// So many rows tell the types, all files of a table together; a value further down that is of another type is an error
/// that says so.
const SAMPLE: usize = 20_000;
/// So many rows of each file are looked at even then.
const LEAST_OF_FILE: usize = 100;
/// How many files are complained about at once.
const MOST_COMPLAINTS: usize = 10;

/// The columns met so far.
struct Sample {
    rules: Conventions,
    json: bool,
    names: Vec<String>,
    places: HashMap<String, usize>,
    guesses: Vec<Guess>,
    left: usize,
}

impl TextFiles {
    /// Looks at the first rows of every file.
    ///
    /// # Errors
    /// Files that cannot be read, are empty, or have nothing in common with those before.
    pub async fn look(located: Located, json: bool, reading: Reading, zone: chrono_tz::Tz) -> Result<Self, Problem> {
        let rules = Conventions::new(&reading, zone, !json);
        let mut sample =
            Sample { rules, json, names: Vec::new(), places: HashMap::new(), guesses: Vec::new(), left: SAMPLE };
        let mut broken = Vec::new();
        for file in &located.files {
            if file.meta.size == 0 {
                broken.push((format!("`{}` is empty", file.shown), "export it again, or take it away".to_owned()));
            } else {
                match arriving::open(&located.store, file).await {
                    Err(error) => broken.push(unreadable(file, &fault(file, None, open::problem(&error)))),
                    Ok(raw) => {
                        let (file, reading) = (file.clone(), reading.clone());
                        // Files block.
                        let looked = tokio::task::spawn_blocking(move || {
                            let found = sample.file(&file, raw, &reading);
                            (sample, found)
                        });
                        let (back, found) = looked.await.map_err(|error| Problem::broken(error.to_string(), ""))?;
                        sample = back;
                        broken.extend(found.err());
                    }
                }
            }
            if broken.len() >= MOST_COMPLAINTS {
                break;
            }
        }
        if !broken.is_empty() {
            return Err(Problem::Broken(broken));
        }
        let mut columns = sample.columns();
        let of_files = columns.len();
        for (at, name) in located.partitions.iter().enumerate() {
            if columns.iter().all(|column| column.name != *name) {
                let values = located.files.iter().map(|file| file.parts.get(at).and_then(Option::as_deref));
                columns.push(partition_column(name, values, zone));
            }
        }
        Ok(TextFiles { located, json, reading, zone, columns, of_files })
    }
}

/// The column that directories make.
pub(in super::super) fn partition_column<'v>(
    name: &str,
    values: impl Iterator<Item = Option<&'v str>>,
    zone: chrono_tz::Tz,
) -> SourceColumn {
    let rules = Conventions::new(&Reading::default(), zone, false);
    let mut guess = Guess::default();
    values.flatten().for_each(|value| guess.written(value, &rules));
    SourceColumn { name: name.to_owned(), ty: guess.source_type(), nullable: true }
}

/// What is wrong with a file, and what to do.
fn unreadable(file: &DataFile, fault: &RowFault) -> (String, String) {
    let (message, help) = Problem::unreadable(&file.shown, &fault.to_string()).into_pair();
    match fault.problem {
        RowProblem::Unusable(_, better) => (message, better.to_owned()),
        _ => (message, help),
    }
}

impl Sample {
    fn file(
        &mut self,
        file: &DataFile,
        raw: Box<dyn std::io::Read + Send>,
        reading: &Reading,
    ) -> Result<(), (String, String)> {
        let mut records = records(file, raw, self.json, reading, None).map_err(|fault| unreadable(file, &fault))?;
        let known = self.names.len();
        let mut places = Vec::new();
        let limit = self.left.max(LEAST_OF_FILE);
        let mut rows = 0;
        self.place(records.names(), &mut places);
        while rows < limit {
            match records.advance() {
                None => break,
                Some(Ok(())) => {}
                // Without a row nothing is known of the columns, and what would be said of them is beside the point.
                Some(Err(problem @ (RowProblem::Unreadable(_) | RowProblem::Unusable(..)))) if rows == 0 => {
                    return Err(unreadable(file, &fault(file, None, problem)));
                }
                // Rows that cannot be read are told when the table is read.
                Some(Err(_)) => {
                    rows += 1;
                    continue;
                }
            }
            rows += 1;
            if places.len() < records.names().len() {
                self.place(records.names(), &mut places);
            }
            self.row(records.as_ref(), &places);
        }
        self.left = self.left.saturating_sub(rows);
        let common = places.iter().flatten().any(|place| *place < known);
        if known > 0 && !common && !places.is_empty() {
            let message = format!(
                "`{}` has none of the columns of the files before it: it has {}, they have {}",
                file.shown,
                listed(records.names()),
                listed(self.names.get(..known).unwrap_or_default())
            );
            return Err((message, "name the files of one table only".to_owned()));
        }
        Ok(())
    }

    /// Finds the places of names that a file has.
    fn place(&mut self, names: &[String], places: &mut Vec<Option<usize>>) {
        for name in names.iter().skip(places.len()) {
            if name.is_empty() {
                places.push(None);
                continue;
            }
            let place = *self.places.entry(name.clone()).or_insert_with(|| {
                self.names.push(name.clone());
                self.guesses.push(Guess::default());
                self.names.len() - 1
            });
            places.push(Some(place));
        }
    }

    fn row(&mut self, records: &dyn Records, places: &[Option<usize>]) {
        for (at, place) in places.iter().enumerate() {
            let Some(guess) = place.and_then(|place| self.guesses.get_mut(place)) else { continue };
            match records.field(at) {
                Field::Text(text) if !self.json => guess.written(&text, &self.rules),
                field => guess.field(&field, &self.rules),
            }
        }
    }

    fn columns(self) -> Vec<SourceColumn> {
        let column = |(name, guess): (String, Guess)| SourceColumn { name, ty: guess.source_type(), nullable: true };
        self.names.into_iter().zip(self.guesses).map(column).collect()
    }
}

/// A few names.
fn listed(names: &[String]) -> String {
    const MOST: usize = 6;
    let shown: Vec<String> =
        names.iter().filter(|name| !name.is_empty()).take(MOST).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > MOST { ", …" } else { "" };
    match shown.is_empty() {
        true => "none".to_owned(),
        false => format!("{}{more}", shown.join(", ")),
    }
}
