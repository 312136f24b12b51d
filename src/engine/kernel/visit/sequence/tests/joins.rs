//! Steps that refer to rows matched before.

use datafusion::arrow::array::StringViewArray;

use super::*;

fn row(time: i64, steps: &str) -> Row {
    Row::new(time, 0, steps)
}

fn keyed(time: i64, steps: &str, key: i64) -> Row {
    row(time, steps).with(Some(key), None)
}

fn valued(time: i64, steps: &str, value: i64) -> Row {
    row(time, steps).with(None, Some(value))
}

/// A sequence of which a step's rows have the key of an earlier one's.
fn same_key(steps: &str, pairs: &[(usize, usize)]) -> Fixture {
    let mut fixture = Fixture::new(steps);
    for (step, earlier) in pairs {
        let condition = fixture.same_key(*earlier);
        fixture.join(*step, condition);
    }
    fixture
}

#[test]
fn all_choices_are_considered() {
    let fixture = same_key("a b", &[(1, 0)]);
    assert!(fixture.holds(&[keyed(1, "a", 1), keyed(2, "a", 2), keyed(3, "b", 1)]));
    assert!(fixture.holds(&[keyed(1, "a", 1), keyed(2, "b", 2), keyed(3, "b", 1)]));
    assert!(!fixture.holds(&[keyed(1, "a", 1), keyed(2, "a", 2), keyed(3, "b", 3)]));
    assert!(!fixture.holds(&[keyed(1, "b", 1), keyed(2, "a", 1)]));
    assert!(!fixture.holds(&[keyed(1, "ab", 1)]), "not with itself");
}

#[test]
fn unknown_equals_nothing() {
    let fixture = same_key("a b", &[(1, 0)]);
    assert!(!fixture.holds(&[row(1, "a"), row(2, "b")]));
    assert!(!fixture.holds(&[keyed(1, "a", 7), row(2, "b")]));
    let mut different = Fixture::new("a b");
    let key = different.key();
    let other = different.earlier(0, key);
    let condition = different.add(Node::Compare(CompareOp::NotEqual, key, other));
    different.join(1, condition);
    assert!(!different.holds(&[keyed(1, "a", 7), row(2, "b")]));
    assert!(different.holds(&[keyed(1, "a", 7), keyed(2, "b", 8)]));
}

#[test]
fn a_row_may_be_joined_to_several() {
    let mut fixture = same_key("a b c", &[(2, 0)]);
    let condition = fixture.greater_value(1);
    fixture.join(2, condition);
    let rows = [
        keyed(1, "a", 1),
        keyed(2, "a", 2),
        valued(3, "b", 5),
        row(4, "c").with(Some(1), Some(5)),
        valued(5, "b", 9),
        row(6, "c").with(Some(2), Some(9)),
    ];
    assert!(!fixture.holds(&rows[..5]), "neither more than the 5 nor behind a smaller one");
    assert!(fixture.holds(&rows), "2 at hour 2, then the 5 at hour 3, then 9");
    let both = same_key("a b c", &[(2, 0), (2, 1)]);
    assert!(!both.holds(&[keyed(1, "a", 1), keyed(2, "b", 2), keyed(3, "c", 1), keyed(4, "c", 2)]));
    assert!(both.holds(&[keyed(1, "a", 1), keyed(2, "b", 2), keyed(3, "b", 1), keyed(4, "c", 1)]));
}

#[test]
fn forbidden_rows_are_joined_too() {
    let after = same_key("a !b+5", &[(1, 0)]);
    assert!(!after.holds(&[keyed(1, "a", 1), keyed(6, "b", 1)]));
    assert!(after.holds(&[keyed(1, "a", 1), keyed(6, "b", 2), keyed(7, "b", 1)]));
    let between = same_key("a !b c", &[(1, 0), (2, 0)]);
    let rows = [keyed(1, "a", 1), keyed(2, "b", 1), keyed(3, "a", 2), keyed(4, "b", 1)];
    assert!(!between.holds(&[&rows[..], &[keyed(5, "c", 1)]].concat()));
    assert!(between.holds(&[&rows[..], &[keyed(5, "c", 2)]].concat()));
    let nobody = same_key("a !b c", &[(1, 0)]);
    assert!(nobody.holds(&[row(1, "a"), row(2, "b"), row(3, "c")]));
}

