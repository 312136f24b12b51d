//! Where rows come from: files of Parquet, Arrow, CSV and NDJSON, here or elsewhere, and tables handed over.
//!
//! ```text
//! location   a path, a pattern, a directory, an address → files      hive: what their directories say
//! remote     addresses → files in stores of objects                   stores: made from the environment
//! refusal    what the errors of stores mean
//! format     their endings → one format
//! columnar   Parquet, Arrow → a table                                 DataFusion reads; ipc: the columns of Arrow
//! text       CSV, NDJSON → a table                                    read here, so that every row has a place
//! copies     optimized copies, read in the place of files
//! inspect    what is wrong with the rows of a table, and where        only when something is, or rows are skipped
//! ```

mod advice;
mod columnar;
pub(super) mod copies;
mod fault;
mod format;
mod glob;
mod hive;
mod inspect;
mod ipc;
mod location;
mod places;
mod refusal;
mod remote;
mod stamp;
#[cfg(feature = "remote")]
mod stores;
mod text;
pub(super) mod types;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::execution::context::SessionContext;
use futures::{FutureExt, StreamExt};

use self::columnar::ColumnarTable;
use self::copies::Copy;
pub use self::fault::{Problem as RowProblem, RowFault};
use self::refusal::Refusal;
pub use self::stamp::Stamp;
use self::text::{TextFiles, TextTable, partition_column};
use crate::catalog::model::{ColumnType, FileFormat, SourceTable, TableDef, TableKind};
use crate::check::{Schemas, TableSchema};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{BaseTable, Ir};
use crate::project::Project;

/// Tables looked for at the same time.
const AT_ONCE: usize = 8;

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
    copies: HashMap<String, Copy>,
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
    let looks = catalog.tables.iter().filter_map(|def| match &def.kind {
        TableKind::Source(table) => {
            let given = tables.get(&def.name.text);
            if table.sql.is_some() && given.is_none() {
                return None; // its rows are those of a query
            }
            Some(data_of(project, context, &def.name.text, table, given).map(move |data| (def, table, data)).boxed())
        }
        TableKind::Derived(_) => None,
    });
    // Files elsewhere take their time: several tables are looked for at once.
    let looked: Vec<_> = futures::stream::iter(looks.collect::<Vec<_>>()).buffered(AT_ONCE).collect().await;
    for (def, table, data) in looked {
        found.take(def, table, data);
    }
    found
}

/// The data of a table with its columns; none: nothing says where it is.
async fn data_of(
    project: &Project,
    context: &SessionContext,
    name: &str,
    table: &SourceTable,
    given: Option<&Arc<dyn TableProvider>>,
) -> Result<Option<(Source, TableSchema)>, Problem> {
    let provider = match (given, &table.source) {
        (Some(provider), _) => Some(Arc::clone(provider)),
        (None, Some(source)) => return open(project, context, table, &source.value).await.map(Some),
        (None, None) => context.table_provider(name).await.ok(),
    };
    Ok(provider.map(|provider| {
        let schema = types::schema(&provider.schema());
        (Source::Given(provider), schema)
    }))
}

impl Found {
    /// Nothing but tables that are handed over, by name, for a project that has been checked.
    pub(super) fn given(tables: HashMap<String, Arc<dyn TableProvider>>) -> Self {
        let bound = tables.into_iter().map(|(name, provider)| (name, Bound::Given(provider)));
        Found { bound: bound.collect(), ..Found::default() }
    }

    /// Takes down what was found of a table.
    fn take(&mut self, def: &TableDef, table: &SourceTable, data: Result<Option<(Source, TableSchema)>, Problem>) {
        let name = &def.name.text;
        let told = |message: String| {
            let span = table.source.as_ref().map(|source| source.span).unwrap_or(def.name.span);
            Diagnostic::new(Code::SourceUnreadable, span, message)
        };
        match data {
            Ok(None) => {}
            Ok(Some((data, schema))) => {
                self.schemas.insert(name, schema);
                self.sources.insert(name.clone(), data);
            }
            Err(Problem::Missing(message)) => {
                let elsewhere = table.source.as_ref().is_some_and(|source| source.value.contains("://"));
                let help = match elsewhere {
                    true => "look at the path after the name of the bucket: capitals count",
                    false => "paths are relative to the directory of the catalogue",
                };
                self.missing.insert(name.clone(), told(message).help(help));
            }
            Err(Problem::Broken(problems)) => {
                self.broken.extend(problems.into_iter().map(|(message, help)| told(message).help(help)));
            }
        }
    }

