use super::agreement::OPS;
use super::*;
use crate::engine::kernel::number::compare::holds;
use crate::syntax::ast::CompareOp;

const THREE: [Option<bool>; 3] = [Some(true), Some(false), None];

/// Two columns with every pair of truth values, and a third operand that changes nothing.
fn pairs() -> (Fixture, NodeId, NodeId) {
    let mut fixture = Fixture::new();
    let first: Vec<_> = THREE.iter().flat_map(|value| [*value; 3]).collect();
    let (a, b) = (fixture.bools(&first), fixture.bools(&THREE.repeat(3)));
    (fixture, a, b)
}

#[test]
fn truth_tables() {
    let (mut fixture, a, b) = pairs();
    assert_eq!(fixture.show(Node::And(vec![a, b])), "yes no ? no no no ? no ?");
    assert_eq!(fixture.show(Node::Or(vec![a, b])), "yes yes yes yes no ? yes ? ?");
    assert_eq!(fixture.show(Node::Not(b)), "no yes ? no yes ? no yes ?");
    assert_eq!(fixture.show(Node::IsKnown(b)), "yes yes no yes yes no yes yes no");
    assert_eq!(fixture.show(Node::IsTrue(b)), "yes no no yes no no yes no no");
    assert_eq!(fixture.show(Node::And(vec![a, b, a])), "yes no ? no no no ? no ?");
}

#[test]
fn constants_among_operands() {
    let (mut fixture, a, _) = pairs();
    let yes = fixture.add(Node::Constant(Value::Bool(true)));
    let no = fixture.add(Node::Constant(Value::Bool(false)));
    let unknown = fixture.add(Node::Unknown(Type::Bool));
    let same = "yes yes yes no no no ? ? ?";
    assert_eq!(fixture.show(Node::And(vec![yes, a])), same);
    assert_eq!(fixture.show(Node::Or(vec![a, no])), same);
    assert_eq!(fixture.show(Node::And(vec![a, no])), "no no no no no no no no no");
    assert_eq!(fixture.show(Node::Or(vec![unknown, a, yes])), "yes yes yes yes yes yes yes yes yes");
    assert_eq!(fixture.show(Node::And(vec![a, unknown])), "? ? ? no no no ? ? ?");
    assert_eq!(fixture.show(Node::Or(vec![unknown, a])), "yes yes yes ? ? ? ? ? ?");
    assert_eq!(fixture.show(Node::And(vec![unknown, no])), "no no no no no no no no no");
    assert_eq!(fixture.show(Node::IsTrue(unknown)), "no no no no no no no no no");
}

#[test]
fn every_type_compares() {
    let mut fixture = Fixture::new();
    let (a, b) =
        (fixture.bools(&[Some(false), Some(true), None]), fixture.bools(&[Some(true), Some(true), Some(true)]));
    assert_eq!(fixture.show(Node::Compare(CompareOp::Less, a, b)), "yes no ?");

    let (a, b) = (fixture.texts(&[Some("Z"), Some("é"), None]), fixture.texts(&[Some("a"), Some("z"), Some("")]));
    assert_eq!(fixture.show(Node::Compare(CompareOp::Less, a, b)), "yes no ?");
    let long = "a text beyond twelve bytes";
    let (a, c) = (fixture.texts(&[Some(long), Some("a"), None]), fixture.text(long));
    assert_eq!(fixture.show(Node::Compare(CompareOp::Equal, a, c)), "yes no ?");
    assert_eq!(fixture.show(Node::Compare(CompareOp::GreaterOrEqual, c, a)), "yes yes ?");

    let a = fixture.dates(&[Some("2026-03-31"), Some("2026-04-01"), None]);
    let today = fixture.add(Node::Today);
    assert_eq!(fixture.show(Node::Compare(CompareOp::LessOrEqual, a, today)), "yes no ?");
    let a = fixture.instants(&[Some("2026-03-31T08:00:00"), Some("2026-03-31T08:00:00.000001"), None]);
    let now = fixture.add(Node::Now);
    assert_eq!(fixture.show(Node::Compare(CompareOp::LessOrEqual, a, now)), "yes no ?");
    let a = fixture.add(Node::InstantDifference(a, now));
    let zero = fixture.add(Node::Constant(Value::Duration(0)));
    assert_eq!(fixture.show(Node::Compare(CompareOp::NotEqual, a, zero)), "no yes ?");
}

