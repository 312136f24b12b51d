//! What is known of the data before any of it is read: columns and their types, per table.

use std::collections::HashMap;
use std::fmt;

use crate::ir::ColumnKind;

/// The columns of every table whose data could be looked at. A table that is missing here is checked by its declared
/// `types:` alone.
#[derive(Clone, Debug, Default)]
pub struct Schemas {
    tables: HashMap<String, TableSchema>,
}

impl Schemas {
    /// Nothing is known: only declared types count.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says what the data of a table looks like.
    pub fn insert(&mut self, table: impl Into<String>, schema: TableSchema) {
        self.tables.insert(table.into(), schema);
    }

    /// The data of a table.
    pub fn get(&self, table: &str) -> Option<&TableSchema> {
        self.tables.get(table)
    }
}

/// The columns of a table's data, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableSchema {
    /// The columns.
    pub columns: Vec<SourceColumn>,
}

/// A column as the data has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceColumn {
    /// The data's name.
    pub name: String,
    /// What it holds.
    pub ty: SourceType,
    /// Whether values may be missing.
    pub nullable: bool,
}

/// What a column of data holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceType {
    /// A type that the language has.
    Kind(ColumnKind),
    /// Binary floating point: usable as a number once a scale is declared.
    Float,
    /// Values of a format without types (CSV, NDJSON), with the type that they suggest; any type may be declared, but a
    /// list only where there are lists.
    Untyped(ColumnKind),
    /// A type that the language does not have, by its name in the data.
    Other(String),
}

/// The name of a kind as it is declared: `decimal(2)`.
impl fmt::Display for ColumnKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ColumnKind::Bool => f.write_str("bool"),
            ColumnKind::Integer { .. } => f.write_str("integer"),
            ColumnKind::Decimal { scale, .. } => write!(f, "decimal({scale})"),
            ColumnKind::Text => f.write_str("text"),
            ColumnKind::Date => f.write_str("date"),
            ColumnKind::Timestamp => f.write_str("timestamp"),
            ColumnKind::TextList => f.write_str("list of text"),
        }
    }
}

impl fmt::Display for SourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SourceType::Kind(kind) => kind.fmt(f),
            SourceType::Float => f.write_str("floating point"),
            SourceType::Untyped(kind @ ColumnKind::TextList) => kind.fmt(f),
            SourceType::Untyped(_) => f.write_str("text"),
            SourceType::Other(name) => f.write_str(name),
        }
    }
}
