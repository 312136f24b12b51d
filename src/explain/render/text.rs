//! Plain text, for terminals and messages.

use super::{about, plain, sections};
use crate::explain::model::{Clause, Explanation, Link, Phrase};

/// An explanation as plain text: lists are indented, names in quotes.
pub fn text(explanation: &Explanation) -> String {
    let mut out = String::new();
    clause(explanation, &explanation.rule, 0, "", &mut out);
    for phrase in about(explanation) {
        out.push_str(&format!("{}\n", sentence(explanation, &phrase)));
    }
    for section in sections(explanation) {
        out.push_str(&format!("\n{}\n", sentence(explanation, &section.heading)));
        for item in &section.items {
            clause(explanation, item, 1, "- ", &mut out);
        }
    }
    out
}

fn clause(explanation: &Explanation, own: &Clause, depth: usize, mark: &str, out: &mut String) {
    let indent = "  ".repeat(depth);
    out.push_str(&format!("{indent}{mark}{}\n", sentence(explanation, &own.phrase)));
    for (at, part) in own.parts.iter().enumerate() {
        let numbered = format!("{}. ", at + 1);
        let mark = if own.link == Link::Steps { numbered.as_str() } else { "- " };
        clause(explanation, part, depth + 1, mark, out);
    }
}

fn sentence(explanation: &Explanation, phrase: &Phrase) -> String {
    phrase.0.iter().map(|token| plain(explanation.language, token)).collect()
}
