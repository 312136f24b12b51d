use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BinaryArray, Int64Array, ListBuilder, StringViewBuilder};
use datafusion::arrow::datatypes::{DataType, i256};

use num_rational::BigRational;

use super::testing::*;
use super::*;
use crate::engine::kernel::number::big_power_of_ten;
use crate::ir::Value;

/// Rows in random batches into one state whose finished groups leave while others go on.
fn emitting(aggregation: Aggregation, data_type: &DataType, rows: &[Row], random: &mut Random) -> Vec<Option<Value>> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| row.group);
    let mut state = new_state(aggregation, &inputs(aggregation, data_type)).unwrap();
    let (mut found, mut start, mut gone) = (Vec::new(), 0, 0);
    while start < rows.len() {
        let end = (start + 1 + random.below(40)).min(rows.len());
        let batch = &rows[start..end];
        let groups: Vec<usize> = batch.iter().map(|row| row.group - gone).collect();
        let total = groups.last().map_or(0, |group| group + 1);
        state.add(&arguments(aggregation, data_type, batch), &groups, Some(&filter(batch)), total).unwrap();
        start = end;
        if random.below(2) == 0 {
            let leaving = random.below(total);
            found.extend(values(&state.finish(Take::First(leaving)).unwrap()));
            gone += leaving;
        }
    }
    found.extend(values(&state.finish(Take::All).unwrap()));
    found
}

/// Rows in random batches into several states, which give up their groups piece by piece to a last one.
fn merging(aggregation: Aggregation, data_type: &DataType, rows: &[Row], random: &mut Random) -> Vec<Option<Value>> {
    let inputs = inputs(aggregation, data_type);
    let groups = rows.iter().map(|row| row.group + 1).max().unwrap_or(0);
    let mut parts: Vec<(Box<dyn FeatureState>, Vec<usize>)> =
        (0..3).map(|_| (new_state(aggregation, &inputs).unwrap(), Vec::new())).collect();
    let mut last = new_state(aggregation, &inputs).unwrap();
    let mut start = 0;
    while start < rows.len() {
        let end = (start + 1 + random.below(40)).min(rows.len());
        let batch = &rows[start..end];
        start = end;
        let (state, known) = &mut parts[random.below(3)];
        let numbers: Vec<usize> = batch
            .iter()
            .map(|row| {
                known.iter().position(|group| *group == row.group).unwrap_or_else(|| {
                    known.push(row.group);
                    known.len() - 1
                })
            })
            .collect();
        state.add(&arguments(aggregation, data_type, batch), &numbers, Some(&filter(batch)), known.len()).unwrap();
        if random.below(3) == 0 {
            let leaving = random.below(known.len() + 1);
            hand_over(state.as_mut(), Take::First(leaving), known, last.as_mut(), groups);
        }
    }
    for (mut state, mut known) in parts {
        hand_over(state.as_mut(), Take::All, &mut known, last.as_mut(), groups);
    }
    values(&last.finish(Take::All).unwrap())
}

fn hand_over(
    state: &mut dyn FeatureState,
    take: Take,
    known: &mut Vec<usize>,
    last: &mut dyn FeatureState,
    groups: usize,
) {
    let columns = state.state(take).unwrap();
    let leaving: Vec<usize> = take.split(known);
    assert!(columns.iter().all(|column| column.len() == leaving.len()));
    last.merge(&columns, &leaving, groups).unwrap();
}

#[test]
fn every_state_agrees_with_its_definition() {
    let mut known = 0;
    for (seed, data_type) in types().iter().enumerate() {
        for aggregation in aggregations().into_iter().filter(|aggregation| makes_sense(*aggregation, data_type)) {
            for round in 0..6 {
                let mut random = Random((seed * 100 + round) as u64);
                let groups = [1, 3, 20][round % 3];
                let mut rows = random.rows(data_type, 400, groups);
                rows.push(Row { group: groups - 1, ..rows[0].clone() });
                rows.last_mut().unwrap().order.push(0);
                let expected = naive(aggregation, &rows, groups);
                known += expected.iter().flatten().count();
                let about = format!("{aggregation:?} of {data_type}, round {round}");
                assert_eq!(emitting(aggregation, data_type, &rows, &mut random), expected, "{about}");
                assert_eq!(merging(aggregation, data_type, &rows, &mut random), expected, "{about}");
            }
        }
    }
    assert!(known > 4000, "only {known} aggregates were known");
}

