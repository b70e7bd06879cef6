//! AWS Signature Version 4 for API Gateway.

use super::clock::Clock;
use super::token_cache::{Lease, TokenCache};
use super::{Authenticate, Refusal, optional, required, set_secret};
use crate::{BoxFuture, Error, ErrorKind, Result};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use chrono::TimeDelta;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The name that API Gateway has in a credential scope.
const SERVICE: &str = "execute-api";

/// Credentials that end within this time are asked for anew.
const RENEW_BEFORE: Duration = Duration::from_secs(300);

/// AWS refuses signatures that are more than five minutes off. A clock that is off by less is not the
/// reason of a refusal.
const TOLERATED_SKEW: TimeDelta = TimeDelta::minutes(4);

/// Signs requests with AWS Signature Version 4.
///
/// Takes any provider of the AWS SDK, [`Credentials`] among them. The credentials are kept until five
/// minutes before they expire, whoever the provider is, and used on to their end if it has no others by
/// then. Clones share them.
///
/// ```
/// use cloud_images::auth::{Credentials, SigV4};
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "static");
/// let auth = SigV4::new("eu-west-1", credentials);
/// ```
#[derive(Clone)]
pub struct SigV4 {
    region: Arc<str>,
    service: Arc<str>,
    provider: SharedCredentialsProvider,
    kept: Arc<TokenCache<Credentials>>,
    clock: Arc<Clock>,
}

impl SigV4 {
    /// Signs for a region with the credentials of a provider.
    ///
    /// The region is that of the API. It is not read out of the endpoint, which may be a domain of
    /// your own.
    pub fn new(region: impl Into<String>, credentials: impl ProvideCredentials + 'static) -> Self {
        Self {
            region: region.into().into(),
            service: SERVICE.into(),
            provider: SharedCredentialsProvider::new(credentials),
            kept: Arc::default(),
            clock: Arc::new(Clock::tolerating(TOLERATED_SKEW)),
        }
    }

    /// Signs with what the environment says: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
    /// `AWS_SESSION_TOKEN` if there is one, and `AWS_REGION` or else `AWS_DEFAULT_REGION`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] naming the variable that is missing.
    pub fn from_env() -> Result<Self> {
        let key = required(&["AWS_ACCESS_KEY_ID"])?;
        let secret = required(&["AWS_SECRET_ACCESS_KEY"])?;
        let token = optional("AWS_SESSION_TOKEN")?;
        let region = required(&["AWS_REGION", "AWS_DEFAULT_REGION"])?;
        Ok(Self::new(region, Credentials::new(key, secret, token, None, "environment")))
    }

    /// Signs for another service than API Gateway's `execute-api`.
    #[must_use]
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = name.into().into();
        self
    }

    async fn credentials(&self) -> Result<Credentials> {
        let ask = async {
            self.provider.provide_credentials().await.map_err(|error| {
                Error::new(ErrorKind::Auth, "the provider gave no AWS credentials").caused_by(error)
            })
        };
        self.kept.get(ask).await
    }

    fn sign(&self, request: &mut reqwest::Request, credentials: Credentials) -> Result<()> {
        let identity = credentials.into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(&self.service)
            .time(self.clock.now().into())
            // The defaults are API Gateway's: the path is encoded once more, no checksum header.
            .settings(SigningSettings::default())
            .build()
            .map_err(failed)?
            .into();
        let body = match request.body().map(reqwest::Body::as_bytes) {
            None => SignableBody::Bytes(&[]),
            Some(Some(bytes)) => SignableBody::Bytes(bytes),
            Some(None) => SignableBody::UnsignedPayload,
        };
        let headers = request
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let signable =
            SignableRequest::new(request.method().as_str(), request.url().as_str(), headers, body)
                .map_err(failed)?;
        let (instructions, _signature) = sign(signable, &params).map_err(failed)?.into_parts();
        let (signed, _) = instructions.into_parts();
        for header in signed {
            set_secret(request.headers_mut(), header.name(), header.value())?;
        }
        // No secret, and refusals that are about the time are to show it.
        if let Some(date) = request.headers_mut().get_mut("x-amz-date") {
            date.set_sensitive(false);
        }
        Ok(())
    }
}

impl Lease for Credentials {
    fn left_when_due(&self) -> Option<Duration> {
        let left = self.expiry()?.duration_since(SystemTime::now()).unwrap_or_default();
        (left <= RENEW_BEFORE).then_some(left)
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Auth, "the request cannot be signed").caused_by(error)
}

impl Authenticate for SigV4 {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let credentials = self.credentials().await?;
            self.sign(request, credentials)
        })
    }

    /// A clock that is wrong by more than AWS allows is corrected, and credentials that end are asked
    /// for anew. Fixed ones would be the same again.
    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            if self.clock.explains(refusal) {
                return true;
            }
            if self.kept.last().is_none_or(|known| known.expiry().is_none()) {
                return false;
            }
            // Another call may have renewed them since: then those are to be tried, not dropped.
            self.kept.forget_if(|known| {
                known.session_token().is_none_or(|token| refusal.carried(token))
            });
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
