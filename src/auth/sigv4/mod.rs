//! AWS Signature Version 4.

mod canonical;
#[cfg(feature = "aws-config")]
mod default_chain;
mod hosts;
mod signing_key;
#[cfg(test)]
mod tests;

use super::signing::{Signing, timestamp};
use super::{
    Authenticate, CredentialProvider, Credentials, Refusal, Region, Regional, optional, required,
    set_secret,
};
use crate::{BoxFuture, Error, ErrorKind, Result, hex};
use canonical::CanonicalRequest;
use chrono::{DateTime, TimeDelta, Utc};
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use sha2::{Digest, Sha256};
use signing_key::{Date, SigningKeyCache};
use std::fmt;
use std::sync::Arc;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE: HeaderName = HeaderName::from_static("x-amz-date");
const SESSION_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// The name that API Gateway has in a credential scope.
const SERVICE: &str = "execute-api";

/// AWS refuses signatures that are more than five minutes off. A clock that is off by less does not
/// explain a refusal.
const TOLERATED_SKEW: TimeDelta = TimeDelta::minutes(4);

/// Signs requests with AWS Signature Version 4.
///
/// Takes fixed [`Credentials`] or any [`CredentialProvider`]. Temporary credentials are refreshed five minutes
/// before they expire, and the old ones are used until then. Clones share them.
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
    signing: Signing,
    signing_keys: Arc<SigningKeyCache>,
}

impl SigV4 {
    /// Signs for a region with the credentials of a provider.
    ///
    /// The region is that of the API, such as `eu-west-1`. It is not derived from the endpoint, which may be a
    /// custom domain.
    pub fn new(region: impl Into<String>, credentials: impl CredentialProvider) -> Self {
        Self {
            region: region.into().into(),
            service: SERVICE.into(),
            signing: Signing::new(credentials, TOLERATED_SKEW),
            signing_keys: Arc::default(),
        }
    }

    /// Signs with the credentials in the environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
    /// `AWS_SESSION_TOKEN` if there is one, and `AWS_REGION` or else `AWS_DEFAULT_REGION`.
    ///
    /// Profiles, SSO and the roles of instances and containers are read by `SigV4::default_chain` (the
    /// feature `aws-config`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] naming the variable that is missing.
    pub fn from_env() -> Result<Self> {
        if optional("AWS_ACCESS_KEY_ID")?.is_none()
            && let Some(profile) = optional("AWS_PROFILE")?
        {
            let message = format!(
                "AWS_PROFILE is {profile:?}, but `from_env()` reads only AWS_ACCESS_KEY_ID and \
                 AWS_SECRET_ACCESS_KEY: use `SigV4::default_chain()` of the feature `aws-config`"
            );
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        let key = required(&["AWS_ACCESS_KEY_ID"])?;
        let secret = required(&["AWS_SECRET_ACCESS_KEY"])?;
        let mut credentials = Credentials::new(key, secret);
        if let Some(token) = optional("AWS_SESSION_TOKEN")? {
            credentials = credentials.session_token(token);
        }
        Ok(Self::new(required(&["AWS_REGION", "AWS_DEFAULT_REGION"])?, credentials))
    }

    /// Signs for a service by its name in credential scopes, such as `ec2`. The default is `execute-api`, for API
    /// Gateway.
    #[must_use]
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = name.into().into();
        self.signing_keys = Arc::default();
        self
    }

    fn sign(
        &self,
        request: &mut reqwest::Request,
        credentials: &Credentials,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let time = timestamp(now);
        let headers = request.headers_mut();
        headers.insert(DATE, HeaderValue::from_str(&time).map_err(failed)?);
        match credentials.token() {
            Some(token) => set_secret(headers, SESSION_TOKEN, token)?,
            None => _ = headers.remove(SESSION_TOKEN),
        }
        let CanonicalRequest { text, signed_headers } = CanonicalRequest::new(request)?;
        let (date, region, service) = (&time[..8], &*self.region, &*self.service);
        let scope = [date, region, service, "aws4_request"].join("/");
        let day = Date::try_from(date.as_bytes()).map_err(failed)?;
        let mut mac = self.signing_keys.get(day, credentials, region, service);
        let hash = hex::encode(&Sha256::digest(text.as_bytes()));
        for part in [ALGORITHM, "\n", &time, "\n", &scope, "\n", &hash] {
            mac.update(part.as_bytes());
        }
        let signature = hex::encode(&mac.finish());
        let authorization = [
            ALGORITHM,
            " Credential=",
            credentials.access_key_id(),
            "/",
            &scope,
            ", SignedHeaders=",
            &signed_headers,
            ", Signature=",
            &signature,
        ];
        set_secret(request.headers_mut(), AUTHORIZATION, authorization.concat())
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Auth, "the request cannot be signed").caused_by(error)
}

impl Authenticate for SigV4 {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (credentials, now) = self.signing.next().await?;
            self.sign(request, &credentials, now)
        })
    }

    fn regional(&self, service: &str, region: &Region) -> Result<Option<Regional>> {
        let name = region.name.as_deref().unwrap_or(&self.region);
        let endpoint = hosts::endpoint(service, name, region.fips, region.dual_stack)?;
        let auth = Self {
            region: name.into(),
            service: service.into(),
            signing: self.signing.clone(),
            signing_keys: Arc::default(),
        };
        Ok(Some(Regional::new(auth, name, endpoint)))
    }

    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        Box::pin(self.signing.refused(refusal, |key| format!("Credential={key}/")))
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
