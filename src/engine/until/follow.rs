//! What of a condition moves with the clock, and whether it can be followed subject by subject.

use std::collections::{BTreeMap, BTreeSet};

use super::NoUntil;
use super::clock::{Clockwork, Reading};
use super::rankings::Rankings;
use crate::ir::{FeatureId, Ir, Node, NodeId, RowSetId, SequenceId};

/// How conditions and values are followed.
pub(super) struct Followed {
    /// What changes them beside their features. Days and hours that matter to rows are among those that matter.
    pub clockwork: Clockwork,
    /// What features ask of rows, where that moves.
    pub features: BTreeMap<FeatureId, OfRows>,
    /// What steps of sequences do, by position.
    pub steps: BTreeMap<(SequenceId, usize), OfRows>,
}

/// How what is asked of rows is followed, in their scope.
pub(super) struct OfRows {
    /// Filters and arguments that move.
    roots: Vec<NodeId>,
    /// What changes them.
    pub clockwork: Clockwork,
    /// The nodes of them that ask a subject for something that moves.
    pub asked: BTreeSet<NodeId>,
}

const NO_DIRECTION: &str = "a comparison whose sides both move, or a value with no direction in time";
pub(super) const WHO: &str = "who there is";
const WHICH_ROWS: &str = "which rows there are";
const OTHER_ROWS: &str = "values of other rows";

impl Followed {
    /// Everything that turns.
    pub fn turning(&self) -> impl Iterator<Item = NodeId> {
        self.clockwork.turns().chain(self.of_rows().flat_map(|of| of.clockwork.turns()))
    }

    /// Everything that rows ask of subjects.
    pub fn asked(&self) -> impl Iterator<Item = NodeId> {
        self.of_rows().flat_map(|of| &of.asked).copied()
    }

    fn of_rows(&self) -> impl Iterator<Item = &OfRows> {
        self.features.values().chain(self.steps.values())
    }

    /// Finds out how conditions and values about a subject are followed together; `moving` are the nodes that can be another with the clock.
    pub fn of(ir: &mut Ir, roots: &[NodeId], moving: &BTreeSet<NodeId>, rankings: &Rankings) -> Result<Self, NoUntil> {
        let no = |through| Err(NoUntil::NotFollowed(through));
        let Ok(clockwork) = Reading::of(ir, roots, moving) else { return no(NO_DIRECTION) };
        let mut followed = Followed { clockwork, features: BTreeMap::new(), steps: BTreeMap::new() };
        let is_moving = |node: &NodeId| moving.contains(node);
        for leaf in ir.leaves(roots.iter().copied()).inputs {
            if !is_moving(&leaf) {
                continue;
            }
            match ir.node(leaf) {
                Node::Feature(id) => {
                    let id = *id;
                    let feature = ir.feature(id).clone();
                    if ir.rows_rest_on(feature.rows).iter().any(is_moving) {
                        return no(WHICH_ROWS);
                    }
                    let roots: Vec<NodeId> =
                        feature.filter.into_iter().chain(feature.argument).filter(is_moving).collect();
                    if !roots.is_empty() {
                        let of_rows = followed.follow_rows(ir, roots, moving, rankings)?;
                        followed.features.insert(id, of_rows);
                    }
                }
                Node::Sequence(id) => {
                    let id = *id;
                    for (place, step) in ir.sequence(id).steps.clone().into_iter().enumerate() {
                        if ir.rows_rest_on(step.rows).iter().any(is_moving) {
                            return no(WHICH_ROWS);
                        }
                        if step.joined.is_some_and(|joined| is_moving(&joined)) {
                            return no("what the steps of a sequence ask of each other");
                        }
                        let Some(filter) = step.filter.filter(is_moving) else { continue };
                        let of_rows = followed.follow_rows(ir, vec![filter], moving, rankings)?;
                        followed.steps.insert((id, place), of_rows);
                    }
                }
                Node::Rank(ranking, form) => rankings.admits(*ranking, *form)?,
                _ => return no(OTHER_ROWS),
            }
        }
        Ok(followed)
    }

