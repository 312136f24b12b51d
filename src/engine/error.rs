//! What can go wrong when a project is evaluated.

use datafusion::error::DataFusionError;

use super::{AsOfError, NoAnswer};
use crate::diagnostic::Diagnostic;
use crate::ir::Type;
use crate::project::ProjectError;

/// Why an evaluation gives no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The project cannot be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The catalogue or the rules have errors.
    #[error("the project has errors: {}", first(diagnostics))]
    Check {
        /// All of them, with warnings and notes.
        diagnostics: Vec<Diagnostic>,
    },
    /// The data is not what the catalogue says.
    #[error("the data is not what the catalogue says: {}", first(diagnostics))]
    Data {
        /// All that was found.
        diagnostics: Vec<Diagnostic>,
    },
    /// A table that the project does not have, or that has no data.
    #[error("there are no rows of `{table}`")]
    NoData {
        /// What was asked for.
        table: String,
    },
    /// A segment that the project does not have.
    #[error("there is no segment `{name}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownSegment {
        /// What was asked for.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
        /// The groups of the partition before its dot, if there is one.
        groups: Vec<String>,
    },
    /// A chart that the project does not have.
    #[error("there is no chart `{name}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownChart {
        /// What was asked for.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
        /// All that there are.
        charts: Vec<String>,
    },
    /// An attribute that is not frozen, or not there.
    #[error("there is no frozen attribute `{name}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownFrozen {
        /// What was asked for.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
        /// All that there are.
        frozen: Vec<String>,
    },
    /// Nobody is in the population of a rank that is to be frozen.
    #[error("nobody is in the population of `{attribute}`, so there is nothing to compute cut points from")]
    NobodyToRank {
        /// The attribute.
        attribute: String,
    },
    /// A score of a chart that has no answer for some subject.
    #[error("`{score}` has no answer: {why}")]
    NoScore {
        /// Its name.
        score: String,
        /// Why.
        why: NoAnswer,
    },
    /// A segment that has no answer for some subject, so that nothing can be told of it.
    #[error("`{segment}` has no answer: {why}")]
    NoMembership {
        /// What was asked for.
        segment: String,
        /// Why.
        why: NoAnswer,
    },
    /// A key that no subject has.
    #[error("there is no {subject} `{key}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownKey {
        /// The kind of subject.
        subject: String,
        /// The key, its parts joined by commas.
        key: String,
        /// The tables with rows of this key, up to the instant asked about, and how many: they are rows of nobody.
        rows: Vec<(String, u64)>,
        /// The nearest key that there is.
        near: Option<String>,
        /// How many subjects there are; 0 also where that is not known.
        subjects: u64,
    },
    /// A key with more or fewer parts than there are.
    #[error("the key of a {subject} has {} part{}, found {found}", names.len(), if names.len() == 1 { "" } else { "s" })]
    KeyParts {
        /// The kind of subject.
        subject: String,
        /// The names of the parts.
        names: Vec<String>,
        /// How many there were.
        found: usize,
    },
    /// A part of a key that is no value of its type.
    #[error("`{name}` of a {subject} is a {expected}, found `{text}`")]
    KeyType {
        /// The kind of subject.
        subject: String,
        /// The part's name.
        name: String,
        /// What was found.
        text: String,
        /// What it is.
        expected: Type,
    },
    /// A table that the catalogue does not have.
    #[error("there is no table `{name}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownTable {
        /// What was asked for.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
    },
    /// A table whose rows cannot be put in the order of a subject's key.
    #[error("`{table}` cannot be put in order: {why}")]
    NoOrder {
        /// The table.
        table: String,
        /// Why.
        why: String,
    },
    /// What should be written has no place: the disk is full, or refuses.
    #[error("it cannot be written: {0}")]
    NotWritten(std::io::Error),
    /// Text that is no instant.
    #[error(transparent)]
    AsOf(#[from] AsOfError),
    /// DataFusion failed: files that break off, memory that ran out.
    #[error("the evaluation failed: {0}")]
    Engine(DataFusionError),
}

fn first(diagnostics: &[Diagnostic]) -> String {
    let mut errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    let Some(first) = errors.next() else { return "none".to_owned() };
    match errors.count() {
        0 => first.message.clone(),
        more => format!("{} (and {more} more)", first.message),
    }
}

impl From<DataFusionError> for Error {
    fn from(error: DataFusionError) -> Self {
        Error::Engine(error)
    }
}
