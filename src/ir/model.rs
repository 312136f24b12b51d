//! Tables, lookups, subjects and segments, resolved.

use std::sync::Arc;

use chrono_tz::Tz;

use crate::catalog::model::TimeForm;
use crate::source::Span;
use crate::syntax::ast::Duration;

use super::{NodeId, Type, ValueRows, Window};

macro_rules! id {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {
        $($(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
        impl $name {
            /// As an index.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        })+
    };
}

id! {
    /// A base table.
    BaseTableId;
    /// A set of rows.
    RowSetId;
    /// A table as rules see it.
    TableId;
    /// A lookup.
    LookupId;
    /// A kind of subject.
    SubjectId;
    /// A segment.
    SegmentId;
    /// An order of rows.
    OrderingId;
    /// A sequence.
    SequenceId;
    /// An order of subjects.
    RankingId;
    /// A list of values from a file.
    ListId;
    /// Groups of subjects of which nobody is in two.
    PartitionId;
}

/// A table with rows of its own: from data, or made by grouping rows of another.
#[derive(Clone, Debug)]
pub struct BaseTable {
    /// Its name in the catalogue.
    pub name: String,
    /// How its rows are made; none: they are data.
    pub grouping: Option<Grouping>,
    /// Every column that is declared or found, in the order of the data (declared order where there is no data).
    pub columns: Vec<BaseColumn>,
    /// When a row happened: an Instant in row scope. None: the table is timeless.
    pub time: Option<NodeId>,
    /// Per kind of subject the row's key, in row scope.
    pub subjects: Vec<(SubjectId, Vec<NodeId>)>,
    /// Row identity, as positions in `columns`; empty when not declared.
    pub id: Vec<u32>,
    /// Position of the version column.
    pub version: Option<u32>,
    /// Zone of zoneless timestamps.
    pub timezone: Tz,
    /// Texts that stand for unknown; none: not said, and only the empty text of CSV is unknown.
    pub nulls: Option<Vec<String>>,
    /// Forms of dates and timestamps in columns that are text, tried in order before the ISO forms.
    pub times: Vec<TimeForm>,
    /// Which floating-point values that are no numbers are unknown.
    pub not_a_number: NonFinite,
    /// Rows that cannot be read are left out and counted; otherwise the first is an error.
    pub skips_bad_rows: bool,
}

/// What becomes of the floating-point values that are no numbers: unknown where the catalogue's `nulls:` lists them, an
/// error otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NonFinite {
    /// Not-a-number is unknown: `nulls:` lists `NaN`.
    pub nan_is_unknown: bool,
    /// Both infinities are unknown: `nulls:` lists `inf`, `infinity` or one of them with a sign.
    pub infinity_is_unknown: bool,
}

impl NonFinite {
    /// What the texts of `nulls:` say, in any case.
    pub fn of(nulls: &[String]) -> Self {
        let unsigned = |text: &String| text.trim_start_matches(['+', '-']).to_lowercase();
        let any = |words: &[&str]| nulls.iter().map(unsigned).any(|text| words.contains(&text.as_str()));
        NonFinite { nan_is_unknown: any(&["nan"]), infinity_is_unknown: any(&["inf", "infinity"]) }
    }
}

/// A column of a base table.
#[derive(Clone, Debug)]
pub struct BaseColumn {
    /// Our name.
    pub name: String,
    /// The data's name.
    pub source_name: String,
    /// What it holds for the language; `None` when the language has no such type (or none is known), and nothing uses it.
    pub kind: Option<ColumnKind>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// true, false.
    Bool,
    /// A whole number of at most so many digits.
    Integer {
        /// 1 to 20.
        digits: u8,
    },
    /// A decimal.
    Decimal {
        /// Significant digits, 1 to 76.
        digits: u8,
        /// Digits after the point.
        scale: i8,
    },
    /// Text.
    Text,
    /// A day.
    Date,
    /// An instant, or a local time in the table's zone.
    Timestamp,
    /// A list of text.
    TextList,
}

impl ColumnKind {
    /// Its type in the language.
    pub fn ty(self) -> Type {
        match self {
            ColumnKind::Bool => Type::Bool,
            ColumnKind::Integer { .. } | ColumnKind::Decimal { .. } => Type::Number,
            ColumnKind::Text => Type::Text,
            ColumnKind::Date => Type::Date,
            ColumnKind::Timestamp => Type::Instant,
            ColumnKind::TextList => Type::TextList,
        }
    }
}

/// How a table by grouping is made: one row for each subject and key.
///
/// Its columns are the key of its subject, the keys that it is grouped by, then what is made of each group. Its row id is the
/// keys that it is grouped by.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// Whose rows are grouped.
    pub subject: SubjectId,
    /// Which rows.
    pub rows: RowSetId,
    /// Which of them by value: a Bool in row scope that must be true.
    pub filter: Option<NodeId>,
    /// In row scope: the subject's key, then the keys grouped by. Unknowns are equal here.
    pub keys: Vec<NodeId>,
    /// In the group's scope: what each column is, the keys included.
    pub columns: Vec<NodeId>,
}

/// The query of a base table by SQL.
#[derive(Clone, Debug)]
pub struct SqlTable {
    /// The table.
    pub base: BaseTableId,
    /// The query.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// The tables that it reads, as they are up to T, by the names that it has for them.
    pub reads: Vec<(String, TableId)>,
}

/// The rows of a table in order, for each subject by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ordering {
    /// Whose rows.
    pub subject: SubjectId,
    /// Which rows.
    pub rows: RowSetId,
    /// Which of them by value: a Bool in row scope that must be true.
    pub filter: Option<NodeId>,
}

