//! Files of values with columns: the first row names them.

use std::collections::HashSet;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};

use crate::catalog::model::Placed;
use crate::diagnostic::{Code, Diagnostic};
use crate::lists::ListRows;
use crate::source::{FileId, Span};

/// How many broken rows are shown.
const SHOWN: usize = 5;

/// The names of the columns and the rows. What is wrong goes to `out`.
pub(super) fn read(
    file: FileId,
    text: &Arc<String>,
    separator: u8,
    out: &mut Vec<Diagnostic>,
) -> (Option<Vec<Placed<String>>>, ListRows) {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let base = text.len() - body.len();
    let mut reader =
        ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(body.as_bytes());
    let mut header: Option<Vec<Placed<String>>> = None;
    let mut rows = ListRows::new(Arc::clone(text), 0);
    let mut broken = Broken::default();
    let mut record = StringRecord::new();
    loop {
        let start = reader.position().byte() as usize;
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let message = format!("this file cannot be read any further: {error}");
                out.push(Diagnostic::new(Code::UnreadableRow, Span::new(file, base + start, base + start), message));
                break;
            }
        }
        let span = place(file, body, base, start, reader.position().byte() as usize);
        // What separates rows is a blank line in a file of one column, and a row without anything in the others.
        if record.iter().all(|value| value.trim().is_empty()) {
            continue;
        }
        let Some(columns) = &header else {
            let columns = names(&record, span, separator, out);
            rows = ListRows::new(Arc::clone(text), columns.len());
            header = Some(columns);
            continue;
        };
        match problem(&record, columns.len()) {
            Some(problem) => broken.add(problem, span, out),
            None => rows.push_row(span.range(), &record),
        }
    }
    broken.finish(out);
    rows.settle();
    (header, rows)
}

/// Where a row stands, without the ends of lines around it.
fn place(file: FileId, body: &str, base: usize, start: usize, end: usize) -> Span {
    let written = body.get(start..end).unwrap_or_default();
    let from = start + (written.len() - written.trim_start_matches(['\r', '\n']).len());
    let length = written.trim_matches(['\r', '\n']).len();
    Span::new(file, base + from, base + from + length)
}

fn names(record: &StringRecord, span: Span, separator: u8, out: &mut Vec<Diagnostic>) -> Vec<Placed<String>> {
    let named = |name: &str| Placed { value: name.trim().to_owned(), span };
    let names: Vec<Placed<String>> = record.iter().map(named).collect();
    let other = [(';', "`;`"), ('\t', "a tab"), (',', "a comma")].into_iter().find(|(sign, _)| {
        *sign != char::from(separator) && names.len() == 1 && names.iter().any(|name| name.value.contains(*sign))
    });
    if let Some((_, sign)) = other {
        let (own, ending) = if separator == b',' { ("commas", "csv") } else { ("tabs", "tsv") };
        let message = format!("the columns of this file are separated by {sign}, those of a .{ending} file by {own}");
        let finding = Diagnostic::new(Code::UnreadableRow, span, message);
        out.push(finding.help(format!("save it with {own} between the columns, or only the column of the values")));
    }
    let mut seen = HashSet::new();
    if let Some(twice) = names.iter().find(|name| !name.value.is_empty() && !seen.insert(&name.value)) {
        let finding = Diagnostic::new(Code::UnreadableRow, span, format!("two columns are called `{}`", twice.value));
        out.push(finding.help("give each column a name of its own"));
    }
    names
}

fn problem(record: &StringRecord, columns: usize) -> Option<String> {
    let values = record.len();
    if values != columns {
        let value = if values == 1 { "value" } else { "values" };
        let column = if columns == 1 { "column" } else { "columns" };
        return Some(format!("this row has {values} {value}, and the file has {columns} {column}"));
    }
    let lines = record.iter().any(|value| value.contains(['\n', '\r']));
    lines.then(|| "a value of this row goes on over several lines".to_owned())
}

/// Rows that cannot be read: the first ones are shown, the others counted.
#[derive(Default)]
struct Broken {
    count: usize,
}

impl Broken {
    fn add(&mut self, problem: String, span: Span, out: &mut Vec<Diagnostic>) {
        self.count += 1;
        if self.count <= SHOWN {
            let help = if problem.starts_with("a value") {
                "close the quote that is open, or take the line break out"
            } else {
                "a value that contains the separator stands in double quotes"
            };
            out.push(Diagnostic::new(Code::UnreadableRow, span, problem).help(help));
        }
    }

    fn finish(self, out: &mut [Diagnostic]) {
        let more = self.count.saturating_sub(SHOWN);
        if let Some(last) = out.last_mut().filter(|_| more > 0) {
            let rows = if more == 1 { "row" } else { "rows" };
            last.helps.push(format!("{more} more {rows} of this file cannot be read"));
        }
    }
}
