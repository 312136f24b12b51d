//! Rows for a survey: what a table holds, when it happened and whose it is, whether or not rules would see it.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Column, DataFusionError, Result, TableReference};
use datafusion::datasource::provider_as_source;
use datafusion::functions_aggregate::expr_fn::{count, max, min};
use datafusion::logical_expr::{Expr, ExprFunctionExt, JoinType, LogicalPlan, LogicalPlanBuilder, lit};

use super::{Request, Under, Wanted, column};
use crate::engine::kernel::form::Form;
use crate::engine::read::{read, readable};
use crate::ir::{BaseTableId, NodeId, SubjectId, TableId};
use crate::plan::{Identity, Lowering, identity};

/// What a census asks of a table's rows.
pub(crate) struct CensusOf {
    /// The table.
    pub table: TableId,
    /// When its rows happened, if that is asked.
    pub time: Option<NodeId>,
    /// The kinds of subject whose keys are looked at, each with the key of a row.
    pub kinds: Vec<(SubjectId, Vec<NodeId>)>,
}

/// A key of rows in a plan: its columns, and the column that is null where the subject table lacks it.
struct Keyed {
    keys: Vec<String>,
    found: Option<String>,
}

impl Lowering<'_> {
    /// Every row of a base table with every column, in the order of the data: those that the language can use as it
    /// reads them, the others as they are. Of rows that share an id the one that counts.
    pub(crate) fn whole_rows(&mut self, base: BaseTableId) -> Result<LogicalPlan> {
        let ir = std::sync::Arc::clone(self.ir);
        let table = ir.base_table(base);
        let prepared = self.tables.get(&base).ok_or_else(|| no_data(&table.name))?;
        let schema = prepared.provider.schema();
        let source = provider_as_source(std::sync::Arc::clone(&prepared.provider));
        let repeated = matches!(prepared.identity, Identity::Repeated);
        let mut columns = Vec::new();
        let mut named = Vec::new();
        for declared in &table.columns {
            let expr = match declared.kind {
                Some(_) => read(table, declared, &schema)?,
                None => column(&declared.source_name),
            };
            let name = self.name(&declared.name);
            columns.push(expr.alias(&name));
            named.push(name);
        }
        if columns.is_empty() {
            columns.push(lit(true).alias(self.name("row")));
        }
        let mut plan = LogicalPlanBuilder::scan(TableReference::bare(table.name.clone()), source, None)?;
        if let Some(readable) = readable(table, &schema)? {
            plan = plan.filter(readable)?;
        }
        let mut plan = plan.project(columns)?;
        if repeated {
            let at = |position: u32| named.get(position as usize).cloned();
            let id: Vec<String> = table.id.iter().filter_map(|position| at(*position)).collect();
            plan = identity::newest(plan, &id, table.version.and_then(at).as_ref())?;
        }
        plan.build()
    }

    /// These values of the rows of a table that exist at T.
    pub(crate) fn table_rows(&mut self, table: TableId, values: &[NodeId]) -> Result<LogicalPlan> {
        let outputs = values.iter().map(|value| (self.name("value"), Wanted::Value(*value))).collect();
        self.existing_rows(table, outputs)
    }

    fn existing_rows(&mut self, table: TableId, outputs: Vec<(String, Wanted)>) -> Result<LogicalPlan> {
        let ir = std::sync::Arc::clone(self.ir);
        let table = ir.table(table);
        self.rows(table.rows, Request { outputs, filter: table.filter, bounds: None, report: false })
    }

    /// One row of counts: rows, rows of known time, the first time and the last; then for each kind the rows without a
    /// key, and those whose key the subject table lacks. Of a base table every row is counted, of a derived one those
    /// that exist at T.
    pub(crate) fn census(&mut self, of: &CensusOf) -> Result<LogicalPlan> {
        let ir = std::sync::Arc::clone(self.ir);
        let (plan, time, kinds) = match ir.is_base(of.table) {
            true => self.base_census(of)?,
            false => self.derived_census(of)?,
        };
        let mut under = plan;
        let mut counts = vec![count(lit(1_i64))];
        if let Some(time) = &time {
            counts.extend([count(column(time)), min(column(time)), max(column(time))]);
        }
        for ((subject, _), mut keyed) in of.kinds.iter().zip(kinds) {
            (under, keyed.found) = self.beside_subjects(under, *subject, &keyed.keys)?;
            let parts = || keyed.keys.iter().map(column);
            let anonymous = parts().map(Expr::is_null).reduce(Expr::or).unwrap_or_else(|| lit(false));
            let known = parts().map(Expr::is_not_null).reduce(Expr::and).unwrap_or_else(|| lit(true));
            let orphan = keyed.found.as_ref().map_or_else(|| lit(false), |found| known.and(column(found).is_null()));
            for condition in [anonymous, orphan] {
                counts.push(count(lit(1_i64)).filter(condition).build()?);
            }
        }
        let counts: Vec<Expr> = counts.into_iter().map(|count| count.alias(self.name("count"))).collect();
        under.aggregate(Vec::<Expr>::new(), counts)?.build()
    }

    /// The rows of a base table as they stand, with their time and their keys.
    fn base_census(&mut self, of: &CensusOf) -> Result<(LogicalPlanBuilder, Option<String>, Vec<Keyed>)> {
        let ir = std::sync::Arc::clone(self.ir);
        let base = ir.table(of.table).base;
        let keys = of.kinds.iter().flat_map(|(_, keys)| keys.iter().copied());
        let leaves = self.all_leaves(of.time.into_iter().chain(keys));
        let mut under = self.scan(base, &leaves, None)?;
        self.join_lookups(&mut under, &leaves)?;
        self.join_subjects(&mut under, &leaves)?;
        let time = match of.time {
            Some(time) => Some(self.key_column(&mut under, time, &Form::Instant.data_type())?.name),
            None => None,
        };
        let mut kinds = Vec::new();
        for (subject, keys) in &of.kinds {
            let types = self.subject_key_types(*subject);
            let keys = keys.iter().zip(&types).map(|(key, ty)| self.key_name(&mut under, *key, ty));
            kinds.push(Keyed { keys: keys.collect::<Result<_>>()?, found: None });
        }
        Ok((under.plan, time, kinds))
    }

    fn key_name(&mut self, under: &mut Under, key: NodeId, ty: &DataType) -> Result<String> {
        Ok(self.key_column(under, key, ty)?.name)
    }

    fn derived_census(&mut self, of: &CensusOf) -> Result<(LogicalPlanBuilder, Option<String>, Vec<Keyed>)> {
        let mut outputs = Vec::new();
        let time = of.time.map(|time| {
            let name = self.name("time");
            outputs.push((name.clone(), Wanted::Value(time)));
            name
        });
        let mut kinds = Vec::new();
        for (subject, keys) in &of.kinds {
            let mut names = Vec::new();
            for (key, ty) in keys.iter().zip(self.subject_key_types(*subject)) {
                let name = self.name("key");
                outputs.push((name.clone(), Wanted::Key(*key, ty)));
                names.push(name);
            }
            kinds.push(Keyed { keys: names, found: None });
        }
        let plan = self.existing_rows(of.table, outputs)?;
        Ok((LogicalPlanBuilder::from(plan), time, kinds))
    }

    /// Rows beside a column that is null where the subject table lacks their key; none without a subject table.
    fn beside_subjects(
        &mut self,
        rows: LogicalPlanBuilder,
        subject: SubjectId,
        keys: &[String],
    ) -> Result<(LogicalPlanBuilder, Option<String>)> {
        let ir = std::sync::Arc::clone(self.ir);
        let Some(subjects) = self.subject_rows(subject, &[])? else { return Ok((rows, None)) };
        let mut plan = LogicalPlanBuilder::from(subjects.plan);
        let made = ir.subject(subject);
        let identified = made.table.is_some_and(|table| ir.identified_by(ir.table(table).base, &made.keys));
        if !identified {
            // A subject with several rows is one subject; that it has several is said elsewhere.
            plan = plan.distinct()?;
        }
        let found = self.name("found");
        let mut columns: Vec<Expr> = subjects.keys.iter().map(column).collect();
        columns.push(lit(true).alias(&found));
        let right: Vec<Column> = keys.iter().map(Column::new_unqualified).collect();
        let left: Vec<Column> = subjects.keys.iter().map(Column::new_unqualified).collect();
        // Subjects stand on the left, which is the side that a join keeps in memory.
        let plan = plan.project(columns)?.join(rows.build()?, JoinType::Right, (left, right), None)?;
        Ok((plan, Some(found)))
    }
}

fn no_data(table: &str) -> DataFusionError {
    DataFusionError::Plan(format!("table `{table}` has no data"))
}
