//! A sign of life on the terminal for evaluations that take long.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::amounts::grouped;

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);

/// A spinner on the standard error that counts the subjects decided, once a second has passed.
pub struct Progress {
    bar: ProgressBar,
    seen: u64,
}

impl Progress {
    /// Starts to wait.
    pub fn start() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if stderr().is_terminal() {
            let style = ProgressStyle::with_template("{spinner} {msg}  {elapsed}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.set_message("reading the data");
            let (waiting, started) = (bar.downgrade(), Instant::now());
            std::thread::spawn(move || {
                std::thread::sleep(PATIENCE.saturating_sub(started.elapsed()));
                if let Some(bar) = waiting.upgrade().filter(|bar| !bar.is_finished()) {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(TICK);
                }
            });
        }
        Progress { bar, seen: 0 }
    }

    /// Counts more subjects.
    pub fn seen(&mut self, kind: &str, more: usize) {
        self.seen += more as u64;
        if !self.bar.is_hidden() {
            self.bar.set_message(format!("{}: {} decided", kind, grouped(self.seen)));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
