//! The files of a project on disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{CATALOG, ProjectError};
use crate::source::yaml;

/// How deep directories are followed.
const MAX_DEPTH: usize = 32;

/// A file's text; inside, why there is none to be had from what it holds.
pub(super) fn read(path: &Path) -> io::Result<Result<String, String>> {
    if fs::metadata(path)?.len() > yaml::MAX_BYTES as u64 {
        return Ok(Err(format!("this file is larger than {} MiB", yaml::MAX_BYTES >> 20)));
    }
    Ok(String::from_utf8(fs::read(path)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("this file is not UTF-8 text (byte {at} is where it stops being so)")
    }))
}

/// The name that a file is shown under.
pub(super) fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// The catalogue beside a rule file or in a directory above.
pub(super) fn beside(rules: &Path) -> Result<PathBuf, ProjectError> {
    let absolute = fs::canonicalize(rules);
    let absolute = absolute.map_err(|source| ProjectError::Unreadable { path: rules.to_owned(), source })?;
    let found = absolute.ancestors().skip(1).take(MAX_DEPTH).map(|dir| dir.join(CATALOG)).find(|path| path.is_file());
    let found = found.ok_or_else(|| ProjectError::NoCatalog { path: rules.parent().unwrap_or(rules).to_owned() })?;
    // Shown as people would write it: below the working directory, without the way there.
    let here = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
    Ok(found.strip_prefix(&here).map_or_else(|_| found.clone(), Path::to_owned))
}

/// Every file below a directory that ends in `.yaml`, hidden ones passed over.
pub(super) fn collect(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), ProjectError> {
    let unreadable = |source| ProjectError::Unreadable { path: directory.to_owned(), source };
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() && !hidden && depth < MAX_DEPTH {
            collect(&path, depth + 1, files)?;
        } else if kind.is_file() && !hidden && path.extension().is_some_and(|ending| ending == "yaml") {
            files.push(path);
        }
    }
    Ok(())
}
