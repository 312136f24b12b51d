use num_traits::Signed;
use proptest::prelude::*;

use super::arithmetic::{absolute, add, divide, multiply, negate, subtract};
use super::compare::{compare, compare_roots, holds, order_rationals};
use super::rounding::{round, square_root};
use super::*;
use crate::engine::kernel::error::KernelError;
use crate::ir::{NodeId, Root};
use crate::syntax::ast::CompareOp;

const OPS: [CompareOp; 6] = [
    CompareOp::Equal,
    CompareOp::NotEqual,
    CompareOp::Less,
    CompareOp::LessOrEqual,
    CompareOp::Greater,
    CompareOp::GreaterOrEqual,
];

fn ratio(a: i128, b: i128) -> BigRational {
    BigRational::new(a.into(), b.into())
}

fn decimal(values: &[Option<i128>], scale: u8) -> Numbers {
    let nulls: NullBuffer = values.iter().map(Option::is_some).collect::<Vec<_>>().into();
    let values: Vec<i128> = values.iter().map(|value| value.unwrap_or(i128::MAX)).collect();
    Numbers::Decimal { values: values.into(), scale, nulls: Some(nulls) }
}

fn all(numbers: &Numbers) -> Vec<Option<BigRational>> {
    (0..numbers.len()).map(|row| numbers.get(row)).collect()
}

/// The same numbers in another representation.
fn exact(numbers: &Numbers) -> Numbers {
    Numbers::Exact { values: numbers.to_exact(), nulls: numbers.nulls().cloned() }
}

#[test]
fn scales_are_aligned() {
    let a = decimal(&[Some(150), Some(-1), None], 2);
    let b = decimal(&[Some(5), Some(0), Some(1)], 0);
    assert_eq!(all(&add(&a, &b, 3).unwrap()), [Some(ratio(13, 2)), Some(ratio(-1, 100)), None]);
    assert_eq!(all(&subtract(&a, &b, 3).unwrap()), [Some(ratio(-7, 2)), Some(ratio(-1, 100)), None]);
    assert_eq!(all(&multiply(&a, &b, 3).unwrap()), [Some(ratio(15, 2)), Some(ratio(0, 1)), None]);
    assert!(matches!(multiply(&a, &a, 3).unwrap(), Numbers::Decimal { scale: 4, .. }));
}

#[test]
fn overflow_widens_and_comes_back() {
    let a = decimal(&[Some(i128::MAX), Some(1), None], 0);
    let sum = add(&a, &a, 3).unwrap();
    assert!(matches!(sum, Numbers::Exact { .. }));
    assert_eq!(all(&sum), [Some(ratio(i128::MAX, 1) * ratio(2, 1)), Some(ratio(2, 1)), None]);
    let back = subtract(&sum, &a, 3).unwrap();
    assert_eq!(all(&back), all(&a));
    let product = multiply(&a, &a, 3).unwrap();
    assert_eq!(all(&divide(&product, &a, 3).unwrap()), all(&a));
    let lowest = decimal(&[Some(i128::MIN)], 3);
    for changed in [negate(&lowest), absolute(&lowest)] {
        assert_eq!(all(&changed), [Some(-ratio(i128::MIN, 1000))]);
    }
}

#[test]
fn an_unknown_row_never_widens() {
    let a = decimal(&[None, Some(2)], 0);
    for numbers in [add(&a, &a, 2).unwrap(), multiply(&a, &a, 2).unwrap(), negate(&a)] {
        assert!(matches!(numbers, Numbers::Decimal { .. }));
        assert_eq!(numbers.get(0), None);
    }
}

#[test]
fn division_by_zero_is_unknown() {
    let a = decimal(&[Some(1), Some(0), None, Some(-6)], 0);
    let b = decimal(&[Some(0), Some(0), Some(0), Some(-40)], 1);
    let expected = [None, None, None, Some(ratio(3, 2))];
    assert_eq!(all(&divide(&a, &b, 4).unwrap()), expected);
    assert_eq!(all(&divide(&exact(&a), &b, 4).unwrap()), expected);
    let zero = Numbers::constant(&ratio(0, 1));
    assert_eq!(all(&divide(&a, &zero, 4).unwrap()), [None, None, None, None]);
}

