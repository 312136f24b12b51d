//! Parquet and files of Arrow, read back and compared with what CSV says.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Write};

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Int32Type, SchemaRef};
use datafusion::arrow::ipc::reader::FileReader;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::parquet::basic::Compression;
use insta::assert_snapshot;

use crate::shop::{bytes, directory, eval, failing_shop, large_shop, shop, write};

/// What a file of columns has.
pub struct Columns {
    /// Its columns.
    pub schema: SchemaRef,
    /// Its rows.
    pub batches: Vec<RecordBatch>,
    /// What it says beside its rows.
    pub metadata: BTreeMap<String, String>,
}

/// Reads Parquet or Arrow.
pub fn read(format: &str, bytes: Vec<u8>) -> Columns {
    let (schema, batches): (SchemaRef, Vec<RecordBatch>) = match format {
        "parquet" => {
            let builder = parquet(&bytes);
            (builder.schema().clone(), builder.build().unwrap().map(Result::unwrap).collect())
        }
        _ => {
            let reader = FileReader::try_new(Cursor::new(bytes), None).unwrap();
            (reader.schema(), reader.map(Result::unwrap).collect())
        }
    };
    let metadata = schema.metadata().iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    Columns { schema, batches, metadata }
}

fn parquet(bytes: &[u8]) -> ParquetRecordBatchReaderBuilder<File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    ParquetRecordBatchReaderBuilder::try_new(file).unwrap()
}

/// Rows as text; what is null is empty.
pub fn rows(batches: &[RecordBatch]) -> Vec<Vec<String>> {
    let options = FormatOptions::default();
    let mut rows = Vec::new();
    for batch in batches {
        let columns = batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options).unwrap());
        let columns: Vec<_> = columns.collect();
        rows.extend(
            (0..batch.num_rows()).map(|row| columns.iter().map(|column| column.value(row).to_string()).collect()),
        );
    }
    rows
}

fn rows_of_csv(text: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn fields(columns: &Columns) -> String {
    let fields = columns.schema.fields().iter().map(|field| format!("{} {}", field.name(), field.data_type()));
    fields.collect::<Vec<_>>().join(", ")
}

#[test]
fn columns_hold_what_csv_lists() {
    let shop = shop();
    let csv = rows_of_csv(&bytes(&eval(&shop, &["--format", "csv"])));
    assert_eq!(csv.len(), 8);
    for format in ["parquet", "arrow"] {
        let columns = read(format, bytes(&eval(&shop, &["--format", format])));
        assert_eq!(rows(&columns.batches), csv, "{format}");
        assert_eq!(fields(&columns), "segment Dictionary(Int32, Utf8), customer_id Int64");
        let segments = columns.batches[0].column(0).as_dictionary::<Int32Type>();
        let names: Vec<_> = segments.values().as_string::<i32>().iter().flatten().collect();
        if format == "arrow" {
            assert_eq!(names, ["buyers", "regulars", "big_regulars", "locals_who_buy", "nobody"]);
        }
    }
}

#[test]
fn columns_say_what_they_are_the_answer_to() {
    let shop = shop();
    let asked = ["--segment", "regulars", "--segment", "nobody"];
    for format in ["parquet", "arrow"] {
        let columns = read(format, bytes(&eval(&shop, &[&asked[..], &["--format", format]].concat())));
        let said = columns.metadata.iter().map(|(key, value)| format!("{key} = {value}\n")).collect::<String>();
        let said = said.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        insta::allow_duplicates! { assert_snapshot!(said, @r#"
        kohort.as_of = 2026-03-31T23:59:59.999999+07:00
        kohort.counts = [{"segment":"regulars","label":"Came twice","within":"buyers","subject":"customer","members":2,"of":4,"share":0.5},{"segment":"nobody","label":null,"within":null,"subject":"customer","members":0,"of":4,"share":0}]
        kohort.timezone = Asia/Jakarta
        kohort.version = VERSION
        "#) };
    }
}

#[test]
fn parquet_is_compressed() {
    let parquet_bytes = bytes(&eval(&shop(), &["--format", "parquet"]));
    let builder = parquet(&parquet_bytes);
    let group = builder.metadata().row_group(0);
    assert_eq!(group.num_rows(), 8);
    assert!(group.columns().iter().all(|column| matches!(column.compression(), Compression::ZSTD(_))));
}

#[test]
fn keys_keep_their_types() {
    let catalog = "\
kohort: 1
timezone: Asia/Jakarta
subject: { name: ticket, key: [code, day, opened, price] }
tables:
  scans:
    source: scans.csv
    subject: [code, day, opened, price]
    time: scanned
    types: { code: text, day: date, opened: timestamp, price: decimal(2), scanned: timestamp }
";
    let scans = "code,day,opened,price,scanned\n\
                 é,2026-01-02,2026-01-02T09:30:00,12.50,2026-01-02T10:00:00\n\
                 \"a,b\",2026-01-01,2026-01-02T09:30:00,7.00,2026-01-02T11:00:00\n";
    let rules = "segments:\n  scanned: { when: any(scans) }\n";
    let shop = directory(&[("shop/catalog.yaml", catalog), ("shop/scans.csv", scans), ("shop/rules.yaml", rules)]);
    let csv = rows_of_csv(&bytes(&eval(&shop, &["--format", "csv"])));
    assert_eq!(csv[0], ["scanned", "a,b", "2026-01-01", "2026-01-02T09:30:00+07:00", "7.00"]);
    for format in ["parquet", "arrow"] {
        let columns = read(format, bytes(&eval(&shop, &["--format", format])));
        assert_eq!(rows(&columns.batches), csv, "{format}");
        assert_eq!(
            fields(&columns),
            r#"segment Dictionary(Int32, Utf8), code Utf8, day Date32, opened Timestamp(µs, "Asia/Jakarta"), price Decimal128(38, 2)"#
        );
    }
}

#[test]
fn long_lists_are_whole_and_in_order() {
    let shop = large_shop();
    let csv = rows_of_csv(&bytes(&eval(&shop, &["--format", "csv"])));
    assert_eq!(csv.len(), 75_000);
    for format in ["parquet", "arrow"] {
        let columns = read(format, bytes(&eval(&shop, &["--format", format])));
        assert!(columns.batches.len() > 1, "more than one batch");
        assert!(rows(&columns.batches) == csv, "{format}: other rows than CSV");
    }
}

#[test]
fn lists_of_nobody_are_files_without_rows() {
    let shop = shop();
    write(shop.path(), "shop/none.yaml", "segments:\n  none: { when: visits > 1_000 }\n");
    for format in ["parquet", "arrow"] {
        let columns = read(format, bytes(&eval(&shop, &["--format", format, "--segment", "none"])));
        assert!(rows(&columns.batches).is_empty());
        assert_eq!(fields(&columns), "segment Dictionary(Int32, Utf8), customer_id Int64");
    }
}

#[test]
fn a_segment_without_an_answer_has_no_rows() {
    let shop = failing_shop();
    for format in ["parquet", "arrow"] {
        let output = eval(&shop, &["--format", format]);
        assert_eq!(output.status.code(), Some(1));
        let columns = read(format, output.stdout);
        assert_eq!(rows(&columns.batches), [["all", "1"]]);
        let counts: serde_json::Value = serde_json::from_str(&columns.metadata["kohort.counts"]).unwrap();
        assert_eq!(counts[0]["segment"], "huge");
        assert_eq!(counts[0]["members"], serde_json::Value::Null);
        assert_eq!(counts[1]["members"], 1);
    }
}