#[test]
fn declared_types_are_those_of_the_columns() {
    for data_type in types() {
        for aggregation in aggregations().into_iter().filter(|aggregation| makes_sense(*aggregation, &data_type)) {
            let inputs = inputs(aggregation, &data_type);
            let rows = Random(1).rows(&data_type, 50, 4);
            let groups: Vec<usize> = rows.iter().map(|row| row.group).collect();
            let mut state = new_state(aggregation, &inputs).unwrap();
            let declared = state.state_types();
            state.add(&arguments(aggregation, &data_type, &rows), &groups, None, 4).unwrap();
            let states = state.state(Take::First(2)).unwrap();
            let types: Vec<DataType> = states.iter().map(|column| column.data_type().clone()).collect();
            assert_eq!(types, declared, "{aggregation:?} of {data_type}");
            let output = state.finish(Take::All).unwrap();
            assert_eq!(*output.data_type(), output_type(aggregation, inputs.first()), "{aggregation:?} of {data_type}");
            assert_eq!(output.len(), 2);
        }
    }
}

#[test]
fn groups_without_rows_have_an_aggregate_too() {
    for data_type in types() {
        for aggregation in aggregations().into_iter().filter(|aggregation| makes_sense(*aggregation, &data_type)) {
            let mut state = new_state(aggregation, &inputs(aggregation, &data_type)).unwrap();
            assert_eq!(state.finish(Take::All).unwrap().len(), 0);
            state.add(&arguments(aggregation, &data_type, &[]), &[], None, 3).unwrap();
            let zero = matches!(
                aggregation,
                Aggregation::Count | Aggregation::CountDistinct | Aggregation::ModeCount | Aggregation::Sum
            );
            let nothing = zero.then(|| number(0, 1));
            assert_eq!(values(&state.finish(Take::First(2)).unwrap()), [nothing.clone(), nothing.clone()]);
            assert_eq!(values(&state.finish(Take::All).unwrap()), [nothing]);
        }
    }
}

#[test]
fn rows_are_counted_without_an_argument() {
    let mut state = new_state(Aggregation::Count, &[]).unwrap();
    let filter = BooleanArray::from(vec![Some(true), None, Some(false), Some(true)]);
    state.add(&[], &[0, 0, 0, 1], Some(&filter), 2).unwrap();
    state.add(&[], &[1, 1], None, 3).unwrap();
    assert_eq!(values(&state.finish(Take::All).unwrap()), [1, 3, 0].map(|count| Some(number(count, 1))));
}

/// The sum of one group, in one state and in two that are merged.
fn sum(column: &ArrayRef) -> Value {
    let sum_of = |parts: &[ArrayRef]| {
        let mut total = new_state(Aggregation::Sum, &[column.data_type().clone()]).unwrap();
        for part in parts {
            let mut state = new_state(Aggregation::Sum, &[column.data_type().clone()]).unwrap();
            state.add(std::slice::from_ref(part), &vec![0; part.len()], None, 1).unwrap();
            total.merge(&state.state(Take::All).unwrap(), &[0], 1).unwrap();
        }
        values(&total.finish(Take::All).unwrap()).remove(0).unwrap()
    };
    let whole = sum_of(std::slice::from_ref(column));
    let half = column.len() / 2;
    assert_eq!(sum_of(&[column.slice(0, half), column.slice(half, column.len() - half)]), whole);
    whole
}

#[test]
fn sums_near_the_limits_do_not_depend_on_the_order() {
    let ten = |exponent| BigRational::from_integer(big_power_of_ten(exponent));
    let limits = [
        (DataType::Int64, BigRational::from_integer(i64::MAX.into())),
        (DataType::Decimal128(19, 3), (ten(19) - ten(0)) / ten(3)),
        (DataType::Decimal128(38, 0), ten(38) - ten(0)),
        (DataType::Decimal256(57, 57), (ten(57) - ten(0)) / ten(57)),
        (DataType::Decimal256(76, 10), (ten(76) - ten(0)) / ten(10)),
        (DataType::Binary, ten(76) - ten(0)),
    ];
    for (data_type, limit) in limits {
        let mut random = Random(7);
        // Many more of one sign than the other, which nevertheless cancel out but for the last.
        let mut numbers: Vec<_> = (0..300).flat_map(|_| [limit.clone(), -limit.clone()]).collect();
        numbers.push(limit.clone());
        for _ in 0..5 {
            random.shuffle(&mut numbers);
            let column = array(&data_type, numbers.iter().map(|number| Some(Value::Number(number.clone()))));
            assert_eq!(sum(&column), Value::Number(limit.clone()), "{data_type}");
        }
        numbers.sort();
        let column = array(&data_type, numbers.iter().map(|number| Some(Value::Number(number.clone()))));
        assert_eq!(sum(&column), Value::Number(limit.clone()), "{data_type}");
    }
}

