//! TLS by rustls. The crypto provider is named, so that no default of the process is needed or changed; the
//! platform's roots are loaded with the first handshake, and never for plain HTTP.

use super::endpoint::configuration;
use super::trust::Trust;
use crate::{Error, Result};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;
use std::sync::{Arc, OnceLock};

/// Gives the HTTP client a TLS configuration.
pub(super) fn configure(
    builder: reqwest::ClientBuilder,
    trust: &Trust,
) -> Result<reqwest::ClientBuilder> {
    Ok(builder.tls_backend_preconfigured(config(trust)?))
}

fn config(trust: &Trust) -> Result<ClientConfig> {
    if !trust.is_default() {
        return with_verifier(Arc::new(PlatformVerifier::new(trust)?));
    }
    // One for the process: its clients share the roots and the TLS sessions.
    static DEFAULT: OnceLock<ClientConfig> = OnceLock::new();
    if let Some(config) = DEFAULT.get() {
        return Ok(config.clone());
    }
    let config = with_verifier(Arc::new(PlatformVerifier::new(trust)?))?;
    Ok(DEFAULT.get_or_init(|| config).clone())
}

fn with_verifier(verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig> {
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    #[cfg(feature = "http2")]
    config.alpn_protocols.push(b"h2".to_vec());
    config.alpn_protocols.push(b"http/1.1".to_vec());
    Ok(config)
}

/// The default of the process if the program set one, else the crate's own.
fn provider() -> Arc<CryptoProvider> {
    if let Some(provider) = CryptoProvider::get_default() {
        return Arc::clone(provider);
    }
    #[cfg(feature = "aws-lc")]
    return Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    #[cfg(not(feature = "aws-lc"))]
    return Arc::new(rustls::crypto::ring::default_provider());
}

fn failed(error: rustls::Error) -> Error {
    configuration("TLS cannot be set up").caused_by(error)
}

/// The verifier of the platform, with further roots if there are any. Loading the platform's roots takes
/// milliseconds: it is put off until there is something to verify.
#[derive(Debug)]
struct PlatformVerifier {
    provider: Arc<CryptoProvider>,
    roots: Vec<CertificateDer<'static>>,
    accept_any: bool,
    inner: OnceLock<Result<Verifier, rustls::Error>>,
}

impl PlatformVerifier {
    fn new(trust: &Trust) -> Result<Self> {
        let provider = provider();
        let mut roots = Vec::new();
        for pem in &trust.roots {
            let found = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
            let found = found.map_err(|error| {
                configuration("the root certificate is not valid PEM").caused_by(error)
            })?;
            if found.is_empty() {
                return Err(configuration(
                    "the PEM text of the root certificate has no certificate: it must contain BEGIN CERTIFICATE",
                ));
            }
            roots.extend(found);
        }
        // What is wrong with a root is an error of `build()`, not of the first request.
        if !roots.is_empty() {
            let mut store = rustls::RootCertStore::empty();
            for root in &roots {
                let added = store.add(root.clone());
                added.map_err(|error| {
                    configuration("the root certificate cannot be used").caused_by(error)
                })?;
            }
            WebPkiServerVerifier::builder_with_provider(store.into(), Arc::clone(&provider))
                .build()
                .map_err(|error| {
                    configuration("the root certificate cannot be used").caused_by(error)
                })?;
        }
        Ok(Self { provider, roots, accept_any: trust.accept_any, inner: OnceLock::new() })
    }

    fn inner(&self) -> Result<&Verifier, rustls::Error> {
        let load = || {
            let provider = Arc::clone(&self.provider);
            #[cfg(not(target_os = "android"))]
            return Verifier::new_with_extra_roots(self.roots.iter().cloned(), provider);
            #[cfg(target_os = "android")]
            return Verifier::new(provider);
        };
        self.inner.get_or_init(load).as_ref().map_err(Clone::clone)
    }
}

impl ServerCertVerifier for PlatformVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.accept_any {
            return Ok(ServerCertVerified::assertion());
        }
        self.inner()?.verify_server_cert(end_entity, intermediates, name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
