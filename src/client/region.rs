//! Services that have an address in each region, and signatures that name the region too.
//!
//! The two are set together: a request that is signed for another region than that of its host is refused.

use super::builder::{ClientBuilder, Service};
use super::endpoint::configuration;
use super::shared::Shared;
use crate::Result;

/// A service with an address in each region. Implemented by the clients of this crate.
pub trait RegionalService: Service {}

impl<S: RegionalService> ClientBuilder<S> {
    /// The region, such as `eu-west-1`. It sets the address of the service and the region in signatures. By default
    /// it is the region of the credential.
    ///
    /// An [`endpoint`](Self::endpoint) replaces the address, in all regions: set one for an emulator or a VPC
    /// endpoint.
    #[must_use]
    pub fn region(mut self, name: impl Into<String>) -> Self {
        self.settings.region.name = Some(name.into());
        self
    }

    /// Uses the addresses with FIPS-validated cryptography, in regions that have them.
    #[must_use]
    pub fn fips(mut self, fips: bool) -> Self {
        self.settings.region.fips = fips;
        self
    }

    /// Uses the dual-stack addresses, which support IPv6 too.
    #[must_use]
    pub fn dual_stack(mut self, dual_stack: bool) -> Self {
        self.settings.region.dual_stack = dual_stack;
        self
    }
}

impl<S: RegionalService> ClientBuilder<S> {
    /// Configured as another client: for another region, or for another service in the same one.
    #[allow(dead_code)] // where a service has regions
    pub(crate) fn as_of(client: &Shared, region: Option<String>) -> Result<Self> {
        let origin = client.origin.clone();
        let mut settings = origin.ok_or_else(|| {
            configuration("the client has no region: set one with `region()` of its builder")
        })?;
        if region.is_some() {
            settings.region.name = region;
        }
        Ok(Self::with(*settings))
    }
}
