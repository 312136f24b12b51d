//! `kohort test`: tests that pass, fail and cannot be run, and what is written of them.

use std::path::Path;
use std::process::Command;

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::shop::{CATALOG, command, directory, failing_shop, run, shop, shown, status, text, write};

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
    assert_snapshot!(without_times(&shown(&run(&shop, &["test", "shop"]))), @r#"
    status 1
    --- stdout
    FAILED everything is wrong
      shop/tests/shop.yaml:10:11
      `buyers`, step 1 of 2, the end of 2026-03-31 (Asia/Jakarta): shop/tests/shop.yaml:18:15
        missing: `3`, `77`
        too many: `1`
        `77` is not a customer: `customers` has no such row

          customer 3 is not in `buyers` (Bought once), as of the end of 2026-03-31 (Asia/Jakarta)

          buyers (Bought once): no
            ✗ visits > 0   0   needs 1 more

          Counted from
            sales: no rows
              visits = 0   (visits: count(sales))

          customer 1 is in `buyers` (Bought once), as of the end of 2026-03-31 (Asia/Jakarta)

          buyers (Bought once): yes
            ✓ visits > 0   1

          Counted from
            sales: 1 row
              visits = 1   (visits: count(sales))
                at
                2026-03-01 00:00
      `locals_who_buy`, step 1 of 2, the end of 2026-03-31 (Asia/Jakarta): shop/tests/shop.yaml:19:23
        1 member, and 2 expected
      `nobody`, step 1 of 2, the end of 2026-03-31 (Asia/Jakarta): shop/tests/shop.yaml:20:22
        missing: `1`

          customer 1 is not in `nobody`, as of the end of 2026-03-31 (Asia/Jakarta)

          nobody: no
            ✗ spend > 1_000_000   600 IDR   needs more than 999,400 IDR more

          Counted from
            sales: 1 row
              spend = 600 IDR   (spend: sum(amount of sales))
                at                 amount
                2026-03-01 00:00      600
      `regulars`, step 2 of 2, 2026-04-02T10:00:00+07:00 (Asia/Jakarta): shop/tests/shop.yaml:25:32
        did not enter: `3`
        entered too: `2`

          customer 3 is not in `regulars` (Came twice), as of 2026-04-02T10:00:00+07:00 (Asia/Jakarta)

          regulars (Came twice): no
            ✗ in buyers     no   see buyers
            ✗ visits >= 2   0    needs 2 more

          buyers (Bought once): no
            ✗ visits > 0   0   needs 1 more

          To be a member
            all of this:
              be in buyers
                visits > 0: needs 1 more
              visits >= 2: needs 2 more

          Counted from
            sales: no rows
              visits = 0   (visits: count(sales))

          customer 2 is in `regulars` (Came twice), as of 2026-04-02T10:00:00+07:00 (Asia/Jakarta)

          regulars (Came twice): yes
            ✓ in buyers     yes   see buyers
            ✓ visits >= 2   3

          buyers (Bought once): yes
            ✓ visits > 0   3

          Counted from
            sales: 3 rows
              visits = 3   (visits: count(sales))
                at
                2026-04-02 00:00
                2026-04-01 00:00
                2026-03-01 00:00
      `regulars`, step 2 of 2, 2026-04-02T10:00:00+07:00 (Asia/Jakarta): shop/tests/shop.yaml:25:43
        did not leave: `1`

          customer 1 is not in `regulars` (Came twice), as of 2026-04-02T10:00:00+07:00 (Asia/Jakarta)

          regulars (Came twice): no
            ✓ in buyers     yes   see buyers
            ✗ visits >= 2   1     needs 1 more

          buyers (Bought once): yes
            ✓ visits > 0   1

          Counted from
            sales: 1 row
              visits = 1   (visits: count(sales))
                at
                2026-03-01 00:00
      `regulars`, step 2 of 2, 2026-04-02T10:00:00+07:00 (Asia/Jakarta): shop/tests/shop.yaml:25:55
        too many: `2`

          customer 2 is in `regulars` (Came twice), as of 2026-04-02T10:00:00+07:00 (Asia/Jakarta)

          regulars (Came twice): yes
            ✓ in buyers     yes   see buyers
            ✓ visits >= 2   3

          buyers (Bought once): yes
            ✓ visits > 0   3

          Counted from
            sales: 3 rows
              visits = 3   (visits: count(sales))
                at
                2026-04-02 00:00
                2026-04-01 00:00
                2026-03-01 00:00

    NOT RUN two rows for one <customer> & another
      shop/tests/shop.yaml:26:11
    error[K603]: `customers` has several rows for one customer: 1
     --> shop/catalog.yaml:6:3
      |
    6 |   customers:
      |   ^^^^^^^^^
      |
      = help: a subject has one row: remove the others, or declare `id:` and `version:` if the last is meant

    1 test passed, 1 failed, 1 could not be run in … s
    "#);
}

