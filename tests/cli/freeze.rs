//! `kohort freeze`: cut points that stay until they are computed again.

use std::fs;
use std::process::Output;

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::shop::{directory, run, shown, text, write};

const CATALOG: &str = "\
kohort: 1
subject: { name: customer, table: customers, key: id }
tables:
  customers: { source: customers.csv, types: { id: integer, city: text, spend: decimal(2) } }
attributes:
";

const CUSTOMERS: &str = "\
id,city,spend
1,Bern,10
2,Bern,20.5
3,Bern,30
4,Bern,30
5,Chur,100
6,Chur,200
7,,7
8,Chur,
";

const SCORE: &str = "  score: { is: 'ntile(3, spend)', frozen: true }\n";
const LOCAL: &str = "  local: { is: 'top 50% by spend per city', frozen: true }\n";
const TYPICAL: &str = "  typical: { is: 'percentile(50, spend among (score >= 2))', frozen: true }\n";

fn town(attributes: &[&str]) -> TempDir {
    let town = directory(&[("town/customers.csv", CUSTOMERS)]);
    defined(&town, attributes);
    town
}

fn defined(town: &TempDir, attributes: &[&str]) {
    write(town.path(), "town/catalog.yaml", &format!("{CATALOG}{}", attributes.concat()));
}

fn freeze(town: &TempDir, more: &[&str]) -> Output {
    run(town, &[&["freeze", "town"], more, &["--as-of", "2026-03-31"]].concat())
}

fn check(town: &TempDir) -> String {
    shown(&run(town, &["check", "town", "--format", "concise"]))
}

fn file(town: &TempDir) -> String {
    fs::read_to_string(town.path().join("town/frozen.yaml")).unwrap_or_else(|_| "(there is none)".to_owned())
}

/// Members of `group`, defined by an expression.
fn members(town: &TempDir, when: &str) -> String {
    write(town.path(), "town/rules.yaml", &format!("segments:\n  group: {{ when: \"{when}\" }}\n"));
    let listed = text(&run(town, &["eval", "town", "--as-of", "2026-04-30", "--format", "csv"]));
    listed.lines().skip(1).map(|line| line.trim_start_matches("group,")).collect::<Vec<_>>().join(" ")
}

#[test]
fn all_are_computed_and_kept() {
    let town = town(&[SCORE, LOCAL, TYPICAL]);
    assert_snapshot!(check(&town), @"");
    assert_snapshot!(shown(&freeze(&town, &[])), @"");
    assert_snapshot!(file(&town), @"");
    assert_snapshot!(check(&town), @"");
    assert_eq!(members(&town, "score = 3"), "5 6");
    assert_eq!(members(&town, "score = 2"), "3 4");
    assert_eq!(members(&town, "local"), "3 4 6 7");
    assert_eq!(members(&town, "typical = 65"), "1 2 3 4 5 6 7 8");
}

#[test]
fn nobody_moves_because_others_moved() {
    let town = town(&[SCORE, LOCAL]);
    freeze(&town, &[]);
    let richer: String = (10..40).map(|id| format!("{id},Thun,{id}00\n")).collect();
    write(town.path(), "town/customers.csv", &format!("{CUSTOMERS}{richer}"));
    assert_eq!(members(&town, "score = 3 and id < 10"), "5 6");
    assert_eq!(members(&town, "score = 3 and id >= 10").split(' ').count(), 30);
    // There was no Thun when the cut points were computed.
    assert_eq!(members(&town, "local"), "3 4 6 7");
    freeze(&town, &["score"]);
    assert_eq!(members(&town, "score = 3 and id < 10"), "");
    assert_eq!(members(&town, "local"), "3 4 6 7");
}

