//! Row ids: equal rows of one id count once, of unequal ones the greatest version is the row.

mod distinct;

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::catalog::TableProvider;
use datafusion::common::{Column, Result};
use datafusion::datasource::provider_as_source;
use datafusion::execution::context::SessionState;
use datafusion::functions_aggregate::expr_fn::{count, max};
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{Expr, ExprFunctionExt, JoinType, LogicalPlan, LogicalPlanBuilder, lit};
use futures::TryStreamExt;

use crate::engine::read::{every_column, readable};
use crate::ir::BaseTable;

/// How many examples an error gives.
const EXAMPLES: usize = 5;

/// What is known of a table's row ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// No id is declared, or no id occurs twice: the rows are as they stand.
    Unique,
    /// Some ids occur twice, and the rows that share one are equal or differ in version.
    Repeated,
}

/// Rows that cannot all be: examples of keys, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// A few of the keys.
    pub examples: Vec<String>,
}

fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

/// A table's rows as the language reads them: `10` is a greater version than `9` also where both are text in a file.
struct Rows<'a> {
    provider: &'a Arc<dyn TableProvider>,
    table: &'a BaseTable,
}

impl Rows<'_> {
    fn scan(&self) -> Result<LogicalPlanBuilder> {
        let schema = self.provider.schema();
        let mut scan = LogicalPlanBuilder::scan("rows", provider_as_source(Arc::clone(self.provider)), None)?;
        if let Some(readable) = readable(self.table, &schema)? {
            scan = scan.filter(readable)?;
        }
        scan.project(every_column(self.table, &schema)?)
    }

    fn names(&self, positions: impl IntoIterator<Item = u32>) -> Vec<String> {
        let name = |at: u32| self.table.columns.get(at as usize).map(|column| column.name.clone());
        positions.into_iter().filter_map(name).collect()
    }
}

fn known(names: &[String]) -> Expr {
    names.iter().map(|name| column(name).is_not_null()).reduce(Expr::and).unwrap_or_else(|| lit(true))
}

/// Keys that occur more than once, with how often.
fn repeated(input: LogicalPlanBuilder, key: &[String]) -> Result<LogicalPlanBuilder> {
    let groups: Vec<Expr> = key.iter().map(|name| column(name)).collect();
    input
        .filter(known(key))?
        .aggregate(groups, vec![count(lit(1_i64)).alias("kohort_times")])?
        .filter(column("kohort_times").gt(lit(1_i64)))
}

async fn run(state: &SessionState, plan: LogicalPlan) -> Result<Vec<RecordBatch>> {
    super::run(state, &plan).await?.try_collect().await
}

/// Looks whether ids occur twice, whether the rows that share one can be told apart, and whether some are unknown.
pub(crate) async fn identify(
    state: &SessionState,
    provider: &Arc<dyn TableProvider>,
    table: &BaseTable,
) -> Result<std::result::Result<(Identity, bool), Conflict>> {
    let rows = Rows { provider, table };
    let id = &rows.names(table.id.iter().copied());
    if id.is_empty() {
        return Ok(Ok((Identity::Unique, false)));
    }
    let unidentified = id.iter().map(|name| column(name).is_null()).reduce(Expr::or).unwrap_or_else(|| lit(false));
    let unknown = run(state, rows.scan()?.filter(unidentified)?.limit(0, Some(1))?.build()?).await?;
    let unknown = unknown.iter().any(|batch| batch.num_rows() > 0);
    let narrow = rows.scan()?.project(id.iter().map(|name| column(name)).collect::<Vec<_>>())?;
    if let [only] = id.as_slice()
        && let Some(true) = distinct::whole_numbers(state, &narrow.clone().build()?, only).await?
    {
        return Ok(Ok((Identity::Unique, unknown)));
    }
    let found = run(state, repeated(narrow, id)?.limit(0, Some(1))?.build()?).await?;
    if found.iter().all(|batch| batch.num_rows() == 0) {
        return Ok(Ok((Identity::Unique, unknown)));
    }
    let conflicts = run(state, conflicts(&rows, id)?).await?;
    let examples = examples(&conflicts, id.len())?;
    if !examples.is_empty() {
        return Ok(Err(Conflict { examples }));
    }
    Ok(Ok((Identity::Repeated, unknown)))
}

