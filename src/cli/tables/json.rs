//! A survey as one JSON object.

use std::io::{self, Write};

use chrono_tz::Tz;
use kohort::engine::survey::{ColumnSurvey, SubjectSurvey, Survey, TableSurvey};
use kohort::{AsOf, Diagnostic};
use serde::Serialize;

/// The version of this form.
const VERSION: u32 = 1;

/// Writes everything that is known. Times have the offset of the project's zone.
pub fn write(mut out: impl Write, survey: &Survey, zone: Tz) -> io::Result<()> {
    let document = Document {
        kohort: VERSION,
        timezone: zone.name(),
        derived_as_of: survey.last_time.map(|micros| instant(micros, zone)),
        tables: survey.tables.iter().map(|table| Table::new(table, zone)).collect(),
        missing: survey.missing.iter().map(said).collect(),
        conflicts: survey.conflicts.iter().map(said).collect(),
    };
    serde_json::to_writer(&mut out, &document)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    kohort: u32,
    timezone: &'a str,
    /// What derived tables are seen as of.
    derived_as_of: Option<String>,
    tables: Vec<Table<'a>>,
    missing: Vec<&'a str>,
    conflicts: Vec<&'a str>,
}

#[derive(Serialize)]
struct Table<'a> {
    name: &'a str,
    from: Option<&'a str>,
    rows: u64,
    skipped: u64,
    first: Option<String>,
    last: Option<String>,
    unknown_time: u64,
    subjects: Vec<Subject<'a>>,
    columns: Vec<Column<'a>>,
}

#[derive(Serialize)]
struct Subject<'a> {
    subject: &'a str,
    anonymous: u64,
    orphans: u64,
}

#[derive(Serialize)]
struct Column<'a> {
    name: &'a str,
    source_name: &'a str,
    #[serde(rename = "type")]
    kind: Option<String>,
    found: &'a str,
    declared: bool,
    unknown: u64,
    distinct: u64,
    least: Option<&'a str>,
    greatest: Option<&'a str>,
    values: Option<Vec<Value<'a>>>,
    digits_after_point: Option<u16>,
    not_finite: u64,
}

#[derive(Serialize)]
struct Value<'a> {
    value: &'a str,
    rows: u64,
}

impl<'a> Table<'a> {
    fn new(table: &'a TableSurvey, zone: Tz) -> Self {
        Table {
            name: &table.name,
            from: table.from.as_deref(),
            rows: table.rows,
            skipped: table.skipped,
            first: table.span.map(|(first, _)| instant(first, zone)),
            last: table.span.map(|(_, last)| instant(last, zone)),
            unknown_time: table.timeless,
            subjects: table.subjects.iter().map(Subject::new).collect(),
            columns: table.columns.iter().map(Column::new).collect(),
        }
    }
}

impl<'a> Subject<'a> {
    fn new(subject: &'a SubjectSurvey) -> Self {
        Subject { subject: &subject.kind, anonymous: subject.anonymous, orphans: subject.orphans }
    }
}

impl<'a> Column<'a> {
    fn new(column: &'a ColumnSurvey) -> Self {
        let value = |one: &'a kohort::engine::survey::ValueCount| Value { value: &one.value, rows: one.rows };
        Column {
            name: &column.name,
            source_name: &column.source_name,
            kind: column.kind.map(|kind| kind.to_string()),
            found: &column.found,
            declared: column.declared,
            unknown: column.unknown,
            distinct: column.distinct,
            least: column.range.as_ref().map(|(least, _)| least.as_str()),
            greatest: column.range.as_ref().map(|(_, greatest)| greatest.as_str()),
            values: column.values.as_ref().map(|values| values.iter().map(value).collect()),
            digits_after_point: column.scale,
            not_finite: column.not_finite,
        }
    }
}

fn instant(micros: i64, zone: Tz) -> String {
    AsOf::from_micros(micros).display(zone)
}

fn said(diagnostic: &Diagnostic) -> &str {
    &diagnostic.message
}
