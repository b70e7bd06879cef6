//! Data that is sent.

use super::*;
use crate::hostile::{Answer, http, ok, status};
use cloud_images::{Body, ErrorKind};
use futures::stream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn stored() -> Answer {
    Answer::Keep(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec())
}

/// Pieces with a pause before each.
fn slowly(pieces: usize, pause: Duration) -> Body {
    Body::stream(stream::unfold(0, move |piece| async move {
        tokio::time::sleep(pause).await;
        (piece < pieces).then(|| (Ok::<_, std::io::Error>(vec![1_u8; 100]), piece + 1))
    }))
}

#[tokio::test]
async fn a_stream_is_sent_once_even_if_it_fails() {
    for fault in [
        || status("503 Service Unavailable", ""),
        || status("429 Too Many Requests", ""),
        || Answer::Reset(Vec::new()),
        || Answer::Close(Vec::new()),
    ] {
        let server = Hostile::always(fault).await;
        let client = glance(&server).build().unwrap();
        let reads = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&reads);
        let body = Body::stream(stream::iter(0..3).map_with(counter));
        let request = client.image_data().upload_image_file("7", body);
        assert!(request.clone().await.is_err());
        assert_eq!(request.await.unwrap_err().kind(), ErrorKind::InvalidRequest);
        assert_eq!((server.count(), reads.load(Ordering::Relaxed)), (1, 3));
    }
}

/// The service closes such a connection, and the next request may already be on it.
#[tokio::test]
async fn the_connection_of_a_refused_upload_is_not_used_again() {
    let server = Hostile::start(|_, request| match request.line.split(' ').next() {
        Some("PUT") if request.body == *b"small" => stored(),
        Some("PUT") => status("413 Request Entity Too Large", ""),
        _ => ok(r#"{"id": "7"}"#),
    })
    .await;
    let client = glance(&server).build().unwrap();
    let images = client.image_operations();
    for data in ["small", "large"] {
        let stored = client.image_data().upload_image_file("7", data.as_bytes().to_vec()).await;
        assert_eq!(stored.is_ok(), data == "small");
        images.show_image("7").await.unwrap();
    }
    let connections: Vec<_> = server.requests().iter().map(|request| request.from).collect();
    assert_eq!(connections[0], connections[1]);
    assert_eq!(connections[1], connections[2]);
    assert_ne!(connections[2], connections[3], "the one of the refused upload is used again");
}

/// A credential that can be renewed without end.
#[derive(Debug)]
struct Renewable(Arc<AtomicUsize>);

impl cloud_images::auth::Authenticate for Renewable {
    fn authenticate<'a>(
        &'a self,
        _: &'a mut reqwest::Request,
    ) -> cloud_images::BoxFuture<'a, cloud_images::Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn refused<'a>(
        &'a self,
        _: &'a cloud_images::auth::Refusal<'a>,
    ) -> cloud_images::BoxFuture<'a, bool> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { true })
    }
}

#[tokio::test]
async fn a_renewed_credential_is_for_the_next_call_if_the_stream_is_gone() {
    let server = Hostile::always(|| status("401 Unauthorized", "")).await;
    let renewals = Arc::new(AtomicUsize::new(0));
    let delays = Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = Arc::clone(&delays);
    let client = glance(&server)
        .auth(Renewable(Arc::clone(&renewals)))
        .observer(move |attempt| log.lock().unwrap().push(attempt.retry_delay))
        .build()
        .unwrap();
    let stream = || Body::stream(stream::iter([Ok::<_, std::io::Error>(vec![1_u8; 10])]));
    let error = client.image_data().upload_image_file("7", stream()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthorized, 1));
    assert_eq!((server.count(), renewals.load(Ordering::Relaxed)), (1, 1));
    // Nothing is sent again, so nothing is said to be waited for.
    assert_eq!(*delays.lock().unwrap(), [None]);

    client.image_data().upload_image_file("7", vec![1; 10]).await.unwrap_err();
    assert_eq!(server.count(), 3);
    assert_eq!(*delays.lock().unwrap(), [None, Some(Duration::ZERO), None]);
}

