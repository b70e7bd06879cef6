//! A server that answers what a test says, and clients of it.

use cloud_images::auth::{Bearer, XAuthToken};
use cloud_images::{ErrorKind, RetryPolicy, computing, ims, parallelcluster};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub const TOKEN: &str = "a-token-that-nobody-may-see";

/// A server with one answer to everything.
pub async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// A server that answers a text as JSON.
pub async fn saying(text: impl Into<Vec<u8>>) -> MockServer {
    answering(ResponseTemplate::new(200).set_body_raw(text, "application/json")).await
}

pub fn ims(server: &MockServer) -> ims::ImageOperationsApi {
    let client = ims::Client::builder()
        .endpoint(server.uri())
        .auth(XAuthToken::new(TOKEN))
        .retry(RetryPolicy::none())
        .build();
    client.unwrap().image_operations()
}

pub fn pc(server: &MockServer) -> parallelcluster::ImageOperationsApi {
    let client = parallelcluster::Client::builder()
        .endpoint(server.uri())
        .retry(RetryPolicy::none())
        .build();
    client.unwrap().image_operations()
}

pub fn gpu(server: &MockServer) -> computing::ImageOperationsApi {
    let client = computing::Client::builder()
        .endpoint(server.uri())
        .auth(Bearer::new(TOKEN))
        .retry(RetryPolicy::none())
        .build();
    client.unwrap().image_operations()
}

/// `n` images of Glance, `image-0` and on.
pub fn images(range: std::ops::Range<usize>) -> Vec<Value> {
    range.map(|n| json!({ "id": format!("image-{n}"), "status": "active" })).collect()
}

/// A custom image of ParallelCluster.
pub fn custom(id: &str) -> Value {
    json!({
        "imageId": id,
        "imageBuildStatus": "BUILD_COMPLETE",
        "region": "us-east-1",
        "version": "3.16.1",
    })
}

/// The values that a request has for a query parameter.
pub fn query(request: &Request, name: &str) -> Vec<String> {
    let pairs = request.url.query_pairs();
    pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
}

pub async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

/// Checks the kind of an error, and that its one line holds all fragments.
#[track_caller]
pub fn assert_error(error: &cloud_images::Error, kind: ErrorKind, fragments: &[&str]) {
    let line = error.to_string();
    assert_eq!(error.kind(), kind, "{line}");
    for fragment in fragments {
        assert!(line.contains(fragment), "{fragment:?} is not in: {line}");
    }
    assert!(!line.contains('\n'), "{line}");
}

/// Checks that the token is nowhere in what an error shows.
#[track_caller]
pub fn assert_no_token(error: &cloud_images::Error, token: &str) {
    let mut shown = format!("{error} {error:?} {error:#?}");
    shown.push_str(&String::from_utf8_lossy(error.raw_body().unwrap_or_default()));
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        shown.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    assert!(!shown.contains(token), "{shown}");
}
