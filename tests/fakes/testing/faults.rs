//! Failures on request, and the log.

use cloud_images::testing::{FakeComputing, FakeIms, FakeParallelCluster, Fault};
use cloud_images::{ErrorKind, RetryPolicy};
use futures::TryStreamExt;
use std::time::Duration;

fn statuses(requests: &[cloud_images::testing::RecordedRequest]) -> Vec<Option<u16>> {
    requests.iter().map(|request| request.status).collect()
}

#[tokio::test]
async fn a_fault_befalls_as_many_requests_as_it_says() {
    let server = FakeParallelCluster::start().await;
    server.fail(Fault::status(503).times(2));
    server.client().image_operations().list_images("AVAILABLE").await.unwrap();
    assert_eq!(statuses(&server.requests()), [Some(503), Some(503), Some(200)]);
}

#[tokio::test]
async fn a_stream_survives_a_page_that_fails() {
    let server = FakeIms::builder().images(98).start().await;
    server.fail(Fault::status(503).after(2).body("<h1>503</h1>"));
    let list = server.client().image_operations().list_images().retry(RetryPolicy::none());
    let mut items = list.page_size(25).items();
    let (mut found, mut failures) = (0, 0);
    loop {
        match items.try_next().await {
            Ok(Some(_)) => found += 1,
            Ok(None) => break,
            Err(_) => failures += 1,
        }
    }
    assert_eq!((found, failures), (100, 1));
    assert_eq!(server.requests()[2].status, Some(503));
}

#[tokio::test]
async fn a_throttled_client_gets_the_time_to_wait() {
    let server = FakeIms::start().await;
    let client = server.client_builder().retry(RetryPolicy::none()).build().unwrap();
    server.fail(Fault::status(429).retry_after(7).body(r#"{"message": "slow down"}"#));
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.message(), "slow down");
}

#[tokio::test]
async fn the_gateway_has_words_of_its_own() {
    let server = FakeParallelCluster::start().await;
    let client = server.client_builder().retry(RetryPolicy::none()).build().unwrap();
    for (status, message) in [
        (403, "Forbidden"),
        (429, "Too Many Requests"),
        (502, "Internal server error"),
        (503, "Service Unavailable"),
        (504, "Endpoint request timed out"),
    ] {
        server.fail(Fault::status(status));
        let error = client.image_operations().list_official_images().await.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), error.message()), (status, message));
    }
}

#[tokio::test]
async fn a_connection_breaks_without_an_answer() {
    let server = FakeComputing::start().await;
    let client = server.client_builder().retry(RetryPolicy::none()).build().unwrap();
    server.fail(Fault::disconnect());
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Interrupted, None));
    client.image_operations().list_images().await.unwrap();
    assert_eq!(statuses(&server.requests()), [None, Some(200)]);
}

#[tokio::test]
async fn a_slow_answer_is_a_timeout_to_who_cannot_wait() {
    let server = FakeComputing::start().await;
    server.fail(Fault::slow(Duration::from_secs(60)));
    let request = server.client().image_operations().list_images();
    let short = request.timeout(Duration::from_millis(100)).retry(RetryPolicy::none());
    assert_eq!(short.await.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn faults_keep_to_their_operation_and_path() {
    let server = FakeParallelCluster::builder().images(2).start().await;
    let client = server.client_builder().retry(RetryPolicy::none()).build().unwrap();
    let images = client.image_operations();
    server.fail(Fault::status(500).on("list_official_images").always());
    server.fail(Fault::disconnect().on_path("/v3/images/custom/img-0001").always());
    images.list_images("AVAILABLE").await.unwrap();
    images.describe_image("img-0002").await.unwrap();
    for _ in 0..2 {
        assert!(images.list_official_images().await.is_err());
        assert!(images.describe_image("img-0001").await.is_err());
    }
    server.recover();
    images.list_official_images().await.unwrap();
    images.describe_image("img-0001").await.unwrap();
}

#[tokio::test]
async fn faults_wait_for_a_valid_credential() {
    let server = FakeIms::start().await;
    server.fail(Fault::status(503));
    server.fail(Fault::disconnect());
    let url = format!("{}/v2/images", server.url());
    assert_eq!(super::get(url, &[]).await.0, 401);
}

#[tokio::test]
async fn a_body_can_be_anything() {
    let server = FakeComputing::start().await;
    let images = server.client().image_operations();
    for (body, kind) in [
        (r#"{"data": {"#, ErrorKind::Decode),
        ("", ErrorKind::Decode),
        ("<html>welcome</html>", ErrorKind::Decode),
        (r#"{"status": "failed", "message": "try tomorrow"}"#, ErrorKind::Failed),
    ] {
        server.fail(Fault::status(200).body(body));
        assert_eq!(images.list_images().await.unwrap_err().kind(), kind, "{body}");
    }
}

#[tokio::test]
async fn the_log_tells_what_was_sent() {
    let server = FakeIms::start().await;
    let request = server.client().image_operations().list_images().name("Büro 1");
    request.page_size(3).await.unwrap();
    let log = server.requests();
    assert_eq!((log[0].method.as_str(), log[0].path.as_str()), ("GET", "/v2/images"));
    assert!(log[0].query.contains("name=B%C3%BCro"), "{}", log[0].query);
    assert_eq!((log[0].operation, log[0].status), (Some("list_images"), Some(200)));
    server.clear_requests();
    assert!(server.requests().is_empty());
}
