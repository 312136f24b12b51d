//! The rows of some subjects, with what decides whether they count.

use datafusion::common::Result;
use datafusion::logical_expr::LogicalPlan;

use super::Lowering;
use super::rows::{Request, Wanted};
use crate::engine::kernel::calendar::Bounds;
use crate::ir::{NodeId, RowSetId};

/// What is asked of rows.
pub(crate) struct EvidenceOf<'q> {
    /// Which rows, before any filter.
    pub rows: RowSetId,
    /// Whose: a Bool in row scope that must be true.
    pub whose: NodeId,
    /// Values in row scope.
    pub values: &'q [NodeId],
    /// Filters and windows.
    pub masks: &'q [(Option<NodeId>, Option<Bounds>)],
    /// What rows stand by before row order.
    pub first_by: Option<NodeId>,
}

impl Lowering<'_> {
    /// Every row that exists at T: the values, then for each mask whether the row passes, then bytes that compare as the rows stand.
    pub(crate) fn evidence(&mut self, of: &EvidenceOf<'_>) -> Result<LogicalPlan> {
        let mut outputs = Vec::new();
        for value in of.values {
            outputs.push((self.name("value"), Wanted::Value(*value)));
        }
        for (filter, bounds) in of.masks {
            outputs.push((self.name("mask"), Wanted::Mask { filter: *filter, bounds: *bounds }));
        }
        let standing = of.first_by.into_iter().chain(self.order_nodes(self.ir.base_of(of.rows))).collect();
        outputs.push((self.name("order"), Wanted::OrderBy(standing)));
        self.rows(of.rows, Request { outputs, filter: Some(of.whose), bounds: None, report: false })
    }
}
