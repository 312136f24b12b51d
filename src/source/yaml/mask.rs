//! The working copy in which cut expressions are made whole, without moving a byte.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// What stands in for a repaired range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mask {
    /// An expression that YAML cut: letters, so that YAML reads it as one plain scalar.
    Expression,
    /// An expression that YAML cut and that is broken in itself, so that there is nothing to read in it.
    Broken,
    /// A comment that cut a value: blanks.
    Comment,
}

/// A file's text in which repaired ranges are masked; every offset is the same as in the file.
pub(super) struct WorkingCopy<'a> {
    original: &'a str,
    text: Cow<'a, str>,
    /// Where masked expressions start, and whether there is something to read in them.
    expressions: HashMap<usize, bool>,
}

/// The letter that stands for every byte of a masked expression.
const LETTER: u8 = b'x';

impl<'a> WorkingCopy<'a> {
    pub fn new(original: &'a str) -> Self {
        WorkingCopy { original, text: Cow::Borrowed(original), expressions: HashMap::new() }
    }

    /// The whole text, masked.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The whole text as it is in the file.
    pub fn original(&self) -> &'a str {
        self.original
    }

    /// Where the YAML starts: after a byte-order mark.
    pub fn base(&self) -> usize {
        if self.original.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }

    /// Masks ranges, which start and end between characters. White space stays, so that lines and folds stay.
    pub fn apply(&mut self, masks: impl Iterator<Item = (Range<usize>, Mask)>) {
        let mut bytes = std::mem::take(&mut self.text).into_owned().into_bytes();
        for (range, mask) in masks {
            let letter = if mask == Mask::Comment { b' ' } else { LETTER };
            if mask != Mask::Comment {
                self.expressions.insert(range.start, mask == Mask::Expression);
            }
            for byte in bytes.get_mut(range).unwrap_or_default() {
                if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                    *byte = letter;
                }
            }
        }
        self.text = String::from_utf8(bytes).map_or(Cow::Borrowed(self.original), Cow::Owned);
    }

    /// Whether the scalar that starts at `start` stands for a masked expression.
    pub fn is_masked(&self, start: usize) -> bool {
        self.expressions.contains_key(&start)
    }

    /// Whether the scalar that starts at `start` is broken in itself.
    pub fn is_broken(&self, start: usize) -> bool {
        self.expressions.get(&start) == Some(&false)
    }

    /// The value that a masked scalar stands for: `place` tells for each offset of `value` where it is in the file.
    pub fn unmask(&self, value: &str, place: impl Fn(usize) -> usize) -> String {
        let original = self.original.as_bytes();
        let unmasked = value.bytes().enumerate().map(|(at, byte)| match byte {
            LETTER => original.get(place(at)).copied().unwrap_or(byte),
            _ => byte,
        });
        String::from_utf8(unmasked.collect()).unwrap_or_else(|_| value.to_owned())
    }
}
