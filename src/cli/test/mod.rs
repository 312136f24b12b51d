//! `kohort test`: the tests that stand beside the rules, run.

mod json;
mod junit;
mod text;
mod watch;

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anstream::eprintln;
use clap::{Args, ValueEnum};
use kohort::engine::{TestChoice, TestOutcome, TestReport};
use kohort::source::{Sources, Span};
use kohort::{Engine, Project, Schemas};

use super::exit::{self, Failure};
use super::output::Output;
use super::project::ProjectArguments;
use super::signals;

/// Run the tests that stand in a project's rule files
///
/// A test gives rows, an instant and who must be found then (`tests:` in any rule file). The rows of the project are not
/// read: each test has its own, and its own clock. Columns are looked at where the catalogue does not declare all types.
#[derive(Args)]
#[command(after_help = "Examples:
  kohort test shop
  kohort test shop --filter refund --watch        again whenever a file of the project changes
  kohort test shop --coverage                     and which conditions no test saw true, or none saw false
  kohort test shop --format junit -o tests.xml")]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// Only tests with this text in their name, in any case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// List the conditions that no test saw true for somebody, or none saw false
    #[arg(long)]
    coverage: bool,
    /// Run again whenever a file of the project changes, until interrupted
    #[arg(long)]
    watch: bool,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write to this file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: what failed, and how
    Text,
    /// One object: every test, every miss, the coverage
    Json,
    /// JUnit's XML, as servers that build software read it
    Junit,
}

/// What came of a run, with all that it takes to tell it.
struct Told<'t> {
    report: &'t TestReport,
    engine: &'t Engine,
    taken: Duration,
}

/// Runs a project's tests. It fails if one of them does.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    signals::watch();
    if !arguments.watch {
        return once(arguments);
    }
    let root = watch::root(&arguments.project);
    loop {
        let seen = watch::Stamp::of(&root);
        // What is wrong is said, and the next change is waited for.
        let _ = exit::end(once(arguments));
        eprintln!("waiting for changes in `{}`; Ctrl-C ends this", root.display());
        seen.wait_for_change(&root);
        eprintln!();
    }
}

fn once(arguments: &Arguments) -> Result<(), Failure> {
    let project = arguments.project.open()?;
    super::eval::runtime()?.block_on(tested(arguments, project))
}

async fn tested(arguments: &Arguments, project: Project) -> Result<(), Failure> {
    let started = Instant::now();
    let sources = project.sources().clone();
    // Where the catalogue says what its columns hold, data is not even looked for.
    let declared = project.check(&Schemas::new()).ir.is_some();
    let builder = Engine::builder(project);
    let builder = if declared { builder.without_data() } else { builder };
    let engine = builder.open().await.map_err(|error| Failure::of_engine(error, &sources))?;
    let count = engine.tests().count();
    if count == 0 {
        let failure = Failure::usage(format!("`{}` has no tests", arguments.project.as_typed()));
        return Err(failure.help("write some under `tests:` in a rule file: rows, an instant, and who is found"));
    }
    let mut choice = TestChoice::all();
    if let Some(filter) = &arguments.filter {
        choice = choice.named(filter);
    }
    if arguments.coverage {
        choice = choice.with_coverage();
    }
    let mut out = Output::open(arguments.output.as_deref())?;
    let report = engine.run_tests(&choice).await;
    if report.tests.is_empty() {
        let filter = arguments.filter.as_deref().unwrap_or_default();
        let tests = if count == 1 { "the one test".to_owned() } else { format!("any of {count} tests") };
        return Err(Failure::usage(format!("`{filter}` is not in the name of {tests}")));
    }
    let told = Told { report: &report, engine: &engine, taken: started.elapsed() };
    let written = match arguments.format {
        Format::Text => text::write(&mut out, &told),
        Format::Json => json::write(&mut out, &told),
        Format::Junit => junit::write(&mut out, &told),
    };
    written.and_then(|()| out.flush()).map_err(|error| out.refused(&error))?;
    out.finish()?;
    if arguments.output.is_some() {
        eprintln!("{}", told.summary());
    }
    if report.passed() { Ok(()) } else { Err(Failure::Errors) }
}

impl Told<'_> {
    fn sources(&self) -> &Sources {
        self.engine.project().sources()
    }

    /// `shop/tests.yaml:4:11`
    fn place(&self, span: Span) -> String {
        match self.sources().get(span.file) {
            Some(file) => {
                let at = file.line_column(span.start as usize);
                format!("{}:{}:{}", file.name(), at.line, at.column)
            }
            None => String::new(),
        }
    }

    /// How many passed, failed, and could not be run.
    fn counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for test in &self.report.tests {
            let [passed, failed, broken] = &mut counts;
            match test.outcome {
                TestOutcome::Passed => *passed += 1,
                TestOutcome::Failed(_) => *failed += 1,
                _ => *broken += 1,
            }
        }
        counts
    }

    /// `12 tests passed, 1 failed`
    fn summary(&self) -> String {
        let [passed, failed, broken] = self.counts();
        let tests = |count: usize| if count == 1 { "1 test".to_owned() } else { format!("{count} tests") };
        let mut said = match (passed, failed + broken) {
            (passed, 0) => format!("{} passed", tests(passed)),
            (0, failed) if broken == 0 => format!("{} failed", tests(failed)),
            (passed, _) => format!("{} passed", tests(passed)),
        };
        if failed > 0 && !said.ends_with("failed") {
            said.push_str(&format!(", {failed} failed"));
        }
        if broken > 0 {
            said.push_str(&format!(", {broken} could not be run"));
        }
        said
    }
}
