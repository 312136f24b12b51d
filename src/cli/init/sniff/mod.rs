//! How a text file is written: what stands between its values, how it writes numbers, dates and what is not known.
//!
//! ```text
//! no_nota;tgl;total                 separator ';'
//! 17;31/12/2025;1.250.000,50   →    decimal ',', thousands '.', times '%d/%m/%Y'
//! ```
//!
//! Only the beginning of a file is looked at, and only CSV is: the other formats say these things themselves. Nothing is
//! decided that the engine would not find wrong: a value further down that is written differently is an error there.

mod numbers;
mod times;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub use numbers::NumberForm;
pub use times::DateColumn;

/// How much of a file is looked at, in bytes of its text.
const HEAD: u64 = 1 << 19;
/// Signs that may stand between values, the usual one first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// What people and systems write where nothing is known; in columns of any type.
const NULLS: [&str; 11] = ["NULL", "null", "\\N", "N/A", "n/a", "#N/A", "(null)", "NaN", "nan", "<NA>", "None"];
/// The same, where the column is otherwise one of numbers or dates.
const TYPED_NULLS: [&str; 8] = ["NA", "-", "--", "?", "none", "nil", "0000-00-00", "0000-00-00 00:00:00"];

/// What was found out about a text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sniffed {
    /// Between values.
    pub separator: u8,
    /// Names for the columns of a file without a line of names.
    pub columns: Option<Vec<String>>,
    /// How numbers are written.
    pub numbers: NumberForm,
    /// Texts that stand for unknown, besides nothing at all.
    pub nulls: Vec<String>,
    /// Columns of dates that are not written the ISO way.
    pub dates: Vec<DateColumn>,
    /// Columns that would hold numbers if it were not for a few values: the name in the file, and one of those.
    pub mixed: Vec<(String, String)>,
}

/// The first values of a file, column by column; empty ones are left out.
struct Sample {
    names: Vec<String>,
    columns: Vec<Vec<String>>,
}

/// The beginning of a file's text; compressed files are opened.
pub fn head(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let mut text = Vec::new();
    match ending.as_str() {
        "gz" => flate2::read::MultiGzDecoder::new(file).take(HEAD).read_to_end(&mut text)?,
        "zst" => zstd::stream::read::Decoder::new(file)?.take(HEAD).read_to_end(&mut text)?,
        _ => file.take(HEAD).read_to_end(&mut text)?,
    };
    if text.len() as u64 == HEAD {
        // The last line is cut.
        let whole = text.iter().rposition(|byte| *byte == b'\n').unwrap_or(text.len());
        text.truncate(whole);
    }
    Ok(text)
}

/// Looks at the beginning of a CSV file. `day_first` is what an ambiguous date such as 03/04/2026 is taken for where the
/// file itself does not tell.
pub fn sniff(text: &[u8]) -> Sniffed {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let separator = separator(text);
    let mut rows = records(text, separator);
    let first = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
    let headless = is_data(&first);
    let names: Vec<String> = match headless {
        true => (1..=first.len()).map(|number| format!("column_{number}")).collect(),
        false => first.clone(),
    };
    if headless {
        rows.insert(0, first);
    }
    let mut sample = Sample { columns: names.iter().map(|_| Vec::new()).collect(), names };
    for row in rows {
        for (column, value) in sample.columns.iter_mut().zip(row) {
            column.extend((!value.is_empty()).then_some(value));
        }
    }
    let nulls = nulls(&sample.columns);
    for column in &mut sample.columns {
        column.retain(|value| !nulls.contains(value));
    }
    let european = separator == b';';
    let numbers = numbers::form(&sample.columns, european);
    let day_first = european || numbers.decimal == ',';
    let dates = times::find(&sample.names, &sample.columns, day_first);
    let mixed =
        sample.names.iter().zip(&sample.columns).filter_map(|(name, values)| Some((name.clone(), odd(values)?)));
    let mixed = mixed.collect();
    Sniffed { separator, columns: headless.then_some(sample.names), numbers, nulls, dates, mixed }
}

/// The first value that is no number, where nearly all others are.
fn odd(values: &[String]) -> Option<String> {
    let odd: Vec<&String> = values.iter().filter(|value| !numbers::is_number(value)).collect();
    let few = !odd.is_empty() && odd.len() * 10 <= values.len();
    odd.first().filter(|_| few).map(|value| (*value).clone())
}

fn records(text: &[u8], separator: u8) -> Vec<Vec<String>> {
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text);
    let records = reader.byte_records().map_while(Result::ok);
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    records.map(|record| record.iter().map(text).collect()).collect()
}

/// The sign that cuts most lines into as many values as the first; of equals the one that cuts into more.
fn separator(text: &[u8]) -> u8 {
    let score = |separator: &u8| {
        let rows = records(text, *separator);
        let width = rows.first().map_or(0, Vec::len);
        let alike = rows.iter().filter(|row| row.len() == width).count();
        let share = (alike * 100).checked_div(rows.len()).unwrap_or(0);
        if width < 2 { (0, 0) } else { (share, width) }
    };
    let best = SEPARATORS.iter().rev().max_by_key(|separator| score(separator));
    best.copied().filter(|best| score(best) > (0, 0)).unwrap_or(b',')
}

/// Whether the first line holds values and not names: half of it or more are numbers or dates.
fn is_data(first: &[String]) -> bool {
    let known: Vec<&String> = first.iter().filter(|value| !value.is_empty()).collect();
    let values = known.iter().filter(|value| numbers::is_number(value) || times::is_date(value)).count();
    !known.is_empty() && values * 2 >= known.len()
}

/// The words for unknown that occur. Where a word could be a value (`NA`, `-`), the rest of the column must have a type.
fn nulls(columns: &[Vec<String>]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |word: &str| {
        if !found.iter().any(|found| found == word) {
            found.push(word.to_owned());
        }
    };
    for column in columns {
        let is_null = |value: &str| NULLS.contains(&value) || TYPED_NULLS.contains(&value);
        let mut rest = column.iter().filter(|value| !is_null(value)).peekable();
        let typed = rest.peek().is_some() && rest.all(|value| numbers::is_number(value) || times::is_date(value));
        for value in column {
            if NULLS.contains(&value.as_str()) || (typed && TYPED_NULLS.contains(&value.as_str())) {
                add(value);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