/// Counts what is taken from a stream.
trait MapWith: futures::Stream<Item = i32> + Sized {
    fn map_with(
        self,
        counter: Arc<AtomicUsize>,
    ) -> impl futures::Stream<Item = std::io::Result<Vec<u8>>> + Send + 'static
    where
        Self: Send + 'static,
    {
        futures::StreamExt::map(self, move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok(vec![1; 10])
        })
    }
}
impl<S: futures::Stream<Item = i32>> MapWith for S {}

#[tokio::test]
async fn bytes_are_sent_again_only_when_the_service_says_that_it_did_not_take_them() {
    let server = Hostile::sequence(vec![|| status("503 Service Unavailable", ""), stored]).await;
    let client = glance(&server).build().unwrap();
    client.image_data().upload_image_file("7", vec![5; 200_000]).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|request| request.body == vec![5; 200_000]));
    assert_eq!(requests[1].header("content-length"), Some("200000"));

    let server = Hostile::sequence(vec![|| Answer::Reset(Vec::new()), stored]).await;
    let client = glance(&server).build().unwrap();
    let error = client.image_data().upload_image_file("7", vec![5; 200_000]).await.unwrap_err();
    assert_eq!((error.kind(), server.count()), (ErrorKind::Interrupted, 1));
}

#[tokio::test]
async fn a_refusal_in_the_middle_of_an_upload_is_read() {
    // The connection is closed with most of the body unread, as Glance does it above its size limit.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut taken = 0;
        while taken < 100_000 {
            taken += socket.read(&mut [0; 65536]).await.unwrap();
        }
        let answer =
            http("413 Payload Too Large", "connection: close\r\n", "{\"message\": \"cap\"}");
        socket.write_all(&answer).await.unwrap();
        // Read on for a while: a close now would be a reset, which overtakes the answer.
        while socket.read(&mut [0; 65536]).await.unwrap_or(0) > 0 {}
    });
    let endpoint = format!("http://{address}");
    let client = quick_timeouts(ims::Client::builder().endpoint(endpoint)).build().unwrap();
    let body = Body::stream(stream::repeat_with(|| Ok::<_, std::io::Error>(vec![1_u8; 50_000])));
    let error = client.image_data().upload_image_file("7", body).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(error.message(), "cap");
}

#[tokio::test]
async fn an_upload_may_take_longer_than_the_service_may_be_silent() {
    let server = Hostile::always(stored).await;
    let client = glance(&server)
        .read_timeout(Duration::from_millis(200))
        .timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let body = slowly(10, Duration::from_millis(60));
    client.image_data().upload_image_file("7", body).await.unwrap();
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn the_callers_own_stream_may_pause_for_longer_than_the_service_may() {
    let server = Hostile::always(stored).await;
    let client = glance(&server).read_timeout(Duration::from_millis(100)).build().unwrap();
    let body = slowly(2, Duration::from_millis(250));
    client.image_data().upload_image_file("7", body).await.unwrap();
}

#[tokio::test]
async fn a_service_that_stops_taking_data_is_silent() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (_socket, _) = listener.accept().await.unwrap();
        std::future::pending::<()>().await;
    });
    let endpoint = format!("http://{address}");
    let client = quick_timeouts(ims::Client::builder().endpoint(endpoint)).build().unwrap();
    for body in [
        Body::from(vec![1; 64 << 20]),
        Body::stream(stream::repeat_with(|| Ok::<_, std::io::Error>(vec![1_u8; 50_000]))),
    ] {
        let error = client.image_data().upload_image_file("7", body).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    }
}

