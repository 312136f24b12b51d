//! What the benchmark can be asked for.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use super::work::WORKS;

/// Hundreds of segments beside DuckDB, DataFusion and Polars, over the same files with the same threads
///
/// Every run is a process of its own; the engines take turns. Printed are medians, how many times Kohort's that is, and the most
/// memory that any run held. The members of every segment must be the same, or the benchmark ends.
#[derive(Parser)]
#[command(name = "benches/segments.sh", after_help = AFTER)]
pub struct Options {
    /// Which works, in the order of the table
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = works(), default_values_t = default_works())]
    pub work: Vec<String>,
    /// Scale factors of TPC-H: 1 is 1.5 million orders. Jakarta has as many rows
    #[arg(long, value_name = "FACTORS", value_delimiter = ',', default_values_t = ["1".to_owned()], value_parser = scale)]
    pub scale: Vec<String>,
    /// Beside what: `each` is a query for each segment, `scan` reads the columns and does nothing
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_values_t = Peer::value_variants().to_vec())]
    pub peers: Vec<Peer>,
    /// Another build of Kohort, measured in turns with this one
    #[arg(long, value_name = "NAME=PROGRAM", value_parser = build)]
    pub beside: Vec<(String, PathBuf)>,
    /// How often each is run
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u64).range(1..))]
    pub runs: u64,
    /// Do not compare the members themselves, only how many they are
    #[arg(long)]
    pub no_members: bool,
    /// Keep the members that are written
    #[arg(long)]
    pub keep: bool,
    /// Write the data, the project and the peers' questions, and run nothing
    #[arg(long)]
    pub write: bool,
    /// Where data and questions are kept
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/target/bench"))]
    pub directory: PathBuf,
    /// Write `benches/segments/sample` anew, and run nothing
    #[arg(long, hide = true)]
    pub samples: bool,
    /// One run of reading columns, for the benchmark itself
    #[arg(long, hide = true, value_name = "FILE=COLUMN,…")]
    pub scan: Vec<String>,
    /// What `cargo bench` says to every benchmark
    #[arg(long, hide = true)]
    pub bench: bool,
}

const AFTER: &str = "\
Works:
  1        one segment of two features
  20       20 segments over 15 features
  200      200 segments over 40 features
  200f     200 segments over 200 features, some over all rows, times to the microsecond; the members are written to Parquet
  1000     1,000 segments over 40 features
  text     200 segments over 40 features, keys are text
  jakarta  the same over the chain of `rules-examples/jakarta`, whose customers are found through their cards

Examples:
  benches/segments.sh                                  everything at scale factor 1
  benches/segments.sh --scale 10 --work 20,200,1000    15 million orders
  benches/segments.sh --work 200 --peers duckdb --runs 3
  taskset -c 0,1 benches/segments.sh                   with two threads on a larger machine";

/// What Kohort is measured beside.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Peer {
    Duckdb,
    Datafusion,
    Polars,
    Each,
    Scan,
}

impl std::fmt::Display for Peer {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = self.to_possible_value();
        to.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}

fn works() -> clap::builder::PossibleValuesParser {
    WORKS.iter().map(|work| work.name).collect::<Vec<_>>().into()
}

fn default_works() -> Vec<String> {
    WORKS.iter().map(|work| work.name.to_owned()).collect()
}

/// What a build is called in the table, and its program.
fn build(text: &str) -> Result<(String, PathBuf), String> {
    let (name, program) = text.split_once('=').ok_or("expected NAME=PROGRAM")?;
    let program = std::fs::canonicalize(program).map_err(|error| format!("`{program}`: {error}"))?;
    Ok((name.to_owned(), program))
}

/// A scale factor as it is written, since it is the name of a directory.
fn scale(text: &str) -> Result<String, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor > 0.0 && factor <= 1_000.0 => Ok(text.to_owned()),
        _ => Err("expected a number above 0, at most 1000".to_owned()),
    }
}
