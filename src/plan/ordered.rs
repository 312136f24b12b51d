//! Rows put in order for each subject: `number` and `gap`.

use std::collections::BTreeSet;

use datafusion::common::{DFSchema, DataFusionError, Result};
use datafusion::logical_expr::LogicalPlanBuilder;

use super::Lowering;
use super::compute::Output;
use super::rows::{Under, Wanted, beside, column};
use super::visit::{Numbers, Order, Visit};
use crate::ir::{Node, NodeId, OrderingId, SubjectId};

impl Lowering<'_> {
    /// The nodes that it takes to put the rows of an ordering in order.
    pub(super) fn needed_to_order(&self, ordering: OrderingId) -> Vec<NodeId> {
        let ordering = self.ir.ordering(ordering);
        let base = self.ir.base_of(ordering.rows);
        let table = self.ir.base_table(base);
        let keys = table.subjects.iter().filter(|(kind, _)| *kind == ordering.subject);
        let keys = keys.flat_map(|(_, keys)| keys.iter().copied());
        ordering.filter.into_iter().chain(table.time).chain(keys).chain(self.order_nodes(base)).collect()
    }

    /// Gives rows their number and gap in some orderings of their set.
    /// Rows that are not of the set have no place; `member` says which are, if not all.
    pub(super) fn put_in_order(
        &mut self,
        under: &mut Under,
        orderings: &BTreeSet<OrderingId>,
        member: Option<&str>,
    ) -> Result<()> {
        // Which rows an ordering has may rest on a number in another one, which is made before it.
        let mut left: Vec<OrderingId> = orderings.iter().copied().collect();
        while !left.is_empty() {
            let subject = left.first().map_or(SubjectId(0), |first| self.ir.ordering(*first).subject);
            let (now, later): (Vec<OrderingId>, Vec<OrderingId>) = left.iter().copied().partition(|ordering| {
                self.ir.ordering(*ordering).subject == subject && !self.rests_on(*ordering, &left)
            });
            if now.is_empty() {
                return Err(DataFusionError::Internal("orders of rows rest on each other".to_owned()));
            }
            self.visit_in_order(under, subject, &now, member)?;
            left = later;
        }
        Ok(())
    }

    /// Whether an ordering's rows are told by a number or gap in one of these.
    fn rests_on(&self, ordering: OrderingId, others: &[OrderingId]) -> bool {
        self.ir.leaves(self.ir.ordering(ordering).filter).inputs.iter().any(|leaf| match self.ir.node(*leaf) {
            Node::Number(on) | Node::Gap(on) => others.contains(on),
            _ => false,
        })
    }

    fn visit_in_order(
        &mut self,
        under: &mut Under,
        subject: SubjectId,
        orderings: &[OrderingId],
        member: Option<&str>,
    ) -> Result<()> {
        let ir = std::sync::Arc::clone(self.ir);
        let Some(rows) = orderings.first().map(|first| ir.ordering(*first).rows) else { return Ok(()) };
        let base = ir.base_of(rows);
        let Some(time) = ir.base_table(base).time else { return Ok(()) };
        let mut keys = Vec::new();
        for key in self.subject_keys(base, subject) {
            if let Wanted::Key(node, ty) = key {
                keys.push(self.key_column(under, node, &ty)?.name);
            }
        }
        let (standing, at) = (self.name("order"), self.name("time"));
        let order = self.order_nodes(base);
        let mut made = vec![(standing.clone(), self.order(&order)), (at.clone(), Output::Value(time, self.form(time)))];
        let mut named = Vec::new();
        let mut members = Vec::new();
        for ordering in orderings {
            let mut counted = self.name("counted");
            made.push((counted.clone(), self.passes(base, ir.ordering(*ordering).filter)));
            if let Some(member) = member {
                let inside = self.name("counted");
                members.push(column(&counted).and(column(member)).alias(&inside));
                counted = inside;
            }
            let (number, gap) = (self.name("number"), self.name("gap"));
            for (node, name) in [(Node::Number(*ordering), &number), (Node::Gap(*ordering), &gap)] {
                under.columns.extend(ir.find(&node).map(|node| (node, name.clone())));
            }
            named.push((counted, number, gap));
        }
        self.compute_beside(under, made)?;
        under.change(|plan| {
            let plan = members.into_iter().try_fold(plan, beside)?.build()?;
            let schema = plan.schema();
            let order = Order {
                keys: keys.iter().map(|key| position(schema, key)).collect::<Result<_>>()?,
                by: vec![(position(schema, &standing)?, false)],
            };
            let orderings =
                named.into_iter().map(|(counted, number, gap)| Ok((position(schema, &counted)?, number, gap)));
            let numbers = Numbers::new(schema.as_arrow(), position(schema, &at)?, orderings.collect::<Result<_>>()?);
            Ok(LogicalPlanBuilder::from(Visit::plan(plan, order, numbers)?))
        })
    }
}

/// Where a column is.
pub(super) fn position(schema: &DFSchema, name: &str) -> Result<usize> {
    schema
        .index_of_column_by_name(None, name)
        .ok_or_else(|| DataFusionError::Internal(format!("there is no column `{name}` in the plan")))
}
