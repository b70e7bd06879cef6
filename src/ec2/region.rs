//! One login for all regions, and for the parameters.

use super::{Client, ssm};
use crate::Result;
use crate::auth::SigV4;

impl Client {
    /// Creates a client with the credentials and the region from the environment; see
    /// [`SigV4::from_env`](crate::auth::SigV4::from_env). `AWS_ENDPOINT_URL_EC2` or `AWS_ENDPOINT_URL` sets the
    /// endpoint. By default it is that of the region.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) with the name of the missing variable, and
    /// the errors of [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn from_env() -> Result<Self> {
        let mut builder = Self::builder().auth(SigV4::from_env()?);
        let endpoint = crate::auth::first(&["AWS_ENDPOINT_URL_EC2", "AWS_ENDPOINT_URL"])?;
        if let Some(endpoint) = endpoint {
            builder = builder.endpoint(endpoint);
        }
        builder.build()
    }

    /// The region of the client.
    #[must_use]
    pub fn region(&self) -> &str {
        self.shared.region()
    }

    /// Creates a client of another region, with the same settings and credentials. It opens its own connections, so
    /// reuse it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the name cannot be that of a region.
    pub fn in_region(&self, region: impl Into<String>) -> Result<Self> {
        crate::ClientBuilder::as_of(&self.shared, Some(region.into()))?.build()
    }

    /// Creates a client of the SSM parameters in the same region, with the same settings and credentials. It opens its
    /// own connections, so reuse it.
    ///
    /// # Errors
    ///
    /// As [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn ssm(&self) -> Result<ssm::Client> {
        crate::ClientBuilder::as_of(&self.shared, None)?.build()
    }
}
