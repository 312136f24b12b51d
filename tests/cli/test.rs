//! `kohort test`: tests that pass, fail and cannot be run, and what is written of them.

use std::path::Path;
use std::process::Command;

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::shop::{command, run, shop, shown, status, text, write};

/// The shop with tests: one passes, one fails in every way, one cannot be run.
fn tested() -> TempDir {
    let shop = shop();
    let tests = "\
test_defaults:
  sales: { amount: 600 }
tests:
  - name: buyers bought
    as_of: 2026-03-31
    given:
      customers: [{ customer_id: 1 }, { customer_id: 2 }]
      sales: [{ customer_id: 1, bought_at: 2026-03-01 }]
    expect: { buyers: [1], regulars: [] }
  - name: everything is wrong
    as_of: 2026-03-31
    given:
      customers: [{ customer_id: 1, city: Jakarta }, { customer_id: 2 }, { customer_id: 3 }]
      sales:
        - { customer_id: 1, bought_at: 2026-03-01 }
        - { customer_id: 2, bought_at: 2026-03-01 }
    expect:
      buyers: [2, 3, 77]
      locals_who_buy: 2
      nobody: { has: [1] }
    then:
      - at: 2026-04-02T10:00
        given: { sales: [{ customer_id: 2, bought_at: 2026-04-01 }, { customer_id: 2, bought_at: 2026-04-02 }] }
        expect:
          regulars: { entered: [3], left: [1], lacks: [2] }
  - name: two rows for one <customer> & another
    as_of: 2026-03-31
    given: { customers: [{ customer_id: 1 }, { customer_id: 1 }] }
    expect: { buyers: [] }
";
    write(shop.path(), "shop/tests/shop.yaml", tests);
    shop
}

/// With the times taken out.
fn without_times(text: &str) -> String {
    let lines = text.lines().map(|line| match line.rsplit_once(" in ") {
        Some((said, time)) if time.ends_with(" s") => format!("{said} in … s"),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_fails_is_told() {
    let shop = tested();
    assert_snapshot!(without_times(&shown(&run(&shop, &["test", "shop"]))), @"");
}

#[test]
fn what_passes_is_counted() {
    let shop = tested();
    let said = without_times(&text(&run(&shop, &["test", "shop", "--filter", "BOUGHT"])));
    assert_snapshot!(said, @"");
    // Data is not looked at: none is needed.
    std::fs::remove_dir_all(shop.path().join("shop/data")).unwrap();
    assert_eq!(status(&shop, &["test", "shop", "--filter", "bought"]), 0);
}

#[test]
fn usage() {
    let shop = tested();
    assert_snapshot!(shown(&run(&shop, &["test", "shop", "--filter", "refund"])), @"");
    assert_snapshot!(shown(&run(&shop, &["test", "shop/rules.yaml"])), @"");
    assert_eq!(status(&shop, &["test", "nowhere"]), 2);
    write(
        shop.path(),
        "shop/tests/wrong.yaml",
        "tests:\n  - name: a\n    as_of: soon\n    given: { customer: [] }\n    expect: { buyer: [x] }\n",
    );
    assert_snapshot!(shown(&run(&shop, &["test", "shop"])), @"");
}

#[test]
fn json_holds_everything() {
    let shop = tested();
    let output = run(&shop, &["test", "shop", "--format", "json", "--coverage"]);
    assert_eq!(output.status.code(), Some(1));
    let mut report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["seconds"].as_f64().is_some());
    report["seconds"] = 0.into();
    for test in report["tests"].as_array_mut().unwrap() {
        assert!(test["seconds"].as_f64().is_some());
        test["seconds"] = 0.into();
    }
    assert_snapshot!(serde_json::to_string_pretty(&report).unwrap(), @"");
}

#[test]
fn junit_is_xml() {
    let shop = tested();
    let output = run(&shop, &["test", "shop", "--format", "junit", "-o", "report.xml"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let report = std::fs::read_to_string(shop.path().join("report.xml")).unwrap();
    let mut times = report.split(" time=\"");
    let mut timeless = times.next().unwrap().to_owned();
    for part in times {
        timeless.push_str(part.split_once('"').unwrap().1);
    }
    assert_snapshot!(timeless, @"");
}

#[test]
fn coverage_tells_what_no_test_would_notice() {
    let shop = tested();
    let said = without_times(&text(&run(&shop, &["test", "shop", "--filter", "bought", "--coverage"])));
    assert_snapshot!(said, @"");
}

#[test]
fn watching_runs_again_when_a_file_changes() {
    let shop = tested();
    let mut watching = command(&shop, &["test", "shop", "--filter", "bought", "--watch"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(watching.stdout.take().unwrap()));
    let first = lines.next().unwrap().unwrap();
    assert!(first.starts_with("1 test passed"), "{first}");
    let path = shop.path().join("shop/tests/shop.yaml");
    let changed = std::fs::read_to_string(&path).unwrap().replace("buyers: [1]", "buyers: [2]");
    std::fs::write(&path, changed).unwrap();
    let second = lines.next().unwrap().unwrap();
    watching.kill().unwrap();
    watching.wait().unwrap();
    assert_eq!(second, "FAILED buyers bought");
}

/// Every rule of the examples is tested, and every test passes.
#[test]
fn the_tests_of_the_examples_pass() {
    for (example, at_least) in [("chinook", 4), ("jakarta", 20), ("online-retail", 7), ("rfm", 6), ("meanings", 25)] {
        let output = example_run(example);
        assert_eq!(output.status.code(), Some(0), "{example}\n{}", String::from_utf8_lossy(&output.stdout));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(report["passed"].as_u64().unwrap() >= at_least, "{example}");
        let untested: Vec<&str> =
            report["coverage"]["untested"].as_array().unwrap().iter().filter_map(|name| name.as_str()).collect();
        // The charts of the libraries are tested where they ship.
        let ours = |name: &&&str| !name.starts_with("rfm.") && !name.starts_with("rfm_short.");
        assert_eq!(untested.iter().filter(ours).collect::<Vec<_>>(), Vec::<&&str>::new(), "{example}");
    }
}

fn example_run(example: &str) -> std::process::Output {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules-examples").join(example);
    let mut program = Command::new(env!("CARGO_BIN_EXE_kohort"));
    program.arg("test").arg(path).args(["--coverage", "--format", "json"]).output().unwrap()
}
