//! `attributes:` and `metrics:`, in short form (an expression) or long form (`is:` and what is said about it).

use super::{reading, values};
use crate::catalog::model::{AttributeDef, MetricDef, Placed};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::fields::Fields;
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::ast::{Expr, Ident};

const BANDS: &str =
    "bands stand in a rule file, under the name of what they divide: `bands: { spend_365d: [0, 1_000] }`";

/// Attributes in file order.
pub(super) fn attributes(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<AttributeDef> {
    let entries = values::named(node, "`attributes`", out);
    entries.into_iter().filter_map(|(name, node)| attribute(name, node, out)).collect()
}

/// Metrics in file order.
pub(super) fn metrics(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<MetricDef> {
    let entries = values::named(node, "`metrics`", out);
    entries.into_iter().filter_map(|(name, node)| metric(name, node, out)).collect()
}

fn attribute(name: Ident, node: &Node, out: &mut Vec<Diagnostic>) -> Option<AttributeDef> {
    let what = format!("attribute `{}`", name.text);
    if !matches!(&node.kind, NodeKind::Mapping(_)) {
        let is = values::expression(node, &what, out);
        return Some(AttributeDef {
            name,
            is,
            values: None,
            of: None,
            label: None,
            unit: None,
            description: None,
            frozen: None,
        });
    }
    let mut fields = Fields::open(node, what, out)?.named_at(name.span);
    let is = definition(&name, &mut fields, out);
    let values = fields.take("values").and_then(|node| closed_set(node, out));
    let of = fields.take("of").and_then(|node| values::name(node, "`of`", out));
    let About { label, unit, description } = about(&mut fields, out);
    let place = fields.place("frozen");
    let frozen = fields.take("frozen").and_then(|node| reading::flag(node, "frozen", out));
    let frozen = place.filter(|_| frozen == Some(true));
    fields.elsewhere("bands", BANDS);
    fields.finish(out);
    Some(AttributeDef { name, is, values, frozen, of, label, unit, description })
}

fn metric(name: Ident, node: &Node, out: &mut Vec<Diagnostic>) -> Option<MetricDef> {
    let what = format!("metric `{}`", name.text);
    if !matches!(&node.kind, NodeKind::Mapping(_)) {
        let is = values::expression(node, &what, out);
        return Some(MetricDef { name, is, unit: None, label: None, description: None });
    }
    let mut fields = Fields::open(node, what, out)?.named_at(name.span);
    let is = definition(&name, &mut fields, out);
    let About { label, unit, description } = about(&mut fields, out);
    fields.elsewhere("bands", BANDS);
    fields.elsewhere("frozen", "an attribute that ranks subjects can be frozen; a metric has no cut points");
    fields.elsewhere("values", "a metric is a number and has no closed set; an attribute can have one");
    fields.finish(out);
    Some(MetricDef { name, is, unit, label, description })
}

fn definition(name: &Ident, fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Expr {
    match fields.require("is", "say what it is: `is: sum(value of sales)`") {
        Some(node) => values::expression(node, "`is`", out),
        None => values::unreadable(name.span),
    }
}

struct About {
    label: Option<String>,
    unit: Option<Placed<String>>,
    description: Option<String>,
}

fn about(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> About {
    About {
        label: fields.take("label").and_then(|node| values::plain_string(node, "`label`", out)),
        unit: fields.take("unit").and_then(|node| values::string(node, "`unit`", out)),
        description: fields.take("description").and_then(|node| values::plain_string(node, "`description`", out)),
    }
}

fn closed_set(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Vec<Placed<String>>> {
    if matches!(&node.kind, NodeKind::Sequence(items) if items.is_empty()) {
        out.push(
            Diagnostic::new(Code::WrongShape, node.span, "`values` is an empty list")
                .help("list the values that can occur, or remove the key"),
        );
        return None;
    }
    let found = values::strings(node, "`values`", out);
    (!found.is_empty()).then_some(found)
}
