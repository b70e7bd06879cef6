//! Deadlines, limits of load, and futures that are dropped.

use super::*;
use crate::hostile::{Answer, head, ok, status};
use cloud_images::{Body, ErrorKind};
use futures::TryFutureExt;
use futures::future::join_all;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

fn late(time: u64) -> Answer {
    Answer::Late(Duration::from_millis(time), Box::new(ok(IMAGES_BY_REGION)))
}

#[tokio::test]
async fn the_deadline_of_a_call_ends_its_attempts() {
    let server = Hostile::always(|| Answer::Hang(Vec::new())).await;
    let client = gpu(&server).deadline(Duration::from_millis(450)).build().unwrap();
    let error = client.image_operations().list_images().await.unwrap_err();
    // The first attempt ends by the idle timeout, the second by the deadline.
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert!(error.to_string().contains("deadline of 450ms"), "{error}");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn an_error_of_a_deadline_shows_that_of_the_attempt_before() {
    let unavailable = || status("503 Service Unavailable", "");
    let server = Hostile::sequence(vec![unavailable, || Answer::Hang(Vec::new())]).await;
    let client = gpu(&server).deadline(Duration::from_millis(250)).build().unwrap();
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Timeout, None));
    let text = error.to_string();
    assert!(text.contains("deadline of 250ms: 503 Service Unavailable"), "{text}");
}

