//! A project: a catalogue and its rule files, read from a directory or from texts.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::model::{Catalog, TableKind};
use crate::check::{Checked, Schemas, check};
use crate::diagnostic::consequence::without_consequences;
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::model::RuleFile;
use crate::source::{FileId, Sources, Span, yaml};
use crate::{catalog, rules};

/// The name of the catalogue's file.
pub const CATALOG: &str = "catalog.yaml";
/// How deep directories are followed.
const MAX_DEPTH: usize = 32;

/// A catalogue and rule files, with everything that was wrong when they were read.
///
/// ```
/// use kohort::{Project, Schemas};
///
/// let project = Project::from_texts([
///     ("catalog.yaml", "kohort: 1\nsubject: { name: customer, table: customers, key: id }\n\
///                       tables:\n  customers: { types: { id: text, city: text } }\n"),
///     ("rules.yaml", "segments:\n  locals: { when: city = 'Jakarta' }\n"),
/// ]);
/// let checked = project.check(&Schemas::new());
/// assert!(checked.ir.is_some(), "{:?}", checked.diagnostics);
/// ```
#[derive(Clone, Debug)]
pub struct Project {
    sources: Sources,
    directory: Option<PathBuf>,
    catalog: Option<Catalog>,
    rules: Vec<RuleFile>,
    diagnostics: Vec<Diagnostic>,
    catalog_is_broken: bool,
}

/// A project that cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectError {
    /// A file or directory is not there or cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no catalogue where it is looked for.
    #[error("there is no `{CATALOG}` in `{}`", path.display())]
    NoCatalog {
        /// Where it was looked for.
        path: PathBuf,
    },
}

