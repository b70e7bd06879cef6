//! TLS by the platform's own library.

use super::endpoint::configuration;
use super::trust::Trust;
use crate::Result;
use reqwest::Certificate;

/// Gives the HTTP client what is to be trusted.
pub(super) fn configure(
    builder: reqwest::ClientBuilder,
    trust: &Trust,
) -> Result<reqwest::ClientBuilder> {
    let mut builder = builder.danger_accept_invalid_certs(trust.accept_any);
    for pem in &trust.roots {
        let found = Certificate::from_pem_bundle(pem).map_err(|error| {
            configuration("the root certificate is not valid PEM").caused_by(error)
        })?;
        if found.is_empty() {
            return Err(configuration(
                "the PEM text of the root certificate has no certificate: it must contain BEGIN CERTIFICATE",
            ));
        }
        builder = found.into_iter().fold(builder, reqwest::ClientBuilder::add_root_certificate);
    }
    Ok(builder)
}
