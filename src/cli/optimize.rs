//! `kohort optimize`: a copy of a table in the layout that evaluates fastest.

use std::fs;
use std::io::{IsTerminal, stderr};
use std::path::Path;

use anstream::{eprintln, println};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kohort::engine::Optimizing;
use kohort::{Engine, Error};

use super::amounts::grouped;
use super::eval::runtime;
use super::exit::Failure;
use super::output::Output;
use super::project::ProjectArguments;
use super::signals;

/// Memory for sorting if nothing else is said.
const MEMORY: usize = 2 << 30;

/// Copy a table into the layout that evaluates fastest
///
/// The copy has the same rows in the order of their subject, in `.kohort/optimized` beside the catalogue. Evaluations read it in the place
/// of the table's files and say so, until one of the files changes; then they read the files again, until the copy is made anew.
#[derive(Args)]
#[command(after_help = "Examples:
  kohort optimize shop orders                  for evaluations about the first kind of subject
  kohort optimize shop orders --by store       for those about stores
  kohort optimize shop orders --remove         take the copy away")]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// The table
    #[arg(value_name = "TABLE")]
    table: String,
    /// The kind of subject in whose order the rows are put [default: the first that the table belongs to]
    #[arg(long, value_name = "SUBJECT")]
    by: Option<String>,
    /// Sort in about so much memory, and on disk what has no room: 512MB, 2GB [default: 2GB]
    #[arg(long, value_name = "SIZE", value_parser = super::memory::size)]
    memory: Option<usize>,
    /// Take the copy away
    #[arg(long, conflicts_with_all = ["by", "memory"])]
    remove: bool,
}

/// Makes a copy, or takes it away.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let project = arguments.project.open()?;
    signals::watch();
    runtime()?.block_on(async {
        let sources = project.sources().clone();
        let failed = |error: Error| Failure::of_engine(error, &sources);
        let builder = Engine::builder(project).memory_limit(arguments.memory.unwrap_or(MEMORY));
        let engine = builder.open().await.map_err(failed)?;
        let place =
            engine.place_of_copy(&arguments.table).ok_or_else(|| Failure::usage("the project has no directory"))?;
        if arguments.remove {
            return remove(&place, &arguments.table);
        }
        // A mistyped name makes no file.
        engine.can_optimize(&arguments.table, arguments.by.as_deref()).map_err(failed)?;
        prepare(&place)?;
        let mut out = Output::open(Some(&place))?;
        let bar = Bar::start();
        let by = arguments.by.as_deref();
        let made = engine.optimize(&arguments.table, by, &mut out, |so_far| bar.show(so_far)).await;
        drop(bar);
        let made = made.map_err(|error| match error {
            Error::NotWritten(error) => out.refused(&error),
            other => failed(other),
        })?;
        out.finish()?;
        let size = fs::metadata(&place).map(|meta| meta.len()).unwrap_or(0);
        let (rows, subject) = (grouped(made.rows), &made.subject);
        let shown = place.display();
        println!("{}: {rows} rows by {subject}, {} in `{shown}`", made.table, megabytes(size));
        if !made.left_out.is_empty() {
            let names: Vec<String> = made.left_out.iter().map(|name| format!("`{name}`")).collect();
            eprintln!("left out, for rules cannot use them: {}", names.join(", "));
        }
        Ok(())
    })
}

fn remove(place: &Path, table: &str) -> Result<(), Failure> {
    match fs::remove_file(place) {
        Ok(()) => {
            println!("the optimized copy of `{table}` is gone");
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Failure::usage(format!("`{table}` has no optimized copy")))
        }
        Err(error) => Err(Failure::writing(&format!("`{}`", place.display()), &error)),
    }
}

/// The directory of copies, which nobody wants under version control.
fn prepare(place: &Path) -> Result<(), Failure> {
    let Some(directory) = place.parent() else { return Ok(()) };
    let refused = |error| Failure::writing(&format!("`{}`", directory.display()), &error);
    fs::create_dir_all(directory).map_err(refused)?;
    let ignore = directory.join(".gitignore");
    if ignore.exists() { Ok(()) } else { fs::write(ignore, "*\n").map_err(refused) }
}

fn megabytes(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{} MB", grouped(bytes / 1_000_000)),
    }
}

/// How far it has come, on a terminal.
struct Bar(ProgressBar);

impl Bar {
    fn start() -> Self {
        let target = match stderr().is_terminal() {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        Bar(ProgressBar::with_draw_target(None, target))
    }

    fn show(&self, so_far: Optimizing) {
        let style = |template| ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let what = if so_far.written == 0 { "sorting" } else { "writing" };
        let of = so_far.rows.map(|rows| format!(" of {}", grouped(rows))).unwrap_or_default();
        let rows = if so_far.written == 0 { so_far.read } else { so_far.written };
        match so_far.rows {
            // Every row is read, and then written.
            Some(rows) => {
                self.0.set_style(style("{bar:30} {percent}%  {msg}  {elapsed}"));
                self.0.set_length(2 * rows);
                self.0.set_position(so_far.read + so_far.written);
            }
            None => self.0.set_style(style("{spinner} {msg}  {elapsed}")),
        }
        self.0.set_message(format!("{what} {}{of} rows", grouped(rows)));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
