//! Operators in the wrong place, doubled, in words, or in another language.

use super::scene::{compares, ends_value, word_of};
use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::scan::{HOLE, Kind, Token};
use crate::syntax::words::{foreign_infix as infix_of, foreign_prefix as prefix_of, is_reserved};

/// `> =`: one operator with a space inside.
pub(super) fn split_operator(scene: &Scene<'_>) -> Option<Mistake> {
    let (before, here) = (scene.before(1)?, scene.here()?);
    if before.kind != Kind::Sign || here.kind != Kind::Sign {
        return None;
    }
    let ours = match (before.text, here.text) {
        (">", "=") | ("=", ">") => ">=",
        ("<", "=") | ("=", "<") => "<=",
        ("!", "=") | ("<", ">") | ("not", "=") => "!=",
        _ => return None,
    };
    let range = before.start..here.end();
    let message = format!("`{ours}` is one sign, found `{}`", scene.slice(range.clone()));
    Some(Mistake::new(Code::ForeignWord, range, message).write(ours))
}

/// `a not = b`
pub(super) fn not_before_sign(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| compares(token))?;
    let not = scene.before(1).filter(|token| token.is_word("not"))?;
    scene.before(2).filter(|token| ends_value(token))?;
    let ours = match here.text {
        "=" => "!=",
        "!=" => "=",
        "<" => ">=",
        "<=" => ">",
        ">" => "<=",
        _ => "<",
    };
    let range = not.start..here.end();
    let message = format!("`not` cannot stand before `{}`", here.text);
    Some(Mistake::new(Code::ForeignWord, range, message).write(ours))
}

/// `a is > 5`
pub(super) fn is_before_sign(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| compares(token))?;
    let is = scene.before(1).filter(|token| token.is_word("is"))?;
    let message = format!("`is` is left out before `{}`", here.text);
    Some(
        Mistake::new(Code::Syntax, is.range(), message)
            .fix("remove `is`", vec![Edit::replace(is.start..here.start, "")]),
    )
}

/// `tidak x`, `bukan in vip`: read as a name up to the word that does not fit behind it.
pub(super) fn foreign_prefix(scene: &Scene<'_>) -> Option<Mistake> {
    let mut word = scene.before(1)?;
    let mut boundary = scene.before(2);
    if word.is_word("in") {
        (word, boundary) = (scene.before(2)?, scene.before(3));
    }
    let ours = prefix_of(&word_of(Some(word)))?;
    if boundary.is_some_and(ends_value) {
        return None;
    }
    let message = format!("`{}` is written `{ours}`", word.text);
    Some(Mistake::new(Code::ForeignWord, word.range(), message).write(ours))
}

/// `a dan b`, `x tidak in (…)`, `x bukan 'y'`
pub(super) fn foreign_infix(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    let word = scene.word();
    let ours = match prefix_of(&word) {
        Some(not) if scene.behind(1).is_some_and(|next| is_reserved(next.text)) => not,
        _ => infix_of(&word)?,
    };
    let doubled = scene.before(1).is_some_and(|before| before.is_one_of(&["and", "or"]));
    if !scene.after_value() && !doubled {
        return None;
    }
    let message = format!("`{}` is written `{ours}`", here.text);
    Some(Mistake::new(Code::ForeignWord, here.range(), message).write(ours))
}

/// `x not null`
pub(super) fn not_null(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.is_word("null"))?;
    let not = scene.before(1).filter(|token| token.is_word("not"))?;
    let message = "a missing value is tested with `is known`, not with `not null`";
    Some(Mistake::new(Code::ForeignWord, not.start..here.end(), message).write("is known"))
}