#[test]
fn sets_of_every_type() {
    let mut fixture = Fixture::new();
    let texts = |values: &[&str]| values.iter().map(|text| Value::Text((*text).into())).collect::<Vec<_>>();
    let a = fixture.texts(&[Some("x"), Some("y"), None, Some("")]);
    assert_eq!(fixture.show(Node::InSet(a, texts(&["x", "z"]))), "yes no ? no");
    let many: Vec<String> = (0..100).map(|n| format!("{n}")).chain(["y".into()]).collect();
    let many = many.iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(fixture.show(Node::InSet(a, texts(&many))), "no yes ? no");
    assert_eq!(fixture.show(Node::InSet(a, Vec::new())), "no no ? no");

    let numbers = |values: &[&str]| values.iter().map(|text| Value::Number(number(text))).collect::<Vec<_>>();
    let a = fixture.numbers(&[Some("1.5"), Some("2"), None, Some("-1.5")]);
    assert_eq!(fixture.show(Node::InSet(a, numbers(&["3/2", "1/3", "-2"]))), "yes no ? no");
    let ratios = fixture.add(Node::Divide(a, a));
    assert_eq!(fixture.show(Node::InSet(ratios, numbers(&["1", "7"]))), "yes yes ? yes");

    let a = fixture.dates(&[Some("2026-03-31"), Some("2026-04-01"), None, Some("1969-12-31")]);
    let days = vec![Value::Date(day("1969-12-31")), Value::Date(day("2026-03-31"))];
    assert_eq!(fixture.show(Node::InSet(a, days)), "yes no ? yes");
    let a = fixture.bools(&[Some(true), Some(false), None, Some(true)]);
    assert_eq!(fixture.show(Node::InSet(a, vec![Value::Bool(true)])), "yes no ? yes");
    let a = fixture.instants(&[Some("2026-03-31T08:00:00"), None, None, Some("2026-03-31T08:00:01")]);
    assert_eq!(fixture.show(Node::InSet(a, vec![Value::Instant(fixture.now)])), "yes ? ? no");
    let now = fixture.add(Node::Now);
    let a = fixture.add(Node::InstantDifference(a, now));
    assert_eq!(fixture.show(Node::InSet(a, vec![Value::Duration(1_000_000)])), "no ? ? yes");
}

#[test]
fn one_set_serves_batches_of_several_scales() {
    let mut fixture = Fixture::new();
    let a = fixture.numbers(&[Some("1.5"), Some("2")]);
    let root = fixture.add(Node::InSet(a, vec![Value::Number(number("1.5")), Value::Number(number("20"))]));
    let program = fixture.program(vec![root]);
    for (scale, values, expected) in
        [(1, vec![15, 20], ["yes", "no"]), (0, vec![15, 20], ["no", "yes"]), (2, vec![150, 2000], ["yes", "yes"])]
    {
        let small: Vec<i64> = values.iter().map(|value| *value as i64).collect();
        let column = Column::Number(Numbers::Decimal { values: values.into(), scale, nulls: None });
        assert_eq!(show(&program.evaluate(&[column], 2).unwrap()[0]), expected);
        let small = Column::Number(Numbers::Small { values: small.into(), scale, nulls: None });
        assert_eq!(show(&program.evaluate(&[small], 2).unwrap()[0]), expected);
    }
}

#[test]
fn least_greatest_coalesce() {
    let mut fixture = Fixture::new();
    let a = fixture.numbers(&[Some("1"), Some("2.5"), None, Some("-1"), None]);
    let b = fixture.numbers(&[Some("1/3"), Some("3"), Some("4"), None, None]);
    let two = fixture.number("2");
    assert_eq!(fixture.show(Node::Least(vec![a, b, two])), "1/3 2 ? ? ?");
    assert_eq!(fixture.show(Node::Greatest(vec![a, two, b])), "2 3 ? ? ?");
    assert_eq!(fixture.show(Node::Coalesce(vec![a, b])), "1 5/2 4 -1 ?");
    assert_eq!(fixture.show(Node::Coalesce(vec![a, b, two])), "1 5/2 4 -1 2");
    assert_eq!(fixture.show(Node::Coalesce(vec![two, a])), "2 2 2 2 2");
    let ratio = fixture.add(Node::Divide(two, a));
    assert_eq!(fixture.show(Node::Coalesce(vec![ratio, two])), "2 4/5 2 -2 2");

    let a = fixture.texts(&[Some("b"), Some("é"), None, Some(""), None]);
    let z = fixture.text("z");
    assert_eq!(fixture.show(Node::Least(vec![z, a])), "b z ?  ?");
    assert_eq!(fixture.show(Node::Greatest(vec![z, a])), "z é ? z ?");
    assert_eq!(fixture.show(Node::Coalesce(vec![a, z])), "b é z  z");

    let a = fixture.dates(&[Some("2026-04-01"), Some("2020-02-29"), None, None, None]);
    let today = fixture.add(Node::Today);
    assert_eq!(fixture.show(Node::Least(vec![a, today])), "2026-03-31 2020-02-29 ? ? ?");
    let a = fixture.bools(&[Some(true), Some(false), None, None, None]);
    let no = fixture.add(Node::Constant(Value::Bool(false)));
    assert_eq!(fixture.show(Node::Greatest(vec![a, no])), "yes no ? ? ?");
    assert_eq!(fixture.show(Node::Coalesce(vec![a, no])), "yes no no no no");
    let a = fixture.instants(&[Some("2026-03-31T08:01:00"), Some("2026-03-31T07:00:00"), None, None, None]);
    let now = fixture.add(Node::Now);
    assert_eq!(fixture.show(Node::Least(vec![a, now])), "2026-03-31T08:00 2026-03-31T07:00 ? ? ?");
    let zero = fixture.add(Node::Constant(Value::Duration(0)));
    let a = fixture.add(Node::InstantDifference(a, now));
    assert_eq!(fixture.show(Node::Greatest(vec![a, zero])), "60000000 0 ? ? ?");
}

