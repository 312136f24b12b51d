//! How long a large project takes to read and check: 10,000 distinct segments over 200 metrics in 50 files.
//!
//! ```sh
//! cargo bench --no-default-features --bench check
//! ```
//!
//! Prints the median and the extremes of nine runs for 1,000, 10,000 and 20,000 segments, from texts to the typed IR,
//! and the peak memory of the process after each size: time and memory should grow as the segments do.

use std::fmt::Write;
use std::time::{Duration, Instant};

use kohort::{Project, Schemas};

const METRICS: usize = 200;
const FILES: usize = 50;
const RUNS: usize = 9;

fn catalog() -> String {
    let mut text = String::from(
        "kohort: 1
timezone: Asia/Jakarta
subject: { name: customer, table: customers, key: customer_id }
tables:
  customers: { types: { customer_id: text, city: text, birth_date: date } }
  sales:
    types: { customer_id: text, sold_at: timestamp, amount: decimal(2), channel: text, category: text }
    subject: customer_id
    time: sold_at
attributes:
  region: { is: city, values: [Jakarta, Bandung, Surabaya] }
metrics:
",
    );
    for metric in 0..METRICS {
        let _ = writeln!(
            text,
            "  metric_{metric}: {{ is: \"sum(amount of sales where category = 'c{metric}')\", unit: IDR }}"
        );
    }
    text
}

fn rules(segments: usize) -> Vec<String> {
    let mut files = vec![String::from("segments:\n"); FILES];
    for at in 0..segments {
        let (a, b, days, amount) = (at % METRICS, (at * 7 + 3) % METRICS, at % 90 + 1, at * 11 + 5);
        let _ = write!(
            files[at % FILES],
            "  segment_{at}:
    label: Segment {at}
    tags: [bench]
    when: metric_{a}_{days}d > {amount} and metric_{b} >= {days} and region = 'Jakarta'
"
        );
    }
    files
}

fn run(catalog: &str, rules: &[String]) -> Duration {
    let start = Instant::now();
    let files = rules.iter().enumerate().map(|(at, text)| (format!("rules_{at}.yaml"), text.clone()));
    let project = Project::from_texts(std::iter::once(("catalog.yaml".to_owned(), catalog.to_owned())).chain(files));
    let checked = project.check(&Schemas::new());
    let taken = start.elapsed();
    assert!(checked.ir.is_some(), "{:?}", checked.diagnostics.first());
    taken
}

/// The most memory the process has held, where the system says so (Linux).
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kb| kb.parse::<u64>().ok())
        .map_or("unknown".into(), |kb| format!("{} MB", kb / 1024))
}

fn main() {
    let catalog = catalog();
    println!("{:>9}  {:>9}  {:>9}  {:>9}  {:>9}", "segments", "fastest", "median", "slowest", "peak");
    for segments in [1_000, 10_000, 20_000] {
        let rules = rules(segments);
        let mut times: Vec<Duration> = (0..RUNS).map(|_| run(&catalog, &rules)).collect();
        times.sort_unstable();
        let ms = |at: usize| format!("{:.0} ms", times[at].as_secs_f64() * 1e3);
        println!("{segments:>9}  {:>9}  {:>9}  {:>9}  {:>9}", ms(0), ms(RUNS / 2), ms(RUNS - 1), peak_memory());
    }
}
