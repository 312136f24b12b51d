//! Counting: every feature of one set of rows for one kind of subject, in one aggregation.

use std::collections::{BTreeSet, HashMap};

use datafusion::common::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};

use super::rows::{Request, Wanted, column};
use super::{Lowering, prune};
use crate::engine::aggregate::aggregate_expr;
use crate::engine::kernel::calendar::Bounds;
use crate::ir::{Aggregation, BaseTableId, FeatureId, NodeId, RowSetId, SubjectId};

/// What was counted of one set of rows.
pub(super) struct Counts {
    /// One row for each key that occurs, unknown ones included.
    pub plan: LogicalPlan,
    /// Key columns.
    pub keys: Vec<String>,
    /// The column of each feature.
    pub features: Vec<(FeatureId, String)>,
    /// The column with the number of rows.
    pub rows: String,
    /// The base table.
    pub table: BaseTableId,
}

/// Which rows of a set are aggregated.
pub(super) struct Rows {
    /// A condition that must be true.
    pub filter: Option<NodeId>,
    /// Only rows within these bounds are needed; none: all up to T.
    pub bounds: Option<Bounds>,
    /// Rows of unknown time are counted here.
    pub report: bool,
}

/// Aggregates by keys.
pub(super) struct Aggregated {
    /// One row for each key that occurs, unknown ones included.
    pub plan: LogicalPlan,
    /// Key columns.
    pub keys: Vec<String>,
    /// The column of each feature.
    pub features: Vec<(FeatureId, String)>,
    /// The column with the number of rows.
    pub rows: String,
}

/// A filter, and the ends of a window.
type MaskKey = (Option<NodeId>, Option<(i64, i64)>);

/// Columns of rows under way, each asked for once.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) outputs: Vec<(String, Wanted)>,
    values: HashMap<NodeId, String>,
    masks: HashMap<MaskKey, String>,
    order: Option<String>,
}

impl Lowering<'_> {
    /// Counts features of the rows of one set. With `whole`, all rows up to T are read, so that every key occurs; with
    /// `report`, rows of unknown time are counted too. Features that only `measure` rows of nobody take the rows that the
    /// others need: they do not make more of them be read.
    pub(super) fn counts(
        &mut self,
        rows: RowSetId,
        subject: SubjectId,
        features: &[FeatureId],
        (whole, report): (bool, bool),
        measure: &BTreeSet<FeatureId>,
    ) -> Result<Counts> {
        let ir = std::sync::Arc::clone(self.ir);
        let table = ir.base_of(rows);
        let windows = features.iter().filter(|id| !measure.contains(id)).map(|id| self.bounds_of(*id));
        // A distinct set reads every row by itself; the bounds are for the plain ones.
        let plain = ir.is_data(rows);
        let bounds = (plain && !whole).then(|| prune::widest(windows, self.calendar.now()));
        let keys = self.subject_keys(table, subject);
        let aggregated =
            self.aggregate(keys, features, rows, Rows { filter: None, bounds, report: report && plain })?;
        let Aggregated { plan, keys, features, rows } = aggregated;
        Ok(Counts { plan, keys, features, rows, table })
    }

    /// The key of a kind of subject in the rows of a table.
    pub(super) fn subject_keys(&self, table: BaseTableId, subject: SubjectId) -> Vec<Wanted> {
        let keys = self.ir.base_table(table).subjects.iter().find(|(kind, _)| *kind == subject);
        let keys = keys.map(|(_, keys)| keys.as_slice()).unwrap_or_default();
        keys.iter().zip(self.subject_key_types(subject)).map(|(key, ty)| Wanted::Key(*key, ty)).collect()
    }

    pub(super) fn bounds_of(&self, feature: FeatureId) -> Option<Bounds> {
        self.ir.feature(feature).window.as_ref().map(|window| self.calendar.bounds(window))
    }

    /// Aggregates rows of a set by keys.
    pub(super) fn aggregate(
        &mut self,
        keys: Vec<Wanted>,
        features: &[FeatureId],
        rows: RowSetId,
        of: Rows,
    ) -> Result<Aggregated> {
        let ir = std::sync::Arc::clone(self.ir);
        let mut columns = Columns::default();
        let mut key_names = Vec::new();
        for key in keys {
            let name = self.name("key");
            columns.outputs.push((name.clone(), key));
            key_names.push(name);
        }
        let mut aggregates = Vec::new();
        let mut named = Vec::new();
        for id in features {
            let feature = ir.feature(*id);
            let mask = self.mask(&mut columns, feature.filter, self.bounds_of(*id));
            let mut arguments = Vec::new();
            if let Some(argument) = feature.argument {
                arguments.push(column(self.value(&mut columns, argument)));
            }
            if matches!(feature.aggregation, Aggregation::First | Aggregation::Last) {
                arguments.push(column(self.row_order(&mut columns)));
            }
            let name = self.name("feature");
            aggregates.push(aggregate_expr(feature.aggregation, arguments, mask.map(column))?.alias(&name));
            named.push((*id, name));
        }
        let count = self.name("rows");
        aggregates.push(aggregate_expr(Aggregation::Count, vec![], None)?.alias(&count));
        let Rows { filter, bounds, report } = of;
        let input = self.rows(rows, Request { outputs: columns.outputs, filter, bounds, report })?;
        let groups: Vec<Expr> = key_names.iter().map(column).collect();
        let plan = LogicalPlanBuilder::from(input).aggregate(groups, aggregates)?.build()?;
        Ok(Aggregated { plan, keys: key_names, features: named, rows: count })
    }

    pub(super) fn mask(
        &mut self,
        columns: &mut Columns,
        filter: Option<NodeId>,
        bounds: Option<Bounds>,
    ) -> Option<String> {
        if filter.is_none() && bounds.is_none() {
            return None;
        }
        let key = (filter, bounds.map(|bounds| (bounds.after, bounds.until)));
        if let Some(name) = columns.masks.get(&key) {
            return Some(name.clone());
        }
        let name = self.name("mask");
        columns.masks.insert(key, name.clone());
        columns.outputs.push((name.clone(), Wanted::Mask { filter, bounds }));
        Some(name)
    }

    pub(super) fn value(&mut self, columns: &mut Columns, node: NodeId) -> String {
        if let Some(name) = columns.values.get(&node) {
            return name.clone();
        }
        let name = self.name("value");
        columns.values.insert(node, name.clone());
        columns.outputs.push((name.clone(), Wanted::Value(node)));
        name
    }

    pub(super) fn row_order(&mut self, columns: &mut Columns) -> String {
        if let Some(name) = &columns.order {
            return name.clone();
        }
        let name = self.name("order");
        columns.order = Some(name.clone());
        columns.outputs.push((name.clone(), Wanted::Order));
        name
    }
}
