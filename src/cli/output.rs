//! Where an answer goes: the standard output, or a file that appears whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tempfile::{NamedTempFile, TempPath};

use super::exit::{Failure, INTERRUPTED};

/// Bytes gathered before they are written.
const BUFFER: usize = 1 << 16;

/// A file under way, to be taken away again if the run is interrupted.
static UNDER_WAY: Mutex<Option<PathBuf>> = Mutex::new(None);

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
        let (file, under_way) = beside(directory)?.into_parts();
        set_under_way(Some(under_way.to_path_buf()));
        Ok(NewFile { file: BufWriter::with_capacity(BUFFER, file), under_way: Some(under_way), target, path })
    }

    fn finish(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        if let Some(under_way) = self.under_way.take() {
            let moved = under_way.persist(&self.target);
            set_under_way(None);
            moved.map_err(|error| error.error)?;
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

fn set_under_way(path: Option<PathBuf>) {
    *UNDER_WAY.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = path;
}

/// Ends the run at once when it is interrupted, whatever it does, and leaves no file half written behind. A file that
/// becomes too large is an error like any other.
pub fn end_when_interrupted() {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
    outlive_too_large_files(&runtime);
    // A thread of its own: the evaluation may keep all others busy.
    std::thread::spawn(move || {
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            let under_way = UNDER_WAY.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
            if let Some(path) = under_way {
                let _ = std::fs::remove_file(path);
            }
            std::process::exit(INTERRUPTED);
        }
    });
}

/// The system ends a process that writes beyond the limit on the size of files, unless the signal is caught: then the
/// write fails.
#[cfg(unix)]
fn outlive_too_large_files(runtime: &tokio::runtime::Runtime) {
    use tokio::signal::unix::{SignalKind, signal};
    let _context = runtime.enter();
    // Once caught, a signal stays caught: nobody has to listen.
    let _ = signal(SignalKind::from_raw(SIGXFSZ));
}

#[cfg(not(unix))]
fn outlive_too_large_files(_: &tokio::runtime::Runtime) {}

/// The number of the signal on Linux, macOS and the BSDs.
#[cfg(unix)]
const SIGXFSZ: i32 = 25;
