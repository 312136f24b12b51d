//! Scans leave out what no answer can depend on, and nothing else.

use kohort::{Engine, Project};

async fn plans(project: &str, as_of: &str, segment: &str) -> String {
    let directory = format!("{}/rules-examples/{project}", env!("CARGO_MANIFEST_DIR"));
    let engine = Engine::open(Project::open(directory).expect("the project is there")).await.expect("it checks");
    let query = engine.query(engine.as_of(as_of).expect("an instant")).segments([segment]).expect("a segment");
    query.plans().await.expect("it plans")
}

#[tokio::test]
async fn a_window_prunes_the_scan() {
    let plans = plans("chinook", "2025-12-31", "headline_rule").await;
    assert!(plans.contains("invoice_date >= TimestampMicrosecond(1735689599999999"), "{plans}");
    assert!(plans.contains("pruning_predicate"), "{plans}");
}

#[tokio::test]
async fn a_lifetime_is_read_whole_up_to_the_instant() {
    let plans = plans("chinook", "2025-12-31", "ltv_ge_40").await;
    assert!(plans.contains("invoice_date <= "), "{plans}");
    assert!(!plans.contains("invoice_date >= "), "{plans}");
}

/// Without a subject table, everybody who ever occurred is a subject.
#[tokio::test]
async fn subjects_found_in_rows_are_all_found() {
    let plans = plans("online-retail", "2011-12-09", "bnd_90d_exclusive").await;
    assert!(!plans.contains("invoice_ts >= "), "{plans}");
}

/// Only the columns that a rule needs are read.
#[tokio::test]
async fn columns_that_nothing_names_are_not_read() {
    let plans = plans("online-retail", "2011-12-09", "bnd_90d_exclusive").await;
    assert!(plans.contains("projection=[quantity, invoice_ts, customer_id]"), "{plans}");
}

/// Files in subject order are read range by range, whatever stands between them and what is counted.
#[tokio::test]
async fn a_copy_in_subject_order_is_read_in_ranges() {
    let directory = tempfile::tempdir().expect("a directory");
    let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules-examples/online-retail");
    std::fs::create_dir(directory.path().join("data")).expect("made");
    for name in
        ["catalog.yaml", "lifecycle.yaml", "loyalty.yaml", "ranks.yaml", "returns.yaml", "data/transactions.parquet"]
    {
        std::fs::copy(from.join(name), directory.path().join(name)).expect("copied");
    }
    let open = async || Engine::open(Project::open(directory.path()).expect("there")).await.expect("it checks");
    let engine = open().await;
    let place = engine.place_of_copy("lines").expect("the project has a directory");
    std::fs::create_dir_all(place.parent().expect("a directory")).expect("made");
    let file = std::fs::File::create(&place).expect("created");
    let made = engine.optimize("lines", None, file, |_| {}).await.expect("it is written");
    assert!((made.rows, made.row_groups > 30) == (541_909, true), "{made:?}");
    let engine = open().await;
    let segments: Vec<String> = engine.segments().map(str::to_owned).collect();
    assert!(!segments.is_empty());
    let query = engine.query(engine.as_of("2011-12-09").expect("an instant"));
    let plans = query.plans().await.expect("it plans");
    assert!(plans.contains("ranges of the key"), "{plans}");
}

/// All sets of rows are counted by one operator; plainly there are aggregations.
#[tokio::test]
async fn one_pass_counts_everything() {
    let directory = format!("{}/rules-examples/jakarta", env!("CARGO_MANIFEST_DIR"));
    let engine = Engine::open(Project::open(directory).expect("the project is there")).await.expect("it checks");
    let query = engine.query(engine.as_of("2026-03-31").expect("an instant"));
    let shared = query.clone().plans().await.expect("it plans");
    assert!(shared.contains("PassExec: by ["), "{shared}");
    let plain = query.plainly().plans().await.expect("it plans");
    assert!(!plain.contains("PassExec") && plain.contains("AggregateExec"), "{plain}");
}