#[test]
fn one_is_renewed_and_the_others_stay() {
    let town = town(&[SCORE, LOCAL]);
    freeze(&town, &[]);
    let before = file(&town);
    write(town.path(), "town/customers.csv", &CUSTOMERS.replace("200", "2000").replace("30", "35"));
    assert_snapshot!(shown(&freeze(&town, &["score"])), @"");
    let (old, new): (Vec<&str>, String) = (before.lines().collect(), file(&town));
    let changed: Vec<&str> = new.lines().filter(|line| !old.contains(line)).collect();
    assert_eq!(changed, ["    bounds: ['35', '100']"]);
    // What is not frozen any more goes.
    defined(&town, &[SCORE]);
    freeze(&town, &[]);
    assert!(!file(&town).contains("local"), "{}", file(&town));
}

#[test]
fn a_dry_run_shows_the_file_and_writes_nothing() {
    let town = town(&[SCORE]);
    let shown = text(&freeze(&town, &["--dry-run"]));
    assert_eq!(file(&town), "(there is none)");
    freeze(&town, &[]);
    assert_eq!(file(&town), shown);
}

#[test]
fn another_definition_needs_other_cut_points() {
    let town = town(&[SCORE, LOCAL, TYPICAL]);
    freeze(&town, &[]);
    let fourths = SCORE.replace('3', "4");
    defined(&town, &[&fourths, LOCAL, TYPICAL]);
    assert_snapshot!(shown(&run(&town, &["check", "town"])), @"");
    assert_snapshot!(shown(&run(&town, &["eval", "town", "--as-of", "2026-03-31"])), @"");
    assert_snapshot!(shown(&freeze(&town, &["local"])), @"");
    assert_snapshot!(shown(&freeze(&town, &["score"])), @"");
    assert_snapshot!(check(&town), @"");
}

#[test]
fn a_broken_file_is_told_and_made_anew() {
    let town = town(&[SCORE, LOCAL]);
    freeze(&town, &[]);
    let whole = file(&town);
    write(town.path(), "town/frozen.yaml", &format!("<<<<<<< ours\n{whole}"));
    assert_snapshot!(check(&town), @"");
    assert_snapshot!(shown(&freeze(&town, &["score"])), @"");
    assert_snapshot!(shown(&freeze(&town, &[])), @"");
    assert_eq!(file(&town), whole);
    write(town.path(), "town/frozen.yaml", &whole.replace("'30', '100'", "'30', 'much'"));
    assert_snapshot!(check(&town), @"");
    write(town.path(), "town/frozen.yaml", &whole.replace("'30', '100'", "'30', '100', '200', '300'"));
    assert_snapshot!(check(&town), @"");
}

#[test]
fn what_cannot_be_frozen_is_told() {
    let town = town(&[SCORE, "  half: 'percent_rank(spend)'\n"]);
    assert_snapshot!(shown(&freeze(&town, &["scor"])), @"");
    assert_snapshot!(shown(&freeze(&town, &["half"])), @"");
    assert_snapshot!(shown(&run(&town, &["freeze", "town", "--as-of", "today"])), @"");
    write(town.path(), "town/customers.csv", "id,city,spend\n1,Bern,\n");
    assert_snapshot!(shown(&freeze(&town, &[])), @"");
    defined(&town, &["  half: 'percent_rank(spend)'\n"]);
    assert_snapshot!(shown(&freeze(&town, &[])), @"");
    defined(&town, &["  half: { is: 'percent_rank(spend)', frozen: true }\n"]);
    assert_snapshot!(shown(&freeze(&town, &[])), @"");
    defined(&town, &["  score: { is: 'ntile(3, spend) + 1', frozen: true }\n"]);
    assert_snapshot!(shown(&freeze(&town, &[])), @"");
}

/// Whoever freezes may write where nobody may, or be nobody who may.
#[test]
fn a_file_that_cannot_be_written_is_left() {
    let town = town(&[SCORE]);
    fs::create_dir(town.path().join("town/frozen.yaml")).expect("a directory");
    assert_snapshot!(shown(&freeze(&town, &[])), @"");
}
