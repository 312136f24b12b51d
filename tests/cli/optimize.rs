//! `kohort optimize`: copies that are read faster, as long as they are what the files are.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::shop::{run, shop, shown, text, write};

const COPY: &str = "shop/.kohort/optimized/sales.parquet";

fn counts(shop: &TempDir) -> String {
    text(&run(shop, &["eval", "shop", "--as-of", "2026-03-31"]))
}

fn said(shop: &TempDir) -> String {
    let output = run(shop, &["eval", "shop", "--as-of", "2026-03-31"]);
    String::from_utf8(output.stderr).unwrap()
}

/// Without what differs from run to run.
fn without_time(counts: &str) -> String {
    counts.lines().filter(|line| !line.starts_with("took ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_copy_is_read_until_the_files_change() {
    let shop = shop();
    let before = without_time(&counts(&shop));
    let made = shown(&run(&shop, &["optimize", "shop", "sales"]));
    assert_snapshot!(made.replace(|c: char| c.is_ascii_digit(), "0"), @r#"
    status 0
    --- stdout
    sales: 00 rows by customer, 0 kB in `shop/.kohort/optimized/sales.parquet`
    "#);
    let copy = fs::read(shop.path().join(COPY)).unwrap();
    assert_eq!(without_time(&counts(&shop)), before);
    assert_snapshot!(said(&shop), @r#"`sales` was read from its optimized copy"#);

    // A row more.
    let sales = fs::read_to_string(shop.path().join("shop/data/sales.csv")).unwrap();
    write(shop.path(), "shop/data/sales.csv", &format!("{sales}9,2026-03-06T10:00:00,1.00\n"));
    let after = without_time(&counts(&shop));
    assert_ne!(after, before);
    assert_snapshot!(said(&shop), @r#"the optimized copy of `sales` does not fit its files any more and was not used: `kohort optimize shop sales` makes it anew"#);

    // And made anew.
    run(&shop, &["optimize", "shop", "sales"]);
    assert_ne!(fs::read(shop.path().join(COPY)).unwrap(), copy);
    assert_eq!(without_time(&counts(&shop)), after);
    assert!(said(&shop).contains("was read from its optimized copy"), "{}", said(&shop));

    assert_snapshot!(shown(&run(&shop, &["optimize", "shop", "sales", "--remove"])), @r#"
    status 0
    --- stdout
    the optimized copy of `sales` is gone
    "#);
    assert_snapshot!(shown(&run(&shop, &["optimize", "shop", "sales", "--remove"])), @r#"
    status 2
    --- stderr
    error: `sales` has no optimized copy
    "#);
    assert_eq!(said(&shop), "");
}

#[test]
fn a_copy_of_other_types_or_of_nothing_is_not_read() {
    let shop = shop();
    run(&shop, &["optimize", "shop", "sales"]);
    let catalog = fs::read_to_string(shop.path().join("shop/catalog.yaml")).unwrap();
    write(shop.path(), "shop/catalog.yaml", &catalog.replace("amount: decimal(2)", "amount: decimal(3)"));
    assert!(said(&shop).contains("does not fit its files"), "{}", said(&shop));
    write(shop.path(), "shop/catalog.yaml", &catalog);
    assert!(said(&shop).contains("was read from"), "{}", said(&shop));
    // Half of a copy.
    let copy = fs::read(shop.path().join(COPY)).unwrap();
    fs::write(shop.path().join(COPY), &copy[..copy.len() / 2]).unwrap();
    assert!(said(&shop).contains("was not used"), "{}", said(&shop));
    assert!(run(&shop, &["eval", "shop", "--as-of", "2026-03-31"]).status.success());
}

#[test]
fn a_damaged_copy_is_told_as_such() {
    let shop = shop();
    run(&shop, &["optimize", "shop", "sales"]);
    let mut copy = fs::read(shop.path().join(COPY)).unwrap();
    copy[4..120].fill(0xff);
    fs::write(shop.path().join(COPY), &copy).unwrap();
    let output = run(&shop, &["eval", "shop", "--as-of", "2026-03-31"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("`sales` cannot be read from its optimized copy: "), "{said}");
    assert!(said.contains("make the copy anew with `kohort optimize`"), "{said}");
}

#[test]
fn what_cannot_be_optimized_says_why() {
    let shop = shop();
    let optimize = |more: &[&str]| shown(&run(&shop, &[&["optimize", "shop"], more].concat()));
    assert_snapshot!(optimize(&["sale"]), @r#"
    status 2
    --- stderr
    error: there is no table `sale`
      help: did you mean `sales`?
    "#);
    assert_snapshot!(optimize(&["sales", "--by", "store"]), @r#"
    status 2
    --- stderr
    error: `sales` cannot be optimized: its rows belong to no `store`, but to `customer`
      help: a copy has its rows in the order of a subject's key, so the key must stand in a column of the table
      help: evaluations read the table as it is
    "#);
    assert!(!shop.path().join("shop/.kohort").exists());
    // What is wrong with rows is told as ever, and nothing is left behind.
    write(shop.path(), "shop/data/sales.csv", "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,cheap\n");
    assert_snapshot!(optimize(&["sales"]), @r#"
    status 1
    --- stderr
    error[K605]: `amount` of `sales` has a value that is not a number: `cheap` (`shop/data/sales.csv`, line 2)
      --> shop/catalog.yaml:13:66
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                                                  ^^^^^^^^^^
       |
       = help: if that stands for unknown, say so in the table: `reading: { nulls: ['', 'cheap'] }`
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
    let left = fs::read_dir(shop.path().join("shop/.kohort/optimized")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(left, [".gitignore"]);
}

#[test]
fn rows_that_are_left_out_are_reported_from_the_files() {
    let shop = shop();
    let catalog = fs::read_to_string(shop.path().join("shop/catalog.yaml")).unwrap();
    let skips = catalog.replace("source: data/sales.csv", "source: data/sales.csv\n    on_error: skip");
    write(shop.path(), "shop/catalog.yaml", &skips);
    let sales = fs::read_to_string(shop.path().join("shop/data/sales.csv")).unwrap();
    write(shop.path(), "shop/data/sales.csv", &format!("{sales}9,2026-03-06T10:00:00,cheap\n"));
    let before = without_time(&counts(&shop));
    let reported = said(&shop);
    assert!(reported.contains("cheap"), "{reported}");
    run(&shop, &["optimize", "shop", "sales"]);
    assert_eq!(without_time(&counts(&shop)), before);
    assert!(said(&shop).ends_with(&reported), "{}", said(&shop));
}

/// Half a million lines, a quarter of them nobody's.
#[test]
fn real_rows_give_the_same_answers() {
    let shop = TempDir::new().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules-examples/online-retail");
    for name in
        ["catalog.yaml", "lifecycle.yaml", "loyalty.yaml", "ranks.yaml", "returns.yaml", "data/transactions.parquet"]
    {
        let to = shop.path().join("shop").join(name);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from.join(name), to).unwrap();
    }
    let answer = |shop: &TempDir| {
        let counts = run(shop, &["eval", "shop", "--as-of", "2011-12-09"]);
        let members = run(shop, &["eval", "shop", "--as-of", "2011-12-09", "--format", "csv"]);
        let mut members: Vec<String> = text(&members).lines().map(str::to_owned).collect();
        members.sort();
        (without_time(&text(&counts)), members)
    };
    let before = answer(&shop);
    let made = shown(&run(&shop, &["optimize", "shop", "lines"]));
    assert!(made.contains("lines: 541,909 rows by customer"), "{made}");
    assert_eq!(answer(&shop), before);
    assert!(before.1.len() > 10_000);
}
