//! Members in the formats that are text, and how a format is chosen.

use insta::assert_snapshot;

use crate::shop::{bytes, directory, eval, failing_shop, shop, shown, text, two_kinds};

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
    {"kohort":1,"as_of":"2026-03-31T23:59:59.999999+07:00","timezone":"Asia/Jakarta","subjects":{"customer":4},"segments":[{"name":"buyers","label":"Bought once","subject":"customer","within":null,"part_of":null,"count":3,"share":0.75,"members":[1,2,10]},{"name":"regulars","label":"Came twice","subject":"customer","within":"buyers","part_of":null,"count":2,"share":0.5,"members":[1,10]},{"name":"big_regulars","label":null,"subject":"customer","within":"regulars","part_of":null,"count":1,"share":0.25,"members":[1]},{"name":"locals_who_buy","label":"Buyers of Jakarta","subject":"customer","within":"buyers","part_of":null,"count":2,"share":0.5,"members":[1,10]},{"name":"nobody","label":null,"subject":"customer","within":null,"part_of":null,"count":0,"share":0,"members":[]}],"partitions":[],"missing_keys":[],"outside_closed_sets":{},"tables":[{"table":"sales","subject":"customer","rows":8,"anonymous":2,"orphans":1,"unknown_time":1,"amounts":{"spend":{"anonymous":"1234.55","orphans":"3"}}}]}
    "#);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["segments"][0]["members"], serde_json::json!([1, 2, 10]));
    assert_eq!(eval(&shop, &["--format", "json"]).stdout, output.stdout, "two runs agree to the byte");
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
    let shop = two_kinds();
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
      help: choose segments of one kind with `--segment NAME`, write `--format ndjson` or `--format json`, or only count with `--counts`
    "#);
    let busy = eval(&shop, &["--format", "csv", "--segment", "busy"]);
    assert_eq!(String::from_utf8(busy.stdout).unwrap(), "segment,store_id\nbusy,a\n");
    let json: serde_json::Value = serde_json::from_slice(&eval(&shop, &["--format", "json"]).stdout).unwrap();
    assert_eq!(json["subjects"], serde_json::json!({ "customer": 2, "store": 2 }));
    assert_eq!(json["segments"][0]["name"], "busy", "segments stand in file order, whatever their kind");
}

