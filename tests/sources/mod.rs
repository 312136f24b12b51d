//! The same rows out of every format, layout and way of writing.

mod layouts;
mod remote;
mod robust;
mod writing;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Decimal128Array, Int64Array, ListBuilder, RecordBatch, StringArray, StringBuilder,
    TimestampMicrosecondArray,
};
use datafusion::arrow::ipc::writer::{FileWriter, StreamWriter};
use datafusion::parquet::arrow::ArrowWriter;
use kohort::{Engine, Error, Project};
use tempfile::TempDir;

/// Who bought what when: customer, hour of 1 March 2026, cents, tags.
pub type Row = (&'static str, i64, Option<i64>, &'static [&'static str]);

/// Rows of three customers; one amount is unknown.
pub const ROWS: [Row; 5] = [
    ("007", 9, Some(1_250), &["new"]),
    ("007", 10, Some(755), &[]),
    ("012", 11, None, &["new", "gift"]),
    ("013", 12, Some(-300), &["gift"]),
    ("013", 13, Some(10_000), &[]),
];

/// A catalogue over `sales` with these words about its source.
pub fn catalog(source: &str) -> String {
    format!(
        "kohort: 1\ntimezone: UTC\nsubject: {{ name: customer, key: customer }}\ntables:\n  sales:\n    {source}\n    subject: customer\n    time: at_\n"
    )
}

/// A project in a directory of files.
pub struct Shop {
    directory: TempDir,
}

impl Shop {
    /// An empty one whose catalogue says this of the source of `sales`.
    pub fn new(source: &str) -> Self {
        let shop = Shop { directory: TempDir::new().expect("a directory") };
        shop.write("catalog.yaml", catalog(source).as_bytes());
        shop
    }

    pub fn path(&self, name: &str) -> std::path::PathBuf {
        let path = self.directory.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        path
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> &Self {
        fs::write(self.path(name), bytes).expect("it writes");
        self
    }

    /// The keys of those for whom a condition is true on 31 March 2026.
    pub async fn members(&self, when: &str) -> Result<Vec<String>, Error> {
        self.write("rules.yaml", format!("segments:\n  s: {{ when: {when:?} }}\n").as_bytes());
        let engine = Engine::open(Project::open(self.directory.path())?).await?;
        let members = engine.query(engine.as_of("2026-03-31")?).members().await?;
        let mut keys = Vec::new();
        for batch in members.collect_rows().await? {
            let key = datafusion::arrow::compute::cast(batch.column(1), &datafusion::arrow::datatypes::DataType::Utf8)
                .expect("keys are text or numbers");
            let key = key.as_any().downcast_ref::<StringArray>().expect("text");
            keys.extend(key.iter().flatten().map(str::to_owned));
        }
        keys.sort();
        Ok(keys)
    }

    /// Holds the answers to [`ROWS`] against what is known of them.
    pub async fn holds_the_rows(&self) {
        for (when, expected) in [
            ("sum(amount of sales) = 20.05", &["007"][..]),
            ("sum(amount of sales) = 97", &["013"]),
            ("count(sales where amount is unknown) = 1", &["012"]),
            ("any(sales where at_ = 2026-03-01T13:00)", &["013"]),
            ("count(sales) = 2", &["007", "013"]),
        ] {
            let found = self.members(when).await.unwrap_or_else(|error| panic!("{when}: {error}"));
            assert_eq!(found, expected, "{when}");
        }
    }
}

/// The rows as Arrow, with the decimals and times that the formats have.
pub fn batch(rows: &[Row]) -> RecordBatch {
    let mut tags = ListBuilder::new(StringBuilder::new());
    for row in rows {
        row.3.iter().for_each(|tag| tags.values().append_value(tag));
        tags.append(true);
    }
    let amounts: Decimal128Array = rows.iter().map(|row| row.2.map(i128::from)).collect();
    let times: TimestampMicrosecondArray = rows.iter().map(|row| Some(micros(row.1))).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("customer", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0)))),
        ("at_", Arc::new(times)),
        ("amount", Arc::new(amounts.with_precision_and_scale(10, 2).expect("it fits"))),
        ("tags", Arc::new(tags.finish())),
        ("line", Arc::new(Int64Array::from_iter_values(1..=rows.len() as i64))),
    ];
    RecordBatch::try_from_iter(columns).expect("a batch")
}

/// The hour of 1 March 2026 in microseconds of UTC.
pub fn micros(hour: i64) -> i64 {
    1_772_323_200_000_000 + hour * 3_600_000_000
}

pub fn parquet(rows: &[Row], path: &Path) {
    let batch = batch(rows);
    let mut writer = ArrowWriter::try_new(File::create(path).expect("a file"), batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("it writes");
    writer.close().expect("it closes");
}

pub fn arrow(rows: &[Row], path: &Path) {
    let batch = batch(rows);
    let mut writer = FileWriter::try_new(File::create(path).expect("a file"), &batch.schema()).expect("a writer");
    writer.write(&batch).expect("it writes");
    writer.finish().expect("it ends");
}

pub fn arrow_stream(rows: &[Row], path: &Path) {
    let batch = batch(rows);
    let mut writer = StreamWriter::try_new(File::create(path).expect("a file"), &batch.schema()).expect("a writer");
    writer.write(&batch).expect("it writes");
    writer.finish().expect("it ends");
}

fn decimal(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// CSV without lists.
pub fn csv_text(rows: &[Row]) -> String {
    let row = |row: &Row| {
        let amount = row.2.map(decimal).unwrap_or_default();
        format!("{},2026-03-01T{:02}:00,{amount}\n", row.0, row.1)
    };
    format!("customer,at_,amount\n{}", rows.iter().map(row).collect::<String>())
}

pub fn json_text(rows: &[Row]) -> String {
    let row = |row: &Row| {
        let amount = row.2.map_or("null".to_owned(), decimal);
        format!(
            "{{\"customer\": \"{}\", \"at_\": \"2026-03-01T{:02}:00:00Z\", \"amount\": {amount}, \"tags\": {:?}}}\n",
            row.0, row.1, row.3
        )
    };
    rows.iter().map(row).collect()
}

pub fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).expect("it packs");
    encoder.finish().expect("it ends")
}

pub fn zstd(text: &str) -> Vec<u8> {
    zstd::encode_all(text.as_bytes(), 1).expect("it packs")
}
