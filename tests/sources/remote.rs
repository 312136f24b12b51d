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
    Ok(report.kinds[0].segments[0].members.expect("it fits"))
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

/// A session that knows a store in memory as `mem://bucket`.
fn context(store: &Arc<InMemory>) -> SessionContext {
    let context = SessionContext::new();
    let url = url::Url::parse("mem://bucket").expect("an address");
    context.runtime_env().register_object_store(&url, Arc::clone(store) as Arc<dyn ObjectStore>);
    context
}

/// Files of Arrow in both of their forms, one after the other.
async fn fill_mixed(store: &dyn ObjectStore) {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("x");
    for (at, rows) in ROWS.chunks(2).enumerate() {
        if at % 2 == 0 {
            arrow(rows, &path)
        } else {
            arrow_stream(rows, &path)
        }
        put(store, &format!("shop/mixed/{at}.arrow"), fs::read(&path).expect("it reads")).await;
    }
}

/// A file that ends in the middle.
async fn put_half(store: &dyn ObjectStore, name: &str) {
    let whole = store.get(&Path::from(name)).await.expect("it is there").bytes().await.expect("it reads");
    put(store, &format!("half/{name}"), whole[..whole.len() / 2].to_vec()).await;
}

/// As many customers as rows, in CSV of more bytes than are fetched at once.
fn long_csv() -> (u64, String) {
    let customers = 400_000;
    let row = |customer| format!("{customer:08},2026-03-01T10:00,1.00\n");
    (customers, format!("customer,at_,amount\n{}", (0..customers).map(row).collect::<String>()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_the_session_is_used() {
    let store = Arc::new(InMemory::new());
    fill(store.as_ref()).await;
    fill_mixed(store.as_ref()).await;
    for source in ["parquet/*.parquet", "parquet", "arrow/", "arrow/*", "mixed", "csv/*/*.csv.gz", "csv", "json/**"] {
        let found = buyers(context(&store), &format!("mem://bucket/shop/{source}")).await;
        assert_eq!(found.unwrap_or_else(|error| panic!("{source}: {error:?}")), 2, "{source}");
    }
    let error = buyers(context(&store), "mem://bucket/nothing/*.csv").await.expect_err("there is nothing");
    insta::assert_snapshot!(error, @"the project has errors: there is no file at `mem://bucket/nothing/*.csv`");
}

#[tokio::test(flavor = "multi_thread")]
async fn long_files_come_in_parts() {
    let store = Arc::new(InMemory::new());
    let (customers, text) = long_csv();
    assert!(text.len() > 10 << 20, "it is longer than the first parts and the largest");
    put(store.as_ref(), "long.csv", text.clone().into_bytes()).await;
    put(store.as_ref(), "long.csv.gz", gzip(&text)).await;
    for name in ["long.csv", "long.csv.gz"] {
        let found = buyers(context(&store), &format!("mem://bucket/{name}")).await;
        assert_eq!(found.unwrap_or_else(|error| panic!("{name}: {error}")), customers, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_elsewhere_that_break_off() {
    let store = Arc::new(InMemory::new());
    fill(store.as_ref()).await;
    let mut told = String::new();
    for name in ["parquet/0.parquet", "arrow/0.arrow", "csv/month=0/rows.csv.gz"] {
        let name = format!("shop/{name}");
        put_half(store.as_ref(), &name).await;
        let error = buyers(context(&store), &format!("mem://bucket/half/{name}")).await;
        told.push_str(&format!("{}\n", error.expect_err("half of it is there")));
    }
    insta::assert_snapshot!(told, @r"
    the project has errors: `mem://bucket/half/shop/parquet/0.parquet` cannot be read: it breaks off, or is of another format than its ending says
    the project has errors: `mem://bucket/half/shop/arrow/0.arrow` cannot be read: it breaks off, or is of another format than its ending says
    the project has errors: `mem://bucket/half/shop/csv/month=0/rows.csv.gz` cannot be read: it breaks off
    ");
}

#[cfg(not(feature = "remote"))]
#[tokio::test]
async fn an_address_that_this_build_cannot_reach() {
    let error = buyers(SessionContext::new(), "s3://bucket/shop/*.csv").await.expect_err("it is not built in");
    insta::assert_snapshot!(error, @"the project has errors: this kohort was built without access to `s3://`");
}

#[tokio::test]
async fn addresses_that_are_none() {
    let mut told = String::new();
    for source in ["s3:///shop.csv", "ftp://shop/sales.csv", "s3://shop:x/sales.csv", "s3://me:secret@shop/sales.csv"] {
        let error = buyers(SessionContext::new(), source).await.expect_err("nobody can read it");
        told.push_str(&format!("{error}\n"));
    }
    insta::assert_snapshot!(told, @r"
    the project has errors: `s3:///shop.csv` is no address: it names no bucket
    the project has errors: there is no way to `ftp://`
    the project has errors: `s3://shop:x/sales.csv` is no address: invalid port number
    the project has errors: the address of `shop` holds a password
    ");
}

/// What needs a server that speaks S3: `tests/s3.sh` starts one and sets `AWS_ENDPOINT` and `KOHORT_S3_BUCKET`.
#[cfg(feature = "remote")]
mod s3 {
    use std::process::Command;

    use object_store::aws::AmazonS3Builder;

    use super::*;

    fn bucket() -> String {
        std::env::var("KOHORT_S3_BUCKET").expect("tests/s3.sh sets it, and starts the server")
    }

    fn store() -> impl ObjectStore {
        AmazonS3Builder::from_env().with_bucket_name(bucket()).build().expect("a store")
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn files_in_s3() {
        let (bucket, store) = (bucket(), store());
        fill(&store).await;
        fill_mixed(&store).await;
        for source in ["parquet/*.parquet", "parquet", "arrow", "mixed/", "csv/*/*.csv.gz", "csv", "json/**"] {
            let found = buyers(SessionContext::new(), &format!("s3://{bucket}/shop/{source}")).await;
            assert_eq!(found.unwrap_or_else(|error| panic!("{source}: {error:?}")), 2, "{source}");
        }
        let error = buyers(SessionContext::new(), &format!("s3://{bucket}/nothing")).await.expect_err("nothing there");
        assert!(error.to_string().contains("there is no file"), "{error}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn long_files_in_s3() {
        let (customers, text) = long_csv();
        put(&store(), "long/sales.csv", text.into_bytes()).await;
        let found = buyers(SessionContext::new(), &format!("s3://{}/long/*.csv", bucket())).await;
        assert_eq!(found.expect("it reads"), customers);
    }

    /// What the program says of a project over an address: its exit code, and all it writes. Settings that are empty
    /// are taken away from the environment.
    fn eval(source: &str, settings: &[(&str, &str)]) -> (Option<i32>, String) {
        let shop = Shop::new(&format!("source: '{source}'"));
        shop.write("rules.yaml", b"segments:\n  s: { when: sum(amount of sales) > 0 }\n");
        let mut command = Command::new(env!("CARGO_BIN_EXE_kohort"));
        command.args(["eval", "--as-of", "2026-03-31"]).arg(shop.directory.path());
        for (name, value) in settings {
            if value.is_empty() {
                command.env_remove(name)
            } else {
                command.env(name, value)
            };
        }
        let output = command.output().expect("it runs");
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).expect("text"))
    }

    /// A place on this machine where nobody answers.
    fn nobody() -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        format!("http://{}", listener.local_addr().expect("an address"))
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_program_reads_files_in_s3() {
        put(&store(), "program/sales.csv", csv_text(&ROWS).into_bytes()).await;
        let source = format!("s3://{}/program/*.csv", bucket());
        let (code, told) = eval(&source, &[]);
        assert_eq!(code, Some(0), "{told}");
        assert!(told.contains("customer: 3 in all"), "{told}");
    }

    /// An address, what is set in the environment, and what the error says.
    type Refused<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

    #[tokio::test(flavor = "multi_thread")]
    async fn refusals_in_s3() {
        let store = store();
        fill(&store).await;
        put_half(&store, "shop/parquet/0.parquet").await;
        put_half(&store, "shop/csv/month=0/rows.csv.gz").await;
        let bucket = bucket();
        let (ours, half) = (format!("s3://{bucket}/shop/csv"), format!("s3://{bucket}/half/shop/parquet/0.parquet"));
        let half_csv = format!("s3://{bucket}/half/shop/csv/month=0/rows.csv.gz");
        let nobody = nobody();
        let away = [("AWS_ENDPOINT", &*nobody)];
        let keyless = [("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", ""), ("AWS_METADATA_ENDPOINT", &*nobody)];
        let cases: [Refused<'_>; 7] = [
            ("s3://no-such-bucket/shop", &[], &["there is no such bucket", "the name of the bucket"]),
            ("s3://no-such-bucket/shop/*.csv", &[], &["there is no such bucket", "the name of the bucket"]),
            (&ours, &away, &["does not answer: connection refused", "AWS_ENDPOINT"]),
            (&ours, &[("AWS_ALLOW_HTTP", "")], &["begins with `http://`", "AWS_ALLOW_HTTP=true"]),
            (&ours, &keyless, &["nothing says who asks", "AWS_ACCESS_KEY_ID"]),
            (&half, &[], &["it breaks off"]),
            (&half_csv, &[], &["it breaks off"]),
        ];
        for (source, settings, parts) in cases {
            let (code, told) = eval(source, settings);
            assert_eq!(code, Some(1), "{source} {settings:?}: {told}");
            for part in parts {
                assert!(told.contains(part), "{source} {settings:?}: {told}");
            }
        }
    }
}
