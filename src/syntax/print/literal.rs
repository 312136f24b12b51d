//! Constants as they are written.

use std::fmt::Write;

use rust_decimal::Decimal;

use crate::syntax::ast::Literal;

/// As it is written: text in single quotes, digits grouped.
pub(super) fn literal_text(literal: &Literal) -> String {
    match literal {
        Literal::Bool(value) => value.to_string(),
        Literal::Number(value) => number(*value),
        Literal::Percent(value) => format!("{}%", number(*value)),
        Literal::Text(value) => quoted(value),
        Literal::Date(date) => date.format("%Y-%m-%d").to_string(),
        Literal::Local(local) => clock(local),
        Literal::Instant(instant) => format!("{}{}", clock(&instant.naive_local()), instant.format("%:z")),
        Literal::Duration(duration) => duration.to_string(),
    }
}

/// Seconds only where there are some.
fn clock(local: &chrono::NaiveDateTime) -> String {
    use chrono::Timelike;
    let mut text = local.format("%Y-%m-%dT%H:%M").to_string();
    if local.second() != 0 || local.nanosecond() != 0 {
        // Writing to a string cannot fail.
        let _ = write!(text, ":{:02}", local.second());
    }
    if local.nanosecond() != 0 {
        let micros = format!(".{:06}", local.nanosecond() / 1_000);
        text.push_str(micros.trim_end_matches('0'));
    }
    text
}

/// A number with its digits grouped.
pub(super) fn number(value: Decimal) -> String {
    group_digits(&value.to_string())
}

/// Groups the digits before the point by three, from five on: `20_000_000`.
pub(in crate::syntax) fn group_digits(number: &str) -> String {
    let (whole, decimals) = number.split_once('.').map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::with_capacity(number.len() + 8);
    for (at, digit) in whole.chars().enumerate() {
        let left = whole.len() - at;
        if at > 0 && left % 3 == 0 && whole.len() > 4 {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    match decimals {
        Some(decimals) => format!("{grouped}.{decimals}"),
        None => grouped,
    }
}

/// Text in single quotes, those inside doubled.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
