//! The syntax tree: what was written, with its places, before any name is looked up.
//!
//! Equality ignores places, so `parse(print(tree)) == tree` can be said in one line. Chains (`a and b and c`,
//! `a + b - c`) are flat lists: a long rule is wide, not deep, and only brackets and calls nest.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use crate::source::Span;

/// An expression and its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, brackets around it not included.
    pub span: Span,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// A name as written (in NFC, without backticks), and its place.
#[derive(Clone, Debug)]
pub struct Ident {
    /// The name.
    pub text: String,
    /// Where it stands, backticks included.
    pub span: Span,
}

impl PartialEq for Ident {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// `spend_90d`, `product.category`, `customer.region`: one or more names joined by dots; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The names in order.
    pub parts: Vec<Ident>,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// A name; what it names is decided by `check`.
    Name(Path),
    /// The instant of evaluation, T.
    Now,
    /// The local date of T.
    Today,
    /// `90d ago`: T minus a duration, stepping the calendar for days and longer units.
    Ago(Duration),
    /// Two or more operands, none of them an `and` itself: brackets inside a chain of the same word are taken away.
    And(Vec<Expr>),
    /// Two or more operands, none of them an `or` itself.
    Or(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `-a`
    Negate(Box<Expr>),
    /// `a + b - c`, `a * b / c`, from left to right. All operators are of one precedence: either `+ -` or `* /`.
    /// The first operand is not itself such a chain of the same precedence.
    Arithmetic {
        /// Leftmost operand.
        first: Box<Expr>,
        /// At least one operator with its right operand.
        rest: Vec<(ArithmeticOp, Expr)>,
    },
    /// `a < b`, optionally `ignoring case` (`=` and `!=` on text).
    Compare {
        /// The operator.
        op: CompareOp,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
        /// Text is compared after Unicode case folding.
        ignoring_case: bool,
    },
    /// `a [not] between low and high`, both ends in.
    Between {
        /// `not between`
        negated: bool,
        /// What is tested.
        value: Box<Expr>,
        /// Lower end.
        low: Box<Expr>,
        /// Upper end.
        high: Box<Expr>,
    },
    /// `a [not] in (x, y)`, three-valued as `a = x or a = y`.
    InList {
        /// `not in`
        negated: bool,
        /// What is tested.
        value: Box<Expr>,
        /// At least one candidate.
        list: Vec<Expr>,
        /// Text is compared after Unicode case folding.
        ignoring_case: bool,
    },
    /// `a is [not] …`: never unknown.
    Is {
        /// `is not`
        negated: bool,
        /// What is tested.
        value: Box<Expr>,
        /// Against what.
        test: IsTest,
        /// Text is compared after Unicode case folding.
        ignoring_case: bool,
    },
    /// `a [not] contains 'x'`, `starts with`, `ends with`, `like`, `matches`. `contains` also tests one element of a list.
    TextTest {
        /// `not contains` and so on.
        negated: bool,
        /// Which test.
        op: TextOp,
        /// What is tested.
        value: Box<Expr>,
        /// The text looked for, a pattern, or a list's element.
        pattern: Box<Expr>,
        /// Case is ignored.
        ignoring_case: bool,
    },
    /// `tags [not] contains any of ('a', 'b')`: tests on a list.
    ListTest {
        /// `not contains …`
        negated: bool,
        /// How many of the candidates.
        quantity: ListQuantity,
        /// The list.
        value: Box<Expr>,
        /// At least one candidate.
        candidates: Vec<Expr>,
        /// Case is ignored.
        ignoring_case: bool,
    },
    /// `birthday within next 7 days`, `anniversary of birthday within last 3 days`, optionally negated by `not within`.
    Within {
        /// `not within`
        negated: bool,
        /// `anniversary of`: the year is ignored.
        anniversary: bool,
        /// A date or an instant (its local day).
        value: Box<Expr>,
        /// Into the future or the past; today is always in.
        direction: Direction,
        /// How far.
        span: Duration,
    },
    /// A scalar function: `round(x, 2)`, `day(at)`, `age(birth_date)`. Any name; `check` knows which exist.
    Call {
        /// The function's name, in lower case.
        function: Ident,
        /// Zero or more arguments.
        arguments: Vec<Expr>,
    },
    /// `spend over last 90 days`: a metric's name with a window. The operand is a name, perhaps filtered.
    Windowed {
        /// A [`ExprKind::Name`] or [`ExprKind::Filtered`].
        metric: Box<Expr>,
        /// The window.
        window: Window,
    },
    /// `spend_90d[channel = 'web']`: a metric's name with a row filter.
    Filtered {
        /// A [`ExprKind::Name`] or [`ExprKind::Windowed`].
        metric: Box<Expr>,
        /// Condition on the rows counted.
        filter: Box<Expr>,
    },
    /// `sum(value of sales over 90d where category = 'Shoes')`, `count(sales)`, `count(distinct day(at) of sales)`.
    Aggregate(Box<Aggregate>),
    /// `any(sales over 90d where …)`, `none(…)`, `every(… where … have …)`: never unknown.
    Quantified(Box<Quantified>),
    /// `sequence(sales then within 30d returns)`: behaviour in an order; never unknown.
    Sequence(Box<Sequence>),
    /// `in jakarta_vip`, `not in churned`: membership of another segment; never unknown.
    InSegment {
        /// `not in`
        negated: bool,
        /// The segment.
        segment: Path,
    },
    /// `sku [not] in file 'lists/skus.txt'`, and without a value, of the subject's own key, `[not] in file 'vips.csv'`.
    InFile {
        /// `not in file`
        negated: bool,
        /// What is tested; none: the subject's key.
        value: Option<Box<Expr>>,
        /// Which file.
        file: FileName,
        /// Text is compared after Unicode case folding.
        ignoring_case: bool,
    },
    /// `quintile(spend_365d among (visits > 0) per region)`: a place among the subjects, or a number over all of them.
    Ranked(Box<Ranked>),
    /// `top 10% by spend among (visits > 0) per region`, `bottom 5 by visits`: never unknown.
    Top(Box<Top>),
    /// `sample(10%, 'holdout-2026')`: a stable share of the subjects; never unknown.
    Sample {
        /// The number before the percent sign, above 0 and at most 100.
        share: Decimal,
        /// Samples of one salt lie in each other; those of two salts have nothing to do with each other.
        salt: String,
    },
    /// Something that could not be read; it has been reported, and nothing that contains it is reported again.
    Error,
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `true`, `false`
    Bool(bool),
    /// `1_000.50`; at most 28 significant digits.
    Number(Decimal),
    /// `80%`, kept as the number before the sign: its value is a hundredth of it.
    Percent(Decimal),
    /// `'Jakarta'`
    Text(String),
    /// `2026-03-31`
    Date(NaiveDate),
    /// `2026-03-31T10:00`, in the project's time zone.
    Local(NaiveDateTime),
    /// `2026-03-31T10:00+07:00`
    Instant(DateTime<FixedOffset>),
    /// `90d`
    Duration(Duration),
}

/// A count of calendar or clock units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Duration {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

/// A unit of time: `min h d w mo q y`, or the words `minutes hours days weeks months quarters years`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// 60 seconds, exact.
    Minute,
    /// 3600 seconds, exact.
    Hour,
    /// A calendar day in the project's zone (in a difference of dates or instants: 24 hours).
    Day,
    /// Seven days.
    Week,
    /// A calendar month.
    Month,
    /// Three months.
    Quarter,
    /// Twelve months.
    Year,
}

