//! Where a service is: as configured, or as the credential's catalogue says.

use super::authenticate::Authenticate;
use crate::{Error, ErrorKind, Result};
use std::fmt;
use std::sync::OnceLock;
use url::{Host, Url};

/// The base URL of a service, without a slash at its end.
pub(super) enum Endpoint {
    Given(String),
    /// Looked up when it is first needed, since that takes a credential.
    Catalogued {
        service: &'static str,
        allow_http: bool,
        normalize: fn(Url) -> Url,
        found: OnceLock<String>,
    },
}

impl Endpoint {
    pub fn given(url: Url) -> Self {
        Self::Given(spelled(&url))
    }

    pub fn from_catalogue(
        service: &'static str,
        allow_http: bool,
        normalize: fn(Url) -> Url,
    ) -> Self {
        Self::Catalogued { service, allow_http, normalize, found: OnceLock::new() }
    }

    /// Whether requests go to this machine, in plain HTTP.
    pub fn is_loopback(&self) -> bool {
        let Self::Given(url) = self else { return false };
        url.starts_with("http:") && Url::parse(url).is_ok_and(|url| is_loopback(&url))
    }

    /// The URL, unless it has yet to be looked up.
    pub fn known(&self) -> Option<&str> {
        match self {
            Self::Given(url) => Some(url),
            Self::Catalogued { found, .. } => found.get().map(String::as_str),
        }
    }

    pub async fn resolve(&self, auth: &dyn Authenticate) -> Result<&str> {
        match self {
            Self::Given(url) => Ok(url),
            Self::Catalogued { service, allow_http, normalize, found } => {
                // Many calls may ask at once: the token cache makes it one login, with one result for all.
                let text = auth.catalogue().ok_or_else(no_endpoint)?.endpoint(service).await?;
                let url = spelled(&normalize(parse_endpoint(&text, *allow_http)?));
                Ok(found.get_or_init(|| url))
            }
        }
    }
}

fn spelled(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(url) => f.write_str(url),
            Self::Catalogued { service, .. } => match self.known() {
                Some(url) => f.write_str(url),
                None => write!(f, "{service} of the catalogue"),
            },
        }
    }
}

pub(super) fn no_endpoint() -> Error {
    configuration("no endpoint is set: pass the URL of the service to `endpoint()`")
}

pub(super) fn configuration(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

/// Checks an endpoint. Errors do not show a URL that may hold a password.
pub(super) fn parse_endpoint(text: &str, allow_http: bool) -> Result<Url> {
    let url = Url::parse(text).map_err(|error| unreadable(text, error))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(configuration(
            "the endpoint must not contain a user name or password: pass the credential to `auth()`",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(configuration(
            "the endpoint must not have a query or fragment: remove what follows `?` or `#`",
        ));
    }
    match url.scheme() {
        "https" if !HAS_TLS => Err(configuration(
            "an https endpoint needs TLS: enable the feature `rustls`, `ring` or `native-tls` of cloud-images",
        )),
        "https" => Ok(url),
        "http" if is_loopback(&url) || allow_http => Ok(url),
        "http" => Err(configuration(format!(
            "the endpoint {url} would carry credentials unencrypted: use https, or call `allow_http(true)`"
        ))),
        _ if !text.contains("://") => {
            Err(unreadable(text, url::ParseError::RelativeUrlWithoutBase))
        }
        other => Err(configuration(format!("the endpoint has the scheme {other:?}, not https"))),
    }
}

/// Whether this build of the crate can speak https.
const HAS_TLS: bool = cfg!(any(feature = "aws-lc", feature = "ring", feature = "native-tls"));

/// The error for what is not a URL: mostly a host without `https://`.
fn unreadable(text: &str, error: url::ParseError) -> Error {
    let is_bare = error == url::ParseError::RelativeUrlWithoutBase;
    let shown = !text.is_empty() && !text.contains(['@', '?', '#']);
    if is_bare && shown {
        configuration(format!("the endpoint {text:?} is not a URL: write https://{text}"))
    } else if is_bare {
        configuration("the endpoint is not a URL: it must begin with https://")
    } else {
        configuration(format!("the endpoint is not a URL: {error}"))
    }
}

/// Whether the host is this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // A name below it may be resolved to anywhere.
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
