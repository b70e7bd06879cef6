//! Access keys of Open Telekom Cloud and Huawei Cloud: `SDK-HMAC-SHA256`.

use super::clock::Clock;
use super::credentials::CredentialCache;
use super::{
    Authenticate, CredentialProvider, Credentials, Refusal, optional, required, set_secret,
};
use crate::{BoxFuture, Error, ErrorKind, Result, hex};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};
use std::sync::Arc;

const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// The largest body in bytes.
const LARGEST_BODY: u64 = 12 << 20;

const DATE: HeaderName = HeaderName::from_static("x-sdk-date");
const CONTENT_HASH: HeaderName = HeaderName::from_static("x-sdk-content-sha256");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// The gateways refuse signatures that are more than fifteen minutes off (Huawei Cloud, questions about
/// signing with AK/SK). A clock that is off by less does not explain a refusal.
const TOLERATED_SKEW: TimeDelta = TimeDelta::minutes(14);

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Signs requests with an access key and its secret key, as the SDKs of Huawei Cloud do.
///
/// Bodies of the type `application/json` are covered by the signature; image data and the JSON patches of
/// `update_image` are not, as in the SDKs.
///
/// The gateways take bodies of at most 12 MB with such a signature (Image Management Service API
/// reference, "Calling APIs"). Larger uploads fail before they are sent: use a token for them, of
/// [`Keystone`](super::Keystone) or [`XAuthToken`](super::XAuthToken).
///
/// ```
/// use cloud_images::auth::AkSk;
///
/// let auth = AkSk::new("AKEXAMPLE", "secret key").project_id("1bed856811654c1cb661a6ca845ebc77");
/// ```
#[derive(Clone)]
pub struct AkSk {
    credentials: CredentialCache,
    /// The credentials, unless a provider has them.
    fixed: Option<Credentials>,
    project_id: Option<Arc<str>>,
    clock: Arc<Clock>,
}

impl AkSk {
    /// An access key and its secret key.
    #[must_use]
    pub fn new(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        let fixed = Credentials::new(access_key, secret_key);
        Self { fixed: Some(fixed.clone()), ..Self::from_provider(fixed) }
    }

    /// The keys of a provider. It renews temporary keys: their security token is the
    /// [`session_token`](Credentials::session_token) of its credentials.
    pub fn from_provider(provider: impl CredentialProvider) -> Self {
        Self {
            credentials: CredentialCache::new(provider),
            fixed: None,
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

    /// The security token of a temporary key. The keys of a [provider](Self::from_provider) have their
    /// own.
    #[must_use]
    pub fn security_token(mut self, token: impl Into<String>) -> Self {
        if let Some(fixed) = self.fixed {
            let fixed = fixed.session_token(token);
            self.credentials = CredentialCache::new(fixed.clone());
            self.fixed = Some(fixed);
        }
        self
    }

    fn sign(
        &self,
        request: &mut reqwest::Request,
        credentials: &Credentials,
        now: DateTime<Utc>,
    ) -> Result<()> {
        check_size(request)?;
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
        match credentials.token() {
            Some(token) => set_secret(headers, SECURITY_TOKEN, token)?,
            None => _ = headers.remove(SECURITY_TOKEN),
        }
        let (canonical, signed) = canonical_request(request, &hash);
        let text =
            format!("{ALGORITHM}\n{date}\n{}", hex::encode(&Sha256::digest(canonical.as_bytes())));
        let secret = credentials.secret_key().expose_secret();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
            .map_err(|_| Error::new(ErrorKind::Auth, "the secret key cannot sign"))?;
        mac.update(text.as_bytes());
        let signature = hex::encode(&mac.finalize().into_bytes());
        let authorization = format!(
            "{ALGORITHM} Access={}, SignedHeaders={signed}, Signature={signature}",
            credentials.access_key_id()
        );
        set_secret(request.headers_mut(), AUTHORIZATION, &authorization)
    }
}

/// Refuses a body that no gateway takes with a signature, if its size is known.
fn check_size(request: &reqwest::Request) -> Result<()> {
    let stated = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let held = request.body().and_then(reqwest::Body::as_bytes).map(|bytes| bytes.len() as u64);
    match held.or_else(|| stated?.parse().ok()) {
        Some(size) if size > LARGEST_BODY => Err(Error::new(
            ErrorKind::InvalidRequest,
            format!(
                "the body has {size} bytes, and requests signed with AK/SK take at most 12 MB: \
                 use a token, of Keystone or XAuthToken"
            ),
        )),
        _ => Ok(()),
    }
}

/// The hash of a JSON body. Other bodies are not covered: they may be larger than memory.
fn payload_hash(request: &reqwest::Request) -> String {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let covered = media_type.is_none_or(|media| media.starts_with("application/json"));
    match request.body().map(reqwest::Body::as_bytes) {
        Some(Some(bytes)) if covered => hex::encode(&Sha256::digest(bytes)),
        Some(_) => UNSIGNED.to_owned(),
        None => hex::encode(&Sha256::digest([])),
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

fn value(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|error| {
        Error::new(ErrorKind::Auth, "a header of the signature has forbidden characters")
            .caused_by(error)
    })
}

impl Authenticate for AkSk {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let credentials = self.credentials.get().await?;
            self.sign(request, &credentials, self.clock.now())
        })
    }

