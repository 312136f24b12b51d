//! Markdown, for documents and chats: names are emphasised.

use super::{about, sections};
use crate::explain::model::{Clause, Explanation, Link, NameKind, Phrase, Token};

/// An explanation as Markdown (CommonMark): a heading of the second level, lists, names in emphasis.
pub fn markdown(explanation: &Explanation) -> String {
    let title = match &explanation.segment {
        Token::Name { label, .. } => escaped(label),
        other => token(other),
    };
    let mut out = format!("## {title}\n\n");
    out.push_str(&format!("{}\n\n", sentence(&explanation.rule.phrase)));
    parts(&explanation.rule, 0, &mut out);
    for phrase in about(explanation) {
        out.push_str(&format!("\n{}\n", sentence(&phrase)));
    }
    for section in sections(explanation) {
        out.push_str(&format!("\n### {}\n\n", sentence(&section.heading)));
        for item in &section.items {
            clause(item, 0, "-", &mut out);
        }
    }
    out
}

fn clause(own: &Clause, depth: usize, mark: &str, out: &mut String) {
    out.push_str(&format!("{}{mark} {}\n", "   ".repeat(depth), sentence(&own.phrase)));
    parts(own, depth + 1, out);
}

fn parts(own: &Clause, depth: usize, out: &mut String) {
    for (at, part) in own.parts.iter().enumerate() {
        let numbered = format!("{}.", at + 1);
        clause(part, depth, if own.link == Link::Steps { &numbered } else { "-" }, out);
    }
}

fn sentence(phrase: &Phrase) -> String {
    phrase.0.iter().map(token).collect()
}

fn token(token: &Token) -> String {
    match token {
        Token::Words { text } | Token::Constant { text } => escaped(text),
        Token::Name { of: NameKind::Subject, label, .. } => escaped(label),
        Token::Name { label, .. } => format!("*{}*", escaped(label)),
        Token::Note { number } => format!("({number})"),
    }
}

/// Every sign that could begin markup, behind a backslash.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&') {
            out.push('\\');
        }
        // A line break would end the list.
        out.push(if letter == '\n' { ' ' } else { letter });
    }
    out
}
