//! From an aggregation and the type of its argument to the state that computes it.

use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, DurationMicrosecondType, Int64Type, TimestampMicrosecondType,
};

use super::count::Count;
use super::distinct::CountDistinct;
use super::domain::{Domain, Exacts, Texts};
use super::ends::Ends;
use super::extreme::Extreme;
use super::kind::{Exact, Kind, Lists, Text};
use super::mode::{Mode, ModeCount};
use super::percentile::Percentile;
use super::primitive::{Primitive, Truth};
use super::ratio_sum::RatioSum;
use super::sum::DecimalSum;
use super::{DURATION, FeatureState, INSTANT, KernelError, Result, mismatch};
use crate::ir::Aggregation;

/// Calls `$make` with `$name` standing for what handles values of a type: the primitive types in their own form, text
/// and exact numbers as given. `$other` is for every other type.
macro_rules! for_type {
    ($type:expr, text: $text:expr, exact: $exact:expr, |$name:ident| $make:expr, other: $other:expr) => {
        match $type {
            DataType::Boolean => {
                let $name = Truth;
                $make
            }
            DataType::Int64 => {
                let $name = Primitive::<Int64Type>::new($type.clone());
                $make
            }
            DataType::Decimal128(..) => {
                let $name = Primitive::<Decimal128Type>::new($type.clone());
                $make
            }
            DataType::Decimal256(..) => {
                let $name = Primitive::<Decimal256Type>::new($type.clone());
                $make
            }
            DataType::Date32 => {
                let $name = Primitive::<Date32Type>::new($type.clone());
                $make
            }
            instant if *instant == INSTANT => {
                let $name = Primitive::<TimestampMicrosecondType>::new($type.clone());
                $make
            }
            duration if *duration == DURATION => {
                let $name = Primitive::<DurationMicrosecondType>::new($type.clone());
                $make
            }
            DataType::Utf8View => {
                let $name = $text;
                $make
            }
            DataType::Binary => {
                let $name = $exact;
                $make
            }
            _ => $other,
        }
    };
}

/// A state without groups, for arguments of these types: none for a count of rows; the argument and the order of its row
/// (Binary) for the first and last; else the argument.
///
/// # Errors
///
/// The aggregation has no meaning for such arguments, or their type is not a canonical form.
pub fn new_state(aggregation: Aggregation, inputs: &[DataType]) -> Result<Box<dyn FeatureState>> {
    if aggregation == Aggregation::Count {
        return Ok(Box::new(Count::default()));
    }
    let input = argument(aggregation, inputs)?;
    match aggregation {
        Aggregation::Count => Ok(Box::new(Count::default())),
        Aggregation::Sum | Aggregation::Percentile(_) if !is_number(input) => Err(no_meaning(aggregation, input)),
        Aggregation::Sum if *input == DataType::Binary => Ok(Box::new(RatioSum::default())),
        Aggregation::Sum => Ok(Box::new(DecimalSum::new(input)?)),
        Aggregation::Min | Aggregation::Max | Aggregation::First | Aggregation::Last => {
            for_type!(input, text: Text, exact: Exact, |kind| Ok(single(aggregation, kind)), other: {
                listed(aggregation, input)
            })
        }
        Aggregation::CountDistinct | Aggregation::Mode | Aggregation::ModeCount | Aggregation::Percentile(_) => {
            for_type!(input, text: Texts::default(), exact: Exacts::default(), |domain| {
                Ok(tallied(aggregation, domain))
            }, other: Err(no_meaning(aggregation, input)))
        }
    }
}

fn single<K: Kind + 'static>(aggregation: Aggregation, kind: K) -> Box<dyn FeatureState> {
    match aggregation {
        Aggregation::Min => Box::new(Extreme::smallest(kind)),
        Aggregation::Max => Box::new(Extreme::greatest(kind)),
        Aggregation::First => Box::new(Ends::first(kind)),
        _ => Box::new(Ends::last(kind)),
    }
}

fn tallied<D: Domain + 'static>(aggregation: Aggregation, domain: D) -> Box<dyn FeatureState> {
    match aggregation {
        Aggregation::CountDistinct => Box::new(CountDistinct::new(domain)),
        Aggregation::Mode => Box::new(Mode::new(domain)),
        Aggregation::Percentile(millionths) => Box::new(Percentile::new(domain, millionths)),
        _ => Box::new(ModeCount::new(domain)),
    }
}

fn listed(aggregation: Aggregation, input: &DataType) -> Result<Box<dyn FeatureState>> {
    match (aggregation, input) {
        (Aggregation::First, DataType::List(_)) => Ok(Box::new(Ends::first(Lists::new(input.clone())?))),
        (Aggregation::Last, DataType::List(_)) => Ok(Box::new(Ends::last(Lists::new(input.clone())?))),
        _ => Err(no_meaning(aggregation, input)),
    }
}

fn argument(aggregation: Aggregation, inputs: &[DataType]) -> Result<&DataType> {
    inputs.first().ok_or_else(|| mismatch(format!("{aggregation:?} needs an argument")))
}

fn is_number(input: &DataType) -> bool {
    matches!(input, DataType::Int64 | DataType::Decimal128(..) | DataType::Decimal256(..) | DataType::Binary)
}

fn no_meaning(aggregation: Aggregation, input: &DataType) -> KernelError {
    mismatch(format!("{aggregation:?} of {input}"))
}
