//! `kohort why`: why a subject is in a segment, or is not.

mod html;
mod json;
mod text;
mod words;

use std::path::PathBuf;

use anstream::eprintln;
use chrono_tz::Tz;
use clap::Args;
use kohort::engine::why::Why;
use kohort::{AsOf, Engine, Error};

use super::exit::Failure;
use super::form::Form;
use super::output::Output;
use super::progress::Progress;
use super::project::ProjectArguments;
use super::{signals, terminal};

/// Tell why somebody is in a segment or is not, and what would change it
#[derive(Args)]
#[command(after_help = "Examples:
  kohort why shop vip 10017 --as-of 2026-03-31
  kohort why shop loyalty 10017 --as-of 2026-03-31    in which group, and why not in one above
  kohort why shop loyalty.gold 10017 --as-of 2026-03-31
  kohort why shop busy 'S1,2026' --as-of 2026-03-31   a key of two parts
  kohort why shop vip 10017 --as-of 2026-03-31 --output 10017.html    a page, to be sent

Signs: ✓ it holds, ✗ it does not, ? something it needs is not known.")]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// The segment; or tiers, bands, a partition or a chart, to be told the group
    #[arg(value_name = "SEGMENT")]
    segment: String,
    /// Whom it is about: the key, its parts joined by commas if it has several
    #[arg(value_name = "KEY", allow_hyphen_values = true)]
    key: String,
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

/// What is told, with what is said around it.
pub(crate) struct Told {
    /// The answer.
    pub why: Why,
    /// The zone in which times are shown.
    pub zone: Tz,
    /// The instant, with its offset.
    pub as_of: String,
    /// The instant in words.
    pub when: String,
}

impl Told {
    /// An answer of an engine.
    pub fn of(engine: &Engine, why: Why) -> Self {
        let zone = engine.timezone();
        Told { zone, as_of: why.as_of.display(zone), when: super::eval::in_words(engine, why.as_of), why }
    }
}

/// Finds out and tells. It fails if there is no such segment or nobody of that key.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let format = Form::choose(arguments.format, arguments.output.as_deref(), ("tell it", "none of the forms"))?;
    let project = arguments.project.open()?;
    if let Some(catalog) = project.catalog() {
        AsOf::parse(&arguments.as_of, catalog.timezone).map_err(|error| Failure::usage(error.to_string()))?;
    }
    signals::watch();
    let mut out = Output::open(arguments.output.as_deref())?;
    let told = super::eval::runtime()?.block_on(find_out(arguments, project))?;
    let style = terminal::stdout_style();
    let written = match format {
        Form::Text => text::write(&mut out, &told, style.color && arguments.output.is_none()),
        Form::Html => html::write(&mut out, &told),
        Form::Json => json::write(&mut out, &told),
    };
    written.map_err(|error| out.refused(&error))?;
    out.finish()?;
    if let Some(path) = &arguments.output {
        eprintln!("why `{}` and `{}` written to `{}`", told.why.asked, arguments.key, path.display());
    }
    Ok(())
}

async fn find_out(arguments: &Arguments, project: kohort::Project) -> Result<Told, Failure> {
    let progress = Progress::start();
    let sources = project.sources().clone();
    let failed = |error: Error| Failure::of_engine(error, &sources);
    let engine = Engine::open(project).await.map_err(failed)?;
    let as_of = engine.as_of(&arguments.as_of).map_err(failed)?;
    let parts: Vec<&str> = match engine.key_names(&arguments.segment).map_err(failed)? {
        [_] => vec![&arguments.key],
        _ => arguments.key.split(',').map(str::trim).collect(),
    };
    let why = engine.why(&arguments.segment, &parts, as_of).await.map_err(failed)?;
    drop(progress);
    Ok(Told::of(&engine, why))
}

/// What the terminal shows, line by line, without colour.
pub(super) fn lines(engine: &Engine, why: &Why) -> Vec<String> {
    let mut written = Vec::new();
    match text::write(&mut written, &Told::of(engine, why.clone()), false) {
        Ok(()) => String::from_utf8_lossy(&written).trim_end().lines().map(str::to_owned).collect(),
        // Nothing can refuse to be written to memory.
        Err(_) => Vec::new(),
    }
}
