//! Random expressions over random columns mean what they mean for each row alone, in rational numbers.

use std::cmp::Ordering;

use num_traits::{Signed, Zero};
use proptest::prelude::*;

use super::*;
use crate::syntax::ast::CompareOp;

/// The value of a row, worked out alone.
#[derive(Clone, Debug, PartialEq)]
enum Naive {
    Number(Option<BigRational>),
    Bool(Option<bool>),
}

/// An operation on what was made before: indices are taken modulo what there is.
#[derive(Clone, Copy, Debug)]
struct Operation {
    kind: u8,
    a: usize,
    b: usize,
    c: usize,
}

fn operation() -> impl Strategy<Value = Operation> {
    (0u8..19, 0usize..1000, 0usize..1000, 0usize..1000).prop_map(|(kind, a, b, c)| Operation { kind, a, b, c })
}

fn cell() -> impl Strategy<Value = Option<i128>> {
    prop_oneof![
        4 => (-20i128..20).prop_map(Some),
        2 => any::<i64>().prop_map(|value| Some(value.into())),
        1 => any::<i128>().prop_map(Some),
        1 => Just(None),
    ]
}

pub(super) const OPS: [CompareOp; 6] = [
    CompareOp::Equal,
    CompareOp::NotEqual,
    CompareOp::Less,
    CompareOp::LessOrEqual,
    CompareOp::Greater,
    CompareOp::GreaterOrEqual,
];

/// Numbers and conditions made so far.
#[derive(Default)]
struct Made {
    numbers: Vec<NodeId>,
    bools: Vec<NodeId>,
}

fn pick<T: Clone>(from: &[T], at: usize) -> Option<T> {
    from.get(at % from.len().max(1)).cloned()
}

/// The node of an operation, if its operands are there, and whether it is a number.
fn node(op: Operation, made: &Made) -> Option<(Node, bool)> {
    let number = |at| pick(&made.numbers, at);
    let bool = |at| pick(&made.bools, at);
    let (a, b, c) = (op.a, op.b, op.c);
    Some(match op.kind {
        0 => (Node::Add(number(a)?, number(b)?), true),
        1 => (Node::Subtract(number(a)?, number(b)?), true),
        2 => (Node::Multiply(number(a)?, number(b)?), true),
        3 | 4 => (Node::Divide(number(a)?, number(b)?), true),
        5 => (Node::Negate(number(a)?), true),
        6 => (Node::Absolute(number(a)?), true),
        7 => (Node::Round(number(a)?, (b % 12) as i32 - 6), true),
        8 => (Node::Least(vec![number(a)?, number(b)?, number(c)?]), true),
        9 => (Node::Greatest(vec![number(a)?, number(b)?]), true),
        10 => (Node::Coalesce(vec![number(a)?, number(b)?, number(c)?]), true),
        11 => (Node::And(vec![bool(a)?, bool(b)?, bool(c)?]), false),
        12 => (Node::Or(vec![bool(a)?, bool(b)?]), false),
        13 => (Node::Not(bool(a)?), false),
        14 => (Node::IsKnown(number(a)?), false),
        15 => (Node::Choose(vec![(bool(a)?, number(b)?), (bool(c)?, number(a)?), (bool(b)?, number(c)?)]), true),
        16 => (Node::Bucket { value: number(a)?, bounds: vec![number(b)?, number(c)?] }, true),
        _ => (Node::Compare(pick(&OPS, c)?, number(a)?, number(b)?), false),
    })
}

