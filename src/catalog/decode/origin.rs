//! Which words of `reading:` have a use for the files of a table, as far as the catalogue tells.
//!
//! A separator for Parquet files would be passed over in silence by whoever reads them, and the reader of the catalogue
//! would believe in it; so it is refused where it stands.

use crate::catalog::model::{FileFormat, Placed};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::yaml::fields::Fields;

/// The words that only CSV has a use for.
pub(super) const OF_CSV: [&str; 5] = ["separator", "quote", "escape", "header", "columns"];

/// The words that have a use where numbers are text.
pub(super) const OF_TEXT: [&str; 2] = ["decimal", "thousands"];

/// The words that every format has a use for.
pub(super) const OF_ALL: [&str; 2] = ["nulls", "times"];

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
        let tabs = source.is_some_and(|source| FileFormat::is_tsv(&source.value));
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
    pub fn separator(&self) -> u8 {
        if matches!(self, Origin::Files { tabs: true, .. }) { b'\t' } else { b',' }
    }
}

/// Whether there are words without a use for such files; they are said in one message and not read.
pub(super) fn refuse_meaningless(fields: &mut Fields<'_>, origin: &Origin, out: &mut Vec<Diagnostic>) -> bool {
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