#[test]
fn ratios_compare_by_cross_multiplication() {
    let a = decimal(&[Some(1), Some(-1), Some(2), Some(i128::MAX), Some(i128::MIN)], 0);
    let b = decimal(&[Some(3), Some(3), Some(-6), Some(i128::MAX - 1), Some(1)], 0);
    let quotient = divide(&a, &b, 5).unwrap();
    assert!(matches!(quotient, Numbers::Ratio { .. }));
    for other in [ratio(1, 3), ratio(-1, 3), ratio(1, 1), ratio(0, 1), ratio(i128::MIN, 1)] {
        let constant = Numbers::constant(&other);
        for op in OPS {
            let found = compare(op, &quotient, &constant, 5);
            let expected =
                all(&quotient).iter().map(|x| Some(holds(op, x.as_ref().unwrap().cmp(&other)))).collect::<Vec<_>>();
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{op:?} {other}");
        }
    }
    // 1/3 of money is not 0.333333333333
    let third = Numbers::constant(&ratio(333_333_333_333, 1_000_000_000_000));
    assert!(compare(CompareOp::Greater, &quotient, &third, 5).value(0));
}

#[test]
fn constants_between_the_scale_and_beyond_it() {
    let a = decimal(&[Some(-150), Some(-149), Some(149), Some(150), Some(151), None], 2);
    let huge = ratio(10, 1).pow(60);
    for constant in [ratio(3, 2), ratio(-3, 2), ratio(1499, 1000), ratio(-1499, 1000), ratio(1, 3), huge.clone(), -huge]
    {
        for op in OPS {
            let narrow = compare(op, &a, &Numbers::constant(&constant), 6);
            let flipped = compare(super::compare::flip(op), &Numbers::constant(&constant), &a, 6);
            let expected = all(&a).iter().map(|x| x.as_ref().map(|x| holds(op, x.cmp(&constant)))).collect::<Vec<_>>();
            assert_eq!(narrow.iter().collect::<Vec<_>>(), expected, "{op:?} {constant}");
            assert_eq!(flipped.iter().collect::<Vec<_>>(), expected, "{op:?} {constant}");
        }
    }
    let unknown = compare(CompareOp::NotEqual, &a, &Numbers::unknown(1), 6);
    assert_eq!(unknown.iter().collect::<Vec<_>>(), [None; 6]);
}

#[test]
fn scales_far_apart_compare() {
    let wide = decimal(&[Some(1)], 76);
    let one = decimal(&[Some(i128::MAX)], 0);
    assert!(compare(CompareOp::Less, &wide, &one, 1).value(0));
    assert!(compare(CompareOp::Greater, &one, &wide, 1).value(0));
    assert_eq!(order_rationals(&ratio(-1, 3), &ratio(-1, 4)), std::cmp::Ordering::Less);
}

#[test]
fn rounding_is_half_to_even() {
    let halves = decimal(&[Some(-25), Some(-15), Some(-5), Some(5), Some(15), Some(25), Some(26), None], 1);
    let expected =
        [-2, -2, 0, 0, 2, 2, 3].map(|value| Some(ratio(value, 1))).into_iter().chain([None]).collect::<Vec<_>>();
    let tenths = divide(
        &decimal(&[Some(-25), Some(-15), Some(-5), Some(5), Some(15), Some(25), Some(26), None], 0),
        &Numbers::constant(&ratio(10, 1)),
        8,
    )
    .unwrap();
    for numbers in [exact(&halves), tenths, halves.clone()] {
        assert_eq!(all(&round(&numbers, 0).unwrap()), expected);
        assert_eq!(all(&round(&numbers, 1).unwrap()), all(&halves));
        assert_eq!(all(&round(&numbers, i32::MAX).unwrap()), all(&halves));
        assert_eq!(all(&round(&numbers, i32::MIN).unwrap())[..2], [Some(ratio(0, 1)), Some(ratio(0, 1))]);
    }
    let tens = decimal(&[Some(25), Some(35), Some(-45), Some(4), Some(i128::MAX)], 0);
    let rounded = all(&round(&tens, -1).unwrap());
    assert_eq!(rounded[..4], [20, 40, -40, 0].map(|value| Some(ratio(value, 1))));
    assert_eq!(rounded, all(&round(&exact(&tens), -1).unwrap()));
    assert_eq!(all(&round(&tens, -38).unwrap())[4], Some(ratio(2, 1) * ratio(10, 1).pow(38)));
    assert_eq!(all(&round(&tens, -39).unwrap())[4], Some(ratio(0, 1)));
    let third = Numbers::constant(&ratio(1, 3));
    assert_eq!(all(&round(&third, 2).unwrap()), [Some(ratio(33, 100))]);
    assert_eq!(
        all(&round(&third, 50).unwrap()),
        [Some(BigRational::new(BigInt::from(10).pow(50) / 3, BigInt::from(10).pow(50)))]
    );
    assert!(matches!(round(&third, i32::MAX), Err(KernelError::NumberTooLarge { .. })));
}