    fn project_id(&self) -> BoxFuture<'_, Result<Option<String>>> {
        Box::pin(async { Ok(self.project_id.as_deref().map(str::to_owned)) })
    }

    /// A clock that is wrong by more than the services allow is corrected. The keys of a provider are
    /// renewed if the service says that they are expired or not valid.
    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let carried = |credentials: &Credentials| match credentials.token() {
                Some(token) => refusal.carried(token),
                None => refusal.carried(&format!("Access={},", credentials.access_key_id())),
            };
            self.clock.explains(refusal) || self.credentials.renew(refusal, carried).await
        })
    }
}

impl fmt::Debug for AkSk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AkSk")
            .field("access_key", &self.fixed.as_ref().map(Credentials::access_key_id))
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
            let mut credentials = Credentials::new(vector.access_key, vector.secret_key);
            if let Some(token) = vector.security_token {
                credentials = credentials.session_token(token);
            }
            let mut keys = AkSk::from_provider(credentials.clone());
            if let Some(project) = vector.project_id {
                keys = keys.project_id(project);
            }
            let method = vector.method.parse().unwrap();
            let mut request = reqwest::Request::new(method, vector.url.parse().unwrap());
            if let Some(media_type) = vector.content_type {
                request.headers_mut().insert(CONTENT_TYPE, media_type.parse().unwrap());
            }
            *request.body_mut() = vector.body.map(Into::into);
            keys.sign(&mut request, &credentials, vector.date).unwrap();
            let signed = &request.headers()["authorization"];
            assert_eq!(signed, &vector.authorization, "{}", vector.name);
            assert!(signed.is_sensitive());
        }
    }

    #[test]
    fn a_body_that_no_gateway_takes_is_refused_with_the_way_out() {
        let credentials = Credentials::new("AKEXAMPLE", "secret");
        let keys = AkSk::from_provider(credentials.clone());
        let sign = |size: u64| {
            let url = "https://ims.example.com/v2/images/1/file".parse().unwrap();
            let mut request = reqwest::Request::new(http::Method::PUT, url);
            request.headers_mut().insert(CONTENT_LENGTH, size.into());
            keys.sign(&mut request, &credentials, Utc::now())
        };
        sign(12 << 20).unwrap();
        let error = sign((12 << 20) + 1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.message().contains("use a token"), "{error}");
    }

    #[test]
    fn keys_are_not_shown() {
        let keys = AkSk::new("AKEXAMPLE", "a-secret-key").security_token("a-security-token");
        let text = format!("{keys:?}");
        assert!(text.contains("AKEXAMPLE") && !text.contains("a-sec"), "{text}");
    }
}
