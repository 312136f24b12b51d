//! Data that is broken in every way that data is: what a marketer reads then.

use std::fs;
use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, TimestampMicrosecondArray};
use datafusion::parquet::arrow::ArrowWriter;
use insta::assert_snapshot;
use tempfile::TempDir;

use crate::shop::{CATALOG, SALES, eval, run, shop, shown, write};

/// The shop with something else in its catalogue.
fn shop_with(old: &str, new: &str) -> TempDir {
    let shop = shop();
    let changed = CATALOG.replace(old, new);
    assert_ne!(changed, CATALOG);
    write(shop.path(), "shop/catalog.yaml", &changed);
    shop
}

/// What an evaluation says that fails.
fn told(shop: &TempDir) -> String {
    let output = eval(shop, &[]);
    assert_ne!(output.status.code(), Some(101), "it panics");
    shown(&output)
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Sales as Parquet.
fn parquet(rows: i64) -> Vec<u8> {
    let times: TimestampMicrosecondArray = (0..rows).map(|row| Some(1_772_323_200_000_000 + row)).collect();
    let amounts: Decimal128Array = (0..rows).map(|row| Some(i128::from(row * 37 % 1009))).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("customer_id", Arc::new(Int64Array::from_iter_values((0..rows).map(|row| row % 10)))),
        ("bought_at", Arc::new(times)),
        ("amount", Arc::new(amounts.with_precision_and_scale(10, 2).unwrap())),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn a_file_that_is_not_there() {
    let shop = shop();
    fs::remove_file(shop.path().join("shop/data/sales.csv")).unwrap();
    assert_snapshot!(told(&shop), @r#"
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
}

#[test]
fn a_pattern_that_nothing_matches() {
    let shop = shop_with("source: data/sales.csv", "source: 'data/2026-*.csv'");
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: no file matches `shop/data/2026-*.csv`
      --> shop/catalog.yaml:10:13
       |
    10 |     source: 'data/2026-*.csv'
       |             ^^^^^^^^^^^^^^^^^
       |
       = help: paths are relative to the directory of the catalogue

    1 error in 2 files checked
    "#);
}

#[test]
fn a_directory_without_data() {
    let shop = shop_with("source: data/sales.csv", "source: reports");
    write(shop.path(), "shop/reports/about.txt", "nothing");
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: the directory `shop/reports` holds no Parquet, CSV, NDJSON or Arrow file
      --> shop/catalog.yaml:10:13
       |
    10 |     source: reports
       |             ^^^^^^^
       |
       = help: paths are relative to the directory of the catalogue

    1 error in 2 files checked
    "#);
}

#[test]
fn a_column_that_is_not_there() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "customer_id,bought_at,total\n1,2026-03-01T10:00:00,600.00\n");
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K602]: the data of `sales` has no column `amount`
      --> shop/catalog.yaml:13:58
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                                          ^^^^^^
       |
       = help: it has `bought_at`, `customer_id` and `total`

    error[K301]: rows of `sales` have no column `amount`
      --> shop/catalog.yaml:15:20
       |
    15 |   spend: { is: sum(amount of sales), unit: IDR }
       |                    ^^^^^^
       |
       = help: it has `customer_id`, `bought_at` and `total`

    2 errors in 2 files checked
    "#);
}