#[tokio::test]
async fn an_error_of_the_callers_stream_ends_the_upload() {
    let server = Hostile::always(|| ok("")).await;
    let client = glance(&server).build().unwrap();
    let pieces = [Ok(vec![1_u8; 10]), Err(std::io::Error::other("the disk is gone"))];
    let body = Body::stream(stream::iter(pieces));
    let error = client.image_data().upload_image_file("7", body).await.unwrap_err();
    assert!(error.to_string().contains("the disk is gone"), "{error}");
    assert_eq!(server.count(), 0);
}

fn pieces(pieces: &[&'static str]) -> Body {
    let pieces: Vec<_> = pieces.iter().map(|piece| Ok::<_, std::io::Error>(*piece)).collect();
    Body::stream(stream::iter(pieces))
}

#[tokio::test]
async fn more_or_less_data_than_announced_is_stored_by_no_service() {
    let server = Hostile::always(stored).await;
    let client = glance(&server).read_timeout(Duration::from_secs(30)).build().unwrap();
    for (body, length, reason) in [
        (pieces(&["abc", "def"]), 3, "more data than the 3 bytes"),
        (pieces(&["abc", "", "d"]), 3, "more data than the 3 bytes"),
        (pieces(&["ab", "cd"]), 3, "more data than the 3 bytes"),
        (pieces(&["abc"]), 0, "more data than the 0 bytes"),
        (pieces(&["ab", "c"]), 4, "ended after 3 of 4 bytes"),
        (pieces(&[]), 4, "ended after 0 of 4 bytes"),
        (Body::from("abc"), 2, "more data than the 2 bytes"),
        (Body::from("abc"), 0, "more data than the 0 bytes"),
        (Body::from(""), 4, "ended after 0 of 4 bytes"),
    ] {
        let upload = client.image_data().upload_image_file("7", body.with_length(length));
        let error = upload.await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 1), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn data_of_the_announced_length_arrives_in_full_with_its_progress() {
    let server = Hostile::always(stored).await;
    let client = glance(&server).build().unwrap();
    for (body, length) in
        [(pieces(&["abc", "", "def", ""]), 6), (pieces(&[]), 0), (Body::from(""), 0)]
    {
        let reported = Arc::new(std::sync::Mutex::new(0));
        let seen = Arc::clone(&reported);
        let body = body.with_length(length).on_progress(move |sent, total| {
            assert_eq!(total, Some(length));
            *seen.lock().unwrap() = sent;
        });
        client.image_data().upload_image_file("7", body).await.unwrap();
        assert_eq!(*reported.lock().unwrap(), length);
    }
    let requests = server.requests();
    assert_eq!((requests[0].body.as_slice(), requests.len()), (&b"abcdef"[..], 3));
    assert_eq!(requests[0].header("content-length"), Some("6"));
    assert_eq!(requests[2].header("transfer-encoding"), None, "no chunks of nothing");
}

#[tokio::test]
async fn a_body_knows_its_length_if_it_is_known() {
    assert_eq!(Body::from("abc").length(), Some(3));
    assert_eq!(pieces(&["abc"]).length(), None);
    assert_eq!(pieces(&["abc"]).with_length(3).length(), Some(3));
    let error = Body::file(std::env::temp_dir()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.message().ends_with("is not a file"), "{error}");
}

#[tokio::test]
async fn a_file_that_grows_is_not_cut() {
    let server = Hostile::always(stored).await;
    let client = glance(&server).build().unwrap();
    let path = std::env::temp_dir().join(format!("cloud-images-grows-{}", std::process::id()));
    // Its old length ends where a piece ends.
    for before in [256 << 10, 0] {
        std::fs::write(&path, vec![1; before]).unwrap();
        let body = Body::file(&path).await.unwrap();
        std::fs::write(&path, vec![1; before + 1000]).unwrap();
        let outcome = client.image_data().upload_image_file("7", body).await;
        std::fs::remove_file(&path).unwrap();
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("more data than"), "{error}");
    }
    assert_eq!(server.count(), 0);
}
