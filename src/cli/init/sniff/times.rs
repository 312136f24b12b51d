//! How dates and times are written, where it is not the ISO way.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use crate::cli::init::words::{Sense, means, words};

/// Dates, without the time of day. The ones that differ only in what is day and what is month stand together.
const DATES: [&str; 16] = [
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%m.%d.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d.%m.%y",
    "%d-%m-%y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d %b %Y",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%d %B %Y",
];
/// Times of day behind a date.
const CLOCKS: [&str; 9] = [
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S%.f",
    "T%H:%M:%S",
    ", %H:%M",
    ", %H:%M:%S",
    " %H.%M",
    " %I:%M %p",
    " %I:%M:%S %p",
];
/// Days since which whole numbers are taken for an instant where the column's name speaks of time: 1995 to 2065.
const SECONDS: std::ops::Range<i64> = 788_918_400..3_000_000_000;

/// A column of dates that are not written the ISO way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateColumn {
    /// Its name in the file.
    pub name: String,
    /// In the notation of `strftime`, or `unix`, `unix_ms`.
    pub form: String,
    /// It has a time of day.
    pub timed: bool,
    /// Day and month could be the other way round: every value reads both ways.
    pub ambiguous: bool,
}

/// Whether a value is a date or a time in any known way.
pub fn is_date(value: &str) -> bool {
    is_iso(value) || DATES.iter().any(|date| reads(value, date) || CLOCKS.iter().any(|c| reads_timed(value, date, c)))
}

fn is_iso(value: &str) -> bool {
    value.get(..10).is_some_and(|day| reads(day, "%Y-%m-%d"))
}

fn reads(value: &str, form: &str) -> bool {
    let four_digits = |date: NaiveDate| !form.contains("%Y") || date.year() >= 1000;
    value.as_bytes().iter().any(u8::is_ascii_digit) && NaiveDate::parse_from_str(value, form).is_ok_and(four_digits)
}

fn reads_timed(value: &str, date: &str, clock: &str) -> bool {
    let four_digits = |time: NaiveDateTime| !date.contains("%Y") || time.year() >= 1000;
    NaiveDateTime::parse_from_str(value, &format!("{date}{clock}")).is_ok_and(four_digits)
}

/// The columns of dates. All of them have one order of day and month: that of a column which leaves no doubt, or what
/// `day_first` says.
pub fn find(names: &[String], columns: &[Vec<String>], day_first: bool) -> Vec<DateColumn> {
    let forms: Vec<Vec<(String, bool)>> = columns.iter().map(|values| possible(values)).collect();
    let mut sure = forms.iter().filter(|forms| !ambiguous(forms)).filter_map(|forms| month_first(&forms.first()?.0));
    let month_is_first = sure.next_back().unwrap_or(!day_first);
    let found = names.iter().zip(&forms).zip(columns).filter_map(|((name, forms), values)| {
        if let Some(form) = epoch(name, values) {
            return Some(DateColumn { name: name.clone(), form: form.to_owned(), timed: true, ambiguous: false });
        }
        let fits = |(form, _): &&(String, bool)| month_first(form).is_none_or(|first| first == month_is_first);
        let (form, timed) = forms.iter().find(fits).or_else(|| forms.first())?;
        Some(DateColumn { name: name.clone(), form: form.clone(), timed: *timed, ambiguous: ambiguous(forms) })
    });
    found.collect()
}

/// Whether the month stands before the day; none where there is no doubt in the form itself.
fn month_first(form: &str) -> Option<bool> {
    let numeric = !form.starts_with("%Y") && form.contains("%m");
    numeric.then(|| form.starts_with("%m"))
}

/// Whether the values read with the day first and with the month first.
fn ambiguous(forms: &[(String, bool)]) -> bool {
    let has = |first: bool| forms.iter().any(|(form, _)| month_first(form) == Some(first));
    has(true) && has(false)
}

/// Every form that reads all values, and whether it has a time of day.
fn possible(values: &[String]) -> Vec<(String, bool)> {
    let Some(first) = values.first() else { return Vec::new() };
    if is_iso(first) {
        return Vec::new();
    }
    let mut forms = Vec::new();
    for date in DATES {
        if values.iter().all(|value| reads(value, date)) {
            forms.push((date.to_owned(), false));
        }
        for clock in CLOCKS {
            if values.iter().all(|value| reads_timed(value, date, clock)) {
                forms.push((format!("{date}{clock}"), true));
                break;
            }
        }
    }
    forms
}

/// Whole numbers that count seconds or milliseconds since 1970, in a column whose name speaks of time.
fn epoch(name: &str, values: &[String]) -> Option<&'static str> {
    let speaks_of_time =
        words(name).iter().any(|word| [Sense::Time, Sense::Happened, Sense::Changed].iter().any(|s| means(word, *s)));
    if !speaks_of_time || values.is_empty() {
        return None;
    }
    let numbers: Option<Vec<i64>> = values.iter().map(|value| value.parse().ok()).collect();
    let numbers = numbers?;
    let all = |unit: i64| numbers.iter().all(|number| SECONDS.contains(&(number / unit)));
    if all(1) { Some("unix") } else { all(1_000).then_some("unix_ms") }
}
