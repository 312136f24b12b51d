//! `kohort eval`: whom it asks about, as of when, and what it says about the data.

use std::fs;

use insta::assert_snapshot;

use crate::shop::{eval, failing_shop, run, shop, shown, status, write};

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
fn values_that_cannot_be_read_are_one_clear_message() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,much\n");
    assert_snapshot!(shown(&eval(&shop, &[])), @r#"
    status 1
    --- stderr
    error[K605]: `amount` of `sales` has a value that is not a number: `much` (`shop/data/sales.csv`, line 2)
      --> shop/catalog.yaml:13:66
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                                                  ^^^^^^^^^^
       |
       = help: if that stands for unknown, say so in the table: `reading: { nulls: ['', 'much'] }`
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn data_that_is_not_there_or_contradicts_the_catalogue_is_drawn() {
    let shop = shop();
    write(shop.path(), "shop/data/customers.csv", "customer_id,city\n1,Jakarta\n1,Bandung\n");
    assert_snapshot!(shown(&eval(&shop, &[])), @r#"
    status 1
    --- stderr
    error[K603]: `customers` has several rows for one customer: 1 (`shop/data/customers.csv`, line 2, line 3)
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
    let shop = failing_shop();
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
    {"kohort":1,"as_of":"2026-03-31T23:59:59.999999+07:00","timezone":"Asia/Jakarta","subjects":{"customer":4},"segments":[{"name":"huge","label":"Huge volume","subject":"customer","within":null,"part_of":null,"count":null,"share":null,"members":null,"error":"a number that it counts with needs more than 76 digits for some subject"},{"name":"all","label":null,"subject":"customer","within":null,"part_of":null,"count":1,"share":0.25,"members":[1]}],"partitions":[],"missing_keys":[],"outside_closed_sets":{},"tables":[{"table":"sales","subject":"customer","rows":1,"anonymous":0,"orphans":0,"unknown_time":0,"amounts":{}}]}
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