#[test]
fn an_amount_that_is_no_number() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\n2,2026-03-01T10:00:00,12O.50\n2,2026-03-02T10:00:00,free\n",
    );
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K605]: `amount` of `sales` has 2 values that are not a number: `12O.50` (`shop/data/sales.csv`, line 3), `free` (line 4)
      --> shop/catalog.yaml:13:66
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                                                  ^^^^^^^^^^
       |
       = help: correct the data
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn amounts_with_a_comma() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,\"600,00\"\n2,2026-03-01T10:00:00,\"5,25\"\n",
    );
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K605]: `amount` of `sales` has 2 values that are not a number: `600,00` (`shop/data/sales.csv`, line 2), `5,25` (line 3)
      --> shop/catalog.yaml:13:66
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                                                  ^^^^^^^^^^
       |
       = help: if numbers are written in that way, say so in the table: `reading: { decimal: ',' }`
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn a_word_for_unknown() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\n2,2026-03-01T10:00:00,n/a\n2,2026-03-02T10:00:00,-\n",
    );
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K605]: `amount` of `sales` has 2 values that are not a number: `n/a` (`shop/data/sales.csv`, line 3), `-` (line 4)
      --> shop/catalog.yaml:13:66
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                                                  ^^^^^^^^^^
       |
       = help: if that stands for unknown, say so in the table: `reading: { nulls: ['', '-', 'n/a'] }`
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn more_digits_than_declared() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\n2,2026-03-01T10:00:00,5.255\n",
    );
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K605]: `amount` of `sales` has a value that is not a number with at most 2 digits after the point: `5.255` (`shop/data/sales.csv`, line 3)
      --> shop/catalog.yaml:13:66
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                                                  ^^^^^^^^^^
       |
       = help: declare as many digits as the data has: `types: { amount: decimal(3) }`
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn a_time_that_does_not_exist() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\n2,2026-02-30T10:00:00,5\n",
    );
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K605]: `bought_at` of `sales` has a value that is not a date with a time: `2026-02-30T10:00:00` (`shop/data/sales.csv`, line 3)
      --> shop/catalog.yaml:13:47
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                               ^^^^^^^^^
       |
       = help: there is no such day or time: correct the data
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn times_in_another_form() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,01/03/2026 10:00,5\n2,02/03/2026 10:00,5\n2,03/03/2026 10:00,5\n2,03/03/2026 11:00,5\n2,03/03/2026 12:00,5\n2,03/03/2026 13:00,5\n",
    );
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K605]: `bought_at` of `sales` has 6 values that are not a date with a time: `01/03/2026 10:00` (`shop/data/sales.csv`, line 2), `02/03/2026 10:00` (line 3), `03/03/2026 10:00` (line 4), `03/03/2026 11:00` (line 5), `03/03/2026 12:00` (line 6), and 1 more
      --> shop/catalog.yaml:13:47
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                               ^^^^^^^^^
       |
       = help: say how times are written in the table: `reading: { times: '%d/%m/%Y %H:%M' }`
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn values_that_are_not_what_the_rows_before_suggest() {
    let shop = shop();
    write(shop.path(), "shop/catalog.yaml", &CATALOG.replace("customer_id: integer, bought_at", "bought_at"));
    write(
        shop.path(),
        "shop/data/sales.csv",
        &format!(
            "customer_id,bought_at,amount\n{}x17,2026-03-01T10:00:00,5\n",
            "1,2026-03-01T10:00:00,600.00\n".repeat(60_000)
        ),
    );
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K605]: `customer_id` of `sales` has a value that is not a whole number: `x17` (`shop/data/sales.csv`, line 60002)
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.csv
       |             ^^^^^^^^^^^^^^
       |
       = help: correct the data
       = help: if `customer_id` is meant as something else, declare it: `types: { customer_id: text }`
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn rows_of_other_lengths() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\n2,2026-03-01T10:00:00\n2,2026-03-02T10:00:00,1,250.00\n",
    );
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K606]: 2 rows of `sales` have more or fewer values than there are columns: 2 values instead of 3 (`shop/data/sales.csv`, line 3), 4 values instead of 3 (line 4)
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.csv
       |             ^^^^^^^^^^^^^^
       |
       = help: a value that holds the separator stands in quotes, as in `"Jakarta, Selatan"`
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn a_quote_that_is_not_closed() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\n2,2026-03-01T10:00:00,\"5\n1,2026-03-01T10:00:00,600.00\n1,2026-03-01T10:00:00,600.00\n",
    );
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K605]: `amount` of `sales` has a value that is not a number: `5⏎1,2026-03-01T10:00:00,600.00⏎1,2026-03…` (`shop/data/sales.csv`, line 3)
      --> shop/catalog.yaml:13:66
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                                                  ^^^^^^^^^^
       |
       = help: look for a quote that is opened and not closed on the line where the row begins
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn an_empty_file() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "");
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `shop/data/sales.csv` is empty
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.csv
       |             ^^^^^^^^^^^^^^
       |
       = help: export it again, or take it away

    1 error in 2 files checked
    "#);
}