#[test]
fn a_sum_that_does_not_fit_says_so() {
    let limit = BigRational::from_integer(big_power_of_ten(76)) - BigRational::from_integer(1.into());
    let one = BigRational::from_integer(1.into());
    for data_type in [DataType::Binary, DataType::Decimal256(76, 0)] {
        let too_large = array(&data_type, [&limit, &one].map(|n| Some(Value::Number(n.clone()))).into_iter());
        assert_eq!(sum(&too_large), Value::Text("does not fit".into()));
        let back = array(&data_type, [&limit, &one, &-&one].map(|n| Some(Value::Number(n.clone()))).into_iter());
        assert_eq!(sum(&back), Value::Number(limit.clone()));
    }
}

#[test]
fn ratios_of_many_denominators_add_up() {
    // 1/(n (n + 1)) from 1 to n - 1 is 1 - 1/n, whatever the denominators on the way.
    let mut numbers: Vec<_> = (1..2000_i128).map(|n| Some(number(1, n * (n + 1)))).collect();
    Random(3).shuffle(&mut numbers);
    assert_eq!(sum(&array(&DataType::Binary, numbers.into_iter())), number(1999, 2000));
    // Without the cancelling the denominator has hundreds of digits.
    let harmonic = array(&DataType::Binary, (1..1000).map(|n| Some(number(1, n))));
    assert_eq!(sum(&harmonic), Value::Text("does not fit".into()));
}

#[test]
fn an_argument_that_does_not_fit_spoils_what_depends_on_it() {
    let spoilt = Value::Text("does not fit".into());
    let column = exact_column(&[Some(number(1, 3)), None, Some(number(5, 1))]);
    let orders: ArrayRef = Arc::new(BinaryArray::from_iter_values([b"a", b"b", b"c"]));
    let columns = [column, orders];
    let run = |aggregation| {
        let mut state = new_state(aggregation, &inputs(aggregation, &DataType::Binary)).unwrap();
        state.add(&columns, &[0, 0, 0], None, 1).unwrap();
        state.finish(Take::All).map(|found| values(&found).remove(0).unwrap())
    };
    let percentile = Aggregation::Percentile(50_000_000);
    for aggregation in [Aggregation::Sum, Aggregation::Min, Aggregation::Max, Aggregation::Mode, percentile] {
        assert_eq!(run(aggregation).unwrap(), spoilt, "{aggregation:?}");
    }
    assert_eq!(run(Aggregation::Count).unwrap(), number(3, 1));
    assert_eq!(run(Aggregation::First).unwrap(), number(1, 3));
    assert_eq!(run(Aggregation::Last).unwrap(), number(5, 1));
    assert!(run(Aggregation::CountDistinct).is_err());
    assert!(run(Aggregation::ModeCount).is_err());
}

#[test]
fn exact_numbers_are_ordered_by_value_not_by_bytes() {
    let numbers = [(1, 3), (-700, 1), (3, 10), (-7, 11), (255, 256)];
    let column = array(&DataType::Binary, numbers.iter().map(|(a, b)| Some(number(*a, *b))));
    let run = |aggregation| {
        let mut state = new_state(aggregation, &[DataType::Binary]).unwrap();
        state.add(std::slice::from_ref(&column), &[0; 5], None, 1).unwrap();
        values(&state.finish(Take::All).unwrap()).remove(0).unwrap()
    };
    assert_eq!(run(Aggregation::Min), number(-700, 1));
    assert_eq!(run(Aggregation::Max), number(255, 256));
    assert_eq!(run(Aggregation::Mode), number(-700, 1));
    assert_eq!(run(Aggregation::Percentile(50_000_000)), number(3, 10));
    // A quarter of the way from the second to the third: rank 0.3125 × 4.
    assert_eq!(
        run(Aggregation::Percentile(31_250_000)),
        Value::Number(
            BigRational::new((-7).into(), 11.into())
                + (BigRational::new(3.into(), 10.into()) + BigRational::new(7.into(), 11.into()))
                    / BigRational::from_integer(4.into())
        )
    );
}

