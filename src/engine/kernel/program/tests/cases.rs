//! Cases, buckets, lists of rows and samples.

use super::*;
use crate::ir::{List, ListId, Type, ValueRows};
use crate::source::{FileId, Span};

#[test]
fn the_first_case_that_is_true() {
    let mut fixture = Fixture::new();
    let a = fixture.bools(&[Some(true), Some(false), None, None, Some(false)]);
    let b = fixture.bools(&[Some(true), Some(true), Some(true), None, Some(false)]);
    let value = fixture.texts(&[Some("x"), Some("y"), None, Some("z"), Some("w")]);
    let gold = fixture.text("gold");
    assert_eq!(fixture.show(Node::Choose(vec![(a, gold), (b, value)])), "gold y ? ? ?");
    let always = fixture.add(Node::Constant(Value::Bool(true)));
    assert_eq!(fixture.show(Node::Choose(vec![(a, gold), (b, value), (always, gold)])), "gold y ? gold gold");
    assert_eq!(fixture.show(Node::Choose(vec![(always, gold)])), "gold gold gold gold gold");
}

#[test]
fn cases_of_numbers_and_dates() {
    let mut fixture = Fixture::new();
    let a = fixture.bools(&[Some(true), Some(false)]);
    let b = fixture.bools(&[Some(false), Some(true)]);
    let (half, number) = (fixture.number("1/3"), fixture.numbers(&[Some("2.5"), Some("-1")]));
    assert_eq!(fixture.show(Node::Choose(vec![(a, half), (b, number)])), "1/3 -1");
    let date = fixture.dates(&[Some("2026-01-02"), Some("2026-01-03")]);
    assert_eq!(fixture.show(Node::Choose(vec![(b, date)])), "? 2026-01-03");
}

#[test]
fn a_bucket_counts_bounds() {
    let mut fixture = Fixture::new();
    let value = fixture.numbers(&[Some("-1"), Some("0"), Some("999.5"), Some("1000"), None]);
    let bounds = ["0", "1000"].map(|bound| fixture.number(bound)).to_vec();
    assert_eq!(fixture.show(Node::Bucket { value, bounds: bounds.clone() }), "1 2 2 3 ?");
    let other = fixture.numbers(&[Some("-1"), Some("1"), None, Some("7"), Some("7")]);
    assert_eq!(fixture.show(Node::Bucket { value, bounds: vec![bounds[0], other] }), "2 2 ? 3 ?");
    assert_eq!(fixture.show(Node::Bucket { value: bounds[0], bounds: vec![other] }), "2 1 ? 1 1");
    let date = fixture.dates(&[Some("2025-12-31"), Some("2026-01-01"), None, None, None]);
    let bound = fixture.add(Node::Constant(Value::Date(day("2026-01-01"))));
    assert_eq!(fixture.show(Node::Bucket { value: date, bounds: vec![bound] }), "1 2 ? ? ?");
}

#[test]
fn rows_of_a_list() {
    let mut fixture = Fixture::new();
    let rows = [("a", "1"), ("b", "2.50")].map(|(text, n)| vec![Value::Text(text.into()), Value::Number(number(n))]);
    let span = Span::new(FileId(0), 0, 0);
    let rows = ValueRows::of(&[Type::Text, Type::Number], rows.to_vec()).expect("the values are of the types");
    fixture.ir.lists.push(List { file: None, span, rows: Arc::new(rows), keys_of: None });
    let texts = fixture.texts(&[Some("a"), Some("b"), Some("b"), None]);
    let numbers = fixture.numbers(&[Some("1"), Some("1"), Some("2.5"), Some("1")]);
    let is_in = Node::InRows(vec![texts, numbers], ListId(0));
    assert_eq!(fixture.show(is_in.clone()), "yes no yes ?");
    let root = fixture.add(is_in);
    let program = fixture.program(vec![root]);
    assert_eq!(program.listed(ListId(0)).map(|listed| listed.len()), Some(2));
    assert!(program.listed(ListId(1)).is_none());
}

#[test]
fn a_sample_depends_on_key_and_salt() {
    let mut fixture = Fixture::new();
    let key = fixture.texts(&[Some("C001"), Some("C001"), Some("C002"), None]);
    let hash = |fixture: &mut Fixture, salt: &str| fixture.show(Node::KeyHash { keys: vec![key], salt: salt.into() });
    let (one, other) = (hash(&mut fixture, "a"), hash(&mut fixture, "b"));
    let hashes: Vec<&str> = one.split(' ').collect();
    assert!(hashes[0] == hashes[1] && hashes[0] != hashes[2] && hashes[3] == "?", "{one}");
    assert_ne!(one, other);
}

#[test]
fn the_hashes_are_even() {
    let mut fixture = Fixture::new();
    let names: Vec<String> = (0..10_000).map(|n| format!("C{n}")).collect();
    let key = fixture.texts(&names.iter().map(|name| Some(name.as_str())).collect::<Vec<_>>());
    let hash = fixture.add(Node::KeyHash { keys: vec![key], salt: "s".into() });
    let Column::Number(hashes) = fixture.evaluate(vec![hash]).unwrap().remove(0) else { panic!("numbers") };
    let tenth = number("1844674407370955162");
    let members = (0..hashes.len()).filter(|row| hashes.get(*row).unwrap() < tenth).count();
    assert!((900..1100).contains(&members), "{members} of 10,000");
}
