//! What tests of states share: seeded random rows, the aggregates computed the slow and obvious way, and values of the
//! language in and out of Arrow.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Decimal256Array,
    DurationMicrosecondArray, Int64Array, StringViewArray, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, DurationMicrosecondType, Int64Type, TimestampMicrosecondType,
    i256,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use super::exact::scaled;
use super::{DURATION, INSTANT};
use crate::engine::kernel::number::{
    DOES_NOT_FIT, Encoded, big_power_of_ten, big_to_i256, decode_exact, encode_exact, fits, i256_to_big,
};
use crate::ir::{Aggregation, Value};

/// A row for an aggregate.
#[derive(Clone, Debug)]
pub struct Row {
    pub group: usize,
    pub value: Option<Value>,
    pub order: Vec<u8>,
    pub filter: Option<bool>,
}

/// All canonical types that have an order.
pub fn types() -> Vec<DataType> {
    vec![
        DataType::Boolean,
        DataType::Int64,
        DataType::Decimal128(38, 2),
        DataType::Decimal256(76, 4),
        DataType::Binary,
        DataType::Utf8View,
        DataType::Date32,
        INSTANT,
        DURATION,
    ]
}

/// All aggregations.
pub fn aggregations() -> Vec<Aggregation> {
    use Aggregation::*;
    let percentiles = [0, 33_333_333, 50_000_000, 90_000_000, 100_000_000].map(Percentile);
    [Count, CountDistinct, Sum, Min, Max, First, Last, Mode, ModeCount].into_iter().chain(percentiles).collect()
}

/// Whether an aggregation means something for a type.
pub fn makes_sense(aggregation: Aggregation, data_type: &DataType) -> bool {
    let number =
        matches!(data_type, DataType::Int64 | DataType::Decimal128(..) | DataType::Decimal256(..) | DataType::Binary);
    number || !matches!(aggregation, Aggregation::Sum | Aggregation::Percentile(_))
}

/// The types of an aggregation's arguments.
pub fn inputs(aggregation: Aggregation, data_type: &DataType) -> Vec<DataType> {
    match aggregation {
        Aggregation::First | Aggregation::Last => vec![data_type.clone(), DataType::Binary],
        _ => vec![data_type.clone()],
    }
}

/// Pseudo-random numbers (splitmix64): equal seeds give equal tests.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.below(index + 1));
        }
    }

    /// Rows with nulls, filters, repeated values and values near the limits of their type.
    pub fn rows(&mut self, data_type: &DataType, count: usize, groups: usize) -> Vec<Row> {
        let mut rows: Vec<Row> = (0..count)
            .map(|number| Row {
                group: self.below(groups),
                value: (self.below(5) > 0).then(|| self.value(data_type)),
                order: (number as u32).to_be_bytes()[self.below(2)..].to_vec(),
                filter: [Some(true), Some(true), Some(true), Some(false), None][self.below(5)],
            })
            .collect();
        // Orders are equal only where rows are.
        rows.iter_mut().enumerate().for_each(|(number, row)| row.order.extend((number as u32).to_be_bytes()));
        self.shuffle(&mut rows);
        rows
    }

    fn value(&mut self, data_type: &DataType) -> Value {
        let small = self.below(12) as i64 - 6;
        let wide = if self.below(10) == 0 { self.next() as i64 } else { small };
        match data_type {
            DataType::Boolean => Value::Bool(small > 0),
            DataType::Int64 => number(wide.into(), 1),
            DataType::Decimal128(_, scale) => {
                let near_limit = 10_i128.pow(38) - 1 - i128::from(small + 6);
                let unscaled = if self.below(10) == 0 { near_limit * i128::from(wide.signum()) } else { wide.into() };
                Value::Number(scaled(unscaled.into(), *scale))
            }
            DataType::Decimal256(_, scale) => {
                let near_limit = big_power_of_ten(76) - 1 - (small + 6);
                let unscaled = if self.below(10) == 0 { near_limit * wide.signum() } else { wide.into() };
                Value::Number(scaled(unscaled, *scale))
            }
            DataType::Binary => number(wide.into(), [1, 2, 3, 7, 1_000_003, i128::from(u64::MAX) - 58][self.below(6)]),
            DataType::Utf8View => Value::Text(match self.below(8) {
                0 => String::new(),
                1 => format!("{} is longer than what a view holds", small),
                _ => format!("ä{small}"),
            }),
            DataType::Date32 => {
                Value::Date(NaiveDate::from_num_days_from_ce_opt(719_163 + 400 * small as i32).unwrap())
            }
            other if *other == INSTANT => Value::Instant(wide),
            _ => Value::Duration(wide),
        }
    }
}