#[test]
fn a_header_and_nothing_else() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "customer_id,bought_at,amount\n");
    assert_snapshot!(told(&shop), @r#"
    status 0
    --- stdout
    customer: 4 in all, as of the end of 2026-03-31 (Asia/Jakarta)

    segment             members  share  label
    buyers                    0   0.0%  Bought once
    ├─ regulars               0   0.0%  Came twice
    │  └─ big_regulars        0   0.0%
    └─ locals_who_buy         0   0.0%  Buyers of Jakarta
    nobody                    0   0.0%

    took … s
    "#);
}

#[test]
fn blank_lines() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "\n\n\n");
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `shop/data/sales.csv` cannot be read: it is empty: there is not even a line with the names of its columns
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.csv
       |             ^^^^^^^^^^^^^^
       |
       = help: check that the file is whole, and of the format that its ending says

    1 error in 2 files checked
    "#);
}

#[test]
fn two_columns_of_one_name() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "customer_id,bought_at,amount,amount\n1,2026-03-01T10:00:00,1,2\n");
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `shop/data/sales.csv` cannot be read: it has two columns called `amount`: give each a name of its own
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.csv
       |             ^^^^^^^^^^^^^^
       |
       = help: check that the file is whole, and of the format that its ending says

    1 error in 2 files checked
    "#);
}

