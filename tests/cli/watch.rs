//! `kohort watch`: who enters and who leaves, when and why.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};

use chrono::{TimeDelta, Utc};
use insta::assert_snapshot;
use tempfile::TempDir;

use crate::shop::{CATALOG, CUSTOMERS, SALES, command, directory, run, shown, status};

const RULES: &str = "\
segments:
  came_twice: visits_30d >= 2
  spenders: spend_90d > 1_000
  away: { when: none(sales over 10d), label: Not seen in ten days }
";

fn shop() -> TempDir {
    directory(&[
        ("shop/catalog.yaml", CATALOG),
        ("shop/rules.yaml", RULES),
        ("shop/data/customers.csv", CUSTOMERS),
        ("shop/data/sales.csv", SALES),
    ])
}

fn append(shop: &TempDir, row: &str) {
    let sales = fs::OpenOptions::new().append(true).open(shop.path().join("shop/data/sales.csv"));
    writeln!(sales.expect("the sales are there"), "{row}").expect("a row is written");
}

fn read(shop: &TempDir, name: &str) -> String {
    fs::read_to_string(shop.path().join(name)).unwrap_or_default()
}

const MARCH: [&str; 6] = ["watch", "shop", "--from", "2026-03-01", "--to", "2026-04-20"];

#[test]
fn a_period_goes_by() {
    let shop = shop();
    assert_snapshot!(shown(&run(&shop, &MARCH)), @r#"
    status 0
    --- stdout
    {"seq":1,"segment":"came_twice","subject":"customer","customer_id":1,"change":"entered","effective_at":"2026-03-02T10:00:00+07:00","cause":"rows"}
    {"seq":2,"segment":"spenders","subject":"customer","customer_id":1,"change":"entered","effective_at":"2026-03-02T10:00:00+07:00","cause":"rows"}
    {"seq":3,"segment":"away","subject":"customer","customer_id":2,"change":"left","effective_at":"2026-03-03T10:00:00+07:00","cause":"rows"}
    {"seq":4,"segment":"away","subject":"customer","customer_id":10,"change":"left","effective_at":"2026-03-04T10:00:00+07:00","cause":"rows"}
    {"seq":5,"segment":"came_twice","subject":"customer","customer_id":10,"change":"entered","effective_at":"2026-03-05T10:00:00+07:00","cause":"rows"}
    {"seq":6,"segment":"away","subject":"customer","customer_id":1,"change":"entered","effective_at":"2026-03-12T10:00:00+07:00","cause":"clock"}
    {"seq":7,"segment":"away","subject":"customer","customer_id":2,"change":"entered","effective_at":"2026-03-13T10:00:00+07:00","cause":"clock"}
    {"seq":8,"segment":"away","subject":"customer","customer_id":10,"change":"entered","effective_at":"2026-03-15T10:00:00+07:00","cause":"clock"}
    {"seq":9,"segment":"came_twice","subject":"customer","customer_id":1,"change":"left","effective_at":"2026-03-31T10:00:00+07:00","cause":"clock"}
    {"seq":10,"segment":"came_twice","subject":"customer","customer_id":10,"change":"left","effective_at":"2026-04-03T10:00:00+07:00","cause":"clock"}
    {"seq":11,"segment":"away","subject":"customer","customer_id":9,"change":"left","effective_at":"2026-04-05T10:00:00+07:00","cause":"rows"}
    {"seq":12,"segment":"away","subject":"customer","customer_id":9,"change":"entered","effective_at":"2026-04-15T10:00:00+07:00","cause":"clock"}
    --- stderr
    watching 3 segments, 3 memberships at the end of 2026-03-01 (Asia/Jakarta)
    "#);
}

#[test]
fn one_segment_is_watched() {
    let shop = shop();
    let told = shown(&run(&shop, &[&MARCH[..], &["--segment", "came_twice"]].concat()));
    assert!(told.contains("came_twice") && !told.contains("\"away\""), "{told}");
    assert_eq!(status(&shop, &[&MARCH[..], &["--segment", "came_once"]].concat()), 2);
}

#[test]
fn what_was_kept_is_where_it_goes_on() {
    let shop = shop();
    let whole = ["--output", "whole.ndjson"];
    assert_eq!(status(&shop, &[&MARCH[..], &whole].concat()), 0);
    for day in ["2026-03-02", "2026-03-04", "2026-03-04", "2026-03-31", "2026-04-20"] {
        let part =
            ["watch", "shop", "--from", "2026-03-01", "--to", day, "--state", "kept", "--output", "parts.ndjson"];
        assert_eq!(status(&shop, &part), 0, "{day}");
    }
    assert_eq!(read(&shop, "parts.ndjson"), read(&shop, "whole.ndjson"));
    assert!(read(&shop, "whole.ndjson").lines().count() > 6);
}

/// The first lines find no room: nothing was told, and where it began is kept.
#[cfg(target_os = "linux")]
#[test]
fn where_it_began_is_kept_before_anything_is_told() {
    let shop = shop();
    assert_eq!(status(&shop, &[&MARCH[..], &["--output", "whole.ndjson"]].concat()), 0);
    assert_eq!(status(&shop, &[&MARCH[..], &["--state", "kept", "--output", "/dev/full"]].concat()), 2);
    // It goes on from where it began, not from where this run says.
    let later =
        ["watch", "shop", "--from", "2026-04-10", "--to", "2026-04-20", "--state", "kept", "--output", "parts.ndjson"];
    assert_eq!(status(&shop, &later), 0);
    assert_eq!(read(&shop, "parts.ndjson"), read(&shop, "whole.ndjson"));
}

#[test]
fn what_comes_late_is_told_where_it_has_come() {
    let shop = shop();
    let to = |day: &'static str| ["watch", "shop", "--from", "2026-03-01", "--to", day, "--state", "kept"];
    run(&shop, &to("2026-03-20"));
    append(&shop, "2,2026-03-19T10:00:00,5000.00");
    assert_snapshot!(shown(&run(&shop, &to("2026-03-20"))), @r#"
    status 0
    --- stdout
    {"seq":9,"segment":"away","subject":"customer","customer_id":2,"change":"left","effective_at":"2026-03-20T23:59:59.999999+07:00","cause":"rows"}
    {"seq":10,"segment":"came_twice","subject":"customer","customer_id":2,"change":"entered","effective_at":"2026-03-20T23:59:59.999999+07:00","cause":"rows"}
    {"seq":11,"segment":"spenders","subject":"customer","customer_id":2,"change":"entered","effective_at":"2026-03-20T23:59:59.999999+07:00","cause":"rows"}
    --- stderr
    watching 3 segments, 7 memberships at the end of 2026-03-20 (Asia/Jakarta)
    "#);
}

#[test]
fn kills_lose_and_repeat_nothing() {
    let shop = shop();
    for day in 1..=28 {
        append(&shop, &format!("{},2026-02-{day:02}T{:02}:00:00,{day}00.00", [1, 2, 9, 10][day % 4], day % 24));
    }
    let watch = |state: &'static str, output: &'static str| {
        ["watch", "shop", "--from", "2026-01-31", "--to", "2026-06-30", "--state", state, "--output", output]
    };
    assert_eq!(status(&shop, &watch("of_whole", "whole.ndjson")), 0);
    let length = read(&shop, "whole.ndjson").len();
    let mut kills = 0;
    for at in 1_usize.. {
        let mut child =
            command(&shop, &watch("kept", "parts.ndjson")).stderr(Stdio::null()).spawn().expect("the program begins");
        // Sooner or later into what it writes; some runs are killed before they write anything.
        let reached = length * at / 12;
        let done = loop {
            if let Some(done) = child.try_wait().expect("the program is there") {
                break done.success();
            }
            if read(&shop, "parts.ndjson").len() >= reached {
                child.kill().expect("it is killed");
                child.wait().expect("and gone");
                kills += 1;
                break false;
            }
            std::thread::yield_now();
        };
        if done {
            break;
        }
        assert!(at < 100, "it never ends");
    }
    assert_eq!(read(&shop, "parts.ndjson"), read(&shop, "whole.ndjson"));
    assert!(kills > 5, "{kills} kills");
}

/// Kills a child whatever happens.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_clock_goes_on() {
    let shop = directory(&[
        ("shop/catalog.yaml", CATALOG),
        ("shop/rules.yaml", "segments:\n  fresh: any(sales over 1min)\n"),
        ("shop/data/customers.csv", CUSTOMERS),
        ("shop/data/sales.csv", SALES),
    ]);
    let mut watch = command(&shop, &["watch", "shop"]);
    let child = watch.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program begins");
    let mut child = Killed(child);
    let (told, said) = (child.0.stdout.take().expect("piped"), child.0.stderr.take().expect("piped"));
    let (mut told, mut said) = (BufReader::new(told).lines(), BufReader::new(said).lines());
    let begun = said.next().expect("it says what it watches").expect("as text");
    assert!(begun.starts_with("watching 1 segment, 0 memberships at "), "{begun}");
    // A sale of almost a minute ago, on a clock in Jakarta.
    let sold = Utc::now() + TimeDelta::hours(7) - TimeDelta::seconds(56);
    append(&shop, &format!("2,{},1.00", sold.format("%Y-%m-%dT%H:%M:%S")));
    let mut next = || -> serde_json::Value {
        let line = told.next().expect("a change is told").expect("as text");
        serde_json::from_str(&line).expect("as JSON")
    };
    let (entered, left) = (next(), next());
    let what = |line: &serde_json::Value| {
        format!("{} {} {} {}", line["seq"], line["customer_id"], line["change"], line["cause"])
    };
    assert_eq!(what(&entered), r#"1 2 "entered" "rows""#);
    assert_eq!(what(&left), r#"2 2 "left" "clock""#);
    let leaves = (sold + TimeDelta::minutes(1)).format("%Y-%m-%dT%H:%M:%S+07:00").to_string();
    assert_eq!(left["effective_at"], leaves.as_str());
}

#[test]
fn what_cannot_be_gone_on_from_is_left_alone() {
    let shop = shop();
    fs::write(shop.path().join("kept"), "{}").expect("a file is written");
    let kept = run(&shop, &[&MARCH[..], &["--state", "kept"]].concat());
    assert_snapshot!(shown(&kept), @r#"
    status 2
    --- stderr
    error: cannot go on from `kept`: it is no file that `kohort watch` has kept
      help: name another file, or remove it to begin anew
    "#);
    assert_eq!(read(&shop, "kept"), "{}");
    let backwards = ["watch", "shop", "--from", "2026-03-02", "--to", "2026-03-01"];
    assert_snapshot!(shown(&run(&shop, &backwards)), @r#"
    status 2
    --- stderr
    error: `--to` is before `--from`
      help: the period begins with `--from`
    "#);
    fs::remove_file(shop.path().join("kept")).expect("it is removed");
    let once = [&MARCH[..], &["--state", "kept", "--output", "told"]].concat();
    assert_eq!(status(&shop, &once), 0);
    fs::write(shop.path().join("told"), "").expect("a file is written");
    assert_snapshot!(shown(&run(&shop, &once)), @r#"
    status 2
    --- stderr
    error: `told` is shorter than it was when its state was kept
      help: put the file back, or begin anew: another `--output`, and no `--state` file
    "#);
}

/// What the README says, with its files.
#[test]
fn as_the_readme_says() {
    let readme = include_str!("../../README.md");
    let example = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules-examples/jakarta"));
    let senja = TempDir::new().expect("a directory");
    copy(example, &senja.path().join("senja"));
    let rule = readme.split_once("printf '").and_then(|(_, rest)| rest.split_once("' > senja/mine.yaml"));
    let rule = rule.expect("a rule").0.replace("\\n", "\n");
    fs::write(senja.path().join("senja/mine.yaml"), rule).expect("a rule is written");
    let commands = readme.lines().filter_map(|line| line.strip_prefix("cargo run -- watch "));
    let mut told = String::new();
    for (at, arguments) in commands.enumerate() {
        if at == 1 {
            let row = readme.split_once("echo '").and_then(|(_, rest)| rest.split_once("' >> senja/data/carts.csv"));
            let carts = senja.path().join("senja/data/carts.csv");
            let mut carts = fs::OpenOptions::new().append(true).open(carts).expect("carts");
            writeln!(carts, "{}", row.expect("a purchase").0).expect("it is written");
        }
        let arguments: Vec<&str> = std::iter::once("watch").chain(arguments.split(' ')).collect();
        let output = run(&senja, &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
        told.push_str(&String::from_utf8_lossy(&output.stdout));
    }
    assert!(told.lines().count() == 2 && readme.contains(&told), "{told}");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory").flatten() {
        let (path, name) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &name);
        } else {
            fs::copy(&path, &name).expect("a file is copied");
        }
    }
}
