//! The aligner against a generator that knows where it wrote each character.

use super::super::align::align;
use super::super::{Node, NodeKind, parse};
use crate::source::{FileId, ScalarStyle, Text};

/// A small generator of numbers (SplitMix64), so that every run tests the same scalars.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// A scalar being written: the source, what it is read as, and for each character read its range in the source.
#[derive(Default)]
struct Written {
    source: String,
    value: String,
    places: Vec<(usize, usize, usize)>,
}

impl Written {
    /// Writes `raw`, which is read as `cooked`.
    fn put(&mut self, raw: &str, cooked: &str) {
        let start = self.source.len();
        self.source += raw;
        if cooked.chars().count() == 1 {
            self.places.push((self.value.len(), start, self.source.len()));
        }
        self.value += cooked;
    }

    fn word(&mut self, random: &mut Random, style: ScalarStyle) {
        for _ in 0..1 + random.below(5) {
            let plain = random.pick(&["a", "b", "Z", "7", "é", "ß", "漢", "😀", "_", "=", "(", ")", "<", "."]);
            match (style, random.below(5)) {
                (ScalarStyle::SingleQuoted, 0) => self.put("''", "'"),
                (ScalarStyle::SingleQuoted | ScalarStyle::Literal | ScalarStyle::Folded, 1) => self.put("\\", "\\"),
                (ScalarStyle::DoubleQuoted, 0) => {
                    let escapes: [&(&str, &str); 9] = [
                        &("\\\"", "\""),
                        &("\\\\", "\\"),
                        &("\\t", "\t"),
                        &("\\n", "\n"),
                        &("\\x41", "A"),
                        &("\\u00e9", "é"),
                        &("\\U0001F600", "😀"),
                        &("\\/", "/"),
                        &("\\_", "\u{a0}"),
                    ];
                    let (raw, cooked) = random.pick(&escapes);
                    self.put(raw, cooked);
                }
                (ScalarStyle::DoubleQuoted | ScalarStyle::Literal, 2) => self.put("'", "'"),
                _ => self.put(plain, plain),
            }
        }
    }

    fn words(&mut self, random: &mut Random, style: ScalarStyle) {
        self.word(random, style);
        for _ in 0..random.below(4) {
            let gap = random.pick(&[" ", "  ", " \t"]);
            gap.chars().for_each(|blank| self.put(blank.encode_utf8(&mut [0; 4]), blank.encode_utf8(&mut [0; 4])));
            self.word(random, style);
        }
    }
}

/// A scalar over one or more lines, as the value of `key`.
fn scalar(random: &mut Random, style: ScalarStyle, newline: &str) -> Written {
    let mut written = Written::default();
    written.source += "# comment é\nkey:";
    match style {
        ScalarStyle::Literal | ScalarStyle::Folded => block(random, style, newline, &mut written),
        _ => flow(random, style, newline, &mut written),
    }
    written.source += newline;
    written.source += "next: 1";
    written
}

fn flow(random: &mut Random, style: ScalarStyle, newline: &str, written: &mut Written) {
    let quote = match style {
        ScalarStyle::SingleQuoted => "'",
        ScalarStyle::DoubleQuoted => "\"",
        _ => "",
    };
    written.source += " ";
    written.source += quote;
    if quote.is_empty() {
        // Plain text begins with a letter, so that nothing in it is an indicator.
        written.put("p", "p");
    }
    written.words(random, style);
    for _ in 0..random.below(4) {
        let breaks = 1 + random.below(3) as usize;
        let escaped = style == ScalarStyle::DoubleQuoted && random.below(3) == 0;
        let mut raw = random.pick(&["", " ", "  "]).to_owned();
        if escaped {
            // Blanks before an escaped line break are kept.
            raw.chars().for_each(|_| written.put(" ", " "));
            raw = "\\".to_owned();
        }
        for _ in 0..breaks {
            raw += newline;
            raw += random.pick(&["", " ", "   "]);
        }
        raw += "  ";
        let cooked = if breaks == 1 && !escaped { " ".to_owned() } else { "\n".repeat(breaks - 1) };
        written.put(&raw, &cooked);
        if style == ScalarStyle::Plain {
            written.put("p", "p");
        }
        written.words(random, style);
    }
    written.source += quote;
}

