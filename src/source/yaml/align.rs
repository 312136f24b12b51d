//! The aligner: from each byte of a scalar's value to its place in the file.
//!
//! YAML takes quotes, escapes, folds and indentation away. The walk goes through what was written and what was read in
//! lockstep, by the rules of the scalar's style, and compares every byte: a map is returned only if walking the source
//! rebuilds the value exactly. Where it does not, there is no map, and messages point at the whole scalar.
//!
//! ```text
//! "a \u00e9     ->   a é b        a at 1, é at 3..9, the fold (one space) at 9..14, b at 14
//!    b"
//! ```

use crate::source::ScalarStyle;
use crate::source::text::Piece;

/// The map of `value`, which YAML read from `raw`; `base` is the offset of `raw` in the file. Quoted scalars come with
/// their quotes, block scalars from the start of the first line below the header. Empty when the map cannot be proven.
pub(super) fn align(raw: &str, base: usize, value: &str, style: ScalarStyle) -> Vec<Piece> {
    let mut walk = Walk { raw, at: 0, value, done: 0, base, pieces: Vec::new(), growing: false };
    let proven = match style {
        ScalarStyle::Plain => walk.flow(raw.len(), style),
        ScalarStyle::SingleQuoted => walk.quoted('\'', style),
        ScalarStyle::DoubleQuoted => walk.quoted('"', style),
        ScalarStyle::Literal => walk.block(false),
        ScalarStyle::Folded => walk.block(true),
    };
    match proven {
        Some(()) if walk.done == value.len() => walk.pieces,
        _ => Vec::new(),
    }
}

struct Walk<'a> {
    raw: &'a str,
    at: usize,
    value: &'a str,
    done: usize,
    base: usize,
    pieces: Vec<Piece>,
    /// The last piece is verbatim and can take more bytes.
    growing: bool,
}