/// `spend more than 5`, `spend is greater than 5`, `spend at least 5`
pub(super) fn comparison_in_words(scene: &Scene<'_>) -> Option<Mistake> {
    let mut first = scene.at;
    while let Some(before) = first.checked_sub(1).and_then(|at| scene.tokens.get(at)) {
        if !before.is_one_of(&["is", "more", "greater", "higher", "bigger", "less", "fewer", "lower", "smaller"]) {
            break;
        }
        first -= 1;
    }
    scene.tokens.get(first.checked_sub(1)?).filter(|token| ends_value(token))?;
    let mut words: Vec<String> = Vec::new();
    let mut last = first;
    while let Some(token) = scene.tokens.get(last).filter(|token| token.kind == Kind::Word) {
        let word = token.text.to_lowercase();
        if !PARTS.contains(&word.as_str()) {
            break;
        }
        words.push(word);
        last += 1;
    }
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "is").collect();
    let ours = match words.as_slice() {
        ["more" | "greater" | "higher" | "bigger", "than"] => ">",
        ["less" | "fewer" | "lower" | "smaller", "than"] => "<",
        ["more" | "greater" | "higher" | "bigger", "than", "or", "equal", "to"] | ["at", "least"] => ">=",
        ["less" | "fewer" | "lower" | "smaller", "than", "or", "equal", "to"] | ["at", "most"] => "<=",
        ["equal", "to"] => "=",
        _ => return None,
    };
    let range = scene.bytes(first, last);
    let message = format!("`{}` is written `{ours}`", scene.slice(range.clone()));
    Some(Mistake::new(Code::ForeignWord, range, message).write(ours))
}

const PARTS: &[&str] = &[
    "is", "more", "greater", "higher", "bigger", "less", "fewer", "lower", "smaller", "than", "or", "equal", "to",
    "at", "least", "most",
];

/// `1 < a < 2`
pub(super) fn chained_comparison(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| compares(token) && scene.after_value())?;
    let level = scene.level();
    let from = level.iter().rposition(|at| {
        scene
            .tokens
            .get(*at)
            .is_some_and(|token| token.is_one_of(&["and", "or", "not", "where", "have"]) || token.kind == Kind::Comma)
    });
    let clause = level.get(from.map_or(0, |at| at + 1)..)?;
    let compared = clause.iter().rposition(|at| scene.tokens.get(*at).is_some_and(compares))?;
    let first_sign = scene.tokens.get(*clause.get(compared)?)?;
    let middle = scene.slice(first_sign.end()..here.start).trim();
    let start = scene.tokens.get(*clause.first()?)?.start;
    let after = scene.behind(1).map_or(here.end(), Token::end);
    let message = format!("comparisons do not chain: `{}`", scene.slice(start..after));
    let mistake = Mistake::new(Code::ChainedComparison, first_sign.start..here.end(), message);
    let low = scene.slice(start..first_sign.start).trim();
    let high = scene.behind(1).map_or("", |next| next.text);
    let mistake = match (first_sign.text, here.text) {
        ("<=", "<=") => mistake.help(format!("or write `{middle} between {low} and {high}`, both ends in")),
        (">=", ">=") => mistake.help(format!("or write `{middle} between {high} and {low}`, both ends in")),
        _ => mistake,
    };
    let edit = Edit::insert(here.start, format!("and {middle} "));
    Some(mistake.fix(format!("repeat the middle: `and {middle} {}`", here.text), vec![edit]))
}

/// `a > > b`, `x = +5`
pub(super) fn doubled_operator(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| compares(token) || matches!(token.text, "+" | "*" | "/"))?;
    let before =
        scene.before(1).filter(|token| token.kind == Kind::Sign || matches!(token.kind, Kind::Open | Kind::Comma));
    if here.text != "+" && !before.is_some_and(|before| before.kind == Kind::Sign) || scene.after_value() {
        return None;
    }
    let message = match before.filter(|before| before.kind == Kind::Sign) {
        Some(before) => format!("`{}` and `{}` stand side by side", before.text, here.text),
        None => format!("`{}` has nothing before it", here.text),
    };
    let end = scene.behind(1).map_or(here.end(), |next| next.start);
    let edits = vec![Edit::replace(here.start..end, "")];
    Some(Mistake::new(Code::Syntax, here.range(), message).fix(format!("remove `{}`", here.text), edits))
}

/// `in ('a', 'b')` with nothing before it.
pub(super) fn membership_of_list(scene: &Scene<'_>) -> Option<Mistake> {
    scene.here().filter(|token| token.text == "(")?;
    let of = scene.before(1).filter(|token| token.is_word("in"))?;
    let not = scene.before(2).filter(|token| token.is_word("not"));
    let start = not.map_or(of.start, |not| not.start);
    let message = "a value is missing before `in (…)`";
    let help = "`in name` without brackets asks for membership of a segment";
    let mut repair = vec![Edit::insert(start, format!("{HOLE} "))];
    if let Some(close) = scene.behind(1).filter(|token| token.kind == Kind::Close) {
        repair.push(Edit::insert(close.start, HOLE));
    }
    Some(Mistake::new(Code::Syntax, of.range(), message).help(help).repair(repair))
}

