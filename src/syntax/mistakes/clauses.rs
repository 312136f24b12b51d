//! Parts of aggregates and phrases in another order than the language wants, or outside the brackets they belong in.

use std::ops::Range;

use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::scan::{HOLE, Kind};
use crate::syntax::words::{AGGREGATES, QUANTIFIERS};

/// The words that begin a window.
const WINDOWS: &[&str] = &["over", "since", "until"];

/// `count(*)`
pub(super) fn count_star(scene: &Scene<'_>) -> Option<Mistake> {
    scene.here().filter(|token| token.text == "*")?;
    let open = scene.open_bracket().filter(|open| *open + 1 == scene.at && scene.owner(*open) == "count")?;
    let close = scene.closing(open)?;
    let range = scene.bytes(open - 1, close + 1);
    let message = "rows are counted by the name of their table, found `count(*)`";
    let repair = vec![Edit::replace(range.clone(), HOLE)];
    Some(
        Mistake::new(Code::ForeignWord, range, message)
            .help("write `count(sales)` for the rows of the table `sales`")
            .repair(repair),
    )
}

/// `sum(value) of sales over 90d`
pub(super) fn table_behind_brackets(scene: &Scene<'_>) -> Option<Mistake> {
    scene.here().filter(|token| token.is_word("of"))?;
    let close = scene.at.checked_sub(1).filter(|at| scene.tokens.get(*at).is_some_and(|token| token.text == ")"))?;
    let open = scene.opening(close)?;
    let owner = scene.owner(open);
    AGGREGATES.contains(&owner.as_str()).then_some(())?;
    scene.behind(1).filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted))?;
    let mut end = scene.at + 2;
    if scene.tokens.get(end).is_some_and(|token| token.is_one_of(WINDOWS)) {
        end = scene.window_end(end);
    }
    let inside = scene.tokens.get(open + 1..close)?;
    let filter = inside.iter().find(|token| token.is_word("where"));
    if filter.is_none() && scene.tokens.get(end).is_some_and(|token| token.is_word("where")) {
        end = scene.test_end(end);
    }
    let rows = scene.bytes(scene.at, end);
    let written = scene.slice(rows.clone());
    let insert = match filter {
        Some(filter) => Edit::insert(filter.start, format!("{written} ")),
        None => Edit::insert(scene.tokens.get(close)?.start, format!(" {written}")),
    };
    let message = format!("`{written}` must stand inside the brackets of `{owner}(…)`");
    let edits = vec![insert, Edit::replace(scene.with_space_before(rows.clone()), "")];
    Some(Mistake::new(Code::ClauseOrder, rows, message).fix("move it inside", edits))
}

/// `max(a, b)`, which in this language is `greatest(a, b)`.
pub(super) fn extremes_of_values(scene: &Scene<'_>) -> Option<Mistake> {
    scene.here().filter(|token| token.kind == Kind::Comma)?;
    let open = scene.open_bracket()?;
    let word = scene.tokens.get(open.checked_sub(1)?)?;
    let ours = match scene.owner(open).as_str() {
        "min" => "least",
        "max" => "greatest",
        _ => return None,
    };
    let message = format!("`{}` looks over the rows of a table; of several values it is `{ours}`", word.text);
    Some(Mistake::new(Code::ForeignWord, word.range(), message).write(ours))
}

/// `sum(value from sales)`
pub(super) fn from_for_of(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.is_one_of(&["from", "dari"]))?;
    let open = scene.open_bracket()?;
    AGGREGATES.contains(&scene.owner(open).as_str()).then_some(())?;
    let message = format!("the table of an aggregate stands behind `of`, found `{}`", here.text);
    Some(Mistake::new(Code::ForeignWord, here.range(), message).write("of"))
}

/// `sum(value of sales where category = 'Shoes' over 90d)`
pub(super) fn window_behind_where(scene: &Scene<'_>) -> Option<Mistake> {
    scene.here().filter(|token| token.is_one_of(WINDOWS))?;
    let level = scene.level();
    let filter = *level.iter().rev().find(|at| scene.tokens.get(**at).is_some_and(|token| token.is_word("where")))?;
    let end = scene.window_end(scene.at);
    let window = scene.bytes(scene.at, end);
    let written = scene.slice(window.clone()).to_owned();
    let message = format!("the window `{written}` must stand before `where`");
    let start = scene.tokens.get(filter)?.start;
    let edits =
        vec![Edit::insert(start, format!("{written} ")), Edit::replace(scene.with_space_before(window.clone()), "")];
    Some(Mistake::new(Code::ClauseOrder, window, message).fix("move it before `where`", edits))
}

