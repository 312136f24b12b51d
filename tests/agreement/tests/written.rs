//! A test as somebody would write it beside the rules: rows, instants and expectations as YAML, rows as files too.
//!
//! Everything that has several forms is written in one or the other by chance: rows in the test or in a file, values left out that are
//! unknown or the default, times with and without an offset, keys as lists and with names.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::{DateTime, FixedOffset, NaiveDateTime, NaiveTime};
use kohort::syntax::print_name;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::super::super::differential::generate::Case;
use super::super::super::differential::value::{Cell, CellType, Data, TableData, shown_decimal};
use super::super::standing::Key;

/// How an expectation is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    Exactly,
    Has,
    Lacks,
    Count,
    Entered,
    Left,
}

/// Something that is expected of a segment at a step.
#[derive(Clone, Debug)]
pub struct Expected {
    /// From 0.
    pub step: usize,
    pub segment: String,
    pub form: Form,
    /// Whom it names; of a count nobody.
    pub keys: Vec<Key>,
    pub count: u64,
}

/// What columns hold that rows do not give, by table and position.
pub type Defaults = BTreeMap<String, BTreeMap<usize, Cell>>;

/// A step's instant and rows as they are written.
pub struct Rows {
    pub at: String,
    pub given: String,
    /// Files of rows.
    pub files: Vec<(String, String)>,
}

/// A YAML scalar in single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// An instant with some offset.
pub fn instant(random: &mut ChaCha8Rng, at: i64) -> String {
    let utc = DateTime::from_timestamp_micros(at).expect("an instant within the calendar's range");
    if random.random_bool(0.5) {
        return utc.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
    }
    let offset = FixedOffset::east_opt(random.random_range(-46..=56) * 900).expect("an offset of less than a day");
    utc.with_timezone(&offset).format("%Y-%m-%dT%H:%M:%S%.6f%:z").to_string()
}

/// A local time; its seconds are left out where they are none.
pub fn local(at: NaiveDateTime) -> String {
    let whole = at.format("%Y-%m-%dT%H:%M").to_string();
    let seconds = at.format(":%S%.6f").to_string();
    if seconds == ":00.000000" { whole } else { whole + &seconds }
}

/// What stands in a cell; none: nothing can, it is unknown.
fn plain(random: &mut ChaCha8Rng, cell: &Cell) -> Option<String> {
    Some(match cell {
        Cell::Unknown => return None,
        Cell::Bool(truth) => truth.to_string(),
        Cell::Int(number) => number.to_string(),
        Cell::Decimal(unscaled, scale) => {
            let digits = shown_decimal(*unscaled, *scale);
            // 12.50 is 12.5 too.
            match digits.contains('.') && random.random_bool(0.5) {
                true => digits.trim_end_matches('0').trim_end_matches('.').to_owned(),
                false => digits,
            }
        }
        Cell::Text(text) => text.clone(),
        Cell::Date(day) => day.to_string(),
        // A day in a column of times is its first instant.
        Cell::LocalTime(at) if at.time() == NaiveTime::MIN && random.random_bool(0.5) => at.date().to_string(),
        Cell::LocalTime(at) => local(*at),
        Cell::Instant(at) => instant(random, *at),
        Cell::List(items) => format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", ")),
    })
}

fn in_yaml(random: &mut ChaCha8Rng, cell: &Cell) -> String {
    let Some(text) = plain(random, cell) else {
        return if random.random_bool(0.5) { "~".to_owned() } else { "null".to_owned() };
    };
    match cell {
        Cell::Text(_) => quoted(&text),
        Cell::List(_) => text,
        _ if random.random_bool(0.3) => quoted(&text),
        _ => text,
    }
}

/// Some columns of some tables and what they hold where nothing is said.
pub fn defaults(random: &mut ChaCha8Rng, data: &Data) -> Defaults {
    let mut defaults = Defaults::new();
    for (name, table) in data {
        if table.rows.is_empty() || !random.random_bool(0.3) {
            continue;
        }
        let column = random.random_range(0..table.columns.len());
        let value = table.rows[random.random_range(0..table.rows.len())][column].clone();
        if value != Cell::Unknown {
            defaults.entry(name.clone()).or_default().insert(column, value);
        }
    }
    defaults
}

/// Defaults as the value of `defaults:`.
pub fn defaults_text(random: &mut ChaCha8Rng, data: &Data, defaults: &Defaults) -> String {
    let mut tables = Vec::new();
    for (table, columns) in defaults {
        let column = |(at, cell): (&usize, &Cell)| format!("{}: {}", data[table].columns[*at].0, in_yaml(random, cell));
        tables.push(format!("{table}: {{ {} }}", columns.iter().map(column).collect::<Vec<_>>().join(", ")));
    }
    format!("{{ {} }}", tables.join(", "))
}

/// The rows of a step.
pub fn rows(random: &mut ChaCha8Rng, step: usize, at: String, data: &Data, defaults: &Defaults) -> Rows {
    let mut rows = Rows { at, given: String::new(), files: Vec::new() };
    for (name, table) in data {
        // Of a table that is not named there are no rows.
        if table.rows.is_empty() && random.random_bool(0.7) {
            continue;
        }
        let none = BTreeMap::new();
        let default = defaults.get(name).unwrap_or(&none);
        if fits_a_file(table, default) && random.random_bool(0.3) {
            let path = format!("rows/{name}_{step}.csv");
            writeln!(rows.given, "        {name}: {path}").expect("writing to a string");
            rows.files.push((path, file(random, table)));
            continue;
        }
        writeln!(rows.given, "        {name}:{}", if table.rows.is_empty() { " []" } else { "" })
            .expect("writing to a string");
        for row in &table.rows {
            writeln!(rows.given, "          - {}", row_text(random, table, row, default)).expect("writing to a string");
        }
    }
    rows
}

