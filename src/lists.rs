//! Files of values that definitions name (`in file 'lists/skus.txt'`), as read: nothing is typed yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::model::Placed;
use crate::source::{FileId, Span};

/// Every file of values of a project, by the file that names it and the path that it is named by.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    files: BTreeMap<(FileId, String), Arc<ListFile>>,
}

/// A file of values.
#[derive(Clone, Debug)]
pub struct ListFile {
    /// The name that it is shown under.
    pub name: String,
    /// The file.
    pub file: FileId,
    /// What its columns are called; none: a text file, each line a value.
    pub header: Option<Vec<Placed<String>>>,
    /// Its rows, blank lines left out.
    pub rows: Vec<ListRow>,
}

/// A row of a file of values.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// Where it stands.
    pub span: Span,
    /// One value for each column of the header; one where there is no header.
    pub values: Vec<String>,
}

impl Lists {
    /// A file by what it is called in another; none: it could not be read, and that has been reported.
    pub fn get(&self, from: FileId, path: &str) -> Option<&ListFile> {
        self.files.get(&(from, path.to_owned())).map(Arc::as_ref)
    }

    /// Adds a file under the name that another has for it; one file may be added under many.
    pub fn insert(&mut self, from: FileId, path: String, list: Arc<ListFile>) {
        self.files.insert((from, path), list);
    }
}
