//! From a path, a pattern or a directory to files, and from files to a table.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::execution::context::SessionContext;

use super::Problem;
use crate::catalog::model::FileFormat;

/// How deep directories are followed.
const MAX_DEPTH: usize = 16;

/// Formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Parquet,
    Csv,
}

/// The files that a source names, sorted; at least one.
pub(super) fn resolve(directory: Option<&Path>, source: &str) -> Result<Vec<PathBuf>, Problem> {
    let source = source.strip_prefix("file://").unwrap_or(source);
    if let Some((scheme, _)) = source.split_once("://") {
        let message = format!("sources by `{scheme}://` are not in this version of kohort yet");
        return Err(Problem::Broken(message, "name files or directories of this machine".to_owned()));
    }
    let path = directory.unwrap_or(Path::new("")).join(source);
    let shown = path.display().to_string();
    let mut files = Vec::new();
    if source.contains(['*', '?', '[']) && !path.exists() {
        let base = fixed_part(&path);
        collect(&base, 0, &mut files);
        let pattern = glob(&shown).map_err(|reason| {
            Problem::Broken(format!("`{source}` is no pattern: {reason}"), "use `*` and `?`".to_owned())
        })?;
        files.retain(|file| pattern.is_match(&file.display().to_string()));
        if files.is_empty() {
            return Err(Problem::Missing(format!("no file matches `{shown}`")));
        }
    } else if path.is_dir() {
        collect(&path, 0, &mut files);
        files.retain(|file| by_ending(file).is_some());
        if files.is_empty() {
            return Err(Problem::Missing(format!("the directory `{shown}` holds no Parquet or CSV file")));
        }
    } else if path.is_file() {
        files.push(path);
    } else {
        return Err(Problem::Missing(format!("there is no file `{shown}`")));
    }
    files.sort();
    Ok(files)
}

/// The directories before the first sign of a pattern.
fn fixed_part(path: &Path) -> PathBuf {
    let fixed = |part: &std::path::Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']);
    let base: PathBuf = path.components().take_while(fixed).collect();
    if base.as_os_str().is_empty() { PathBuf::from(".") } else { base }
}

/// A pattern as a regular expression: `**` crosses directories, `*` and `?` do not, `[…]` is a set.
fn glob(pattern: &str) -> Result<regex::Regex, String> {
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

fn collect(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with(['.', '_']);
        if hidden {
            continue;
        }
        if path.is_dir() {
            if depth < MAX_DEPTH {
                collect(&path, depth + 1, files);
            }
        } else if path.is_file() {
            files.push(path);
        }
    }
}

fn by_ending(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "parquet" | "pq" => Some(Format::Parquet),
        "csv" => Some(Format::Csv),
        _ => None,
    }
}

/// The one format of all files.
pub(super) fn format(files: &[PathBuf], declared: Option<FileFormat>) -> Result<Format, Problem> {
    match declared {
        Some(FileFormat::Parquet) => return Ok(Format::Parquet),
        Some(FileFormat::Csv) => return Ok(Format::Csv),
        Some(_) => {
            let message = "this format is not in this version of kohort".to_owned();
            return Err(Problem::Broken(message, "`format:` is `parquet` or `csv`".to_owned()));
        }
        None => {}
    }
    let mut formats: Vec<Option<Format>> = files.iter().map(|file| by_ending(file)).collect();
    formats.dedup();
    match formats.as_slice() {
        [Some(format)] => Ok(*format),
        [None] => {
            let name = files.first().map(|file| file.display().to_string()).unwrap_or_default();
            let message = format!("the ending of `{name}` does not tell what format it is");
            Err(Problem::Broken(message, "say it: `format: parquet` or `format: csv`".to_owned()))
        }
        _ => {
            let message = "the files of one table are of several formats".to_owned();
            Err(Problem::Broken(message, "name the files of one format, as in `data/*.parquet`".to_owned()))
        }
    }
}

/// The files as addresses of a listing table.
pub(super) fn urls(files: &[PathBuf]) -> Result<Vec<ListingTableUrl>, Problem> {
    let url = |file: &PathBuf| {
        let absolute = fs::canonicalize(file).map_err(|error| unreadable(file, &error.to_string()))?;
        let address = url_of(&absolute);
        ListingTableUrl::parse(&address).map_err(|error| unreadable(file, &error.to_string()))
    };
    files.iter().map(url).collect()
}

/// A path as a `file://` address: signs that have a meaning in addresses or patterns are written as percent codes.
fn url_of(path: &Path) -> String {
    let mut address = String::from("file://");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                address.push(char::from(byte))
            }
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address
}

pub(super) fn unreadable(file: &Path, reason: &str) -> Problem {
    let message = format!("`{}` cannot be read: {reason}", file.display());
    Problem::Broken(message, "check that the file is whole, and of the format that its ending says".to_owned())
}

/// A table of Parquet files.
pub(super) async fn parquet(context: &SessionContext, files: &[PathBuf]) -> Result<Arc<dyn TableProvider>, Problem> {
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()));
    let first = files.first().map(PathBuf::as_path).unwrap_or(Path::new(""));
    let broken = |error: datafusion::error::DataFusionError| unreadable(first, &error.strip_backtrace());
    let urls = urls(files)?;
    let options = ListingOptions { file_extension: String::new(), ..options };
    let config = ListingTableConfig::new_with_multi_paths(urls).with_listing_options(options);
    let config = config.infer_schema(&context.state()).await.map_err(broken)?;
    let table = ListingTable::try_new(config).map_err(broken)?;
    Ok(Arc::new(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_within_directories() {
        let matches = |pattern: &str, path: &str| glob(pattern).is_ok_and(|glob| glob.is_match(path));
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
