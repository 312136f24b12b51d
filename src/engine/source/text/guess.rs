//! The types that values suggest.
//!
//! Nothing is guessed away: a column is a whole number only if writing the number gives back the text, so `00017` stays
//! text; decimals are read from their text, at the greatest scale seen.

use super::records::Field;
use crate::check::SourceType;
use crate::engine::read::{Conventions, TimeLook, without_exponent};
use crate::ir::ColumnKind;

const MAX_DIGITS: u8 = 38;

/// What the values of a column could be, so far.
#[derive(Clone, Debug)]
pub(super) struct Guess {
    seen: bool,
    nested: bool,
    list: bool,
    scalar: bool,
    integer: bool,
    decimal: bool,
    scale: u8,
    bool: bool,
    date: bool,
    time: bool,
}

impl Default for Guess {
    fn default() -> Self {
        Guess {
            seen: false,
            nested: false,
            list: false,
            scalar: false,
            integer: true,
            decimal: true,
            scale: 0,
            bool: true,
            date: true,
            time: true,
        }
    }
}

impl Guess {
    /// Takes a value of CSV into account.
    pub fn written(&mut self, text: &str, rules: &Conventions) {
        if rules.is_unknown(text) || rules.is_blank(text) {
            return;
        }
        (self.seen, self.scalar) = (true, true);
        if self.decimal {
            self.number(text, rules);
        }
        self.bool = self.bool && rules.boolean(text).is_some();
        self.moment(text, rules);
    }

    /// Takes a value of JSON into account: texts are no numbers there.
    pub fn field(&mut self, field: &Field<'_>, rules: &Conventions) {
        match field {
            Field::Unknown | Field::NotUtf8(_) => {}
            Field::Text(text) if rules.is_unknown(text) => {}
            Field::Text(text) => {
                (self.seen, self.scalar, self.decimal, self.bool) = (true, true, false, false);
                self.moment(text, rules);
            }
            Field::Number(text) => {
                (self.seen, self.scalar) = (true, true);
                (self.bool, self.date, self.time) = (false, false, false);
                match without_exponent(text).filter(|_| self.decimal) {
                    Some(plain) => self.plain_number(&plain),
                    None => self.decimal = false,
                }
            }
            Field::Bool(_) => {
                (self.seen, self.scalar) = (true, true);
                (self.decimal, self.date, self.time) = (false, false, false);
            }
            Field::List(_) => (self.seen, self.list) = (true, true),
            Field::Nested(_) => (self.seen, self.nested) = (true, true),
        }
    }

    fn moment(&mut self, text: &str, rules: &Conventions) {
        if self.date || self.time {
            let look = rules.looks_like_time(text);
            self.date = self.date && look == Some(TimeLook::Day);
            self.time = self.time && look.is_some();
        }
    }

    fn number(&mut self, text: &str, rules: &Conventions) {
        if rules.writes_plainly() {
            return self.plain_number(text);
        }
        match rules.plain_number(text) {
            Some(plain) => self.plain_number(&plain),
            None => self.decimal = false,
        }
    }

    fn plain_number(&mut self, plain: &str) {
        let digits = plain.strip_prefix('-').unwrap_or(plain);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let canonical = !whole.is_empty() && (whole == "0" || !whole.starts_with('0'));
        let scale = fraction.len().min(usize::from(u8::MAX)) as u8;
        let fits = whole.len() + usize::from(scale.max(self.scale)) <= usize::from(MAX_DIGITS);
        let reads = canonical && fits && all_digits(whole) && all_digits(fraction);
        self.scale = self.scale.max(scale);
        self.decimal = reads;
        self.integer = self.integer && reads && !digits.contains('.') && plain.parse::<i64>().is_ok();
    }

