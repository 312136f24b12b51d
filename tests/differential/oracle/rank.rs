//! Ranks: a place among the subjects of a kind, or a number over all of them.
//!
//! Everything is sorted and counted, for every `per` group by itself.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use kohort::syntax::ast::{Expr, Population, RankFunction, Ranked, Top, TopCount};
use num_rational::BigRational;
use num_traits::{One, ToPrimitive};
use rust_decimal::Decimal;

use super::super::mutants::Mutant;
use super::super::value::{Value, decimal, literal_number};
use super::eval::Scope;
use super::{Key, Oracle, number};

/// A value and whose it is.
type Placed = (Value, Key);

/// The subjects of a kind in their order.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// For every subject the value of `per`; unknown where there is no `per`.
    pub group_of: BTreeMap<Key, Value>,
    /// For each group of which somebody is ranked: values and keys, ascending by value, then by key.
    pub ordered: BTreeMap<Value, Vec<Placed>>,
    /// What it is ranked by does not fit.
    unfit: bool,
}

impl Ranking {
    /// The group of a subject, if anybody is ranked in it, and the subject's place from 0 on, if it is.
    fn place(&self, key: &[Value]) -> Option<(&[Placed], Option<usize>)> {
        let group = self.ordered.get(self.group_of.get(key)?)?;
        Some((group, group.iter().position(|(_, other)| other == key)))
    }
}

