//! The customers of the shop, read with Arrow alone.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};
use datafusion::arrow::array::Array;
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// A day in seconds.
pub const DAY: i64 = 86_400;

/// Countries that are an area of their own.
const AREAS: [&str; 6] = ["United Kingdom", "Germany", "France", "Spain", "Belgium", "Switzerland"];

/// Somebody who bought goods.
#[derive(Default)]
pub struct Customer {
    /// Goods that went out: when, and what they came to in thousandths of a pound.
    sales: Vec<(i64, i128)>,
    /// By invoice, when its first line was written.
    invoices: BTreeMap<String, i64>,
    /// The latest line from one of the areas, by time and number; goods that came back count too.
    latest: Option<(i64, i64, String)>,
}

impl Customer {
    pub fn last_order(&self) -> i64 {
        self.invoices.values().copied().max().expect("an invoice")
    }

    pub fn orders(&self) -> usize {
        self.invoices.len()
    }

    pub fn spend(&self) -> i128 {
        self.sales.iter().map(|(_, value)| value).sum()
    }

    /// What was bought after an instant.
    pub fn spend_since(&self, instant: i64) -> i128 {
        self.sales.iter().filter(|(at, _)| *at > instant).map(|(_, value)| value).sum()
    }

    /// Whether an invoice began after an instant.
    pub fn ordered_since(&self, instant: i64) -> bool {
        self.invoices.values().any(|at| *at > instant)
    }

    pub fn area(&self) -> Option<String> {
        self.latest.as_ref().map(|(_, _, country)| country.clone())
    }
}

/// The last second of a day.
pub fn end_of_day(day: &str) -> i64 {
    let day: NaiveDate = day.parse().expect("a day");
    day.and_hms_opt(23, 59, 59).expect("a time").and_utc().timestamp()
}

/// `2.55` as 2550.
pub fn thousandths(text: &str) -> i128 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let rest = format!("{:0<3}", rest.trim_end_matches('0'));
    assert!(rest.len() == 3 && !text.starts_with('-'), "{text}");
    format!("{whole}{rest}").parse().expect("a number")
}

/// Everybody who had bought goods by an instant.
pub fn customers(until: i64) -> BTreeMap<i64, Customer> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules-examples/online-retail/data/transactions.parquet");
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("it is there")).expect("Parquet");
    let mut customers: BTreeMap<i64, Customer> = BTreeMap::new();
    for batch in reader.build().expect("it reads") {
        let batch = batch.expect("it reads");
        let column = |name: &str| batch.column_by_name(name).expect("a column");
        let keys = column("customer_id");
        for row in 0..batch.num_rows() {
            let text = |name: &str| array_value_to_string(column(name), row).expect("a text");
            let at: NaiveDateTime = text("invoice_ts").parse().expect("a time");
            let at = at.and_utc().timestamp();
            if keys.is_null(row) || at > until {
                continue;
            }
            let customer = customers.entry(text("customer_id").parse().expect("a whole number")).or_default();
            let place = (at, text("line_no").parse::<i64>().expect("a whole number"), text("country"));
            let later = customer.latest.as_ref().is_none_or(|latest| (latest.0, latest.1) < (place.0, place.1));
            if later && AREAS.contains(&place.2.as_str()) {
                customer.latest = Some(place);
            }
            let quantity: i128 = text("quantity").parse().expect("a whole number");
            if quantity > 0 {
                customer.sales.push((at, quantity * thousandths(&text("unit_price"))));
                let first = customer.invoices.entry(text("invoice_no")).or_insert(at);
                *first = at.min(*first);
            }
        }
    }
    customers.retain(|_, customer| !customer.invoices.is_empty());
    customers
}
