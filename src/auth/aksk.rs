//! Access keys of Open Telekom Cloud and Huawei Cloud: `SDK-HMAC-SHA256`.

use super::clock::Clock;
use super::{Authenticate, Refusal, optional, required, set_secret};
use crate::{BoxFuture, Error, ErrorKind, Result};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use http::header::{CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};
use std::sync::Arc;

const ALGORITHM: &str = "SDK-HMAC-SHA256";
const DATE: HeaderName = HeaderName::from_static("x-sdk-date");
const CONTENT_HASH: HeaderName = HeaderName::from_static("x-sdk-content-sha256");
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// The gateways refuse signatures that are more than fifteen minutes off (Huawei Cloud, questions about
/// signing with AK/SK). A clock that is off by less is not the reason of a refusal.
const TOLERATED_SKEW: TimeDelta = TimeDelta::minutes(14);

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Signs requests with an access key and its secret key, as the SDKs of Huawei Cloud do.
///
/// Bodies of the type `application/json` are covered by the signature; image data and the JSON patches of
/// `update_image` are not, as in the SDKs.
///
/// ```
/// use cloud_images::auth::AkSk;
///
/// let auth = AkSk::new("AKEXAMPLE", "secret key").project_id("1bed856811654c1cb661a6ca845ebc77");
/// ```
#[derive(Clone)]
pub struct AkSk {
    access_key: Arc<str>,
    secret_key: Arc<SecretString>,
    security_token: Option<Arc<SecretString>>,
    project_id: Option<Arc<str>>,
    clock: Arc<Clock>,
}

impl AkSk {
    /// An access key and its secret key.
    #[must_use]
    pub fn new(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        Self {
            access_key: access_key.into().into(),
            secret_key: Arc::new(SecretString::from(secret_key.into())),
            security_token: None,
            project_id: None,
            clock: Arc::new(Clock::tolerating(TOLERATED_SKEW)),
        }
    }

    /// The keys in `HUAWEICLOUD_SDK_AK` and `HUAWEICLOUD_SDK_SK`, or else in `OS_ACCESS_KEY` and
    /// `OS_SECRET_KEY`; if there are any, the project in `HUAWEICLOUD_SDK_PROJECT_ID` or `OS_PROJECT_ID`
    /// and the security token in `HUAWEICLOUD_SDK_SECURITY_TOKEN` or `OS_SECURITY_TOKEN`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] naming the variable that is missing.
    pub fn from_env() -> Result<Self> {
        let mut keys = Self::new(
            required(&["HUAWEICLOUD_SDK_AK", "OS_ACCESS_KEY"])?,
            required(&["HUAWEICLOUD_SDK_SK", "OS_SECRET_KEY"])?,
        );
        for name in ["OS_PROJECT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"] {
            if let Some(project) = optional(name)? {
                keys = keys.project_id(project);
            }
        }
        for name in ["OS_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN"] {
            if let Some(token) = optional(name)? {
                keys = keys.security_token(token);
            }
        }
        Ok(keys)
    }

