//! Files that are not on this machine: addresses such as `s3://bucket/sales/*.parquet`.
//!
//! A store that the session knows is used; with the feature `remote` others are made from the environment, as their
//! command-line tools do.

use std::sync::Arc;

use datafusion::execution::context::SessionContext;
use datafusion::execution::object_store::ObjectStoreUrl;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use url::Url;

use super::location::{DataFile, Located};
use super::{Problem, glob, hive};
use crate::catalog::model::FileFormat;

/// What addresses can begin with, besides those that a session knows.
const SCHEMES: [&str; 8] = ["s3", "s3a", "gs", "az", "abfs", "abfss", "http", "https"];

fn known_schemes() -> String {
    SCHEMES.map(|scheme| format!("`{scheme}://`")).join(", ")
}

/// A text with percent codes as it is meant.
pub(super) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Finds the files that an address names.
pub(super) async fn locate(context: &SessionContext, source: &str) -> Result<Located, Problem> {
    let invalid = |reason: String| {
        Problem::broken(format!("`{source}` is no address: {reason}"), "write it as in `s3://bucket/path`")
    };
    let url = Url::parse(source).map_err(|error| invalid(error.to_string()))?;
    let base = &url[..url::Position::BeforePath];
    let store_url = ObjectStoreUrl::parse(base).map_err(|error| invalid(error.strip_backtrace()))?;
    let store = store(context, &store_url, &url)?;
    let path = source.get(base.len()..).unwrap_or_default().trim_start_matches('/');
    let found = list(&store, path, source).await?;
    let mut files = Vec::with_capacity(found.len());
    let mut partitions = hive::Partitions::default();
    for meta in found {
        let shown = format!("{base}/{}", meta.location);
        let parts = partitions.of(&shown, meta.location.as_ref())?;
        files.push(DataFile { shown, meta, parts });
    }
    Ok(Located { url: store_url, store, files, partitions: partitions.names() })
}

fn store(context: &SessionContext, base: &ObjectStoreUrl, url: &Url) -> Result<Arc<dyn ObjectStore>, Problem> {
    if let Ok(store) = context.runtime_env().object_store(base) {
        return Ok(store);
    }
    if !SCHEMES.contains(&url.scheme()) {
        let message = format!("there is no way to `{}://`", url.scheme());
        return Err(Problem::broken(message, format!("addresses begin with {}", known_schemes())));
    }
    let store = make(url)?;
    let _ = context.runtime_env().register_object_store(base.as_ref(), Arc::clone(&store));
    Ok(store)
}

#[cfg(feature = "remote")]
fn make(url: &Url) -> Result<Arc<dyn ObjectStore>, Problem> {
    // What the environment says under the names that these stores know: AWS_ACCESS_KEY_ID, AWS_ENDPOINT and so on.
    let options = std::env::vars()
        .filter(|(name, _)| name.starts_with("AWS_") || name.starts_with("GOOGLE_") || name.starts_with("AZURE_"));
    let options = options.map(|(name, value)| (name.to_ascii_lowercase(), value));
    match object_store::parse_url_opts(url, options) {
        Ok((store, _)) => Ok(Arc::from(store)),
        Err(error) => {
            let message = format!("`{url}` cannot be reached: {error}");
            Err(Problem::broken(message, "look at the address, and at what the environment says about access to it"))
        }
    }
}

#[cfg(not(feature = "remote"))]
fn make(url: &Url) -> Result<Arc<dyn ObjectStore>, Problem> {
    let message = format!("this kohort was built without access to `{}://`", url.scheme());
    Err(Problem::broken(message, "build it with `--features remote`, or copy the files to this machine"))
}

async fn list(store: &Arc<dyn ObjectStore>, path: &str, source: &str) -> Result<Vec<ObjectMeta>, Problem> {
    let refused = |error: object_store::Error| Problem::unreadable(source, &reason(&error));
    let location =
        |text: &str| Path::from_url_path(text).map_err(|error| Problem::unreadable(source, &error.to_string()));
    let mut files: Vec<ObjectMeta>;
    if path.contains(glob::SIGNS) {
        let fixed: Vec<&str> = path.split('/').take_while(|part| !part.contains(glob::SIGNS)).collect();
        let prefix = location(&fixed.join("/"))?;
        files = store.list(Some(&prefix)).try_collect().await.map_err(refused)?;
        let pattern = glob::compile(&decoded(path))
            .map_err(|reason| Problem::broken(format!("`{source}` is no pattern: {reason}"), "use `*` and `?`"))?;
        files.retain(|file| pattern.is_match(file.location.as_ref()));
    } else {
        let exact = location(path)?;
        match store.head(&exact).await {
            Ok(meta) if meta.size > 0 || !path.ends_with('/') => return Ok(vec![meta]),
            Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(refused(error)),
        }
        files = store.list(Some(&exact)).try_collect().await.map_err(refused)?;
        files.retain(|file| FileFormat::of_path(file.location.as_ref()).is_some());
    }
    files.retain(|file| !file.location.parts().any(|part| part.as_ref().starts_with(['.', '_'])));
    if files.is_empty() {
        return Err(Problem::Missing(format!("there is no file at `{source}`")));
    }
    files.sort_by(|a, b| a.location.cmp(&b.location));
    Ok(files)
}

/// The innermost reason: stores wrap it in several layers of the same words.
fn reason(error: &object_store::Error) -> String {
    let mut source: &dyn std::error::Error = error;
    while let Some(inner) = source.source() {
        source = inner;
    }
    source.to_string()
}
