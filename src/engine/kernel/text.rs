//! Text: folding, and tests against patterns.
//!
//! Texts are equal by code points; ignoring case means equal after full Unicode case folding, so `STRASSE` and `straße`
//! are one. Folding a column is the expensive part, patterns are prepared once.

use std::borrow::Cow;
use std::collections::HashMap;

use datafusion::arrow::array::{
    Array, AsArray, BooleanArray, BooleanBuilder, ListArray, StringViewArray, StringViewBuilder,
};
use datafusion::arrow::compute::kernels::comparison::{contains, ends_with, starts_with};
use datafusion::arrow::datatypes::{DataType, Field};
use regex::Regex;
use unicode_casefold::UnicodeCaseFold;

use super::broadcast::{Broadcast, known_in_all, position};
use super::error::Result;
use crate::syntax::ast::TextOp;

/// Full Unicode case folding, the same in every language: `ß` becomes `ss`.
pub fn fold_case(text: &str) -> Cow<'_, str> {
    ascii_or(text, |text| text.case_fold().collect())
}

/// Lower case.
pub fn lower(text: &str) -> Cow<'_, str> {
    ascii_or(text, str::to_lowercase)
}

/// Upper case.
pub fn upper(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Owned(text.to_ascii_uppercase()) } else { Cow::Owned(text.to_uppercase()) }
}

fn ascii_or(text: &str, change: impl Fn(&str) -> String) -> Cow<'_, str> {
    if !text.is_ascii() {
        Cow::Owned(change(text))
    } else if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// Changes every text.
pub fn map(texts: &StringViewArray, change: impl Fn(&str) -> Cow<'_, str>) -> StringViewArray {
    let mut changed = StringViewBuilder::with_capacity(texts.len());
    for text in texts {
        changed.append_option(text.map(&change));
    }
    changed.finish()
}

/// Changes every element of lists.
///
/// # Errors
///
/// When the elements are not Utf8View.
pub fn map_elements(lists: &ListArray, change: impl Fn(&str) -> Cow<'_, str>) -> Result<ListArray> {
    let elements = map(lists.values().as_string_view(), change);
    let field = Field::new_list_field(DataType::Utf8View, true);
    let (_, offsets, _, nulls) = lists.clone().into_parts();
    Ok(ListArray::try_new(field.into(), offsets, std::sync::Arc::new(elements), nulls)?)
}

/// A pattern, ready to be tried.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Of `like`.
    Like(Like),
    /// Of `matches`.
    Regex(Regex),
}

impl Pattern {
    /// Of `like` or `matches`; none for other tests and for a regular expression that is not valid.
    pub fn new(op: TextOp, pattern: &str) -> Option<Pattern> {
        match op {
            TextOp::Like => Some(Pattern::Like(Like::new(pattern))),
            TextOp::Matches => Regex::new(pattern).ok().map(Pattern::Regex),
            TextOp::Contains | TextOp::StartsWith | TextOp::EndsWith => None,
        }
    }

    /// Whether a text has it.
    pub fn is_match(&self, text: &str) -> bool {
        match self {
            Pattern::Like(like) => like.is_match(text),
            Pattern::Regex(regex) => regex.is_match(text),
        }
    }
}

/// A pattern of `like`: `%` stands for any run of characters, `_` for one, everything else for itself; it covers the
/// whole text.
#[derive(Clone, Debug)]
pub enum Like {
    /// Without `_`: what stands between the `%`.
    Pieces(Vec<String>),
    /// The characters.
    Characters(Vec<char>),
}

impl Like {
    /// Prepares a pattern. Every pattern is valid.
    pub fn new(pattern: &str) -> Like {
        if pattern.contains('_') {
            Like::Characters(pattern.chars().collect())
        } else {
            Like::Pieces(pattern.split('%').map(str::to_owned).collect())
        }
    }

    /// Whether it covers the text.
    pub fn is_match(&self, text: &str) -> bool {
        match self {
            Like::Characters(pattern) => covers(pattern, text),
            Like::Pieces(pieces) => match pieces.as_slice() {
                [] => text.is_empty(),
                [whole] => text == whole,
                [first, middle @ .., last] => text
                    .strip_prefix(first.as_str())
                    .and_then(|rest| rest.strip_suffix(last.as_str()))
                    .and_then(|rest| {
                        // The first place of each piece leaves most to those that follow.
                        middle.iter().try_fold(rest, |rest, piece| {
                            rest.find(piece.as_str()).and_then(|at| rest.get(at + piece.len()..))
                        })
                    })
                    .is_some(),
            },
        }
    }
}

