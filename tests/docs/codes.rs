//! The page of diagnostic codes: what the code says of itself is generated, the examples are written by hand.

use std::collections::BTreeMap;

use kohort::Severity;
use kohort::diagnostic::Code;

use super::page::Block;

/// Ends the generated part of a code's section.
const END: &str = "<!-- generated to here -->";

/// Codes that no example of this page can give, and why.
pub const WITHOUT_EXAMPLE: &[(&str, &str)] = &[
    ("K101", "it is about a file on a disk"),
    ("K110", "it is about what files there are"),
    ("K112", "what is too long is too long for a page"),
    ("K213", "nothing is left to be said of"),
    ("K405", "it needs data"),
    ("K409", "it needs data"),
    ("K412", "it needs data"),
    ("K601", "it needs data"),
    ("K602", "it needs data"),
    ("K603", "it needs data"),
    ("K604", "it needs data"),
    ("K605", "it needs data"),
    ("K606", "it needs data"),
];

/// The page as it should be: the head and the examples of `page`, and every code as it is now.
pub fn rewritten(page: &str) -> String {
    let (head, by_hand) = parts(page);
    let mut text = format!("{}\n", head.trim_end());
    for code in Code::ALL {
        let severity = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let lines: Vec<&str> = code.explanation().lines().map(str::trim).collect();
        let explanation = lines.join("\n");
        text.push_str(&format!(
            "\n## {}: {}\n\n*{severity}.* {}\n\n{END}\n",
            code.id(),
            title(*code),
            explanation.trim()
        ));
        let example = by_hand.get(code.id()).copied().unwrap_or_default().trim();
        if !example.is_empty() {
            text.push_str(&format!("\n{example}\n"));
        }
    }
    text
}

/// `DuplicateKey` as `duplicate key`.
fn title(code: Code) -> String {
    let mut words = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words.replace("yaml", "YAML")
}

/// What stands before the first section, and per code what was written by hand.
fn parts(page: &str) -> (&str, BTreeMap<&str, &str>) {
    let mut sections = page.split("\n## ");
    let head = sections.next().unwrap_or_default();
    let by_hand = sections.filter_map(|section| {
        let (id, rest) = section.split_once(':')?;
        let (_, example) = rest.split_once(END)?;
        Some((id, example))
    });
    (head, by_hand.collect())
}

/// Codes that the page gives no example for, and none is excused.
pub fn without_example(blocks: &[Block]) -> Vec<&'static str> {
    let shown = |id: &str| {
        let named = |block: &Block| ["error", "warning", "note"].iter().any(|word| block.value(word) == Some(id));
        blocks.iter().any(named)
    };
    let excused = |id: &str| WITHOUT_EXAMPLE.iter().any(|(code, _)| *code == id);
    Code::ALL.iter().map(|code| code.id()).filter(|id| shown(id) == excused(id)).collect()
}
