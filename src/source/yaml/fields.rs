//! Reading a mapping key by key, with everything that is wrong with it said at once.
//!
//! A decoder takes the keys it knows and calls [`Fields::finish`], which reports the others with the nearest known key,
//! and the required ones that are missing. A misspelt required key is one mistake and gives one message.

use super::{Node, NodeKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Text};

/// A mapping that is being decoded.
pub(crate) struct Fields<'n> {
    /// What the mapping describes, as in "unknown key in …".
    what: String,
    span: Span,
    entries: Vec<Entry<'n>>,
    known: Vec<&'static str>,
    missing: Vec<Missing>,
    elsewhere: Vec<(&'static str, String)>,
    plural: bool,
    synonyms: Vec<(&'static str, &'static str)>,
}

struct Entry<'n> {
    key: &'n Text,
    key_span: Span,
    value: &'n Node,
    taken: bool,
}

struct Missing {
    key: &'static str,
    help: String,
}

impl<'n> Fields<'n> {
    /// The fields of `node`, which describes `what`; nothing written at all is a mapping without keys.
    pub fn open(node: &'n Node, what: impl Into<String>, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let what = what.into();
        let entries = mapping(node, &what, out)?;
        let entries = entries.iter().filter_map(|(key, value)| match &key.kind {
            NodeKind::Scalar(text) => Some(Entry { key: text, key_span: key.span, value, taken: false }),
            _ => None,
        });
        let entries: Vec<_> = entries.collect();
        // A long mapping is pointed at by its first key.
        let span = entries.first().map_or(node.span, |entry| entry.key_span);
        Some(Fields {
            what,
            span,
            entries,
            known: Vec::new(),
            missing: Vec::new(),
            elsewhere: Vec::new(),
            plural: false,
            synonyms: Vec::new(),
        })
    }

    /// Points at `span`, the name of what is described, when a key is missing.
    pub fn named_at(mut self, span: Span) -> Self {
        self.span = span;
        self
    }

    /// What is described is several things.
    pub fn plural(mut self) -> Self {
        self.plural = true;
        self
    }

    /// Whether the key was written.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key.value() == key)
    }

    /// The value of an optional key.
    pub fn take(&mut self, key: &'static str) -> Option<&'n Node> {
        self.known.push(key);
        let entry = self.entries.iter_mut().find(|entry| entry.key.value() == key)?;
        entry.taken = true;
        Some(entry.value)
    }

    /// The value of a key that must be there; `help` says how to write it.
    pub fn require(&mut self, key: &'static str, help: impl Into<String>) -> Option<&'n Node> {
        let value = self.take(key);
        if value.is_none() {
            self.missing.push(Missing { key, help: help.into() });
        }
        value
    }

    /// A key that means something in another place; `help` says where.
    pub fn elsewhere(&mut self, key: &'static str, help: impl Into<String>) {
        self.elsewhere.push((key, help.into()));
    }

    /// Another system's word for a key of this place, which is offered instead.
    pub fn synonym(&mut self, word: &'static str, key: &'static str) {
        self.synonyms.push((word, key));
    }

    /// Where a key is written.
    pub fn place(&self, key: &str) -> Option<Span> {
        self.entries.iter().find(|entry| entry.key.value() == key).map(|entry| entry.key_span)
    }

    /// Reports the keys that nobody took, and the required ones that are not there.
    pub fn finish(mut self, out: &mut Vec<Diagnostic>) {
        for entry in self.entries.iter().filter(|entry| !entry.taken) {
            let written = entry.key.value();
            let mut finding =
                Diagnostic::new(Code::UnknownKey, entry.key_span, format!("unknown key `{written}` in {}", self.what));
            if let Some((_, help)) = self.elsewhere.iter().find(|(key, _)| *key == written) {
                finding = finding.help(help);
            } else if let Some(key) = self.meant(written) {
                finding = finding.fix(format!("did you mean `{key}`?"), key);
                self.missing.retain(|missing| missing.key != key);
            } else {
                let known: Vec<_> = self.known.iter().map(|key| format!("`{key}`")).collect();
                finding = finding.help(format!("the keys here are {}", known.join(", ")));
            }
            out.push(finding);
        }
        for Missing { key, help } in self.missing {
            let lacks = if self.plural { "lack" } else { "lacks" };
            let message = format!("{} {lacks} the key `{key}`", self.what);
            out.push(Diagnostic::new(Code::MissingKey, self.span, message).help(help));
        }
    }

    /// The key, not written yet, that another word probably means.
    fn meant(&self, written: &str) -> Option<&'static str> {
        let open = |key: &&'static str| !self.has(key);
        let synonym = self.synonyms.iter().find(|(word, _)| *word == written).map(|(_, key)| *key);
        synonym.filter(open).or_else(|| nearest(written, self.known.iter().copied().filter(open)))
    }
}