    /// The project that requests are for, by its id. Without it, it is the one that the service finds
    /// for the key.
    #[must_use]
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.project_id = Some(id.into().into());
        self
    }

    /// The token that comes with a temporary key.
    #[must_use]
    pub fn security_token(mut self, token: impl Into<String>) -> Self {
        self.security_token = Some(Arc::new(SecretString::from(token.into())));
        self
    }

    fn sign(&self, request: &mut reqwest::Request, now: DateTime<Utc>) -> Result<()> {
        let date = now.format("%Y%m%dT%H%M%SZ").to_string();
        let host = host(request.url())?;
        let hash = payload_hash(request);
        let headers = request.headers_mut();
        headers.insert(HOST, value(&host)?);
        headers.insert(DATE, value(&date)?);
        if hash == UNSIGNED {
            headers.insert(CONTENT_HASH, HeaderValue::from_static(UNSIGNED));
        }
        if let Some(project) = &self.project_id {
            headers.insert("x-project-id", value(project)?);
        }
        if let Some(token) = &self.security_token {
            set_secret(headers, "x-security-token", token.expose_secret())?;
        }
        let (canonical, signed) = canonical_request(request, &hash);
        let text = format!("{ALGORITHM}\n{date}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret_key.expose_secret().as_bytes())
            .map_err(|_| Error::new(ErrorKind::Auth, "the secret key cannot sign"))?;
        mac.update(text.as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        let authorization = format!(
            "{ALGORITHM} Access={}, SignedHeaders={signed}, Signature={signature}",
            self.access_key
        );
        set_secret(request.headers_mut(), "authorization", &authorization)
    }
}

/// The hash of a JSON body. Other bodies are not covered: they may be larger than memory.
fn payload_hash(request: &reqwest::Request) -> String {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let covered = media_type.is_none_or(|media| media.starts_with("application/json"));
    match request.body().map(reqwest::Body::as_bytes) {
        Some(Some(bytes)) if covered => hex(&Sha256::digest(bytes)),
        Some(_) => UNSIGNED.to_owned(),
        None => hex(&Sha256::digest([])),
    }
}

/// The request in the form that both sides hash, and the names of the headers that are in it.
fn canonical_request(request: &reqwest::Request, hash: &str) -> (String, String) {
    let url = request.url();
    let path = percent_decode_str(url.path()).decode_utf8_lossy();
    let mut path = path.split('/').map(encode).collect::<Vec<_>>().join("/");
    if !path.ends_with('/') {
        path.push('/');
    }
    let mut query: Vec<(String, String)> =
        url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    query.sort();
    let query: Vec<String> =
        query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    // What says how the answer is to come may be changed on the way.
    let mut headers: Vec<(&str, &str)> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .filter(|(name, _)| name.starts_with("x-") || ["content-type", "host"].contains(name))
        .filter_map(|(name, value)| Some((name, value.to_str().ok()?.trim())))
        .collect();
    headers.sort_unstable();
    let signed = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let mut canonical = format!("{}\n{path}\n{}\n", request.method(), query.join("&"));
    for (name, value) in headers {
        let _ = writeln!(canonical, "{name}:{value}");
    }
    let _ = write!(canonical, "\n{signed}\n{hash}");
    (canonical, signed)
}

/// The host as the request will have it, with a port that is not the scheme's own.
fn host(url: &url::Url) -> Result<String> {
    let host = url
        .host_str()
        .ok_or_else(|| Error::new(ErrorKind::InvalidRequest, "the request has no host"))?;
    Ok(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn value(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|error| {
        Error::new(ErrorKind::Auth, "a header of the signature has forbidden characters")
            .caused_by(error)
    })
}

impl Authenticate for AkSk {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.sign(request, self.clock.now()) })
    }

    /// A clock that is wrong by more than the services allow is corrected. The keys would be the same
    /// again.
    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        Box::pin(async move { self.clock.explains(refusal) })
    }
}

impl fmt::Debug for AkSk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AkSk")
            .field("access_key", &self.access_key)
            .field("project_id", &self.project_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    /// What `huaweicloudsdkcore` signed.
    #[derive(Deserialize)]
    struct Vector {
        name: String,
        access_key: String,
        secret_key: String,
        security_token: Option<String>,
        project_id: Option<String>,
        date: DateTime<Utc>,
        method: String,
        url: String,
        content_type: Option<String>,
        body: Option<String>,
        authorization: String,
    }

    #[test]
    fn signatures_are_those_of_the_vendors_own_sdk() {
        let vectors: Vec<Vector> =
            serde_json::from_str(include_str!("../../tests/data/aksk.json")).unwrap();
        assert!(vectors.len() >= 8);
        for vector in vectors {
            let mut keys = AkSk::new(vector.access_key, vector.secret_key);
            if let Some(project) = vector.project_id {
                keys = keys.project_id(project);
            }
            if let Some(token) = vector.security_token {
                keys = keys.security_token(token);
            }
            let method = vector.method.parse().unwrap();
            let mut request = reqwest::Request::new(method, vector.url.parse().unwrap());
            if let Some(media_type) = vector.content_type {
                request.headers_mut().insert(CONTENT_TYPE, media_type.parse().unwrap());
            }
            *request.body_mut() = vector.body.map(Into::into);
            keys.sign(&mut request, vector.date).unwrap();
            let signed = &request.headers()["authorization"];
            assert_eq!(signed, &vector.authorization, "{}", vector.name);
            assert!(signed.is_sensitive());
        }
    }

    #[test]
    fn keys_are_not_shown() {
        let keys = AkSk::new("AKEXAMPLE", "a-secret-key").security_token("a-security-token");
        let text = format!("{keys:?}");
        assert!(text.contains("AKEXAMPLE") && !text.contains("a-sec"), "{text}");
    }
}
