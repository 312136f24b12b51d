//! Optimized copies of tables: the same rows in the layout that evaluates fastest.
//!
//! ```text
//! order        by the key of a subject, then time: an evaluation reads range after range, and no row waits for others of its subject
//! row groups   some ten thousand to a hundred thousand rows, each ending with the last row of a subject
//! encoding     Parquet, dictionaries where values repeat, LZ4: fast to read rather than small
//! ```
//!
//! Nothing is added and nothing is lost: columns keep their names, types and values, rows that cannot be read stay in, and what is wrong with
//! rows is told by the files they come from. Columns of types that the language does not have are left out. A copy that is out of date
//! is never read ([`super::source::copies`]).

mod groups;
mod write;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::Column;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, SortExpr};
use datafusion::parquet::file::metadata::SortingColumn;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use futures::StreamExt;

use super::source::copies;
use super::{Engine, Error};
use crate::check::nearest;
use crate::ir::{BaseTable, BaseTableId, Node, NodeId};
use crate::plan::physical;
use write::CopyWriter;

/// How often is told how far it has come.
const BEAT: Duration = Duration::from_millis(100);

/// What a copy has become.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Optimized {
    /// The table's name.
    pub table: String,
    /// The kind of subject by whose key the rows are ordered.
    pub subject: String,
    /// How many rows it has.
    pub rows: u64,
    /// How many row groups.
    pub row_groups: usize,
    /// Columns of the table that are of no type of the language, and left out.
    pub left_out: Vec<String>,
}

/// How far the making of a copy has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Optimizing {
    /// Rows read so far, to be sorted.
    pub read: u64,
    /// Rows written so far.
    pub written: u64,
    /// How many there are; none: that is known when all are read.
    pub rows: Option<u64>,
}

/// The columns by which a copy is ordered.
struct Order {
    subject: String,
    keys: Vec<String>,
    time: Option<String>,
}

impl Engine {
    /// Where the optimized copy of a table is looked for, in the project's directory; none: the project has none.
    pub fn place_of_copy(&self, table: &str) -> Option<PathBuf> {
        Some(self.project.directory()?.join(copies::place(table)))
    }

    /// Whether a table can be put in the order of a kind of subject's key.
    ///
    /// # Errors
    /// As [`Engine::optimize`]; nothing is read.
    pub fn can_optimize(&self, table: &str, subject: Option<&str>) -> Result<(), Error> {
        let (id, base) = self.base_table(table)?;
        self.found.made_of(base).ok_or_else(|| Error::NoData { table: table.to_owned() })?;
        self.order(id, base, subject).map(|_| ())
    }

    /// Writes a copy of a table in the layout that evaluates fastest, as a Parquet file. Put at [`Engine::place_of_copy`], whole or not at all,
    /// it is read in the place of the table's files as long as these do not change.
    ///
    /// Rows are ordered by the key of a kind of subject, of the first that the table belongs to if none is said. What has no room in memory
    /// is sorted on disk.
    ///
    /// # Errors
    /// There is no such table or it has no files ([`Error::UnknownTable`], [`Error::NoData`]), its rows cannot be put in such an order
    /// ([`Error::NoOrder`]), they cannot be read, or there is no room for them ([`Error::NotWritten`]).
    pub async fn optimize(
        &self,
        table: &str,
        subject: Option<&str>,
        to: impl Write + Send,
        mut progress: impl FnMut(Optimizing),
    ) -> Result<Optimized, Error> {
        let (id, base) = self.base_table(table)?;
        let no_data = || Error::NoData { table: table.to_owned() };
        let made_of = self.found.made_of(base).ok_or_else(no_data)?;
        let provider = self.found.original(base).ok_or_else(no_data)?;
        let order = self.order(id, base, subject)?;
        let source = provider.schema();
        let known = provider.statistics().and_then(|of| of.num_rows.get_value().copied());
        let (kept, left_out) = columns(base, &source);
        let scan = LogicalPlanBuilder::scan(table, provider_as_source(provider), None)?;
        let plan = sorted(scan, &kept, &order)?;
        let blame = self.blame([id]);
        let told = Optimizing { read: 0, written: 0, rows: known.map(|rows| rows as u64) };
        let copied = self.copy(&plan, (&order, made_of), to, told, &mut progress).await;
        match copied {
            Ok((rows, row_groups)) => {
                Ok(Optimized { table: table.to_owned(), subject: order.subject, rows, row_groups, left_out })
            }
            Err(error) => Err(blame.told(error).await),
        }
    }

