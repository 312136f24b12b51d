//! What hundreds of segments cost, beside DuckDB, DataFusion and Polars on the same files with the same threads.
//!
//! ```sh
//! benches/segments.sh                                # everything at scale factor 1; the peers come from PyPI
//! benches/segments.sh --scale 10 --work 20,200       # see --help
//! ```
//!
//! A workload is drawn by a seed in a language of no engine (`model.rs`) and written in that of each: a project of Kohort,
//! one query of SQL for all segments, one lazy program of Polars. `sample` has them for 20 segments, to be read; those
//! that were run stay in `target/bench`. The peers' forms are the fastest of those that were tried (`sql.rs` and `polars.rs` say which).
//!
//! Every run is a process of its own, and the engines take turns. Of Kohort the whole process is measured; of the peers the time
//! from opening the files to the answer, without the start of Python. Their memory is that of the process with Python. What every
//! run counts must be what Kohort counts, and once for each work the members themselves are compared, by number and the sum of
//! their scattered keys: a difference ends the benchmark and names the segment.

mod data;
mod draw;
mod engines;
#[allow(dead_code)]
#[path = "../../examples/jakarta/generator/mod.rs"]
mod generator;
mod machine;
mod members;
mod model;
mod options;
mod polars;
mod project;
#[allow(dead_code)]
#[path = "../runs/mod.rs"]
mod runs;
mod scan;
mod shop;
mod sql;
mod table;
mod work;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use engines::{Answers, Engine, Run};
use members::Counts;
use options::Options;
use work::{WORKS, Work};

fn main() -> ExitCode {
    let options = Options::parse();
    if !options.scan.is_empty() {
        scan::scan(&options.scan, machine::threads());
        return ExitCode::SUCCESS;
    }
    if options.samples {
        work::write_samples();
        return ExitCode::SUCCESS;
    }
    let venv = std::env::var_os("KOHORT_BENCH_VENV").map(PathBuf::from);
    match measure(&options, venv.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(difference) => {
            eprintln!("error: {difference}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options, venv: Option<&Path>) -> Result<(), String> {
    let root = &options.directory;
    let root = fs::create_dir_all(root).and_then(|()| fs::canonicalize(root));
    let root = &root.map_err(|error| format!("`{}`: {error}", options.directory.display()))?;
    if venv.is_none() {
        eprintln!("without DuckDB, DataFusion and Polars: benches/segments.sh brings them");
    }
    println!("{}- medians of {} runs in turns\n", machine::describe(venv), options.runs);
    if !options.write {
        table::head();
    }
    for scale in &options.scale {
        for work in WORKS.iter().filter(|work| options.work.iter().any(|name| name == work.name)) {
            let files = work.shop.files(&data::directory(root, work.shop, scale, venv));
            let written = work.write(&root.join(format!("work{scale}")).join(work.name), &files);
            if options.write {
                println!("{}", written.project.display());
                continue;
            }
            let engines = engines::engines(work, &files, &written, options, venv);
            if !options.no_members {
                compare_members(work, &engines)?;
            }
            let measured = take_turns(work, &engines, options.runs as usize)?;
            table::rows(&format!("{}, {scale}: {}", work.shop.name, work.title), &engines, &measured);
            if !options.keep {
                remove_members(&engines);
            }
        }
    }
    Ok(())
}

/// Runs every engine so many times, in turns, and compares what each run counts with what Kohort's first counted.
fn take_turns(work: &Work, engines: &[Engine], runs: usize) -> Result<Vec<Vec<Run>>, String> {
    let mut measured: Vec<Vec<Run>> = engines.iter().map(|_| Vec::new()).collect();
    for turn in 0..runs {
        for (at, engine) in engines.iter().enumerate().filter(|(_, engine)| turn == 0 || !engine.once) {
            let run = engine.run();
            let own = measured.first().and_then(|runs| runs.first()).unwrap_or(&run);
            same(work, engine, &own.counts, &run.counts)?;
            measured[at].push(run);
        }
    }
    Ok(measured)
}

/// The members of every segment, by number and the sum of their keys.
fn compare_members(work: &Work, engines: &[Engine]) -> Result<(), String> {
    let mut told = engines.iter().filter_map(|engine| Some((engine, engine.members()?)));
    let Some((_, own)) = told.next() else { return Ok(()) };
    if own.is_empty() {
        return Err(format!("`{}`: no segment has a member", work.name));
    }
    told.try_for_each(|(engine, members)| same(work, engine, &own, &members))
}

/// What an engine found is what Kohort found, of every segment unless it was asked about some only. In a file of members there is
/// nothing of a segment without any.
fn same(work: &Work, engine: &Engine, own: &Counts, other: &Counts) -> Result<(), String> {
    let asked: Vec<&String> =
        if engine.asks_all() { own.keys().chain(other.keys()).collect() } else { other.keys().collect() };
    let found = |counts: &Counts, name: &String| counts.get(name).copied().unwrap_or_default();
    let Some(name) = asked.into_iter().find(|name| found(own, name) != found(other, name)) else { return Ok(()) };
    let (work, engine) = (work.name, &engine.name);
    Err(match name.strip_suffix(members::SUM) {
        Some(segment) => format!("`{work}`: the members of `{segment}` are others in Kohort and in {engine}"),
        None => {
            format!("`{work}`: `{name}` has {} members in Kohort, {} in {engine}", found(own, name), found(other, name))
        }
    })
}

fn remove_members(engines: &[Engine]) {
    for engine in engines {
        if let Some(Answers::Members(path)) = engine.written() {
            // Already gone if nothing was written.
            let _ = fs::remove_file(path);
        }
    }
}