pub fn number(numerator: i128, denominator: i128) -> Value {
    Value::Number(BigRational::new(numerator.into(), denominator.into()))
}

/// The aggregates of all groups by definition.
pub fn naive(aggregation: Aggregation, rows: &[Row], groups: usize) -> Vec<Option<Value>> {
    let counted = |group| rows.iter().filter(move |row| row.group == group && row.filter == Some(true));
    (0..groups)
        .map(|group| naive_group(aggregation, counted(group).filter(|row| row.value.is_some()).collect()))
        .collect()
}

fn naive_group(aggregation: Aggregation, mut rows: Vec<&Row>) -> Option<Value> {
    rows.sort_by(|a, b| a.order.cmp(&b.order));
    let mut values: Vec<Value> = rows.iter().filter_map(|row| row.value.clone()).collect();
    let (first, last) = (values.first().cloned(), values.last().cloned());
    values.sort_by(compare);
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (index, value) in values.iter().enumerate() {
        let first = values[..index].iter().position(|other| other == value).unwrap_or(index);
        *counts.entry(first).or_default() += 1;
    }
    let most = counts.values().max().copied().unwrap_or(0);
    let mode = counts.iter().find(|(_, count)| **count == most).map(|(first, _)| values[*first].clone());
    match aggregation {
        Aggregation::Count => Some(number(values.len() as i128, 1)),
        Aggregation::CountDistinct => Some(number(counts.len() as i128, 1)),
        Aggregation::Sum => Some(final_value(values.iter().map(rational).sum())),
        Aggregation::Min => values.first().cloned(),
        Aggregation::Max => values.last().cloned(),
        Aggregation::First => first,
        Aggregation::Last => last,
        Aggregation::Mode => mode,
        Aggregation::ModeCount => Some(number(most as i128, 1)),
        Aggregation::Percentile(millionths) => {
            let last = values.len().checked_sub(1)?;
            let rank = BigRational::new(BigInt::from(millionths) * last, 100_000_000.into());
            let lower = rank.floor().to_integer().to_usize()?;
            let below = rational(&values[lower]);
            let above = rational(&values[(lower + 1).min(last)]);
            Some(final_value(&below + (above - &below) * rank.fract()))
        }
    }
}

fn final_value(number: BigRational) -> Value {
    if fits(&number) { Value::Number(number) } else { Value::Text("does not fit".into()) }
}

fn rational(value: &Value) -> BigRational {
    match value {
        Value::Number(number) => number.clone(),
        _ => BigRational::zero(),
    }
}

fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Number(left), Value::Number(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Instant(left), Value::Instant(right)) | (Value::Duration(left), Value::Duration(right)) => {
            left.cmp(right)
        }
        _ => panic!("{left:?} and {right:?} do not compare"),
    }
}

/// The arguments of an aggregation for these rows.
pub fn arguments(aggregation: Aggregation, data_type: &DataType, rows: &[Row]) -> Vec<ArrayRef> {
    let values = array(data_type, rows.iter().map(|row| row.value.clone()));
    match aggregation {
        Aggregation::First | Aggregation::Last => vec![values, orders(rows)],
        _ => vec![values],
    }
}

pub fn orders(rows: &[Row]) -> ArrayRef {
    Arc::new(BinaryArray::from_iter_values(rows.iter().map(|row| &row.order)))
}

pub fn filter(rows: &[Row]) -> BooleanArray {
    rows.iter().map(|row| row.filter).collect()
}

