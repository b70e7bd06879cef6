//! Connections by https. The certificate is of the test's own making, and a process of its own has to
//! trust it: which ones the platform trusts is asked for once per process.

use crate::alone::alone;
use crate::hostile::{Hostile, http, ok};
use cloud_images::auth::{Bearer, Credentials, SigV4, XAuthToken};
use cloud_images::{Error, ErrorKind, RetryPolicy, computing, ims, parallelcluster};
use rustls::ServerConfig;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// An https server that sends everybody the same answer, and keeps the requests.
struct Secure {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
    certificate: String,
}

impl Secure {
    async fn start(answer: impl Into<Vec<u8>>) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = made.cert.pem();
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let (log, answer) = (Arc::clone(&requests), answer.into());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                // Who does not trust the certificate goes away.
                let Ok(mut socket) = acceptor.accept(socket).await else { continue };
                let mut request = Vec::new();
                while !request.windows(4).any(|window| window == b"\r\n\r\n") {
                    if socket.read_buf(&mut request).await.unwrap_or(0) == 0 {
                        break;
                    }
                }
                log.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
                let _ = socket.write_all(&answer).await;
                let _ = socket.shutdown().await;
            }
        });
        Self { url, requests, certificate }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// In a process of its own: the file in which it finds the certificates to trust. Else runs the test there,
/// and gives nothing.
fn trusting(test: &str) -> Option<PathBuf> {
    let name = format!("{}-{}.pem", test.replace(':', "-"), std::process::id());
    let file = std::env::temp_dir().join(name);
    let own = alone(test, |command| {
        command.env("SSL_CERT_FILE", &file).env_remove("SSL_CERT_DIR");
    });
    if own {
        return std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    }
    let _ = std::fs::remove_file(&file);
    None
}

/// The outcome of a call of each client, with its credential.
async fn errors_of(url: &str) -> [Option<Error>; 3] {
    let gpu = computing::Client::builder().endpoint(url).auth(Bearer::new("secret-of-the-test"));
    let gpu = gpu.retry(RetryPolicy::none()).build().unwrap();
    let glance = ims::Client::builder().endpoint(url).auth(XAuthToken::new("secret-of-the-test"));
    let glance = glance.retry(RetryPolicy::none()).build().unwrap();
    let keys = Credentials::new("AKIDEXAMPLE", "secret");
    let cluster = parallelcluster::Client::builder().endpoint(url);
    let cluster = cluster.auth(SigV4::new("us-east-1", keys)).retry(RetryPolicy::none());
    let cluster = cluster.build().unwrap();
    [
        gpu.image_operations().list_images().await.err(),
        glance.image_operations().create_image().name("seven").await.err(),
        cluster.image_operations().list_images("AVAILABLE").await.err(),
    ]
}

#[tokio::test]
async fn a_redirect_from_https_is_followed_nowhere() {
    let Some(trusted) = trusting("tls::a_redirect_from_https_is_followed_nowhere") else { return };
    let plain = Hostile::always(|| ok(r#"{"images": []}"#)).await;
    let other = Secure::start(http("200 OK", "", r#"{"images": []}"#)).await;
    let mut servers = Vec::new();
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        for target in [plain.url(), other.url.clone(), "//localhost/elsewhere".to_owned()] {
            let location = format!("connection: close\r\nlocation: {target}\r\n");
            servers.push(Secure::start(http(status, &location, "")).await);
        }
    }
    let certificates = servers.iter().chain([&other]).map(|server| server.certificate.as_str());
    std::fs::write(trusted, certificates.collect::<String>()).unwrap();

    for server in &servers {
        for error in errors_of(&server.url).await {
            let error = error.expect("a redirect is not an answer");
            assert_eq!(error.kind(), ErrorKind::UnexpectedStatus, "{error}");
        }
        assert_eq!(server.requests().len(), 3);
    }
    assert_eq!((plain.count(), other.requests().len()), (0, 0));
}

#[tokio::test]
async fn a_certificate_is_trusted_if_the_program_says_so() {
    let body = r#"{"status": "success", "data": {}}"#;
    let server = Secure::start(http("200 OK", "connection: close\r\n", body)).await;
    let other = Secure::start(Vec::new()).await.certificate;
    let own = server.certificate.clone();
    let builder = || {
        let builder = computing::Client::builder().endpoint(&server.url);
        builder.auth(Bearer::new("secret-of-the-test")).retry(RetryPolicy::none())
    };
    for trusting in [
        builder().root_certificate_pem(own.clone()),
        builder().root_certificate_pem([other.clone(), own].concat()),
        builder().danger_accept_invalid_certs(true),
    ] {
        trusting.build().unwrap().image_operations().list_images().await.unwrap();
    }
    assert_eq!(server.requests().len(), 3);
    for strict in [builder(), builder().root_certificate_pem(other)] {
        let error = strict.build().unwrap().image_operations().list_images().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Certificate, "{error}");
    }
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn nothing_is_sent_to_who_cannot_prove_who_it_is() {
    let Some(trusted) = trusting("tls::nothing_is_sent_to_who_cannot_prove_who_it_is") else {
        return;
    };
    let answer = http(
        "200 OK",
        "connection: close\r\n",
        r#"{"status": "success", "data": {}, "images": []}"#,
    );
    let known = Secure::start(answer.clone()).await;
    let unknown = Secure::start(answer).await;
    std::fs::write(trusted, &known.certificate).unwrap();

    for error in errors_of(&unknown.url).await {
        let error = error.expect("a stranger is not a service");
        assert_eq!(error.kind(), ErrorKind::Certificate, "{error}");
        assert!(!error.is_retryable(), "{error}");
    }
    // The right server under a name that it does not have.
    for error in errors_of(&known.url.replace("localhost", "127.0.0.1")).await {
        assert_eq!(error.unwrap().kind(), ErrorKind::Certificate);
    }
    assert!(known.requests().is_empty() && unknown.requests().is_empty());

    let [gpu, _, cluster] = errors_of(&known.url).await;
    assert!(gpu.is_none() && cluster.is_none(), "{gpu:?} {cluster:?}");
    assert!(known.requests()[0].contains("Bearer secret-of-the-test"));
}
