//! Signs of `reading:` that are each in order and cannot stand together.

use super::signs::{self, Sign};
use crate::catalog::model::Reading;
use crate::diagnostic::Diagnostic;

/// The signs as written, to see which of them are the same.
pub(super) struct Written {
    /// The place to speak of when quote and separator are the same.
    pub quote: Option<Sign<u8>>,
    /// Where it is said.
    pub escape: Option<Sign<u8>>,
    /// Where it is said.
    pub decimal: Option<Sign<char>>,
    /// Where it is said.
    pub thousands: Option<Sign<char>>,
    /// Of the files, said or usual.
    pub separator: u8,
    /// Whether there is a separator at all.
    pub separates: bool,
}

impl Written {
    /// The first two signs that are the same and must not be.
    pub fn clash(&self, reading: &Reading) -> Option<Diagnostic> {
        self.of_numbers(reading).or_else(|| self.of_values(reading)).or_else(|| self.unquoted(reading))
    }

    fn of_numbers(&self, reading: &Reading) -> Option<Diagnostic> {
        let sign = self.thousands.filter(|_| reading.thousands == Some(reading.decimal))?;
        let message = format!("`{}` cannot be the thousands sign: it is the decimal point", reading.decimal);
        let finding = sign.finding(message);
        Some(match (self.decimal, reading.decimal) {
            (Some(_), _) => finding.help("remove `thousands:` if nothing stands between the thousands"),
            (None, _) => finding.help("if numbers are written as in `1.234,50`, say `decimal: ','` as well"),
        })
    }

    fn of_values(&self, reading: &Reading) -> Option<Diagnostic> {
        let separator = Some(self.separator);
        let shown = signs::shown(self.separator);
        if let Some(sign) = self.quote.filter(|_| reading.quote == separator) {
            let message = format!("{shown} cannot both separate values and stand around them");
            return Some(sign.finding(message).help("say another `separator:` or `quote:`"));
        }
        let sign = self.escape.filter(|_| reading.escape.is_some())?;
        if reading.escape == separator {
            let message = format!("{shown} cannot both separate values and stand before quotes");
            return Some(sign.finding(message).help("say another `separator:`, or remove `escape:`"));
        }
        if reading.escape == reading.quote {
            let message = "a quote inside a value is doubled without being told so";
            return Some(sign.finding(message).fix("write `none`", "none"));
        }
        let message = "`escape` means nothing where there are no quotes";
        reading.quote.is_none().then(|| sign.finding(message).help("remove `escape:`, or say the `quote:` sign"))
    }

    /// Numbers with a separator in them must be quoted.
    fn unquoted(&self, reading: &Reading) -> Option<Diagnostic> {
        let separator = char::from(self.separator);
        let inside = |sign: &Sign<char>| sign.value == Some(separator);
        let sign = self.decimal.filter(inside).or(self.thousands.filter(inside))?;
        if !self.separates || reading.quote.is_some() {
            return None;
        }
        let message = format!("`{separator}` cannot stand in numbers: it separates values, and nothing quotes them");
        Some(sign.finding(message).help("say another `separator:`, or the `quote:` sign"))
    }
}
