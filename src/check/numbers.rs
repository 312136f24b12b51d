//! Arithmetic: on numbers, and on dates, instants and durations where it has a meaning.

use num_bigint::BigInt;
use num_rational::BigRational;
use rust_decimal::Decimal;

use super::typed::{Typed, Units};
use super::{Checker, Code, Context, Diagnostic};
use crate::ir::{Node, NodeId, Type};
use crate::source::Span;
use crate::syntax::ast::{ArithmeticOp, Duration, Expr, ExprKind, Literal, Unit};

/// A literal as the exact number it is.
pub(super) fn rational(number: Decimal) -> BigRational {
    let denominator = BigInt::from(10).pow(number.scale());
    BigRational::new(BigInt::from(number.mantissa()), denominator)
}

impl Checker<'_> {
    pub(super) fn negative(&mut self, inner: &Expr, context: Context<'_>) -> Option<Typed> {
        let typed = self.number_value(inner, context)?;
        if let Node::Constant(crate::ir::Value::Number(number)) = self.ir.node(typed.node) {
            let negative = crate::ir::Value::Number(-number.clone());
            let node = self.ir.add(Node::Constant(negative));
            return Some(Typed { node, ..typed });
        }
        let node = self.plain(&typed);
        let node = self.ir.add(Node::Negate(node));
        Some(Typed { set: None, ..typed.in_node(node) })
    }

    pub(super) fn arithmetic(
        &mut self,
        whole: Span,
        first: &Expr,
        rest: &[(ArithmeticOp, Expr)],
        context: Context<'_>,
    ) -> Option<Typed> {
        let mut left = self.operand(first, context);
        for (at, (op, right)) in rest.iter().enumerate() {
            // A message is about the chain up to here.
            let span = if at + 1 == rest.len() { whole } else { Span { end: right.span.end, ..whole } };
            // Every operand is looked at, so that all mistakes are told.
            let right = self.operand(right, context);
            left = match (left, right) {
                (Some(left), Some(right)) => self.operation(*op, left, right, span).map(Operand::Value),
                _ => None,
            };
        }
        match left? {
            Operand::Value(typed) => Some(typed),
            Operand::Duration(_) => None,
        }
    }

    fn operand(&mut self, expr: &Expr, context: Context<'_>) -> Option<Operand> {
        match &expr.kind {
            ExprKind::Literal(Literal::Duration(duration)) => Some(Operand::Duration(*duration)),
            _ => self.value(expr, context).map(Operand::Value),
        }
    }

    fn operation(&mut self, op: ArithmeticOp, left: Operand, right: Operand, span: Span) -> Option<Typed> {
        if let (Operand::Value(left), Operand::Duration(duration)) = (&left, &right)
            && matches!(left.ty, Type::Date | Type::Instant)
        {
            return self.shift(op, left, *duration, span);
        }
        let (left, right) = (self.settled(left, span)?, self.settled(right, span)?);
        match (left.ty, right.ty) {
            (Type::Number, Type::Number) => self.calculation(op, left, right, span),
            (Type::Duration, Type::Duration) => self.durations(op, left, right, span),
            (Type::Duration, Type::Number) if matches!(op, ArithmeticOp::Multiply | ArithmeticOp::Divide) => {
                Some(self.scaled(op, left, right))
            }
            (Type::Number, Type::Duration) if op == ArithmeticOp::Multiply => Some(self.scaled(op, right, left)),
            (Type::Instant, Type::Duration) if matches!(op, ArithmeticOp::Add | ArithmeticOp::Subtract) => {
                Some(self.elapsed_from(op, &left, &right))
            }
            (Type::Date | Type::Instant, Type::Date | Type::Instant) if op == ArithmeticOp::Subtract => {
                self.difference(left, right)
            }
            (a, b) => {
                let message = format!("a {a} and a {b} cannot be combined like this");
                let diagnostic = Diagnostic::new(Code::TypeMismatch, span, message);
                let diagnostic = match (a, b) {
                    (Type::Date | Type::Instant, Type::Number) => {
                        diagnostic.help("say of what, as in `+ 30d` or `+ 3mo`")
                    }
                    (Type::Date, Type::Duration) => diagnostic.help(
                        "a date is moved by a duration written out, as in `+ 30d`; a time, as `at` is one, by any",
                    ),
                    (Type::Instant, Type::Duration) => {
                        diagnostic.help("a duration is added to a time, or taken from it")
                    }
                    (Type::Duration, Type::Number) | (Type::Number, Type::Duration) => diagnostic
                        .help("divide the duration by a unit to calculate with it: `(… - …) / 1d` is a number of days"),
                    _ => diagnostic.help("`+ - * /` are for numbers; a time is moved by a duration, as in `… + 30d`"),
                };
                self.fail(diagnostic)
            }
        }
    }

    fn settled(&mut self, operand: Operand, span: Span) -> Option<Typed> {
        match operand {
            Operand::Value(typed) => Some(typed),
            Operand::Duration(duration) => {
                let micros = self.exact_duration(duration, span)?;
                let node = self.ir.add(Node::Constant(crate::ir::Value::Duration(micros)));
                Some(Typed::new(node, Type::Duration))
            }
        }
    }

    fn calculation(&mut self, op: ArithmeticOp, left: Typed, right: Typed, span: Span) -> Option<Typed> {
        let (a, b) = (self.plain(&left), self.plain(&right));
        let mut nullable = left.nullable || right.nullable;
        let unit = match op {
            ArithmeticOp::Add | ArithmeticOp::Subtract => match left.unit.meet(&right.unit) {
                Some(unit) => unit,
                None => {
                    let verb = if op == ArithmeticOp::Add { "added to" } else { "taken from" };
                    let (a, b) = match op {
                        ArithmeticOp::Add => (&left.unit, &right.unit),
                        _ => (&right.unit, &left.unit),
                    };
                    let message = format!("{a} is {verb} {b}");
                    let help = "amounts of one unit can be added; a `unit:` in the catalogue may be missing or wrong";
                    return self.fail(Diagnostic::new(Code::UnitMismatch, span, message).help(help));
                }
            },
            ArithmeticOp::Multiply => left.unit.combine(&right.unit, 1),
            ArithmeticOp::Divide => left.unit.combine(&right.unit, -1),
        };
        let node = match op {
            ArithmeticOp::Add => Node::Add(a, b),
            ArithmeticOp::Subtract => Node::Subtract(a, b),
            ArithmeticOp::Multiply => Node::Multiply(a, b),
            ArithmeticOp::Divide => {
                nullable |= !self.never_zero(b);
                Node::Divide(a, b)
            }
        };
        let node = self.ir.add(node);
        Some(self.number(node, nullable, unit))
    }

    fn never_zero(&self, node: NodeId) -> bool {
        use num_traits::Zero;
        matches!(self.ir.node(node), Node::Constant(crate::ir::Value::Number(number)) if !number.is_zero())
    }

    fn durations(&mut self, op: ArithmeticOp, left: Typed, right: Typed, span: Span) -> Option<Typed> {
        let nullable = left.nullable || right.nullable;
        let exact = left.micros || right.micros || left.root || right.root;
        if exact {
            return self.exact_durations(op, &left, &right, span);
        }
        let (a, b) = (left.node, right.node);
        let (node, ty) = match op {
            ArithmeticOp::Add => (Node::AddDuration(a, b), Type::Duration),
            ArithmeticOp::Subtract => (Node::SubtractDuration(a, b), Type::Duration),
            ArithmeticOp::Divide => (Node::DivideDuration(a, b), Type::Number),
            ArithmeticOp::Multiply => {
                return self.product_of_durations(span);
            }
        };
        let nullable = nullable || op == ArithmeticOp::Divide;
        let node = self.ir.add(node);
        Some(Typed::new(node, ty).nullable(nullable).unit(Units::Unknown))
    }

    /// Durations of which one is no whole number of microseconds.
    fn exact_durations(&mut self, op: ArithmeticOp, left: &Typed, right: &Typed, span: Span) -> Option<Typed> {
        let nullable = left.nullable || right.nullable;
        let (a, b) = (self.microseconds(left), self.microseconds(right));
        let node = match op {
            ArithmeticOp::Add => Node::Add(a, b),
            ArithmeticOp::Subtract => Node::Subtract(a, b),
            ArithmeticOp::Divide => {
                let node = self.ir.add(Node::Divide(a, b));
                return Some(self.number(node, true, Units::Unknown));
            }
            ArithmeticOp::Multiply => return self.product_of_durations(span),
        };
        let node = self.ir.add(node);
        Some(Typed { micros: true, ..Typed::new(node, Type::Duration).nullable(nullable) })
    }

    fn product_of_durations<T>(&mut self, span: Span) -> Option<T> {
        let message = "two durations are multiplied, which means nothing";
        let help = "divide a duration by a unit to calculate with it: `(… - …) / 1d` is a number of days";
        self.fail(Diagnostic::new(Code::TypeMismatch, span, message).help(help))
    }

    /// A duration so many times, or by a number.
    fn scaled(&mut self, op: ArithmeticOp, duration: Typed, number: Typed) -> Typed {
        let mut nullable = duration.nullable || number.nullable;
        let (a, b) = (self.microseconds(&duration), self.plain(&number));
        let node = match op {
            ArithmeticOp::Divide => {
                nullable |= !self.never_zero(b);
                Node::Divide(a, b)
            }
            _ => Node::Multiply(a, b),
        };
        let node = self.ir.add(node);
        Typed { micros: true, ..Typed::new(node, Type::Duration).nullable(nullable) }
    }

    /// An instant and a duration: elapsed time, not steps of the calendar.
    fn elapsed_from(&mut self, op: ArithmeticOp, instant: &Typed, duration: &Typed) -> Typed {
        let elapsed = match op {
            ArithmeticOp::Subtract => {
                let micros = self.microseconds(duration);
                let back = self.ir.add(Node::Negate(micros));
                self.ir.add(Node::Elapsed(back))
            }
            _ => self.plain(duration),
        };
        let node = self.ir.add(Node::AddElapsed(instant.node, elapsed));
        // Beyond the calendar there are no instants.
        Typed::new(node, Type::Instant).nullable(true)
    }

    /// A duration as a number of microseconds, rooted.
    pub(super) fn microseconds(&mut self, duration: &Typed) -> NodeId {
        let micros = self.micros(duration);
        if micros.root { self.ir.add(Node::SquareRoot(micros.node)) } else { micros.node }
    }

    /// A duration as a number of microseconds; a deviation stays squared.
    pub(super) fn micros(&mut self, duration: &Typed) -> Typed {
        if duration.micros {
            return duration.clone();
        }
        let node = match self.ir.node(duration.node) {
            Node::Constant(crate::ir::Value::Duration(micros)) => {
                let number = crate::ir::Value::Number(BigRational::from_integer(BigInt::from(*micros)));
                self.ir.add(Node::Constant(number))
            }
            _ => self.ir.add(Node::Microseconds(duration.node)),
        };
        Typed { node, micros: true, ..duration.clone() }
    }

    fn difference(&mut self, left: Typed, right: Typed) -> Option<Typed> {
        let nullable = left.nullable || right.nullable;
        let node = if (left.ty, right.ty) == (Type::Instant, Type::Instant) {
            Node::InstantDifference(left.node, right.node)
        } else {
            let (a, b) = (self.day_of(&left), self.day_of(&right));
            Node::DateDifference(a, b)
        };
        let node = self.ir.add(node);
        Some(Typed::new(node, Type::Duration).nullable(nullable))
    }

    fn shift(&mut self, op: ArithmeticOp, left: &Typed, duration: Duration, span: Span) -> Option<Typed> {
        let count = match op {
            ArithmeticOp::Add => i64::from(duration.count),
            ArithmeticOp::Subtract => -i64::from(duration.count),
            ArithmeticOp::Multiply | ArithmeticOp::Divide => {
                let message = format!("a {} cannot be multiplied or divided", left.ty);
                let help = "it is moved by a duration: `… + 30d`, `… - 3mo`";
                return self.fail(Diagnostic::new(Code::TypeMismatch, span, message).help(help));
            }
        };
        let clock = matches!(duration.unit, Unit::Minute | Unit::Hour);
        let node = match left.ty {
            Type::Date if clock => {
                let message = "a date has no hours and minutes to add to";
                let help = "use days or longer units, or a column that holds a time";
                return self.fail(Diagnostic::new(Code::TypeMismatch, span, message).help(help));
            }
            Type::Date => Node::ShiftDate(left.node, count, duration.unit),
            _ => Node::ShiftInstant(left.node, count, duration.unit),
        };
        let node = self.ir.add(node);
        Some(Typed::new(node, left.ty).nullable(left.nullable))
    }
}

enum Operand {
    Value(Typed),
    /// A duration written out: months and years have a meaning beside a time only.
    Duration(Duration),
}