#[test]
fn the_last_list_is_kept_whole() {
    let mut builder = ListBuilder::new(StringViewBuilder::new());
    for list in [Some(vec!["vip", ""]), None, Some(vec![]), Some(vec!["a rather long tag, longer than a view"])] {
        builder.append_option(list.map(|list| list.into_iter().map(Some)));
    }
    let lists: ArrayRef = Arc::new(builder.finish());
    let orders: ArrayRef = Arc::new(BinaryArray::from_iter_values([b"3", b"4", b"2", b"1"]));
    let types = [lists.data_type().clone(), DataType::Binary];
    for (aggregation, expected) in [(Aggregation::First, 3), (Aggregation::Last, 0)] {
        let mut part = new_state(aggregation, &types).unwrap();
        part.add(&[lists.clone(), orders.clone()], &[1; 4], None, 2).unwrap();
        let mut state = new_state(aggregation, &types).unwrap();
        state.merge(&part.state(Take::All).unwrap(), &[0, 1], 2).unwrap();
        let found = state.finish(Take::All).unwrap();
        assert!(found.is_null(0));
        let found = found.as_list::<i32>().value(1);
        let expected = lists.as_list::<i32>().value(expected);
        assert_eq!(found.as_string_view(), expected.as_string_view(), "{aggregation:?}");
    }
}

#[test]
fn what_has_no_meaning_is_refused() {
    for (aggregation, data_type) in [
        (Aggregation::Sum, DataType::Utf8View),
        (Aggregation::Sum, DataType::Date32),
        (Aggregation::Percentile(1), DataType::Date32),
        (Aggregation::Min, DataType::Float64),
        (Aggregation::CountDistinct, DataType::new_list(DataType::Utf8View, true)),
        (Aggregation::Max, DataType::new_list(DataType::Utf8View, true)),
    ] {
        assert!(new_state(aggregation, std::slice::from_ref(&data_type)).is_err(), "{aggregation:?} of {data_type}");
        let refused = new_state(aggregation, &[]).is_err();
        assert!(refused, "{aggregation:?} of nothing");
    }
    // Columns other than declared are an error, not a panic.
    let integers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let mut state = new_state(Aggregation::Min, &[DataType::Utf8View]).unwrap();
    assert!(state.add(std::slice::from_ref(&integers), &[0, 0], None, 1).is_err());
    assert!(state.add(&[], &[0, 0], None, 1).is_err());
    let mut state = new_state(Aggregation::Sum, &[DataType::Decimal128(10, 2)]).unwrap();
    let other = array(&DataType::Decimal128(10, 3), [Some(number(1, 1))].into_iter());
    assert!(state.add(&[other], &[0], None, 1).is_err());
    assert!(state.add(&[integers], &[0], None, 1).is_err());
}

#[test]
fn memory_is_told_as_it_comes_and_goes() {
    let texts: Vec<_> = (0..2000).map(|n| Some(Value::Text(format!("{n:0100}")))).collect();
    let column = array(&DataType::Utf8View, texts.into_iter());
    let orders: ArrayRef = Arc::new(BinaryArray::from_iter_values((0..2000_u32).map(u32::to_be_bytes)));
    let groups: Vec<usize> = (0..2000).collect();
    let bytes = 2000 * 100;
    for aggregation in aggregations().into_iter().filter(|aggregation| makes_sense(*aggregation, &DataType::Utf8View)) {
        let mut state = new_state(aggregation, &inputs(aggregation, &DataType::Utf8View)).unwrap();
        let empty = state.size();
        state.add(&[column.clone(), orders.clone()], &groups, None, 2000).unwrap();
        let full = state.size();
        let least = if aggregation == Aggregation::Count { 8 * 2000 } else { bytes };
        assert!(full >= least && full < 4 * bytes, "{aggregation:?}: {full}");
        state.finish(Take::First(1990)).unwrap();
        if aggregation != Aggregation::Count {
            assert!(state.size() < full - bytes / 2, "{aggregation:?}: {} of {full}", state.size());
        }
        state.finish(Take::All).unwrap();
        assert!(state.size() <= empty + 512, "{aggregation:?}: {} is left of {full}", state.size());
    }
    // The same text in every group is kept once.
    let same = array(&DataType::Utf8View, (0..2000).map(|_| Some(Value::Text("x".repeat(1000)))));
    let mut state = new_state(Aggregation::CountDistinct, &[DataType::Utf8View]).unwrap();
    state.add(&[same], &groups, None, 2000).unwrap();
    assert!(state.size() < 100 * 2000);
}

#[test]
fn a_wide_total_that_is_narrow_again_stays_exact() {
    let column: ArrayRef = Arc::new(
        datafusion::arrow::array::Decimal256Array::from(vec![i256::MAX, i256::MIN, i256::MAX, i256::MIN])
            .with_data_type(DataType::Decimal256(76, 0)),
    );
    assert_eq!(sum(&column), number(-2, 1));
}
