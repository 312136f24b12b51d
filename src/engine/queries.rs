//! Tables by SQL: their queries planned by DataFusion, over other tables as they are up to T.
//!
//! A query sees tables of the catalogue by name, and nothing else: no table of the session, no file. When a project is
//! opened it is planned over tables without rows, so that its mistakes and the types of its columns are known; when it is
//! asked, over views of the tables at T. Its answer is data like any other from there on.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use datafusion::arrow::datatypes::{Field, Schema};
use datafusion::catalog::TableProvider;
use datafusion::catalog::view::ViewTable;
use datafusion::common::TableReference;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::datasource::empty::EmptyTable;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::context::{SessionContext, SessionState};
use datafusion::logical_expr::{Expr, LogicalPlan, Volatility};

use super::kernel::calendar::Calendar;
use super::source::{Found, types};
use super::{Engine, Error};
use crate::check::{Checked, TableSchema};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{BaseTableId, Ir, SqlTable, read_by_sql};
use crate::plan::{Lowering, Prepared, identify, queried_columns, ratios};
use crate::project::Project;

impl Found {
    /// Checks a project against what was found of its data, the queries of tables by SQL included.
    pub async fn check(&mut self, project: &Project, context: &SessionContext) -> Checked {
        let checked = project.check(&self.schemas);
        let Some(ir) = checked.ir.as_ref().filter(|ir| !ir.sql.is_empty()) else { return checked };
        // What a query gives is known when what it reads is.
        let (schemas, findings) = looked_at(ir, &context.state()).await;
        for (name, schema) in schemas {
            self.queried(&name, schema);
        }
        let mut checked = project.check(&self.schemas);
        if !findings.is_empty() {
            checked.ir = None;
            checked.diagnostics.extend(findings);
        }
        checked
    }
}

/// Plans every query of a checked project over tables without rows: the declared columns of each, by the table's name, or
/// what is wrong with it.
async fn looked_at(ir: &Ir, state: &SessionState) -> (Vec<(String, TableSchema)>, Vec<Diagnostic>) {
    let (mut schemas, mut findings) = (Vec::new(), Vec::new());
    for sql in &ir.sql {
        let tables = sql.reads.iter().map(|(name, table)| {
            let columns = queried_columns(ir, *table).into_iter();
            let fields: Vec<Field> = columns.map(|(name, _, ty)| Field::new(name, ty, true)).collect();
            (name.as_str(), Arc::new(EmptyTable::new(Arc::new(Schema::new(fields)))) as Arc<dyn TableProvider>)
        });
        match planned(sql, state, tables).await {
            Ok(plan) => {
                findings.extend(changing(ir, sql, &plan));
                let table = ir.base_table(sql.base);
                let mut schema = types::schema(plan.schema().inner());
                schema.columns.retain(|found| table.columns.iter().any(|declared| declared.name == found.name));
                schemas.push((table.name.clone(), schema));
            }
            Err(error) => findings.push(refused(ir, sql, &error)),
        }
    }
    (schemas, findings)
}

/// The plan of a query over these tables.
async fn planned<'t>(
    sql: &SqlTable,
    state: &SessionState,
    tables: impl Iterator<Item = (&'t str, Arc<dyn TableProvider>)>,
) -> Result<LogicalPlan, DataFusionError> {
    let mut config = state.config().clone();
    // A number with a point is exact.
    config.options_mut().sql_parser.parse_float_as_decimal = true;
    let own = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(Arc::clone(state.runtime_env()))
        .with_default_features()
        .build();
    let context = SessionContext::new_with_state(own);
    for (name, table) in tables {
        context.register_table(TableReference::bare(name), table)?;
    }
    context.state().create_logical_plan(&sql.text).await
}

