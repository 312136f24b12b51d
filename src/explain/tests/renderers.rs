//! Explanations as documents.

use insta::assert_snapshot;

use super::{Language, explained, project};
use crate::explain::{html_fragment, html_page, json, markdown, text};

const RULES: &str = r#"segments:
  s:
    label: "<b>A & B</b> *x*"
    description: Who <likes> shoes.
    when: sequence(sales where channel = '<script>' then never returns) and (points > 20_000 or city = 'a_b')
"#;

#[test]
fn plain_text() {
    assert_snapshot!(text(&explained(&project(RULES), "s", Language::English)), @"");
}

#[test]
fn markdown_escapes_what_is_not_its_own() {
    assert_snapshot!(markdown(&explained(&project(RULES), "s", Language::English)), @"");
}

#[test]
fn html_escapes_every_text() {
    let explanation = explained(&project(RULES), "s", Language::Russian);
    assert_snapshot!(html_fragment(&explanation), @"");
    let page = html_page(&[explanation]);
    assert!(page.starts_with("<!doctype html>") && page.contains("lang=\"ru\""));
    assert!(!page.contains("<script") && !page.contains("http"), "{page}");
}

#[test]
fn json_keeps_the_kinds_of_tokens() {
    let explanation = explained(&project("segments: { s: spend_90d > 500 }\n"), "s", Language::English);
    let written = json(&explanation).expect("it is written");
    let read: serde_json::Value = serde_json::from_str(&written).expect("it is JSON");
    assert_eq!(read["language"], "en");
    assert_snapshot!(read["rule"], @"");
}
