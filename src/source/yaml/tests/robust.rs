//! Hostile and broken files: no panic, no endless work, bounded depth.

use super::super::{MAX_BYTES, MAX_DEPTH};
use super::read;

#[track_caller]
fn refused(text: &str, code: &str) {
    let (node, said) = read(text);
    assert!(node.is_none() && said.starts_with(code), "{:?} gave {:?}", text.get(..40), said.get(..200));
}

#[test]
fn deep_nesting_is_refused() {
    refused(&"[".repeat(100_000), "K112");
    refused(&"{a: ".repeat(100_000), "K112");
    refused(&"- ".repeat(100_000), "K112");
    refused(&(0..1_000).map(|depth| " ".repeat(depth) + "a:\n").collect::<String>(), "K112");
    let deepest = "[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH);
    assert_eq!(read(&deepest).1, "");
    refused(&format!("[{deepest}]"), "K112");
}

#[test]
fn large_files_are_refused() {
    refused(&" ".repeat(MAX_BYTES + 1), "K101");
}

#[test]
fn long_lines_of_open_quotes_and_brackets_are_read_in_passing() {
    for pattern in ["' \" ( ", "( # ", "[ ", "a 'b #c' ", "`x` ' ", "('x ", "(\"x ' "] {
        let line = pattern.repeat(100_000);
        for head in ["a: x ", "{ a: x ", "- ", "a: '", ""] {
            read(&format!("{head}{line}"));
        }
    }
}

#[test]
fn many_cuts_are_found_at_once() {
    let text: String = (0..2_000).map(|line| format!("k{line}: {{ v: round(a, 2), w: 'x' }}\n")).collect();
    let (node, said) = read(&text);
    assert!(node.is_some());
    assert_eq!(said.lines().filter(|line| line.starts_with("K108")).count(), 2_000);
}

/// Sound files, cut and stirred at every place: whatever comes out, it comes out.
#[test]
fn mangled_files_do_not_panic() {
    let seeds = [
        "segments:\n  vip: { when: a in ('x, y'), tags: [b, \"c\"] }\n  lost:\n    when: |\n      a > 1\n",
        "a: 'it''s'\nb: \"x\\u00e9\\\n  y\"\nc: >2\n   d\n  e\n\nf: g h\n  i é\n# j\nk: - l\n",
        "m: { is: sum(a of t where x in ('p #', 'q')), unit: `b` } # c\nn: &o p\nq: *o\n<<: {r: s}\n",
    ];
    let pieces = [
        "'", "\"", "#", " #", "{", "}", "[", "]", ",", ":", ": ", "\n", "\r\n", "\t", "|", ">", "&", "*", "!", "é",
        "-", "- ", "`", "? ", "%", "@",
    ];
    for seed in seeds {
        for at in (0..=seed.len()).filter(|at| seed.is_char_boundary(*at)) {
            read(&seed[..at]);
            read(&seed[at..]);
            for piece in pieces {
                read(&format!("{}{piece}{}", &seed[..at], &seed[at..]));
            }
        }
    }
}

#[test]
fn random_characters_do_not_panic() {
    let alphabet: Vec<char> = "ab:, \n\n  -[]{}'\"#|>&*!%`@?~\\\té漢😀\u{feff}\r0x".chars().collect();
    let mut state = 88_172_645_463_325_252_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..40 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text.push(alphabet[(state % alphabet.len() as u64) as usize]);
        }
        let (node, said) = read(&text);
        assert!(node.is_some() || !said.is_empty(), "{text:?} was given up without a word");
    }
}
