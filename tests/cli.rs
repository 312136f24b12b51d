//! The program as people and scripts meet it: what it writes, where, and how it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use insta::assert_snapshot;
use tempfile::TempDir;

const CATALOG: &str = "\
kohort: 1
timezone: Asia/Jakarta
currency: IDR
subject: { name: customer, table: customers, key: customer_id }
tables:
  customers:
    source: data/customers.csv
    types: { customer_id: integer, city: text }
  sales:
    source: data/sales.csv
    subject: customer_id
    time: bought_at
    types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
metrics:
  spend: { is: sum(amount of sales), unit: IDR }
  visits: count(sales)
";

const RULES: &str = "\
segments:
  buyers:
    label: Bought once
    when: visits > 0
  regulars:
    label: Came twice
    within: buyers
    when: visits >= 2
  big_regulars:
    within: regulars
    when: spend > 1_000
  locals_who_buy:
    label: Buyers of Jakarta
    within: buyers
    when: city = 'Jakarta'
  nobody:
    when: spend > 1_000_000
";

const CUSTOMERS: &str = "customer_id,city\n1,Jakarta\n2,Bandung\n10,Jakarta\n9,\n";

/// Two rows of nobody, one of a customer who is not in the table, one without a time, one after the day asked for.
const SALES: &str = "\
customer_id,bought_at,amount
1,2026-03-01T10:00:00,600.00
1,2026-03-02T10:00:00,600.25
2,2026-03-03T10:00:00,5.00
10,2026-03-04T10:00:00,7.50
10,2026-03-05T10:00:00,7.50
,2026-03-05T11:00:00,1234.50
,2026-03-05T12:00:00,0.05
77,2026-03-05T13:00:00,3.00
9,,1.00
9,2026-04-05T10:00:00,1.00
";

/// A directory with files.
fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().unwrap();
    for (name, text) in files {
        write(directory.path(), name, text);
    }
    directory
}

