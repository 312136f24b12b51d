//! Where an answer goes: the standard output, or a file that appears whole or not at all.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use tempfile::{NamedTempFile, TempPath};

use super::exit::Failure;

/// Bytes gathered before they are written.
const BUFFER: usize = 1 << 16;

/// Files under way, to be taken away again if the run is interrupted.
static UNDER_WAY: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// The standard output, buffered.
pub fn stdout() -> BufWriter<io::Stdout> {
    BufWriter::with_capacity(BUFFER, io::stdout())
}

/// Where an answer goes.
pub enum Output {
    /// The standard output.
    Standard(BufWriter<io::Stdout>),
    /// A new file that takes the place of another, or of none, when it is whole.
    Atomic(NewFile),
    /// Something that is not an ordinary file, such as a pipe with a name.
    Special(BufWriter<File>, PathBuf),
}

/// A file that is not in its place yet.
pub struct NewFile {
    file: BufWriter<File>,
    /// Where it is, in the same directory; dropping it takes it away. None when it is in its place.
    under_way: Option<TempPath>,
    /// Where it will be.
    target: PathBuf,
    /// Where that is, in the words of whoever asked.
    path: PathBuf,
}

impl Output {
    /// Opens the output, before any work is done.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Output::Standard(stdout())) };
        let refused = |error| Failure::writing(&quoted(path), &error);
        // A link stays a link: what it leads to is replaced.
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        match target.metadata() {
            Ok(meta) if meta.is_dir() => return Err(refused(io::ErrorKind::IsADirectory.into())),
            Ok(meta) if !meta.is_file() => {
                let file = OpenOptions::new().write(true).open(&target).map_err(refused)?;
                return Ok(Output::Special(BufWriter::with_capacity(BUFFER, file), path.to_owned()));
            }
            _ => {}
        }
        NewFile::create(target, path.to_owned()).map(Output::Atomic).map_err(refused)
    }

    /// Whether somebody looks at it.
    pub fn is_terminal(&self) -> bool {
        match self {
            Output::Standard(out) => out.get_ref().is_terminal(),
            Output::Special(out, _) => out.get_ref().is_terminal(),
            Output::Atomic(_) => false,
        }
    }

    /// Brings everything to its place.
    pub fn finish(mut self) -> Result<(), Failure> {
        let done = match &mut self {
            Output::Standard(out) => out.flush(),
            Output::Special(out, _) => out.flush(),
            Output::Atomic(file) => file.finish(),
        };
        done.map_err(|error| self.refused(&error))
    }

    /// What it means that something could not be written to it.
    pub fn refused(&self, error: &io::Error) -> Failure {
        match self {
            Output::Standard(_) => Failure::writing("the standard output", error),
            Output::Special(_, path) => Failure::writing(&quoted(path), error),
            Output::Atomic(file) => file.refused(error),
        }
    }
}

impl NewFile {
    fn create(target: PathBuf, path: PathBuf) -> io::Result<Self> {
        let directory = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // An interruption waits until it is known what there is to take away.
        let mut known = self::under_way();
        let (file, under_way) = beside(directory)?.into_parts();
        known.insert(under_way.to_path_buf());
        Ok(NewFile { file: BufWriter::with_capacity(BUFFER, file), under_way: Some(under_way), target, path })
    }

    fn finish(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        if let Some(under_way) = self.under_way.take() {
            let mut known = self::under_way();
            let was = under_way.to_path_buf();
            under_way.persist(&self.target).map_err(|error| error.error)?;
            known.remove(&was);
        }
        Ok(())
    }

    /// What was there before is there still.
    fn refused(&self, error: &io::Error) -> Failure {
        let path = quoted(&self.path);
        let failure = Failure::writing(&path, error);
        let failure = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                failure.help("make room, or write to another disk with `--output PATH`")
            }
            io::ErrorKind::FileTooLarge => {
                failure.help("raise the limit (`ulimit -f`), write to another disk, or ask for fewer segments")
            }
            _ => failure,
        };
        match self.target.exists() {
            true => failure.help(format!("{path} is what it was before")),
            false => failure.help(format!("there is no {path} now, not even a part of one")),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::Standard(out) => out.write(bytes),
            Output::Atomic(NewFile { file, .. }) | Output::Special(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Standard(out) => out.flush(),
            Output::Atomic(NewFile { file, .. }) | Output::Special(file, _) => file.flush(),
        }
    }
}

fn quoted(path: &Path) -> String {
    format!("`{}`", path.display())
}

/// A temporary file with the rights that a new file would have.
fn beside(directory: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".kohort-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory)
}

/// Takes away the files under way, and lets no other begin.
pub fn abandon() {
    let under_way = under_way();
    for path in under_way.iter() {
        let _ = std::fs::remove_file(path);
    }
    // The process ends now: whoever waits for the lock shall not make another file.
    std::mem::forget(under_way);
}

fn under_way() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNDER_WAY.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
