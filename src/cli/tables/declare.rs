//! `kohort tables --declare`: what the data shows goes into the catalogue.
//!
//! Added are types of columns that have none, and the values of attributes that are a column of few texts. What is
//! declared already stays. Floating point becomes a decimal where its values look like one; where they do not, nobody
//! but its owner knows how many digits are meant, and that is said.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstream::eprintln;
use kohort::Engine;
use kohort::catalog::edit::{Addition, EditError, Edited, add};
use kohort::catalog::model::{AttributeDef, Catalog, ColumnType, TableKind};
use kohort::engine::survey::{ColumnSurvey, Survey, TableSurvey};
use kohort::ir::ColumnKind;
use kohort::syntax::ast::ExprKind;

use super::super::exit::{Failure, say};
use super::super::output::{Output, stdout};
use super::advice;

/// The most digits after the point that a column can be declared with.
const MOST_DIGITS: u8 = 20;

/// The catalogue's file.
struct File {
    path: PathBuf,
    text: String,
}

/// Declares what a survey found, or only shows it.
pub fn run(engine: &Engine, survey: &Survey, dry: bool) -> Result<(), Failure> {
    let Some((catalog, file)) = file(engine) else {
        return Err(Failure::usage("the project has no catalogue that could be added to"));
    };
    let additions = additions(catalog, survey);
    let (edited, refused) = settle(&file.text, &additions)?;
    if !dry && edited.text != file.text {
        write(&file, &edited)?;
    }
    show(&file.path, &edited, additions.len() > refused.len(), dry)
        .map_err(|error| Failure::writing("the standard output", &error))?;
    for column in left_alone(catalog, survey) {
        eprintln!("note: {column}");
    }
    for (addition, reason) in &refused {
        say(&reason.to_string(), &[format!("add this to it yourself: {addition}")]);
    }
    if refused.is_empty() { Ok(()) } else { Err(Failure::Errors) }
}

fn file(engine: &Engine) -> Option<(&Catalog, File)> {
    let catalog = engine.project().catalog()?;
    let source = engine.project().sources().get(catalog.file)?;
    let name = Path::new(source.name()).file_name()?;
    let path = engine.project().directory()?.join(name);
    Some((catalog, File { path, text: source.text().to_owned() }))
}

/// What the data shows and the catalogue does not say.
fn additions(catalog: &Catalog, survey: &Survey) -> Vec<Addition> {
    let mut additions = Vec::new();
    for table in sources(catalog, survey) {
        let undeclared = table.columns.iter().filter(|column| !column.declared);
        let columns: Vec<(String, ColumnType)> =
            undeclared.filter_map(|column| Some((column.name.clone(), declared(column)?))).collect();
        if !columns.is_empty() {
            additions.push(Addition::Types { table: table.name.clone(), columns });
        }
    }
    // What is included is not the catalogue's to edit.
    for attribute in catalog.attributes.iter().filter(|def| def.name.span.file == catalog.file) {
        if let Some(values) = closed_set(catalog, survey, attribute) {
            additions.push(Addition::Values { attribute: attribute.name.text.clone(), values });
        }
    }
    additions
}

/// Surveyed tables that have rows of their own.
fn sources<'s>(catalog: &'s Catalog, survey: &'s Survey) -> impl Iterator<Item = &'s TableSurvey> {
    let defined = |name: &str| catalog.tables.iter().find(|def| def.name.text == name).map(|def| &def.kind);
    survey.tables.iter().filter(move |table| matches!(defined(&table.name), Some(TableKind::Source(_))))
}

/// The type to declare a column with; none if the data does not tell.
fn declared(column: &ColumnSurvey) -> Option<ColumnType> {
    if advice::is_empty_text(column) {
        return None;
    }
    Some(match column.kind {
        Some(ColumnKind::Bool) => ColumnType::Bool,
        Some(ColumnKind::Integer { .. }) => ColumnType::Integer,
        Some(ColumnKind::Decimal { scale, .. }) => {
            ColumnType::Decimal(u8::try_from(scale).ok().filter(|scale| *scale <= MOST_DIGITS)?)
        }
        Some(ColumnKind::Text) => ColumnType::Text,
        Some(ColumnKind::Date) => ColumnType::Date,
        Some(ColumnKind::Timestamp) => ColumnType::Timestamp,
        Some(ColumnKind::TextList) => ColumnType::TextList,
        None => ColumnType::Decimal(advice::scale(column)?),
    })
}

