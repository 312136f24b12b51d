//! A rule file as read: shapes decoded, expressions parsed, nothing looked up yet.

use rust_decimal::Decimal;

use crate::catalog::model::{KeyList, PartitionDef, Placed};
use crate::source::{FileId, Span};
use crate::syntax::ast::{Expr, FileName, Ident, Path};

/// One rule file.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Its file.
    pub file: FileId,
    /// Segments in file order.
    pub segments: Vec<SegmentDef>,
    /// Tiers, bands, partitions and charts, in file order.
    pub partitions: Vec<PartitionDef>,
    /// What its rules are tested by.
    pub tests: TestsDef,
}

/// A segment.
#[derive(Clone, Debug)]
pub struct SegmentDef {
    /// Its name, unique in the project.
    pub name: Ident,
    /// `label:` what people call it.
    pub label: Option<String>,
    /// `description:`
    pub description: Option<String>,
    /// `owner:`
    pub owner: Option<String>,
    /// `tags:`
    pub tags: Vec<Placed<String>>,
    /// `of:` the kind of subject; the default kind when not said.
    pub of: Option<Ident>,
    /// `within:` the broader segment: a member must be a member of it too.
    pub within: Option<Path>,
    /// `when:` the condition; [`crate::syntax::ast::ExprKind::Error`] if it could not be read.
    pub when: Expr,
    /// `include:` keys of subjects that are members whatever the condition says; of the broader segment they must be members.
    pub include: Option<KeyList>,
    /// `exclude:` keys of subjects that are no members whatever else is said.
    pub exclude: Option<KeyList>,
    /// `split:` parts of the members by chance.
    pub split: Option<SplitDef>,
}

impl SegmentDef {
    /// A segment of a condition and nothing else.
    pub fn plain(name: Ident, when: Expr) -> Self {
        let (label, description, owner, of, within) = (None, None, None, None, None);
        let (include, exclude, split) = (None, None, None);
        SegmentDef { name, label, description, owner, tags: Vec::new(), of, within, when, include, exclude, split }
    }
}

/// `split: { salt: launch, a: 45%, b: 45%, holdout: 10% }`: disjoint samples of a segment's members, `in campaign.a`.
#[derive(Clone, Debug)]
pub struct SplitDef {
    /// Where it stands.
    pub span: Span,
    /// `salt:`
    pub salt: Placed<String>,
    /// The parts in order, with the number before the percent sign; together at most 100.
    pub parts: Vec<(Ident, Placed<Decimal>)>,
}

/// `tests:` and `test_defaults:` of a rule file.
#[derive(Clone, Debug, Default)]
pub struct TestsDef {
    /// `test_defaults:` for every test of the file.
    pub defaults: Vec<DefaultsDef>,
    /// `tests:` in file order.
    pub tests: Vec<TestDef>,
}

/// Values of a table's columns, for rows that do not give them.
#[derive(Clone, Debug)]
pub struct DefaultsDef {
    /// The table.
    pub table: Ident,
    /// Column by column.
    pub cells: Vec<CellDef>,
}

/// A test: rows, an instant, and who is found then.
#[derive(Clone, Debug)]
pub struct TestDef {
    /// `name:` unique in its file.
    pub name: Placed<String>,
    /// `defaults:` before those of the file.
    pub defaults: Vec<DefaultsDef>,
    /// What is said of `as_of:`, then `then:`; at least one.
    pub steps: Vec<StepDef>,
}

/// A state of a test: rows that are added, and what is found as of an instant.
#[derive(Clone, Debug)]
pub struct StepDef {
    /// Where it begins.
    pub span: Span,
    /// `as_of:` or `at:`, as written; none: it is missing, and that has been reported.
    pub at: Option<Placed<String>>,
    /// `given:`
    pub given: Vec<GivenDef>,
    /// `expect:`
    pub expect: Vec<ExpectDef>,
}

/// Rows of a table.
#[derive(Clone, Debug)]
pub struct GivenDef {
    /// The table.
    pub table: Ident,
    /// The rows.
    pub rows: RowsDef,
}

/// Rows, written out or in a file.
#[derive(Clone, Debug)]
pub enum RowsDef {
    /// One after the other.
    Written(Vec<RowDef>),
    /// A file with a first line of column names, relative to the rule file.
    File(FileName),
}

/// A row.
#[derive(Clone, Debug)]
pub struct RowDef {
    /// Where it stands.
    pub span: Span,
    /// Its columns; the others are those of the defaults, or unknown.
    pub cells: Vec<CellDef>,
}

/// A value of a row, not typed yet.
#[derive(Clone, Debug)]
pub struct CellDef {
    /// The column.
    pub column: Placed<String>,
    /// What it holds.
    pub value: Placed<CellValue>,
}

/// What a cell holds, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellValue {
    /// `null` or `~`.
    Unknown,
    /// `00017`: which type it is of, the column says.
    Text(String),
    /// `[a, b]`
    List(Vec<String>),
}

/// What is expected of a segment.
#[derive(Clone, Debug)]
pub struct ExpectDef {
    /// `jakarta_regulars`, `loyalty.gold`.
    pub segment: Path,
    /// In the order of writing; none: what was written could not be read, and that has been reported.
    pub what: Vec<(Span, Expectation)>,
}

/// Something that is expected of a segment's members.
#[derive(Clone, Debug)]
pub enum Expectation {
    /// `[C1, C2]`, `exactly:` these and nobody else.
    Exactly(Vec<KeyDef>),
    /// `has:` these, and perhaps others.
    Has(Vec<KeyDef>),
    /// `lacks:` none of these.
    Lacks(Vec<KeyDef>),
    /// `17`, `count:` so many.
    Count(u64),
    /// `entered:` exactly these are members who were not at the step before.
    Entered(Vec<KeyDef>),
    /// `left:` exactly these were members at the step before and are not now.
    Left(Vec<KeyDef>),
}

/// A subject's key, as written.
#[derive(Clone, Debug)]
pub struct KeyDef {
    /// Where it stands.
    pub span: Span,
    /// Its parts.
    pub parts: KeyParts,
}

/// The parts of a key.
#[derive(Clone, Debug)]
pub enum KeyParts {
    /// `C1`, or `[S1, 17]` in the order of the key.
    InOrder(Vec<Placed<String>>),
    /// `{ shop: S1, customer_no: 17 }`: the column and its value.
    Named(Vec<(Placed<String>, Placed<String>)>),
}
