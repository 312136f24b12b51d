//! One line for each diagnostic: `path:line:column: error[K301]: message; help`.

use std::fmt::Write;

use super::word;
use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// Draws each diagnostic on one line, in the given order. Helps follow the message, and a fix is named by its title.
pub fn concise(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        line(sources, diagnostic, &mut out);
        out.push('\n');
    }
    out
}

fn line(sources: &Sources, diagnostic: &Diagnostic, out: &mut String) {
    let place = diagnostic.primary.span;
    if let Some(file) = sources.get(place.file) {
        let at = file.line_column(place.start as usize);
        one_line(file.name(), out);
        let _ = write!(out, ":{}:{}: ", at.line, at.column);
    }
    let _ = write!(out, "{}[{}]: ", word(diagnostic.severity), diagnostic.code.id());
    one_line(&diagnostic.message, out);
    let fix = diagnostic.fix.iter().map(|fix| &fix.title).filter(|title| !diagnostic.helps.contains(title));
    for help in diagnostic.helps.iter().chain(fix) {
        out.push_str("; ");
        one_line(help, out);
    }
}

/// Text without anything that would break the line or move the cursor.
fn one_line(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
}
