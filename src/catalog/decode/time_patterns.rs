//! Why a pattern of `%` letters cannot be used.
//!
//! Some mistakes have a look of their own: minutes where the month is expected, the name of a zone, letters of other
//! systems. Whatever is left shows when instants are written by the pattern and read again: what is lost is missing.

use std::fmt::Write;

use chrono::format::{Item, Parsed, StrftimeItems, parse};
use chrono::{DateTime, FixedOffset, NaiveTime, Timelike};

use super::time_forms::{LETTERS, finding, quoted};
use crate::diagnostic::Diagnostic;
use crate::source::Text;

/// What the whole of a date is.
const WHOLE_DATE: &str = "a form gives a whole date: the year (`%Y`), the month (`%m`) and the day (`%d`)";

/// Instants that a form must give back: days above and below 12, one and two digits, before and after noon, and of
/// another century.
const SAMPLES: [&str; 3] =
    ["2026-11-23T17:45:09.120000+07:00", "2031-02-03T04:05:06.007000+07:00", "1999-12-31T23:59:58.999999+07:00"];

/// Why a pattern cannot be used, and the pattern that was probably meant.
pub(super) struct Flaw {
    message: String,
    help: Option<String>,
    instead: Option<String>,
}

impl Flaw {
    fn new(message: impl Into<String>) -> Self {
        Flaw { message: message.into(), help: None, instead: None }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Flaw { help: Some(help.into()), ..self }
    }

    /// Offers the pattern with one part replaced.
    fn instead(self, pattern: &str, part: &Part<'_>, by: &str) -> Self {
        let before = pattern.get(..part.start).unwrap_or_default();
        let after = pattern.get(part.start + part.text.len()..).unwrap_or_default();
        Flaw { instead: Some(format!("{before}{by}{after}")), ..self }
    }

    /// As a finding about the form; what was probably meant is offered if nothing is wrong with it.
    pub fn at(self, text: &Text) -> Diagnostic {
        let mut finding = finding(text, self.message);
        finding.helps.extend(self.help);
        match self.instead.filter(|pattern| flaw(pattern).is_none()) {
            Some(pattern) => finding.fix(format!("write `{pattern}`"), quoted(&pattern)),
            None if finding.helps.is_empty() => finding.help(LETTERS),
            None => finding,
        }
    }
}

/// One `%…` of a pattern.
struct Part<'p> {
    start: usize,
    /// `%-d`
    text: &'p str,
    /// `d`; none when the pattern breaks off.
    letter: Option<char>,
}

impl Part<'_> {
    fn is_hour(&self) -> bool {
        self.letter.is_some_and(|letter| "HIkl".contains(letter))
    }

    fn is_readable(&self) -> bool {
        StrftimeItems::new(self.text).all(|item| item != Item::Error)
    }
}

fn parts(pattern: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = pattern.get(at..).and_then(|rest| rest.find('%')).map(|offset| at + offset) {
        let rest = pattern.get(start + 1..).unwrap_or_default();
        let modifiers = rest.chars().take_while(|sign| sign.is_ascii_digit() || "-_.:#".contains(*sign)).count();
        let letter = rest.chars().nth(modifiers);
        at = start + 1 + modifiers + letter.map_or(0, char::len_utf8);
        found.push(Part { start, text: pattern.get(start..at).unwrap_or_default(), letter });
    }
    found
}

/// What is wrong with a pattern, the likeliest mistake first.
pub(super) fn flaw(pattern: &str) -> Option<Flaw> {
    let parts = parts(pattern);
    let unusable = parts.iter().find_map(|part| unusable(pattern, part));
    let unusable = unusable.or_else(|| parts.windows(2).find_map(|pair| mistaken(pattern, &parts, pair)));
    if unusable.is_some() {
        return unusable;
    }
    let items: Vec<Item<'_>> = StrftimeItems::new(pattern).collect();
    SAMPLES.into_iter().filter_map(|sample| DateTime::parse_from_rfc3339(sample).ok()).find_map(|sample| {
        let loss = loss(&items, sample)?;
        Some(match loss {
            Loss::Parts(missing) if missing == ["`am` or `pm`"] => {
                let hours = parts.iter().find(|part| part.letter.is_some_and(|letter| "Il".contains(letter)));
                let flaw = Flaw::new(format!("`{pattern}` has hours up to 12 and does not say `am` or `pm`"))
                    .help("write `%H` for hours up to 24, or add `%p`");
                hours.into_iter().fold(flaw, |flaw, part| flaw.instead(pattern, part, "%H"))
            }
            Loss::Parts(missing) => {
                let date = missing.iter().any(|part| ["year", "month", "day"].contains(part));
                let help = if date { WHOLE_DATE } else { "a time has at least hours (`%H`) and minutes (`%M`)" };
                Flaw::new(format!("`{pattern}` does not say the {}", listed(&missing))).help(help)
            }
            Loss::Unreadable(text) => Flaw::new(format!("`{pattern}` cannot read what it writes: `{text}`"))
                .help("say each part once, and put a sign between parts that have no fixed number of digits"),
        })
    })
}

