//! What the errors of stores mean to somebody who named an address.
//!
//! Stores wrap the reason in several layers of the same words, with requests, times and answers in XML. Here it becomes
//! one sentence, and what to do:
//!
//! ```text
//! Generic S3 error: Error performing GET http://127.0.0.1:9/shop?list-type=2&prefix=sales in 1.2s, after 3 retries,
//!   max_retries: 3, retry_timeout: 5s - HTTP error: error sending request
//! → `http://127.0.0.1:9` does not answer: connection refused
//! ```

use std::error::Error as StdError;
use std::io;

use url::Url;

/// Longer answers of stores are cut.
const SHOWN: usize = 160;

/// Why a store does not give what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub(super) struct Refusal {
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub help: &'static str,
}

impl Refusal {
    /// What an error of the store at an address means.
    pub fn of(error: &object_store::Error, address: &str) -> Self {
        let text = error.to_string();
        let kind = Kind::of(error, &text);
        Refusal { reason: kind.reason(error, &text), help: kind.help(address) }
    }

    /// The same for an error that a store's error is behind; none: no store is to blame, or it is this machine's disk.
    pub fn behind(error: &(dyn StdError + 'static), address: &str) -> Option<Self> {
        let mut error = Some(error);
        while let Some(outer) = error {
            if let Some(told) = outer.downcast_ref::<Refusal>() {
                return Some(told.clone());
            }
            let refused = outer.downcast_ref::<object_store::Error>().filter(|_| address.contains("://"));
            if let Some(refused) = refused {
                return Some(Self::of(refused, address));
            }
            error = inner(outer);
        }
        None
    }
}

/// The error within an error; that of `io::Error` is not its source, but itself.
fn inner<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn innermost<'e>(error: &'e (dyn StdError + 'static)) -> &'e (dyn StdError + 'static) {
    let mut error = error;
    while let Some(within) = inner(error) {
        error = within;
    }
    error
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    NoBucket,
    Gone,
    Changed,
    Anonymous,
    BadKey,
    Expired,
    Denied,
    OtherRegion,
    PlainHttp,
    Whole,
    Away,
    Other,
}

impl Kind {
    fn of(error: &object_store::Error, text: &str) -> Self {
        use object_store::Error as E;
        // Who asks is found out at these addresses when no key is given.
        const ASKED_WHO: [&str; 4] =
            ["latest/api/token", "security-credentials", "computeMetadata", "metadata/identity"];
        if ASKED_WHO.iter().any(|part| text.contains(part)) {
            return Kind::Anonymous;
        }
        match code(text) {
            Some("NoSuchBucket" | "ContainerNotFound" | "InvalidBucketName") => return Kind::NoBucket,
            Some("InvalidAccessKeyId" | "SignatureDoesNotMatch" | "AuthenticationFailed" | "InvalidToken") => {
                return Kind::BadKey;
            }
            Some("ExpiredToken" | "TokenRefreshRequired") => return Kind::Expired,
            Some("PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException") => {
                return Kind::OtherRegion;
            }
            _ => {}
        }
        match error {
            E::NotFound { .. } => Kind::Gone,
            E::Precondition { .. } => Kind::Changed,
            E::PermissionDenied { .. } | E::Unauthenticated { .. } => Kind::Denied,
            E::NotSupported { .. } => Kind::Whole,
            _ if text.contains("redirect without LOCATION") => Kind::OtherRegion,
            _ if innermost(error).to_string().contains("URL scheme is not allowed") => Kind::PlainHttp,
            _ if is_away(error) => Kind::Away,
            _ => Kind::Other,
        }
    }

    fn reason(self, error: &object_store::Error, text: &str) -> String {
        let reason = match self {
            Kind::NoBucket => "there is no such bucket",
            Kind::Gone => "it is not there",
            Kind::Changed => "it changed while it was read",
            Kind::Anonymous => "nothing says who asks for it",
            Kind::BadKey => "the store does not accept the access key",
            Kind::Expired => "the permission to read it has expired",
            Kind::Denied => "access is denied",
            Kind::OtherRegion => "the bucket is in another region",
            Kind::PlainHttp => "the service is at an address that begins with `http://`, and that is not allowed",
            Kind::Whole => "the server gives files as a whole only, and not in parts",
            Kind::Away => return away(error, text),
            Kind::Other => return other(error, text),
        };
        reason.to_owned()
    }

    fn help(self, address: &str) -> &'static str {
        let service = Service::of(address);
        match (self, service) {
            (Kind::NoBucket, Service::Azure) => "look at the name of the container",
            (Kind::NoBucket, Service::Amazon) => {
                "look at the name of the bucket; AWS_ENDPOINT says which service has it, if it is not Amazon's"
            }
            (Kind::NoBucket, _) => "look at the name of the bucket",
            (Kind::Gone, _) => "look at its name: capitals count",
            (Kind::Changed, _) => "evaluate again when nobody writes it",
            (Kind::Anonymous, Service::Amazon) => {
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SKIP_SIGNATURE=true for public data"
            }
            (Kind::Anonymous, Service::Google) => {
                "set GOOGLE_SERVICE_ACCOUNT to the path of a key file, or GOOGLE_SKIP_SIGNATURE=true for public data"
            }
            (Kind::Anonymous, Service::Azure) => {
                "set AZURE_STORAGE_ACCOUNT_KEY, or AZURE_SKIP_SIGNATURE=true for public data"
            }
            (Kind::BadKey, Service::Amazon) => "look at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            (Kind::BadKey, Service::Azure) => "look at AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
            (Kind::Expired, Service::Amazon) => "get a new AWS_SESSION_TOKEN with its keys",
            (Kind::Expired, _) => "sign in again",
            (Kind::Anonymous | Kind::BadKey | Kind::Denied, Service::Web) => "ask for a file that needs no password",
            (Kind::Anonymous | Kind::BadKey | Kind::Denied, _) => {
                "ask whoever keeps the bucket for permission to list and to read it, with the keys that are set"
            }
            (Kind::OtherRegion, _) => "set AWS_REGION to the region of the bucket",
            (Kind::PlainHttp, _) => "set AWS_ALLOW_HTTP=true if the network between is your own",
            (Kind::Whole, _) => "copy the file to this machine",
            (Kind::Away, Service::Amazon) => {
                "look at the network; AWS_ENDPOINT says where the service is, if it is not Amazon's"
            }
            (Kind::Away, _) => "look at the address, and at the network",
            (Kind::Other, Service::Unknown) => "look whether it is there, and may be read",
            (Kind::Other, _) => "look at the address, and at what the environment says about access to it",
        }
    }
}

/// Whose store an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Service {
    Amazon,
    Google,
    Azure,
    Web,
    Unknown,
}

