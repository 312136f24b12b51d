//! What format files are of: from what the catalogue says, or from their endings.

use super::Problem;
use super::location::DataFile;
use crate::catalog::model::FileFormat;

/// Endings after the format that say how text is compressed; what is done is told by the bytes.
const COMPRESSED: [&str; 3] = [".gz", ".zst", ".zstd"];

/// The format that an ending says, and whether values are separated by tabs.
pub(super) fn by_ending(path: &str) -> Option<FileFormat> {
    let (name, compressed) = uncompressed(path);
    let format = match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "parquet" | "pq" => FileFormat::Parquet,
        "csv" | "tsv" => FileFormat::Csv,
        "ndjson" | "jsonl" | "json" => FileFormat::Ndjson,
        "arrow" | "arrows" | "ipc" | "feather" => FileFormat::Arrow,
        _ => return None,
    };
    let text = matches!(format, FileFormat::Csv | FileFormat::Ndjson);
    (text || !compressed).then_some(format)
}

/// `.tsv`, compressed or not.
pub(super) fn is_tsv(path: &str) -> bool {
    uncompressed(path).0.to_ascii_lowercase().ends_with(".tsv")
}

fn uncompressed(path: &str) -> (&str, bool) {
    let lower = path.to_ascii_lowercase();
    match COMPRESSED.iter().find(|ending| lower.ends_with(*ending)) {
        Some(ending) => (path.get(..path.len() - ending.len()).unwrap_or(path), true),
        None => (path, false),
    }
}

/// The one format of all files.
pub(super) fn of(files: &[DataFile], declared: Option<FileFormat>) -> Result<FileFormat, Problem> {
    if let Some(format) = declared {
        return Ok(format);
    }
    let mut found: Option<(FileFormat, &DataFile)> = None;
    for file in files {
        let Some(format) = by_ending(&file.shown) else {
            let message = format!("the ending of `{}` does not tell what format it is", file.shown);
            return Err(Problem::broken(message, "say it: `format: parquet`, `csv`, `ndjson` or `arrow`"));
        };
        match found {
            Some((other, first)) if other != format => {
                let message =
                    format!("`{}` and `{}` are of different formats, and a table has one", first.shown, file.shown);
                return Err(Problem::broken(message, "name the files of one format, as in `data/*.parquet`"));
            }
            _ => found = Some((format, file)),
        }
    }
    found.map(|(format, _)| format).ok_or_else(|| Problem::Missing("there is no file".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_the_format() {
        for (path, format) in [
            ("a/b.parquet", Some(FileFormat::Parquet)),
            ("a.CSV", Some(FileFormat::Csv)),
            ("a.tsv.gz", Some(FileFormat::Csv)),
            ("a.b/c.jsonl.zst", Some(FileFormat::Ndjson)),
            ("a.feather", Some(FileFormat::Arrow)),
            ("a.parquet.gz", None),
            ("a.gz", None),
            ("readme", None),
            ("a.xlsx", None),
        ] {
            assert_eq!(by_ending(path), format, "{path}");
        }
        assert!(is_tsv("x/A.TSV.gz"));
        assert!(!is_tsv("x.tsv/a.csv"));
    }
}