impl Project {
    /// Reads a project from a directory, or a single rule file with the catalogue beside or above it.
    ///
    /// # Errors
    /// The path is not there or cannot be read, or there is no catalogue. Mistakes inside files are diagnostics.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ProjectError> {
        let path = path.as_ref();
        let catalog = if path.is_dir() { path.join(CATALOG) } else { beside(path)? };
        Self::open_with_catalog(path, catalog)
    }

    /// Reads rule files from a directory (or one rule file) against a catalogue elsewhere.
    ///
    /// # Errors
    /// As [`Project::open`].
    pub fn open_with_catalog(path: impl AsRef<Path>, catalog: impl AsRef<Path>) -> Result<Self, ProjectError> {
        let (path, catalog) = (path.as_ref(), catalog.as_ref());
        let unreadable = |path: &Path, source| ProjectError::Unreadable { path: path.to_owned(), source };
        let mut files = Vec::new();
        let meta = fs::metadata(path).map_err(|source| unreadable(path, source))?;
        if !catalog.is_file() {
            return Err(ProjectError::NoCatalog { path: catalog.parent().unwrap_or(catalog).to_owned() });
        }
        if meta.is_dir() {
            collect(path, 0, &mut files)?;
        } else {
            files.push(path.to_owned());
        }
        files.retain(|file| file.file_name().is_none_or(|name| name != CATALOG));
        files.sort();
        let mut project = Project::empty();
        project.directory = Some(catalog.parent().unwrap_or(Path::new("")).to_owned());
        project.add_file(catalog, true)?;
        for file in files {
            project.add_file(&file, false)?;
        }
        Ok(project)
    }

    /// Reads a project from named texts; the one whose name ends in `catalog.yaml` is the catalogue. Sources of its
    /// tables are relative to the working directory.
    pub fn from_texts<N: Into<String>, T: Into<String>>(texts: impl IntoIterator<Item = (N, T)>) -> Self {
        let mut project = Project::empty();
        for (name, text) in texts {
            let name = name.into();
            let is_catalog = Path::new(&name).file_name().is_some_and(|file| file == CATALOG);
            project.add_text(name, text.into(), is_catalog);
        }
        if project.catalog.is_none() && !project.catalog_is_broken {
            let file = project.sources.iter().next().map_or(FileId(0), |(id, _)| id);
            let message = "the project has no catalogue";
            let help = "add a `catalog.yaml` that describes the tables and who the groups are made of";
            project.diagnostics.push(Diagnostic::new(Code::NoCatalog, Span::new(file, 0, 0), message).help(help));
        }
        project
    }

    /// Says where the sources of tables are looked for, for a project that was not read from a directory.
    pub fn in_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    fn empty() -> Self {
        Project {
            sources: Sources::new(),
            directory: None,
            catalog: None,
            rules: Vec::new(),
            diagnostics: Vec::new(),
            catalog_is_broken: false,
        }
    }

    fn add_file(&mut self, path: &Path, is_catalog: bool) -> Result<(), ProjectError> {
        let name = path.strip_prefix(".").unwrap_or(path).display().to_string();
        let too_large = fs::metadata(path).is_ok_and(|meta| meta.len() > yaml::MAX_BYTES as u64);
        if too_large {
            let message = format!("this file is larger than {} MiB", yaml::MAX_BYTES >> 20);
            self.unusable(name, message, is_catalog);
            return Ok(());
        }
        match fs::read(path) {
            Err(source) => Err(ProjectError::Unreadable { path: path.to_owned(), source }),
            Ok(bytes) => {
                match String::from_utf8(bytes) {
                    Ok(text) => self.add_text(name, text, is_catalog),
                    Err(error) => {
                        let at = error.utf8_error().valid_up_to();
                        let message = format!("this file is not UTF-8 text (byte {at} is where it stops being so)");
                        self.unusable(name, message, is_catalog);
                    }
                }
                Ok(())
            }
        }
    }

    fn unusable(&mut self, name: String, message: String, is_catalog: bool) {
        let file = self.sources.add(name, String::new());
        let diagnostic = Diagnostic::new(Code::Unreadable, Span::new(file, 0, 0), message);
        self.diagnostics.push(diagnostic.help("save it as UTF-8 text, and keep rule files small"));
        self.catalog_is_broken |= is_catalog;
    }

    fn add_text(&mut self, name: String, text: String, is_catalog: bool) {
        let file = self.sources.add(name, text);
        let text = self.sources.get(file).map_or("", |source| source.text());
        let before = self.diagnostics.len();
        let node = yaml::parse(file, text, &mut self.diagnostics);
        if is_catalog {
            let found = node.and_then(|node| catalog::decode(&node, &mut self.diagnostics));
            let said = self.diagnostics.get(before..).unwrap_or_default();
            self.catalog_is_broken = found.is_none() || said.iter().any(Diagnostic::is_error);
            self.catalog = found;
        } else if let Some(node) = node {
            let rules = rules::decode(&node, file, &mut self.diagnostics);
            self.rules.push(rules);
        }
    }

    /// The project without its rules and what is wrong with them, for whoever looks at its data alone.
    pub fn without_rules(mut self) -> Self {
        self.rules.clear();
        if let Some(catalog) = &self.catalog {
            self.diagnostics.retain(|diagnostic| diagnostic.primary.span.file == catalog.file);
        }
        self
    }

    /// The project without rules, attributes and metrics: its tables.
    pub fn without_definitions(self) -> Self {
        let mut tables = self.without_rules();
        if let Some(catalog) = &mut tables.catalog {
            catalog.attributes.clear();
            catalog.metrics.clear();
        }
        tables
    }

    /// The project with nothing but the tables that have rows of their own.
    pub fn without_derived_tables(self) -> Self {
        let mut tables = self.without_definitions();
        if let Some(catalog) = &mut tables.catalog {
            catalog.tables.retain(|table| matches!(table.kind, TableKind::Source(_)));
        }
        tables
    }

    /// The files.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The catalogue, if it could be read.
    pub fn catalog(&self) -> Option<&Catalog> {
        self.catalog.as_ref()
    }

    /// The rule files, in the order of their paths.
    pub fn rules(&self) -> &[RuleFile] {
        &self.rules
    }

    /// Where the sources of tables are looked for: the catalogue's directory.
    pub fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// Checks everything against what is known of the data. The diagnostics include what reading the files found.
    ///
    /// Rules are held even against a catalogue with mistakes; errors that may come from those are left out.
    pub fn check(&self, schemas: &Schemas) -> Checked {
        let mut diagnostics = self.diagnostics.clone();
        let mut ir = None;
        if let Some(catalog) = &self.catalog {
            let checked = check(catalog, &self.rules, schemas);
            let of_catalog = |found: &&Diagnostic| found.primary.span.file == catalog.file;
            let causes: Vec<Diagnostic> = self.diagnostics.iter().filter(of_catalog).cloned().collect();
            diagnostics.extend(without_consequences(&self.sources, &causes, checked.diagnostics));
            ir = checked.ir;
        }
        diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span);
        diagnostics.dedup();
        if diagnostics.iter().any(Diagnostic::is_error) {
            ir = None;
        }
        Checked { ir, diagnostics }
    }
}

/// The catalogue beside a rule file or in a directory above.
fn beside(rules: &Path) -> Result<PathBuf, ProjectError> {
    let absolute = fs::canonicalize(rules);
    let absolute = absolute.map_err(|source| ProjectError::Unreadable { path: rules.to_owned(), source })?;
    let found = absolute.ancestors().skip(1).take(MAX_DEPTH).map(|dir| dir.join(CATALOG)).find(|path| path.is_file());
    let found = found.ok_or_else(|| ProjectError::NoCatalog { path: rules.parent().unwrap_or(rules).to_owned() })?;
    // Shown as people would write it: below the working directory, without the way there.
    let here = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
    Ok(found.strip_prefix(&here).map_or_else(|_| found.clone(), Path::to_owned))
}

fn collect(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), ProjectError> {
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