#[test]
fn text_in_an_old_encoding() {
    let shop = shop();
    fs::write(shop.path().join("shop/data/customers.csv"), b"customer_id,city\n1,Jakarta\n2,Malm\xf6\n").unwrap();
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K606]: 1 row of `customers` has text that is not in UTF-8: `shop/data/customers.csv`, line 3
     --> shop/catalog.yaml:8:42
      |
    8 |     types: { customer_id: integer, city: text }
      |                                          ^^^^
      |
      = help: save the file as UTF-8; spreadsheet programs call it `CSV UTF-8`
      = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn text_in_utf_16() {
    let shop = shop();
    let bytes: Vec<u8> = [0xfeff].into_iter().chain(SALES.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(shop.path().join("shop/data/sales.csv"), bytes).unwrap();
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `shop/data/sales.csv` cannot be read: its text is in UTF-16
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.csv
       |             ^^^^^^^^^^^^^^
       |
       = help: save it as UTF-8; spreadsheet programs call it `CSV UTF-8`

    1 error in 2 files checked
    "#);
}

#[test]
fn a_file_that_is_no_text() {
    let shop = shop();
    fs::write(shop.path().join("shop/data/sales.csv"), b"PK\x03\x04\x14\x00\x06\x00\x08\x00spreadsheet").unwrap();
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `shop/data/sales.csv` cannot be read: it is no text
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.csv
       |             ^^^^^^^^^^^^^^
       |
       = help: open it in the program that made it, and export it as CSV

    1 error in 2 files checked
    "#);
}

#[test]
fn a_subject_twice() {
    let shop = shop();
    write(shop.path(), "shop/data/customers.csv", "customer_id,city\n1,Jakarta\n2,Bandung\n1,Surabaya\n");
    assert_snapshot!(told(&shop), @r#"
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
}

#[test]
fn a_compressed_file_that_breaks_off() {
    let shop = shop_with("sales.csv", "sales.csv.gz");
    let whole = gzip(&SALES.repeat(1000));
    fs::write(shop.path().join("shop/data/sales.csv.gz"), &whole[..whole.len() / 2]).unwrap();
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `sales` cannot be read to its end: it breaks off (`shop/data/sales.csv.gz`, line 5174)
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.csv.gz
       |             ^^^^^^^^^^^^^^^^^
       |
       = help: copy or export the file again: it is damaged or not whole

    error[K605]: `amount` of `sales` has 470 values that are not a number: `amount` (`shop/data/sales.csv.gz`, line 12), `amount` (line 23), `amount` (line 34), `amount` (line 45), `amount` (line 56), and 465 more
      --> shop/catalog.yaml:13:66
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                                                  ^^^^^^^^^^
       |
       = help: these lines repeat the names of the columns: take them out
       = help: or leave such rows out, counted and reported: `on_error: skip`

    error[K605]: `bought_at` of `sales` has 470 values that are not a date with a time: `bought_at` (`shop/data/sales.csv.gz`, line 12), `bought_at` (line 23), `bought_at` (line 34), `bought_at` (line 45), `bought_at` (line 56), and 465 more
      --> shop/catalog.yaml:13:47
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                               ^^^^^^^^^
       |
       = help: these lines repeat the names of the columns: take them out
       = help: or leave such rows out, counted and reported: `on_error: skip`

    error[K605]: `customer_id` of `sales` has 470 values that are not a whole number: `customer_id` (`shop/data/sales.csv.gz`, line 12), `customer_id` (line 23), `customer_id` (line 34), `customer_id` (line 45), `customer_id` (line 56), and 465 more
      --> shop/catalog.yaml:13:27
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                           ^^^^^^^
       |
       = help: these lines repeat the names of the columns: take them out
       = help: or leave such rows out, counted and reported: `on_error: skip`

    4 errors in 2 files checked
    "#);
}

#[test]
fn lines_that_are_no_json() {
    let shop = shop_with("sales.csv", "sales.ndjson");
    let good = "{\"customer_id\": 1, \"bought_at\": \"2026-03-01T10:00\", \"amount\": 5}";
    let bad = "{\"customer_id\": 1, \"bought_at\": }";
    write(shop.path(), "shop/data/sales.ndjson", &format!("{good}\n{bad}\n[1]\n{good}\n7\n"));
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K606]: 3 rows of `sales` are no JSON object: expected value at character 33 (`shop/data/sales.ndjson`, line 2), the line is a list; each object stands on a line of its own, without `[`, `]` and commas (line 3), invalid type: integer `7`, expected an object, as in `{"id": 1}` at character 1 (line 5)
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.ndjson
       |             ^^^^^^^^^^^^^^^^^
       |
       = help: write one object a line, as in `{"id": 1, "name": "Budi"}`
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn json_values_of_another_type() {
    let shop = shop_with("sales.csv", "sales.ndjson");
    let row =
        |amount: &str| format!("{{\"customer_id\": 1, \"bought_at\": \"2026-03-01T10:00\", \"amount\": {amount}}}\n");
    let rows = ["5", "\"five\"", "true", "[5]", "{\"idr\": 5}"].map(row).concat();
    write(shop.path(), "shop/data/sales.ndjson", &rows);
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K605]: `amount` of `sales` has 4 values that are not a number: `five` (`shop/data/sales.ndjson`, line 2), `true` (line 3), `a list` (line 4), `{"idr": 5}` (line 5)
      --> shop/catalog.yaml:13:66
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                                                  ^^^^^^^^^^
       |
       = help: correct the data
       = help: or leave such rows out, counted and reported: `on_error: skip`

    1 error in 2 files checked
    "#);
}

#[test]
fn a_parquet_file_that_breaks_off() {
    let shop = shop_with("sales.csv", "sales.parquet");
    let whole = parquet(1_000);
    fs::write(shop.path().join("shop/data/sales.parquet"), &whole[..whole.len() / 2]).unwrap();
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `shop/data/sales.parquet` cannot be read: it breaks off, or is of another format than its ending says
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.parquet
       |             ^^^^^^^^^^^^^^^^^^
       |
       = help: check that the file is whole, and of the format that its ending says

    1 error in 2 files checked
    "#);
}

#[test]
fn a_parquet_file_that_is_damaged() {
    let shop = shop_with("sales.csv", "sales.parquet");
    let mut damaged = parquet(1_000);
    damaged[4..400].fill(0xee);
    fs::write(shop.path().join("shop/data/sales.parquet"), damaged).unwrap();
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `sales` cannot be read to its end: its bytes are damaged (Unexpected struct field type 14) (`shop/data/sales.parquet`, row 1)
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.parquet
       |             ^^^^^^^^^^^^^^^^^^
       |
       = help: copy or export the file again: it is damaged or not whole

    1 error in 2 files checked
    "#);
}

#[test]
fn a_parquet_file_that_is_csv() {
    let shop = shop_with("sales.csv", "sales.parquet");
    fs::write(shop.path().join("shop/data/sales.parquet"), SALES).unwrap();
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `shop/data/sales.parquet` cannot be read: it breaks off, or is of another format than its ending says
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.parquet
       |             ^^^^^^^^^^^^^^^^^^
       |
       = help: check that the file is whole, and of the format that its ending says

    1 error in 2 files checked
    "#);
}

#[test]
fn a_type_that_cannot_be_what_is_declared() {
    let shop = shop_with("sales.csv", "sales.parquet");
    let catalog = fs::read_to_string(shop.path().join("shop/catalog.yaml")).unwrap();
    write(shop.path(), "shop/catalog.yaml", &catalog.replace("amount: decimal(2)", "amount: date"));
    fs::write(shop.path().join("shop/data/sales.parquet"), parquet(3)).unwrap();
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K409]: `amount` of `sales` is declared date, but the data has decimal(2), which cannot be read as that
      --> shop/catalog.yaml:13:66
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: date }
       |                                                                  ^^^^
       |
    help: declare decimal(2)
       |
    13 -     types: { customer_id: integer, bought_at: timestamp, amount: date }
    13 +     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |

    error[K401]: a number is expected here, and this is a date
      --> shop/catalog.yaml:15:20
       |
    15 |   spend: { is: sum(amount of sales), unit: IDR }
       |                    ^^^^^^

    2 errors in 2 files checked
    "#);
}

