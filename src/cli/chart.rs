//! `kohort chart`: how many subjects are in each cell of a chart, drawn in the terminal or as a page.

mod html;
mod json;
mod page;

use std::path::PathBuf;

use anstream::eprintln;
use clap::Args;
use kohort::engine::{ChartCell, ChartReport};
use kohort::{AsOf, Engine, Error};

use super::exit::Failure;
use super::form::Form;
use super::output::Output;
use super::progress::Progress;
use super::project::ProjectArguments;
use super::{signals, terminal};

/// Draw a chart: how many are in each cell, and in each group
#[derive(Args)]
#[command(after_help = "Examples:
  kohort chart shop rfm --as-of 2026-03-31
  kohort chart shop rfm --as-of 2026-03-31 --output rfm.html    a page of its own, to look at and to send")]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// The chart, as it is called under `charts:`
    #[arg(value_name = "CHART")]
    chart: String,
    /// The day or the instant to look from: 2026-03-31 (its end), 2026-03-31T10:00 or 2026-03-31T10:00+07:00
    #[arg(long, value_name = "WHEN")]
    as_of: String,
    /// What to write [default: by the ending of `--output`, else text]
    #[arg(long, value_enum)]
    format: Option<Form>,
    /// Write to this file, which appears whole or not at all
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
}

/// A chart with what is said around it.
struct Drawing {
    report: ChartReport,
    /// The instant, with its offset.
    as_of: String,
    /// The instant in words.
    when: String,
}

/// Counts and draws. It fails if there is no such chart.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let format = Form::choose(arguments.format, arguments.output.as_deref(), ("draw", "no form of a chart"))?;
    let project = arguments.project.open()?;
    if let Some(catalog) = project.catalog() {
        AsOf::parse(&arguments.as_of, catalog.timezone).map_err(|error| Failure::usage(error.to_string()))?;
    }
    signals::watch();
    let mut out = Output::open(arguments.output.as_deref())?;
    let drawing = super::eval::runtime()?.block_on(count(arguments, project))?;
    let style = terminal::stdout_style();
    let written = match format {
        Form::Text => page::write(&mut out, &drawing, style.width, style.color && arguments.output.is_none()),
        Form::Html => html::write(&mut out, &drawing),
        Form::Json => json::write(&mut out, &drawing),
    };
    written.map_err(|error| out.refused(&error))?;
    out.finish()?;
    if let Some(path) = &arguments.output {
        eprintln!("chart `{}` written to `{}`", drawing.report.name, path.display());
    }
    Ok(())
}

async fn count(arguments: &Arguments, project: kohort::Project) -> Result<Drawing, Failure> {
    let progress = Progress::start();
    let sources = project.sources().clone();
    let failed = |error: Error| Failure::of_engine(error, &sources);
    let engine = Engine::open(project).await.map_err(failed)?;
    let as_of = engine.as_of(&arguments.as_of).map_err(failed)?;
    let report = engine.query(as_of).chart(&arguments.chart).await.map_err(failed)?;
    drop(progress);
    Ok(Drawing { report, as_of: as_of.display(engine.timezone()), when: super::eval::in_words(&engine, as_of) })
}

impl Drawing {
    /// The cells whose first two scores are these, by the third; one alone where there are two scores.
    fn stack(&self, first: u32, second: u32) -> Vec<&ChartCell> {
        let here = |cell: &&ChartCell| cell.digits.first() == Some(&first) && cell.digits.get(1) == Some(&second);
        self.report.cells.iter().filter(here).collect()
    }

    /// Whoever has a cell.
    fn charted(&self) -> u64 {
        self.report.cells.iter().map(|cell| cell.members).sum()
    }

    /// Whoever is in a cell that belongs to no group.
    fn ungrouped(&self) -> u64 {
        self.report.cells.iter().filter(|cell| cell.group.is_none()).map(|cell| cell.members).sum()
    }

    /// What people call a group.
    fn group_label(&self, group: usize) -> &str {
        self.report.groups.get(group).map_or("", |group| group.label.as_deref().unwrap_or(&group.name))
    }
}
