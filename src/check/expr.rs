//! The dispatcher: one arm per form of the language.

use super::numbers::rational;
use super::typed::{Typed, Units};
use super::{Checker, Code, Context, Diagnostic, Overlay, Scope};
use crate::ir::{Moment, Node, Type, Value, Window, Written, WrittenAs};
use crate::source::Span;
use crate::syntax::ast::{self, Expr, ExprKind, Literal};

impl Checker<'_> {
    /// An expression of any type.
    pub(super) fn value_or_condition(&mut self, expr: &Expr, context: Context<'_>) -> Option<Typed> {
        let typed = self.deeper(expr.span, |checker| checker.expr(expr, context))?;
        let form = match (typed.root, typed.micros) {
            (false, false) => WrittenAs::Itself,
            (true, false) => WrittenAs::SquareRoot,
            (false, true) => WrittenAs::Microseconds,
            (true, true) => WrittenAs::MicrosecondsSquared,
        };
        if context.overlay.is_none() && matches!(context.scope, Scope::Subject(_)) {
            self.ir.written.insert(expr.span, Written { node: typed.node, form });
        }
        if matches!(context.scope, Scope::Row(..)) {
            self.ir.written_of_rows.entry(typed.node).or_insert((expr.span, form));
        }
        Some(typed)
    }

    /// An expression that must be a condition.
    pub(super) fn condition(&mut self, expr: &Expr, context: Context<'_>) -> Option<Typed> {
        let typed = self.value_or_condition(expr, context)?;
        if typed.ty == Type::Bool {
            return Some(typed);
        }
        let message = format!("a condition is expected here, and this is a {}", typed.ty);
        let help = match typed.ty {
            Type::Number => "compare it with something, as in `… > 500`",
            Type::Text => "compare it with something, as in `… = 'Jakarta'`",
            Type::TextList => "ask what it holds, as in `… contains 'golf'`",
            _ => "compare it with something, as in `… > 90d ago`",
        };
        self.fail(Diagnostic::new(Code::NotACondition, expr.span, message).help(help))
    }

    /// An expression that must be a value, not a condition. (A column of true and false is both.)
    pub(super) fn value(&mut self, expr: &Expr, context: Context<'_>) -> Option<Typed> {
        let typed = self.value_or_condition(expr, context)?;
        let stored = matches!(expr.kind, ExprKind::Name(_) | ExprKind::Literal(_) | ExprKind::Aggregate(_));
        if typed.ty != Type::Bool || stored || matches!(expr.kind, ExprKind::Call { .. }) {
            return Some(typed);
        }
        let message = "a value is expected here, and this is a condition";
        let help =
            "a condition stands by itself, joined by `and` and `or`; to count where it holds, write `count(… where …)`";
        self.fail(Diagnostic::new(Code::NotACondition, expr.span, message).help(help))
    }

    /// A value that must be a number.
    pub(super) fn number_value(&mut self, expr: &Expr, context: Context<'_>) -> Option<Typed> {
        let typed = self.value(expr, context)?;
        if typed.ty == Type::Number {
            return Some(typed);
        }
        let message = format!("a number is expected here, and this is a {}", typed.ty);
        self.fail(Diagnostic::new(Code::TypeMismatch, expr.span, message))
    }

    fn expr(&mut self, expr: &Expr, context: Context<'_>) -> Option<Typed> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Error => None,
            ExprKind::Literal(literal) => self.literal(literal, span),
            ExprKind::Name(path) => self.path(path, span, context),
            ExprKind::Now => Some(Typed::new(self.ir.add(Node::Now), Type::Instant)),
            ExprKind::Today => Some(Typed::new(self.ir.add(Node::Today), Type::Date)),
            ExprKind::Ago(duration) => Some(Typed::new(self.ir.add(Node::Ago(*duration)), Type::Instant)),
            ExprKind::And(of) => self.conjunction(of, context),
            ExprKind::Or(of) => self.disjunction(of, context),
            ExprKind::Not(inner) => self.negation(inner, span, context),
            ExprKind::Negate(inner) => self.negative(inner, context),
            ExprKind::Arithmetic { first, rest } => self.arithmetic(span, first, rest, context),
            ExprKind::Compare { op, left, right, ignoring_case } => {
                self.comparison(expr, *op, left, right, *ignoring_case, context)
            }
            ExprKind::Between { negated, value, low, high } => self.between(expr, *negated, value, low, high, context),
            ExprKind::InList { negated, value, list, ignoring_case } => {
                self.in_list(expr, *negated, value, list, *ignoring_case, context)
            }
            ExprKind::Is { negated, value, test, ignoring_case } => {
                self.is(expr, *negated, value, test, *ignoring_case, context)
            }
            ExprKind::TextTest { negated, op, value, pattern, ignoring_case } => {
                self.text_test(expr, *negated, *op, value, pattern, *ignoring_case, context)
            }
            ExprKind::ListTest { negated, quantity, value, candidates, ignoring_case } => {
                self.list_test(expr, *negated, *quantity, value, candidates, *ignoring_case, context)
            }
            ExprKind::Within { negated, anniversary, value, direction, span: length } => {
                self.within(expr, (*negated, *anniversary), value, *direction, *length, context)
            }
            ExprKind::Call { function, arguments } => self.call(function, arguments, span, context),
            ExprKind::Windowed { metric, window } => self.windowed(metric, window, span, context),
            ExprKind::Filtered { metric, filter } => self.filtered(metric, filter, context),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, span, context),
            ExprKind::Quantified(quantified) => self.quantified(expr, quantified, context),
            ExprKind::Sequence(sequence) => self.sequence(sequence, span, context),
            ExprKind::InFile { negated, value, file, ignoring_case } => {
                self.in_file((*negated, *ignoring_case), value.as_deref(), file, expr, context)
            }
            ExprKind::Ranked(ranked) => self.ranked(ranked, span, context),
            ExprKind::Top(top) => self.top(top, span, context),
            ExprKind::Sample { share, salt } => self.sample(*share, salt, span, context),
            ExprKind::InSegment { negated, segment } => self.in_segment(segment, *negated, span, context),
        }
    }

    fn literal(&mut self, literal: &Literal, span: Span) -> Option<Typed> {
        let value = match literal {
            Literal::Bool(value) => Value::Bool(*value),
            Literal::Number(number) => Value::Number(rational(*number)),
            Literal::Percent(number) => Value::Number(rational(*number) / num_bigint::BigInt::from(100)),
            Literal::Text(text) => Value::Text(text.clone()),
            Literal::Date(date) => Value::Date(*date),
            Literal::Instant(instant) => Value::Instant(instant.timestamp_micros()),
            Literal::Local(local) => {
                return Some(Typed::new(self.ir.add(Node::LocalTime(*local)), Type::Instant));
            }
            Literal::Duration(duration) => Value::Duration(self.exact_duration(*duration, span)?),
        };
        let ty = value.ty();
        let typed = Typed::new(self.ir.add(Node::Constant(value)), ty);
        Some(typed.unit(Units::Literal))
    }

    fn windowed(&mut self, metric: &Expr, window: &ast::Window, span: Span, context: Context<'_>) -> Option<Typed> {
        let inner = window_of(window);
        self.sane_window(&inner, span)?;
        if let Some((_, outer)) = context.overlay.and_then(|overlay| overlay.window.as_ref()) {
            return self.second_window(span, *outer);
        }
        let filters = context.overlay.map(|overlay| overlay.filters.clone()).unwrap_or_default();
        let overlay = Overlay { window: Some((inner, span)), filters };
        self.overlaid(metric, &overlay, context)
    }

    fn filtered(&mut self, metric: &Expr, filter: &Expr, context: Context<'_>) -> Option<Typed> {
        let outer = context.overlay;
        let mut filters: Vec<&Expr> = outer.map(|overlay| overlay.filters.clone()).unwrap_or_default();
        filters.push(filter);
        let overlay = Overlay { window: outer.and_then(|overlay| overlay.window.clone()), filters };
        let before = self.out.len();
        let outer_slots = std::mem::take(&mut self.filtered_slots);
        let typed = self.overlaid(metric, &overlay, context);
        self.filtered_slots = outer_slots;
        // The filter goes to every aggregate of the metric; a mistake in it is one mistake.
        let mut seen = Vec::new();
        for diagnostic in self.out.split_off(before) {
            let place = (diagnostic.code, diagnostic.primary.span);
            if !seen.contains(&place) {
                seen.push(place);
                self.out.push(diagnostic);
            }
        }
        typed
    }

    /// A metric's name with something laid over it.
    fn overlaid(&mut self, metric: &Expr, overlay: &Overlay<'_>, context: Context<'_>) -> Option<Typed> {
        let context = Context { overlay: Some(overlay), ..context };
        match (&metric.kind, context.scope) {
            (ExprKind::Error, _) => None,
            (ExprKind::Windowed { .. } | ExprKind::Filtered { .. }, _) => self.value_or_condition(metric, context),
            (ExprKind::Name(path), scope) if self.may_be_metric(path, scope) => {
                let first_word = self.out.len();
                let typed = self.path(path, metric.span, context)?;
                let name = path.parts.last()?;
                if self.is_metric(&name.text) {
                    return Some(typed);
                }
                self.out.truncate(first_word);
                self.no_metric(metric)
            }
            (ExprKind::Name(_), _) => {
                self.value_or_condition(metric, Context { overlay: None, ..context })?;
                self.no_metric(metric)
            }
            _ => self.no_metric(metric),
        }
    }

    /// A single name about a subject; among rows, one of the subject's: `customer.spend`.
    fn may_be_metric(&self, path: &ast::Path, scope: Scope) -> bool {
        match (scope, path.parts.as_slice()) {
            (Scope::Subject(_), [_]) => true,
            (Scope::Row(..), [kind, _]) => self.catalog.subjects.iter().any(|def| def.name == *kind),
            _ => false,
        }
    }

    fn no_metric<T>(&mut self, metric: &Expr) -> Option<T> {
        let message =
            format!("`{}` is not a metric, so it takes no window and no filter", crate::syntax::print(metric));
        let help =
            "only metrics take them; an aggregate written out has its own, as in `last(… of … over 90d where …)`";
        self.fail(Diagnostic::new(Code::WindowMisplaced, metric.span, message).help(help))
    }

    fn is_metric(&self, name: &str) -> bool {
        use super::names::{Suffix, suffix};
        if self.attributes.contains_key(name) {
            return false;
        }
        self.metrics.contains_key(name)
            || matches!(suffix(name), Some(Suffix::Window(stem, _)) if self.metrics.contains_key(stem))
    }
}

/// A window without its places.
pub(crate) fn window_of(window: &ast::Window) -> Window {
    let moment = |point: &ast::TimePoint| match &point.literal {
        Literal::Date(day) => Some(Moment::Day(*day)),
        Literal::Local(local) => Some(Moment::Local(*local)),
        Literal::Instant(instant) => Some(Moment::Instant(instant.timestamp_micros())),
        _ => None,
    };
    match window {
        ast::Window::Rolling(length) => Window::Rolling(*length),
        ast::Window::Previous(length) => Window::Previous(*length),
        ast::Window::Ending { length, ago } => Window::Ending { length: *length, ago: *ago },
        ast::Window::ToDate(period) => Window::ToDate(*period),
        ast::Window::Last(period) => Window::Last(*period),
        ast::Window::PreviousToDate(period) => Window::PreviousToDate(*period),
        ast::Window::Absolute { from, to } => {
            Window::Absolute { from: from.as_ref().and_then(moment), to: to.as_ref().and_then(moment) }
        }
    }
}
