//! YAML with the place of every key and value.
//!
//! A rule file is YAML, and YAML must not change a rule. So a file is read three times over: [`tree`] builds a tree whose
//! scalars know the place of each of their bytes ([`align`]); what YAML would cut, split or hide behind the reader's back
//! is refused with a way out ([`repair`]); and a second, independent reader has to agree on every value ([`second`]).
//!
//! ```text
//! columns: { v: round(a, 2) }      YAML reads two keys, `v: round(a` and `2)`
//! K108 YAML cuts `round(a, 2)` at `,`; help: put it in quotes: 'round(a, 2)'
//! ```
//!
//! A cut expression is repaired in a working copy of the same length, in which the expression is plain letters, and
//! reading goes on: the tree holds the expression as it was meant, and the mistakes below it are found as well.

mod align;
mod extent;
pub(crate) mod fields;
mod keys;
mod mask;
mod repair;
mod second;
mod syntax_error;
#[cfg(test)]
pub(crate) mod tests;
mod tree;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span, Text};

/// The largest file that is read: 16 MiB.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// How deeply lists and mappings may nest.
pub const MAX_DEPTH: usize = 32;

/// How often reading starts again after repairs before the file is given up; a large file fewer times.
const MAX_PASSES: usize = 64;

/// How many bytes are read in all passes together, but for the first two.
const MAX_BYTES_READ: usize = 64 * 1024 * 1024;

/// A value of a YAML file and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it stands: a scalar with its quotes, a block scalar's text without its header, a collection as a whole.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// What a YAML value is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// Text as written: numbers, dates and words such as `no` are never reinterpreted.
    Scalar(Text),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in file order; keys are scalars and differ from each other.
    Mapping(Vec<(Node, Node)>),
    /// Something that could not be read; it has been reported, and nothing about it is reported again.
    Broken,
}

impl Node {
    /// Nothing was written, or `~` or `null` without quotes.
    pub fn is_missing(&self) -> bool {
        let NodeKind::Scalar(text) = &self.kind else { return false };
        text.style() == crate::source::ScalarStyle::Plain && matches!(text.value(), "" | "~" | "null" | "Null" | "NULL")
    }
}

/// Reads a file. What is wrong goes to `out`; none when the YAML is broken beyond reading on.
pub fn parse(file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Option<Node> {
    let mut found = Vec::new();
    let node = read(file, text, &mut found);
    found.sort_by_key(|diagnostic| diagnostic.primary.span.start);
    out.append(&mut found);
    node
}

fn read(file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Option<Node> {
    if let Some(refusal) = unreadable(file, text) {
        out.push(refusal);
        return None;
    }
    let mut copy = mask::WorkingCopy::new(text);
    let passes = (MAX_BYTES_READ / text.len().max(1)).clamp(2, MAX_PASSES);
    for _ in 0..passes {
        let pass = tree::read(file, &copy);
        if pass.repairs.is_empty() {
            let sound = pass.found.is_empty() && out.is_empty();
            out.extend(pass.found);
            if sound && let Some(root) = &pass.root {
                second::compare(file, copy.text(), copy.base(), root, out);
            }
            return pass.root;
        }
        copy.apply(pass.repairs.iter().map(|repair| (repair.range.clone(), repair.mask)));
        out.extend(pass.repairs.into_iter().map(|repair| repair.diagnostic));
    }
    None
}

/// Reasons to not even try.
fn unreadable(file: FileId, text: &str) -> Option<Diagnostic> {
    if text.len() > MAX_BYTES {
        let megabytes = text.len() / (1024 * 1024);
        return Some(
            Diagnostic::new(
                Code::Unreadable,
                Span::new(file, 0, 0),
                format!("the file has {megabytes} MiB, more than the 16 MiB that are read"),
            )
            .help("split it into several files"),
        );
    }
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let base = text.len() - body.len();
    let mut strays = body.char_indices().filter(|(_, character)| is_stray(*character));
    let (at, character) = strays.next()?;
    let more = strays.count();
    let others = if more == 0 { String::new() } else { format!(", and {more} more like it") };
    let span = Span::new(file, base + at, base + at + character.len_utf8());
    let code = format!("U+{:04X}", character as u32);
    Some(
        Diagnostic::new(Code::YamlSyntax, span, format!("the file contains the invisible character `{code}`{others}"))
            .help("remove it; if the file is not plain text, save it as UTF-8 text"),
    )
}

/// Control characters, and line separators that YAML readers do not agree on.
fn is_stray(character: char) -> bool {
    let allowed = matches!(character, '\t' | '\n' | '\r');
    character.is_control() && !allowed || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}')
}
