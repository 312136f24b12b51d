//! Expressions and features.

use chrono::NaiveDateTime;

use crate::syntax::ast::{CompareOp, Direction, Duration, Period, TextOp, Unit};

use super::{
    BaseTableId, ListId, LookupId, OrderingId, RankForm, RankingId, RowSetId, SegmentId, SequenceId, SubjectId, Type,
    Value, Window,
};

/// An expression among [`super::Ir`]'s nodes. Operands always have smaller ids than what uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// A feature among [`super::Ir`]'s features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeatureId(pub u32);

/// A typed expression. Its type follows from its form; operands are already of the types said here.
///
/// Unless said otherwise a node is unknown where one of its operands is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    // Leaves.
    /// A constant.
    Constant(Value),
    /// A value that is always unknown.
    Unknown(Type),
    /// T. Instant.
    Now,
    /// The local date of T. Date.
    Today,
    /// T minus a duration, by the rule for window bounds (it never steps back). Instant.
    Ago(Duration),
    /// A local time in the project's zone, written out: the instant it is, by the calendar's rule for times that do not
    /// exist or exist twice. Instant.
    LocalTime(NaiveDateTime),
    /// A column of a base table's row, by position. Row scope.
    Column(BaseTableId, u32),
    /// A value of the row that a lookup finds: `value` is in the scope of the target's rows. Unknown without a match.
    Lookup(LookupId, NodeId),
    /// In a row's scope, a value in the scope of the subject that the row belongs to. Unknown for a row of nobody.
    OfSubject {
        /// The kind of subject.
        subject: SubjectId,
        /// The row's key for it, in row scope.
        keys: Vec<NodeId>,
        /// In the subject's scope.
        value: NodeId,
    },
    /// In a subject's scope, a value of the row of its own table; `value` is in that row's scope.
    SubjectValue(SubjectId, NodeId),
    /// In the scope of a subject without a table, a part of its key, by position. Never unknown.
    Key(SubjectId, u32),
    /// In the scope of a subject or of a group, what is counted about it.
    Feature(FeatureId),
    /// In the scope of a group, the value of a key, by position. Unknown is a value of keys.
    GroupKey(BaseTableId, u32),
    /// A number that tells a base table's row from every other one, also from those equal to it in all columns; which number
    /// is nobody's business. It ends row order where ids do not. Row scope.
    Ordinal(BaseTableId),
    /// The row's place among its subject's rows, from 1 on. Row scope. Number, unknown where the ordering lacks the row.
    Number(OrderingId),
    /// The time since the subject's row before it. Row scope. Duration, unknown for the first.
    Gap(OrderingId),
    /// Whether the subject's rows hold a sequence. Subject scope. Bool, never unknown.
    Sequence(SequenceId),
    /// What a ranking of subjects makes of this one. Subject scope. Its type is the form's.
    Rank(RankingId, RankForm),
    /// In the scope of a row tried for a step of a sequence, a value of the row that an earlier step has matched; `value`
    /// is in that row's scope.
    Earlier {
        /// Position among the sequence's steps.
        step: u32,
        /// In the scope of that step's rows.
        value: NodeId,
    },
    /// Membership of a segment of the same kind of subject. Bool, never unknown.
    Member(SegmentId),

    // Logic: Bool.
    /// Three-valued and of two or more.
    And(Vec<NodeId>),
    /// Three-valued or of two or more.
    Or(Vec<NodeId>),
    /// Three-valued not.
    Not(NodeId),
    /// Whether the operand, of any type, is known. Never unknown.
    IsKnown(NodeId),
    /// Whether a Bool is true. Never unknown.
    IsTrue(NodeId),

    // Comparison: Bool.
    /// Two operands of one type. Numbers by value, text by code point, false before true; lists not at all.
    Compare(CompareOp, NodeId, NodeId),
    /// Whether the operand equals one of the constants, all of its type.
    InSet(NodeId, Vec<Value>),
    /// Whether the operands, one for each part of a row, are among the rows of a list. Bool; folded case is the caller's.
    InRows(Vec<NodeId>, ListId),
    /// Compares two numbers of which one or both are given as the square root of the operand (see [`Root`]), exactly,
    /// through squares. A root of a negative number does not occur.
    CompareRoots(CompareOp, Root, Root),

    // Text.
    /// Unicode full case folding of a text. Text.
    FoldCase(NodeId),
    /// Lower case. Text.
    Lower(NodeId),
    /// Upper case. Text.
    Upper(NodeId),
    /// Number of code points. Number.
    Length(NodeId),
    /// A test of a text (first) against a text or pattern (second). `matches` and `like` patterns are usually constants;
    /// a pattern that is not valid is found by `check` where it is constant, and unknown where it is data. Bool.
    TextTest(TextOp, NodeId, NodeId),

    // Lists.
    /// Unicode full case folding of every element. TextList.
    FoldCaseList(NodeId),
    /// Whether at least `at_least` of the distinct texts (all operands known) are in the list. Bool.
    ListContains {
        /// TextList.
        list: NodeId,
        /// Text each.
        candidates: Vec<NodeId>,
        /// From 0.
        at_least: u32,
    },

    // Numbers: exact, unbounded.
    /// `-a`
    Negate(NodeId),
    /// `a + b`
    Add(NodeId, NodeId),
    /// `a - b`
    Subtract(NodeId, NodeId),
    /// `a * b`
    Multiply(NodeId, NodeId),
    /// `a / b`, a ratio; unknown where b is zero.
    Divide(NodeId, NodeId),
    /// `|a|`
    Absolute(NodeId),
    /// Half to even at so many places after the point (negative: before it).
    Round(NodeId, i32),
    /// The square root of a number that is not negative, half to even at 12 places.
    SquareRoot(NodeId),

    // Any type but lists; all operands of one type.
    /// The smallest; unknown if one is unknown.
    Least(Vec<NodeId>),
    /// The greatest; unknown if one is unknown.
    Greatest(Vec<NodeId>),
    /// The first known.
    Coalesce(Vec<NodeId>),
    /// The value of the first case whose condition, a Bool, is true; unknown where none is. Values are of one type.
    Choose(Vec<(NodeId, NodeId)>),
    /// One more than the number of bounds that are not above the value. Bounds are of its type. Number.
    Bucket {
        /// Any type but lists.
        value: NodeId,
        /// In no order.
        bounds: Vec<NodeId>,
    },
    /// The first 64 bits of a digest of a salt and a key, see `engine/kernel/sample.rs`. Number from 0 to 2^64 - 1.
    KeyHash {
        /// The parts of a key: any type but lists.
        keys: Vec<NodeId>,
        /// What makes it another number.
        salt: String,
    },

    // Time.
    /// The local date of an instant. Date.
    LocalDate(NodeId),
    /// The first instant of a date's local day. Instant.
    DayStart(NodeId),
    /// The first day of the calendar period a date falls in. Date.
    PeriodStart(Period, NodeId),
    /// A part of a date, or for [`Part::Hour`] of an instant.
    Part(Part, NodeId),
    /// Completed years from a date to today. Number; negative before birth.
    Age(NodeId),
    /// A date so many calendar units on or back. A day that does not exist is the next that does. Unknown beyond the
    /// calendar (years -262143 to 262142). Days or longer units only.
    ShiftDate(NodeId, i64, Unit),
    /// An instant so many units on or back: days and longer step the local calendar, hours and minutes are exact.
    ShiftInstant(NodeId, i64, Unit),
    /// Date minus date: whole days of 24 hours. Duration.
    DateDifference(NodeId, NodeId),
    /// Instant minus instant. Duration.
    InstantDifference(NodeId, NodeId),
    /// Duration plus duration.
    AddDuration(NodeId, NodeId),
    /// Duration minus duration.
    SubtractDuration(NodeId, NodeId),
    /// Duration by duration. Number, a ratio; unknown where the second is zero.
    DivideDuration(NodeId, NodeId),
    /// Instant plus elapsed time. Instant, unknown beyond the calendar.
    AddElapsed(NodeId, NodeId),
    /// A duration as a number of microseconds. Number.
    Microseconds(NodeId),
    /// A number of microseconds as a duration, half to even. Duration, unknown beyond 64 bits.
    Elapsed(NodeId),
    /// Whether a date lies within today and the days up to today plus (next) or minus (last) the duration.
    Within {
        /// Date.
        value: NodeId,
        /// The year is ignored: does any anniversary lie there? 29 February counts as 28 February in other years.
        anniversary: bool,
        /// Forth or back.
        direction: Direction,
        /// Days or longer.
        span: Duration,
    },
}