/// The value of a node for one row, given those of the nodes before it.
fn naive(node: &Node, of: &dyn Fn(NodeId) -> Naive) -> Naive {
    let number = |id: &NodeId| match of(*id) {
        Naive::Number(value) => value,
        Naive::Bool(_) => panic!("not a number"),
    };
    let bool = |id: &NodeId| match of(*id) {
        Naive::Bool(value) => value,
        Naive::Number(_) => panic!("not a condition"),
    };
    let both = |a: &NodeId, b: &NodeId| number(a).zip(number(b));
    let all = |ids: &[NodeId]| ids.iter().map(number).collect::<Option<Vec<_>>>();
    match node {
        Node::Add(a, b) => Naive::Number(both(a, b).map(|(a, b)| a + b)),
        Node::Subtract(a, b) => Naive::Number(both(a, b).map(|(a, b)| a - b)),
        Node::Multiply(a, b) => Naive::Number(both(a, b).map(|(a, b)| a * b)),
        Node::Divide(a, b) => Naive::Number(both(a, b).filter(|(_, b)| !b.is_zero()).map(|(a, b)| a / b)),
        Node::Negate(a) => Naive::Number(number(a).map(|a| -a)),
        Node::Absolute(a) => Naive::Number(number(a).map(|a| a.abs())),
        Node::Round(a, places) => Naive::Number(number(a).map(|a| naive_round(&a, *places))),
        Node::Least(ids) => Naive::Number(all(ids).and_then(|values| values.into_iter().min())),
        Node::Greatest(ids) => Naive::Number(all(ids).and_then(|values| values.into_iter().max())),
        Node::Coalesce(ids) => Naive::Number(ids.iter().find_map(number)),
        Node::Choose(cases) => {
            let chosen = cases.iter().find(|(condition, _)| bool(condition) == Some(true));
            Naive::Number(chosen.and_then(|(_, value)| number(value)))
        }
        Node::Bucket { value, bounds } => Naive::Number(number(value).zip(all(bounds)).map(|(value, bounds)| {
            let passed = bounds.iter().filter(|bound| **bound <= value).count();
            BigRational::from_integer((passed + 1).into())
        })),
        Node::And(ids) => {
            let values: Vec<_> = ids.iter().map(bool).collect();
            let unknown = if values.contains(&None) { None } else { Some(true) };
            Naive::Bool(if values.contains(&Some(false)) { Some(false) } else { unknown })
        }
        Node::Or(ids) => {
            let values: Vec<_> = ids.iter().map(bool).collect();
            let unknown = if values.contains(&None) { None } else { Some(false) };
            Naive::Bool(if values.contains(&Some(true)) { Some(true) } else { unknown })
        }
        Node::Not(a) => Naive::Bool(bool(a).map(|a| !a)),
        Node::IsKnown(a) => Naive::Bool(Some(number(a).is_some())),
        Node::Compare(op, a, b) => Naive::Bool(both(a, b).map(|(a, b)| match (op, a.cmp(&b)) {
            (CompareOp::Equal, order) => order == Ordering::Equal,
            (CompareOp::NotEqual, order) => order != Ordering::Equal,
            (CompareOp::Less, order) => order == Ordering::Less,
            (CompareOp::LessOrEqual, order) => order != Ordering::Greater,
            (CompareOp::Greater, order) => order == Ordering::Greater,
            (CompareOp::GreaterOrEqual, order) => order != Ordering::Less,
        })),
        other => panic!("not made here: {other:?}"),
    }
}

/// Half to even by the distance to both neighbours.
fn naive_round(value: &BigRational, places: i32) -> BigRational {
    let unit = BigRational::from_integer(10.into()).pow(-places);
    let below = (value / &unit).floor();
    let above = &below + BigRational::from_integer(1.into());
    let (down, up) = (value / &unit - &below, &above - value / &unit);
    let even = |n: &BigRational| (n / BigRational::from_integer(2.into())).is_integer();
    let nearest = if down < up || (down == up && even(&below)) { below } else { above };
    nearest * unit
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn programs_agree_with_rows(
        columns in proptest::collection::vec((proptest::collection::vec(cell(), 4), 0u8..4), 3),
        constants in proptest::collection::vec((-30i64..30, 1i64..12), 3),
        operations in proptest::collection::vec(operation(), 1..14),
    ) {
        let mut fixture = Fixture::new();
        let mut made = Made::default();
        let mut rows: Vec<std::collections::HashMap<NodeId, Naive>> = vec![Default::default(); 4];
        for (values, scale) in &columns {
            let known: Vec<bool> = values.iter().map(Option::is_some).collect();
            let unscaled: Vec<i128> = values.iter().map(|value| value.unwrap_or(-1)).collect();
            let small: Option<Vec<i64>> = unscaled.iter().map(|value| i64::try_from(*value).ok()).collect();
            let nulls = Some(known.into());
            let numbers = match small {
                Some(small) => Numbers::Small { values: small.into(), scale: *scale, nulls },
                None => Numbers::Decimal { values: unscaled.into(), scale: *scale, nulls },
            };
            let id = fixture.input(ColumnKind::Decimal { digits: 38, scale: *scale as i8 }, Column::Number(numbers));
            made.numbers.push(id);
            let power = BigRational::from_integer(10.into()).pow((*scale).into());
            for (row, value) in rows.iter_mut().zip(values) {
                row.insert(id, Naive::Number(value.map(|value| BigRational::from_integer(value.into()) / &power)));
            }
        }
        for (numerator, denominator) in constants {
            let value = BigRational::new(numerator.into(), denominator.into());
            let id = fixture.add(Node::Constant(Value::Number(value.clone())));
            made.numbers.push(id);
            for row in &mut rows {
                row.insert(id, Naive::Number(Some(value.clone())));
            }
        }
        for op in operations {
            let Some((node, is_number)) = node(op, &made) else { continue };
            let id = fixture.add(node.clone());
            if is_number { made.numbers.push(id) } else { made.bools.push(id) }
            for row in &mut rows {
                let value = naive(&node, &|id| row[&id].clone());
                row.insert(id, value);
            }
        }
        let roots: Vec<NodeId> = made.numbers.iter().chain(&made.bools).copied().collect();
        let found = fixture.evaluate(roots.clone()).unwrap();
        for (root, column) in roots.iter().zip(&found) {
            for (at, row) in rows.iter().enumerate() {
                let found = match column {
                    Column::Bool(array) => Naive::Bool(array.is_valid(at).then(|| array.value(at))),
                    Column::Number(numbers) => Naive::Number(numbers.get(at)),
                    other => panic!("{other:?}"),
                };
                prop_assert_eq!(&found, &row[root], "{:?} in row {}", fixture.ir.node(*root), at);
            }
        }
    }
}
