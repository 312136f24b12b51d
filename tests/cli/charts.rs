//! `kohort chart`: in the terminal, as a page, as JSON.

use std::fs;

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::shop::{command, directory, run, shown, text};

const CATALOG: &str = "\
kohort: 1
subject: { name: customer, table: customers, key: id }
tables:
  customers: { source: customers.csv, types: { id: integer, r: integer, f: integer, m: decimal(1), city: text } }
attributes: { recency: r, frequency: f, money: m }
";

/// Scores that a chart has, that are unknown, and that it does not have: 4 and 13 are not the cell 53.
const CUSTOMERS: &str = "\
id,r,f,m,city
1,3,3,1,Bern
2,3,3,3,Bern
3,3,3,3,Chur
4,3,1,2,Bern
5,2,2,2,Bern
6,1,3,2,Bern
7,1,1,1,Chur
8,,3,1,Bern
9,2,13,1,Bern
10,2,3,1.5,Bern
11,0,3,1,Bern
";

const RULES: &str = r#"
segments: { here: city = 'Bern' }
charts:
  map:
    label: Care & <love>
    by: [recency, frequency]
    scale: 3
    groups:
      stars: { label: 'Stars <b>&"''', cells: [33, 32] }
      fading: ['[12]3', '[1-2]2']
      fresh: { label: New, cells: [31] }
  cube:
    by: [recency, frequency, money]
    scale: 3
    within: here
    groups:
      high: 3xx
      low: 'xxx'
"#;

fn town() -> TempDir {
    directory(&[("town/catalog.yaml", CATALOG), ("town/customers.csv", CUSTOMERS), ("town/rules.yaml", RULES)])
}

fn chart(town: &TempDir, more: &[&str]) -> std::process::Output {
    run(town, &[&["chart", "town", "--as-of", "2026-03-31"], more].concat())
}

