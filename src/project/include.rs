//! The files and libraries that a catalogue includes: found, read, and merged into it.

use std::collections::{BTreeSet, HashMap};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use super::{Project, files};
use crate::catalog::model::{Fragment, Include, IncludeOrigin};
use crate::catalog::{self, Included};
use crate::diagnostic::{Code, Diagnostic};
use crate::library;
use crate::source::{FileId, Span, yaml};

/// A file that the catalogue includes.
#[derive(Clone, Copy, Debug)]
pub(super) struct IncludedFile {
    pub(super) file: FileId,
    /// Where the catalogue names it.
    pub(super) place: Span,
    /// It is part of the program, so that nobody can change it in place.
    pub(super) ships: bool,
}

/// Why there is no file: what is wrong, what to do.
struct NoFile {
    message: String,
    help: &'static str,
}

impl NoFile {
    fn absent(path: &str) -> Self {
        let help = "paths are relative to the directory of the catalogue";
        NoFile { message: format!("there is no file `{path}`"), help }
    }

    fn refused(path: &str, error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => NoFile::absent(path),
            ErrorKind::PermissionDenied => {
                let help = "give yourself the right to read it";
                NoFile { message: format!("the file `{path}` may not be read"), help }
            }
            ErrorKind::IsADirectory => {
                NoFile { message: format!("`{path}` is a directory"), help: "name the files in it, one by one" }
            }
            _ => NoFile { message: format!("`{path}` cannot be read: {error}"), help: "name a file of YAML" },
        }
    }
}

impl Project {
    /// Includes what the catalogue on disk names. Gives the files, by their canonical paths.
    pub(super) fn include_files(&mut self, catalog: &Path) -> BTreeSet<PathBuf> {
        let directory = catalog.parent().unwrap_or(Path::new("")).to_owned();
        let mut known: HashMap<PathBuf, FileId> = HashMap::new();
        if let (Some(read), Ok(path)) = (&self.catalog, fs::canonicalize(catalog)) {
            known.insert(path, read.file);
        }
        self.include(&mut |project, written| {
            let path = directory.join(written);
            let canonical = fs::canonicalize(&path).map_err(|error| NoFile::refused(written, &error))?;
            if let Some(file) = known.get(&canonical) {
                return Ok(*file);
            }
            let text = files::read(&path).map_err(|error| NoFile::refused(written, &error))?;
            let file = match text {
                Ok(text) => project.sources.add(files::shown(&path), text),
                Err(message) => project.unusable(files::shown(&path), message),
            };
            known.insert(canonical, file);
            Ok(file)
        });
        known.into_keys().collect()
    }

    /// Includes, of texts that were handed over, those that the catalogue names. Gives them.
    pub(super) fn include_texts(&mut self, texts: &[FileId]) -> Vec<FileId> {
        let Some(catalog) = &self.catalog else { return Vec::new() };
        let home = self.path_of(catalog.file);
        let mut known: HashMap<PathBuf, FileId> =
            texts.iter().map(|file| (plain(&self.path_of(*file)), *file)).collect();
        known.insert(plain(&home), catalog.file);
        let directory = home.parent().unwrap_or(Path::new("")).to_owned();
        self.include(&mut |_, written| {
            let path = plain(&directory.join(written));
            known.get(&path).copied().ok_or_else(|| NoFile::absent(written))
        });
        self.included.iter().map(|included| included.file).collect()
    }

    /// The path that a file is shown under.
    pub(super) fn path_of(&self, file: FileId) -> PathBuf {
        self.sources.get(file).map(|source| PathBuf::from(source.name())).unwrap_or_default()
    }

