//! The rows of the example, read with Arrow and the `csv` crate alone.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::Path;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{Date32Type, Int64Type, TimestampMillisecondType};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// All rows of a Parquet file.
pub fn parquet(path: &Path) -> RecordBatch {
    let file = File::open(path).expect("the file is there");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("it is Parquet");
    let schema = reader.schema().clone();
    let batches: Vec<_> = reader.build().expect("it reads").map(|batch| batch.expect("it reads")).collect();
    concat_batches(&schema, &batches).expect("they are of one schema")
}

/// The rows of a CSV file, by column name.
pub fn csv(path: &Path) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("the file is there");
    reader.deserialize().map(|row| row.expect("it reads")).collect()
}

/// A customer.
pub struct Customer {
    pub city: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub has_children: bool,
}

/// A paid row of a customer: the latest version of it.
pub struct Paid {
    pub id: i64,
    pub receipt: i64,
    pub sku: String,
    pub channel: String,
    /// Rupiah; negative if it is a refund.
    pub amount: i64,
    pub refund: bool,
    pub at: NaiveDateTime,
}

impl Paid {
    /// Where it stands among its customer's rows.
    pub fn place(&self) -> (NaiveDateTime, i64) {
        (self.at, self.id)
    }
}

/// What the tests need of the tables.
pub struct Shop {
    pub customers: BTreeMap<String, Customer>,
    /// By customer.
    pub paid: HashMap<String, Vec<Paid>>,
    /// Categories by sku.
    pub categories: HashMap<String, String>,
    pub messages: Vec<HashMap<String, String>>,
}

impl Shop {
    /// Reads the tables of a directory.
    pub fn read(data: &Path) -> Shop {
        let of = |name: &str, key: &str, value: &str| -> HashMap<String, String> {
            csv(&data.join(name)).iter().map(|row| (row[key].clone(), row[value].clone())).collect()
        };
        let children = of("households.csv", "household_id", "has_children");
        Shop {
            customers: customers(&parquet(&data.join("customers.parquet")), &children),
            paid: paid(&parquet(&data.join("transactions.parquet")), &of("cards.csv", "card_id", "customer_id")),
            categories: of("products.csv", "sku", "category"),
            messages: csv(&data.join("messages.csv")),
        }
    }

    /// A customer's sales or refunds of the last days up to the end of the last day.
    pub fn rows(&self, customer: &str, refund: bool, days: i64) -> impl Iterator<Item = &Paid> {
        let end = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day").and_time(Default::default());
        let rows = self.paid.get(customer).map(Vec::as_slice).unwrap_or_default();
        rows.iter()
            .filter(move |row| row.refund == refund && row.at < end && row.at >= end - chrono::Duration::days(days))
    }
}

fn text(batch: &RecordBatch, column: &str, row: usize) -> Option<String> {
    let column = batch.column_by_name(column).expect("the column is there").as_string::<i32>();
    column.is_valid(row).then(|| column.value(row).to_owned())
}

fn number(batch: &RecordBatch, column: &str, row: usize) -> i64 {
    batch.column_by_name(column).expect("the column is there").as_primitive::<Int64Type>().value(row)
}

fn time(batch: &RecordBatch, column: &str, row: usize) -> NaiveDateTime {
    let column = batch.column_by_name(column).expect("the column is there");
    let at = column.as_primitive::<TimestampMillisecondType>().value(row);
    DateTime::from_timestamp_millis(at).expect("a time").naive_utc()
}

fn customers(batch: &RecordBatch, children: &HashMap<String, String>) -> BTreeMap<String, Customer> {
    let births = batch.column_by_name("birth_date").expect("the column is there").as_primitive::<Date32Type>();
    let customer = |row| Customer {
        city: text(batch, "city", row),
        birth_date: births.is_valid(row).then(|| births.value_as_date(row).expect("a day")),
        has_children: children[&text(batch, "household_id", row).expect("a household")] == "true",
    };
    (0..batch.num_rows()).map(|row| (text(batch, "customer_id", row).expect("an id"), customer(row))).collect()
}

fn paid(batch: &RecordBatch, owners: &HashMap<String, String>) -> HashMap<String, Vec<Paid>> {
    let mut latest: BTreeMap<i64, usize> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        let newest = latest.entry(number(batch, "transaction_id", row)).or_insert(row);
        if time(batch, "updated_at", row) > time(batch, "updated_at", *newest) {
            *newest = row;
        }
    }
    assert!(latest.len() < batch.num_rows(), "there are corrections");
    let mut paid: HashMap<String, Vec<Paid>> = HashMap::new();
    for row in latest.into_values().filter(|row| text(batch, "status", *row).as_deref() == Some("paid")) {
        let Some(owner) = text(batch, "card_id", row).and_then(|card| owners.get(&card)) else { continue };
        paid.entry(owner.clone()).or_default().push(Paid {
            id: number(batch, "transaction_id", row),
            receipt: number(batch, "receipt_no", row),
            sku: text(batch, "sku", row).expect("a sku"),
            channel: text(batch, "channel", row).expect("a channel"),
            amount: number(batch, "amount", row),
            refund: text(batch, "kind", row).as_deref() == Some("refund"),
            at: time(batch, "purchased_at", row),
        });
    }
    paid
}
