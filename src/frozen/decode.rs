//! From the text of the file of cut points to the model.

use super::WAY_OUT;
use super::model::{AttributeCuts, CutGroup, CutPoints};
use crate::catalog::decode::{settings, values};
use crate::catalog::model::Placed;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::fields::{self, Fields, in_file_order, wrong_shape};
use crate::source::yaml::{self, Node, NodeKind};
use crate::source::{FileId, Span};
use crate::syntax::ast::Ident;

/// Reads the file of cut points. What is wrong goes to `out`, and always has the same way out; an attribute whose cut points
/// cannot be read is left out. None when the file is broken beyond reading on.
pub fn decode(file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Option<CutPoints> {
    let before = out.len();
    let read = yaml::parse(file, text, out).and_then(|node| read(&node, file, out));
    in_file_order(out, before);
    // Nobody mends by hand what is written by machine.
    for finding in out.iter_mut().skip(before) {
        finding.helps = vec![WAY_OUT.to_owned()];
        finding.fix = None;
    }
    read
}

fn read(node: &Node, file: FileId, out: &mut Vec<Diagnostic>) -> Option<CutPoints> {
    let mut fields = Fields::open(node, "the file of cut points", out)?;
    settings::version(&mut fields, out);
    let attributes = fields.require("cut_points", WAY_OUT).map(|node| values::named(node, "`cut_points`", out));
    fields.finish(out);
    let attributes = attributes?.into_iter().filter_map(|(name, node)| attribute(name, node, out)).collect();
    Some(CutPoints { file, attributes })
}

fn attribute(name: Ident, node: &Node, out: &mut Vec<Diagnostic>) -> Option<AttributeCuts> {
    let what = format!("the cut points of `{}`", name.text);
    if node.is_missing() {
        out.push(Diagnostic::new(Code::MissingKey, name.span, format!("{what} are not there")));
        return None;
    }
    let mut fields = Fields::open(node, what, out)?.named_at(name.span).plural();
    let before = out.len();
    let definition = fields.require("definition", WAY_OUT).and_then(|node| values::string(node, "`definition`", out));
    let as_of = fields.require("as_of", WAY_OUT).and_then(|node| values::string(node, "`as_of`", out));
    let groups = match (fields.take("groups"), fields.place("population").or(fields.place("bounds"))) {
        (Some(groups), None) => several(groups, out),
        (Some(_), Some(place)) => {
            fields.take("population");
            fields.take("bounds");
            let message = "`groups` stands beside cut points of everybody";
            out.push(Diagnostic::new(Code::WrongShape, place, message));
            None
        }
        (None, _) => group(&mut fields, name.span, None, out).map(|group| vec![group]),
    };
    fields.finish(out);
    if out.len() > before {
        return None;
    }
    Some(AttributeCuts { definition: definition?, as_of: as_of?, groups: groups?, name })
}

/// `[{ per: Jakarta, population: 20, bounds: ['1', '2'] }]`
fn several(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Vec<CutGroup>> {
    let NodeKind::Sequence(items) = &node.kind else {
        if !matches!(&node.kind, NodeKind::Broken) {
            out.push(wrong_shape(node, "`groups`", "a list"));
        }
        return None;
    };
    let read = |item: &Node| {
        let mut fields = Fields::open(item, "a group of cut points", out)?;
        let per = fields.take("per").map(|node| written(node, "`per`", out));
        let group = group(&mut fields, item.span, per.clone().flatten(), out);
        fields.finish(out);
        // A value that cannot be read is not none at all.
        if per.is_some_and(|per| per.is_none()) { None } else { group }
    };
    items.iter().map(read).collect()
}

/// The cut points of one group, at `span`.
fn group(
    fields: &mut Fields<'_>,
    span: Span,
    per: Option<Placed<String>>,
    out: &mut Vec<Diagnostic>,
) -> Option<CutGroup> {
    let population = fields.require("population", WAY_OUT).and_then(|node| population(node, out));
    let bounds = fields.require("bounds", WAY_OUT).and_then(|node| bounds(node, out));
    Some(CutGroup { span, per, population: population?, bounds: bounds? })
}

fn population(node: &Node, out: &mut Vec<Diagnostic>) -> Option<u64> {
    let text = fields::text(node, "`population`", out)?;
    let count = text.value().parse().ok().filter(|_| text.value().bytes().all(|byte| byte.is_ascii_digit()));
    if count.is_none() {
        let message = format!("`population` must be a whole number, found `{}`", text.value());
        out.push(Diagnostic::new(Code::WrongShape, node.span, message));
    }
    count
}

fn bounds(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Vec<Placed<String>>> {
    match &node.kind {
        NodeKind::Sequence(items) => items.iter().map(|item| written(item, "a bound", out)).collect(),
        NodeKind::Broken => None,
        _ => {
            out.push(wrong_shape(node, "`bounds`", "a list"));
            None
        }
    }
}

/// A value as it is written.
fn written(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Option<Placed<String>> {
    values::string(node, what, out)
}