impl Service {
    fn of(address: &str) -> Self {
        match address.split_once("://").map(|(scheme, _)| scheme) {
            Some("s3" | "s3a") => Service::Amazon,
            Some("gs") => Service::Google,
            Some("az" | "abfs" | "abfss") => Service::Azure,
            Some("http" | "https") => Service::Web,
            _ => Service::Unknown,
        }
    }
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> Option<&'t str> {
    Some(text.split_once(from)?.1.split_once(to)?.0)
}

/// What an answer in XML calls the error.
fn code(text: &str) -> Option<&str> {
    between(text, "<Code>", "</Code>")
}

/// Nobody answers at all.
#[cfg(feature = "remote")]
fn is_away(error: &object_store::Error) -> bool {
    use object_store::client::{HttpError, HttpErrorKind as Http};
    let mut error: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(outer) = error {
        if let Some(http) = outer.downcast_ref::<HttpError>() {
            return matches!(http.kind(), Http::Connect | Http::Timeout | Http::Interrupted | Http::Request);
        }
        error = inner(outer);
    }
    false
}

/// Nobody answers at all: a store that a program brings says so in its own words.
#[cfg(not(feature = "remote"))]
fn is_away(_error: &object_store::Error) -> bool {
    false
}

/// Who does not answer, and why.
fn away(error: &object_store::Error, text: &str) -> String {
    let asked = between(text, "Error performing ", " in ").and_then(|request| request.split_whitespace().last());
    let asked = asked.and_then(|asked| Url::parse(asked).ok());
    let asked = asked.map_or("the store".to_owned(), |url| format!("`{}`", url.origin().ascii_serialization()));
    let why = innermost(error).to_string();
    let why = why.split(" (os error").next().unwrap_or_default().to_lowercase();
    format!("{asked} does not answer: {why}")
}

/// What the store says, in short.
fn other(error: &object_store::Error, text: &str) -> String {
    let told = code(text).map(|code| match between(text, "<Message>", "</Message>") {
        Some(message) => format!("{code}: {message}"),
        None => code.to_owned(),
    });
    let told = told.unwrap_or_else(|| innermost(error).to_string());
    let line = told.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An error as stores wrap it.
    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Answer(String);

    fn generic(text: &str) -> object_store::Error {
        object_store::Error::Generic { store: "S3", source: Box::new(Answer(text.to_owned())) }
    }

    fn answered(code: &str) -> object_store::Error {
        let text = format!(
            "Error performing GET https://x/shop in 5ms - Server returned non-2xx status code: 400 Bad Request: <?xml \
             version=\"1.0\"?>\n<Error><Code>{code}</Code><Message>As you see\nin detail</Message></Error>"
        );
        generic(&text)
    }

    #[test]
    fn answers_become_sentences() {
        let reason = |code: &str| Refusal::of(&answered(code), "s3://shop/x.csv").reason;
        assert_eq!(reason("NoSuchBucket"), "there is no such bucket");
        assert_eq!(reason("SignatureDoesNotMatch"), "the store does not accept the access key");
        assert_eq!(reason("ExpiredToken"), "the permission to read it has expired");
        assert_eq!(reason("AuthorizationHeaderMalformed"), "the bucket is in another region");
        assert_eq!(reason("Weather"), "Weather: As you see");
    }

    #[test]
    fn the_help_is_of_the_service() {
        let asked = generic("Error performing PUT http://169.254.169.254/latest/api/token in 3s, after 3 retries");
        let help = |address: &str| Refusal::of(&asked, address).help;
        assert!(help("s3://shop/x.csv").contains("AWS_ACCESS_KEY_ID"));
        assert!(help("gs://shop/x.csv").contains("GOOGLE_SERVICE_ACCOUNT"));
        assert!(help("az://shop/x.csv").contains("AZURE_STORAGE_ACCOUNT_KEY"));
    }

    #[test]
    fn a_store_is_to_blame_behind_other_errors() {
        let error = io::Error::other(answered("NoSuchBucket"));
        assert_eq!(Refusal::behind(&error, "s3://x").map(|found| found.reason), Some("there is no such bucket".into()));
        let error = datafusion::common::DataFusionError::from(answered("NoSuchBucket"));
        assert!(Refusal::behind(&error, "s3://x").is_some());
        assert_eq!(Refusal::behind(&io::Error::from(io::ErrorKind::UnexpectedEof), "s3://x"), None);
    }
}