/// `per = 3`: a column that is called like a word of the language.
pub(super) fn reserved_as_name(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here().filter(|token| token.kind == Kind::Word && is_reserved(token.text))?;
    if scene.after_value() || here.is_one_of(&["and", "or", "not"]) {
        return None;
    }
    let next = scene.behind(1);
    let used_as_value = next.is_none_or(|next| match next.kind {
        Kind::Sign => next.text != "-",
        Kind::Close | Kind::Comma | Kind::Dot => true,
        _ => next.is_one_of(&["is", "and", "or", "between", "in", "of", "contains", "like", "matches"]),
    });
    let after_dot = scene.before(1).is_some_and(|before| before.kind == Kind::Dot);
    if !used_as_value && !after_dot {
        return None;
    }
    let quoted = format!("`{}`", here.text);
    let message = format!("{quoted} is a word of the language, so as a name it needs backticks");
    Some(
        Mistake::new(Code::ReservedWord, here.range(), message)
            .fix("put it in backticks", vec![Edit::replace(here.range(), quoted)]),
    )
}

/// An operator with nothing behind it: `spend >`, `spend > and …`.
pub(super) fn missing_value(scene: &Scene<'_>) -> Option<Mistake> {
    let before = scene.before(1)?;
    let ends = scene.here().is_none_or(|here| {
        matches!(here.kind, Kind::Close | Kind::Comma) || here.is_one_of(&["and", "or", "have", "where"])
    });
    let operator = before.kind == Kind::Sign
        || before.is_one_of(&["not", "is", "contains", "like", "matches", "between", "where", "have", "with", "of"]);
    let with = before.is_word("with") && scene.before(2).is_some_and(|word| word.is_one_of(&["starts", "ends"]));
    if !ends || !operator || (scene.after_value() && !with) {
        return None;
    }
    let message = match scene.here() {
        None => format!("nothing follows `{}`", before.text),
        Some(here) => format!("a value is expected after `{}`, found `{}`", before.text, here.text),
    };
    let hole = match before.text.to_lowercase().as_str() {
        "between" => format!(" {HOLE} and {HOLE}"),
        _ => format!(" {HOLE}"),
    };
    // Between `between` and `and` only the lower end is missing.
    let between = before.is_word("between") && scene.here().is_some_and(|here| here.is_word("and"));
    let hole = if between { format!(" {HOLE}") } else { hole };
    Some(Mistake::new(Code::Syntax, before.range(), message).repair(vec![Edit::insert(before.end(), hole)]))
}

/// `ignoring` without `case`
pub(super) fn missing_case(scene: &Scene<'_>) -> Option<Mistake> {
    let word = scene.before(1).filter(|token| token.is_word("ignoring"))?;
    let edits = vec![Edit::insert(word.end(), " case")];
    Some(
        Mistake::new(Code::Syntax, word.range(), "`case` is missing behind `ignoring`")
            .fix("write `ignoring case`", edits),
    )
}

/// `name starts 'A'`, `name startswith 'A'`
pub(super) fn text_test_in_words(scene: &Scene<'_>) -> Option<Mistake> {
    let here = scene.here()?;
    if let Some(word) = scene.before(1).filter(|token| token.is_one_of(&["starts", "ends"])) {
        let message = format!("`with` is missing behind `{}`", word.text);
        let edits = vec![Edit::insert(word.end(), " with")];
        return Some(
            Mistake::new(Code::Syntax, word.range(), message).fix(format!("write `{} with`", word.text), edits),
        );
    }
    let ours = match word_of(Some(here)).as_str() {
        "startswith" | "starts_with" => "starts with",
        "endswith" | "ends_with" => "ends with",
        "includes" | "contain" => "contains",
        "ilike" => "like",
        "regexp" | "rlike" | "match" => "matches",
        _ => return None,
    };
    let message = format!("`{}` is written `{ours}`", here.text);
    scene.after_value().then(|| Mistake::new(Code::ForeignWord, here.range(), message).write(ours))
}