#[test]
fn roots_have_twelve_places() {
    let a = decimal(&[Some(4), Some(2), Some(0), Some(-1), None, Some(25)], 0);
    let two = ratio(1_414_213_562_373, 1_000_000_000_000);
    let expected = [Some(ratio(2, 1)), Some(two), Some(ratio(0, 1)), None, None, Some(ratio(5, 1))];
    assert_eq!(all(&square_root(&a)), expected);
    assert_eq!(all(&square_root(&exact(&a))), expected);
    // The root is a tie at the twelfth place: 1.0000000000005 and 1.0000000000015.
    for (units, rounded) in [(10_000_000_000_005, 1_000_000_000_000), (10_000_000_000_015, 1_000_000_000_002)] {
        let square = ratio(units, 10_000_000_000_000).pow(2);
        let found = square_root(&Numbers::exact(vec![square], None));
        assert_eq!(all(&found), [Some(ratio(rounded, 1_000_000_000_000))]);
    }
    let huge = Numbers::exact(vec![ratio(10, 1).pow(100)], None);
    assert_eq!(all(&square_root(&huge)), [Some(ratio(10, 1).pow(50))]);
}

#[test]
fn roots_compare_exactly() {
    let root = |is_root| Root { value: NodeId(0), is_root };
    let squares = decimal(&[Some(4), Some(2), Some(0), Some(-4), None], 0);
    let plain = decimal(&[Some(200), Some(141), Some(-1), Some(1), Some(1)], 2);
    // Roots 2, 1.4142…, 0, unknown, unknown against 2, 1.41, -0.01.
    for (op, expected) in [
        (CompareOp::Greater, [false, true, true]),
        (CompareOp::GreaterOrEqual, [true, true, true]),
        (CompareOp::Equal, [true, false, false]),
        (CompareOp::Less, [false, false, false]),
    ] {
        let expected: Vec<_> = expected.map(Some).into_iter().chain([None, None]).collect();
        let found = compare_roots(op, (&squares, root(true)), (&plain, root(false)), 5).unwrap();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{op:?}");
        let flipped =
            compare_roots(super::compare::flip(op), (&plain, root(false)), (&squares, root(true)), 5).unwrap();
        assert_eq!(flipped.iter().collect::<Vec<_>>(), expected, "{op:?}");
    }
    let minus = Numbers::constant(&ratio(-1, 1));
    let found = compare_roots(CompareOp::Greater, (&squares, root(true)), (&minus, root(false)), 5).unwrap();
    assert_eq!(found.iter().collect::<Vec<_>>(), [Some(true), Some(true), Some(true), None, None]);
    let both = compare_roots(CompareOp::Less, (&squares, root(true)), (&exact(&plain), root(true)), 5).unwrap();
    assert_eq!(both.iter().collect::<Vec<_>>(), [Some(false), Some(false), None, None, None]);
    assert!(ratio(-1, 100).is_negative());
}

#[test]
fn growth_has_a_limit() {
    let mut numbers = Numbers::constant(&ratio(10, 1).pow(1000));
    let grown = (0..20).try_for_each(|_| {
        numbers = multiply(&numbers, &numbers, 1)?;
        Ok(())
    });
    assert!(matches!(grown, Err(KernelError::NumberTooLarge { .. })));
}

#[test]
fn denominators_that_end() {
    for (denominator, expected) in
        [(1, Some(0)), (10, Some(1)), (8, Some(3)), (125, Some(3)), (3, None), (30, None), (1 << 20, Some(20))]
    {
        assert_eq!(decimal_scale(&BigInt::from(denominator)), expected, "{denominator}");
    }
    assert_eq!(decimal_of(&ratio(-5, 4)), Some((-125, 2)));
    assert_eq!(decimal_of(&ratio(1, 7)), None);
}

