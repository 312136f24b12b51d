//! Arithmetic and scalar functions; unknown where an operand is.

use chrono::{Datelike, NaiveDate, Timelike};
use kohort::syntax::ast::{ArithmeticOp, Period};
use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::super::mutants::Mutant;
use super::super::value::Value;
use super::{Oracle, number, time};

impl Oracle<'_> {
    /// `-a`
    pub fn negated(&self, value: &Value) -> Value {
        match value {
            Value::Unknown => Value::Unknown,
            Value::Elapsed(_) | Value::ElapsedRoot(_) => Value::Elapsed(-number::elapsed(value)),
            _ => Value::Number(-self.number(value)),
        }
    }

    /// One step of a chain.
    pub fn arithmetic(&self, op: ArithmeticOp, left: &Value, right: &Value) -> Value {
        use ArithmeticOp::{Add, Divide, Multiply, Subtract};
        let duration = number::elapsed;
        let back = op == Subtract;
        match (left, op, right) {
            (Value::Unknown, _, _) | (_, _, Value::Unknown) => Value::Unknown,
            (Value::Date(date), Add | Subtract, Value::Span(span)) => Value::Date(time::step_date(*date, *span, back)),
            (Value::Instant(at), Add | Subtract, Value::Span(span)) => {
                Value::Instant(time::step_instant(self.calendar.zone, *at, *span, back))
            }
            (Value::Span(_), Add, Value::Date(_) | Value::Instant(_)) => self.arithmetic(op, right, left),
            (Value::Date(a), Subtract, Value::Date(b)) => elapsed((*a - *b).num_days() * time::DAY),
            (Value::Instant(a), Subtract, Value::Instant(b)) => elapsed(a - b),
            (Value::Instant(at), Add | Subtract, _) => {
                let micros = number::whole(&number::whole_micros(right));
                Value::Instant(if back { at - micros } else { at + micros })
            }
            _ if !number::is_elapsed(left) && !number::is_elapsed(right) => {
                self.calculated(op, self.number(left), self.number(right))
            }
            (_, Add, _) => Value::Elapsed(duration(left) + duration(right)),
            (_, Subtract, _) => Value::Elapsed(duration(left) - duration(right)),
            (Value::Number(times), Multiply, _) => Value::Elapsed(times * duration(right)),
            (_, Multiply, _) => Value::Elapsed(duration(left) * self.number(right)),
            (_, Divide, _) if number::is_elapsed(right) => self.calculated(op, duration(left), duration(right)),
            (_, Divide, _) => match self.calculated(op, duration(left), self.number(right)) {
                Value::Number(micros) => Value::Elapsed(micros),
                unknown => unknown,
            },
        }
    }

    fn calculated(&self, op: ArithmeticOp, left: BigRational, right: BigRational) -> Value {
        Value::Number(match op {
            ArithmeticOp::Add => left + right,
            ArithmeticOp::Subtract => left - right,
            ArithmeticOp::Multiply => left * right,
            ArithmeticOp::Divide if right.is_zero() && self.is(Mutant::DivisionByZeroIsZero) => right,
            ArithmeticOp::Divide if right.is_zero() => return Value::Unknown,
            ArithmeticOp::Divide => left / right,
        })
    }

    /// A known value as a number.
    pub fn number(&self, value: &Value) -> BigRational {
        number::plain(value).unwrap_or_else(|| panic!("{value:?} is not a number"))
    }

    /// The local day of a date or an instant.
    pub fn day(&self, value: &Value) -> Option<NaiveDate> {
        match value {
            Value::Unknown => None,
            Value::Date(date) => Some(*date),
            Value::Instant(at) => Some(self.calendar.day_of(*at)),
            other => panic!("{other:?} has no day"),
        }
    }

    /// A function of its arguments' values.
    pub fn call(&self, function: &str, arguments: &[Value]) -> Value {
        if function == "coalesce" {
            let known = arguments.iter().find(|one| one.is_known());
            return known.map_or(Value::Unknown, |one| match one {
                Value::Root(_) => Value::Number(self.number(one)),
                other => other.clone(),
            });
        }
        if !arguments.iter().all(Value::is_known) {
            return Value::Unknown;
        }
        match (function, arguments) {
            ("bucket", [x, bounds @ ..]) => {
                let below = |bound: &&Value| {
                    let order = number::compare(bound, x, &self.calendar).expect("known, as every argument");
                    order.is_lt() || (order.is_eq() && !self.is(Mutant::BucketBoundIsBelow))
                };
                Value::int(1 + bounds.iter().filter(below).count())
            }
            ("least", _) => self.extreme(arguments, false),
            ("greatest", _) => self.extreme(arguments, true),
            ("abs", [x]) if number::is_elapsed(x) => Value::Elapsed(number::elapsed(x).abs()),
            ("abs", [x]) => Value::Number(self.number(x).abs()),
            ("round", [x]) => self.rounded(&self.number(x), 0),
            ("round", [x, places]) => self.rounded(&self.number(x), number::whole(&self.number(places))),
            ("length", [Value::Text(text)]) => Value::int(text.chars().count()),
            ("length", [Value::List(items)]) => Value::int(items.len()),
            ("lower", [Value::Text(text)]) => Value::Text(text.to_lowercase()),
            ("upper", [Value::Text(text)]) => Value::Text(text.to_uppercase()),
            ("hour_of_day", [Value::Instant(at)]) => Value::int(time::local(self.calendar.zone, *at).hour()),
            (_, [when]) => self.day_function(function, self.day(when).expect("known, as every argument")),
            _ => panic!("no function {function} of {arguments:?}"),
        }
    }

    /// Functions of a local day: the period it falls in, its place in a period, the age of who was born on it.
    fn day_function(&self, function: &str, day: NaiveDate) -> Value {
        let start = |period| Value::Date(time::period_start(period, day, self.calendar.week_starts));
        match function {
            "day" => start(Period::Day),
            "week" => start(Period::Week),
            "month" => start(Period::Month),
            "quarter" => start(Period::Quarter),
            "year" => start(Period::Year),
            "day_of_month" => Value::int(day.day()),
            "month_of_year" => Value::int(day.month()),
            "weekday" => Value::Text(weekday(day).to_owned()),
            "age" => Value::int(self.calendar.age(day)),
            _ => panic!("no function {function}"),
        }
    }

    fn rounded(&self, x: &BigRational, places: i64) -> Value {
        let round = if self.is(Mutant::RoundHalfUp) { number::round_half_up } else { number::round_half_even };
        Value::Number(round(x, places))
    }

    fn extreme(&self, arguments: &[Value], greatest: bool) -> Value {
        let plain = |value: &Value| match value {
            Value::Root(_) => Value::Number(self.number(value)),
            other => other.clone(),
        };
        let mut values = arguments.iter().map(plain);
        let first = values.next().expect("at least one argument");
        values.fold(first, |best, next| {
            let order = number::compare(&next, &best, &self.calendar).expect("known, as every argument");
            let better = if greatest { order.is_gt() } else { order.is_lt() };
            if better { next } else { best }
        })
    }
}

/// So many microseconds.
pub fn elapsed(micros: i64) -> Value {
    Value::Elapsed(BigRational::from_integer(micros.into()))
}

fn weekday(day: NaiveDate) -> &'static str {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    NAMES[day.weekday().num_days_from_monday() as usize]
}
