//! `include:` and `exclude:` of a segment: keys of subjects, written out or in a file.

use crate::catalog::decode::values;
use crate::catalog::model::KeyList;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::fields::{Fields, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::ast::FileName;

/// Reads the keys of `key`; none if there are none to read.
pub(super) fn decode(node: &Node, key: &str, out: &mut Vec<Diagnostic>) -> Option<KeyList> {
    match &node.kind {
        NodeKind::Mapping(_) => file(node, key, out).map(KeyList::File),
        NodeKind::Sequence(items) if items.is_empty() => {
            let finding = Diagnostic::new(Code::WrongShape, node.span, format!("`{key}` is an empty list"));
            out.push(finding.help("list the keys of those who are meant, or remove the key"));
            None
        }
        NodeKind::Sequence(items) => {
            let nested = |item: &&Node| matches!(&item.kind, NodeKind::Sequence(_) | NodeKind::Mapping(_));
            if let Some(item) = items.iter().find(nested) {
                let finding = wrong_shape(item, &format!("an item of `{key}`"), "a key");
                let help = format!(
                    "keys of several parts stand in a file with a column for each: `{key}: {{ file: keys.csv }}`"
                );
                out.push(Diagnostic { helps: vec![help], ..finding });
                return None;
            }
            listed(node, key, out)
        }
        NodeKind::Scalar(text) if is_file(text.value()) => {
            let name = text.value().trim();
            let message = format!("`{key}` lists keys, and `{name}` is the name of a file");
            let raw =
                if text.span().range().len() == text.value().len() { name.to_owned() } else { format!("'{name}'") };
            let finding = Diagnostic::new(Code::WrongShape, node.span, message);
            out.push(finding.fix(format!("write `{{ file: {name} }}`"), format!("{{ file: {raw} }}")));
            None
        }
        NodeKind::Scalar(_) | NodeKind::Broken => listed(node, key, out),
    }
}

fn listed(node: &Node, key: &str, out: &mut Vec<Diagnostic>) -> Option<KeyList> {
    let keys = values::strings(node, &format!("`{key}`"), out);
    (!keys.is_empty()).then_some(KeyList::Values(keys))
}

/// Whether a text ends as files of values do.
fn is_file(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    [".csv", ".tsv", ".txt"].iter().any(|ending| text.ends_with(ending))
}

/// `{ file: lists/vips.csv }`
fn file(node: &Node, key: &str, out: &mut Vec<Diagnostic>) -> Option<FileName> {
    let mut fields = Fields::open(node, format!("`{key}`"), out)?;
    let file = fields.require("file", "name the file that holds the keys: `file: lists/vips.csv`");
    let file = file.and_then(|node| values::string(node, "`file`", out));
    fields.synonym("path", "file");
    fields.synonym("source", "file");
    fields.elsewhere("when", format!("`{key}:` only holds keys; conditions stand in `when:` of the segment"));
    fields.finish(out);
    let file = file?;
    Some(FileName { path: file.value.trim().to_owned(), span: file.span })
}