/// Values as a column.
pub fn array(data_type: &DataType, values: impl Iterator<Item = Option<Value>>) -> ArrayRef {
    let unscaled =
        |value: Value, scale: i8| (rational(&value) * big_power_of_ten(scale.unsigned_abs().into())).to_integer();
    match data_type {
        DataType::Boolean => Arc::new(values.map(|v| v.map(|v| v == Value::Bool(true))).collect::<BooleanArray>()),
        DataType::Int64 => Arc::new(values.map(|v| v.and_then(|v| unscaled(v, 0).to_i64())).collect::<Int64Array>()),
        DataType::Decimal128(_, scale) => {
            let values: Decimal128Array = values.map(|v| v.and_then(|v| unscaled(v, *scale).to_i128())).collect();
            Arc::new(values.with_data_type(data_type.clone()))
        }
        DataType::Decimal256(_, scale) => {
            let values = values.map(|v| v.and_then(|v| big_to_i256(&unscaled(v, *scale))));
            Arc::new(values.collect::<Decimal256Array>().with_data_type(data_type.clone()))
        }
        DataType::Binary => Arc::new(values.map(|v| v.map(|v| encode_exact(&rational(&v)))).collect::<BinaryArray>()),
        DataType::Utf8View => Arc::new(values.map(|v| v.map(text)).collect::<StringViewArray>()),
        DataType::Date32 => Arc::new(values.map(|v| v.map(days)).collect::<Date32Array>()),
        other if *other == INSTANT => Arc::new(values.map(|v| v.map(ticks)).collect::<TimestampMicrosecondArray>()),
        _ => Arc::new(values.map(|v| v.map(ticks)).collect::<DurationMicrosecondArray>()),
    }
}

fn text(value: Value) -> String {
    let Value::Text(text) = value else { panic!("{value:?} is no text") };
    text
}

fn days(value: Value) -> i32 {
    let Value::Date(date) = value else { panic!("{value:?} is no date") };
    date.num_days_from_ce() - 719_163
}

fn ticks(value: Value) -> i64 {
    match value {
        Value::Instant(ticks) | Value::Duration(ticks) => ticks,
        _ => panic!("{value:?} is no time"),
    }
}

/// A column as values; what does not fit as the text `does not fit`.
pub fn values(array: &ArrayRef) -> Vec<Option<Value>> {
    (0..array.len()).map(|row| array.is_valid(row).then(|| value(array, row))).collect()
}

fn value(array: &ArrayRef, row: usize) -> Value {
    match array.data_type() {
        DataType::Boolean => Value::Bool(array.as_boolean().value(row)),
        DataType::Int64 => number(array.as_primitive::<Int64Type>().value(row).into(), 1),
        DataType::Decimal128(_, scale) => {
            Value::Number(scaled(array.as_primitive::<Decimal128Type>().value(row).into(), *scale))
        }
        DataType::Decimal256(_, scale) => {
            let unscaled: i256 = array.as_primitive::<Decimal256Type>().value(row);
            Value::Number(scaled(i256_to_big(&unscaled), *scale))
        }
        DataType::Binary => match decode_exact(array.as_binary::<i32>().value(row)) {
            Ok(Encoded::Number(number)) => Value::Number(number),
            Ok(Encoded::DoesNotFit) => Value::Text("does not fit".into()),
            Err(error) => panic!("{error}"),
        },
        DataType::Utf8View => Value::Text(array.as_string_view().value(row).into()),
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(row);
            Value::Date(NaiveDate::from_num_days_from_ce_opt(719_163 + days).unwrap())
        }
        other if *other == INSTANT => Value::Instant(array.as_primitive::<TimestampMicrosecondType>().value(row)),
        _ => Value::Duration(array.as_primitive::<DurationMicrosecondType>().value(row)),
    }
}

/// Exact numbers of which none stands for one that does not fit.
pub fn exact_column(numbers: &[Option<Value>]) -> ArrayRef {
    let encoded = numbers.iter().map(|number| match number {
        Some(Value::Number(number)) => encode_exact(number),
        _ => DOES_NOT_FIT.to_vec(),
    });
    Arc::new(BinaryArray::from_iter_values(encoded))
}
