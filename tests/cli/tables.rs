//! `kohort tables`: what is shown of the data, and what is declared of it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use insta::assert_snapshot;
use tempfile::TempDir;

const CATALOG: &str = "\
# A shop of two cities.
kohort: 1
timezone: Asia/Jakarta
subject: { name: customer, table: customers, key: no }
tables:
  customers: { source: customers.csv, rename: { no: 'Customer No' } }   # from the till
  sales:
    source: sales.csv      # one row for each receipt
    subject: customer
    time: at
    types: { customer: text }
  large:
    from: sales
    where: amount > 10
    columns: { vat: amount * 11 / 111 }
attributes:
  region: city     # where they live
  called: { is: name }
metrics:
  spend: sum(amount of sales)
";

const CUSTOMERS: &str = "\
Customer No,name,city,notes
001,Ani,Jakarta,
002,Budi,Bandung,
003,Citra,Jakarta,
004,Dewi,,
";

const SALES: &str = "\
customer,at,amount,paid,items
001,2026-03-01T10:00,12.50,true,1
001,2026-03-02T11:30,7.25,true,2
002,2026-03-02T12:00,100.00,false,2
,2026-03-02T12:05,3.00,true,1
009,2026-03-03T09:00,15.00,true,1
003,,1.00,,
";

fn shop() -> TempDir {
    let directory = TempDir::new().unwrap();
    for (name, text) in [("catalog.yaml", CATALOG), ("customers.csv", CUSTOMERS), ("sales.csv", SALES)] {
        write(directory.path(), name, text);
    }
    directory
}

fn write(directory: &Path, name: &str, text: &str) {
    let path = directory.join("shop").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn catalog(directory: &TempDir) -> String {
    fs::read_to_string(directory.path().join("shop/catalog.yaml")).unwrap()
}

fn tables(directory: &TempDir, more: &[&str]) -> Output {
    let arguments = [&["tables", "shop"][..], more].concat();
    Command::new(env!("CARGO_BIN_EXE_kohort")).args(arguments).current_dir(directory.path()).output().unwrap()
}

fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let mut said = format!("status {}\n", output.status.code().unwrap());
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            said.push_str(&format!("--- {name}\n{}", text(bytes)));
        }
    }
    said
}

