//! Where a service is: as configured, or as the credential's catalogue says.

use super::builder::parse_endpoint;
use crate::auth::Authenticate;
use crate::{Error, ErrorKind, Result};
use std::fmt;
use std::sync::OnceLock;
use url::Url;

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
