//! `kohort explain`: rules in plain language.

use std::fs;

use crate::shop::{run, shop, status, text, write};

#[test]
fn a_segment_is_explained_in_a_language() {
    let shop = shop();
    let said = text(&run(&shop, &["explain", "shop", "big_regulars"]));
    assert!(said.starts_with("Every customer belongs to “big regulars” if all of these hold:\n"), "{said}");
    assert!(said.contains("  - “spend” (in IDR) is more than 1,000\n"), "{said}");
    let said = text(&run(&shop, &["explain", "shop", "big_regulars", "--language", "sv"]));
    assert!(said.starts_with("Varje customer hör till ”big regulars” om allt detta gäller:\n"), "{said}");
}

#[test]
fn all_segments_are_explained_where_none_is_named() {
    let said = text(&run(&shop(), &["explain", "shop"]));
    assert_eq!(said.lines().filter(|line| line.starts_with("Every customer belongs to ")).count(), 5, "{said}");
}

#[test]
fn the_ending_says_the_format() {
    let shop = shop();
    for (name, begins) in
        [("rules.html", "<!doctype html>"), ("rules.json", "{"), ("rules.md", "## "), ("rules.txt", "Every ")]
    {
        text(&run(&shop, &["explain", "shop", "--output", name]));
        let written = fs::read_to_string(shop.path().join(name)).unwrap();
        assert!(written.starts_with(begins), "{name}: {written}");
    }
    assert_eq!(status(&shop, &["explain", "shop", "--output", "rules.pdf"]), 2);
}

#[test]
fn what_is_not_there_is_told() {
    let shop = shop();
    let output = run(&shop, &["explain", "shop", "big_regular"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.contains("there is no segment `big_regular`") && said.contains("did you mean `big_regulars`?"),
        "{said}"
    );
}

#[test]
fn rules_with_errors_are_not_explained() {
    let shop = shop();
    write(shop.path(), "shop/rules.yaml", "segments: { s: spned > 5 }\n");
    let output = run(&shop, &["explain", "shop"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("K301"));
}
