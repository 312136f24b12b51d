//! Whether a feature's final value fits: in lowest terms, at most 76 digits above and below.

use num_traits::Signed;

use super::super::mutants::Mutant;
use super::super::value::{Value, ten_to};
use super::Oracle;

/// The most digits a numerator or a denominator may have.
const DIGITS: u32 = 76;

impl Oracle<'_> {
    /// Raises the flag if the final value of a feature has too many digits.
    pub fn note_fit(&self, value: &Value) {
        let Value::Number(number) = value else { return };
        let limit = ten_to(DIGITS);
        if self.is(Mutant::NothingTooLarge) {
            return;
        }
        if number.numer().abs() >= limit || *number.denom() >= limit {
            self.unfit.set(true);
        }
    }
}
