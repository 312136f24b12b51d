//! The working copy of an expression.
//!
//! Mistakes that are understood are corrected in a copy, and the copy is read again. Every byte of the copy remembers
//! which bytes of the original it stands for, so all places that are ever shown are the user's own.

use std::ops::Range;

use crate::source::{ScalarStyle, Span, Text};

/// A correctable copy of a text with a map back.
pub(super) struct Draft<'t> {
    source: &'t Text,
    text: String,
    /// For each byte of `text` the range of the original it stands for; none while nothing has changed.
    origin: Option<Vec<(u32, u32)>>,
}

/// Replaces the range by the text; both refer to the draft as it is before the edit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Edit {
    /// What goes.
    pub range: Range<usize>,
    /// What comes in its place.
    pub text: String,
}

impl Edit {
    /// Puts `text` in the place of `range`.
    pub fn replace(range: Range<usize>, text: impl Into<String>) -> Self {
        Edit { range, text: text.into() }
    }

    /// Puts `text` before the byte at `at`.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Edit { range: at..at, text: text.into() }
    }
}

impl<'t> Draft<'t> {
    /// An unchanged copy.
    pub fn new(source: &'t Text) -> Self {
        Draft { source, text: source.value().to_owned(), origin: None }
    }

    /// The text as it now is.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the original was written.
    pub fn style(&self) -> ScalarStyle {
        self.source.style()
    }

    /// The place in the file of a range of the draft.
    pub fn place(&self, range: Range<usize>) -> Span {
        let original = self.original(range);
        self.source.place(original.start, original.end)
    }

    /// The text of a fix as it has to be written into the file: quotes are escaped the way the YAML around them needs.
    pub fn for_file(&self, text: &str) -> String {
        match self.source.style() {
            ScalarStyle::SingleQuoted => text.replace('\'', "''"),
            ScalarStyle::DoubleQuoted => text.replace('\\', "\\\\").replace('"', "\\\""),
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => text.to_owned(),
        }
    }

    /// Blanks a range out: same length, nothing but spaces (line breaks stay), all offsets keep their meaning.
    pub fn blank(&mut self, range: Range<usize>) {
        let Some(old) = self.text.get(range.clone()) else { return };
        let spaces: String = old.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        self.text.replace_range(range, &spaces);
    }

    /// Applies edits that do not overlap; of those that do, the first.
    pub fn apply(&mut self, edits: &[Edit]) {
        let mut ordered: Vec<&Edit> = edits.iter().collect();
        ordered.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let mut text = String::with_capacity(self.text.len() + 16);
        let mut origin = Vec::with_capacity(self.text.len() + 16);
        let mut done = 0;
        for edit in ordered {
            let Some(kept) = self.text.get(done..edit.range.start) else { continue };
            if self.text.get(edit.range.clone()).is_none() {
                continue;
            }
            text.push_str(kept);
            origin.extend((done..edit.range.start).map(|at| self.mark(at..at + 1)));
            text.push_str(&edit.text);
            origin.extend(std::iter::repeat_n(self.mark(edit.range.clone()), edit.text.len()));
            done = edit.range.end;
        }
        text.push_str(self.text.get(done..).unwrap_or(""));
        origin.extend((done..self.text.len()).map(|at| self.mark(at..at + 1)));
        self.text = text;
        self.origin = Some(origin);
    }

    fn mark(&self, range: Range<usize>) -> (u32, u32) {
        let original = self.original(range);
        (cut(original.start), cut(original.end))
    }

    /// The range of the original that a range of the draft stands for.
    fn original(&self, range: Range<usize>) -> Range<usize> {
        let Some(origin) = &self.origin else { return range };
        let end_of = |at: usize| at.checked_sub(1).and_then(|last| origin.get(last)).map_or(0, |(_, end)| *end);
        if range.is_empty() {
            let at = origin.get(range.start).map_or(end_of(range.start), |(start, _)| *start) as usize;
            return at..at;
        }
        let start = origin.get(range.start).map_or(end_of(range.start), |(start, _)| *start);
        let end = end_of(range.end).max(start);
        start as usize..end as usize
    }
}

fn cut(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