/// The length of the line break at the start of `text`, 0 when there is none.
fn line_break(text: &[u8]) -> usize {
    match text {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

fn leading_spaces(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

impl Walk<'_> {
    /// The next `length` bytes stand in the file as they are.
    fn copy(&mut self, length: usize) -> Option<()> {
        let written = self.raw.as_bytes().get(self.at..self.at + length)?;
        if written != self.value.as_bytes().get(self.done..self.done + length)? {
            return None;
        }
        if length == 0 {
            return Some(());
        }
        match self.pieces.last_mut() {
            Some(piece) if self.growing => piece.width += length as u32,
            _ => self.push(length),
        }
        self.growing = true;
        self.at += length;
        self.done += length;
        Some(())
    }

    /// The next `length` bytes of the file were read as `cooked`.
    fn turn(&mut self, length: usize, cooked: &str) -> Option<()> {
        if !self.value.get(self.done..)?.starts_with(cooked) {
            return None;
        }
        if !cooked.is_empty() {
            self.push(length);
        }
        self.growing = false;
        self.at += length;
        self.done += cooked.len();
        Some(())
    }

    fn push(&mut self, width: usize) {
        let file = (self.base + self.at) as u32;
        self.pieces.push(Piece { value: self.done as u32, file, width: width as u32 });
    }

    fn quoted(&mut self, quote: char, style: ScalarStyle) -> Option<()> {
        let inner = self.raw.strip_prefix(quote)?.strip_suffix(quote)?.len();
        self.at = 1;
        self.flow(1 + inner, style)
    }

    /// Plain and quoted text up to `end`: line breaks fold, quotes are doubled or escaped.
    fn flow(&mut self, end: usize, style: ScalarStyle) -> Option<()> {
        let raw = self.raw.as_bytes().get(..end)?;
        while let Some(byte) = raw.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.blanks(raw)?,
                b'\'' if style == ScalarStyle::SingleQuoted => self.turn(2, "'")?,
                b'\\' if style == ScalarStyle::DoubleQuoted => self.escape(raw)?,
                _ => {
                    let rest = raw.get(self.at..)?;
                    let special = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'\'' | b'\\');
                    let run = rest.iter().skip(1).position(special).map_or(rest.len(), |run| run + 1);
                    self.copy(run)?;
                }
            }
        }
        Some(())
    }

    /// Blanks inside a line stay; around line breaks they fold away with them.
    fn blanks(&mut self, raw: &[u8]) -> Option<()> {
        let rest = raw.get(self.at..)?;
        let run = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(rest.len());
        if line_break(rest.get(run..)?) == 0 {
            return self.copy(run);
        }
        let (length, breaks) = fold(rest);
        if breaks == 1 { self.turn(length, " ") } else { self.turn(length, &"\n".repeat(breaks - 1)) }
    }

    fn escape(&mut self, raw: &[u8]) -> Option<()> {
        let after = raw.get(self.at + 1..)?;
        if line_break(after) > 0 {
            let (length, breaks) = fold(after);
            return self.turn(1 + length, &"\n".repeat(breaks - 1));
        }
        let hex = |kind: u8| match kind {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let mut length = 2 + hex(*after.first()?);
        let cooked = self.value.get(self.done..)?.chars().next()?;
        // Two escapes of four digits that are one character: a surrogate pair.
        if cooked as u32 > 0xffff && length == 6 {
            length = 12;
        }
        self.turn(length, cooked.encode_utf8(&mut [0; 4]))
    }

    /// The lines of a block scalar: indentation goes, and in folded style single breaks become spaces.
    fn block(&mut self, folded: bool) -> Option<()> {
        let indent = self.indent();
        // The line breaks since the last content: where they are and how long.
        let mut breaks: Vec<(usize, usize)> = Vec::new();
        let mut first = true;
        let mut more_before = false;
        let mut start = 0;
        while self.done < self.value.len() && start < self.raw.len() {
            let line = self.raw.get(start..)?;
            let content = line.bytes().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(line.len());
            let strip = leading_spaces(line.get(..content)?).min(indent);
            if strip < content {
                let more = matches!(line.as_bytes().get(strip), Some(b' ' | b'\t'));
                let kept = first || !folded || more || more_before;
                self.breaks(&breaks, kept)?;
                self.skip_to(start + strip);
                self.copy((content - strip).min(self.value.len() - self.done))?;
                breaks.clear();
                (first, more_before) = (false, more);
            }
            let length = line_break(line.as_bytes().get(content..)?);
            if length > 0 {
                breaks.push((start + content, length));
            }
            start += content + length;
        }
        // What is left of the value are the line breaks that chomping kept; a missing one at the end of the file counts.
        let left = self.value.get(self.done..)?;
        if left.bytes().any(|byte| byte != b'\n') || left.len() > breaks.len() + 1 {
            return None;
        }
        breaks.resize(left.len(), (self.raw.len(), 0));
        self.breaks(&breaks, true)
    }

    /// Line breaks between the lines of a block: kept one by one, or folded together.
    fn breaks(&mut self, breaks: &[(usize, usize)], kept: bool) -> Option<()> {
        match breaks {
            [] => Some(()),
            [first, .., last] if !kept => {
                self.skip_to(first.0);
                self.turn(last.0 + last.1 - first.0, &"\n".repeat(breaks.len() - 1))
            }
            [(at, length)] if !kept => {
                self.skip_to(*at);
                self.turn(*length, " ")
            }
            _ => breaks.iter().try_for_each(|(at, length)| {
                self.skip_to(*at);
                self.turn(*length, "\n")
            }),
        }
    }

    fn skip_to(&mut self, at: usize) {
        self.growing &= self.at == at;
        self.at = at;
    }

    /// How many columns the block's indentation is: those that the first line with text lost.
    fn indent(&self) -> usize {
        let first = |text: &str| text.lines().find(|line| !line.trim().is_empty()).map(leading_spaces);
        match (first(self.raw), first(self.value)) {
            (Some(written), Some(read)) => written.saturating_sub(read),
            _ => usize::MAX,
        }
    }
}

/// The white space at the start of `text` up to the next content, and the line breaks in it.
fn fold(text: &[u8]) -> (usize, usize) {
    let (mut at, mut breaks) = (0, 0);
    while let Some(rest) = text.get(at..) {
        match rest.first() {
            Some(b' ' | b'\t') => at += 1,
            Some(b'\r' | b'\n') => {
                at += line_break(rest);
                breaks += 1;
            }
            _ => break,
        }
    }
    (at, breaks)
}
