//! What a cell of the data holds, and what an expression gives.
//!
//! A [`Cell`] is what a file would hold: a decimal with a scale, a local time without a zone. A [`Value`] is what the
//! interpreter computes with: exact rationals, instants in UTC. Their derived order is the order of rows and keys:
//! unknown first, `false` before `true`, numbers by size, text by code point.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use kohort::syntax::ast::Duration;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Pow;

/// One cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Unknown,
    Bool(bool),
    Int(i64),
    /// Unscaled digits and scale: `Decimal(1250, 2)` is 12.50.
    Decimal(i128, u8),
    Text(String),
    Date(NaiveDate),
    /// A timestamp without a zone, whole microseconds.
    LocalTime(NaiveDateTime),
    /// Microseconds since 1970 in UTC.
    Instant(i64),
    List(Vec<String>),
}

/// What the known cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellType {
    Bool,
    Int,
    Decimal(u8),
    Text,
    Date,
    LocalTime,
    Instant,
    TextList,
}

/// A table's columns (by the catalogue's names) and rows, in file order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableData {
    pub columns: Vec<(String, CellType)>,
    pub rows: Vec<Vec<Cell>>,
}

/// All source tables by name.
pub type Data = BTreeMap<String, TableData>;

/// What an expression gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Unknown,
    Bool(bool),
    Number(BigRational),
    /// The square root of this number: a standard deviation, kept as its variance.
    Root(BigRational),
    Text(String),
    Date(NaiveDate),
    /// Microseconds since 1970 in UTC.
    Instant(i64),
    /// A difference of dates or instants, in microseconds.
    Elapsed(BigRational),
    /// A duration that is the square root of so many microseconds squared: the deviation of durations.
    ElapsedRoot(BigRational),
    /// A duration as written.
    Span(Duration),
    List(Vec<String>),
}

impl Value {
    /// A whole number.
    pub fn int(number: impl Into<BigInt>) -> Value {
        Value::Number(BigRational::from_integer(number.into()))
    }

    /// A truth value; `None` is unknown.
    pub fn truth(truth: Option<bool>) -> Value {
        truth.map_or(Value::Unknown, Value::Bool)
    }

    /// As a condition.
    pub fn as_truth(&self) -> Option<bool> {
        match self {
            Value::Bool(truth) => Some(*truth),
            Value::Unknown => None,
            other => panic!("{other:?} is not a condition"),
        }
    }

    /// Whether it is known.
    pub fn is_known(&self) -> bool {
        *self != Value::Unknown
    }
}

/// Ten to the power `digits`.
pub fn ten_to(digits: u32) -> BigInt {
    BigInt::from(10).pow(digits)
}

/// Digits and a scale as an exact number.
pub fn decimal(unscaled: impl Into<BigInt>, scale: u32) -> BigRational {
    BigRational::new(unscaled.into(), ten_to(scale))
}

/// The exact value of a literal.
pub fn literal_number(number: &rust_decimal::Decimal) -> BigRational {
    decimal(number.mantissa(), number.scale())
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Unknown => write!(f, "unknown"),
            Value::Bool(truth) => write!(f, "{truth}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::Root(variance) => write!(f, "sqrt({variance})"),
            Value::Text(text) => write!(f, "{text}"),
            Value::Date(date) => write!(f, "{date}"),
            Value::Instant(instant) => write!(f, "{}", shown_instant(*instant)),
            Value::Elapsed(micros) => write!(f, "{micros}us"),
            Value::ElapsedRoot(variance) => write!(f, "sqrt({variance})us"),
            Value::Span(span) => write!(f, "{span:?}"),
            Value::List(items) => write!(f, "{items:?}"),
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Unknown => Ok(()),
            Cell::Bool(truth) => write!(f, "{truth}"),
            Cell::Int(number) => write!(f, "{number}"),
            Cell::Decimal(unscaled, scale) => write!(f, "{}", shown_decimal(*unscaled, *scale)),
            Cell::Text(text) => write!(f, "{text:?}"),
            Cell::Date(date) => write!(f, "{date}"),
            Cell::LocalTime(local) => write!(f, "{}", local.format("%Y-%m-%dT%H:%M:%S%.6f")),
            Cell::Instant(instant) => write!(f, "{}", shown_instant(*instant)),
            Cell::List(items) => write!(f, "{items:?}"),
        }
    }
}

/// `12.50` of 1250 and 2.
pub fn shown_decimal(unscaled: i128, scale: u8) -> String {
    let scale = usize::from(scale);
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if unscaled < 0 { "-" } else { "" };
    if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// `2026-03-31T10:00:00.000000Z`
pub fn shown_instant(instant: i64) -> String {
    let utc = DateTime::from_timestamp_micros(instant).expect("an instant within the calendar's range");
    utc.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}
