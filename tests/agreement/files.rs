//! The same cases out of files: Parquet in directories, CSV by pattern.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::csv::WriterBuilder;
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::ipc::writer::FileWriter;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::parquet::arrow::ArrowWriter;
use flate2::Compression;
use flate2::write::GzEncoder;
use kohort::{Engine, Project};

use super::super::differential::generate::Case;
use super::super::differential::value::{Cell, CellType};
use super::{answer, arrow, evaluated, generate};

/// Cases tried in each format.
const CASES: u64 = 30;

fn parquet(batch: &RecordBatch, path: &Path) {
    let mut writer = ArrowWriter::try_new(File::create(path).expect("a file"), batch.schema(), None).expect("a writer");
    writer.write(batch).expect("it writes");
    writer.close().expect("it closes");
}

fn csv(batch: &RecordBatch, path: &Path) {
    let file = File::create(path).expect("a file");
    let form = "%Y-%m-%dT%H:%M:%S%.6f";
    let builder = WriterBuilder::new().with_header(true).with_timestamp_format(form.to_owned());
    let builder = builder.with_datetime_format("%Y-%m-%d".to_owned());
    builder.with_timestamp_tz_format(format!("{form}%:z")).build(file).write(batch).expect("it writes");
}

fn arrow_file(batch: &RecordBatch, path: &Path) {
    let mut writer = FileWriter::try_new(File::create(path).expect("a file"), &batch.schema()).expect("a writer");
    writer.write(batch).expect("it writes");
    writer.finish().expect("it ends");
}

/// One object a row, compressed; unknown values are left out or `null` by turns, and the columns stand in another order
/// in every second row.
fn ndjson(batch: &RecordBatch, path: &Path) {
    let mut file = GzEncoder::new(File::create(path).expect("a file"), Compression::fast());
    for row in 0..batch.num_rows() {
        let mut fields = Vec::new();
        for (at, column) in batch.columns().iter().enumerate() {
            let name = batch.schema().field(at).name().clone();
            if column.is_valid(row) {
                fields.push(format!("{}: {}", serde_json::json!(name), json(column, row)));
            } else if (row + at) % 2 == 0 {
                fields.push(format!("{}: null", serde_json::json!(name)));
            }
        }
        if row % 2 == 1 {
            fields.reverse();
        }
        writeln!(file, "{{{}}}", fields.join(", ")).expect("it writes");
    }
    file.finish().expect("it ends");
}

fn json(column: &ArrayRef, row: usize) -> String {
    let form = FormatOptions::default().with_timestamp_format(Some("%Y-%m-%dT%H:%M:%S%.6f"));
    let form = form.with_timestamp_tz_format(Some("%Y-%m-%dT%H:%M:%S%.6f%:z"));
    let text = |column: &ArrayRef, row| {
        ArrayFormatter::try_new(column.as_ref(), &form).expect("it is shown").value(row).to_string()
    };
    match column.data_type() {
        DataType::Boolean => text(column, row),
        number if number.is_numeric() => text(column, row),
        DataType::List(_) => {
            let items = column.as_list::<i32>().value(row);
            let items: Vec<_> = (0..items.len()).map(|at| text(&items, at)).collect();
            serde_json::json!(items).to_string()
        }
        _ => serde_json::json!(text(column, row)).to_string(),
    }
}

/// Writes each table as two files, the later rows in the first, and says in the catalogue where they are.
fn written(case: &Case, directory: &Path, ending: &str, write: fn(&RecordBatch, &Path)) -> Result<Project, String> {
    let mut catalog = case.catalog_yaml();
    for (name, data) in &case.data {
        let batch = arrow::batch(data, 3)?;
        let half = batch.num_rows() / 2;
        std::fs::create_dir_all(directory.join(name)).expect("a directory");
        write(&batch.slice(half, batch.num_rows() - half), &directory.join(name).join(format!("0.{ending}")));
        write(&batch.slice(0, half), &directory.join(name).join(format!("1.{ending}")));
        let source = if ending == "csv" { format!("{name}/*.csv") } else { name.clone() };
        let table = format!("\n  {name}:\n");
        assert!(catalog.contains(&table), "{catalog}");
        catalog = catalog.replacen(&table, &format!("{table}    source: '{source}'\n"), 1);
    }
    for (name, text) in case.texts() {
        let path = directory.join(&name);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        std::fs::write(path, if name == "catalog.yaml" { &catalog } else { &text }).expect("it writes");
    }
    Project::open(directory).map_err(|error| error.to_string())
}

/// CSV has no lists, and an empty text is unknown there.
fn fits_csv(case: &Case) -> bool {
    case.data.values().all(|data| {
        let lists = data.columns.iter().any(|(_, ty)| *ty == CellType::TextList);
        let empty = data
            .rows
            .iter()
            .flatten()
            .any(|cell| matches!(cell, Cell::Text(text) if text.trim() != text || text.is_empty()));
        !lists && !empty
    })
}

async fn same_from_files(ending: &str, write: fn(&RecordBatch, &Path), fits: fn(&Case) -> bool) {
    let mut tried = 0;
    for case in (0..).map(generate).filter(fits).take(CASES as usize) {
        let directory = tempfile::tempdir().expect("a directory");
        let project = written(&case, directory.path(), ending, write).expect("it is written");
        let (members, _) =
            answer(&case, Engine::builder(project)).await.unwrap_or_else(|error| panic!("{error}\n{case}"));
        let (expected, _) = evaluated(&case).await.unwrap_or_else(|error| panic!("{error}\n{case}"));
        assert_eq!(members, expected, "{case}");
        tried += members.values().filter(|keys| keys.as_ref().is_ok_and(|keys| !keys.is_empty())).count();
    }
    assert!(tried > 50, "only {tried} segments had members");
}

#[tokio::test]
async fn parquet_files_give_the_same() {
    same_from_files("parquet", parquet, |_| true).await;
}

#[tokio::test]
async fn csv_files_give_the_same() {
    same_from_files("csv", csv, fits_csv).await;
}

#[tokio::test]
async fn arrow_files_give_the_same() {
    same_from_files("arrow", arrow_file, |_| true).await;
}

#[tokio::test]
async fn json_lines_give_the_same() {
    same_from_files("ndjson.gz", ndjson, |_| true).await;
}
