//! The table that is printed, in Markdown, a work at a time.

use super::engines::{Engine, Run};

/// Its head.
pub fn head() {
    println!("| {:<66} | {:<50} | {:>8} | {:>8} | {:>7} |", "work", "engine", "seconds", "× Kohort", "peak MB");
    println!("|{}|{}|{}:|{}:|{}:|", "-".repeat(68), "-".repeat(52), "-".repeat(9), "-".repeat(9), "-".repeat(8));
}

/// The rows of one work; the first engine is Kohort.
pub fn rows(work: &str, engines: &[Engine], measured: &[Vec<Run>]) {
    let seconds: Vec<f64> = engines.iter().zip(measured).map(|(engine, runs)| median(runs) * engine.times).collect();
    let base = seconds.first().copied().unwrap_or(1.0);
    for ((engine, runs), seconds) in engines.iter().zip(measured).zip(seconds) {
        let peak = runs.iter().map(|run| run.peak).max().unwrap_or_default() / 1024;
        println!("| {work:<66} | {:<50} | {seconds:>8.3} | {:>8.2} | {peak:>7} |", engine.name, seconds / base);
    }
}

fn median(runs: &[Run]) -> f64 {
    let mut seconds: Vec<f64> = runs.iter().map(|run| run.seconds).collect();
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or_default()
}
