//! Where rows come from: Parquet and CSV files, single, by pattern or by directory, and tables handed over.

mod csv;
mod files;
mod types;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::execution::context::SessionContext;

use crate::catalog::model::{SourceTable, TableKind};
use crate::check::{Schemas, TableSchema};
use crate::diagnostic::{Code, Diagnostic};
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
    pub(super) providers: HashMap<String, Arc<dyn TableProvider>>,
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
            found.add(name, Arc::clone(provider));
            continue;
        }
        match &table.source {
            None => {
                if let Ok(provider) = context.table_provider(name.as_str()).await {
                    found.add(name, provider);
                }
            }
            Some(source) => match open(project, context, table, &source.value).await {
                Ok((provider, schema)) => {
                    found.schemas.insert(name, schema);
                    found.providers.insert(name.clone(), provider);
                }
                Err(Problem::Missing(message)) => {
                    let diagnostic = Diagnostic::new(Code::SourceUnreadable, source.span, message);
                    let help = "paths are relative to the directory of the catalogue";
                    found.missing.insert(name.clone(), diagnostic.help(help));
                }
                Err(Problem::Broken(message, help)) => {
                    found.broken.push(Diagnostic::new(Code::SourceUnreadable, source.span, message).help(help));
                }
            },
        }
    }
    found
}

impl Found {
    fn add(&mut self, name: &str, provider: Arc<dyn TableProvider>) {
        self.schemas.insert(name, types::schema(&provider.schema()));
        self.providers.insert(name.to_owned(), provider);
    }
}

/// Why a source gives no table.
enum Problem {
    /// Nothing is there.
    Missing(String),
    /// What is there cannot be read: what is wrong, and what to do.
    Broken(String, String),
}

async fn open(
    project: &Project,
    context: &SessionContext,
    table: &SourceTable,
    source: &str,
) -> Result<(Arc<dyn TableProvider>, TableSchema), Problem> {
    let files = files::resolve(project.directory(), source)?;
    let declared = table.format.as_ref().map(|format| format.value);
    match files::format(&files, declared)? {
        files::Format::Parquet => {
            let provider = files::parquet(context, &files).await?;
            let schema = types::schema(&provider.schema());
            Ok((provider, schema))
        }
        files::Format::Csv => csv::open(context, files).await,
    }
}