#[test]
fn files_of_several_formats() {
    let shop = shop_with("data/sales.csv", "sales");
    write(shop.path(), "shop/sales/1.csv", SALES);
    fs::write(shop.path().join("shop/sales/2.parquet"), parquet(3)).unwrap();
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `shop/sales/1.csv` and `shop/sales/2.parquet` are of different formats, and a table has one
      --> shop/catalog.yaml:10:13
       |
    10 |     source: sales
       |             ^^^^^
       |
       = help: name the files of one format, as in `data/*.parquet`

    1 error in 2 files checked
    "#);
}

#[test]
fn files_that_have_nothing_in_common() {
    let shop = shop_with("data/sales.csv", "data/s*.csv");
    write(shop.path(), "shop/data/stock.csv", "sku,pieces\n00417,3\n");
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `shop/data/stock.csv` has none of the columns of the files before it: it has `sku`, `pieces`, they have `customer_id`, `bought_at`, `amount`
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/s*.csv
       |             ^^^^^^^^^^^
       |
       = help: name the files of one table only

    1 error in 2 files checked
    "#);
}

#[test]
fn directories_of_different_columns() {
    let shop = shop_with("data/sales.csv", "sales");
    write(shop.path(), "shop/sales/year=2026/1.csv", SALES);
    write(shop.path(), "shop/sales/2.csv", SALES);
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `shop/sales/2.csv` lies in no directory of the form `name=value`, and `shop/sales/year=2026/1.csv` in directories of year
      --> shop/catalog.yaml:10:13
       |
    10 |     source: sales
       |             ^^^^^
       |
       = help: put the files of a table into directories of the same kind

    1 error in 2 files checked
    "#);
}

#[test]
fn an_address_of_a_kind_that_is_unknown() {
    let shop = shop_with("data/sales.csv", "hdfs://cluster/sales.csv");
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: there is no way to `hdfs://`
      --> shop/catalog.yaml:10:13
       |
    10 |     source: hdfs://cluster/sales.csv
       |             ^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: addresses begin with `s3://`, `s3a://`, `gs://`, `az://`, `abfs://`, `abfss://`, `http://`, `https://`

    1 error in 2 files checked
    "#);
}

