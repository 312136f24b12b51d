//! Lists without brackets, commas or the words before them.

use super::scene::ends_value;
use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::print::name;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words::{AGGREGATES, QUANTIFIERS};

/// `in 'Jakarta', 'Bandung'`, `contains any of 'a'`; `in 'vip'` with no value before it names a segment.
pub(super) fn list_without_brackets(scene: &Scene<'_>) -> Option<Mistake> {
    let constant = |token: &Token<'_>| matches!(token.kind, Kind::Text | Kind::Number | Kind::Moment);
    let first = scene.here().filter(|token| constant(token))?;
    let word = scene.before(1).filter(|token| token.is_one_of(&["in", "of"]))?;
    let subject = scene.before(2).filter(|token| !token.is_word("not")).or(scene.before(3));
    if word.is_word("in") && !subject.is_some_and(ends_value) && !subject.is_some_and(|token| token.is_word("is")) {
        let segment = name(first.text.trim_matches(['\'', '"']));
        let message = format!("a segment is named without quotes, found `{}`", first.text);
        return (first.kind == Kind::Text).then(|| Mistake::new(Code::Syntax, first.range(), message).write(&segment));
    }
    let open = scene.open_bracket().map(|open| scene.owner(open)).unwrap_or_default();
    if word.is_word("of") && AGGREGATES.contains(&open.as_str()) {
        return None;
    }
    let mut last = scene.at;
    while scene.tokens.get(last + 1).is_some_and(|token| token.kind == Kind::Comma)
        && scene.tokens.get(last + 2).is_some_and(constant)
    {
        last += 2;
    }
    let list = scene.bytes(scene.at, last + 1);
    let message = format!("a list stands in brackets: `({})`", scene.slice(list.clone()));
    let edits = vec![Edit::insert(list.start, "("), Edit::insert(list.end, ")")];
    Some(Mistake::new(Code::Syntax, list, message).fix("put it in brackets", edits))
}

/// `in (vip)`: a segment needs no brackets.
pub(super) fn segment_in_brackets(scene: &Scene<'_>) -> Option<Mistake> {
    let open = scene.here().filter(|token| token.text == "(")?;
    let of = scene.before(1).filter(|token| token.is_word("in"))?;
    let segment = scene.behind(1).filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted))?;
    let close = scene.behind(2).filter(|token| token.text == ")")?;
    let message = format!("a segment is named without brackets: `{} {}`", of.text, segment.text);
    let edits = vec![Edit::replace(open.range(), ""), Edit::replace(close.range(), "")];
    Some(Mistake::new(Code::Syntax, open.start..close.end(), message).fix("remove the brackets", edits))
}

/// `tags contains any ('a', 'b')`
pub(super) fn quantity_without_of(scene: &Scene<'_>) -> Option<Mistake> {
    let open = scene.open_bracket()?;
    let quantity = scene.tokens.get(open.checked_sub(1)?).filter(|token| token.is_one_of(&["any", "all", "none"]))?;
    scene.tokens.get(open.checked_sub(2)?).filter(|token| token.is_word("contains"))?;
    let message = format!("`of` is missing behind `contains {}`", quantity.text);
    let title = format!("write `contains {} of`", quantity.text);
    Some(Mistake::new(Code::Syntax, quantity.range(), message).fix(title, vec![Edit::insert(quantity.end(), " of")]))
}

/// `in ('a' 'b')`
pub(super) fn missing_comma(scene: &Scene<'_>) -> Option<Mistake> {
    let value =
        |token: &&Token<'_>| matches!(token.kind, Kind::Text | Kind::Number | Kind::Moment | Kind::Word | Kind::Quoted);
    let here = scene.here().filter(value).filter(|token| ends_value(token))?;
    let before = scene.before(1).filter(value).filter(|token| ends_value(token))?;
    let open = scene.open_bracket()?;
    matches!(scene.owner(open).as_str(), "in" | "of").then_some(())?;
    let message = format!("`,` is missing between `{}` and `{}`", before.text, here.text);
    let edits = vec![Edit::insert(before.end(), ",")];
    Some(Mistake::new(Code::Syntax, before.start..here.end(), message).fix("write `,` between them", edits))
}

/// `sum(value of sales over 90d, category = 'Shoes')`
pub(super) fn comma_for_where(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.kind == Kind::Comma)?;
    let owner = scene.owner(scene.open_bracket()?);
    let takes_rows = AGGREGATES.contains(&owner.as_str()) || QUANTIFIERS.contains(&owner.as_str());
    let has =
        |word: &str| scene.level().iter().any(|at| scene.tokens.get(*at).is_some_and(|token| token.is_word(word)));
    let table_said = has("of") || has("where") || QUANTIFIERS.contains(&owner.as_str());
    scene.behind(2).filter(|next| takes_rows && table_said && matches!(next.kind, Kind::Sign | Kind::Word))?;
    let ours = if has("where") { " and" } else { " where" };
    let message = format!("the condition on the rows of `{owner}(…)` stands behind `where`, found `,`");
    Some(Mistake::new(Code::ClauseOrder, here.range(), message).write(ours))
}

/// `spend > 5,`
pub(super) fn comma_at_end(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.kind == Kind::Comma && scene.behind(1).is_none())?;
    let message = "nothing follows the last comma";
    let edits = vec![Edit::replace(here.range(), "")];
    Some(Mistake::new(Code::Syntax, here.range(), message).fix("remove the comma", edits))
}
