//! What came of tests, as one JSON object.
//!
//! ```json
//! { "kohort": 1, "passed": 1, "failed": 1, "broken": 0, "seconds": 0.02,
//!   "tests": [
//!     { "name": "…", "file": "tests.yaml", "line": 3, "outcome": "failed", "seconds": 0.01,
//!       "misses": [{ "step": 1, "at": "2026-03-31T23:59:59.999999+07:00", "segment": "regulars", "line": 9, "column": 15,
//!                    "what": "members", "missing": [{ "key": "C1", "remarks": [] }], "surplus": [] }] } ],
//!   "coverage": { "conditions": 2, "untested": ["vip"],
//!     "one_sided": [{ "segment": "regulars", "file": "rules.yaml", "line": 3, "column": 11, "condition": "spend > 5",
//!                     "seen_true": true, "seen_false": false }] } }
//! ```
//!
//! `outcome` is `passed`, `failed` or `broken`, the last with `message`; `what` is `members`, `entered` or `left`, `count`
//! with `expected` and `found`, or `no_answer` with `message`. `coverage` is there if it was asked for.

use std::io::{self, Write};

use kohort::engine::{Miss, TestOutcome, TestResult, Uncovered, Who, Wrong};
use kohort::source::{LineColumn, Span};
use serde_json::{Map, Value, json};

use super::Told;

/// The version of this form.
const VERSION: u32 = 1;

/// Writes a report.
pub fn write(mut out: impl Write, told: &Told<'_>) -> io::Result<()> {
    let [passed, failed, broken] = told.counts();
    let mut document = json!({
        "kohort": VERSION,
        "passed": passed,
        "failed": failed,
        "broken": broken,
        "seconds": told.taken.as_secs_f64(),
        "tests": told.report.tests.iter().map(|test| self::test(told, test)).collect::<Vec<_>>(),
    });
    if let Some(uncovered) = &told.report.uncovered {
        document["coverage"] = coverage(told, uncovered);
    }
    serde_json::to_writer(&mut out, &document)?;
    out.write_all(b"\n")
}

fn test(told: &Told<'_>, test: &TestResult) -> Value {
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(test.name));
    object.insert("file".to_owned(), json!(test.file));
    object.insert("line".to_owned(), json!(test.line));
    object.insert("seconds".to_owned(), json!(test.taken.as_secs_f64()));
    let outcome = match &test.outcome {
        TestOutcome::Passed => "passed",
        TestOutcome::Failed(misses) => {
            let misses: Vec<Value> = misses.iter().map(|miss| self::miss(told, miss)).collect();
            object.insert("misses".to_owned(), json!(misses));
            "failed"
        }
        TestOutcome::Broken { message, .. } => {
            object.insert("message".to_owned(), json!(message));
            "broken"
        }
        _ => "broken",
    };
    object.insert("outcome".to_owned(), json!(outcome));
    Value::Object(object)
}

fn miss(told: &Told<'_>, miss: &Miss) -> Value {
    let at = at(told, miss.place);
    let mut object = json!({
        "step": miss.step, "at": miss.at, "segment": miss.segment, "line": at.line, "column": at.column,
    });
    let mut who = |what: &str, missing: &[Who], surplus: &[Who]| {
        object["what"] = json!(what);
        object["missing"] = people(missing);
        object["surplus"] = people(surplus);
    };
    match &miss.wrong {
        Wrong::Members { missing, surplus } => who("members", missing, surplus),
        Wrong::Entered { missing, surplus } => who("entered", missing, surplus),
        Wrong::Left { missing, surplus } => who("left", missing, surplus),
        Wrong::Count { expected, found } => {
            object["what"] = json!("count");
            object["expected"] = json!(expected);
            object["found"] = json!(found);
        }
        Wrong::NoAnswer(why) => {
            object["what"] = json!("no_answer");
            object["message"] = json!(why.to_string());
        }
        _ => {}
    }
    object
}

fn people(who: &[Who]) -> Value {
    who.iter().map(|who| json!({ "key": who.key, "remarks": who.remarks })).collect()
}

fn coverage(told: &Told<'_>, uncovered: &Uncovered) -> Value {
    let one_sided: Vec<Value> = uncovered
        .one_sided
        .iter()
        .map(|one| {
            let at = at(told, one.place);
            let file = told.sources().get(one.place.file).map_or("", |file| file.name());
            json!({
                "segment": one.segment, "file": file, "line": at.line, "column": at.column,
                "condition": told.sources().slice(one.place),
                "seen_true": one.seen_true, "seen_false": one.seen_false,
            })
        })
        .collect();
    json!({ "conditions": uncovered.conditions, "one_sided": one_sided, "untested": uncovered.segments })
}

fn at(told: &Told<'_>, span: Span) -> LineColumn {
    let file = told.sources().get(span.file);
    file.map_or(LineColumn { line: 0, column: 0 }, |file| file.line_column(span.start as usize))
}
