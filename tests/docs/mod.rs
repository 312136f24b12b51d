//! The documentation runs: every example of the reference is checked, and those with data are evaluated.
//!
//! A fenced block says what it is behind its fence: `kohort` (conditions, one a line), `yaml catalog`, `yaml rules`, and
//! `yaml example` with rows, an instant and the members that must be found. `catalog=shop` names another catalogue than the
//! page's main one; `shared` is a rule file that the others may refer to, `file=lists/vips.csv` a file of values; with `data` it is one whose types come from files. `error=K301` (or `warning=`, `note=`) is the
//! code that it must give; without, nothing may be said about it. `tests` is for rules whose own tests are run. `same` is for lines that all mean the same.

mod check;
mod codes;
mod evaluate;
mod page;
mod readme;

use kohort::Engine;
use kohort::engine::TestChoice;
use page::{Block, Ground, blocks};

const LANGUAGE: &str = include_str!("../../docs/language.md");
const LIBRARY: &str = include_str!("../../docs/library.md");
const CODES: &str = include_str!("../../docs/codes.md");

fn is_data(block: &&Block) -> bool {
    block.is("example")
}

#[test]
fn the_reference_is_checked() {
    let blocks = blocks(LANGUAGE);
    let ground = Ground::of(&blocks);
    let checked: usize = blocks.iter().filter(|block| !is_data(block)).map(|block| check::run(block, &ground)).sum();
    assert!(checked >= 60, "only {checked} examples");
}

#[test]
fn the_libraries_page_is_checked() {
    let blocks = blocks(LIBRARY);
    let ground = Ground::of(&blocks);
    let checked: usize = blocks.iter().map(|block| check::run(block, &ground)).sum();
    assert!(checked >= 4, "only {checked} examples");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_is_evaluated() {
    let blocks = blocks(LANGUAGE);
    let ground = Ground::of(&blocks);
    let mut evaluated = 0;
    let mut wrong = Vec::new();
    for block in blocks.iter().filter(is_data) {
        evaluated += 1;
        wrong.extend(evaluate::run(block, &ground).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(evaluated >= 20, "only {evaluated} examples with data");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tests_of_the_reference_pass() {
    let blocks = blocks(LANGUAGE);
    let ground = Ground::of(&blocks);
    let mut passed = 0;
    for block in blocks.iter().filter(|block| block.is("tests")) {
        let engine = Engine::open(check::project(block, &ground, &block.text)).await.expect("a sound project");
        let report = engine.run_tests(&TestChoice::all()).await;
        assert!(report.passed(), "line {}: {:#?}", block.line, report.tests);
        passed += report.tests.len();
    }
    assert!(passed > 0, "no tests");
}

#[test]
fn the_codes_are_all_there() {
    let page = codes::rewritten(CODES);
    if std::env::var_os("KOHORT_WRITE_DOCS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/codes.md");
        std::fs::write(path, &page).expect("the page can be written");
        return;
    }
    assert!(page == CODES, "docs/codes.md is not what the codes say: run this test with KOHORT_WRITE_DOCS=1");
    assert_eq!(codes::without_example(&blocks(CODES)), [""; 0], "an example is missing, or excused and there");
}

#[test]
fn the_codes_examples_are_checked() {
    let language = blocks(LANGUAGE);
    let ground = Ground::of(&language);
    for block in blocks(CODES) {
        check::run(&block, &ground);
    }
}
