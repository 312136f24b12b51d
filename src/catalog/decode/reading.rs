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

use super::signs::{self, Sign};
use super::{bad_setting, settings, time_forms, values};
use crate::catalog::model::{FileFormat, OnError, Placed, Reading};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::ScalarStyle;
use crate::source::yaml::fields::{self, Fields, wrong_shape};
use crate::source::yaml::{Node, NodeKind};

/// The words that only CSV has a use for.
const OF_CSV: [&str; 5] = ["separator", "quote", "escape", "header", "columns"];

/// The words that have a use where numbers are text.
const OF_TEXT: [&str; 2] = ["decimal", "thousands"];

/// The words that every format has a use for.
const OF_ALL: [&str; 2] = ["nulls", "times"];

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

/// Where the rows of a table come from, as far as the catalogue tells by itself.
pub(super) enum Origin {
    /// Files of some format that only looking at them tells.
    Unknown,
    /// Files of a format.
    Files {
        /// The format.
        format: FileFormat,
        /// What tells it: "`sales.pq` is Parquet".
        because: String,
        /// Whether the ending says that tabs separate values.
        tabs: bool,
    },
    /// No files: a program hands the rows over.
    Handed,
}

impl Origin {
    /// By `source:` and `format:`; `said` is whether one of them is there at all, sound or not.
    pub fn of(source: Option<&Placed<String>>, format: Option<&Placed<FileFormat>>, said: bool) -> Origin {
        let ending = source.and_then(|source| FileFormat::of_path(&source.value));
        let tabs = source.is_some_and(|source| source.value.to_ascii_lowercase().contains(".tsv"));
        match (format, source, ending) {
            (Some(format), ..) => {
                Origin::Files { format: format.value, because: format!("`format:` says {}", format.value), tabs }
            }
            (None, Some(source), Some(format)) => {
                Origin::Files { format, because: format!("`{}` is {format}", source.value), tabs }
            }
            (None, None, _) if !said => Origin::Handed,
            _ => Origin::Unknown,
        }
    }

    /// The words without a use, and why.
    fn meaningless(&self) -> Option<(Vec<&'static str>, String)> {
        match self {
            Origin::Unknown | Origin::Files { format: FileFormat::Csv, .. } => None,
            Origin::Files { format: FileFormat::Ndjson, because, .. } => Some((OF_CSV.to_vec(), because.clone())),
            Origin::Files { because, .. } => Some(([&OF_CSV[..], &OF_TEXT].concat(), because.clone())),
            Origin::Handed => Some(([&OF_CSV[..], &OF_TEXT].concat(), "the table has no `source:`".to_owned())),
        }
    }

    /// What separates values of CSV where nothing is said.
    fn separator(&self) -> u8 {
        if matches!(self, Origin::Files { tabs: true, .. }) { b'\t' } else { b',' }
    }
}

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

/// Whether there are words without a use for such files; they are said in one message and not read.
fn refuse_meaningless(fields: &mut Fields<'_>, origin: &Origin, out: &mut Vec<Diagnostic>) -> bool {
    let Some((meaningless, because)) = origin.meaningless() else { return false };
    let written: Vec<&str> = meaningless.iter().copied().filter(|key| fields.has(key)).collect();
    let Some(place) = written.first().and_then(|key| fields.place(key)) else { return false };
    for key in OF_CSV.into_iter().chain(OF_TEXT) {
        fields.take(key);
    }
    let of_csv = written.iter().all(|key| OF_CSV.contains(key));
    let uses = if of_csv { "CSV" } else { "CSV and NDJSON" };
    let several = written.len() > 1;
    let words: Vec<String> = written.iter().map(|key| format!("`{key}`")).collect();
    let message = format!("{} {} nothing here: {because}", words.join(", "), if several { "mean" } else { "means" });
    let help = match several {
        true => format!("remove them: such words are for {uses}"),
        false => format!("remove it: such words are for {uses}"),
    };
    let finding = Diagnostic::new(Code::UnknownKey, place, message).help(help);
    out.push(match origin {
        Origin::Files { .. } => finding.help("if the files are written otherwise, say it: `format: csv`"),
        _ => finding,
    });
    true
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

/// The signs as written, to see which of them are the same.
struct Written {
    /// The place to speak of when quote and separator are the same.
    quote: Option<Sign<u8>>,
    escape: Option<Sign<u8>>,
    decimal: Option<Sign<char>>,
    thousands: Option<Sign<char>>,
    /// Of the files, said or usual.
    separator: u8,
    /// Whether there is a separator at all.
    separates: bool,
}

impl Written {
    /// The first two signs that are the same and must not be.
    fn clash(&self, reading: &Reading) -> Option<Diagnostic> {
        self.of_numbers(reading).or_else(|| self.of_values(reading)).or_else(|| self.unquoted(reading))
    }

    fn of_numbers(&self, reading: &Reading) -> Option<Diagnostic> {
        let sign = self.thousands.filter(|_| reading.thousands == Some(reading.decimal))?;
        let message = format!("`{}` cannot be the thousands sign: it is the decimal point", reading.decimal);
        let finding = sign.finding(message);
        Some(match (self.decimal, reading.decimal) {
            (Some(_), _) => finding.help("remove `thousands:` if nothing stands between the thousands"),
            (None, _) => finding.help("if numbers are written as in `1.234,50`, say `decimal: ','` as well"),
        })
    }

    fn of_values(&self, reading: &Reading) -> Option<Diagnostic> {
        let separator = Some(self.separator);
        let shown = signs::shown(self.separator);
        if let Some(sign) = self.quote.filter(|_| reading.quote == separator) {
            let message = format!("{shown} cannot both separate values and stand around them");
            return Some(sign.finding(message).help("say another `separator:` or `quote:`"));
        }
        let sign = self.escape.filter(|_| reading.escape.is_some())?;
        if reading.escape == separator {
            let message = format!("{shown} cannot both separate values and stand before quotes");
            return Some(sign.finding(message).help("say another `separator:`, or remove `escape:`"));
        }
        if reading.escape == reading.quote {
            let message = "a quote inside a value is doubled without being told so";
            return Some(sign.finding(message).fix("write `none`", "none"));
        }
        let message = "`escape` means nothing where there are no quotes";
        reading.quote.is_none().then(|| sign.finding(message).help("remove `escape:`, or say the `quote:` sign"))
    }

    /// Numbers with a separator in them must be quoted.
    fn unquoted(&self, reading: &Reading) -> Option<Diagnostic> {
        let separator = char::from(self.separator);
        let inside = |sign: &Sign<char>| sign.value == Some(separator);
        let sign = self.decimal.filter(inside).or(self.thousands.filter(inside))?;
        if !self.separates || reading.quote.is_some() {
            return None;
        }
        let message = format!("`{separator}` cannot stand in numbers: it separates values, and nothing quotes them");
        Some(sign.finding(message).help("say another `separator:`, or the `quote:` sign"))
    }
}

/// `header:` and `columns:`: the names of columns come from the first line or from the catalogue, from one of them.
fn names_of_columns(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Option<Vec<String>> {
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
    let Some(header) = fields.take("header") else {
        let named = fields.take("columns")?;
        out.push(named_twice(named));
        return None;
    };
    match word(header, "header", "`true` or `false`", &WORDS, &SYNONYMS, out) {
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

fn times(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Vec<crate::catalog::model::TimeForm> {
    fields.take("times").map(|node| time_forms::decode(node, out)).unwrap_or_default()
}
