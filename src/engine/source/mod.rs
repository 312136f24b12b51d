//! Where rows come from: files of Parquet, Arrow, CSV and NDJSON, here or elsewhere, and tables handed over.
//!
//! ```text
//! location   a path, a pattern, a directory, an address → files      hive: what their directories say
//! format     their endings → one format
//! columnar   Parquet, Arrow → a table                                 DataFusion reads
//! text       CSV, NDJSON → a table                                    read here, so that every row has a place
//! inspect    what is wrong with the rows of a table, and where        only when something is, or rows are skipped
//! ```

mod advice;
mod columnar;
mod fault;
mod format;
mod glob;
mod hive;
mod inspect;
mod location;
mod places;
mod remote;
mod text;
mod types;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::execution::context::SessionContext;

use self::columnar::ColumnarTable;
pub use self::fault::{Problem as RowProblem, RowFault};
use self::text::{TextFiles, TextTable, partition_column};
use crate::catalog::model::{FileFormat, SourceTable, TableKind};
use crate::check::{Schemas, TableSchema};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{BaseTable, Ir};
use crate::project::Project;

/// The data of a project, as far as it is there.
#[derive(Default)]
pub struct Found {
    /// The columns of every table found.
    pub schemas: Schemas,
    /// Sources that are not there, by table: an error only for whoever needs the rows.
    pub missing: BTreeMap<String, Diagnostic>,
    /// Sources that are there and cannot be read.
    pub broken: Vec<Diagnostic>,
    sources: HashMap<String, Source>,
    bound: HashMap<String, Bound>,
}

/// The data of a table before its columns have types.
enum Source {
    Given(Arc<dyn TableProvider>),
    Columnar(Arc<ColumnarTable>),
    Text(Arc<TextFiles>),
}

/// The data of a table.
#[derive(Clone)]
enum Bound {
    Given(Arc<dyn TableProvider>),
    Columnar(Arc<ColumnarTable>),
    Text(Arc<TextTable>),
}

/// Looks for the data of every table: handed over, in the session, or in files.
pub async fn look(
    project: &Project,
    context: &SessionContext,
    tables: &HashMap<String, Arc<dyn TableProvider>>,
) -> Found {
    let mut found = Found::default();
    let Some(catalog) = project.catalog() else { return found };
    for def in &catalog.tables {
        let TableKind::Source(table) = &def.kind else { continue };
        let name = &def.name.text;
        if let Some(provider) = tables.get(name) {
            found.give(name, Arc::clone(provider));
            continue;
        }
        match &table.source {
            None => {
                if let Ok(provider) = context.table_provider(name.as_str()).await {
                    found.give(name, provider);
                }
            }
            Some(source) => match open(project, context, table, &source.value, catalog.timezone).await {
                Ok((data, schema)) => {
                    found.schemas.insert(name, schema);
                    found.sources.insert(name.clone(), data);
                }
                Err(Problem::Missing(message)) => {
                    let diagnostic = Diagnostic::new(Code::SourceUnreadable, source.span, message);
                    let help = "paths are relative to the directory of the catalogue";
                    found.missing.insert(name.clone(), diagnostic.help(help));
                }
                Err(Problem::Broken(problems)) => {
                    for (message, help) in problems {
                        found.broken.push(Diagnostic::new(Code::SourceUnreadable, source.span, message).help(help));
                    }
                }
            },
        }
    }
    found
}

impl Found {
    fn give(&mut self, name: &str, provider: Arc<dyn TableProvider>) {
        self.schemas.insert(name, types::schema(&provider.schema()));
        self.sources.insert(name.to_owned(), Source::Given(provider));
    }

    /// What is wrong with the sources, and what a check says besides: that the columns of a table are not known is said
    /// by what is wrong with its source.
    pub fn behind(&self, project: &Project, checked: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let tables = project.catalog().map_or(&[][..], |catalog| &catalog.tables);
        let table_of = |diagnostic: &Diagnostic| {
            let def = tables.iter().find(|def| def.name.span == diagnostic.primary.span)?;
            (diagnostic.code == Code::UnknownType).then_some(def)
        };
        let cause = |diagnostic: Diagnostic| {
            let Some(def) = table_of(&diagnostic) else { return Some(diagnostic) };
            let TableKind::Source(source) = &def.kind else { return Some(diagnostic) };
            let broken = |one: &Diagnostic| source.source.as_ref().is_some_and(|at| at.span == one.primary.span);
            match self.missing.get(&def.name.text) {
                Some(missing) => Some(missing.clone()),
                None if self.broken.iter().any(broken) => None,
                None => Some(diagnostic),
            }
        };
        checked.into_iter().filter_map(cause).chain(self.broken.iter().cloned()).collect()
    }

