//! Frozen attributes: ranks by cut points that were computed earlier.

use super::ranks::RankedValues;
use super::typed::Typed;
use super::written::written_value;
use super::{Checker, Code, Context, Diagnostic, Scope};
use crate::catalog::model::{AttributeDef, Placed};
use crate::frozen::model::{AttributeCuts, CutGroup};
use crate::ir::{Frozen, Node, NodeId, RankForm, SubjectId, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{AggregateFunction, CompareOp, Expr, ExprKind, Population, RankFunction, Ranked, RowsOf};
use crate::syntax::print;

/// The way out of cut points that somebody has changed by hand.
const ANEW: &str = "`kohort freeze` writes this file anew";

impl Checker<'_> {
    /// A frozen attribute of a kind of subject.
    pub(super) fn frozen_attribute(&mut self, def: &AttributeDef, place: Span, subject: SubjectId) -> Option<Typed> {
        let context = Context::of(Scope::Subject(subject));
        let values = self.freezable(&def.is, place, context)?;
        let definition = print(&def.is);
        let known = self.ir.frozen.iter().find(|frozen| frozen.name == def.name.text);
        match known.map(|frozen| self.ir.ranking(frozen.ranking).subject) {
            Some(first) if first != subject => return self.frozen_for_another(def, place, first),
            Some(_) => {}
            None => self.ir.frozen.push(Frozen {
                name: def.name.text.clone(),
                definition: definition.clone(),
                ranking: values.ranking,
                form: values.form,
                span: def.name.span,
            }),
        }
        if self.attached.thawed.contains(&def.name.text) {
            return Some(self.rank(&values));
        }
        let cuts = self.attached.cut_points.as_ref().map(|points| points.attributes.as_slice()).unwrap_or_default();
        let Some(cuts) = cuts.iter().find(|cuts| cuts.name.text == def.name.text) else {
            return self.never_frozen(def);
        };
        if cuts.definition.value.trim() != definition {
            let message = format!("the cut points of `{}` are those of another definition", def.name.text);
            let diagnostic = Diagnostic::new(Code::NotFrozen, def.is.span, message);
            let diagnostic =
                diagnostic.also(cuts.definition.span, format!("computed for `{}`", cuts.definition.value.trim()));
            let help = format!(
                "`kohort freeze` with `{}` computes new ones; to keep these, put the definition back",
                def.name.text
            );
            return self.fail(diagnostic.help(help));
        }
        self.cut(&values, cuts)
    }

    /// An attribute without cut points. Where there is no file of them at all, one message is about all such attributes.
    fn never_frozen<T>(&mut self, def: &AttributeDef) -> Option<T> {
        let name = &def.name.text;
        let thawed = &self.attached.thawed;
        let waits = |other: &&AttributeDef| other.frozen.is_some() && !thawed.contains(&other.name.text);
        let others = match self.attached.cut_points {
            Some(_) => 0,
            None => self.catalog.attributes.iter().filter(waits).count().saturating_sub(1),
        };
        if others > 0 && self.out.iter().any(|said| said.code == Code::NotFrozen) {
            return None;
        }
        let message = match others {
            0 => format!("`{name}` is frozen, and has no cut points yet"),
            1 => format!("`{name}` and another attribute are frozen, and there are no cut points yet"),
            _ => format!("`{name}` and {others} other attributes are frozen, and there are no cut points yet"),
        };
        let help = "`kohort freeze` computes them from the data and keeps them in `frozen.yaml`";
        self.fail(Diagnostic::new(Code::NotFrozen, def.name.span, message).help(help))
    }

    /// Cut points are those of one kind of subject.
    fn frozen_for_another<T>(&mut self, def: &AttributeDef, place: Span, first: SubjectId) -> Option<T> {
        let kind = &self.ir.subject(first).name;
        let message = format!("`{}` is frozen, and its cut points are of `{kind}`s", def.name.text);
        let help = format!("say so with `of: {kind}`, and define another one for the other kind");
        self.fail(Diagnostic::new(Code::WrongSubject, place, message).help(help))
    }

    /// What can be frozen: a rank, and nothing around it.
    fn freezable(&mut self, is: &Expr, place: Span, context: Context<'_>) -> Option<RankedValues> {
        match &is.kind {
            ExprKind::Error => None,
            ExprKind::Ranked(ranked) if ranked.function == RankFunction::PercentRank => {
                let message = "`percent_rank` has no cut points: each value has a rank of its own";
                let help = "freeze a rank of steps, as in `ntile(100, …)`, or leave `frozen:` out";
                self.fail(Diagnostic::new(Code::BadSetting, place, message).help(help))
            }
            ExprKind::Ranked(ranked) => self.ranked_values(ranked, is.span, context),
            ExprKind::Top(top) => self.top_values(top, is.span, context),
            ExprKind::Aggregate(aggregate) => match (&aggregate.rows, &aggregate.argument, aggregate.function) {
                (RowsOf::Group { filter: None }, Some(by), AggregateFunction::Percentile(percent)) => {
                    let ranked = Ranked {
                        function: RankFunction::Percentile(percent),
                        function_span: aggregate.function_span,
                        by: by.clone(),
                        population: Population::default(),
                    };
                    self.ranked_values(&ranked, is.span, context)
                }
                _ => self.not_freezable(place),
            },
            _ => self.not_freezable(place),
        }
    }

    fn not_freezable<T>(&mut self, place: Span) -> Option<T> {
        let message = "only a rank is frozen: the place among others is what others can change";
        let help =
            "freeze the attribute that is the rank, such as `quintile(…)` or `top 10% by …`, and use it in this one";
        self.fail(Diagnostic::new(Code::BadSetting, place, message).help(help))
    }

    /// A rank told by cut points.
    fn cut(&mut self, values: &RankedValues, cuts: &AttributeCuts) -> Option<Typed> {
        let ranking = self.ir.ranking(values.ranking).clone();
        let ty = self.ir.ty(ranking.by);
        if ranking.per.is_none()
            && let Some(group) = cuts.groups.iter().find(|group| group.per.is_some()).or(cuts.groups.get(1))
        {
            let message = format!("there are cut points for each group, and `{}` is of all together", cuts.name.text);
            return self.fail(Diagnostic::new(Code::NotFrozen, group.span, message).help(ANEW));
        }
        // A percentile is a number for everybody; a rank is of those who are ranked.
        let ranked: Vec<NodeId> = match values.form {
            RankForm::Percentile(_) => Vec::new(),
            _ => ranking.among.into_iter().chain([self.ir.add(Node::IsKnown(ranking.by))]).collect(),
        };
        let mut cases = Vec::new();
        for group in &cuts.groups {
            let value = self.cut_value(values.form, ranking.by, ty, group)?;
            let own = match ranking.per {
                Some(per) => Some(self.is_group(per, group)?),
                None => None,
            };
            let condition = match self.and(ranked.iter().copied().chain(own)) {
                Some(condition) => condition,
                None => self.ir.add(Node::Constant(Value::Bool(true))),
            };
            cases.push((condition, value));
        }
        let whole = self.rank(values);
        let node = match cases.is_empty() {
            true => self.ir.add(Node::Unknown(self.ir.ty(whole.node))),
            false => self.ir.add(Node::Choose(cases)),
        };
        if let RankForm::Tile(steps) | RankForm::Score(steps) = values.form {
            self.frozen_scales.insert(node, steps);
        }
        Some(match values.form {
            RankForm::Highest(_) | RankForm::Lowest(_) => {
                let held = self.ir.add(Node::IsTrue(node));
                Typed { node: held, ..whole }
            }
            _ => Typed { node, ..whole }.nullable(true),
        })
    }

    /// Whether a subject is in the group that cut points are of.
    fn is_group(&mut self, per: NodeId, group: &CutGroup) -> Option<NodeId> {
        let Some(written) = &group.per else {
            let known = self.ir.add(Node::IsKnown(per));
            return Some(self.ir.add(Node::Not(known)));
        };
        let value = self.cut_point(self.ir.ty(per), written)?;
        let value = self.ir.add(Node::Constant(value));
        Some(self.ir.add(Node::Compare(CompareOp::Equal, per, value)))
    }

    fn cut_value(&mut self, form: RankForm, by: NodeId, ty: Type, group: &CutGroup) -> Option<NodeId> {
        let bounds = group.bounds.iter().map(|bound| self.cut_point(ty, bound)).collect::<Vec<_>>();
        let bounds = bounds.into_iter().collect::<Option<Vec<_>>>()?;
        let bounds: Vec<NodeId> = bounds.into_iter().map(|bound| self.ir.add(Node::Constant(bound))).collect();
        let expected = match form {
            RankForm::Tile(steps) | RankForm::Score(steps) => steps as usize - 1,
            _ => 1,
        };
        if bounds.len() > expected {
            let are = if expected == 1 { "is" } else { "are" };
            let message = format!("there are {} cut points where {expected} {are} the most", bounds.len());
            return self.fail(Diagnostic::new(Code::NotFrozen, group.span, message).help(ANEW));
        }
        let first = bounds.first().copied();
        let by_bound = |checker: &mut Self, op| match first {
            Some(bound) => checker.ir.add(Node::Compare(op, by, bound)),
            None => checker.ir.add(Node::Constant(Value::Bool(false))),
        };
        Some(match form {
            RankForm::Highest(_) => by_bound(self, CompareOp::GreaterOrEqual),
            RankForm::Lowest(_) => by_bound(self, CompareOp::LessOrEqual),
            RankForm::Percentile(_) => match first {
                Some(bound) => bound,
                None => self.ir.add(Node::Unknown(ty)),
            },
            _ => self.ir.add(Node::Bucket { value: by, bounds }),
        })
    }

    fn cut_point(&mut self, ty: Type, written: &Placed<String>) -> Option<Value> {
        if let Some(value) = written_value(ty, &written.value) {
            return Some(value);
        }
        let message = format!("`{}` is not a {ty}, as the cut points here are", written.value);
        self.fail(Diagnostic::new(Code::NotFrozen, written.span, message).help(ANEW))
    }
}
