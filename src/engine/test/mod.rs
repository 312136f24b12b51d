//! Tests beside the rules, run by the engine itself: tables of the rows that are given, a clock that stands still.
//!
//! The project is checked once; every test has tables of its own in memory and shares everything else. What a test asks
//! goes the way of every other query: one meaning, one plan, one kernel.
//!
//! ```text
//! rows      cells → tables of DataFusion      judge      who was found ↔ who is expected
//! coverage  conditions seen true and false    report     what came of it, as data
//! ```

mod coverage;
mod judge;
mod report;
mod rows;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::common::runtime::SpawnedTask;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::context::SessionState;
use futures::StreamExt;

pub use report::{Miss, OneSided, TestOutcome, TestReport, TestResult, Uncovered, Who, Wrong};

use super::{AsOf, Engine, Error, written};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Expecting, SegmentId, Test};
use coverage::{Conditions, Seen};
use judge::{Found, Scene};
use rows::Given;

/// Which tests are run, and what is looked at.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct TestChoice {
    /// Only tests with this text in their name, in any case; none: all.
    pub filter: Option<String>,
    /// Look for conditions that no test saw true, or none saw false.
    pub coverage: bool,
}

impl TestChoice {
    /// All tests.
    pub fn all() -> Self {
        TestChoice::default()
    }

    /// Only tests with this text in their name, in any case.
    pub fn named(mut self, filter: impl Into<String>) -> Self {
        self.filter = Some(filter.into());
        self
    }

    /// Looks for conditions that no test saw true, or none saw false. It takes a second query for each step.
    pub fn with_coverage(mut self) -> Self {
        self.coverage = true;
        self
    }

    fn takes(&self, test: &Test) -> bool {
        let filter = self.filter.as_ref().map(|filter| filter.to_lowercase());
        filter.is_none_or(|filter| test.name.to_lowercase().contains(&filter))
    }
}

/// Of so many subjects of a segment it is told why they are where they are not expected.
const EXPLAINED: usize = 5;

/// What every test of a run shares.
struct Run {
    engine: Engine,
    state: SessionState,
    conditions: Option<Conditions>,
}

impl Engine {
    /// The names of the project's tests, in the order of files and places.
    pub fn tests(&self) -> impl Iterator<Item = &str> {
        self.ir.tests.iter().map(|test| test.name.as_str())
    }

    /// Runs the tests that stand in rule files, several at a time. Data is not looked at: each test has the rows that it
    /// gives, and its own clock. Cut points and lists are the project's. Dropping the future cancels.
    ///
    /// ```
    /// # async fn tested(engine: kohort::Engine) {
    /// use kohort::engine::{TestChoice, TestOutcome};
    ///
    /// let report = engine.run_tests(&TestChoice::all().named("refund")).await;
    /// for test in &report.tests {
    ///     if let TestOutcome::Failed(misses) = &test.outcome {
    ///         eprintln!("{}:{}: {} {misses:?}", test.file, test.line, test.name);
    ///     }
    /// }
    /// assert!(report.passed());
    /// # }
    /// ```
    pub async fn run_tests(&self, choice: &TestChoice) -> TestReport {
        let conditions = choice.coverage.then(|| Conditions::of(&self.project, &self.ir));
        let state = small(&self.state);
        let run = Arc::new(Run { engine: self.over(state.clone(), Default::default()), state, conditions });
        let chosen: Vec<usize> =
            self.ir.tests.iter().enumerate().filter(|(_, test)| choice.takes(test)).map(|(at, _)| at).collect();
        let at_once = std::thread::available_parallelism().map_or(1, usize::from);
        let tasks = chosen.iter().map(|at| {
            let (run, at) = (Arc::clone(&run), *at);
            SpawnedTask::spawn(async move { run.test(at).await })
        });
        let ended: Vec<_> = futures::stream::iter(tasks).buffered(at_once).collect().await;
        let mut seen = Seen::default();
        let mut tests = Vec::with_capacity(ended.len());
        for (at, ended) in chosen.into_iter().zip(ended) {
            let (outcome, taken) = match ended {
                Ok((outcome, of_test, taken)) => {
                    seen.add(&of_test);
                    (outcome, taken)
                }
                Err(error) => {
                    let message = format!("the test did not come to its end: {error}");
                    (TestOutcome::Broken { message, diagnostics: Vec::new() }, Duration::ZERO)
                }
            };
            tests.extend(self.ir.tests.get(at).map(|test| self.result(test, outcome, taken)));
        }
        let uncovered = run.conditions.as_ref().map(|conditions| conditions.uncovered(&self.ir, &seen));
        TestReport { tests, uncovered }
    }

