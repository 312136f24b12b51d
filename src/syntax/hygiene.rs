//! What is looked at before reading: limits, comments, and characters that nobody can see.

use super::ast::{Expr, ExprKind};
use super::build::offered;
use super::draft::{Draft, Edit};
use super::scan::{HOLE, Kind, scan};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{ScalarStyle, Text};

/// The longest expression, in bytes.
pub(super) const SIZE_LIMIT: usize = 64 * 1024;

/// How deep brackets and prefixes nest.
const DEPTH_LIMIT: usize = 128;

/// Reports a text that is empty, too long or nested too deeply; nothing is read from such a text.
pub(super) fn refuse(text: &Text, draft: &Draft<'_>, out: &mut Vec<Diagnostic>) -> Option<Expr> {
    let refused = |diagnostic: Diagnostic| (diagnostic, Expr { kind: ExprKind::Error, span: text.span() });
    let length = text.value().len();
    let (diagnostic, expr) = if length > SIZE_LIMIT {
        let message = format!("an expression has at most {SIZE_LIMIT} bytes, this one has {length}");
        let help = "split it: name parts of it as attributes, metrics or segments, or read a long list from a table";
        refused(Diagnostic::new(Code::TooLarge, text.span(), message).help(help))
    } else if draft.text().trim().is_empty() && out.iter().any(Diagnostic::is_error) {
        // A comment that could not stand was all there was.
        return Some(Expr { kind: ExprKind::Error, span: text.span() });
    } else if draft.text().trim().is_empty() {
        let help = "write a condition such as `spend_90d > 500`";
        refused(Diagnostic::new(Code::Syntax, text.span(), "an expression is expected, found nothing").help(help))
    } else if let Some(at) = too_deep(draft.text()) {
        let message = format!("brackets and `not` nest at most {DEPTH_LIMIT} deep");
        let help = "name parts of the expression as attributes, metrics or segments";
        refused(Diagnostic::new(Code::TooLarge, draft.place(at..at + 1), message).help(help))
    } else {
        return None;
    };
    out.push(diagnostic);
    Some(expr)
}

/// Where nesting passes the limit. Every bracket, `not`, `!`, sign and `by` inside counts, so the tree is never deeper.
fn too_deep(text: &str) -> Option<usize> {
    if text.len() <= DEPTH_LIMIT {
        return None;
    }
    let (mut open, mut depth, mut run, mut tops) = (Vec::new(), 0usize, 0usize, 0usize);
    for token in scan(text) {
        match token.kind {
            Kind::Open => {
                open.push((run, tops));
                depth += run + tops + 1;
                (run, tops) = (0, 0);
            }
            Kind::Close => {
                let (before, around) = open.pop().unwrap_or((0, 0));
                depth = depth.saturating_sub(before + around + 1);
                (run, tops) = (0, around);
            }
            Kind::Sign if token.text == "-" || token.text == "!" => run += 1,
            Kind::Word if token.is_word("not") => run += 1,
            // `top 1 by top 1 by …`: the value behind `by` goes on up to a connective or a comma.
            Kind::Word if token.is_word("by") => (run, tops) = (0, tops + 1),
            Kind::Word if token.is_one_of(&["and", "or", "where", "have", "then"]) => (run, tops) = (0, 0),
            Kind::Comma => (run, tops) = (0, 0),
            _ => run = 0,
        }
        if depth + run + tops > DEPTH_LIMIT {
            return Some(token.start);
        }
    }
    None
}

/// Blanks comments out; where comments cannot stand, says so.
pub(super) fn take_comments(draft: &mut Draft<'_>, out: &mut Vec<Diagnostic>) {
    if !draft.text().contains("--") {
        return;
    }
    for range in comments(draft.text()) {
        if draft.style() != ScalarStyle::Literal {
            let message = "a comment (`--`) can only stand in a literal block (`|`), where its line has an end";
            let help = "write the expression below `|`, each part on its own line; \
                        or for minus a negative number, put a space between the two signs";
            out.push(Diagnostic::new(Code::Comment, draft.place(range.clone()), message).help(help));
        }
        draft.blank(range);
    }
}

