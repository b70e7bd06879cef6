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

    /// Whether connections to it may need TLS.
    #[cfg_attr(not(feature = "rustls"), allow(dead_code))]
    pub fn is_secure(&self) -> bool {
        !matches!(self, Self::Given(url) if url.starts_with("http:"))
    }

    pub async fn resolve(&self, auth: &dyn Authenticate) -> Result<&str> {
        match self {
            Self::Given(url) => Ok(url),
            Self::Catalogued { service, allow_http, normalize, found } => {
                if let Some(url) = found.get() {
                    return Ok(url);
                }
                // Asked by all calls at once: the credential sees to it that this is one login, and that
                // its failure is told to all of them.
                let missing = || Error::new(ErrorKind::Configuration, "no endpoint is set");
                let text = auth.catalogue().ok_or_else(missing)?.endpoint(service).await?;
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
            Self::Catalogued { service, found, .. } => match found.get() {
                Some(url) => f.write_str(url),
                None => write!(f, "{service} of the catalogue"),
            },
        }
    }
}

pub(super) fn configuration(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

/// Checks an endpoint. What is wrong is told without the URL, which may hold a password.
pub(super) fn parse_endpoint(text: &str, allow_http: bool) -> Result<Url> {
    let url = Url::parse(text)
        .map_err(|error| configuration(format!("the endpoint is no URL: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(configuration("the endpoint must not hold a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(configuration("the endpoint must not have a query or fragment"));
    }
    let loopback = is_loopback(&url);
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback || allow_http => Ok(url),
        "http" => Err(configuration(format!(
            "the endpoint {url} would carry credentials unencrypted: use https, or allow_http(true)"
        ))),
        other => Err(configuration(format!("the endpoint has the scheme {other:?}, not https"))),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
