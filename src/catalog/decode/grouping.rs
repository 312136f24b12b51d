//! `group_by:` and what goes with it.
//!
//! Keys are written as one expression, as a list, or as a map from names to expressions. A key without a name of its own
//! has the one that anybody would give it: `product.category` is `category`, `day(at)` is `day`. From anything else no name
//! can be told, and the map is asked for.

use std::collections::HashMap;

use super::values;
use crate::catalog::model::Grouping;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::source::yaml::fields::{self, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::ast::{Expr, ExprKind, Ident};
use crate::syntax::print_name;

/// Reads the keys. One that cannot be read is reported and stands as [`ExprKind::Error`], one without a name has an empty
/// one; there is always one at least.
pub(super) fn decode(node: &Node, time: Option<&Node>, out: &mut Vec<Diagnostic>) -> Grouping {
    let time = time.map(|node| values::expression(node, "`time`", out));
    let mut keys = match &node.kind {
        NodeKind::Mapping(_) => named(node, out),
        NodeKind::Sequence(items) => {
            let keys = items.iter().map(|item| unnamed(item, "an item of `group_by`", out)).collect();
            distinct(keys, out)
        }
        _ => vec![unnamed(node, "`group_by`", out)],
    };
    if keys.is_empty() {
        if !matches!(&node.kind, NodeKind::Mapping(entries) if !entries.is_empty()) {
            let help = "name a column, as in `group_by: invoice_no`; \
                        what there is once for each subject is an attribute or a metric";
            let message = "`group_by` names nothing to group by";
            out.push(Diagnostic::new(Code::WrongShape, node.span, message).help(help));
        }
        keys.push(unreadable(node));
    }
    Grouping { keys, time }
}

/// Reports columns that are called as a key is; they are taken out.
pub(super) fn without_clashes(
    columns: Vec<(Ident, Expr)>,
    grouping: &Grouping,
    out: &mut Vec<Diagnostic>,
) -> Vec<(Ident, Expr)> {
    let keys: HashMap<&str, Span> = grouping.keys.iter().map(|(name, _)| (name.text.as_str(), name.span)).collect();
    let apart = |(name, _): &(Ident, Expr)| {
        let Some(key) = keys.get(name.text.as_str()) else { return true };
        let message = format!("`{}` is a key of the grouping already", name.text);
        let help = "a key is a column of the table by itself; give this column another name, or leave it out";
        out.push(Diagnostic::new(Code::NameTaken, name.span, message).also(*key, "the key").help(help));
        false
    };
    columns.into_iter().filter(apart).collect()
}

/// `{ shop_day: day(at) }`
fn named(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<(Ident, Expr)> {
    let keys = values::named(node, "`group_by`", out);
    let key = |(name, node): (Ident, &Node)| {
        let expr = values::expression(node, &format!("key `{}`", name.text), out);
        (name, expr)
    };
    keys.into_iter().map(key).collect()
}

/// A key that is not named.
fn unnamed(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> (Ident, Expr) {
    match &node.kind {
        NodeKind::Mapping(_) | NodeKind::Sequence(_) => {
            let finding = wrong_shape(node, what, "an expression");
            let help = "to name keys, write all of them as a map: `group_by: { sku: sku, shop_day: day(at) }`";
            out.push(Diagnostic { helps: vec![help.to_owned()], ..finding });
            unreadable(node)
        }
        NodeKind::Scalar(_) if node.is_missing() => {
            out.push(fields::missing_value(node, what));
            unreadable(node)
        }
        NodeKind::Scalar(text) if joins_keys(text.value()) => {
            let message = format!("several keys stand in a list, found `{}`", text.value().trim());
            let help = "write `group_by: [sku, day(at)]`, or one a line after `- `";
            out.push(Diagnostic::new(Code::WrongShape, node.span, message).help(help));
            unreadable(node)
        }
        _ => {
            let expr = values::expression(node, what, out);
            (name_of(&expr, out), expr)
        }
    }
}

fn unreadable(node: &Node) -> (Ident, Expr) {
    (Ident { text: String::new(), span: node.span }, values::unreadable(node.span))
}

/// The name that a key has by itself; where there is none, that is reported.
fn name_of(expr: &Expr, out: &mut Vec<Diagnostic>) -> Ident {
    let own = match &expr.kind {
        ExprKind::Name(path) => path.parts.last(),
        ExprKind::Call { function, .. } => Some(function),
        _ => None,
    };
    if own.is_none() && expr.kind != ExprKind::Error {
        let message = format!("this key needs a name: `{}` gives it none", crate::syntax::print(expr));
        let help = "name it in a map, as in `group_by: { name: … }`";
        out.push(Diagnostic::new(Code::MissingKey, expr.span, message).help(help));
    }
    own.cloned().unwrap_or_else(|| Ident { text: String::new(), span: expr.span })
}

/// Two keys of a list that come to have one name: the first keeps it.
fn distinct(keys: Vec<(Ident, Expr)>, out: &mut Vec<Diagnostic>) -> Vec<(Ident, Expr)> {
    let mut seen: HashMap<String, Span> = HashMap::new();
    let mut kept = Vec::with_capacity(keys.len());
    for (name, expr) in keys {
        match seen.get(&name.text).filter(|_| !name.text.is_empty()) {
            Some(first) => {
                let written = print_name(&name.text);
                let message = format!("two keys would be called `{written}`").replace("``", "`");
                let help = format!("name them in a map, as in `group_by: {{ {written}: …, other_{}: … }}`", name.text);
                out.push(Diagnostic::new(Code::NameTaken, expr.span, message).also(*first, "the first one").help(help));
            }
            None => {
                seen.insert(name.text.clone(), expr.span);
                kept.push((name, expr));
            }
        }
    }
    kept
}

/// Whether a comma stands outside brackets and quotes: `sku, day(at)`, as SQL has it.
fn joins_keys(text: &str) -> bool {
    let (mut depth, mut quote) = (0usize, None);
    for next in text.chars() {
        match (quote, next) {
            (Some(open), _) if open == next => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(next),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => return true,
            _ => {}
        }
    }
    false
}
