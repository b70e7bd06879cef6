//! Access keys of Open Telekom Cloud and Huawei Cloud: `SDK-HMAC-SHA256`.

mod canonical;
#[cfg(test)]
mod tests;

use super::signing::{Signing, timestamp};
use super::{
    Authenticate, CredentialProvider, Credentials, Refusal, optional, required, set_secret,
};
use crate::hmac::HmacSha256;
use crate::{BoxFuture, Error, ErrorKind, Result, hex};
use canonical::{UNSIGNED, canonical_request, host, payload_hash};
use chrono::{DateTime, TimeDelta, Utc};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, HOST, HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// The largest body in bytes.
const LARGEST_BODY: u64 = 12 << 20;

const DATE: HeaderName = HeaderName::from_static("x-sdk-date");
const CONTENT_HASH: HeaderName = HeaderName::from_static("x-sdk-content-sha256");
const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");
/// The gateways refuse signatures that are more than fifteen minutes off (Huawei Cloud, questions about
/// signing with AK/SK). A clock that is off by less does not explain a refusal.
const TOLERATED_SKEW: TimeDelta = TimeDelta::minutes(14);

/// Signs requests with an access key and its secret key, as the SDKs of Huawei Cloud do.
///
/// As in those SDKs, the signature covers bodies of the type `application/json`, but neither image data nor the
/// JSON patches of `update_image`.
///
/// The gateways accept bodies of at most 12 MB with such a signature (Image Management Service API reference,
/// "Calling APIs"). Larger uploads fail before they are sent. Use a token for them: [`Keystone`](super::Keystone)
/// or [`XAuthToken`](super::XAuthToken).
///
/// ```
/// use cloud_images::auth::AkSk;
///
/// let auth = AkSk::new("AKEXAMPLE", "secret key").project_id("1bed856811654c1cb661a6ca845ebc77");
/// ```
#[derive(Clone)]
pub struct AkSk {
    signing: Signing,
    /// The credentials, unless a provider has them.
    fixed: Option<Credentials>,
    project_id: Option<Arc<str>>,
}

impl AkSk {
    /// An access key and its secret key.
    #[must_use]
    pub fn new(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        let fixed = Credentials::new(access_key, secret_key);
        Self { fixed: Some(fixed.clone()), ..Self::from_provider(fixed) }
    }

    /// Signs with the keys of a provider, which renews temporary keys. Their security token is the
    /// [`session_token`](Credentials::session_token) of its credentials.
    pub fn from_provider(provider: impl CredentialProvider) -> Self {
        Self { signing: Signing::new(provider, TOLERATED_SKEW), fixed: None, project_id: None }
    }

    /// The keys in `HUAWEICLOUD_SDK_AK` and `HUAWEICLOUD_SDK_SK`, or else in `OS_ACCESS_KEY` and `OS_SECRET_KEY`.
    /// Optional are the project in `HUAWEICLOUD_SDK_PROJECT_ID` or `OS_PROJECT_ID` and the security token in
    /// `HUAWEICLOUD_SDK_SECURITY_TOKEN` or `OS_SECURITY_TOKEN`.
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

    /// The id of the project that requests are for. By default the service uses the project of the key.
    #[must_use]
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.project_id = Some(id.into().into());
        self
    }

    /// The security token of a temporary key. Keys from a [provider](Self::from_provider) bring their own.
    #[must_use]
    pub fn security_token(mut self, token: impl Into<String>) -> Self {
        if let Some(fixed) = self.fixed {
            let fixed = fixed.session_token(token);
            self.signing = Signing::new(fixed.clone(), TOLERATED_SKEW);
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
        let date = timestamp(now);
        let host = host(request.url())?;
        let hash = payload_hash(request);
        let headers = request.headers_mut();
        headers.insert(HOST, value("the host", &host)?);
        headers.insert(DATE, value("the date", &date)?);
        if hash == UNSIGNED {
            headers.insert(CONTENT_HASH, HeaderValue::from_static(UNSIGNED));
        }
        if let Some(project) = &self.project_id {
            headers.insert("x-project-id", value("the project id", project)?);
        }
        match credentials.token() {
            Some(token) => set_secret(headers, SECURITY_TOKEN, token)?,
            None => _ = headers.remove(SECURITY_TOKEN),
        }
        let (canonical, signed) = canonical_request(request, &hash);
        let text =
            format!("{ALGORITHM}\n{date}\n{}", hex::encode(&Sha256::digest(canonical.as_bytes())));
        let secret = credentials.secret_key().expose_secret();
        let mut mac = HmacSha256::new(secret.as_bytes());
        mac.update(text.as_bytes());
        let signature = hex::encode(&mac.finish());
        let authorization = format!(
            "{ALGORITHM} Access={}, SignedHeaders={signed}, Signature={signature}",
            credentials.access_key_id()
        );
        set_secret(request.headers_mut(), AUTHORIZATION, authorization)
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
                "the body has {size} bytes, and a request signed with AK/SK has at most 12 MB: use a \
                 token instead, with `Keystone` or `XAuthToken`"
            ),
        )),
        _ => Ok(()),
    }
}

fn value(what: &str, text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|error| {
        let message = format!("{what} {text:?} has characters that a header cannot hold");
        Error::new(ErrorKind::Auth, message).caused_by(error)
    })
}

impl Authenticate for AkSk {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (credentials, now) = self.signing.next().await?;
            self.sign(request, &credentials, now)
        })
    }

    fn project_id(&self) -> BoxFuture<'_, Result<Option<String>>> {
        Box::pin(async { Ok(self.project_id.as_deref().map(str::to_owned)) })
    }

    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        Box::pin(self.signing.refused(refusal, |key| format!("Access={key},")))
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
