//! Diagnostics are data: a code, a severity, a message, places, helps and, where one exists, a fix.
//!
//! Every stage of the language core returns `Vec<Diagnostic>` beside its result and never stops at the first. Renderers
//! ([`render`]) are leaves: nothing in here knows how a diagnostic will be drawn.

mod codes;
pub(crate) mod consequence;
pub mod render;

pub use codes::Code;

use crate::source::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something to know; a courtesy was taken.
    Note,
    /// It works, but probably does not mean what was meant.
    Warning,
    /// It cannot be evaluated.
    Error,
}

/// A place with an optional word about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there; empty for the bare place.
    pub message: String,
}

/// A machine-applicable change: replace the text of each span. Applying it removes the diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, as an offer: "write `and`".
    pub title: String,
    /// Replacements, in the same or different files, never overlapping.
    pub edits: Vec<(Span, String)>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Stable code, documented under that name.
    pub code: Code,
    /// How bad it is; usually the code's own severity.
    pub severity: Severity,
    /// One line, lower case, no full stop, the user's own words in backticks.
    pub message: String,
    /// The place it is about.
    pub primary: Label,
    /// Other places that explain it.
    pub secondary: Vec<Label>,
    /// What to do, one sentence each.
    pub helps: Vec<String>,
    /// A change that removes it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A diagnostic with its code's own severity.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            primary: Label { span, message: String::new() },
            secondary: Vec::new(),
            helps: Vec::new(),
            fix: None,
        }
    }

    /// Says something at the primary place.
    pub fn label(mut self, message: impl Into<String>) -> Self {
        self.primary.message = message.into();
        self
    }

    /// Adds another place.
    pub fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        self.secondary.push(Label { span, message: message.into() });
        self
    }

    /// Adds a way out.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.helps.push(help.into());
        self
    }

    /// Offers to replace the primary place by `text`.
    pub fn fix(self, title: impl Into<String>, text: impl Into<String>) -> Self {
        let span = self.primary.span;
        self.fix_at(title, span, text)
    }

    /// Offers to replace `span` by `text`.
    pub fn fix_at(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits: vec![(span, text.into())] });
        self
    }

    /// Whether it stops evaluation.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
