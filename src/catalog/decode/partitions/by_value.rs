//! `partitions:` a group for each value of an attribute with a closed set.

use std::collections::HashMap;

use super::about::About;
use super::bands::named;
use super::{defines_nothing, nothing};
use crate::catalog::decode::values;
use crate::catalog::model::{PartitionDef, PartitionKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::source::yaml::fields::{self, Fields};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::ast::Ident;
use crate::syntax::parse_name;

const FORM: &str = "`partitions: [region]`, or `partitions: { place: region }` to call it otherwise";

/// Reads all of them: a list of attributes, or a map from names to what is divided.
pub(super) fn decode(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<PartitionDef> {
    if nothing(node) {
        out.push(defines_nothing(node, "partitions", FORM));
        return Vec::new();
    }
    match &node.kind {
        NodeKind::Mapping(_) => {
            let entries = values::named(node, "`partitions`", out);
            entries.into_iter().filter_map(|(name, node)| long(name, node, out)).collect()
        }
        NodeKind::Sequence(items) => {
            let names: Vec<Ident> = items.iter().filter_map(|item| attribute(item, out)).collect();
            distinct(names, out).into_iter().map(short).collect()
        }
        NodeKind::Scalar(_) => attribute(node, out).into_iter().map(short).collect(),
        NodeKind::Broken => Vec::new(),
    }
}

fn short(name: Ident) -> PartitionDef {
    let is = named(&name);
    About::default().of(name, PartitionKind::Values(is))
}

fn attribute(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Ident> {
    if let NodeKind::Mapping(_) | NodeKind::Sequence(_) = &node.kind {
        let finding = fields::wrong_shape(node, "an item of `partitions`", "the name of an attribute");
        out.push(Diagnostic { helps: vec![format!("write {FORM}")], ..finding });
        return None;
    }
    parse_name(fields::text(node, "an item of `partitions`", out)?, out)
}

fn distinct(names: Vec<Ident>, out: &mut Vec<Diagnostic>) -> Vec<Ident> {
    let mut seen: HashMap<String, Span> = HashMap::new();
    let mut kept = Vec::with_capacity(names.len());
    for name in names {
        match seen.get(&name.text) {
            Some(first) => {
                let message = format!("`{}` is listed twice in `partitions`", name.text);
                let finding = Diagnostic::new(Code::NameTaken, name.span, message).also(*first, "first listed here");
                out.push(finding.help("remove one of the two"));
            }
            None => {
                seen.insert(name.text.clone(), name.span);
                kept.push(name);
            }
        }
    }
    kept
}

fn long(name: Ident, node: &Node, out: &mut Vec<Diagnostic>) -> Option<PartitionDef> {
    let what = format!("partition `{}`", name.text);
    if matches!(&node.kind, NodeKind::Scalar(_) | NodeKind::Broken) && !node.is_missing() {
        let is = values::expression(node, &what, out);
        return Some(About::default().of(name, PartitionKind::Values(is)));
    }
    let mut fields = Fields::open(node, what, out)?.named_at(name.span);
    let is = match fields.require("is", "say which attribute is divided: `is: region`") {
        Some(node) => values::expression(node, "`is`", out),
        None => values::unreadable(name.span),
    };
    let about = About::take(&mut fields, out);
    fields.elsewhere("parts", "the parts are the values of the attribute; groups by conditions are `tiers:`");
    fields.elsewhere("values", "the values are those of the attribute: give it a closed set where it is defined");
    fields.finish(out);
    Some(about.of(name, PartitionKind::Values(is)))
}
