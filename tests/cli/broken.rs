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
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_pattern_that_nothing_matches() {
    let shop = shop_with("source: data/sales.csv", "source: 'data/2026-*.csv'");
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_directory_without_data() {
    let shop = shop_with("source: data/sales.csv", "source: reports");
    write(shop.path(), "shop/reports/about.txt", "nothing");
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_column_that_is_not_there() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "customer_id,bought_at,total\n1,2026-03-01T10:00:00,600.00\n");
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn an_amount_that_is_no_number() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\n2,2026-03-01T10:00:00,12O.50\n2,2026-03-02T10:00:00,free\n",
    );
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn amounts_with_a_comma() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,\"600,00\"\n2,2026-03-01T10:00:00,\"5,25\"\n",
    );
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_word_for_unknown() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\n2,2026-03-01T10:00:00,n/a\n2,2026-03-02T10:00:00,-\n",
    );
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn more_digits_than_declared() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\n2,2026-03-01T10:00:00,5.255\n",
    );
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_time_that_does_not_exist() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\n2,2026-02-30T10:00:00,5\n",
    );
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn times_in_another_form() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,01/03/2026 10:00,5\n2,02/03/2026 10:00,5\n2,03/03/2026 10:00,5\n2,03/03/2026 11:00,5\n2,03/03/2026 12:00,5\n2,03/03/2026 13:00,5\n",
    );
    assert_snapshot!(told(&shop), @"");
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
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn rows_of_other_lengths() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\n2,2026-03-01T10:00:00\n2,2026-03-02T10:00:00,1,250.00\n",
    );
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_quote_that_is_not_closed() {
    let shop = shop();
    write(
        shop.path(),
        "shop/data/sales.csv",
        "customer_id,bought_at,amount\n1,2026-03-01T10:00:00,600.00\n2,2026-03-01T10:00:00,\"5\n1,2026-03-01T10:00:00,600.00\n1,2026-03-01T10:00:00,600.00\n",
    );
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn an_empty_file() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "");
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_header_and_nothing_else() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "customer_id,bought_at,amount\n");
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn blank_lines() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "\n\n\n");
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn two_columns_of_one_name() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "customer_id,bought_at,amount,amount\n1,2026-03-01T10:00:00,1,2\n");
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn text_in_an_old_encoding() {
    let shop = shop();
    fs::write(shop.path().join("shop/data/customers.csv"), b"customer_id,city\n1,Jakarta\n2,Malm\xf6\n").unwrap();
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn text_in_utf_16() {
    let shop = shop();
    let bytes: Vec<u8> = [0xfeff].into_iter().chain(SALES.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(shop.path().join("shop/data/sales.csv"), bytes).unwrap();
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_file_that_is_no_text() {
    let shop = shop();
    fs::write(shop.path().join("shop/data/sales.csv"), b"PK\x03\x04\x14\x00\x06\x00\x08\x00spreadsheet").unwrap();
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_subject_twice() {
    let shop = shop();
    write(shop.path(), "shop/data/customers.csv", "customer_id,city\n1,Jakarta\n2,Bandung\n1,Surabaya\n");
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_compressed_file_that_breaks_off() {
    let shop = shop_with("sales.csv", "sales.csv.gz");
    let whole = gzip(&SALES.repeat(1000));
    fs::write(shop.path().join("shop/data/sales.csv.gz"), &whole[..whole.len() / 2]).unwrap();
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn lines_that_are_no_json() {
    let shop = shop_with("sales.csv", "sales.ndjson");
    let good = "{\"customer_id\": 1, \"bought_at\": \"2026-03-01T10:00\", \"amount\": 5}";
    let bad = "{\"customer_id\": 1, \"bought_at\": }";
    write(shop.path(), "shop/data/sales.ndjson", &format!("{good}\n{bad}\n[1]\n{good}\n7\n"));
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn json_values_of_another_type() {
    let shop = shop_with("sales.csv", "sales.ndjson");
    let row =
        |amount: &str| format!("{{\"customer_id\": 1, \"bought_at\": \"2026-03-01T10:00\", \"amount\": {amount}}}\n");
    let rows = ["5", "\"five\"", "true", "[5]", "{\"idr\": 5}"].map(row).concat();
    write(shop.path(), "shop/data/sales.ndjson", &rows);
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_parquet_file_that_breaks_off() {
    let shop = shop_with("sales.csv", "sales.parquet");
    let whole = parquet(1_000);
    fs::write(shop.path().join("shop/data/sales.parquet"), &whole[..whole.len() / 2]).unwrap();
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_parquet_file_that_is_damaged() {
    let shop = shop_with("sales.csv", "sales.parquet");
    let mut damaged = parquet(1_000);
    damaged[4..400].fill(0xee);
    fs::write(shop.path().join("shop/data/sales.parquet"), damaged).unwrap();
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_parquet_file_that_is_csv() {
    let shop = shop_with("sales.csv", "sales.parquet");
    fs::write(shop.path().join("shop/data/sales.parquet"), SALES).unwrap();
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn a_type_that_cannot_be_what_is_declared() {
    let shop = shop_with("sales.csv", "sales.parquet");
    let catalog = fs::read_to_string(shop.path().join("shop/catalog.yaml")).unwrap();
    write(shop.path(), "shop/catalog.yaml", &catalog.replace("amount: decimal(2)", "amount: date"));
    fs::write(shop.path().join("shop/data/sales.parquet"), parquet(3)).unwrap();
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn files_of_several_formats() {
    let shop = shop_with("data/sales.csv", "sales");
    write(shop.path(), "shop/sales/1.csv", SALES);
    fs::write(shop.path().join("shop/sales/2.parquet"), parquet(3)).unwrap();
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn files_that_have_nothing_in_common() {
    let shop = shop_with("data/sales.csv", "data/*.csv");
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn directories_of_different_columns() {
    let shop = shop_with("data/sales.csv", "sales");
    write(shop.path(), "shop/sales/year=2026/1.csv", SALES);
    write(shop.path(), "shop/sales/2.csv", SALES);
    assert_snapshot!(told(&shop), @"");
}

#[test]
fn an_address_of_a_kind_that_is_unknown() {
    let shop = shop_with("data/sales.csv", "hdfs://cluster/sales.csv");
    assert_snapshot!(told(&shop), @"");
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
    assert_snapshot!(told(&shop), @"");
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
    assert_snapshot!(told(&shop), @"");
    assert_snapshot!(shown(&eval(&shop, &["--counts", "--format", "csv", "--skipped", "left_out.csv"])), @"");
    assert_snapshot!(fs::read_to_string(shop.path().join("left_out.csv")).unwrap(), @"");
}

/// Whether a row is left out does not depend on what is asked.
#[test]
fn a_row_is_left_out_whatever_is_asked() {
    let shop = shop_with("    subject: customer_id\n", "    subject: customer_id\n    on_error: skip\n");
    write(shop.path(), "shop/data/sales.csv", BAD_SALES);
    write(shop.path(), "shop/rules.yaml", "segments: { twice: visits >= 2, once: visits >= 1 }\n");
    assert_snapshot!(shown(&eval(&shop, &["--format", "csv"])), @"");
}

#[test]
fn a_file_that_breaks_off_is_never_left_out() {
    let shop = shop_with("sales.csv\n", "sales.csv.gz\n    on_error: skip\n");
    let whole = gzip(&SALES.repeat(1000));
    fs::write(shop.path().join("shop/data/sales.csv.gz"), &whole[..whole.len() / 2]).unwrap();
    assert_snapshot!(told(&shop), @"");
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
    assert_snapshot!(shown(&eval(&shop, &["--format", "csv"])), @"");
    let catalog = fs::read_to_string(shop.path().join("shop/catalog.yaml")).unwrap();
    write(shop.path(), "shop/catalog.yaml", &catalog.replace("on_error: skip", "reading: { nulls: [NaN, inf] }"));
    assert_snapshot!(shown(&eval(&shop, &["--format", "csv"])), @"");
}

#[test]
fn check_reads_no_rows() {
    let shop = shop();
    write(shop.path(), "shop/data/sales.csv", "customer_id,bought_at,amount\n1,yesterday,free\n");
    assert_snapshot!(shown(&run(&shop, &["check", "shop"])), @"");
}
