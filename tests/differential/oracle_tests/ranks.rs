//! Ranks, samples, files of values.

use super::super::oracle::digest::sha256;
use super::*;

const CATALOG: &str = "\
kohort: 1
timezone: UTC
subject: { name: customer, table: customers, key: id }
tables:
  customers: {}
attributes:
  fifth: 'quintile(spend)'
";

/// Customers 1, 2, … with these values, the region, and whether they are asked about.
fn customers(rows: &[(Option<i64>, &str, Option<bool>)]) -> Project {
    let rows = rows.iter().enumerate().map(|(at, (spend, region, asked))| {
        let region = if region.is_empty() { Cell::Unknown } else { text(region) };
        let spend = spend.map_or(Cell::Unknown, Cell::Int);
        vec![Cell::Int(at as i64 + 1), spend, region, asked.map_or(Cell::Unknown, Cell::Bool)]
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let rows: Vec<&[Cell]> = rows.iter().map(Vec::as_slice).collect();
    let columns =
        [("id", CellType::Int), ("spend", CellType::Int), ("region", CellType::Text), ("asked", CellType::Bool)];
    project(CATALOG, vec![("customers", table(&columns, &rows))], "2026-03-31T12:00:00")
}

/// Seven customers, with equal values and an unknown one.
fn seven() -> Project {
    customers(&[
        (Some(10), "N", Some(true)),
        (Some(10), "S", Some(true)),
        (Some(10), "N", None),
        (Some(20), "", Some(true)),
        (Some(30), "", Some(true)),
        (None, "N", Some(true)),
        (Some(5), "S", Some(false)),
    ])
}

#[track_caller]
fn check(project: &Project, expr: &str, values: &str) {
    assert_eq!(project.values(expr).join(" "), values, "{expr}");
}

#[test]
fn larger_tiles_come_first_and_equal_values_go_by_key() {
    let project = seven();
    // 5 of customer 7, then 10 of 1, 2, 3, then 20, 30: six in four tiles are 2, 2, 1, 1.
    check(&project, "ntile(4, spend)", "1 2 2 3 4 unknown 1");
    check(&project, "quintile(spend)", "1 2 3 4 5 unknown 1");
    check(&project, "ntile(40, spend)", "2 3 4 5 6 unknown 1");
    check(&project, "fifth", "1 2 3 4 5 unknown 1");
}

#[test]
fn equal_values_have_equal_scores() {
    let project = seven();
    // 1, 4, 5 and 6 of 6 are at most the value.
    check(&project, "score(3, spend)", "2 2 2 3 3 unknown 1");
    check(&project, "percent_rank(spend)", "1/5 1/5 1/5 4/5 1 unknown 0");
    check(&project, "percent_rank(spend among (spend > 25))", "unknown unknown unknown unknown 0 unknown unknown");
}

#[test]
fn a_percentile_is_known_outside_the_population() {
    let project = seven();
    check(&project, "percentile(50, spend)", "10 10 10 10 10 10 10");
    check(&project, "percentile(90, spend)", "25 25 25 25 25 25 25");
    check(&project, "percentile(100, spend per region)", "10 10 10 30 30 10 10");
    check(
        &project,
        "percentile(0, spend among (spend > 15) per region)",
        "unknown unknown unknown 20 20 unknown unknown",
    );
}

#[test]
fn unknown_groups_are_a_group_and_unknown_conditions_are_not_met() {
    let project = seven();
    check(&project, "ntile(2, spend per region)", "1 2 2 1 2 unknown 1");
    check(&project, "ntile(2, spend among (asked))", "1 1 unknown 2 2 unknown unknown");
}

#[test]
fn the_top_is_never_unknown_and_rounded_up() {
    let project = seven();
    // 20 % of six is 1.2, so two: 30 and 20; half are three: one of the equal ones, with the smallest key.
    check(&project, "top 20% by spend", "false false false true true false false");
    check(&project, "top 50% by spend", "true false false true true false false");
    check(&project, "bottom 2 by spend", "true false false false false false true");
    check(&project, "top 100 by spend", "true true true true true false true");
    check(&project, "top 1 by spend per region", "true true false false true false false");
    check(&project, "bottom 1 by spend among (spend > 99)", "false false false false false false false");
}

#[test]
fn ranks_nest() {
    let project = seven();
    check(&project, "top 50% by spend among (ntile(3, spend) = 2)", "false true false false false false false");
    check(&project, "bucket(spend, 10, 20)", "2 2 2 3 3 unknown 1");
}

#[test]
fn the_digest_is_sha_256() {
    let shown = |message: &str| sha256(message.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // The examples of the standard.
    assert_eq!(shown("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(shown(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    assert_eq!(shown(two_blocks), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

#[test]
fn a_sample_is_a_stable_share() {
    let project = seven();
    let sampled = |share: &str| project.values(&format!("sample({share}, 'holdout-2026')")).join(" ");
    // By another program: 72ae836e… of `holdout-2026`, the byte 1F and `1` is 44.797… percent of 2^64.
    assert_eq!(sampled("44.797%"), "false false false true true false true");
    assert_eq!(sampled("44.798%"), "true false false true true false true");
    assert_eq!(sampled("100%"), "true true true true true true true");
}

#[test]
fn files_of_values_are_read_as_they_are_written() {
    let mut project = seven();
    let mut add = |path: &str, text: &str| project.beside.lists.insert(path.to_owned(), text.to_owned());
    add("regions.txt", "\u{feff}  N \r\n\r\n s\n");
    add("regions.csv", "region,note\n\"N\",\"a, \"\"b\"\"\"\nX,S\n");
    add("ids.csv", "\u{feff}who\r\n1\r\n99\r\n4");
    check(&project, "region in file 'regions.txt'", "true false true unknown unknown true false");
    check(&project, "region in file 'regions.txt' ignoring case", "true true true unknown unknown true true");
    check(&project, "region not in file 'regions.csv'", "false true false unknown unknown false true");
    check(&project, "in file 'ids.csv'", "true false false true false false false");
    check(&project, "not in file 'ids.csv'", "false true true false true true true");
}
