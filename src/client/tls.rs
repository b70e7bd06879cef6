//! TLS by rustls: the platform's roots are loaded once per process, and never for plain HTTP.

use crate::{Error, ErrorKind, Result};
use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::sync::{Arc, OnceLock};

/// Gives the HTTP client a TLS configuration: with the platform's roots, or for plain HTTP
/// without.
pub(super) fn configure(
    builder: reqwest::ClientBuilder,
    secure: bool,
) -> Result<reqwest::ClientBuilder> {
    let config = if secure { with_roots()? } else { without_roots()? };
    Ok(builder.tls_backend_preconfigured(config))
}

/// The configuration of this process with the platform's certificate verifier.
fn with_roots() -> Result<ClientConfig> {
    static CONFIG: OnceLock<ClientConfig> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(config.clone());
    }
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_platform_verifier())
        .map_err(failed)?
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(CONFIG.get_or_init(|| config).clone())
}

/// A configuration that trusts nobody: a client of an `http` endpoint makes no TLS connection.
fn without_roots() -> Result<ClientConfig> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(config)
}

fn provider() -> Arc<CryptoProvider> {
    match CryptoProvider::get_default() {
        Some(provider) => Arc::clone(provider),
        None => Arc::new(rustls::crypto::ring::default_provider()),
    }
}

fn failed(error: rustls::Error) -> Error {
    Error::new(ErrorKind::Configuration, "TLS cannot be set up").caused_by(error)
}