/// `--` outside quotes, up to the end of its line.
fn comments(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let (mut quote, mut skip) = (None, 0);
    for (at, character) in text.char_indices() {
        if at < skip {
            continue;
        }
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(character),
            (None, '-') if text.get(at..).is_some_and(|rest| rest.starts_with("--")) => {
                let rest = text.get(at..).unwrap_or("");
                skip = at + rest.find('\n').unwrap_or(rest.len());
                found.push(at..skip);
            }
            _ => {}
        }
    }
    found
}

/// Reports characters that cannot be seen, and names that mix alphabets.
pub(super) fn look_at_characters(draft: &mut Draft<'_>, out: &mut Vec<Diagnostic>) {
    if draft.text().is_ascii()
        && !draft.text().bytes().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
    {
        return;
    }
    let quoted = quoted_ranges(draft.text());
    let mut edits = Vec::new();
    for (at, character) in draft.text().char_indices() {
        let Some((what, repaired)) = invisible(character) else { continue };
        let range = at..at + character.len_utf8();
        let code = character as u32;
        if quoted.iter().any(|quoted| quoted.contains(&at)) {
            let message = format!("there is {what} (U+{code:04X}) inside the quotes");
            let help =
                "it takes part in every comparison though nobody sees it; type the text again if it is not meant";
            out.push(Diagnostic::new(Code::ConfusingText, draft.place(range), message).help(help));
        } else {
            let edit = Edit::replace(range.clone(), repaired);
            let title = if repaired.is_empty() { "remove it" } else { "write a plain space" };
            let message = format!("there is {what} (U+{code:04X}) between the words");
            let diagnostic = Diagnostic::new(Code::StrayCharacter, draft.place(range), message);
            out.push(offered(draft, diagnostic, title, std::slice::from_ref(&edit)));
            edits.push(edit);
        }
    }
    for token in scan(draft.text()).iter().filter(|token| token.kind == Kind::Word) {
        if let Some(odd) = mixed_alphabet(token.text) {
            let message = format!(
                "`{}` mixes Latin letters with `{odd}` (U+{:04X}), which only looks like one",
                token.text, odd as u32
            );
            let help = "type the name again, or write it in backticks if it is meant";
            out.push(Diagnostic::new(Code::ConfusingText, draft.place(token.range()), message).help(help));
        }
    }
    draft.apply(&edits);
}

fn quoted_ranges(text: &str) -> Vec<std::ops::Range<usize>> {
    let quoted = |kind: Kind| matches!(kind, Kind::Text | Kind::Quoted);
    scan(text).iter().filter(|token| quoted(token.kind)).map(|token| token.range()).collect()
}

/// A name for a character that cannot be seen, and what to read in its place.
fn invisible(character: char) -> Option<(&'static str, &'static str)> {
    Some(match character {
        ' ' | '\t' | '\n' | '\r' => return None,
        '\u{200B}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{180E}' => {
            ("an invisible character", "")
        }
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}' => {
            ("a character that changes the direction of text", "")
        }
        HOLE | '\u{FFFE}' => ("a character that is no character", ""),
        '\u{FFFD}' => ("a character that was lost in a conversion", ""),
        other if other.is_whitespace() => ("a space that is not the plain one", " "),
        other if other.is_control() => ("a control character", ""),
        _ => return None,
    })
}

/// The first Greek or Cyrillic letter of a word that has Latin letters too.
fn mixed_alphabet(word: &str) -> Option<char> {
    let odd = word.chars().find(|letter| matches!(letter, '\u{0370}'..='\u{03FF}' | '\u{0400}'..='\u{052F}'))?;
    word.chars().any(|letter| letter.is_ascii_alphabetic()).then_some(odd)
}
