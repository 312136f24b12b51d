//! Durations, windows that make sense, and nearness to today.

use super::typed::Typed;
use super::{Checker, Code, Context, Diagnostic};
use crate::ir::{Moment, Node, NodeId, Type, Window};
use crate::source::Span;
use crate::syntax::ast::{Direction, Duration, Expr, Unit};

impl Checker<'_> {
    /// A duration as microseconds; a day is 24 hours here, and months have no one length.
    pub(super) fn exact_duration(&mut self, duration: Duration, span: Span) -> Option<i64> {
        let minutes: i64 = match duration.unit {
            Unit::Minute => 1,
            Unit::Hour => 60,
            Unit::Day => 24 * 60,
            Unit::Week => 7 * 24 * 60,
            Unit::Month | Unit::Quarter | Unit::Year => {
                let message = "months, quarters and years have no one length to compare a difference with";
                let help = "move one of the two times instead: `a <= b + 3mo`";
                return self.fail(Diagnostic::new(Code::DurationForm, span, message).help(help));
            }
        };
        let micros = minutes.checked_mul(60_000_000).and_then(|micros| micros.checked_mul(i64::from(duration.count)));
        match micros {
            Some(micros) => Some(micros),
            None => self.fail(Diagnostic::new(Code::DurationForm, span, "this duration is longer than time")),
        }
    }

    /// Reports a window that can hold nothing.
    pub(super) fn sane_window(&mut self, window: &Window, span: Span) -> Option<()> {
        let empty = match window {
            Window::Rolling(length) | Window::Previous(length) | Window::Ending { length, .. } => length.count == 0,
            Window::Absolute { from: Some(Moment::Day(from)), to: Some(Moment::Day(to)) } => from > to,
            Window::Absolute { from: Some(Moment::Local(from)), to: Some(Moment::Local(to)) } => from > to,
            Window::Absolute { from: Some(Moment::Instant(from)), to: Some(Moment::Instant(to)) } => from > to,
            _ => false,
        };
        if !empty {
            return Some(());
        }
        let diagnostic = Diagnostic::new(Code::BadArgument, span, "this window can hold nothing");
        self.fail(diagnostic.help("give it a length of at least 1, and let it end after it starts"))
    }

    /// The local day of a date or an instant.
    pub(super) fn day_of(&mut self, typed: &Typed) -> NodeId {
        match typed.ty {
            Type::Instant => self.ir.add(Node::LocalDate(typed.node)),
            _ => typed.node,
        }
    }

    pub(super) fn within(
        &mut self,
        expr: &Expr,
        (negated, anniversary): (bool, bool),
        value: &Expr,
        direction: Direction,
        length: Duration,
        context: Context<'_>,
    ) -> Option<Typed> {
        let typed = self.value(value, context)?;
        if !matches!(typed.ty, Type::Date | Type::Instant) {
            let message = format!("a date or a time is expected here, and this is a {}", typed.ty);
            return self.fail(Diagnostic::new(Code::TypeMismatch, value.span, message));
        }
        if matches!(length.unit, Unit::Minute | Unit::Hour) {
            let message = "`within` counts days: today and the days before or after it";
            let help = "for hours write a comparison: `… > 6h ago`";
            return self.fail(Diagnostic::new(Code::DurationForm, expr.span, message).help(help));
        }
        let day = self.day_of(&typed);
        let node = self.ir.add(Node::Within { value: day, anniversary, direction, span: length });
        let test = Typed::new(node, Type::Bool).nullable(typed.nullable);
        Some(self.negated(negated, test, expr, context))
    }
}
