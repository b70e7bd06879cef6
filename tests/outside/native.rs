//! Certificates with the platform's own TLS.

use super::Client;
use cloud_images::auth::Bearer;
use cloud_images::{ErrorKind, RetryPolicy};
use native_tls::{Identity, TlsAcceptor};
use rcgen::{CertificateParams, DnType, KeyPair};
use std::io::{Read, Write};
use std::net::TcpListener;

/// A server for https with a certificate of its own; gives its address and the certificate in PEM. The names
/// of certificates differ, since OpenSSL finds the issuer of one by its name.
fn server(name: &str) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    let certificate = params.self_signed(&key).unwrap().pem();
    let key = key.serialize_pem();
    let identity = Identity::from_pkcs8(certificate.as_bytes(), key.as_bytes()).unwrap();
    let acceptor = TlsAcceptor::new(identity).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            // A client that does not trust the certificate goes away.
            let Ok(mut stream) = acceptor.accept(socket) else { continue };
            let _ = stream.read(&mut [0; 4096]);
            let body = r#"{"status": "success", "data": {}}"#;
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
            let _ = write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            let _ = stream.shutdown();
        }
    });
    (url, certificate)
}

#[tokio::test]
async fn a_certificate_is_trusted_if_the_program_says_so() {
    let (url, certificate) = server("one");
    let (_, other) = server("other");
    let builder = || {
        let builder = Client::builder().endpoint(&url).auth(Bearer::new("token-of-the-test"));
        builder.retry(RetryPolicy::none())
    };
    for trusting in [
        builder().root_certificate_pem(certificate.clone()),
        builder().root_certificate_pem([other.clone(), certificate].concat()),
        builder().danger_accept_invalid_certs(true),
    ] {
        trusting.build().unwrap().image_operations().list_images().await.unwrap();
    }
    for strict in [builder(), builder().root_certificate_pem(other)] {
        let error = strict.build().unwrap().image_operations().list_images().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Certificate, "{error}");
        assert!(!error.is_retryable());
    }
}

#[test]
fn a_root_certificate_that_is_none_is_refused() {
    for pem in ["", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let builder = Client::builder().endpoint("https://api.example.com");
        let error = builder.root_certificate_pem(pem).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{pem:?}");
    }
}