fn block(random: &mut Random, style: ScalarStyle, newline: &str, written: &mut Written) {
    let indent = 1 + random.below(4) as usize;
    let explicit = random.below(3) == 0;
    let chomping = random.pick(&["", "-", "+"]);
    written.source += if style == ScalarStyle::Literal { " |" } else { " >" };
    if explicit {
        written.source += &indent.to_string();
    }
    written.source += chomping;
    written.source += random.pick(&["", "  # about it"]);
    written.source += newline;
    let indentation = " ".repeat(indent);
    for _ in 0..random.below(3) {
        written.put(newline, "\n");
    }
    let mut more_before = false;
    for line in 0..1 + random.below(4) {
        let more = random.below(4) == 0 && (line > 0 || explicit);
        if line > 0 {
            let breaks = 1 + random.below(3) as usize;
            let folds = style == ScalarStyle::Folded && !more && !more_before;
            match (folds, breaks) {
                (true, 1) => written.put(newline, " "),
                (true, several) => written.put(&newline.repeat(several), &"\n".repeat(several - 1)),
                (false, several) => written.put(&newline.repeat(several), &"\n".repeat(several)),
            }
        }
        written.source += &indentation;
        if more {
            written.put(" ", " ");
        }
        written.words(random, style);
        more_before = more;
    }
    let trailing = random.below(3) as usize;
    written.source += &newline.repeat(trailing);
    written.value += match chomping {
        "-" => "",
        "+" => &"\n\n\n"[..trailing + 1],
        _ => "\n",
    };
}

fn value(source: &str) -> (Text, String) {
    let mut out = Vec::new();
    let root = parse(FileId(0), source, &mut out);
    let said = format!("{out:?}");
    let Some(Node { kind: NodeKind::Mapping(mut entries), .. }) = root else {
        panic!("{source:?} is not a mapping: {said}");
    };
    match entries.swap_remove(0).1.kind {
        NodeKind::Scalar(text) => (text, said),
        other => panic!("{source:?} has no scalar: {other:?}"),
    }
}

#[test]
fn every_character_is_found_where_it_was_written() {
    let styles = [
        ScalarStyle::Plain,
        ScalarStyle::SingleQuoted,
        ScalarStyle::DoubleQuoted,
        ScalarStyle::Literal,
        ScalarStyle::Folded,
    ];
    let mut random = Random(20_260_331);
    let mut checked = 0;
    for case in 0..20_000 {
        let style = styles[case % styles.len()];
        let newline = random.pick(&["\n", "\r\n"]);
        let written = scalar(&mut random, style, newline);
        let (text, said) = value(&written.source);
        assert_eq!(said, "[]", "{:?}", written.source);
        assert_eq!((text.style(), text.value()), (style, written.value.as_str()), "{:?}", written.source);
        for (at, start, end) in &written.places {
            let length = text.value()[*at..].chars().next().unwrap().len_utf8();
            let place = text.place(*at, at + length);
            assert_eq!(place.range(), *start..*end, "character at {at} of {:?}", written.source);
            checked += 1;
        }
    }
    assert!(checked > 200_000, "only {checked} characters were checked");
}

#[test]
fn the_end_of_a_word_is_before_the_fold() {
    let source = "when: spend > 5\n\n  and visits > 2\n";
    let (text, _) = value(source);
    assert_eq!(text.value(), "spend > 5\nand visits > 2");
    assert_eq!(&source[text.place(8, 9).range()], "5");
    assert_eq!(&source[text.place(10, 13).range()], "and");
    assert_eq!(&source[text.place(8, 13).range()], "5\n\n  and");
}

#[test]
fn a_place_at_the_end_is_the_end_of_the_text() {
    let source = "when: 'it''s'\n";
    let (text, _) = value(source);
    let end = text.value().len();
    assert_eq!(text.place(end, end).range(), 12..12);
    assert_eq!(text.place(end + 7, end + 9).range(), 12..12);
    assert_eq!(&source[text.place(2, 3).range()], "''");
}

#[test]
fn a_surrogate_pair_is_one_character() {
    let raw = "\"a\\uD83D\\uDE00b\"";
    let pieces = align(raw, 100, "a😀b", ScalarStyle::DoubleQuoted);
    let ends: Vec<_> = pieces.iter().map(|piece| (piece.value, piece.file, piece.width)).collect();
    assert_eq!(ends, [(0, 101, 1), (1, 102, 12), (5, 114, 1)]);
}

#[test]
fn what_cannot_be_rebuilt_has_no_map() {
    assert!(align("a b", 0, "a c", ScalarStyle::Plain).is_empty());
    assert!(align("a", 0, "a b", ScalarStyle::Plain).is_empty());
    assert!(align("'a", 0, "a", ScalarStyle::SingleQuoted).is_empty());
    assert!(align("\"\\", 0, "a", ScalarStyle::DoubleQuoted).is_empty());
    assert!(align("  a\n", 0, "b\n", ScalarStyle::Literal).is_empty());
}

#[test]
fn parts_keep_their_places() {
    let source = "lookup: \"a,  \\u00e9b -> t\"\n";
    let (text, _) = value(source);
    let part = text.part(2, 8);
    assert_eq!(part.value(), "éb");
    assert_eq!(&source[part.span().range()], "\\u00e9b");
    assert_eq!(&source[part.place(0, 2).range()], "\\u00e9");
    assert_eq!(&source[part.place(2, 3).range()], "b");
    assert_eq!(text.part(100, 200).value(), "");
}
