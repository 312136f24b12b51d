//! What a test expects of segments.

use crate::catalog::model::Placed;
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::model::{ExpectDef, Expectation, KeyDef, KeyParts};
use crate::source::yaml::fields::{self, Fields, missing_value, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::source::{Span, Text};
use crate::syntax::parse_path;

const FORMS: &str = "write `[C1, C2]` for exactly these, a number for so many, or `{ has: [C1], lacks: [C2] }`";

/// `expect: { regulars: [C1], loyalty.gold: 1 }`; in a later step people can enter and leave too.
pub(super) fn decode(node: &Node, later: bool, out: &mut Vec<Diagnostic>) -> Vec<ExpectDef> {
    let Some(entries) = fields::mapping(node, "`expect`", out) else { return Vec::new() };
    if entries.is_empty() {
        let finding = Diagnostic::new(Code::ExpectsNothing, node.span, "`expect` names no segment");
        out.push(finding.help("say who is found: `expect: { regulars: [C1], vip: [] }`"));
    }
    let mut expected = Vec::new();
    for (key, value) in entries {
        let NodeKind::Scalar(name) = &key.kind else { continue };
        let before = out.len();
        let Some(segment) = parse_path(name, out) else {
            // An expression is what people try first.
            if let Some(finding) = out.get_mut(before) {
                finding.helps = vec!["name a segment, or a group such as `loyalty.gold`".to_owned()];
            }
            continue;
        };
        let what = expectations(name.value().trim(), value, later, out);
        expected.push(ExpectDef { segment, what });
    }
    expected
}

fn expectations(segment: &str, node: &Node, later: bool, out: &mut Vec<Diagnostic>) -> Vec<(Span, Expectation)> {
    match &node.kind {
        NodeKind::Broken => Vec::new(),
        _ if node.is_missing() => {
            out.push(missing_value(node, &format!("`{segment}`")));
            if let Some(finding) = out.last_mut() {
                finding.helps = vec![format!("{FORMS}; `[]` for nobody")];
            }
            Vec::new()
        }
        NodeKind::Sequence(items) => vec![(node.span, Expectation::Exactly(keys(items, out)))],
        NodeKind::Scalar(text) => count(text, out).map(|count| (node.span, count)).into_iter().collect(),
        NodeKind::Mapping(_) => several(segment, node, later, out),
    }
}

fn several(segment: &str, node: &Node, later: bool, out: &mut Vec<Diagnostic>) -> Vec<(Span, Expectation)> {
    let what = format!("what is expected of `{segment}`");
    let Some(mut fields) = Fields::open(node, what, out) else { return Vec::new() };
    let mut found = Vec::new();
    type Make = fn(Vec<KeyDef>) -> Expectation;
    let lists: [(&'static str, Make); 5] = [
        ("exactly", Expectation::Exactly),
        ("has", Expectation::Has),
        ("lacks", Expectation::Lacks),
        ("entered", Expectation::Entered),
        ("left", Expectation::Left),
    ];
    for (key, make) in lists {
        let Some(node) = fields.take(key) else { continue };
        let place = fields.place(key).unwrap_or(node.span);
        if matches!(key, "entered" | "left") && !later {
            let message = format!("`{key}` tells what changed since the step before, and this is the first");
            let help = "expect it in a step of `then:`, or say who is found: `[C1]`";
            out.push(Diagnostic::new(Code::ExpectsNothing, place, message).help(help));
            continue;
        }
        found.extend(key_list(key, node, out).map(|keys| (node.span, make(keys))));
    }
    if let Some(node) = fields.take("count") {
        match &node.kind {
            NodeKind::Scalar(text) if !node.is_missing() => {
                found.extend(count(text, out).map(|count| (node.span, count)));
            }
            NodeKind::Broken => {}
            _ => out.push(wrong_shape(node, "`count`", "a number")),
        }
    }
    let written = node_len(node) > 0;
    for (word, key) in [("members", "exactly"), ("contains", "has"), ("not", "lacks"), ("size", "count")] {
        fields.synonym(word, key);
    }
    fields.finish(out);
    if !written {
        let message = format!("nothing is expected of `{segment}`");
        out.push(Diagnostic::new(Code::ExpectsNothing, node.span, message).help(FORMS));
    }
    found.sort_by_key(|(span, _)| *span);
    found
}

fn node_len(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Mapping(entries) => entries.len(),
        _ => 0,
    }
}

fn count(text: &Text, out: &mut Vec<Diagnostic>) -> Option<Expectation> {
    let written = text.value().trim();
    match written.replace('_', "").parse::<u64>() {
        Ok(count) => Some(Expectation::Count(count)),
        Err(_) => {
            let message = format!("a list of keys or a number is expected, found `{written}`");
            out.push(Diagnostic::new(Code::WrongShape, text.span(), message).help(FORMS));
            None
        }
    }
}

fn key_list(what: &str, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Vec<KeyDef>> {
    match &node.kind {
        NodeKind::Sequence(items) => Some(keys(items, out)),
        NodeKind::Broken => None,
        _ => {
            let finding = wrong_shape(node, &format!("`{what}`"), "a list");
            out.push(Diagnostic { helps: vec![format!("write `{what}: [C1, C2]`, or `[]` for nobody")], ..finding });
            None
        }
    }
}

fn keys(items: &[Node], out: &mut Vec<Diagnostic>) -> Vec<KeyDef> {
    items.iter().filter_map(|item| key(item, out)).collect()
}

/// `C1`, `[S1, 17]` or `{ shop: S1, customer_no: 17 }`
fn key(node: &Node, out: &mut Vec<Diagnostic>) -> Option<KeyDef> {
    let placed = |text: &Text| Placed { value: text.value().to_owned(), span: text.span() };
    let parts = match &node.kind {
        NodeKind::Broken => return None,
        NodeKind::Scalar(_) => KeyParts::InOrder(vec![placed(fields::text(node, "a key", out)?)]),
        NodeKind::Sequence(items) => {
            let parts = items.iter().map(|item| fields::text(item, "a part of a key", out).map(placed));
            KeyParts::InOrder(parts.collect::<Vec<_>>().into_iter().collect::<Option<_>>()?)
        }
        NodeKind::Mapping(entries) => {
            let part = |(name, value): &(Node, Node)| {
                let NodeKind::Scalar(name) = &name.kind else { return None };
                Some((placed(name), placed(fields::text(value, "a part of a key", out)?)))
            };
            KeyParts::Named(entries.iter().map(part).collect::<Vec<_>>().into_iter().collect::<Option<_>>()?)
        }
    };
    Some(KeyDef { span: node.span, parts })
}