#[tokio::test]
async fn a_wait_that_passes_the_deadline_is_not_waited_for() {
    let server = Hostile::always(|| status("503 Service Unavailable", "retry-after: 30\r\n")).await;
    let client = gpu(&server).deadline(Duration::from_secs(20)).build().unwrap();
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_eq!((error.kind(), server.count()), (ErrorKind::Server, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
}

#[tokio::test]
async fn the_deadline_covers_the_login_that_a_call_needs() {
    let server = Hostile::always(|| Answer::Hang(Vec::new())).await;
    let login = Keystone::token(format!("{}/v3", server.url()), "token-of-the-test");
    let client = ims::Client::builder().auth(login).build().unwrap();
    let list = client.image_operations().list_images().deadline(Duration::from_millis(100));
    let error = tokio::time::timeout(Duration::from_secs(20), list).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("deadline of 100ms"), "{error}");
}

#[tokio::test]
async fn a_request_may_have_a_longer_timeout_than_its_client() {
    let server = Hostile::always(|| late(600)).await;
    let client = gpu(&server).retry(RetryPolicy::none()).build().unwrap();
    let images = client.image_operations();
    assert_eq!(images.list_images().await.unwrap_err().kind(), ErrorKind::Timeout);
    images.list_images().read_timeout(Duration::from_secs(20)).await.unwrap();
}

#[tokio::test]
async fn a_request_has_its_own_timeout_and_deadline() {
    let server = Hostile::always(|| late(150)).await;
    let client = gpu(&server).retry(RetryPolicy::none()).build().unwrap();
    let images = client.image_operations();
    let short = Duration::from_millis(20);
    assert_eq!(images.list_images().timeout(short).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(images.list_images().deadline(short).await.unwrap_err().kind(), ErrorKind::Timeout);
    images.list_images().await.unwrap();
    images.list_images().timeout(Duration::MAX).deadline(Duration::MAX).await.unwrap();
}

#[tokio::test]
async fn a_response_that_stops_says_which_time_has_passed() {
    let server = Hostile::always(|| Answer::Hang([head(9), b"{".to_vec()].concat())).await;
    let client = gpu(&server).retry(RetryPolicy::none()).build().unwrap();
    let images = client.image_operations();
    let (short, long) = (Duration::from_secs(1), Duration::from_secs(60));
    let error = images.list_images().read_timeout(short).timeout(long).await.unwrap_err();
    assert!(
        error.to_string().contains("sent less than 1024 bytes in 1s: raise `read_timeout()`"),
        "{error}"
    );
    let error = images.list_images().read_timeout(long).timeout(short).await.unwrap_err();
    assert!(error.to_string().contains("not complete within 1s: raise `timeout()`"), "{error}");
}

#[tokio::test]
async fn no_more_requests_are_in_flight_than_allowed() {
    let server = Hostile::always(|| late(5)).await;
    let client = gpu(&server).max_in_flight(3).build().unwrap();
    let calls = (0..30).map(|_| client.clone().image_operations().list_images().into_future());
    assert!(join_all(calls).await.iter().all(Result::is_ok));
    assert_eq!(server.count(), 30);
    assert_eq!(server.most_in_flight(), 3);
}

#[tokio::test]
async fn a_download_that_nobody_reads_keeps_no_place() {
    let server = Hostile::always(|| Answer::Keep([head(3), b"abc".to_vec()].concat())).await;
    let client = glance(&server).max_in_flight(1).deadline(TIME_LIMIT).build().unwrap();
    let one = client.image_data().download_image_file("7").await.unwrap();
    let other = client.image_data().download_image_file("8").await.unwrap();
    assert_eq!(other.bytes(3).await.unwrap(), "abc");
    assert_eq!(one.bytes(3).await.unwrap(), "abc");
}

/// Long enough for everything but a wait without end.
const TIME_LIMIT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn an_upload_of_what_the_same_client_downloads_does_not_wait_for_itself() {
    let server = Hostile::start(|_, request| match request.line.starts_with("GET") {
        true => Answer::Keep([head(3), b"abc".to_vec()].concat()),
        false => Answer::Keep(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
    });
    let server = server.await;
    let client = glance(&server).max_in_flight(1).deadline(TIME_LIMIT).build().unwrap();
    let data = client.image_data();
    let read = data.download_image_file("7").await.unwrap();
    data.upload_image_file("8", Body::stream(read)).await.unwrap();

    // Even if the download begins, or begins again, when the upload has begun.
    let late = data.download_image_file("7").into_future().try_flatten_stream();
    data.upload_image_file("8", Body::stream(late)).await.unwrap();
    let stored: Vec<_> =
        server.requests().into_iter().filter(|r| r.line.starts_with("PUT")).collect();
    assert_eq!(stored.len(), 2);
    // In chunks, as of unknown length.
    assert!(stored.iter().all(|request| request.body == b"3\r\nabc\r\n0\r\n\r\n"));
}

#[tokio::test]
async fn no_more_uploads_from_memory_are_in_flight_than_allowed() {
    let stored = || Answer::Keep(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec());
    let server =
        Hostile::always(move || Answer::Late(Duration::from_millis(5), Box::new(stored()))).await;
    let client = glance(&server).max_in_flight(2).build().unwrap();
    let uploads = (0..10).map(|_| client.image_data().upload_image_file("7", "abc").into_future());
    assert!(join_all(uploads).await.iter().all(Result::is_ok));
    assert_eq!((server.count(), server.most_in_flight()), (10, 2));
}

#[tokio::test]
async fn a_wait_for_the_next_attempt_leaves_its_place_to_others() {
    let server = Hostile::start(|number, _| match number {
        0 => status("503 Service Unavailable", "retry-after: 1\r\n"),
        _ => ok(IMAGES_BY_REGION),
    });
    let server = server.await;
    let client = gpu(&server).max_in_flight(1).build().unwrap();
    let order = Mutex::new(Vec::new());
    let call = async |name| {
        client.image_operations().list_images().await.unwrap();
        order.lock().unwrap().push(name);
    };
    futures::join!(call("refused"), call("other"));
    assert_eq!(*order.lock().unwrap(), ["other", "refused"]);
}

#[tokio::test]
async fn calls_may_be_dropped_at_any_point() {
    let well = Arc::new(AtomicBool::new(false));
    let script = Arc::clone(&well);
    let server = Hostile::start(move |number, request| match number % 4 {
        _ if request.line.contains("/images/7") => Answer::Hang(Vec::new()),
        _ if script.load(SeqCst) => ok(NO_IMAGES),
        0 => status("503 Service Unavailable", ""),
        1 => Answer::Late(Duration::from_millis(3), Box::new(ok(NO_IMAGES))),
        2 => Answer::Reset(Vec::new()),
        _ => ok(NO_IMAGES),
    });
    let server = server.await;
    let client = glance(&server).max_in_flight(2).max_rate(1e5, 100);
    let client = client.read_timeout(Duration::from_secs(60)).build().unwrap();
    for micros in (0..8000).step_by(100) {
        let calls = (0..4).map(|_| client.image_operations().list_images().into_future());
        let _ = tokio::time::timeout(Duration::from_micros(micros), join_all(calls)).await;
    }
    // Both places and the connections are still there: one place is held, the other serves everyone.
    well.store(true, SeqCst);
    let held = || server.requests().iter().filter(|r| r.line.contains("/images/7")).count();
    let mut holding = Vec::new();
    let mut hold = async || {
        let call = client.image_operations().show_image("7").into_future();
        holding.push(tokio::spawn(call));
        while held() < holding.len() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    hold().await;
    // Without the other place they would wait for as long as the first is held.
    let limit = Duration::from_secs(20);
    let list = || client.image_operations().list_images().deadline(limit).into_future();
    for outcome in join_all((0..20).map(|_| list())).await {
        outcome.unwrap();
    }
    // And there is no third one.
    hold().await;
    let call = client.image_operations().list_images().deadline(Duration::from_millis(50));
    let error = call.await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    holding.iter().for_each(|call| call.abort());
}

#[tokio::test]
async fn the_observer_sees_every_attempt() {
    let server = Hostile::start(|number, _| match number {
        0 => status("503 Service Unavailable", "x-request-id: first\r\n"),
        1 => Answer::Reset(Vec::new()),
        _ => ok(IMAGES_BY_REGION),
    });
    let server = server.await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let client = gpu(&server)
        .observer(move |attempt| {
            log.lock().unwrap().push((
                attempt.number,
                attempt.status.map(|status| status.as_u16()),
                attempt.error,
                attempt.request_id.map(str::to_owned),
                attempt.bytes,
                attempt.retry_delay.is_some(),
            ));
            assert_eq!((attempt.api, attempt.operation), ("computing", "list_images"));
        })
        .build()
        .unwrap();
    client.image_operations().list_images().await.unwrap();
    let seen = seen.lock().unwrap();
    let body = Some(IMAGES_BY_REGION.len());
    assert_eq!(seen[0].1, Some(503));
    assert_eq!((seen[0].2, seen[0].3.as_deref()), (Some(ErrorKind::Server), Some("first")));
    assert_eq!(seen[1], (2, None, Some(ErrorKind::Interrupted), None, None, true));
    assert_eq!(seen[2], (3, Some(200), None, None, body, false));
    assert_eq!(seen.len(), 3);
}
