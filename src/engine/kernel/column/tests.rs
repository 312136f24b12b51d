use datafusion::arrow::array::{
    ArrayRef, BinaryArray, Decimal128Array, Decimal256Array, DictionaryArray, Int64Array, LargeStringArray,
    ListBuilder, StringArray, StringBuilder, TimestampNanosecondArray,
};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::datatypes::{Int32Type, i256};
use num_bigint::BigInt;
use num_rational::BigRational;

use super::*;
use crate::engine::kernel::form::NumberForm;
use crate::engine::kernel::number::{DOES_NOT_FIT, encode_exact};

fn ratio(a: i128, b: i128) -> BigRational {
    BigRational::new(a.into(), b.into())
}

fn numbers(array: ArrayRef) -> Vec<Option<BigRational>> {
    let Column::Number(numbers) = Column::from_array(Type::Number, &array).unwrap() else { panic!("not numbers") };
    (0..numbers.len()).map(|row| numbers.get(row)).collect()
}

#[test]
fn numbers_come_in_every_form() {
    let integers: ArrayRef = Arc::new(Int64Array::from(vec![Some(5), None, Some(i64::MIN)]));
    assert_eq!(numbers(integers), [Some(ratio(5, 1)), None, Some(ratio(i64::MIN.into(), 1))]);

    let decimals = Decimal128Array::from(vec![Some(150), None, Some(-5)]);
    let decimals: ArrayRef = Arc::new(decimals.with_precision_and_scale(10, 2).unwrap());
    assert_eq!(numbers(decimals), [Some(ratio(3, 2)), None, Some(ratio(-1, 20))]);

    let hundreds = Decimal128Array::from(vec![Some(7), None]).with_precision_and_scale(10, -2).unwrap();
    assert_eq!(numbers(Arc::new(hundreds)), [Some(ratio(700, 1)), None]);

    let large = i256::from_i128(i128::MAX).wrapping_mul(i256::from_i128(100));
    for wide in [vec![Some(i256::from_i128(25)), None], vec![Some(large), None, Some(i256::from_i128(-25))]] {
        let array = Decimal256Array::from(wide.clone()).with_precision_and_scale(76, 1).unwrap();
        let expected: Vec<_> = wide
            .iter()
            .map(|value| value.map(|v| BigRational::new(v.to_string().parse::<BigInt>().unwrap(), 10.into())))
            .collect();
        assert_eq!(numbers(Arc::new(array)), expected);
    }

    let third = encode_exact(&ratio(1, 3));
    let exact: ArrayRef = Arc::new(BinaryArray::from_opt_vec(vec![Some(&third), None]));
    assert_eq!(numbers(exact), [Some(ratio(1, 3)), None]);
}

#[test]
fn what_did_not_fit_is_unknown_and_told() {
    let two = encode_exact(&ratio(2, 1));
    let array: ArrayRef = Arc::new(BinaryArray::from_opt_vec(vec![Some(&two), Some(DOES_NOT_FIT), None]));
    let (column, misfits) = Column::from_array_checked(Type::Number, &array).unwrap();
    assert!(misfits);
    assert_eq!(column.nulls().unwrap().inner(), &BooleanBuffer::from(vec![true, false, false]));
    let (_, misfits) = Column::from_array_checked(Type::Number, &array.slice(0, 1)).unwrap();
    assert!(!misfits);
}

#[test]
fn numbers_leave_in_the_form_promised() {
    let exact: ArrayRef = Arc::new(BinaryArray::from_opt_vec(vec![Some(&encode_exact(&ratio(5, 4))), None]));
    let column = Column::from_array(Type::Number, &exact).unwrap();
    let decimal = |digits, scale| Form::Number(NumberForm::Decimal { digits, scale });
    for (form, expected) in [
        (decimal(4, 2), Some(("125", 38))),
        (decimal(9, 4), Some(("12500", 38))),
        (decimal(50, 3), Some(("1250", 76))),
        (decimal(9, 1), None),
        (decimal(9, 0), None),
    ] {
        let array = column.to_array(&form);
        match expected {
            None => assert!(matches!(array, Err(KernelError::Form(_))), "{form:?}"),
            Some((unscaled, precision)) => {
                let array = array.unwrap();
                assert_eq!(array.data_type(), &form.data_type());
                let shown = match precision {
                    38 => array.as_primitive::<datafusion::arrow::datatypes::Decimal128Type>().value(0).to_string(),
                    _ => array.as_primitive::<datafusion::arrow::datatypes::Decimal256Type>().value(0).to_string(),
                };
                assert_eq!(shown, unscaled);
                assert!(array.is_null(1) && array.is_valid(0));
            }
        }
    }
    assert_eq!(&column.to_array(&Form::Number(NumberForm::Exact)).unwrap(), &exact);
}

