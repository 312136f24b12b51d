//! The data of `rules-examples/jakarta`, and as much more of it as is wanted.
//!
//! ```sh
//! cargo run --release --example jakarta -- --out /tmp/senja --customers 2_000_000 --format csv
//! ```

mod generator;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use chrono::NaiveDate;
use clap::Parser;

use generator::{Format, Options, generate};

/// Make the tables of a retail chain that does not exist
#[derive(Parser)]
struct Arguments {
    /// The directory to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many customers: 2_000_000 make about 66 million transactions
    #[arg(long, default_value_t = Options::default().customers, value_parser = grouped(1, 50_000_000))]
    customers: u64,
    /// Another seed gives another chain
    #[arg(long, default_value_t = Options::default().seed, value_parser = grouped(0, u64::MAX))]
    seed: u64,
    /// What files are written
    #[arg(long, value_enum, default_value_t = Options::default().format)]
    format: Format,
    /// How many days of transactions
    #[arg(long, default_value_t = Options::default().days.into(), value_parser = grouped(60, 3_650))]
    days: u64,
    /// The last of them
    #[arg(long, value_name = "DATE", default_value_t = Options::default().until)]
    until: NaiveDate,
}

/// A whole number within bounds, in which `_` may part the digits.
fn grouped(least: u64, most: u64) -> impl Fn(&str) -> Result<u64, String> + Clone {
    move |text| {
        let number = text.replace('_', "").parse().map_err(|_| format!("`{text}` is no whole number"))?;
        match (least..=most).contains(&number) {
            true => Ok(number),
            false => Err(format!("expected a number from {least} to {most}, found {number}")),
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options {
        customers: arguments.customers,
        seed: arguments.seed,
        format: arguments.format,
        days: arguments.days as u32,
        until: arguments.until,
    };
    let started = Instant::now();
    match generate(&arguments.out, &options) {
        Ok(counts) => {
            for (table, rows) in &counts {
                println!("{table:<14}{rows:>12} rows");
            }
            println!("written to `{}` in {:.1} s", arguments.out.display(), started.elapsed().as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
