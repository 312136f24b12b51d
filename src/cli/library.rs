//! `kohort library`: the libraries that ship with the program, and the text of one.

use std::io::{self, Write};

use clap::Args;
use kohort::library::{self, Library};
use kohort::syntax::print_name;

use super::exit::Failure;
use super::output;

/// List the libraries that a catalogue can include, or print one
///
/// A library holds tables, attributes and metrics over tables that a catalogue names when it includes it. What it prints
/// may be saved as a file, changed, and included from there.
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
    let tables: Vec<&str> = fragment.tables.iter().map(|def| def.name.text.as_str()).collect();
    let metrics: Vec<&str> = fragment.metrics.iter().map(|def| def.name.text.as_str()).collect();
    let attributes: Vec<&str> = fragment.attributes.iter().map(|def| def.name.text.as_str()).collect();
    for (what, names) in [("tables", tables), ("metrics", metrics), ("attributes", attributes)] {
        if !names.is_empty() {
            writeln!(out, "  {what:<10} {}", names.join(", "))?;
        }
    }
    let with: Vec<String> = fragment.needs.iter().map(|(name, _)| format!("{}: …", print_name(&name.text))).collect();
    writeln!(out, "  include: [{{ library: {}, with: {{ {} }} }}]", library.name, with.join(", "))
}
