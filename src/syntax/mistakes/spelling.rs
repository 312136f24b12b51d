//! Tokens that are wrong wherever they stand: foreign operators, local numbers, foreign units, misspelt dates.
//!
//! They are found all at once, so that a text full of `&&` is one round and not twenty.

use pest::Parser;

use super::Mistake;
use super::scene::{ends_value, word_of};
use crate::diagnostic::Code;
use crate::syntax::build::iso_date;
use crate::syntax::draft::Edit;
use crate::syntax::grammar::{Grammar, Rule};
use crate::syntax::scan::{HOLE, Kind, Token, is_letter};
use crate::syntax::words::{foreign_sign, foreign_unit, is_currency, is_unit, lookalike_sign, magnitude};

const CURRENCY_HELP: &str = "the currency of a metric is declared once, in the catalogue (`unit:`)";

/// All of them, in order; never two about one token.
pub(super) fn misspelt(text: &str, tokens: &[Token<'_>]) -> Vec<Mistake> {
    let mut found: Vec<Mistake> = Vec::new();
    for at in 0..tokens.len() {
        let Some(token) = tokens.get(at) else { break };
        if found.last().is_some_and(|last| token.start < last.range.end) {
            continue;
        }
        let rest = tokens.get(at..).unwrap_or(&[]);
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let mistake = match token.kind {
            Kind::Sign => sign(text, token, rest, before),
            Kind::Text => curly_quotes(token),
            Kind::Word if rest.get(1).is_some_and(|next| next.kind == Kind::Dot) => glued_currency(token, rest),
            Kind::Word if is_currency(&token.text.to_lowercase()) => currency(token, rest),
            Kind::Number => number(text, rest),
            Kind::Dot => bare_point(token, rest, before),
            Kind::Moment => moment(text, rest),
            _ => None,
        };
        found.extend(mistake);
    }
    found
}

fn sign(text: &str, token: &Token<'_>, rest: &[Token<'_>], before: Option<&Token<'_>>) -> Option<Mistake> {
    if is_currency(token.text) {
        return currency(token, rest);
    }
    if let Some((ours, accepted)) = foreign_sign(token.text) {
        let message = format!("`{}` is written `{ours}` here", token.text);
        let code = if accepted { Code::ForeignOperator } else { Code::ForeignWord };
        return Some(Mistake::new(code, token.range(), message).write(&spaced(text, token, ours)));
    }
    let character = token.text.chars().next()?;
    if let Some(ours) = lookalike_sign(character) {
        let message = format!("`{}` (U+{:04X}) only looks like `{ours}`", token.text, character as u32);
        return Some(Mistake::new(Code::StrayCharacter, token.range(), message).write(ours));
    }
    let remove = |message: String| {
        Mistake::new(Code::Syntax, token.range(), message).fix("remove it", vec![Edit::replace(token.range(), "")])
    };
    match token.text {
        ";" => Some(remove("an expression ends without `;`".to_owned())),
        "#" => {
            let line = text.get(token.start..)?.split('\n').next()?.len();
            let range = token.start..token.start + line;
            let message = "`#` begins no comment inside an expression";
            let help = "in a literal block (`|`) a comment is written `-- …`";
            Some(Mistake::new(Code::Comment, range.clone(), message).help(help).repair(vec![Edit::replace(range, "")]))
        }
        "%" if before.is_some_and(|before| before.kind == Kind::Number) => None,
        "-" | "+" | "*" | "/" | "=" | "!=" | "<" | ">" | "<=" | ">=" | "%" | ".." | "->" | "→" => None,
        other => {
            let code = Code::StrayCharacter;
            let message = format!("`{other}` has no meaning in an expression");
            Some(Mistake::new(code, token.range(), message).repair(vec![Edit::replace(token.range(), " ")]))
        }
    }
}

/// A word in the place of a sign needs spaces where the sign needed none.
fn spaced(text: &str, token: &Token<'_>, ours: &str) -> String {
    if !ours.starts_with(is_letter) {
        return ours.to_owned();
    }
    let touches = |side: Option<char>| side.is_some_and(|next| !next.is_whitespace() && next != '(');
    let before = text.get(..token.start).and_then(|before| before.chars().next_back());
    let after = text.get(token.end()..).and_then(|after| after.chars().next());
    let left = if touches(before) { " " } else { "" };
    let right = if after.is_some_and(|next| !next.is_whitespace()) { " " } else { "" };
    format!("{left}{ours}{right}")
}

fn curly_quotes(token: &Token<'_>) -> Option<Mistake> {
    let mut inside = token.text.chars();
    let (open, close) = (inside.next()?, inside.next_back()?);
    if matches!(open, '\'' | '"') {
        return None;
    }
    let straight = format!("'{}'", inside.as_str().replace('\'', "''"));
    let message = format!("text is quoted with `'`, found `{open}` and `{close}`");
    Some(Mistake::new(Code::ForeignOperator, token.range(), message).write(&straight))
}

