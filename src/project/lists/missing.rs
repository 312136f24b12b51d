//! What is said where a file of values cannot be had.

use std::fs;
use std::path::{Path, PathBuf};

use super::MAX_BYTES;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::Sources;
use crate::source::yaml::fields::nearest;
use crate::syntax::ast::FileName;

/// How many files of a directory are looked at for one that may be meant.
const LOOKED_AT: usize = 10_000;

/// Why there is no text to read.
pub(super) enum Missing {
    /// The name is empty.
    Nameless,
    /// There is no such file; one of nearly that name may be there.
    Absent {
        /// The other one's name, without its directory.
        near: Option<String>,
    },
    Directory,
    Forbidden,
    TooLarge,
    /// It stops being UTF-8 at this byte.
    NotText(usize),
    /// Anything else, in words.
    Refused(String),
}

/// Of the files beside one that is not there, that whose name is nearest.
pub(super) fn near<'p>(missing: &Path, beside: impl Iterator<Item = &'p PathBuf>) -> Option<String> {
    let wanted = missing.file_name()?.to_string_lossy();
    let names: Vec<String> = beside.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != wanted).collect();
    names.sort_unstable();
    nearest(&wanted, names.into_iter()).map(str::to_owned)
}

/// As [`near`], of the files that are on disk.
pub(super) fn near_on_disk(missing: &Path) -> Option<String> {
    let directory = missing.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = fs::read_dir(directory).ok()?.take(LOOKED_AT).flatten();
    let files: Vec<PathBuf> = entries.filter(|entry| entry.path().is_file()).map(|entry| entry.path()).collect();
    near(missing, files.iter())
}

impl Missing {
    /// At the first of the places that name the file.
    pub fn finding(self, sources: &Sources, first: &FileName, names: &[FileName]) -> Diagnostic {
        let path = first.path.trim();
        let finding = |message: String| Diagnostic::new(Code::Unreadable, first.span, message);
        match self {
            Missing::Nameless => {
                finding("no file is named here".to_owned()).help("write its path, as in 'lists/vips.txt'")
            }
            Missing::Absent { near: Some(near) } => {
                offer(finding(format!("there is no file `{path}`")), sources, names, path, &near)
            }
            Missing::Absent { near: None } => finding(format!("there is no file `{path}`"))
                .help("paths are relative to the directory of the file that names them"),
            Missing::Directory => {
                finding(format!("`{path}` is a directory")).help("name the file in it that holds the values")
            }
            Missing::Forbidden => {
                finding(format!("the file `{path}` may not be read")).help("give yourself the right to read it")
            }
            Missing::TooLarge => finding(format!("`{path}` is larger than {} MiB", MAX_BYTES >> 20))
                .help("make it a table of the catalogue: `any(…)` asks for rows in one of any size"),
            Missing::NotText(at) => {
                finding(format!("`{path}` is not UTF-8 text (byte {at} is where it stops being so)"))
                    .help("save it as UTF-8 text; a spreadsheet calls that `CSV UTF-8`")
            }
            Missing::Refused(why) => finding(format!("`{path}` cannot be read: {why}"))
                .help("name a text file, or a .csv file with the names of its columns in the first row"),
        }
    }
}

/// Offers another file of the directory, in every place that names the missing one.
fn offer(finding: Diagnostic, sources: &Sources, names: &[FileName], path: &str, near: &str) -> Diagnostic {
    let meant = |path: &str| match path.rsplit_once('/') {
        Some((directory, _)) => format!("{directory}/{near}"),
        None => near.to_owned(),
    };
    let title = format!("did you mean `{}`?", meant(path));
    let edit = |name: &FileName| {
        let written = sources.slice(name.span);
        let quote = ["'", "\"", ""].into_iter().find(|quote| written == format!("{quote}{}{quote}", name.path))?;
        Some((name.span, format!("{quote}{}{quote}", meant(name.path.trim()))))
    };
    let harmless = near.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let edits: Option<Vec<_>> = names.iter().map(edit).collect();
    match edits.filter(|_| harmless) {
        Some(edits) => Diagnostic { fix: Some(Fix { title, edits }), ..finding },
        None => finding.help(title),
    }
}
