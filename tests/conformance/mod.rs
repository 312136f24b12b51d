//! Segments over real data whose members are known.
//!
//! The answers (`*.json`) state each segment in words, with the count of its members and a hash of their ids; they were
//! computed by other means than Kohort. Every one is a rule of that name in `rules-examples/`.

use std::collections::BTreeMap;

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::util::display::array_value_to_string;
use kohort::{AsOf, Engine, Project};
use md5::{Digest, Md5};
use serde_json::Value;

/// Instants named in the words of a segment.
const AS_OF: &[(&str, &str)] = &[("bnd_90d_exclusive", "2011-11-23T15:04:00")];

async fn members(engine: &Engine, as_of: AsOf, segment: &str) -> Vec<String> {
    let answer = engine.query(as_of).segments([segment]).expect("the rule exists").members().await.expect("it plans");
    let batches = answer.collect_rows().await.expect("it runs");
    let mut keys: Vec<String> = batches.iter().flat_map(keys_of).collect();
    keys.sort_unstable();
    keys
}

fn keys_of(batch: &RecordBatch) -> Vec<String> {
    assert_eq!(batch.schema().field(0).name(), "segment");
    assert!(batch.column(0).as_string::<i32>().iter().all(|name| name.is_some()));
    (0..batch.num_rows()).map(|row| array_value_to_string(batch.column(1), row).expect("a key has a text")).collect()
}

fn hash(keys: &[String]) -> String {
    Md5::digest(keys.join("\n")).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn conforms(project: &str, answers: &str, day: &str) {
    let directory = format!("{}/rules-examples/{project}", env!("CARGO_MANIFEST_DIR"));
    let engine = Engine::open(Project::open(directory).expect("the project is there")).await.expect("it checks");
    let answers: Value = serde_json::from_str(answers).expect("the answers are JSON");
    let mut wrong = BTreeMap::new();
    let mut tried = 0;
    for answer in answers["segments"].as_array().expect("a list of segments") {
        let name = answer["name"].as_str().expect("a name");
        let when = AS_OF.iter().find(|(segment, _)| *segment == name).map_or(day, |(_, when)| when);
        let found = members(&engine, engine.as_of(when).expect("an instant"), name).await;
        tried += 1;
        let expected = (answer["count"].as_u64().expect("a count"), answer["md5"].as_str().expect("a hash"));
        if (found.len() as u64, hash(&found).as_str()) != expected {
            wrong.insert(name.to_owned(), (found.len(), expected.0));
        }
    }
    assert!(wrong.is_empty(), "found and expected counts: {wrong:?}");
    assert!(tried >= 10, "only {tried} segments were tried");
}

#[tokio::test(flavor = "multi_thread")]
async fn online_retail() {
    conforms("online-retail", include_str!("online_retail.json"), "2011-12-09").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chinook() {
    conforms("chinook", include_str!("chinook.json"), "2025-12-31").await;
}

/// One evaluation of all segments together gives what one evaluation for each gives.
#[tokio::test(flavor = "multi_thread")]
async fn together_as_apart() {
    for (project, day) in [("online-retail", "2011-12-09"), ("chinook", "2025-12-31")] {
        let directory = format!("{}/rules-examples/{project}", env!("CARGO_MANIFEST_DIR"));
        let engine = Engine::open(Project::open(directory).expect("the project is there")).await.expect("it checks");
        let as_of = engine.as_of(day).expect("an instant");
        let report = engine.query(as_of).counts().await.expect("it runs");
        for segment in &report.kinds[0].segments {
            let alone = members(&engine, as_of, &segment.name).await.len() as u64;
            assert_eq!(segment.members, Ok(alone), "{}", segment.name);
        }
    }
}
