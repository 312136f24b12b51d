//! How the small parts of a tree are written: operators, functions, units, periods.

use std::fmt;

use super::ast::{
    AggregateFunction, ArithmeticOp, CompareOp, Duration, Period, Quantifier, RankFunction, TextOp, Unit,
};

impl CompareOp {
    /// As written: `<=`.
    pub fn symbol(self) -> &'static str {
        match self {
            CompareOp::Equal => "=",
            CompareOp::NotEqual => "!=",
            CompareOp::Less => "<",
            CompareOp::LessOrEqual => "<=",
            CompareOp::Greater => ">",
            CompareOp::GreaterOrEqual => ">=",
        }
    }
}

impl ArithmeticOp {
    /// As written: `+`.
    pub fn symbol(self) -> &'static str {
        match self {
            ArithmeticOp::Add => "+",
            ArithmeticOp::Subtract => "-",
            ArithmeticOp::Multiply => "*",
            ArithmeticOp::Divide => "/",
        }
    }
}

impl TextOp {
    /// As written: `starts with`.
    pub fn words(self) -> &'static str {
        match self {
            TextOp::Contains => "contains",
            TextOp::StartsWith => "starts with",
            TextOp::EndsWith => "ends with",
            TextOp::Like => "like",
            TextOp::Matches => "matches",
        }
    }
}

impl AggregateFunction {
    /// The function's name: `mode_share`.
    pub fn word(self) -> &'static str {
        match self {
            AggregateFunction::Count => "count",
            AggregateFunction::Sum => "sum",
            AggregateFunction::Avg => "avg",
            AggregateFunction::Min => "min",
            AggregateFunction::Max => "max",
            AggregateFunction::Median => "median",
            AggregateFunction::Stddev => "stddev",
            AggregateFunction::First => "first",
            AggregateFunction::Last => "last",
            AggregateFunction::Mode => "mode",
            AggregateFunction::ModeShare => "mode_share",
            AggregateFunction::Percentile(_) => "percentile",
        }
    }
}

impl RankFunction {
    /// The function's name: `quintile` for five tiles, `ntile` for six.
    pub fn word(self) -> &'static str {
        match self {
            RankFunction::Tile(5) => "quintile",
            RankFunction::Tile(10) => "decile",
            RankFunction::Tile(_) => "ntile",
            RankFunction::Score(_) => "score",
            RankFunction::PercentRank => "percent_rank",
            RankFunction::Percentile(_) => "percentile",
        }
    }
}

impl Quantifier {
    /// As written: `every`.
    pub fn word(self) -> &'static str {
        match self {
            Quantifier::Any => "any",
            Quantifier::None => "none",
            Quantifier::Every => "every",
        }
    }
}

impl Unit {
    /// The short form, as in `90d`.
    pub fn short(self) -> &'static str {
        match self {
            Unit::Minute => "min",
            Unit::Hour => "h",
            Unit::Day => "d",
            Unit::Week => "w",
            Unit::Month => "mo",
            Unit::Quarter => "q",
            Unit::Year => "y",
        }
    }

    /// The word for one of them: `day`.
    pub fn word(self) -> &'static str {
        match self {
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
        }
    }
}

impl Period {
    /// The word: `month`.
    pub fn word(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        }
    }
}

impl fmt::Display for Duration {
    /// The short form: `90d`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.short())
    }
}
