//! Constants: numbers, text, moments, durations.

use chrono::{Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use rust_decimal::Decimal;

use super::Builder;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Duration, ExprKind, Literal, TimePoint, Unit};
use crate::syntax::draft::Edit;
use crate::syntax::grammar::{Pair, Rule};

impl Builder<'_> {
    /// A number, exactly; what does not fit is reported.
    pub(super) fn decimal(&mut self, pair: &Pair<'_>) -> Option<Decimal> {
        let digits = pair.as_str().trim_end().trim_end_matches('%').replace('_', "");
        match Decimal::from_str_exact(&digits) {
            Ok(number) => Some(number),
            Err(_) => {
                let message = "this number has more digits than can be kept exactly (28)";
                self.report(Diagnostic::new(Code::NumberForm, self.span(pair), message).help("round it"));
                None
            }
        }
    }

    /// Quoted text: the outer quotes go, doubled ones inside become one.
    pub(super) fn text(&mut self, pair: &Pair<'_>) -> String {
        let written = pair.as_str().trim_end();
        let quote = if written.starts_with('"') { "\"" } else { "'" };
        let inside = written.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)).unwrap_or(written);
        inside.replace(&quote.repeat(2), quote)
    }

    /// `90d`, `90 days`. None: reported, and the length is not known.
    pub(super) fn duration(&mut self, pair: Pair<'_>) -> Option<Duration> {
        let place = self.span(&pair);
        let start = pair.as_span().start();
        let written = pair.as_str().trim_end().to_owned();
        let mut parts = pair.into_inner();
        let (Some(count), Some(unit)) = (parts.next(), parts.next()) else {
            self.unread();
            return None;
        };
        let digits = count.as_str().replace('_', "");
        let Ok(count) = digits.parse() else {
            let message = format!("`{written}` is too long a time: at most {} units", u32::MAX);
            self.report(Diagnostic::new(Code::DurationForm, place, message));
            return None;
        };
        let word = unit.as_str().to_lowercase();
        let Some(unit) = unit_of(&word) else {
            let message = format!("`{written}` could be minutes or months");
            let diagnostic = Diagnostic::new(Code::DurationForm, place, message)
                .help(format!("write `{digits}mo` for months, `{digits}min` for minutes"));
            let range = start..start + written.len();
            self.offer(diagnostic, format!("write `{digits}mo`"), vec![Edit::replace(range, format!("{digits}mo"))]);
            return Some(Duration { count, unit: Unit::Month });
        };
        Some(Duration { count, unit })
    }

    /// `2026-03-31`, `2026-03-31T10:00`, with or without an offset. None: reported.
    pub(super) fn moment(&mut self, pair: &Pair<'_>) -> Option<Literal> {
        let written = pair.as_str().trim_end();
        let place = self.span(pair);
        let padded = pad(written);
        let Some(literal) = read_moment(&padded) else {
            let message = format!("`{written}` does not exist: {}", what_is_wrong(&padded));
            self.report(Diagnostic::new(Code::DateForm, place, message));
            return None;
        };
        if padded != written.to_ascii_uppercase() {
            let message = format!("a date is written `{padded}`, found `{written}`");
            let start = pair.as_span().start();
            let edit = Edit::replace(start..start + written.len(), padded.clone());
            self.offer(Diagnostic::new(Code::DateForm, place, message), format!("write `{padded}`"), vec![edit]);
        }
        Some(literal)
    }

    /// `31/03/2026`, `31-03-2026`: read by the grammar as arithmetic, and never meant so.
    pub(super) fn local_date(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let written = pair.as_str().trim_end();
        let iso = iso_date(written)?;
        let start = pair.as_span().start();
        let range = start..start + written.len();
        let message = format!("a date is written `{iso}`, found `{written}`");
        let diagnostic = Diagnostic::new(Code::DateForm, self.draft.place(range.clone()), message);
        let date = NaiveDate::parse_from_str(&iso, "%Y-%m-%d").ok()?;
        self.offer(diagnostic, format!("write `{iso}`"), vec![Edit::replace(range, iso)]);
        Some(ExprKind::Literal(Literal::Date(date)))
    }

    /// The first moment among the parts of a pair.
    pub(super) fn first_moment(&mut self, pair: Pair<'_>) -> Option<TimePoint> {
        let moment = pair.into_inner().find(|inner| inner.as_rule() == Rule::moment)?;
        self.time_point(&moment)
    }

    /// A moment as one end of a window.
    pub(super) fn time_point(&mut self, pair: &Pair<'_>) -> Option<TimePoint> {
        let span = self.span(pair);
        self.moment(pair).map(|literal| TimePoint { literal, span })
    }
}

