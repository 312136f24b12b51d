//! What a watch keeps between runs: one file of JSON, replaced whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use kohort::AsOf;
use kohort::engine::{Key, Watched};
use serde::{Deserialize, Serialize};

use super::lines::Place;
use crate::cli::exit::{Failure, reason};

/// The version of the form.
const VERSION: u32 = 1;

/// The file that is kept.
pub struct Kept {
    path: PathBuf,
    /// What was in it at the start; none: there was none.
    pub last: Option<Last>,
}

/// What is kept.
#[derive(Deserialize)]
pub struct Last {
    kohort: u32,
    /// Microseconds since 1970-01-01T00:00Z.
    at: i64,
    /// What had been written by then.
    pub place: Place,
    members: BTreeMap<String, BTreeSet<Key>>,
}

/// The same, to be written.
#[derive(Serialize)]
struct Saved<'a> {
    kohort: u32,
    at: i64,
    place: Place,
    members: &'a BTreeMap<String, BTreeSet<Key>>,
}

impl Last {
    /// The members, and the instant.
    pub fn watched(&self) -> Watched {
        Watched { at: AsOf::from_micros(self.at), members: self.members.clone() }
    }
}

impl Kept {
    /// Reads the file, if it is there.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let unusable = |why: String| {
            let message = format!("cannot go on from `{}`: {why}", path.display());
            Failure::usage(message).help("name another file, or remove it to begin anew")
        };
        let last = match fs::read(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(unusable(reason(&error))),
            Ok(bytes) => {
                let last: Last = serde_json::from_slice(&bytes)
                    .map_err(|_| unusable("it is no file that `kohort watch` has kept".to_owned()))?;
                if last.kohort != VERSION {
                    return Err(unusable(format!("it is of form {}, and this program knows {VERSION}", last.kohort)));
                }
                Some(last)
            }
        };
        Ok(Kept { path: path.to_owned(), last })
    }

    /// Replaces what is kept: after a crash there is this, or what was there before.
    pub fn save(&self, now: &Watched, place: Place) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::writing(&format!("`{}`", self.path.display()), &error);
        let saved = Saved { kohort: VERSION, at: now.at.micros(), place, members: &now.members };
        let text = serde_json::to_vec(&saved).map_err(|error| failed(error.into()))?;
        let mut file = tempfile::NamedTempFile::new_in(directory_of(&self.path)).map_err(failed)?;
        file.write_all(&text).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&self.path).map_err(|error| failed(error.error))?;
        names_last(&self.path);
        Ok(())
    }
}

/// Makes the name of a new file last: it does when its directory does. Where directories cannot be opened, there is nothing to be
/// done.
pub fn names_last(path: &Path) {
    if let Ok(directory) = File::open(directory_of(path)) {
        let _ = directory.sync_all();
    }
}

fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
