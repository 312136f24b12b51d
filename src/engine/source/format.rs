//! What format files are of: from what the catalogue says, or from their endings.

use super::Problem;
use super::location::DataFile;
use crate::catalog::model::FileFormat;

/// The one format of all files.
pub(super) fn of(files: &[DataFile], declared: Option<FileFormat>) -> Result<FileFormat, Problem> {
    if let Some(format) = declared {
        return Ok(format);
    }
    let mut found: Option<(FileFormat, &DataFile)> = None;
    for file in files {
        let Some(format) = FileFormat::of_path(&file.shown) else {
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