impl Node {
    /// Whether its value comes from outside an expression: it is found, not calculated.
    pub fn is_leaf(&self) -> bool {
        matches!(
            self,
            Node::Column(..)
                | Node::Lookup(..)
                | Node::OfSubject { .. }
                | Node::SubjectValue(..)
                | Node::Key(..)
                | Node::Feature(_)
                | Node::GroupKey(..)
                | Node::Ordinal(_)
                | Node::Number(_)
                | Node::Gap(_)
                | Node::Sequence(_)
                | Node::Rank(..)
                | Node::Earlier { .. }
        )
    }
}

/// A side of [`Node::CompareRoots`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Root {
    /// Number.
    pub value: NodeId,
    /// The side is the square root of `value`, not `value` itself.
    pub is_root: bool,
}

/// A part of a date or instant in the project's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// 0 to 23, of an instant. Number.
    Hour,
    /// `monday` to `sunday`. Text.
    Weekday,
    /// 1 to 31. Number.
    DayOfMonth,
    /// 1 to 12. Number.
    MonthOfYear,
}

/// What is counted about a subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Feature {
    /// Whose rows.
    pub owner: Owner,
    /// Which rows, before the filter.
    pub rows: RowSetId,
    /// Which of them by value: a Bool in row scope that must be true.
    pub filter: Option<NodeId>,
    /// Which of them by time; all up to T when none.
    pub window: Option<Window>,
    /// How.
    pub aggregation: Aggregation,
    /// Of what: in row scope; none counts rows.
    pub argument: Option<NodeId>,
}

/// Whom a feature is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// A subject: its rows.
    Subject(SubjectId),
    /// A row of a table by grouping: the rows that were grouped into it.
    Group(BaseTableId),
}

/// How values become one. All skip unknown arguments.
///
/// `avg`, `stddev` and `mode_share` are not here: they are expressions over sums and counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregation {
    /// Rows, or known arguments. Number; 0 over nothing.
    Count,
    /// Distinct known arguments. Number; 0 over nothing.
    CountDistinct,
    /// Number; 0 over nothing.
    Sum,
    /// Of the argument's type; unknown over nothing.
    Min,
    /// Of the argument's type; unknown over nothing.
    Max,
    /// The first known argument in row order.
    First,
    /// The last known argument in row order.
    Last,
    /// The most frequent argument, the smallest of several.
    Mode,
    /// How often the most frequent argument occurs. Number; 0 over nothing.
    ModeCount,
    /// Linear interpolation at rank p/100 × (n − 1) of the sorted values; p in millionths (50% is 50 000 000).
    Percentile(u32),
}
