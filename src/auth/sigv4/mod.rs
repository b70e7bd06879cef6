//! AWS Signature Version 4 for API Gateway.

mod canonical;
mod signing_key;
#[cfg(test)]
mod tests;

use super::clock::Clock;
use super::token_cache::{Lease, TokenCache};
use super::{
    Authenticate, CredentialProvider, Credentials, Refusal, optional, required, set_secret,
};
use crate::{BoxFuture, Error, ErrorKind, Result, hex};
use canonical::CanonicalRequest;
use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use hmac::Mac;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use sha2::{Digest, Sha256};
use signing_key::{Date, SigningKeyCache};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE: HeaderName = HeaderName::from_static("x-amz-date");
const SESSION_TOKEN: &str = "x-amz-security-token";

/// The name that API Gateway has in a credential scope.
const SERVICE: &str = "execute-api";

/// Credentials that end within this time are asked for anew.
const RENEW_BEFORE: Duration = Duration::from_secs(300);

/// AWS refuses signatures that are more than five minutes off. A clock that is off by less is not the
/// reason of a refusal.
const TOLERATED_SKEW: TimeDelta = TimeDelta::minutes(4);

/// Signs requests with AWS Signature Version 4.
///
/// Takes fixed [`Credentials`] or any [`CredentialProvider`]. Credentials that expire are asked for
/// again five minutes before that, and used until their end if the provider has no others by then.
/// Clones share them.
///
/// ```
/// use cloud_images::auth::{Credentials, SigV4};
///
/// let auth = SigV4::new("eu-west-1", Credentials::new("AKIDEXAMPLE", "secret"));
/// ```
#[derive(Clone)]
pub struct SigV4 {
    region: Arc<str>,
    service: Arc<str>,
    provider: Arc<dyn CredentialProvider>,
    credentials: Arc<TokenCache<Credentials>>,
    signing_keys: Arc<SigningKeyCache>,
    clock: Arc<Clock>,
}

impl SigV4 {
    /// Signs for a region with the credentials of a provider.
    ///
    /// The region is that of the API, such as `eu-west-1`. It is not read from the endpoint, which may
    /// be a domain of your own.
    pub fn new(region: impl Into<String>, credentials: impl CredentialProvider) -> Self {
        Self {
            region: region.into().into(),
            service: SERVICE.into(),
            provider: Arc::new(credentials),
            credentials: Arc::default(),
            signing_keys: Arc::default(),
            clock: Arc::new(Clock::tolerating(TOLERATED_SKEW)),
        }
    }

    /// Signs with the credentials in the environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
    /// `AWS_SESSION_TOKEN` if there is one, and `AWS_REGION` or else `AWS_DEFAULT_REGION`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] naming the variable that is missing.
    pub fn from_env() -> Result<Self> {
        let key = required(&["AWS_ACCESS_KEY_ID"])?;
        let secret = required(&["AWS_SECRET_ACCESS_KEY"])?;
        let mut credentials = Credentials::new(key, secret);
        if let Some(token) = optional("AWS_SESSION_TOKEN")? {
            credentials = credentials.session_token(token);
        }
        Ok(Self::new(required(&["AWS_REGION", "AWS_DEFAULT_REGION"])?, credentials))
    }

    /// Signs for another service than API Gateway's `execute-api`, by its name in credential scopes,
    /// such as `ec2`.
    #[must_use]
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = name.into().into();
        self.signing_keys = Arc::default();
        self
    }

    async fn credentials(&self) -> Result<Credentials> {
        // A provider may begin its work before it is polled.
        self.credentials.get(async { self.provider.credentials().await }).await
    }

    fn sign(
        &self,
        request: &mut reqwest::Request,
        credentials: &Credentials,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let time = amz_date(now);
        let headers = request.headers_mut();
        headers.insert(DATE, HeaderValue::from_str(&time).map_err(failed)?);
        match credentials.token() {
            Some(token) => set_secret(headers, SESSION_TOKEN, token)?,
            None => _ = headers.remove(SESSION_TOKEN),
        }
        let CanonicalRequest { text, signed_headers } = CanonicalRequest::new(request)?;
        let (date, region, service) = (&time[..8], &*self.region, &*self.service);
        let scope = format!("{date}/{region}/{service}/aws4_request");
        let day = Date::try_from(date.as_bytes()).map_err(failed)?;
        let mut mac = self
            .signing_keys
            .get(day, credentials, region, service)
            .ok_or_else(|| Error::new(ErrorKind::Auth, "the secret key cannot sign"))?;
        let hash = hex::encode(&Sha256::digest(text.as_bytes()));
        for part in [ALGORITHM, "\n", &time, "\n", &scope, "\n", &hash] {
            mac.update(part.as_bytes());
        }
        let mut authorization = format!(
            "{ALGORITHM} Credential={}/{scope}, SignedHeaders={signed_headers}, Signature=",
            credentials.access_key_id(),
        );
        hex::push(&mut authorization, &mac.finalize().into_bytes());
        set_secret(request.headers_mut(), AUTHORIZATION.as_str(), &authorization)
    }
}

/// The time as signatures carry it, `20150830T123600Z`.
fn amz_date(time: DateTime<Utc>) -> String {
    // Without a formatter, which costs more than a hash.
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

impl Lease for Credentials {
    fn left_when_due(&self) -> Option<Duration> {
        let left = self.expiry()?.duration_since(SystemTime::now()).unwrap_or_default();
        (left <= RENEW_BEFORE).then_some(left)
    }
}

/// What cannot be in a request that is signed.
fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Auth, "the request cannot be signed").caused_by(error)
}

impl Authenticate for SigV4 {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let credentials = self.credentials().await?;
            self.sign(request, &credentials, self.clock.now())
        })
    }

    /// A clock that is wrong by more than AWS allows is corrected, and credentials that end are asked
    /// for anew. Fixed ones would be the same again.
    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            if self.clock.explains(refusal) {
                return true;
            }
            if self.credentials.last().is_none_or(|known| known.expiry().is_none()) {
                return false;
            }
            // Another call may have renewed them since: then those are to be tried, not dropped.
            self.credentials
                .forget_if(|known| known.token().is_none_or(|token| refusal.carried(token)));
            true
        })
    }
}

impl fmt::Debug for SigV4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigV4")
            .field("region", &self.region)
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}
