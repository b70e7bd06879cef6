//! The credentials that the AWS tools would use.

use super::SigV4;
use crate::{Error, ErrorKind, Result};
use aws_config::BehaviorVersion;

impl SigV4 {
    /// Signs with the credentials and for the region that the AWS tools would use: environment
    /// variables, profiles of `~/.aws` (`AWS_PROFILE`), SSO, web identity, and the
    /// roles of ECS containers and EC2 instances, in this order.
    ///
    /// The credentials themselves are obtained with the first request.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if there is no region in any of these places.
    #[cfg_attr(docsrs, doc(cfg(feature = "aws-config")))]
    pub async fn default_chain() -> Result<Self> {
        let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
        let missing = |what: &str| {
            let message = format!("the AWS configuration has no {what}");
            Error::new(ErrorKind::Configuration, message)
        };
        let region = config
            .region()
            .ok_or_else(|| missing("region: set AWS_REGION, or region in the profile"))?;
        let provider =
            config.credentials_provider().ok_or_else(|| missing("credentials provider"))?;
        Ok(Self::new(region.as_ref(), provider))
    }
}
