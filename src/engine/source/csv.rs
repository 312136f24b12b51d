//! CSV files: read as text, their types found from the text.
//!
//! Nothing is guessed away: a column is a whole number only if writing the number gives back the text, so `00017` stays
//! text; decimals are read from their text, at the greatest scale seen.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::catalog::TableProvider;
use datafusion::datasource::file_format::csv::CsvFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig};
use datafusion::execution::context::SessionContext;

use super::Problem;
use super::files::{unreadable, urls};
use crate::check::{SourceColumn, SourceType, TableSchema};
use crate::ir::ColumnKind;
use crate::plan::{date, decimal, instant};

/// So many rows of each file tell the types; a value further down that is of another type is an error that says so.
const SAMPLE: usize = 50_000;
const MAX_DIGITS: u8 = 38;

/// A table of CSV files with a header line each.
pub(super) async fn open(
    _context: &SessionContext,
    files: Vec<PathBuf>,
) -> Result<(Arc<dyn TableProvider>, TableSchema), Problem> {
    let addresses = urls(&files)?;
    let first = files.first().cloned().unwrap_or_default();
    let sampled = tokio::task::spawn_blocking(move || sample(&files)).await;
    let columns = sampled.map_err(|error| unreadable(&first, &error.to_string()))??;
    let fields: Vec<Field> = columns.iter().map(|column| Field::new(&column.name, DataType::Utf8, true)).collect();
    let format = CsvFormat::default().with_has_header(true).with_newlines_in_values(true);
    let options = ListingOptions { file_extension: String::new(), ..ListingOptions::new(Arc::new(format)) };
    let config = ListingTableConfig::new_with_multi_paths(addresses)
        .with_listing_options(options)
        .with_schema(Arc::new(Schema::new(fields)));
    let table = ListingTable::try_new(config).map_err(|error| unreadable(&first, &error.strip_backtrace()))?;
    Ok((Arc::new(table), TableSchema { columns }))
}

fn sample(files: &[PathBuf]) -> Result<Vec<SourceColumn>, Problem> {
    let mut header: Option<Vec<String>> = None;
    let mut guesses: Vec<Guess> = Vec::new();
    for file in files {
        let opened = File::open(file).map_err(|error| unreadable(file, &error.to_string()))?;
        let mut reader = csv::ReaderBuilder::new().from_reader(opened);
        let names = reader.headers().map_err(|error| unreadable(file, &error.to_string()))?;
        let names: Vec<String> = names
            .iter()
            .enumerate()
            .map(|(at, name)| if at == 0 { name.trim_start_matches('\u{feff}') } else { name }.to_owned())
            .collect();
        same_header(file, &names, &mut header, &mut guesses)?;
        for record in reader.records().take(SAMPLE) {
            let record = record.map_err(|error| unreadable(file, &error.to_string()))?;
            for (guess, value) in guesses.iter_mut().zip(&record) {
                guess.see(value);
            }
        }
    }
    let names = header.unwrap_or_default();
    Ok(names
        .into_iter()
        .zip(guesses)
        .map(|(name, guess)| SourceColumn { name, ty: SourceType::Untyped(guess.kind()), nullable: true })
        .collect())
}

fn same_header(
    file: &Path,
    names: &[String],
    header: &mut Option<Vec<String>>,
    guesses: &mut Vec<Guess>,
) -> Result<(), Problem> {
    if let Some(repeated) =
        names.iter().enumerate().find(|(at, name)| names.iter().take(*at).any(|other| other == *name))
    {
        let message = format!("`{}` has two columns called `{}`", file.display(), repeated.1);
        return Err(Problem::Broken(message, "give every column a name of its own".to_owned()));
    }
    match header {
        None => {
            *guesses = names.iter().map(|_| Guess::default()).collect();
            *header = Some(names.to_vec());
            Ok(())
        }
        Some(header) if header == names => Ok(()),
        Some(header) => {
            let message = format!(
                "`{}` has the columns {}, and the files before it have {}",
                file.display(),
                names.join(", "),
                header.join(", ")
            );
            Err(Problem::Broken(message, "the files of one table have the same columns in the same order".to_owned()))
        }
    }
}

/// What the values of a column could be, so far.
#[derive(Clone, Debug)]
struct Guess {
    seen: bool,
    integer: bool,
    decimal: bool,
    scale: u8,
    bool: bool,
    date: bool,
    time: bool,
}

impl Default for Guess {
    fn default() -> Self {
        Guess { seen: false, integer: true, decimal: true, scale: 0, bool: true, date: true, time: true }
    }
}

impl Guess {
    fn see(&mut self, value: &str) {
        if value.is_empty() {
            return;
        }
        self.seen = true;
        if self.decimal {
            self.number(value);
        }
        self.bool = self.bool && matches!(value, "true" | "false" | "True" | "False" | "TRUE" | "FALSE");
        self.date = self.date && value.len() == 10 && date(value).is_some();
        self.time = self.time && value.len() >= 10 && instant(value, chrono_tz::UTC).is_some();
    }

    fn number(&mut self, value: &str) {
        let digits = value.strip_prefix('-').unwrap_or(value);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let canonical = !whole.is_empty() && (whole == "0" || !whole.starts_with('0'));
        let scale = fraction.len().min(usize::from(u8::MAX)) as u8;
        let reads = canonical && scale < MAX_DIGITS && decimal(value, scale.min(i8::MAX as u8) as i8).is_some();
        self.scale = self.scale.max(scale);
        self.decimal = reads;
        self.integer = self.integer && reads && !digits.contains('.') && value.parse::<i64>().is_ok();
    }

    fn kind(&self) -> ColumnKind {
        match self {
            Guess { seen: false, .. } => ColumnKind::Text,
            Guess { integer: true, .. } => ColumnKind::Integer { digits: 19 },
            Guess { decimal: true, scale, .. } => ColumnKind::Decimal { digits: MAX_DIGITS, scale: *scale as i8 },
            Guess { bool: true, .. } => ColumnKind::Bool,
            Guess { date: true, .. } => ColumnKind::Date,
            Guess { time: true, .. } => ColumnKind::Timestamp,
            _ => ColumnKind::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(values: &[&str]) -> ColumnKind {
        let mut guess = Guess::default();
        values.iter().for_each(|value| guess.see(value));
        guess.kind()
    }

    #[test]
    fn text_that_is_no_number_stays_text() {
        assert_eq!(guess(&["1", "-20", ""]), ColumnKind::Integer { digits: 19 });
        assert_eq!(guess(&["00017", "2"]), ColumnKind::Text);
        assert_eq!(guess(&["1.5", "2", "0.125"]), ColumnKind::Decimal { digits: 38, scale: 3 });
        assert_eq!(guess(&["1e3"]), ColumnKind::Text);
        assert_eq!(guess(&["true", "False"]), ColumnKind::Bool);
        assert_eq!(guess(&["2026-03-31", ""]), ColumnKind::Date);
        assert_eq!(guess(&["2026-03-31", "2026-03-31T10:00"]), ColumnKind::Timestamp);
        assert_eq!(guess(&["2026-02-30"]), ColumnKind::Text);
        assert_eq!(guess(&["", ""]), ColumnKind::Text);
        assert_eq!(guess(&["99999999999999999999"]), ColumnKind::Decimal { digits: 38, scale: 0 });
    }
}
