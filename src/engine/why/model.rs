//! What is told of a subject and a segment, as plain data: whoever renders it needs no project at hand.

use num_rational::BigRational;

use crate::engine::AsOf;
use crate::ir::Value;
use crate::syntax::ast::{CompareOp, Quantifier};

/// Why a subject is in a segment, or is not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Why {
    /// The kind of subject.
    pub subject: String,
    /// The parts of its key by name.
    pub key: Vec<(String, Known)>,
    /// The instant asked about.
    pub as_of: AsOf,
    /// What was asked for: the name of a segment, or of tiers, bands, a partition or a chart.
    pub asked: String,
    /// What people call it.
    pub label: Option<String>,
    /// The answer in one word.
    pub answer: Answer,
    /// The segment asked for, then every segment that the answer rests on, each once. Of a partition: the group that holds the
    /// subject, then those before it; every group if none holds it.
    pub segments: Vec<SegmentWhy>,
    /// The rows that values were counted from, each set of rows once.
    pub rows: Vec<RowsWhy>,
    /// The orders of subjects that values are places in, each once.
    pub ranks: Vec<RankWhy>,
}

/// The answer in one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Whether the subject is a member of the segment.
    Member(bool),
    /// The full name of the group that the subject is in; none: it is in no group.
    Group(Option<String>),
}

/// A segment and a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SegmentWhy {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether the subject is a member.
    pub member: bool,
    /// Its condition, with all that its rule says beside `when:`.
    pub condition: Condition,
    /// What would have to be otherwise for the subject to be a member; none: it is one.
    pub lacks: Option<Lack>,
    /// When that changes by itself.
    pub until: Option<Until>,
}

/// What becomes of a membership by time alone, if nothing else happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until {
    /// The first instant at which it is otherwise.
    pub instant: AsOf,
    /// What it is then.
    pub member: bool,
}

/// A condition with what it is for the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Condition {
    /// As a rule writes it, in its one form.
    pub text: String,
    /// What it is.
    pub truth: Truth,
    /// What it is made of.
    pub form: Form,
}

/// Three values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    False,
    /// Something that it needs is not known.
    Unknown,
    /// It holds.
    True,
}

/// What a condition is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// `and`: all must hold. Of one: a condition that has a name.
    All(Vec<Condition>),
    /// `or`: one must hold.
    Any(Vec<Condition>),
    /// `not`
    Not(Box<Condition>),
    /// Membership of another segment, which is among [`Why::segments`] if the answer rests on it.
    Segment {
        /// Its name.
        name: String,
        /// `not in`, or a group that comes before.
        negated: bool,
    },
    /// Everything else.
    Test(Test),
}

/// A condition about values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Test {
    /// The question about rows that it is, if it is one: `any(…)`, `none(…)`, `every(…)`.
    pub quantifier: Option<Quantifier>,
    /// The values that it is about.
    pub operands: Vec<Operand>,
    /// What they are held against.
    pub needed: Vec<Needed>,
    /// What would make it hold, where that can be said exactly; none where it holds.
    pub change: Option<Change>,
    /// Positions in [`Why::rows`] of rows that are asked about directly.
    pub rows: Vec<usize>,
    /// Positions in [`Why::ranks`].
    pub ranks: Vec<usize>,
}

/// A value in a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operand {
    /// As the rule writes it.
    pub text: String,
    /// What people call it.
    pub label: Option<String>,
    /// In what it is measured.
    pub unit: Option<String>,
    /// The definition behind its name: `spend: sum(amount of sales)`.
    pub meaning: Option<String>,
    /// What it is for the subject.
    pub value: Known,
    /// Positions in [`Why::rows`] of what it was counted from.
    pub rows: Vec<usize>,
    /// Positions in [`Why::ranks`].
    pub ranks: Vec<usize>,
}

/// What a value is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Needed {
    /// How.
    pub op: CompareOp,
    /// Against what; one of several with [`CompareOp::Equal`], none of several with [`CompareOp::NotEqual`].
    pub values: Vec<Known>,
    /// What the rule writes there, if it is not the value itself: `90d ago`.
    pub text: Option<String>,
}

/// What would make a test hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The value has to rise.
    Rise(Step),
    /// The value has to fall.
    Fall(Step),
    /// The value has to be one of these.
    Become(Vec<Value>),
}

/// By how much a number has to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How much; positive, or zero with [`Reach::MoreThan`].
    pub by: BigRational,
    /// Whether it is enough.
    pub reach: Reach,
    /// It is a whole number of things that are counted.
    pub counted: bool,
}

/// How a step is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// So much or more.
    AtLeast,
    /// More than so much.
    MoreThan,
    /// So much, not more and not less.
    Exactly,
}

/// What would have to be otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// All of these.
    All(Vec<Lack>),
    /// Any of these.
    Any(Vec<Lack>),
    /// The subject would have to be in a segment, or outside of it.
    Segment {
        /// Its name.
        name: String,
        /// In it.
        join: bool,
    },
    /// A test would have to hold, or not to hold any longer.
    Test {
        /// As the rule writes it.
        text: String,
        /// What it would have to be.
        holds: bool,
        /// How that comes about, where it can be said exactly.
        change: Option<Change>,
        /// The question about rows that it is, if it is one.
        quantifier: Option<Quantifier>,
        /// In what its value is measured.
        unit: Option<String>,
    },
}

