//! What ranks of ten million subjects cost, beside the window functions of DuckDB on the same file.
//!
//! ```sh
//! benches/ranks.sh                      # with DuckDB, which comes into a directory that is thrown away
//! cargo bench --bench ranks             # without
//! cargo bench --bench ranks -- 1000000  # so many subjects
//! ```
//!
//! Every run is a process of its own that reads the file and counts. Of the program that is an evaluation of one segment: it also
//! looks whether a key occurs twice, which the row of a plain comparison shows. The members of each segment are compared with
//! DuckDB's once, by number and by the sum of their keys. DuckDB has as many threads as there are.
//!
//! `KOHORT_BENCH_PYTHON` names a Python that has the module `duckdb`.

mod runs;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::{Decimal128Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::parquet::arrow::ArrowWriter;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const RUNS: usize = 7;
const AS_OF: &str = "2026-10-31";
const SUBJECTS: i64 = 10_000_000;

/// What is asked, and how in SQL over `t`.
const QUESTIONS: &[(&str, &str, &str)] = &[
    ("a comparison", "points > 900_000", "points > 900000"),
    ("quintile", "quintile(points) = 5", "ntile(5) OVER (ORDER BY points, id) = 5"),
    ("of decimals", "quintile(spend) = 5", "ntile(5) OVER (ORDER BY spend, id) = 5"),
    ("many equal", "quintile(visits) = 5", "ntile(5) OVER (ORDER BY visits, id) = 5"),
    (
        "top 10%",
        "top 10% by points",
        "row_number() OVER (ORDER BY points DESC, id) <= (SELECT (count(*) + 9) // 10 FROM t)",
    ),
    ("percent_rank", "percent_rank(points) >= 0.9", "percent_rank() OVER (ORDER BY points) >= 0.9"),
    ("per region", "quintile(points per region) = 5", "ntile(5) OVER (PARTITION BY region ORDER BY points, id) = 5"),
];

const CATALOG: &str = "\
kohort: 1
subject: { name: customer, table: customers, key: id }
tables:
  customers: { source: SOURCE, id: id }
";

/// What DuckDB is asked: all members of each question, by number and the sum of their keys.
const SCRIPT: &str = "\
import os, sys, duckdb
path, *questions = sys.argv[1:]
db = duckdb.connect()
db.execute(f'SET threads = {os.cpu_count()}')
db.execute(f\"CREATE VIEW t AS SELECT * FROM read_parquet('{path}')\")
columns = ', '.join(f'{question} AS m{at}' for at, question in enumerate(questions))
sums = ', '.join(f'count(*) FILTER (m{at}), sum(id) FILTER (m{at})' for at in range(len(questions)))
row = db.execute(f'SELECT {sums} FROM (SELECT id, {columns} FROM t)').fetchone()
for at in range(len(questions)):
    print(row[2 * at], int(row[2 * at + 1] or 0))
";

fn main() {
    let given = std::env::args().skip(1).find_map(|argument| argument.replace('_', "").parse::<i64>().ok());
    let subjects = given.unwrap_or(SUBJECTS);
    let directory = tempfile::tempdir().expect("a directory");
    let source = directory.path().join("customers.parquet");
    write(&source, subjects);
    let bytes = fs::metadata(&source).map(|file| file.len()).unwrap_or_default();
    println!("{subjects} subjects, {} MB of Parquet, medians of {RUNS}", bytes / 1_000_000);
    let asked: Vec<Vec<usize>> =
        (0..QUESTIONS.len()).map(|at| vec![at]).chain([(1..QUESTIONS.len()).collect()]).collect();
    let projects: Vec<PathBuf> =
        asked.iter().enumerate().map(|(at, of)| project(directory.path(), at, &source, of)).collect();
    let python = std::env::var_os("KOHORT_BENCH_PYTHON");
    let duckdb: Option<Vec<Vec<OsString>>> = python.map(|python| {
        let script = directory.path().join("ask.py");
        fs::write(&script, SCRIPT).expect("it writes");
        let of = |of: &Vec<usize>| {
            let questions = of.iter().map(|at| OsString::from(QUESTIONS[*at].2));
            [python.clone(), script.clone().into(), source.clone().into()].into_iter().chain(questions).collect()
        };
        asked.iter().map(of).collect()
    });
    if let (Some(commands), Some(project)) = (&duckdb, projects.last()) {
        compare(project, commands.last().expect("a command"));
    }
    // In turns: each question of the program, then the same of DuckDB.
    let own = projects.iter().map(|project| runs::counts(project.clone(), AS_OF));
    let commands: Vec<Vec<OsString>> = match &duckdb {
        Some(duckdb) => own.zip(duckdb).flat_map(|(own, other)| [own, other.clone()]).collect(),
        None => own.collect(),
    };
    let measured = runs::measure_commands(&commands, RUNS);
    println!(
        "{:<14} {:>9} {:>9} {:>9} {:>10} {:>9} {:>6}",
        "segment", "members", "kohort s", "MB", "duckdb s", "MB", "ratio"
    );
    let names = QUESTIONS.iter().map(|(name, ..)| *name).chain(["all of them"]);
    for (name, runs) in names.zip(measured.chunks(if duckdb.is_some() { 2 } else { 1 })) {
        let own = &runs[0];
        let members = own.answer.lines().nth(1).and_then(|line| line.split(',').nth(4)).unwrap_or_default();
        let (seconds, peak) = told(own.median, own.peak);
        print!("{name:<14} {members:>9} {seconds:>9.2} {peak:>9}");
        if let Some(other) = runs.get(1) {
            let (others, peak) = told(other.median, other.peak);
            print!(" {others:>10.2} {peak:>9} {:>6.2}", seconds / others);
        }
        println!();
    }
}

fn told(median: Duration, peak: u64) -> (f64, u64) {
    (median.as_secs_f64(), peak / 1024)
}

/// Both give the same members: as many, and with the same sum of keys.
fn compare(project: &Path, duckdb: &[OsString]) {
    let words = [env!("CARGO_BIN_EXE_kohort"), "eval"].map(OsString::from).into_iter().chain([project.into()]);
    let command: Vec<OsString> = words.chain(["--as-of", AS_OF, "--format", "csv"].map(OsString::from)).collect();
    let mut own: BTreeMap<String, (i128, i128)> = BTreeMap::new();
    for line in runs::run(&command).0.lines().skip(1) {
        let (segment, key) = line.split_once(',').expect("two columns");
        let (members, sum) = own.entry(segment.to_owned()).or_default();
        *members += 1;
        *sum += key.parse::<i128>().expect("a number");
    }
    let own: Vec<(i128, i128)> = own.into_values().collect();
    let others = runs::run(duckdb).0;
    let others: Vec<(i128, i128)> = others
        .lines()
        .map(|line| {
            let (members, sum) = line.split_once(' ').expect("two numbers");
            (members.parse().expect("a number"), sum.parse().expect("a number"))
        })
        .collect();
    assert_eq!(own, others, "the members are not the same");
    println!("the same members: {}", own.iter().map(|(members, _)| members.to_string()).collect::<Vec<_>>().join(", "));
}

/// A project that asks some of the questions, each a segment.
fn project(directory: &Path, at: usize, source: &Path, asked: &[usize]) -> PathBuf {
    let project = directory.join(format!("project{at}"));
    fs::create_dir_all(&project).expect("a directory");
    let source = format!("'{}'", source.display());
    fs::write(project.join("catalog.yaml"), CATALOG.replace("SOURCE", &source)).expect("it writes");
    let segments = asked.iter().map(|at| format!("  s{at}:\n    when: |\n      {}\n", QUESTIONS[*at].1));
    fs::write(project.join("rules.yaml"), format!("segments:\n{}", segments.collect::<String>())).expect("it writes");
    project
}

/// Subjects in no order of anything: points of a wide spread, decimals, a few visits, one of 34 regions or none.
fn write(path: &Path, subjects: i64) {
    let mut random = ChaCha8Rng::seed_from_u64(31);
    let schema = Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("points", DataType::Int64, false),
        Field::new("spend", DataType::Decimal128(12, 2), false),
        Field::new("visits", DataType::Int64, false),
        Field::new("region", DataType::Utf8, true),
    ]));
    let mut writer =
        ArrowWriter::try_new(File::create(path).expect("a file"), Arc::clone(&schema), None).expect("a writer");
    // An odd multiplier of a power of two is a permutation: every key once, in no order.
    let size = (subjects as u64).next_power_of_two();
    let keys =
        (0..size).map(|at| (at.wrapping_mul(0x9E37_79B9_7F4A_7C15)) & (size - 1)).filter(|key| *key < subjects as u64);
    let keys: Vec<i64> = keys.map(|key| key as i64).collect();
    for keys in keys.chunks(100_000) {
        let mut numbers = |most: i64| -> Vec<i64> { keys.iter().map(|_| random.random_range(0..most)).collect() };
        let (points, spend, visits) = (numbers(1_000_000), numbers(100_000_000), numbers(12));
        let regions = numbers(3_400).into_iter().map(|at| (at >= 34).then(|| format!("region {}", at % 34)));
        let spend: Decimal128Array = spend.into_iter().map(|cents| Some(i128::from(cents))).collect();
        let batch = RecordBatch::try_new(
            Arc::clone(&schema),
            vec![
                Arc::new(Int64Array::from(keys.to_vec())),
                Arc::new(Int64Array::from(points)),
                Arc::new(spend.with_precision_and_scale(12, 2).expect("a decimal")),
                Arc::new(Int64Array::from(visits)),
                Arc::new(regions.collect::<StringArray>()),
            ],
        );
        writer.write(&batch.expect("a batch")).expect("it writes");
    }
    writer.close().expect("it closes");
}
