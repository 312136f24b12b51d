//! What to do about rows that cannot be read: told from the values themselves.

use regex::Regex;

use super::fault::{Group, Sort};
use crate::catalog::model::{OnError, SourceTable};
use crate::engine::read::decimal;
use crate::ir::ColumnKind;

/// Ways out, the likeliest first.
pub(super) fn helps(sort: Sort, column: &str, group: &Group, declared: bool, table: &SourceTable) -> Vec<String> {
    let mut helps = Vec::new();
    match sort {
        Sort::Value => helps.extend(of_values(column, group, declared)),
        Sort::Encoding => helps.push("save the file as UTF-8; spreadsheet programs call it `CSV UTF-8`".to_owned()),
        Sort::Shape if group.has_long_rows() => helps.push(OPEN_QUOTE.to_owned()),
        Sort::Shape => {
            helps.push("a value that holds the separator stands in quotes, as in `\"Jakarta, Selatan\"`".to_owned());
        }
        Sort::Json => helps.push("write one object a line, as in `{\"id\": 1, \"name\": \"Budi\"}`".to_owned()),
        Sort::TooLong => helps.push(OPEN_QUOTE.to_owned()),
        Sort::Unreadable => {
            helps.push(group.help().unwrap_or("copy or export the file again: it is damaged or not whole").to_owned());
        }
    }
    if !sort.is_fatal() && table.on_error == OnError::Stop {
        helps.push("or leave such rows out, counted and reported: `on_error: skip`".to_owned());
    }
    helps
}

const OPEN_QUOTE: &str = "look for a quote that is opened and not closed on the line where the row begins";

/// A number as it is written without any setting.
pub(super) fn is_plain_number(text: &str) -> bool {
    decimal(text.trim(), 30).is_some()
}

fn of_values(column: &str, group: &Group, declared: bool) -> Vec<String> {
    let mut helps = Vec::new();
    let numeric = matches!(group.kind(), Some(ColumnKind::Integer { .. } | ColumnKind::Decimal { .. }));
    let timely = matches!(group.kind(), Some(ColumnKind::Date | ColumnKind::Timestamp));
    if group.values().any(|value| value.contains(['\n', '\r'])) {
        helps.push(OPEN_QUOTE.to_owned());
    } else if group.is_all(|value| value == column) {
        helps.push("these lines repeat the names of the columns: take them out".to_owned());
    } else if group.is_all(|value| matches!(value, "NaN" | "inf" | "-inf")) {
        helps.push("if these stand for unknown, say so in the table: `reading: { nulls: [NaN, inf] }`".to_owned());
    } else if numeric && group.is_all(is_plain_number) {
        let digits = |value: &str| value.split_once('.').map_or(0, |(_, fraction)| fraction.trim_end().len());
        let most = group.values().map(digits).max().unwrap_or_default();
        helps.push(format!("declare as many digits as the data has: `types: {{ {column}: decimal({most}) }}`"));
    } else if numeric && let Some(setting) = number_form(group) {
        helps.push(format!("if numbers are written in that way, say so in the table: `reading: {{ {setting} }}`"));
    } else if group.kind() == Some(ColumnKind::Date) && group.is_all(|value| is_iso_like(value) && value.len() > 10) {
        helps.push(format!("if its time of day counts, declare it: `types: {{ {column}: timestamp }}`"));
    } else if timely && group.is_all(is_iso_like) {
        helps.push("there is no such day or time: correct the data".to_owned());
    } else if timely && let Some(pattern) = time_form(group) {
        helps.push(format!("say how times are written in the table: `reading: {{ times: '{pattern}' }}`"));
    } else if group.is_all(|value| !value.bytes().any(|byte| byte.is_ascii_digit())) {
        let quoted = |value: &str| format!("'{}'", value.replace('\'', "''"));
        let mut words: Vec<String> = group.values().map(quoted).collect();
        words.sort();
        words.dedup();
        let words = words.join(", ");
        helps.push(format!("if that stands for unknown, say so in the table: `reading: {{ nulls: ['', {words}] }}`"));
    } else {
        helps.push("correct the data".to_owned());
    }
    if !declared {
        helps.push(format!("if `{column}` is meant as something else, declare it: `types: {{ {column}: text }}`"));
    }
    helps
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text.trim()))
}

/// Decimal commas and signs between thousands.
fn number_form(group: &Group) -> Option<&'static str> {
    let forms = [
        (r"^[-+]?\d+,\d+$", "decimal: ','"),
        (r"^[-+]?\d{1,3}(\.\d{3})*,\d+$", "decimal: ',', thousands: '.'"),
        (r"^[-+]?\d{1,3}(,\d{3})*(\.\d+)?$", "thousands: ','"),
        (r"^[-+]?\d{1,3}( \d{3})*(,\d+)?$", "decimal: ',', thousands: ' '"),
    ];
    forms.into_iter().find(|(pattern, _)| group.is_all(|value| matches(pattern, value))).map(|(_, setting)| setting)
}

fn is_iso_like(text: &str) -> bool {
    matches(r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$", text)
}

/// The form of dates such as `31/03/2026 10:00`: the day first, unless a number above 12 shows that the month is.
fn time_form(group: &Group) -> Option<String> {
    let parts = Regex::new(r"^(\d{1,4})([./ -])(\d{1,2})([./ -])(\d{1,4})(?:([T ]+)\d{1,2}:\d{2}(:\d{2})?)?$").ok()?;
    let found: Vec<_> = group.values().filter_map(|value| parts.captures(value.trim())).collect();
    let first = found.first().filter(|_| found.len() == group.values().count())?;
    let part = |at: usize| first.get(at).map_or("", |part| part.as_str());
    let number = |captures: &regex::Captures<'_>, at: usize| captures.get(at)?.as_str().parse::<u32>().ok();
    let year_first = part(1).len() == 4;
    let month_first = !year_first && found.iter().any(|captures| number(captures, 3).is_some_and(|day| day > 12));
    let year = if part(5).len() == 2 { "%y" } else { "%Y" };
    let day = match (year_first, month_first) {
        (true, _) => format!("%Y{}%m{}%d", part(2), part(4)),
        (_, true) => format!("%m{}%d{}{year}", part(2), part(4)),
        _ => format!("%d{}%m{}{year}", part(2), part(4)),
    };
    let seconds = if part(7).is_empty() { "" } else { ":%S" };
    Some(if part(6).is_empty() { day } else { format!("{day}{}%H:%M{seconds}", part(6)) })
}
