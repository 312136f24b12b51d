//! Where the new project stands: nothing is overwritten, and both files appear or none.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::cli::exit::{Failure, reason};

const FILES: [&str; 2] = ["catalog.yaml", "rules.yaml"];

/// Says which file is in the way.
pub fn refuse_existing(directory: &Path) -> Result<(), Failure> {
    let existing = FILES.map(|name| directory.join(name)).into_iter().find(|path| path.symlink_metadata().is_ok());
    match existing {
        None => Ok(()),
        Some(path) => Err(Failure::usage(format!("`{}` is there already, and is not overwritten", path.display()))
            .help("name another directory, or move the file away")),
    }
}

/// The directory of the new project. What was made of it is taken away again if nothing is written.
pub struct Place {
    directory: PathBuf,
    absolute: PathBuf,
    /// Directories that were made, the innermost first.
    made: Vec<PathBuf>,
}

impl Place {
    /// Makes the directory if it is not there.
    pub fn make(directory: &Path) -> Result<Self, Failure> {
        let refused = |error: std::io::Error| {
            Failure::usage(format!("cannot make the directory `{}`: {}", directory.display(), reason(&error)))
        };
        let missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
        let made: Vec<PathBuf> = directory.ancestors().take_while(missing).map(Path::to_owned).collect();
        fs::create_dir_all(directory).map_err(refused)?;
        let absolute = fs::canonicalize(directory).map_err(refused)?;
        Ok(Place { directory: directory.to_owned(), absolute, made })
    }

    /// The directory from the root, without links.
    pub fn absolute(&self) -> &Path {
        &self.absolute
    }

    /// Writes both files.
    pub fn write(mut self, catalog: &str, rules: &str) -> Result<(), Failure> {
        let [catalog_path, rules_path] = FILES.map(|name| self.directory.join(name));
        let catalog = under_way(&self.directory, catalog).map_err(|error| refused(&catalog_path, &error))?;
        let rules = under_way(&self.directory, rules).map_err(|error| refused(&rules_path, &error))?;
        // Files that have appeared meanwhile are left alone.
        catalog.persist_noclobber(&catalog_path).map_err(|error| refused(&catalog_path, &error.error))?;
        if let Err(error) = rules.persist_noclobber(&rules_path) {
            let _ = fs::remove_file(&catalog_path);
            return Err(refused(&rules_path, &error.error));
        }
        self.made.clear();
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for directory in &self.made {
            // Only what is empty goes.
            let _ = fs::remove_dir(directory);
        }
    }
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    Failure::writing(&format!("`{}`", path.display()), error)
}

fn under_way(directory: &Path, text: &str) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".kohort-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}
