//! Endpoints that cannot be, or must not be, called.

use super::server::{assert_error, assert_no_token, requests, saying};
use cloud_images::{ErrorKind, computing, ims};

fn refused(endpoint: &str) -> cloud_images::Error {
    computing::Client::builder().endpoint(endpoint).build().unwrap_err()
}

#[test]
fn without_one() {
    let error = computing::Client::builder().build().unwrap_err();
    assert_error(&error, ErrorKind::Configuration, &["no endpoint is set"]);
}

#[test]
fn what_is_no_http_url() {
    for (endpoint, reason) in [
        ("", "the endpoint is not a URL: it must begin with https://"),
        (
            "api.example.com/prod",
            "\"api.example.com/prod\" is not a URL: write https://api.example.com/prod",
        ),
        ("me@api.example.com", "is not a URL: it must begin with https://"),
        ("https://", "the endpoint is not a URL: empty host"),
        ("https://a b", "the endpoint is not a URL"),
        ("ftp://api.example.com", "the endpoint has the scheme \"ftp\", not https"),
        ("localhost:8080", "is not a URL: write https://localhost:8080"),
        ("file:///etc/passwd", "the endpoint has the scheme \"file\", not https"),
        ("https://api.example.com/?a=b", "must not have a query or fragment"),
        ("https://api.example.com/#a", "must not have a query or fragment"),
    ] {
        assert_error(&refused(endpoint), ErrorKind::Configuration, &[reason]);
    }
}

#[test]
fn plain_http_only_where_nobody_listens_or_on_demand() {
    let plain = "http://api.example.com/v1";
    assert_error(
        &refused(plain),
        ErrorKind::Configuration,
        &[
            "http://api.example.com/v1 would carry credentials unencrypted: use https, or call `allow_http(true)`",
        ],
    );
    assert!(computing::Client::builder().endpoint(plain).allow_http(true).build().is_ok());
    for near in ["http://localhost:1", "http://127.1.2.3", "http://[::1]:1"] {
        assert!(computing::Client::builder().endpoint(near).build().is_ok(), "{near}");
    }
    for far in [
        "http://evil.localhost",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://[::]",
    ] {
        assert_error(&refused(far), ErrorKind::Configuration, &["unencrypted"]);
    }
}

#[test]
fn passwords_in_the_url_are_refused_and_not_shown() {
    for endpoint in [
        "https://me:hunter22@api.example.com",
        "https://hunter22@api.example.com",
        "http://me:hunter22@api.example.com",
        "ftp://me:hunter22@api.example.com",
        "https://me:hunter22@a b",
    ] {
        let error = refused(endpoint);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_no_token(&error, "hunter22");
        let builder = computing::Client::builder().endpoint(endpoint);
        assert!(!format!("{builder:?}").contains("hunter22"));
    }
}

#[test]
fn a_user_agent_that_a_header_cannot_hold() {
    let builder = computing::Client::builder().endpoint("https://api.example.com");
    let error = builder.user_agent("a\nb").build().unwrap_err();
    assert_error(
        &error,
        ErrorKind::Configuration,
        &["the User-Agent ", "has characters that HTTP forbids"],
    );
}

#[tokio::test]
async fn the_path_of_an_endpoint_stays_in_front() {
    let server = saying(r#"{"status": "success"}"#).await;
    for base in ["/prod", "/prod/"] {
        let endpoint = format!("{}{base}", server.uri());
        let client = computing::Client::builder().endpoint(endpoint).build().unwrap();
        client.image_operations().list_images().await.unwrap();
    }
    for request in requests(&server).await {
        assert_eq!(request.url.path(), "/prod/api/v1/computing/images");
    }
}

#[tokio::test]
async fn catalogues_name_glance_with_and_without_its_version() {
    let server = saying(r#"{"images": []}"#).await;
    for base in ["", "/", "/v2", "/v2/", "/image/v2"] {
        let endpoint = format!("{}{base}", server.uri());
        let client = ims::Client::builder().endpoint(endpoint).build().unwrap();
        client.image_operations().list_images().await.unwrap();
    }
    let requests = requests(&server).await;
    let paths: Vec<_> = requests.iter().map(|request| request.url.path()).collect();
    assert_eq!(paths, ["/v2/images", "/v2/images", "/v2/images", "/v2/images", "/image/v2/images"]);
}
