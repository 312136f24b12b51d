//! Looking at the data: each table by itself, so that one that cannot be read keeps none of the others back.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use datafusion::execution::context::SessionContext;
use kohort::check::{SourceType, TableSchema};
use kohort::engine::look;
use kohort::engine::survey::{ColumnSurvey, Values};
use kohort::ir::ColumnKind;
use kohort::{Engine, Error, Project};

use super::draft::{Draft, Said, TableDraft};
use super::facts::{At, ColumnFacts, Facts, Fit, Kind, TableFacts};
use super::files::{Group, separator_of};
use super::names::{Names, identifier};
use super::settle::settle;
use super::sniff::{self, Sniffed};
use super::{links, reading, text};

/// Digits after the point that a floating-point column is read with, at most: more are those of binary fractions.
const MOST_PLACES: u16 = 6;
/// Columns with fewer distinct values for each row, in hundredths, are not unique; estimates of the survey are that good.
const NEARLY_UNIQUE: u64 = 90;
/// What a row is called while nothing is known of it.
const SOMETHING: &str = "kohort_something";

/// A table that has been looked at, with the engine that reads it.
pub struct Seen {
    /// What was found.
    pub facts: TableFacts,
    /// What reads it.
    engine: Engine,
}

/// The columns of a file with their types, or why it cannot be read.
pub async fn columns(file: &Path, written: Option<&Sniffed>) -> Result<TableSchema, String> {
    let mut table = TableDraft { name: "data".to_owned(), ..TableDraft::default() };
    table.source = Said::new(file.display().to_string(), "");
    if let (Some(written), Some(usual_separator)) = (written, separator_of(file)) {
        let facts = empty("data", written.clone(), usual_separator);
        table.reading = reading::reading(&facts);
    }
    let written = text::catalog(&provisional(table, "kohort_key"));
    let project = Project::from_texts([("catalog.yaml", written.text)]);
    let found = look(&project, &SessionContext::new(), &HashMap::new()).await;
    match (found.schemas.get("data"), found.broken.first().or(found.missing.values().next())) {
        (Some(schema), _) => Ok(schema.clone()),
        (None, Some(why)) => Err(why.message.clone()),
        (None, None) => Err(format!("`{}` cannot be read", file.display())),
    }
}

/// What is known of a table before it is read.
fn empty(name: &str, written: Sniffed, usual_separator: u8) -> TableFacts {
    TableFacts {
        name: name.to_owned(),
        source: String::new(),
        files: 1,
        written: Some(written),
        skips: None,
        usual_separator,
        rows: 0,
        columns: Vec::new(),
    }
}

/// A catalogue of one table, of which nothing is known but what its files are.
fn provisional(table: TableDraft, key: &str) -> Draft {
    Draft {
        timezone: Said::new("UTC", ""),
        subject: SOMETHING.to_owned(),
        subject_table: Some(table.name.clone()),
        key: Said::new(key, ""),
        tables: vec![table],
        ..Draft::default()
    }
}

/// Looks at a table. `source` is where its files are as seen from `directory`; what could not be kept of first guesses
/// goes to `left_out`.
pub async fn table(
    group: &Group,
    schema: &TableSchema,
    written: Option<Sniffed>,
    source: &str,
    directory: &Path,
    left_out: &mut Vec<String>,
) -> Result<Seen, String> {
    let usual_separator = group.files.first().and_then(|file| separator_of(&file.path)).unwrap_or(b',');
    let named = names(schema);
    let usable =
        schema.columns.iter().position(|column| !matches!(column.ty, SourceType::Float | SourceType::Other(_)));
    let key = usable.and_then(|at| named.get(at)).ok_or("none of its columns has a type that rules can use")?.clone();
    let mut facts = TableFacts {
        name: group.name.clone(),
        source: source.to_owned(),
        files: group.files.len(),
        written,
        skips: None,
        usual_separator,
        rows: 0,
        columns: Vec::new(),
    };
    facts.columns = schema.columns.iter().zip(&named).map(|(column, name)| unread(&column.name, name)).collect();
    let mut draft = provisional(declared(&facts), &key);
    let survey = settle(&mut draft, directory, left_out, async |engine| engine.survey().await)
        .await
        .map_err(|failure| failure.said())?;
    let found = survey.answer.tables.into_iter().next().ok_or("it could not be read")?;
    facts.rows = found.rows;
    facts.columns = found.columns.iter().map(|column| column_facts(column, found.rows)).collect();
    // A second time, with floating point read as the numbers that were meant.
    let types = draft.tables.first().map(|table| table.types.clone()).unwrap_or_default();
    facts.skips = draft.tables.first().and_then(|table| table.on_error.clone()).map(|said| said.why);
    let mut table = declared(&facts);
    for (name, said) in types.into_iter().filter(|(_, said)| said.value == "text") {
        table.types.retain(|(one, _)| *one != name);
        table.types.push((name, said));
    }
    let mut draft = provisional(table, &key);
    let opened =
        settle(&mut draft, directory, left_out, async |_: &Engine| Ok(())).await.map_err(|failure| failure.said())?;
    let mut seen = Seen { facts, engine: opened.engine };
    seen.count_exactly().await.map_err(|error| error.to_string())?;
    Ok(seen)
}

