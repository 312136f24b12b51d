//! `kohort eval --profile`: what was spent on what.

use crate::shop::{run, shop, text};

fn said(arguments: &[&str]) -> String {
    let shop = shop();
    let output = run(&shop, &[&["eval", "shop", "--as-of", "2026-03-31", "--profile"], arguments].concat());
    assert!(output.status.success());
    assert!(text(&output).contains("Jakarta"), "the answer stands as ever");
    String::from_utf8(output.stderr).unwrap()
}

/// Without the figures, which are others each time, and in the order of the alphabet.
fn lines(said: &str) -> Vec<String> {
    let is_figure = |word: &&str| word.parse::<f64>().is_ok();
    let is_unit = |word: &&str| ["ms", "s", "ms,", "s,"].contains(word);
    let line =
        |line: &str| line.split_whitespace().filter(|w| !is_figure(w) && !is_unit(w)).collect::<Vec<_>>().join(" ");
    let mut lines: Vec<String> = said.lines().map(line).filter(|line| !line.is_empty()).collect();
    lines.sort();
    lines
}

#[test]
fn every_feature_and_every_segment_has_a_cost() {
    insta::assert_snapshot!(lines(&said(&[])).join("\n"), @r#"
    One more segment over these features would cost about one more feature of these rows about
    What is counted, features
    What is decided, segments: deciding, and their part of counting
    big_regulars
    bringing the rows of a subject together
    buyers
    conditions and calculations about rows of `customers`
    conditions and calculations about rows of `sales`
    counting
    deciding who is in
    everything else
    locals_who_buy
    nobody
    of processor time in
    reading `customers`: rows
    reading `sales`: rows
    regulars
    “spend” (big_regulars, nobody)
    “visits” (buyers, regulars, big_regulars and more)
    "#);
}

#[test]
fn segments_that_are_not_asked_for_cost_nothing() {
    let said = said(&["--segment", "buyers"]);
    assert!(said.contains("(buyers)") && !said.contains("regulars"), "{said}");
}

#[test]
fn the_plain_way_has_no_features_of_its_own() {
    let said = said(&["--plain"]);
    assert!(said.contains("deciding who is in") && !said.contains("What is counted"), "{said}");
}
