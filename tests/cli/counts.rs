//! `--counts`: the same fields in every format, and nobody listed.

use insta::assert_snapshot;

use crate::columns::{Columns, read};
use crate::shop::{eval, failing_shop, shop, shown, text, two_kinds};

#[test]
fn counts_are_rows_of_csv() {
    assert_snapshot!(text(&eval(&shop(), &["--counts", "--format", "csv"])), @"
    segment,label,within,subject,members,of,share
    buyers,Bought once,,customer,3,4,0.75
    regulars,Came twice,buyers,customer,2,4,0.5
    big_regulars,,regulars,customer,1,4,0.25
    locals_who_buy,Buyers of Jakarta,buyers,customer,2,4,0.5
    nobody,,,customer,0,4,0
    ");
}

/// However it is counted, the answer is the same.
#[test]
fn counts_do_not_depend_on_memory_and_way() {
    let shop = shop();
    let usual = text(&eval(&shop, &["--counts", "--format", "csv"]));
    assert_eq!(text(&eval(&shop, &["--counts", "--format", "csv", "--plain"])), usual);
    assert_eq!(text(&eval(&shop, &["--counts", "--format", "csv", "--memory", "16MB"])), usual);
    let starved = eval(&shop, &["--counts", "--memory", "100"]);
    assert_eq!(starved.status.code(), Some(1));
    let said = String::from_utf8_lossy(&starved.stderr);
    assert!(said.contains("not enough memory") && said.contains("`--memory`"), "{said}");
    let wrong = eval(&shop, &["--memory", "12 apples"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("expected a size such as `512MB` or `2GB`"));
}

#[test]
fn counts_are_lines_of_json() {
    assert_snapshot!(text(&eval(&shop(), &["--counts", "--format", "ndjson", "--segment", "regulars"])), @r#"
    {"segment":"regulars","label":"Came twice","within":"buyers","subject":"customer","members":2,"of":4,"share":0.5}
    "#);
}

#[test]
fn counts_are_the_document_of_json_without_members() {
    let whole = text(&eval(&shop(), &["--format", "json"]));
    let mut whole: serde_json::Value = serde_json::from_str(&whole).unwrap();
    let counts = text(&eval(&shop(), &["--format", "json", "--counts"]));
    let counts: serde_json::Value = serde_json::from_str(&counts).unwrap();
    for segment in whole["segments"].as_array_mut().unwrap() {
        assert!(segment.as_object_mut().unwrap().remove("members").is_some());
    }
    assert_eq!(counts, whole);
}

#[test]
fn a_table_counts_always() {
    let shop = shop();
    assert_eq!(shown(&eval(&shop, &["--counts"])), shown(&eval(&shop, &[])));
}

#[test]
fn shares_have_twelve_digits_everywhere() {
    let shop = shop();
    crate::shop::write(shop.path(), "shop/data/customers.csv", "customer_id,city\n1,Jakarta\n2,Bandung\n10,Bandung\n");
    let asked = ["--counts", "--segment", "regulars", "--segment", "big_regulars"];
    let share = |format: &str| text(&eval(&shop, &[&asked[..], &["--format", format]].concat()));
    assert!(share("csv").ends_with("2,3,0.666666666667\nbig_regulars,,regulars,customer,1,3,0.333333333333\n"));
    assert!(share("ndjson").ends_with("\"members\":1,\"of\":3,\"share\":0.333333333333}\n"));
    assert!(share("json").contains("\"count\":2,\"share\":0.666666666667}"));
}

#[test]
fn a_segment_without_an_answer_has_no_count() {
    let shop = failing_shop();
    assert_snapshot!(shown(&eval(&shop, &["--counts", "--format", "csv"])), @r#"
    status 1
    --- stdout
    segment,label,within,subject,members,of,share
    huge,Huge volume,,customer,,4,
    all,,,customer,1,4,0.25
    --- stderr
    error: `huge` has no answer: a number that it counts with needs more than 76 digits for some subject
    "#);
    assert_snapshot!(shown(&eval(&shop, &["--counts", "--format", "ndjson"])), @r#"
    status 1
    --- stdout
    {"segment":"huge","label":"Huge volume","within":null,"subject":"customer","members":null,"of":4,"share":null}
    {"segment":"all","label":null,"within":null,"subject":"customer","members":1,"of":4,"share":0.25}
    --- stderr
    error: `huge` has no answer: a number that it counts with needs more than 76 digits for some subject
    "#);
}

#[test]
fn counts_of_several_kinds_stand_together_in_file_order() {
    assert_snapshot!(text(&eval(&two_kinds(), &["--counts", "--format", "csv"])), @"
    segment,label,within,subject,members,of,share
    busy,,,store,1,2,0.5
    back,,,customer,1,2,0.5
    ");
}

#[test]
fn counts_are_columns() {
    for (shop, status) in [(shop(), 0), (failing_shop(), 1), (two_kinds(), 0)] {
        let csv = String::from_utf8(eval(&shop, &["--counts", "--format", "csv"]).stdout).unwrap();
        for format in ["parquet", "arrow"] {
            let output = eval(&shop, &["--counts", "--format", format]);
            assert_eq!(output.status.code(), Some(status));
            let Columns { schema, batches, metadata } = read(format, output.stdout);
            let fields = schema.fields().iter().map(|field| {
                format!("{} {}{}", field.name(), field.data_type(), if field.is_nullable() { "?" } else { "" })
            });
            let fields = fields.collect::<Vec<_>>().join(", ");
            let expected = "segment Utf8, label Utf8?, within Utf8?, subject Utf8, members Int64?, of Int64, share Decimal128(13, 12)?";
            assert_eq!(fields, expected);
            // The decimal has all its digits, those of the CSV end where zeros begin.
            let trimmed = |row: Vec<String>| {
                let share = row[6].trim_end_matches('0').trim_end_matches('.').to_owned();
                row.into_iter().take(6).chain([share]).collect::<Vec<_>>().join(",")
            };
            let rows: Vec<String> = crate::columns::rows(&batches).into_iter().map(trimmed).collect();
            assert_eq!(rows, csv.lines().skip(1).collect::<Vec<_>>(), "{format}");
            assert_eq!(metadata.keys().collect::<Vec<_>>(), ["kohort.as_of", "kohort.timezone", "kohort.version"]);
        }
    }
}