    /// How conditions and values of rows are followed, a row in the place of a subject.
    fn follow_rows(
        &mut self,
        ir: &mut Ir,
        roots: Vec<NodeId>,
        moving: &BTreeSet<NodeId>,
        rankings: &Rankings,
    ) -> Result<OfRows, NoUntil> {
        let mut asked = BTreeSet::new();
        for leaf in ir.leaves(roots.iter().copied()).inputs.into_iter().filter(|leaf| moving.contains(leaf)) {
            match ir.node(leaf).clone() {
                Node::OfSubject { subject, keys, value } if !keys.iter().any(|key| moving.contains(key)) => {
                    if ir.who(subject).iter().any(|node| moving.contains(node)) {
                        return Err(NoUntil::NotFollowed(WHO));
                    }
                    rankings.admits_asking(ir, value, moving)?;
                    asked.insert(leaf);
                }
                _ => return Err(NoUntil::NotFollowed(OTHER_ROWS)),
            }
        }
        let Ok(clockwork) = Reading::of(ir, &roots, moving) else { return Err(NoUntil::NotFollowed(NO_DIRECTION)) };
        self.clockwork.days |= clockwork.days;
        self.clockwork.hours |= clockwork.hours;
        self.clockwork.rows_tick |= clockwork.days || clockwork.hours;
        Ok(OfRows { roots, clockwork, asked })
    }
}

impl OfRows {
    /// The largest parts that stand still, and the keys of the subjects that are asked.
    fn still(&self, ir: &Ir, moving: &BTreeSet<NodeId>) -> BTreeSet<NodeId> {
        let (mut still, _) = still_parts(ir, self.roots.iter().copied().chain(self.clockwork.looked_at()), moving);
        for asked in &self.asked {
            if let Node::OfSubject { keys, .. } = ir.node(*asked) {
                still.extend(keys);
            }
        }
        still
    }
}

/// What a replay of conditions needs.
pub(super) struct Leaves {
    /// The largest parts that stand still.
    pub still: BTreeSet<NodeId>,
    /// Features that move, by their rows.
    pub features: BTreeMap<RowSetId, BTreeSet<FeatureId>>,
    /// Of what moves of their filters and arguments, the largest parts that stand still.
    pub parts: BTreeMap<FeatureId, BTreeSet<NodeId>>,
    /// Sequences that move.
    pub sequences: Vec<SequenceId>,
    /// Of the filters of their steps that move, the largest parts that stand still.
    pub step_parts: BTreeMap<(SequenceId, usize), BTreeSet<NodeId>>,
    /// The nodes by which rows ask subjects for something that moves.
    pub asked: BTreeSet<NodeId>,
}

impl Leaves {
    /// Of conditions and values, each time some with how they are followed together.
    pub fn of<'a>(
        ir: &Ir,
        ways: impl Iterator<Item = (&'a [NodeId], &'a Followed)>,
        moving: &BTreeSet<NodeId>,
    ) -> Self {
        let mut roots = Vec::new();
        let (mut parts, mut step_parts, mut asked) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        for (of, followed) in ways {
            roots.extend(of);
            roots.extend(followed.clockwork.looked_at());
            parts.extend(followed.features.iter().map(|(feature, of_rows)| (*feature, of_rows.still(ir, moving))));
            step_parts.extend(followed.steps.iter().map(|(step, of_rows)| (*step, of_rows.still(ir, moving))));
            asked.extend(followed.asked());
        }
        let (still, moved) = still_parts(ir, roots, moving);
        let features = BTreeMap::new();
        let mut leaves = Leaves { still, features, parts, sequences: Vec::new(), step_parts, asked };
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
pub(super) fn still_parts(
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
