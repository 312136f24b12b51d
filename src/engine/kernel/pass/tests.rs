//! Features of a recipe against the definition, row by row.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, TimestampMicrosecondArray};
use datafusion::arrow::compute::concat;
use datafusion::arrow::datatypes::DataType;
use proptest::prelude::*;

use super::*;
use crate::engine::kernel::calendar::Bounds;
use crate::engine::kernel::state::testing::{
    Random, Row, aggregations, array, makes_sense, naive, number, orders, types, values,
};
use crate::ir::{Aggregation, Value};

const SUBJECTS: usize = 7;
const FILTERS: usize = 70;

/// Rows with the time of each, and the filters that it passes.
struct Rows {
    rows: Vec<Row>,
    times: Vec<i64>,
    filters: Vec<Vec<bool>>,
}

impl Rows {
    fn random(random: &mut Random, data_type: &DataType, count: usize) -> Self {
        let rows = random.rows(data_type, count, SUBJECTS - 1);
        let times = rows.iter().map(|_| random.below(60) as i64 - 10).collect();
        // Some pass everything, some nothing, most of them this and that.
        let filters = (0..FILTERS)
            .map(|filter| rows.iter().map(|_| filter == 0 || (filter > 1 && random.below(3) > 0)).collect())
            .collect();
        Rows { rows, times, filters }
    }

    /// Counts a part of them in.
    fn add(&self, part: std::ops::Range<usize>, arguments: &[DataType], recipe: &Arc<Recipe>, features: &mut Features) {
        let rows = &self.rows[part.clone()];
        let time: ArrayRef = Arc::new(TimestampMicrosecondArray::from(self.times[part.clone()].to_vec()));
        let filter = |passes: &Vec<bool>| Arc::new(BooleanArray::from(passes[part.clone()].to_vec())) as ArrayRef;
        let filters: Vec<ArrayRef> = self.filters.iter().map(filter).collect();
        let argument = |data_type| array(data_type, rows.iter().map(|row| row.value.clone()));
        let columns: Vec<ArrayRef> = arguments.iter().map(argument).collect();
        let order = orders(rows);
        let narrow = recipe
            .narrow(&WideRows {
                time: Some(&time),
                filters: &filters,
                arguments: &columns,
                order: Some(&order),
                rows: rows.len(),
            })
            .unwrap();
        let groups: Vec<usize> = rows.iter().map(|row| row.group).collect();
        // As many as have been met: room for the others is made when they come.
        let met = self.rows[..part.end].iter().map(|row| row.group + 1).max().unwrap_or_default();
        features.add(&narrow, &groups, met).unwrap();
    }

    /// What a feature is by definition.
    fn expected(&self, sought: &Sought) -> Vec<Option<Value>> {
        let counts = |at: usize| {
            sought.filter.is_none_or(|filter| self.filters[filter][at])
                && sought.window.is_none_or(|window| window.contains(self.times[at]))
        };
        let rows = self.rows.iter().enumerate();
        let mut rows: Vec<Row> = rows.map(|(at, row)| Row { filter: Some(counts(at)), ..row.clone() }).collect();
        if sought.argument.is_none() {
            rows.iter_mut().for_each(|row| row.value = Some(number(1, 1)));
        }
        naive(sought.aggregation, &rows, SUBJECTS)
    }
}

fn windows(random: &mut Random) -> Vec<Option<Bounds>> {
    let mut windows = vec![None, Some(Bounds { after: i64::MIN, until: 20 })];
    for _ in 0..3 {
        let after = random.below(50) as i64 - 5;
        windows.push(Some(Bounds { after, until: after + random.below(20) as i64 }));
    }
    windows
}

/// Every aggregation that means something, by this and that filter and window.
fn features_of(random: &mut Random, data_type: &DataType) -> Vec<Sought> {
    let mut sought = vec![Sought { aggregation: Aggregation::Count, argument: None, filter: None, window: None }];
    for aggregation in aggregations().into_iter().filter(|aggregation| makes_sense(*aggregation, data_type)) {
        for window in windows(random) {
            let filter = [None, Some(0), Some(1), Some(random.below(FILTERS))][random.below(4)];
            sought.push(Sought { aggregation, argument: Some(0), filter, window });
        }
    }
    sought
}

fn digits(data_type: &DataType) -> Option<u8> {
    match data_type {
        DataType::Int64 => Some(19),
        DataType::Decimal128(digits, _) | DataType::Decimal256(digits, _) => Some(*digits),
        _ => None,
    }
}

