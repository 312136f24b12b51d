//! Values, needs and changes in words.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use kohort::engine::why::Until;
use kohort::engine::why::{
    Answer, Change, ColumnWhy, Known, Needed, Operand, RankWhy, Reach, RowsWhy, Step, Test, Truth, Why,
};
use kohort::ir::Value;
use kohort::syntax::ast::{CompareOp, Quantifier};
use num_rational::BigRational;
use num_traits::Zero;

use crate::cli::amounts::{grouped, shown};

/// So many digits after the point are shown; more are rounded, and said to be.
const PLACES: u32 = 6;

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// A value: `1,250.5`, `Jakarta`, `2026-03-14 10:00`, `not known`.
pub fn value(known: &Known, zone: Tz) -> String {
    match known {
        Known::Unknown => "not known".to_owned(),
        Known::Texts(texts) if texts.is_empty() => "none".to_owned(),
        Known::Texts(texts) => texts.join(", "),
        Known::Value(value) => of_value(value, zone),
    }
}

/// A value by which something is called: numbers without signs between their thousands.
pub fn plain(known: &Known, zone: Tz) -> String {
    match known {
        Known::Value(number @ Value::Number(_)) => kohort::engine::written_value(number),
        other => value(other, zone),
    }
}

/// A value in a column of rows.
pub fn cell(known: &Known, column: &ColumnWhy, zone: Tz) -> String {
    match known {
        Known::Unknown => "–".to_owned(),
        // By whole numbers rows and things are called.
        Known::Value(Value::Number(number)) if number.is_integer() && !column.is_amount => plain(known, zone),
        known => value(known, zone),
    }
}

fn of_value(value: &Value, zone: Tz) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => amount(number),
        Value::Text(text) if text.is_empty() => "''".to_owned(),
        Value::Text(text) => text.clone(),
        Value::Date(day) => day.to_string(),
        Value::Instant(micros) => instant(*micros, zone),
        Value::Duration(micros) => duration(*micros),
    }
}

/// A value as a rule writes it, where that differs: text in quotes.
fn quoted(value: &Value, zone: Tz) -> String {
    match value {
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        other => of_value(other, zone),
    }
}

/// `1,250.5`; a number with many digits is rounded: `≈ 33.33`.
pub fn amount(number: &BigRational) -> String {
    let scaled = number * BigRational::from_integer(num_bigint::BigInt::from(10).pow(PLACES));
    if !scaled.is_integer() {
        return format!("≈ {}", shown(number));
    }
    let whole = shown(&number.trunc());
    // The sign of what is cut off is not that of zero.
    let sign = if number < &BigRational::zero() && number.trunc().is_zero() { "-" } else { "" };
    let rest = scaled.to_integer().magnitude() % 10_u32.pow(PLACES);
    let rest = format!("{rest:0>width$}", width = PLACES as usize);
    match rest.trim_end_matches('0') {
        "" => whole,
        digits => format!("{sign}{whole}.{digits}"),
    }
}

/// `2026-03-14 10:00`, without parts of a second; the last microsecond of a day as `the end of 2026-03-14`.
pub fn instant(micros: i64, zone: Tz) -> String {
    let local = |micros: i64| {
        let instant = DateTime::<Utc>::UNIX_EPOCH.checked_add_signed(TimeDelta::microseconds(micros))?;
        Some(instant.with_timezone(&zone).naive_local())
    };
    let Some(shown) = local(micros) else { return format!("{micros} microseconds after 1970") };
    let next = micros.checked_add(1).and_then(local);
    if next.is_some_and(|next| next.time() == chrono::NaiveTime::MIN && next.date() > shown.date()) {
        return format!("the end of {}", shown.date());
    }
    let text = shown.format("%Y-%m-%d %H:%M:%S").to_string();
    text.strip_suffix(":00").map_or(text.clone(), str::to_owned)
}

