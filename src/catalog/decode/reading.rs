//! `reading:` and `on_error:` of a table: how values are written in its files, and what becomes of rows that are not.
//!
//! Every word is held to what it can mean for the files at hand, before any of them is opened: a separator of two signs,
//! a decimal sign that is also the thousands sign, or CSV words on a Parquet file would otherwise show as strange
//! data much later.
//!
//! ```yaml
//! reading: { separator: ';', decimal: ',', thousands: '.', times: '%d.%m.%Y' }
//! on_error: skip
//! ```

use super::clashes::Written;
use super::origin::{OF_ALL, OF_CSV, OF_TEXT, Origin, refuse_meaningless};
use super::{bad_setting, settings, signs, time_forms, values};
use crate::catalog::model::{FileFormat, OnError, Reading, TimeForm};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::ScalarStyle;
use crate::source::yaml::fields::{self, Fields, wrong_shape};
use crate::source::yaml::{Node, NodeKind};

/// Other systems' words, and ours.
const SYNONYMS: [(&str, &str); 25] = [
    ("delimiter", "separator"),
    ("delim", "separator"),
    ("sep", "separator"),
    ("field_separator", "separator"),
    ("quotechar", "quote"),
    ("quote_char", "quote"),
    ("escapechar", "escape"),
    ("escape_char", "escape"),
    ("has_header", "header"),
    ("column_names", "columns"),
    ("names", "columns"),
    ("decimal_separator", "decimal"),
    ("decimal_point", "decimal"),
    ("thousands_separator", "thousands"),
    ("grouping", "thousands"),
    ("na_values", "nulls"),
    ("null_values", "nulls"),
    ("null_value", "nulls"),
    ("null_string", "nulls"),
    ("nullstr", "nulls"),
    ("date_format", "times"),
    ("time_format", "times"),
    ("datetime_format", "times"),
    ("timestamp_format", "times"),
    ("dates", "times"),
];

/// Says of every word of `reading:` that stands directly under its table where it belongs.
pub(super) fn misplaced_words(table: &mut Fields<'_>) {
    let own = OF_CSV.into_iter().chain(OF_TEXT).chain(OF_ALL).map(|word| (word, word));
    for (word, key) in own.chain(SYNONYMS) {
        let help = match word {
            "columns" => {
                "only a table made from another (`from:`) has it; the names for a file without a line of names \
                          stand under `reading:`, beside `header: false`"
                    .to_owned()
            }
            _ => format!("it stands under `reading:`: `reading: {{ {key}: … }}`"),
        };
        table.elsewhere(word, help);
    }
    no_such_setting(table);
}

fn no_such_setting(fields: &mut Fields<'_>) {
    fields.elsewhere("encoding", "files are read as UTF-8: convert them first, for example by `iconv`; remove the key");
    fields.elsewhere("compression", "the ending says it: `.gz` or `.zst`; remove the key");
}

/// What becomes of rows that cannot be read.
pub(super) fn on_error(node: &Node, out: &mut Vec<Diagnostic>) -> Option<OnError> {
    const WORDS: [(&str, OnError); 2] = [("stop", OnError::Stop), ("skip", OnError::Skip)];
    const SYNONYMS: [(&str, &str); 11] = [
        ("ignore", "skip"),
        ("drop", "skip"),
        ("continue", "skip"),
        ("omit", "skip"),
        ("warn", "skip"),
        ("fail", "stop"),
        ("error", "stop"),
        ("raise", "stop"),
        ("abort", "stop"),
        ("strict", "stop"),
        ("halt", "stop"),
    ];
    word(node, "on_error", "a way to treat rows that cannot be read", &WORDS, &SYNONYMS, out)
}

