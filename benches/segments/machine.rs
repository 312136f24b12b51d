//! What the table was measured on, and with what.

use std::fs;
use std::path::Path;
use std::process::Command;

/// How many threads every engine has: the cores that this process may use, which is what Kohort takes.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The machine, the versions and the threads, as lines of a list.
pub fn describe(venv: Option<&Path>) -> String {
    let cpu = first_value("/proc/cpuinfo", "model name").unwrap_or_else(|| "a processor of no known name".to_owned());
    let kb = first_value("/proc/meminfo", "MemTotal").and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    let memory = kb.map_or_else(String::new, |kb| format!(", {} GB of memory", (kb + (1 << 19)) >> 20));
    let threads = threads();
    let mut text = format!("- {cpu}: {threads} cores{memory}; {threads} threads each\n");
    text += &format!("- kohort {}, release build, the allocator of the system\n", env!("CARGO_PKG_VERSION"));
    if let Some(versions) = venv.and_then(versions) {
        text += &format!("- {versions}, from PyPI\n");
    }
    text
}

/// `duckdb 2.0.0, polars 2.1.0, …`
fn versions(venv: &Path) -> Option<String> {
    const ASK: &str = "from importlib.metadata import version\n\
                       print(', '.join(f'{name} {version(name)}' for name in ('duckdb', 'datafusion', 'polars', 'tpchgen-cli')))";
    let output = Command::new(venv.join("bin/python")).args(["-c", ASK]).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The value of the first line `NAME : VALUE` of a file.
fn first_value(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}
