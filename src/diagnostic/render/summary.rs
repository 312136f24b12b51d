//! The closing line of a check.

use crate::diagnostic::{Diagnostic, Severity};

/// `2 errors and 1 warning in 3 files checked`, or `4 files checked: 12 segments, no problems`.
pub fn summary(diagnostics: &[Diagnostic], files: usize, segments: usize) -> String {
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let found = [("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)];
    let found = found.iter().map(|(word, severity)| (*word, count(*severity))).filter(|(_, count)| *count > 0);
    let found: Vec<String> = found.map(|(word, count)| counted(count, word)).collect();
    let files = counted(files, "file");
    match found.as_slice() {
        [] => format!("{files} checked: {}, no problems", counted(segments, "segment")),
        [one] => format!("{one} in {files} checked"),
        [rest @ .., last] => format!("{} and {last} in {files} checked", rest.join(", ")),
    }
}

fn counted(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}