/// The values of an attribute that is a text column of its subjects' table, if they are few and come again.
fn closed_set(catalog: &Catalog, survey: &Survey, attribute: &AttributeDef) -> Option<Vec<String>> {
    let ExprKind::Name(path) = &attribute.is.kind else { return None };
    let [column] = path.parts.as_slice() else { return None };
    if attribute.values.is_some() {
        return None;
    }
    let of_kind = |name: &str| attribute.of.as_ref().is_none_or(|of| of.text == name);
    let kinds = catalog.subjects.iter().filter(|kind| of_kind(&kind.name.text));
    let named = |name: &str| survey.tables.iter().find(|table| table.name == name);
    let tables = kinds.filter_map(|kind| named(&kind.table.as_ref()?.text));
    let columns = tables.flat_map(|table| table.columns.iter().map(move |one| (table, one)));
    let mut found = columns.filter(|(_, one)| one.name == column.text);
    let (table, column) = found.next()?;
    if found.next().is_some() || column.kind != Some(ColumnKind::Text) {
        return None;
    }
    let values = column.values.as_ref().filter(|values| !values.is_empty())?;
    if table.rows - column.unknown <= column.distinct {
        return None;
    }
    let mut values: Vec<String> = values.iter().map(|one| one.value.clone()).collect();
    values.sort_unstable();
    Some(values)
}

/// Why columns without a declared type do not get one.
fn left_alone(catalog: &Catalog, survey: &Survey) -> Vec<String> {
    let mut said = Vec::new();
    for table in sources(catalog, survey) {
        for column in table.columns.iter().filter(|column| !column.declared && declared(column).is_none()) {
            said.push(match advice::of_column(&table.name, column) {
                Some(advice) => advice,
                None if advice::is_empty_text(column) => {
                    format!("`{}` of `{}` has no values that would show its type", column.name, table.name)
                }
                None => format!("`{}` of `{}` has no type that can be declared", column.name, table.name),
            });
        }
    }
    said
}

/// Additions that cannot be made by an edit of the text, and why.
type Refused<'a> = Vec<(&'a Addition, EditError)>;

/// Makes all additions that can be made, and says of the others why not.
fn settle<'a>(text: &str, additions: &'a [Addition]) -> Result<(Edited, Refused<'a>), Failure> {
    let broken = || {
        Failure::usage("the catalogue has mistakes, and is only added to when it has none")
            .help("see `kohort check`, correct them, and declare again")
    };
    match add(text, additions) {
        Ok(edited) => return Ok((edited, Vec::new())),
        Err(EditError::Broken) => return Err(broken()),
        Err(_) => {}
    }
    let mut made: Vec<Addition> = Vec::new();
    let mut refused = Vec::new();
    for addition in additions {
        made.push(addition.clone());
        if let Err(error) = add(text, &made) {
            made.pop();
            refused.push((addition, error));
        }
    }
    Ok((add(text, &made).map_err(|_| broken())?, refused))
}

/// Puts the new text in the place of the old one, at once.
fn write(file: &File, edited: &Edited) -> Result<(), Failure> {
    let shown = format!("`{}`", file.path.display());
    let reading = |error: io::Error| Failure::writing(&shown, &error);
    if fs::read(&file.path).map_err(reading)? != file.text.as_bytes() {
        let message = format!("{shown} was changed while the data was looked at, and is left as it is");
        return Err(Failure::usage(message).help("run the command again"));
    }
    let rights = fs::metadata(&file.path).map_err(reading)?.permissions();
    let mut out = Output::open(Some(&file.path))?;
    out.write_all(edited.text.as_bytes()).map_err(|error| out.refused(&error))?;
    out.finish()?;
    fs::set_permissions(&file.path, rights).map_err(reading)
}

fn show(path: &Path, edited: &Edited, any: bool, dry: bool) -> io::Result<()> {
    let mut out = stdout();
    // Lines that go have the number that they had, lines that come the number that they get.
    let mut pushed = 0;
    for change in &edited.changes {
        if let Some(before) = &change.before {
            writeln!(out, "{:>4} - {before}", change.line)?;
        }
        for after in &change.after {
            pushed += usize::from(change.before.is_none());
            writeln!(out, "{:>4} + {after}", change.line + pushed)?;
        }
    }
    let path = path.display();
    match (any, dry) {
        (false, _) => writeln!(out, "nothing to declare: `{path}` says all that the data shows")?,
        (true, true) => writeln!(out, "\nnothing is written: without `--dry-run` this goes into `{path}`")?,
        (true, false) => writeln!(out, "\nwritten to `{path}`")?,
    }
    out.flush()
}