/// Functions of a query whose value changes although the rows do not.
fn changing(ir: &Ir, sql: &SqlTable, plan: &LogicalPlan) -> Vec<Diagnostic> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut look = |expr: &Expr| {
        let changing = match expr {
            Expr::ScalarFunction(call) => {
                (call.func.signature().volatility != Volatility::Immutable).then(|| call.func.name())
            }
            Expr::AggregateFunction(call) => {
                (call.func.signature().volatility != Volatility::Immutable).then(|| call.func.name())
            }
            _ => None,
        };
        names.extend(changing.map(str::to_owned));
        Ok(TreeNodeRecursion::Continue)
    };
    // The walk itself cannot fail.
    let _ = plan.apply_with_subqueries(|node| node.apply_expressions(|expr| expr.apply(&mut look)));
    let table = &ir.base_table(sql.base).name;
    let finding = |name: String| {
        let message = format!("`{name}` gives `{table}` other rows whenever it is asked");
        Diagnostic::new(Code::WrongKind, sql.span, message).help(
            "a table rests on the rows of others alone: leave it out, or compare times in the rules, as in `over 90d`",
        )
    };
    names.into_iter().map(finding).collect()
}

/// Why a query cannot be planned.
fn refused(ir: &Ir, sql: &SqlTable, error: &DataFusionError) -> Diagnostic {
    let reason = error.strip_backtrace();
    let reason = reason.lines().next().unwrap_or_default();
    let reason = ["Error during planning: ", "Schema error: ", "This feature is not implemented: "]
        .iter()
        .find_map(|kind| reason.strip_prefix(kind))
        .unwrap_or(reason);
    let message = format!("the query of `{}` cannot be planned: {reason}", ir.base_table(sql.base).name);
    let finding = Diagnostic::new(Code::Syntax, sql.span, message);
    let named = sql.reads.iter().flat_map(|(_, table)| ratios(ir, *table));
    match named.into_iter().find(|name| reason.contains(name.as_str())) {
        Some(ratio) => finding.help(format!(
            "`{ratio}` is a ratio, which SQL has no exact numbers for: round it where it is made, as in `round(…, 4)`"
        )),
        None => finding.help("it sees the tables of the catalogue, their columns by name, and `at`, the time of a row"),
    }
}

impl Engine {
    /// Gives tables by SQL their rows at an instant, after those that they read; these are prepared, or by SQL too. What is
    /// wrong with their row ids is handed over.
    ///
    /// # Errors
    /// DataFusion fails.
    pub(super) async fn prepare_queries(
        &self,
        needed: &BTreeSet<BaseTableId>,
        calendar: &Calendar,
        prepared: &mut HashMap<BaseTableId, Prepared>,
    ) -> Result<Vec<Diagnostic>, Error> {
        let mut conflicts = Vec::new();
        let mut left: Vec<&SqlTable> = self.ir.sql.iter().filter(|sql| needed.contains(&sql.base)).collect();
        left.retain(|sql| !prepared.contains_key(&sql.base));
        while !left.is_empty() {
            let at_hand = |sql: &&SqlTable| read_by_sql(&self.ir, sql).iter().all(|base| prepared.contains_key(base));
            let (now, later): (Vec<&SqlTable>, Vec<&SqlTable>) = left.into_iter().partition(at_hand);
            if now.is_empty() {
                break; // what they read is missing, and that has been said
            }
            for sql in now {
                let table = self.ir.base_table(sql.base);
                let provider = self.view(sql, calendar, prepared).await?;
                match identify(&self.state, &provider, table).await? {
                    Ok((identity, unknown_ids)) => {
                        prepared.insert(sql.base, Prepared { provider, identity, unknown_ids });
                    }
                    Err(conflict) => {
                        conflicts.push(self.conflicting(&table.name, table.version.is_some(), &conflict.examples));
                    }
                }
            }
            left = later;
            if !conflicts.is_empty() {
                break;
            }
        }
        Ok(conflicts)
    }

    async fn view(
        &self,
        sql: &SqlTable,
        calendar: &Calendar,
        prepared: &HashMap<BaseTableId, Prepared>,
    ) -> Result<Arc<dyn TableProvider>, Error> {
        let mut tables: Vec<(&str, Arc<dyn TableProvider>)> = Vec::new();
        for (name, table) in &sql.reads {
            let plan = Lowering::new(&self.ir, calendar.clone(), prepared).queried(*table)?;
            tables.push((name, Arc::new(ViewTable::new(plan, None))));
        }
        let plan = planned(sql, &self.state, tables.into_iter()).await?;
        Ok(Arc::new(ViewTable::new(plan, Some(sql.text.clone()))))
    }
}
