//! Members as they were written, counted by one reader for all engines.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// By segment: how many members there are, and under its name with `SUM` the sum of their keys, each scattered as in the peers'
/// questions.
pub type Counts = BTreeMap<String, u64>;

/// What the name of a sum ends with.
pub const SUM: &str = "_sum";

/// A file with a row for each segment and member: the segment's name and the key.
pub fn read(path: &Path) -> Counts {
    let file = File::open(path).expect("members were written");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build());
    let mut counts = Counts::new();
    for batch in reader.expect("Parquet") {
        add(&mut counts, &batch.expect("a batch"));
    }
    counts
}

fn add(counts: &mut Counts, batch: &RecordBatch) {
    let segments = cast(batch.column(0), &DataType::Utf8).expect("text");
    let segments = segments.as_string::<i32>();
    let keys = numbers(batch.column(1));
    // Rows of one segment stand together: it is looked up once for them.
    let mut at = 0;
    while at < segments.len() {
        let name = segments.value(at);
        let end = (at..segments.len()).find(|row| segments.value(*row) != name).unwrap_or(segments.len());
        *counts.entry(name.to_owned()).or_default() += (end - at) as u64;
        *counts.entry(format!("{name}{SUM}")).or_default() +=
            keys[at..end].iter().map(|key| scatter(*key)).sum::<u64>();
        at = end;
    }
}

/// Keys as numbers: those of text without their letter.
fn numbers(keys: &ArrayRef) -> Vec<i64> {
    if keys.data_type().is_integer() {
        let keys = cast(keys, &DataType::Int64).expect("whole numbers");
        return keys.as_primitive::<Int64Type>().values().to_vec();
    }
    let keys = cast(keys, &DataType::Utf8).expect("text");
    let number = |key: Option<&str>| key.and_then(|key| key.get(1..)?.parse().ok()).expect("a letter and a number");
    keys.as_string::<i32>().iter().map(number).collect()
}

/// The same as `scatter` of the peers' SQL.
fn scatter(key: i64) -> u64 {
    (key * 2_654_435_761 % 4_294_967_296) as u64
}
