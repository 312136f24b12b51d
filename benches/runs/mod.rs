//! Whole runs of the program, timed: each a process of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What runs of one project came to.
pub struct Measured {
    /// The median of its times.
    pub median: Duration,
    /// The most memory that any run held, in kB.
    pub peak: u64,
    /// The counts, as CSV.
    pub answer: String,
}

/// Evaluates every project so many times, in turns.
pub fn measure(projects: &[PathBuf], as_of: &str, runs: usize) -> Vec<Measured> {
    let mut times = vec![Vec::new(); projects.len()];
    let mut peaks = vec![0; projects.len()];
    let mut answers: Vec<Vec<String>> = vec![Vec::new(); projects.len()];
    for _ in 0..runs {
        for (at, project) in projects.iter().enumerate() {
            let (answer, time, peak) = run(project, as_of);
            times[at].push(time);
            peaks[at] = peaks[at].max(peak);
            answers[at].push(answer);
        }
    }
    let measured = times.into_iter().zip(peaks).zip(answers).map(|((mut times, peak), mut answers)| {
        times.sort();
        answers.dedup();
        assert_eq!(answers.len(), 1, "runs of one project give different counts");
        Measured { median: times[times.len() / 2], peak, answer: answers.remove(0) }
    });
    measured.collect()
}

fn run(project: &Path, as_of: &str) -> (String, Duration, u64) {
    let started = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_kohort"));
    let arguments = ["--as-of", as_of, "--counts", "--format", "csv"];
    let child = command.arg("eval").arg(project).args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let child = child.expect("it starts");
    let status = format!("/proc/{}/status", child.id());
    let watch = std::thread::spawn(move || {
        let mut peak = 0;
        while let Ok(text) = fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let Some(kb) = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()) else { break };
            peak = peak.max(kb);
            std::thread::sleep(Duration::from_millis(2));
        }
        peak
    });
    let output = child.wait_with_output().expect("it ends");
    let taken = started.elapsed();
    assert!(output.status.success(), "the evaluation fails");
    (String::from_utf8(output.stdout).expect("text"), taken, watch.join().unwrap_or_default())
}