/// All that is wrong is told in one run: of all tables, all columns.
#[test]
fn many_things_at_once() {
    let shop = shop();
    write(shop.path(), "shop/data/customers.csv", "customer_id,city\none,Jakarta\n2\n");
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\nx,2026-03-01,5\n2,yesterday,cheap\n2,2026-13-01,5\n",
    );
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K606]: 1 row of `customers` has more or fewer values than there are columns: 1 value instead of 2 (`shop/data/customers.csv`, line 3)
     --> shop/catalog.yaml:7:13
      |
    7 |     source: data/customers.csv
      |             ^^^^^^^^^^^^^^^^^^
      |
      = help: a value that holds the separator stands in quotes, as in `"Jakarta, Selatan"`
      = help: or leave such rows out, counted and reported: `on_error: skip`

    error[K605]: `customer_id` of `customers` has a value that is not a whole number: `one` (`shop/data/customers.csv`, line 2)
     --> shop/catalog.yaml:8:27
      |
    8 |     types: { customer_id: integer, city: text }
      |                           ^^^^^^^
      |
      = help: if that stands for unknown, say so in the table: `reading: { nulls: ['', 'one'] }`
      = help: or leave such rows out, counted and reported: `on_error: skip`

    error[K605]: `amount` of `sales` has a value that is not a number: `cheap` (`shop/data/sales.csv`, line 4)
      --> shop/catalog.yaml:13:66
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                                                  ^^^^^^^^^^
       |
       = help: if that stands for unknown, say so in the table: `reading: { nulls: ['', 'cheap'] }`
       = help: or leave such rows out, counted and reported: `on_error: skip`

    error[K605]: `bought_at` of `sales` has 2 values that are not a date with a time: `yesterday` (`shop/data/sales.csv`, line 4), `2026-13-01` (line 5)
      --> shop/catalog.yaml:13:47
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                                               ^^^^^^^^^
       |
       = help: correct the data
       = help: or leave such rows out, counted and reported: `on_error: skip`

    error[K605]: `customer_id` of `sales` has a value that is not a whole number: `x` (`shop/data/sales.csv`, line 3)
      --> shop/catalog.yaml:13:27
       |
    13 |     types: { customer_id: integer, bought_at: timestamp, amount: decimal(2) }
       |                           ^^^^^^^
       |
       = help: if that stands for unknown, say so in the table: `reading: { nulls: ['', 'x'] }`
       = help: or leave such rows out, counted and reported: `on_error: skip`

    5 errors in 2 files checked
    "#);
}

/// Rows that cannot be read, and one that can.
const BAD_SALES: &str = "\
customer_id,bought_at,amount
1,2026-03-01T10:00:00,600.00
2,2026-03-01T10:00:00,free
2,2026-03-01T10:00:00
x,yesterday,5
2,2026-03-01T10:00:00,7
";

