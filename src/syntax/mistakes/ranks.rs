//! Ranks that are nearly right: their brackets, their numbers and their values.

use super::scene::{compares, word_of};
use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::build::WHY_A_SALT;
use crate::syntax::draft::Edit;
use crate::syntax::scan::{HOLE, Kind, Token};
use crate::syntax::words::{foreign_tiles, is_reserved};

/// The ranks that take a value and no number.
const WHOLE: &[&str] = &["quintile", "decile", "percent_rank"];

/// `quintile(value of sales)`: what is ranked is one value for each subject.
pub(super) fn rows_in_rank(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.is_word("of") && scene.in_rank())?;
    let clause = scene.bytes(scene.at, scene.clause_end(scene.at, &["among", "per"]));
    let open = scene.open_bracket()?;
    let value = scene.slice(scene.tokens.get(open)?.end()..here.start);
    let value = value.rsplit(',').next().unwrap_or(value).trim();
    let message = "a rank is of one value for each subject, not of rows";
    let help = format!(
        "rank a metric, or an aggregate: `{}(sum({value} {}))`",
        scene.owner(open),
        scene.slice(clause.clone())
    );
    let repair = vec![Edit::replace(scene.with_space_before(clause.clone()), "")];
    Some(Mistake::new(Code::ClauseOrder, clause, message).help(help).repair(repair))
}

/// `percentile(spend, 90)`
pub(super) fn percentile_turned(scene: &Scene<'_>) -> Option<Mistake> {
    let open = scene.at.checked_sub(1).filter(|open| scene.owner(*open) == "percentile")?;
    scene.here().filter(|token| is_name(token))?;
    let comma = scene.clause_end(scene.at, &["among", "per", "where", "of"]);
    scene.tokens.get(comma).filter(|token| token.kind == Kind::Comma)?;
    let number = scene.tokens.get(comma + 1).filter(|token| token.kind == Kind::Number)?;
    let value = scene.bytes(open + 1, comma);
    let message = "the number of a percentile stands first";
    let edits = vec![Edit::replace(value.clone(), number.text), Edit::replace(number.range(), scene.slice(value))];
    Some(Mistake::new(Code::BadArgument, number.range(), message).fix("change their places", edits))
}

/// `quintile spend`, `sample 10%`
pub(super) fn rank_without_brackets(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    let word = scene.before(1)?;
    if word.is_word("sample") && here.kind == Kind::Number {
        let end = scene.at + 1 + usize::from(scene.behind(1).is_some_and(|sign| sign.text == "%"));
        let share = scene.bytes(scene.at, end);
        let message = "a sample takes brackets, with its share and a salt";
        let ours = format!("({}%, 'holdout')", here.text);
        let edits = vec![Edit::replace(word.end()..share.end, ours.clone())];
        let mistake = Mistake::new(Code::Syntax, word.start..share.end, message);
        return Some(mistake.fix(format!("write `sample{ours}`"), edits));
    }
    let alone = word.is_one_of(WHOLE);
    let of = scene.behind(1).filter(|value| here.is_word("of") && alone && is_name(value));
    if let Some(value) = of {
        let end = scene.value_end(scene.at + 1);
        let range = word.start..scene.bytes(scene.at, end).end;
        let ours = format!("{}({})", word.text, scene.slice(value.start..range.end));
        let message = format!("`{}` takes brackets", word.text);
        return Some(Mistake::new(Code::Syntax, range, message).write(&ours));
    }
    if is_name(word) && (here.is_one_of(WHOLE) || foreign_tiles(&word_of(Some(here))).is_some()) {
        let ours = match foreign_tiles(&word_of(Some(here))) {
            Some(count) => format!("ntile({count}, {})", word.text),
            None => format!("{}({})", here.text, word.text),
        };
        let message = format!("a rank stands before its value: `{ours}`");
        return Some(Mistake::new(Code::ClauseOrder, word.start..here.end(), message).write(&ours));
    }
    if !(alone || word.is_one_of(&["ntile"])) || !(is_name(here) || here.kind == Kind::Number) {
        return None;
    }
    let message = format!("`{}` takes brackets", word.text);
    let mistake = Mistake::new(Code::Syntax, word.range(), message);
    if alone && is_name(here) {
        let value = scene.bytes(scene.at, scene.value_end(scene.at));
        let edits = vec![Edit::replace(word.end()..value.start, "("), Edit::insert(value.end, ")")];
        return Some(mistake.fix(format!("write `{}({})`", word.text, scene.slice(value)), edits));
    }
    let end = scene.clause_end(scene.at, &["and", "or"]);
    let end = (scene.at..end).find(|at| scene.tokens.get(*at).is_some_and(compares)).unwrap_or(end);
    let repair = vec![Edit::replace(word.start..scene.bytes(scene.at, end).end, HOLE)];
    Some(mistake.help("its form is `ntile(5, spend)`").repair(repair))
}

