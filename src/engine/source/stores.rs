//! Stores made of addresses and of what the environment says: keys, regions, other services than the usual.
//!
//! The names of the settings are those of the stores' own tools (`AWS_ACCESS_KEY_ID`), as `object_store` knows them.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::{BackoffConfig, ClientConfigKey, ClientOptions, ObjectStore, Result, RetryConfig};
use url::Url;

/// How long a store is asked again that does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// Some seconds: a wrong address, or no network, should be told soon.
    Little,
    /// Some minutes: a busy store is no reason to give up an evaluation.
    Much,
}

impl Patience {
    fn retries(self) -> RetryConfig {
        match self {
            Patience::Much => RetryConfig::default(),
            Patience::Little => RetryConfig {
                backoff: BackoffConfig {
                    init_backoff: Duration::from_millis(100),
                    max_backoff: Duration::from_secs(1),
                    base: 2.0,
                },
                max_retries: 3,
                retry_timeout: Duration::from_secs(5),
            },
        }
    }

    /// Limits of time for one request, besides the usual.
    fn limits(self) -> &'static [(ClientConfigKey, &'static str)] {
        match self {
            Patience::Much => &[],
            Patience::Little => &[(ClientConfigKey::ConnectTimeout, "3s"), (ClientConfigKey::Timeout, "10s")],
        }
    }
}

/// The store of an address; what begins with nothing that is known here is taken for a web server.
///
/// # Errors
/// The address or the environment lacks something, such as the name of an account.
pub(super) fn make(url: &Url, patience: Patience) -> Result<Arc<dyn ObjectStore>> {
    match url.scheme() {
        "s3" | "s3a" => s3(url, patience),
        "gs" => google(url, patience),
        "az" | "abfs" | "abfss" => azure(url, patience),
        _ => web(url, patience),
    }
}

fn s3(url: &Url, patience: Patience) -> Result<Arc<dyn ObjectStore>> {
    let builder = AmazonS3Builder::from_env().with_url(url.as_str()).with_retry(patience.retries());
    let set = |builder: AmazonS3Builder, (key, value): &(ClientConfigKey, &str)| {
        builder.with_config(AmazonS3ConfigKey::Client(*key), *value)
    };
    Ok(Arc::new(patience.limits().iter().fold(builder, set).build()?))
}

fn google(url: &Url, patience: Patience) -> Result<Arc<dyn ObjectStore>> {
    let builder = GoogleCloudStorageBuilder::from_env().with_url(url.as_str()).with_retry(patience.retries());
    let set = |builder: GoogleCloudStorageBuilder, (key, value): &(ClientConfigKey, &str)| {
        builder.with_config(GoogleConfigKey::Client(*key), *value)
    };
    Ok(Arc::new(patience.limits().iter().fold(builder, set).build()?))
}

fn azure(url: &Url, patience: Patience) -> Result<Arc<dyn ObjectStore>> {
    let builder = MicrosoftAzureBuilder::from_env().with_url(url.as_str()).with_retry(patience.retries());
    let set = |builder: MicrosoftAzureBuilder, (key, value): &(ClientConfigKey, &str)| {
        builder.with_config(AzureConfigKey::Client(*key), *value)
    };
    Ok(Arc::new(patience.limits().iter().fold(builder, set).build()?))
}

/// A web server, whoever's: that an address of Amazon's begins with `https://` does not make it one that is signed for.
fn web(url: &Url, patience: Patience) -> Result<Arc<dyn ObjectStore>> {
    let options = ClientOptions::new().with_allow_http(url.scheme() == "http");
    let builder = HttpBuilder::new().with_url(&url[..url::Position::BeforePath]);
    let builder = builder.with_client_options(options).with_retry(patience.retries());
    let set = |builder: HttpBuilder, (key, value): &(ClientConfigKey, &str)| builder.with_config(*key, *value);
    Ok(Arc::new(patience.limits().iter().fold(builder, set).build()?))
}