/// `3 days`, `1 day 12:00:00`, `00:30:00`
fn duration(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let (days, rest) = (micros.unsigned_abs() / DAY as u64, micros.unsigned_abs() % DAY as u64);
    let seconds = rest / 1_000_000;
    let fraction = match rest % 1_000_000 {
        0 => String::new(),
        fraction => format!(".{fraction:06}").trim_end_matches('0').to_owned(),
    };
    let clock = format!("{:02}:{:02}:{:02}{fraction}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let in_days = format!("{} {}", grouped(days), if days == 1 { "day" } else { "days" });
    match (days, rest) {
        (_, 0) => format!("{sign}{in_days}"),
        (0, _) => format!("{sign}{clock}"),
        _ => format!("{sign}{in_days} {clock}"),
    }
}

/// `3 rows`
pub fn rows(count: u64) -> String {
    format!("{} {}", grouped(count), if count == 1 { "row" } else { "rows" })
}

/// The key as people type it, for a heading.
pub fn key(why: &Why, zone: Tz) -> String {
    why.key.iter().map(|(_, part)| plain(part, zone)).collect::<Vec<_>>().join(", ")
}

/// The whole answer in one sentence, with names in backticks.
pub fn answer(why: &Why, zone: Tz) -> String {
    let who = format!("{} {}", why.subject, key(why, zone));
    let label = why.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
    match &why.answer {
        Answer::Member(true) => format!("{who} is in `{}`{label}", why.asked),
        Answer::Member(false) => format!("{who} is not in `{}`{label}", why.asked),
        Answer::Group(Some(group)) => format!("{who} is in `{group}`, a group of `{}`{label}", why.asked),
        Answer::Group(None) => format!("{who} is in no group of `{}`{label}", why.asked),
    }
}

/// A value behind what has it: `= 15`, `≈ 33.33`.
pub fn equals(value: &str) -> String {
    if value.starts_with('≈') { value.to_owned() } else { format!("= {value}") }
}

/// What becomes of a membership by itself.
pub fn until(until: Until, member: bool, zone: Tz) -> String {
    let when = instant(until.instant.micros(), zone);
    match (member, until.member) {
        (true, false) => format!("stays until {when} if nothing happens"),
        (false, true) => format!("would enter by itself on {when}"),
        _ => format!("stays so until {when} at least"),
    }
}

/// The sign of a truth.
pub fn sign(truth: Truth) -> char {
    match truth {
        Truth::True => '✓',
        Truth::False => '✗',
        Truth::Unknown => '?',
    }
}

/// What a test is about: the value, or how many rows there are.
pub fn found(test: &Test, truth: Truth, why: &Why, zone: Tz) -> String {
    let with_unit = |operand: &Operand| {
        let shown = value(&operand.value, zone);
        match operand.unit.as_deref().filter(|_| operand.value != Known::Unknown) {
            Some(unit) => format!("{shown} {unit}"),
            None => shown,
        }
    };
    match test.operands.as_slice() {
        [] => match (test.quantifier, test.rows.first().and_then(|at| why.rows.get(*at))) {
            (Some(Quantifier::Every), Some(against)) => match against.count {
                0 => "no row against it".to_owned(),
                count => format!("{} against it", rows(count)),
            },
            (Some(_), Some(of)) => match of.count {
                0 => "no such row".to_owned(),
                count => rows(count),
            },
            _ => match test.ranks.first().and_then(|at| why.ranks.get(*at)) {
                Some(rank) => value(&rank.by.value, zone),
                None => yes(truth).to_owned(),
            },
        },
        [only] => with_unit(only),
        // What it is held against is said behind it.
        [only, other] if test.needed.iter().any(|needed| needed.text.as_ref() == Some(&other.text)) => with_unit(only),
        several => several.iter().map(|one| value(&one.value, zone)).collect::<Vec<_>>().join(", "),
    }
}

/// `yes`, `no`, `not known`
pub fn yes(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "yes",
        Truth::False => "no",
        Truth::Unknown => "not known",
    }
}

/// What is said behind a test: what would make it hold, if it is `wanted` to, else what it is held against where the rule does not
/// show that.
pub fn remark(test: &Test, wanted: bool, zone: Tz) -> String {
    if let Some(change) = test.change.as_ref().filter(|_| wanted) {
        return self::change(change, test.quantifier, test.operands.first().and_then(|one| one.unit.as_deref()), zone);
    }
    let hidden = test.needed.iter().filter(|needed| needed.text.is_some());
    let told: Vec<String> = hidden.map(|needed| self::needed(needed, zone)).collect();
    told.join(", ")
}

/// What a value is held against: `at least 2`, `before 2026-01-01`.
pub fn needed(needed: &Needed, zone: Tz) -> String {
    let values: Vec<String> = needed
        .values
        .iter()
        .map(|known| match known {
            Known::Value(value) => quoted(value, zone),
            other => value(other, zone),
        })
        .collect();
    let time = matches!(needed.values.first(), Some(Known::Value(Value::Instant(_) | Value::Date(_))));
    let words = match (needed.op, time) {
        (CompareOp::Equal, _) if values.len() > 1 => "needed: one of",
        (CompareOp::Equal, _) => "needed:",
        (CompareOp::NotEqual, _) => "needed: anything but",
        (CompareOp::Less, true) => "needed: before",
        (CompareOp::LessOrEqual, true) => "needed: up to",
        (CompareOp::Greater, true) => "needed: after",
        (CompareOp::GreaterOrEqual, true) => "needed: from",
        (CompareOp::Less, false) => "needed: less than",
        (CompareOp::LessOrEqual, false) => "needed: at most",
        (CompareOp::Greater, false) => "needed: more than",
        (CompareOp::GreaterOrEqual, false) => "needed: at least",
    };
    let from = if (needed.op, time) == (CompareOp::GreaterOrEqual, true) { " on" } else { "" };
    format!("{words} {}{from}", values.join(", "))
}