    /// Gives the columns of text files the types that the checked project has for them.
    pub(super) fn bind(&mut self, ir: &Ir) {
        for table in &ir.base_tables {
            let Some(source) = self.sources.get(&table.name) else { continue };
            let bound = match source {
                Source::Given(provider) => Bound::Given(Arc::clone(provider)),
                Source::Columnar(files) => Bound::Columnar(Arc::clone(files)),
                Source::Text(files) => Bound::Text(Arc::new(TextTable::new(Arc::clone(files), table))),
            };
            self.bound.insert(table.name.clone(), bound);
        }
    }

    /// The rows of a table.
    pub(super) fn provider(&self, table: &BaseTable) -> Option<Arc<dyn TableProvider>> {
        Some(match self.bound.get(&table.name)? {
            Bound::Given(provider) => Arc::clone(provider),
            Bound::Columnar(table) => Arc::clone(table) as Arc<dyn TableProvider>,
            Bound::Text(table) => Arc::clone(table) as Arc<dyn TableProvider>,
        })
    }
}

/// Why a source gives no table.
#[derive(Debug)]
enum Problem {
    /// Nothing is there.
    Missing(String),
    /// What is there cannot be read: for each thing, what is wrong, and what to do.
    Broken(Vec<(String, String)>),
}

impl Problem {
    fn broken(message: impl Into<String>, help: impl Into<String>) -> Self {
        Problem::Broken(vec![(message.into(), help.into())])
    }

    /// A file that cannot be read; without better advice, to look at it.
    fn unreadable(file: &str, reason: &str) -> Self {
        let help = "check that the file is whole, and of the format that its ending says";
        Problem::broken(format!("`{file}` cannot be read: {reason}"), help)
    }

    /// The one thing that is wrong.
    fn into_pair(self) -> (String, String) {
        match self {
            Problem::Missing(message) => (message, String::new()),
            Problem::Broken(mut problems) => problems.pop().unwrap_or_default(),
        }
    }
}

/// The columns that a catalogue declares, by the data's names.
fn declared_columns(table: &SourceTable) -> impl Iterator<Item = &str> {
    table.types.iter().map(|(ours, _)| {
        let renamed = table.rename.iter().find(|(name, _)| name.text == ours.text);
        renamed.map_or(ours.text.as_str(), |(_, theirs)| theirs.value.as_str())
    })
}

async fn open(
    project: &Project,
    context: &SessionContext,
    table: &SourceTable,
    source: &str,
    zone: chrono_tz::Tz,
) -> Result<(Source, TableSchema), Problem> {
    let located = location::locate(project.directory(), context, source).await?;
    let format = format::of(&located.files, table.format.as_ref().map(|format| format.value))?;
    let zone = table.timezone.unwrap_or(zone);
    match format {
        FileFormat::Parquet | FileFormat::Arrow => {
            let parquet = format == FileFormat::Parquet;
            let files = ColumnarTable::look(&context.state(), located, parquet).await?;
            let mut schema = types::schema(&files.schema());
            for (name, values) in files.partitions() {
                let column = partition_column(name, values.into_iter(), zone);
                schema.columns.retain(|column| column.name != name);
                schema.columns.push(column);
            }
            Ok((Source::Columnar(Arc::new(files)), schema))
        }
        FileFormat::Csv | FileFormat::Ndjson => {
            let json = format == FileFormat::Ndjson;
            let mut files = TextFiles::look(located, json, table.reading.clone(), zone).await?;
            if json {
                files.expect(declared_columns(table));
            }
            let schema = TableSchema { columns: files.columns.clone() };
            Ok((Source::Text(Arc::new(files)), schema))
        }
    }
}
