//! The credentials that the AWS tools would use.

use super::SigV4;
use crate::{Error, ErrorKind, Result};
use aws_config::BehaviorVersion;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

impl SigV4 {
    /// Signs with the credentials and for the region that the AWS tools would use: those of the
    /// environment, of the profile in `AWS_PROFILE` or else `default` in `~/.aws` (with SSO,
    /// `role_arn` and `credential_process`), of a web identity, of the ECS container, or of the EC2
    /// instance.
    ///
    /// Only the region is looked up now; the credentials are obtained with the first request.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if there is no region in any of these places.
    #[cfg_attr(docsrs, doc(cfg(feature = "aws-config")))]
    pub async fn default_chain() -> Result<Self> {
        // Its default client would make a second crypto provider of rustls ambiguous for the program.
        let tls = Provider::Rustls(CryptoMode::AwsLc);
        let http = Builder::new().tls_provider(tls).build_https();
        let config = aws_config::defaults(BehaviorVersion::latest()).http_client(http).load().await;
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