/// The entries of a mapping; nothing written is an empty one. None, said or to be passed over, for anything else.
pub(crate) fn mapping<'n>(node: &'n Node, what: &str, out: &mut Vec<Diagnostic>) -> Option<&'n [(Node, Node)]> {
    match &node.kind {
        NodeKind::Mapping(entries) => Some(entries),
        NodeKind::Broken => None,
        _ if node.is_missing() => Some(&[]),
        _ => {
            out.push(wrong_shape(node, what, "keys with values"));
            None
        }
    }
}

/// The text of a scalar; a value that is not there is an error.
pub(crate) fn text<'n>(node: &'n Node, what: &str, out: &mut Vec<Diagnostic>) -> Option<&'n Text> {
    match &node.kind {
        NodeKind::Broken => None,
        _ if node.is_missing() => {
            out.push(missing_value(node, what));
            None
        }
        NodeKind::Scalar(text) => Some(text),
        _ => {
            out.push(wrong_shape(node, what, "text"));
            None
        }
    }
}

/// The texts of a list; a single text is a list of one.
pub(crate) fn texts<'n>(node: &'n Node, what: &str, out: &mut Vec<Diagnostic>) -> Vec<&'n Text> {
    match &node.kind {
        NodeKind::Sequence(items) => {
            let what = format!("an item of {what}");
            items.iter().filter_map(|item| text(item, &what, out)).collect()
        }
        NodeKind::Mapping(_) => {
            out.push(wrong_shape(node, what, "a list"));
            Vec::new()
        }
        _ => text(node, what, out).into_iter().collect(),
    }
}

/// What is said of a value that is not there.
pub(crate) fn missing_value(node: &Node, what: &str) -> Diagnostic {
    Diagnostic::new(Code::MissingKey, node.span, format!("{what} has no value"))
        .help("write one, or remove the key; put it in quotes if the word itself is meant")
}

/// What is said of a value of another shape.
pub(crate) fn wrong_shape(node: &Node, what: &str, expected: &str) -> Diagnostic {
    let found = match &node.kind {
        NodeKind::Sequence(_) => "a list",
        NodeKind::Mapping(_) => "keys with values",
        NodeKind::Scalar(_) | NodeKind::Broken => "text",
    };
    let help = match (&node.kind, expected) {
        (NodeKind::Sequence(_) | NodeKind::Mapping(_), "an expression") => {
            "write it as one text: conditions are joined by `and` and `or`"
        }
        (NodeKind::Sequence(_), "text") => "remove the `[ ]` or `-`; put text that begins with `[` in quotes",
        (NodeKind::Mapping(_), "text") => "put text that contains `: ` or begins with `{` in quotes",
        (_, "a list") => "write `[a, b]`, or one item a line after `- `",
        _ => "write `key: value` pairs, one a line and indented",
    };
    let span = first_place(node);
    Diagnostic::new(Code::WrongShape, span, format!("{what} must be {expected}, found {found}")).help(help)
}

/// A collection, which may span many lines, is pointed at by the first scalar in it.
fn first_place(node: &Node) -> Span {
    match &node.kind {
        NodeKind::Sequence(items) => items.first().map_or(node.span, first_place),
        NodeKind::Mapping(entries) => entries.first().map_or(node.span, |(key, _)| key.span),
        NodeKind::Scalar(_) | NodeKind::Broken => node.span,
    }
}

/// Sorts what was found since `from` by place, as a reader meets it.
pub(crate) fn in_file_order(out: &mut [Diagnostic], from: usize) {
    if let Some(found) = out.get_mut(from..) {
        found.sort_by_key(|finding| finding.primary.span.start);
    }
}

/// The word of `known` that is nearest to what was written, if it is near enough to have been meant.
pub(crate) fn nearest<'k>(written: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let written = written.to_lowercase();
    let allowed = (written.chars().count() / 3).clamp(1, 3);
    known
        .map(|word| (strsim::damerau_levenshtein(&written, &word.to_lowercase()), word))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}
