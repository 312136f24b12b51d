//! What is said to make a test hold: it does, and less does not.

use std::cmp::Ordering;

use kohort::engine::why::{Change, Known, Needed, Reach, Step, Test, Why};
use kohort::ir::Value;
use kohort::syntax::ast::{CompareOp, Quantifier};
use num_rational::BigRational;
use num_traits::{One, Zero};

fn compares(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Equal => order.is_eq(),
        CompareOp::NotEqual => order.is_ne(),
        CompareOp::Less => order.is_lt(),
        CompareOp::LessOrEqual => order.is_le(),
        CompareOp::Greater => order.is_gt(),
        CompareOp::GreaterOrEqual => order.is_ge(),
    }
}

fn order(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::Bool(one), Value::Bool(other)) => Some(one.cmp(other)),
        (Value::Number(one), Value::Number(other)) => Some(one.cmp(other)),
        (Value::Text(one), Value::Text(other)) => Some(one.cmp(other)),
        (Value::Date(one), Value::Date(other)) => Some(one.cmp(other)),
        (Value::Instant(one), Value::Instant(other)) => Some(one.cmp(other)),
        (Value::Duration(one), Value::Duration(other)) => Some(one.cmp(other)),
        // A time beside a day: only the rule knows how.
        _ => None,
    }
}

/// Whether a value is as it is needed; none: something is not known, or of another type.
pub fn fulfils(value: &Known, needed: &[Needed]) -> Option<bool> {
    let Known::Value(value) = value else { return None };
    let mut all = true;
    for Needed { op, values, .. } in needed {
        let bounds = values.iter().map(|bound| match bound {
            Known::Value(bound) => order(value, bound).map(|order| compares(*op, order)),
            _ => None,
        });
        let bounds: Vec<bool> = bounds.collect::<Option<_>>()?;
        // One of several, or none of several.
        all &= match op {
            CompareOp::NotEqual => bounds.iter().all(|holds| *holds),
            _ => bounds.iter().any(|holds| *holds),
        };
    }
    Some(all)
}

/// What is wrong with a change that is told, if something is.
pub fn misleads(why: &Why, test: &Test, change: &Change) -> Option<String> {
    let (step, sign) = match change {
        Change::Become(values) => {
            let known = |value: &Value| Known::Value(value.clone());
            let value = test.operands.first().map(|operand| &operand.value);
            let leads = |one: &Value| fulfils(&known(one), &test.needed) == Some(true) && value != Some(&known(one));
            return (!values.iter().all(leads)).then(|| "another value does not help".to_owned());
        }
        Change::Rise(step) => (step, BigRational::one()),
        Change::Fall(step) => (step, -BigRational::one()),
    };
    let now = match test.quantifier {
        Some(_) => why.rows.get(*test.rows.first()?).map(|rows| BigRational::from_integer(rows.count.into())),
        None => match test.operands.first().map(|operand| &operand.value) {
            Some(Known::Value(Value::Number(number))) => Some(number.clone()),
            _ => None,
        },
    };
    let Some(now) = now else { return Some("nothing is there to change".to_owned()) };
    let holds = |number: &BigRational| match test.quantifier {
        Some(Quantifier::Any) => *number >= BigRational::one(),
        Some(Quantifier::None | Quantifier::Every) => number.is_zero(),
        None => fulfils(&Known::Value(Value::Number(number.clone())), &test.needed) == Some(true),
    };
    let Step { by, reach, counted } = step;
    // Whole things come one by one, everything else as little as one likes.
    let little = match counted {
        true => BigRational::one(),
        false => BigRational::new(1.into(), 1_000_000_000_000_i64.into()),
    };
    let there = &now + &sign * by;
    let (further, nearer) = (&there + &sign * &little, &there - &sign * &little);
    let positive = *by > BigRational::zero() || (by.is_zero() && *reach == Reach::MoreThan);
    let leads = positive
        && match reach {
            Reach::AtLeast => holds(&there) && !holds(&nearer),
            Reach::MoreThan => !holds(&there) && holds(&further),
            Reach::Exactly => holds(&there) && !holds(&nearer) && !holds(&further),
        };
    (!leads).then(|| format!("from {now} {step:?} does not lead there"))
}