fn declared(facts: &TableFacts) -> TableDraft {
    TableDraft {
        name: facts.name.clone(),
        source: Said::new(facts.source.clone(), ""),
        reading: reading::reading(facts),
        on_error: facts.skips.clone().map(|why| Said::new("skip", why)),
        types: reading::types(facts),
        rename: facts
            .columns
            .iter()
            .filter(|column| column.name != column.source_name)
            .map(|column| (column.name.clone(), column.source_name.clone()))
            .collect(),
        ..TableDraft::default()
    }
}

/// Names for columns, those that are identifiers first: they keep theirs.
fn names(schema: &TableSchema) -> Vec<String> {
    let mut taken = Names::default();
    let keeps = |name: &str| super::names::is_name(name);
    schema.columns.iter().filter(|column| keeps(&column.name)).for_each(|column| taken.take(&column.name));
    let name = |(at, column): (usize, &kohort::check::SourceColumn)| match keeps(&column.name) {
        true => column.name.clone(),
        false => taken.give(&identifier(&column.name, &format!("column_{}", at + 1))),
    };
    schema.columns.iter().enumerate().map(name).collect()
}

fn unread(source_name: &str, name: &str) -> ColumnFacts {
    ColumnFacts {
        name: name.to_owned(),
        source_name: source_name.to_owned(),
        kind: Kind::Text,
        found: String::new(),
        unknown: 0,
        distinct: 0,
        unique: false,
        values: None,
        range: None,
        places: None,
        not_finite: 0,
    }
}

fn column_facts(column: &ColumnSurvey, rows: u64) -> ColumnFacts {
    let floating = column.kind.is_none() && column.scale.is_some();
    let places = column.scale.filter(|_| floating).map(|scale| u8::try_from(scale.min(MOST_PLACES)).unwrap_or(2));
    let kind = match column.kind {
        Some(ColumnKind::Integer { .. }) => Kind::Whole,
        Some(ColumnKind::Decimal { .. }) => Kind::Decimal,
        Some(ColumnKind::Text) => Kind::Text,
        Some(ColumnKind::Bool) => Kind::Bool,
        Some(ColumnKind::Date) => Kind::Date,
        Some(ColumnKind::Timestamp) => Kind::Time,
        Some(ColumnKind::TextList) => Kind::List,
        None if places == Some(0) => Kind::Round,
        None if floating => Kind::Float,
        None => Kind::Other,
    };
    ColumnFacts {
        kind,
        found: column.found.clone(),
        unknown: column.unknown + column.not_finite,
        distinct: column.distinct,
        unique: rows > 0 && column.unknown + column.not_finite == 0 && column.distinct == rows,
        values: column.values.as_ref().map(|values| values.iter().map(|one| (one.value.clone(), one.rows)).collect()),
        range: column.range.clone(),
        places,
        not_finite: column.not_finite,
        ..unread(&column.source_name, &column.name)
    }
}

impl Seen {
    /// Counts above 10,000 are estimates: columns that seem unique are looked at once more.
    async fn count_exactly(&mut self) -> Result<(), Error> {
        let rows = self.facts.rows;
        for column in &mut self.facts.columns {
            let nearly = column.distinct * 100 >= rows * NEARLY_UNIQUE && column.unknown == 0 && rows > 0;
            if nearly && column.kind.is_key() && rows > 10_000 {
                column.unique = self.engine.is_unique(&self.facts.name, &column.name).await?;
            }
        }
        Ok(())
    }
}

/// Puts the tables together and measures which columns fit into which.
pub async fn facts(seen: Vec<Seen>) -> Result<Facts, Error> {
    let mut facts = Facts { tables: seen.iter().map(|seen| seen.facts.clone()).collect(), fits: Vec::new() };
    let pairs = links::pairs(&facts);
    let mut wanted: Vec<At> = pairs.iter().flat_map(|(from, to)| [*from, *to]).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut values: BTreeMap<At, Values> = BTreeMap::new();
    for (table, seen) in seen.iter().enumerate() {
        let places: Vec<At> = wanted.iter().copied().filter(|at| at.table == table).collect();
        let names: Vec<&str> =
            places.iter().filter_map(|at| facts.column(*at)).map(|column| column.name.as_str()).collect();
        let found = seen.engine.values_of(&seen.facts.name, &names).await?;
        values.extend(places.into_iter().zip(found).filter_map(|(at, found)| Some((at, found?))));
    }
    let fit = |(from, to): &(At, At)| {
        let share = values.get(from)?.found_in(values.get(to)?)?;
        Some(Fit { from: *from, to: *to, share })
    };
    facts.fits = pairs.iter().filter_map(fit).collect();
    Ok(facts)
}

/// How a file of text is written.
pub fn sniffed(file: &Path) -> Result<Option<Sniffed>, String> {
    if separator_of(file).is_none() {
        return Ok(None);
    }
    let head = sniff::head(file).map_err(|error| crate::cli::exit::reason(&error))?;
    Ok(Some(sniff::sniff(&head)))
}
