//! Signals: what ends a run early ends it without leftovers, and a limit on files is an error like any other.

use std::io;

use tokio::runtime::{Builder, Runtime};

use super::output;

/// Ends the run at once when it is interrupted, whatever it does, and leaves no file half written behind. From when this
/// returns on, that holds.
pub fn watch() {
    let Ok(runtime) = Builder::new_current_thread().enable_io().build() else { return };
    let Ok(interruptions) = caught(&runtime) else { return };
    // A thread of its own: the evaluation may keep all others busy.
    std::thread::spawn(move || {
        let status = runtime.block_on(interruptions.first());
        output::abandon();
        std::process::exit(status);
    });
}

fn caught(runtime: &Runtime) -> io::Result<Interruptions> {
    let _context = runtime.enter();
    Interruptions::catch()
}

/// What ends a run from outside.
#[cfg(unix)]
struct Interruptions {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Interruptions {
    fn catch() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        // The system ends a program that writes beyond the limit on the size of files unless this is caught; then the
        // write fails. Once caught it stays so: nobody has to listen.
        drop(signal(SignalKind::from_raw(SIGXFSZ))?);
        let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(Interruptions { interrupt, terminate })
    }

    /// The status of a run that the first of them ends.
    async fn first(mut self) -> i32 {
        use super::exit::{INTERRUPTED, TERMINATED};
        tokio::select! {
            _ = self.interrupt.recv() => INTERRUPTED,
            _ = self.terminate.recv() => TERMINATED,
        }
    }
}

/// The number of the signal on Linux, macOS and the BSDs.
#[cfg(unix)]
const SIGXFSZ: i32 = 25;

#[cfg(not(unix))]
struct Interruptions;

#[cfg(not(unix))]
impl Interruptions {
    fn catch() -> io::Result<Self> {
        Ok(Interruptions)
    }

    async fn first(self) -> i32 {
        match tokio::signal::ctrl_c().await {
            Ok(()) => super::exit::INTERRUPTED,
            // It cannot be listened to: the run ends by itself.
            Err(_) => std::future::pending().await,
        }
    }
}
