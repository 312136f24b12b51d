//! Types and constants.

use chrono::NaiveDate;
use num_rational::BigRational;

/// The types of the language at run time. Every one has an unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// true, false.
    Bool,
    /// An exact number: a decimal, or a ratio of two.
    Number,
    /// Text, compared by code points.
    Text,
    /// A calendar day.
    Date,
    /// An instant, in whole microseconds since 1970-01-01T00:00Z.
    Instant,
    /// An elapsed time in whole microseconds.
    Duration,
    /// A list of texts; elements are known.
    TextList,
}

/// A known constant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// true, false.
    Bool(bool),
    /// An exact number.
    Number(BigRational),
    /// Text.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// Microseconds since 1970-01-01T00:00Z.
    Instant(i64),
    /// Microseconds.
    Duration(i64),
}

impl Value {
    /// Its type.
    pub fn ty(&self) -> Type {
        match self {
            Value::Bool(_) => Type::Bool,
            Value::Number(_) => Type::Number,
            Value::Text(_) => Type::Text,
            Value::Date(_) => Type::Date,
            Value::Instant(_) => Type::Instant,
            Value::Duration(_) => Type::Duration,
        }
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Type::Bool => "condition",
            Type::Number => "number",
            Type::Text => "text",
            Type::Date => "date",
            Type::Instant => "time",
            Type::Duration => "duration",
            Type::TextList => "list of text",
        })
    }
}
