//! What a file says, whatever it looks like: by this a catalogue is compared with what it should have become.

use super::{Addition, name_of};
use crate::source::yaml::{Node, NodeKind};
use crate::syntax::print_name;

/// A YAML tree without places and styles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing written, or a word that says so.
    Missing,
    Scalar(String),
    Sequence(Vec<Shape>),
    /// In file order.
    Mapping(Vec<(String, Shape)>),
    Broken,
}

impl Shape {
    pub fn of(node: &Node) -> Shape {
        match &node.kind {
            _ if node.is_missing() => Shape::Missing,
            NodeKind::Scalar(text) => Shape::Scalar(text.value().to_owned()),
            NodeKind::Sequence(items) => Shape::Sequence(items.iter().map(Shape::of).collect()),
            NodeKind::Mapping(entries) => {
                let key = |key: &Node| match &key.kind {
                    NodeKind::Scalar(text) => text.value().to_owned(),
                    _ => String::new(),
                };
                Shape::Mapping(entries.iter().map(|(name, value)| (key(name), Shape::of(value))).collect())
            }
            NodeKind::Broken => Shape::Broken,
        }
    }

    /// Makes an addition; none if there is no place for it.
    pub fn add(&mut self, addition: &Addition) -> Option<()> {
        match addition {
            Addition::Types { table, columns } => {
                let table = self.named("tables", table)?;
                let columns = columns.iter().map(|(name, ty)| (print_name(name), Shape::Scalar(ty.to_string())));
                let entries = table.entries()?;
                if !entries.iter().any(|(key, _)| key == "types") {
                    entries.insert(beneath(entries, "source"), ("types".to_owned(), Shape::Missing));
                }
                let (_, types) = entries.iter_mut().find(|(key, _)| key == "types")?;
                types.entries()?.extend(columns);
            }
            Addition::Values { attribute, values } => {
                let attribute = self.named("attributes", attribute)?;
                if let Shape::Scalar(_) = attribute {
                    let is = std::mem::replace(attribute, Shape::Missing);
                    *attribute = Shape::Mapping(vec![("is".to_owned(), is)]);
                }
                let entries = attribute.entries()?;
                let values = values.iter().map(|value| Shape::Scalar(value.clone())).collect();
                entries.insert(beneath(entries, "is"), ("values".to_owned(), Shape::Sequence(values)));
            }
        }
        Some(())
    }

    /// The entry of a name in a part of the file.
    fn named(&mut self, part: &str, name: &str) -> Option<&mut Shape> {
        let (_, part) = self.entries()?.iter_mut().find(|(key, _)| key == part)?;
        part.entries()?.iter_mut().find(|(key, _)| name_of(key) == name).map(|(_, value)| value)
    }

    /// The entries of a mapping; what is missing becomes one.
    fn entries(&mut self) -> Option<&mut Vec<(String, Shape)>> {
        if let Shape::Missing = self {
            *self = Shape::Mapping(Vec::new());
        }
        match self {
            Shape::Mapping(entries) => Some(entries),
            _ => None,
        }
    }
}

/// Where something new stands: beneath this key, or last.
fn beneath(entries: &[(String, Shape)], key: &str) -> usize {
    entries.iter().position(|(name, _)| name == key).map_or(entries.len(), |at| at + 1)
}
