//! Embedding: a table in memory, two rules, and the members as Arrow.
//!
//! ```sh
//! cargo run --release --example embed
//! ```

use std::sync::Arc;

use datafusion::arrow::array::{Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::datasource::MemTable;
use kohort::{Engine, Project};

const CATALOG: &str = "
kohort: 1
timezone: Asia/Jakarta
subject: { name: customer, key: customer_id }
tables:
  sales: { subject: customer_id, time: sold_at }
metrics:
  spend: { is: sum(amount of sales), unit: IDR }
";

const RULES: &str = "
segments:
  spenders: spend_90d > 500_000
  silent:   none(sales over 30d)
";

/// Three sales of two customers; times are local to Jakarta, amounts in hundredths.
fn sales() -> Result<MemTable, Box<dyn std::error::Error>> {
    let schema = Arc::new(Schema::new(vec![
        Field::new("customer_id", DataType::Utf8, false),
        Field::new("sold_at", DataType::Timestamp(TimeUnit::Microsecond, None), false),
        Field::new("amount", DataType::Decimal128(12, 2), false),
    ]));
    let at = |text: &str| text.parse::<chrono::NaiveDateTime>().map(|at| at.and_utc().timestamp_micros());
    let batch = RecordBatch::try_new(
        Arc::clone(&schema),
        vec![
            Arc::new(StringArray::from(vec!["Budi", "Budi", "Sari"])),
            Arc::new(TimestampMicrosecondArray::from(vec![
                at("2026-01-20T10:00:00")?,
                at("2026-03-28T19:30:00")?,
                at("2026-02-14T12:00:00")?,
            ])),
            Arc::new(Decimal128Array::from(vec![30_000_000, 25_000_050, 90_000_000]).with_precision_and_scale(12, 2)?),
        ],
    )?;
    Ok(MemTable::try_new(schema, vec![vec![batch]])?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let project = Project::from_texts([("catalog.yaml", CATALOG), ("rules.yaml", RULES)]);
    let engine = Engine::builder(project).table("sales", Arc::new(sales()?)).open().await?;
    let members = engine.query(engine.as_of("2026-03-31")?).members().await?;
    println!("{}", pretty_format_batches(&members.collect_rows().await?)?);
    Ok(())
}