/// Rows of a subject one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sequence {
    /// Whose rows.
    pub subject: SubjectId,
    /// Two or more; the first is not `never`.
    pub steps: Vec<SequenceStep>,
    /// Every matched row lies in it.
    pub window: Option<Window>,
    /// From the first matched row to the last, at most.
    pub within: Option<Duration>,
}

/// A step of a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SequenceStep {
    /// There must be no such row, in the time that `within` gives; without it, until the next step's row or T.
    pub never: bool,
    /// How long after the row of the step before that is not `never`, at most.
    pub within: Option<Duration>,
    /// Which rows.
    pub rows: RowSetId,
    /// Which of them by value: a Bool in row scope that must be true.
    pub filter: Option<NodeId>,
    /// Which of them by time.
    pub window: Option<Window>,
    /// What they must have to do with rows matched before: a Bool in row scope over [`super::Node::Earlier`] too.
    pub joined: Option<NodeId>,
}

/// A set of rows, each a row of one base table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RowSet {
    /// All rows of a base table that exist at T, equal rows of one id once.
    Base(BaseTableId),
    /// Of the rows of another set that pass the filter, the first in row order of those equal in the keys.
    Distinct {
        /// The other set.
        of: RowSetId,
        /// A Bool in row scope that must be true.
        filter: Option<NodeId>,
        /// In row scope; unknowns are equal here.
        keys: Vec<NodeId>,
    },
}

/// A table as rules see it, base or derived: rows of a set that pass a filter, with named columns.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The base table its rows come from in the end.
    pub base: BaseTableId,
    /// Its rows before the filter.
    pub rows: RowSetId,
    /// A Bool in row scope that must be true.
    pub filter: Option<NodeId>,
    /// Column names and what they are, in row scope.
    pub columns: Vec<(String, NodeId)>,
    /// Lookup names.
    pub lookups: Vec<(String, LookupId)>,
}

/// A many-to-one lookup from rows of one base table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lookup {
    /// Its name, for messages and plans.
    pub name: String,
    /// Keys in the scope of the row that looks up.
    pub keys: Vec<NodeId>,
    /// The table found.
    pub target: TableId,
    /// The target's id columns, in the scope of the target's rows.
    pub target_keys: Vec<NodeId>,
}

/// A kind of subject.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its table, if it has one; without, the subjects are the distinct known keys of the tables that name it.
    pub table: Option<TableId>,
    /// Names of the key columns in results.
    pub key_names: Vec<String>,
    /// Types of the key columns.
    pub key_types: Vec<Type>,
    /// Key columns in the scope of the subject table's rows; empty without a table.
    pub keys: Vec<NodeId>,
}

