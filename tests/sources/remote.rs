//! Files in object stores: one that a program has registered, and, where the feature is on, one that speaks S3.

use std::sync::Arc;

use datafusion::prelude::SessionContext;
use kohort::{Engine, Project};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};

use super::*;

/// The counts of buyers out of a store that holds the rows in several files and formats.
async fn buyers(context: SessionContext, source: &str) -> Result<u64, Error> {
    let project = Project::from_texts([
        ("catalog.yaml", catalog(&format!("source: '{source}'"))),
        ("rules.yaml", "segments:\n  s: { when: sum(amount of sales) > 0 }\n".to_owned()),
    ]);
    let engine = Engine::builder(project).context(context).open().await?;
    let report = engine.query(engine.as_of("2026-03-31")?).counts().await?;
    Ok(report.kinds[0].segments[0].members.clone().expect("it fits"))
}

async fn put(store: &dyn ObjectStore, name: &str, bytes: Vec<u8>) {
    store.put(&Path::from(name), PutPayload::from(bytes)).await.expect("it is put");
}

/// Puts the rows into a store as every format.
async fn fill(store: &dyn ObjectStore) {
    let directory = TempDir::new().expect("a directory");
    for (at, rows) in ROWS.chunks(2).enumerate() {
        let path = directory.path().join("x");
        parquet(rows, &path);
        put(store, &format!("shop/parquet/{at}.parquet"), fs::read(&path).expect("it reads")).await;
        arrow(rows, &path);
        put(store, &format!("shop/arrow/{at}.arrow"), fs::read(&path).expect("it reads")).await;
        put(store, &format!("shop/csv/month={at}/rows.csv.gz"), gzip(&csv_text(rows))).await;
        put(store, &format!("shop/json/{at}.ndjson"), json_text(rows).into_bytes()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_the_session_is_used() {
    let store = Arc::new(InMemory::new());
    fill(store.as_ref()).await;
    let context = || {
        let context = SessionContext::new();
        let url = url::Url::parse("mem://bucket").expect("an address");
        context.runtime_env().register_object_store(&url, Arc::clone(&store) as Arc<dyn ObjectStore>);
        context
    };
    for source in ["parquet/*.parquet", "parquet", "arrow/", "csv/*/*.csv.gz", "csv", "json/**"] {
        let found = buyers(context(), &format!("mem://bucket/shop/{source}")).await;
        assert_eq!(found.unwrap_or_else(|error| panic!("{source}: {error:?}")), 2, "{source}");
    }
    let error = buyers(context(), "mem://bucket/nothing/*.csv").await.expect_err("there is nothing");
    insta::assert_snapshot!(error, @"");
}

#[cfg(not(feature = "remote"))]
#[tokio::test]
async fn an_address_that_this_build_cannot_reach() {
    let error = buyers(SessionContext::new(), "s3://bucket/shop/*.csv").await.expect_err("it is not built in");
    insta::assert_snapshot!(error, @r#"the project has errors: this kohort was built without access to `s3://`"#);
}

/// Needs a server that speaks S3: `tests/s3.sh` starts one and sets `AWS_ENDPOINT` and `KOHORT_S3_BUCKET`.
#[cfg(feature = "remote")]
#[tokio::test(flavor = "multi_thread")]
async fn files_in_s3() {
    let bucket = std::env::var("KOHORT_S3_BUCKET").expect("tests/s3.sh sets it");
    let url = url::Url::parse(&format!("s3://{bucket}/")).expect("an address");
    let options = std::env::vars().filter(|(name, _)| name.starts_with("AWS_"));
    let options = options.map(|(name, value)| (name.to_ascii_lowercase(), value));
    let (store, _) = object_store::parse_url_opts(&url, options).expect("a store");
    fill(store.as_ref()).await;
    for source in ["parquet/*.parquet", "parquet", "arrow", "csv/*/*.csv.gz", "csv", "json/**"] {
        let found = buyers(SessionContext::new(), &format!("s3://{bucket}/shop/{source}")).await;
        assert_eq!(found.unwrap_or_else(|error| panic!("{source}: {error:?}")), 2, "{source}");
    }
    let error = buyers(SessionContext::new(), &format!("s3://{bucket}/nothing")).await.expect_err("nothing there");
    assert!(error.to_string().contains("there is no file"), "{error}");
}
