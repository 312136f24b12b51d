//! Source files and places in them.
//!
//! Everything Kohort says about a rule points at bytes of a file that somebody wrote. A [`Span`] is such a place; it is
//! small and copied freely. [`Sources`] owns the texts and turns a span into lines and columns when something is shown.

mod file;
mod text;
pub mod yaml;

pub use file::{FileId, LineColumn, SourceFile, Sources, Span};
pub use text::{ScalarStyle, Text};