fn write(directory: &Path, name: &str, text: &str) {
    let path = directory.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn shop() -> TempDir {
    directory(&[
        ("shop/catalog.yaml", CATALOG),
        ("shop/rules.yaml", RULES),
        ("shop/data/customers.csv", CUSTOMERS),
        ("shop/data/sales.csv", SALES),
    ])
}

fn command(directory: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kohort"));
    command.args(arguments).current_dir(directory.path()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

fn run(directory: &TempDir, arguments: &[&str]) -> Output {
    command(directory, arguments).output().unwrap()
}

/// Status, standard output and standard error, for a snapshot. Times are replaced.
fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let mut said = format!("status {}\n", output.status.code().unwrap());
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            said.push_str(&format!("--- {name}\n{}", text(bytes)));
        }
    }
    let lines = said.lines().map(|line| match line.strip_prefix("took ") {
        Some(_) => "took … s",
        None => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn status(directory: &TempDir, arguments: &[&str]) -> i32 {
    run(directory, arguments).status.code().unwrap()
}

const EVAL: [&str; 4] = ["eval", "shop", "--as-of", "2026-03-31"];

fn eval(directory: &TempDir, more: &[&str]) -> Output {
    run(directory, &[&EVAL[..], more].concat())
}

#[test]
fn eval_shows_a_tree_and_what_belongs_to_nobody() {
    assert_snapshot!(shown(&eval(&shop(), &[])), @r#"
    status 0
    --- stdout
    customer: 4 in all, as of the end of 2026-03-31 (Asia/Jakarta)

    segment             members  share  label
    buyers                    3  75.0%  Bought once
    ├─ regulars               2  50.0%  Came twice
    │  └─ big_regulars        1  25.0%
    └─ locals_who_buy         2  50.0%  Buyers of Jakarta
    nobody                    0   0.0%

    sales: 8 rows read
      anonymous      2  25.0%  spend 1,234.55
      orphans        1  12.5%  spend 3
      no known time  1  11.1%

    took … s
    "#);
}

#[test]
fn eval_lists_members_as_csv() {
    assert_snapshot!(shown(&eval(&shop(), &["--format", "csv"])), @r#"
    status 0
    --- stdout
    segment,customer_id
    buyers,1
    buyers,2
    buyers,10
    regulars,1
    regulars,10
    big_regulars,1
    locals_who_buy,1
    locals_who_buy,10
    "#);
}

#[test]
fn eval_answers_in_json() {
    let shop = shop();
    let output = eval(&shop, &["--format", "json"]);
    assert_snapshot!(shown(&output), @r#"
    status 0
    --- stdout
    {"kohort":1,"as_of":"2026-03-31T23:59:59.999999+07:00","timezone":"Asia/Jakarta","subjects":{"customer":4},"segments":[{"name":"buyers","label":"Bought once","subject":"customer","within":null,"count":3,"share":0.75,"members":[1,2,10]},{"name":"regulars","label":"Came twice","subject":"customer","within":"buyers","count":2,"share":0.5,"members":[1,10]},{"name":"big_regulars","label":null,"subject":"customer","within":"regulars","count":1,"share":0.25,"members":[1]},{"name":"locals_who_buy","label":"Buyers of Jakarta","subject":"customer","within":"buyers","count":2,"share":0.5,"members":[1,10]},{"name":"nobody","label":null,"subject":"customer","within":null,"count":0,"share":0.0,"members":[]}],"outside_closed_sets":{},"tables":[{"table":"sales","subject":"customer","rows":8,"anonymous":2,"orphans":1,"unknown_time":1,"amounts":{"spend":{"anonymous":"1234.55","orphans":"3"}}}]}
    "#);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["segments"][0]["members"], serde_json::json!([1, 2, 10]));
    assert_eq!(eval(&shop, &["--format", "json"]).stdout, output.stdout, "two runs agree to the byte");
}

#[test]
fn some_segments_are_asked_for_in_any_order() {
    let shop = shop();
    let asked = ["--segment", "nobody", "--segment", "regulars", "--segment", "regulars"];
    assert_snapshot!(shown(&eval(&shop, &asked)), @r#"
    status 0
    --- stdout
    customer: 4 in all, as of the end of 2026-03-31 (Asia/Jakarta)

    segment   members  share  label
    regulars        2  50.0%  Came twice
    nobody          0   0.0%

    sales: 8 rows read
      anonymous      2  25.0%  spend 1,234.55
      orphans        1  12.5%  spend 3
      no known time  1  11.1%

    took … s
    "#);
    assert_snapshot!(shown(&eval(&shop, &["--segment", "regular"])), @r#"
    status 2
    --- stderr
    error: there is no segment `regular`
      help: did you mean `regulars`?
    "#);
}

#[test]
fn instants_have_several_forms() {
    let shop = shop();
    let csv =
        |when: &str| run(&shop, &["eval", "shop", "--as-of", when, "--segment", "buyers", "--format", "csv"]).stdout;
    assert_eq!(csv("2026-03-03"), b"segment,customer_id\nbuyers,1\nbuyers,2\n");
    assert_eq!(csv("2026-03-03T09:59:59"), b"segment,customer_id\nbuyers,1\n");
    assert_eq!(csv("2026-03-03T10:00"), csv("2026-03-03T03:00Z"));
    assert_eq!(csv("2026-03-03T10:00+07:00"), b"segment,customer_id\nbuyers,1\nbuyers,2\n");
    assert_snapshot!(shown(&run(&shop, &["eval", "shop", "--as-of", "31.3.2026"])), @r#"
    status 2
    --- stderr
    error: `31.3.2026` is not a date or a time: write `2026-03-31`, `2026-03-31T10:00` or `2026-03-31T10:00+07:00`
    "#);
    let local = ["eval", "shop", "--as-of", "2026-03-03T10:00", "--segment", "nobody"];
    assert!(shown(&run(&shop, &local)).contains("customer: 4 in all, as of 2026-03-03T10:00:00+07:00 (Asia/Jakarta)"));
}

#[test]
fn keys_of_text_stand_by_code_point_and_composite_keys_by_column() {
    let catalog = "\
kohort: 1
timezone: UTC
subject: { name: visitor, key: [store, code] }
tables:
  visits:
    source: visits.csv
    subject: [store, code]
    time: at_door
    types: { store: integer, code: text, at_door: timestamp }
";
    let visits = "store,code,at_door\n10,b,2026-01-01T00:00:00\n9,é,2026-01-01T00:00:00\n9,z,2026-01-01T00:00:00\n\
                  9,\"a,b\",2026-01-01T00:00:00\n9,Z,2026-01-01T00:00:00\n10,10,2026-01-01T00:00:00\n";
    let rules = "segments:\n  seen: { when: any(visits) }\n";
    let files = [("shop/catalog.yaml", catalog), ("shop/visits.csv", visits), ("shop/rules.yaml", rules)];
    let shop = directory(&files);
    let csv = "segment,store,code\nseen,9,Z\nseen,9,\"a,b\"\nseen,9,z\nseen,9,é\nseen,10,10\nseen,10,b\n";
    assert_eq!(String::from_utf8(eval(&shop, &["--format", "csv"]).stdout).unwrap(), csv);
    let json: serde_json::Value = serde_json::from_slice(&eval(&shop, &["--format", "json"]).stdout).unwrap();
    let members = serde_json::json!([[9, "Z"], [9, "a,b"], [9, "z"], [9, "é"], [10, "10"], [10, "b"]]);
    assert_eq!(json["segments"][0]["members"], members);
}

#[test]
fn several_kinds_of_subject_have_a_table_each_and_no_csv_together() {
    let catalog = "\
kohort: 1
timezone: UTC
subjects:
  customer: { key: customer_id }
  store: { key: store_id }
tables:
  visits:
    source: visits.csv
    subject: { customer: customer_id, store: store_id }
    time: at_door
    types: { customer_id: integer, store_id: text, at_door: timestamp }
";
    let visits =
        "customer_id,store_id,at_door\n1,a,2026-01-01T00:00:00\n2,a,2026-01-02T00:00:00\n2,b,2026-01-03T00:00:00\n";
    let rules = "segments:\n  busy: { of: store, when: count(visits) > 1 }\n  back: { when: count(visits) > 1 }\n";
    let files = [("shop/catalog.yaml", catalog), ("shop/visits.csv", visits), ("shop/rules.yaml", rules)];
    let shop = directory(&files);
    assert_snapshot!(shown(&eval(&shop, &[])), @r#"
    status 0
    --- stdout
    customer: 2 in all, as of the end of 2026-03-31 (UTC)

    segment  members  share
    back           1  50.0%

    store: 2 in all, as of the end of 2026-03-31 (UTC)

    segment  members  share
    busy           1  50.0%

    took … s
    "#);
    assert_snapshot!(shown(&eval(&shop, &["--format", "csv"])), @r#"
    status 2
    --- stderr
    error: CSV lists one kind of subject, and these segments are about several: `customer`, `store`
      help: choose segments of one kind with `--segment NAME`, or write `--format json`
    "#);
    let busy = eval(&shop, &["--format", "csv", "--segment", "busy"]);
    assert_eq!(String::from_utf8(busy.stdout).unwrap(), "segment,store_id\nbusy,a\n");
    let json: serde_json::Value = serde_json::from_slice(&eval(&shop, &["--format", "json"]).stdout).unwrap();
    assert_eq!(json["subjects"], serde_json::json!({ "customer": 2, "store": 2 }));
    assert_eq!(json["segments"][0]["name"], "busy", "segments stand in file order, whatever their kind");
}

#[test]
fn a_file_appears_whole_or_not_at_all() {
    let shop = shop();
    let path = shop.path().join("out.csv");
    let written = eval(&shop, &["--format", "csv", "--output", "out.csv"]);
    assert_snapshot!(shown(&written), @r#"
    status 0
    --- stderr
    5 segments written to `out.csv`
    "#);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("segment,customer_id\nbuyers,1\n"), "{text}");
    // A run that fails leaves what was there, and nothing beside it.
    write(shop.path(), "shop/data/sales.csv", "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,much\n");
    assert_eq!(eval(&shop, &["--format", "csv", "--output", "out.csv"]).status.code(), Some(1));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let mut names: Vec<_> = fs::read_dir(shop.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["out.csv", "shop"]);
    assert_snapshot!(shown(&eval(&shop, &["--output", "nowhere/out.csv"])), @r#"
    status 2
    --- stderr
    error: cannot write to `nowhere/out.csv`: there is no such file or directory
    "#);
    assert_eq!(eval(&shop, &["--output", "shop"]).status.code(), Some(2));
}

#[test]
fn values_that_cannot_be_read_are_one_clear_message() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,much\n");
    assert_snapshot!(shown(&eval(&shop, &[])), @r#"
    status 1
    --- stderr
    error: `amount` of `sales` is to be read as decimal(2), and `much` is not one
      help: correct the data, or declare another type for the column under `types:`
    "#);
}

#[test]
fn data_that_is_not_there_or_contradicts_the_catalogue_is_drawn() {
    let shop = shop();
    write(shop.path(), "shop/data/customers.csv", "customer_id,city\n1,Jakarta\n1,Bandung\n");
    assert_snapshot!(shown(&eval(&shop, &[])), @r#"
    status 1
    --- stderr
    error[K603]: `customers` has several rows for one customer: 1
     --> shop/catalog.yaml:6:3
      |
    6 |   customers:
      |   ^^^^^^^^^
      |
      = help: a subject has one row: remove the others, or declare `id:` and `version:` if the last is meant

    1 error in 2 files checked
    "#);
    fs::remove_file(shop.path().join("shop/data/sales.csv")).unwrap();
    assert_snapshot!(shown(&eval(&shop, &[])), @r#"
    status 1
    --- stderr
    error[K601]: there is no file `shop/data/sales.csv`
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.csv
       |             ^^^^^^^^^^^^^^
       |
       = help: paths are relative to the directory of the catalogue

    1 error in 2 files checked
    "#);
    assert_eq!(status(&shop, &["check", "shop"]), 0, "declared types are enough for a check");
}

#[test]
fn a_number_that_does_not_fit_spoils_its_segments_only() {
    let shop = shop();
    let digits = "9".repeat(38);
    let catalog = CATALOG.replace("amount: decimal(2)", "amount: decimal(0)");
    let cubes = "  cubes: { from: sales, columns: { cube: amount * amount * amount } }\nmetrics:\n  volume: sum(cube of cubes)\n";
    write(shop.path(), "shop/catalog.yaml", &catalog.replace("metrics:\n", cubes));
    let rules = "segments:\n  huge: { label: Huge volume, when: volume > 5 }\n  all: { when: visits > 0 }\n";
    write(shop.path(), "shop/rules.yaml", rules);
    let sales = format!("customer_id,bought_at,amount\n1,2026-03-01T10:00:00,{digits}\n");
    write(shop.path(), "shop/data/sales.csv", &sales);
    assert_snapshot!(shown(&eval(&shop, &[])), @r#"
    status 1
    --- stdout
    customer: 4 in all, as of the end of 2026-03-31 (Asia/Jakarta)

    segment    members  share  label
    huge     no answer      –  Huge volume
    all              1  25.0%

    took … s
    --- stderr
    error: `huge` has no answer: a number that it counts with needs more than 76 digits for some subject
    "#);
    assert_snapshot!(shown(&eval(&shop, &["--format", "csv"])), @r#"
    status 1
    --- stdout
    segment,customer_id
    all,1
    --- stderr
    error: `huge` has no answer: a number that it counts with needs more than 76 digits for some subject
    "#);
    assert_snapshot!(shown(&eval(&shop, &["--format", "json"])), @r#"
    status 1
    --- stdout
    {"kohort":1,"as_of":"2026-03-31T23:59:59.999999+07:00","timezone":"Asia/Jakarta","subjects":{"customer":4},"segments":[{"name":"huge","label":"Huge volume","subject":"customer","within":null,"count":null,"share":null,"members":null,"error":"a number that it counts with needs more than 76 digits for some subject"},{"name":"all","label":null,"subject":"customer","within":null,"count":1,"share":0.25,"members":[1]}],"outside_closed_sets":{},"tables":[{"table":"sales","subject":"customer","rows":1,"anonymous":0,"orphans":0,"unknown_time":0,"amounts":{}}]}
    --- stderr
    error: `huge` has no answer: a number that it counts with needs more than 76 digits for some subject
    "#);
}

#[test]
fn warnings_are_counted_and_left_to_check() {
    let shop = shop();
    write(shop.path(), "shop/rules.yaml", "segments:\n  others: { when: city != 'Jakarta' }\n");
    assert_snapshot!(shown(&eval(&shop, &["--segment", "others"])), @r#"
    status 0
    --- stdout
    customer: 4 in all, as of the end of 2026-03-31 (Asia/Jakarta)

    segment  members  share
    others         1  25.0%

    took … s
    --- stderr
    1 warning: see `kohort check shop`
    "#);
    assert_snapshot!(shown(&run(&shop, &["check", "shop"])), @r#"
    status 0
    --- stdout
    warning[K501]: every customer whose `city` is unknown is left out here
     --> shop/rules.yaml:2:19
      |
    2 |   others: { when: city != 'Jakarta' }
      |                   ^^^^^^^^^^^^^^^^^
      |
    help: `city is not 'Jakarta'` keeps them; add `city is known` if leaving them out is meant
      |
    2 -   others: { when: city != 'Jakarta' }
    2 +   others: { when: city is not 'Jakarta' }
      |

    1 warning in 2 files checked
    "#);
}

#[test]
fn a_rule_file_finds_its_catalogue_above() {
    let shop = shop();
    write(shop.path(), "shop/offers/spring.yaml", "segments:\n  spring: { when: visits_30d >= 2 }\n");
    let spring = ["eval", "shop/offers/spring.yaml", "--as-of", "2026-03-31", "--format", "csv"];
    assert_snapshot!(shown(&run(&shop, &spring)), @r#"
    status 0
    --- stdout
    segment,customer_id
    spring,10
    "#);
    write(shop.path(), "shop/offers/spring.yaml", "segments:\n  spring: { when: visitz_30d >= 2 }\n");
    assert_snapshot!(shown(&run(&shop, &["check", "shop/offers/spring.yaml", "--format", "concise"])), @r#"
    status 1
    --- stdout
    shop/offers/spring.yaml:2:19: error[K301]: a customer has nothing called `visitz_30d`; did you mean `visits_30d`?
    1 error in 2 files checked
    "#);
}

#[test]
fn a_catalogue_elsewhere_is_named() {
    let shop = shop();
    write(shop.path(), "drafts/one.yaml", "segments:\n  one: { when: visits = 1 }\n");
    let named = ["eval", "drafts", "--catalog", "shop/catalog.yaml", "--as-of", "2026-03-31", "--format", "csv"];
    assert_eq!(String::from_utf8(run(&shop, &named).stdout).unwrap(), "segment,customer_id\none,2\n");
    assert_snapshot!(shown(&run(&shop, &["check", "drafts"])), @r#"
    status 2
    --- stderr
    error: there is no `catalog.yaml` in `drafts`
      help: write one that describes the tables, or name one elsewhere with `--catalog PATH`
    "#);
    assert_snapshot!(shown(&run(&shop, &["check", "drafts/one.yaml"])), @r#"
    status 2
    --- stderr
    error: there is no `catalog.yaml` in `drafts` or in a directory above
      help: write one that describes the tables, or name one elsewhere with `--catalog PATH`
    "#);
    assert_snapshot!(shown(&run(&shop, &["check", "drafts", "--catalog", "data"])), @r#"
    status 2
    --- stderr
    error: there is no catalogue at `data`
      help: `--catalog` names a file such as `shop/catalog.yaml`, or its directory
    "#);
}

#[test]
fn check_finds_everything_in_one_run() {
    let broken = directory(&[
        ("shop/catalog.yaml", CATALOG),
        (
            "shop/a_names.yaml",
            "segments:\r\n  typo:\r\n    when: spent_90d > 500\r\n  again:\r\n    when: |\r\n      visits_30d >= 2 -- often\r\n      and city == 'Jakarta'\r\n",
        ),
        (
            "shop/b_wide.yaml",
            "segments:\n  東京:\n    label: 東京の顧客\n    when: city = '東京' and vists > 5 and spend > 'much'\n  again: { when: visits > 1 }\n",
        ),
        (
            "shop/deep/c_shape.yaml",
            "segments:\n  no_rule:\n    label: Forgotten\n  flow: { when: city in ('A', 'B') }\n  tab:\n    when:\tvisits_12m >\t3\n",
        ),
        ("shop/d_yaml.yaml", "segments:\n  open: { when: visits > 1\n"),
    ]);
    assert_snapshot!(shown(&run(&broken, &["check", "shop"])), @r#"
    status 1
    --- stdout
    error[K301]: a customer has nothing called `spent_90d`
     --> shop/a_names.yaml:3:11
      |
    3 |     when: spent_90d > 500
      |           ^^^^^^^^^
      |
    help: did you mean `spend_90d`?
      |
    3 -     when: spent_90d > 500
    3 +     when: spend_90d > 500
      |

    note[K204]: `==` is written `=` here
     --> shop/a_names.yaml:7:16
      |
    7 |       and city == 'Jakarta'
      |                ^^
      |
    help: write `=`
      |
    7 -       and city == 'Jakarta'
    7 +       and city = 'Jakarta'
      |

    error[K301]: a customer has nothing called `vists`
     --> shop/b_wide.yaml:4:27
      |
    4 |     when: city = '東京' and vists > 5 and spend > 'much'
      |                             ^^^^^
      |
    help: did you mean `visits`?
      |
    4 |     when: city = '東京' and visits > 5 and spend > 'much'
      |                                +

    error[K401]: a number is compared with a text
     --> shop/b_wide.yaml:4:41
      |
    4 |     when: city = '東京' and vists > 5 and spend > 'much'
      |                                           ^^^^^^^^^^^^^^
      |
      = help: `spend` is a number: compare it with one, as in `… > 500`

    error[K302]: there are two segments called `again`
     --> shop/b_wide.yaml:5:3
      |
    5 |   again: { when: visits > 1 }
      |   ^^^^^
      |
     ::: shop/a_names.yaml:4:3
      |
    4 |   again:
      |   ----- the other one
      |
      = help: segment names are unique in the whole project: rename one

    error[K102]: `{` is opened and never closed
     --> shop/d_yaml.yaml:2:9
      |
    2 |   open: { when: visits > 1
      |         ^
      |
      = help: close it with `}`, or put the text in quotes

    error[K106]: segment `no_rule` lacks the key `when`
     --> shop/deep/c_shape.yaml:2:3
      |
    2 |   no_rule:
      |   ^^^^^^^
      |
      = help: say who belongs to it: `when: spend_90d > 500`

    error[K108]: YAML cuts `city in ('A', 'B')` at `,`
     --> shop/deep/c_shape.yaml:4:17
      |
    4 |   flow: { when: city in ('A', 'B') }
      |                 ^^^^^^^^^^^^^^^^^^ YAML reads only `city in ('A'`
      |
    help: put all of it in quotes: "city in ('A', 'B')"
      |
    4 -   flow: { when: city in ('A', 'B') }
    4 +   flow: { when: "city in ('A', 'B')" }
      |

    error[K208]: `visits_12m`: are `12m` months or minutes?
     --> shop/deep/c_shape.yaml:6:11
      |
    6 |     when:    visits_12m >    3
      |              ^^^^^^^^^^
      |
      = help: write `visits_12mo` for months, `visits_12min` for minutes

    8 errors and 1 note in 5 files checked
    --- stderr
    no data was found for `customers`, `sales`: the catalogue alone was looked at
    "#);
    assert_snapshot!(shown(&run(&broken, &["check", "shop", "--format", "concise"])), @r#"
    status 1
    --- stdout
    shop/a_names.yaml:3:11: error[K301]: a customer has nothing called `spent_90d`; did you mean `spend_90d`?
    shop/a_names.yaml:7:16: note[K204]: `==` is written `=` here; write `=`
    shop/b_wide.yaml:4:27: error[K301]: a customer has nothing called `vists`; did you mean `visits`?
    shop/b_wide.yaml:4:41: error[K401]: a number is compared with a text; `spend` is a number: compare it with one, as in `… > 500`
    shop/b_wide.yaml:5:3: error[K302]: there are two segments called `again`; segment names are unique in the whole project: rename one
    shop/d_yaml.yaml:2:9: error[K102]: `{` is opened and never closed; close it with `}`, or put the text in quotes
    shop/deep/c_shape.yaml:2:3: error[K106]: segment `no_rule` lacks the key `when`; say who belongs to it: `when: spend_90d > 500`
    shop/deep/c_shape.yaml:4:17: error[K108]: YAML cuts `city in ('A', 'B')` at `,`; put all of it in quotes: "city in ('A', 'B')"
    shop/deep/c_shape.yaml:6:11: error[K208]: `visits_12m`: are `12m` months or minutes?; write `visits_12mo` for months, `visits_12min` for minutes
    8 errors and 1 note in 5 files checked
    --- stderr
    no data was found for `customers`, `sales`: the catalogue alone was looked at
    "#);
}

#[test]
fn check_compares_the_catalogue_with_data_that_is_there() {
    let shop = shop();
    assert_snapshot!(shown(&run(&shop, &["check", "shop"])), @r#"
    status 0
    --- stdout
    2 files checked: 5 segments, no problems
    "#);
    write(shop.path(), "shop/data/customers.csv", "customer_id,town\n1,Jakarta\n");
    assert_snapshot!(shown(&run(&shop, &["check", "shop"])), @r#"
    status 1
    --- stdout
    error[K602]: the data of `customers` has no column `city`
     --> shop/catalog.yaml:8:36
      |
    8 |     types: { customer_id: integer, city: text }
      |                                    ^^^^
      |
      = help: it has `customer_id` and `town`

    error[K301]: a customer has nothing called `city`
      --> shop/rules.yaml:15:11
       |
    15 |     when: city = 'Jakarta'
       |           ^^^^
       |
       = help: there are `customer_id`, `spend`, `town` and `visits`

    2 errors in 2 files checked
    "#);
}

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
fn a_project_with_errors_is_not_evaluated() {
    let shop = shop();
    write(shop.path(), "shop/more.yaml", "segments:\n  oops: { when: vists > 1 and city == 'Jakarta' }\n");
    assert_snapshot!(shown(&eval(&shop, &["--segment", "buyers"])), @r#"
    status 1
    --- stderr
    error[K301]: a customer has nothing called `vists`
     --> shop/more.yaml:2:17
      |
    2 |   oops: { when: vists > 1 and city == 'Jakarta' }
      |                 ^^^^^
      |
    help: did you mean `visits`?
      |
    2 |   oops: { when: visits > 1 and city == 'Jakarta' }
      |                    +

    1 error in 3 files checked
    "#);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let shop = shop();
    let rows: String = (0..50_000).map(|id| format!("{id},Jakarta\n")).collect();
    write(shop.path(), "shop/data/customers.csv", &format!("customer_id,city\n{rows}"));
    write(shop.path(), "shop/rules.yaml", "segments:\n  all: { when: visits >= 0 }\n");
    let mut command = command(&shop, &[&EVAL[..], &["--format", "csv"]].concat());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn help_speaks_to_people() {
    let nowhere = TempDir::new().unwrap();
    let help = |arguments: &[&str]| String::from_utf8(run(&nowhere, arguments).stdout).unwrap();
    assert_snapshot!(help(&["-h"]), @r#"
    Customer segments from readable rules: checked, evaluated and counted exactly

    Usage: kohort [OPTIONS] <COMMAND>

    Commands:
      eval   Count or list the members of segments as of a day or an instant
      check  Find every mistake in a project's rules and catalogue

    Options:
          --color <WHEN>  Whether to colour what is written [default: auto] [possible values: auto,
                          always, never]
      -h, --help          Print help (see more with '--help')
      -V, --version       Print version

    Examples:
      kohort check shop                            find mistakes in the rules of the directory `shop`
      kohort eval shop --as-of 2026-03-31          count the members of every segment on that day

    Exit status: 0 all is well, 1 there are errors, 2 wrong usage or unreadable input.
    "#);
    assert!(help(&["eval", "--help"]).contains("kohort eval shop --as-of 2026-03-31"));
    assert!(help(&["check", "--help"]).contains("kohort check shop"));
}

#[path = "cli/tables.rs"]
mod tables;
