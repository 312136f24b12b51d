//! `times:` of `reading:`: forms of dates and times, each checked before it meets any data.
//!
//! A form that lacks the year, or says the month where the minutes are meant, would make every value unreadable, or,
//! worse, read as another time. So a form must give back the instants that it is tried on.
//!
//! ```text
//! times: '%d.%m.%Y %H:%m'
//! K111 `%m` is the month, and stands where minutes are expected; fix: '%d.%m.%Y %H:%M'
//! ```

use super::time_letters;
use super::time_patterns::flaw;
use crate::catalog::model::TimeForm;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Text;
use crate::source::yaml::fields::{self, nearest};
use crate::source::yaml::{Node, NodeKind};

/// What a form is made of.
pub(super) const LETTERS: &str = "write `%` and a letter for each part, in quotes: `'%d.%m.%Y %H:%M'` (`%Y` year, \
                                  `%m` month, `%d` day, `%H` hours, `%M` minutes, `%S` seconds)";

const WORDS: [&str; 3] = ["unix", "unix_ms", "unix_us"];

/// Other systems' words for counting since 1970.
const SYNONYMS: [(&str, &str); 14] = [
    ("epoch", "unix"),
    ("unix_s", "unix"),
    ("epoch_s", "unix"),
    ("unixtime", "unix"),
    ("unix_time", "unix"),
    ("timestamp", "unix"),
    ("seconds", "unix"),
    ("%s", "unix"),
    ("epoch_ms", "unix_ms"),
    ("unix_millis", "unix_ms"),
    ("milliseconds", "unix_ms"),
    ("ms", "unix_ms"),
    ("epoch_us", "unix_us"),
    ("microseconds", "unix_us"),
];

/// The forms, in the order in which they are tried.
pub(super) fn decode(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<TimeForm> {
    if matches!(&node.kind, NodeKind::Sequence(items) if items.is_empty()) {
        let finding = Diagnostic::new(Code::WrongShape, node.span, "`times` is an empty list");
        out.push(finding.help("list the forms in which times are written, or remove the key"));
    }
    let mut forms = Vec::new();
    for text in fields::texts(node, "`times`", out) {
        match form(text) {
            Ok(form) => forms.push(form),
            Err(finding) => out.push(*finding),
        }
    }
    forms
}

fn form(text: &Text) -> Result<TimeForm, Box<Diagnostic>> {
    let written = text.value();
    match written {
        "unix" => return Ok(TimeForm::UnixSeconds),
        "unix_ms" => return Ok(TimeForm::UnixMillis),
        "unix_us" => return Ok(TimeForm::UnixMicros),
        _ => {}
    }
    let synonym = SYNONYMS.iter().find(|(word, _)| *word == written.to_lowercase()).map(|(_, word)| *word);
    if synonym.is_none() && written.contains('%') {
        return match flaw(written) {
            None => Ok(TimeForm::Pattern(written.to_owned())),
            Some(flaw) => Err(Box::new(flaw.at(text))),
        };
    }
    Err(Box::new(no_form(text, synonym)))
}

/// What is said of a text without `%` that is none of the words.
fn no_form(text: &Text, synonym: Option<&'static str>) -> Diagnostic {
    let written = text.value();
    let finding = match written {
        "" => finding(text, "a form of dates or times is empty".to_owned()),
        _ => finding(text, format!("`{written}` is not a form of dates or times")),
    };
    match written.to_lowercase().as_str() {
        "iso" | "iso8601" | "iso_8601" | "iso-8601" | "iso 8601" | "rfc3339" => {
            return finding.help("dates and times such as `2026-03-31T10:00` are always understood: remove it");
        }
        "unix_ns" | "epoch_ns" | "nanoseconds" | "ns" => {
            return finding.help("times are kept in microseconds: write the data so, and `unix_us` here");
        }
        _ => {}
    }
    let pattern = time_letters::translated(written).filter(|pattern| flaw(pattern).is_none());
    match (synonym.or_else(|| nearest(written, WORDS.into_iter())), pattern) {
        (Some(word), _) => finding.fix(format!("write `{word}`"), word),
        (None, Some(pattern)) => finding.fix(format!("write `{pattern}`"), quoted(&pattern)),
        (None, None) => finding.help(LETTERS),
    }
}

pub(super) fn finding(text: &Text, message: String) -> Diagnostic {
    Diagnostic::new(Code::BadSetting, text.span(), message)
}

/// A form as YAML.
pub(super) fn quoted(pattern: &str) -> String {
    format!("'{}'", pattern.replace('\'', "''"))
}
