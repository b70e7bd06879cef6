//! How requests are authenticated.
//!
//! | scheme | for |
//! |---|---|
//! | [`SigV4`] | AWS: ParallelCluster behind API Gateway, EC2, SSM |
//! | [`Bearer`] | GPU clouds and everything else with `Authorization: Bearer` |
//! | [`ApiKey`] | services with a key in a header of their own |
//! | [`Basic`] | `Authorization: Basic` |
//! | [`Keystone`] | OpenStack: logs in, renews its token, knows where the services are |
//! | [`XAuthToken`] | OpenStack, with a token that is at hand |
//! | [`AkSk`] | Open Telekom Cloud and Huawei Cloud, with an access key |
//!
//! For any other scheme, implement [`Authenticate`].
//!
//! # Credentials that expire
//!
//! Tokens and temporary keys are cached, and every scheme follows the same rules. One refresh runs at a time,
//! shortly before the credential expires; until it expires, calls continue to use it. If a service refuses the
//! credential, it is renewed once, and all calls that were refused wait for the new one. If only a permission is
//! missing, it is not renewed. A provider or login has at most 60 seconds; a call that gives up earlier does not
//! cancel it. Credentials without a known expiry are requested again after 15 minutes, and after a refusal.

#[cfg(feature = "aksk")]
mod aksk;
#[cfg(feature = "aws-credentials")]
mod aws_sdk;
mod bearer;
#[cfg(any(feature = "sigv4", feature = "aksk"))]
mod clock;
#[cfg(any(feature = "sigv4", feature = "aksk"))]
mod credentials;
mod env;
mod header;
#[cfg(feature = "keystone")]
pub mod keystone;
#[cfg(any(feature = "sigv4", feature = "aksk"))]
mod signing;
#[cfg(feature = "sigv4")]
mod sigv4;
mod token_cache;
mod x_auth_token;

#[cfg(feature = "aksk")]
pub use aksk::AkSk;
pub use bearer::{Bearer, Token, TokenProvider};
#[cfg(any(feature = "sigv4", feature = "aksk"))]
pub use credentials::{CredentialProvider, Credentials};
pub use header::{ApiKey, Basic};
#[cfg(feature = "keystone")]
pub use keystone::{Domain, Keystone};
#[cfg(feature = "sigv4")]
pub use sigv4::SigV4;
pub use x_auth_token::XAuthToken;

pub(crate) use env::{first, optional, required};

pub use crate::client::{Authenticate, Catalogue, Refusal, Region, Regional, Trust};

use crate::{Error, ErrorKind, Result};
use http::header::{HeaderMap, HeaderName, HeaderValue};

/// Sets a header to a secret. A secret with characters that a header cannot hold is an error that
/// does not show it.
pub(crate) fn set_secret<S>(headers: &mut HeaderMap, name: HeaderName, secret: S) -> Result<()>
where
    S: AsRef<str>,
    HeaderValue: TryFrom<S>,
{
    // Servers do not agree on the encoding of other characters.
    let is_ascii = secret.as_ref().is_ascii();
    let value = HeaderValue::try_from(secret).ok().filter(|_| is_ascii);
    let mut value = value.ok_or_else(|| {
        let message = format!(
            "the credential for {name} has characters that a header cannot hold: remove line breaks and \
             everything that is not ASCII"
        );
        Error::new(ErrorKind::Auth, message)
    })?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}
