//! The single signs of `reading:`: what stands between values, around them and inside numbers.
//!
//! Readers of CSV work byte by byte, so the signs that structure a file are ASCII. Letters, digits, `.`, `-` and `+` are
//! refused: numbers and dates are made of them, and a file so separated cannot be told from its values. Signs inside
//! numbers may be any that people write there, a no-break space among them.

use super::bad_setting;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::Node;
use crate::source::yaml::fields;
use crate::source::{ScalarStyle, Span};

/// A sign and its place; the value is none for the word `none`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign<T> {
    /// The sign.
    pub value: Option<T>,
    span: Span,
}

impl<T> Sign<T> {
    /// A finding at the place of the sign.
    pub fn finding(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::BadSetting, self.span, message)
    }
}

/// What a sign is called, and how its place in a file reads.
struct Role {
    key: &'static str,
    /// "a separator"
    kind: &'static str,
    /// What to write.
    help: &'static str,
    /// Words and the signs that they stand for.
    words: &'static [(&'static str, Option<char>)],
    /// Words that are meant for something, and what to write.
    meant: &'static [(&'static str, &'static str)],
    fits: fn(char) -> bool,
}

const SEPARATOR: Role = Role {
    key: "separator",
    kind: "a separator",
    help: "write one ASCII sign that numbers and words are not made of, in quotes (`','`, `';'`, `'|'`), or the word `tab`",
    words: &[("tab", Some('\t')), ("space", Some(' '))],
    meant: &[
        ("\\t", "tab"),
        ("tabs", "tab"),
        ("TAB", "tab"),
        ("comma", "','"),
        ("semicolon", "';'"),
        ("pipe", "'|'"),
        ("colon", "':'"),
    ],
    fits: |sign| {
        let control = sign.is_ascii_control() && !matches!(sign, '\0' | '\n' | '\r' | '\u{7f}');
        control || sign == ' ' || (structures(sign) && !matches!(sign, '"' | '\'' | '\\'))
    },
};

const QUOTE: Role = Role {
    key: "quote",
    kind: "a quote",
    help: "write one sign in quotes (`'\"'`, `\"'\"`), or `none`",
    words: &[("none", None)],
    meant: &[("double", "'\"'"), ("single", "\"'\""), ("", "none"), ("false", "none"), ("no", "none"), ("off", "none")],
    fits: structures,
};

const ESCAPE: Role = Role {
    key: "escape",
    kind: "an escape sign",
    help: "write one sign in quotes (`'\\'`); without it, a quote inside a value is doubled",
    words: &[("none", None)],
    meant: &[
        ("backslash", "'\\'"),
        ("\\\\", "'\\'"),
        ("", "none"),
        ("false", "none"),
        ("no", "none"),
        ("double", "none"),
    ],
    fits: structures,
};

const DECIMAL: Role = Role {
    key: "decimal",
    kind: "a decimal sign",
    help: "it is `'.'` or `','` (in words `point` or `comma`)",
    words: &[("point", Some('.')), ("comma", Some(','))],
    meant: &[("dot", "point"), ("period", "point"), ("koma", "comma"), ("titik", "point")],
    fits: |sign| matches!(sign, '.' | ','),
};

const THOUSANDS: Role = Role {
    key: "thousands",
    kind: "a thousands sign",
    help: "it is one of `'.'`, `','`, `\"'\"`, `_`, `space`, a no-break space, or `none`",
    words: &[("point", Some('.')), ("comma", Some(',')), ("space", Some(' ')), ("none", None)],
    meant: &[("dot", "point"), ("period", "point"), ("apostrophe", "\"'\""), ("underscore", "'_'"), ("", "none")],
    fits: |sign| matches!(sign, '.' | ',' | '\'' | '\u{2019}' | '_' | ' ' | '\u{a0}' | '\u{202f}'),
};

/// Whether a sign can structure a file: ASCII, and no part of numbers and words.
fn structures(sign: char) -> bool {
    sign.is_ascii_punctuation() && !matches!(sign, '.' | '-' | '+')
}

/// Between values.
pub(super) fn separator(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Sign<u8>> {
    byte(sign(node, &SEPARATOR, out)?)
}

/// Around values.
pub(super) fn quote(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Sign<u8>> {
    byte(sign(node, &QUOTE, out)?)
}

/// Before quotes inside values.
pub(super) fn escape(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Sign<u8>> {
    byte(sign(node, &ESCAPE, out)?)
}

/// Between the whole part and the fraction of a number.
pub(super) fn decimal(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Sign<char>> {
    sign(node, &DECIMAL, out)
}

/// Between groups of three digits.
pub(super) fn thousands(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Sign<char>> {
    sign(node, &THOUSANDS, out)
}

/// The sign as a message shows it.
pub(super) fn shown(sign: u8) -> String {
    match sign {
        b'\t' => "a tab".to_owned(),
        b' ' => "a space".to_owned(),
        sign if sign.is_ascii_control() => format!("the sign {sign:#04x}"),
        sign => format!("`{}`", char::from(sign)),
    }
}

fn byte(sign: Sign<char>) -> Option<Sign<u8>> {
    match sign.value.map(u8::try_from) {
        None => Some(Sign { value: None, span: sign.span }),
        Some(Ok(byte)) => Some(Sign { value: Some(byte), span: sign.span }),
        Some(Err(_)) => None,
    }
}

fn sign(node: &Node, role: &Role, out: &mut Vec<Diagnostic>) -> Option<Sign<char>> {
    let text = fields::text(node, &format!("`{}`", role.key), out)?;
    let written = text.value();
    let span = node.span;
    if let Some((_, value)) = role.words.iter().find(|(word, _)| *word == written) {
        return Some(Sign { value: *value, span });
    }
    let mut signs = written.chars();
    if let (Some(one), None) = (signs.next(), signs.next())
        && (role.fits)(one)
    {
        return Some(Sign { value: Some(one), span });
    }
    out.push(if matches!(text.style(), ScalarStyle::Literal | ScalarStyle::Folded) {
        let header = if text.style() == ScalarStyle::Literal { '|' } else { '>' };
        let message = format!("`{header}` without quotes begins a block of text in YAML");
        bad_setting(node, message).help(format!("write `{}: '{header}'`", role.key))
    } else {
        misfit(node, written, role)
    });
    None
}

fn misfit(node: &Node, written: &str, role: &Role) -> Diagnostic {
    let count = written.chars().count();
    let message = match count {
        0 => format!("`{}` is empty", role.key),
        1 => format!("`{written}` cannot be {}", role.kind),
        _ if written.chars().all(char::is_alphanumeric) => format!("`{written}` is not {}", role.kind),
        _ => format!("`{written}` is {count} signs, and {} is one", role.kind),
    };
    let finding = bad_setting(node, message);
    if let Some((_, right)) = role.meant.iter().find(|(word, _)| *word == written) {
        return finding.fix(format!("write `{right}`"), *right);
    }
    match role.key {
        "decimal" if written.bytes().all(|byte| byte.is_ascii_digit()) => finding
            .help(role.help)
            .help("how many digits follow it is said by the type: `types: { amount: decimal(2) }`"),
        _ => finding.help(role.help),
    }
}
