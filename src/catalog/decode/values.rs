//! The readers that catalogue and rule files share: names, paths, expressions, strings.

use std::collections::HashMap;

use crate::catalog::model::Placed;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::fields::{self, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::source::{Span, Text};
use crate::syntax::ast::{Expr, ExprKind, Ident, Path};
use crate::syntax::{parse_expression, parse_name, parse_path};

/// Text with its place.
pub(crate) fn string(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Option<Placed<String>> {
    fields::text(node, what, out).map(placed)
}

/// Text without its place, without blanks around it.
pub(crate) fn plain_string(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Option<String> {
    fields::text(node, what, out).map(|text| text.value().trim().to_owned())
}

/// A list of texts with their places.
pub(crate) fn strings(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Vec<Placed<String>> {
    fields::texts(node, what, out).into_iter().map(placed).collect()
}

fn placed(text: &Text) -> Placed<String> {
    Placed { value: text.value().to_owned(), span: text.span() }
}

/// One name.
pub(crate) fn name(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Option<Ident> {
    let text = fields::text(node, what, out)?;
    parse_name(text, out)
}

/// A name or a list of names.
pub(crate) fn names(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Vec<Ident> {
    fields::texts(node, what, out).into_iter().filter_map(|text| parse_name(text, out)).collect()
}

/// One path.
pub(crate) fn path(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Option<Path> {
    let text = fields::text(node, what, out)?;
    parse_path(text, out)
}

/// A path or a list of paths.
pub(crate) fn paths(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Vec<Path> {
    fields::texts(node, what, out).into_iter().filter_map(|text| parse_path(text, out)).collect()
}

/// An expression; [`ExprKind::Error`] when there is none to read.
pub(crate) fn expression(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Expr {
    match &node.kind {
        NodeKind::Scalar(text) if !node.is_missing() => return parse_expression(text, out),
        NodeKind::Scalar(_) => out.push(
            Diagnostic::new(Code::MissingKey, node.span, format!("{what} has no expression"))
                .help("write one after the `:`; a word such as `null` has no meaning here"),
        ),
        NodeKind::Sequence(_) | NodeKind::Mapping(_) => out.push(wrong_shape(node, what, "an expression")),
        NodeKind::Broken => {}
    }
    unreadable(node.span)
}

/// The expression that stands for one that is not there; it has been reported.
pub(crate) fn unreadable(span: Span) -> Expr {
    Expr { kind: ExprKind::Error, span }
}

/// The entries of a mapping from names to definitions; two spellings of one name are an error.
pub(crate) fn named<'n>(node: &'n Node, what: &str, out: &mut Vec<Diagnostic>) -> Vec<(Ident, &'n Node)> {
    let mut seen: HashMap<String, Span> = HashMap::new();
    let mut entries = Vec::new();
    for (key, value) in fields::mapping(node, what, out).unwrap_or_default() {
        let NodeKind::Scalar(text) = &key.kind else { continue };
        let Some(name) = parse_name(text, out) else { continue };
        match seen.get(&name.text) {
            Some(first) => out.push(
                Diagnostic::new(
                    Code::NameTaken,
                    name.span,
                    format!("the name `{}` is given twice in {what}", name.text),
                )
                .also(*first, "first given here")
                .help("give one of the two another name"),
            ),
            None => {
                seen.insert(name.text.clone(), name.span);
                entries.push((name, value));
            }
        }
    }
    entries
}
