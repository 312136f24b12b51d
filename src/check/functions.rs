//! Scalar functions.

use std::rc::Rc;

use num_traits::ToPrimitive;

use super::typed::{ClosedSet, Typed, Units};
use super::{Checker, Code, Context, Diagnostic, nearest};
use crate::ir::{Node, Part, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{CompareOp, Expr, Ident, Period};

/// Scalar functions by name.
pub(crate) const FUNCTIONS: &[&str] = &[
    "abs",
    "age",
    "bucket",
    "coalesce",
    "day",
    "day_of_month",
    "greatest",
    "hour_of_day",
    "least",
    "length",
    "lower",
    "month",
    "month_of_year",
    "quarter",
    "round",
    "upper",
    "week",
    "weekday",
    "year",
];
const AGGREGATES: &[&str] = &[
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "median",
    "stddev",
    "first",
    "last",
    "mode",
    "mode_share",
    "percentile",
    "any",
    "none",
    "every",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Digits that rounding can ask for, on either side of the point.
const MAX_PLACES: i32 = 30;

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        function: &Ident,
        arguments: &[Expr],
        span: Span,
        context: Context<'_>,
    ) -> Option<Typed> {
        match function.text.as_str() {
            "abs" => {
                let typed = self.one_number(function, arguments, span, context)?;
                let node = self.plain(&typed);
                let node = self.ir.add(Node::Absolute(node));
                Some(Typed { set: None, ..typed.in_node(node) })
            }
            "round" => self.round(function, arguments, span, context),
            "bucket" => self.bucket(function, arguments, span, context),
            "least" | "greatest" | "coalesce" => self.choice(function, arguments, span, context),
            "length" | "lower" | "upper" => self.text_function(function, arguments, span, context),
            "age" => {
                let (typed, argument) = self.one(function, arguments, span, context)?;
                let day = self.day_argument(&typed, argument)?;
                let node = self.ir.add(Node::Age(day));
                Some(self.number(node, typed.nullable, Units::Unknown))
            }
            "day" => self.period(Period::Day, function, arguments, span, context),
            "week" => self.period(Period::Week, function, arguments, span, context),
            "month" => self.period(Period::Month, function, arguments, span, context),
            "quarter" => self.period(Period::Quarter, function, arguments, span, context),
            "year" => self.period(Period::Year, function, arguments, span, context),
            "hour_of_day" => self.part(Part::Hour, function, arguments, span, context),
            "weekday" => self.part(Part::Weekday, function, arguments, span, context),
            "day_of_month" => self.part(Part::DayOfMonth, function, arguments, span, context),
            "month_of_year" => self.part(Part::MonthOfYear, function, arguments, span, context),
            _ => self.unknown_function(function),
        }
    }

    fn unknown_function(&mut self, function: &Ident) -> Option<Typed> {
        let name = function.text.as_str();
        if AGGREGATES.contains(&name) {
            let message = format!("`{name}` is over rows of a table, and no table is named");
            let help = match name {
                "any" | "none" | "every" => format!("write `{name}(table where …)`"),
                "count" => "write `count(table)`, or `count(column of table)`".to_owned(),
                _ => format!("write `{name}(column of table)`"),
            };
            return self.fail(Diagnostic::new(Code::BadArgument, function.span, message).help(help));
        }
        let diagnostic =
            Diagnostic::new(Code::UnknownFunction, function.span, format!("there is no function `{name}`"));
        let other = match name {
            "hour" => Some("hour_of_day"),
            "day_of_week" | "dow" => Some("weekday"),
            "average" | "mean" => Some("avg"),
            "minimum" => Some("min"),
            "maximum" => Some("max"),
            "std" | "stdev" | "stddev_samp" => Some("stddev"),
            "ifnull" | "nvl" => Some("coalesce"),
            "len" => Some("length"),
            _ => nearest(name, FUNCTIONS.iter().chain(AGGREGATES).copied()),
        };
        self.fail(match other {
            Some(other) => diagnostic.fix(format!("did you mean `{other}`?"), other),
            None => diagnostic.help(format!(
                "there are {}",
                FUNCTIONS.iter().map(|f| format!("`{f}`")).collect::<Vec<_>>().join(", ")
            )),
        })
    }

    fn arity(&mut self, function: &Ident, found: usize, expected: &str, span: Span) -> Option<()> {
        let found = match found {
            0 => "none is given".to_owned(),
            1 => "one is given".to_owned(),
            _ => format!("{found} are given"),
        };
        let message = format!("`{}` takes {expected}, and {found}", function.text);
        self.fail(Diagnostic::new(Code::BadArgument, span, message))
    }

    fn one<'e>(
        &mut self,
        function: &Ident,
        arguments: &'e [Expr],
        span: Span,
        context: Context<'_>,
    ) -> Option<(Typed, &'e Expr)> {
        let [argument] = arguments else {
            self.arity(function, arguments.len(), "one argument", span)?;
            return None;
        };
        Some((self.value(argument, context)?, argument))
    }

    fn one_number(&mut self, function: &Ident, arguments: &[Expr], span: Span, context: Context<'_>) -> Option<Typed> {
        let [argument] = arguments else {
            self.arity(function, arguments.len(), "one number", span)?;
            return None;
        };
        self.number_value(argument, context)
    }

    fn round(&mut self, function: &Ident, arguments: &[Expr], span: Span, context: Context<'_>) -> Option<Typed> {
        let (value, places) = match arguments {
            [value] => (value, 0),
            [value, places] => {
                let typed = self.number_value(places, context)?;
                let constant = match self.ir.node(typed.node) {
                    Node::Constant(Value::Number(number)) if number.is_integer() => number.to_integer().to_i32(),
                    _ => None,
                };
                match constant.filter(|places| places.abs() <= MAX_PLACES) {
                    Some(places) => (value, places),
                    None => {
                        let message = format!("the places to round to are a whole number up to {MAX_PLACES}");
                        return self.fail(Diagnostic::new(Code::BadArgument, places.span, message));
                    }
                }
            }
            _ => {
                self.arity(function, arguments.len(), "one or two numbers, the second saying how many places", span)?;
                return None;
            }
        };
        let typed = self.number_value(value, context)?;
        let node = self.plain(&typed);
        let node = self.ir.add(Node::Round(node, places));
        Some(Typed { set: None, ..typed.in_node(node) })
    }

    /// `least`, `greatest`, `coalesce`: values of one type.
    fn choice(&mut self, function: &Ident, arguments: &[Expr], span: Span, context: Context<'_>) -> Option<Typed> {
        if arguments.len() < 2 {
            self.arity(function, arguments.len(), "two values or more", span)?;
        }
        let typed: Vec<Option<Typed>> = arguments.iter().map(|argument| self.value(argument, context)).collect();
        let typed = typed.into_iter().collect::<Option<Vec<_>>>()?;
        let (first, written) = (typed.first()?, arguments.first()?);
        let mut nodes = vec![self.plain(first)];
        for (other, argument) in typed.iter().zip(arguments).skip(1) {
            if other.ty != first.ty {
                let message = format!(
                    "the values of `{}` are of one type: `{}` is a {}, and this is a {}",
                    function.text,
                    crate::syntax::print(written),
                    first.ty,
                    other.ty
                );
                return self.fail(Diagnostic::new(Code::TypeMismatch, argument.span, message));
            }
            nodes.push(self.plain(other));
        }
        let ordered = function.text != "coalesce";
        if first.ty == Type::TextList || (ordered && first.ty == Type::Bool) {
            let message = format!("a {} has no order and no default here", first.ty);
            return self.fail(Diagnostic::new(Code::TypeMismatch, span, message));
        }
        let spans: Vec<(Typed, Span)> = typed.iter().cloned().zip(arguments.iter().map(|a| a.span)).collect();
        let unit = if first.ty == Type::Number { self.one_unit(&spans)? } else { Units::Unknown };
        let (node, nullable) = match function.text.as_str() {
            "least" => (Node::Least(nodes), typed.iter().any(|typed| typed.nullable)),
            "greatest" => (Node::Greatest(nodes), typed.iter().any(|typed| typed.nullable)),
            _ => (Node::Coalesce(nodes), typed.iter().all(|typed| typed.nullable)),
        };
        let node = self.ir.add(node);
        Some(Typed::new(node, first.ty).nullable(nullable).unit(unit))
    }

    /// `bucket(x, 10, 50, 100)`: one more than the bounds that x has reached.
    fn bucket(&mut self, function: &Ident, arguments: &[Expr], span: Span, context: Context<'_>) -> Option<Typed> {
        let (value, bounds) = match arguments {
            [value, bounds @ ..] if !bounds.is_empty() => (value, bounds),
            _ => {
                self.arity(function, arguments.len(), "a value and its bounds", span)?;
                return None;
            }
        };
        let typed = self.value(value, context);
        let limits: Vec<Option<Typed>> = bounds.iter().map(|bound| self.value(bound, context)).collect();
        let typed = typed?;
        let limits = limits.into_iter().collect::<Option<Vec<_>>>()?;
        if matches!(typed.ty, Type::Text | Type::Bool | Type::TextList) {
            let message = format!("a number, date, time or duration has bounds, and this is a {}", typed.ty);
            return self.fail(Diagnostic::new(Code::TypeMismatch, value.span, message));
        }
        for (limit, written) in limits.iter().zip(bounds) {
            // What can be compared can be a bound; the messages are the same.
            self.compare(CompareOp::GreaterOrEqual, (&typed, value), (limit, written), false, written.span)?;
            if limit.ty != typed.ty {
                let message =
                    format!("the bounds are of the type of the value, a {}, and this is a {}", typed.ty, limit.ty);
                let help = "write `day(…)` around a time to compare it with dates";
                return self.fail(Diagnostic::new(Code::TypeMismatch, written.span, message).help(help));
            }
        }
        self.ascending(&limits, bounds)?;
        let nullable = typed.nullable || limits.iter().any(|limit| limit.nullable);
        let node = self.plain(&typed);
        let limits = limits.iter().map(|limit| self.plain(limit)).collect();
        let node = self.ir.add(Node::Bucket { value: node, bounds: limits });
        Some(self.number(node, nullable, Units::count()))
    }

    fn text_function(
        &mut self,
        function: &Ident,
        arguments: &[Expr],
        span: Span,
        context: Context<'_>,
    ) -> Option<Typed> {
        let (typed, argument) = self.one(function, arguments, span, context)?;
        if typed.ty != Type::Text {
            let message = format!("`{}` is of a text, and this is a {}", function.text, typed.ty);
            return self.fail(Diagnostic::new(Code::TypeMismatch, argument.span, message));
        }
        let node = match function.text.as_str() {
            "length" => Node::Length(typed.node),
            "lower" => Node::Lower(typed.node),
            _ => Node::Upper(typed.node),
        };
        let node = self.ir.add(node);
        let ty = self.ir.ty(node);
        Some(Typed::new(node, ty).nullable(typed.nullable))
    }

    fn day_argument(&mut self, typed: &Typed, argument: &Expr) -> Option<crate::ir::NodeId> {
        if matches!(typed.ty, Type::Date | Type::Instant) {
            return Some(self.day_of(typed));
        }
        let message = format!("a date or a time is expected here, and this is a {}", typed.ty);
        self.fail(Diagnostic::new(Code::TypeMismatch, argument.span, message))
    }

    fn period(
        &mut self,
        period: Period,
        function: &Ident,
        arguments: &[Expr],
        span: Span,
        context: Context<'_>,
    ) -> Option<Typed> {
        let (typed, argument) = self.one(function, arguments, span, context)?;
        let day = self.day_argument(&typed, argument)?;
        let node = match period {
            Period::Day => day,
            _ => self.ir.add(Node::PeriodStart(period, day)),
        };
        Some(Typed::new(node, Type::Date).nullable(typed.nullable))
    }

    fn part(
        &mut self,
        part: Part,
        function: &Ident,
        arguments: &[Expr],
        span: Span,
        context: Context<'_>,
    ) -> Option<Typed> {
        let (typed, argument) = self.one(function, arguments, span, context)?;
        let of = match (part, typed.ty) {
            (Part::Hour, Type::Instant) => typed.node,
            (Part::Hour, Type::Date) => {
                let message = "a date has no hour";
                let help = "use a column that holds a time";
                return self.fail(Diagnostic::new(Code::TypeMismatch, argument.span, message).help(help));
            }
            _ => self.day_argument(&typed, argument)?,
        };
        let node = self.ir.add(Node::Part(part, of));
        let ty = self.ir.ty(node);
        let mut made = Typed::new(node, ty).nullable(typed.nullable);
        if part == Part::Weekday {
            let values = WEEKDAYS.iter().map(|day| (*day).to_owned()).collect();
            made.set = Some(Rc::new(ClosedSet { of: "weekday".to_owned(), values }));
        }
        Some(made)
    }
}
