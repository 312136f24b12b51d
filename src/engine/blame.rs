//! What is wrong with the data when an evaluation fails.
//!
//! The fast path stops at the first value that it cannot read, and knows no place. Then the tables are read once more,
//! slowly, and everything is told at once: which values, in which file, on which line.

use std::error::Error as StdError;
use std::sync::Arc;

use datafusion::arrow::error::ArrowError;
use datafusion::catalog::TableProvider;
use datafusion::datasource::provider_as_source;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::parquet::errors::ParquetError;
use futures::TryStreamExt;

use super::read::{BadValue, bad_value};
use super::report::Skipped;
use super::source::{Found, RowFault};
use super::{AsOf, Engine, Error};
use crate::catalog::model::{SourceTable, TableDef, TableKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{BaseTableId, Ir};
use crate::plan::{RepeatedSubject, run};
use crate::project::Project;

/// The tables of an evaluation.
#[derive(Clone)]
pub(super) struct Blame {
    pub project: Arc<Project>,
    pub ir: Arc<Ir>,
    pub state: SessionState,
    pub found: Arc<Found>,
    pub tables: Vec<BaseTableId>,
    /// T and the clock, where segments were asked for.
    pub asked: Option<(AsOf, AsOf)>,
}

impl Blame {
    /// The error as somebody with the data understands it.
    pub async fn told(&self, error: Error) -> Error {
        let Error::Engine(error) = error else { return error };
        if RepeatedSubject::is_behind(&error) {
            return self.repeated_subjects().await.unwrap_or(Error::Engine(error));
        }
        if !is_about_data(&error) {
            return Error::Engine(error);
        }
        let mut diagnostics = Vec::new();
        for base in &self.tables {
            let table = self.ir.base_table(*base);
            let Some((def, source)) = self.definition(&table.name) else { continue };
            let gathered = self.found.gather(&self.state, table, true).await;
            diagnostics.extend(gathered.errors(def, source));
        }
        if diagnostics.is_empty() {
            // Rows handed over may come out differently each time.
            diagnostics.extend(bad_value(&error).map(|bad| self.without_place(bad)));
        }
        if diagnostics.is_empty() {
            diagnostics.extend(self.damaged_copies().await);
        }
        if diagnostics.is_empty() { Error::Engine(error) } else { Error::Data { diagnostics } }
    }

    /// The optimized copies that cannot be read to their end, where the files are sound.
    async fn damaged_copies(&self) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for base in &self.tables {
            let table = &self.ir.base_table(*base).name;
            let Some((def, _)) = self.definition(table) else { continue };
            let Some(copy) = self.found.fresh_copy(table) else { continue };
            let Err(error) = self.read_to_the_end(table, copy).await else { continue };
            let reason = error.find_root().strip_backtrace();
            let message = format!("`{table}` cannot be read from its optimized copy: {reason}");
            let help =
                "make the copy anew with `kohort optimize`, or take it away with `--remove`: the files are sound";
            diagnostics.push(Diagnostic::new(Code::SourceUnreadable, def.name.span, message).help(help));
        }
        diagnostics
    }

    async fn read_to_the_end(&self, table: &str, rows: Arc<dyn TableProvider>) -> Result<(), DataFusionError> {
        let plan = LogicalPlanBuilder::scan(table, provider_as_source(rows), None)?.build()?;
        let mut rows = run(&self.state, &plan).await?;
        while rows.try_next().await?.is_some() {}
        Ok(())
    }

    /// Whose rows are several, and where.
    async fn repeated_subjects(&self) -> Option<Error> {
        let (as_of, clock) = self.asked?;
        let engine = Engine::of_blame(self);
        let query = engine.query(as_of).if_nothing_comes_until(clock);
        Box::pin(query.ready_with(&self.tables.iter().copied().collect())).await.err()
    }

    /// What is left out of the tables that leave out what cannot be read.
    ///
    /// # Errors
    /// A file breaks off: that is more than a row.
    pub async fn skipped(&self) -> Result<Vec<Skipped>, Error> {
        let mut skipped = Vec::new();
        let mut diagnostics = Vec::new();
        for base in &self.tables {
            let table = self.ir.base_table(*base);
            let Some((def, source)) = self.definition(&table.name).filter(|_| table.skips_bad_rows) else { continue };
            let gathered = self.found.gather(&self.state, table, false).await;
            diagnostics.extend(gathered.errors(def, source));
            if gathered.rows > 0 {
                skipped.push(Skipped {
                    table: table.name.clone(),
                    rows: gathered.rows,
                    reasons: gathered.messages(def, source),
                });
            }
        }
        if diagnostics.is_empty() { Ok(skipped) } else { Err(Error::Data { diagnostics }) }
    }

    fn definition(&self, table: &str) -> Option<(&TableDef, &SourceTable)> {
        let def = self.project.catalog()?.tables.iter().find(|def| def.name.text == table)?;
        match &def.kind {
            TableKind::Source(source) => Some((def, source)),
            TableKind::Derived(_) => None,
        }
    }

    fn without_place(&self, bad: &BadValue) -> Diagnostic {
        let none = crate::source::Span::new(crate::source::FileId(0), 0, 0);
        let span = self.definition(&bad.table).map_or(none, |(def, _)| def.name.span);
        let help = format!("correct the data, or declare what `{}` holds", bad.column);
        Diagnostic::new(Code::UnreadableValue, span, bad.to_string()).help(help)
    }
}

/// Whether an error can come from what is in the data, rather than from memory or plans.
fn is_about_data(error: &DataFusionError) -> bool {
    let mut source: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = source {
        let direct = error.is::<RowFault>()
            || error.is::<BadValue>()
            || error.is::<ParquetError>()
            || error.is::<ArrowError>()
            || error.is::<object_store::Error>()
            || error.is::<std::io::Error>();
        if direct {
            return true;
        }
        source = match error.downcast_ref::<DataFusionError>() {
            Some(DataFusionError::External(inner)) => Some(inner.as_ref()),
            Some(DataFusionError::ArrowError(..) | DataFusionError::ParquetError(_)) => return true,
            Some(DataFusionError::ObjectStore(_) | DataFusionError::IoError(_)) => return true,
            Some(DataFusionError::Shared(inner)) => Some(inner.as_ref()),
            _ => error.source(),
        };
    }
    false
}