#[test]
fn what_passes_is_counted() {
    let shop = tested();
    let said = without_times(&text(&run(&shop, &["test", "shop", "--filter", "BOUGHT"])));
    assert_snapshot!(said, @r#"1 test passed in … s"#);
    // All types are declared, so data is not looked at: neither what is not as declared, nor what is not there.
    write(shop.path(), "shop/data/customers.csv", "id,town\n1,Jakarta\n");
    assert_eq!(status(&shop, &["check", "shop"]), 1);
    assert_eq!(status(&shop, &["test", "shop", "--filter", "bought"]), 0);
    std::fs::remove_dir_all(shop.path().join("shop/data")).unwrap();
    assert_eq!(status(&shop, &["test", "shop", "--filter", "bought"]), 0);
}

#[test]
fn types_come_from_data_that_is_there() {
    let shop = tested();
    let untyped: String =
        CATALOG.lines().filter(|line| !line.contains("types:")).map(|line| format!("{line}\n")).collect();
    write(shop.path(), "shop/catalog.yaml", &untyped);
    assert_eq!(status(&shop, &["test", "shop", "--filter", "bought"]), 0);
    std::fs::remove_dir_all(shop.path().join("shop/data")).unwrap();
    let missing = shown(&run(&shop, &["test", "shop", "--filter", "bought"]));
    assert!(missing.starts_with("status 1"), "{missing}");
}

#[test]
fn usage() {
    let shop = tested();
    assert_snapshot!(shown(&run(&shop, &["test", "shop", "--filter", "refund"])), @r#"
    status 2
    --- stderr
    error: `refund` is not in the name of any of 3 tests
    "#);
    assert_snapshot!(shown(&run(&shop, &["test", "shop/rules.yaml"])), @r#"
    status 2
    --- stderr
    error: `shop/rules.yaml` has no tests
      help: write some under `tests:` in a rule file: rows, an instant, and who is found
    "#);
    assert_eq!(status(&shop, &["test", "nowhere"]), 2);
    write(
        shop.path(),
        "shop/tests/wrong.yaml",
        "tests:\n  - name: a\n    as_of: soon\n    given: { customer: [] }\n    expect: { buyer: [x] }\n",
    );
    assert_snapshot!(shown(&run(&shop, &["test", "shop"])), @r#"
    status 1
    --- stderr
    error[K701]: `soon` is not a date or a time
     --> shop/tests/wrong.yaml:3:12
      |
    3 |     as_of: soon
      |            ^^^^
      |
      = help: write `2026-03-31` (the end of that day), `2026-03-31T10:00` or `2026-03-31T10:00+07:00`

    error[K301]: there is no table `customer`
     --> shop/tests/wrong.yaml:4:14
      |
    4 |     given: { customer: [] }
      |              ^^^^^^^^
      |
    help: did you mean `customers`?
      |
    4 |     given: { customers: [] }
      |                      +

    error[K301]: there is no segment `buyer`
     --> shop/tests/wrong.yaml:5:15
      |
    5 |     expect: { buyer: [x] }
      |               ^^^^^
      |
    help: did you mean `buyers`?
      |
    5 |     expect: { buyers: [x] }
      |                    +

    3 errors in 4 files checked
    "#);
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
    assert_snapshot!(serde_json::to_string_pretty(&report).unwrap(), @r#"
    {
      "broken": 1,
      "coverage": {
        "conditions": 5,
        "one_sided": [
          {
            "column": 11,
            "condition": "spend > 1_000",
            "file": "shop/rules.yaml",
            "line": 11,
            "seen_false": false,
            "seen_true": false,
            "segment": "big_regulars"
          },
          {
            "column": 11,
            "condition": "city = 'Jakarta'",
            "file": "shop/rules.yaml",
            "line": 15,
            "seen_false": false,
            "seen_true": true,
            "segment": "locals_who_buy"
          },
          {
            "column": 11,
            "condition": "spend > 1_000_000",
            "file": "shop/rules.yaml",
            "line": 17,
            "seen_false": true,
            "seen_true": false,
            "segment": "nobody"
          }
        ],
        "untested": [
          "big_regulars"
        ]
      },
      "failed": 1,
      "kohort": 1,
      "passed": 1,
      "seconds": 0,
      "tests": [
        {
          "file": "shop/tests/shop.yaml",
          "line": 4,
          "name": "buyers bought",
          "outcome": "passed",
          "seconds": 0
        },
        {
          "file": "shop/tests/shop.yaml",
          "line": 10,
          "misses": [
            {
              "at": "2026-03-31T23:59:59.999999+07:00",
              "column": 15,
              "line": 18,
              "missing": [
                {
                  "key": "3",
                  "remarks": []
                },
                {
                  "key": "77",
                  "remarks": [
                    "`77` is not a customer: `customers` has no such row"
                  ]
                }
              ],
              "segment": "buyers",
              "step": 1,
              "surplus": [
                {
                  "key": "1",
                  "remarks": []
                }
              ],
              "what": "members"
            },
            {
              "at": "2026-03-31T23:59:59.999999+07:00",
              "column": 23,
              "expected": 2,
              "found": 1,
              "line": 19,
              "segment": "locals_who_buy",
              "step": 1,
              "what": "count"
            },
            {
              "at": "2026-03-31T23:59:59.999999+07:00",
              "column": 22,
              "line": 20,
              "missing": [
                {
                  "key": "1",
                  "remarks": []
                }
              ],
              "segment": "nobody",
              "step": 1,
              "surplus": [],
              "what": "members"
            },
            {
              "at": "2026-04-02T10:00:00+07:00",
              "column": 32,
              "line": 25,
              "missing": [
                {
                  "key": "3",
                  "remarks": []
                }
              ],
              "segment": "regulars",
              "step": 2,
              "surplus": [
                {
                  "key": "2",
                  "remarks": []
                }
              ],
              "what": "entered"
            },
            {
              "at": "2026-04-02T10:00:00+07:00",
              "column": 43,
              "line": 25,
              "missing": [
                {
                  "key": "1",
                  "remarks": []
                }
              ],
              "segment": "regulars",
              "step": 2,
              "surplus": [],
              "what": "left"
            },
            {
              "at": "2026-04-02T10:00:00+07:00",
              "column": 55,
              "line": 25,
              "missing": [],
              "segment": "regulars",
              "step": 2,
              "surplus": [
                {
                  "key": "2",
                  "remarks": []
                }
              ],
              "what": "members"
            }
          ],
          "name": "everything is wrong",
          "outcome": "failed",
          "seconds": 0
        },
        {
          "file": "shop/tests/shop.yaml",
          "line": 26,
          "message": "the data is not what the catalogue says: `customers` has several rows for one customer: 1",
          "name": "two rows for one <customer> & another",
          "outcome": "broken",
          "seconds": 0
        }
      ]
    }
    "#);
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
    assert_snapshot!(timeless, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites tests="3" failures="1" errors="1">
      <testsuite name="shop/tests/shop.yaml" tests="3" failures="1" errors="1">
        <testcase classname="shop/tests/shop.yaml" name="buyers bought" file="shop/tests/shop.yaml" line="4"/>
        <testcase classname="shop/tests/shop.yaml" name="everything is wrong" file="shop/tests/shop.yaml" line="10">
          <failure message="buyers: missing: `3`, `77` (and 5 more)">
    shop/tests/shop.yaml:18:15: buyers, at 2026-03-31T23:59:59.999999+07:00
      missing: `3`, `77`
      too many: `1`
      `77` is not a customer: `customers` has no such row

        customer 3 is not in `buyers` (Bought once), as of the end of 2026-03-31 (Asia/Jakarta)

        buyers (Bought once): no
          ✗ visits &gt; 0   0   needs 1 more

        Counted from
          sales: no rows
            visits = 0   (visits: count(sales))

        customer 1 is in `buyers` (Bought once), as of the end of 2026-03-31 (Asia/Jakarta)

        buyers (Bought once): yes
          ✓ visits &gt; 0   1

        Counted from
          sales: 1 row
            visits = 1   (visits: count(sales))
              at
              2026-03-01 00:00
    shop/tests/shop.yaml:19:23: locals_who_buy, at 2026-03-31T23:59:59.999999+07:00
      1 member, and 2 expected
    shop/tests/shop.yaml:20:22: nobody, at 2026-03-31T23:59:59.999999+07:00
      missing: `1`

        customer 1 is not in `nobody`, as of the end of 2026-03-31 (Asia/Jakarta)

        nobody: no
          ✗ spend &gt; 1_000_000   600 IDR   needs more than 999,400 IDR more

        Counted from
          sales: 1 row
            spend = 600 IDR   (spend: sum(amount of sales))
              at                 amount
              2026-03-01 00:00      600
    shop/tests/shop.yaml:25:32: regulars, at 2026-04-02T10:00:00+07:00
      did not enter: `3`
      entered too: `2`

        customer 3 is not in `regulars` (Came twice), as of 2026-04-02T10:00:00+07:00 (Asia/Jakarta)

        regulars (Came twice): no
          ✗ in buyers     no   see buyers
          ✗ visits &gt;= 2   0    needs 2 more

        buyers (Bought once): no
          ✗ visits &gt; 0   0   needs 1 more

        To be a member
          all of this:
            be in buyers
              visits &gt; 0: needs 1 more
            visits &gt;= 2: needs 2 more

        Counted from
          sales: no rows
            visits = 0   (visits: count(sales))

        customer 2 is in `regulars` (Came twice), as of 2026-04-02T10:00:00+07:00 (Asia/Jakarta)

        regulars (Came twice): yes
          ✓ in buyers     yes   see buyers
          ✓ visits &gt;= 2   3

        buyers (Bought once): yes
          ✓ visits &gt; 0   3

        Counted from
          sales: 3 rows
            visits = 3   (visits: count(sales))
              at
              2026-04-02 00:00
              2026-04-01 00:00
              2026-03-01 00:00
    shop/tests/shop.yaml:25:43: regulars, at 2026-04-02T10:00:00+07:00
      did not leave: `1`

        customer 1 is not in `regulars` (Came twice), as of 2026-04-02T10:00:00+07:00 (Asia/Jakarta)

        regulars (Came twice): no
          ✓ in buyers     yes   see buyers
          ✗ visits &gt;= 2   1     needs 1 more

        buyers (Bought once): yes
          ✓ visits &gt; 0   1

        Counted from
          sales: 1 row
            visits = 1   (visits: count(sales))
              at
              2026-03-01 00:00
    shop/tests/shop.yaml:25:55: regulars, at 2026-04-02T10:00:00+07:00
      too many: `2`

        customer 2 is in `regulars` (Came twice), as of 2026-04-02T10:00:00+07:00 (Asia/Jakarta)

        regulars (Came twice): yes
          ✓ in buyers     yes   see buyers
          ✓ visits &gt;= 2   3

        buyers (Bought once): yes
          ✓ visits &gt; 0   3

        Counted from
          sales: 3 rows
            visits = 3   (visits: count(sales))
              at
              2026-04-02 00:00
              2026-04-01 00:00
              2026-03-01 00:00
    </failure>
        </testcase>
        <testcase classname="shop/tests/shop.yaml" name="two rows for one &lt;customer&gt; &amp; another" file="shop/tests/shop.yaml" line="26">
          <error message="the data is not what the catalogue says: `customers` has several rows for one customer: 1"/>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn coverage_tells_what_no_test_would_notice() {
    let shop = tested();
    let said = without_times(&text(&run(&shop, &["test", "shop", "--filter", "bought", "--coverage"])));
    assert_snapshot!(said, @r#"
    1 of 5 conditions were seen both true and false
      never true: `visits >= 2` of `regulars`: shop/rules.yaml:8:11
      never seen: `spend > 1_000` of `big_regulars`: shop/rules.yaml:11:11
      never seen: `city = 'Jakarta'` of `locals_who_buy`: shop/rules.yaml:15:11
      never seen: `spend > 1_000_000` of `nobody`: shop/rules.yaml:17:11
    no test expects anything of
      `big_regulars`
      `locals_who_buy`
      `nobody`

    1 test passed in … s
    "#);
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

/// A project whose test gives values of every type, under names that its files have not, in two kinds of subjects.
#[test]
fn values_of_every_type_reach_the_rules() {
    let catalog = "\
kohort: 1
timezone: Asia/Jakarta
subjects:
  member: { table: members, key: [shop, no] }
  visit: { key: visit_id }
tables:
  members:
    types: { shop: text, no: integer, born: date, active: bool, points: decimal(3), tags: list of text }
    rename: { no: Nomor, born: 'Tanggal Lahir' }
  visits:
    source: visits.csv
    subject: { member: [shop, no], visit: visit_id }
    time: seen
    timezone: UTC
    reading: { decimal: ',', times: '%d.%m.%Y %H:%M' }
    types: { visit_id: text, shop: text, no: integer, seen: timestamp, paid: decimal(2) }
  days:
    sql: select shop, no, cast(count(*) as bigint) as visits from visits group by shop, no
    subject: { member: [shop, no] }
    types: { shop: text, no: integer, visits: integer }
";
    let rules = "\
segments:
  born_late: born >= 2000-02-29
  active_people: active = true
  exact: points = 0.125
  golfers: tags contains 'golf'
  morning: { when: any(visits where hour_of_day(seen) = 8) }      # 01:00 of UTC
  twice: any(days where visits = 2)
  dear: { of: visit, when: sum(paid of visits) > 0.5 }
tiers:
  size: { large: any(days where visits >= 3), small: otherwise }
tests:
  - name: of all types
    as_of: 2026-03-31
    given:
      members:
        - { shop: S1, no: 00017, born: 2000-02-29, active: true, points: 0.125, tags: [golf, tea] }
        - { shop: S1, no: 18, born: 2000-02-28, active: false, points: 0.1250, tags: [] }
        - { shop: S2, no: 17, active: ~, tags: ~ }
      visits:
        - { visit_id: V1, shop: S1, no: 17, seen: 2026-03-01T01:00, paid: 0.51 }
        - { visit_id: V2, shop: S1, no: 17, seen: 2026-03-01T08:00+07:00, paid: 0.5 }
        - { visit_id: V3, shop: S2, no: 17, seen: 2026-03-31T23:00 }
    expect:
      born_late: [[S1, 17]]
      active_people: [{ no: 17, shop: S1 }]
      exact: [[S1, 17], [S1, 18]]
      golfers: { has: [[S1, 17]], lacks: [[S1, 18], [S2, 17]] }
      morning: [[S1, 17]]
      twice: [[S1, 17]]
      dear: [V1]
      size.large: 0
      size.small: 3
    then:
      - at: 2026-04-01T12:00
        expect: { dear: [V1], twice: { entered: [], left: [] } }
  - name: rows of a table by SQL
    as_of: 2026-03-31
    given: { members: [{ shop: S1, no: 1 }], days: [{ shop: S1, no: 1, visits: 2 }] }
    expect: { twice: [[S1, 1]] }
";
    let project = directory(&[("shop/catalog.yaml", catalog), ("shop/rules.yaml", rules)]);
    let said = without_times(&shown(&run(&project, &["test", "shop", "--coverage"])));
    assert_snapshot!(said, @r#"
    status 0
    --- stdout
    6 of 8 conditions were seen both true and false
      never false: `points = 0.125` of `exact`: shop/rules.yaml:4:10
      never true: `any(days where visits >= 3)` of `size.large`: shop/rules.yaml:10:18

    2 tests passed in … s
    "#);
}

#[test]
fn a_segment_without_an_answer_fails_its_test() {
    let shop = failing_shop();
    let digits = "9".repeat(38);
    let tests = format!(
        "tests:\n  - name: too large\n    as_of: 2026-03-31\n    given:\n      customers: [{{ customer_id: 1 }}]\n      \
         sales: [{{ customer_id: 1, bought_at: 2026-03-01, amount: '{digits}' }}]\n    expect: {{ huge: [1], all: [1] }}\n"
    );
    write(shop.path(), "shop/tests.yaml", &tests);
    assert_snapshot!(without_times(&shown(&run(&shop, &["test", "shop"]))), @r#"
    status 1
    --- stdout
    FAILED too large
      shop/tests.yaml:2:11
      `huge`, the end of 2026-03-31 (Asia/Jakarta): shop/tests.yaml:7:21
        has no answer: a number that it counts with needs more than 76 digits for some subject

    1 test failed in … s
    "#);
}

/// Every rule of the examples is tested, and every test passes.
#[test]
fn the_tests_of_the_examples_pass() {
    for (example, at_least) in [("chinook", 4), ("jakarta", 20), ("online-retail", 7), ("rfm", 9), ("meanings", 25)] {
        let output = example_run(example);
        assert_eq!(output.status.code(), Some(0), "{example}\n{}", String::from_utf8_lossy(&output.stdout));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(report["passed"].as_u64().unwrap() >= at_least, "{example}");
        let untested: Vec<&str> =
            report["coverage"]["untested"].as_array().unwrap().iter().filter_map(|name| name.as_str()).collect();
        assert_eq!(untested, Vec::<&str>::new(), "{example}");
    }
}

fn example_run(example: &str) -> std::process::Output {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules-examples").join(example);
    let mut program = Command::new(env!("CARGO_BIN_EXE_kohort"));
    program.arg("test").arg(path).args(["--coverage", "--format", "json"]).output().unwrap()
}