/// `sample(10%, )`
pub(super) fn salt_missing(scene: &Scene<'_>) -> Option<Mistake> {
    scene.here().filter(|token| token.text == ")")?;
    let comma = scene.before(1).filter(|token| token.kind == Kind::Comma)?;
    scene.open_bracket().filter(|open| scene.owner(*open) == "sample")?;
    let mistake = Mistake::new(Code::BadArgument, comma.range(), "a sample needs a salt").help(WHY_A_SALT);
    let edits = vec![Edit::replace(comma.range(), ", 'holdout'")];
    Some(mistake.fix("write the salt `'holdout'`", edits))
}

/// `ntile(5 spend)`
pub(super) fn comma_behind_number(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| is_name(token) && scene.open_bracket() == scene.at.checked_sub(2))?;
    let number = scene.before(1).filter(|token| token.kind == Kind::Number)?;
    let owner = scene.owner(scene.open_bracket()?);
    matches!(owner.as_str(), "ntile" | "score" | "percentile").then_some(())?;
    let message = format!("`,` is missing between `{}` and `{}`", number.text, here.text);
    let edits = vec![Edit::insert(number.end(), ",")];
    Some(Mistake::new(Code::Syntax, number.start..here.end(), message).fix("write `,` between them", edits))
}

/// `quintile(spend) over 90d`
pub(super) fn window_behind_rank(scene: &Scene<'_>) -> Option<Mistake> {
    scene.here().filter(|token| token.is_one_of(&["over", "since", "until"]))?;
    let close = scene.at.checked_sub(1).filter(|at| scene.tokens.get(*at).is_some_and(|token| token.text == ")"))?;
    let open = scene.opening(close).filter(|open| scene.takes_population(*open))?;
    let end = scene.clause_end(open + 1, &["among", "per"]);
    let comma = scene.tokens.get(end).is_some_and(|token| token.kind == Kind::Comma);
    let end = if comma { scene.clause_end(end + 1, &["among", "per"]) } else { end };
    let name = scene.tokens.get(end.checked_sub(1)?).filter(|token| is_name(token) || token.text == "]")?;
    let window = scene.bytes(scene.at, scene.window_end(scene.at));
    let written = scene.slice(window.clone());
    let message = format!("the window `{written}` must stand behind the metric that is ranked");
    let edits = vec![
        Edit::insert(name.end(), format!(" {written}")),
        Edit::replace(scene.with_space_before(window.clone()), ""),
    ];
    Some(Mistake::new(Code::ClauseOrder, window, message).fix("move it there", edits))
}

/// `quintile(spend desc)`, `top 10% by spend desc`
pub(super) fn direction_of_order(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| scene.after_value() && token.kind == Kind::Word)?;
    let down = here.is_one_of(&["desc", "descending"]);
    if !down && !here.is_one_of(&["asc", "ascending"]) {
        return None;
    }
    let cut = Edit::replace(scene.with_space_before(here.range()), "");
    if scene.in_rank() {
        let message = "a rank ascends: 1 is the lowest";
        let mistake = Mistake::new(Code::ForeignWord, here.range(), message);
        return Some(match down {
            true => mistake.help("the highest of five is 5: compare with that").repair(vec![cut]),
            false => mistake.fix(format!("remove `{}`", here.text), vec![cut]),
        });
    }
    let top = scene.top_phrase()?;
    let word = scene.tokens.get(top.at)?;
    let fits = word.is_word("top") == down;
    let message = match word.is_word("top") {
        true => format!("`top` is the highest by itself, found `{}`", here.text),
        false => format!("`bottom` is the lowest by itself, found `{}`", here.text),
    };
    let mistake = Mistake::new(Code::ForeignWord, here.range(), message);
    if fits {
        return Some(mistake.fix(format!("remove `{}`", here.text), vec![cut]));
    }
    let ours = if word.is_word("top") { "bottom" } else { "top" };
    let edits = vec![Edit::replace(word.range(), ours), cut];
    Some(mistake.fix(format!("write `{ours}` without it"), edits))
}

pub(super) fn is_name(token: &Token<'_>) -> bool {
    token.kind == Kind::Quoted || (token.kind == Kind::Word && !is_reserved(token.text))
}
