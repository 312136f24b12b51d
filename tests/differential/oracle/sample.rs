//! Samples: a stable share of the subjects, by a hash of their keys.

use kohort::rules::model::SplitDef;
use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use rust_decimal::Decimal;

use super::super::mutants::Mutant;
use super::super::value::{Value, decimal, literal_number, shown_instant};
use super::Oracle;
use super::digest::sha256;
use super::eval::Scope;

impl Oracle<'_> {
    /// `sample(10%, 'salt')`
    pub fn is_sampled(&self, share: &Decimal, salt: &str, scope: Scope<'_>) -> bool {
        let Scope::Subject { key, .. } = scope else { panic!("only subjects are sampled") };
        self.place_of(salt, key) < percent(share)
    }

    /// Whether a member of a segment is in this part of its split: the parts lie one behind the other.
    pub fn is_in_share(&self, split: &SplitDef, at: usize, key: &[Value]) -> bool {
        let share = |(_, share): &(_, kohort::catalog::model::Placed<Decimal>)| percent(&share.value);
        let mut before: BigRational = match self.is(Mutant::SplitFromTheEnd) {
            true => split.parts[at + 1..].iter().map(share).sum(),
            false => split.parts[..at].iter().map(share).sum(),
        };
        if self.is(Mutant::SplitPartsOverlap) {
            before = BigRational::zero();
        }
        let place = self.place_of(&split.salt.value, key);
        before <= place && place < before + share(&split.parts[at])
    }

    /// Where a key lies between 0 and 1 for a salt.
    fn place_of(&self, salt: &str, key: &[Value]) -> BigRational {
        let mut message = Vec::new();
        let salt = if self.is(Mutant::SaltIgnored) { "" } else { salt };
        message.extend(salt.as_bytes());
        for part in key {
            if !self.is(Mutant::HashWithoutSeparator) {
                message.push(0x1F);
            }
            message.extend(text_of(part).as_bytes());
        }
        let digest = sha256(&message);
        let first = digest.iter().take(8);
        let sum = |sum: BigInt, byte: &u8| sum * 256 + *byte;
        let number = match self.is(Mutant::HashLittleEndian) {
            true => first.rev().fold(BigInt::zero(), sum),
            false => first.fold(BigInt::zero(), sum),
        };
        BigRational::new(number, BigInt::from(2).pow(64))
    }
}

fn percent(share: &Decimal) -> BigRational {
    literal_number(share) / decimal(100, 0)
}

/// The text of a part of a key.
pub fn text_of(part: &Value) -> String {
    match part {
        Value::Number(number) => shortest(number),
        Value::Text(text) => text.clone(),
        Value::Date(date) => date.format("%Y-%m-%d").to_string(),
        Value::Instant(at) => shown_instant(*at),
        Value::Bool(truth) => truth.to_string(),
        other => panic!("{other:?} is no part of a key"),
    }
}

/// `7`, `-1.5`: a number in decimal digits, as few as it needs.
pub fn shortest(number: &BigRational) -> String {
    let sign = if number.is_negative() { "-" } else { "" };
    let mut rest = number.abs();
    let (whole, _) = rest.numer().div_rem(rest.denom());
    rest -= BigRational::from_integer(whole.clone());
    let mut places = String::new();
    while !rest.is_zero() {
        rest *= decimal(10, 0);
        let digit = rest.to_integer();
        places.push_str(&digit.to_string());
        rest -= BigRational::from_integer(digit);
        assert!(places.len() < 50, "{number} has no end");
    }
    if places.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{places}") }
}
