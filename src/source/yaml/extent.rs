//! How far an expression reaches, by its own quotes and brackets, whatever YAML makes of it.
//!
//! `{ v: round(a, 2), w: 1 }` is cut by YAML after `round(a`; the expression, whose bracket is still open there, goes on
//! to `2)`. Comparing the two ends is how a rule changed by YAML is found.

/// An expression longer than this is not looked for: the search stays short in a file full of open brackets.
const LONGEST: usize = 16 * 1024;

/// Where the expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surroundings {
    /// Inside `{ … }` or `[ … ]`: a `,` or a closing bracket ends it.
    Flow,
    /// The value of a key in block style; lines indented deeper than this column belong to it.
    Block {
        /// Column of the key, from 0.
        column: usize,
    },
}

/// The end of the expression that starts at `start`, blanks at its end not included; none when a bracket stays open.
pub(super) fn expression_end(text: &str, start: usize, surroundings: Surroundings) -> Option<usize> {
    let bytes = text.as_bytes();
    let limit = bytes.len().min(start.saturating_add(LONGEST));
    let mut open: Vec<u8> = Vec::new();
    let mut quotes = Quotes::default();
    let mut at = start;
    // One past the last byte that is not blank.
    let mut end = start;
    while let Some(&byte) = bytes.get(..limit)?.get(at) {
        match byte {
            b'\'' | b'"' | b'`' => {
                at = quotes.closing(bytes, start, at).unwrap_or(at);
            }
            b'(' | b'[' | b'{' => open.push(byte),
            b')' | b']' | b'}' if open.last() == Some(&opening(byte)) => {
                open.pop();
            }
            b']' | b'}' if surroundings == Surroundings::Flow => return Some(end),
            b',' if open.is_empty() && surroundings == Surroundings::Flow => return Some(end),
            b'#' if is_blank_before(bytes, at) && !closes_on_line(bytes, at, &open) => match surroundings {
                Surroundings::Block { .. } => break,
                Surroundings::Flow if open.is_empty() => break,
                Surroundings::Flow => at = line_end(bytes, at).saturating_sub(1),
            },
            b'\n' if !goes_on(bytes, at, surroundings) => break,
            _ => {}
        }
        if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            end = at + 1;
        }
        at += 1;
    }
    let at_end = limit == bytes.len() && surroundings != Surroundings::Flow;
    (open.is_empty() && (at < limit || at_end)).then_some(end)
}

/// Whether `text` leaves a quote or a bracket open.
pub(super) fn leaves_open(text: &str) -> bool {
    let (quote, bracket) = open_places(text);
    quote || bracket.is_some()
}

/// The bracket that `text` opens last and does not close.
pub(super) fn open_bracket(text: &str) -> Option<usize> {
    open_places(text).1
}

/// Whether a quote stays open, and which bracket does.
fn open_places(text: &str) -> (bool, Option<usize>) {
    let bytes = text.as_bytes();
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut open_quote = false;
    let mut quotes = Quotes::default();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\'' | b'"' | b'`' if opens(bytes, 0, at) => match quotes.closing(bytes, 0, at) {
                Some(close) => at = close,
                None => open_quote = true,
            },
            b'(' | b'[' | b'{' => open.push((byte, at)),
            b')' | b']' | b'}' if open.last().is_some_and(|(last, _)| *last == opening(byte)) => {
                open.pop();
            }
            _ => {}
        }
        at += 1;
    }
    (open_quote, open.last().map(|(_, at)| *at))
}

/// The end of the line that `at` is on, its break not included.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len())
}

/// The column of `at` in its line, from 0, in bytes.
pub(super) fn column(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.len() - before.rfind('\n').map_or(0, |newline| newline + 1)
}

fn opening(closing: u8) -> u8 {
    match closing {
        b')' => b'(',
        b']' => b'[',
        _ => b'{',
    }
}

fn is_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80)
}

fn is_blank_before(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n'))
}

/// Whether a quote at `at` opens text; an apostrophe inside a word (`Mom's`) does not.
fn opens(bytes: &[u8], start: usize, at: usize) -> bool {
    at == start || !is_word(at.checked_sub(1).and_then(|before| bytes.get(before)))
}

/// Finds closing quotes, each part of a line once at most: where one kind of quote has no end, none of them has.
#[derive(Default)]
struct Quotes {
    /// For `'`, `"` and backticks: up to here there is nothing that closes one.
    none_before: [usize; 3],
}

impl Quotes {
    /// The quote that closes the one at `at`, on the same line and not inside a word.
    fn closing(&mut self, bytes: &[u8], start: usize, at: usize) -> Option<usize> {
        let quote = bytes.get(at)?;
        let kind = b"'\"`".iter().position(|known| known == quote)?;
        let none_before = self.none_before.get_mut(kind)?;
        if !opens(bytes, start, at) || at < *none_before {
            return None;
        }
        let rest = bytes.get(at + 1..)?.iter().take_while(|byte| !matches!(byte, b'\r' | b'\n'));
        let mut length = 0;
        for (index, byte) in rest.enumerate() {
            if byte == quote && !is_word(bytes.get(at + 2 + index)) {
                return Some(at + 1 + index);
            }
            length = index + 1;
        }
        *none_before = at + 1 + length;
        None
    }
}

/// Whether the rest of the line closes all brackets that are open: what follows a ` #` is then text, not a comment.
fn closes_on_line(bytes: &[u8], at: usize, open: &[u8]) -> bool {
    let mut open = open.to_vec();
    if open.is_empty() {
        return false;
    }
    let rest = bytes.get(at..).unwrap_or_default().iter().take(LONGEST);
    for byte in rest.take_while(|byte| !matches!(byte, b'\r' | b'\n')) {
        match byte {
            b'(' | b'[' | b'{' => open.push(*byte),
            b')' | b']' | b'}' if open.last() == Some(&opening(*byte)) => {
                open.pop();
                if open.is_empty() {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Whether the value goes on after the line break at `at`: in flow style unless the next line is a key.
fn goes_on(bytes: &[u8], at: usize, surroundings: Surroundings) -> bool {
    let Surroundings::Block { column } = surroundings else {
        let rest = bytes.get(at + 1..).unwrap_or_default().trim_ascii_start();
        let word = rest.iter().position(|byte| !is_word(Some(byte))).unwrap_or(rest.len());
        return word == 0 || !matches!(rest.get(word..), Some([b':', b' ' | b'\t' | b'\r' | b'\n', ..]));
    };
    let mut indent = 0;
    for byte in bytes.get(at + 1..).unwrap_or_default() {
        match byte {
            b' ' => indent += 1,
            b'\n' => indent = 0,
            b'\r' | b'\t' => {}
            _ => return indent > column,
        }
    }
    false
}
