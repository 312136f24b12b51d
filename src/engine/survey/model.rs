//! The answer of a survey.

use crate::diagnostic::Diagnostic;
use crate::ir::ColumnKind;

/// What was found in every table at hand.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Survey {
    /// Tables in the order of the catalogue, derived ones among them.
    pub tables: Vec<TableSurvey>,
    /// Data that is not there: its tables are left out, and so is what could be said of others only with it.
    pub missing: Vec<Diagnostic>,
    /// Data that contradicts the catalogue, such as unequal rows with one id: its tables are surveyed as they stand.
    pub conflicts: Vec<Diagnostic>,
    /// The last known time of all rows, in microseconds of UTC: what derived tables are seen as of. None when no table
    /// has a known time, or no derived table was asked about.
    pub last_time: Option<i64>,
}

/// One table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableSurvey {
    /// Its name in the catalogue.
    pub name: String,
    /// The table it is derived from.
    pub from: Option<String>,
    /// Rows as they are read; skipped ones are not among them, and of rows that share an id only the one that counts is.
    /// Rows of a derived table are those that exist at [`Survey::last_time`].
    pub rows: u64,
    /// Rows that cannot be read and are left out (`on_error: skip`).
    pub skipped: u64,
    /// First and last time, in microseconds of UTC; none: the table has no time, or no row has a known one.
    pub span: Option<(i64, i64)>,
    /// Rows of unknown time; 0 in a table without time, and in a derived one: such rows do not exist.
    pub timeless: u64,
    /// For each kind of subject that the rows name; kinds whose table is not at hand are left out.
    pub subjects: Vec<SubjectSurvey>,
    /// Columns in the order of the data; of a derived table those that it adds.
    pub columns: Vec<ColumnSurvey>,
}

/// How the rows of a table relate to one kind of subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectSurvey {
    /// The kind.
    pub kind: String,
    /// Rows without a key.
    pub anonymous: u64,
    /// Rows whose key the subject table lacks; 0 where the kind has no table.
    pub orphans: u64,
}

/// One column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnSurvey {
    /// Our name.
    pub name: String,
    /// The data's name.
    pub source_name: String,
    /// What it holds for the language; none: the language has no such type.
    pub kind: Option<ColumnKind>,
    /// Its type in the data, as a reader would write it: `text`, `floating point`, `list of Int32`; of a derived column
    /// the type of its values.
    pub found: String,
    /// The catalogue declares its type.
    pub declared: bool,
    /// Rows where it is unknown.
    pub unknown: u64,
    /// How many different known values there are; exact up to 10,000, above that within a few percent. 0 for a type
    /// whose values cannot be told apart.
    pub distinct: u64,
    /// All of them with how often each occurs, most frequent first, when there are at most 24 (of a type that is text,
    /// bool or integer).
    pub values: Option<Vec<ValueCount>>,
    /// The least and the greatest known value, as text: times as local times of the project's zone, ratios rounded at 12
    /// places. None for lists, and where no value is known.
    pub range: Option<(String, String)>,
    /// Of floating point without a declared scale: the most digits after the point that a value has in its shortest text.
    pub scale: Option<u16>,
    /// Of floating point without a declared scale: values that are no numbers, which are not-a-number and the infinities.
    pub not_finite: u64,
}

/// A value and how often it occurs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueCount {
    /// As text.
    pub value: String,
    /// Rows that have it.
    pub rows: u64,
}
