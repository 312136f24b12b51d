use super::*;
use crate::ir::Root;
use crate::syntax::ast::CompareOp;

#[test]
fn arithmetic_on_columns_and_constants() {
    let mut fixture = Fixture::new();
    let a = fixture.numbers(&[Some("1.25"), Some("-3"), None, Some("0")]);
    let b = fixture.numbers(&[Some("1/3"), Some("0"), Some("1"), Some("2")]);
    let two = fixture.number("2");
    let unknown = fixture.add(Node::Unknown(Type::Number));
    assert_eq!(fixture.show(Node::Add(a, b)), "19/12 -3 ? 2");
    assert_eq!(fixture.show(Node::Subtract(two, a)), "3/4 5 ? 2");
    assert_eq!(fixture.show(Node::Multiply(a, two)), "5/2 -6 ? 0");
    assert_eq!(fixture.show(Node::Divide(a, b)), "15/4 ? ? 0");
    assert_eq!(fixture.show(Node::Divide(two, a)), "8/5 -2/3 ? ?");
    assert_eq!(fixture.show(Node::Negate(a)), "-5/4 3 ? 0");
    assert_eq!(fixture.show(Node::Absolute(a)), "5/4 3 ? 0");
    assert_eq!(fixture.show(Node::Round(a, 1)), "6/5 -3 ? 0");
    assert_eq!(fixture.show(Node::Round(a, -1)), "0 0 ? 0");
    assert_eq!(fixture.show(Node::Add(a, unknown)), "? ? ? ?");
    let root = fixture.add(Node::SquareRoot(a));
    assert_eq!(fixture.show(Node::Round(root, 3)), "559/500 ? ? 0");
}

#[test]
fn a_ratio_is_compared_exactly() {
    let mut fixture = Fixture::new();
    let a = fixture.numbers(&[Some("1"), Some("2"), Some("0.3334"), None, Some("-1"), Some("1")]);
    let b = fixture.numbers(&[Some("3"), Some("6"), Some("1"), Some("3"), Some("3"), Some("0")]);
    let (ratio, third) = (fixture.add(Node::Divide(a, b)), fixture.number("1/3"));
    assert_eq!(fixture.show(Node::Compare(CompareOp::Equal, ratio, third)), "yes yes no ? no ?");
    assert_eq!(fixture.show(Node::Compare(CompareOp::GreaterOrEqual, ratio, third)), "yes yes yes ? no ?");
    let inverse = fixture.add(Node::Divide(b, a));
    assert_eq!(fixture.show(Node::Compare(CompareOp::Less, inverse, ratio)), "no no no ? yes ?");
    assert_eq!(fixture.show(Node::Compare(CompareOp::Less, ratio, b)), "yes yes yes ? yes ?");
}

#[test]
fn a_deviation_is_compared_through_squares() {
    let mut fixture = Fixture::new();
    let variance = fixture.numbers(&[Some("2"), Some("4"), None, Some("0")]);
    let bound = fixture.numbers(&[Some("1.4142"), Some("2"), Some("1"), Some("-0.5")]);
    let (root, plain) = (Root { value: variance, is_root: true }, Root { value: bound, is_root: false });
    assert_eq!(fixture.show(Node::CompareRoots(CompareOp::Greater, root, plain)), "yes no ? yes");
    assert_eq!(fixture.show(Node::CompareRoots(CompareOp::Less, plain, root)), "yes no ? yes");
    assert_eq!(fixture.show(Node::CompareRoots(CompareOp::Equal, root, plain)), "no yes ? no");
    let two = fixture.number("2");
    let constant = Root { value: two, is_root: false };
    assert_eq!(fixture.show(Node::CompareRoots(CompareOp::GreaterOrEqual, root, constant)), "no yes ? no");
    let other = Root { value: two, is_root: true };
    assert_eq!(fixture.show(Node::CompareRoots(CompareOp::LessOrEqual, root, other)), "yes no ? yes");
}

#[test]
fn a_sum_that_overflows_is_still_right() {
    let mut fixture = Fixture::new();
    let huge = i128::MAX.to_string();
    let a = fixture
        .input(ColumnKind::Integer { digits: 20 }, Column::Number(Numbers::integers([i128::MAX, 5, i128::MIN], None)));
    let sum = fixture.add(Node::Add(a, a));
    let back = fixture.add(Node::Subtract(sum, a));
    assert_eq!(fixture.show(Node::Compare(CompareOp::Equal, back, a)), "yes yes yes");
    assert_eq!(fixture.show(Node::Compare(CompareOp::Greater, sum, a)), "yes yes no");
    let limit = fixture.number(&huge);
    assert_eq!(fixture.show(Node::Compare(CompareOp::Greater, sum, limit)), "yes no no");
}

#[test]
fn what_grows_without_end_is_refused() {
    let mut fixture = Fixture::new();
    let mut a = fixture.numbers(&[Some("12345.6789")]);
    for _ in 0..40 {
        a = fixture.add(Node::Multiply(a, a));
    }
    assert!(matches!(fixture.evaluate(vec![a]), Err(KernelError::NumberTooLarge { .. })));
    let mut constant = fixture.number("7");
    for _ in 0..40 {
        constant = fixture.add(Node::Multiply(constant, constant));
    }
    assert!(matches!(fixture.evaluate(vec![constant]), Err(KernelError::NumberTooLarge { .. })));
}
