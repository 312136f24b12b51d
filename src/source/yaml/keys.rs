//! Which keys a mapping may have: names, each once.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::{Node, NodeKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{ScalarStyle, Span};

/// Why the entry of `key`, whose value is at `value`, does not count: what there is to say, nothing if all has been said.
/// None when it counts; `seen` remembers where.
pub(super) fn refuse(key: &Node, value: Span, seen: &mut HashMap<String, Span>) -> Option<Vec<Diagnostic>> {
    let text = match &key.kind {
        NodeKind::Scalar(text) => text,
        NodeKind::Broken => return Some(Vec::new()),
        NodeKind::Sequence(_) | NodeKind::Mapping(_) => return Some(vec![not_a_name(key)]),
    };
    if is_merge(key) {
        let said = Diagnostic::new(Code::YamlFeature, key.span.to(value), "merge keys (`<<`) are not allowed")
            .help("write the keys out; a rule says all it means in its own place");
        return Some(vec![said]);
    }
    let name: String = text.value().nfc().collect();
    match seen.get(&name) {
        Some(first) => Some(vec![twice(&name, key.span, *first)]),
        None => {
            seen.insert(name, key.span);
            None
        }
    }
}

/// Whether the key is `<<`.
pub(super) fn is_merge(key: &Node) -> bool {
    matches!(&key.kind, NodeKind::Scalar(text) if text.style() == ScalarStyle::Plain && text.value() == "<<")
}

fn not_a_name(key: &Node) -> Diagnostic {
    Diagnostic::new(Code::WrongShape, key.span, "a key must be a name, not a list or a mapping")
        .help("write `name: value`; put text that begins with `[` or `{` in quotes")
}

fn twice(name: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, again, format!("the key `{name}` is written twice"))
        .label("again")
        .also(first, "first written here")
        .help("keep one of the two, or give one another name")
}
