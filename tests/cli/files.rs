//! Where answers go: files that are whole or not there, disks that are full, readers that go away.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::shop::{EVAL, command, eval, large_shop, shop, shown, write};

/// Every format, as lists and as counts.
const FORMATS: [&str; 6] = ["table", "csv", "json", "ndjson", "parquet", "arrow"];

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_takes_its_place_when_it_is_whole() {
    let shop = shop();
    assert_snapshot!(shown(&eval(&shop, &["--output", "out.csv"])), @r#"
    status 0
    --- stderr
    5 segments written to `out.csv`
    "#);
    let text = fs::read_to_string(shop.path().join("out.csv")).unwrap();
    assert!(text.starts_with("segment,customer_id\nbuyers,1\n"), "{text}");
    assert_eq!(names(shop.path()), ["out.csv", "shop"]);
    assert_snapshot!(shown(&eval(&shop, &["--output", "nowhere/out.csv"])), @r#"
    status 2
    --- stderr
    error: cannot write to `nowhere/out.csv`: there is no such file or directory
    "#);
    assert_eq!(eval(&shop, &["--output", "shop"]).status.code(), Some(2));
}

#[test]
fn a_run_that_fails_leaves_what_was_there_and_nothing_beside_it() {
    let shop = large_shop();
    let rows: String = (0..20_000).map(|id| format!("{id},2026-03-01T10:00:00,5\n")).collect();
    let sales = format!("customer_id,bought_at,amount\n{rows}1,2026-03-01T10:00:00,much\n");
    write(shop.path(), "shop/data/sales.csv", &sales);
    write(shop.path(), "shop/spenders.yaml", "segments:\n  spenders: { when: spend > 4 }\n");
    for format in FORMATS {
        for more in [&[][..], &["--counts"]] {
            fs::write(shop.path().join("old"), "what was there").unwrap();
            for path in ["old", "new"] {
                let output = eval(&shop, &[&["--format", format, "--output", path][..], more].concat());
                assert_eq!(output.status.code(), Some(1), "{format}");
                assert!(output.stdout.is_empty(), "{format}");
                assert_eq!(names(shop.path()), ["old", "shop"], "{format} {more:?} {path}");
            }
            assert_eq!(fs::read_to_string(shop.path().join("old")).unwrap(), "what was there", "{format}");
        }
    }
}

/// `/dev/full` is a device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let shop = large_shop();
    for format in FORMATS {
        let named = eval(&shop, &["--format", format, "--output", "/dev/full"]);
        assert_eq!(
            shown(&named),
            "status 2\n--- stderr\nerror: cannot write to `/dev/full`: the disk is full",
            "{format}"
        );
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command(&shop, &[&EVAL[..], &["--format", format]].concat()).stdout(full).output().unwrap();
        let said = "status 2\n--- stderr\nerror: cannot write to the standard output: the disk is full";
        assert_eq!(shown(&output), said, "{format}");
    }
}

/// Runs the program where a file has at most a kilobyte.
#[cfg(unix)]
fn limited(directory: &TempDir, more: &[&str]) -> std::process::Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -f 1; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_kohort")]).args(EVAL).args(more);
    shell.current_dir(directory.path()).env_remove("CLICOLOR_FORCE").output().unwrap()
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_grow_is_told_and_the_old_one_stays() {
    let shop = large_shop();
    assert_snapshot!(shown(&limited(&shop, &["--output", "new.csv"])), @r#"
    status 2
    --- stderr
    error: cannot write to `new.csv`: files may not become so large here
      help: raise the limit (`ulimit -f`), write to another disk, or ask for fewer segments
      help: there is no `new.csv` now, not even a part of one
    "#);
    assert_eq!(names(shop.path()), ["shop"]);
    for format in FORMATS.into_iter().filter(|format| *format != "table") {
        fs::write(shop.path().join("old"), "what was there").unwrap();
        let output = limited(&shop, &["--format", format, "--output", "old"]);
        assert_eq!(output.status.code(), Some(2), "{format}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with("error: cannot write to `old`: files may not become so large here\n"), "{said}");
        assert!(said.ends_with("help: `old` is what it was before\n"), "{said}");
        assert_eq!(fs::read_to_string(shop.path().join("old")).unwrap(), "what was there", "{format}");
        assert_eq!(names(shop.path()), ["old", "shop"], "{format}");
    }
    // What is small enough is written.
    assert_eq!(limited(&shop, &["--counts", "--output", "new.csv"]).status.code(), Some(0));
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let shop = large_shop();
    for format in FORMATS {
        let mut command = command(&shop, &[&EVAL[..], &["--format", format]].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{format}");
        assert_eq!(output.status.code(), Some(0), "{format}");
    }
}

/// Whenever it comes, an interruption leaves the whole new file or the whole old one, and nothing beside it.
#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_no_part_of_a_file() {
    let shop = large_shop();
    fs::write(shop.path().join("out.csv"), "what was there").unwrap();
    let whole = eval(&shop, &["--format", "csv"]).stdout;
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        // A run may be faster than the signal.
        let interrupted = (0..100).any(|_| {
            let code = interrupt_when_under_way(&shop, signal);
            let left = fs::read(shop.path().join("out.csv")).unwrap();
            assert!(left == whole || code == Some(status) && left == b"what was there", "{code:?} {}", left.len());
            assert_eq!(names(shop.path()), ["out.csv", "shop"]);
            code == Some(status)
        });
        assert!(interrupted, "{signal} never came in time");
        fs::write(shop.path().join("out.csv"), "what was there").unwrap();
    }
}

/// Writes `out.csv`, sends a signal once there is a file to take away, and gives the status.
#[cfg(unix)]
fn interrupt_when_under_way(shop: &TempDir, signal: &str) -> Option<i32> {
    let mut command = command(shop, &[&EVAL[..], &["--output", "out.csv"]].concat());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    while child.try_wait().unwrap().is_none() {
        if names(shop.path()).len() > 2 {
            let kill = format!("kill -{signal} {}", child.id());
            Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status().unwrap();
            break;
        }
        std::thread::yield_now();
    }
    child.wait().unwrap().code()
}
