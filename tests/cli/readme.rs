//! What the README shows of `explain` and `why` is what they say.

use std::process::Command;

const README: &str = include_str!("../../README.md");

/// The block of text after a command's own.
fn shown_after(command: &str) -> &'static str {
    let after = README.split_once(&format!("cargo run -- {command}\n```")).expect("the command stands there").1;
    let block = after.split_once("```text\n").expect("an output").1;
    block.split_once("```").expect("it ends").0
}

#[test]
fn outputs_begin_as_shown() {
    for command in [
        "explain rules-examples/jakarta jakarta_regulars",
        "why rules-examples/jakarta jakarta_vip C0000029 --as-of 2026-10-31",
    ] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_kohort"));
        program.args(command.split(' ')).current_dir(env!("CARGO_MANIFEST_DIR"));
        let said = program.output().expect("the program runs");
        let said = String::from_utf8(said.stdout).expect("text");
        assert!(said.starts_with(shown_after(command)), "{command}\n{said}");
    }
}
