//! The place where reading stopped.

use std::ops::Range;

use crate::syntax::scan::{Kind, Token};
use crate::syntax::words::{is_reserved, is_unit};

/// Tokens, and the one that could not be read.
pub(in crate::syntax) struct Scene<'s> {
    /// The text as it now is.
    pub text: &'s str,
    /// All of it.
    pub tokens: &'s [Token<'s>],
    /// The token that does not fit; the number of tokens when the end does not.
    pub at: usize,
}

impl<'s> Scene<'s> {
    /// The scene at a byte: the token that covers it, or the first one behind it.
    pub fn new(text: &'s str, tokens: &'s [Token<'s>], byte: usize) -> Self {
        Scene { text, tokens, at: tokens.partition_point(|token| token.end() <= byte) }
    }

    /// The token that does not fit.
    pub fn here(&self) -> Option<&Token<'s>> {
        self.tokens.get(self.at)
    }

    /// The n-th token before it; the first is the nearest.
    pub fn before(&self, n: usize) -> Option<&Token<'s>> {
        self.at.checked_sub(n).and_then(|at| self.tokens.get(at))
    }

    /// The n-th token behind it.
    pub fn behind(&self, n: usize) -> Option<&Token<'s>> {
        self.tokens.get(self.at + n)
    }

    /// Its bytes; the empty range behind the last token at the end.
    pub fn range(&self) -> Range<usize> {
        self.here().map_or_else(|| self.end()..self.end(), Token::range)
    }

    /// Where the last token ends.
    pub fn end(&self) -> usize {
        self.tokens.last().map_or(0, Token::end)
    }

    /// The word that does not fit, in lower case; empty for anything else.
    pub fn word(&self) -> String {
        word_of(self.here())
    }

    /// Whether a value has just ended, so that an operator or the end would fit.
    pub fn after_value(&self) -> bool {
        self.before(1).is_some_and(|token| ends_value(token))
    }

    /// The tokens since the last bracket that is still open here, or since the `then` before a step, without those in
    /// closed brackets; nearest last.
    pub fn level(&self) -> Vec<usize> {
        let mut depth = 0usize;
        let mut level = Vec::new();
        for at in (0..self.at).rev() {
            match self.tokens.get(at).map(|token| token.kind) {
                Some(Kind::Close) => depth += 1,
                Some(Kind::Open) if depth == 0 => break,
                Some(Kind::Open) => depth -= 1,
                Some(_) if depth == 0 && self.tokens.get(at).is_some_and(|token| token.is_word("then")) => break,
                Some(_) if depth == 0 => level.push(at),
                _ => {}
            }
        }
        level.reverse();
        level
    }

    /// The innermost bracket that is still open here.
    pub fn open_bracket(&self) -> Option<usize> {
        self.open_brackets().pop()
    }

    /// All brackets that are still open here, outermost first.
    pub fn open_brackets(&self) -> Vec<usize> {
        let mut open = Vec::new();
        for (at, token) in self.tokens.iter().enumerate().take(self.at) {
            match token.kind {
                Kind::Open => open.push(at),
                Kind::Close => {
                    open.pop();
                }
                _ => {}
            }
        }
        open
    }

    /// The token that closes the bracket at `open`.
    pub fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        for (at, token) in self.tokens.iter().enumerate().skip(open) {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The token that opens the bracket closed at `close`.
    pub fn opening(&self, close: usize) -> Option<usize> {
        let mut depth = 0usize;
        for at in (0..=close).rev() {
            match self.tokens.get(at).map(|token| token.kind) {
                Some(Kind::Close) => depth += 1,
                Some(Kind::Open) => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The word right before a bracket, in lower case: what the bracket belongs to.
    pub fn owner(&self, open: usize) -> String {
        word_of(open.checked_sub(1).and_then(|at| self.tokens.get(at)))
    }

    /// The first token from `from` on that ends a clause on its level: a closing bracket, a comma, or one of the words.
    pub fn clause_end(&self, from: usize, words: &[&str]) -> usize {
        let mut depth = 0usize;
        for (at, token) in self.tokens.iter().enumerate().skip(from) {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close if depth == 0 => return at,
                Kind::Close => depth -= 1,
                Kind::Comma if depth == 0 => return at,
                Kind::Word if depth == 0 && token.is_one_of(words) => return at,
                _ => {}
            }
        }
        self.tokens.len()
    }

    /// Where a condition of one test ends, from the token `from` on: at a connective, a second comparison, a bracket.
    pub fn test_end(&self, from: usize) -> usize {
        let end = self.clause_end(from, &["and", "or", "have"]);
        let mut signs = (from..end).filter(|at| self.tokens.get(*at).is_some_and(compares));
        signs.nth(1).unwrap_or(end)
    }

    /// Where a window ends that starts with the token `from`: at the first token that no window has.
    pub fn window_end(&self, from: usize) -> usize {
        let goes_on = |token: &Token<'_>| match token.kind {
            Kind::Word => !is_reserved(token.text) || token.is_one_of(&["over", "to", "ending", "ago"]),
            Kind::Number | Kind::Moment => true,
            _ => false,
        };
        let length = self.tokens.iter().skip(from).take_while(|token| goes_on(token)).count();
        from + length
    }

    /// Whether a `between` on this level still lacks its `and`, or has it as the last word.
    pub fn half_between(&self) -> bool {
        let level = self.level();
        let last = level
            .iter()
            .rev()
            .find(|at| self.tokens.get(**at).is_some_and(|token| token.is_one_of(&["between", "and", "or"])));
        let Some(last) = last.copied() else { return false };
        let is = |at: usize, word: &str| self.tokens.get(at).is_some_and(|token| token.is_word(word));
        if is(last, "between") {
            return true;
        }
        let earlier = level.iter().rev().filter(|at| **at < last);
        let before = earlier.copied().find(|at| is(*at, "between") || is(*at, "and") || is(*at, "or"));
        is(last, "and") && last + 1 == self.at && before.is_some_and(|at| is(at, "between"))
    }

    /// The bytes from the token `from` up to the token `to`, which is not included.
    pub fn bytes(&self, from: usize, to: usize) -> Range<usize> {
        let start = self.tokens.get(from).map_or(self.end(), |token| token.start);
        let end = to.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, Token::end);
        start..end.max(start)
    }

    /// The text of a range.
    pub fn slice(&self, range: Range<usize>) -> &'s str {
        self.text.get(range).unwrap_or("")
    }

    /// The range with the spaces before it, for taking a word out without leaving two spaces.
    pub fn with_space_before(&self, range: Range<usize>) -> Range<usize> {
        let before = self.text.get(..range.start).unwrap_or("");
        before.trim_end().len()..range.end
    }
}

/// A token's word in lower case; empty for anything but a word.
pub(super) fn word_of(token: Option<&Token<'_>>) -> String {
    token.filter(|token| token.kind == Kind::Word).map(|token| token.text.to_lowercase()).unwrap_or_default()
}

/// Whether a value can end with this token.
pub(super) fn ends_value(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Number | Kind::Moment | Kind::Text | Kind::Quoted | Kind::Close | Kind::Hole => true,
        Kind::Word => !is_reserved(token.text) || token.is_word("ago") || is_unit(&token.text.to_lowercase()),
        Kind::Sign => token.text == "%",
        _ => false,
    }
}

/// Whether a token compares: `=`, `<`, …
pub(super) fn compares(token: &Token<'_>) -> bool {
    token.kind == Kind::Sign && matches!(token.text, "=" | "!=" | "<" | "<=" | ">" | ">=")
}
