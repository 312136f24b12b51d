//! Texts as YAML scalars.

/// Words that YAML readers may take for something else than text.
const WORDS: [&str; 10] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan"];

/// A text as a scalar of one line, in quotes where YAML could misread it; none for texts that have no such form.
pub(super) fn scalar(text: &str) -> Option<String> {
    let one_line = |c: char| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    if !text.chars().all(one_line) {
        return None;
    }
    Some(if is_plain(text) { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) })
}

/// Whether a text can stand without quotes in lists and mappings of either style.
fn is_plain(text: &str) -> bool {
    let harmless = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/' | '(' | ')');
    text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.chars().all(harmless)
        && !WORDS.contains(&text.to_lowercase().as_str())
}
