//! The library as an embedding program uses it: tables in memory, sessions, streams, errors.

mod cancel;
mod data;
mod memory;
mod nested;
mod order;
mod pruning;
mod rfm;
mod rhythm;
mod sql;
mod tables;
mod why;

use std::sync::Arc;

use datafusion::prelude::SessionContext;
use kohort::{Engine, Error, Project};
use tables::{members, sales};

const CATALOG: &str = "
kohort: 1
timezone: UTC
subject: { name: customer, key: customer }
tables:
  sales: { subject: customer, time: day }
metrics:
  spend: sum(amount of sales)
";

const RULES: &str = "
segments:
  all: any(sales)
  big: spend_30d >= 10
";

fn project() -> Project {
    Project::from_texts([("catalog.yaml", CATALOG), ("rules.yaml", RULES)])
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[tokio::test]
async fn tables_are_handed_over() {
    let engine = is_send(Engine::builder(project()).table("sales", sales()).open()).await.expect("it opens");
    let query = engine.query(engine.as_of("2026-03-31").expect("an instant"));
    let report = is_send(query.clone().counts()).await.expect("it runs");
    let counts: Vec<_> = report.kinds[0].segments.iter().map(|s| (s.name.as_str(), s.members)).collect();
    assert_eq!(counts, [("all", Ok(3)), ("big", Ok(1))]);
    assert_eq!(report.kinds[0].subjects, 3);
    assert_eq!(report.tables[0].anonymous, 1);
    assert_eq!(members(&engine, "2026-03-31", "big").await, ["b"]);
}

#[tokio::test]
async fn a_session_gives_its_tables() {
    let context = SessionContext::new();
    context.register_table("sales", sales()).expect("it registers");
    let engine = Engine::builder(project()).context(context).open().await.expect("it opens");
    assert_eq!(members(&engine, "2026-03-31", "all").await, ["a", "b", "c"]);
    assert_eq!(members(&engine, "2026-02-28", "all").await, ["a"]);
}

#[tokio::test]
async fn wide_batches_have_one_boolean_for_each_segment() {
    let engine = Engine::builder(project()).table("sales", sales()).open().await.expect("it opens");
    let mut answer = engine.query(engine.as_of("2026-03-31").expect("an instant")).members().await.expect("it plans");
    let kind = &mut answer.kinds[0];
    let names: Vec<String> = kind.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["customer", "all", "big"]);
    assert!(!kind.schema().field(1).is_nullable());
    let mut rows = 0;
    while let Some(batch) = kind.next().await {
        rows += batch.expect("it runs").num_rows();
    }
    assert_eq!(rows, 3);
}

#[tokio::test]
async fn what_is_missing_is_said() {
    let engine = Engine::builder(project()).open().await;
    let Err(Error::Check { diagnostics }) = engine else { panic!("the columns are not known") };
    assert!(diagnostics.iter().any(|d| d.message.contains("`sales` are not known")), "{diagnostics:?}");

    let engine = Engine::builder(project()).table("sales", sales()).open().await.expect("it opens");
    let Err(error) = engine.query(engine.as_of("2026-03-31").expect("an instant")).segments(["bigg"]) else {
        panic!("there is no such segment")
    };
    assert_eq!(error.to_string(), "there is no segment `bigg`; did you mean `big`?");
    assert!(engine.as_of("yesterday").is_err());
}

/// Eight threads ask one engine at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_engine_is_shared() {
    let engine = Arc::new(Engine::builder(project()).table("sales", sales()).open().await.expect("it opens"));
    let asked = (0..8).map(|_| {
        let engine = Arc::clone(&engine);
        tokio::spawn(async move { members(&engine, "2026-03-31", "all").await })
    });
    for answer in asked {
        assert_eq!(answer.await.expect("no panic"), ["a", "b", "c"]);
    }
}
