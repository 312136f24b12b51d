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
    /// Those of steps of sequences, by position.
    pub steps: BTreeMap<(SequenceId, usize), Clockwork>,
}

const NO_DIRECTION: &str = "a comparison whose sides both move, or a value with no direction in time";
const OTHER_ROWS: &str = "what rows are, or which there are";

impl Followed {
    /// Everything that turns.
    pub fn turning(&self) -> impl Iterator<Item = NodeId> {
        let filters = self.filters.values().chain(self.steps.values()).flat_map(|filter| &filter.turning);
        self.clockwork.turning.iter().chain(filters).copied()
    }

    /// Finds out how conditions and values about a subject are followed together; `moving` are the nodes that can be another with the clock.
    pub fn of(ir: &mut Ir, roots: &[NodeId], moving: &BTreeSet<NodeId>, rankings: &Rankings) -> Result<Self, NoUntil> {
        let no = |through| Err(NoUntil::NotFollowed(through));
        let Ok(clockwork) = Reading::of(ir, roots, moving) else { return no(NO_DIRECTION) };
        let mut followed = Followed { clockwork, filters: BTreeMap::new(), steps: BTreeMap::new() };
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
                        return no(OTHER_ROWS);
                    }
                    let Some(filter) = feature.filter.filter(|filter| moving.contains(filter)) else { continue };
                    let of_rows = followed.of_rows(ir, filter, moving)?;
                    followed.filters.insert(id, of_rows);
                }
                Node::Sequence(id) => {
                    let id = *id;
                    for (place, step) in ir.sequence(id).steps.clone().into_iter().enumerate() {
                        if ir.row_set_nodes(step.rows).iter().any(|node| moving.contains(node)) {
                            return no(OTHER_ROWS);
                        }
                        if step.joined.is_some_and(|joined| moving.contains(&joined)) {
                            return no("what the steps of a sequence ask of each other");
                        }
                        let Some(filter) = step.filter.filter(|filter| moving.contains(filter)) else { continue };
                        let of_rows = followed.of_rows(ir, filter, moving)?;
                        followed.steps.insert((id, place), of_rows);
                    }
                }
                Node::Rank(ranking, form) => rankings.admits(*ranking, *form)?,
                _ => return no("a value of another row"),
            }
        }
        Ok(followed)
    }

    /// How a condition of rows is followed, a row in the place of a subject.
    fn of_rows(&mut self, ir: &mut Ir, filter: NodeId, moving: &BTreeSet<NodeId>) -> Result<Clockwork, NoUntil> {
        let no = |through| Err(NoUntil::NotFollowed(through));
        if ir.leaves([filter]).inputs.iter().any(|leaf| moving.contains(leaf)) {
            return no("what the conditions of rows ask of a subject");
        }
        let Ok(mut of_rows) = Reading::of(ir, &[filter], moving) else { return no(NO_DIRECTION) };
        if !of_rows.anniversaries.is_empty() {
            return no("anniversaries of rows");
        }
        // Of rows nobody knows beforehand on which days they are a year older.
        of_rows.days |= !std::mem::take(&mut of_rows.births).is_empty();
        self.clockwork.days |= of_rows.days;
        self.clockwork.hours |= of_rows.hours;
        self.clockwork.rows_tick |= of_rows.days || of_rows.hours;
        Ok(of_rows)
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
    /// Of the filters of their steps that move, the largest parts that stand still.
    pub step_parts: BTreeMap<(SequenceId, usize), BTreeSet<NodeId>>,
}

impl Leaves {
    /// Of conditions and values, each time some with how they are followed together.
    pub fn of<'a>(
        ir: &Ir,
        ways: impl Iterator<Item = (&'a [NodeId], &'a Followed)>,
        moving: &BTreeSet<NodeId>,
    ) -> Self {
        let mut roots = Vec::new();
        let (mut parts, mut step_parts) = (BTreeMap::new(), BTreeMap::new());
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
            for ((sequence, place), clockwork) in &followed.steps {
                let filter = ir.sequence(*sequence).steps.get(*place).and_then(|step| step.filter);
                let (still, _) = still_parts(ir, filter.into_iter().chain(clockwork.turning.iter().copied()), moving);
                step_parts.insert((*sequence, *place), still);
            }
        }
        let (still, moved) = still_parts(ir, roots, moving);
        let mut leaves = Leaves { still, features: BTreeMap::new(), parts, sequences: Vec::new(), step_parts };
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
