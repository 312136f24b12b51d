//! A piece of text with the place of each of its bytes.
//!
//! An expression inside YAML is read twice: YAML takes quotes, escapes, folding and indentation away, the language reads
//! what is left. [`Text`] keeps, for every offset of what is left, the offset in the file, so that a message about the
//! third word of a folded scalar points at that word.

use super::{FileId, Span};

/// How a YAML scalar was written; [`ScalarStyle::Plain`] for text that never was in YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarStyle {
    /// No quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A run of a text's bytes that stand in one place of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Offset in the value of the first byte; the run goes on to the next piece or to the end of the value.
    pub value: u32,
    /// Offset in the file of the first byte.
    pub file: u32,
    /// Bytes in the file: as many as in the value, but more for an escape (`\u00e9`), a doubled quote or a fold.
    pub width: u32,
}

/// The text of a scalar as the language sees it, and the map back to the file.
#[derive(Clone, Debug)]
pub struct Text {
    value: String,
    span: Span,
    style: ScalarStyle,
    /// Ascending. Empty: no map, every place is the whole span.
    pieces: Vec<Piece>,
}

impl Text {
    /// Text that stands in the file exactly as it is, from byte `start` on.
    pub fn verbatim(file: FileId, start: usize, value: impl Into<String>) -> Self {
        let value = value.into();
        let span = Span::new(file, start, start + value.len());
        let pieces = vec![Piece { value: 0, file: span.start, width: span.end - span.start }];
        Text { value, span, style: ScalarStyle::Plain, pieces }
    }

    /// Text with a map of pieces (`(value offset, file offset)`, ascending); an empty map points at `span` as a whole.
    pub fn mapped(value: String, span: Span, style: ScalarStyle, pieces: Vec<(u32, u32)>) -> Self {
        let end = u32::try_from(value.len()).unwrap_or(u32::MAX);
        let ends = pieces.iter().skip(1).map(|(value, _)| *value).chain([end]).collect::<Vec<_>>();
        let with_width = |((value, file), end): (&(u32, u32), u32)| Piece {
            value: *value,
            file: *file,
            width: end.saturating_sub(*value),
        };
        let pieces = pieces.iter().zip(ends).map(with_width).collect();
        Text { value, span, style, pieces }
    }

    /// Text with its exact map.
    pub(crate) fn aligned(value: String, span: Span, style: ScalarStyle, pieces: Vec<Piece>) -> Self {
        Text { value, span, style, pieces }
    }

    /// The text.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The place of the whole, quotes included.
    pub fn span(&self) -> Span {
        self.span
    }

    /// How it was written.
    pub fn style(&self) -> ScalarStyle {
        self.style
    }

    /// The place in the file of the byte range `start..end` of the value.
    pub fn place(&self, start: usize, end: usize) -> Span {
        if self.pieces.is_empty() {
            return self.span;
        }
        let from = self.offset(start);
        // The end of a range is the end of its last byte, not the start of the byte that follows: a fold lies between.
        let to = if end > start { self.end_of(end - 1) } else { from };
        Span { file: self.span.file, start: from, end: to.max(from) }
    }

    /// The bytes `start..end` of the value as a text of their own, blanks around them left out.
    pub(crate) fn part(&self, start: usize, end: usize) -> Text {
        let part = self.value.get(start..end).unwrap_or_default();
        let start = start + (part.len() - part.trim_start().len());
        let value = part.trim().to_owned();
        let end = start + value.len();
        let cut = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let (from, to) = (cut(start), cut(end));
        let inside = |piece: &&Piece| piece.value > from && piece.value < to;
        let first = self.piece(from).map(|(piece, stop)| {
            let skip = (from - piece.value).min(piece.width);
            let width = if stop > to { to - from } else { piece.width - skip };
            Piece { value: 0, file: piece.file + skip, width }
        });
        let rest = self.pieces.iter().filter(inside).map(|piece| Piece { value: piece.value - from, ..*piece });
        let pieces = first.into_iter().chain(rest).collect();
        Text { span: self.place(start, end), value, style: self.style, pieces }
    }

    /// The piece that holds byte `at` of the value, and where the piece ends in the value.
    fn piece(&self, at: u32) -> Option<(Piece, u32)> {
        let next = self.pieces.partition_point(|piece| piece.value <= at);
        let piece = next.checked_sub(1).and_then(|index| self.pieces.get(index))?;
        let length = u32::try_from(self.value.len()).unwrap_or(u32::MAX);
        Some((*piece, self.pieces.get(next).map_or(length, |piece| piece.value)))
    }

    fn offset(&self, at: usize) -> u32 {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        match self.piece(at) {
            // At the very end of the value, the place is the end of the last piece.
            Some((piece, end)) if at >= end => (piece.file + piece.width).min(self.span.end),
            Some((piece, _)) => (piece.file + (at - piece.value).min(piece.width)).min(self.span.end),
            None => self.span.start,
        }
    }

    fn end_of(&self, last: usize) -> u32 {
        let last = u32::try_from(last).unwrap_or(u32::MAX);
        match self.piece(last) {
            Some((piece, end)) if last.saturating_add(1) >= end => (piece.file + piece.width).min(self.span.end),
            Some((piece, _)) => (piece.file + (last + 1 - piece.value).min(piece.width)).min(self.span.end),
            None => self.span.start,
        }
    }
}