/// What would make a test hold: `needs 1 more`, `would have to be 'Jakarta'`.
pub fn change(change: &Change, quantifier: Option<Quantifier>, unit: Option<&str>, zone: Tz) -> String {
    let step = |step: &Step, more: &str| {
        let by = amount(&step.by);
        let by = unit.map(|unit| format!("{by} {unit}")).unwrap_or(by);
        match step.reach {
            Reach::MoreThan if step.by.is_zero() => format!("needs to be {more} than that"),
            Reach::AtLeast if step.counted => format!("needs {by} {more}"),
            Reach::AtLeast => format!("needs at least {by} {more}"),
            Reach::MoreThan => format!("needs more than {by} {more}"),
            Reach::Exactly => format!("needs exactly {by} {more}"),
        }
    };
    match (change, quantifier) {
        (Change::Rise(_), Some(_)) => "needs such a row".to_owned(),
        (Change::Fall(_), Some(_)) => "needs to have none".to_owned(),
        (Change::Rise(by), None) => step(by, "more"),
        (Change::Fall(by), None) if by.counted => step(by, "fewer"),
        (Change::Fall(by), None) => step(by, "less"),
        (Change::Become(values), _) => {
            let values: Vec<String> = values.iter().map(|value| quoted(value, zone)).collect();
            match values.as_slice() {
                [only] => format!("would have to be {only}"),
                several => format!("would have to be one of {}", several.join(", ")),
            }
        }
    }
}

/// Which rows count: `4 rows from 2026-01-01 00:00 on`.
pub fn counted(of: &RowsWhy, zone: Tz, as_of: i64) -> String {
    let from = |after: i64| after.checked_add(1).filter(|_| after > i64::MIN).map(|from| instant(from, zone));
    let time = of.window.map(|(after, until)| (from(after), Some(until).filter(|until| *until < as_of)));
    let count = if of.count == 0 { "no rows".to_owned() } else { rows(of.count) };
    match time {
        Some((Some(from), Some(until))) => format!("{count}, from {from} to {}", instant(until, zone)),
        Some((Some(from), None)) => format!("{count}, from {from} on"),
        Some((None, Some(until))) => format!("{count}, up to {}", instant(until, zone)),
        _ => count,
    }
}

/// What does not count, and why; nothing if all rows do.
pub fn left_out(of: &RowsWhy) -> Option<String> {
    let mut parts = Vec::new();
    if of.outside_window > 0 {
        parts.push(format!("{} outside that time", rows(of.outside_window)));
    }
    if of.outside_filter > 0 {
        parts.push(format!("{} that the condition leaves out", rows(of.outside_filter)));
    }
    if let Some(made_from) = of.made_from.as_ref().filter(|_| of.outside_table > 0) {
        parts.push(format!("{} of {made_from} that {} leaves out", rows(of.outside_table), of.table));
    }
    (!parts.is_empty()).then(|| format!("not counted: {}", parts.join(", ")))
}

/// A place among the subjects: `3,411 of the other 3,899 have less`.
pub fn place(rank: &RankWhy, why: &Why, zone: Tz) -> String {
    let within = rank.per.as_ref().map(|per| format!(" with {} {}", per.text, value(&per.value, zone)));
    let within = within.unwrap_or_default();
    let population = grouped(rank.population);
    match rank.below {
        None => format!("not among the {population} {}s that are ranked{within}", why.subject),
        Some(_) if rank.population == 1 => format!("the only {} that is ranked{within}", why.subject),
        Some(below) => {
            let others = grouped(rank.population.saturating_sub(1));
            let less = match rank.by.value {
                Known::Value(Value::Date(_) | Value::Instant(_)) => "are earlier",
                _ => "have less",
            };
            format!("{} of the other {others} {}s that are ranked{within} {less}", grouped(below), why.subject)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_or_say_that_they_are_not() {
        let of = |above: i64, below: i64| amount(&BigRational::new(above.into(), below.into()));
        assert_eq!(of(12_505, 10), "1,250.5");
        assert_eq!(of(1_250_500, 1), "1,250,500");
        assert_eq!(of(-1, 4), "-0.25");
        assert_eq!(of(-5, 4), "-1.25");
        assert_eq!(of(1, 1_000_000), "0.000001");
        assert_eq!(of(100, 3), "≈ 33.33");
        assert_eq!(of(0, 1), "0");
    }

    #[test]
    fn what_comes_by_itself_is_said() {
        let of = |member: bool| {
            let instant = kohort::AsOf::parse("2026-04-14T00:00", Tz::Asia__Jakarta).expect("an instant");
            until(Until { instant, member: !member }, member, Tz::Asia__Jakarta)
        };
        assert_eq!(of(true), "stays until 2026-04-14 00:00 if nothing happens");
        assert_eq!(of(false), "would enter by itself on 2026-04-14 00:00");
    }

    #[test]
    fn times_are_as_short_as_they_can_be() {
        let of = |text: &str| {
            instant(kohort::AsOf::parse(text, Tz::Asia__Jakarta).expect("an instant").micros(), Tz::Asia__Jakarta)
        };
        assert_eq!(of("2026-03-31"), "the end of 2026-03-31");
        assert_eq!(of("2026-03-31T10:00"), "2026-03-31 10:00");
        assert_eq!(of("2026-03-31T10:00:05.5"), "2026-03-31 10:00:05");
        assert_eq!(duration(90 * DAY), "90 days");
        assert_eq!(duration(-DAY - 1_500_000), "-1 day 00:00:01.5");
        assert_eq!(duration(1_800_000_000), "00:30:00");
    }
}
