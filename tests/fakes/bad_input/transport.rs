//! Headers, sizes and connections.

use super::server::{answering, assert_error, assert_no_token, ims, requests, saying};
use cloud_images::auth::{Bearer, Credentials, SigV4, XAuthToken};
use cloud_images::{ErrorKind, RetryPolicy, computing, parallelcluster};
use flate2::{Compression, write::GzEncoder};
use serde_json::json;
use std::io::Write;
use wiremock::ResponseTemplate;

#[tokio::test]
async fn the_headers_of_every_request() {
    let server = saying(r#"{"images": []}"#).await;
    ims(&server).list_images().await.unwrap();
    let headers = &requests(&server).await[0].headers;
    assert_eq!(headers["user-agent"], concat!("cloud-images/", env!("CARGO_PKG_VERSION")));
    assert_eq!(headers["accept"], "application/json");
    assert!(headers["accept-encoding"].to_str().unwrap().contains("gzip"));
    // progenitor adds it.
    assert!(!headers.contains_key("api-version"));
}

#[tokio::test]
async fn tokens_that_a_header_cannot_hold_are_refused_without_showing_them() {
    let server = saying(r#"{"status": "success"}"#).await;
    for end in ["\nX-Evil: 1", "\r\n", "\0", "ü", "\u{7f}"] {
        let token = format!("secret-token{end}");
        let bearer = computing::Client::builder().endpoint(server.uri()).auth(Bearer::new(&token));
        let client = bearer.build().unwrap();
        let error = client.image_operations().list_images().await.unwrap_err();
        assert_error(
            &error,
            ErrorKind::Auth,
            &[
                "list_images: the credential for authorization has characters that a header cannot hold",
            ],
        );
        assert_no_token(&error, "secret-token");
        assert_eq!(error.attempts(), 0);

        let asked = token.clone();
        let fresh = Bearer::from_fn(move || {
            let token = asked.clone();
            async move { Ok(token) }
        });
        let client =
            computing::Client::builder().endpoint(server.uri()).auth(fresh).build().unwrap();
        let error = client.image_operations().list_images().await.unwrap_err();
        assert_no_token(&error, "secret-token");

        let keystone = XAuthToken::new(&token);
        let client =
            computing::Client::builder().endpoint(server.uri()).auth(keystone).build().unwrap();
        let error = client.image_operations().list_images().await.unwrap_err();
        assert_error(&error, ErrorKind::Auth, &["the credential for x-auth-token has characters"]);
        assert_no_token(&error, "secret-token");

        let session = Credentials::new("AKID", "secret-key").session_token(token);
        let client = parallelcluster::Client::builder()
            .endpoint(server.uri())
            .auth(SigV4::new("eu-west-1", session))
            .build()
            .unwrap();
        let error = client.image_operations().list_images("AVAILABLE").await.unwrap_err();
        assert_error(&error, ErrorKind::Auth, &["list_images: "]);
        assert_no_token(&error, "secret-token");
        assert_no_token(&error, "secret-key");
    }
    assert!(requests(&server).await.is_empty());
}

#[tokio::test]
async fn an_answer_that_is_too_large() {
    let text = json!({ "data": {}, "status": "success", "message": " ".repeat(5000) }).to_string();
    let plain = ResponseTemplate::new(200).set_body_string(&text);
    // A few bytes on the wire: it is what they become that counts.
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(text.as_bytes()).unwrap();
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 200);
    let zipped =
        ResponseTemplate::new(200).insert_header("content-encoding", "gzip").set_body_bytes(bomb);

    for answer in [plain, zipped] {
        let server = answering(answer).await;
        let client = |limit| {
            let builder = computing::Client::builder().endpoint(server.uri());
            builder.retry(RetryPolicy::none()).max_response_size(limit).build().unwrap()
        };
        let error = client(1000).image_operations().list_images().await.unwrap_err();
        assert_error(
            &error,
            ErrorKind::ResponseTooLarge,
            &["the response is larger than 1000 bytes: raise `max_response_size()`"],
        );
        client(text.len()).image_operations().list_images().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_no_gzip() {
    let broken = ResponseTemplate::new(200)
        .insert_header("content-encoding", "gzip")
        .set_body_string("this is not gzip");
    let error = ims(&answering(broken).await).list_images().await.unwrap_err();
    assert_error(&error, ErrorKind::Interrupted, &["list_images: 200 OK"]);
}

#[tokio::test]
async fn nobody_there() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = computing::Client::builder()
        .endpoint(format!("http://{free}"))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_error(
        &error,
        ErrorKind::Connect,
        &[&format!("list_images: cannot connect to {free}: ")],
    );
    assert!(error.is_retryable());
    assert_eq!(error.attempts(), 1);
}