/// Matches character by character. Where it fails, the last `%` takes one character more: earlier ones need not.
fn covers(pattern: &[char], text: &str) -> bool {
    let (mut at, mut rest) = (0, text.chars());
    let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        let before = rest.clone();
        match (pattern.get(at), rest.next()) {
            (Some('%'), _) => {
                at += 1;
                rest = before;
                retry = Some((at, rest.clone()));
                continue;
            }
            (None, None) => return true,
            (Some(expected), Some(found)) if *expected == '_' || *expected == found => {
                at += 1;
                continue;
            }
            _ => {}
        }
        let Some((after, from)) = &mut retry else { return false };
        if from.next().is_none() {
            return false;
        }
        (at, rest) = (*after, from.clone());
    }
}

/// Tests texts against others or patterns; a column of a single row stands for as many as there are.
///
/// `prepared` is the pattern where it is constant. A pattern that is not valid gives unknown.
///
/// # Errors
///
/// When Arrow refuses.
pub fn test(
    op: TextOp,
    texts: &StringViewArray,
    patterns: &StringViewArray,
    prepared: Option<&Pattern>,
    rows: usize,
) -> Result<BooleanArray> {
    let (left, right) = (Broadcast::new(texts, rows), Broadcast::new(patterns, rows));
    match op {
        TextOp::Contains => return Ok(contains(&left, &right)?),
        TextOp::StartsWith => return Ok(starts_with(&left, &right)?),
        TextOp::EndsWith => return Ok(ends_with(&left, &right)?),
        TextOp::Like | TextOp::Matches => {}
    }
    let nulls = known_in_all([(texts.nulls(), texts.len()), (patterns.nulls(), patterns.len())], rows);
    let mut cache = Cache::new(op);
    let mut found = BooleanBuilder::with_capacity(rows);
    for row in 0..rows {
        if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            found.append_null();
            continue;
        }
        let pattern = prepared.or_else(|| cache.get(patterns.value(position(patterns.len(), row))));
        found.append_option(pattern.map(|pattern| pattern.is_match(texts.value(position(texts.len(), row)))));
    }
    Ok(found.finish())
}

/// Patterns that are data, of which there are usually few.
struct Cache {
    op: TextOp,
    patterns: HashMap<String, Option<Pattern>>,
}

impl Cache {
    const LIMIT: usize = 1000;

    fn new(op: TextOp) -> Cache {
        Cache { op, patterns: HashMap::new() }
    }

    fn get(&mut self, pattern: &str) -> Option<&Pattern> {
        if !self.patterns.contains_key(pattern) {
            if self.patterns.len() >= Self::LIMIT {
                self.patterns.clear();
            }
            self.patterns.insert(pattern.to_owned(), Pattern::new(self.op, pattern));
        }
        self.patterns.get(pattern).and_then(Option::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_is_full() {
        for (text, folded) in [
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("İ", "i\u{307}"),
            ("Σίσυφος", "σίσυφοσ"),
            ("ﬃ", "ffi"),
            ("abc", "abc"),
        ] {
            assert_eq!(fold_case(text), folded);
            assert_eq!(fold_case(&fold_case(text)), folded, "folding twice");
        }
        assert_eq!((lower("ÄB"), upper("straße")), ("äb".into(), "STRASSE".into()));
    }

    #[test]
    fn like_covers_the_whole_text() {
        let cases = [
            ("", "", true),
            ("", "a", false),
            ("%", "", true),
            ("abc", "abc", true),
            ("abc", "abcd", false),
            ("a%", "abc", true),
            ("%c", "abc", true),
            ("%b%", "abc", true),
            ("ab%bc", "abc", false),
            ("a%b%c", "a-c-b-c", true),
            ("a%b%c", "acb", false),
            ("%a%a%", "a", false),
            ("_", "ß", true),
            ("_", "", false),
            ("__", "ß", false),
            ("a_c%", "abc\nd", true),
            ("%_b%", "bab", true),
            ("%_%_c", "ac", false),
            ("a.c", "abc", false),
            ("a\\%", "a\\b", true),
            ("[a]%", "[a]\n\n", true),
            ("%\u{301}_", "e\u{301}x", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(Like::new(pattern).is_match(text), expected, "{pattern:?} {text:?}");
            let characters: Vec<char> = pattern.chars().collect();
            assert_eq!(covers(&characters, text), expected, "{pattern:?} {text:?} by characters");
        }
    }

    #[test]
    fn patterns_that_are_data() {
        let texts = StringViewArray::from(vec![Some("abc"), Some("abc"), None, Some("abc")]);
        let patterns = StringViewArray::from(vec![Some("^a"), Some("("), Some("a"), None]);
        let found = test(TextOp::Matches, &texts, &patterns, None, 4).unwrap();
        assert_eq!(found.iter().collect::<Vec<_>>(), [Some(true), None, None, None]);
        let one = StringViewArray::from(vec!["abc"]);
        let found = test(TextOp::Contains, &one, &StringViewArray::from(vec!["b", "d"]), None, 2).unwrap();
        assert_eq!(found.iter().collect::<Vec<_>>(), [Some(true), Some(false)]);
    }
}
