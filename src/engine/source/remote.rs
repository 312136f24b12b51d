//! Files that are not on this machine: addresses such as `s3://bucket/sales/*.parquet`.
//!
//! A store that the session knows is used; with the feature `remote` others are made from the environment, as their
//! command-line tools do. Whether anybody answers is found out with little patience, so that a wrong address is told
//! within seconds; rows are then read with much.

use std::sync::Arc;

use datafusion::execution::context::SessionContext;
use datafusion::execution::object_store::ObjectStoreUrl;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use url::{Position, Url};

use super::location::{DataFile, Located};
use super::{Problem, glob, hive};
use crate::catalog::model::FileFormat;

/// What addresses can begin with, besides those that a session knows.
const SCHEMES: [&str; 8] = ["s3", "s3a", "gs", "az", "abfs", "abfss", "http", "https"];

/// A text with percent codes as it is meant.
pub(super) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Finds the files that an address names.
pub(super) async fn locate(context: &SessionContext, source: &str) -> Result<Located, Problem> {
    let address = Address::parse(source)?;
    let store = Store::of(context, &address)?;
    let found = address.list(&store.asked).await?;
    if store.is_new {
        // Not before it has answered: one that is away is asked with little patience for the next table too.
        let _ = context.runtime_env().register_object_store(store.url.as_ref(), Arc::clone(&store.read));
    }
    let mut files = Vec::with_capacity(found.len());
    let mut partitions = hive::Partitions::default();
    for meta in found {
        let shown = format!("{}/{}", address.base, meta.location);
        let parts = partitions.of(&shown, meta.location.as_ref())?;
        files.push(DataFile { shown, meta, parts });
    }
    Ok(Located { url: store.url, store: store.read, files, partitions: partitions.names() })
}

/// An address in its parts.
struct Address<'s> {
    source: &'s str,
    url: Url,
    /// `s3://bucket`.
    base: &'s str,
    /// What follows it, without the slash between.
    path: &'s str,
}

impl<'s> Address<'s> {
    fn parse(source: &'s str) -> Result<Self, Problem> {
        let invalid = |reason: &str| {
            Problem::broken(format!("`{source}` is no address: {reason}"), "write it as in `s3://bucket/path`")
        };
        let url = Url::parse(source).map_err(|error| invalid(&error.to_string()))?;
        if !url.has_host() {
            return Err(invalid("it names no bucket"));
        }
        if url.password().is_some() {
            let message = format!("the address of `{}` holds a password", url.host_str().unwrap_or_default());
            return Err(Problem::broken(message, "take it out: the environment says who may read"));
        }
        let (scheme, rest) = source.split_once("://").unwrap_or(("", source));
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let base = source.get(..scheme.len() + "://".len() + host.len()).unwrap_or(source);
        Ok(Address { source, url, base, path: path.trim_start_matches('/') })
    }

    /// A web server tells of a file whether it is there, but not which files are.
    fn is_web(&self) -> bool {
        matches!(self.url.scheme(), "http" | "https")
    }

    async fn list(&self, store: &Arc<dyn ObjectStore>) -> Result<Vec<ObjectMeta>, Problem> {
        let mut files = if !self.path.contains(glob::SIGNS) {
            match self.exactly(store).await? {
                Some(file) => return Ok(vec![file]),
                None if self.is_web() => Vec::new(),
                None => self.below(store).await?,
            }
        } else if self.is_web() {
            let message = format!("`{}` is a pattern, and a web server does not tell which files it has", self.source);
            return Err(Problem::broken(message, "name one file, or copy the files to this machine"));
        } else {
            self.matching(store).await?
        };
        files.retain(|file| !file.location.parts().any(|part| part.as_ref().starts_with(['.', '_'])));
        if files.is_empty() {
            return Err(Problem::Missing(format!("there is no file at `{}`", self.source)));
        }
        files.sort_by(|a, b| a.location.cmp(&b.location));
        Ok(files)
    }

