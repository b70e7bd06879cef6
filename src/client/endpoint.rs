//! Where a service is: as configured, or as the credential's catalogue says.

use super::authenticate::Authenticate;
use crate::{Error, ErrorKind, Result};
use std::fmt;
use std::sync::OnceLock;
use url::{Host, Url};

/// The base URL of a service.
pub(super) enum Endpoint {
    Given(Url),
    /// Looked up when it is first needed, since that takes a credential.
    Catalogued {
        service: &'static str,
        allow_http: bool,
        normalize: fn(Url) -> Url,
        found: OnceLock<Url>,
    },
}

impl Endpoint {
    pub fn given(url: Url) -> Self {
        Self::Given(url)
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
        matches!(self, Self::Given(url) if url.scheme() == "http" && is_loopback(url))
    }

    /// The URL, unless it has yet to be looked up.
    pub fn known(&self) -> Option<&Url> {
        match self {
            Self::Given(url) => Some(url),
            Self::Catalogued { found, .. } => found.get(),
        }
    }

    /// Looks the URL up, if that has to be done.
    pub async fn resolve(&self, auth: &dyn Authenticate) -> Result<()> {
        if let Self::Catalogued { service, allow_http, normalize, found } = self {
            // Many calls may ask at once: the token cache makes it one login, with one result for all.
            let text = auth.catalogue().ok_or_else(no_endpoint)?.endpoint(service).await?;
            let url = normalize(parse_endpoint(&text, *allow_http)?);
            found.get_or_init(|| url);
        }
        Ok(())
    }
}

/// The URL of a path at a service. To parse the text of both would take four times as long.
pub(super) fn join(endpoint: &Url, path: &str) -> Url {
    let mut url = endpoint.clone();
    url.set_path(&[endpoint.path().trim_end_matches('/'), path].concat());
    url
}

fn spelled(url: &Url) -> &str {
    url.as_str().trim_end_matches('/')
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(url) => f.write_str(spelled(url)),
            Self::Catalogued { service, .. } => match self.known() {
                Some(url) => f.write_str(spelled(url)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_put_behind_that_of_the_endpoint() {
        let endpoints = [
            ("https://images.example", "https://images.example"),
            ("https://images.example/", "https://images.example"),
            ("http://[::1]:9292/image//", "http://[::1]:9292/image"),
            ("https://images.example/a%2Fb/\u{fc} c", "https://images.example/a%2Fb/%C3%BC%20c"),
        ];
        let paths =
            ["/", "/v2/images", "/v2/images/a%2Fb%3F%23/file", "/v2//x/", "/a:b/@c;d=e,~'!$&()*+"];
        for (endpoint, base) in endpoints {
            let endpoint = parse_endpoint(endpoint, true).unwrap();
            for path in paths {
                let url = join(&endpoint, path);
                assert_eq!(url.as_str(), format!("{base}{path}"));
                assert_eq!(url, Url::parse(url.as_str()).unwrap());
            }
        }
    }
}