    async fn copy(
        &self,
        plan: &LogicalPlan,
        (order, made_of): (&Order, String),
        to: impl Write + Send,
        mut told: Optimizing,
        progress: &mut impl FnMut(Optimizing),
    ) -> Result<(u64, usize), Error> {
        let plan = physical(&self.state, plan).await?;
        let mut rows = execute_stream(Arc::clone(&plan), self.state.task_ctx())?;
        let mut writer: Option<CopyWriter<_>> = None;
        let mut to = Some(to);
        let mut beat = tokio::time::interval(BEAT);
        loop {
            let batch = tokio::select! {
                batch = rows.next() => batch,
                _ = beat.tick() => {
                    told.read = read(plan.as_ref());
                    progress(told);
                    continue;
                }
            };
            if writer.is_none()
                && let Some(to) = to.take()
            {
                // A sort gives its first rows when it has all.
                told.read = read(plan.as_ref());
                told.rows = Some(told.read.max(told.rows.unwrap_or(0)));
                let sorting = order.sorting(&plan.schema());
                writer = Some(CopyWriter::begin(to, &plan.schema(), &order.keys, sorting, told.read)?);
            }
            let Some(writer) = &mut writer else { continue };
            let Some(batch) = batch.transpose()? else { break };
            writer.write(&batch)?;
            told.written += batch.num_rows() as u64;
        }
        let row_groups = match writer {
            Some(writer) => writer.finish(copies::MADE_OF, made_of)?,
            None => 0,
        };
        told.read = told.written;
        progress(told);
        Ok((told.written, row_groups))
    }

    fn base_table(&self, name: &str) -> Result<(BaseTableId, &BaseTable), Error> {
        let mut tables = self.ir.base_tables.iter().enumerate();
        if let Some((at, table)) = tables.find(|(_, table)| table.name == name) {
            return Ok((BaseTableId(at as u32), table));
        }
        let near = nearest(name, self.ir.base_tables.iter().map(|table| table.name.as_str())).map(str::to_owned);
        Err(Error::UnknownTable { name: name.to_owned(), near })
    }

    /// By what rows are ordered.
    fn order(&self, id: BaseTableId, table: &BaseTable, subject: Option<&str>) -> Result<Order, Error> {
        let no = |why: String| Error::NoOrder { table: table.name.clone(), why };
        let column = |node: &NodeId| match self.ir.node(*node) {
            Node::Column(of, at) if *of == id => Some(table.columns.get(*at as usize)?.source_name.clone()),
            _ => None,
        };
        let name = |of: &crate::ir::SubjectId| self.ir.subject(*of).name.clone();
        // The rows of a subject's own table belong to it by its key.
        let own = self.ir.subjects.iter().enumerate().filter_map(|(at, kind)| {
            let of = self.ir.table(kind.table?).base;
            (of == id).then(|| (crate::ir::SubjectId(at as u32), kind.keys.clone()))
        });
        let kinds: Vec<_> = table.subjects.iter().cloned().chain(own).collect();
        let found = match subject {
            None => kinds.first(),
            Some(subject) => kinds.iter().find(|(kind, _)| name(kind) == subject),
        };
        let Some((kind, keys)) = found else {
            let of: Vec<String> = kinds.iter().map(|(kind, _)| format!("`{}`", name(kind))).collect();
            return Err(no(match (subject, of.as_slice()) {
                (_, []) => "its rows belong to no subject".to_owned(),
                (Some(subject), of) => format!("its rows belong to no `{subject}`, but to {}", of.join(", ")),
                (None, _) => "its rows belong to no subject".to_owned(),
            }));
        };
        let keys: Option<Vec<String>> = keys.iter().map(column).collect();
        let Some(keys) = keys else {
            return Err(no(format!(
                "whose a row is, is looked up elsewhere: no column of its own is the key of its {}",
                name(kind)
            )));
        };
        let time = table.time.and_then(|time| match self.ir.node(time) {
            Node::DayStart(day) => column(day),
            _ => column(&time),
        });
        Ok(Order { subject: name(kind), keys, time })
    }
}

impl Order {
    fn columns(&self) -> impl Iterator<Item = &String> {
        self.keys.iter().chain(self.time.iter().filter(|time| !self.keys.contains(time)))
    }

    fn sorting(&self, schema: &SchemaRef) -> Vec<SortingColumn> {
        let column = |name: &String| {
            let at = schema.index_of(name).ok()?;
            Some(SortingColumn { column_idx: at as i32, descending: false, nulls_first: false })
        };
        self.columns().filter_map(column).collect()
    }
}

/// The columns that the language can use, and the others.
fn columns(table: &BaseTable, schema: &SchemaRef) -> (Vec<String>, Vec<String>) {
    let is_usable =
        |name: &String| table.columns.iter().any(|column| column.source_name == *name && column.kind.is_some());
    schema.fields().iter().map(|field| field.name().clone()).partition(is_usable)
}

fn sorted(scan: LogicalPlanBuilder, kept: &[String], order: &Order) -> Result<LogicalPlan, Error> {
    let column = |name: &String| Expr::Column(Column::new_unqualified(name));
    // Unknown keys stand last, in row groups of their own if they are many.
    let by: Vec<SortExpr> = order.columns().map(|name| column(name).sort(true, false)).collect();
    Ok(scan.project(kept.iter().map(column).collect::<Vec<_>>())?.sort(by)?.build()?)
}

/// How many rows the operators that have no child have given so far.
fn read(plan: &dyn ExecutionPlan) -> u64 {
    let children = plan.children();
    match children.is_empty() {
        true => plan.metrics().and_then(|metrics| metrics.output_rows()).unwrap_or(0) as u64,
        false => children.iter().map(|child| read(child.as_ref())).sum(),
    }
}
