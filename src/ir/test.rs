//! Tests of segments, checked: every name resolved, every value of its column's type.

use chrono::NaiveDate;

use super::{BaseTableId, Moment, SegmentId, Value};
use crate::source::Span;

/// A test of a rule file.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name, unique in its file.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// At least one; each adds rows to those of the steps before.
    pub steps: Vec<TestStep>,
}

/// A state of a test.
#[derive(Clone, Debug)]
pub struct TestStep {
    /// When it is; later than the step before.
    pub at: Moment,
    /// Where that is written.
    pub span: Span,
    /// Rows that come in addition, by table.
    pub given: Vec<TestRows>,
    /// What is expected, in the order of writing.
    pub expected: Vec<Expected>,
}

/// Rows of a base table.
#[derive(Clone, Debug)]
pub struct TestRows {
    /// The table.
    pub table: BaseTableId,
    /// For each row a cell for each column of the table.
    pub rows: Vec<Vec<Cell>>,
}

/// A value of a row, of its column's type; numbers are whole numbers of the column's smallest unit.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Unknown.
    Unknown,
    /// true, false.
    Bool(bool),
    /// A number without its point: `12.50` in a column of two digits after it is 1250.
    Number(i128),
    /// Text.
    Text(String),
    /// A day.
    Day(NaiveDate),
    /// A date or time in a column of instants; a day is its first instant.
    Time(Moment),
    /// A list of texts.
    Texts(Vec<String>),
}

/// Something that is expected of a segment.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The segment.
    pub segment: SegmentId,
    /// Where it is written.
    pub span: Span,
    /// What.
    pub what: Expecting,
}

/// What is expected of a segment.
#[derive(Clone, Debug)]
pub enum Expecting {
    /// These are its members, and nobody else.
    Exactly(Vec<TestKey>),
    /// These are among its members.
    Has(Vec<TestKey>),
    /// None of these is a member.
    Lacks(Vec<TestKey>),
    /// It has so many members.
    Count(u64),
    /// Exactly these became members since the step before.
    Entered(Vec<TestKey>),
    /// Exactly these were members at the step before and are not now.
    Left(Vec<TestKey>),
}

/// A subject's key.
#[derive(Clone, Debug)]
pub struct TestKey {
    /// Where it is written.
    pub span: Span,
    /// Its parts, in the order of the subject's key.
    pub parts: Vec<Value>,
}
