//! An included file: tables made from others, attributes, metrics and groups, and what these need of a catalogue.

use super::{definitions, partitions, settings, tables, values};
use crate::catalog::model::{Fragment, Placed, TableDef, TableKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::Node;
use crate::source::yaml::fields::{Fields, in_file_order};
use crate::syntax::ast::Ident;

/// What only the catalogue of a project says.
const CATALOG_KEYS: [&str; 6] = ["timezone", "currency", "week_starts", "windows", "subject", "subjects"];

/// Reads an included file. What is wrong goes to `out`; none if it is no mapping.
pub fn decode(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Fragment> {
    let before = out.len();
    let fragment = read(node, out);
    in_file_order(out, before);
    fragment
}

fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Fragment> {
    let mut fields = Fields::open(node, "the included file", out)?;
    if fields.has("kohort") {
        settings::version(&mut fields, out);
    }
    let fragment = Fragment {
        description: fields.take("description").and_then(|node| values::plain_string(node, "`description`", out)),
        needs: fields.take("needs").map(|node| needs(node, out)).unwrap_or_default(),
        tables: fields.take("tables").map(|node| derived(tables::decode(node, out), out)).unwrap_or_default(),
        attributes: fields.take("attributes").map(|node| definitions::attributes(node, out)).unwrap_or_default(),
        metrics: fields.take("metrics").map(|node| definitions::metrics(node, out)).unwrap_or_default(),
        partitions: partitions::decode(&mut fields, out),
    };
    super::tests_elsewhere(&mut fields);
    for key in CATALOG_KEYS {
        fields.elsewhere(key, "the catalogue that includes the file says it");
    }
    fields.elsewhere("split", "a split divides one segment: write it below that, in a rule file");
    fields.elsewhere("include", "only `catalog.yaml` includes: name both files there");
    fields
        .elsewhere("segments", "segments stand in rule files, which are not included: remove the file from `include:`");
    fields.finish(out);
    Some(fragment)
}

/// `needs: { purchases: one row for each purchase }`
fn needs(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<(Ident, Placed<String>)> {
    let needed = values::named(node, "`needs`", out);
    let need = |(table, node): (Ident, &Node)| {
        let words = values::string(node, &format!("what `{}` must hold", table.text), out)?;
        Some((table, words))
    };
    needed.into_iter().filter_map(need).collect()
}

/// Tables made from others; those with rows of their own are refused.
fn derived(tables: Vec<TableDef>, out: &mut Vec<Diagnostic>) -> Vec<TableDef> {
    let (derived, own) = tables.into_iter().partition(|def| matches!(def.kind, TableKind::Derived(_)));
    let own: Vec<TableDef> = own;
    for def in own {
        let name = &def.name.text;
        let message = format!("table `{name}` is not made from another, and an included file only has such tables");
        let help = format!("ask for it instead, in words: `needs: {{ {name}: one row for each … }}`");
        let finding = Diagnostic::new(Code::WrongShape, def.name.span, message).help(help);
        out.push(finding.help("or name the table that it is made from: `from: …`"));
    }
    derived
}
