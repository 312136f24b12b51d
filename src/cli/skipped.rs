//! Rows that were left out of tables with `on_error: skip`.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anstream::eprintln;
use kohort::engine::{RowFault, Skipped};
use kohort::{Engine, Error, Report};

use super::exit::Failure;
use super::output::Output;

const COLUMNS: [&str; 6] = ["table", "file", "row", "column", "value", "problem"];

type Writer = csv::Writer<Output>;

/// Says how many rows of a table were left out, and why.
pub fn say(skipped: &Skipped, written: Option<&Path>) {
    let (rows, were) = if skipped.rows == 1 { ("1 row", "was") } else { (&*format!("{} rows", skipped.rows), "were") };
    eprintln!("\u{1b}[1;33mwarning\u{1b}[0m: {rows} of `{}` {were} left out", skipped.table);
    for reason in &skipped.reasons {
        eprintln!("  {reason}");
    }
    match written {
        Some(path) => eprintln!("  each is in `{}`", path.display()),
        None => eprintln!("  `--skipped FILE` writes down each of them"),
    }
}

/// Writes every row that was left out: its place, the value and what is wrong. A row with several faults is there once
/// for each.
pub async fn write(
    engine: &Engine,
    report: &Report,
    out: Output,
    failed: &impl Fn(Error) -> Failure,
) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(out);
    let mut outcome = writer.write_record(COLUMNS);
    for skipped in &report.skipped {
        let shared = Arc::new(Mutex::new((writer, outcome)));
        let (into, table) = (Arc::clone(&shared), skipped.table.clone());
        let take = move |faults: &[RowFault]| {
            let mut into = into.lock().unwrap_or_else(PoisonError::into_inner);
            let (writer, outcome) = &mut *into;
            for fault in faults {
                if outcome.is_ok() {
                    *outcome = row(writer, &table, fault);
                }
            }
        };
        engine.inspect(&skipped.table, take).await.map_err(failed)?;
        let Some(back) = Arc::into_inner(shared) else {
            return Err(Failure::usage("the rows left out are still read"));
        };
        (writer, outcome) = back.into_inner().unwrap_or_else(PoisonError::into_inner);
    }
    let out = match writer.into_inner() {
        Ok(out) => out,
        Err(error) => return Err(Failure::writing("the file of rows left out", error.error())),
    };
    match outcome {
        Ok(()) => out.finish(),
        Err(error) => match error.into_kind() {
            csv::ErrorKind::Io(error) => Err(out.refused(&error)),
            other => Err(out.refused(&std::io::Error::other(format!("{other:?}")))),
        },
    }
}

fn row(writer: &mut Writer, table: &str, fault: &RowFault) -> csv::Result<()> {
    writer.write_record([
        table,
        fault.file.as_deref().unwrap_or_default(),
        &fault.row.map(|row| row.to_string()).unwrap_or_default(),
        fault.column.as_deref().unwrap_or_default(),
        fault.value.as_deref().unwrap_or_default(),
        &fault.to_string(),
    ])
}
