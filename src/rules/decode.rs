//! From the YAML tree of a rule file to the model: shapes are decoded and conditions parsed, nothing is looked up.

use crate::catalog::decode::{partitions, values};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::model::{RuleFile, SegmentDef, TestsDef};
use crate::source::yaml::fields::{Fields, in_file_order, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::source::{FileId, Span};
use crate::syntax::ast::Ident;

mod cases;
mod keys;
mod split;
#[cfg(test)]
mod tests;

/// Keys of the catalogue that people look for in a rule file.
const CATALOG_KEYS: [&str; 6] = ["kohort", "timezone", "currency", "subject", "subjects", "include"];

/// Those that an included file may have too.
const DEFINITION_KEYS: [&str; 4] = ["tables", "attributes", "metrics", "needs"];

/// Reads a rule file. What is wrong goes to `out`; what cannot be read is left out.
pub fn decode(node: &Node, file: FileId, out: &mut Vec<Diagnostic>) -> RuleFile {
    let before = out.len();
    let rules = read(node, file, out);
    in_file_order(out, before);
    rules
}

fn read(node: &Node, file: FileId, out: &mut Vec<Diagnostic>) -> RuleFile {
    let Some(mut fields) = Fields::open(node, "the rule file", out) else {
        return RuleFile { file, segments: Vec::new(), partitions: Vec::new(), tests: TestsDef::default() };
    };
    let before = out.len();
    let written = fields.take("segments");
    let segments = written.map(|node| segments(node, out)).unwrap_or_default();
    let partitions = partitions::decode(&mut fields, out);
    let tests = cases::decode(&mut fields, out);
    for key in CATALOG_KEYS {
        fields.elsewhere(key, "it belongs in `catalog.yaml`");
    }
    for key in DEFINITION_KEYS {
        fields.elsewhere(key, "it belongs in `catalog.yaml`, or in a file that the catalogue names in `include:`");
    }
    fields.elsewhere("split", "a split divides one segment: write it below that, beside `when:`");
    fields.finish(out);
    if segments.is_empty()
        && partitions.is_empty()
        && tests.tests.is_empty()
        && out.len() == before
        && !matches!(written.map(|node| &node.kind), Some(NodeKind::Broken))
    {
        let span = written.map_or(Span::new(file, 0, 0), |node| node.span);
        out.push(
            Diagnostic::new(Code::Unused, span, "the file defines no segments")
                .help("write `segments:` and below it `name: { when: … }`, or remove the file"),
        );
    }
    RuleFile { file, segments, partitions, tests }
}

fn segments(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<SegmentDef> {
    if matches!(&node.kind, NodeKind::Sequence(_)) {
        let finding = wrong_shape(node, "`segments`", "keys with values");
        let help = "write each segment under its name: `jakarta_vip:` and below it `when: …`, without `-`".to_owned();
        out.push(Diagnostic { helps: vec![help], ..finding });
        return Vec::new();
    }
    let entries = values::named(node, "`segments`", out);
    entries.into_iter().filter_map(|(name, node)| segment(name, node, out)).collect()
}

fn segment(name: Ident, node: &Node, out: &mut Vec<Diagnostic>) -> Option<SegmentDef> {
    let what = format!("segment `{}`", name.text);
    if matches!(&node.kind, NodeKind::Scalar(_)) && !node.is_missing() {
        let when = values::expression(node, &what, out);
        return Some(SegmentDef::plain(name, when));
    }
    let mut fields = Fields::open(node, what, out)?.named_at(name.span);
    let label = fields.take("label").and_then(|node| values::plain_string(node, "`label`", out));
    let description = fields.take("description").and_then(|node| values::plain_string(node, "`description`", out));
    let owner = fields.take("owner").and_then(|node| values::plain_string(node, "`owner`", out));
    let tags = fields.take("tags").map(|node| values::strings(node, "`tags`", out)).unwrap_or_default();
    let of = fields.take("of").and_then(|node| values::name(node, "`of`", out));
    let within = fields.take("within").and_then(|node| values::path(node, "`within`", out));
    let when = match fields.require("when", "say who belongs to it: `when: spend_90d > 500`") {
        Some(node) => values::expression(node, "`when`", out),
        None => values::unreadable(name.span),
    };
    let include = fields.take("include").and_then(|node| keys::decode(node, "include", out));
    let exclude = fields.take("exclude").and_then(|node| keys::decode(node, "exclude", out));
    let place = fields.place("split").unwrap_or(name.span);
    let split = fields.take("split").and_then(|node| split::decode(node, place, out));
    fields.synonym("except", "exclude");
    fields.elsewhere("name", "the name is the key above; `label:` is what people call it");
    fields.finish(out);
    let plain = SegmentDef::plain(name, when);
    Some(SegmentDef { label, description, owner, tags, of, within, include, exclude, split, ..plain })
}
