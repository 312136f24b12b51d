//! A forgiving scanner, used only once a text has been found broken.
//!
//! pest says where reading stopped; what stands there is looked at as tokens. Unlike the grammar the scanner never fails:
//! it knows numbers written in local ways, quotes that never end, and signs of other languages, so that each can be named.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, digits, `_`.
    Word,
    /// Digits with `_` and any number of points.
    Number,
    /// Something of the form `2026-3-1`, perhaps with a time.
    Moment,
    /// Quoted text, with straight or curly quotes.
    Text,
    /// Quoted text without its end.
    OpenText,
    /// A name in backticks.
    Quoted,
    /// A backtick without its pair.
    OpenQuoted,
    /// An operator, known or foreign.
    Sign,
    /// `(` or `[`
    Open,
    /// `)` or `]`
    Close,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// Stands for a missing value.
    Hole,
}

/// A token and where it starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token<'t> {
    /// What it is.
    pub kind: Kind,
    /// As written.
    pub text: &'t str,
    /// First byte.
    pub start: usize,
}

impl Token<'_> {
    /// One past the last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The bytes.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start..self.end()
    }

    /// Whether it is this word, in any case.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is one of these words, in any case.
    pub fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(word))
    }
}

/// The character that no file may contain and that stands for a missing value.
pub(super) const HOLE: char = '\u{FFFF}';

const SIGNS: &[&str] =
    &["===", "!==", "==", "!=", "<>", "<=", ">=", "=>", "=<", "=!", "=~", ":=", "&&", "||", "->", ".."];

/// All tokens, in order.
pub(super) fn scan(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let spaces = rest.len() - rest.trim_start().len();
        if spaces > 0 {
            at += spaces;
            continue;
        }
        let (kind, length) = next(rest);
        let token = rest.get(..length).unwrap_or(rest);
        tokens.push(Token { kind, text: token, start: at });
        at += token.len().max(1);
    }
    tokens
}

fn next(rest: &str) -> (Kind, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    match first {
        '\'' | '"' => straight_text(rest, first),
        '`' => match rest.get(1..).and_then(|inside| inside.find('`')) {
            Some(end) => (Kind::Quoted, end + 2),
            None => (Kind::OpenQuoted, 1),
        },
        '‘' | '’' | '‚' | '‹' => curly_text(rest, first, &['’', '‘', '›']),
        '“' | '”' | '„' | '«' => curly_text(rest, first, &['”', '“', '»']),
        '(' | '[' => (Kind::Open, 1),
        ')' | ']' => (Kind::Close, 1),
        ',' => (Kind::Comma, 1),
        HOLE => (Kind::Hole, HOLE.len_utf8()),
        '.' if !rest.starts_with("..") => (Kind::Dot, 1),
        _ if first.is_ascii_digit() => match moment_length(rest) {
            Some(length) => (Kind::Moment, length),
            None => (Kind::Number, number_length(rest)),
        },
        _ if is_start(first) => (Kind::Word, rest.find(|next| !is_letter(next)).unwrap_or(rest.len())),
        _ => {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
            (Kind::Sign, sign.map_or(first.len_utf8(), |sign| sign.len()))
        }
    }
}

fn is_start(character: char) -> bool {
    character == '_' || unicode_ident::is_xid_start(character)
}

/// Whether a character can go on a word.
pub(super) fn is_letter(character: char) -> bool {
    unicode_ident::is_xid_continue(character)
}

fn straight_text(rest: &str, quote: char) -> (Kind, usize) {
    let mut at = 1;
    while let Some(end) = rest.get(at..).and_then(|inside| inside.find(quote)) {
        at += end + 1;
        if !rest.get(at..).is_some_and(|after| after.starts_with(quote)) {
            return (Kind::Text, at);
        }
        at += 1;
    }
    (Kind::OpenText, 1)
}

fn curly_text(rest: &str, open: char, close: &[char]) -> (Kind, usize) {
    let start = open.len_utf8();
    let end = rest.get(start..).and_then(|inside| inside.char_indices().find(|(_, next)| close.contains(next)));
    match end {
        Some((at, close)) => (Kind::Text, start + at + close.len_utf8()),
        None => (Kind::OpenText, start),
    }
}

fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 0;
    while digit(at) || bytes.get(at) == Some(&b'_') || (bytes.get(at) == Some(&b'.') && digit(at + 1)) {
        at += 1;
    }
    at
}

/// The length of a date with an optional time, however badly written; none if it is not even that.
fn moment_length(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let digits =
        |from: usize| bytes.get(from..).map_or(0, |rest| rest.iter().take_while(|b| b.is_ascii_digit()).count());
    let dash = |at: usize| bytes.get(at) == Some(&b'-');
    let month = digits(5);
    if digits(0) != 4 || !dash(4) || !(1..=2).contains(&month) || !dash(5 + month) {
        return None;
    }
    let day = digits(6 + month);
    if !(1..=2).contains(&day) {
        return None;
    }
    let mut at = 6 + month + day;
    if !bytes.get(at).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'T')) || digits(at + 1) == 0 {
        return Some(at);
    }
    at += 1;
    while bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || b":.".contains(byte)) {
        at += 1;
    }
    if bytes.get(at).is_some_and(|byte| b"+-".contains(byte)) && digits(at + 1) == 2 {
        at += 3;
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_digit() || *byte == b':') {
            at += 1;
        }
    }
    Some(at)
}
