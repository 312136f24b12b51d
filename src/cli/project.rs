//! The project that a command is about.

use std::path::{Path, PathBuf};

use clap::Args;
use kohort::{Project, ProjectError};

use super::exit::{Failure, reason};

/// Which project.
#[derive(Args)]
pub struct ProjectArguments {
    /// A directory with a `catalog.yaml` and rule files, or a single rule file
    #[arg(value_name = "PROJECT")]
    pub path: PathBuf,
    /// Take the catalogue from here instead of from the directory, or from beside or above the rule file
    #[arg(long, value_name = "PATH")]
    pub catalog: Option<PathBuf>,
}

impl ProjectArguments {
    /// Reads it. Mistakes inside its files are diagnostics, found later.
    pub fn open(&self) -> Result<Project, Failure> {
        if let Some(catalog) = &self.catalog {
            let catalog = if catalog.is_dir() { catalog.join("catalog.yaml") } else { catalog.clone() };
            if !catalog.is_file() {
                let message = format!("there is no catalogue at `{}`", catalog.display());
                return Err(Failure::usage(message)
                    .help("`--catalog` names a file such as `shop/catalog.yaml`, or its directory"));
            }
            return Project::open_with_catalog(&self.path, catalog).map_err(|error| self.failure(error));
        }
        Project::open(&self.path).map_err(|error| self.failure(error))
    }

    /// The arguments as somebody would type them.
    pub fn as_typed(&self) -> String {
        let path = quoted(&self.path);
        match &self.catalog {
            Some(catalog) => format!("{path} --catalog {}", quoted(catalog)),
            None => path,
        }
    }

    fn failure(&self, error: ProjectError) -> Failure {
        match error {
            ProjectError::Unreadable { path, source } => {
                let failure = Failure::usage(format!("cannot read `{}`: {}", path.display(), reason(&source)));
                match path == self.path {
                    true => failure.help("a project is a directory with a `catalog.yaml`, or a rule file"),
                    false => failure,
                }
            }
            ProjectError::NoCatalog { path } => {
                let place = if path.as_os_str().is_empty() { Path::new(".") } else { &path };
                let place = match self.path.is_dir() {
                    true => format!("in `{}`", place.display()),
                    false => format!("in `{}` or in a directory above", place.display()),
                };
                let help = "write one that describes the tables, or name one elsewhere with `--catalog PATH`";
                Failure::usage(format!("there is no `catalog.yaml` {place}")).help(help)
            }
            other => Failure::usage(other.to_string()),
        }
    }
}

/// A path as somebody would type it in a shell.
pub fn quoted(path: &Path) -> String {
    let shown = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%".contains(c);
    match shown.chars().all(plain) && !shown.is_empty() {
        true => shown,
        false => format!("'{}'", shown.replace('\'', "'\\''")),
    }
}
