//! Places in a query as places in the catalogue's file.

use sqlparser::parser::ParserError;
use sqlparser::tokenizer::{Location, Span as SqlSpan};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Text};

/// The lines of a query.
pub(super) struct Places<'t> {
    text: &'t Text,
    /// Where each line begins, in bytes.
    lines: Vec<usize>,
}

impl<'t> Places<'t> {
    pub fn new(text: &'t Text) -> Self {
        let breaks = text.value().bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Places { text, lines: std::iter::once(0).chain(breaks).collect() }
    }

    /// The place of a part of the query; of the whole, where the parser does not know it.
    pub fn of(&self, span: SqlSpan) -> Span {
        match (self.offset(span.start), self.offset(span.end)) {
            (Some(start), Some(end)) => self.text.place(start, end.max(start)),
            _ => self.text.span(),
        }
    }

    /// Lines and columns count from 1, columns in characters; 0 is nowhere.
    fn offset(&self, at: Location) -> Option<usize> {
        let line = usize::try_from(at.line).ok()?.checked_sub(1)?;
        let column = usize::try_from(at.column).ok()?.checked_sub(1)?;
        let start = *self.lines.get(line)?;
        let rest = self.text.value().get(start..)?;
        Some(start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at))
    }

    /// The word or sign that begins at a location.
    fn word(&self, at: Location) -> Span {
        let Some(start) = self.offset(at) else { return self.text.span() };
        let rest = self.text.value().get(start..).unwrap_or_default();
        let name = |c: char| c.is_alphanumeric() || c == '_';
        let end = match rest.find(|c| !name(c)) {
            Some(0) => rest.chars().next().map_or(0, char::len_utf8),
            Some(end) => end,
            None => rest.len(),
        };
        self.text.place(start, start + end)
    }

    /// What the parser says is wrong.
    pub fn parser_error(&self, error: &ParserError) -> Diagnostic {
        match error {
            ParserError::TokenizerError(message) | ParserError::ParserError(message) => {
                let (message, at) = located(message);
                self.error(message, at)
            }
            ParserError::RecursionLimitExceeded => {
                let message = "the query nests too deeply";
                Diagnostic::new(Code::TooLarge, self.text.span(), message).help("make it of several tables")
            }
        }
    }

    /// A mistake in the words of the query.
    pub fn error(&self, message: &str, at: Option<Location>) -> Diagnostic {
        let place = at.map_or(self.text.span(), |at| self.word(at));
        let message = match message.strip_prefix("Expected: ").and_then(|rest| rest.split_once(", found: ")) {
            Some((expected, "EOF")) => format!("the query ends where {expected} is expected"),
            Some((expected, found)) => format!("expected {expected} in the query, found `{found}`"),
            None => {
                let mut letters = message.trim_end_matches('.').chars();
                let first = letters.next().map(char::to_lowercase).into_iter().flatten();
                first.chain(letters.clone()).collect()
            }
        };
        Diagnostic::new(Code::Syntax, place, message)
            .help("a query is SQL as DataFusion reads it: `select … from … where …`")
    }
}

/// A message without the place at its end, and the place.
fn located(message: &str) -> (&str, Option<Location>) {
    let found = message.rsplit_once(" at Line: ").and_then(|(rest, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        Some((rest, Location { line: line.trim().parse().ok()?, column: column.trim().parse().ok()? }))
    });
    found.map_or((message, None), |(rest, at)| (rest, Some(at)))
}
