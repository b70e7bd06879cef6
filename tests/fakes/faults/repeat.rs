//! What is sent again, and what is not.

use super::*;
use crate::hostile::{Answer, head, ok, status};
use cloud_images::ErrorKind;

async fn list(server: &Hostile) -> cloud_images::Result<()> {
    gpu(server).build().unwrap().image_operations().list_images().await.map(drop)
}

async fn create(server: &Hostile) -> cloud_images::Result<ims::types::Image> {
    glance(server).build().unwrap().image_operations().create_image().name("seven").await
}

async fn build(server: &Hostile) -> cloud_images::Result<()> {
    let client = cluster(server).build().unwrap();
    client.image_operations().build_image("i", "Build: {}").await.map(drop)
}

#[tokio::test]
async fn a_read_is_repeated_after_each_status_that_stands_for_a_passing_fault() {
    for passing in [
        || status("429 Too Many Requests", ""),
        || status("502 Bad Gateway", ""),
        || status("503 Service Unavailable", ""),
        || status("504 Gateway Timeout", ""),
    ] {
        let server = Hostile::sequence(vec![passing, passing, || ok(IMAGES_BY_REGION)]).await;
        list(&server).await.unwrap();
        assert_eq!(server.count(), 3);
    }
}

#[tokio::test]
async fn a_read_is_given_up_after_three_attempts_with_the_last_error() {
    let server = Hostile::always(|| status("503 Service Unavailable", "x-request-id: r\r\n")).await;
    let error = list(&server).await.unwrap_err();
    assert_eq!(server.count(), 3);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 3));
    assert_eq!(error.request_id(), Some("r"));
    assert!(error.to_string().contains("as the test wants"), "{error}");
}

#[tokio::test]
async fn what_another_attempt_cannot_help_is_reported_at_once() {
    for (line, kind) in [
        ("400 Bad Request", ErrorKind::BadRequest),
        ("401 Unauthorized", ErrorKind::Unauthorized),
        ("403 Forbidden", ErrorKind::Forbidden),
        ("404 Not Found", ErrorKind::NotFound),
        ("409 Conflict", ErrorKind::Conflict),
        ("418 Teapot", ErrorKind::UnexpectedStatus),
        ("501 Not Implemented", ErrorKind::Server),
    ] {
        let server = Hostile::always(move || status(line, "")).await;
        assert_eq!(list(&server).await.unwrap_err().kind(), kind);
        assert_eq!(server.count(), 1, "{line}");
    }
}

