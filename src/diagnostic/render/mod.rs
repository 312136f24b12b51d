//! Drawing diagnostics: leaves that turn data into text, and nothing else.
//!
//! [`full`] shows the source lines with the places marked, what to do, and the line as a fix would leave it;
//! [`concise`] gives each finding one line that editors and `grep` understand; [`summary`] closes either.
//!
//! ```text
//! error[K301]: there is nothing called `spent_90d`
//!  --> rules.yaml:3:11
//!   |
//! 3 |     when: spent_90d > 500
//!   |           ^^^^^^^^^
//!   |
//! help: write `spend_90d`
//! ```

mod concise;
mod full;
mod summary;

#[cfg(test)]
mod tests;

pub use concise::concise;
pub use full::full;
pub use summary::summary;

use super::Severity;

/// How a drawing looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour it with escape codes of a terminal.
    pub color: bool,
    /// Columns of the terminal: longer source lines are cut around the place.
    pub width: usize,
}

impl Default for Style {
    /// No colour, and lines of up to 120 columns.
    fn default() -> Self {
        Style { color: false, width: 120 }
    }
}

/// The word for a severity.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
