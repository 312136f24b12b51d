//! The format of an answer: asked for, or told by the ending of the file that it goes to.

use std::path::Path;

use clap::ValueEnum;

use crate::cli::exit::Failure;

/// Endings of files that another program has compressed.
const COMPRESSED: [&str; 6] = ["gz", "zst", "bz2", "xz", "lz4", "zip"];

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Counts, for people
    Table,
    /// A row for each segment and member
    Csv,
    /// Counts and members in one object
    Json,
    /// A line for each segment and member, each an object
    #[value(alias = "jsonl")]
    Ndjson,
    /// Columns `segment` and the key, compressed
    Parquet,
    /// The same as an Arrow file
    Arrow,
}

impl Format {
    /// The format asked for, else that of the file's ending, else a table.
    ///
    /// # Errors
    /// The ending is that of a compressed file, or says nothing while nothing was asked for.
    pub fn choose(asked: Option<Format>, path: Option<&Path>) -> Result<Format, Failure> {
        let Some(path) = path else { return Ok(asked.unwrap_or(Format::Table)) };
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let ending = ending.as_deref().unwrap_or_default();
        if COMPRESSED.contains(&ending) {
            return Err(compressed(path));
        }
        asked.or_else(|| Format::of_ending(ending)).ok_or_else(|| {
            Failure::usage(format!("`{}` does not say in which format to write: `.{ending}` is none", path.display()))
                .help(
                    "end it in `.csv`, `.json`, `.ndjson`, `.parquet`, `.arrow` or, for a table, `.txt`; or say it with \
                     `--format`",
                )
        })
    }

    /// Files without an ending are pipes with a name, terminals, and notes to oneself.
    fn of_ending(ending: &str) -> Option<Format> {
        Some(match ending {
            "" | "txt" => Format::Table,
            "csv" => Format::Csv,
            "json" => Format::Json,
            "ndjson" | "jsonl" => Format::Ndjson,
            "parquet" => Format::Parquet,
            "arrow" => Format::Arrow,
            _ => return None,
        })
    }

    /// Whether it can list members; else it only counts.
    pub fn lists(self) -> bool {
        self != Format::Table
    }

    /// A terminal shows text only.
    ///
    /// # Errors
    /// It is a terminal, and the format is not text.
    pub fn suits_terminal(self, is_terminal: bool) -> Result<(), Failure> {
        let ending = match self {
            Format::Parquet => "parquet",
            Format::Arrow => "arrow",
            _ => return Ok(()),
        };
        if !is_terminal {
            return Ok(());
        }
        let message = format!("{} is for programs to read and cannot be shown on a terminal", self.name());
        Err(Failure::usage(message)
            .help(format!("write it to a file with `--output members.{ending}`, or send it to a program with `|`")))
    }

    /// Lists with key columns have those of one kind of subject.
    ///
    /// # Errors
    /// There are several kinds, and the format has one set of columns.
    pub fn suits_kinds(self, kinds: &[&str]) -> Result<(), Failure> {
        if kinds.len() <= 1 || !matches!(self, Format::Csv | Format::Parquet | Format::Arrow) {
            return Ok(());
        }
        let listed = kinds.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(", ");
        let message =
            format!("{} lists one kind of subject, and these segments are about several: {listed}", self.name());
        Err(Failure::usage(message).help(
            "choose segments of one kind with `--segment NAME`, write `--format ndjson` or `--format json`, or only \
             count with `--counts`",
        ))
    }

    /// Lists have columns of their own beside those of the key.
    ///
    /// # Errors
    /// A key column has the name of one of them.
    pub fn suits_keys(self, keys: &[String]) -> Result<(), Failure> {
        let own: &[&str] = match self {
            Format::Table | Format::Json => &[],
            Format::Ndjson => &["segment", "subject"],
            Format::Csv | Format::Parquet | Format::Arrow => &["segment"],
        };
        let Some(taken) = keys.iter().find(|key| own.contains(&key.as_str())) else { return Ok(()) };
        let message = format!("{} has a column `{taken}` already, and so has the key", self.name());
        Err(Failure::usage(message)
            .help("give the key's column another name with `rename:` in the catalogue, or write `--format json`"))
    }

