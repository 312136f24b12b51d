use insta::assert_snapshot;

use super::*;
use crate::diagnostic::{Code, Diagnostic, Label};
use crate::source::{FileId, Sources, Span};

fn find(sources: &Sources, file: FileId, text: &str) -> Span {
    let start = sources.get(file).and_then(|source| source.text().find(text)).unwrap();
    Span::new(file, start, start + text.len())
}

/// Two files with tabs, wide characters and Windows line ends.
fn sources() -> (Sources, FileId, FileId) {
    let mut sources = Sources::new();
    let catalog = sources.add("catalog.yaml", "metrics:\r\n  spend: sum(value of sales)\r\n  other: 1\r\n");
    let rules = sources.add("rules.yaml", "segments:\n  日本:\n    when: city = '東京' and spent > 5\n\twhen: oops");
    (sources, catalog, rules)
}

#[test]
fn a_diagnostic_shows_its_places_helps_and_fix() {
    let (sources, catalog, rules) = sources();
    let diagnostic =
        Diagnostic::new(Code::UnknownName, find(&sources, rules, "spent"), "there is nothing called `spent`")
            .label("not known here")
            .also(find(&sources, rules, "日本"), "in this segment")
            .also(find(&sources, catalog, "spend"), "this is near")
            .help("names are listed in the catalogue")
            .fix("write `spend`", "spend");
    assert_snapshot!(full(&sources, std::slice::from_ref(&diagnostic), Style::default()), @r#"
    error[K301]: there is nothing called `spent`
     --> rules.yaml:3:27
      |
    2 |   日本:
      |   ---- in this segment
    3 |     when: city = '東京' and spent > 5
      |                             ^^^^^ not known here
      |
     ::: catalog.yaml:2:3
      |
    2 |   spend: sum(value of sales)
      |   ----- this is near
      |
      = help: names are listed in the catalogue
    help: write `spend`
      |
    3 -     when: city = '東京' and spent > 5
    3 +     when: city = '東京' and spend > 5
      |
    "#);
    assert_snapshot!(concise(&sources, &[diagnostic]), @r#"
    rules.yaml:3:27: error[K301]: there is nothing called `spent`; names are listed in the catalogue; write `spend`
    "#);
}

#[test]
fn tabs_ends_of_files_and_empty_files_can_be_drawn() {
    let (mut sources, _, rules) = sources();
    let empty = sources.add("empty.yaml", "");
    let end = sources.get(rules).unwrap().text().len();
    let drawn = [
        Diagnostic::new(Code::YamlSyntax, find(&sources, rules, "oops"), "a tab stands before this")
            .label("after a tab"),
        Diagnostic::new(Code::MissingKey, Span::new(rules, end, end), "something is missing at the end"),
        Diagnostic::new(Code::Unreadable, Span::new(empty, 0, 0), "this file is not UTF-8 text")
            .help("save it as UTF-8"),
    ];
    assert_snapshot!(full(&sources, &drawn, Style::default()), @r#"
    error[K102]: a tab stands before this
     --> rules.yaml:4:8
      |
    4 |     when: oops
      |           ^^^^ after a tab

    error[K106]: something is missing at the end
     --> rules.yaml:4:12
      |
    4 |     when: oops
      |               ^

    error[K101]: this file is not UTF-8 text
    --> empty.yaml
     = help: save it as UTF-8
    "#);
    assert_snapshot!(concise(&sources, &drawn), @r#"
    rules.yaml:4:8: error[K102]: a tab stands before this
    rules.yaml:4:12: error[K106]: something is missing at the end
    empty.yaml:1:1: error[K101]: this file is not UTF-8 text; save it as UTF-8
    "#);
}

#[test]
fn a_fix_may_delete_insert_and_span_lines() {
    let (sources, catalog, rules) = sources();
    let span = find(&sources, rules, "city = '東京' and ");
    let deletion = Diagnostic::new(Code::Syntax, span, "too much").fix("leave it out", "");
    let insertion = Diagnostic::new(Code::Syntax, span, "too little").fix_at("add a bracket", span.after(), "(");
    let mut lines =
        Diagnostic::new(Code::Syntax, find(&sources, catalog, "spend: sum(value of sales)\r\n  other"), "two lines");
    lines = lines.fix("write it in one", "spend");
    assert_snapshot!(full(&sources, &[deletion, insertion, lines], Style::default()), @r#"
    error[K201]: too much
     --> rules.yaml:3:11
      |
    3 |     when: city = '東京' and spent > 5
      |           ^^^^^^^^^^^^^^^^^^
      |
    help: leave it out
      |
    3 -     when: city = '東京' and spent > 5
    3 +     when: spent > 5
      |

    error[K201]: too little
     --> rules.yaml:3:11
      |
    3 |     when: city = '東京' and spent > 5
      |           ^^^^^^^^^^^^^^^^^^
      |
    help: add a bracket
      |
    3 |     when: city = '東京' and (spent > 5
      |                             +

    error[K201]: two lines
     --> catalog.yaml:2:3
      |
    2 | /   spend: sum(value of sales)
    3 | |   other: 1
      | |_______^
      |
    help: write it in one
      |
    2 -   spend: sum(value of sales)
    3 -   other: 1
    2 +   spend: 1
      |
    "#);
}

/// Places that lie in no file, beyond an end or inside a character are drawn somehow: nothing panics.
#[test]
fn no_place_can_make_a_drawing_panic() {
    let (sources, ..) = sources();
    for file in 0..4 {
        for start in 0..90 {
            for length in [0, 1, 2, 30, 1_000] {
                let span = Span::new(FileId(file), start, start + length);
                let mut diagnostic = Diagnostic::new(Code::Syntax, span, "any").label("place").fix("change", "x\ny");
                diagnostic
                    .secondary
                    .push(Label { span: Span::new(FileId(1), start / 2, start), message: String::new() });
                assert!(
                    full(&sources, std::slice::from_ref(&diagnostic), Style { color: true, width: 0 }).contains("any")
                );
                assert!(concise(&sources, &[diagnostic]).contains("error[K201]: any"));
            }
        }
    }
}

#[test]
fn text_of_a_message_cannot_break_a_line() {
    let (sources, _, rules) = sources();
    let diagnostic = Diagnostic::new(Code::Syntax, Span::new(rules, 0, 1), "a\nb\u{1b}[31m").help("one\r\ntwo");
    assert_eq!(concise(&sources, &[diagnostic]), "rules.yaml:1:1: error[K201]: a b\\u{1b}[31m; one  two\n");
}

#[test]
fn the_closing_line_counts() {
    let span = Span::new(FileId(0), 0, 0);
    let error = Diagnostic::new(Code::Syntax, span, "");
    let warning = Diagnostic::new(Code::DropsUnknown, span, "");
    let note = Diagnostic::new(Code::TypeDiffers, span, "");
    assert_eq!(summary(&[], 4, 12), "4 files checked: 12 segments, no problems");
    assert_eq!(
        summary(&[error.clone(), error.clone(), warning.clone()], 3, 0),
        "2 errors and 1 warning in 3 files checked"
    );
    assert_eq!(summary(&[error, warning, note.clone()], 1, 0), "1 error, 1 warning and 1 note in 1 file checked");
    assert_eq!(summary(&[note.clone(), note], 1, 1), "2 notes in 1 file checked");
}
