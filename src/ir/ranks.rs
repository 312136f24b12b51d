//! Ranks below expressions, and in which order they can be made.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ir, Node, NodeId, RankForm, RankingId};

/// Rankings, each with the forms that are asked of it.
pub type RankForms = BTreeMap<RankingId, BTreeSet<RankForm>>;

impl Ir {
    /// The rankings below some nodes about a subject, through what is ranked, with the forms asked for.
    pub fn ranks_below(&self, nodes: &[NodeId]) -> RankForms {
        let mut forms = RankForms::new();
        let mut pending: Vec<NodeId> = nodes.to_vec();
        while !pending.is_empty() {
            for leaf in self.leaves(std::mem::take(&mut pending)).inputs {
                if let Node::Rank(ranking, form) = self.node(leaf) {
                    if !forms.contains_key(ranking) {
                        pending.extend(self.behind_ranking(*ranking));
                    }
                    forms.entry(*ranking).or_default().insert(*form);
                }
            }
        }
        forms
    }

    /// Rankings in strata: each comes after those it rests on. None: they rest on each other.
    pub fn strata(&self, rankings: impl IntoIterator<Item = RankingId>) -> Option<Vec<Vec<RankingId>>> {
        let rests_on = |ranking: RankingId| -> BTreeSet<RankingId> {
            let inputs = self.leaves(self.behind_ranking(ranking)).inputs;
            let ranks = inputs.iter().filter_map(|leaf| match self.node(*leaf) {
                Node::Rank(on, _) => Some(*on),
                _ => None,
            });
            ranks.collect()
        };
        let mut left: BTreeMap<RankingId, BTreeSet<RankingId>> =
            rankings.into_iter().map(|ranking| (ranking, rests_on(ranking))).collect();
        let mut strata = Vec::new();
        while !left.is_empty() {
            let ready: Vec<RankingId> =
                left.iter().filter(|(_, on)| on.iter().all(|on| !left.contains_key(on))).map(|(id, _)| *id).collect();
            if ready.is_empty() {
                return None;
            }
            left.retain(|id, _| !ready.contains(id));
            strata.push(ready);
        }
        Some(strata)
    }
}
