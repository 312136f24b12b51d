//! What is said of broken YAML: the reader's kinds of error in words for people who write rules.

use granit_parser::ErrorKind;

use super::repair::value_start;
use super::tree::{Builder, too_deep};
use super::{extent, repair};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The diagnostic for an error at byte `at`.
pub(super) fn describe(builder: &Builder<'_>, error: &ErrorKind, at: usize) -> Diagnostic {
    let text = builder.copy.original();
    let place = Place { builder, text, at };
    match error {
        ErrorKind::RecursionLimitExceeded => too_deep(place.character()),
        ErrorKind::DirectiveDisallowed => {
            let message = "YAML directives (`%…`) are not allowed";
            Diagnostic::new(Code::YamlFeature, place.rest_of_line(), message).help("remove the line")
        }
        ErrorKind::UnclosedFlowCollection { open } => place.unclosed_bracket(*open),
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => place.unclosed_quote(),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            let message = format!("`{close}` closes a bracket that was opened by `{open}`");
            place.error(place.character(), message).help(format!("close it with `{}`", closing(*open)))
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            let message = format!("`{}` closes a bracket that was never opened", place.written());
            place.error(place.character(), message).help("remove it, or put the text in quotes")
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::InvalidBlockEntryWhitespace
        | ErrorKind::InvalidMappingValueWhitespace => place.tab(),
        ErrorKind::UnexpectedCharacter { character } => {
            place.error(place.character(), repair::cannot_begin(*character)).help("put the text in quotes")
        }
        ErrorKind::MappingValueNotAllowed => place.misplaced_key(),
        ErrorKind::InvalidBlockScalarHeader => place
            .error(place.rest_of_line(), format!("`{}` stands beside `|` or `>`", place.rest()))
            .help("start the text on the next line, indented, or remove the `|` or `>`"),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => place
            .error(place.character(), "`\\` in double quotes starts an escape, and this is not one")
            .help("write `\\\\` for a backslash, or use single quotes"),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => place.no_key(),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedDocumentStart
        | ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidFlowScalarIndent => place.indentation(),
        ErrorKind::InvalidColonPlacement
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
            if place.bracket_above().is_some() =>
        {
            place.unclosed_above()
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => place
            .error(place.rest_of_line(), format!("`{}` follows text in quotes", place.rest()))
            .help("put all of it in quotes, with the other kind of quotes inside"),
        ErrorKind::ExpectedFlowMappingSeparator => place
            .error(place.character(), format!("expected `,` or `}}`, found `{}`", place.rest()))
            .help("separate the entries by `,` and put text with brackets or commas in quotes"),
        ErrorKind::ExpectedFlowSequenceSeparator => place
            .error(place.character(), format!("expected `,` or `]`, found `{}`", place.rest()))
            .help("separate the items by `,` and put text with brackets or commas in quotes"),
        other => place
            .error(place.rest_of_line(), format!("this is not valid YAML: {other}"))
            .help("look for a missing quote, bracket or `: ` here or on the line above"),
    }
}

struct Place<'a> {
    builder: &'a Builder<'a>,
    text: &'a str,
    at: usize,
}

fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

impl Place<'_> {
    fn error(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::YamlSyntax, span, message)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.builder.file, start, end)
    }

    fn character(&self) -> Span {
        self.span(self.at, self.at + self.written().len())
    }

    /// The character at the place.
    fn written(&self) -> String {
        let character = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        character.filter(|character| !character.is_whitespace()).map(String::from).unwrap_or_default()
    }

    fn rest_of_line(&self) -> Span {
        let end = extent::line_end(self.text.as_bytes(), self.at);
        let line = self.text.get(self.at..end).unwrap_or_default();
        self.span(self.at, self.at + line.trim_end().len())
    }

    fn rest(&self) -> String {
        let rest = repair::shorten(self.text.get(self.rest_of_line().range()).unwrap_or_default());
        if rest.is_empty() { "the end of the line".to_owned() } else { rest }
    }

    fn unclosed_bracket(&self, open: char) -> Diagnostic {
        self.error(self.character(), format!("`{open}` is opened and never closed"))
            .help(format!("close it with `{}`, or put the text in quotes", closing(open)))
    }

    /// The bracket on an earlier line that the place is still inside of.
    fn bracket_above(&self) -> Option<usize> {
        let frame = self.builder.stack.last().filter(|frame| frame.flow)?;
        self.text.get(frame.start..self.at)?.contains('\n').then_some(frame.start)
    }

    fn unclosed_above(&self) -> Diagnostic {
        let start = self.bracket_above().unwrap_or(self.at);
        let open = self.text.get(start..=start).unwrap_or_default();
        let close = if open == "[" { ']' } else { '}' };
        self.error(
            self.span(start, start + 1),
            format!("`{open}` is not closed, or a `,` is missing, before the next key"),
        )
        .also(self.line().0, "the next key")
        .help(format!("close it with `{close}`, or separate what is inside by `,`"))
    }

    fn unclosed_quote(&self) -> Diagnostic {
        let value = self.builder.stack.last().and_then(|frame| value_start(self.builder, frame, self.at));
        let is_quote = |at: &usize| matches!(self.text.as_bytes().get(*at), Some(b'\'' | b'"'));
        let start = value.filter(is_quote).or(Some(self.at).filter(is_quote));
        let Some(start) = start else {
            return self
                .error(self.rest_of_line(), "a quote is opened above and not closed before this line")
                .help("close the quote where its text ends");
        };
        let quote = self.text.get(start..=start).unwrap_or_default();
        self.error(self.span(start, start + 1), format!("the quote {quote} is opened and never closed"))
            .help(format!("close it with {quote} where its text ends"))
    }

    fn tab(&self) -> Diagnostic {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let tab = rest.find('\t').map_or(self.at, |tab| self.at + tab);
        self.error(self.span(tab, tab + 1), "a tab stands where YAML wants spaces").help("indent with spaces")
    }

    /// A `key:` where the text of a value goes on.
    fn misplaced_key(&self) -> Diagnostic {
        let start = self.at - extent::column(self.text, self.at);
        let line = self.text.get(start..self.at).unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        let key = repair::shorten(line);
        self.error(self.span(start + indent, self.at), format!("`{key}:` cannot be a key here"))
            .help("indent it like the keys it belongs to; put text that contains `: ` in quotes")
    }

    /// The whole line that the place is on, without its indentation.
    fn line(&self) -> (Span, String) {
        let start = self.at - extent::column(self.text, self.at);
        let end = extent::line_end(self.text.as_bytes(), start);
        let line = self.text.get(start..end).unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        (self.span(start + indent, start + line.trim_end().len()), repair::shorten(line))
    }

    fn no_key(&self) -> Diagnostic {
        let (span, line) = self.line();
        self.error(span, format!("expected `key: value`, found `{line}`"))
            .help("write a `:` and a blank after the key; indent text that belongs to the value above")
    }

    fn indentation(&self) -> Diagnostic {
        let (span, line) = self.line();
        self.error(span, format!("`{line}` does not fit the lines above it"))
            .help("indent what belongs together equally, with spaces")
    }
}
