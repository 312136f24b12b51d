//! What came of tests, as data.

use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::engine::NoAnswer;
use crate::engine::why::Why;
use crate::ir::Value;
use crate::source::Span;

/// What came of the tests of a project.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TestReport {
    /// In the order of files and places.
    pub tests: Vec<TestResult>,
    /// What the tests did not show; none: it was not asked for.
    pub uncovered: Option<Uncovered>,
}

impl TestReport {
    /// Whether every test passed.
    pub fn passed(&self) -> bool {
        self.tests.iter().all(|test| matches!(test.outcome, TestOutcome::Passed))
    }
}

/// What came of a test.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TestResult {
    /// Its name.
    pub name: String,
    /// The name that its file is shown under.
    pub file: String,
    /// The line of its name, from 1.
    pub line: usize,
    /// Where its name stands.
    pub place: Span,
    /// What came of it.
    pub outcome: TestOutcome,
    /// How long it took.
    pub taken: Duration,
}

/// How a test ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TestOutcome {
    /// Everything was as expected.
    Passed,
    /// Something was not; everything that was not, in the order of writing.
    Failed(Vec<Miss>),
    /// It could not be run to its end: its rows contradict the catalogue, say.
    Broken {
        /// Why.
        message: String,
        /// Why, with places, where there are some.
        diagnostics: Vec<Diagnostic>,
    },
}

/// An expectation that was not met.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Miss {
    /// The step, from 1.
    pub step: usize,
    /// How many steps the test has.
    pub steps: usize,
    /// When that is, with the offset: `2026-03-31T23:59:59.999999+07:00`.
    pub at: String,
    /// The segment.
    pub segment: String,
    /// Where it is expected.
    pub place: Span,
    /// What is not as expected.
    pub wrong: Wrong,
}

/// What is not as expected of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wrong {
    /// Its members.
    Members {
        /// Expected, and not members.
        missing: Vec<Who>,
        /// Members, and not expected.
        surplus: Vec<Who>,
    },
    /// Who became a member since the step before.
    Entered {
        /// Expected to enter, and did not.
        missing: Vec<Who>,
        /// Entered, and not expected to.
        surplus: Vec<Who>,
    },
    /// Who was a member at the step before and is not now.
    Left {
        /// Expected to leave, and did not.
        missing: Vec<Who>,
        /// Left, and not expected to.
        surplus: Vec<Who>,
    },
    /// How many members it has.
    Count {
        /// Expected.
        expected: u64,
        /// Found.
        found: u64,
    },
    /// It has no answer.
    NoAnswer(NoAnswer),
}

/// A subject that is not where it is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Who {
    /// Its key, the parts joined by commas.
    pub key: String,
    /// The parts themselves.
    pub parts: Vec<Value>,
    /// What there is to say about it, a line each: that it is no subject, say.
    pub remarks: Vec<String>,
    /// Why it is where it is; none: it is no subject, or there are many before it.
    pub why: Option<Why>,
}

/// What the tests of a project did not show.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Uncovered {
    /// How many conditions were looked at.
    pub conditions: usize,
    /// Those that were not seen both true and false, in the order of files and places.
    pub one_sided: Vec<OneSided>,
    /// Segments that no test expects anything of, in file order.
    pub segments: Vec<String>,
}

/// A condition that was not seen both true and false.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OneSided {
    /// The segment in whose definition it stands.
    pub segment: String,
    /// Where it stands.
    pub place: Span,
    /// It was true for somebody.
    pub seen_true: bool,
    /// It was false for somebody.
    pub seen_false: bool,
}