#[test]
fn conditions_that_are_no_comparison_of_two_rows_are_tried_pair_by_pair() {
    let mut fixture = same_key("a b", &[(1, 0)]);
    let value = fixture.value();
    let other = fixture.earlier(0, value);
    let sum = fixture.add(Node::Add(value, other));
    let least = fixture.number(10);
    let condition = fixture.add(Node::Compare(CompareOp::GreaterOrEqual, sum, least));
    fixture.join(1, condition);
    let mut rows: Vec<Row> = (0..40).map(|hour| row(hour, "ab").with(Some(1), Some(hour % 5))).collect();
    assert!(!fixture.holds(&rows));
    rows.push(row(50, "b").with(Some(2), Some(9)));
    assert!(!fixture.holds(&rows));
    rows.push(row(60, "b").with(Some(1), Some(6)));
    assert!(fixture.holds(&rows));
    assert_eq!(look(&mut fixture.sequences(MAX_WORK).unwrap(), &rows, 7).unwrap(), Outcome::Found);
}

/// Rows are tried several at once, but only those of one batch; the first of the next batch waits.
#[test]
fn pairs_are_tried_across_batches() -> Result<()> {
    let mut fixture = Fixture::new("a b");
    let (key, value) = (fixture.key(), fixture.value());
    let (other_key, other_value) = (fixture.earlier(0, key), fixture.earlier(0, value));
    let sum = fixture.add(Node::Add(value, other_value));
    let ten = fixture.number(10);
    for condition in [Node::Compare(CompareOp::Greater, key, other_key), Node::Compare(CompareOp::Equal, sum, ten)] {
        let condition = fixture.add(condition);
        fixture.join(1, condition);
    }
    let b = |time, key, value| row(time, "b").with(Some(key), Some(value));
    // From the latest on in batches of two: hours 5 and 4, hours 3 and 2, hour 1.
    let rows = [row(1, "a").with(Some(1), Some(3)), b(2, 2, 6), b(3, 1, 7), b(4, 2, 7), b(5, 2, 8)];
    let mut sequences = fixture.sequences(MAX_WORK)?;
    assert_eq!(look(&mut sequences, &rows, 2)?, Outcome::Found, "the row of hour 4");
    let without = [&rows[..3], &[b(4, 2, 6)], &rows[4..]].concat();
    assert_eq!(look(&mut sequences, &without, 2)?, Outcome::Absent);
    Ok(())
}

#[test]
fn conditions_of_the_row_alone_need_no_search() -> Result<()> {
    let mut fixture = Fixture::new("a b");
    let (value, least) = (fixture.value(), fixture.number(5));
    let condition = fixture.add(Node::Compare(CompareOp::Greater, value, least));
    fixture.join(1, condition);
    assert!(matches!(fixture.sequences(MAX_WORK)?.plans[0].way, Way::Backward(_)));
    assert!(fixture.holds(&[valued(1, "a", 1), valued(2, "b", 6)]));
    assert!(!fixture.holds(&[valued(1, "a", 9), valued(2, "b", 5), row(3, "b")]));
    Ok(())
}

#[test]
fn numbers_are_equal_by_value_and_text_by_letters() -> Result<()> {
    let fixture = same_key("a b", &[(1, 0)]);
    let mut sequences = fixture.sequences(MAX_WORK)?;
    // In batches of one row, the numbers of each are in another form.
    let rows = [keyed(1, "a", 30), keyed(2, "a", 0), keyed(3, "b", 30), keyed(4, "b", 3)];
    assert_eq!(look(&mut sequences, &rows, 1)?, Outcome::Found);
    assert_eq!(look(&mut sequences, &rows[1..], 1)?, Outcome::Absent);
    assert_eq!(look(&mut sequences, &[keyed(1, "a", 0), keyed(2, "b", 0)], 1)?, Outcome::Found);

    let third = || BigRational::new(1.into(), 3.into());
    let ratio = Numbers::Ratio { numerators: vec![2, 4].into(), denominators: vec![6, 8].into(), nulls: None };
    let exact = Numbers::exact(vec![third(), BigRational::new(3.into(), 4.into())], None);
    let forms = [ratio, exact, Numbers::Decimal { values: vec![75, 50].into(), scale: 2, nulls: None }];
    let hash = |form: usize, row| hash::hash(&Column::Number(forms[form].clone()), row);
    assert_eq!(hash(0, 0), hash(1, 0), "a third");
    assert_eq!(hash(1, 1), hash(2, 0), "three quarters");
    assert_ne!(hash(0, 1), hash(2, 0), "a half is not");
    let texts = Column::Text(StringViewArray::from(vec!["shoe", "sock", "shoe"]));
    assert_eq!(hash::hash(&texts, 0), hash::hash(&texts, 2));
    assert_ne!(hash::hash(&texts, 0), hash::hash(&texts, 1));
    Ok(())
}

