//! What features cost that need a subject's rows in order, beside one that does not.
//!
//! ```sh
//! cargo bench --bench order                        # the transactions of the `jakarta` example
//! cargo bench --bench order -- FILE.parquet        # others of its kind, of any size
//! cargo run --release --example jakarta -- --out DIR --customers 60_000      # about two million
//! ```
//!
//! Every run is a process of its own, the program on a project of one segment; printed are the median of its times, how
//! many times the plain sum that is, and the most memory that any run held.

mod runs;

use std::fs;
use std::path::{Path, PathBuf};

const RUNS: usize = 9;
const AS_OF: &str = "2026-10-31";

const CATALOG: &str = "\
kohort: 1
timezone: Asia/Jakarta
subject: { name: card, key: card_id }
tables:
  sales: { source: SOURCE, subject: card_id, time: purchased_at }
  days: { from: sales, group_by: day(at), columns: { value: sum(amount) } }
";

/// What is asked, and how.
const SEGMENTS: &[(&str, &str)] = &[
    ("a sum", "sum(amount of sales) > 500_000"),
    ("a sum over 90 days", "sum(amount of sales over 90d) > 500_000"),
    ("the first", "first(channel of sales) = 'web'"),
    ("a table by grouping", "count(days) > 5"),
    ("number", "sum(amount of sales where number <= 3) > 100_000"),
    ("gap", "avg(gap of sales) < 20d"),
    ("gap of groups", "avg(gap of days) < 20d"),
    ("a sequence", "sequence(sales where channel = 'web' then within 30d sales where channel = 'store')"),
    ("three steps, never", "sequence(sales then within 30d sales then within 30d sales then never within 60d sales)"),
    ("the same article again", "sequence(sales as a then within 30d sales where sku = a.sku)"),
    ("the same, dearer", "sequence(sales as a then within 90d sales where sku = a.sku and amount > a.amount)"),
];

fn main() {
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map(PathBuf::from);
    let source = given.unwrap_or_else(|| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("rules-examples/jakarta/data/transactions.parquet")
    });
    let directory = tempfile::tempdir().expect("a directory");
    let projects: Vec<PathBuf> =
        SEGMENTS.iter().enumerate().map(|(at, (_, when))| project(directory.path(), at, &source, when)).collect();
    println!("{:<24} {:>9} {:>9} {:>7} {:>9}", "segment", "members", "median s", "times", "peak MB");
    let measured = runs::measure(&projects, AS_OF, RUNS);
    let base = measured.first().map_or(1.0, |run| run.median.as_secs_f64());
    for ((name, _), run) in SEGMENTS.iter().zip(&measured) {
        let members = run.answer.lines().nth(1).and_then(|line| line.split(',').nth(4)).unwrap_or_default();
        let seconds = run.median.as_secs_f64();
        println!("{name:<24} {members:>9} {seconds:>9.3} {:>7.2} {:>9}", seconds / base, run.peak / 1024);
    }
}

fn project(directory: &Path, at: usize, source: &Path, when: &str) -> PathBuf {
    let project = directory.join(format!("project{at}"));
    fs::create_dir_all(&project).expect("a directory");
    let source = format!("'{}'", fs::canonicalize(source).expect("a path").display());
    fs::write(project.join("catalog.yaml"), CATALOG.replace("SOURCE", &source)).expect("it writes");
    fs::write(project.join("rules.yaml"), format!("segments:\n  s:\n    when: |\n      {when}\n")).expect("it writes");
    project
}
