//! Windows that are nearly right.

use super::scene::{ends_value, word_of};
use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words::is_unit;

const WINDOW_WORDS: &[&str] = &["over", "last", "previous", "prev", "next", "this", "ending"];

/// `over 2026-01-01` without `to`
pub(super) fn open_day(scene: &Scene<'_>) -> Option<Mistake> {
    let day = scene.before(1).filter(|token| token.kind == Kind::Moment)?;
    scene.before(2).filter(|token| token.is_word("over"))?;
    if scene.here().is_some_and(|here| joins_days(here)) {
        return None;
    }
    let message = format!("a window needs a second day, or `since` or `until` before `{}`", day.text);
    let help = format!("or write `over {0} to {0}` for that day alone", day.text);
    let edits = vec![Edit::insert(day.start, "since ")];
    Some(
        Mistake::new(Code::Syntax, day.range(), message)
            .help(help)
            .fix(format!("write `over since {}`", day.text), edits),
    )
}

/// `over 2026-01-01 - 2026-03-31`
pub(super) fn dash_between_days(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|here| joins_days(here))?;
    scene.before(1).filter(|token| token.kind == Kind::Moment)?;
    scene.before(2).filter(|token| token.is_one_of(&["over", "since", "between", "from"]))?;
    scene.behind(1).filter(|token| token.kind == Kind::Moment)?;
    let message = format!("two days are joined by `to`, found `{}`", here.text);
    Some(Mistake::new(Code::Syntax, here.range(), message).write("to"))
}

fn joins_days(token: &Token<'_>) -> bool {
    token.is_one_of(&["and", "until", "till", "through"]) || matches!(token.text, "-" | "..")
}

/// `over 90`, `over last 3`, `within next 7`
pub(super) fn length_without_unit(scene: &Scene<'_>) -> Option<Mistake> {
    // Reading stops at the number, or behind it where a unit was looked for.
    let is_number = |token: &&Token<'_>| token.kind == Kind::Number;
    let (number, phrase) = match scene.here().filter(is_number) {
        Some(number) => (number, scene.before(1)?),
        None => (scene.before(1).filter(is_number)?, scene.before(2)?),
    };
    let step = phrase.is_word("within") && scene.open_bracket().is_some_and(|open| scene.is_sequence(open));
    if !step && !phrase.is_one_of(WINDOW_WORDS) {
        return None;
    }
    let ours = format!("{}d", number.text.split('.').next().unwrap_or(number.text));
    let message = format!("`{} {}` lacks a unit of time", phrase.text, number.text);
    let help = "the units are `min h d w mo q y`";
    Some(Mistake::new(Code::DurationForm, number.range(), message).help(help).write(&ours))
}

/// `birthday within 7 days`
pub(super) fn no_direction(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.kind == Kind::Number)?;
    let within = scene.before(1).filter(|token| token.is_word("within"))?;
    let message = "`within` needs `next` or `last`, for days to come or gone by";
    let edits = vec![Edit::insert(here.start, "next ")];
    Some(
        Mistake::new(Code::Syntax, within.range(), message)
            .help("for days gone by write `within last`")
            .fix("write `within next`", edits),
    )
}

/// `over previous month`, `over last mtd`, `over last days`
pub(super) fn named_period(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    let before = scene.before(1).filter(|token| token.is_one_of(WINDOW_WORDS))?;
    let word = scene.word();
    let range = before.start..here.end();
    match word.as_str() {
        "day" | "week" | "month" | "quarter" | "year" if before.is_one_of(&["previous", "prev"]) => {
            let message = format!("`{} {word}` could be the calendar's, or the one that rolls", before.text);
            let help = format!("write `last {word}` for the calendar's, `previous 1 {word}` for the one that rolls");
            Some(Mistake::new(Code::Syntax, range, message).help(help).write(&format!("last {word}")))
        }
        "wtd" | "mtd" | "qtd" | "ytd" if before.is_word("last") => {
            let message = format!("the same part of the period before is written `previous {word}`");
            Some(Mistake::new(Code::Syntax, range, message).write(&format!("previous {word}")))
        }
        "days" | "weeks" | "months" | "quarters" | "years" | "hours" | "minutes" => {
            let message = format!("a number is missing before `{word}`");
            let help = format!("write `last 3 {word}`, say, or `last {}` for one", word.trim_end_matches('s'));
            let repair = vec![Edit::insert(here.start, "1 ")];
            Some(Mistake::new(Code::DurationForm, here.range(), message).help(help).repair(repair))
        }
        _ => None,
    }
}