#[test]
fn a_number_beyond_its_form_is_refused() {
    let large: ArrayRef =
        Arc::new(Decimal128Array::from(vec![i128::from(i64::MAX) + 1]).with_precision_and_scale(38, 0).unwrap());
    let column = Column::from_array(Type::Number, &large).unwrap();
    assert!(matches!(column.to_array(&Form::integer(18)), Err(KernelError::Form(DataType::Int64))));
    assert_eq!(column.to_array(&Form::integer(20)).unwrap().data_type(), &DataType::Decimal128(38, 0));
}

#[test]
fn texts_come_in_every_encoding() {
    let values = [Some("a"), None, Some("a text that is too long to be held inline")];
    let arrays: [ArrayRef; 4] = [
        Arc::new(StringArray::from(values.to_vec())),
        Arc::new(LargeStringArray::from(values.to_vec())),
        Arc::new(StringViewArray::from(values.to_vec())),
        Arc::new(values.into_iter().collect::<DictionaryArray<Int32Type>>()),
    ];
    for array in arrays {
        let Column::Text(text) = Column::from_array(Type::Text, &array).unwrap() else { panic!("no text") };
        assert_eq!(text.iter().collect::<Vec<_>>(), values);
    }
}

#[test]
fn lists_become_one_type() {
    let mut builder = ListBuilder::new(StringBuilder::new());
    builder.append_value([Some("x"), Some("y")]);
    builder.append_null();
    builder.append_value(Vec::<Option<&str>>::new());
    let array: ArrayRef = Arc::new(builder.finish());
    let column = Column::from_array(Type::TextList, &array).unwrap();
    let back = column.to_array(&Form::TextList).unwrap();
    assert_eq!(back.data_type(), &Form::TextList.data_type());
    assert_eq!((back.len(), back.null_count(), back.as_list::<i32>().value(0).len()), (3, 1, 2));
}

#[test]
fn other_arrays_are_refused() {
    let text: ArrayRef = Arc::new(StringArray::from(vec!["5"]));
    let nanoseconds: ArrayRef = Arc::new(TimestampNanosecondArray::from(vec![5]));
    let zoned: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![5]).with_timezone("UTC"));
    for (ty, array) in [
        (Type::Number, &text),
        (Type::Bool, &text),
        (Type::TextList, &text),
        (Type::Instant, &nanoseconds),
        (Type::Instant, &zoned),
    ] {
        assert!(matches!(Column::from_array(ty, array), Err(KernelError::Array { .. })), "{ty}");
    }
}

#[test]
fn one_row_is_repeated() {
    let date = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    for value in [
        Value::Bool(true),
        Value::Number(ratio(1, 3)),
        Value::Text("a".into()),
        Value::Date(date),
        Value::Instant(-1),
        Value::Duration(7),
    ] {
        let (one, three) = (Column::from_value(&value), Column::from_value(&value).broadcast(3).unwrap());
        let form = Form::of(value.ty());
        let (one, three) = (one.to_array(&form).unwrap(), three.to_array(&form).unwrap());
        assert_eq!(three.len(), 3);
        assert_eq!(&three.slice(2, 1), &one);
        assert_eq!(Column::unknown(value.ty(), 1).broadcast(2).unwrap().nulls().unwrap().null_count(), 2);
    }
}

#[test]
fn days_are_counted_from_1970() {
    for (text, expected) in [("1970-01-01", 0), ("2024-02-29", 19_782), ("1969-12-31", -1)] {
        let value = text.parse::<NaiveDate>().unwrap();
        assert_eq!(days(value), expected);
        assert_eq!(date(expected), Some(value));
    }
    assert_eq!(days(NaiveDate::MAX), days(date(days(NaiveDate::MAX)).unwrap()));
    assert_eq!((date(i32::MAX), date(i32::MIN)), (None, None));
}

#[test]
fn days_of_the_calendar_are_those_that_have_a_date() {
    let ends = [NaiveDate::MIN, NaiveDate::MAX].map(days);
    for day in ends.into_iter().flat_map(|end| end - 2..=end + 2).chain([i32::MIN, -1, 0, i32::MAX]) {
        assert_eq!(is_date(day), date(day).is_some(), "{day}");
    }
}
