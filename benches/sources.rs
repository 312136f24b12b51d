//! How fast and in how much memory files of each format are evaluated.
//!
//! ```sh
//! cargo bench --bench sources                      # 60,000 rows as Parquet, CSV, compressed CSV and NDJSON
//! cargo bench --bench sources -- DIR               # the same of the transactions in DIR, of any size
//! ```
//!
//! The rows are the transactions that the generator of the `jakarta` example makes, so that any amount can be had:
//!
//! ```sh
//! cargo run --release --example jakarta -- --out DIR --format csv --customers 1_400_000     # about 5 GB
//! ```
//!
//! Every run is a process of its own, the program on a project of three segments; printed are the median of its times
//! and the most memory that any run held. The members must be the same in every format.

mod runs;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use datafusion::arrow::csv::ReaderBuilder;
use datafusion::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::parquet::arrow::ArrowWriter;
use flate2::Compression;
use flate2::write::GzEncoder;

const RUNS: usize = 9;
const ROWS: usize = 60_000;
/// Larger files are run less often, and not written in other formats.
const LARGE: u64 = 1 << 28;

const CATALOG: &str = "\
kohort: 1
timezone: Asia/Jakarta
subject: { name: card, key: card_id }
tables:
  sales: { source: SOURCE, subject: card_id, time: purchased_at, types: { card_id: text } }
metrics:
  spend: sum(amount of sales)
  visits: count(distinct day(at) of sales)
";

const RULES: &str = "\
segments:
  regulars: spend_90d > 500_000 and visits_30d >= 2
  web_buyers: count(sales where channel = 'web') > 3
  baskets: avg(amount of sales over 365d) > 100_000
";

fn main() {
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map(PathBuf::from);
    let directory = tempfile::tempdir().expect("a directory");
    let csv = match &given {
        Some(given) => given.join("transactions.csv"),
        None => shipped(directory.path()),
    };
    let size = fs::metadata(&csv).expect("transactions.csv is there").len();
    let mut sources = vec![csv.clone()];
    if size < LARGE {
        sources.insert(0, parquet(&csv, directory.path()));
        sources.push(compressed(&csv, directory.path()));
        sources.push(ndjson(&csv, directory.path()));
    }
    println!("{:<16} {:>12} {:>10} {:>8} {:>10}", "file", "bytes", "median s", "ratio", "peak MB");
    let runs = if size < LARGE { RUNS } else { 3 };
    let projects: Vec<PathBuf> =
        sources.iter().enumerate().map(|(at, source)| project(directory.path(), at, source)).collect();
    let measured = runs::measure(&projects, "2026-10-31", runs);
    let base = measured.first().map_or(1.0, |run| run.median.as_secs_f64());
    for (source, run) in sources.iter().zip(&measured) {
        assert_eq!(run.answer, measured[0].answer, "the formats give different counts");
        let name = source.file_name().unwrap_or_default().to_string_lossy();
        let bytes = fs::metadata(source).map(|file| file.len()).unwrap_or_default();
        let seconds = run.median.as_secs_f64();
        println!("{name:<16} {bytes:>12} {seconds:>10.3} {:>8.2} {:>10}", seconds / base, run.peak / 1024);
    }
}

/// The transactions of the example, as CSV.
fn shipped(directory: &Path) -> PathBuf {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rules-examples/jakarta/data/transactions.parquet");
    let builder = datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(
        File::open(path).expect("the example is there"),
    );
    let reader = builder.expect("Parquet").with_limit(ROWS).build().expect("it reads");
    let csv = directory.join("transactions.csv");
    let mut writer = datafusion::arrow::csv::Writer::new(File::create(&csv).expect("a file"));
    reader.for_each(|batch| writer.write(&batch.expect("a batch")).expect("it writes"));
    csv
}

fn batches(csv: &Path) -> impl Iterator<Item = datafusion::arrow::array::RecordBatch> + use<> {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let number = |name: &str| Field::new(name, DataType::Int64, true);
    let time = |name: &str| Field::new(name, DataType::Timestamp(TimeUnit::Microsecond, None), true);
    let mut header = csv::Reader::from_path(csv).expect("it opens");
    let fields = header.headers().expect("a header").iter().map(|name| match name {
        "quantity" | "price" | "amount" => number(name),
        "purchased_at" | "updated_at" => time(name),
        _ => text(name),
    });
    let schema = Schema::new(fields.collect::<Vec<_>>());
    let reader = ReaderBuilder::new(schema.into()).with_header(true).build(File::open(csv).expect("it opens"));
    reader.expect("CSV").map(|batch| batch.expect("a batch"))
}

fn parquet(csv: &Path, directory: &Path) -> PathBuf {
    let path = directory.join("sales.parquet");
    let mut batches = batches(csv);
    let first = batches.next().expect("rows");
    let mut writer =
        ArrowWriter::try_new(File::create(&path).expect("a file"), first.schema(), None).expect("a writer");
    std::iter::once(first).chain(batches).for_each(|batch| writer.write(&batch).expect("it writes"));
    writer.close().expect("it closes");
    path
}

fn compressed(csv: &Path, directory: &Path) -> PathBuf {
    let path = directory.join("sales.csv.gz");
    let mut encoder = GzEncoder::new(File::create(&path).expect("a file"), Compression::default());
    encoder.write_all(&fs::read(csv).expect("it reads")).expect("it packs");
    encoder.finish().expect("it ends");
    path
}

fn ndjson(csv: &Path, directory: &Path) -> PathBuf {
    let path = directory.join("sales.ndjson");
    let mut reader = csv::Reader::from_path(csv).expect("it opens");
    let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let mut file = std::io::BufWriter::new(File::create(&path).expect("a file"));
    for record in reader.records() {
        let record = record.expect("a row");
        let field = |(name, value): (&String, &str)| match name.as_str() {
            "quantity" | "price" | "amount" => format!("\"{name}\": {value}"),
            _ if value.is_empty() => format!("\"{name}\": null"),
            _ => format!("\"{name}\": {}", serde_json::json!(value)),
        };
        let fields: Vec<String> = names.iter().zip(&record).map(field).collect();
        writeln!(file, "{{{}}}", fields.join(", ")).expect("it writes");
    }
    path
}

fn project(directory: &Path, at: usize, source: &Path) -> PathBuf {
    let project = directory.join(format!("project{at}"));
    fs::create_dir_all(&project).expect("a directory");
    let source = format!("'{}'", fs::canonicalize(source).expect("a path").display());
    fs::write(project.join("catalog.yaml"), CATALOG.replace("SOURCE", &source)).expect("it writes");
    fs::write(project.join("rules.yaml"), RULES).expect("it writes");
    project
}