fn check(seed: u64, data_type: &DataType, digits: Option<u8>) {
    let mut random = Random(seed);
    let rows = random.below(200);
    let rows = Rows::random(&mut random, data_type, rows);
    let sought = features_of(&mut random, data_type);
    let argument = Argument { data_type: data_type.clone(), digits };
    let recipe = Arc::new(Recipe::new(FILTERS, vec![argument], &sought).unwrap());
    let mut features = Features::new(&recipe).unwrap();
    let mut from = 0;
    while from < rows.rows.len() {
        let to = (from + 1 + random.below(90)).min(rows.rows.len());
        rows.add(from..to, std::slice::from_ref(data_type), &recipe, &mut features);
        from = to;
    }
    features.resize(SUBJECTS);
    let mut found: Vec<Vec<ArrayRef>> = vec![Vec::new(); sought.len()];
    let mut given = 0;
    while given < SUBJECTS {
        let part = 1 + random.below(4);
        for (at, column) in features.take(part).unwrap().into_iter().enumerate() {
            assert_eq!(column.len(), part.min(SUBJECTS - given));
            found[at].push(column);
        }
        given += part;
    }
    for ((parts, sought), data_type) in found.iter().zip(&sought).zip(recipe.output_types(&sought)) {
        let column = concat(&parts.iter().map(|part| part.as_ref()).collect::<Vec<_>>()).unwrap();
        assert_eq!(*column.data_type(), data_type);
        assert_eq!(values(&column), rows.expected(sought), "{sought:?} of {:?}", rows.rows.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn features_are_what_they_are_by_definition(seed: u64) {
        for data_type in types() {
            check(seed, &data_type, digits(&data_type));
        }
    }
}

/// Values up to this far from zero, of decimals that say so.
fn few_digits(seed: u64, most: i128) {
    let mut random = Random(seed);
    let data_type = DataType::Decimal128(38, 2);
    let mut rows = Rows::random(&mut random, &data_type, 150);
    for row in &mut rows.rows {
        let value = (i128::from(random.next() as i64)) % (most + 1);
        row.value = row.value.take().map(|_| number(value, 100));
    }
    let sought: Vec<Sought> = [Aggregation::Sum, Aggregation::Min, Aggregation::Max, Aggregation::Count]
        .into_iter()
        .flat_map(|aggregation| windows(&mut random).into_iter().map(move |window| (aggregation, window)))
        .map(|(aggregation, window)| Sought { aggregation, argument: Some(0), filter: None, window })
        .collect();
    let argument = Argument { data_type: data_type.clone(), digits: Some(18) };
    let recipe = Arc::new(Recipe::new(FILTERS, vec![argument], &sought).unwrap());
    assert_eq!((recipe.states.len(), recipe.measures.len()), (0, 4));
    let mut features = Features::new(&recipe).unwrap();
    rows.add(0..70, std::slice::from_ref(&data_type), &recipe, &mut features);
    rows.add(70..150, std::slice::from_ref(&data_type), &recipe, &mut features);
    features.resize(SUBJECTS);
    for (column, sought) in features.take(SUBJECTS).unwrap().iter().zip(&sought) {
        assert_eq!(values(column), rows.expected(sought), "{sought:?}");
    }
}

#[test]
fn sums_that_64_bits_do_not_hold_are_wide() {
    for seed in 0..10 {
        few_digits(seed, 5_000);
        few_digits(seed, 10_i128.pow(18) - 1);
    }
}

#[test]
fn an_extreme_that_is_the_emptiest_value_is_known() {
    let sought = [Aggregation::Min, Aggregation::Max].map(|aggregation| Sought {
        aggregation,
        argument: Some(0),
        filter: None,
        window: None,
    });
    let recipe =
        Arc::new(Recipe::new(0, vec![Argument { data_type: DataType::Int64, digits: None }], &sought).unwrap());
    let mut features = Features::new(&recipe).unwrap();
    let argument = array(&DataType::Int64, [i64::MAX, i64::MIN].map(|v| Some(number(v.into(), 1))).into_iter());
    let wide = WideRows { time: None, filters: &[], arguments: &[argument], order: None, rows: 2 };
    features.add(&recipe.narrow(&wide).unwrap(), &[0, 1], 3).unwrap();
    let found: Vec<Vec<Option<Value>>> = features.take(3).unwrap().iter().map(values).collect();
    let whole = |value: i64| Some(number(value.into(), 1));
    let both = vec![whole(i64::MAX), whole(i64::MIN), None];
    assert_eq!(found, [both.clone(), both]);
}

#[test]
fn a_number_with_more_digits_than_promised_is_an_error() {
    let data_type = DataType::Decimal128(38, 2);
    let sought = [Sought { aggregation: Aggregation::Sum, argument: Some(0), filter: None, window: None }];
    let recipe = Recipe::new(0, vec![Argument { data_type: data_type.clone(), digits: Some(18) }], &sought).unwrap();
    let of = |value: i128| {
        let argument = array(&data_type, [Some(number(value, 100)), None].into_iter());
        recipe.narrow(&WideRows { time: None, filters: &[], arguments: &[argument], order: None, rows: 2 })
    };
    assert!(of(10_i128.pow(17)).is_ok());
    assert!(of(10_i128.pow(20)).is_err());
}

#[test]
fn features_that_differ_in_windows_share_a_measure() {
    let window = |after| Some(Bounds { after, until: 100 });
    let sought: Vec<Sought> = (0..90)
        .map(|after| Sought { aggregation: Aggregation::Sum, argument: Some(0), filter: None, window: window(after) })
        .collect();
    let recipe = Recipe::new(0, vec![Argument { data_type: DataType::Int64, digits: None }], &sought).unwrap();
    assert_eq!((recipe.measures(), recipe.slices(), recipe.bytes_of_subject()), (1, 92, 91 * 8));
}
