//! Numbers for people and for files: exact, rounded half to even where they must be.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed};

/// Digits after the point in files; a decimal of so many digits is shown whole.
pub const FILE_PLACES: u32 = 12;
/// Digits after the point for people.
const SHOWN_PLACES: u32 = 2;

/// `1,234,567`
pub fn grouped(number: u64) -> String {
    group(&number.to_string())
}

/// `1,234.50`: whole numbers as they are, others with two digits after the point.
pub fn shown(amount: &BigRational) -> String {
    let places = if amount.is_integer() { 0 } else { SHOWN_PLACES };
    let text = rounded(amount, places);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, rest) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    match rest {
        Some(rest) => format!("{sign}{}.{rest}", group(whole)),
        None => format!("{sign}{}", group(whole)),
    }
}

/// `1234.5`: up to 12 digits after the point, without trailing zeros.
pub fn written(amount: &BigRational) -> String {
    let text = rounded(amount, FILE_PLACES);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `7.8%`, and nothing of nothing: `–`.
pub fn percentage(part: u64, whole: u64) -> String {
    match share(part, whole) {
        Some(share) => format!("{}%", rounded(&(share * BigInt::from(100)), 1)),
        None => "–".to_owned(),
    }
}

/// A part by its whole; there is none of nothing.
pub fn share(part: u64, whole: u64) -> Option<BigRational> {
    (whole > 0).then(|| BigRational::new(part.into(), whole.into()))
}

/// A number in units of its last of so many digits after the point, rounded half to even.
pub fn units(number: &BigRational, places: u32) -> BigInt {
    let scaled = number.abs() * BigRational::from_integer(BigInt::from(10).pow(places));
    let (mut units, rest) = scaled.numer().div_rem(scaled.denom());
    let twice = rest * 2;
    if twice > *scaled.denom() || (twice == *scaled.denom() && units.is_odd()) {
        units += BigInt::one();
    }
    if number.is_negative() { -units } else { units }
}

/// A number with exactly so many digits after the point, rounded half to even.
fn rounded(number: &BigRational, places: u32) -> String {
    let units = units(number, places);
    let sign = if units.is_negative() { "-" } else { "" };
    let text = format!("{digits:0>width$}", digits = units.magnitude().to_string(), width = places as usize + 1);
    match text.split_at_checked(text.len() - places as usize) {
        Some((whole, rest)) if !rest.is_empty() => format!("{sign}{whole}.{rest}"),
        _ => format!("{sign}{text}"),
    }
}

fn group(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(numerator: i64, denominator: i64) -> BigRational {
        BigRational::new(numerator.into(), denominator.into())
    }

    #[test]
    fn thousands_are_separated() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        assert_eq!(shown(&ratio(1_000_125, 1_000)), "1,000.12");
        assert_eq!(shown(&ratio(-1_000_135, 1_000)), "-1,000.14");
        assert_eq!(shown(&ratio(-1, 1_000)), "0.00");
        assert_eq!(shown(&ratio(-12_345, 1)), "-12,345");
        assert_eq!(percentage(1, 3), "33.3%");
        assert_eq!(percentage(1, 2_000), "0.0%");
        assert_eq!(percentage(3, 2_000), "0.2%");
        assert_eq!(percentage(5, 5), "100.0%");
        assert_eq!(percentage(0, 0), "–");
    }

    #[test]
    fn files_hold_what_is_exact() {
        assert_eq!(written(&ratio(1_250, 100)), "12.5");
        assert_eq!(written(&ratio(100, 1)), "100");
        assert_eq!(written(&ratio(0, 1)), "0");
        assert_eq!(written(&ratio(-2, 3)), "-0.666666666667");
    }
}
