//! `kohort explain`: rules in plain language, as text, Markdown, a page or JSON.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anstream::eprintln;
use clap::{Args, ValueEnum};
use datafusion::execution::context::SessionContext;
use kohort::check::Checked;
use kohort::engine::look;
use kohort::explain::{self, Explainer, Explanation, Language};
use kohort::{Diagnostic, Project};

use super::exit::Failure;
use super::form::ending;
use super::output::Output;
use super::project::ProjectArguments;

/// Say in plain language what rules mean
///
/// Who is a member and what the names mean, which tables and columns are read, which other rules count the same, and what moves
/// it: rows, time, or other subjects. No data is evaluated; where the catalogue declares its `types:`, none is needed.
#[derive(Args)]
#[command(after_help = "Examples:
  kohort explain shop jakarta_regulars                      one segment, in English
  kohort explain shop loyalty --language sv                 all groups of `loyalty`, in Swedish
  kohort explain shop --language id --output rules.html     everything, as a page in Indonesian")]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// Only these segments; the name of tiers, bands, a partition or a chart means all of its groups [default: all]
    #[arg(value_name = "SEGMENT")]
    segments: Vec<String>,
    /// The language to explain in
    #[arg(long, value_enum, default_value_t = Spoken::En)]
    language: Spoken,
    /// What to write [default: by the ending of `--output`, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write to this file, which appears whole or not at all
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
}

/// A language by its code.
#[derive(Clone, Copy, ValueEnum)]
enum Spoken {
    /// English
    En,
    /// Indonesian
    Id,
    /// Russian
    Ru,
    /// Swedish
    Sv,
}

impl Spoken {
    fn language(self) -> Language {
        match self {
            Spoken::En => Language::English,
            Spoken::Id => Language::Indonesian,
            Spoken::Ru => Language::Russian,
            Spoken::Sv => Language::Swedish,
        }
    }
}

/// How explanations are written.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For documents
    Markdown,
    /// One page with everything in it
    Html,
    /// Every word with its kind, as one object
    Json,
}

/// Explains. It fails if the rules have errors, or if there is no such segment.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let format = arguments.format.map_or_else(|| of_ending(arguments.output.as_deref()), Ok)?;
    let project = arguments.project.open()?;
    let explanations = explanations(arguments, &project)?;
    let written = match format {
        Format::Text => explanations.iter().map(explain::text).collect::<Vec<_>>().join("\n\n"),
        Format::Markdown => explanations.iter().map(explain::markdown).collect::<Vec<_>>().join("\n"),
        Format::Html => explain::html_page(&explanations),
        Format::Json => {
            let json = explain::json(&explanations).map_err(|error| Failure::usage(error.to_string()))?;
            format!("{json}\n")
        }
    };
    let mut out = Output::open(arguments.output.as_deref())?;
    out.write_all(written.as_bytes()).map_err(|error| out.refused(&error))?;
    out.finish()?;
    if let Some(path) = &arguments.output {
        let count = explanations.len();
        eprintln!("{count} explanation{} written to `{}`", if count == 1 { "" } else { "s" }, path.display());
    }
    Ok(())
}

/// The explanations that are asked for, in file order or in that of the arguments.
fn explanations(arguments: &Arguments, project: &Project) -> Result<Vec<Explanation>, Failure> {
    let Checked { ir, diagnostics } = super::eval::runtime()?.block_on(checked(project));
    let Some(explainer) = ir.as_ref().and_then(|ir| Explainer::of_project(project, ir)) else {
        let errors: Vec<Diagnostic> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
        return Err(match errors.is_empty() {
            true => Failure::usage("the rules could not be checked, so they cannot be explained"),
            false => Failure::Diagnostics(project.sources().clone(), errors),
        });
    };
    let mut names = Vec::new();
    for name in &arguments.segments {
        let meant = explainer.meant_by(name);
        if meant.is_empty() {
            let failure = Failure::usage(format!("there is no segment `{name}`"));
            return Err(match explainer.nearest(name) {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure.help("names stand under `segments:` in the rule files"),
            });
        }
        names.extend(meant);
    }
    if arguments.segments.is_empty() {
        names.extend(explainer.segments());
    }
    let language = arguments.language.language();
    Ok(names.into_iter().filter_map(|name| explainer.explain(name, language)).collect())
}

/// The project's meaning, its data looked at as far as it is there.
async fn checked(project: &Project) -> Checked {
    let context = SessionContext::new();
    let mut found = look(project, &context, &HashMap::new()).await;
    let Checked { ir, diagnostics } = found.check(project, &context).await;
    Checked { ir, diagnostics: found.behind(project, diagnostics) }
}

fn of_ending(path: Option<&Path>) -> Result<Format, Failure> {
    let Some(path) = path else { return Ok(Format::Text) };
    match ending(path).as_str() {
        "" | "txt" => Ok(Format::Text),
        "md" => Ok(Format::Markdown),
        "html" | "htm" => Ok(Format::Html),
        "json" => Ok(Format::Json),
        other => Err(Failure::usage(format!(
            "`{}` does not say how to write: `.{other}` is no form of an explanation",
            path.display()
        ))
        .help("end it in `.txt`, `.md`, `.html` or `.json`, or say it with `--format`")),
    }
}
