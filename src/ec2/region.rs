//! One login for all regions, and for the parameters.

use super::{Client, ssm};
use crate::Result;
use crate::auth::SigV4;

impl Client {
    /// A client with the credentials and the region in the environment, by
    /// [`SigV4::from_env`](crate::auth::SigV4::from_env); at `AWS_ENDPOINT_URL_EC2` or `AWS_ENDPOINT_URL`, if
    /// one of them is set.
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

    /// A client of another region, with the same settings and credentials. Keep it: it has connections of its
    /// own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if there can be no region of this name.
    pub fn in_region(&self, region: impl Into<String>) -> Result<Self> {
        crate::ClientBuilder::as_of(&self.shared, Some(region.into()))?.build()
    }

    /// A client of the parameters in the same region, with the same settings and credentials. Keep it: it has
    /// connections of its own.
    ///
    /// # Errors
    ///
    /// As [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn ssm(&self) -> Result<ssm::Client> {
        crate::ClientBuilder::as_of(&self.shared, None)?.build()
    }
}
