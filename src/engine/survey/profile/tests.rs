use datafusion::arrow::array::{
    BooleanArray, DictionaryArray, Float32Array, Float64Array, Int32Array, Int64Array, ListArray, StringViewArray,
};
use datafusion::arrow::datatypes::Int32Type;

use super::*;

fn profile(columns: &[ArrayRef]) -> ColumnProfile {
    let mut parts = columns.iter().map(|column| {
        let mut profile = ColumnProfile::default();
        profile.see(column).expect("it is looked at");
        profile
    });
    let mut first = parts.next().expect("a column");
    parts.for_each(|part| first.merge(part));
    first
}

fn counted(profile: &ColumnProfile) -> Option<Vec<(String, u64)>> {
    profile.values().map(|values| values.into_iter().map(|value| (value.value, value.rows)).collect())
}

fn range(profile: &ColumnProfile) -> Option<(String, String)> {
    profile.range(Tz::UTC).expect("texts")
}

fn pair(a: &str, b: &str) -> Option<(String, String)> {
    Some((a.to_owned(), b.to_owned()))
}

#[test]
fn texts_are_counted_and_listed() {
    let first: ArrayRef = Arc::new(StringViewArray::from(vec![Some("b"), None, Some("a"), Some("b")]));
    let second: ArrayRef = Arc::new(StringViewArray::from(vec![Some("c"), Some("a"), Some(""), None]));
    let found = profile(&[first, second]);
    assert_eq!((found.unknown, found.distinct()), (2, 4));
    let expected = [("a", 2), ("b", 2), ("", 1), ("c", 1)].map(|(value, rows)| (value.to_owned(), rows));
    assert_eq!(counted(&found), Some(expected.to_vec()));
    assert_eq!(range(&found), pair("", "c"));
    assert_eq!((found.scale, found.not_finite), (None, 0));
}

#[test]
fn lists_end_at_24_values() {
    let of = |range: std::ops::Range<i64>| -> ArrayRef { Arc::new(Int64Array::from_iter_values(range)) };
    assert_eq!(counted(&profile(&[of(0..24), of(0..24)])).map(|values| values.len()), Some(24));
    assert_eq!(counted(&profile(&[of(0..25)])), None);
    let merged = profile(&[of(0..20), of(10..30)]);
    assert_eq!((counted(&merged), merged.distinct()), (None, 30));
    assert_eq!(range(&merged), pair("0", "29"));
}

#[test]
fn columns_of_nothing_have_no_range() {
    let none: ArrayRef = Arc::new(BooleanArray::from(vec![None, None]));
    let found = profile(&[none]);
    assert_eq!((found.unknown, found.distinct(), counted(&found)), (2, 0, Some(vec![])));
    assert_eq!(range(&found), None);
    let some: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]));
    assert_eq!(range(&profile(&[some])), pair("false", "true"));
}

#[test]
fn floats_say_how_many_digits_they_have() {
    let values = vec![Some(1.5), Some(0.125), Some(1e22), Some(-3.0), None, Some(f64::NAN), Some(f64::INFINITY)];
    let column: ArrayRef = Arc::new(Float64Array::from(values));
    let found = profile(&[column]);
    assert_eq!((found.scale, found.not_finite, found.unknown), (Some(3), 2, 1));
    assert_eq!(range(&found), pair("-3.0", "1e22"));
    assert_eq!(counted(&found), None);
    let single: ArrayRef = Arc::new(Float32Array::from(vec![0.1, 2.25]));
    let found = profile(&[single]);
    assert_eq!((found.scale, range(&found)), (Some(2), pair("0.1", "2.25")));
    for (value, digits) in [(0.0, 0), (100.0, 0), (0.1, 1), (1.005, 3), (0.1 + 0.2, 17), (5e-324, 324)] {
        assert_eq!(digits_after_point(value, false), digits, "{value}");
    }
}

#[test]
fn dictionaries_are_their_values() {
    let keys = Int32Array::from(vec![Some(0), Some(1), Some(0), None, Some(2)]);
    let values: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.5), Some(2.0), None]));
    let column: ArrayRef = Arc::new(DictionaryArray::new(keys, values));
    let found = profile(&[column]);
    assert_eq!((found.unknown, found.distinct(), found.scale), (2, 2, Some(1)));
}

#[test]
fn lists_are_told_apart_and_have_no_range() {
    let column: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([
        Some(vec![Some(1), Some(2)]),
        Some(vec![Some(1)]),
        None,
        Some(vec![Some(1), Some(2)]),
    ]));
    let found = profile(&[column]);
    assert_eq!((found.unknown, found.distinct()), (1, 2));
    assert_eq!((counted(&found), range(&found)), (None, None));
}
