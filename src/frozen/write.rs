//! The file of cut points as text.

use std::fmt::Write;

use super::model::{CutGroup, CutPoints};
use crate::catalog::model::Placed;
use crate::syntax::print_name;

const HEADER: &str = "\
# Cut points of the attributes that the catalogue calls `frozen: true`: where one tile ends and the next begins.
# `kohort freeze` computes them and writes this file, `kohort freeze NAME` those of one attribute. Until then everybody is
# measured by these. Keep the file with the rules, and do not change it by hand.
";

/// The file that holds these cut points. Reading it gives them again.
pub fn write(cut_points: &CutPoints) -> String {
    let mut text = format!("{HEADER}kohort: 1\ncut_points:");
    if cut_points.attributes.is_empty() {
        text.push_str(" {}\n");
        return text;
    }
    text.push('\n');
    for cuts in &cut_points.attributes {
        let name = key(&print_name(&cuts.name.text));
        let (definition, as_of) = (quoted(&cuts.definition.value), quoted(&cuts.as_of.value));
        // Writing to a string cannot fail.
        let _ = write!(text, "  {name}:\n    definition: {definition}\n    as_of: {as_of}\n");
        match cuts.groups.as_slice() {
            [CutGroup { per: None, population, bounds, .. }] => {
                let _ = write!(text, "    population: {population}\n    bounds: {}\n", list(bounds));
            }
            [] => text.push_str("    groups: []\n"),
            groups => {
                text.push_str("    groups:\n");
                for CutGroup { per, population, bounds, .. } in groups {
                    let per = per.as_ref().map(|per| format!("per: {}, ", quoted(&per.value))).unwrap_or_default();
                    let _ = writeln!(text, "      - {{ {per}population: {population}, bounds: {} }}", list(bounds));
                }
            }
        }
    }
    text
}

fn list(bounds: &[Placed<String>]) -> String {
    let bounds: Vec<String> = bounds.iter().map(|bound| quoted(&bound.value)).collect();
    format!("[{}]", bounds.join(", "))
}

/// A name as a key: without quotes where no reader of YAML takes it for anything but text.
fn key(name: &str) -> String {
    const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !WORDS.contains(&name.to_lowercase().as_str());
    if plain { name.to_owned() } else { quoted(name) }
}

/// A text that YAML cannot take for anything else, on one line.
fn quoted(text: &str) -> String {
    if text.chars().all(is_visible) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if is_visible(letter) => quoted.push(letter),
            letter => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(letter));
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a character may stand in a file of YAML as it is.
fn is_visible(letter: char) -> bool {
    let separates = matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    !letter.is_control() && !separates
}
