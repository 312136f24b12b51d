//! Exact numbers as bytes that compare as they do.
//!
//! A number is its continued fraction, `a + 1/(b + 1/(c + …))`, whose terms decide one after the other: the larger the first the
//! larger the number, the larger the second the smaller, and so on in turns. An ending counts as a term larger than any.
//!
//! ```text
//! first term     0 or 1 by its sign, then its magnitude; of a negative one every bit the other way round
//! each next      0, then its magnitude; in every second of them every bit the other way round
//! the end        1, likewise
//! magnitude      four bytes length, big endian, then the bytes, big endian
//! ```

use num_bigint::{BigUint, Sign};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::Zero;

/// A number's bytes.
pub fn order_bytes(value: &BigRational) -> Vec<u8> {
    let (first, rest) = value.numer().div_mod_floor(value.denom());
    let mut bytes = Vec::with_capacity(24);
    let negative = first.sign() == Sign::Minus;
    bytes.push(u8::from(!negative));
    append(&mut bytes, first.magnitude(), negative);
    let (mut above, mut below) = (value.denom().magnitude().clone(), rest.into_parts().1);
    let mut inverted = true;
    while !below.is_zero() {
        bytes.push(mask(inverted));
        let (term, rest) = above.div_rem(&below);
        append(&mut bytes, &term, inverted);
        (above, below) = (below, rest);
        inverted = !inverted;
    }
    bytes.push(1 ^ mask(inverted));
    bytes
}

fn append(bytes: &mut Vec<u8>, magnitude: &BigUint, inverted: bool) {
    let magnitude = magnitude.to_bytes_be();
    let length = u32::try_from(magnitude.len()).unwrap_or(u32::MAX).to_be_bytes();
    bytes.extend(length.into_iter().chain(magnitude).map(|byte| byte ^ mask(inverted)));
}

fn mask(inverted: bool) -> u8 {
    if inverted { 0xff } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number() -> impl Strategy<Value = BigRational> {
        let part = prop_oneof![-9i128..9, -300i128..300, any::<i128>()];
        (part.clone(), part).prop_map(|(a, b)| BigRational::new(a.into(), (if b == 0 { 1 } else { b }).into()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn compare_as_numbers_do(a in number(), b in number()) {
            prop_assert_eq!(order_bytes(&a).cmp(&order_bytes(&b)), a.cmp(&b));
        }
    }
}
