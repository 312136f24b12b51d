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
    assert_snapshot!(check(&town), @"
    status 1
    --- stdout
    town/catalog.yaml:6:3: error[K509]: `score` and 2 other attributes are frozen, and there are no cut points yet; `kohort freeze` computes them from the data and keeps them in `frozen.yaml`
    1 error in 1 file checked
    ");
    assert_snapshot!(shown(&freeze(&town, &[])), @"
    status 0
    --- stdout
    score: 2 cut points from 7 customers: 30, 100
    local: cut points of 3 groups, from 7 customers in all
    typical: 1 cut point from 4 customers: 65
    written to `town/frozen.yaml`
    ");
    assert_snapshot!(file(&town), @"
    # Cut points of the attributes that the catalogue calls `frozen: true`: where one tile ends and the next begins.
    # `kohort freeze` computes them and writes this file, `kohort freeze NAME` those of one attribute. Until then everybody is
    # measured by these. Keep the file with the rules, and do not change it by hand.
    kohort: 1
    cut_points:
      score:
        definition: 'ntile(3, spend)'
        as_of: '2026-03-31T23:59:59.999999+00:00'
        population: 7
        bounds: ['30', '100']
      local:
        definition: 'top 50% by spend per city'
        as_of: '2026-03-31T23:59:59.999999+00:00'
        groups:
          - { population: 1, bounds: ['7'] }
          - { per: 'Bern', population: 4, bounds: ['30'] }
          - { per: 'Chur', population: 2, bounds: ['200'] }
      typical:
        definition: 'percentile(50, spend among (score >= 2))'
        as_of: '2026-03-31T23:59:59.999999+00:00'
        population: 4
        bounds: ['65']
    ");
    assert_snapshot!(check(&town), @"
    status 0
    --- stdout
    2 files checked: 0 segments, no problems
    ");
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
    assert_snapshot!(shown(&freeze(&town, &["score"])), @"
    status 0
    --- stdout
    score: 2 cut points from 7 customers: 35, 100
    written to `town/frozen.yaml`
    ");
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
    assert_snapshot!(shown(&run(&town, &["check", "town"])), @"
    status 1
    --- stdout
    error[K509]: the cut points of `score` are those of another definition
     --> town/catalog.yaml:6:17
      |
    6 |   score: { is: 'ntile(4, spend)', frozen: true }
      |                 ^^^^^^^^^^^^^^^
      |
     ::: town/frozen.yaml:7:17
      |
    7 |     definition: 'ntile(3, spend)'
      |                 ----------------- computed for `ntile(3, spend)`
      |
      = help: `kohort freeze` with `score` computes new ones; to keep these, put the definition back

    1 error in 2 files checked
    ");
    assert_snapshot!(shown(&run(&town, &["eval", "town", "--as-of", "2026-03-31"])), @"
    status 1
    --- stderr
    error[K509]: the cut points of `score` are those of another definition
     --> town/catalog.yaml:6:17
      |
    6 |   score: { is: 'ntile(4, spend)', frozen: true }
      |                 ^^^^^^^^^^^^^^^
      |
     ::: town/frozen.yaml:7:17
      |
    7 |     definition: 'ntile(3, spend)'
      |                 ----------------- computed for `ntile(3, spend)`
      |
      = help: `kohort freeze` with `score` computes new ones; to keep these, put the definition back

    1 error in 2 files checked
    ");
    assert_snapshot!(shown(&freeze(&town, &["local"])), @"
    status 1
    --- stderr
    error[K509]: the cut points of `score` are those of another definition
     --> town/catalog.yaml:6:17
      |
    6 |   score: { is: 'ntile(4, spend)', frozen: true }
      |                 ^^^^^^^^^^^^^^^
      |
     ::: town/frozen.yaml:7:17
      |
    7 |     definition: 'ntile(3, spend)'
      |                 ----------------- computed for `ntile(3, spend)`
      |
      = help: `kohort freeze` with `score` computes new ones; to keep these, put the definition back

    1 error in 2 files checked
    ");
    assert_snapshot!(shown(&freeze(&town, &["score"])), @"
    status 0
    --- stdout
    score: 3 cut points from 7 customers: 20.5, 30, 200
    written to `town/frozen.yaml`
    ");
    assert_snapshot!(check(&town), @"
    status 0
    --- stdout
    2 files checked: 0 segments, no problems
    ");
}

#[test]
fn a_broken_file_is_told_and_made_anew() {
    let town = town(&[SCORE, LOCAL]);
    freeze(&town, &[]);
    let whole = file(&town);
    write(town.path(), "town/frozen.yaml", &format!("<<<<<<< ours\n{whole}"));
    assert_snapshot!(check(&town), @"
    status 1
    --- stdout
    town/frozen.yaml:5:1: error[K102]: `kohort: 1` does not fit the lines above it; run `kohort freeze`, which computes all cut points and writes the file anew
    1 error in 2 files checked
    ");
    assert_snapshot!(shown(&freeze(&town, &["score"])), @"
    status 1
    --- stderr
    error[K102]: `kohort: 1` does not fit the lines above it
     --> town/frozen.yaml:5:1
      |
    5 | kohort: 1
      | ^^^^^^^^^
      |
      = help: run `kohort freeze`, which computes all cut points and writes the file anew

    1 error in 2 files checked
    ");
    assert_snapshot!(shown(&freeze(&town, &[])), @"
    status 0
    --- stdout
    score: 2 cut points from 7 customers: 30, 100
    local: cut points of 3 groups, from 7 customers in all
    written to `town/frozen.yaml`
    ");
    assert_eq!(file(&town), whole);
    write(town.path(), "town/frozen.yaml", &whole.replace("'30', '100'", "'30', 'much'"));
    assert_snapshot!(check(&town), @"
    status 1
    --- stdout
    town/frozen.yaml:10:20: error[K509]: `much` is not a number, as the cut points here are; `kohort freeze` writes this file anew
    1 error in 2 files checked
    ");
    write(town.path(), "town/frozen.yaml", &whole.replace("'30', '100'", "'30', '100', '200', '300'"));
    assert_snapshot!(check(&town), @"
    status 1
    --- stdout
    town/frozen.yaml:6:3: error[K509]: there are 4 cut points where 2 are the most; `kohort freeze` writes this file anew
    1 error in 2 files checked
    ");
}

#[test]
fn what_cannot_be_frozen_is_told() {
    let town = town(&[SCORE, "  half: 'percent_rank(spend)'\n"]);
    assert_snapshot!(shown(&freeze(&town, &["scor"])), @"
    status 2
    --- stderr
    error: there is no frozen attribute `scor`
      help: did you mean `score`?
    ");
    assert_snapshot!(shown(&freeze(&town, &["score", "half"])), @"
    status 2
    --- stderr
    error: there is no frozen attribute `half`
      help: the project has `score`
    ");
    assert_snapshot!(shown(&run(&town, &["freeze", "town", "--as-of", "today"])), @"
    status 2
    --- stderr
    error: `today` is not a date or a time: write `2026-03-31`, `2026-03-31T10:00` or `2026-03-31T10:00+07:00`
    ");
    write(town.path(), "town/customers.csv", "id,city,spend\n1,Bern,\n");
    assert_snapshot!(shown(&freeze(&town, &[])), @"
    status 1
    --- stderr
    error: nobody is in the population of `score`, so there is nothing to compute cut points from
    ");
    defined(&town, &["  half: 'percent_rank(spend)'\n"]);
    assert_snapshot!(shown(&freeze(&town, &[])), @"
    status 2
    --- stderr
    error: the project has no frozen attributes
      help: an attribute that is a rank is frozen by `frozen: true` in the catalogue
    ");
    defined(&town, &["  half: { is: 'percent_rank(spend)', frozen: true }\n"]);
    assert_snapshot!(shown(&freeze(&town, &[])), @"
    status 1
    --- stderr
    error[K111]: `percent_rank` has no cut points: each value has a rank of its own
     --> town/catalog.yaml:6:38
      |
    6 |   half: { is: 'percent_rank(spend)', frozen: true }
      |                                      ^^^^^^
      |
      = help: freeze a rank of steps, as in `ntile(100, …)`, or leave `frozen:` out

    1 error in 1 file checked
    ");
    defined(&town, &["  score: { is: 'ntile(3, spend) + 1', frozen: true }\n"]);
    assert_snapshot!(shown(&freeze(&town, &[])), @"
    status 1
    --- stderr
    error[K111]: only a rank is frozen: the place among others is what others can change
     --> town/catalog.yaml:6:39
      |
    6 |   score: { is: 'ntile(3, spend) + 1', frozen: true }
      |                                       ^^^^^^
      |
      = help: freeze the attribute that is the rank, such as `quintile(…)` or `top 10% by …`, and use it in this one

    1 error in 1 file checked
    ");
}

/// What stands in the way is left where it is.
#[test]
fn a_file_that_cannot_be_written_is_left() {
    let town = town(&[SCORE]);
    fs::create_dir(town.path().join("town/frozen.yaml")).expect("a directory");
    assert_snapshot!(shown(&freeze(&town, &[])), @"
    status 2
    --- stderr
    error: cannot read `town/frozen.yaml`: it is a directory
    ");
}
