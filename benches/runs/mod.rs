//! Whole runs of the program, timed: each a process of its own.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What runs of one command came to.
pub struct Measured {
    /// The median of its times.
    pub median: Duration,
    /// The most memory that any run held, in kB.
    pub peak: u64,
    /// What it printed.
    pub answer: String,
}

/// Evaluates every project so many times, in turns; the answers are its counts as CSV.
#[allow(dead_code)]
pub fn measure(projects: &[PathBuf], as_of: &str, runs: usize) -> Vec<Measured> {
    let commands: Vec<Vec<OsString>> = projects.iter().map(|project| counts(project.clone(), as_of)).collect();
    measure_commands(&commands, runs)
}

/// The command that counts the members of a project's segments.
pub fn counts(project: PathBuf, as_of: &str) -> Vec<OsString> {
    let words = [env!("CARGO_BIN_EXE_kohort"), "eval"].map(OsString::from).into_iter().chain([project.into()]);
    words.chain(["--as-of", as_of, "--counts", "--format", "csv"].map(OsString::from)).collect()
}

/// Runs every command so many times, in turns.
pub fn measure_commands(commands: &[Vec<OsString>], runs: usize) -> Vec<Measured> {
    let mut times = vec![Vec::new(); commands.len()];
    let mut peaks = vec![0; commands.len()];
    let mut answers: Vec<Vec<String>> = vec![Vec::new(); commands.len()];
    for _ in 0..runs {
        for (at, command) in commands.iter().enumerate() {
            let (answer, time, peak) = run(command);
            times[at].push(time);
            peaks[at] = peaks[at].max(peak);
            answers[at].push(answer);
        }
    }
    let measured = times.into_iter().zip(peaks).zip(answers).map(|((mut times, peak), mut answers)| {
        times.sort();
        answers.dedup();
        assert_eq!(answers.len(), 1, "runs of one command give different answers");
        Measured { median: times[times.len() / 2], peak, answer: answers.remove(0) }
    });
    measured.collect()
}

/// Runs a command once: what it printed, how long it took, and the most memory that it held in kB.
pub fn run(command: &[OsString]) -> (String, Duration, u64) {
    let (program, arguments) = command.split_first().expect("a command");
    let started = Instant::now();
    let child = Command::new(program).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
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
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the command fails: {command:?}\n{said}");
    (String::from_utf8(output.stdout).expect("text"), taken, watch.join().unwrap_or_default())
}
