use super::*;
use crate::syntax::ast::{CompareOp, TextOp};

#[test]
fn case_and_length() {
    let mut fixture = Fixture::new();
    let a = fixture.texts(&[Some("Straße"), Some("İ"), None, Some("")]);
    assert_eq!(fixture.show(Node::FoldCase(a)), "strasse i\u{307} ? ");
    assert_eq!(fixture.show(Node::Upper(a)), "STRASSE İ ? ");
    assert_eq!(fixture.show(Node::Lower(a)), "straße i\u{307} ? ");
    assert_eq!(fixture.show(Node::Length(a)), "6 1 ? 0");
    let (folded, word) = (fixture.add(Node::FoldCase(a)), fixture.text("STRASSE"));
    let word = fixture.add(Node::FoldCase(word));
    assert_eq!(fixture.show(Node::Compare(CompareOp::Equal, folded, word)), "yes no ? no");
}

#[test]
fn tests_with_constants() {
    let mut fixture = Fixture::new();
    let a = fixture.texts(&[Some("50% off"), Some("a_b\nlonger than inline"), None, Some("")]);
    for (op, pattern, expected) in [
        (TextOp::Contains, "%", "yes no ? no"),
        (TextOp::Contains, "", "yes yes ? yes"),
        (TextOp::StartsWith, "a_b", "no yes ? no"),
        (TextOp::EndsWith, "inline", "no yes ? no"),
        (TextOp::Like, "%", "yes yes ? yes"),
        (TextOp::Like, "a__%inline", "no yes ? no"),
        (TextOp::Like, "50%", "yes no ? no"),
        (TextOp::Like, "", "no no ? yes"),
        (TextOp::Matches, "^\\d+", "yes no ? no"),
        (TextOp::Matches, "B", "no no ? no"),
        (TextOp::Matches, "(?i)B", "no yes ? no"),
        (TextOp::Matches, "(", "? ? ? ?"),
    ] {
        let pattern = fixture.text(pattern);
        assert_eq!(fixture.show(Node::TextTest(op, a, pattern)), expected, "{op:?} {pattern:?}");
    }
    let unknown = fixture.add(Node::Unknown(Type::Text));
    assert_eq!(fixture.show(Node::TextTest(TextOp::Like, a, unknown)), "? ? ? ?");
    assert_eq!(fixture.show(Node::TextTest(TextOp::Contains, a, unknown)), "? ? ? ?");
}

#[test]
fn tests_with_columns() {
    let mut fixture = Fixture::new();
    let a = fixture.texts(&[Some("abc"), Some("abc"), None, Some("abc")]);
    let b = fixture.texts(&[Some("b"), Some("a%c"), Some("a"), None]);
    assert_eq!(fixture.show(Node::TextTest(TextOp::Contains, a, b)), "yes no ? ?");
    assert_eq!(fixture.show(Node::TextTest(TextOp::Like, a, b)), "no yes ? ?");
    assert_eq!(fixture.show(Node::TextTest(TextOp::Matches, a, b)), "yes no ? ?");
    let word = fixture.text("ab");
    assert_eq!(fixture.show(Node::TextTest(TextOp::StartsWith, word, b)), "no no yes ?");
    assert_eq!(fixture.show(Node::TextTest(TextOp::Like, word, b)), "no no no ?");
}

#[test]
fn lists_contain_distinct_candidates() {
    let mut fixture = Fixture::new();
    let list = fixture.lists(&[Some(&["a", "b", "b"]), Some(&["A"]), None, Some(&[])]);
    let (a, b, c) = (fixture.text("a"), fixture.text("b"), fixture.text("c"));
    let contains =
        |candidates: &[NodeId], at_least| Node::ListContains { list, candidates: candidates.to_vec(), at_least };
    assert_eq!(fixture.show(contains(&[a], 1)), "yes no ? no");
    assert_eq!(fixture.show(contains(&[a, b, c], 2)), "yes no ? no");
    assert_eq!(fixture.show(contains(&[a, b, c], 3)), "no no ? no");
    assert_eq!(fixture.show(contains(&[b, b, b], 2)), "no no ? no");
    assert_eq!(fixture.show(contains(&[b], 0)), "yes yes ? yes");
    assert_eq!(fixture.show(contains(&[], 1)), "no no ? no");
    let unknown = fixture.add(Node::Unknown(Type::Text));
    assert_eq!(fixture.show(contains(&[a, unknown], 1)), "? ? ? ?");
    let folded = fixture.add(Node::FoldCaseList(list));
    assert_eq!(fixture.show(Node::FoldCaseList(list)), "a+b+b a ? ");
    assert_eq!(fixture.show(Node::ListContains { list: folded, candidates: vec![a], at_least: 1 }), "yes yes ? no");
    let own = fixture.texts(&[Some("b"), Some("a"), Some("a"), None]);
    assert_eq!(fixture.show(Node::ListContains { list: folded, candidates: vec![own, a], at_least: 2 }), "yes no ? ?");
}
