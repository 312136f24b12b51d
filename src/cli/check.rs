//! `kohort check`: every error and warning of every file, in one run.

use std::collections::HashMap;
use std::io::Write;

use anstream::eprintln;
use clap::{Args, ValueEnum};
use datafusion::execution::context::SessionContext;
use kohort::diagnostic::render::{concise, full, summary};
use kohort::engine::look;
use kohort::{Diagnostic, Project};

use super::exit::Failure;
use super::project::ProjectArguments;
use super::{output, terminal};

/// Find every mistake in a project's rules and catalogue
///
/// Everything is looked at in one run: spelling, names, types, and rules that drop people silently. Where the data is
/// present, the catalogue is compared with it; where it is not (in a pull request, say), a catalogue that declares its
/// `types:` is enough.
#[derive(Args)]
#[command(after_help = "Example:
  kohort check shop
  kohort check shop/loyalty.yaml --format concise")]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// How to show what is found
    #[arg(long, value_enum, default_value_t = Format::Full)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// With the lines of the files
    Full,
    /// One line each: path:line:column: error[code]: message; help
    Concise,
}

/// Checks a project. It fails if there is an error.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let project = arguments.project.open()?;
    let runtime = super::eval::runtime()?;
    let Findings { diagnostics, without_data } = runtime.block_on(findings(&project));
    let sources = project.sources();
    let drawn = match arguments.format {
        Format::Full => full(sources, &diagnostics, terminal::stdout_style()),
        Format::Concise => concise(sources, &diagnostics),
    };
    let segments = project.rules().iter().map(|rules| rules.segments.len()).sum();
    let closing = summary(&diagnostics, sources.iter().count(), segments);
    let mut out = output::stdout();
    let written = writeln!(out, "{drawn}{closing}").and_then(|()| out.flush());
    if !without_data.is_empty() {
        let tables = without_data.iter().map(|table| format!("`{table}`")).collect::<Vec<_>>().join(", ");
        eprintln!("no data was found for {tables}: the catalogue alone was looked at");
    }
    let failed = diagnostics.iter().any(Diagnostic::is_error);
    match written.map_err(|error| Failure::writing("the standard output", &error)) {
        Ok(()) | Err(Failure::NobodyReads) if failed => Err(Failure::Errors),
        written => written,
    }
}

/// What a check found.
struct Findings {
    diagnostics: Vec<Diagnostic>,
    /// Tables whose data is not there, so that declared types alone count.
    without_data: Vec<String>,
}

/// What is wrong with a project, its data looked at as far as it is there.
async fn findings(project: &Project) -> Findings {
    let context = SessionContext::new();
    let mut found = look(project, &context, &HashMap::new()).await;
    let checked = found.check(project, &context).await;
    let mut diagnostics = found.behind(project, checked.diagnostics);
    diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span);
    Findings { diagnostics, without_data: found.missing.into_keys().collect() }
}
