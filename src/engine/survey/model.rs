//! The answer of a survey.

use crate::ir::ColumnKind;

/// What was found in every table at hand.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Survey {
    /// Tables in the order of the catalogue, derived ones among them.
    pub tables: Vec<TableSurvey>,
}

/// One table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSurvey {
    /// Its name in the catalogue.
    pub name: String,
    /// The table it is derived from.
    pub from: Option<String>,
    /// Rows as they are read; skipped ones are not among them.
    pub rows: u64,
    /// Rows that cannot be read and are left out (`on_error: skip`).
    pub skipped: u64,
    /// First and last time, in microseconds of UTC; none: the table has no time, or no row has a known one.
    pub span: Option<(i64, i64)>,
    /// Rows of unknown time; 0 in a table without time.
    pub timeless: u64,
    /// For each kind of subject that the rows name.
    pub subjects: Vec<SubjectSurvey>,
    /// Columns in the order of the data.
    pub columns: Vec<ColumnSurvey>,
}

/// How the rows of a table relate to one kind of subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectSurvey {
    /// The kind.
    pub kind: String,
    /// Rows without a key.
    pub anonymous: u64,
    /// Rows whose key the subject table lacks; 0 where the kind has no table.
    pub orphans: u64,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnSurvey {
    /// Our name.
    pub name: String,
    /// The data's name.
    pub source_name: String,
    /// What it holds for the language; none: the language has no such type.
    pub kind: Option<ColumnKind>,
    /// Its type in the data, as a reader would write it: `text`, `floating point`, `list of Int32`.
    pub found: String,
    /// The catalogue declares its type.
    pub declared: bool,
    /// Rows where it is unknown.
    pub unknown: u64,
    /// How many different known values there are; exact up to 10,000, above that within a few percent.
    pub distinct: u64,
    /// All of them with how often each occurs, most frequent first, when there are at most 24 (of a type that is text,
    /// bool or integer).
    pub values: Option<Vec<ValueCount>>,
    /// The least and the greatest known value, as text.
    pub range: Option<(String, String)>,
}

/// A value and how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueCount {
    /// As text.
    pub value: String,
    /// Rows that have it.
    pub rows: u64,
}
