//! Whether a feature's final value fits: in lowest terms, at most 76 digits above and below.

use kohort::syntax::ast::Expr;
use num_traits::Signed;

use super::super::mutants::Mutant;
use super::super::value::{Value, ten_to};
use super::Oracle;
use super::tables::Table;

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

    /// Raises the flag if what is used rests on such a value.
    pub fn note_unfit(&self, unfit: bool) {
        if unfit {
            self.unfit.set(true);
        }
    }

    /// What some work gives, and whether it raised the flag; outside the flag stays as it was.
    pub fn noting<T>(&self, work: impl FnOnce() -> T) -> (T, bool) {
        let outer = self.unfit.replace(false);
        let done = work();
        (done, self.unfit.replace(outer))
    }

    /// Raises the flag if an expression about a table's rows uses such a column: a filter that leaves its rows out guards
    /// nothing.
    pub fn note_columns(&self, table: &Table, expr: &Expr) {
        if !table.unfit_columns.is_empty() {
            table.rows.iter().for_each(|row| drop(self.of_row(table, row, expr)));
        }
    }
}