#[tokio::test]
async fn parallelcluster_throttles_reads_with_500_and_only_reads_are_repeated_for_it() {
    let broken = || status("500 Internal Server Error", "");
    let server = Hostile::sequence(vec![broken, || ok(NO_IMAGES)]).await;
    let client = cluster(&server).build().unwrap();
    client.image_operations().list_images("AVAILABLE").await.unwrap();
    assert_eq!(server.count(), 2);

    let server = Hostile::always(broken).await;
    let client = cluster(&server).build().unwrap();
    assert!(client.image_operations().delete_image("i").await.is_err());
    assert!(client.image_operations().build_image("i", "Build: {}").await.is_err());
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_read_is_repeated_when_the_connection_breaks_anywhere() {
    for fault in [
        || Answer::Reset(Vec::new()),
        || Answer::Reset(b"HTTP/1.1 200 OK\r\ncontent".to_vec()),
        || Answer::Reset([head(50), b"{\"status\"".to_vec()].concat()),
        || Answer::Close(Vec::new()),
        || Answer::Close([head(50), b"{\"status\"".to_vec()].concat()),
        || Answer::Hang(Vec::new()),
        || Answer::Hang([head(50), b"{\"status\"".to_vec()].concat()),
    ] {
        let server = Hostile::sequence(vec![fault, || ok(IMAGES_BY_REGION)]).await;
        list(&server).await.unwrap();
        assert_eq!(server.count(), 2);
    }
}

#[tokio::test]
async fn a_call_that_makes_something_is_not_repeated_when_its_outcome_is_unknown() {
    for (fault, kind) in [
        ((|| Answer::Reset(Vec::new())) as fn() -> Answer, ErrorKind::Interrupted),
        (|| Answer::Reset([head(50), b"{\"id\"".to_vec()].concat()), ErrorKind::Interrupted),
        (|| Answer::Close(Vec::new()), ErrorKind::Interrupted),
        (|| Answer::Close([head(50), b"{\"id\"".to_vec()].concat()), ErrorKind::Interrupted),
        (|| Answer::Hang(Vec::new()), ErrorKind::Timeout),
        (|| status("500 Internal Server Error", ""), ErrorKind::Server),
        (|| status("502 Bad Gateway", ""), ErrorKind::Server),
        (|| status("504 Gateway Timeout", ""), ErrorKind::Server),
    ] {
        let server = Hostile::always(fault).await;
        let error = create(&server).await.unwrap_err();
        assert_eq!((error.kind(), server.count()), (kind, 1));
        let server = Hostile::always(fault).await;
        assert_eq!(build(&server).await.unwrap_err().kind(), kind);
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_call_that_makes_something_is_repeated_when_the_service_says_that_it_did_not() {
    let away = || status("429 Too Many Requests", "");
    let down = || status("503 Service Unavailable", "");
    let server = Hostile::sequence(vec![away, down, || ok(IMAGE)]).await;
    assert_eq!(create(&server).await.unwrap().id, "7");
    assert_eq!(server.count(), 3);
    let bodies: Vec<_> = server.requests().into_iter().map(|request| request.body).collect();
    assert!(bodies.iter().all(|body| *body == bodies[0] && !body.is_empty()));

    let server = Hostile::sequence(vec![away, down, || ok(BUILD)]).await;
    build(&server).await.unwrap();
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_call_that_makes_something_is_repeated_when_it_cannot_connect() {
    // The port is closed for the first attempts: it was in use a moment ago, and is free.
    let address = Hostile::always(|| ok(IMAGE)).await.address;
    tokio::task::yield_now().await;
    let attempts = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let counter = std::sync::Arc::clone(&attempts);
    let client = ims::Client::builder()
        .endpoint(format!("http://{address}"))
        .retry(RetryPolicy::default().base_delay(Duration::from_millis(1)))
        .observer(move |attempt| {
            assert_eq!(attempt.error, Some(ErrorKind::Connect));
            counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        })
        .build()
        .unwrap();
    let error = client.image_operations().create_image().name("seven").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    assert_eq!(attempts.load(std::sync::atomic::Ordering::Relaxed), 3);
}

#[tokio::test]
async fn an_answer_that_is_no_answer_of_the_service_is_reported_at_once() {
    for body in ["", "<html>maintenance</html>", "{\"status\": \"suc", "[]", "null", "\u{feff}{}"] {
        let server = Hostile::start(move |_, _| ok(body)).await;
        assert_eq!(list(&server).await.unwrap_err().kind(), ErrorKind::Decode, "{body}");
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn retry_after_is_read_in_each_of_its_forms() {
    let date = |seconds: i64| {
        let time = chrono::Utc::now() + chrono::TimeDelta::seconds(seconds);
        time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    // Nothing is waited for here: what is longer than allowed is reported.
    let policy = || RetryPolicy::default().max_retry_after(Duration::ZERO);
    for (header, least, most) in [
        ("retry-after: 7\r\n".to_owned(), 7, 7),
        ("Retry-After:  7 \r\n".to_owned(), 7, 7),
        (format!("retry-after: {}\r\n", date(100)), 90, 100),
        (format!("retry-after: {}\r\ndate: {}\r\n", date(5000), date(4000)), 999, 1001),
        (format!("retry-after: {}\r\n", u64::MAX), u64::MAX, u64::MAX),
    ] {
        let server = Hostile::start(move |_, _| status("429 Too Many Requests", &header)).await;
        let client = gpu(&server).retry(policy()).build().unwrap();
        let error = client.image_operations().list_images().await.unwrap_err();
        let wait = error.retry_after().unwrap().as_secs();
        assert!((least..=most).contains(&wait), "{wait}");
        assert_eq!((error.kind(), server.count()), (ErrorKind::Throttled, 1));
    }
}

#[tokio::test]
async fn a_retry_after_that_is_over_or_makes_no_sense_does_not_stop_the_repetition() {
    for header in [
        "retry-after: 0\r\n",
        "retry-after: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
        "retry-after: soon\r\n",
        "retry-after: -5\r\n",
        "retry-after: \r\n",
        "retry-after: 99999999999999999999999999\r\n",
        "retry-after: \u{fc}\r\n",
    ] {
        let server = Hostile::start(move |number, _| match number {
            0 => status("429 Too Many Requests", header),
            _ => ok(IMAGES_BY_REGION),
        });
        let server = server.await;
        list(&server).await.unwrap();
        assert_eq!(server.count(), 2, "{header}");
    }
}

#[tokio::test]
async fn retries_can_be_switched_off_for_one_request() {
    let server = Hostile::always(|| status("503 Service Unavailable", "")).await;
    let client = gpu(&server).build().unwrap();
    let request = client.image_operations().list_images().retry(RetryPolicy::none());
    assert_eq!(request.await.unwrap_err().attempts(), 1);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn in_an_outage_the_retries_of_all_clones_run_out() {
    let server = Hostile::always(|| status("503 Service Unavailable", "")).await;
    let client = gpu(&server).build().unwrap();
    for _ in 0..150 {
        assert!(client.clone().image_operations().list_images().await.is_err());
    }
    // 100 retries for all, instead of two for each.
    assert_eq!(server.count(), 250);
}

#[tokio::test]
async fn a_page_that_fails_is_one_error_and_then_requested_again() {
    use futures::{StreamExt, TryStreamExt};
    let server = Hostile::start(|number, request| match (number, request.query("nextToken")) {
        (1..4, _) => status("503 Service Unavailable", ""),
        (_, None) => ok(r#"{"images": [], "nextToken": "2"}"#),
        _ => ok(NO_IMAGES),
    });
    let server = server.await;
    let client = cluster(&server).build().unwrap();
    for prefetch in [0, 2] {
        let before = server.count();
        let mut pages =
            client.image_operations().list_images("AVAILABLE").pages().prefetch(prefetch);
        let mut outcomes = Vec::new();
        while let Some(page) = pages.next().await {
            outcomes.push(page.is_ok());
        }
        if before == 0 {
            assert_eq!(outcomes, [true, false, true]);
            assert_eq!(server.count(), 5);
        } else {
            assert_eq!(outcomes, [true, true]);
        }
        assert!(pages.try_next().await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_deletion_that_may_have_happened_before_says_so() {
    let long = Duration::from_secs(30);
    let lost = || Answer::Reset(Vec::new());
    let gone = || status("404 Not Found", "");
    for (first, noted) in [
        (lost as fn() -> Answer, true),
        (|| status("502 Bad Gateway", ""), true),
        (|| status("503 Service Unavailable", ""), false),
        (|| status("429 Slow", ""), false),
    ] {
        let server = Hostile::sequence(vec![first, gone]).await;
        let images = glance(&server).read_timeout(long).build().unwrap().image_operations();
        let error = images.delete_image("7").await.unwrap_err();
        assert!(error.is_not_found());
        assert_eq!(error.message().contains("an earlier attempt"), noted, "{error}");
    }
    // Nothing but a deletion deletes.
    let server = Hostile::sequence(vec![lost, gone]).await;
    let images = glance(&server).read_timeout(long).build().unwrap().image_operations();
    let error = images.show_image("7").await.unwrap_err();
    assert!(error.is_not_found() && !error.message().contains("an earlier attempt"), "{error}");
    // The deletion was accepted, and the rest of the response lost.
    let cut = || Answer::Reset(b"HTTP/1.1 202 Accepted\r\ncontent-length: 9\r\n\r\n{".to_vec());
    let server = Hostile::sequence(vec![cut as fn() -> Answer, gone]).await;
    let images = cluster(&server).read_timeout(long).build().unwrap().image_operations();
    let error = images.delete_image("i").await.unwrap_err();
    assert!(error.message().contains("an earlier attempt"), "{error}");
}

#[tokio::test]
async fn a_download_does_not_wait_longer_for_the_service_than_a_request() {
    let server =
        Hostile::always(|| status("503 Service Unavailable", "retry-after: 3600\r\n")).await;
    let client = glance(&server).build().unwrap();
    let download = client.image_data().download("7").bytes(100);
    let error = tokio::time::timeout(Duration::from_secs(60), download).await.unwrap().unwrap_err();
    assert_eq!((error.kind(), server.count()), (ErrorKind::Server, 1));
}
