//! `kohort eval`: who is in each segment as of an instant.

use std::path::PathBuf;
use std::time::Instant;

use anstream::eprintln;
use clap::Args;
use kohort::engine::{CopyReport, NoUntil, Untils};
use kohort::{AsOf, Engine, Error, Members, Project, Query, Report, Severity};
use tokio::runtime::Runtime;

use super::answer::{Answer, Format, Listed};
use super::exit::{self, Failure};
use super::output::Output;
use super::progress::Progress;
use super::project::ProjectArguments;
use super::{profile, signals, skipped};

/// Count or list the members of segments as of a day or an instant
#[derive(Args)]
#[command(after_help = "Examples:
  kohort eval shop --as-of 2026-03-31                               counts on that day, for people
  kohort eval shop --as-of 2026-03-31 --counts --output counts.csv  the same for a spreadsheet
  kohort eval shop --as-of 2026-03-31T10:00 --segment vip --output vip.csv
  kohort eval shop --as-of 2026-03-31 --output members.parquet
  kohort eval shop --as-of 2026-03-31 --format ndjson | head")]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// The day or the instant to look from: 2026-03-31 (its end), 2026-03-31T10:00 or 2026-03-31T10:00+07:00
    #[arg(long, value_name = "WHEN")]
    as_of: String,
    /// Only this segment; may be given several times
    #[arg(long, value_name = "NAME")]
    segment: Vec<String>,
    /// What to write [default: by the ending of `--output`, else table]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Only count: list nobody, in any format
    #[arg(long)]
    counts: bool,
    /// Say for each member until when: the first instant at which it is none any more if nothing happens
    #[arg(long, conflicts_with = "counts")]
    until: bool,
    /// Write to this file, which appears whole or not at all
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Write the rows that were left out (`on_error: skip`) to this CSV file, each with its place and what is wrong
    #[arg(long, value_name = "PATH")]
    skipped: Option<PathBuf>,
    /// Keep to about so much memory, and use the disk for what has no room: 512MB, 2GB
    #[arg(long, value_name = "SIZE", value_parser = super::memory::size)]
    memory: Option<usize>,
    /// Count by DataFusion's own aggregations and joins: the same answer, later, to hold the shared pass against
    #[arg(long)]
    plain: bool,
    /// Say what was spent on reading, counting and deciding, and what each feature and each segment costs
    #[arg(long)]
    profile: bool,
}

/// Evaluates a project. It fails if a segment has no answer.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let format = Format::choose(arguments.format, arguments.output.as_deref())?;
    if arguments.until && !format.lists() {
        let message =
            "`--until` is said of each member, and a table lists nobody: add `--format csv`, or `--output vip.csv`";
        return Err(Failure::usage(message.to_owned()));
    }
    let project = arguments.project.open()?;
    if let Some(catalog) = project.catalog() {
        // A mistyped instant is said before the data is looked at.
        AsOf::parse(&arguments.as_of, catalog.timezone).map_err(|error| Failure::usage(error.to_string()))?;
    }
    signals::watch();
    let out = Output::open(arguments.output.as_deref())?;
    format.suits_terminal(out.is_terminal())?;
    let left_out = arguments.skipped.as_deref().map(|path| Output::open(Some(path))).transpose()?;
    runtime()?.block_on(evaluate(arguments, format, project, out, left_out))
}

/// What evaluations run on.
pub fn runtime() -> Result<Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Failure::usage(format!("no threads could be started: {error}")))
}

