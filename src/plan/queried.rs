//! Tables as queries in SQL see them: rows as they are up to T, columns by name.

use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast};

use super::Lowering;
use super::rows::{Request, Wanted, column};
use crate::engine::kernel::form::{Form, NumberForm};
use crate::ir::{ColumnKind, Ir, Node, NodeId, TableId, Type};

/// The columns of a table that a query can name, with their types there: instants in the project's zone. Ratios have no
/// type in SQL and are left out. The time of a row is its column `at`.
pub(crate) fn queried_columns(ir: &Ir, table: TableId) -> Vec<(String, NodeId, DataType)> {
    let made = ir.table(table);
    let usable = |node: NodeId| match ir.node(node) {
        Node::Column(base, at) if ir.made_as(*base, *at).is_none() => {
            ir.base_table(*base).columns.get(*at as usize).is_some_and(|column| column.kind.is_some())
        }
        _ => true,
    };
    let time = ir.base_table(made.base).time.filter(|_| made.columns.iter().all(|(name, _)| name != "at"));
    let columns = made.columns.iter().map(|(name, node)| (name.clone(), *node));
    let columns = columns.chain(time.map(|time| ("at".to_owned(), time))).filter(|(_, node)| usable(*node));
    columns.filter_map(|(name, node)| Some((name, node, queried_type(ir, node)?))).collect()
}

/// The names of columns that are ratios, so that a query cannot name them.
pub(crate) fn ratios(ir: &Ir, table: TableId) -> Vec<String> {
    let ratio = |node: &NodeId| matches!(super::form_of(ir, *node), Form::Number(NumberForm::Exact));
    ir.table(table).columns.iter().filter(|(_, node)| ratio(node)).map(|(name, _)| name.clone()).collect()
}

fn queried_type(ir: &Ir, node: NodeId) -> Option<DataType> {
    match super::form_of(ir, node) {
        _ if is_whole(ir, node) => Some(DataType::Int64),
        Form::Number(NumberForm::Exact) => None,
        _ if ir.ty(node) == Type::Instant => {
            Some(DataType::Timestamp(TimeUnit::Microsecond, Some(ir.timezone.name().into())))
        }
        form => Some(form.data_type()),
    }
}

/// Whether a value is that of a column of 64-bit whole numbers, though its form has room for a digit more.
fn is_whole(ir: &Ir, node: NodeId) -> bool {
    match ir.node(node) {
        Node::Column(base, at) if ir.made_as(*base, *at).is_none() => {
            let kind = ir.base_table(*base).columns.get(*at as usize).and_then(|column| column.kind);
            matches!(kind, Some(ColumnKind::Integer { digits: ..=19 }))
        }
        Node::Lookup(_, value) => is_whole(ir, *value),
        _ => false,
    }
}

impl Lowering<'_> {
    /// The rows of a table that exist at T, with the columns that queries can name.
    pub(crate) fn queried(&mut self, table: TableId) -> Result<LogicalPlan> {
        let ir = std::sync::Arc::clone(self.ir);
        let made = ir.table(table);
        let mut outputs = Vec::new();
        let mut shown: Vec<Expr> = Vec::new();
        for (name, node, ty) in queried_columns(&ir, table) {
            let own = self.name(&name);
            let value = match &ty {
                // Instants are in UTC without a zone; first they are said to be, then shown in the project's.
                DataType::Timestamp(unit, Some(_)) => {
                    let utc = DataType::Timestamp(*unit, Some("UTC".into()));
                    cast(cast(column(&own), utc), ty.clone())
                }
                DataType::Int64 => cast(column(&own), ty.clone()),
                _ => column(&own),
            };
            shown.push(value.alias(name));
            outputs.push((own, Wanted::Value(node)));
        }
        let request = Request { outputs, filter: made.filter, bounds: None, report: false };
        LogicalPlanBuilder::from(self.rows(made.rows, request)?).project(shown)?.build()
    }
}