    fn result(&self, test: &Test, outcome: TestOutcome, taken: Duration) -> TestResult {
        let source = self.project.sources().get(test.span.file);
        TestResult {
            name: test.name.clone(),
            file: source.map_or(String::new(), |source| source.name().to_owned()),
            line: source.map_or(0, |source| source.line_column(test.span.start as usize).line),
            place: test.span,
            outcome,
            taken,
        }
    }
}

/// A session for a handful of rows: dealing them out to threads costs more than it gives, for tests share the threads, and
/// so does looking for the best plan again and again.
fn small(state: &SessionState) -> SessionState {
    let mut config = state.config().clone().with_target_partitions(1);
    config.options_mut().optimizer.max_passes = 1;
    SessionStateBuilder::new_from_existing(state.clone()).with_config(config).build()
}

impl Run {
    async fn test(&self, at: usize) -> (TestOutcome, Seen, Duration) {
        let started = Instant::now();
        let mut seen = Seen::default();
        let outcome = match self.engine.ir.tests.get(at) {
            Some(test) => self.outcome(test, &mut seen).await,
            None => TestOutcome::Passed,
        };
        (outcome, seen, started.elapsed())
    }

    async fn outcome(&self, test: &Test, seen: &mut Seen) -> TestOutcome {
        match self.misses(test, seen).await {
            Ok(misses) if misses.is_empty() => TestOutcome::Passed,
            Ok(misses) => TestOutcome::Failed(misses),
            Err(error) => {
                let message = error.to_string();
                let diagnostics = match error {
                    Error::Check { diagnostics } | Error::Data { diagnostics } => diagnostics,
                    _ => Vec::new(),
                };
                TestOutcome::Broken { message, diagnostics }
            }
        }
    }

    /// Goes through the steps of a test; what is not as expected.
    async fn misses(&self, test: &Test, seen: &mut Seen) -> Result<Vec<super::Miss>, Error> {
        let ir = &self.engine.ir;
        let mut given = Given::default();
        let mut misses = Vec::new();
        let mut before: Option<(AsOf, Found)> = None;
        for (at, step) in test.steps.iter().enumerate() {
            given.add(&step.given);
            let as_of = AsOf::of(step.at, ir.timezone);
            if before.as_ref().is_some_and(|(before, _)| *before >= as_of) {
                let message = "this step comes before the one that is written before it".to_owned();
                return Err(Error::Data { diagnostics: vec![Diagnostic::new(Code::TestClock, step.span, message)] });
            }
            let engine = self.engine.over(self.state.clone(), given.tables(ir)?);
            let found = Found::ask(&engine, as_of, asked(test, at)).await?;
            let scene = Scene {
                engine: &engine,
                step: at + 1,
                steps: test.steps.len(),
                as_of,
                now: &found,
                before: before.as_ref().map(|(_, found)| found),
            };
            for expected in &step.expected {
                let Some(mut miss) = scene.judge(expected) else { continue };
                explain(&engine, as_of, &mut miss).await?;
                misses.push(miss);
            }
            if let Some(conditions) = &self.conditions {
                let expected = step.expected.iter().map(|expected| expected.segment);
                conditions.look(&engine, as_of, expected, seen).await?;
            }
            before = Some((as_of, found));
        }
        Ok(misses)
    }
}

/// Adds why subjects are where they are not expected: those of the first few that are subjects.
async fn explain(engine: &Engine, as_of: AsOf, miss: &mut Miss) -> Result<(), Error> {
    let (Wrong::Members { missing, surplus } | Wrong::Entered { missing, surplus } | Wrong::Left { missing, surplus }) =
        &mut miss.wrong
    else {
        return Ok(());
    };
    let subjects = missing.iter_mut().chain(surplus).filter(|who| who.remarks.is_empty()).take(EXPLAINED);
    let subjects: Vec<&mut Who> = subjects.collect();
    if subjects.is_empty() {
        return Ok(());
    }
    let keys: Vec<Vec<String>> = subjects.iter().map(|who| who.parts.iter().map(written::value).collect()).collect();
    let whys = engine.why_each(&miss.segment, &keys, as_of).await?;
    for (who, why) in subjects.into_iter().zip(whys) {
        who.why = Some(why);
    }
    Ok(())
}

/// The segments that a step is asked about: those it expects something of, and those of which the next wants to know what
/// changed.
fn asked(test: &Test, at: usize) -> BTreeSet<SegmentId> {
    let now = test.steps.get(at).into_iter().flat_map(|step| &step.expected);
    let next = test.steps.get(at + 1).into_iter().flat_map(|step| &step.expected);
    let changes = next.filter(|expected| matches!(expected.what, Expecting::Entered(_) | Expecting::Left(_)));
    now.chain(changes).map(|expected| expected.segment).collect()
}