impl Oracle<'_> {
    /// The subjects of a kind by an expression, among those for whom `among` is true, of each value of `per` by itself.
    pub fn ranking(&self, kind: &str, by: &Expr, population: &Population) -> Rc<Ranking> {
        let asked = (kind.to_owned(), format!("{by:?} {population:?}"));
        if let Some(ranking) = self.rankings.borrow().get(&asked) {
            self.note_unfit(ranking.unfit);
            return Rc::clone(ranking);
        }
        let (mut ranking, unfit) = self.noting(|| self.ordered(kind, by, population));
        ranking.unfit = unfit;
        self.note_unfit(unfit);
        let ranking = Rc::new(ranking);
        self.rankings.borrow_mut().insert(asked, Rc::clone(&ranking));
        ranking
    }

    fn ordered(&self, kind: &str, by: &Expr, population: &Population) -> Ranking {
        let mut ranking = Ranking::default();
        let per = population.per.as_ref().filter(|_| !self.is(Mutant::PerIgnored));
        for key in self.subjects(kind).keys() {
            let value = self.of_subject(kind, &key, by);
            let among = self.is_among(kind, &key, population);
            let group = per.map_or(Value::Unknown, |per| number::settled(self.of_subject(kind, &key, per)));
            let lost = per.is_some() && !group.is_known() && self.is(Mutant::UnknownPerLeftOut);
            ranking.group_of.insert(key.clone(), group.clone());
            if among && !lost && (value.is_known() || self.is(Mutant::UnknownRankedLowest)) {
                ranking.ordered.entry(group).or_default().push((value, key));
            }
        }
        for group in ranking.ordered.values_mut() {
            group.sort_by(|a, b| self.in_order(a, b));
        }
        ranking
    }

    /// Whether the population's condition is true for a subject.
    pub fn is_among(&self, kind: &str, key: &[Value], population: &Population) -> bool {
        let truth = population.among.as_ref().map(|among| self.of_subject(kind, key, among).as_truth());
        match truth {
            None => true,
            Some(None) => self.is(Mutant::UnknownAmongCounts),
            Some(Some(truth)) => truth || self.is(Mutant::AmongIgnored),
        }
    }

    /// Ascending by value, equal values by ascending key.
    fn in_order(&self, (a, a_key): &(Value, Key), (b, b_key): &(Value, Key)) -> Ordering {
        self.by_value(a, b).then_with(|| match () {
            () if self.is(Mutant::TiesByDescendingKey) => b_key.cmp(a_key),
            () if self.is(Mutant::KeysOrderAsText) => as_text(a_key).cmp(&as_text(b_key)),
            () => a_key.cmp(b_key),
        })
    }

    fn by_value(&self, a: &Value, b: &Value) -> Ordering {
        let rounded = |value: &Value| match value {
            Value::Number(number) if self.is(Mutant::RankedByRounded) => {
                Value::Number(number::round_half_even(number, 12))
            }
            other => other.clone(),
        };
        let order = number::compare(&rounded(a), &rounded(b), &self.calendar);
        order.unwrap_or_else(|| a.is_known().cmp(&b.is_known()))
    }

    /// `quintile(x)`, `score(5, x)`, `percent_rank(x)`, `percentile(90, x)`.
    pub fn ranked(&self, ranked: &Ranked, scope: Scope<'_>) -> Value {
        let Scope::Subject { kind, key } = scope else { panic!("only subjects are ranked") };
        if let RankFunction::Percentile(p) = ranked.function {
            return self.percentile_of_subjects(&p, kind, key, &ranked.by, &ranked.population);
        }
        let ranking = self.ranking(kind, &ranked.by, &ranked.population);
        let Some((group, Some(place))) = ranking.place(key) else { return Value::Unknown };
        self.rank_at(ranked.function, group, place)
    }

    /// What the subject at a place of a group gets.
    pub fn rank_at(&self, function: RankFunction, group: &[(Value, Key)], place: usize) -> Value {
        let count = |test: fn(Ordering) -> bool| {
            group.iter().filter(|(value, _)| test(self.by_value(value, &group[place].0))).count()
        };
        match function {
            RankFunction::Tile(tiles) => Value::int(1 + self.tile(tiles as usize, group.len(), place)),
            RankFunction::Score(steps) => {
                let test = if self.is(Mutant::ScoreOfSmaller) { Ordering::is_lt } else { Ordering::is_le };
                let share = BigRational::new(count(test).into(), group.len().into());
                Value::Number((share * decimal(steps, 0)).ceil())
            }
            RankFunction::PercentRank => {
                let test = if self.is(Mutant::PercentRankCountsEqual) { Ordering::is_le } else { Ordering::is_lt };
                let others = if self.is(Mutant::PercentRankOverAll) { group.len() } else { group.len() - 1 };
                Value::Number(BigRational::new(count(test).into(), others.max(1).into()))
            }
            RankFunction::Percentile(_) => panic!("a percentile is of a group, not of a place"),
        }
    }

    /// The tile, from 0 on, of a place among so many: of q·n + r places the first r tiles have q + 1.
    fn tile(&self, tiles: usize, many: usize, place: usize) -> usize {
        let (quotient, rest) = (many / tiles, many % tiles);
        let size = |tile: usize| {
            let larger = if self.is(Mutant::SmallerTilesFirst) { tile >= tiles - rest } else { tile < rest };
            quotient + usize::from(larger)
        };
        let mut tile = 0;
        let mut end = size(0);
        while place >= end {
            tile += 1;
            end += size(tile);
        }
        tile
    }

    /// The percentile of the subject's group; known for subjects that are not ranked themselves too.
    pub fn percentile_of_subjects(
        &self,
        p: &Decimal,
        kind: &str,
        key: &[Value],
        by: &Expr,
        population: &Population,
    ) -> Value {
        let ranking = self.ranking(kind, by, population);
        match ranking.place(key) {
            Some((_, None)) if self.is(Mutant::PercentileOfRankedOnly) => Value::Unknown,
            Some((group, _)) => self.percentile_of_group(p, group),
            None => Value::Unknown,
        }
    }

    /// The percentile of the values of a group; its fit is noted.
    pub fn percentile_of_group(&self, p: &Decimal, group: &[(Value, Key)]) -> Value {
        let mut values: Vec<Value> = group.iter().map(|(value, _)| value.clone()).filter(Value::is_known).collect();
        if values.iter().any(number::is_elapsed) {
            values = values.iter().map(|value| Value::Elapsed(number::elapsed(value))).collect();
        }
        let value = self.percentile(&values, &literal_number(p));
        self.note_fit(&value);
        value
    }

    /// `top 10% by x`, `bottom 5 by x`.
    pub fn is_at_the_top(&self, top: &Top, scope: Scope<'_>) -> bool {
        let Scope::Subject { kind, key } = scope else { panic!("only subjects are ranked") };
        let ranking = self.ranking(kind, &top.by, &top.population);
        let Some((group, Some(place))) = ranking.place(key) else { return false };
        let chosen = self.chosen(top, group);
        let ties = self.is(Mutant::TopTakesAllEqual);
        chosen.iter().any(|at| *at == place || (ties && self.by_value(&group[*at].0, &group[place].0).is_eq()))
    }

    /// The places of a group that are at the top, or the bottom.
    pub fn chosen(&self, top: &Top, group: &[(Value, Key)]) -> Vec<usize> {
        let many = match top.count {
            TopCount::Number(many) => many.to_usize().unwrap_or(usize::MAX),
            TopCount::Percent(share) => {
                let many = literal_number(&share) / decimal(100, 0) * decimal(group.len(), 0);
                let many = if self.is(Mutant::TopRoundsDown) { many.floor() } else { many.ceil() };
                debug_assert!(many >= BigRational::one() || self.is(Mutant::TopRoundsDown), "somebody is at the top");
                many.to_integer().to_usize().expect("a share of the places")
            }
        };
        let mut places: Vec<usize> = (0..group.len()).collect();
        if !top.bottom && self.is(Mutant::TopTiesByDescendingKey) {
            places.reverse();
        } else if !top.bottom {
            places.sort_by(|a, b| self.by_value(&group[*b].0, &group[*a].0).then(a.cmp(b)));
        } else if self.is(Mutant::BottomTiesByDescendingKey) {
            places.sort_by(|a, b| self.by_value(&group[*a].0, &group[*b].0).then(b.cmp(a)));
        }
        places.truncate(many);
        places
    }
}

fn as_text(key: &Key) -> Vec<String> {
    key.iter().map(ToString::to_string).collect()
}