fn row_text(random: &mut ChaCha8Rng, table: &TableData, row: &[Cell], default: &BTreeMap<usize, Cell>) -> String {
    let mut cells = Vec::new();
    for (at, ((name, _), cell)) in table.columns.iter().zip(row).enumerate() {
        // What is left out is the default, or unknown.
        let is_said = cell != default.get(&at).unwrap_or(&Cell::Unknown);
        if is_said || random.random_bool(0.5) {
            cells.push(format!("{name}: {}", in_yaml(random, cell)));
        }
    }
    format!("{{ {} }}", cells.join(", "))
}

/// A file has no lists, nothing empty is a value in it, and what is left out has the default.
fn fits_a_file(table: &TableData, default: &BTreeMap<usize, Cell>) -> bool {
    let lists = table.columns.iter().any(|(_, ty)| *ty == CellType::TextList);
    let empty = table.rows.iter().flatten().any(|cell| matches!(cell, Cell::Text(text) if text.is_empty()));
    let of_nothing = table.rows.iter().any(|row| row.iter().all(|cell| *cell == Cell::Unknown));
    let hidden = default.keys().any(|at| table.rows.iter().any(|row| row[*at] == Cell::Unknown));
    !table.rows.is_empty() && !lists && !empty && !of_nothing && !hidden
}

fn file(random: &mut ChaCha8Rng, table: &TableData) -> String {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut text = names.join(",") + "\n";
    for row in &table.rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| match plain(random, cell) {
                Some(value) if value.contains(['"', ',']) || random.random_bool(0.2) => {
                    format!("\"{}\"", value.replace('"', "\"\""))
                }
                value => value.unwrap_or_default(),
            })
            .collect();
        text += &(cells.join(",") + "\n");
    }
    text
}

/// A segment's name as rules refer to it. Of a group the name may have a dot of its own behind the first.
fn name_of(segment: &str, is_group: bool) -> String {
    let parts: Vec<&str> = if is_group { segment.splitn(2, '.').collect() } else { vec![segment] };
    parts.into_iter().map(print_name).collect::<Vec<_>>().join(".")
}

fn keys_text(random: &mut ChaCha8Rng, names: &[String], keys: &[Key]) -> String {
    let mut texts = Vec::new();
    for key in keys {
        let parts: Vec<String> = key.iter().map(|part| quoted(part)).collect();
        let named = || names.iter().zip(&parts).map(|(name, part)| format!("{name}: {part}")).collect::<Vec<_>>();
        texts.push(match parts.as_slice() {
            [only] => only.clone(),
            _ if random.random_bool(0.5) => format!("{{ {} }}", named().join(", ")),
            _ => format!("[{}]", parts.join(", ")),
        });
    }
    format!("[{}]", texts.join(", "))
}

/// `expect:` of a step, by segment; empty where nothing is expected.
fn expect_text(random: &mut ChaCha8Rng, case: &Case, kind_of: &BTreeMap<String, String>, all: &[&Expected]) -> String {
    let mut by_segment: BTreeMap<&str, Vec<&Expected>> = BTreeMap::new();
    all.iter().for_each(|one| by_segment.entry(&one.segment).or_default().push(one));
    let mut text = String::new();
    for (segment, expected) in by_segment {
        let kind = case.kinds.iter().find(|kind| kind.name == kind_of[segment]).expect("a kind of subject");
        let mut values = Vec::new();
        for one in &expected {
            let (word, value) = match one.form {
                Form::Exactly => ("exactly", keys_text(random, &kind.key, &one.keys)),
                Form::Has => ("has", keys_text(random, &kind.key, &one.keys)),
                Form::Lacks => ("lacks", keys_text(random, &kind.key, &one.keys)),
                Form::Entered => ("entered", keys_text(random, &kind.key, &one.keys)),
                Form::Left => ("left", keys_text(random, &kind.key, &one.keys)),
                Form::Count => ("count", one.count.to_string()),
            };
            values.push((word, value));
        }
        let is_rule = case.segments.iter().any(|def| def.name == segment);
        let value = match values.as_slice() {
            [("exactly" | "count", value)] if random.random_bool(0.5) => value.clone(),
            _ => {
                let values: Vec<String> = values.iter().map(|(word, value)| format!("{word}: {value}")).collect();
                format!("{{ {} }}", values.join(", "))
            }
        };
        writeln!(text, "        {}: {value}", quoted(&name_of(segment, !is_rule))).expect("writing to a string");
    }
    text
}

/// A test with a name.
pub fn test(
    random: &mut ChaCha8Rng,
    (name, defaults): (&str, Option<&str>),
    (case, kind_of): (&Case, &BTreeMap<String, String>),
    steps: &[Rows],
    expected: &[Expected],
) -> String {
    let mut text = format!("  - name: {name}\n");
    if let Some(defaults) = defaults {
        text += &format!("    defaults: {defaults}\n");
    }
    for (at, step) in steps.iter().enumerate() {
        match at {
            0 => text += &format!("    as_of: {}\n", step.at),
            1 => text += &format!("    then:\n      - at: {}\n", step.at),
            _ => text += &format!("      - at: {}\n", step.at),
        }
        // What belongs to a later step stands further in.
        let (indent, inner) = if at == 0 { ("    ", "") } else { ("        ", "    ") };
        let all: Vec<&Expected> = expected.iter().filter(|one| one.step == at).collect();
        for (word, lines) in [("given", step.given.clone()), ("expect", expect_text(random, case, kind_of, &all))] {
            if !lines.is_empty() {
                text += &format!("{indent}{word}:\n");
                lines.lines().for_each(|line| text += &format!("{inner}{line}\n"));
            }
        }
    }
    text
}
