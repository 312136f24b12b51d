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