/// One word of several, or what another system's word for it is here.
fn word<T: Copy>(
    node: &Node,
    key: &str,
    kind: &str,
    words: &[(&'static str, T)],
    synonyms: &[(&str, &str)],
    out: &mut Vec<Diagnostic>,
) -> Option<T> {
    if let NodeKind::Scalar(text) = &node.kind
        && let Some((foreign, ours)) = synonyms.iter().find(|(foreign, _)| *foreign == text.value())
    {
        out.push(bad_setting(node, format!("`{foreign}` is not {kind}")).fix(format!("write `{ours}`"), *ours));
        return None;
    }
    settings::choice(node, key, kind, words, out)
}

/// How the values of a table are written; what cannot be read is as if it were not said.
pub(super) fn decode(node: &Node, origin: &Origin, out: &mut Vec<Diagnostic>) -> Reading {
    let Some(mut fields) = Fields::open(node, "`reading`", out) else { return Reading::default() };
    let reading = match refuse_meaningless(&mut fields, origin, out) {
        true => Reading { nulls: nulls(&mut fields, out), times: times(&mut fields, out), ..Reading::default() },
        false => words(&mut fields, origin, out),
    };
    for (word, key) in SYNONYMS {
        fields.synonym(word, key);
    }
    for key in ["on_error", "format", "source", "types", "rename", "timezone"] {
        fields.elsewhere(key, "it stands beside `reading:`, not in it: indent it less");
    }
    no_such_setting(&mut fields);
    fields.finish(out);
    reading
}

fn words(fields: &mut Fields<'_>, origin: &Origin, out: &mut Vec<Diagnostic>) -> Reading {
    let usual = Reading::default();
    let separator = fields.take("separator").and_then(|node| signs::separator(node, out));
    let quote = fields.take("quote").and_then(|node| signs::quote(node, out));
    let escape = fields.take("escape").and_then(|node| signs::escape(node, out));
    let columns = names_of_columns(fields, out);
    let decimal = fields.take("decimal").and_then(|node| signs::decimal(node, out));
    let thousands = fields.take("thousands").and_then(|node| signs::thousands(node, out));
    let mut reading = Reading {
        separator: separator.and_then(|sign| sign.value),
        quote: quote.map_or(usual.quote, |sign| sign.value),
        escape: escape.and_then(|sign| sign.value),
        columns,
        decimal: decimal.and_then(|sign| sign.value).unwrap_or(usual.decimal),
        thousands: thousands.and_then(|sign| sign.value),
        nulls: nulls(fields, out),
        times: times(fields, out),
    };
    let written = Written {
        quote: quote.or(separator),
        escape,
        decimal,
        thousands,
        separator: reading.separator.unwrap_or(origin.separator()),
        separates: !matches!(origin, Origin::Files { format: FileFormat::Ndjson, .. }),
    };
    if let Some(finding) = written.clash(&reading) {
        out.push(finding);
        reading = Reading { columns: reading.columns, nulls: reading.nulls, times: reading.times, ..usual };
    }
    reading
}

/// `true` or `false`; none if it is neither, which has been said.
pub(super) fn flag(node: &Node, key: &str, out: &mut Vec<Diagnostic>) -> Option<bool> {
    const WORDS: [(&str, bool); 2] = [("true", true), ("false", false)];
    const SYNONYMS: [(&str, &str); 8] = [
        ("yes", "true"),
        ("no", "false"),
        ("none", "false"),
        ("1", "true"),
        ("0", "false"),
        ("on", "true"),
        ("off", "false"),
        ("None", "false"),
    ];
    word(node, key, "`true` or `false`", &WORDS, &SYNONYMS, out)
}

/// `header:` and `columns:`: the names of columns come from the first line or from the catalogue, from one of them.
fn names_of_columns(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Option<Vec<String>> {
    let Some(header) = fields.take("header") else {
        let named = fields.take("columns")?;
        out.push(named_twice(named));
        return None;
    };
    match flag(header, "header", out) {
        Some(false) => {
            let named = fields.require("columns", "say the names in their order: `columns: [customer_id, city]`")?;
            columns(named, out)
        }
        Some(true) => {
            let named = fields.take("columns")?;
            out.push(named_twice(named).also(header.span, "said here"));
            None
        }
        None => fields.take("columns").and_then(|named| columns(named, out)),
    }
}

fn named_twice(node: &Node) -> Diagnostic {
    let message = "`columns` names the columns, and so does the first line of the files";
    bad_setting(node, message.to_owned())
        .help("if the first line is data already, say `header: false`")
        .help("if columns are to have other names, say so in the table: `rename: { city: 'Their Name' }`")
}

fn columns(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Vec<String>> {
    if let NodeKind::Scalar(_) | NodeKind::Mapping(_) = &node.kind
        && !node.is_missing()
    {
        out.push(wrong_shape(node, "`columns`", "a list"));
        return None;
    }
    let named = values::strings(node, "`columns`", out);
    let mut names: Vec<String> = Vec::new();
    for name in named {
        let finding = |code, message| Diagnostic::new(code, name.span, message);
        if name.value.is_empty() {
            out.push(
                finding(Code::BadSetting, "a column has no name".to_owned()).help("name every column of the files"),
            );
        } else if names.contains(&name.value) {
            let message = format!("two columns are named `{}`", name.value);
            out.push(finding(Code::NameTaken, message).help("give one of them another name"));
        } else {
            names.push(name.value);
        }
    }
    if names.is_empty() && matches!(&node.kind, NodeKind::Sequence(items) if items.is_empty()) {
        let finding = Diagnostic::new(Code::WrongShape, node.span, "`columns` is an empty list");
        out.push(finding.help("say the names in their order: `columns: [customer_id, city]`"));
    }
    (!names.is_empty()).then_some(names)
}

/// The texts that stand for unknown, as they are in the source: `NULL` and `~` are words here.
fn nulls(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Option<Vec<String>> {
    let node = fields.take("nulls")?;
    let items = match &node.kind {
        NodeKind::Sequence(items) => items.as_slice(),
        NodeKind::Scalar(_) => std::slice::from_ref(node),
        NodeKind::Mapping(_) => {
            out.push(wrong_shape(node, "`nulls`", "a list"));
            return None;
        }
        NodeKind::Broken => return None,
    };
    let mut texts = Vec::new();
    for item in items {
        match &item.kind {
            NodeKind::Scalar(text) if text.value().is_empty() && text.style() == ScalarStyle::Plain => {
                out.push(
                    fields::missing_value(item, if items.len() > 1 { "an item of `nulls`" } else { "`nulls`" })
                        .help("for the empty text write `''`"),
                );
            }
            NodeKind::Scalar(text) if texts.iter().any(|known| known == text.value()) => {}
            NodeKind::Scalar(text) => texts.push(text.value().to_owned()),
            NodeKind::Broken => {}
            NodeKind::Sequence(_) | NodeKind::Mapping(_) => out.push(wrong_shape(item, "an item of `nulls`", "text")),
        }
    }
    Some(texts)
}

fn times(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Vec<TimeForm> {
    fields.take("times").map(|node| time_forms::decode(node, out)).unwrap_or_default()
}
