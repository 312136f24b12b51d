//! What is wrong with the rows of a table, and where.
//!
//! Evaluation reads fast and stops at the first thing that it cannot read. Who wants to know everything, with places,
//! reads the table once more, file by file: rarely, and at leisure.

use std::sync::{Arc, Mutex};

use datafusion::catalog::TableProvider;
use datafusion::datasource::provider_as_source;
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::SessionConfig;
use futures::StreamExt;

use super::columnar::problem;
use super::fault::{Gathered, Problem, RowFault};
use super::{Bound, Found};
use crate::engine::read::{Converter, fallible};
use crate::ir::BaseTable;

impl Found {
    /// Reads a whole table and hands over, row by row, what is wrong with it, in the order of files and rows. Not
    /// thorough: of formats with types only the columns whose values may be unreadable.
    pub(in super::super) async fn inspect(
        &self,
        state: &SessionState,
        table: &BaseTable,
        thorough: bool,
        mut found: impl FnMut(&[RowFault]) + Send + 'static,
    ) {
        match self.bound.get(&table.name) {
            None => {}
            Some(Bound::Text(text)) => text.inspect(found).await,
            Some(Bound::Given(provider)) => {
                let provider = Arc::clone(provider);
                rows(state, table, provider, None, thorough, &mut found).await;
            }
            Some(Bound::Columnar(files)) => {
                for (at, file) in files.located.files.iter().enumerate() {
                    let Some(only) = files.only(at) else { continue };
                    let name = Some(Arc::from(file.shown.as_str()));
                    rows(state, table, Arc::new(only), name, thorough, &mut found).await;
                }
            }
        }
    }

    /// What is wrong with a table, gathered.
    pub(in super::super) async fn gather(&self, state: &SessionState, table: &BaseTable, thorough: bool) -> Gathered {
        let gathered = Arc::new(Mutex::new(Gathered::default()));
        let into = Arc::clone(&gathered);
        self.inspect(state, table, thorough, move |faults| {
            into.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).row(faults);
        })
        .await;
        let gathered = gathered.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        gathered.clone()
    }
}

/// Reads one table of typed columns in its order, and tries every value that may be unreadable.
async fn rows(
    state: &SessionState,
    table: &BaseTable,
    provider: Arc<dyn TableProvider>,
    file: Option<Arc<str>>,
    thorough: bool,
    found: &mut impl FnMut(&[RowFault]),
) {
    let schema = provider.schema();
    let numbered = file.is_some();
    let fault = |row: Option<u64>, problem| RowFault {
        file: file.clone(),
        row: row.filter(|_| numbered),
        lines: false,
        column: None,
        value: None,
        problem,
    };
    let Ok(columns) = fallible(table, &schema) else { return };
    let kinds: Vec<_> = columns.iter().map(|(_, converter)| converter.kind()).collect();
    let mut positions: Vec<usize> = columns.iter().filter_map(|(source, _)| schema.index_of(source).ok()).collect();
    if thorough {
        // A file may be damaged where its values are sound by their type.
        let others = (0..schema.fields().len()).filter(|at| !positions.contains(at));
        positions.extend(others.collect::<Vec<_>>());
    } else if positions.is_empty() {
        return;
    }
    let converters: Vec<&Converter> = columns.iter().map(|(_, converter)| converter).collect();
    let address = file.as_deref().unwrap_or_default();
    let mut before = 0_u64;
    let mut stream = match in_order(state, provider, positions).await {
        Ok(stream) => stream,
        Err(error) => return found(&[fault(None, problem(&error, address))]),
    };
    while let Some(batch) = stream.next().await {
        let batch = match batch {
            Ok(batch) => batch,
            Err(error) => return found(&[fault(Some(before + 1), problem(&error, address))]),
        };
        let mut bad: std::collections::BTreeMap<usize, Vec<RowFault>> = std::collections::BTreeMap::new();
        for ((converter, kind), array) in converters.iter().zip(&kinds).zip(batch.columns()) {
            for (row, value) in converter.bad_rows(array).unwrap_or_default() {
                bad.entry(row).or_default().push(RowFault {
                    column: Some(converter.column().to_owned()),
                    value: Some(value),
                    ..fault(Some(before + row as u64 + 1), Problem::NotA(*kind))
                });
            }
        }
        bad.values().for_each(|faults| found(faults));
        before += batch.num_rows() as u64;
    }
}

/// The rows of a table in its order, by one thread.
///
/// # Errors
/// It cannot be read.
pub(super) async fn in_order(
    state: &SessionState,
    provider: Arc<dyn TableProvider>,
    columns: Vec<usize>,
) -> datafusion::error::Result<datafusion::execution::SendableRecordBatchStream> {
    let plan = LogicalPlanBuilder::scan("rows", provider_as_source(provider), Some(columns))?.build()?;
    let config = SessionConfig::from(state.config_options().as_ref().clone()).with_target_partitions(1);
    let context = datafusion::prelude::SessionContext::new_with_config_rt(config, Arc::clone(state.runtime_env()));
    crate::plan::run(&context.state(), &plan).await
}