#[test]
fn rows_can_be_left_out() {
    let shop = shop_with("    subject: customer_id\n", "    subject: customer_id\n    on_error: skip\n");
    write(shop.path(), "shop/data/sales.csv", BAD_SALES);
    assert_snapshot!(told(&shop), @r#"
    status 0
    --- stdout
    customer: 4 in all, as of the end of 2026-03-31 (Asia/Jakarta)

    segment             members  share  label
    buyers                    2  50.0%  Bought once
    ├─ regulars               0   0.0%  Came twice
    │  └─ big_regulars        0   0.0%
    └─ locals_who_buy         1  25.0%  Buyers of Jakarta
    nobody                    0   0.0%

    took … s
    --- stderr
    warning: 3 rows of `sales` were left out
      1 row of `sales` has more or fewer values than there are columns: 2 values instead of 3 (`shop/data/sales.csv`, line 4)
      `amount` of `sales` has a value that is not a number: `free` (`shop/data/sales.csv`, line 3)
      `bought_at` of `sales` has a value that is not a date with a time: `yesterday` (`shop/data/sales.csv`, line 5)
      `customer_id` of `sales` has a value that is not a whole number: `x` (`shop/data/sales.csv`, line 5)
      `--skipped FILE` writes down each of them
    "#);
    assert_snapshot!(shown(&eval(&shop, &["--counts", "--format", "csv", "--skipped", "left_out.csv"])), @r#"
    status 0
    --- stdout
    segment,label,within,subject,members,of,share
    buyers,Bought once,,customer,2,4,0.5
    regulars,Came twice,buyers,customer,0,4,0
    big_regulars,,regulars,customer,0,4,0
    locals_who_buy,Buyers of Jakarta,buyers,customer,1,4,0.25
    nobody,,,customer,0,4,0
    --- stderr
    warning: 3 rows of `sales` were left out
      1 row of `sales` has more or fewer values than there are columns: 2 values instead of 3 (`shop/data/sales.csv`, line 4)
      `amount` of `sales` has a value that is not a number: `free` (`shop/data/sales.csv`, line 3)
      `bought_at` of `sales` has a value that is not a date with a time: `yesterday` (`shop/data/sales.csv`, line 5)
      `customer_id` of `sales` has a value that is not a whole number: `x` (`shop/data/sales.csv`, line 5)
      each is in `left_out.csv`
    "#);
    assert_snapshot!(fs::read_to_string(shop.path().join("left_out.csv")).unwrap(), @"");
}

/// Whether a row is left out does not depend on what is asked.
#[test]
fn a_row_is_left_out_whatever_is_asked() {
    let shop = shop_with("    subject: customer_id\n", "    subject: customer_id\n    on_error: skip\n");
    write(shop.path(), "shop/data/sales.csv", BAD_SALES);
    write(shop.path(), "shop/rules.yaml", "segments: { twice: visits >= 2, once: visits >= 1 }\n");
    assert_snapshot!(shown(&eval(&shop, &["--format", "csv"])), @r#"
    status 0
    --- stdout
    segment,customer_id
    once,1
    once,2
    --- stderr
    warning: 3 rows of `sales` were left out
      1 row of `sales` has more or fewer values than there are columns: 2 values instead of 3 (`shop/data/sales.csv`, line 4)
      `amount` of `sales` has a value that is not a number: `free` (`shop/data/sales.csv`, line 3)
      `bought_at` of `sales` has a value that is not a date with a time: `yesterday` (`shop/data/sales.csv`, line 5)
      `customer_id` of `sales` has a value that is not a whole number: `x` (`shop/data/sales.csv`, line 5)
      `--skipped FILE` writes down each of them
    "#);
}

#[test]
fn a_file_that_breaks_off_is_never_left_out() {
    let shop = shop_with("sales.csv\n", "sales.csv.gz\n    on_error: skip\n");
    let whole = gzip(&SALES.repeat(1000));
    fs::write(shop.path().join("shop/data/sales.csv.gz"), &whole[..whole.len() / 2]).unwrap();
    assert_snapshot!(told(&shop), @r#"
    status 1
    --- stderr
    error[K601]: `sales` cannot be read to its end: it breaks off (`shop/data/sales.csv.gz`, line 5174)
      --> shop/catalog.yaml:10:13
       |
    10 |     source: data/sales.csv.gz
       |             ^^^^^^^^^^^^^^^^^
       |
       = help: copy or export the file again: it is damaged or not whole

    1 error in 2 files checked
    "#);
}

#[test]
fn floats_that_are_no_numbers_are_left_out_of_parquet() {
    let shop = shop_with("sales.csv\n", "sales.parquet\n    on_error: skip\n");
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("customer_id", Arc::new(Int64Array::from(vec![1, 1, 2]))),
        ("bought_at", Arc::new(TimestampMicrosecondArray::from(vec![1_772_323_200_000_000; 3]))),
        ("amount", Arc::new(datafusion::arrow::array::Float64Array::from(vec![600.5, f64::NAN, f64::INFINITY]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    fs::write(shop.path().join("shop/data/sales.parquet"), bytes).unwrap();
    assert_snapshot!(shown(&eval(&shop, &["--format", "csv"])), @r#"
    status 0
    --- stdout
    segment,customer_id
    buyers,1
    locals_who_buy,1
    --- stderr
    warning: 2 rows of `sales` were left out
      `amount` of `sales` has 2 values that are not a number: `NaN` (`shop/data/sales.parquet`, row 2), `inf` (row 3)
      `--skipped FILE` writes down each of them
    "#);
    let catalog = fs::read_to_string(shop.path().join("shop/catalog.yaml")).unwrap();
    write(shop.path(), "shop/catalog.yaml", &catalog.replace("on_error: skip", "reading: { nulls: [NaN, inf] }"));
    assert_snapshot!(shown(&eval(&shop, &["--format", "csv"])), @r#"
    status 0
    --- stdout
    segment,customer_id
    buyers,1
    buyers,2
    regulars,1
    locals_who_buy,1
    "#);
}

#[test]
fn check_reads_no_rows() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "customer_id,bought_at,amount\n1,yesterday,free\n");
    assert_snapshot!(shown(&run(&shop, &["check", "shop"])), @r#"
    status 0
    --- stdout
    2 files checked: 5 segments, no problems
    "#);
}
