//! Rankings whose values move with the clock, and how they are followed.

use std::collections::{BTreeMap, BTreeSet};

use super::NoUntil;
use super::drift::{At, without_clock};
use super::follow::Followed;
use crate::ir::{Ir, NodeId, RankForm, RankingId};

/// How a ranking is followed.
pub(super) struct FollowedRanking {
    pub ranking: RankingId,
    /// What is made of it.
    pub forms: BTreeSet<RankForm>,
    /// A value with the order of what is ranked; then who is ranked, and beside whom, where that is said.
    pub nodes: Vec<NodeId>,
    /// What changes these.
    pub followed: Followed,
}

/// Rankings that move, in an order in which each comes after those it rests on.
pub(super) struct Rankings {
    at: At,
    ways: Vec<FollowedRanking>,
    refused: BTreeMap<RankingId, NoUntil>,
}

impl Rankings {
    /// Those below some conditions; `moving` are the nodes that can be another with the clock.
    pub fn below(ir: &mut Ir, conditions: &[NodeId], moving: &BTreeSet<NodeId>, at: At) -> Self {
        let mut rankings = Rankings { at, ways: Vec::new(), refused: BTreeMap::new() };
        let mut forms = ir.ranks_below(conditions);
        forms.retain(|ranking, _| ir.behind_ranking(*ranking).iter().any(|node| moving.contains(node)));
        let strata = ir.strata(forms.keys().copied()).unwrap_or_default();
        for ranking in strata.into_iter().flatten() {
            let forms = forms.remove(&ranking).unwrap_or_default();
            match rankings.follow(ir, (ranking, forms), moving) {
                Ok(followed) => rankings.ways.push(followed),
                Err(why) => {
                    rankings.refused.insert(ranking, why);
                }
            }
        }
        rankings
    }

    fn follow(
        &self,
        ir: &mut Ir,
        (ranking, forms): (RankingId, BTreeSet<RankForm>),
        moving: &BTreeSet<NodeId>,
    ) -> Result<FollowedRanking, NoUntil> {
        let ranked = ir.ranking(ranking).clone();
        let by = without_clock(ir, ranked.by, self.at).unwrap_or(ranked.by);
        let nodes: Vec<NodeId> = std::iter::once(by).chain(ranked.among).chain(ranked.per).collect();
        let followed = Followed::of(ir, &nodes, moving, self)?;
        // What drifts has a known order, and is another value at every instant.
        let asks_for_order = |form: &RankForm| by == ranked.by || !matches!(form, RankForm::Percentile(_));
        let forms = forms.into_iter().filter(asks_for_order).collect();
        Ok(FollowedRanking { ranking, forms, nodes, followed })
    }

    /// Whether a form of a ranking can be followed.
    pub fn admits(&self, ranking: RankingId, form: RankForm) -> Result<(), NoUntil> {
        if let Some(why) = self.refused.get(&ranking) {
            return Err(why.clone());
        }
        match self.ways.iter().find(|way| way.ranking == ranking) {
            Some(way) if way.forms.contains(&form) => Ok(()),
            Some(_) => Err(NoUntil::NotFollowed("a percentile of values that are others at every instant")),
            None => Err(NoUntil::NotFollowed("a rank of values that move")),
        }
    }

    /// Whether a value about a subject, of whatever kind, that rows ask for can be followed.
    pub fn admits_asking(&self, ir: &mut Ir, value: NodeId, moving: &BTreeSet<NodeId>) -> Result<(), NoUntil> {
        let below = Rankings::below(ir, &[value], moving, self.at);
        Followed::of(ir, &[value], moving, &below).map(|_| ())
    }

    /// Those that some conditions need, as far as they are followed.
    pub fn of(self, ir: &Ir, conditions: &[NodeId]) -> Vec<FollowedRanking> {
        let needed = ir.ranks_below(conditions);
        let is_needed = |way: &FollowedRanking| needed.contains_key(&way.ranking) && !way.forms.is_empty();
        self.ways.into_iter().filter(is_needed).collect()
    }
}
