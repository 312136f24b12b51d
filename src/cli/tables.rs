//! `kohort tables`: what the data of a project holds, and with `--declare` what the catalogue should say of it.

mod advice;
mod declare;
mod json;
mod page;

use std::path::PathBuf;

use anstream::{eprint, eprintln};
use clap::{Args, ValueEnum};
use kohort::diagnostic::render::concise;
use kohort::engine::survey::Survey;
use kohort::source::Sources;
use kohort::{Diagnostic, Engine, Error, Project};

use super::exit::Failure;
use super::output::Output;
use super::progress::Progress;
use super::project::ProjectArguments;
use super::{signals, terminal};

/// Look at the data of a project: rows, times, columns, values
///
/// Every table is read whole, derived ones as of the last time in the data. With `--declare` what is found goes into
/// the catalogue: types of columns, so that rules can be checked without the data, and the values of attributes that are
/// a column of few texts, so that misspelt ones are noticed.
#[derive(Args)]
#[command(after_help = "Examples:
  kohort tables shop
  kohort tables shop --table sales --format json
  kohort tables shop --declare --dry-run")]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// Only this table; may be given several times
    #[arg(long, value_name = "NAME")]
    table: Vec<String>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write to this file, which appears whole or not at all
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Add to the catalogue the types and closed sets that it does not declare yet
    #[arg(long, conflicts_with_all = ["format", "output"])]
    declare: bool,
    /// With `--declare`: show what would be added and write nothing
    #[arg(long, requires = "declare")]
    dry_run: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// Everything that is known, as one object
    Json,
}

/// Surveys a project's data. It fails if no data is there.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let project = arguments.project.open()?.without_rules();
    signals::watch();
    let mut out = Output::open(arguments.output.as_deref())?;
    let sources = project.sources().clone();
    let (engine, survey) = super::eval::runtime()?.block_on(look(arguments, project, &sources))?;
    if survey.tables.is_empty() && !survey.missing.is_empty() {
        return Err(Failure::Diagnostics(sources, survey.missing));
    }
    if arguments.declare {
        declare::run(&engine, &survey, arguments.dry_run)?;
        return Ok(());
    }
    let written = match arguments.format {
        Format::Table => page::write(&mut out, &survey, engine.timezone(), terminal::stdout_style().width),
        Format::Json => json::write(&mut out, &survey, engine.timezone()),
    };
    written.map_err(|error| out.refused(&error))?;
    out.finish()?;
    beside(&sources, &survey);
    Ok(())
}

async fn look(arguments: &Arguments, project: Project, sources: &Sources) -> Result<(Engine, Survey), Failure> {
    let progress = Progress::start();
    let failed = |error: Error| Failure::of_engine(error, sources);
    let (engine, left_out) = open(project).await.map_err(failed)?;
    let survey = match arguments.table.is_empty() {
        true => engine.survey().await,
        false => engine.survey_tables(&arguments.table).await,
    };
    drop(progress);
    if let Some(part) = left_out {
        let project = arguments.project.as_typed();
        eprintln!("the catalogue has errors, so {part} are left out: see `kohort check {project}`");
    }
    Ok((engine, survey.map_err(failed)?))
}

/// Opens as much of a catalogue as holds: mistakes in metrics are no reason not to look at the data behind them. Says
/// what was left out.
async fn open(project: Project) -> Result<(Engine, Option<&'static str>), Error> {
    let first = match Engine::open(project.clone()).await {
        Ok(engine) => return Ok((engine, None)),
        Err(error @ Error::Check { .. }) => error,
        Err(error) => return Err(error),
    };
    if let Ok(engine) = Engine::open(project.clone().without_definitions()).await {
        return Ok((engine, Some("attributes and metrics")));
    }
    match Engine::open(project.without_derived_tables()).await {
        Ok(engine) => Ok((engine, Some("derived tables, attributes and metrics"))),
        Err(_) => Err(first),
    }
}

/// What is said beside the answer.
fn beside(sources: &Sources, survey: &Survey) {
    let troubles: Vec<Diagnostic> = survey.missing.iter().chain(&survey.conflicts).cloned().collect();
    eprint!("{}", concise(sources, &troubles));
    for note in survey.tables.iter().flat_map(advice::notes) {
        eprintln!("note: {note}");
    }
}
