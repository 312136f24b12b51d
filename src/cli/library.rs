//! `kohort library`: the libraries that ship with the program, and the text of one.

use std::io::{self, Write};

use clap::Args;
use kohort::catalog::model::PartitionKind;
use kohort::library::{self, Library};
use kohort::syntax::print_name;

use super::exit::Failure;
use super::output;

/// Columns of a line.
const WIDTH: usize = 96;
/// Columns before the names on a line.
const INDENT: usize = 13;

/// List the libraries that a catalogue can include, or print one
///
/// A library holds definitions over tables that a catalogue names when it includes it, or a chart over scores. What it
/// prints may be saved as a file, changed, and included from there.
#[derive(Args)]
#[command(after_help = "Examples:
  kohort library
  kohort library rhythm
  kohort library rhythm > shop/shared/rhythm.yaml")]
pub struct Arguments {
    /// The library to print
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// Lists all, or prints one. It fails if there is none of that name.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut out = output::stdout();
    let written = match &arguments.name {
        Some(name) => out.write_all(found(name)?.text.as_bytes()),
        None => library::ALL.iter().try_for_each(|library| describe(&mut out, library)),
    };
    written.and_then(|()| out.flush()).map_err(|error| Failure::writing("the standard output", &error))
}

fn found(name: &str) -> Result<&'static Library, Failure> {
    library::find(name).ok_or_else(|| {
        let failure = Failure::usage(format!("there is no library `{name}`"));
        match library::near(name) {
            Some(near) => failure.help(format!("did you mean `{}`?", near.name)),
            None => failure.help("`kohort library` lists them all"),
        }
    })
}

fn describe(out: &mut impl Write, library: &Library) -> io::Result<()> {
    let fragment = library.read();
    writeln!(out, "{}: {}", library.name, fragment.description.as_deref().unwrap_or_default())?;
    for (table, words) in &fragment.needs {
        writeln!(out, "  {:<10} {}: {}", "needs", table.text, words.value.trim())?;
    }
    let tables = fragment.tables.iter().map(|def| def.name.text.as_str()).collect();
    let metrics = fragment.metrics.iter().map(|def| def.name.text.as_str()).collect();
    let attributes = fragment.attributes.iter().map(|def| def.name.text.as_str()).collect();
    for (what, names) in [("tables", tables), ("metrics", metrics), ("attributes", attributes)] {
        list(out, what, "", names)?;
    }
    for def in &fragment.partitions {
        let PartitionKind::Chart(chart) = &def.kind else { continue };
        let by = chart.by.iter().map(|score| score.text.as_str()).collect();
        list(out, "chart", &format!("{}, by ", def.name.text), by)?;
        list(out, "groups", "", chart.groups.iter().map(|group| group.name.text.as_str()).collect())?;
    }
    let with: Vec<String> = fragment.needs.iter().map(|(name, _)| format!("{}: …", print_name(&name.text))).collect();
    match with.is_empty() {
        true => writeln!(out, "  include: [{}]", library.name),
        false => writeln!(out, "  include: [{{ library: {}, with: {{ {} }} }}]", library.name, with.join(", ")),
    }
}

/// `  attributes recency_score, frequency_score`, in as many lines as it takes.
fn list(out: &mut impl Write, what: &str, before: &str, names: Vec<&str>) -> io::Result<()> {
    let Some((last, others)) = names.split_last() else { return Ok(()) };
    let mut line = format!("  {what:<10} {before}");
    for name in others.iter().map(|name| format!("{name}, ")).chain([(*last).to_owned()]) {
        if line.chars().count() + name.trim_end().chars().count() > WIDTH {
            writeln!(out, "{}", line.trim_end())?;
            line = " ".repeat(INDENT);
        }
        line.push_str(&name);
    }
    writeln!(out, "{line}")
}
