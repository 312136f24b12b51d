//! What stands still while the clock moves: rows with everything that does not depend on T.
//!
//! Whoever wants a feature at many instants reads its rows once and moves the window over them.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::common::Result;
use datafusion::logical_expr::LogicalPlan;

use super::counts::Columns;
use super::rows::{Request, Wanted};
use super::{Lowering, prune};
use crate::engine::kernel::calendar::Bounds;
use crate::ir::{Aggregation, FeatureId, NodeId, RowSetId, SubjectId};

/// Rows of one set, those that are in some window now or may come into one.
pub(crate) struct StillRows {
    /// The plan, whose columns have the names below.
    pub plan: LogicalPlan,
    /// The subject's key.
    pub keys: Vec<String>,
    /// When each row happened; none: the table is timeless.
    pub time: Option<String>,
    /// What each feature takes of a row.
    pub features: Vec<StillFeature>,
}

/// What a feature takes of a row.
pub(crate) struct StillFeature {
    /// The feature.
    pub feature: FeatureId,
    /// Whether the row passes its filter; none: every row does, or the filter moves.
    pub mask: Option<String>,
    /// Of what moves, what stands still of it.
    pub parts: Vec<(NodeId, String)>,
    /// What its state takes: the argument, if there is one that stands still, and row order, if that matters.
    pub arguments: Vec<String>,
}

impl Lowering<'_> {
    /// The rows of a set as features see them whose windows move with the clock, and of whose filters and arguments, if these move too, some
    /// parts stand still.
    pub(crate) fn still_rows(
        &mut self,
        rows: RowSetId,
        subject: SubjectId,
        features: &[(FeatureId, Option<&BTreeSet<NodeId>>)],
        moving: &BTreeSet<NodeId>,
    ) -> Result<StillRows> {
        let ir = Arc::clone(self.ir);
        let base = ir.base_of(rows);
        let mut columns = Columns::default();
        let mut keys = Vec::new();
        for key in self.subject_keys(base, subject) {
            let name = self.name("key");
            columns.outputs.push((name.clone(), key));
            keys.push(name);
        }
        let mut time = None;
        if let Some(node) = ir.base_table(base).time {
            let name = self.name("time");
            columns.outputs.push((name.clone(), Wanted::Value(node)));
            time = Some(name);
        }
        let mut made = Vec::new();
        for (id, parts) in features {
            let feature = ir.feature(*id);
            let is_still = |node: &NodeId| !moving.contains(node);
            let mask = feature.filter.filter(is_still);
            let mask = mask.and_then(|filter| self.mask(&mut columns, Some(filter), None));
            let parts = parts.iter().copied().flatten();
            let parts = parts.map(|node| (*node, self.value(&mut columns, *node))).collect();
            let mut arguments = Vec::new();
            arguments.extend(feature.argument.filter(is_still).map(|argument| self.value(&mut columns, argument)));
            if matches!(feature.aggregation, Aggregation::First | Aggregation::Last) {
                arguments.push(self.row_order(&mut columns));
            }
            made.push(StillFeature { feature: *id, mask, parts, arguments });
        }
        let windows = features.iter().map(|(id, _)| ir.feature(*id).window.as_ref().map(|w| self.calendar.bounds(w)));
        let rows_until = self.calendar.rows_until();
        // What a lower bound has passed never comes back; what an upper one has not reached yet may.
        let after = prune::widest(windows, rows_until).after;
        let bounds = ir.is_data(rows).then_some(Bounds { after, until: rows_until });
        let request = Request { outputs: columns.outputs, filter: None, bounds, report: false };
        Ok(StillRows { plan: self.rows(rows, request)?, keys, time, features: made })
    }

    /// Values of all rows of a set that exist at T, each by a name.
    pub(crate) fn values_of_rows(&mut self, rows: RowSetId, values: Vec<(String, NodeId)>) -> Result<LogicalPlan> {
        let outputs = values.into_iter().map(|(name, node)| (name, Wanted::Value(node))).collect();
        self.rows(rows, Request { outputs, filter: None, bounds: None, report: false })
    }

    /// The times of all rows of a set that exist; none: they are timeless.
    pub(crate) fn times(&mut self, rows: RowSetId) -> Result<Option<(LogicalPlan, String)>> {
        let ir = Arc::clone(self.ir);
        let Some(node) = ir.base_table(ir.base_of(rows)).time else { return Ok(None) };
        let time = self.name("time");
        let outputs = vec![(time.clone(), Wanted::Value(node))];
        let request = Request { outputs, filter: None, bounds: None, report: false };
        Ok(Some((self.rows(rows, request)?, time)))
    }
}
