//! Tables by grouping: rows of another table aggregated by subject and key, then columns made of the aggregates.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use datafusion::common::Result;
use datafusion::logical_expr::LogicalPlanBuilder;

use super::Lowering;
use super::compute::Output;
use super::counts::Rows;
use super::rows::{Under, Wanted, column};
use crate::ir::{BaseTableId, FeatureId, Grouping, Node, NodeId};

impl Lowering<'_> {
    /// The rows of a table by grouping, with those of its columns that are leaves. Rows of nobody make no groups.
    pub(super) fn groups(
        &mut self,
        base: BaseTableId,
        grouping: &Grouping,
        leaves: &BTreeSet<NodeId>,
    ) -> Result<Under> {
        let ir = std::sync::Arc::clone(self.ir);
        let asked: BTreeMap<NodeId, NodeId> = leaves
            .iter()
            .filter_map(|leaf| match ir.node(*leaf) {
                Node::Column(of, at) if *of == base => Some((*leaf, ir.made_as(base, *at)?)),
                _ => None,
            })
            .collect();
        let inputs = ir.leaves(asked.values().copied()).inputs;
        let features: Vec<FeatureId> = inputs
            .iter()
            .filter_map(|input| match ir.node(*input) {
                Node::Feature(feature) => Some(*feature),
                _ => None,
            })
            .collect();
        let own = self.subject_keys(ir.base_of(grouping.rows), grouping.subject);
        let known = own.len();
        let others = grouping.keys.iter().skip(known).map(|key| Wanted::Value(*key));
        let keys = own.into_iter().chain(others).collect();
        let of = Rows { filter: grouping.filter, bounds: None, report: false };
        let aggregated = self.aggregate(keys, &features, grouping.rows, of)?;

        let mut columns: HashMap<NodeId, String> = HashMap::new();
        for (feature, name) in &aggregated.features {
            columns.extend(ir.feature_node(*feature).map(|node| (node, name.clone())));
        }
        for input in &inputs {
            if let Node::GroupKey(_, at) = ir.node(*input) {
                columns.extend(aggregated.keys.get(*at as usize).map(|name| (*input, name.clone())));
            }
        }
        let mut plan = LogicalPlanBuilder::from(aggregated.plan);
        for key in aggregated.keys.iter().take(known) {
            plan = plan.filter(column(key).is_not_null())?;
        }
        let mut under = Under { plan, columns };
        let mut found = HashMap::new();
        let mut made = Vec::new();
        for (leaf, is) in asked {
            let name = self.name(&ir.base_table(base).name);
            made.push((name.clone(), Output::Value(is, self.form(is))));
            found.insert(leaf, name);
        }
        self.compute_beside(&mut under, made)?;
        under.columns = found;
        Ok(under)
    }
}