    /// The file of just this name, if there is one.
    async fn exactly(&self, store: &Arc<dyn ObjectStore>) -> Result<Option<ObjectMeta>, Problem> {
        if self.path.is_empty() {
            return Ok(None);
        }
        match store.head(&self.location(self.path)?).await {
            // Empty files whose names end with a slash stand for directories.
            Ok(meta) if meta.size > 0 || !self.path.ends_with('/') => Ok(Some(meta)),
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.refused(&error)),
        }
    }

    /// The files of a directory.
    async fn below(&self, store: &Arc<dyn ObjectStore>) -> Result<Vec<ObjectMeta>, Problem> {
        let mut files = self.listed(store, self.path).await?;
        files.retain(|file| FileFormat::of_path(file.location.as_ref()).is_some());
        Ok(files)
    }

    /// The files of a pattern.
    async fn matching(&self, store: &Arc<dyn ObjectStore>) -> Result<Vec<ObjectMeta>, Problem> {
        let pattern = glob::compile(&decoded(self.path)).map_err(|reason| {
            Problem::broken(format!("`{}` is no pattern: {reason}", self.source), "use `*` and `?`")
        })?;
        let fixed: Vec<&str> = self.path.split('/').take_while(|part| !part.contains(glob::SIGNS)).collect();
        let mut files = self.listed(store, &fixed.join("/")).await?;
        files.retain(|file| pattern.is_match(file.location.as_ref()));
        Ok(files)
    }

    async fn listed(&self, store: &Arc<dyn ObjectStore>, prefix: &str) -> Result<Vec<ObjectMeta>, Problem> {
        let prefix = self.location(prefix)?;
        store.list(Some(&prefix)).try_collect().await.map_err(|error| self.refused(&error))
    }

    fn location(&self, path: &str) -> Result<Path, Problem> {
        Path::from_url_path(path).map_err(|error| Problem::unreadable(self.source, &error.to_string()))
    }

    fn refused(&self, error: &object_store::Error) -> Problem {
        Problem::refused(self.source, error)
    }
}

/// The store of an address.
struct Store {
    /// How DataFusion knows it.
    url: ObjectStoreUrl,
    /// It is asked what there is.
    asked: Arc<dyn ObjectStore>,
    /// Rows are read from it.
    read: Arc<dyn ObjectStore>,
    /// The session does not know it yet.
    is_new: bool,
}

impl Store {
    fn of(context: &SessionContext, address: &Address<'_>) -> Result<Self, Problem> {
        let key = |text: &str| {
            let invalid = |error: datafusion::common::DataFusionError| {
                let message = format!("`{}` is no address: {}", address.source, error.strip_backtrace());
                Problem::broken(message, "write it as in `s3://bucket/path`")
            };
            ObjectStoreUrl::parse(text).map_err(invalid)
        };
        let known = |url: &ObjectStoreUrl| context.runtime_env().object_store(url).ok();
        let url = key(&address.url[..Position::BeforePath])?;
        if let Some(store) = known(&url) {
            return Ok(Store { url, asked: Arc::clone(&store), read: store, is_new: false });
        }
        // Sessions tell stores apart by their hosts alone; in `abfss://container@account/` that is not enough.
        let url = match address.url.username() {
            "" => url,
            user => key(&format!(
                "{}://{user}.{}",
                address.url.scheme(),
                &address.url[Position::BeforeHost..Position::AfterPort]
            ))?,
        };
        if let Some(store) = known(&url) {
            return Ok(Store { url, asked: Arc::clone(&store), read: store, is_new: false });
        }
        if !SCHEMES.contains(&address.url.scheme()) {
            let message = format!("there is no way to `{}://`", address.url.scheme());
            let schemes = SCHEMES.map(|scheme| format!("`{scheme}://`")).join(", ");
            return Err(Problem::broken(message, format!("addresses begin with {schemes}")));
        }
        let (asked, read) = made(address)?;
        Ok(Store { url, asked, read, is_new: true })
    }
}

/// The same store twice: with little patience, and with much.
type Twice = (Arc<dyn ObjectStore>, Arc<dyn ObjectStore>);

#[cfg(feature = "remote")]
fn made(address: &Address<'_>) -> Result<Twice, Problem> {
    use super::stores::{Patience, make};
    let make = |patience| make(&address.url, patience).map_err(|error| address.refused(&error));
    Ok((make(Patience::Little)?, make(Patience::Much)?))
}

#[cfg(not(feature = "remote"))]
fn made(address: &Address<'_>) -> Result<Twice, Problem> {
    let message = format!("this kohort was built without access to `{}://`", address.url.scheme());
    Err(Problem::broken(message, "build it with `--features remote`, or copy the files to this machine"))
}
