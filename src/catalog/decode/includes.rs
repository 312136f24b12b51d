//! `include:` of the catalogue: files and libraries whose definitions become the catalogue's own.

use super::values;
use crate::catalog::model::{Include, IncludeOrigin, Placed};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Text;
use crate::source::yaml::fields::{self, Fields, wrong_shape};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::ast::Ident;

/// Everything that is included, in file order; one alone needs no list. None stands for one that cannot be read.
pub(super) fn decode(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<Option<Include>> {
    match &node.kind {
        NodeKind::Sequence(items) => items.iter().map(|item| include(item, out)).collect(),
        _ => vec![include(node, out)],
    }
}

fn include(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Include> {
    match &node.kind {
        NodeKind::Mapping(_) => detailed(node, out),
        NodeKind::Sequence(_) => {
            let help = "write each under a `-` of its own: `- rhythm`, or `- { library: rhythm, with: … }`".to_owned();
            out.push(Diagnostic { helps: vec![help], ..wrong_shape(node, "an item of `include`", "text") });
            None
        }
        _ => {
            let text = fields::text(node, "`include`", out)?;
            Some(Include { origin: named(text), with: Vec::new(), except: Vec::new() })
        }
    }
}

/// A name alone: what ends as files of YAML do is a file.
fn named(text: &Text) -> Placed<IncludeOrigin> {
    let name = text.value().trim().to_owned();
    let is_file = [".yaml", ".yml"].iter().any(|ending| name.ends_with(ending));
    let value = if is_file { IncludeOrigin::File(name) } else { IncludeOrigin::Library(name) };
    Placed { value, span: text.span() }
}

/// `{ library: rhythm, with: { purchases: sales }, except: [overdue] }`
fn detailed(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Include> {
    let mut fields = Fields::open(node, "an item of `include`", out)?;
    let written = fields.has("library") || fields.has("file");
    let library = fields.take("library");
    let file = fields.take("file");
    let with = fields.take("with").map(|node| with(node, out)).unwrap_or_default();
    let except = fields.take("except").map(|node| values::names(node, "`except`", out)).unwrap_or_default();
    fields.synonym("path", "file");
    fields.synonym("name", "library");
    fields.synonym("without", "except");
    let place = fields.place("file");
    fields.finish(out);
    let origin = match (library, file, place) {
        (Some(library), Some(_), Some(place)) => {
            let message = "an item of `include` is a library or a file, not both";
            let help = "write two items, one for each";
            out.push(Diagnostic::new(Code::WrongShape, place, message).also(library.span, "a library").help(help));
            return None;
        }
        (Some(library), _, _) => {
            values::string(library, "`library`", out).map(|name| placed(name, IncludeOrigin::Library))
        }
        (None, Some(file), _) => values::string(file, "`file`", out).map(|path| placed(path, IncludeOrigin::File)),
        (None, None, _) => {
            if !written {
                let message = "an item of `include` names neither a library nor a file";
                let help = "write `library: rhythm` for one that ships with kohort, or `file: shared/metrics.yaml`";
                let first = match &node.kind {
                    NodeKind::Mapping(entries) => entries.first().map(|(key, _)| key.span),
                    _ => None,
                };
                out.push(Diagnostic::new(Code::MissingKey, first.unwrap_or(node.span), message).help(help));
            }
            None
        }
    };
    Some(Include { origin: origin?, with, except })
}

fn placed(text: Placed<String>, origin: fn(String) -> IncludeOrigin) -> Placed<IncludeOrigin> {
    Placed { value: origin(text.value.trim().to_owned()), span: text.span }
}

/// `with: { purchases: sales }`: the library's name of a table, then the catalogue's.
fn with(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<(Ident, Ident)> {
    let tables = values::named(node, "`with`", out);
    let table = |(theirs, node): (Ident, &Node)| {
        let ours = values::name(node, &format!("the table for `{}`", theirs.text), out)?;
        Some((theirs, ours))
    };
    tables.into_iter().filter_map(table).collect()
}
