//! Tables in memory, and members as text.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::Schema;
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use kohort::Engine;

/// A table of these columns.
pub fn table(columns: Vec<(&str, ArrayRef)>) -> Arc<dyn TableProvider> {
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)));
    let batch = batch.expect("columns of one length");
    let schema: Arc<Schema> = batch.schema();
    Arc::new(MemTable::try_new(schema, vec![vec![batch]]).expect("a table"))
}

/// A column of text.
pub fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// A column of whole numbers.
pub fn numbers(values: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

/// A column of days since 1970.
pub fn days(values: &[&str]) -> ArrayRef {
    let day = |text: &&str| text.parse::<chrono::NaiveDate>().expect("a day").to_epoch_days();
    Arc::new(Date32Array::from(values.iter().map(day).collect::<Vec<_>>()))
}

/// Four sales: of a in February, of b and c in March, and one of nobody.
pub fn sales() -> Arc<dyn TableProvider> {
    table(vec![
        ("customer", texts(&[Some("a"), Some("b"), Some("c"), None])),
        ("day", days(&["2026-02-10", "2026-03-20", "2026-03-31", "2026-03-31"])),
        ("amount", numbers(&[50, 10, 3, 7])),
    ])
}

/// The members of a segment, sorted.
pub async fn members(engine: &Engine, as_of: &str, segment: &str) -> Vec<String> {
    let query = engine.query(engine.as_of(as_of).expect("an instant")).segments([segment]).expect("a segment");
    let batches = query.members().await.expect("it plans").collect_rows().await.expect("it runs");
    let keys = batches.iter().flat_map(|batch| {
        (0..batch.num_rows())
            .map(|row| array_value_to_string(batch.column(1), row).expect("a text"))
            .collect::<Vec<_>>()
    });
    let mut keys: Vec<String> = keys.collect();
    keys.sort_unstable();
    keys
}