/// `over the last 90 days`, `over past 90 days`
pub(super) fn filler(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    scene.before(1).filter(|token| token.is_one_of(&["over", "within", "in", "the"]))?;
    if here.is_word("past") {
        let message = "a window is written with `last`, found `past`";
        return Some(Mistake::new(Code::Syntax, here.range(), message).write("last"));
    }
    here.is_word("the").then_some(())?;
    if let Some(next) = scene.behind(1).filter(|next| next.is_one_of(&["next", "last"]) && within_step(scene)) {
        let end = scene.behind(2).map_or(next.end(), |length| length.start);
        let message = format!("`within` is written without `the {}` in a sequence", next.text);
        let mistake = Mistake::new(Code::Syntax, here.start..next.end(), message);
        return Some(mistake.fix("remove it", vec![Edit::replace(here.start..end, "")]));
    }
    let end = scene.behind(1).map_or(here.end(), |next| next.start);
    let message = "`the` is left out of a window";
    Some(Mistake::new(Code::Syntax, here.range(), message).fix("remove it", vec![Edit::replace(here.start..end, "")]))
}

/// Whether `within` stands right before, and where a step begins.
fn within_step(scene: &Scene<'_>) -> bool {
    let begins = |token: &Token<'_>| token.is_one_of(&["then", "never"]) || token.text == "(";
    scene.before(1).is_some_and(|token| token.is_word("within")) && scene.before(2).is_some_and(begins)
}

/// `over 60d ending 30d`
pub(super) fn ending_without_ago(scene: &Scene<'_>) -> Option<Mistake> {
    let unit = scene.before(1).filter(|token| is_unit(&word_of(Some(token))))?;
    scene.before(2).filter(|token| token.kind == Kind::Number)?;
    let ending = scene.before(3).filter(|token| token.is_word("ending"))?;
    let message = "`ago` is missing behind `ending …`";
    let edits = vec![Edit::insert(unit.end(), " ago")];
    Some(Mistake::new(Code::Syntax, ending.start..unit.end(), message).fix("write `ago` behind it", edits))
}

/// `birthday in next 7 days`
pub(super) fn in_for_within(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    let of = if here.is_word("next") { scene.before(1)? } else { here };
    let next = if here.is_word("next") { here } else { scene.behind(1)? };
    if !of.is_word("in") || !next.is_word("next") {
        return None;
    }
    let message = format!("days to come are written `within next …`, found `{}`", of.text);
    Some(Mistake::new(Code::Syntax, of.range(), message).write("within"))
}

/// `spend last 90 days`, `spend in last 90 days`, `spend for last month`
pub(super) fn over_missing(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    let preposition = here.is_one_of(&["for", "during", "in", "within", "from", "on"]);
    let starts = |token: Option<&Token<'_>>| {
        let next = token.is_some_and(|token| token.is_one_of(&["last", "previous", "prev", "this", "the", "past"]));
        next || matches!(word_of(token).as_str(), "today" | "yesterday" | "wtd" | "mtd" | "qtd" | "ytd")
    };
    let message = "a window begins with `over`";
    let named = |token: Option<&Token<'_>>| {
        token.is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted) && ends_value(token))
    };
    if preposition && starts(scene.behind(1)) && scene.after_value() {
        return Some(
            Mistake::new(Code::Syntax, here.range(), format!("{message}, found `{}`", here.text)).write("over"),
        );
    }
    let length = here.kind == Kind::Number && scene.behind(1).is_some_and(|unit| is_unit(&unit.text.to_lowercase()));
    if !starts(Some(here)) && !length {
        return None;
    }
    if let Some(word) = scene.before(1).filter(|token| token.is_one_of(&["in", "within"]) && named(scene.before(2))) {
        return Some(
            Mistake::new(Code::Syntax, word.range(), format!("{message}, found `{}`", word.text)).write("over"),
        );
    }
    named(scene.before(1)).then(|| {
        let mistake = Mistake::new(Code::Syntax, here.range(), format!("{message}, found `{}`", here.text));
        mistake.fix("write `over` before it", vec![Edit::insert(here.start, "over ")])
    })
}

/// `(a + b) over 90d`, `abs(spend) over 90d`
pub(super) fn window_behind_value(scene: &Scene<'_>) -> Option<Mistake> {
    scene.here().filter(|token| token.is_one_of(&["over", "since", "until"]))?;
    if !scene.after_value() {
        return None;
    }
    let window = scene.bytes(scene.at, scene.window_end(scene.at));
    let message = format!("nothing here takes the window `{}`", scene.slice(window.clone()));
    let help =
        "a window stands right behind the name of a metric, or inside the brackets of an aggregate, behind its table";
    let repair = vec![Edit::replace(scene.with_space_before(window.clone()), "")];
    Some(Mistake::new(Code::WindowMisplaced, window, message).help(help).repair(repair))
}
