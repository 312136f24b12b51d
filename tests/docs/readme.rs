//! The README runs: its first command gives the output that it shows, its first project checks and counts.

use std::process::{Command, Output};

use super::page::{Block, blocks};

const README: &str = include_str!("../../README.md");
const CI: &str = include_str!("../../.ci/run");

fn kohort(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_kohort");
    Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("the program runs")
}

fn text(output: &[u8]) -> String {
    String::from_utf8(output.to_vec()).expect("the program writes UTF-8")
}

/// Without the last line, which says how long it took.
fn untimed(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    let (last, lines) = lines.split_last().expect("something is written");
    assert!(last.starts_with("took "), "{last}");
    lines.join("\n")
}

fn commands() -> Vec<String> {
    blocks(README)
        .iter()
        .filter(|block| block.is("sh"))
        .flat_map(|block| block.text.lines().map(str::to_owned))
        .collect()
}

#[test]
fn the_first_command_gives_what_is_shown() {
    let shown = blocks(README).into_iter().find(|block| block.is("text")).expect("an output");
    let first = commands().into_iter().next().expect("a command");
    let arguments: Vec<&str> = first.strip_prefix("cargo run -- ").expect("it runs the program").split(' ').collect();
    let output = kohort(&arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(untimed(&text(&output.stdout)), untimed(&shown.text));
}

#[test]
fn the_chart_is_what_is_drawn() {
    let chart = commands().into_iter().find(|command| command.contains(" chart ")).expect("a command");
    let arguments: Vec<&str> = chart.strip_prefix("cargo run -- ").expect("it runs the program").split(' ').collect();
    let drawn = text(&kohort(&arguments).stdout);
    assert!(blocks(README).iter().any(|block| block.is("text") && block.text == drawn), "{drawn}");
}

#[test]
fn the_first_project_works() {
    let directory = tempfile::tempdir().expect("a directory");
    let blocks = blocks(README);
    let find =
        |word: &str| blocks.iter().filter(|block| block.is(word)).map(|block: &Block| &block.text).collect::<Vec<_>>();
    let (data, files) = (find("csv"), find("yaml"));
    for (name, text) in [("sales.csv", data[0]), ("catalog.yaml", files[0]), ("rules.yaml", files[1])] {
        std::fs::write(directory.path().join(name), text).expect("it writes");
    }
    let shop = directory.path().to_str().expect("a path of text");
    let checked = kohort(&["check", shop]);
    assert!(checked.status.success(), "{}", text(&checked.stdout));
    assert_eq!(text(&checked.stdout), "2 files checked: 2 segments, no problems\n");
    let members = kohort(&["eval", shop, "--as-of", "2026-03-31", "--format", "csv"]);
    assert_eq!(text(&members.stdout), "segment,customer_id\nregulars,C1\nonline_only,C2\nonline_only,C3\n");
    let tables = kohort(&["tables", shop]);
    assert!(find("text").contains(&&text(&tables.stdout)), "{}", text(&tables.stdout));
}

#[test]
fn a_project_is_made_of_data_as_shown() {
    let directory = tempfile::tempdir().expect("a directory");
    let find = |start: &str| commands().into_iter().find_map(|command| command.strip_prefix(start).map(str::to_owned));
    let from = find("cargo run -- init music --from ").expect("a command");
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(from);
    let run = |arguments: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_kohort"));
        program.args(arguments).current_dir(directory.path()).output().expect("the program runs")
    };
    let made = run(&["init", "music", "--from", data.to_str().expect("a path of text")]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let shown = text(&made.stdout);
    assert!(blocks(README).iter().any(|block| block.is("text") && block.text == shown), "{shown}");
    let eval = find("cargo run -- eval music ").expect("a command");
    let eval: Vec<&str> = ["eval", "music"].into_iter().chain(eval.split(' ')).collect();
    assert!(run(&eval).status.success());
}

#[test]
fn the_test_command_is_what_runs_in_integration() {
    assert!(commands().iter().any(|command| command == "cargo test"));
    assert!(CI.lines().any(|line| line == "cargo test"));
}