    /// Takes down the columns of a table by SQL, if nobody has handed its rows over.
    pub(super) fn queried(&mut self, table: &str, schema: TableSchema) {
        if !self.sources.contains_key(table) {
            self.schemas.insert(table, schema);
        }
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

    /// Looks for optimized copies of the tables that have types by now.
    pub(super) async fn look_for_copies(&mut self, project: &Project, context: &SessionContext) {
        let Some(directory) = project.directory() else { return };
        for (table, bound) in &self.bound {
            if let Some(copy) = copies::look(directory, context, table, bound).await {
                self.copies.insert(table.clone(), copy);
            }
        }
    }

    /// Whether a table has an optimized copy, and whether that is as fresh as its files.
    pub(super) fn copy_of(&self, table: &str) -> Option<bool> {
        self.copies.get(table).map(|copy| matches!(copy, Copy::Fresh(_)))
    }

    /// The optimized copy of a table, if it is as fresh as its files.
    pub(super) fn fresh_copy(&self, table: &str) -> Option<Arc<dyn TableProvider>> {
        match self.copies.get(table) {
            Some(Copy::Fresh(copy)) => Some(Arc::clone(copy) as Arc<dyn TableProvider>),
            _ => None,
        }
    }

    /// What an optimized copy of a table would be made of; none: it has no files.
    pub(super) fn made_of(&self, table: &BaseTable) -> Option<String> {
        copies::made_of(self.bound.get(&table.name)?)
    }

    /// The rows of a table, from its optimized copy if that is fresh.
    pub(super) fn provider(&self, table: &BaseTable) -> Option<Arc<dyn TableProvider>> {
        self.fresh_copy(&table.name).or_else(|| self.original(table))
    }

    /// The rows of a table from where the catalogue says that they are.
    pub(super) fn original(&self, table: &BaseTable) -> Option<Arc<dyn TableProvider>> {
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

    /// A file, or what should lead to files, that its store does not give.
    fn refused(address: &str, error: &object_store::Error) -> Self {
        let refusal = Refusal::of(error, address);
        Problem::broken(format!("`{address}` cannot be read: {}", refusal.reason), refusal.help)
    }

    /// A file that cannot be read because of its store, if an error is such a one.
    fn refused_behind(address: &str, error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let refusal = Refusal::behind(error, address)?;
        Some(Problem::broken(format!("`{address}` cannot be read: {}", refusal.reason), refusal.help))
    }

    /// The one thing that is wrong.
    fn into_pair(self) -> (String, String) {
        match self {
            Problem::Missing(message) => (message, String::new()),
            Problem::Broken(mut problems) => problems.pop().unwrap_or_default(),
        }
    }
}

/// The columns that a catalogue declares, by the data's names, and whether they hold lists.
fn declared_columns(table: &SourceTable) -> impl Iterator<Item = (&str, bool)> {
    table.types.iter().map(|(ours, ty)| {
        let renamed = table.rename.iter().find(|(name, _)| name.text == ours.text);
        let theirs = renamed.map_or(ours.text.as_str(), |(_, theirs)| theirs.value.as_str());
        (theirs, ty.value == ColumnType::TextList)
    })
}

async fn open(
    project: &Project,
    context: &SessionContext,
    table: &SourceTable,
    source: &str,
) -> Result<(Source, TableSchema), Problem> {
    let located = location::locate(project.directory(), context, source).await?;
    let format = format::of(&located.files, table.format.as_ref().map(|format| format.value))?;
    let usual = project.catalog().map(|catalog| catalog.timezone).unwrap_or(chrono_tz::UTC);
    let zone = table.timezone.unwrap_or(usual);
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