    fn include(&mut self, find: &mut dyn FnMut(&mut Project, &str) -> Result<FileId, NoFile>) {
        let Some(catalog) = &self.catalog else { return };
        let (includes, home) = (catalog.includes.clone(), catalog.file);
        let mut read = Vec::new();
        self.lacks_names |= includes.iter().any(Option::is_none);
        for include in includes.into_iter().flatten() {
            let found = match &include.origin.value {
                IncludeOrigin::Library(name) => self.library(&include, name),
                IncludeOrigin::File(path) => match find(self, path) {
                    Ok(file) => Some(file),
                    Err(NoFile { message, help }) => {
                        let finding = Diagnostic::new(Code::Unreadable, include.origin.span, message);
                        self.diagnostics.push(finding.help(help));
                        None
                    }
                },
            };
            match found {
                None => self.lacks_names = true,
                Some(file) if file == home => {
                    let message = "the catalogue includes itself";
                    let finding = Diagnostic::new(Code::Cycle, include.origin.span, message);
                    self.diagnostics.push(finding.help("remove it from `include:`"));
                }
                Some(file) => read.extend(self.fragment(file, include)),
            }
        }
        if let Some(catalog) = &mut self.catalog {
            let whole = catalog::merge(catalog, read, &mut self.diagnostics);
            self.lacks_names |= !whole;
        }
    }

    /// A library as a file of the project.
    fn library(&mut self, include: &Include, name: &str) -> Option<FileId> {
        if let Some(library) = library::find(name) {
            let path = library.path();
            let known = self.included.iter().map(|included| included.file);
            let known = known.into_iter().find(|file| self.sources.get(*file).is_some_and(|one| one.name() == path));
            return Some(known.unwrap_or_else(|| self.sources.add(path, library.text)));
        }
        let finding = Diagnostic::new(Code::UnknownName, include.origin.span, format!("there is no library `{name}`"));
        self.diagnostics.push(match library::near(name) {
            Some(near) => finding.fix(format!("did you mean `{}`?", near.name), near.name),
            None => {
                let all: Vec<String> = library::ALL.iter().map(|library| format!("`{}`", library.name)).collect();
                let help = format!("there is {}; a file of your own is named with its ending, `.yaml`", all.join(", "));
                finding.help(help)
            }
        });
        None
    }

    /// What a file defines; none if it is included already or cannot be read, which has been said.
    fn fragment(&mut self, file: FileId, include: Include) -> Option<Included> {
        let place = include.origin.span;
        if let Some(first) = self.included.iter().find(|included| included.file == file) {
            let message = format!("{} is included twice", include.origin.value);
            let finding = Diagnostic::new(Code::NameTaken, place, message).also(first.place, "first here");
            let help = "remove one of the two; for a second set of tables, copy it to a file with names of its own";
            self.diagnostics.push(finding.help(help));
            return None;
        }
        let ships = matches!(include.origin.value, IncludeOrigin::Library(_));
        self.included.push(IncludedFile { file, place, ships });
        let fragment = read(self, file);
        self.lacks_names |= fragment.is_none();
        Some(Included { include, fragment: fragment? })
    }

    /// Whether a file belongs to the catalogue: its own, or one that it includes.
    pub(super) fn is_of_catalog(&self, file: FileId) -> bool {
        let own = self.catalog.as_ref().is_some_and(|catalog| catalog.file == file);
        own || self.included.iter().any(|included| included.file == file)
    }

    /// Says of what is found in an included file who includes it, and how to do without.
    pub(super) fn tell_included(&self, found: &mut Diagnostic) {
        let file = found.primary.span.file;
        let Some(included) = self.included.iter().find(|included| included.file == file) else { return };
        let mut told = found.clone().also(included.place, "included here");
        if matches!(found.code, Code::NameTaken | Code::AmbiguousName) {
            let name = self.sources.slice(found.primary.span);
            told = told.help(format!("or leave it out where it is included: `except: [{name}]`"));
        }
        if let Some(fix) = told.fix.take_if(|_| included.ships) {
            told = told.help(fix.title);
        }
        *found = told;
    }
}

fn read(project: &mut Project, file: FileId) -> Option<Fragment> {
    let text = project.sources.get(file).map_or("", |source| source.text());
    // Why a file that could not be read has no text has been said.
    let unusable = text.is_empty() && project.diagnostics.iter().any(|one| one.primary.span.file == file);
    if unusable {
        return None;
    }
    let node = yaml::parse(file, text, &mut project.diagnostics)?;
    catalog::decode_fragment(&node, &mut project.diagnostics)
}

/// A path without `.` and, as far as they can be taken back, `..`.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}
