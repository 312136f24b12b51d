//! The file of cut points, beside the catalogue.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use super::include::plain;
use super::{CUT_POINTS, Project, ProjectError, files};
use crate::check::Beside;
use crate::diagnostic::{Code, Diagnostic};
use crate::frozen;
use crate::source::{FileId, Span};

impl Project {
    /// Reads the cut points beside a catalogue on disk. Gives the canonical path of their file, if there is one.
    pub(super) fn read_cut_points(&mut self, catalog: &Path) -> Result<Option<PathBuf>, ProjectError> {
        let path = catalog.parent().unwrap_or(Path::new("")).join(CUT_POINTS);
        let Ok(canonical) = fs::canonicalize(&path) else { return Ok(None) };
        let text = files::read(&path).map_err(|source| ProjectError::Unreadable { path: path.clone(), source })?;
        let name = files::shown(&path);
        match text {
            Ok(text) => {
                let file = self.sources.add(name, text);
                self.cut_points_from(file);
            }
            Err(message) => {
                let file = self.sources.add(name, String::new());
                self.cuts = Some(file);
                let finding = Diagnostic::new(Code::Unreadable, Span::new(file, 0, 0), message);
                self.diagnostics.push(finding.help(frozen::WAY_OUT));
            }
        }
        Ok(Some(canonical))
    }

    /// Reads the cut points that are among texts that were handed over. Gives their file.
    pub(super) fn read_cut_points_of(&mut self, texts: &[FileId]) -> Option<FileId> {
        let home = self.path_of(self.catalog.as_ref()?.file);
        let wanted = plain(&home.parent().unwrap_or(Path::new("")).join(CUT_POINTS));
        let file = texts.iter().copied().find(|file| plain(&self.path_of(*file)) == wanted)?;
        self.cut_points_from(file);
        Some(file)
    }

    fn cut_points_from(&mut self, file: FileId) {
        let text = self.sources.get(file).map_or("", |source| source.text());
        self.cuts = Some(file);
        self.beside.cut_points = frozen::decode(file, text, &mut self.diagnostics);
    }

    /// The project without its cut points and what is wrong with their file, as if there were no such file.
    pub fn without_cut_points(mut self) -> Self {
        if let Some(file) = self.cuts.take() {
            self.diagnostics.retain(|one| one.primary.span.file != file);
        }
        self.beside.cut_points = None;
        self
    }

    /// What checking is told. Where the file of cut points is broken, those that are not there are not missed.
    pub(super) fn beside_checked(&self) -> Cow<'_, Beside> {
        let broken = |file: FileId| self.diagnostics.iter().any(|one| one.is_error() && one.primary.span.file == file);
        let Some(catalog) = self.catalog.as_ref().filter(|_| self.cuts.is_some_and(broken)) else {
            return Cow::Borrowed(&self.beside);
        };
        let known = |name: &str| {
            let cut_points = self.beside.cut_points.iter();
            cut_points.flat_map(|cuts| &cuts.attributes).any(|cuts| cuts.name.text == name)
        };
        let mut beside = self.beside.clone();
        let frozen = catalog.attributes.iter().filter(|def| def.frozen.is_some() && !known(&def.name.text));
        beside.thawed.extend(frozen.map(|def| def.name.text.clone()));
        Cow::Owned(beside)
    }
}