/// A column of three numbers in one of the representations, near zero or near the limits.
fn column() -> impl Strategy<Value = Numbers> {
    let value = prop_oneof![
        2 => (-60i128..60).prop_map(Some),
        1 => any::<i64>().prop_map(|value| Some(value.into())),
        // Of any length, so that products are about where they cease to fit.
        2 => (any::<i64>(), 0u32..64).prop_map(|(value, bits)| Some((value >> bits).into())),
        1 => any::<i128>().prop_map(Some),
        1 => Just(None),
    ];
    let values = proptest::collection::vec(value, 3);
    (values.clone(), values, 0u8..5, 0u8..4).prop_map(|(a, b, scale, form)| match form {
        3 => {
            let small: Vec<i64> = a.iter().map(|value| value.unwrap_or(i128::from(i64::MIN)) as i64).collect();
            let nulls: NullBuffer = a.iter().map(Option::is_some).collect::<Vec<_>>().into();
            Numbers::Small { values: small.into(), scale, nulls: Some(nulls) }
        }
        0 => decimal(&a, scale),
        1 => divide(&decimal(&a, scale), &decimal(&b, 2), 3).unwrap(),
        _ => exact(&decimal(&a, scale)),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn columns_agree_with_rationals(a in column(), b in column(), places in -45i32..8, one in any::<bool>()) {
        let b = if one { b.first_row() } else { b };
        let results = [
            add(&a, &b, 3).unwrap(),
            subtract(&b, &a, 3).unwrap(),
            multiply(&a, &b, 3).unwrap(),
            divide(&a, &b, 3).unwrap(),
            negate(&a),
            absolute(&a),
            round(&a, places).unwrap(),
        ];
        for row in 0..3 {
            let (x, y) = (a.get(row), b.get(if one { 0 } else { row }));
            let both = |f: fn(BigRational, BigRational) -> Option<BigRational>| x.clone().zip(y.clone()).and_then(|(x, y)| f(x, y));
            prop_assert_eq!(results[0].get(row), both(|x, y| Some(x + y)));
            prop_assert_eq!(results[1].get(row), both(|x, y| Some(y - x)));
            prop_assert_eq!(results[2].get(row), both(|x, y| Some(x * y)));
            prop_assert_eq!(results[3].get(row), both(|x, y| (!y.is_zero()).then(|| x / y)));
            prop_assert_eq!(results[4].get(row), x.clone().map(|x| -x));
            prop_assert_eq!(results[5].get(row), x.clone().map(|x| x.abs()));
            let unit = ratio(10, 1).pow(-places);
            prop_assert_eq!(results[6].get(row), x.clone().map(|x| naive_round(&(x / &unit)) * &unit));
            for op in OPS {
                let found = compare(op, &a, &b, 3);
                let found = found.iter().nth(row).flatten();
                prop_assert_eq!(found, x.clone().zip(y.clone()).map(|(x, y)| holds(op, x.cmp(&y))));
            }
        }
    }

    #[test]
    fn roots_are_nearest(above in 0i64..i64::MAX, below in 1i64..10_000) {
        let value = ratio(above.into(), below.into());
        let root = square_root(&Numbers::exact(vec![value.clone()], None)).get(0).unwrap();
        let half = ratio(1, 2_000_000_000_000);
        let low = &root - &half;
        prop_assert!(low.is_negative() || low.pow(2) <= value);
        prop_assert!((&root + &half).pow(2) >= value);
    }
}

impl Numbers {
    fn first_row(&self) -> Numbers {
        let nulls = self.nulls().map(|nulls| nulls.slice(0, 1));
        match self {
            Numbers::Small { values, scale, .. } => Numbers::Small { values: values.slice(0, 1), scale: *scale, nulls },
            Numbers::Decimal { values, scale, .. } => {
                Numbers::Decimal { values: values.slice(0, 1), scale: *scale, nulls }
            }
            _ => Numbers::exact(vec![self.to_exact()[0].clone()], nulls),
        }
    }
}

fn naive_round(value: &BigRational) -> BigRational {
    let floor = value.floor();
    let rest = value - &floor;
    let half = ratio(1, 2);
    let up = rest > half || (rest == half && !(&floor / ratio(2, 1)).is_integer());
    if up { floor + ratio(1, 1) } else { floor }
}
