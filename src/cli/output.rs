//! Where an answer goes: the standard output, or a file that appears whole or not at all.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tempfile::{NamedTempFile, TempPath};

use super::exit::{Failure, INTERRUPTED};

/// Bytes gathered before they are written.
const BUFFER: usize = 1 << 16;

/// A file under way, to be taken away again if the run is interrupted.
static UNDER_WAY: Mutex<Option<PathBuf>> = Mutex::new(None);

/// The standard output, buffered.
pub fn stdout() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::with_capacity(BUFFER, io::stdout().lock())
}

/// Where an answer goes.
pub enum Output {
    /// The standard output.
    Standard(BufWriter<io::StdoutLock<'static>>),
    /// A new file that takes the place of `path` when it is whole.
    Atomic {
        /// The file under way, in the same directory.
        file: BufWriter<std::fs::File>,
        /// Where it is; dropping it takes it away.
        under_way: TempPath,
        /// Where it will be.
        path: PathBuf,
    },
    /// Something that is not an ordinary file, such as a pipe with a name.
    Special(BufWriter<std::fs::File>, PathBuf),
}

impl Output {
    /// Opens the output, before any work is done.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Output::Standard(stdout())) };
        let refused = |error| Failure::writing(&format!("`{}`", path.display()), &error);
        // A link stays a link: what it leads to is replaced.
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        match target.metadata() {
            Ok(meta) if meta.is_dir() => return Err(refused(io::ErrorKind::IsADirectory.into())),
            Ok(meta) if !meta.is_file() => {
                let file = std::fs::OpenOptions::new().write(true).open(&target).map_err(refused)?;
                return Ok(Output::Special(BufWriter::with_capacity(BUFFER, file), target));
            }
            _ => {}
        }
        let directory = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (file, under_way) = beside(directory).map_err(refused)?.into_parts();
        set_under_way(Some(under_way.to_path_buf()));
        Ok(Output::Atomic { file: BufWriter::with_capacity(BUFFER, file), under_way, path: target })
    }

    /// Brings everything to its place.
    pub fn finish(self) -> Result<(), Failure> {
        let (done, target) = match self {
            Output::Standard(mut out) => (out.flush(), "the standard output".to_owned()),
            Output::Special(mut out, path) => (out.flush(), format!("`{}`", path.display())),
            Output::Atomic { mut file, under_way, path } => {
                let whole = file.flush().and_then(|()| file.get_ref().sync_all());
                let moved = whole.and_then(|()| under_way.persist(&path).map_err(|error| error.error));
                set_under_way(None);
                (moved, format!("`{}`", path.display()))
            }
        };
        done.map_err(|error| Failure::writing(&target, &error))
    }

    /// What it means that something could not be written to it.
    pub fn refused(&self, error: &io::Error) -> Failure {
        match self {
            Output::Standard(_) => Failure::writing("the standard output", error),
            Output::Atomic { path, .. } | Output::Special(_, path) => {
                Failure::writing(&format!("`{}`", path.display()), error)
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::Standard(out) => out.write(bytes),
            Output::Atomic { file, .. } | Output::Special(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Standard(out) => out.flush(),
            Output::Atomic { file, .. } | Output::Special(file, _) => file.flush(),
        }
    }
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

/// Ends the run at once when it is interrupted, whatever it does, and leaves no file half written behind.
pub fn end_when_interrupted() {
    // A thread of its own: the evaluation may keep all others busy.
    std::thread::spawn(|| {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            let under_way = UNDER_WAY.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
            if let Some(path) = under_way {
                let _ = std::fs::remove_file(path);
            }
            std::process::exit(INTERRUPTED);
        }
    });
}
