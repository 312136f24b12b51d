//! Finding what a misspelt name may have meant, and reading window suffixes.

use crate::ir::Window;
use crate::syntax::ast::{Duration, Period, Unit};

/// The nearest of `names` to `name` by edit distance, if it is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = match name.chars().count() {
        0..=2 => 1,
        3..=5 => 2,
        _ => 3,
    };
    let lower = name.to_lowercase();
    names
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.chars().count().max(1))
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

/// What the end of a name says about a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Suffix<'a> {
    /// `spend_90d`: the metric's name and the window.
    Window(&'a str, Window),
    /// `spend_12m`: months or minutes? The metric's name and the count, with `prev_` if it was there.
    Ambiguous(&'a str, String),
}

/// Reads a window suffix off a name: `_90d`, `_prev_90d`, `_today`, `_last_month`, `_prev_mtd` and so on.
pub(crate) fn suffix(name: &str) -> Option<Suffix<'_>> {
    calendar_suffix(name).or_else(|| counted_suffix(name))
}

fn calendar_suffix(name: &str) -> Option<Suffix<'_>> {
    const WORDS: &[(&str, Window)] = &[
        ("_prev_wtd", Window::PreviousToDate(Period::Week)),
        ("_prev_mtd", Window::PreviousToDate(Period::Month)),
        ("_prev_qtd", Window::PreviousToDate(Period::Quarter)),
        ("_prev_ytd", Window::PreviousToDate(Period::Year)),
        ("_today", Window::ToDate(Period::Day)),
        ("_yesterday", Window::Last(Period::Day)),
        ("_wtd", Window::ToDate(Period::Week)),
        ("_mtd", Window::ToDate(Period::Month)),
        ("_qtd", Window::ToDate(Period::Quarter)),
        ("_ytd", Window::ToDate(Period::Year)),
        ("_last_week", Window::Last(Period::Week)),
        ("_last_month", Window::Last(Period::Month)),
        ("_last_quarter", Window::Last(Period::Quarter)),
        ("_last_year", Window::Last(Period::Year)),
    ];
    WORDS.iter().find_map(|(word, window)| {
        let stem = name.strip_suffix(word)?;
        (!stem.is_empty()).then(|| Suffix::Window(stem, window.clone()))
    })
}

fn counted_suffix(name: &str) -> Option<Suffix<'_>> {
    let (stem, last) = name.rsplit_once('_')?;
    let digits = last.len() - last.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (count, unit) = last.split_at(digits);
    if count.is_empty() {
        return None;
    }
    let count: u32 = count.parse().ok()?;
    let (stem, previous) = match stem.strip_suffix("_prev") {
        Some(stem) => (stem, true),
        None => (stem, false),
    };
    if stem.is_empty() {
        return None;
    }
    let unit = match unit {
        "min" => Unit::Minute,
        "h" => Unit::Hour,
        "d" => Unit::Day,
        "w" => Unit::Week,
        "mo" => Unit::Month,
        "q" => Unit::Quarter,
        "y" => Unit::Year,
        "m" => {
            let prefix = if previous { "prev_" } else { "" };
            return Some(Suffix::Ambiguous(stem, format!("{prefix}{count}")));
        }
        _ => return None,
    };
    let duration = Duration { count, unit };
    let window = if previous { Window::Previous(duration) } else { Window::Rolling(duration) };
    Some(Suffix::Window(stem, window))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_name_windows() {
        let days = Duration { count: 90, unit: Unit::Day };
        assert_eq!(suffix("spend_90d"), Some(Suffix::Window("spend", Window::Rolling(days))));
        assert_eq!(suffix("spend_prev_90d"), Some(Suffix::Window("spend", Window::Previous(days))));
        assert_eq!(suffix("spend_prev_mtd"), Some(Suffix::Window("spend", Window::PreviousToDate(Period::Month))));
        assert_eq!(suffix("net_spend_last_year"), Some(Suffix::Window("net_spend", Window::Last(Period::Year))));
        assert_eq!(suffix("spend_12m"), Some(Suffix::Ambiguous("spend", "12".into())));
        for not in ["spend", "_90d", "spend_d", "spend_90", "spend_90x", "_today", "spend_99999999999d"] {
            assert_eq!(suffix(not), None, "{not}");
        }
    }

    #[test]
    fn the_nearest_name_is_near() {
        assert_eq!(nearest("spnd", ["spend", "visits"]), Some("spend"));
        assert_eq!(nearest("colour", ["spend", "visits"]), None);
        assert_eq!(nearest("a", ["b"]), None);
    }
}