    /// Its name in a sentence.
    fn name(self) -> &'static str {
        match self {
            Format::Table => "a table",
            Format::Csv => "CSV",
            Format::Json => "JSON",
            Format::Ndjson => "NDJSON",
            Format::Parquet => "Parquet",
            Format::Arrow => "Arrow",
        }
    }
}

fn compressed(path: &Path) -> Failure {
    let plain = path.with_extension("");
    let message = format!("cannot write `{}`: what is written is not compressed", path.display());
    let help = format!(
        "write `{}` and compress it with a program of yours, or write `.parquet`, which is compressed by itself",
        plain.display()
    );
    Failure::usage(message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(path: &str) -> Option<Format> {
        Format::choose(None, Some(Path::new(path))).ok()
    }

    fn message(outcome: Result<(), Failure>) -> Option<String> {
        match outcome {
            Err(Failure::Usage(message, helps)) => Some(format!("{message}\n{}", helps.join("\n"))),
            _ => None,
        }
    }

    #[test]
    fn endings_tell_the_format() {
        let endings = [
            ("a.csv", Format::Csv),
            ("A.CSV", Format::Csv),
            ("a.b.json", Format::Json),
            ("a.ndjson", Format::Ndjson),
            ("a.jsonl", Format::Ndjson),
            ("dir.csv/a.parquet", Format::Parquet),
            ("a.arrow", Format::Arrow),
            ("a.txt", Format::Table),
            ("/dev/stdout", Format::Table),
            ("dir.csv/a", Format::Table),
        ];
        for (path, format) in endings {
            assert_eq!(chosen(path), Some(format), "{path}");
        }
        assert_eq!(chosen("a.xlsx"), None);
        assert_eq!(chosen("a.csv.gz"), None);
        assert_eq!(Format::choose(None, None).ok(), Some(Format::Table));
    }

    #[test]
    fn what_is_asked_for_counts_more_than_an_ending() {
        let choose = |path| Format::choose(Some(Format::Csv), Some(Path::new(path))).ok();
        assert_eq!(choose("a.tsv"), Some(Format::Csv));
        assert_eq!(choose("a.json"), Some(Format::Csv));
        assert_eq!(choose("a.csv.gz"), None, "it would not be compressed");
    }

    #[test]
    fn programs_have_formats_that_terminals_do_not() {
        for format in [Format::Parquet, Format::Arrow] {
            assert!(format.suits_terminal(false).is_ok());
        }
        for format in [Format::Table, Format::Csv, Format::Json, Format::Ndjson] {
            assert!(format.suits_terminal(true).is_ok());
        }
        insta::assert_snapshot!(message(Format::Arrow.suits_terminal(true)).unwrap_or_default(), @r"
        Arrow is for programs to read and cannot be shown on a terminal
        write it to a file with `--output members.arrow`, or send it to a program with `|`
        ");
    }

    #[test]
    fn a_key_is_not_called_as_a_column_of_the_list() {
        let keys = ["store".to_owned(), "subject".to_owned()];
        for format in [Format::Table, Format::Csv, Format::Json, Format::Parquet, Format::Arrow] {
            assert!(format.suits_keys(&keys).is_ok(), "{format:?}");
        }
        insta::assert_snapshot!(message(Format::Ndjson.suits_keys(&keys)).unwrap_or_default(), @r"
        NDJSON has a column `subject` already, and so has the key
        give the key's column another name with `rename:` in the catalogue, or write `--format json`
        ");
        assert!(Format::Csv.suits_keys(&["segment".to_owned()]).is_err());
    }
}
