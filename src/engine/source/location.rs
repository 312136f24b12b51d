//! From a path, a pattern, a directory or an address to files.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use datafusion::execution::context::SessionContext;
use datafusion::execution::object_store::ObjectStoreUrl;
use object_store::{ObjectMeta, ObjectStore};

use super::{Problem, glob, hive, remote};
use crate::catalog::model::FileFormat;

/// How deep directories are followed.
const MAX_DEPTH: usize = 16;

/// The files of a table, sorted by path; at least one.
#[derive(Clone, Debug)]
pub(super) struct Located {
    /// Where they are.
    pub url: ObjectStoreUrl,
    /// What reads them.
    pub store: Arc<dyn ObjectStore>,
    /// The files.
    pub files: Vec<DataFile>,
    /// The names of the columns that directories such as `year=2026` make, in their order.
    pub partitions: Vec<String>,
}

/// A file of data.
#[derive(Clone, Debug)]
pub(super) struct DataFile {
    /// How people know it: as the catalogue names it.
    pub shown: String,
    /// How its store knows it.
    pub meta: ObjectMeta,
    /// What its directories say: a value, or unknown, for each partition column.
    pub parts: Vec<Option<String>>,
}

/// Finds the files that a source names.
pub(super) async fn locate(
    directory: Option<&Path>,
    context: &SessionContext,
    source: &str,
) -> Result<Located, Problem> {
    match source.split_once("://") {
        Some(("file", path)) => local(Path::new(""), &remote::decoded(path), source, context),
        Some(_) => remote::locate(context, source).await,
        None => local(directory.unwrap_or(Path::new("")), source, source, context),
    }
}

fn local(directory: &Path, path: &str, source: &str, context: &SessionContext) -> Result<Located, Problem> {
    let url = ObjectStoreUrl::local_filesystem();
    let store = context.runtime_env().object_store(&url);
    let store = store.map_err(|error| Problem::broken(error.to_string(), "use a session that reads local files"))?;
    let paths = files_of(directory, path, source)?;
    let mut files = Vec::with_capacity(paths.len());
    let mut partitions = hive::Partitions::default();
    for path in paths {
        let shown = shown(&path);
        let below = path.strip_prefix(directory).unwrap_or(&path).to_string_lossy().into_owned();
        let parts = partitions.of(&shown, &below)?;
        files.push(DataFile { meta: meta(&path, &shown)?, shown, parts });
    }
    Ok(Located { url, store, files, partitions: partitions.names() })
}

fn meta(path: &Path, shown: &str) -> Result<ObjectMeta, Problem> {
    let refused = |error: &dyn std::fmt::Display| Problem::unreadable(shown, &error.to_string());
    let absolute = fs::canonicalize(path).map_err(|error| refused(&error))?;
    let metadata = fs::metadata(&absolute).map_err(|error| refused(&error))?;
    // What may not be read is told now, by its name.
    fs::File::open(&absolute).map_err(|error| refused(&error))?;
    let location = object_store::path::Path::from_absolute_path(&absolute).map_err(|error| refused(&error))?;
    let last_modified = metadata.modified().map(Into::into).unwrap_or_default();
    Ok(ObjectMeta { location, last_modified, size: metadata.len(), e_tag: None, version: None })
}

/// A path as people write it.
fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    text.strip_prefix("./").map(str::to_owned).unwrap_or(text)
}

/// The local files that a source names, sorted; at least one.
pub(super) fn files_of(directory: &Path, path: &str, source: &str) -> Result<Vec<PathBuf>, Problem> {
    let path = directory.join(path);
    let shown = shown(&path);
    let mut files = Vec::new();
    if source.contains(glob::SIGNS) && !path.exists() {
        let base = fixed_part(&path);
        collect(&base, 0, &mut files)?;
        let pattern = glob::compile(&path.display().to_string())
            .map_err(|reason| Problem::broken(format!("`{source}` is no pattern: {reason}"), "use `*` and `?`"))?;
        files.retain(|file| pattern.is_match(&file.display().to_string()));
        if files.is_empty() {
            return Err(Problem::Missing(format!("no file matches `{shown}`")));
        }
    } else if path.is_dir() {
        collect(&path, 0, &mut files)?;
        files.retain(|file| FileFormat::of_path(&file.to_string_lossy()).is_some());
        if files.is_empty() {
            let message = format!("the directory `{shown}` holds no Parquet, CSV, NDJSON or Arrow file");
            return Err(Problem::Missing(message));
        }
    } else if path.exists() {
        files.push(path);
    } else {
        return Err(Problem::Missing(format!("there is no file `{shown}`")));
    }
    files.sort();
    Ok(files)
}

/// The directories before the first sign of a pattern.
fn fixed_part(path: &Path) -> PathBuf {
    let fixed = |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(glob::SIGNS);
    let base: PathBuf = path.components().take_while(fixed).collect();
    if base.as_os_str().is_empty() { PathBuf::from(".") } else { base }
}

fn collect(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Problem> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Problem::unreadable(&directory.display().to_string(), &error.to_string())),
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with(['.', '_']);
        if hidden {
            continue;
        }
        if path.is_dir() {
            if depth < MAX_DEPTH {
                collect(&path, depth + 1, files)?;
            }
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}
