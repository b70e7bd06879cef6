//! Without the feature `http2`.

use cloud_images::computing::Client;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A service that would rather speak HTTP/2, as most do.
#[tokio::test]
async fn a_service_that_prefers_http_2_is_asked_over_http_1() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let certificates = vec![made.cert.der().clone()];
    let config = rustls::ServerConfig::builder().with_no_client_auth();
    let mut config = config.with_single_cert(certificates, key.into()).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let server = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut socket = acceptor.accept(socket).await.unwrap();
        let mut request = vec![0; 64 << 10];
        let length = socket.read(&mut request).await.unwrap();
        let body = r#"{"status": "success", "message": "", "data": {}}"#;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        socket.write_all((head + body).as_bytes()).await.unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let client = Client::builder()
        .endpoint(url)
        .root_certificate_pem(made.cert.pem())
        .auth(cloud_images::auth::Bearer::new("token-of-the-test"));
    client.build().unwrap().image_operations().list_images().await.unwrap();
    let request = server.await.unwrap();
    assert!(request.contains(" HTTP/1.1\r\n"), "{request}");
}
