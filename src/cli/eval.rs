//! `kohort eval`: who is in each segment as of an instant.

use std::path::PathBuf;
use std::time::Instant;

use anstream::eprintln;
use clap::{Args, ValueEnum};
use kohort::{AsOf, Engine, Error, Members, Project, Report, Severity};
use tokio::runtime::Runtime;

use super::exit::{self, Failure};
use super::members::Listed;
use super::output::{self, Output};
use super::progress::Progress;
use super::project::ProjectArguments;
use super::{csv, json, table};

/// Count or list the members of segments as of a day or an instant
#[derive(Args)]
#[command(after_help = "Examples:
  kohort eval shop --as-of 2026-03-31
  kohort eval shop --as-of 2026-03-31T10:00 --segment vip --format csv --output vip.csv")]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// The day or the instant to look from: 2026-03-31 (its end), 2026-03-31T10:00 or 2026-03-31T10:00+07:00
    #[arg(long, value_name = "WHEN")]
    as_of: String,
    /// Only this segment; may be given several times
    #[arg(long, value_name = "NAME")]
    segment: Vec<String>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write to this file, which appears whole or not at all
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Counts, for people
    Table,
    /// One row for each segment and member
    Csv,
    /// Counts and members in one object
    Json,
}

/// What an evaluation gave.
struct Answer {
    report: Report,
    /// For each kind of the report its key columns and members; empty for a table, which only counts.
    listed: Vec<(Vec<String>, Listed)>,
}

/// Evaluates a project. It fails if a segment has no answer.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let project = arguments.project.open()?;
    if let Some(catalog) = project.catalog() {
        // A mistyped instant is said before the data is looked at.
        AsOf::parse(&arguments.as_of, catalog.timezone).map_err(|error| Failure::usage(error.to_string()))?;
    }
    let out = Output::open(arguments.output.as_deref())?;
    output::end_when_interrupted();
    runtime()?.block_on(evaluate(arguments, project, out))
}

/// What evaluations run on.
pub fn runtime() -> Result<Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Failure::usage(format!("no threads could be started: {error}")))
}

async fn evaluate(arguments: &Arguments, project: Project, mut out: Output) -> Result<(), Failure> {
    let started = Instant::now();
    let mut progress = Progress::start();
    let sources = project.sources().clone();
    let failed = |error: Error| Failure::of_engine(error, &sources);
    let engine = Engine::open(project).await.map_err(failed)?;
    let as_of = engine.as_of(&arguments.as_of).map_err(failed)?;
    let mut query = engine.query(as_of);
    if !arguments.segment.is_empty() {
        query = query.segments(&arguments.segment).map_err(failed)?;
    }
    if arguments.format == Format::Csv {
        one_kind(&query.kinds())?;
    }
    let members = query.members().await.map_err(failed)?;
    let answer = read(arguments.format, &engine, members, &mut progress).await.map_err(failed)?;
    let taken = started.elapsed();
    drop(progress);
    let written = match arguments.format {
        Format::Table => table::write(&mut out, &answer.report, &in_words(&engine, as_of), taken),
        Format::Csv => write_csv(&mut out, &answer),
        Format::Json => write_json(&mut out, &engine, as_of, &answer),
    };
    written.map_err(|error| out.refused(&error))?;
    out.finish()?;
    conclude(arguments, &engine, &answer.report)
}

/// CSV has one kind of key.
fn one_kind(kinds: &[&str]) -> Result<(), Failure> {
    if kinds.len() <= 1 {
        return Ok(());
    }
    let listed = kinds.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(", ");
    let message = format!("CSV lists one kind of subject, and these segments are about several: {listed}");
    let help = "choose segments of one kind with `--segment NAME`, or write `--format json`";
    Err(Failure::usage(message).help(help))
}

async fn read(format: Format, engine: &Engine, mut members: Members, progress: &mut Progress) -> Result<Answer, Error> {
    let mut listed = Vec::new();
    for kind in &mut members.kinds {
        if format == Format::Table {
            let subject = kind.subject().to_owned();
            while let Some(batch) = kind.next().await {
                progress.seen(&subject, batch?.num_rows());
            }
        } else {
            let keys = kind.keys().to_vec();
            listed.push((keys, Listed::read(kind, engine.timezone(), progress).await?));
        }
    }
    Ok(Answer { report: members.report(), listed })
}

fn write_csv(out: &mut Output, answer: &Answer) -> std::io::Result<()> {
    // A project without segments has nothing to list.
    let (Some(kind), Some((keys, listed))) = (answer.report.kinds.first(), answer.listed.first()) else {
        return Ok(());
    };
    csv::write(out, kind, keys, listed).map_err(|error| match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    })
}

fn write_json(out: &mut Output, engine: &Engine, as_of: AsOf, answer: &Answer) -> std::io::Result<()> {
    let listed: Vec<&Listed> = answer.listed.iter().map(|(_, listed)| listed).collect();
    let answer = json::Answer {
        as_of: as_of.display(engine.timezone()),
        timezone: engine.timezone().name(),
        report: &answer.report,
        listed: &listed,
        order: engine.segments().collect(),
    };
    json::write(out, &answer)
}

/// `the end of 2026-03-31 (Asia/Jakarta)`, or the instant itself.
fn in_words(engine: &Engine, as_of: AsOf) -> String {
    let zone = engine.timezone();
    let shown = as_of.display(zone);
    let day = shown.get(..10).unwrap_or_default();
    match AsOf::parse(day, zone) {
        Ok(end) if end == as_of => format!("the end of {day} ({})", zone.name()),
        _ => format!("{shown} ({})", zone.name()),
    }
}

/// What is said beside the answer.
fn conclude(arguments: &Arguments, engine: &Engine, report: &Report) -> Result<(), Failure> {
    let segments = || report.kinds.iter().flat_map(|kind| &kind.segments);
    if let Some(path) = &arguments.output {
        let count = segments().count();
        let plural = if count == 1 { "" } else { "s" };
        eprintln!("{count} segment{plural} written to `{}`", path.display());
    }
    let warnings = engine.diagnostics().iter().filter(|one| one.severity == Severity::Warning).count();
    if warnings > 0 {
        let plural = if warnings == 1 { "" } else { "s" };
        eprintln!("{warnings} warning{plural}: see `kohort check {}`", arguments.project.as_typed());
    }
    let mut outcome = Ok(());
    for segment in segments() {
        if let Err(misfit) = &segment.members {
            exit::say(&format!("`{}` has no answer: {misfit}", segment.name), &[]);
            outcome = Err(Failure::Errors);
        }
    }
    outcome
}
