//! Evaluation within a limit of memory.

use std::collections::BTreeMap;

use kohort::{Engine, Project};

/// Members by segment.
type Counts = BTreeMap<String, u64>;

async fn counts(memory: Option<usize>, plainly: bool) -> Counts {
    let directory = format!("{}/rules-examples/online-retail", env!("CARGO_MANIFEST_DIR"));
    let mut builder = Engine::builder(Project::open(directory).expect("the project is there"));
    if let Some(bytes) = memory {
        builder = builder.memory_limit(bytes);
    }
    let engine = builder.open().await.expect("it checks");
    let mut query = engine.query(engine.as_of("2011-12-09").expect("an instant"));
    if plainly {
        query = query.plainly();
    }
    let report = query.counts().await.expect("it runs");
    let segments = report.kinds.into_iter().flat_map(|kind| kind.segments);
    segments.map(|segment| (segment.name, segment.members.expect("an answer"))).collect()
}

#[tokio::test]
async fn a_limit_of_memory_changes_nothing() {
    let expected = counts(None, false).await;
    assert!(expected.len() > 10 && expected.values().filter(|count| **count > 0).count() > 10);
    for bytes in [64 << 20, 24 << 20] {
        assert_eq!(counts(Some(bytes), false).await, expected, "{bytes} bytes");
    }
    assert_eq!(counts(None, true).await, expected, "plainly");
}