#[test]
fn two_scores_are_a_grid() {
    assert_snapshot!(shown(&chart(&town(), &["map"])), @r#"
    status 0
    --- stdout
    Care & <love>: 8 of 11 customers have scores, as of the end of 2026-03-31 (UTC)

    recency →    1    2    3
    frequency ↓
              3  1 B  1 B  3 A
              2  –    1 B  –
              1  1 ·  –    1 C

    A  Stars <b>&"'  3   37.5%  ██████████████████████████████
    B  fading        3   37.5%  ██████████████████████████████
    C  New           1   12.5%  ██████████
    ·  in no group   1   12.5%
    "#);
}

#[test]
fn three_scores_share_squares() {
    assert_snapshot!(shown(&chart(&town(), &["cube"])), @"
    status 0
    --- stdout
    cube: 5 of 11 customers have scores, as of the end of 2026-03-31 (UTC)

    recency →    1    2    3
    frequency ↓
              3  1 B  –    2 A
              2  –    1 B  –
              1  –    –    1 A

    A  high  3   60.0%  ██████████████████████████████
    B  low   2   40.0%  ████████████████████

    A square holds every `money`; its letters are the groups in it, the largest first.
    ");
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let town = town();
    let colored = text(&chart(&town, &["map", "--color", "always"]));
    assert!(colored.contains("\u{1b}[30;48;5;"), "{colored}");
    let faded: String = colored.split('\u{1b}').enumerate().fold(String::new(), |all, (at, part)| {
        let text = if at == 0 { part } else { part.split_once('m').expect("a colour").1 };
        all + text
    });
    let faded: Vec<&str> = faded.lines().map(str::trim_end).collect();
    let plain = text(&chart(&town, &["map"]));
    assert_eq!(faded, plain.lines().collect::<Vec<_>>(), "colours are all that is added");
    let refused = command(&town, &["chart", "town", "map", "--as-of", "2026-03-31"]).env("NO_COLOR", "1").output();
    assert_eq!(text(&refused.expect("it runs")), plain);
    // A file has no colours, whatever the terminal has.
    chart(&town, &["map", "--color", "always", "--output", "map.txt"]);
    assert_eq!(fs::read_to_string(town.path().join("map.txt")).expect("it is written"), plain);
}

/// Who has scores that the chart does not have is in no cell, and in no group.
#[test]
fn groups_have_who_is_in_their_cells() {
    let town = town();
    let counts = ["eval", "town", "--as-of", "2026-03-31", "--segment", "map", "--segment", "cube", "--format", "csv"];
    assert_snapshot!(shown(&run(&town, &counts)), @"
    status 0
    --- stdout
    segment,id
    map.stars,1
    map.stars,2
    map.stars,3
    map.fading,5
    map.fading,6
    map.fading,10
    map.fresh,4
    cube.high,1
    cube.high,2
    cube.high,4
    cube.low,5
    cube.low,6
    --- stderr
    1 warning: see `kohort check town`
    ");
    assert_snapshot!(shown(&chart(&town, &["map", "--format", "json"])), @r#"
    status 0
    --- stdout
    {
      "as_of": "2026-03-31T23:59:59.999999+00:00",
      "cells": [
        {
          "cell": "11",
          "group": null,
          "members": 1
        },
        {
          "cell": "12",
          "group": "fading",
          "members": 0
        },
        {
          "cell": "13",
          "group": "fading",
          "members": 1
        },
        {
          "cell": "21",
          "group": null,
          "members": 0
        },
        {
          "cell": "22",
          "group": "fading",
          "members": 1
        },
        {
          "cell": "23",
          "group": "fading",
          "members": 1
        },
        {
          "cell": "31",
          "group": "fresh",
          "members": 1
        },
        {
          "cell": "32",
          "group": "stars",
          "members": 0
        },
        {
          "cell": "33",
          "group": "stars",
          "members": 3
        }
      ],
      "chart": "map",
      "groups": [
        {
          "label": "Stars <b>&\"'",
          "members": 3,
          "name": "stars"
        },
        {
          "label": null,
          "members": 3,
          "name": "fading"
        },
        {
          "label": "New",
          "members": 1,
          "name": "fresh"
        }
      ],
      "kohort": 1,
      "label": "Care & <love>",
      "scale": 3,
      "scores": [
        "recency",
        "frequency"
      ],
      "subject": "customer",
      "subjects": 11
    }
    "#);
}

#[test]
fn a_page_is_whole_and_says_nothing_that_it_should_not() {
    let town = town();
    for name in ["map", "cube"] {
        let said = shown(&chart(&town, &[name, "--output", "chart.html"]));
        assert_eq!(said, format!("status 0\n--- stderr\nchart `{name}` written to `chart.html`"));
        let page = fs::read_to_string(town.path().join("chart.html")).expect("it is written");
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{page}");
        for never in ["<script", "http", "url(", "<b>", "<love>", "@import"] {
            assert!(!page.contains(never), "{never}");
        }
        balanced(&page);
    }
    let page = text(&chart(&town, &["map", "--format", "html"]));
    assert!(page.contains("<title>Care &amp; &lt;love&gt;</title>"), "{page}");
    assert!(page.contains("title=\"33: Stars &lt;b&gt;&amp;&quot;&#39;, 3\""), "{page}");
}

/// Every element ends where it should, and attributes are quoted.
pub fn balanced(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in page.split('<').skip(2) {
        let (tag, rest) = part.split_once('>').expect("a tag ends");
        let name = tag.split([' ', '/']).find(|word| !word.is_empty()).expect("a tag has a name");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        match tag.strip_prefix('/') {
            Some(_) => assert_eq!(open.pop(), Some(name), "{part}"),
            None if ["meta", "br"].contains(&name) => {}
            None => open.push(name),
        }
        assert!(!rest.contains('>') || open.last() == Some(&"style"), "{rest}");
    }
    assert_eq!(open, [""; 0]);
}

#[test]
fn what_is_no_chart_is_told() {
    let town = town();
    assert_snapshot!(shown(&chart(&town, &["mapp"])), @"
    status 2
    --- stderr
    error: there is no chart `mapp`
      help: did you mean `map`?
    ");
    assert_snapshot!(shown(&chart(&town, &["rfm"])), @"
    status 2
    --- stderr
    error: there is no chart `rfm`
      help: the project has `map`, `cube`
    ");
    assert_snapshot!(shown(&chart(&town, &["here"])), @"
    status 2
    --- stderr
    error: there is no chart `here`
      help: the project has `map`, `cube`
    ");
    assert_snapshot!(shown(&chart(&town, &["map", "--output", "map.png"])), @"
    status 2
    --- stderr
    error: `map.png` does not say how to draw: `.png` is no form of a chart
      help: end it in `.html`, `.json` or `.txt`, or say it with `--format`
    ");
    assert_snapshot!(shown(&run(&town, &["chart", "town", "--as-of", "2026-03-31"])), @"
    status 2
    --- stderr
    error: the following required arguments were not provided:
      <CHART>

    Usage: kohort chart --as-of <WHEN> <PROJECT> <CHART>

    For more information, try '--help'.
    ");
    fs::write(town.path().join("town/rules.yaml"), "segments: { here: city = 'Bern' }\n").expect("it writes");
    assert_snapshot!(shown(&chart(&town, &["map"])), @"
    status 2
    --- stderr
    error: there is no chart `map`
      help: the project has no charts: they stand under `charts:` in the rule files
    ");
}

#[test]
fn nobody_with_scores_is_an_empty_chart() {
    let town = town();
    fs::write(town.path().join("town/customers.csv"), "id,r,f,m,city\n1,,,,Bern\n").expect("it writes");
    assert_snapshot!(shown(&chart(&town, &["map"])), @r#"
    status 0
    --- stdout
    Care & <love>: 0 of 1 customers have scores, as of the end of 2026-03-31 (UTC)

    recency →    1   2   3
    frequency ↓
              3  –   –   –
              2  –   –   –
              1  –   –   –

    A  Stars <b>&"'  0       –
    B  fading        0       –
    C  New           0       –
    "#);
}