/// A segment.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: Option<String>,
    /// Its kind of subject.
    pub subject: SubjectId,
    /// The broader segment.
    pub within: Option<SegmentId>,
    /// The partition whose group it is; its name then has a dot.
    pub part_of: Option<PartitionId>,
    /// Members are those for whom it is true: a Bool in the subject's scope, the broader segment included.
    pub condition: NodeId,
    /// Where its name stands.
    pub span: Span,
}

/// Subjects in order of a value, ascending, equal ones by ascending key; each group by itself.
///
/// Its population are the subjects whose value is known and for whom `among` is true.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ranking {
    /// Which subjects.
    pub subject: SubjectId,
    /// By what: in the subject's scope, of any type but text, lists and Bool.
    pub by: NodeId,
    /// A Bool in the subject's scope that must be true.
    pub among: Option<NodeId>,
    /// In the subject's scope; unknowns are equal here.
    pub per: Option<NodeId>,
}

/// What is made of a ranking. Outside the population unknown, unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RankForm {
    /// 1 to so many, as even as can be, the larger tiles first. Number.
    Tile(u32),
    /// ceil(so many × the share of the population with a value of at most this one). Number.
    Score(u32),
    /// The share of the others in the population with a smaller value; 0 in a population of one. Number, a ratio.
    PercentRank,
    /// Linear interpolation at rank p/100 × (n − 1) of the population's values; p in millionths (50% is 50 000 000). Number, known
    /// outside the population too, unknown where that is empty.
    Percentile(u32),
    /// Whether it is among the so many highest. Bool, never unknown.
    Highest(RankCount),
    /// Whether it is among the so many lowest. Bool, never unknown.
    Lowest(RankCount),
}

/// How many are at an end of a ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RankCount {
    /// So many.
    Number(u64),
    /// ceil(p% of the population), p in millionths (10% is 10 000 000).
    Share(u32),
}

/// Values of a file, all of one type.
#[derive(Clone, Debug)]
pub struct List {
    /// The file's name, for messages; none: the values are written out.
    pub file: Option<String>,
    /// Where it is named.
    pub span: Span,
    /// For each row one value for each part of a key, or one value. In file order, each once.
    pub rows: Arc<ValueRows>,
    /// Of a list of keys: whose. Keys that no subject has are reported.
    pub keys_of: Option<SubjectId>,
}

/// Groups of subjects of which nobody is in two.
#[derive(Clone, Debug)]
pub struct Partition {
    /// Its name, that of the groups before the dot.
    pub name: String,
    /// What people call it.
    pub label: Option<String>,
    /// Of which kind of subject.
    pub subject: SubjectId,
    /// The broader segment.
    pub within: Option<SegmentId>,
    /// The groups in order.
    pub parts: Vec<SegmentId>,
    /// How its groups are told.
    pub form: PartitionForm,
    /// Where its name stands.
    pub span: Span,
}

/// How the groups of a partition are told.
#[derive(Clone, Debug)]
pub enum PartitionForm {
    /// Conditions in order.
    Tiers,
    /// Bounds of a number, date or duration.
    Bands,
    /// Values of a closed attribute.
    Values,
    /// Cells of scores.
    Chart(Chart),
    /// Chance.
    Split,
}

/// A chart of scores.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Name and value, a whole Number from 1 to `scale`; two or three.
    pub scores: Vec<(String, NodeId)>,
    /// 2 to 9.
    pub scale: u32,
    /// The group of each cell, as a position among the parts; the last score counts up first. None: nobody's.
    pub cells: Vec<Option<u32>>,
}

/// An attribute whose cut points are computed on request.
#[derive(Clone, Debug)]
pub struct Frozen {
    /// Its name.
    pub name: String,
    /// Its definition, in its one written form.
    pub definition: String,
    /// What it is when it is computed anew.
    pub ranking: RankingId,
    /// What is made of the ranking.
    pub form: RankForm,
    /// Where its name stands.
    pub span: Span,
}
