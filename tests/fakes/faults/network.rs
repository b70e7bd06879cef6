//! What a hostile network may do to the client: nothing without a limit.

use super::*;
use crate::hostile::{Answer, chunked_head, head, http, ok, status};
use cloud_images::ErrorKind;
use futures::StreamExt;

async fn fails(server: &Hostile) -> cloud_images::Error {
    let client = gpu(server).retry(RetryPolicy::none()).max_response_size(1 << 20).build().unwrap();
    client.image_operations().list_images().await.unwrap_err()
}

#[tokio::test]
async fn an_answer_has_a_largest_size_whether_announced_or_not() {
    let long = || Answer::Close([head(2 << 20), vec![b' '; 2 << 20]].concat());
    assert_eq!(fails(&Hostile::always(long).await).await.kind(), ErrorKind::ResponseTooLarge);
    let announced = || Answer::Hang(head(usize::MAX / 2));
    assert_eq!(fails(&Hostile::always(announced).await).await.kind(), ErrorKind::ResponseTooLarge);
    let chunk = || [b"1000\r\n".to_vec(), vec![b' '; 0x1000], b"\r\n".to_vec()].concat();
    let endless = move || Answer::Endless(chunked_head(), chunk(), Duration::ZERO);
    assert_eq!(fails(&Hostile::always(endless).await).await.kind(), ErrorKind::ResponseTooLarge);
}

#[tokio::test]
async fn what_is_announced_is_not_allocated_before_it_comes() {
    let more_than_there_is = || head(usize::MAX / 4);
    let slow =
        move || Answer::Endless(more_than_there_is(), b" ".to_vec(), Duration::from_millis(5));
    let server = Hostile::always(slow).await;
    let client = gpu(&server).retry(RetryPolicy::none()).max_response_size(usize::MAX);
    let client = client.timeout(Duration::from_millis(300)).build().unwrap();
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
}

#[tokio::test]
async fn of_an_error_only_the_beginning_is_read() {
    let packed = {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(b"out of order").unwrap();
        let zeros = [b'x'; 1 << 16];
        (0..1024).for_each(|_| encoder.write_all(&zeros).unwrap());
        encoder.finish().unwrap()
    };
    let chunk = || [b"1000\r\n".to_vec(), vec![b'x'; 0x1000], b"\r\n".to_vec()].concat();
    let endless_head = || {
        let head = String::from_utf8(chunked_head()).unwrap();
        head.replacen("200 OK", "500 Broken", 1).into_bytes()
    };
    let bomb = move || {
        let length = packed.len();
        let head = format!(
            "HTTP/1.1 500 Broken\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n"
        );
        Answer::Close([head.into_bytes(), packed.clone()].concat())
    };
    for server in [
        Hostile::always(|| Answer::Close(http("500 Broken", "", &"x".repeat(2 << 20)))).await,
        Hostile::always(move || Answer::Endless(endless_head(), chunk(), Duration::ZERO)).await,
        Hostile::always(bomb).await,
    ] {
        let error = fails(&server).await;
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Server, 500));
        assert_eq!(error.raw_body().unwrap().len(), 64 << 10);
        assert!(error.to_string().len() < 2000, "{} bytes", error.to_string().len());
    }
}

#[tokio::test]
async fn an_answer_of_just_the_largest_size_is_read() {
    let body = IMAGES_BY_REGION.to_owned() + &" ".repeat((1 << 20) - IMAGES_BY_REGION.len());
    let server = Hostile::start(move |_, _| ok(&body)).await;
    let client = gpu(&server).max_response_size(1 << 20).build().unwrap();
    client.image_operations().list_images().await.unwrap();
    let client = gpu(&server).max_response_size((1 << 20) - 1).build().unwrap();
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
}

#[tokio::test]
async fn what_is_small_on_the_wire_and_large_unpacked_is_too_large() {
    let packed = {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let zeros = [b' '; 1 << 16];
        (0..1024).for_each(|_| encoder.write_all(&zeros).unwrap());
        encoder.finish().unwrap()
    };
    assert!(packed.len() < 1 << 17);
    let server = Hostile::start(move |_, request| {
        assert!(request.header("accept-encoding").unwrap().contains("gzip"));
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            packed.len()
        );
        Answer::Keep([head.into_bytes(), packed.clone()].concat())
    });
    assert_eq!(fails(&server.await).await.kind(), ErrorKind::ResponseTooLarge);
}

#[tokio::test]
async fn deep_nesting_is_an_error_and_no_stack_overflow() {
    for deep in ["[".repeat(500_000), "{\"a\":".repeat(100_000)] {
        let known = format!("{{\"status\": \"success\", \"data\": {deep}");
        let unknown = format!("{{\"status\": \"success\", \"more\": {deep}");
        for body in [deep, known, unknown] {
            let of_error = body.clone();
            let server = Hostile::start(move |_, _| ok(&body)).await;
            assert_eq!(fails(&server).await.kind(), ErrorKind::Decode);
            let server = Hostile::start(move |_, _| Answer::Keep(http("400 Bad", "", &of_error)));
            assert_eq!(fails(&server.await).await.kind(), ErrorKind::BadRequest);
        }
    }
}

