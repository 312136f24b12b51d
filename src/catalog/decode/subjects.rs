//! `subject:`, `subjects:` and lookups.

use super::values;
use crate::catalog::model::{LookupDef, SubjectDef};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::fields::{self, Fields};
use crate::source::yaml::{Node, NodeKind};
use crate::source::{Span, Text};
use crate::syntax::ast::Ident;
use crate::syntax::{parse_name, parse_path};

/// The kinds of subject, from `subject:` or `subjects:`.
pub(super) fn decode(catalog: &mut Fields<'_>, root: &Node, out: &mut Vec<Diagnostic>) -> Vec<SubjectDef> {
    match (catalog.take("subject"), catalog.take("subjects")) {
        (Some(one), None) => single(one, out).into_iter().collect(),
        (None, Some(several)) => {
            let empty = matches!(&several.kind, NodeKind::Mapping(entries) if entries.is_empty());
            if empty || several.is_missing() {
                let finding = Diagnostic::new(Code::MissingKey, several.span, "`subjects` names no kind of subject");
                out.push(finding.help("name one and its key: `subjects: { customer: { key: customer_id } }`"));
            }
            let named = values::named(several, "`subjects`", out);
            named.into_iter().filter_map(|(name, node)| member(name, node, out)).collect()
        }
        (Some(one), Some(several)) => {
            out.push(
                Diagnostic::new(Code::WrongShape, several.span, "both `subject` and `subjects` are written")
                    .also(one.span, "`subject`")
                    .help("one kind of subject stands in `subject:`, several stand in `subjects:`"),
            );
            Vec::new()
        }
        (None, None) if catalog.has("subject") || catalog.has("subjects") => Vec::new(),
        (None, None) => {
            let span = Span { end: root.span.start, ..root.span };
            out.push(
                Diagnostic::new(Code::MissingKey, span, "the catalogue lacks the key `subject`")
                    .help("say what the groups are made of: `subject: { name: customer, key: customer_id }`"),
            );
            Vec::new()
        }
    }
}

fn single(node: &Node, out: &mut Vec<Diagnostic>) -> Option<SubjectDef> {
    if let NodeKind::Scalar(text) = &node.kind
        && !node.is_missing()
    {
        let help = format!("write `subject: {{ name: customer, key: {} }}`", text.value());
        out.push(Diagnostic { helps: vec![help], ..fields::wrong_shape(node, "`subject`", "keys with values") });
        return None;
    }
    let mut fields = Fields::open(node, "`subject`", out)?;
    let name = fields.require("name", "name one of them: `name: customer`");
    let name = name.and_then(|node| values::name(node, "`name`", out));
    finish(name, fields, out)
}

fn member(name: Ident, node: &Node, out: &mut Vec<Diagnostic>) -> Option<SubjectDef> {
    let mut fields = Fields::open(node, format!("subject `{}`", name.text), out)?.named_at(name.span);
    fields.elsewhere("name", "the name is the key above; remove `name:`");
    finish(Some(name), fields, out)
}

fn finish(name: Option<Ident>, mut fields: Fields<'_>, out: &mut Vec<Diagnostic>) -> Option<SubjectDef> {
    let table = fields.take("table").and_then(|node| values::name(node, "`table`", out));
    let key = fields.require("key", "say which column tells them apart: `key: customer_id`");
    let key = key.map(|node| values::names(node, "`key`", out)).unwrap_or_default();
    let lookups = fields.take("lookups").map(|node| lookups(node, out)).unwrap_or_default();
    fields.finish(out);
    let name = name.filter(|_| !key.is_empty())?;
    Some(SubjectDef { name, table, key, lookups })
}

/// `lookups: { product: sku -> products }`
pub(super) fn lookups(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<LookupDef> {
    let mut found = Vec::new();
    let Some(entries) = fields::mapping(node, "`lookups`", out) else { return found };
    let mut at = 0;
    while let Some((key, value)) = entries.get(at) {
        at += 1;
        let NodeKind::Scalar(name) = &key.kind else { continue };
        // `{ line: invoice, line_no -> lines }`: YAML split the keys at the comma.
        if let Some((rest, _)) = entries.get(at).filter(|(_, value)| value.is_missing())
            && let (NodeKind::Scalar(first), NodeKind::Scalar(last)) = (&value.kind, &rest.kind)
            && last.value().contains("->")
        {
            out.push(split_lookup(first, last));
            at += 1;
            continue;
        }
        let name = parse_name(name, out);
        let what = format!("lookup `{}`", name.as_ref().map_or("", |name| &name.text));
        if matches!(&value.kind, NodeKind::Sequence(_) | NodeKind::Mapping(_)) {
            let help = "write it as text: `product: sku -> products`".to_owned();
            out.push(Diagnostic { helps: vec![help], ..fields::wrong_shape(value, &what, "text") });
            continue;
        }
        found.extend(fields::text(value, &what, out).and_then(|text| lookup(name, text, out)));
    }
    found
}

fn split_lookup(first: &Text, last: &Text) -> Diagnostic {
    let whole = format!("{}, {}", first.value(), last.value());
    Diagnostic::new(Code::YamlChangesRule, first.span().to(last.span()), format!("YAML cuts `{whole}` at `,`"))
        .label(format!("YAML reads only `{}`", first.value()))
        .fix(format!("put all of it in quotes: '{whole}'"), format!("'{whole}'"))
}

/// `a, b -> table`
fn lookup(name: Option<Ident>, text: &Text, out: &mut Vec<Diagnostic>) -> Option<LookupDef> {
    let value = text.value();
    let Some(arrow) = value.find("->") else {
        let message = format!("expected `column -> table`, found `{value}`");
        out.push(
            Diagnostic::new(Code::WrongShape, text.span(), message)
                .help("say which column leads to which table: `product: sku -> products`"),
        );
        return None;
    };
    let mut keys = Vec::new();
    let mut sound = true;
    let mut start = 0;
    for column in value.get(..arrow)?.split(',') {
        let key = parse_path(&text.part(start, start + column.len()), out);
        sound &= key.is_some();
        keys.extend(key);
        start += column.len() + 1;
    }
    let table = parse_name(&text.part(arrow + 2, value.len()), out);
    Some(LookupDef { name: name?, keys: Some(keys).filter(|_| sound)?, table: table? })
}
