//! Waiting for a change: files are looked at a few times a second, which needs nothing of the system.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use crate::cli::project::ProjectArguments;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(300);

/// How deep directories are followed.
const MAX_DEPTH: usize = 32;

/// Endings of files that a project reads beside its data.
const ENDINGS: [&str; 5] = ["yaml", "csv", "tsv", "txt", "sql"];

/// The state of a project's files: when each was changed last, and its size.
#[derive(PartialEq, Eq)]
pub struct Stamp {
    files: BTreeMap<PathBuf, (Option<SystemTime>, u64)>,
}

/// The directory whose files are looked at.
pub fn root(project: &ProjectArguments) -> PathBuf {
    match project.path.is_dir() {
        true => project.path.clone(),
        false => match project.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        },
    }
}

impl Stamp {
    /// As files are now.
    pub fn of(root: &Path) -> Self {
        let mut stamp = Stamp { files: BTreeMap::new() };
        stamp.look(root, 0);
        stamp
    }

    /// Returns when something is otherwise.
    pub fn wait_for_change(&self, root: &Path) {
        while Stamp::of(root) == *self {
            sleep(PAUSE);
        }
    }

    fn look(&mut self, directory: &Path, depth: usize) {
        // What cannot be read now may be there in a moment.
        let Ok(entries) = fs::read_dir(directory) else { return };
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(meta) = fs::metadata(&path) else { continue };
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if hidden {
                continue;
            }
            if meta.is_dir() && depth < MAX_DEPTH {
                self.look(&path, depth + 1);
            } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) {
                self.files.insert(path, (meta.modified().ok(), meta.len()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_seen() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::create_dir(at("rules")).unwrap();
        fs::write(at("rules/a.yaml"), "a").unwrap();
        let before = Stamp::of(directory.path());
        fs::write(at("notes.md"), "what nobody reads").unwrap();
        assert!(Stamp::of(directory.path()) == before);
        fs::write(at("rules/a.yaml"), "ab").unwrap();
        assert!(Stamp::of(directory.path()) != before);
        before.wait_for_change(directory.path());
    }
}
