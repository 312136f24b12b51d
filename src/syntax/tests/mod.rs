//! What the language promises: what is valid and what it means, round trips, messages, and no panic whatever comes.

mod mistakes;
mod mistakes_in_ranks;
mod mistakes_in_sequences;
mod names;
mod robust;
mod round_trip;
mod valid;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Text};
use crate::syntax::ast::Expr;
use crate::syntax::parse_expression;

fn text(source: &str) -> Text {
    Text::verbatim(FileId(0), 0, source)
}

fn parse(source: &str) -> (Expr, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let expr = parse_expression(&text(source), &mut found);
    (expr, found)
}

/// The text with a diagnostic's fix applied; none without a fix.
fn fixed(source: &str, diagnostic: &Diagnostic) -> Option<String> {
    let mut edits = diagnostic.fix.as_ref()?.edits.clone();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse((span.start, span.end)));
    let mut text = source.to_owned();
    for (span, replacement) in edits {
        text.replace_range(span.range(), &replacement);
    }
    Some(text)
}

/// `K204 6..8 message | help | text after the fix`, one diagnostic a line.
fn describe(source: &str, diagnostic: &Diagnostic) -> String {
    let place = &diagnostic.primary.span;
    let mut line = format!("{} {}..{} {}", diagnostic.code.id(), place.start, place.end, diagnostic.message);
    for help in &diagnostic.helps {
        line.push_str(&format!(" | {help}"));
    }
    if let Some(fixed) = fixed(source, diagnostic) {
        line.push_str(&format!(" | => {fixed}"));
    }
    line
}
