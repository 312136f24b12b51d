//! A project: a catalogue and its rule files, read from a directory or from texts.

mod cuts;
mod files;
mod include;
mod lists;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::model::{Catalog, TableKind};
use crate::check::{Beside, Checked, Schemas, check};
use crate::diagnostic::consequence::without_consequences;
use crate::diagnostic::{Code, Diagnostic};
use crate::frozen::model::CutPoints;
use crate::lists::Lists;
use crate::rules::model::RuleFile;
use crate::source::{FileId, Sources, Span, yaml};
use crate::{catalog, rules};
use include::IncludedFile;

/// The name of the catalogue's file.
pub const CATALOG: &str = "catalog.yaml";
/// The name of the file of cut points, beside the catalogue.
pub const CUT_POINTS: &str = "frozen.yaml";

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
    included: Vec<IncludedFile>,
    /// Something could not be included, so that names may be missing that are no mistakes.
    lacks_names: bool,
    beside: Beside,
    /// Files of values that the catalogue or what it includes names.
    lists_of_catalog: BTreeSet<FileId>,
    /// The file of cut points, sound or not.
    cuts: Option<FileId>,
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
        let catalog = if path.is_dir() { path.join(CATALOG) } else { files::beside(path)? };
        Self::open_with_catalog(path, catalog)
    }

    /// Reads rule files from a directory (or one rule file) against a catalogue elsewhere.
    ///
    /// # Errors
    /// As [`Project::open`].
    pub fn open_with_catalog(path: impl AsRef<Path>, catalog: impl AsRef<Path>) -> Result<Self, ProjectError> {
        let (path, catalog) = (path.as_ref(), catalog.as_ref());
        let unreadable = |path: &Path, source| ProjectError::Unreadable { path: path.to_owned(), source };
        let mut found = Vec::new();
        let meta = fs::metadata(path).map_err(|source| unreadable(path, source))?;
        if !catalog.is_file() {
            return Err(ProjectError::NoCatalog { path: catalog.parent().unwrap_or(catalog).to_owned() });
        }
        if meta.is_dir() {
            files::collect(path, 0, &mut found)?;
        } else {
            found.push(path.to_owned());
        }
        found.retain(|file| file.file_name().is_none_or(|name| name != CATALOG));
        found.sort();
        let mut project = Project::empty();
        project.directory = Some(catalog.parent().unwrap_or(Path::new("")).to_owned());
        project.add_file(catalog, true)?;
        let included = project.include_files(catalog);
        let cuts = project.read_cut_points(catalog)?;
        for file in found {
            let canonical = fs::canonicalize(&file).ok();
            let is_rules = |file: &PathBuf| !included.contains(file) && cuts.as_ref() != Some(file);
            if canonical.as_ref().is_none_or(is_rules) {
                project.add_file(&file, false)?;
            }
        }
        project.read_lists();
        Ok(project)
    }

    /// Reads a project from named texts; the one whose name ends in `catalog.yaml` is the catalogue. Sources of its
    /// tables are relative to the working directory.
    pub fn from_texts<N: Into<String>, T: Into<String>>(texts: impl IntoIterator<Item = (N, T)>) -> Self {
        let mut project = Project::empty();
        let texts = texts.into_iter();
        let added: Vec<FileId> = texts.map(|(name, text)| project.sources.add(name.into(), text.into())).collect();
        let is_catalog = |project: &Project, file: &FileId| {
            let name = project.sources.get(*file).map(|source| Path::new(source.name()));
            name.and_then(Path::file_name).is_some_and(|name| name == CATALOG)
        };
        let (catalogs, others): (Vec<_>, Vec<_>) = added.into_iter().partition(|file| is_catalog(&project, file));
        for file in catalogs {
            project.read_text(file, true);
        }
        let included = project.include_texts(&others);
        let cuts = project.read_cut_points_of(&others);
        let others: Vec<FileId> =
            others.into_iter().filter(|file| !included.contains(file) && cuts != Some(*file)).collect();
        project.read_rules_of(&others);
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
            included: Vec::new(),
            lacks_names: false,
            beside: Beside::default(),
            lists_of_catalog: BTreeSet::new(),
            cuts: None,
        }
    }

    fn add_file(&mut self, path: &Path, is_catalog: bool) -> Result<(), ProjectError> {
        let name = files::shown(path);
        match files::read(path) {
            Err(source) => return Err(ProjectError::Unreadable { path: path.to_owned(), source }),
            Ok(Ok(text)) => {
                let file = self.sources.add(name, text);
                self.read_text(file, is_catalog);
            }
            Ok(Err(message)) => {
                self.unusable(name, message);
                self.catalog_is_broken |= is_catalog;
            }
        }
        Ok(())
    }

    /// A file whose text is not to be had.
    fn unusable(&mut self, name: String, message: String) -> FileId {
        let file = self.sources.add(name, String::new());
        let diagnostic = Diagnostic::new(Code::Unreadable, Span::new(file, 0, 0), message);
        self.diagnostics.push(diagnostic.help("save it as UTF-8 text, and keep rule files small"));
        file
    }

    fn read_text(&mut self, file: FileId, is_catalog: bool) {
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

    /// Reads rule files and the files of values that they and the catalogue name, of texts that were handed over. Whether a text
    /// is rules or values is known when all rules are read.
    fn read_rules_of(&mut self, texts: &[FileId]) {
        let before = self.diagnostics.len();
        for file in texts {
            if !self.ends_as_list(*file) {
                self.read_text(*file, false);
            }
        }
        let lists = self.are_lists(texts);
        self.rules.retain(|rules| !lists.contains(&rules.file));
        let said = self.diagnostics.split_off(before);
        self.diagnostics.extend(said.into_iter().filter(|one| !lists.contains(&one.primary.span.file)));
        self.read_lists_of(texts);
    }

    /// The project without its rules and what is wrong with them, for whoever looks at its data alone. Cut points do not
    /// count.
    pub fn without_rules(self) -> Self {
        let mut project = self.without_cut_points();
        project.rules.clear();
        if let Some(catalog) = &project.catalog {
            let frozen = catalog.attributes.iter().filter(|def| def.frozen.is_some());
            project.beside.thawed.extend(frozen.map(|def| def.name.text.clone()));
            let kept = std::mem::take(&mut project.diagnostics);
            let concerns = |one: &Diagnostic| {
                let file = one.primary.span.file;
                project.is_of_catalog(file) || project.lists_of_catalog.contains(&file)
            };
            project.diagnostics = kept.into_iter().filter(concerns).collect();
        }
        project
    }

    /// The project without rules, attributes and metrics: its tables.
    pub fn without_definitions(self) -> Self {
        let mut tables = self.without_rules();
        if let Some(catalog) = &mut tables.catalog {
            catalog.attributes.clear();
            catalog.metrics.clear();
            catalog.partitions.clear();
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

    /// The files of values that definitions name.
    pub fn lists(&self) -> &Lists {
        &self.beside.lists
    }

    /// The cut points of frozen attributes, if there is a file of them that could be read.
    pub fn cut_points(&self) -> Option<&CutPoints> {
        self.beside.cut_points.as_ref()
    }

    /// Frozen attributes that are computed anew.
    pub fn thawed(&self) -> &BTreeSet<String> {
        &self.beside.thawed
    }

    /// Lets frozen attributes of these names be computed anew, as if there were no cut points and they needed none.
    pub fn thaw<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.beside.thawed.extend(names.into_iter().map(Into::into));
        self
    }

    /// The project with these cut points in the place of its own; of the frozen attributes only those of these names are computed
    /// anew.
    pub fn with_cut_points<N: Into<String>>(
        mut self,
        cut_points: CutPoints,
        thawed: impl IntoIterator<Item = N>,
    ) -> Self {
        self.beside.cut_points = Some(cut_points);
        self.beside.thawed = thawed.into_iter().map(Into::into).collect();
        self
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
            let checked = check(catalog, &self.rules, schemas, &self.beside_checked());
            let of_catalog = |found: &&Diagnostic| self.is_of_catalog(found.primary.span.file);
            let causes: Vec<Diagnostic> = self.diagnostics.iter().filter(of_catalog).cloned().collect();
            let mut found = without_consequences(&self.sources, &causes, checked.diagnostics);
            found.retain(|one| !(self.lacks_names && one.code == Code::UnknownName));
            diagnostics.extend(found);
            ir = checked.ir;
        }
        diagnostics.iter_mut().for_each(|one| self.tell_included(one));
        diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span);
        diagnostics.dedup();
        if diagnostics.iter().any(Diagnostic::is_error) {
            ir = None;
        }
        Checked { ir, diagnostics }
    }
}
