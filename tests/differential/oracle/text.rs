//! Tests on text and lists.

use kohort::syntax::ast::{ListQuantity, TextOp};
use regex::RegexBuilder;
use unicode_casefold::UnicodeCaseFold;

/// Full Unicode case folding.
pub fn fold(text: &str) -> String {
    text.case_fold().collect()
}

fn folded_if(ignoring_case: bool, text: &str) -> String {
    if ignoring_case { fold(text) } else { text.to_owned() }
}

/// Whether text passes a test.
pub fn test(op: TextOp, text: &str, pattern: &str, ignoring_case: bool) -> bool {
    if op == TextOp::Matches {
        let regex = RegexBuilder::new(pattern).case_insensitive(ignoring_case).build();
        return regex.expect("a regular expression").is_match(text);
    }
    let (text, pattern) = (folded_if(ignoring_case, text), folded_if(ignoring_case, pattern));
    match op {
        TextOp::Contains => text.contains(&pattern),
        TextOp::StartsWith => text.starts_with(&pattern),
        TextOp::EndsWith => text.ends_with(&pattern),
        TextOp::Like => like(&text.chars().collect::<Vec<_>>(), &pattern.chars().collect::<Vec<_>>()),
        TextOp::Matches => unreachable!("handled above"),
    }
}

/// `%` any run, `_` one character; the whole text must match.
fn like(text: &[char], pattern: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|from| like(&text[from..], rest)),
        Some((sign, rest)) => match text.split_first() {
            Some((first, tail)) => (*sign == '_' || sign == first) && like(tail, rest),
            None => false,
        },
    }
}

/// Whether a list has an element.
pub fn list_has(list: &[String], element: &str, ignoring_case: bool) -> bool {
    list.iter().any(|item| folded_if(ignoring_case, item) == folded_if(ignoring_case, element))
}

/// Whether a list has enough of the candidates; candidates that are equal count once.
pub fn list_has_many(list: &[String], candidates: &[String], quantity: ListQuantity, ignoring_case: bool) -> bool {
    let mut distinct: Vec<String> = candidates.iter().map(|one| folded_if(ignoring_case, one)).collect();
    distinct.sort();
    distinct.dedup();
    let found = distinct.iter().filter(|one| list_has(list, one, ignoring_case)).count();
    match quantity {
        ListQuantity::Any => found > 0,
        ListQuantity::All => found == distinct.len(),
        ListQuantity::None => found == 0,
        ListQuantity::AtLeast(least) => found >= least as usize,
    }
}
