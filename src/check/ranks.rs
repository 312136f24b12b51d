//! Ranks: a subject's place among the others, and numbers over all of them.

use num_traits::ToPrimitive;
use rust_decimal::Decimal;

use super::chains::operands;
use super::numbers::rational;
use super::typed::{Typed, Units};
use super::{Checker, Code, Context, Diagnostic, Scope, with_article};
use crate::diagnostic::Severity;
use crate::ir::{Aggregation, Node, NodeId, RankCount, RankForm, Ranking, RankingId, SubjectId, Type};
use crate::source::Span;
use crate::syntax::ast::{
    Aggregate, AggregateFunction, Expr, ExprKind, Population, RankFunction, Ranked, Top, TopCount,
};
use crate::syntax::print;

/// A ranking, and what is known of the values that are ranked.
pub(super) struct RankedValues {
    /// The order.
    pub ranking: RankingId,
    /// What is made of it.
    pub form: RankForm,
    /// The ranked value.
    pub by: Typed,
    /// Who is not in the population, or may not be, has no rank.
    pub partial: bool,
}

impl Checker<'_> {
    /// `quintile(x among (…) per …)` and its like.
    pub(super) fn ranked(&mut self, ranked: &Ranked, span: Span, context: Context<'_>) -> Option<Typed> {
        let values = self.ranked_values(ranked, span, context)?;
        Some(self.rank(&values))
    }

    /// `top 10% by x`, `bottom 5 by x`
    pub(super) fn top(&mut self, top: &Top, span: Span, context: Context<'_>) -> Option<Typed> {
        let values = self.top_values(top, span, context)?;
        Some(self.rank(&values))
    }

    /// Whether `percentile(90, x)` is one over subjects: x is no column of a table that somebody forgot to name.
    pub(super) fn is_over_subjects(&self, aggregate: &Aggregate) -> bool {
        let percentile = matches!(aggregate.function, AggregateFunction::Percentile(_));
        percentile && aggregate.argument.as_ref().is_some_and(|argument| self.column_of_table(argument).is_none())
    }

    /// `percentile(90, x)` in the scope of a subject.
    pub(super) fn percentile_of_subjects(
        &mut self,
        aggregate: &Aggregate,
        span: Span,
        context: Context<'_>,
    ) -> Option<Typed> {
        let (AggregateFunction::Percentile(percent), Some(by)) = (aggregate.function, &aggregate.argument) else {
            return None;
        };
        let (function, function_span) = (RankFunction::Percentile(percent), aggregate.function_span);
        let ranked = Ranked { function, function_span, by: by.clone(), population: Population::default() };
        self.ranked(&ranked, span, context)
    }

    /// What a function makes of an order of subjects.
    pub(super) fn ranked_values(&mut self, ranked: &Ranked, span: Span, context: Context<'_>) -> Option<RankedValues> {
        let form = match ranked.function {
            RankFunction::Tile(tiles) => RankForm::Tile(tiles),
            RankFunction::Score(scores) => RankForm::Score(scores),
            RankFunction::PercentRank => RankForm::PercentRank,
            RankFunction::Percentile(percent) => RankForm::Percentile(self.percentile(percent, ranked.function_span)?),
        };
        let subject = self.ranked_subject(span, context)?;
        self.ordered(&ranked.by, &ranked.population, form, (subject, context))
    }

    /// The highest or lowest of an order of subjects.
    pub(super) fn top_values(&mut self, top: &Top, span: Span, context: Context<'_>) -> Option<RankedValues> {
        let count = match top.count {
            TopCount::Number(number) => RankCount::Number(number),
            TopCount::Percent(percent) => RankCount::Share(self.millionths(percent, "a share", span)?),
        };
        let form = if top.bottom { RankForm::Lowest(count) } else { RankForm::Highest(count) };
        let subject = self.ranked_subject(span, context)?;
        self.ordered(&top.by, &top.population, form, (subject, context))
    }

    /// Which percentile, in millionths of a per cent; of rows as of subjects.
    pub(super) fn percentile(&mut self, percent: Decimal, span: Span) -> Option<u32> {
        if percent > Decimal::ZERO && percent < Decimal::ONE {
            let written = percent.normalize();
            let message = format!("`percentile({written}, …)` is the value that {written}% of the values lie below");
            let meant = (percent * Decimal::ONE_HUNDRED).normalize();
            let help = format!("for the value that {meant}% lie below, write `percentile({meant}, …)`");
            let note = Diagnostic::new(Code::BadArgument, span, message).help(help);
            self.out.push(Diagnostic { severity: Severity::Note, ..note });
        }
        self.millionths(percent, "a percentile", span)
    }

    /// Per cent in millionths of one.
    fn millionths(&mut self, percent: Decimal, what: &str, span: Span) -> Option<u32> {
        let millionths = rational(percent) * num_bigint::BigInt::from(1_000_000);
        if let Some(millionths) = millionths.is_integer().then(|| millionths.to_integer().to_u32()).flatten() {
            return Some(millionths);
        }
        let message = format!("{what} has at most 6 digits after the point");
        self.fail(Diagnostic::new(Code::BadArgument, span, message).help("round it"))
    }

    /// Whose ranks are asked for.
    fn ranked_subject(&mut self, span: Span, context: Context<'_>) -> Option<SubjectId> {
        let kind = self.catalog.subjects.first().map_or("customer", |def| def.name.text.as_str());
        match context.scope {
            Scope::Subject(_) if context.overlay.is_some() => {
                let message = "a rank takes no window and no filter from outside";
                let help = "put them on what is ranked, inside its brackets";
                self.fail(Diagnostic::new(Code::WindowMisplaced, span, message).help(help))
            }
            Scope::Subject(subject) => Some(subject),
            Scope::Row(..) | Scope::Group { .. } => {
                let message =
                    format!("subjects are ranked, not rows: among rows there is no rank of {}", with_article(kind));
                let help = format!("name the rank under `attributes:`, and use it among rows as `{kind}.name`");
                self.fail(Diagnostic::new(Code::WrongKind, span, message).help(help))
            }
        }
    }

    fn ordered(
        &mut self,
        by: &Expr,
        population: &Population,
        form: RankForm,
        (subject, context): (SubjectId, Context<'_>),
    ) -> Option<RankedValues> {
        let outside = std::mem::take(&mut self.beside);
        let value = self.value(by, context);
        let among = population.among.as_ref().map(|among| self.condition(among, context));
        let per = population.per.as_ref().map(|per| self.value_or_condition(per, context));
        self.beside = outside;
        let value = self.rankable(value?, by, form)?;
        let among = match among {
            Some(among) => Some(among?),
            None => None,
        };
        let per = match per {
            Some(per) => Some(self.divides(per?, population.per.as_ref().unwrap_or(by))?),
            None => None,
        };
        if among.is_none() {
            self.warn_of_zeros(by, &value, population.per.is_some());
        }
        let ranking = Ranking { subject, by: value.node, among: among.as_ref().map(|among| among.node), per };
        let ranking = self.ir.add_ranking(ranking);
        let partial = value.nullable || among.is_some();
        Some(RankedValues { ranking, form, by: value, partial })
    }

    /// A value that has an order. A deviation is ranked by its square, a duration by its microseconds.
    fn rankable(&mut self, value: Typed, by: &Expr, form: RankForm) -> Option<Typed> {
        let percentile = matches!(form, RankForm::Percentile(_));
        match value.ty {
            Type::Duration => {
                let micros = self.micros(&value);
                Some(Typed { root: false, ..self.rooted(micros, percentile) })
            }
            Type::Number => Some(self.rooted(value, percentile)),
            Type::Date | Type::Instant if !percentile => Some(value),
            Type::Date | Type::Instant => {
                let message = format!("between two values of a percentile there may be none: this is a {}", value.ty);
                let help = "write a percentile of a number or a duration, as in `percentile(90, now - last_purchase)`";
                self.fail(Diagnostic::new(Code::TypeMismatch, by.span, message).help(help))
            }
            _ => {
                let message = format!("a number, date, time or duration is ranked, and this is a {}", value.ty);
                let help = match value.ty {
                    Type::Bool => "count where it holds, as in `count(sales where …)`, and rank by that",
                    _ => "choose a number to rank by, as in `spend_365d`",
                };
                self.fail(Diagnostic::new(Code::TypeMismatch, by.span, message).help(help))
            }
        }
    }

    /// A deviation is ranked by its square; what calculates with it takes the root.
    fn rooted(&mut self, value: Typed, percentile: bool) -> Typed {
        if !value.root || !percentile {
            return value;
        }
        let node = self.plain(&value);
        Typed { root: false, node, ..value }
    }

    /// What `per` divides by: anything that two subjects can have in common.
    fn divides(&mut self, per: Typed, written: &Expr) -> Option<NodeId> {
        if per.ty == Type::TextList {
            let message = "`per` puts each subject in one group, and this is a list";
            let help = "name something that each has one of, as in `per region`";
            return self.fail(Diagnostic::new(Code::TypeMismatch, written.span, message).help(help));
        }
        Some(if per.micros { self.micros(&per).node } else { self.plain(&per) })
    }

    /// The node of a form, and what is known of it.
    pub(super) fn rank(&mut self, values: &RankedValues) -> Typed {
        let node = self.ir.add(Node::Rank(values.ranking, values.form));
        match values.form {
            RankForm::Highest(_) | RankForm::Lowest(_) => Typed::new(node, Type::Bool),
            RankForm::Percentile(_) => {
                let typed = Typed::new(node, values.by.ty).nullable(true).unit(values.by.unit.clone());
                Typed { micros: values.by.micros, ..typed }
            }
            _ => Typed::new(node, Type::Number).nullable(values.partial).unit(Units::count()),
        }
    }

    /// Counts and sums are zero for those who have no rows: they are ranked too, unless `among` leaves them out.
    fn warn_of_zeros(&mut self, by: &Expr, value: &Typed, per: bool) {
        let counts = |node: &NodeId| match self.ir.node(*node) {
            Node::Feature(feature) => matches!(
                self.ir.feature(*feature).aggregation,
                Aggregation::Count | Aggregation::CountDistinct | Aggregation::Sum
            ),
            _ => false,
        };
        if value.nullable || !self.ir.leaves([value.node]).inputs.iter().any(counts) {
            return;
        }
        let written = print(by);
        let message = format!("`{written}` is 0 for those who have no such rows, and they are ranked too");
        let diagnostic = Diagnostic::new(Code::RanksZeros, by.span, message);
        let simple = matches!(by.kind, ExprKind::Name(_) | ExprKind::Windowed { .. } | ExprKind::Filtered { .. });
        let shown = if simple { format!("among ({written} > 0)") } else { "among (…)".to_owned() };
        let before = if per { " before `per`" } else { "" };
        let help = format!("say who is meant: `{shown}` behind it{before} leaves them out");
        self.out.push(diagnostic.help(help).help("if they are meant, `among (true)` says so"));
    }

    /// Whether a rank stands in an expression, outside the rows of an aggregate.
    pub(super) fn rank_in(expr: &Expr) -> Option<&Expr> {
        match &expr.kind {
            ExprKind::Ranked(_) | ExprKind::Top(_) => Some(expr),
            _ => operands(expr).into_iter().find_map(Self::rank_in),
        }
    }
}
