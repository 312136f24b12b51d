//! The files of values that definitions name (`in file 'lists/skus.txt'`, `include: { file: vips.csv }`): found, and read,
//! each once.

mod delimited;
mod lines;
mod missing;
mod named;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::include::plain;
use super::{Project, files};
use crate::diagnostic::{Code, Diagnostic};
use crate::lists::ListFile;
use crate::source::FileId;
use crate::syntax::ast::FileName;
use missing::Missing;

/// The largest file of values that is read: 256 MiB.
const MAX_BYTES: u64 = 256 << 20;

/// A file of values and every place that names it.
struct Wanted {
    /// Its path, as the first of the places has it.
    location: PathBuf,
    names: Vec<FileName>,
}

impl Project {
    /// Reads the files of values that are named, from disk.
    pub(super) fn read_lists(&mut self) {
        self.each_list(&mut |project, location| {
            let file = text_of(location)?;
            Ok(project.sources.add(files::shown(location), file))
        });
    }

    /// Reads the files of values that are named, of the texts that were handed over.
    pub(super) fn read_lists_of(&mut self, texts: &[FileId]) {
        let known: HashMap<PathBuf, FileId> = texts.iter().map(|file| (plain(&self.path_of(*file)), *file)).collect();
        self.each_list(&mut |_, location| {
            let location = plain(location);
            let near = missing::near(&location, known.keys().filter(|path| path.parent() == location.parent()));
            known.get(&location).copied().ok_or(Missing::Absent { near })
        });
    }

    /// Of texts that were handed over, those that are files of values: they are named as such, or end as such.
    pub(super) fn are_lists(&self, texts: &[FileId]) -> Vec<FileId> {
        let wanted: Vec<PathBuf> = self.wanted().into_iter().map(|wanted| plain(&wanted.location)).collect();
        let is_wanted = |file: &FileId| wanted.contains(&plain(&self.path_of(*file)));
        texts.iter().copied().filter(|file| self.ends_as_list(*file) || is_wanted(file)).collect()
    }

    /// Finds and reads every file of values.
    fn each_list(&mut self, find: &mut dyn FnMut(&mut Project, &Path) -> Result<FileId, Missing>) {
        for Wanted { location, names } in self.wanted() {
            let Some(first) = names.first() else { continue };
            if let Some(included) = self.included.iter().find(|one| one.ships && one.file == first.span.file) {
                let message = "a library that ships with kohort has no files of values beside it";
                let place = included.place;
                self.diagnostics
                    .push(Diagnostic::new(Code::Unreadable, first.span, message).also(place, "included here"));
                continue;
            }
            let found = match first.path.trim().is_empty() {
                true => Err(Missing::Nameless),
                false => find(self, &location),
            };
            match found {
                Ok(file) => self.list(file, names),
                Err(missing) => {
                    let finding = missing.finding(&self.sources, first, &names);
                    self.diagnostics.push(named_elsewhere(finding, &names));
                }
            }
        }
    }

    /// Reads a file of values, for all that name it.
    fn list(&mut self, file: FileId, names: Vec<FileName>) {
        let Some(source) = self.sources.get(file) else { return };
        let name = source.name().to_owned();
        let ending = Path::new(&name).extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let before = self.diagnostics.len();
        let text = source.shared_text();
        let (header, rows) = match ending.as_deref() {
            Some("csv") => delimited::read(file, &text, b',', &mut self.diagnostics),
            Some("tsv") => delimited::read(file, &text, b'\t', &mut self.diagnostics),
            _ => (None, lines::read(&text)),
        };
        if names.iter().any(|name| self.is_of_catalog(name.span.file)) {
            self.lists_of_catalog.insert(file);
        }
        if self.diagnostics.len() > before {
            return;
        }
        if rows.is_empty()
            && let Some(first) = names.first()
        {
            let message = format!("`{}` holds no values, so nothing is in it", first.path);
            let finding = Diagnostic::new(Code::Unused, first.span, message);
            let help = match ending.as_deref() {
                Some("csv" | "tsv") => "write the name of the column in its first line, and the values below it",
                _ => "write values into it, one a line",
            };
            self.diagnostics.push(named_elsewhere(finding.help(help), &names));
        }
        let list = Arc::new(ListFile { name, file, header, rows });
        for name in names {
            self.beside.lists.insert(name.span.file, name.path, Arc::clone(&list));
        }
    }

    /// Whether a text is a file of values by its name, so that it is never taken for rules.
    pub(super) fn ends_as_list(&self, file: FileId) -> bool {
        let ending = self.path_of(file).extension().map(|ending| ending.to_string_lossy().to_lowercase());
        ending.is_some_and(|ending| matches!(ending.as_str(), "csv" | "tsv" | "txt"))
    }

    /// What is named, each file once, in the order in which they are first named.
    fn wanted(&self) -> Vec<Wanted> {
        let mut found = named::all(self.catalog.as_ref(), &self.rules);
        found.sort_by_key(|name| name.span);
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut known: HashMap<PathBuf, usize> = HashMap::new();
        for name in found {
            let home = self.path_of(name.span.file);
            let location = home.parent().unwrap_or(Path::new("")).join(name.path.trim());
            match known.get(&plain(&location)).and_then(|at| wanted.get_mut(*at)) {
                Some(wanted) => wanted.names.push(name),
                None => {
                    known.insert(plain(&location), wanted.len());
                    wanted.push(Wanted { location, names: vec![name] });
                }
            }
        }
        wanted
    }
}

/// The text of a file on disk.
fn text_of(path: &Path) -> Result<String, Missing> {
    let absent = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Missing::Absent { near: missing::near_on_disk(path) },
        io::ErrorKind::PermissionDenied => Missing::Forbidden,
        _ => Missing::Refused(error.to_string()),
    };
    let meta = fs::metadata(path).map_err(absent)?;
    if meta.is_dir() {
        return Err(Missing::Directory);
    }
    if !meta.is_file() {
        return Err(Missing::Refused("it is no ordinary file".to_owned()));
    }
    if meta.len() > MAX_BYTES {
        return Err(Missing::TooLarge);
    }
    let bytes = fs::read(path).map_err(absent)?;
    String::from_utf8(bytes).map_err(|error| Missing::NotText(error.utf8_error().valid_up_to()))
}

/// One mistake that shows in several places.
fn named_elsewhere(finding: Diagnostic, names: &[FileName]) -> Diagnostic {
    const SHOWN: usize = 3;
    names.iter().skip(1).take(SHOWN).fold(finding, |finding, name| finding.also(name.span, "named here too"))
}
