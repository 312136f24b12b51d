//! What would make a test hold, where arithmetic says it exactly.

use num_rational::BigRational;
use num_traits::{One, Zero};

use super::draft::{ChangeSketch, NumberSketch};
use super::model::{Change, Known, Reach, Step, Truth};
use crate::ir::{NodeId, Value};
use crate::syntax::ast::CompareOp;

/// What would make a test hold that does not; none: that cannot be said in one exact sentence.
pub(super) fn change(sketch: &ChangeSketch, value: &dyn Fn(NodeId) -> Known) -> Option<Change> {
    match sketch {
        ChangeSketch::Untold => None,
        ChangeSketch::Become(values) => Some(Change::Become(values.clone())),
        ChangeSketch::Numbers(numbers) => {
            let mut failing = numbers.iter().filter(|number| value(number.holds).truth() != Truth::True);
            let (first, more) = (failing.next()?, failing.next());
            match more {
                None => step(first, value),
                Some(_) => None,
            }
        }
    }
}

fn step(of: &NumberSketch, value: &dyn Fn(NodeId) -> Known) -> Option<Change> {
    let (Known::Value(Value::Number(now)), Known::Value(Value::Number(bound))) = (value(of.value), value(of.bound))
    else {
        return None;
    };
    let one = BigRational::one();
    // Whole things reach the next whole number: more than 2 are 3.
    let (target, reach) = match (of.op, of.counted) {
        (CompareOp::Greater, true) => (bound.floor() + one, Reach::AtLeast),
        (CompareOp::GreaterOrEqual, true) => (bound.ceil(), Reach::AtLeast),
        (CompareOp::Less, true) => (bound.ceil() - one, Reach::AtLeast),
        (CompareOp::LessOrEqual, true) => (bound.floor(), Reach::AtLeast),
        (CompareOp::Greater | CompareOp::Less, false) => (bound, Reach::MoreThan),
        (CompareOp::GreaterOrEqual | CompareOp::LessOrEqual, false) => (bound, Reach::AtLeast),
        (CompareOp::Equal, counted) if !counted || bound.is_integer() => (bound, Reach::Exactly),
        (CompareOp::Equal | CompareOp::NotEqual, _) => return None,
    };
    let by = &target - &now;
    let counted = of.counted;
    match of.op {
        // No count is below nothing.
        _ if counted && target < BigRational::zero() => None,
        CompareOp::Less | CompareOp::LessOrEqual => Some(Change::Fall(Step { by: -by, reach, counted })),
        CompareOp::Equal if by < BigRational::zero() => Some(Change::Fall(Step { by: -by, reach, counted })),
        _ => Some(Change::Rise(Step { by, reach, counted })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(op: CompareOp, counted: bool, now: (i64, i64), bound: (i64, i64)) -> Option<(&'static str, String, Reach)> {
        let of = NumberSketch { holds: NodeId(0), op, value: NodeId(1), bound: NodeId(2), counted };
        let number = |(above, below): (i64, i64)| BigRational::new(above.into(), below.into());
        let value = |node: NodeId| match node.0 {
            0 => Known::Value(Value::Bool(false)),
            1 => Known::Value(Value::Number(number(now))),
            _ => Known::Value(Value::Number(number(bound))),
        };
        match change(&ChangeSketch::Numbers(vec![of]), &value)? {
            Change::Rise(step) => Some(("rise", step.by.to_string(), step.reach)),
            Change::Fall(step) => Some(("fall", step.by.to_string(), step.reach)),
            Change::Become(_) => None,
        }
    }

    #[test]
    fn counts_reach_whole_numbers() {
        use CompareOp::*;
        let of = |op, now, bound| said(op, true, (now, 1), bound).map(|(way, by, _)| (way, by));
        assert_eq!(of(GreaterOrEqual, 1, (2, 1)), Some(("rise", "1".to_owned())));
        assert_eq!(of(Greater, 2, (2, 1)), Some(("rise", "1".to_owned())));
        assert_eq!(of(GreaterOrEqual, 1, (5, 2)), Some(("rise", "2".to_owned())));
        assert_eq!(of(Less, 7, (5, 2)), Some(("fall", "5".to_owned())));
        assert_eq!(of(LessOrEqual, 7, (5, 2)), Some(("fall", "5".to_owned())));
        assert_eq!(of(Equal, 7, (0, 1)), Some(("fall", "7".to_owned())));
        assert_eq!(of(Equal, 7, (1, 2)), None, "no count is a half");
        assert_eq!(of(Less, 0, (0, 1)), None, "no count is below nothing");
        assert_eq!(of(NotEqual, 2, (2, 1)), None);
    }

    #[test]
    fn sums_come_as_close_as_they_like() {
        use CompareOp::*;
        assert_eq!(said(Greater, false, (300, 1), (500, 1)), Some(("rise", "200".to_owned(), Reach::MoreThan)));
        assert_eq!(said(GreaterOrEqual, false, (1, 3), (1, 2)), Some(("rise", "1/6".to_owned(), Reach::AtLeast)));
        assert_eq!(said(Less, false, (500, 1), (500, 1)), Some(("fall", "0".to_owned(), Reach::MoreThan)));
        assert_eq!(said(Equal, false, (3, 1), (2, 1)), Some(("fall", "1".to_owned(), Reach::Exactly)));
    }

    #[test]
    fn two_at_once_are_not_one_sentence() {
        let of =
            |holds| NumberSketch { holds, op: CompareOp::Greater, value: NodeId(1), bound: NodeId(1), counted: true };
        let two = ChangeSketch::Numbers(vec![of(NodeId(0)), of(NodeId(0))]);
        assert_eq!(change(&two, &|_| Known::Unknown), None);
    }
}