/// Rows of a subject that something was counted from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowsWhy {
    /// Which rows, as a rule writes it: `sales over 90d where channel = 'web'`.
    pub text: String,
    /// Their table.
    pub table: String,
    /// The table that this one is made from, if it leaves out rows of it.
    pub made_from: Option<String>,
    /// What happened when counts: after the first instant, up to and with the second, in microseconds since 1970. None: any time up to
    /// that asked about.
    pub window: Option<(i64, i64)>,
    /// How many rows count.
    pub count: u64,
    /// How many rows of the table and the subject lie outside the window.
    pub outside_window: u64,
    /// How many rows inside the window do not fulfil the filter.
    pub outside_filter: u64,
    /// How many rows of the table that it is made from it leaves out, whatever their time.
    pub outside_table: u64,
    /// What was made of the rows that count.
    pub figures: Vec<Figure>,
    /// The columns of `first`.
    pub columns: Vec<ColumnWhy>,
    /// The first few rows that count: the last ones first, unless something else decides (`min`, `max`, `first`).
    pub first: Vec<Vec<Known>>,
}

/// A column of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ColumnWhy {
    /// As rules name it among rows.
    pub name: String,
    /// It is an amount that something was made of, not a number by which things are called.
    pub is_amount: bool,
}

/// Something made of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Figure {
    /// As a rule writes it: `sum(amount of sales over 90d)`.
    pub text: String,
    /// What it is.
    pub value: Known,
}

/// A place among the subjects.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RankWhy {
    /// By what they are ordered.
    pub by: Operand,
    /// Among whom: the condition, for this subject.
    pub among: Option<Condition>,
    /// Within which group of subjects.
    pub per: Option<Operand>,
    /// How many are ranked; with `per`, in the subject's group.
    pub population: u64,
    /// How many of the others have a smaller value; none: the subject is not ranked.
    pub below: Option<u64>,
}

/// A value of a subject or a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// There is none, or it is not known.
    Unknown,
    /// One value.
    Value(Value),
    /// A list of texts.
    Texts(Vec<String>),
}

impl Known {
    /// What a condition with this value is; unknown for what is no condition.
    pub fn truth(&self) -> Truth {
        match self {
            Known::Value(Value::Bool(true)) => Truth::True,
            Known::Value(Value::Bool(false)) => Truth::False,
            _ => Truth::Unknown,
        }
    }
}

impl Condition {
    /// What would have to be otherwise for it to hold, or with `holds: false`, for it not to hold; none: so it is.
    pub fn lacks(&self, holds: bool) -> Option<Lack> {
        let is_so = match holds {
            true => self.truth == Truth::True,
            false => self.truth == Truth::False,
        };
        if is_so {
            return None;
        }
        let of = |parts: &[Condition]| parts.iter().filter_map(|part| part.lacks(holds)).collect::<Vec<_>>();
        Some(match &self.form {
            Form::All(parts) if holds => Lack::all(of(parts)),
            Form::Any(parts) if !holds => Lack::all(of(parts)),
            Form::All(parts) | Form::Any(parts) => Lack::any(of(parts)),
            Form::Not(inner) => return inner.lacks(!holds),
            Form::Segment { name, negated } => Lack::Segment { name: name.clone(), join: holds != *negated },
            Form::Test(test) => Lack::Test {
                text: self.text.clone(),
                holds,
                change: test.change.clone().filter(|_| holds),
                quantifier: test.quantifier,
                unit: test.operands.first().and_then(|operand| operand.unit.clone()),
            },
        })
    }

    /// The tests and memberships in it, with their truth, in the order in which they are written.
    pub fn leaves(&self) -> Vec<&Condition> {
        match &self.form {
            Form::All(parts) | Form::Any(parts) => parts.iter().flat_map(Condition::leaves).collect(),
            Form::Not(inner) => inner.leaves(),
            Form::Segment { .. } | Form::Test(_) => vec![self],
        }
    }
}

impl Lack {
    fn all(of: Vec<Lack>) -> Lack {
        let flat = of.into_iter().flat_map(|one| match one {
            Lack::All(inner) => inner,
            other => vec![other],
        });
        Lack::one(flat.collect()).unwrap_or_else(Lack::All)
    }

    fn any(of: Vec<Lack>) -> Lack {
        let flat = of.into_iter().flat_map(|one| match one {
            Lack::Any(inner) => inner,
            other => vec![other],
        });
        Lack::one(flat.collect()).unwrap_or_else(Lack::Any)
    }

    fn one(mut of: Vec<Lack>) -> Result<Lack, Vec<Lack>> {
        match of.pop() {
            Some(only) if of.is_empty() => Ok(only),
            Some(last) => {
                of.push(last);
                Err(of)
            }
            None => Err(of),
        }
    }
}