/// `sum(value of sales) over 90d`, `count(sales) where …`, `count(sales)[…]`: what belongs inside the brackets.
pub(super) fn clause_behind_brackets(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    let is_window = here.is_one_of(WINDOWS);
    let is_filter = here.is_word("where");
    let is_index = here.text == "[";
    let close = scene.at.checked_sub(1).filter(|at| scene.tokens.get(*at).is_some_and(|token| token.text == ")"))?;
    let open = scene.opening(close)?;
    let owner = scene.owner(open);
    let takes_rows = AGGREGATES.contains(&owner.as_str()) || QUANTIFIERS.contains(&owner.as_str());
    if !takes_rows || !(is_window || is_filter || is_index) {
        return None;
    }
    let inside = scene.tokens.get(open + 1..close)?;
    let filter = inside.iter().find(|token| token.is_one_of(&["where", "have"]));
    let end = match here.text {
        "[" => scene.closing(scene.at)? + 1,
        _ if is_window => scene.window_end(scene.at),
        _ => scene.test_end(scene.at),
    };
    let clause = scene.bytes(scene.at, end);
    if is_window
        && owner != "count"
        && AGGREGATES.contains(&owner.as_str())
        && !inside.iter().any(|token| token.is_word("of"))
    {
        return Some(window_without_table(scene, open, close, clause));
    }
    let written = if is_index {
        let condition = scene.slice(clause.clone());
        format!("where {}", condition.trim_start_matches('[').trim_end_matches(']').trim())
    } else {
        scene.slice(clause.clone()).to_owned()
    };
    let written = match filter {
        Some(_) if !is_window => format!("and {}", written.trim_start_matches("where").trim_start()),
        _ => written,
    };
    let insert = match filter {
        Some(filter) if is_window => Edit::insert(filter.start, format!("{written} ")),
        _ => Edit::insert(scene.tokens.get(close)?.start, format!(" {written}")),
    };
    let what = if is_window { "window" } else { "filter" };
    let message =
        format!("the {what} `{}` must stand inside the brackets of `{owner}(…)`", scene.slice(clause.clone()));
    let edits = vec![insert, Edit::replace(scene.with_space_before(clause.clone()), "")];
    Some(Mistake::new(Code::ClauseOrder, clause, message).fix("move it inside", edits))
}

/// `sum(value) over 90d`: inside the brackets a window stands behind a table, and there is none.
fn window_without_table(scene: &Scene<'_>, open: usize, close: usize, window: Range<usize>) -> Mistake {
    let aggregate = scene.bytes(open.saturating_sub(1), close + 1);
    let written = scene.slice(aggregate.clone());
    let message = format!("`{written}` does not say whose rows the window is for");
    let form = written.trim_end_matches(')').trim_end();
    let help = format!(
        "name the table behind `of`, and the window behind it: `{form} of sales {})`",
        scene.slice(window.clone())
    );
    let repair = vec![Edit::replace(aggregate.start..window.end, HOLE)];
    Mistake::new(Code::ClauseOrder, window, message).help(help).repair(repair)
}

/// `spend_90d where channel = 'web'`, and a second `where`.
pub(super) fn where_behind_name(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.is_word("where"))?;
    let level = scene.level();
    if level.iter().any(|at| scene.tokens.get(*at).is_some_and(|token| token.is_word("where"))) {
        let message = "`where` is written twice; conditions are joined by `and`";
        return Some(Mistake::new(Code::ClauseOrder, here.range(), message).write("and"));
    }
    let name =
        scene.before(1).filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted) && scene.after_value())?;
    let end = scene.test_end(scene.at + 1);
    let condition = scene.bytes(scene.at + 1, end);
    if condition.is_empty() {
        return None;
    }
    let written = scene.slice(condition.clone());
    let message = format!("a metric is filtered with `[…]`: `{}[{written}]`", name.text);
    let edits = vec![Edit::replace(name.end()..condition.end, format!("[{written}]"))];
    Some(Mistake::new(Code::ClauseOrder, here.range(), message).fix("put the condition in `[…]`", edits))
}
