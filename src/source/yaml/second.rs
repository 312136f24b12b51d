//! The second reader: an independent YAML library has to see the same tree.
//!
//! Only what strings can tell is compared. What a library makes of `017`, `1e3` or `no` is its own affair: Kohort reads
//! the text, and its type comes from the column or the setting it is for.

use serde_yaml::Value;

use super::{Node, NodeKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, ScalarStyle, Span};

/// Reports where the second reader sees another value or shape. `base` is where the YAML starts in `text`.
pub(super) fn compare(file: FileId, text: &str, base: usize, root: &Node, out: &mut Vec<Diagnostic>) {
    let body = text.get(base..).unwrap_or_default();
    match serde_yaml::from_str::<Value>(body) {
        Ok(Value::Null) if matches!(&root.kind, NodeKind::Mapping(entries) if entries.is_empty()) => {}
        Ok(value) => agree(root, &value, out),
        Err(error) => {
            let line = error.location().map_or(1, |location| location.line());
            let start = body.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
            let length = body.get(start..).and_then(|rest| rest.lines().next()).map_or(0, |line| line.trim_end().len());
            let span = Span::new(file, base + start, base + start + length);
            out.push(disagreement(span, "YAML readers do not agree on whether this line can be read".to_owned()));
        }
    }
}

fn agree(node: &Node, value: &Value, out: &mut Vec<Diagnostic>) {
    match (&node.kind, value) {
        (NodeKind::Mapping(entries), Value::Mapping(mapping)) if entries.len() == mapping.len() => {
            for ((key, value), (other_key, other_value)) in entries.iter().zip(mapping) {
                agree(key, other_key, out);
                agree(value, other_value, out);
            }
        }
        (NodeKind::Sequence(items), Value::Sequence(others)) if items.len() == others.len() => {
            items.iter().zip(others).for_each(|(item, other)| agree(item, other, out));
        }
        (NodeKind::Scalar(text), Value::String(other)) => {
            // They differ in whether a block at the end of a file that lacks its last line break has one; nothing else does.
            let block = matches!(text.style(), ScalarStyle::Literal | ScalarStyle::Folded);
            let same = |a: &str, b: &str| a == b || block && a.trim_end_matches('\n') == b.trim_end_matches('\n');
            if !same(text.value(), other) {
                let read = (shorten(text.value()), shorten(other));
                out.push(disagreement(
                    node.span,
                    format!("YAML readers do not agree on this text: {:?} or {:?}", read.0, read.1),
                ));
            }
        }
        (NodeKind::Scalar(text), Value::Null | Value::Bool(_) | Value::Number(_))
            if text.style() == ScalarStyle::Plain => {}
        _ => out.push(disagreement(node.span, "YAML readers do not agree on what this is".to_owned())),
    }
}

fn disagreement(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(Code::YamlAmbiguous, span, message).help("write it in a simpler way, or put the text in quotes")
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(40).chain(['…']).collect() }
}