#[tokio::test]
async fn deep_nesting_in_a_custom_property_of_an_image_is_an_error() {
    let body = format!("{{\"id\": \"7\", \"custom\": {}", "[".repeat(500_000));
    let server = Hostile::start(move |_, _| ok(&body)).await;
    let client = glance(&server).build().unwrap();
    let error = client.image_operations().show_image("7").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_flood_of_headers_ends_the_call() {
    let many = || Answer::Close(http("200 OK", &"x-flood: 1\r\n".repeat(100_000), "{}"));
    let long = || Answer::Close(http("200 OK", &format!("x: {}\r\n", "1".repeat(5 << 20)), "{}"));
    let endless =
        || Answer::Endless(b"HTTP/1.1 200 OK\r\nx: ".to_vec(), vec![b'1'; 4096], Duration::ZERO);
    for flood in [many as fn() -> Answer, long, endless] {
        let server = Hostile::always(flood).await;
        let client = gpu(&server).read_timeout(Duration::from_secs(30)).build().unwrap();
        let error = client.image_operations().list_images().await.unwrap_err();
        // One who floods is not asked again.
        assert_eq!((error.kind(), server.count()), (ErrorKind::ResponseTooLarge, 1), "{error}");
        assert!(error.to_string().contains("headers"), "{error}");
    }
}

#[tokio::test]
async fn a_service_that_sends_a_byte_now_and_then_is_silent() {
    let pause = Duration::from_millis(20);
    for first in [Vec::new(), head(1 << 20), http("500 Broken", "content-length: 9999\r\n", "")] {
        let server =
            Hostile::always(move || Answer::Endless(first.clone(), b" ".to_vec(), pause)).await;
        let client = gpu(&server).retry(RetryPolicy::none()).timeout(None).build().unwrap();
        let error = client.image_operations().list_images().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Interrupted), "{error}");
    }
}

#[tokio::test]
async fn a_download_from_such_a_service_ends_too() {
    let drip = || Answer::Endless(head(1 << 20), b" ".to_vec(), Duration::from_millis(20));
    let server = Hostile::always(drip).await;
    let client = glance(&server).build().unwrap();
    let mut data = client.image_data().download_image_file("7").await.unwrap();
    let last = loop {
        match data.next().await.unwrap() {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(last.kind(), ErrorKind::Timeout);
    assert!(data.next().await.is_none());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_consumer_may_take_its_time_with_a_download() {
    let slow = || Answer::Keep([head(300_000), vec![7; 300_000]].concat());
    let server = Hostile::always(slow).await;
    let client = glance(&server).read_timeout(Duration::from_millis(100)).build().unwrap();
    let mut data = client.image_data().download_image_file("7").await.unwrap();
    let mut size = 0;
    while let Some(chunk) = data.next().await {
        size += chunk.unwrap().len();
        if size < 100_000 {
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    }
    assert_eq!(size, 300_000);
}

#[tokio::test]
async fn the_error_of_a_download_has_an_end_as_well() {
    let start = b"HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let chunk = [b"800\r\n".to_vec(), vec![b' '; 0x800], b"\r\n".to_vec()].concat();
    let pause = Duration::from_millis(20);
    let drip = move || Answer::Endless(start.clone(), chunk.clone(), pause);
    let server = Hostile::always(drip).await;
    let client = glance(&server).timeout(Duration::from_millis(300)).build().unwrap();
    let error = client.image_data().download_image_file("7").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn redirects_are_not_followed_with_credentials_or_without() {
    let other = Hostile::always(|| ok(IMAGES_BY_REGION)).await;
    for line in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let location = format!("location: {}/api/v1/computing/images\r\n", other.url());
        let server = Hostile::start(move |_, _| status(line, &location)).await;
        let error = fails(&server).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
        assert_eq!(server.count(), 1);
    }
    assert_eq!(other.count(), 0);
}

#[tokio::test]
async fn a_download_that_breaks_is_an_error_and_never_a_short_file() {
    for (fault, kind) in [
        (
            (|| Answer::Close([head(1000), vec![1; 500]].concat())) as fn() -> Answer,
            ErrorKind::Interrupted,
        ),
        (|| Answer::Reset([head(1000), vec![1; 500]].concat()), ErrorKind::Interrupted),
        (|| Answer::Hang([head(1000), vec![1; 500]].concat()), ErrorKind::Timeout),
        (
            || Answer::Close([chunked_head(), b"4\r\nabcd\r\n".to_vec()].concat()),
            ErrorKind::Interrupted,
        ),
    ] {
        let server = Hostile::always(fault).await;
        let client = glance(&server).build().unwrap();
        let data = client.image_data().download_image_file("7").await.unwrap();
        let error = data.bytes(1 << 20).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.operation(), Some("download_image_file"));
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn after_each_fault_the_client_goes_on() {
    let server = Hostile::start(|number, _| match number {
        0 => Answer::Reset(Vec::new()),
        1 => Answer::Close([head(100), b"{".to_vec()].concat()),
        2 => Answer::Keep(b"nonsense\r\n\r\n".to_vec()),
        3 => Answer::Hang(Vec::new()),
        4 => ok("{"),
        _ => ok(IMAGES_BY_REGION),
    });
    let server = server.await;
    let client = gpu(&server).retry(RetryPolicy::none()).build().unwrap();
    for _ in 0..5 {
        assert!(client.image_operations().list_images().await.is_err());
    }
    client.image_operations().list_images().await.unwrap();
    assert_eq!(server.count(), 6);
}