#[test]
fn eval_lists_members_as_lines_of_json() {
    let shop = shop();
    let lines = text(&eval(&shop, &["--format", "ndjson"]));
    assert_snapshot!(lines, @r#"
    {"segment":"buyers","subject":"customer","customer_id":1}
    {"segment":"buyers","subject":"customer","customer_id":2}
    {"segment":"buyers","subject":"customer","customer_id":10}
    {"segment":"regulars","subject":"customer","customer_id":1}
    {"segment":"regulars","subject":"customer","customer_id":10}
    {"segment":"big_regulars","subject":"customer","customer_id":1}
    {"segment":"locals_who_buy","subject":"customer","customer_id":1}
    {"segment":"locals_who_buy","subject":"customer","customer_id":10}
    "#);
    assert_eq!(text(&eval(&shop, &["--format", "jsonl"])), lines, "another name of it");
}

#[test]
fn lines_of_json_have_the_keys_of_their_kind() {
    assert_snapshot!(text(&eval(&two_kinds(), &["--format", "ndjson"])), @r#"
    {"segment":"busy","subject":"store","store_id":"a"}
    {"segment":"back","subject":"customer","customer_id":2}
    "#);
}

#[test]
fn columns_too_are_of_one_kind() {
    for (format, name) in [("parquet", "Parquet"), ("arrow", "Arrow")] {
        let output = eval(&two_kinds(), &["--format", format]);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        let start = format!("error: {name} lists one kind of subject, and these segments are about several:");
        assert!(said.starts_with(&start), "{said}");
        assert_eq!(eval(&two_kinds(), &["--format", format, "--segment", "busy"]).status.code(), Some(0));
    }
}

#[test]
fn a_segment_without_an_answer_has_no_members_in_any_list() {
    assert_snapshot!(shown(&eval(&failing_shop(), &["--format", "ndjson"])), @r#"
    status 1
    --- stdout
    {"segment":"all","subject":"customer","customer_id":1}
    --- stderr
    error: `huge` has no answer: a number that it counts with needs more than 76 digits for some subject
    "#);
}

#[test]
fn the_ending_of_the_file_tells_the_format() {
    let shop = shop();
    for (ending, format) in [
        ("csv", "csv"),
        ("json", "json"),
        ("ndjson", "ndjson"),
        ("jsonl", "ndjson"),
        ("parquet", "parquet"),
        ("arrow", "arrow"),
    ] {
        let name = format!("out.{ending}");
        bytes(&eval(&shop, &["--output", &name]));
        let written = std::fs::read(shop.path().join(&name)).unwrap();
        assert_eq!(written, bytes(&eval(&shop, &["--format", format])), "{ending}");
    }
    bytes(&eval(&shop, &["--output", "out.txt"]));
    let table = std::fs::read_to_string(shop.path().join("out.txt")).unwrap();
    assert!(table.starts_with("customer: 4 in all, as of the end of 2026-03-31 (Asia/Jakarta)\n"), "{table}");
    // What is asked for counts more.
    bytes(&eval(&shop, &["--format", "csv", "--output", "members.tsv"]));
    let csv = std::fs::read_to_string(shop.path().join("members.tsv")).unwrap();
    assert!(csv.starts_with("segment,customer_id\n"), "{csv}");
}

#[test]
fn endings_that_say_nothing_are_asked_about() {
    let shop = shop();
    assert_snapshot!(shown(&eval(&shop, &["--output", "vip.xlsx"])), @r#"
    status 2
    --- stderr
    error: `vip.xlsx` does not say in which format to write: `.xlsx` is none
      help: end it in `.csv`, `.json`, `.ndjson`, `.parquet`, `.arrow` or, for a table, `.txt`; or say it with `--format`
    "#);
    let compressed = shown(&eval(&shop, &["--output", "vip.csv.gz"]));
    assert_snapshot!(compressed, @r#"
    status 2
    --- stderr
    error: cannot write `vip.csv.gz`: what is written is not compressed
      help: write `vip.csv` and compress it with a program of yours, or write `.parquet`, which is compressed by itself
    "#);
    let asked = eval(&shop, &["--format", "csv", "--output", "vip.csv.gz"]);
    assert_eq!(shown(&asked), compressed, "text that is not compressed would stand in a file that says it is");
    assert_eq!(std::fs::read_dir(shop.path()).unwrap().count(), 1, "nothing was written");
}

#[test]
fn a_key_cannot_be_called_as_a_column_of_the_list() {
    let catalog = "\
kohort: 1
timezone: UTC
subject: { name: visitor, key: \"`segment`\" }
tables:
  visits: { source: visits.csv, subject: \"`segment`\", time: at_door }
";
    let files = [
        ("shop/catalog.yaml", catalog),
        ("shop/visits.csv", "segment,at_door\nx,2026-01-01T00:00:00\n"),
        ("shop/rules.yaml", "segments:\n  seen: { when: any(visits) }\n"),
    ];
    let shop = directory(&files);
    assert_snapshot!(shown(&eval(&shop, &["--format", "csv"])), @r#"
    status 2
    --- stderr
    error: CSV has a column `segment` already, and so has the key
      help: give the key's column another name with `rename:` in the catalogue, or write `--format json`
    "#);
    let json: serde_json::Value = serde_json::from_slice(&bytes(&eval(&shop, &["--format", "json"]))).unwrap();
    assert_eq!(json["segments"][0]["members"], serde_json::json!(["x"]));
}