async fn evaluate(
    arguments: &Arguments,
    format: Format,
    project: Project,
    mut out: Output,
    left_out: Option<Output>,
) -> Result<(), Failure> {
    let started = Instant::now();
    let mut progress = Progress::start();
    let sources = project.sources().clone();
    let failed = |error: Error| Failure::of_engine(error, &sources);
    let mut builder = Engine::builder(project);
    if let Some(bytes) = arguments.memory {
        builder = builder.memory_limit(bytes);
    }
    let engine = builder.open().await.map_err(failed)?;
    let as_of = engine.as_of(&arguments.as_of).map_err(failed)?;
    let mut query = asked(&engine, as_of, &arguments.segment).map_err(failed)?;
    if arguments.plain {
        query = query.plainly();
    }
    if arguments.profile {
        query = query.profiled();
    }
    let lists = format.lists() && !arguments.counts;
    if lists {
        format.suits_kinds(&query.kinds())?;
    }
    let mut members = query.members().await.map_err(failed)?;
    let listed = if lists {
        members.kinds.iter().try_for_each(|kind| format.suits_keys(kind.keys()))?;
        let listed = list(&mut members, &engine, &mut progress).await.map_err(failed)?;
        Some(if arguments.until {
            let untils = asked(&engine, as_of, &arguments.segment).map_err(failed)?.until().await.map_err(failed)?;
            let both = listed.into_iter().zip(&untils.kinds);
            let listed = both.map(|(listed, untils)| listed.with_until(untils)).collect::<Result<_, _>>();
            unsaid(&untils);
            listed.map_err(failed)?
        } else {
            listed
        })
    } else {
        count(&mut members, &mut progress).await.map_err(failed)?;
        None
    };
    drop(progress);
    let answer = Answer {
        as_of: as_of.display(engine.timezone()),
        when: in_words(&engine, as_of),
        zone: engine.timezone(),
        report: members.report(),
        listed,
        order: engine.segments().map(str::to_owned).collect(),
        taken: started.elapsed(),
    };
    answer.write(format, &mut out).map_err(|error| out.refused(&error))?;
    out.finish()?;
    if let Some(profile) = members.profile() {
        profile::say(&profile, answer.taken);
    }
    if let Some(out) = left_out {
        skipped::write(&engine, &answer.report, out, &failed).await?;
    }
    conclude(arguments, &engine, &answer.report)
}

/// The question: some segments, or all of them.
fn asked<'e>(engine: &'e Engine, as_of: AsOf, segments: &[String]) -> Result<Query<'e>, Error> {
    let query = engine.query(as_of);
    if segments.is_empty() { Ok(query) } else { query.segments(segments) }
}

/// Says of which segments it is not known until when.
fn unsaid(untils: &Untils) {
    for segment in untils.kinds.iter().flat_map(|kind| &kind.segments) {
        if let Err(why @ NoUntil::NotFollowed(_)) = &segment.next {
            eprintln!("until when somebody is in `{}` is not said: {why}", segment.name);
        }
    }
}

/// Keeps who is in which segment, for each kind of subject.
async fn list(members: &mut Members, engine: &Engine, progress: &mut Progress) -> Result<Vec<Listed>, Error> {
    let mut listed = Vec::new();
    for kind in &mut members.kinds {
        listed.push(Listed::read(kind, engine.timezone(), progress).await?);
    }
    Ok(listed)
}

/// Keeps nobody.
async fn count(members: &mut Members, progress: &mut Progress) -> Result<(), Error> {
    for kind in &mut members.kinds {
        let subject = kind.subject().to_owned();
        while let Some(batch) = kind.next().await {
            progress.seen(&subject, batch?.num_rows());
        }
    }
    Ok(())
}

/// `the end of 2026-03-31 (Asia/Jakarta)`, or the instant itself.
pub fn in_words(engine: &Engine, as_of: AsOf) -> String {
    let zone = engine.timezone();
    let shown = as_of.display(zone);
    let day = shown.get(..10).unwrap_or_default();
    match AsOf::parse(day, zone) {
        Ok(end) if end == as_of => format!("the end of {day} ({})", zone.name()),
        _ => format!("{shown} ({})", zone.name()),
    }
}

/// Says that a table was read from its optimized copy, or could have been.
fn say_copy(copy: &CopyReport, project: &str) {
    let table = &copy.table;
    match copy.is_fresh {
        true => eprintln!("`{table}` was read from its optimized copy"),
        false => eprintln!(
            "the optimized copy of `{table}` does not fit its files any more and was not used: `kohort optimize {project} {table}` makes it anew"
        ),
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
    for copy in &report.copies {
        say_copy(copy, &arguments.project.as_typed());
    }
    for skipped in &report.skipped {
        skipped::say(skipped, arguments.skipped.as_deref());
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