/// A part that means nothing, or not what it seems to mean.
fn unusable(pattern: &str, part: &Part<'_>) -> Option<Flaw> {
    let text = part.text;
    let Some(letter) = part.letter else {
        return Some(Flaw::new(format!("`{pattern}` breaks off after `{text}`")).help(LETTERS));
    };
    if !part.is_readable() {
        let flaw = Flaw::new(format!("`{text}` is no part of a date or time"));
        return Some(match letter {
            'i' if pattern.contains("%H") => flaw.instead(pattern, part, "%M"),
            'L' => flaw.instead(pattern, part, "%3f"),
            _ => flaw.help(LETTERS),
        });
    }
    match text {
        "%Z" => Some(Flaw::new("`%Z`, the name of a zone, is not read").help(
            "where all rows have one zone, write its name as it is (`'%Y-%m-%d %H:%M WIB'`) and say `timezone:`; where \
             they have offsets such as `+07:00`, write `%z`",
        )),
        "%s" => {
            let flaw = Flaw::new("`%s` counts all seconds since 1970");
            let seconds = part
                .start
                .checked_sub(3)
                .and_then(|start| pattern.get(start..))
                .is_some_and(|rest| rest.starts_with("%M"));
            Some(if seconds { flaw.instead(pattern, part, "%S") } else { flaw.help("write the word `unix` alone") })
        }
        "%f" => {
            let flaw = Flaw::new("`%f` counts billionths of a second, whatever the number of digits");
            let point = part.start.checked_sub(1).filter(|at| pattern.get(*at..part.start) == Some("."));
            Some(match point {
                Some(start) => flaw.instead(pattern, &Part { start, text: ".%f", letter: part.letter }, "%.f"),
                None => flaw.help("write `%3f` for three digits of a second, `%6f` for six"),
            })
        }
        _ => None,
    }
}

/// A part that stands where another is expected.
fn mistaken(pattern: &str, parts: &[Part<'_>], pair: &[Part<'_>]) -> Option<Flaw> {
    let [first, second] = pair else { return None };
    let has = |letters: &str| parts.iter().any(|part| part.letter.is_some_and(|letter| letters.contains(letter)));
    let minutes = |part: &Part<'_>| part.letter == Some('M');
    if first.is_hour() && second.text == "%m" {
        let flaw = Flaw::new("`%m` is the month, and stands where minutes are expected");
        return Some(flaw.instead(pattern, second, "%M"));
    }
    if first.text == "%h" && minutes(second) {
        let flaw = Flaw::new("`%h` is the name of a month, and stands where hours are expected");
        return Some(flaw.instead(pattern, first, "%H"));
    }
    let early = minutes(first) && first.start == parts.first().map_or(0, |part| part.start);
    let stray = if early { Some(first) } else { Some(second).filter(|part| minutes(part) && !first.is_hour()) };
    if let Some(part) = stray.filter(|_| !has("mbBhjUWVDFxvc+")) {
        let flaw = Flaw::new("`%M` is minutes, and stands where the month is expected");
        return Some(flaw.instead(pattern, part, "%m"));
    }
    let whole = [first, second].into_iter().find(|part| part.text == "%D").filter(|_| has("Yymb"));
    whole.map(|part| Flaw::new("`%D` is a whole date (`%m/%d/%y`)").instead(pattern, part, "%d"))
}

/// What gets lost of an instant that is written and read by a pattern.
enum Loss {
    /// Parts that the pattern does not have.
    Parts(Vec<&'static str>),
    /// The text is not read, or read as another instant.
    Unreadable(String),
}

fn loss(items: &[Item<'_>], sample: DateTime<FixedOffset>) -> Option<Loss> {
    let mut text = String::new();
    let mut parsed = Parsed::new();
    let written = write!(text, "{}", sample.format_with_items(items.iter())).is_ok();
    if !written || parse(&mut parsed, &text, items.iter()).is_err() {
        return Some(Loss::Unreadable(text));
    }
    let missing = missing_parts(&parsed);
    if !missing.is_empty() {
        return Some(Loss::Parts(missing));
    }
    let same_day = parsed.to_naive_date().is_ok_and(|day| day == sample.date_naive());
    let minute = |time: NaiveTime| (time.hour(), time.minute());
    let same_time =
        !is_timed(&parsed) || parsed.to_naive_time().is_ok_and(|time| minute(time) == minute(sample.time()));
    (!same_day || !same_time).then_some(Loss::Unreadable(text))
}

fn is_timed(parsed: &Parsed) -> bool {
    let parts = [parsed.hour_div_12(), parsed.hour_mod_12(), parsed.minute(), parsed.second(), parsed.nanosecond()];
    parts.iter().any(Option::is_some) || parsed.offset().is_some()
}

/// The parts that must be there and are not.
fn missing_parts(parsed: &Parsed) -> Vec<&'static str> {
    let years = [parsed.year(), parsed.year_mod_100(), parsed.isoyear(), parsed.isoyear_mod_100()];
    let week = [parsed.week_from_sun(), parsed.week_from_mon(), parsed.isoweek()].iter().any(Option::is_some);
    let year = years.iter().any(Option::is_some);
    let month = parsed.month().is_some() || parsed.ordinal().is_some() || week;
    let day = parsed.day().is_some() || parsed.ordinal().is_some() || (week && parsed.weekday().is_some());
    let timed = is_timed(parsed);
    let seconds = parsed.second().is_some() || parsed.nanosecond().is_none();
    let needed = [
        ("year", year),
        ("month", month),
        ("day", day),
        ("hours", !timed || parsed.hour_mod_12().is_some()),
        ("`am` or `pm`", parsed.hour_mod_12().is_none() || parsed.hour_div_12().is_some()),
        ("minutes", !timed || parsed.minute().is_some()),
        ("seconds", seconds),
    ];
    needed.into_iter().filter(|(_, there)| !there).map(|(part, _)| part).collect()
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