/// Three numbers joined by `/`, `-` or `.` that can be a date: year first, else day first, else month first.
pub(in crate::syntax) fn iso_date(written: &str) -> Option<String> {
    if !(8..=10).contains(&written.len()) || !written.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let separator = written.chars().find(|next| !next.is_ascii_digit()).filter(|next| "/-.".contains(*next))?;
    let parts: Vec<&str> = written.split(separator).collect();
    let number = |part: &str| -> Option<u32> {
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    let [first, second, third] = parts.as_slice() else { return None };
    let (a, b, c) = (number(first)?, number(second)?, number(third)?);
    let (year, candidates) = match (first.len(), third.len()) {
        (4, 1..=2) => (a, [(b, c), (c, b)]),
        (1..=2, 4) => (c, [(b, a), (a, b)]),
        _ => return None,
    };
    let year = i32::try_from(year).ok()?;
    let date = candidates.into_iter().find_map(|(month, day)| NaiveDate::from_ymd_opt(year, month, day))?;
    Some(date.format("%Y-%m-%d").to_string())
}

/// The unit of a word; none for the ambiguous `m`.
fn unit_of(word: &str) -> Option<Unit> {
    Some(match word {
        "min" | "minute" | "minutes" => Unit::Minute,
        "h" | "hour" | "hours" => Unit::Hour,
        "d" | "day" | "days" => Unit::Day,
        "w" | "week" | "weeks" => Unit::Week,
        "mo" | "month" | "months" => Unit::Month,
        "q" | "quarter" | "quarters" => Unit::Quarter,
        "y" | "year" | "years" => Unit::Year,
        _ => return None,
    })
}

/// Adds the zeros that are missing before one-digit months, days, hours, minutes and seconds.
fn pad(written: &str) -> String {
    let mut padded = String::with_capacity(written.len() + 2);
    let mut digits = 0;
    let mut fraction = false;
    let mut number_start = 0;
    for character in written.to_ascii_uppercase().chars().chain(['\0']) {
        if character.is_ascii_digit() {
            if digits == 0 {
                number_start = padded.len();
            }
            digits += 1;
        } else {
            if digits == 1 && !fraction {
                padded.insert(number_start, '0');
            }
            digits = 0;
            fraction = character == '.';
        }
        padded.push(character);
    }
    padded.pop();
    padded
}

fn read_moment(padded: &str) -> Option<Literal> {
    let Some((day, clock)) = padded.split_once('T') else {
        return NaiveDate::parse_from_str(padded, "%Y-%m-%d").ok().map(Literal::Date);
    };
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    let zone_at = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at_checked(zone_at)?;
    let local = NaiveDateTime::new(day, read_clock(clock)?);
    if zone.is_empty() {
        return Some(Literal::Local(local));
    }
    let offset = if zone == "Z" { FixedOffset::east_opt(0)? } else { read_offset(zone)? };
    offset.from_local_datetime(&local).single().map(Literal::Instant)
}

fn read_clock(clock: &str) -> Option<NaiveTime> {
    let mut parts = clock.split(':');
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    let Some(seconds) = parts.next() else { return NaiveTime::from_hms_opt(hour, minute, 0) };
    let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    // Time is kept in microseconds; finer digits are floored.
    let micros: String = fraction.chars().chain("000000".chars()).take(6).collect();
    NaiveTime::from_hms_micro_opt(hour, minute, second.parse().ok()?, micros.parse().ok()?)
}

fn read_offset(zone: &str) -> Option<FixedOffset> {
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let seconds = hours * 3600 + minutes * 60;
    let in_range = minutes < 60 && seconds < 86_400;
    let east = if zone.starts_with('-') { -seconds } else { seconds };
    if in_range { FixedOffset::east_opt(east) } else { None }
}

fn what_is_wrong(padded: &str) -> String {
    let number = |range: std::ops::Range<usize>| padded.get(range).and_then(|digits| digits.parse::<u32>().ok());
    let month = number(5..7).unwrap_or(0);
    if !(1..=12).contains(&month) {
        return format!("there is no month {month}");
    }
    let day = padded.get(..10).unwrap_or(padded);
    if NaiveDate::parse_from_str(day, "%Y-%m-%d").is_err() {
        let year = number(0..4).unwrap_or(0);
        let first = NaiveDate::from_ymd_opt(year as i32, month, 1);
        let days = first.map_or(31, |first| u32::from(first.num_days_in_month()));
        return format!("month {month} of {year} has {days} days");
    }
    "hours go to 23, minutes and seconds to 59".to_owned()
}
