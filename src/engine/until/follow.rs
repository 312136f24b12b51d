//! What of a condition moves with the clock, and whether it can be followed subject by subject.

use std::collections::{BTreeMap, BTreeSet};

use super::NoUntil;
use super::clock::{Clockwork, Reading};
use super::rankings::Rankings;
use crate::ir::{FeatureId, Ir, Node, NodeId, RowSetId, SequenceId};

/// How a condition is followed.
pub(super) struct Followed {
    /// What changes it beside its features. Days and hours that matter to filters are among those that matter.
    pub clockwork: Clockwork,
    /// The filters of features that move, in the scope of rows.
    pub filters: BTreeMap<FeatureId, Clockwork>,
}

impl Followed {
    /// Everything that turns.
    pub fn turning(&self) -> impl Iterator<Item = NodeId> {
        let filters = self.filters.values().flat_map(|filter| &filter.turning);
        self.clockwork.turning.iter().chain(filters).copied()
    }

    /// Finds out how conditions and values about a subject are followed together; `moving` are the nodes that can be another with the clock.
    pub fn of(ir: &mut Ir, roots: &[NodeId], moving: &BTreeSet<NodeId>, rankings: &Rankings) -> Result<Self, NoUntil> {
        let no = |through| Err(NoUntil::NotFollowed(through));
        const NO_DIRECTION: &str = "a comparison whose sides both move, or a value with no direction in time";
        let Ok(mut clockwork) = Reading::of(ir, roots, moving) else { return no(NO_DIRECTION) };
        let mut filters = BTreeMap::new();
        for leaf in ir.leaves(roots.iter().copied()).inputs {
            if !moving.contains(&leaf) {
                continue;
            }
            match ir.node(leaf) {
                Node::Feature(id) => {
                    let id = *id;
                    let feature = ir.feature(id).clone();
                    let rest = feature.argument.into_iter().chain(ir.row_set_nodes(feature.rows));
                    if rest.into_iter().any(|node| moving.contains(&node)) {
                        return no("what rows are, or which there are");
                    }
                    let Some(filter) = feature.filter.filter(|filter| moving.contains(filter)) else { continue };
                    if ir.leaves([filter]).inputs.iter().any(|leaf| moving.contains(leaf)) {
                        return no("what the conditions of rows ask of a subject");
                    }
                    let Ok(mut of_rows) = Reading::of(ir, &[filter], moving) else { return no(NO_DIRECTION) };
                    if !of_rows.anniversaries.is_empty() {
                        return no("anniversaries of rows");
                    }
                    // Of rows nobody knows beforehand on which days they are a year older.
                    of_rows.days |= !std::mem::take(&mut of_rows.births).is_empty();
                    clockwork.days |= of_rows.days;
                    clockwork.hours |= of_rows.hours;
                    clockwork.rows_tick |= of_rows.days || of_rows.hours;
                    filters.insert(id, of_rows);
                }
                Node::Sequence(_) if ir.behind(leaf).iter().all(|node| !moving.contains(node)) => {}
                Node::Sequence(_) => return no("the conditions of a sequence's steps"),
                Node::Rank(ranking, form) => rankings.admits(*ranking, *form)?,
                _ => return no("a value of another row"),
            }
        }
        Ok(Followed { clockwork, filters })
    }
}

/// What a replay of conditions needs.
pub(super) struct Leaves {
    /// The largest parts that stand still.
    pub still: BTreeSet<NodeId>,
    /// Features that move, by their rows.
    pub features: BTreeMap<RowSetId, BTreeSet<FeatureId>>,
    /// Of their filters that move, the largest parts that stand still.
    pub parts: BTreeMap<FeatureId, BTreeSet<NodeId>>,
    /// Sequences that move.
    pub sequences: Vec<SequenceId>,
}

impl Leaves {
    /// Of conditions and values, each time some with how they are followed together.
    pub fn of<'a>(
        ir: &Ir,
        ways: impl Iterator<Item = (&'a [NodeId], &'a Followed)>,
        moving: &BTreeSet<NodeId>,
    ) -> Self {
        let mut roots = Vec::new();
        let mut parts = BTreeMap::new();
        for (of, followed) in ways {
            roots.extend(of);
            roots.extend(&followed.clockwork.turning);
            roots.extend(followed.clockwork.anniversaries.iter().map(|(date, ..)| *date));
            roots.extend(&followed.clockwork.births);
            for (feature, clockwork) in &followed.filters {
                let filter = ir.feature(*feature).filter.into_iter();
                let (still, _) = still_parts(ir, filter.chain(clockwork.turning.iter().copied()), moving);
                parts.insert(*feature, still);
            }
        }
        let (still, moved) = still_parts(ir, roots, moving);
        let mut leaves = Leaves { still, features: BTreeMap::new(), parts, sequences: Vec::new() };
        for leaf in moved {
            match ir.node(leaf) {
                Node::Feature(feature) => {
                    leaves.features.entry(ir.feature(*feature).rows).or_default().insert(*feature);
                }
                Node::Sequence(sequence) => leaves.sequences.push(*sequence),
                _ => {}
            }
        }
        leaves
    }
}

/// The largest parts of expressions that stand still, constants aside, and the leaves that move.
fn still_parts(
    ir: &Ir,
    roots: impl IntoIterator<Item = NodeId>,
    moving: &BTreeSet<NodeId>,
) -> (BTreeSet<NodeId>, BTreeSet<NodeId>) {
    let (mut still, mut moved) = (BTreeSet::new(), BTreeSet::new());
    let mut pending: Vec<NodeId> = roots.into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = pending.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = ir.node(id);
        match node {
            _ if moving.contains(&id) && node.is_leaf() => {
                moved.insert(id);
            }
            _ if moving.contains(&id) => pending.extend(ir.operands(id)),
            Node::Constant(_) | Node::Unknown(_) | Node::LocalTime(_) => {}
            _ => {
                still.insert(id);
            }
        }
    }
    (still, moved)
}
