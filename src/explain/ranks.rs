//! Ranks: a place among others, and among whom.

use super::model::Phrase;
use super::names::Scope;
use super::say::Say;
use super::speaker::Speaker;
use crate::syntax::ast::{Expr, ExprKind, Literal, Population, RankFunction, Ranked, Top, TopCount};

impl<'a> Speaker<'a> {
    /// `quintile(x among (…) per …)` and its like.
    pub fn ranked(&mut self, ranked: &'a Ranked, scope: Scope<'a>) -> Phrase {
        let by = self.ranked_value(&ranked.by, scope);
        let population = self.population(&ranked.population, scope);
        let for_all = matches!(ranked.function, RankFunction::Percentile(_));
        self.fine.insert(if for_all { Say::FineForAll } else { Say::FineRanks });
        match ranked.function {
            RankFunction::Tile(parts) => {
                let parts = self.number(parts);
                self.fine.insert(Say::FineTiles);
                self.exactly(Say::FineTies, Say::Tile, &[by, parts, population])
            }
            RankFunction::Score(parts) => {
                let parts = self.number(parts);
                self.exactly(Say::FineScore, Say::Score, &[by, parts, population])
            }
            RankFunction::PercentRank => {
                self.exactly(Say::FinePercentRank, Say::PercentRank, &[by, Phrase::default(), population])
            }
            RankFunction::Percentile(percent) => {
                let percent = self.number(percent);
                self.exactly(Say::FinePercentile, Say::PercentileOfAll, &[by, percent, population])
            }
        }
    }

    /// `top 10% by x`, `bottom 5 by x`
    pub fn top(&mut self, top: &'a Top, scope: Scope<'a>) -> Phrase {
        let by = self.ranked_value(&top.by, scope);
        let population = self.population(&top.population, scope);
        let (say, count) = match (top.count, top.bottom) {
            (TopCount::Number(count), false) => (Say::Highest, self.number(count)),
            (TopCount::Number(count), true) => (Say::Lowest, self.number(count)),
            (TopCount::Percent(share), false) => (Say::HighestShare, self.percent(share)),
            (TopCount::Percent(share), true) => (Say::LowestShare, self.percent(share)),
        };
        self.fine.insert(Say::FineRanks);
        self.fine.extend(matches!(top.count, TopCount::Percent(_)).then_some(Say::FineShare));
        let with = [by, count, population, self.whoever()];
        self.exactly(Say::FineTies, say, &with)
    }

    /// Nobody's rank depends on a unit.
    fn ranked_value(&mut self, by: &'a Expr, scope: Scope<'a>) -> Phrase {
        let units = std::mem::replace(&mut self.with_units, false);
        let by = self.value(by, scope);
        self.with_units = units;
        by
    }

    /// Among whom, and whether each group apart.
    fn population(&mut self, population: &'a Population, scope: Scope<'a>) -> Phrase {
        // `among (true)` says that all are meant, also those with a count of 0.
        let everybody = |among: &&Expr| matches!(among.kind, ExprKind::Literal(Literal::Bool(true)));
        let among = match population.among.as_ref().filter(|among| !everybody(among)) {
            Some(among) => {
                let among = self.inside(among, scope);
                self.say(Say::AmongThose, &[among])
            }
            None => self.say(Say::AmongKnown, &[]),
        };
        match &population.per {
            Some(per) => {
                let per = self.value(per, scope);
                self.exactly(Say::FinePer, Say::PerGroup, &[among, per])
            }
            None => among,
        }
    }
}
