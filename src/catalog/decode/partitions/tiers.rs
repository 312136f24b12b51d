//! `tiers:` conditions in order, of which the first that holds wins.

use super::about::{self, About};
use super::nothing;
use crate::catalog::decode::values;
use crate::catalog::model::{PartitionDef, PartitionKind, TierDef};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::source::yaml::fields::{Fields, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::ast::{Expr, Ident};
use crate::syntax::print_name;

const FORM: &str = "`gold: spend_365d >= 10_000`, and so on, the best first; `bronze: otherwise` takes those left";

/// Reads the tiers of one name; none if there is none to read.
pub(super) fn decode(name: Ident, node: &Node, out: &mut Vec<Diagnostic>) -> Option<PartitionDef> {
    let what = format!("tiers `{}`", name.text);
    let entries = match &node.kind {
        NodeKind::Broken => return None,
        _ if nothing(node) => {
            out.push(none(&what, name.span));
            return None;
        }
        NodeKind::Mapping(entries) => entries,
        NodeKind::Sequence(_) | NodeKind::Scalar(_) => {
            let finding = wrong_shape(node, &what, "names with conditions");
            let help = format!("write one tier a line below the name: {FORM}");
            out.push(Diagnostic { helps: vec![help], ..finding });
            return None;
        }
    };
    let has =
        |key: &str| entries.iter().any(|(name, _)| matches!(&name.kind, NodeKind::Scalar(text) if text.value() == key));
    if has("parts") {
        return long(name, node, what, out);
    }
    if let Some(key) = about::KEYS.into_iter().find(|key| has(key)) {
        return Some(mixed(name, node, what, key, out));
    }
    let parts = parts(&what, node, out);
    Some(About::default().of(name, PartitionKind::Tiers(parts)))
}

/// `{ label: Loyalty, parts: { gold: …, bronze: otherwise } }`
fn long(name: Ident, node: &Node, what: String, out: &mut Vec<Diagnostic>) -> Option<PartitionDef> {
    let mut fields = Fields::open(node, what.clone(), out)?.named_at(name.span);
    let about = About::take(&mut fields, out);
    let place = fields.place("parts").unwrap_or(name.span);
    let parts = fields.take("parts").and_then(|node| {
        if nothing(node) {
            out.push(none(&what, place));
            return None;
        }
        if !matches!(&node.kind, NodeKind::Mapping(_)) {
            let finding = wrong_shape(node, "`parts`", "names with conditions");
            let broken = matches!(&node.kind, NodeKind::Broken);
            let help = format!("write one tier a line below it: {FORM}");
            out.extend((!broken).then_some(Diagnostic { helps: vec![help], ..finding }));
            return None;
        }
        Some(parts(&what, node, out))
    });
    fields.finish(out);
    Some(about.of(name, PartitionKind::Tiers(parts?)))
}

/// Tiers beside a label or the like: they are read, and told to stand below `parts:`.
fn mixed(name: Ident, node: &Node, what: String, key: &str, out: &mut Vec<Diagnostic>) -> PartitionDef {
    let message = format!("{what} lack the key `parts`");
    let help =
        format!("beside `{key}:` the tiers stand in a map of their own: `parts: {{ gold: …, bronze: otherwise }}`");
    out.push(Diagnostic::new(Code::MissingKey, name.span, message).help(help));
    let NodeKind::Mapping(entries) = &node.kind else {
        return About::default().of(name, PartitionKind::Tiers(Vec::new()));
    };
    let is_tier = |(key, _): &&(Node, Node)| match &key.kind {
        NodeKind::Scalar(text) => !about::KEYS.contains(&text.value()),
        _ => false,
    };
    let tiers = entries.iter().filter(is_tier).cloned().collect();
    let tiers = Node { span: node.span, kind: NodeKind::Mapping(tiers) };
    let parts = parts(&what, &tiers, out);
    About::default().of(name, PartitionKind::Tiers(parts))
}

fn none(what: &str, place: Span) -> Diagnostic {
    Diagnostic::new(Code::MissingKey, place, format!("{what} have no tier")).help(format!("write {FORM}"))
}

fn parts(what: &str, node: &Node, out: &mut Vec<Diagnostic>) -> Vec<TierDef> {
    let entries = values::named(node, what, out);
    let mut tiers: Vec<TierDef> = entries.into_iter().filter_map(|(name, node)| tier(name, node, out)).collect();
    let last = tiers.len().saturating_sub(1);
    for tier in tiers.iter_mut().take(last).filter(|tier| tier.when.is_none()) {
        let name = print_name(&tier.name.text);
        let message = format!("`{}: otherwise` is not the last tier, so those below it are empty", tier.name.text);
        let help = format!("move `{name}: otherwise` to the end, or give `{name}` a condition");
        out.push(Diagnostic::new(Code::WrongShape, tier.name.span, message).help(help));
        tier.when = Some(values::unreadable(tier.name.span));
    }
    tiers
}

fn tier(name: Ident, node: &Node, out: &mut Vec<Diagnostic>) -> Option<TierDef> {
    let what = format!("tier `{}`", name.text);
    if !matches!(&node.kind, NodeKind::Mapping(_)) {
        let when = condition(node, &what, out);
        return Some(TierDef { name, label: None, when });
    }
    let mut fields = Fields::open(node, what, out)?.named_at(name.span);
    let when = match fields.require("when", "say who is in it: `when: spend_365d >= 10_000`, or `when: otherwise`") {
        Some(node) => condition(node, "`when`", out),
        None => Some(values::unreadable(name.span)),
    };
    let label = fields.take("label").and_then(|node| values::plain_string(node, "`label`", out));
    for key in ["description", "owner", "tags", "of", "within"] {
        fields.elsewhere(key, "it is said once of all tiers, beside `parts:`");
    }
    fields.finish(out);
    Some(TierDef { name, label, when })
}

/// None: `otherwise`.
fn condition(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Option<Expr> {
    let otherwise =
        matches!(&node.kind, NodeKind::Scalar(text) if text.value().trim().eq_ignore_ascii_case("otherwise"));
    (!otherwise).then(|| values::expression(node, what, out))
}