#[test]
fn tables_are_shown_for_people() {
    assert_snapshot!(shown(&tables(&shop(), &[])), @r"
    status 0
    --- stdout
    customers: 4 rows

      column            type         unknown  distinct  values
      no (Customer No)  text, found                  4  001 (1), 002 (1), 003 (1), 004 (1)
      name              text, found                  4  Ani (1), Budi (1), Citra (1), Dewi (1)
      city              text, found    25.0%         2  Jakarta (2), Bandung (1)
      notes             text, found   100.0%         0

    sales: 6 rows, 2026-03-01 10:00 to 2026-03-03 09:00 (Asia/Jakarta)
      anonymous 1 (16.7%), orphans 1 (16.7%)
      no known time 1 (16.7%)

      column    type               unknown  distinct  values
      customer  text                 16.7%         4  001 (2), 002 (1), 003 (1), 009 (1)
      at        timestamp, found     16.7%         5  2026-03-01T10:00:00 to 2026-03-03T09:00:00
      amount    decimal(2), found                  6  1.00 to 100.00
      paid      bool, found          16.7%         2  true (4), false (1)
      items     integer, found       16.7%         2  1 (3), 2 (2)

    large: 3 rows of sales, 2026-03-01 10:00 to 2026-03-03 09:00 (Asia/Jakarta)
      orphans 1 (33.3%)

      column  type    unknown  distinct  values
      vat     number                  3  1.238738738739 to 9.90990990991
    --- stderr
    note: `sales`: 1 row without a known time, which rules do not see
    note: `sales`: 1 row of a customer whom its table lacks, which belong to nobody; are the keys written alike in both?
    ");
}

#[test]
fn one_table_is_shown_as_json() {
    let output = tables(&shop(), &["--table", "sales", "--format", "json"]);
    assert!(output.status.success(), "{}", shown(&output));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let all = document["tables"].as_array().unwrap();
    assert_eq!(all.len(), 1);
    let sales = &all[0];
    assert_eq!((sales["name"].as_str(), sales["rows"].as_u64()), (Some("sales"), Some(6)));
    assert_eq!(sales["first"], "2026-03-01T10:00:00+07:00");
    assert_eq!(sales["last"], "2026-03-03T09:00:00+07:00");
    assert_eq!(sales["unknown_time"], 1);
    assert_eq!(sales["subjects"], serde_json::json!([{ "subject": "customer", "anonymous": 1, "orphans": 1 }]));
    let column = |name: &str| sales["columns"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
    let amount = column("amount");
    assert_eq!((amount["type"].as_str(), amount["declared"].as_bool()), (Some("decimal(2)"), Some(false)));
    assert_eq!((amount["least"].as_str(), amount["greatest"].as_str()), (Some("1.00"), Some("100.00")));
    let paid = serde_json::json!([{ "value": "true", "rows": 4 }, { "value": "false", "rows": 1 }]);
    assert_eq!((&column("paid")["values"], column("paid")["unknown"].as_u64()), (&paid, Some(1)));
    assert_eq!(column("customer")["declared"], true);
}

#[test]
fn a_table_that_is_not_there_is_told_with_the_nearest() {
    assert_snapshot!(shown(&tables(&shop(), &["--table", "sale"])), @r"
    status 2
    --- stderr
    error: there is no table `sale`
      help: did you mean `sales`?
    ");
}

#[test]
fn what_is_found_is_declared() {
    let directory = shop();
    let dry = tables(&directory, &["--declare", "--dry-run"]);
    assert_eq!(catalog(&directory), CATALOG);
    assert!(shown(&dry).contains("nothing is written"), "{}", shown(&dry));
    assert_snapshot!(shown(&tables(&directory, &["--declare"])), @r"
    status 0
    --- stdout
       6 -   customers: { source: customers.csv, rename: { no: 'Customer No' } }   # from the till
       6 +   customers: { source: customers.csv, types: { 'no': text, name: text, city: text }, rename: { no: 'Customer No' } }   # from the till
      11 -     types: { customer: text }
      11 +     types: { customer: text, at: timestamp, amount: decimal(2), paid: bool, items: integer }
      17 -   region: city     # where they live
      17 +   region: { is: city, values: [Bandung, Jakarta] }     # where they live

    written to `shop/catalog.yaml`
    --- stderr
    note: `notes` of `customers` has no values that would show its type
    ");
    assert_snapshot!(catalog(&directory), @r"
    # A shop of two cities.
    kohort: 1
    timezone: Asia/Jakarta
    subject: { name: customer, table: customers, key: no }
    tables:
      customers: { source: customers.csv, types: { 'no': text, name: text, city: text }, rename: { no: 'Customer No' } }   # from the till
      sales:
        source: sales.csv      # one row for each receipt
        subject: customer
        time: at
        types: { customer: text, at: timestamp, amount: decimal(2), paid: bool, items: integer }
      large:
        from: sales
        where: amount > 10
        columns: { vat: amount * 11 / 111 }
    attributes:
      region: { is: city, values: [Bandung, Jakarta] }     # where they live
      called: { is: name }
    metrics:
      spend: sum(amount of sales)
    ");
    let left: Vec<_> = fs::read_dir(directory.path().join("shop")).unwrap().collect();
    assert_eq!(left.len(), 3, "nothing is left behind");
    let again = tables(&directory, &["--declare"]);
    assert!(shown(&again).contains("nothing to declare"), "{}", shown(&again));
    let check =
        Command::new(env!("CARGO_BIN_EXE_kohort")).args(["check", "shop"]).current_dir(directory.path()).output();
    assert!(check.unwrap().status.success());
}

/// The catalogue does not hold before its floating-point column is declared; the data is shown all the same.
#[test]
fn floating_point_is_declared_as_it_is_meant() {
    let directory = shop();
    let sales: String = (0..4)
        .map(|at| {
            format!(
                "{{\"customer\": \"00{at}\", \"at\": \"2026-03-0{}T10:00\", \"amount\": {at}.5, \"share\": 1e-{at}}}\n",
                at + 1
            )
        })
        .collect();
    write(directory.path(), "sales.ndjson", &sales);
    write(directory.path(), "catalog.yaml", &CATALOG.replace("sales.csv", "sales.ndjson"));
    let output = tables(&directory, &["--table", "sales", "--declare"]);
    assert!(output.status.success(), "{}", shown(&output));
    assert!(
        catalog(&directory).contains("types: { customer: text, at: timestamp, amount: decimal(1)"),
        "{}",
        catalog(&directory)
    );
}

#[test]
fn data_that_is_not_there_is_told() {
    let directory = shop();
    fs::remove_file(directory.path().join("shop/customers.csv")).unwrap();
    write(
        directory.path(),
        "catalog.yaml",
        &CATALOG.replace("rename: {", "types: { no: text, city: text, name: text }, rename: {"),
    );
    assert_snapshot!(shown(&tables(&directory, &["--table", "sales"])), @r"
    status 0
    --- stdout
    sales: 6 rows, 2026-03-01 10:00 to 2026-03-03 09:00 (Asia/Jakarta)
      no known time 1 (16.7%)

      column    type               unknown  distinct  values
      customer  text                 16.7%         4  001 (2), 002 (1), 003 (1), 009 (1)
      at        timestamp, found     16.7%         5  2026-03-01T10:00:00 to 2026-03-03T09:00:00
      amount    decimal(2), found                  6  1.00 to 100.00
      paid      bool, found          16.7%         2  true (4), false (1)
      items     integer, found       16.7%         2  1 (3), 2 (2)
    --- stderr
    shop/catalog.yaml:6:24: error[K601]: there is no file `shop/customers.csv`; paths are relative to the directory of the catalogue
    note: `sales`: 1 row without a known time, which rules do not see
    ");
    fs::remove_file(directory.path().join("shop/sales.csv")).unwrap();
    assert_eq!(tables(&directory, &[]).status.code(), Some(1));
}
