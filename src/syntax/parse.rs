//! Entry points: text to tree, with everything there is to say about it.

use pest::Parser;
use pest::error::InputLocation;

use super::ast::{Expr, ExprKind, Ident, Path};
use super::build::Builder;
use super::draft::Draft;
use super::grammar::{Grammar, Pair, Rule};
use super::hygiene;
use super::mistakes::correct;
use super::words::{CONSTANTS, is_reserved};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Text;

/// How many rounds of correction a text gets.
const ROUNDS: usize = 16;

/// Reads an expression.
///
/// Everything found goes to `out`, in the order of places. A courtesy (`==`) is a note, and the tree is whole; a mistake
/// that is understood is an error, and the tree is what it would be had the offered form been written; what cannot be
/// read is [`ExprKind::Error`]. Never panics; a text over 64 KiB or nested deeper than 128 is refused.
pub fn parse_expression(text: &Text, out: &mut Vec<Diagnostic>) -> Expr {
    let mut found = Vec::new();
    let expr = read(text, &mut found);
    found.sort_by_key(|diagnostic| (diagnostic.primary.span.start, diagnostic.primary.span.end));
    out.append(&mut found);
    expr
}

fn read(text: &Text, out: &mut Vec<Diagnostic>) -> Expr {
    let unread = Expr { kind: ExprKind::Error, span: text.span() };
    let mut draft = Draft::new(text);
    if text.value().len() <= hygiene::SIZE_LIMIT {
        hygiene::take_comments(&mut draft, out);
        hygiene::look_at_characters(&mut draft, out);
    }
    if let Some(refused) = hygiene::refuse(text, &draft, out) {
        return refused;
    }
    for _ in 0..ROUNDS {
        match Grammar::parse(Rule::expression, draft.text()) {
            Ok(mut pairs) => {
                let mut builder = Builder::new(&draft);
                let Some(pair) = pairs.next() else { return unread };
                let expr = builder.condition(pair);
                out.extend(builder.into_diagnostics());
                return expr;
            }
            Err(error) => {
                let at = match error.location {
                    InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
                };
                if !correct(&mut draft, at, out) {
                    return unread;
                }
            }
        }
    }
    unread
}

/// Reads names joined by dots: `store.city`, `sold_on.date`. None: reported.
pub fn parse_path(text: &Text, out: &mut Vec<Diagnostic>) -> Option<Path> {
    let draft = Draft::new(text);
    let form = "a name, or names joined by dots such as `store.city`";
    lone(&draft, Rule::lone_path, form, out, |builder, pair| builder.path(pair))
}

/// Reads one name: a `snake_case` identifier or anything in backticks. None: reported.
pub fn parse_name(text: &Text, out: &mut Vec<Diagnostic>) -> Option<Ident> {
    let draft = Draft::new(text);
    let name =
        lone(&draft, Rule::lone_name, "a name such as `big_spenders`", out, |builder, pair| builder.ident(&pair))?;
    let word = draft.text().trim();
    if !CONSTANTS.iter().any(|constant| constant.eq_ignore_ascii_case(word)) {
        return Some(name);
    }
    out.push(reserved(&draft, word));
    None
}

fn lone<T>(
    draft: &Draft<'_>,
    rule: Rule,
    form: &str,
    out: &mut Vec<Diagnostic>,
    build: impl FnOnce(&mut Builder<'_>, Pair<'_>) -> T,
) -> Option<T> {
    let fits = draft.text().len() <= hygiene::SIZE_LIMIT;
    let parsed = if fits { Grammar::parse(rule, draft.text()).ok() } else { None };
    let Some(pair) = parsed.and_then(|mut pairs| pairs.next()) else {
        out.push(bad_name(draft, form));
        return None;
    };
    let mut builder = Builder::new(draft);
    let built = build(&mut builder, pair);
    let said = builder.into_diagnostics();
    let sound = said.is_empty();
    out.extend(said);
    sound.then_some(built)
}

fn bad_name(draft: &Draft<'_>, form: &str) -> Diagnostic {
    let written = draft.text().trim();
    if written.is_empty() {
        return Diagnostic::new(Code::BadName, whole(draft), format!("{form} is expected, found nothing"));
    }
    if let Some(word) = written.split('.').map(str::trim).find(|part| is_reserved(part)) {
        return reserved(draft, word);
    }
    let message = format!("{form} is expected, found `{}`", shortened(written)).replace("``", "`");
    let mut diagnostic = Diagnostic::new(Code::BadName, whole(draft), message)
        .help("a name is made of letters, digits and `_` and starts with no digit; anything else stands in backticks");
    let snake = snake_case(written);
    if !snake.is_empty() && !is_reserved(&snake) && !written.contains('`') {
        diagnostic = diagnostic.help(format!("write `{snake}`, say"));
    }
    diagnostic
}

fn reserved(draft: &Draft<'_>, word: &str) -> Diagnostic {
    let message = format!("`{word}` is a word of the language and cannot be a name by itself");
    let help = "choose another name, or put it in backticks here and wherever it is used";
    Diagnostic::new(Code::ReservedWord, whole(draft), message).help(help)
}

fn whole(draft: &Draft<'_>) -> crate::source::Span {
    let text = draft.text();
    let start = text.len() - text.trim_start().len();
    draft.place(start..start.max(text.trim_end().len()))
}

fn shortened(written: &str) -> String {
    match written.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", written.get(..at).unwrap_or(written)),
        None => written.to_owned(),
    }
}

/// The nearest identifier: `Big Spenders 2026` is `big_spenders_2026`; empty if there is none.
fn snake_case(written: &str) -> String {
    let mut name = String::new();
    for character in written.chars().take(100) {
        if unicode_ident::is_xid_continue(character) {
            name.extend(character.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    if name.starts_with(unicode_ident::is_xid_start) { name.to_owned() } else { String::new() }
}