/// `+ - * /`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`; by zero it is unknown.
    Divide,
}

/// `= != < <= > >=`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// Tests on text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextOp {
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
    /// `like`: `%` any run, `_` one character.
    Like,
    /// `matches`: a regular expression, searched.
    Matches,
}

/// What `is` tests.
#[derive(Clone, Debug, PartialEq)]
pub enum IsTest {
    /// `is known`; `is unknown` is its negation, written so when printed.
    Known,
    /// `is x`: equal, an unknown value being equal to nothing.
    Value(Box<Expr>),
    /// `is in (x, y)`
    In(Vec<Expr>),
}

/// How many candidates a list must contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListQuantity {
    /// `any of`
    Any,
    /// `all of`
    All,
    /// `none of`
    None,
    /// `at least n of`, distinct candidates.
    AtLeast(u32),
}

/// `next` or `last`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// From today on.
    Next,
    /// Up to today.
    Last,
}

/// Which rows by time.
#[derive(Clone, Debug, PartialEq)]
pub enum Window {
    /// `over 90d`, `over last 90 days`: (T - 90d, T].
    Rolling(Duration),
    /// `over previous 90 days`: (T - 180d, T - 90d].
    Previous(Duration),
    /// `over 60d ending 30d ago`: (T - 90d, T - 30d], both bounds counted from T.
    Ending {
        /// Length.
        length: Duration,
        /// How long ago it ended.
        ago: Duration,
    },
    /// `over today`, `over this month`: from the period's start to T.
    ToDate(Period),
    /// `over yesterday`, `over last month`: the whole period before the one T falls in.
    Last(Period),
    /// `over previous mtd`: the same elapsed part of the period before.
    PreviousToDate(Period),
    /// `over 2026-01-01 to 2026-03-31`, `since D`, `until D`: absolute, named days whole and in. At least one end.
    Absolute {
        /// First day or instant, in.
        from: Option<TimePoint>,
        /// Last day or instant, in.
        to: Option<TimePoint>,
    },
}

/// A calendar period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// From local midnight.
    Day,
    /// From the project's first day of the week.
    Week,
    /// From the 1st.
    Month,
    /// From 1 January, April, July, October.
    Quarter,
    /// From 1 January.
    Year,
}

/// A point in time written out.
#[derive(Clone, Debug)]
pub struct TimePoint {
    /// A [`Literal::Date`], [`Literal::Local`] or [`Literal::Instant`].
    pub literal: Literal,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for TimePoint {
    fn eq(&self, other: &Self) -> bool {
        self.literal == other.literal
    }
}

/// An aggregate written out.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// Which.
    pub function: AggregateFunction,
    /// Where the function's name stands.
    pub function_span: Span,
    /// `distinct` was written; allowed with `count` only.
    pub distinct: bool,
    /// `x` of `x of t`; none in `count(t)` and `count()`.
    pub argument: Option<Expr>,
    /// Which rows.
    pub rows: RowsOf,
}

