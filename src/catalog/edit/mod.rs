//! Adding to a catalogue's text: declared types and closed sets, written where a person would write them.
//!
//! The text is edited at places known from its tree, never printed anew: comments, order, quotes, indentation and line
//! ends stay as they are. What comes out is read again, and must be the same catalogue with just what was to be added;
//! if not, nothing is changed.
//!
//! ```text
//! customers: { source: customers.csv }   # from the till
//! customers: { source: customers.csv, types: { city: text } }   # from the till
//! ```

mod place;
mod scalar;
mod shape;
#[cfg(test)]
mod tests;

use super::decode::decode;
use super::model::{Catalog, ColumnType, TableKind};
use crate::diagnostic::Diagnostic;
use crate::source::yaml::{self, Node};
use crate::source::{FileId, Text};
use crate::syntax::{parse_name, print_name};

/// What is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addition {
    /// Types of columns that have none yet.
    Types {
        /// A table with rows of its own.
        table: String,
        /// Our names of columns, and what they hold; not empty.
        columns: Vec<(String, ColumnType)>,
    },
    /// The closed set of an attribute that has none yet.
    Values {
        /// The attribute.
        attribute: String,
        /// All values that can occur; not empty.
        values: Vec<String>,
    },
}

/// As somebody would write it in a catalogue.
impl std::fmt::Display for Addition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let quoted = |text: &str| scalar::scalar(text).unwrap_or_else(|| format!("{text:?}"));
        match self {
            Addition::Types { table, columns } => {
                let columns = columns.iter().map(|(name, ty)| format!("{}: {ty}", quoted(&print_name(name))));
                let columns = columns.collect::<Vec<_>>().join(", ");
                write!(f, "{}: {{ types: {{ {columns} }} }}", quoted(&print_name(table)))
            }
            Addition::Values { attribute, values } => {
                let values = values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", ");
                write!(f, "{}: {{ values: [{values}] }}", quoted(&print_name(attribute)))
            }
        }
    }
}

/// A catalogue with additions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The whole text.
    pub text: String,
    /// What changed, from top to bottom.
    pub changes: Vec<Change>,
}

/// A line that changed, or lines that came in beneath one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The line in the text before, from 1.
    pub line: usize,
    /// What it was; none: it stays, and the new lines stand beneath it.
    pub before: Option<String>,
    /// New lines.
    pub after: Vec<String>,
}

/// Why a catalogue cannot be added to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// It has mistakes.
    #[error("the catalogue has mistakes, and is only added to when it has none")]
    Broken,
    /// It lacks what is to be added to.
    #[error("the catalogue has no {what} `{name}` that could be added to")]
    NotThere {
        /// `table` or `attribute`.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// It is written in a way that is not edited.
    #[error("`{name}` is written in a way that is not added to by itself")]
    Shape {
        /// The table or attribute.
        name: String,
    },
    /// The text after would not mean the text before with the additions.
    #[error("the catalogue could not be added to without changing something else in it")]
    Differs,
}

/// The readable part of a catalogue: its tree and what it says.
struct Read {
    root: Node,
    catalog: Catalog,
}

/// Adds to a catalogue's text.
///
/// # Errors
/// [`EditError`]; the text has mistakes, lacks what is to be added to, or is written in a way that is not edited.
pub fn add(text: &str, additions: &[Addition]) -> Result<Edited, EditError> {
    let before = read(text).ok_or(EditError::Broken)?;
    let mut edits = Vec::new();
    let mut expected = shape::Shape::of(&before.root);
    for addition in additions {
        edits.push(place::edit(text, &before.root, addition)?);
        expected.add(addition).ok_or(EditError::Differs)?;
    }
    let edited = place::apply(text, edits);
    let after = read(&edited.text).ok_or(EditError::Differs)?;
    let sound = shape::Shape::of(&after.root) == expected && additions.iter().all(|one| says(&after.catalog, one));
    if sound { Ok(edited) } else { Err(EditError::Differs) }
}

fn read(text: &str) -> Option<Read> {
    let mut found = Vec::new();
    let root = yaml::parse(FileId(0), text, &mut found)?;
    let catalog = decode(&root, &mut found)?;
    (!found.iter().any(Diagnostic::is_error)).then_some(Read { root, catalog })
}

/// Whether a catalogue says what was to be added.
fn says(catalog: &Catalog, addition: &Addition) -> bool {
    match addition {
        Addition::Types { table, columns } => catalog.tables.iter().filter(|def| def.name.text == *table).any(|def| {
            let TableKind::Source(source) = &def.kind else { return false };
            let declared = |name: &str| source.types.iter().find(|(column, _)| column.text == name);
            columns.iter().all(|(name, ty)| declared(name).is_some_and(|(_, declared)| declared.value == *ty))
        }),
        Addition::Values { attribute, values } => {
            let mut named = catalog.attributes.iter().filter(|def| def.name.text == *attribute);
            named.any(|def| {
                let set = def.values.iter().flatten().map(|value| &value.value);
                set.eq(values)
            })
        }
    }
}

/// The name that a key of the catalogue stands for; backticks are no part of it.
fn name_of(key: &str) -> String {
    let text = Text::verbatim(FileId(0), 0, key);
    parse_name(&text, &mut Vec::new()).map_or_else(|| key.to_owned(), |name| name.text)
}