/// `Rp 500`, `Rp. 1.000.000`, `$5`
fn currency(token: &Token<'_>, rest: &[Token<'_>]) -> Option<Mistake> {
    let skip = 1 + usize::from(rest.get(1).is_some_and(|next| next.kind == Kind::Dot && next.start == token.end()));
    let rest = rest.get(skip..)?;
    rest.first().filter(|next| next.kind == Kind::Number)?;
    let (value, end) = amount(rest);
    let message = format!("a number is written without a currency, found `{}`", token.text);
    Some(Mistake::new(Code::NumberForm, token.start..end, message).help(CURRENCY_HELP).write(&value))
}

/// `Rp1.000.000`, which scans as a word and what follows a point; `Rp. 500` too has a point behind its word.
fn glued_currency(token: &Token<'_>, rest: &[Token<'_>]) -> Option<Mistake> {
    let word = token.text.to_lowercase();
    let digits =
        word.strip_prefix("rp").filter(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    let Some(digits) = digits else {
        return if is_currency(&word) { currency(token, rest) } else { None };
    };
    let decimals = rest.get(2).filter(|next| next.kind == Kind::Number && next.start == token.end() + 1)?;
    let number = format!("{digits}.{}", decimals.text);
    let value = if grouped(&number) { number.replace('.', "_") } else { number };
    let message = "a number is written without a currency, found `Rp`";
    let range = token.start..decimals.end();
    Some(Mistake::new(Code::NumberForm, range, message).help(CURRENCY_HELP).write(&value))
}

/// What is wrong with a number by itself or with the word behind it.
fn number(text: &str, rest: &[Token<'_>]) -> Option<Mistake> {
    let token = rest.first()?;
    let next = rest.get(1);
    let word = word_of(next);
    let touching = next.is_some_and(|next| next.start == token.end());
    if let (Some(next), Some(unit)) = (next, foreign_unit(&word)) {
        let ours = format!("{}{unit}", token.text);
        let range = token.start..next.end();
        let message = format!("a length of time is written `{ours}`, found `{} {}`", token.text, next.text);
        let help = "the units are `min h d w mo q y`";
        return Some(Mistake::new(Code::DurationForm, range, message).help(help).write(&ours));
    }
    if let Some(date) = iso_date(token.text).filter(|_| token.text.matches('.').count() == 2) {
        let message = format!("a date is written `{date}`, found `{}`", token.text);
        return Some(Mistake::new(Code::DateForm, token.range(), message).write(&date));
    }
    let (value, end) = amount(rest);
    if next.is_some_and(|next| end >= next.end()) || token.text.matches('.').count() > 1 {
        return Some(local_number(text, token, value, end));
    }
    let next = next.filter(|next| next.kind == Kind::Word)?;
    let range = token.start..next.end();
    if is_currency(&word) {
        let message = format!("a number is written without a currency, found `{}`", next.text);
        return Some(Mistake::new(Code::NumberForm, range, message).help(CURRENCY_HELP).write(token.text));
    }
    if matches!(word.as_str(), "percent" | "pct" | "persen" | "prosen") {
        let ours = format!("{}%", token.text);
        let message = format!("a share is written `{ours}`, found `{}`", text.get(range.clone()).unwrap_or(""));
        return Some(Mistake::new(Code::NumberForm, range, message).write(&ours));
    }
    if is_unit(&word) {
        // Whole units are read by the grammar.
        let whole = token.text.split('.').next().unwrap_or(token.text);
        if whole == token.text {
            return None;
        }
        let message = format!("a length of time is a whole number of units, found `{} {}`", token.text, next.text);
        let repair = vec![Edit::replace(token.range(), whole)];
        return Some(Mistake::new(Code::DurationForm, range, message).help("use a smaller unit").repair(repair));
    }
    if !touching {
        return None;
    }
    if let Some(value) = scientific(token.text, &word) {
        let message = format!("a number is written out, found `{}{}`", token.text, next.text);
        return Some(Mistake::new(Code::NumberForm, range, message).write(&value));
    }
    let message = format!("`{}` is no unit of time, in `{}{}`", next.text, token.text, next.text);
    let help = "the units are `min h d w mo q y`; a name that starts with a digit stands in backticks";
    let repair = vec![Edit::replace(range.clone(), format!("{}d", token.text))];
    Some(Mistake::new(Code::DurationForm, range, message).help(help).repair(repair))
}

fn local_number(text: &str, token: &Token<'_>, value: String, end: usize) -> Mistake {
    let range = token.start..end;
    let points = token.text.matches('.').count();
    if points > 1 && !grouped(token.text) {
        let message = format!("a number has one decimal point, `{}` has {points}", token.text);
        return Mistake::new(Code::NumberForm, range.clone(), message).repair(vec![Edit::replace(range, HOLE)]);
    }
    let written = text.get(range.clone()).unwrap_or(token.text);
    let message = match points {
        0 | 1 => format!("a number is written out in digits, found `{written}`"),
        _ => format!("a number is written with `.` for decimals only, found `{written}`"),
    };
    Mistake::new(Code::NumberForm, range, message).help("digits may be grouped with `_`").write(&value)
}

/// Reads a number with everything that belongs to it (`1.000.000,50`, `5 jt`): our way to write it, and where it ends.
fn amount(rest: &[Token<'_>]) -> (String, usize) {
    let Some(token) = rest.first() else { return (String::new(), 0) };
    let mut value = token.text.to_owned();
    let mut used = 1;
    if token.text.matches('.').count() > 1 && grouped(token.text) {
        value = token.text.replace('.', "_");
        let comma = rest.get(1).filter(|comma| comma.kind == Kind::Comma && comma.start == token.end());
        let decimals = rest.get(2).filter(|next| comma.is_some_and(|comma| next.start == comma.end()));
        if let Some(decimals) = decimals.filter(|next| next.kind == Kind::Number && !next.text.contains('.')) {
            value = format!("{value}.{}", decimals.text);
            used = 3;
        }
    }
    if let Some(zeros) = magnitude(&word_of(rest.get(used))) {
        value = group(&shift(&value.replace('_', ""), zeros));
        used += 1;
    }
    let end = rest.get(used - 1).map_or(token.end(), Token::end);
    (value, end)
}

/// Whether the points stand before groups of three digits.
fn grouped(number: &str) -> bool {
    let mut groups = number.split('.');
    let first = groups.next().unwrap_or("");
    (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
}

/// Moves the decimal point to the right.
fn shift(number: &str, places: usize) -> String {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let digits: Vec<char> = decimals.chars().chain(std::iter::repeat('0')).take(places.max(decimals.len())).collect();
    let (moved, left) = digits.split_at(places.min(digits.len()));
    let whole: String = whole.chars().chain(moved.iter().copied()).collect();
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if left.is_empty() { whole.to_owned() } else { format!("{whole}.{}", left.iter().collect::<String>()) }
}

fn scientific(mantissa: &str, word: &str) -> Option<String> {
    let zeros: usize = word.strip_prefix('e')?.parse().ok()?;
    (zeros <= 20).then(|| group(&shift(mantissa, zeros)))
}

/// Groups the digits before the point by three, from five on.
fn group(number: &str) -> String {
    crate::syntax::print::group_digits(number)
}

/// `.5` and `5.`
fn bare_point(token: &Token<'_>, rest: &[Token<'_>], before: Option<&Token<'_>>) -> Option<Mistake> {
    let touching = before.filter(|before| before.end() == token.start);
    let next = rest.get(1).filter(|next| next.start == token.end());
    if let Some(number) = next.filter(|next| next.kind == Kind::Number) {
        if touching.is_some_and(ends_value) {
            return None;
        }
        let ours = format!("0.{}", number.text);
        let message = format!("a number starts with a digit, found `.{}`", number.text);
        return Some(Mistake::new(Code::NumberForm, token.start..number.end(), message).write(&ours));
    }
    let number = touching.filter(|before| before.kind == Kind::Number)?;
    if next.is_some_and(|next| next.kind == Kind::Word) {
        return None;
    }
    let message = format!("digits are missing behind the point, found `{}.`", number.text);
    Some(Mistake::new(Code::NumberForm, number.start..token.end(), message).write(number.text))
}

/// A date with a time that is not joined by `T`, or that the language cannot read.
fn moment(text: &str, rest: &[Token<'_>]) -> Option<Mistake> {
    let token = rest.first()?;
    let form = "a time is written `2026-03-31T10:00`";
    if let [date, hour, colon, minute, ..] = rest {
        let clock = hour.kind == Kind::Number && minute.kind == Kind::Number && colon.text == ":";
        if clock && !date.text.contains(['T', 't']) {
            let seconds = rest.get(4..6).filter(|rest| rest.first().is_some_and(|colon| colon.text == ":"));
            let last = seconds.and_then(|seconds| seconds.last()).filter(|last| last.kind == Kind::Number);
            let ours = match last {
                Some(second) => format!("{}T{}:{}:{}", date.text, hour.text, minute.text, second.text),
                None => format!("{}T{}:{}", date.text, hour.text, minute.text),
            };
            let range = date.start..last.unwrap_or(minute).end();
            let found = text.get(range.clone()).unwrap_or("");
            return Some(Mistake::new(Code::DateForm, range, format!("{form}, found `{found}`")).write(&ours));
        }
    }
    let readable = Grammar::parse(Rule::moment, token.text).is_ok_and(|pairs| pairs.as_str() == token.text);
    if readable {
        return None;
    }
    let hours_only =
        token.text.split_once(['T', 't']).is_some_and(|(_, hour)| hour.len() <= 2 && hour.parse::<u8>().is_ok());
    let message = format!("{form}, found `{}`", token.text);
    let mistake = Mistake::new(Code::DateForm, token.range(), message);
    if hours_only {
        return Some(mistake.write(&format!("{}:00", token.text)));
    }
    let date: String = token.text.split(['T', 't']).next().unwrap_or(token.text).to_owned();
    Some(mistake.repair(vec![Edit::replace(token.range(), date)]))
}
