//! Quotes without their pair.
//!
//! An odd quote turns text into words and words into text up to the end, so it is looked for first, and the place where
//! it is missing is guessed from what usually follows a text: `and`, `or`, a bracket, a comma, the end.

use super::Mistake;
use crate::diagnostic::Code;
use crate::syntax::draft::Edit;
use crate::syntax::scan::{Kind, Token, is_letter, scan};
use crate::syntax::words::is_reserved;

/// The first quote that lacks its pair.
pub(super) fn unpaired(text: &str, tokens: &[Token<'_>]) -> Option<Mistake> {
    let open = tokens.iter().position(|token| matches!(token.kind, Kind::OpenText | Kind::OpenQuoted))?;
    let token = tokens.get(open)?;
    let quote = token.text;
    // `'Jakarta and city = 'Bandung'`: the pair that was found is not the one that was meant.
    let wrong_pair = tokens.iter().take(open).find(|earlier| {
        earlier.kind == Kind::Text
            && earlier.text.starts_with(quote)
            && text.get(earlier.end()..).is_some_and(|after| after.starts_with(is_letter))
    });
    if let (None, Some(mistake)) = (wrong_pair, never_opened(open, tokens, quote)) {
        return Some(mistake);
    }
    if let Some(mistake) = wrong_pair.and_then(|pair| quote_inside(pair, token, text)) {
        return Some(mistake);
    }
    let start = wrong_pair.unwrap_or(token).start;
    if let (None, Some(mistake)) = (wrong_pair, other_quote(start, quote, text)) {
        return Some(mistake);
    }
    let inside = text.get(start + quote.len()..)?;
    let length = text_length(inside, quote);
    if inside.get(..length).is_some_and(|inside| inside.trim().is_empty()) {
        let message = format!("a quote (`{quote}`) is opened here, and nothing follows");
        let range = start..start + quote.len();
        return Some(
            Mistake::new(Code::OpenQuote, range.clone(), message).fix("remove it", vec![Edit::replace(range, "")]),
        );
    }
    let end = start + quote.len() + length;
    let closing = closing_of(quote);
    let what = if quote == "`" { "backtick" } else { "quote" };
    let message = format!("this {what} is opened and never closed");
    let title = format!("close it: {closing}{}{closing}", inside.get(..length).unwrap_or(""));
    let mut edits = vec![Edit::insert(end, closing)];
    edits.extend((closing != quote).then(|| Edit::replace(start..start + quote.len(), closing)));
    Some(Mistake::new(Code::OpenQuote, start..end, message).fix(title, edits))
}

/// `'Jum'at'`: a quote inside a text, with letters right on both sides.
fn quote_inside(pair: &Token<'_>, open: &Token<'_>, text: &str) -> Option<Mistake> {
    let quote = open.text;
    let rest = text.get(pair.end()..open.start)?;
    let letters_before = pair.text.strip_suffix(quote)?.ends_with(is_letter);
    if quote == "`" || !letters_before || !rest.chars().all(|next| is_letter(next) || next == ' ') {
        return None;
    }
    let range = pair.start..open.end();
    let message = format!("a quote inside a text is doubled, found `{}`", text.get(range.clone())?);
    let edits = vec![Edit::insert(pair.end(), quote)];
    Some(Mistake::new(Code::OpenQuote, range, message).fix("double the quote inside", edits))
}

/// `'Jakarta"`: closed by a quote of another kind.
fn other_quote(start: usize, quote: &str, text: &str) -> Option<Mistake> {
    let inside = text.get(start + quote.len()..)?;
    let (at, other) = inside.char_indices().find(|(_, next)| "'\"’”‘“".contains(*next))?;
    let after = inside.get(at + other.len_utf8()..)?;
    let content = inside.get(..at)?;
    if quote == "`" || content.trim().is_empty() || content.ends_with(' ') || after.starts_with(is_letter) {
        return None;
    }
    let closing = closing_of(quote);
    let end = start + quote.len() + at;
    let mut edits = vec![Edit::replace(end..end + other.len_utf8(), closing)];
    edits.extend((closing != quote).then(|| Edit::replace(start..start + quote.len(), closing)));
    let message = format!("this text is opened by `{quote}` and closed by `{other}`");
    let title = format!("write `{closing}` on both sides");
    Some(Mistake::new(Code::OpenQuote, start..end + other.len_utf8(), message).fix(title, edits))
}

/// `region = Jakarta'`: a quote right behind a word, with no quote before it.
fn never_opened(open: usize, tokens: &[Token<'_>], quote: &str) -> Option<Mistake> {
    let token = tokens.get(open)?;
    let last = open.checked_sub(1)?;
    let word =
        tokens.get(last).filter(|word| matches!(word.kind, Kind::Word | Kind::Number) && word.end() == token.start)?;
    let mut first = last;
    while let Some(earlier) = first.checked_sub(1).and_then(|at| tokens.get(at)) {
        if !matches!(earlier.kind, Kind::Word | Kind::Number) || is_reserved(earlier.text) {
            break;
        }
        first -= 1;
    }
    let start = tokens.get(first)?.start;
    let message = "this quote is closed and never opened".to_owned();
    let closing = closing_of(quote);
    let edits = if closing == quote {
        vec![Edit::insert(start, quote)]
    } else {
        vec![Edit::insert(start, closing), Edit::replace(token.range(), closing)]
    };
    let mistake = Mistake::new(Code::OpenQuote, start..token.end(), message);
    (word.end() == token.start)
        .then(|| mistake.fix(format!("open it before `{}`", tokens.get(first).map_or("", |word| word.text)), edits))
}

/// How much of what follows an open quote was probably meant to be inside.
fn text_length(inside: &str, quote: &str) -> usize {
    let until_quote = inside.find(['\'', '"', '`', '’', '”']).unwrap_or(inside.len());
    let candidate = inside.get(..until_quote).unwrap_or(inside);
    let stop = scan(candidate).iter().skip(1).find_map(|token| {
        let stops = token.is_one_of(&["and", "or", "over", "where", "ignoring"])
            || matches!(token.kind, Kind::Close | Kind::Comma)
            || (token.kind == Kind::Sign && matches!(token.text, "=" | "<" | ">" | "!=" | "<=" | ">=" | "&&" | "||"));
        stops.then_some(token.start)
    });
    let end = stop.unwrap_or(if until_quote < inside.len() && quote != "`" {
        first_word(candidate)
    } else {
        candidate.len()
    });
    candidate.get(..end).unwrap_or(candidate).trim_end().len()
}

fn first_word(candidate: &str) -> usize {
    scan(candidate).first().map_or(candidate.len(), Token::end)
}

/// The quote that both sides should have; curly ones become straight on the way.
fn closing_of(quote: &str) -> &str {
    match quote {
        "\"" | "`" => quote,
        _ => "'",
    }
}
