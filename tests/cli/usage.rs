//! Arguments, help, colour, and the status of a run.

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::shop::{run, shop, shown, status, write};

#[test]
fn colour_is_a_choice() {
    let shop = shop();
    write(shop.path(), "shop/rules.yaml", "segments:\n  a: { when: vists > 1 }\n");
    let coloured = |arguments: &[&str]| run(&shop, arguments).stdout.contains(&0x1b);
    assert!(!coloured(&["check", "shop"]), "a pipe is no terminal");
    assert!(coloured(&["check", "shop", "--color", "always"]));
    assert!(!coloured(&["--color", "never", "check", "shop"]));
    let wrong = run(&shop, &["check", "nowhere", "--color", "always"]);
    assert!(wrong.stderr.contains(&0x1b));
}

#[test]
fn wrong_usage_is_status_2() {
    let shop = shop();
    for arguments in [
        &["eval", "shop"][..],
        &["eval", "--as-of", "2026-03-31"],
        &["eval", "shop", "--as-of", "soon"],
        &["eval", "shop", "--as-of", "2026-02-30"],
        &["eval", "shop", "--as-of", "2026-03-31", "--format", "xml"],
        &["eval", "shop", "--as-of", "2026-03-31", "--segment", "nothing_like_it"],
        &["eval", "nowhere", "--as-of", "2026-03-31"],
        &["eval", "shop", "--as-of", "2026-03-31", "--catalog", "nowhere.yaml"],
        &["check", "nowhere"],
        &["check", "nowhere.yaml"],
        &["check"],
        &["paint"],
        &[],
    ] {
        let output = run(&shop, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    assert_eq!(status(&shop, &["--help"]), 0);
    assert_eq!(status(&shop, &["--version"]), 0);
    assert_snapshot!(shown(&run(&shop, &["check", "nowhere"])), @r#"
    status 2
    --- stderr
    error: cannot read `nowhere`: there is no such file or directory
      help: a project is a directory with a `catalog.yaml`, or a rule file
    "#);
}

#[test]
fn help_speaks_to_people() {
    let nowhere = TempDir::new().unwrap();
    let help = |arguments: &[&str]| String::from_utf8(run(&nowhere, arguments).stdout).unwrap();
    assert_snapshot!(help(&["-h"]), @r#"
    Customer segments from readable rules: checked, evaluated and counted exactly

    Usage: kohort [OPTIONS] <COMMAND>

    Commands:
      eval      Count or list the members of segments as of a day or an instant
      check     Find every mistake in a project's rules and catalogue
      test      Run the tests that stand in a project's rule files
      explain   Say in plain language what rules mean
      why       Tell why somebody is in a segment or is not, and what would change it
      watch     Say who enters and who leaves segments, when and why, as it happens
      chart     Draw a chart: how many are in each cell, and in each group
      freeze    Compute the cut points of frozen attributes, and keep them in `frozen.yaml`
      init      Write a first catalogue and first rules for data files
      optimize  Copy a table into the layout that evaluates fastest
      tables    Look at the data of a project: rows, times, columns, values
      library   List the libraries that a catalogue can include, or print one

    Options:
          --color <WHEN>  Whether to colour what is written [default: auto] [possible values: auto,
                          always, never]
      -h, --help          Print help (see more with '--help')
      -V, --version       Print version

    Examples:
      kohort check shop                            find mistakes in the rules of the directory `shop`
      kohort eval shop --as-of 2026-03-31          count the members of every segment on that day
      kohort why shop vip 10017 --as-of 2026-03-31 tell why this customer is in `vip`, or is not
      kohort test shop                             run the tests that stand beside the rules
      kohort tables shop                           look at the data: rows, times, columns, values
      kohort init shop --from data/*.csv           begin: a first catalogue and rules for data files

    Exit status: 0 all is well, 1 there are errors, 2 wrong usage or unreadable input.
    "#);
    assert_snapshot!(help(&["eval", "-h"]), @r#"
    Count or list the members of segments as of a day or an instant

    Usage: kohort eval [OPTIONS] --as-of <WHEN> <PROJECT>

    Arguments:
      <PROJECT>  A directory with a `catalog.yaml` and rule files, or a single rule file

    Options:
          --catalog <PATH>   Take the catalogue from here instead of from the directory, or from beside
                             or above the rule file
          --color <WHEN>     Whether to colour what is written [default: auto] [possible values: auto,
                             always, never]
          --as-of <WHEN>     The day or the instant to look from: 2026-03-31 (its end), 2026-03-31T10:00
                             or 2026-03-31T10:00+07:00
          --segment <NAME>   Only this segment; may be given several times
          --format <FORMAT>  What to write [default: by the ending of `--output`, else table] [possible
                             values: table, csv, json, ndjson, parquet, arrow]
          --counts           Only count: list nobody, in any format
          --until            Say for each member until when: the first instant at which it is none any
                             more if nothing happens
          --output <PATH>    Write to this file, which appears whole or not at all
          --skipped <PATH>   Write the rows that were left out (`on_error: skip`) to this CSV file, each
                             with its place and what is wrong
          --memory <SIZE>    Keep to about so much memory, and use the disk for what has no room: 512MB,
                             2GB
          --plain            Count by DataFusion's own aggregations and joins: the same answer, later,
                             to hold the shared pass against
          --profile          Say what was spent on reading, counting and deciding, and what each feature
                             and each segment costs
      -h, --help             Print help (see more with '--help')

    Examples:
      kohort eval shop --as-of 2026-03-31                               counts on that day, for people
      kohort eval shop --as-of 2026-03-31 --counts --output counts.csv  the same for a spreadsheet
      kohort eval shop --as-of 2026-03-31T10:00 --segment vip --output vip.csv
      kohort eval shop --as-of 2026-03-31 --output members.parquet
      kohort eval shop --as-of 2026-03-31 --format ndjson | head
    "#);
    assert!(help(&["check", "--help"]).contains("kohort check shop"));
}
