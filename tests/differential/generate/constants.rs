//! Constants: values that occur, and values just beside them.

use chrono::{Duration as Elapsed, NaiveDate};
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::super::oracle::{elapsed, rounded, time};
use super::super::value::{Value, ten_to};
use super::phrase::Template;
use super::schema::Sort;
use super::writer::{Site, Writer};

impl Writer<'_> {
    /// A constant of a sort near the values of an expression.
    pub fn constant(&mut self, site: &Site, near: &Template, sort: Sort) -> String {
        let values = self.values(site, near);
        self.constant_among(&values, sort)
    }

    /// A constant of a sort near one of these values.
    pub fn constant_among(&mut self, values: &[Value], sort: Sort) -> String {
        match (sort, self.random.any(values).cloned()) {
            (Sort::Number, value) => self.number(value.as_ref()),
            (Sort::Text, Some(Value::Text(text))) => quoted(&self.beside(&text)),
            (Sort::Text, _) => quoted("Jakarta"),
            (Sort::Bool, _) => if self.random.chance(50) { "true" } else { "false" }.to_owned(),
            (Sort::Date | Sort::Instant, Some(Value::Date(date))) => self.date(date),
            (Sort::Date | Sort::Instant, Some(Value::Instant(at))) => self.instant(at),
            (Sort::Date | Sort::Instant, _) => self.date(self.today),
            (Sort::Duration, value) => self.duration(value.as_ref()),
            (Sort::List | Sort::Closed, _) => panic!("{sort:?} has constants of its own"),
        }
    }

    fn number(&mut self, value: Option<&Value>) -> String {
        let Some(number) = value.and_then(rounded) else {
            return (*self.random.pick(&["0", "1", "2", "10.5", "1_000"])).to_owned();
        };
        let step = match self.random.below(10) {
            0 => BigRational::one(),
            1 => -BigRational::one(),
            2 => BigRational::new(1.into(), 100.into()),
            _ => BigRational::zero(),
        };
        let number = number + step;
        if number >= BigRational::zero() && number <= BigRational::one() && self.random.chance(30) {
            let percent = &number * BigRational::from_integer(100.into());
            return written(&percent).map_or_else(|| "50%".into(), |text| format!("{text}%"));
        }
        written(&number).unwrap_or_else(|| "1_000_000".into())
    }

    /// Minutes, hours, days or weeks about as long.
    fn duration(&mut self, value: Option<&Value>) -> String {
        let micros = value.map_or_else(|| BigRational::from_integer((2 * time::DAY).into()), elapsed);
        let (unit, word) = *self.random.pick(&[
            (time::MINUTE, "min"),
            (time::HOUR, "h"),
            (time::DAY, "d"),
            (time::DAY, "d"),
            (7 * time::DAY, "w"),
        ]);
        let count = (micros / BigRational::from_integer(unit.into())).round().to_integer();
        let most = num_bigint::BigInt::from(1_000_000);
        format!("{}{word}", count.max(num_bigint::BigInt::one()).min(most))
    }

    /// The text itself, or one that differs by case or an end.
    fn beside(&mut self, text: &str) -> String {
        match self.random.below(10) {
            0 | 1 => text.to_uppercase(),
            2 => text.to_lowercase(),
            3 => format!("{text}x"),
            _ => text.to_owned(),
        }
    }

    fn date(&mut self, date: NaiveDate) -> String {
        let days = if self.random.chance(70) { 0 } else { self.random.between(-2, 2) };
        (date + Elapsed::days(days)).to_string()
    }

    /// A local time by the minute, an instant in UTC, or the local day.
    fn instant(&mut self, at: i64) -> String {
        match self.random.below(3) {
            0 => time::local(self.zone, at).format("%Y-%m-%dT%H:%M").to_string(),
            1 => time::local(chrono_tz::UTC, at).format("%Y-%m-%dT%H:%M+00:00").to_string(),
            _ => self.date(time::local(self.zone, at).date()),
        }
    }
}

/// Text in quotes, quotes inside doubled.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A number in decimal digits: exactly if 12 places do, else cut to 12; `None` if it has too many digits for a literal.
fn written(number: &BigRational) -> Option<String> {
    let scaled = (number.abs() * BigRational::from_integer(ten_to(12))).floor().to_integer();
    let digits = format!("{scaled:0>13}");
    if digits.len() > 26 {
        return None;
    }
    let (whole, places) = digits.split_at(digits.len() - 12);
    let places = places.trim_end_matches('0');
    let sign = if number.is_negative() && !scaled.is_zero() { "-" } else { "" };
    Some(if places.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{places}") })
}
