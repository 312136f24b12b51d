//! `bands:` bounds that divide a number, a date or a duration.

use std::collections::HashMap;

use super::about::{self, About};
use super::nothing;
use crate::catalog::decode::values;
use crate::catalog::model::{BandsDef, PartitionDef, PartitionKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::source::yaml::fields::{Fields, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::ast::{Expr, ExprKind, Ident, Path};

/// Reads the bands of one name; none if there are no bounds to read.
pub(super) fn decode(name: Ident, node: &Node, out: &mut Vec<Diagnostic>) -> Option<PartitionDef> {
    let what = format!("bands `{}`", name.text);
    if nothing(node) || !is_long(node) {
        let bounds = bounds(node, &what, name.span, out)?;
        let is = named(&name);
        return Some(About::default().of(name, PartitionKind::Bands(BandsDef { is, bounds, names: None })));
    }
    let mut fields = Fields::open(node, what.clone(), out)?.named_at(name.span).plural();
    let is = match fields.take("is") {
        Some(node) => values::expression(node, "`is`", out),
        None => named(&name),
    };
    let place = fields.place("bounds").unwrap_or(name.span);
    let written = fields.require("bounds", "say where the bands begin: `bounds: [0, 1_000, 10_000]`");
    let bounds = written.and_then(|node| bounds(node, "`bounds`", place, out));
    let names = fields.take("names").map(|node| (node.span, names(node, out)));
    let about = About::take(&mut fields, out);
    fields.synonym("limits", "bounds");
    fields.synonym("labels", "names");
    fields.elsewhere("parts", "bands have `bounds:`, and `names:` one for each band from the lowest on");
    fields.elsewhere("when", "bands divide a value, `is:`; groups by conditions are `tiers:`");
    fields.finish(out);
    let bounds = bounds?;
    let names = names.and_then(|(span, names)| counted(names?, &bounds, span, out));
    Some(about.of(name, PartitionKind::Bands(BandsDef { is, bounds, names })))
}

/// Whether something is said about the bands beside their bounds.
fn is_long(node: &Node) -> bool {
    const KEYS: [&str; 3] = ["is", "bounds", "names"];
    let NodeKind::Mapping(entries) = &node.kind else { return false };
    entries.iter().any(|(key, _)| match &key.kind {
        NodeKind::Scalar(text) => KEYS.contains(&text.value()) || about::KEYS.contains(&text.value()),
        _ => false,
    })
}

/// The metric or attribute of a name.
pub(super) fn named(name: &Ident) -> Expr {
    Expr { kind: ExprKind::Name(Path { parts: vec![name.clone()] }), span: name.span }
}

fn bounds(node: &Node, what: &str, place: Span, out: &mut Vec<Diagnostic>) -> Option<Vec<Expr>> {
    match &node.kind {
        NodeKind::Broken => None,
        _ if nothing(node) => {
            let hold = if what.starts_with('`') { "holds" } else { "hold" };
            let finding = Diagnostic::new(Code::MissingKey, place, format!("{what} {hold} no bound"));
            out.push(finding.help("say where bands begin, ascending, as in `[0, 1_000, 10_000]`"));
            None
        }
        NodeKind::Sequence(items) => Some(items.iter().map(|item| values::expression(item, "a bound", out)).collect()),
        NodeKind::Scalar(text) => {
            let written = text.value().trim();
            let finding = Diagnostic::new(
                Code::WrongShape,
                node.span,
                format!("{what} must be a list of bounds, found `{written}`"),
            );
            let alone = written.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ',' | ' ' | '-'));
            out.push(match alone && text.span().range().len() == text.value().len() {
                true => finding.fix(format!("write `[{written}]`"), format!("[{written}]")),
                false => finding.help("write a list, ascending: `[0, 1_000, 10_000]`"),
            });
            None
        }
        NodeKind::Mapping(_) => {
            let finding = wrong_shape(node, what, "a list of bounds");
            let help = "write the bounds alone, ascending: `[0, 1_000, 10_000]`; `names:` says what bands are called";
            out.push(Diagnostic { helps: vec![help.to_owned()], ..finding });
            None
        }
    }
}

/// One name for each band; none where one of them cannot be read.
fn names(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Vec<Ident>> {
    let before = out.len();
    let names = values::names(node, "`names`", out);
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for name in &names {
        if let Some(first) = seen.insert(&name.text, name.span) {
            let message = format!("two bands are called `{}`", name.text);
            let finding = Diagnostic::new(Code::NameTaken, name.span, message).also(first, "first named here");
            out.push(finding.help("give one of the two another name"));
        }
    }
    (out.len() == before && !matches!(&node.kind, NodeKind::Broken)).then_some(names)
}

/// The names, if there are as many as bands.
fn counted(names: Vec<Ident>, bounds: &[Expr], span: Span, out: &mut Vec<Diagnostic>) -> Option<Vec<Ident>> {
    let bands = bounds.len() + 1;
    if names.len() == bands {
        return Some(names);
    }
    let bound = if bounds.len() == 1 { "bound makes" } else { "bounds make" };
    let name = if names.len() == 1 { "name is" } else { "names are" };
    let message = format!("{} {bound} {bands} bands, and {} {name} given", bounds.len(), names.len());
    let place = names.first().map_or(span, |name| name.span);
    let help = "name every band from the lowest on; the first one lies below the first bound";
    out.push(Diagnostic::new(Code::BadArgument, place, message).help(help));
    None
}
