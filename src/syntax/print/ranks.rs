//! Ranks, and the highest and lowest, as they are written.

use super::{Level, Printer, number};
use crate::syntax::ast::{Population, RankFunction, Ranked, Top, TopCount};

impl Printer {
    pub(super) fn ranked(&mut self, ranked: &Ranked) {
        self.put(ranked.function.word());
        self.put("(");
        match ranked.function {
            RankFunction::Tile(5 | 10) | RankFunction::PercentRank => {}
            RankFunction::Tile(count) | RankFunction::Score(count) => self.put(&format!("{count}, ")),
            RankFunction::Percentile(percent) => self.put(&format!("{}, ", number(percent))),
        }
        self.expr(&ranked.by, Level::Sum);
        self.population(&ranked.population);
        self.put(")");
    }

    pub(super) fn top(&mut self, top: &Top) {
        self.put(if top.bottom { "bottom " } else { "top " });
        match top.count {
            TopCount::Number(count) => self.put(&number(count.into())),
            TopCount::Percent(percent) => self.put(&format!("{}%", number(percent))),
        }
        self.put(" by ");
        self.expr(&top.by, Level::Sum);
        self.population(&top.population);
    }

    fn population(&mut self, population: &Population) {
        if let Some(among) = &population.among {
            self.put(" among (");
            self.expr(among, Level::Or);
            self.put(")");
        }
        if let Some(per) = &population.per {
            self.put(" per ");
            self.expr(per, Level::Sum);
        }
    }
}
