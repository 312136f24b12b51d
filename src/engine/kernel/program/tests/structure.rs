use super::*;
use crate::ir::{Segment, SegmentId, SubjectId};
use crate::source::{FileId, Span};
use crate::syntax::ast::CompareOp;

fn segment(name: &str, condition: NodeId) -> Segment {
    let span = Span::new(FileId(0), 0, 0);
    Segment { name: name.into(), label: None, subject: SubjectId(0), within: None, part_of: None, condition, span }
}

#[test]
fn constants_are_computed_before_the_first_row() {
    let mut fixture = Fixture::new();
    let a = fixture.numbers(&[Some("1"), None]);
    let (two, three) = (fixture.number("2"), fixture.number("3"));
    let six = fixture.add(Node::Multiply(two, three));
    let root = fixture.add(Node::Compare(CompareOp::Less, a, six));
    let program = fixture.program(vec![root, six]);
    assert_eq!((program.steps.len(), program.inputs()), (1, &[a][..]));
    let columns = program.evaluate(&[fixture.column(a)], 2).unwrap();
    assert_eq!((show(&columns[0]), show(&columns[1])), (vec!["yes".into(), "?".into()], vec!["6".into(), "6".into()]));
}

#[test]
fn what_is_shared_is_one_step() {
    let mut fixture = Fixture::new();
    let (a, b) = (fixture.bools(&[Some(true)]), fixture.bools(&[None]));
    let both = fixture.add(Node::And(vec![a, b]));
    let roots = vec![fixture.add(Node::Not(both)), fixture.add(Node::IsKnown(both)), both, a, both];
    let program = fixture.program(roots);
    assert_eq!(program.steps.len(), 3);
    let columns = program.evaluate(&[fixture.column(a), fixture.column(b)], 1).unwrap();
    assert_eq!(columns.iter().map(|column| show(column)[0].clone()).collect::<Vec<_>>(), ["?", "no", "?", "yes", "?"]);
}

#[test]
fn columns_are_let_go_after_their_last_use() {
    let mut fixture = Fixture::new();
    let a = fixture.bools(&[Some(true)]);
    let mut last = a;
    for _ in 0..10 {
        last = fixture.add(Node::Not(last));
    }
    let program = fixture.program(vec![last]);
    let done: Vec<_> = program.steps.iter().map(|step| step.done.clone()).collect();
    assert_eq!(done, (0..10).map(|slot| vec![slot]).collect::<Vec<_>>());
    let keeps_its_root = fixture.program(vec![last, a]);
    assert!(keeps_its_root.steps[0].done.is_empty());
}

#[test]
fn a_hundred_thousand_nodes_are_no_recursion() {
    let mut fixture = Fixture::new();
    let mut last = fixture.numbers(&[Some("3"), None]);
    for _ in 0..100_000 {
        last = fixture.add(Node::Negate(last));
    }
    assert_eq!(show(&fixture.evaluate(vec![last]).unwrap()[0]), ["3", "?"]);
}

#[test]
fn threads_may_share_a_program() {
    fn shared<T: Send + Sync>() {}
    shared::<Program>();
}

#[test]
fn no_rows_are_no_trouble() {
    let mut fixture = Fixture::new();
    let (a, t) = (fixture.numbers(&[]), fixture.texts(&[]));
    let (two, x) = (fixture.number("2"), fixture.text("x"));
    let sum = fixture.add(Node::Add(a, two));
    let roots = vec![
        fixture.add(Node::Divide(two, sum)),
        fixture.add(Node::Compare(CompareOp::Equal, sum, two)),
        fixture.add(Node::Compare(CompareOp::Equal, x, t)),
        fixture.add(Node::Least(vec![a, two])),
        fixture.add(Node::Coalesce(vec![x, t])),
        two,
    ];
    for column in fixture.evaluate(roots).unwrap() {
        assert!(column.is_empty());
    }
}

#[test]
fn a_membership_is_never_unknown() {
    let mut fixture = Fixture::new();
    let a = fixture.bools(&[Some(true), Some(false), None]);
    // The membership is added before the condition that it means.
    let member = fixture.add(Node::Member(SegmentId(0)));
    let not = fixture.add(Node::Not(member));
    let condition = fixture.add(Node::Not(a));
    fixture.ir.segments.push(segment("s", condition));
    let columns = fixture.evaluate(vec![not, member]).unwrap();
    assert_eq!((show(&columns[0]).join(" "), show(&columns[1]).join(" ")), ("yes no yes".into(), "no yes no".into()));
}

#[test]
fn a_cycle_is_an_error() {
    let mut fixture = Fixture::new();
    let member = fixture.add(Node::Member(SegmentId(0)));
    let not = fixture.add(Node::Not(member));
    fixture.ir.segments.push(segment("s", not));
    assert!(matches!(fixture.evaluate(vec![not]), Err(KernelError::Cycle(_))));
}

#[test]
fn inputs_must_be_what_they_should() {
    let mut fixture = Fixture::new();
    let a = fixture.numbers(&[Some("1"), None]);
    let root = fixture.add(Node::Negate(a));
    let program = fixture.program(vec![root]);
    assert!(matches!(program.evaluate(&[], 2), Err(KernelError::Inputs { expected: 1, found: 0 })));
    assert!(matches!(program.evaluate(&[fixture.column(a)], 3), Err(KernelError::Rows { expected: 3, found: 2 })));
    let text = Column::unknown(Type::Text, 2);
    assert!(matches!(program.evaluate(&[text], 2), Err(KernelError::Operand { expected: Type::Number, .. })));
}
