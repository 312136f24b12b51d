//! The last resort: no mistake was recognised, so what could have stood here is said.

use super::{Mistake, Scene};
use crate::diagnostic::Code;
use crate::syntax::scan::{Kind, Token};
use crate::syntax::words::{AGGREGATES, QUANTIFIERS, is_reserved};

const SEQUENCE_FORM: &str = "sequence(sales where … then within 30d returns where …)";

/// What was expected, chosen by what stands before.
pub(super) fn unexpected(scene: &Scene<'_>) -> Mistake {
    let found = scene.here().map_or("the end".to_owned(), |token| format!("`{}`", token.text));
    let range = match scene.here() {
        Some(token) => token.range(),
        None => scene.before(1).map_or(scene.range(), Token::range),
    };
    let (expected, help) = if scene.after_value() { after_value(scene) } else { before_value(scene) };
    let mistake = Mistake::new(Code::Syntax, range, format!("{expected}, found {found}"));
    match help {
        Some(help) => mistake.help(help),
        None => mistake,
    }
}

fn after_value(scene: &Scene<'_>) -> (String, Option<String>) {
    let before = match (scene.before(2), scene.before(1)) {
        // `90d` is two tokens and one thing.
        (Some(number), Some(unit)) if number.kind == Kind::Number && number.end() == unit.start => {
            scene.slice(number.start..unit.end())
        }
        (_, before) => before.map_or("", |token| token.text),
    };
    let of_follows = scene.here().is_some_and(|here| here.text.eq_ignore_ascii_case("of"));
    if of_follows && before.ends_with('%') {
        let help = format!("a share of something is a product: `{before} * …`");
        return (format!("expected an operator after `{before}`"), Some(help));
    }
    let Some(open) = scene.open_bracket() else {
        if scene.before(1).is_some_and(|token| AGGREGATES.contains(&token.text.to_lowercase().as_str())) {
            let help = format!("an aggregate takes brackets: `{before}(…)`");
            return (format!("expected `(` or an operator after `{before}`"), Some(help));
        }
        if scene.before(1).is_some_and(|token| token.is_word("sequence")) {
            let help = format!("a sequence takes brackets: `{SEQUENCE_FORM}`");
            return (format!("expected `(` or an operator after `{before}`"), Some(help));
        }
        let help = (scene.here().is_some_and(|here| here.kind == Kind::Word && !is_reserved(here.text))
            && scene.before(1).is_some_and(|token| token.kind == Kind::Word))
        .then(|| "a name with a space inside stands in backticks".to_owned());
        return (format!("expected an operator, `and`, `or` or the end after `{before}`"), help);
    };
    let owner = scene.owner(open);
    if scene.is_sequence(open) {
        let help = format!("its form is `{SEQUENCE_FORM}`");
        return (format!("expected `then` or `)` after `{before}`"), Some(help));
    }
    let takes_rows = AGGREGATES.contains(&owner.as_str()) || QUANTIFIERS.contains(&owner.as_str());
    if takes_rows {
        let form = match owner.as_str() {
            "count" => "count(sales), count(distinct x of sales)".to_owned(),
            "percentile" => "percentile(90, x of sales)".to_owned(),
            "every" => "every(sales over 90d where … have …)".to_owned(),
            word if QUANTIFIERS.contains(&word) => format!("{word}(sales over 90d where …)"),
            word => format!("{word}(x of sales over 90d where …)"),
        };
        return (
            format!("expected the next part of `{owner}(…)` after `{before}`"),
            Some(format!("its form is `{form}`")),
        );
    }
    let closing = if scene.tokens.get(open).is_some_and(|token| token.text == "[") { "]" } else { ")" };
    (format!("expected an operator, `and`, `or` or `{closing}` after `{before}`"), None)
}

fn before_value(scene: &Scene<'_>) -> (String, Option<String>) {
    let Some(before) = scene.before(1) else { return ("expected a condition or a value".to_owned(), None) };
    let step = scene.open_bracket().is_some_and(|open| scene.is_sequence(open));
    match before.text.to_lowercase().as_str() {
        "(" | "then" if step => {
            let help = format!("a step names a table, as in `{SEQUENCE_FORM}`");
            (format!("expected a table after `{}`", before.text), Some(help))
        }
        "within" if step => ("expected a length of time such as `30d` after `within`".to_owned(), None),
        "over" => {
            let help =
                "a window is written `over 90d`, `over last month`, `over this year`, `over 2026-01-01 to 2026-03-31`";
            ("expected a length of time, a period or a date after `over`".to_owned(), Some(help.to_owned()))
        }
        "within" => {
            let help = "it is written `within next 7 days` or `within last 7 days`";
            ("expected `next` or `last` after `within`".to_owned(), Some(help.to_owned()))
        }
        "since" | "until" | "to" => (format!("expected a date such as `2026-03-31` after `{}`", before.text), None),
        "ending" => ("expected a length of time and `ago`, such as `ending 30d ago`".to_owned(), None),
        "in" => {
            let help = "`x in ('a', 'b')` tests a value, `in name` asks for membership of a segment";
            ("expected a list in brackets or a segment after `in`".to_owned(), Some(help.to_owned()))
        }
        "starts" | "ends" => (format!("expected `with` after `{}`", before.text), None),
        "ignoring" => ("expected `case` after `ignoring`".to_owned(), None),
        "of" => ("expected a table after `of`".to_owned(), None),
        _ => (format!("expected a value after `{}`", before.text), None),
    }
}
