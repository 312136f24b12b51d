//! `reading:` and `types:` of a table: only what its files do not say by themselves.

use super::draft::Said;
use super::facts::{Kind, TableFacts};
use super::sniff::Sniffed;

/// The words of `reading:` that a table needs.
pub fn reading(facts: &TableFacts) -> Vec<(&'static str, Said)> {
    let mut words = Vec::new();
    if let Some(written) = &facts.written {
        words.extend(csv(written, facts.usual_separator));
        let times = times(written);
        words.extend((!times.value.is_empty()).then_some(("times", times)));
    }
    let nulls = nulls(facts);
    words.extend((!nulls.value.is_empty()).then_some(("nulls", nulls)));
    words
}

fn csv(written: &Sniffed, usual: u8) -> Vec<(&'static str, Said)> {
    let mut words = Vec::new();
    if written.separator != usual {
        let sign = match written.separator {
            b'\t' => "tab".to_owned(),
            sign => quoted(&char::from(sign).to_string()),
        };
        words.push(("separator", Said::new(sign, "between values")));
    }
    if let Some(columns) = &written.columns {
        let why = "the first line holds values, so the columns are named here: give them better names";
        words.push(("header", Said::new("false", why)));
        words.push(("columns", Said::new(format!("[{}]", columns.join(", ")), "")));
    }
    if written.numbers.decimal != '.' {
        words.push((
            "decimal",
            Said::new(quoted(&written.numbers.decimal.to_string()), "before the fraction of a number"),
        ));
    }
    if let Some(thousands) = written.numbers.thousands {
        words.push(("thousands", Said::new(quoted(&thousands.to_string()), "between groups of three digits")));
    }
    words
}

fn times(written: &Sniffed) -> Said {
    let mut forms: Vec<&str> = Vec::new();
    // The longest first: a form without a time of day must not come before one with it.
    let mut dates: Vec<_> = written.dates.iter().collect();
    dates.sort_by_key(|date| std::cmp::Reverse(date.form.len()));
    for date in &dates {
        if !forms.contains(&date.form.as_str()) {
            forms.push(&date.form);
        }
    }
    let listed: Vec<String> = forms.iter().map(|form| quoted(form)).collect();
    let value = match listed.as_slice() {
        [one] => one.clone(),
        [] => String::new(),
        several => format!("[{}]", several.join(", ")),
    };
    let doubt = dates.iter().any(|date| date.ambiguous);
    let order = if forms.iter().any(|form| form.starts_with("%m")) { "month" } else { "day" };
    let why = match doubt {
        true => format!("the {order} first: the values read both ways, so look at a few of them"),
        false => "how dates are written".to_owned(),
    };
    Said::new(value, why)
}

fn nulls(facts: &TableFacts) -> Said {
    let mut words: Vec<String> = Vec::new();
    if let Some(written) = facts.written.as_ref().filter(|written| !written.nulls.is_empty()) {
        words.push(String::new());
        words.extend(written.nulls.iter().cloned());
    }
    if facts.columns.iter().any(|column| column.not_finite > 0) {
        words.extend(["NaN", "inf"].map(str::to_owned));
    }
    words.dedup();
    let listed: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    let value = if listed.is_empty() { String::new() } else { format!("[{}]", listed.join(", ")) };
    Said::new(value, "what stands for unknown")
}

/// The types that have to be declared: of dates that are not written the ISO way, and of floating point.
pub fn types(facts: &TableFacts) -> Vec<(String, Said)> {
    let mut types = Vec::new();
    for column in &facts.columns {
        let dates = facts.written.iter().flat_map(|written| &written.dates);
        let date = dates.into_iter().find(|date| date.name == column.source_name);
        let declared = match (date, column.places) {
            (Some(date), _) if column.kind.is_time() || column.kind == Kind::Text => {
                Said::new(if date.timed { "timestamp" } else { "date" }, "")
            }
            (_, Some(places)) => Said::new(format!("decimal({places})"), float_reason(column.kind, places)),
            _ => continue,
        };
        types.push((column.name.clone(), declared));
    }
    types
}

fn float_reason(kind: Kind, places: u8) -> String {
    match (kind, places) {
        (Kind::Round, _) => "floating point in the file, whole numbers all of them".to_owned(),
        (_, 1) => "floating point in the file; read exactly with 1 digit after the point".to_owned(),
        _ => format!("floating point in the file; read exactly with {places} digits after the point"),
    }
}

/// Text in single quotes.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
