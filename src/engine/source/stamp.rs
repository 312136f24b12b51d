//! What files look like from outside, to notice that they have changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::location::files_of;
use crate::catalog::model::TableKind;
use crate::project::Project;

/// What the local files of a project's tables look like: it is another one when a file has changed, appeared or gone. Files at addresses
/// are not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Length in bytes, and when it was last changed.
    files: BTreeMap<PathBuf, (u64, Option<SystemTime>)>,
}

impl Stamp {
    /// Looks at the files now. What is not there, or may not be looked at, is as if it were gone.
    pub fn of(project: &Project) -> Self {
        let mut stamp = Stamp::default();
        let directory = project.directory().unwrap_or(Path::new(""));
        let tables = project.catalog().into_iter().flat_map(|catalog| &catalog.tables);
        for table in tables {
            let TableKind::Source(table) = &table.kind else { continue };
            let Some(source) = table.source.as_ref().map(|source| source.value.as_str()) else { continue };
            if source.contains("://") {
                continue;
            }
            for file in files_of(directory, source, source).unwrap_or_default() {
                if let Ok(metadata) = fs::metadata(&file) {
                    stamp.files.insert(file, (metadata.len(), metadata.modified().ok()));
                }
            }
        }
        stamp
    }
}
