//! `tiers:`, `bands:`, `partitions:` and `charts:` of rule files and included files.
//!
//! Each has a short form, which only says what divides the subjects, and a long one for labels and the like:
//!
//! ```yaml
//! tiers:
//!   loyalty: { gold: spend_365d >= 10_000, bronze: otherwise }
//!   visitor: { label: Visitors, parts: { often: visits_30d >= 4, seldom: otherwise } }
//! ```

mod about;
mod bands;
mod by_value;
mod cells;
mod charts;
#[cfg(test)]
mod tests;
mod tiers;

use super::values;
use crate::catalog::model::{PartitionDef, PartitionKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::fields::{Fields, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::ast::{ExprKind, Ident};

/// The keys that are read here.
pub(crate) const KEYS: [&str; 4] = ["tiers", "bands", "partitions", "charts"];

/// What a file has of them, in file order.
pub(crate) fn decode(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Vec<PartitionDef> {
    let mut found = Vec::new();
    if let Some(node) = fields.take("tiers") {
        let written = entries(node, "tiers", "`loyalty: { gold: spend_365d >= 10_000, bronze: otherwise }`", out);
        found.extend(written.into_iter().filter_map(|(name, node)| tiers::decode(name, node, out)));
    }
    if let Some(node) = fields.take("bands") {
        let written = entries(node, "bands", "`spend_365d: [0, 1_000, 10_000]`", out);
        found.extend(written.into_iter().filter_map(|(name, node)| bands::decode(name, node, out)));
    }
    if let Some(node) = fields.take("partitions") {
        found.extend(by_value::decode(node, out));
    }
    if let Some(node) = fields.take("charts") {
        let form = "`rfm: { by: [recency_score, frequency_score], groups: { champions: [55, 54] } }`";
        let written = entries(node, "charts", form, out);
        found.extend(written.into_iter().filter_map(|(name, node)| charts::decode(name, node, out)));
    }
    found.sort_by_key(|def| def.name.span);
    found
}

/// The entries below one of the keys, each under its name; `form` is how one is written.
fn entries<'n>(node: &'n Node, key: &str, form: &str, out: &mut Vec<Diagnostic>) -> Vec<(Ident, &'n Node)> {
    if nothing(node) {
        out.push(defines_nothing(node, key, form));
        return Vec::new();
    }
    if matches!(&node.kind, NodeKind::Sequence(_) | NodeKind::Scalar(_)) {
        let finding = wrong_shape(node, &format!("`{key}`"), "keys with values");
        out.push(Diagnostic { helps: vec![format!("write each under its name, as in {form}")], ..finding });
        return Vec::new();
    }
    values::named(node, &format!("`{key}`"), out)
}

/// Whether nothing is written, or nothing in the brackets.
fn nothing(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Mapping(entries) => entries.is_empty(),
        NodeKind::Sequence(items) => items.is_empty(),
        _ => node.is_missing(),
    }
}

fn defines_nothing(node: &Node, key: &str, form: &str) -> Diagnostic {
    let finding = Diagnostic::new(Code::Unused, node.span, format!("`{key}` defines nothing"));
    finding.help(format!("write {form}, or remove the key"))
}

impl PartitionDef {
    /// Whether it makes an attribute of its name. Bands of a metric and partitions of an attribute that have its name do
    /// not: that one is there.
    pub(crate) fn makes_attribute(&self) -> bool {
        let divided = match &self.kind {
            PartitionKind::Tiers(_) | PartitionKind::Chart(_) => return true,
            PartitionKind::Bands(bands) => &bands.is,
            PartitionKind::Values(is) => is,
        };
        match &divided.kind {
            ExprKind::Name(path) => !matches!(path.parts.as_slice(), [name] if *name == self.name),
            // What cannot be read may be anything.
            ExprKind::Error => false,
            _ => true,
        }
    }

    /// What it is, for messages, and what one of its groups is.
    pub(crate) fn kind_word(&self) -> (&'static str, &'static str) {
        match &self.kind {
            PartitionKind::Tiers(_) => ("tiers", "tier"),
            PartitionKind::Bands(_) => ("bands", "band"),
            PartitionKind::Values(_) => ("a partition", "part"),
            PartitionKind::Chart(_) => ("a chart", "group"),
        }
    }
}