    /// What the column is taken for.
    pub fn source_type(&self) -> SourceType {
        // Where values of several kinds are mixed, those that do not fit are told by their places.
        if self.nested && !self.scalar {
            return SourceType::Other(if self.list { "lists and objects" } else { "objects" }.to_owned());
        }
        SourceType::Untyped(match self {
            Guess { seen: false, .. } => ColumnKind::Text,
            Guess { list: true, scalar: false, .. } => ColumnKind::TextList,
            Guess { decimal: true, integer: true, .. } => ColumnKind::Integer { digits: 19 },
            Guess { decimal: true, scale, .. } => ColumnKind::Decimal { digits: MAX_DIGITS, scale: *scale as i8 },
            Guess { bool: true, .. } => ColumnKind::Bool,
            Guess { date: true, .. } => ColumnKind::Date,
            Guess { time: true, .. } => ColumnKind::Timestamp,
            _ => ColumnKind::Text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::model::{Reading, TimeForm};
    use chrono_tz::UTC;

    fn guess_as(reading: &Reading, values: &[&str]) -> SourceType {
        let rules = Conventions::new(reading, UTC, true);
        let mut guess = Guess::default();
        values.iter().for_each(|value| guess.written(value, &rules));
        guess.source_type()
    }

    fn guess(values: &[&str]) -> ColumnKind {
        match guess_as(&Reading::default(), values) {
            SourceType::Untyped(kind) => kind,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn text_that_is_no_number_stays_text() {
        assert_eq!(guess(&["1", "-20", ""]), ColumnKind::Integer { digits: 19 });
        assert_eq!(guess(&["00017", "2"]), ColumnKind::Text);
        assert_eq!(guess(&["1.5", "2", "0.125"]), ColumnKind::Decimal { digits: 38, scale: 3 });
        assert_eq!(guess(&["1e3"]), ColumnKind::Text);
        assert_eq!(guess(&["true", "False"]), ColumnKind::Bool);
        assert_eq!(guess(&["2026-03-31", ""]), ColumnKind::Date);
        assert_eq!(guess(&["2026-03-31", "2026-03-31T10:00"]), ColumnKind::Timestamp);
        assert_eq!(guess(&["2026-02-30"]), ColumnKind::Text);
        assert_eq!(guess(&["", " "]), ColumnKind::Text);
        assert_eq!(guess(&["99999999999999999999"]), ColumnKind::Decimal { digits: 38, scale: 0 });
        assert_eq!(guess(&["1", "1.5", "x"]), ColumnKind::Text);
    }

    #[test]
    fn declared_forms_count() {
        let reading = Reading {
            decimal: ',',
            thousands: Some('.'),
            nulls: Some(vec!["n/a".into()]),
            times: vec![TimeForm::Pattern("%d.%m.%Y".into())],
            ..Reading::default()
        };
        let untyped = SourceType::Untyped;
        assert_eq!(guess_as(&reading, &["1.234,5", "n/a", ""]), untyped(ColumnKind::Decimal { digits: 38, scale: 1 }));
        assert_eq!(guess_as(&reading, &["31.03.2026"]), untyped(ColumnKind::Date));
    }

    #[test]
    fn json_has_types_of_its_own() {
        let rules = Conventions::new(&Reading::default(), UTC, false);
        let of = |fields: &[Field<'_>]| {
            let mut guess = Guess::default();
            fields.iter().for_each(|field| guess.field(field, &rules));
            guess.source_type()
        };
        assert_eq!(of(&[Field::Text("17".into())]), SourceType::Untyped(ColumnKind::Text));
        assert_eq!(of(&[Field::Number("17"), Field::Unknown]), SourceType::Untyped(ColumnKind::Integer { digits: 19 }));
        let decimal = ColumnKind::Decimal { digits: 38, scale: 3 };
        assert_eq!(of(&[Field::Number("1.5e-2")]), SourceType::Untyped(decimal));
        assert_eq!(of(&[Field::List(vec![])]), SourceType::Untyped(ColumnKind::TextList));
        assert_eq!(of(&[Field::Nested("{}")]), SourceType::Other("objects".into()));
    }
}
