//! Tiers: conditions in order, the first that holds.

use super::Groups;
use crate::catalog::model::TierDef;
use crate::check::{Checker, Context};
use crate::ir::{Node, NodeId, PartitionForm, Value};

impl Checker<'_> {
    /// Each tier without those above it.
    pub(super) fn tier_groups(&mut self, tiers: &[TierDef], context: Context<'_>) -> Option<Groups> {
        let conditions: Vec<Option<Option<NodeId>>> = tiers
            .iter()
            .map(|tier| match &tier.when {
                None => Some(None),
                Some(when) => self.condition(when, context).map(|typed| Some(typed.node)),
            })
            .collect();
        let conditions = conditions.into_iter().collect::<Option<Vec<_>>>()?;
        self.warn_of_unreached(tiers, &conditions);
        let whole = conditions.contains(&None);
        let mut above: Vec<NodeId> = Vec::new();
        let mut groups = Vec::new();
        for condition in conditions {
            let all = self.and(above.iter().copied().chain(condition));
            groups.push(match all {
                Some(node) => node,
                None => self.truth(),
            });
            if let Some(condition) = condition {
                let holds = self.ir.add(Node::IsTrue(condition));
                above.push(self.ir.add(Node::Not(holds)));
            }
        }
        Some(Groups { conditions: groups, whole, form: PartitionForm::Tiers })
    }

    fn truth(&mut self) -> NodeId {
        self.ir.add(Node::Constant(Value::Bool(true)))
    }
}
