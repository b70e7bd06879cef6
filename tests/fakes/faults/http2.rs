//! Connections that requests share.

use super::*;
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A server of HTTP/2 with a certificate of its own.
struct Server {
    url: String,
    certificate: String,
    connections: Arc<AtomicUsize>,
}

/// What the server does with its connections.
#[derive(Clone, Copy)]
struct Manner {
    /// How many requests of a connection it takes at a time.
    streams: u32,
    /// How long it takes to answer.
    pause: Duration,
    /// After how many requests the first connection stalls, while TCP lives.
    stalls_after: usize,
}

impl Server {
    async fn start(manner: Manner) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = made.cert.pem();
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let connections = Arc::<AtomicUsize>::default();
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let Ok(socket) = acceptor.accept(socket).await else { continue };
                let number = count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    let mut builder = h2::server::Builder::new();
                    builder.max_concurrent_streams(manner.streams);
                    let Ok(mut connection) = builder.handshake::<_, Bytes>(socket).await else {
                        return;
                    };
                    let mut requests = 0;
                    while let Some(Ok((_, mut respond))) = connection.accept().await {
                        requests += 1;
                        if number == 0 && requests > manner.stalls_after {
                            std::future::pending::<()>().await;
                        }
                        tokio::spawn(async move {
                            tokio::time::sleep(manner.pause).await;
                            let body = Bytes::from_static(IMAGES_BY_REGION.as_bytes());
                            let response = http::Response::new(());
                            let stream = respond.send_response(response, false);
                            let _ = stream.and_then(|mut stream| stream.send_data(body, true));
                        });
                    }
                });
            }
        });
        Self { url, certificate, connections }
    }

    fn client(&self) -> ClientBuilder<computing::Client> {
        computing::Client::builder()
            .endpoint(&self.url)
            .auth(Bearer::new("token-of-the-test"))
            .root_certificate_pem(self.certificate.clone())
            .retry(RetryPolicy::none())
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_waits_for_its_turn_is_not_silent() {
    let (streams, pause) = (2, Duration::from_millis(400));
    let server = Server::start(Manner { streams, pause, stalls_after: usize::MAX }).await;
    let client = server.client().build().unwrap();
    let images = client.image_operations();
    // One connection, which the others then share.
    images.list_images().await.unwrap();
    // The last of them wait more than twice their idle timeout.
    let limit = Duration::from_secs(2);
    let calls = (0..24).map(|_| images.list_images().read_timeout(limit).into_future());
    for outcome in futures::future::join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_stalls_is_left() {
    let manner = Manner { streams: 100, pause: Duration::ZERO, stalls_after: 1 };
    let server = Server::start(manner).await;
    let client = server.client().build().unwrap();
    let images = client.image_operations();
    images.list_images().await.unwrap();
    let silent = images.list_images().read_timeout(Duration::from_millis(500));
    let error = silent.await.unwrap_err();
    assert_eq!(error.kind(), cloud_images::ErrorKind::Timeout, "{error}");
    for _ in 0..3 {
        images.list_images().await.unwrap();
    }
    assert_eq!(server.connections(), 2);
}

/// A runtime that runs only while it is driven.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn a_connection_that_answers_no_ping_is_left() {
    // The server has a clock of its own, and the client longer timeouts than the test.
    let served = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let manner = Manner { streams: 100, pause: Duration::ZERO, stalls_after: 1 };
    let server = served.block_on(Server::start(manner));
    let day = Duration::from_secs(86_400);
    let client = server.client().timeout(None).read_timeout(day).build().unwrap();
    let images = client.image_operations();
    runtime().block_on(async {
        images.list_images().await.unwrap();
        tokio::time::pause();
        let start = tokio::time::Instant::now();
        let error = images.list_images().await.unwrap_err();
        assert_eq!(error.kind(), cloud_images::ErrorKind::Timeout, "{error}");
        assert!(start.elapsed() < Duration::from_secs(60), "{error} after {:?}", start.elapsed());
        tokio::time::resume();
        images.list_images().await.unwrap();
    });
    assert_eq!(server.connections(), 2);
}

#[test]
fn two_runtimes_can_use_one_client() {
    let served = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let manner = Manner { streams: 100, pause: Duration::ZERO, stalls_after: usize::MAX };
    let server = served.block_on(Server::start(manner));
    let client = server.client().build().unwrap();
    let images = client.image_operations();
    let (one, other) = (runtime(), runtime());
    one.block_on(images.list_images().into_future()).unwrap();
    // The first runtime is not driven meanwhile, and with it its connection.
    other.block_on(images.list_images().into_future()).unwrap();
    one.block_on(images.list_images().into_future()).unwrap();
    assert_eq!(server.connections(), 2);
}
