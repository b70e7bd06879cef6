//! How requests are authenticated.
//!
//! | scheme | for |
//! |---|---|
//! | [`SigV4`] | AWS: ParallelCluster behind API Gateway |
//! | [`Bearer`] | GPU clouds and everything else with `Authorization: Bearer` |
//! | [`Keystone`] | OpenStack: logs in, renews its token, knows where the services are |
//! | [`XAuthToken`] | OpenStack, with a token that is at hand |
//! | [`AkSk`] | Open Telekom Cloud and Huawei Cloud, with an access key |
//!
//! Another scheme is an implementation of [`Authenticate`].

#[cfg(feature = "aksk")]
mod aksk;
#[cfg(feature = "sigv4")]
mod aws_credentials;
mod bearer;
#[cfg(any(feature = "sigv4", feature = "aksk"))]
mod clock;
mod env;
#[cfg(feature = "keystone")]
pub mod keystone;
#[cfg(feature = "sigv4")]
mod sigv4;
#[cfg(any(feature = "sigv4", feature = "keystone"))]
mod token_cache;
mod x_auth_token;

#[cfg(feature = "aksk")]
pub use aksk::AkSk;
#[cfg(feature = "sigv4")]
pub use aws_credentials::{CredentialProvider, Credentials};
pub use bearer::Bearer;
#[cfg(feature = "keystone")]
pub use keystone::{Domain, Keystone};
#[cfg(feature = "sigv4")]
pub use sigv4::SigV4;
pub use x_auth_token::XAuthToken;

pub(crate) use env::{optional, required};

pub use crate::client::{Authenticate, Catalogue, Refusal};

use crate::{Error, ErrorKind, Result};
use http::{HeaderMap, HeaderValue};

/// Sets a header to a secret. A secret with characters that a header cannot hold is an error that
/// does not show it.
pub(crate) fn set_secret(headers: &mut HeaderMap, name: &'static str, secret: &str) -> Result<()> {
    // Other than ASCII would be sent, but no two servers read it alike.
    let value = HeaderValue::from_str(secret).ok().filter(|_| secret.is_ascii());
    let mut value = value.ok_or_else(|| {
        let message = format!("the credential for {name} has characters that a header cannot hold");
        Error::new(ErrorKind::Auth, message)
    })?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}