#[test]
fn what_failed_is_not_tried_again() -> Result<()> {
    // 30 first rows, 30 second, 30 third, 30 fourth: each could be tried with each.
    let mut fixture = Fixture::new("a b+99 c+99 d");
    let condition = fixture.greater_value(0);
    fixture.join(3, condition);
    let rows = |step: &'static str, from: i64| (0..30).map(move |_| valued(from, step, 5));
    let mut all: Vec<Row> = rows("a", 1).chain(rows("b", 2)).chain(rows("c", 3)).chain(rows("d", 4)).collect();
    let mut sequences = fixture.sequences(10_000)?;
    assert_eq!(look(&mut sequences, &all, 50)?, Outcome::Absent, "all values are 5, so one first row tells all");
    all.push(valued(5, "d", 6));
    assert_eq!(look(&mut sequences, &all, 50)?, Outcome::Found);
    Ok(())
}

#[test]
fn a_failure_with_little_time_is_none_with_more() {
    let mut fixture = Fixture::new("a b c d /4");
    let condition = fixture.same_key(1);
    fixture.join(3, condition);
    let rows = [row(1, "a"), row(2, "a"), keyed(3, "b", 1), row(4, "c")];
    assert!(fixture.holds(&[&rows[..], &[keyed(6, "d", 1)]].concat()), "too late for the first, not for the second");
    assert!(!fixture.holds(&[&rows[..], &[keyed(7, "d", 1)]].concat()));
}

#[test]
fn too_much_work_is_told() -> Result<()> {
    let mut fixture = Fixture::new("a b");
    let condition = fixture.greater_value(0);
    fixture.join(1, condition);
    let falling: Vec<Row> = (0..90).map(|hour| valued(hour, "ab", -hour)).collect();
    // Each row is tried as the first, then all that are later than it.
    let work = 90 + 90 * 89 / 2;
    let mut enough = fixture.sequences(work)?;
    assert_eq!(look(&mut enough, &falling, 20)?, Outcome::Absent);
    let mut little = fixture.sequences(work - 1)?;
    assert_eq!(look(&mut little, &falling, 20)?, Outcome::TooMuchWork);
    assert_eq!(look(&mut little, &[valued(1, "a", 1), valued(2, "b", 2)], 20)?, Outcome::Found, "the next subject");
    let mut least = fixture.sequences(50)?;
    assert_eq!(look(&mut least, &falling, 20)?, Outcome::TooMuchWork, "not even the rows can be kept");
    assert_eq!(look(&mut least, &falling[..3], 20)?, Outcome::Absent);
    Ok(())
}

#[test]
fn only_rows_matched_before_can_be_referred_to() {
    for (steps, step, earlier) in [("a !b c", 2, 1), ("a b c", 1, 2), ("a b", 1, 1), ("a b", 1, 9)] {
        let error = same_key(steps, &[(step, earlier)]).sequences(MAX_WORK).err();
        assert!(matches!(error, Some(KernelError::Leaf(_))), "step {step} of {steps} to {earlier}: {error:?}");
    }
}

#[test]
fn inputs_are_what_conditions_take_from_rows() -> Result<()> {
    let mut fixture = same_key("a b c", &[(2, 0)]);
    let condition = fixture.greater_value(1);
    fixture.join(2, condition);
    let (key, value) = (fixture.key(), fixture.value());
    let sequences = fixture.sequences(MAX_WORK)?;
    let inputs = |step| {
        let mut inputs = sequences.inputs(0, step).to_vec();
        inputs.sort_unstable();
        inputs
    };
    assert_eq!((inputs(0), inputs(1)), (vec![key], vec![value]));
    let mut both = vec![key, value];
    both.sort_unstable();
    assert_eq!(inputs(2), both);
    assert_eq!((sequences.inputs(0, 3), sequences.inputs(1, 0)), (&[][..], &[][..]));
    Ok(())
}
