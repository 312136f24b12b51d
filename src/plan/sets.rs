//! Sets of rows: all of a table, and the first of those equal in some columns; kept, or marked among the others.

use std::collections::{BTreeSet, HashMap};

use datafusion::common::{DataFusionError, Result};
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{Expr, ExprFunctionExt, lit};

use super::Lowering;
use super::compute::Output;
use super::rows::{Under, beside, column};
use crate::engine::kernel::calendar::Bounds;
use crate::ir::{BaseTableId, Node, NodeId, OrderingId, RowSet, RowSetId};

impl Lowering<'_> {
    /// The rows of a set with a column for each leaf. Rows that do not exist at T may still be among those of a table.
    pub(super) fn reach(&mut self, rows: RowSetId, leaves: &BTreeSet<NodeId>, bounds: Option<Bounds>) -> Result<Under> {
        let ir = std::sync::Arc::clone(self.ir);
        let orderings = self.orderings_of(rows, leaves);
        let mut under = match ir.row_set(rows) {
            RowSet::Base(base) => {
                // What a row's place is rests on all rows before it.
                let bounds = bounds.filter(|_| orderings.is_empty());
                let mut under = match &ir.base_table(*base).grouping {
                    None => self.scan(*base, leaves, bounds)?,
                    Some(grouping) => self.groups(*base, grouping, leaves)?,
                };
                self.join_lookups(&mut under, leaves)?;
                self.join_subjects(&mut under, leaves)?;
                under
            }
            RowSet::Distinct { of, filter, keys } => self.distinct(*of, *filter, keys, leaves)?,
        };
        self.put_in_order(&mut under, &orderings, None)?;
        Ok(under)
    }

    /// The rows of a table with a column for each leaf, and for each of some sets of them a column that says which rows are
    /// in it. So a row that is in several sets is one row.
    pub(super) fn reach_marked(
        &mut self,
        base: BaseTableId,
        sets: &BTreeSet<RowSetId>,
        leaves: &BTreeSet<NodeId>,
    ) -> Result<(Under, HashMap<RowSetId, String>)> {
        let ir = std::sync::Arc::clone(self.ir);
        let mut all: BTreeSet<RowSetId> = sets.clone();
        let mut pending: Vec<RowSetId> = sets.iter().copied().collect();
        let order = self.order_nodes(base);
        let mut needed: Vec<NodeId> = order.iter().copied().chain(ir.base_table(base).time).collect();
        let mut whole = None;
        while let Some(set) = pending.pop() {
            match ir.row_set(set) {
                RowSet::Base(_) => whole = Some(set),
                RowSet::Distinct { of, filter, keys } => {
                    needed.extend(filter.iter().chain(keys));
                    all.insert(*of);
                    pending.push(*of);
                }
            }
        }
        let Some(whole) = whole else {
            return Err(DataFusionError::Internal("a set of rows without a table".to_owned()));
        };
        let leaves: BTreeSet<NodeId> = leaves.union(&self.all_leaves(needed)).copied().collect();
        let mut under = self.reach(whole, &leaves, None)?;
        let mut members: HashMap<RowSetId, String> = HashMap::new();
        // What a set is made from was interned before it.
        for set in all {
            let RowSet::Distinct { of, filter, keys } = ir.row_set(set) else { continue };
            let member = self.mark(&mut under, members.get(of).cloned(), base, (*filter, keys))?;
            let orderings = self.orderings_of(set, &leaves);
            self.put_in_order(&mut under, &orderings, Some(&member))?;
            members.insert(set, member);
        }
        Ok((under, members))
    }

    /// Marks the first row, in row order, of those equal in the keys, among the members of another set.
    fn mark(
        &mut self,
        under: &mut Under,
        of: Option<String>,
        base: BaseTableId,
        (filter, keys): (Option<NodeId>, &[NodeId]),
    ) -> Result<String> {
        let (passes, standing) = (self.name("passes"), self.name("order"));
        let mut made = vec![(passes.clone(), self.passes(base, filter))];
        made.push((standing.clone(), self.order(&self.order_nodes(base))));
        let mut partition = Vec::new();
        for key in keys {
            let name = self.name("key");
            partition.push(column(&name));
            made.push((name, Output::Value(*key, self.form(*key))));
        }
        self.compute_beside(under, made)?;
        let (candidate, number, member) = (self.name("candidate"), self.name("number"), self.name("member"));
        let among = of.map_or_else(|| column(&passes), |of| column(&passes).and(column(of)));
        partition.push(column(&candidate));
        let numbered = row_number()
            .partition_by(partition)
            .order_by(vec![column(&standing).sort(true, true)])
            .build()?
            .alias(&number);
        let first = column(&candidate).and(column(&number).eq(lit(1_u64))).alias(&member);
        under.change(|plan| beside(beside(plan, among.alias(&candidate))?.window(vec![numbered])?, first))?;
        Ok(member)
    }

    /// The orderings of a set's rows among leaves.
    fn orderings_of(&self, rows: RowSetId, leaves: &BTreeSet<NodeId>) -> BTreeSet<OrderingId> {
        let orderings = leaves.iter().filter_map(|leaf| match self.ir.node(*leaf) {
            Node::Number(ordering) | Node::Gap(ordering) => Some(*ordering),
            _ => None,
        });
        orderings.filter(|ordering| self.ir.ordering(*ordering).rows == rows).collect()
    }

    /// The first row, in row order, of those equal in the keys.
    fn distinct(
        &mut self,
        of: RowSetId,
        filter: Option<NodeId>,
        keys: &[NodeId],
        leaves: &BTreeSet<NodeId>,
    ) -> Result<Under> {
        let base = self.ir.base_of(of);
        let order = self.order_nodes(base);
        let time = self.ir.base_table(base).time;
        let own = self.all_leaves(filter.into_iter().chain(time).chain(keys.iter().chain(&order).copied()));
        let leaves: BTreeSet<NodeId> = leaves.union(&own).copied().collect();
        let mut under = self.reach(of, &leaves, None)?;
        let passes = (self.name("passes"), self.passes(base, filter));
        let standing = (self.name("order"), self.order(&order));
        let mut made = vec![passes.clone(), standing.clone()];
        let partition: Vec<String> = keys.iter().map(|_| self.name("key")).collect();
        for (name, key) in partition.iter().zip(keys) {
            made.push((name.clone(), Output::Value(*key, self.form(*key))));
        }
        self.compute_beside(&mut under, made)?;
        let number = self.name("number");
        let numbered = row_number()
            .partition_by(partition.iter().map(column).collect())
            .order_by(vec![column(&standing.0).sort(true, true)])
            .build()?
            .alias(&number);
        let kept: Vec<Expr> = under.columns.values().map(column).collect();
        under.change(|plan| {
            plan.filter(column(&passes.0))?
                .window(vec![numbered])?
                .filter(column(&number).eq(lit(1_u64)))?
                .project(kept)
        })?;
        Ok(under)
    }

    /// Whether a row exists at T and passes a filter.
    pub(super) fn passes(&self, base: BaseTableId, filter: Option<NodeId>) -> Output {
        let until = Bounds { after: i64::MIN, until: self.calendar.rows_until() };
        Output::Mask { filter, window: self.ir.base_table(base).time.map(|time| (time, until)) }
    }

    /// Row order by these nodes.
    pub(super) fn order(&self, nodes: &[NodeId]) -> Output {
        Output::Order(nodes.iter().map(|node| (*node, self.form(*node))).collect())
    }
}
