//! Patterns of paths: `**` crosses directories, `*` and `?` do not, `[…]` is a set.

/// The signs that make a path a pattern.
pub(super) const SIGNS: [char; 3] = ['*', '?', '['];

/// A pattern as a regular expression over whole paths.
///
/// # Errors
/// A set that is none, as in `[z-a]`.
pub(super) fn compile(pattern: &str) -> Result<regex::Regex, String> {
    let mut text = String::from("^(?:\\./)?");
    let mut rest = pattern.strip_prefix("./").unwrap_or(pattern);
    while let Some(next) = rest.chars().next() {
        let mut taken = next.len_utf8();
        if let Some(after) = rest.strip_prefix("**/") {
            text.push_str("(?:.*/)?");
            taken = rest.len() - after.len();
        } else if rest.starts_with("**") {
            text.push_str(".*");
            taken = 2;
        } else {
            match next {
                '*' => text.push_str("[^/]*"),
                '?' => text.push_str("[^/]"),
                '[' => match rest.find(']') {
                    Some(end) if end > 1 => {
                        let set = rest.get(1..end).unwrap_or_default().replacen('!', "^", 1).replace('\\', "\\\\");
                        text.push_str(&format!("[{set}]"));
                        taken = end + 1;
                    }
                    _ => text.push_str("\\["),
                },
                other => text.push_str(&regex::escape(&other.to_string())),
            }
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    text.push('$');
    regex::Regex::new(&text).map_err(|error| error.to_string().lines().last().unwrap_or_default().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_within_directories() {
        let matches = |pattern: &str, path: &str| compile(pattern).is_ok_and(|glob| glob.is_match(path));
        assert!(matches("data/*.csv", "data/a.csv"));
        assert!(!matches("data/*.csv", "data/b/a.csv"));
        assert!(matches("data/**/*.csv", "data/b/c/a.csv"));
        assert!(matches("data/**/*.csv", "data/a.csv"));
        assert!(matches("data/2026-0[1-3].csv", "data/2026-02.csv"));
        assert!(!matches("data/2026-0[!1-3].csv", "data/2026-02.csv"));
        assert!(matches("./d?ta/a.csv", "./data/a.csv"));
        assert!(!matches("data/a.csv", "dataxa.csv"));
    }
}