/// Values in order and an unknown one, compared with each of them as a constant on either side, and with an unknown one.
fn compared_with_constants(fixture: &mut Fixture, column: NodeId, constants: &[NodeId], ty: Type) {
    let known = constants.len();
    for (at, constant) in constants.iter().copied().enumerate() {
        for op in OPS {
            let expected = |left_is_constant: bool| {
                let row = |row: usize| {
                    let order = if left_is_constant { at.cmp(&row) } else { row.cmp(&at) };
                    if holds(op, order) { "yes" } else { "no" }
                };
                let rows: Vec<&str> = (0..known).map(row).chain(["?"]).collect();
                rows.join(" ")
            };
            assert_eq!(fixture.show(Node::Compare(op, column, constant)), expected(false), "{ty} {op:?} {at}");
            assert_eq!(fixture.show(Node::Compare(op, constant, column)), expected(true), "{at} {op:?} {ty}");
            let unknown = fixture.add(Node::Unknown(ty));
            let nothing = vec!["?"; known + 1].join(" ");
            assert_eq!(fixture.show(Node::Compare(op, column, unknown)), nothing);
            assert_eq!(fixture.show(Node::Compare(op, unknown, column)), nothing);
        }
    }
}

#[test]
fn comparisons_with_constants_of_every_type() {
    let constants = |fixture: &mut Fixture, values: Vec<Value>| -> Vec<NodeId> {
        values.into_iter().map(|value| fixture.add(Node::Constant(value))).collect()
    };
    // Texts as long as a view holds, and longer ones with the same beginning.
    let texts = ["", "a", "abcdefghijkl", "abcdefghijklm", "abcdefghijkln", "b"];
    let mut fixture = Fixture::new();
    let column = fixture.texts(&texts.iter().copied().map(Some).chain([None]).collect::<Vec<_>>());
    let values = constants(&mut fixture, texts.iter().map(|text| Value::Text((*text).into())).collect());
    compared_with_constants(&mut fixture, column, &values, Type::Text);

    let dates = ["1969-12-31", "1970-01-01", "2026-03-31"];
    let mut fixture = Fixture::new();
    let column = fixture.dates(&dates.iter().copied().map(Some).chain([None]).collect::<Vec<_>>());
    let values = constants(&mut fixture, dates.iter().map(|date| Value::Date(day(date))).collect());
    compared_with_constants(&mut fixture, column, &values, Type::Date);

    let instants = ["1969-12-31T23:59:59", "1970-01-01T00:00:00", "2026-03-31T08:00:00"];
    let mut fixture = Fixture::new();
    let column = fixture.instants(&instants.iter().copied().map(Some).chain([None]).collect::<Vec<_>>());
    let values = constants(&mut fixture, instants.iter().map(|text| Value::Instant(instant(text))).collect());
    compared_with_constants(&mut fixture, column, &values, Type::Instant);
    let zero = fixture.add(Node::Constant(Value::Instant(0)));
    let since = fixture.add(Node::InstantDifference(column, zero));
    let elapsed = instants.iter().map(|text| Value::Duration(instant(text))).collect();
    let values = constants(&mut fixture, elapsed);
    compared_with_constants(&mut fixture, since, &values, Type::Duration);

    let numbers = ["-1.5", "0", "0.0001", "2", "3.75"];
    let mut fixture = Fixture::new();
    let column = fixture.numbers(&numbers.iter().copied().map(Some).chain([None]).collect::<Vec<_>>());
    let values = constants(&mut fixture, numbers.iter().map(|text| Value::Number(number(text))).collect());
    compared_with_constants(&mut fixture, column, &values, Type::Number);
}