/// Ids with unequal rows, of the greatest version where there is one.
fn conflicts(table: &Rows<'_>, id: &[String]) -> Result<LogicalPlan> {
    let mut rows = table.scan()?.filter(known(id))?;
    let all: Vec<Expr> = rows.schema().columns().into_iter().map(Expr::Column).collect();
    if let Some(version) = &table.names(table.table.version).pop() {
        let groups: Vec<Expr> =
            id.iter().enumerate().map(|(at, name)| column(name).alias(format!("kohort_id{at}"))).collect();
        let newest = table
            .scan()?
            .filter(known(id))?
            .aggregate(groups, vec![max(column(version)).alias("kohort_newest")])?
            .build()?;
        let right: Vec<Column> = (0..id.len()).map(|at| Column::new_unqualified(format!("kohort_id{at}"))).collect();
        let left: Vec<Column> = id.iter().map(Column::new_unqualified).collect();
        let same = column(version).eq(column("kohort_newest"));
        let both_unknown = column(version).is_null().and(column("kohort_newest").is_null());
        rows = rows.join(newest, JoinType::Inner, (left, right), None)?.filter(same.or(both_unknown))?;
    }
    let distinct = rows.project(all)?.distinct()?;
    repeated(distinct, id)?.limit(0, Some(EXAMPLES))?.build()
}

/// Keys that occur more than once among the rows of a plan.
pub(crate) async fn repeated_keys(state: &SessionState, plan: LogicalPlan, key: &[String]) -> Result<Vec<String>> {
    if let [only] = key
        && let Some(true) = distinct::whole_numbers(state, &plan, only).await?
    {
        return Ok(Vec::new());
    }
    let plan = repeated(LogicalPlanBuilder::from(plan), key)?.limit(0, Some(EXAMPLES))?.build()?;
    let stream = super::run(state, &plan).await?;
    let found: Vec<RecordBatch> = futures::TryStreamExt::try_collect(stream).await?;
    examples(&found, key.len())
}

fn examples(batches: &[RecordBatch], width: usize) -> Result<Vec<String>> {
    let mut examples = Vec::new();
    for batch in batches {
        examples.extend(keys_as_text(batch.columns().get(..width).unwrap_or_default())?);
    }
    examples.sort();
    examples.truncate(EXAMPLES);
    Ok(examples)
}

/// The keys of rows as messages tell them.
pub(crate) fn keys_as_text(columns: &[ArrayRef]) -> Result<Vec<String>> {
    let options = FormatOptions::default();
    let formatters = columns.iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options));
    let formatters = formatters.collect::<std::result::Result<Vec<_>, _>>()?;
    let rows = columns.first().map_or(0, |column| column.len());
    let text = |row: usize| formatters.iter().map(|part| part.value(row).to_string()).collect::<Vec<_>>().join(", ");
    Ok((0..rows).map(text).collect())
}

/// Of rows that share an id the one with the greatest version; `id` and `version` are columns of the input.
pub(crate) fn newest(input: LogicalPlanBuilder, id: &[String], version: Option<&String>) -> Result<LogicalPlanBuilder> {
    let all: Vec<Expr> = input.schema().columns().into_iter().map(Expr::Column).collect();
    let partition: Vec<Expr> = id.iter().map(|name| column(name)).collect();
    // Without a version these rows are equal, for conflicts have been refused: any of them is the row.
    let order = match version {
        Some(version) => vec![column(version).sort(false, false)],
        None => partition.iter().map(|part| part.clone().sort(true, false)).collect(),
    };
    let number = row_number().partition_by(partition).order_by(order).build()?.alias("kohort_row");
    let unidentified = id.iter().map(|name| column(name).is_null()).reduce(Expr::or).unwrap_or_else(|| lit(false));
    input.window(vec![number])?.filter(column("kohort_row").eq(lit(1_u64)).or(unidentified))?.project(all)
}