impl PartialEq for Aggregate {
    fn eq(&self, other: &Self) -> bool {
        self.function == other.function
            && self.distinct == other.distinct
            && self.argument == other.argument
            && self.rows == other.rows
    }
}

/// Aggregate functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AggregateFunction {
    /// Rows, or known values, or distinct known values.
    Count,
    /// Sum; 0 over nothing.
    Sum,
    /// Mean, an exact ratio.
    Avg,
    /// Smallest.
    Min,
    /// Greatest.
    Max,
    /// 50th percentile.
    Median,
    /// Sample standard deviation; unknown below two values.
    Stddev,
    /// The first known value in row order.
    First,
    /// The last known value in row order.
    Last,
    /// The most frequent value; the smallest of several.
    Mode,
    /// The share of the most frequent value among the known ones.
    ModeShare,
    /// `percentile(90, x of t)`: interpolated linearly; 0 to 100.
    Percentile(Decimal),
}

/// `t over … where …`
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The table.
    pub table: Ident,
    /// Which rows by time; all up to T without it.
    pub window: Option<Window>,
    /// Which rows by value.
    pub filter: Option<Expr>,
}

/// Whose rows an aggregate takes.
#[derive(Clone, Debug, PartialEq)]
pub enum RowsOf {
    /// `… of t`, `count(t)`: those of a table. `count(t)` inside a grouping is read as the column `t` of the group.
    Table(Rows),
    /// No table is named, as in the columns of a table by grouping: those of the group.
    Group {
        /// `where …`
        filter: Option<Expr>,
    },
}

/// `sequence(sales where … then within 30d sales as again where … then never within 7d returns) over 90d`
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// In order; two or more, the first neither `never` nor with a `within`.
    pub steps: Vec<Step>,
    /// `over …` behind the brackets: every matched row lies in it.
    pub window: Option<Window>,
    /// `within …` behind the brackets: from the first matched row to the last.
    pub within: Option<Duration>,
}

/// A step of a sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// `then never …`: no such row.
    pub never: bool,
    /// `then within 30d …`: counted from the row of the step before that is not `never`.
    pub within: Option<Duration>,
    /// `sales as bought`: how later steps call its row.
    pub name: Option<Ident>,
    /// Which rows.
    pub rows: Rows,
}

/// A file of values, as it is named: relative to the file that the name is written in.
#[derive(Clone, Debug)]
pub struct FileName {
    /// The path.
    pub path: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

impl PartialEq for FileName {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

/// A place among the subjects, or a number over all of them.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// Which.
    pub function: RankFunction,
    /// Where the function's name stands.
    pub function_span: Span,
    /// By what they are ordered, ascending.
    pub by: Expr,
    /// Among whom.
    pub population: Population,
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.function == other.function && self.by == other.by && self.population == other.population
    }
}

/// What is made of an order of subjects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RankFunction {
    /// `ntile(5, x)`: 1 for the lowest; larger tiles first, equal values by ascending key. `quintile(x)` is five, `decile(x)` ten
    /// of them, and printed so.
    Tile(u32),
    /// `score(5, x)`: ceil(5 × the share of the population with a value of at most x), so that equal values share one.
    Score(u32),
    /// `percent_rank(x)`: the share of the others with a smaller value; 0 in a population of one.
    PercentRank,
    /// `percentile(90, x)`: a number over the population, interpolated linearly; 0 to 100. Without `among` and `per` it is read as
    /// an [`Aggregate`] of [`RowsOf::Group`], which in the scope of a subject is this.
    Percentile(Decimal),
}

/// The highest or lowest of a population.
#[derive(Clone, Debug, PartialEq)]
pub struct Top {
    /// `bottom`: the lowest.
    pub bottom: bool,
    /// How many.
    pub count: TopCount,
    /// By what they are ordered; equal values by ascending key.
    pub by: Expr,
    /// Among whom.
    pub population: Population,
}

/// How many are at the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TopCount {
    /// `top 100`: so many, from 1 on.
    Number(u64),
    /// `top 10%`: of the population, rounded up; above 0 and at most 100.
    Percent(Decimal),
}

/// Among whom subjects are ranked: those whose value is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Population {
    /// `among (…)`: and for whom this condition is true.
    pub among: Option<Expr>,
    /// `per …`: each group by itself; those for whom it is unknown are a group.
    pub per: Option<Expr>,
}

/// A quantifier over rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantified {
    /// Which.
    pub quantifier: Quantifier,
    /// The rows it ranges over.
    pub rows: Rows,
    /// `have …`: with [`Quantifier::Every`] only.
    pub have: Option<Expr>,
}

/// `any`, `none`, `every`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// At least one row.
    Any,
    /// No row.
    None,
    /// Every row's `have` is true; true of no rows.
    Every,
}
