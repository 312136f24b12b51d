//! Frozen attributes: cut points as they are computed, and what they make of today's values.

use std::collections::BTreeMap;

use kohort::catalog::model::AttributeDef;
use kohort::syntax::ast::{
    Aggregate, AggregateFunction, Expr, ExprKind, Population, RankFunction, Ranked, RowsOf, Top,
};
use rust_decimal::Decimal;

use super::super::mutants::Mutant;
use super::super::value::Value;
use super::eval::Scope;
use super::{Key, Oracle, number};

/// The cut points of an attribute: of each value of `per`, unknown where there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CutPoints {
    /// The instant that they were computed for.
    pub as_of: i64,
    /// There is a `per`.
    pub by_group: bool,
    /// Those of each group.
    pub groups: BTreeMap<Value, Cuts>,
}

/// The cut points of a group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cuts {
    /// How many subjects they were computed from.
    pub population: usize,
    /// The least values of the second tile, the third, …; the least value of the top; the percentile.
    pub bounds: Vec<Value>,
}

/// What can be frozen.
enum Frozen<'e> {
    Steps(RankFunction, &'e Expr, &'e Population),
    Top(&'e Top),
    Percentile(Decimal, &'e Expr, Population),
}

fn frozen(expr: &Expr) -> Frozen<'_> {
    match &expr.kind {
        ExprKind::Ranked(ranked) => match &**ranked {
            Ranked { function: RankFunction::Percentile(p), by, population, .. } => {
                Frozen::Percentile(*p, by, population.clone())
            }
            Ranked { function, by, population, .. } => Frozen::Steps(*function, by, population),
        },
        ExprKind::Top(top) => Frozen::Top(top),
        ExprKind::Aggregate(aggregate) => match &**aggregate {
            Aggregate {
                function: AggregateFunction::Percentile(p),
                argument: Some(by),
                rows: RowsOf::Group { .. },
                ..
            } => Frozen::Percentile(*p, by, Population::default()),
            other => panic!("{other:?} has no cut points"),
        },
        other => panic!("{other:?} has no cut points"),
    }
}

impl Oracle<'_> {
    /// The value of an attribute: by its cut points where it is frozen.
    pub fn attribute(&self, attribute: &AttributeDef, scope: Scope<'_>) -> Value {
        let cut_points = self.beside.cut_points.get(&attribute.name.text);
        match cut_points.filter(|_| attribute.frozen.is_some() && !self.is(Mutant::CutPointsIgnored)) {
            Some(cut_points) => self.by_cut_points(&attribute.is, cut_points, scope),
            None => self.eval(&attribute.is, scope, self.nothing_pushed()),
        }
    }

    fn by_cut_points(&self, is: &Expr, cut_points: &CutPoints, scope: Scope<'_>) -> Value {
        let Scope::Subject { kind, key } = scope else { panic!("only subjects are ranked") };
        let of_subject = |expr: &Expr| self.of_subject(kind, key, expr);
        let cuts = |population: &Population| {
            let group = population.per.as_ref().map_or(Value::Unknown, |per| number::settled(of_subject(per)));
            cut_points.groups.get(&group)
        };
        let is_least = |value: &Value, bound: &Value| {
            let order = number::compare(bound, value, &self.calendar).expect("both are known");
            order.is_lt() || (order.is_eq() && !self.is(Mutant::CutPointIsBelow))
        };
        match frozen(is) {
            Frozen::Percentile(_, _, population) => {
                cuts(&population).and_then(|cuts| cuts.bounds.first()).cloned().unwrap_or(Value::Unknown)
            }
            Frozen::Steps(_, by, population) => {
                let (value, among) = (of_subject(by), self.is_among(kind, key, population));
                match cuts(population) {
                    Some(cuts) if value.is_known() && among => {
                        Value::int(1 + cuts.bounds.iter().filter(|bound| is_least(&value, bound)).count())
                    }
                    _ => Value::Unknown,
                }
            }
            Frozen::Top(top) => {
                let (value, among) = (of_subject(&top.by), self.is_among(kind, key, &top.population));
                let bound = cuts(&top.population).and_then(|cuts| cuts.bounds.first());
                let Some(bound) = bound.filter(|_| value.is_known() && among) else { return Value::Bool(false) };
                Value::Bool(if top.bottom { is_least(bound, &value) } else { is_least(&value, bound) })
            }
        }
    }

    /// The cut points of an expression that can be frozen, computed at T.
    pub fn cut_points(&self, kind: &str, is: &Expr) -> CutPoints {
        let (by, population) = match frozen(is) {
            Frozen::Steps(_, by, population) => (by, population.clone()),
            Frozen::Percentile(_, by, population) => (by, population),
            Frozen::Top(top) => (&top.by, top.population.clone()),
        };
        let ranking = self.ranking(kind, by, &population);
        let mut groups: BTreeMap<Value, Cuts> = BTreeMap::new();
        if population.per.is_none() {
            groups.insert(Value::Unknown, Cuts::default());
        }
        for (group, ordered) in &ranking.ordered {
            let bounds = self.bounds(is, ordered);
            groups.insert(group.clone(), Cuts { population: ordered.len(), bounds });
        }
        CutPoints { as_of: self.calendar.now, by_group: population.per.is_some(), groups }
    }

    fn bounds(&self, is: &Expr, ordered: &[(Value, Key)]) -> Vec<Value> {
        match frozen(is) {
            Frozen::Percentile(p, _, _) => vec![self.percentile_of_group(&p, ordered)],
            Frozen::Steps(function, _, _) => {
                let steps: Vec<i64> = (0..ordered.len())
                    .map(|place| number::whole(&self.number(&self.rank_at(function, ordered, place))))
                    .collect();
                let last = steps.last().copied().unwrap_or(1);
                // Values ascend, and so do their steps: the first that has reached a step has its least value.
                let reached = |step: i64| steps.iter().position(|one| *one >= step).map(|at| ordered[at].0.clone());
                (2..=last).filter_map(reached).collect()
            }
            Frozen::Top(top) => {
                let chosen = self.chosen(top, ordered);
                chosen.last().map(|at| ordered[*at].0.clone()).into_iter().collect()
            }
        }
    }
}
