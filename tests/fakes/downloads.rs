//! Downloads to files, and what they leave behind.

use crate::hostile::{Answer, Hostile, Request, chunked_head, http, ok, status};
use cloud_images::ErrorKind;
use cloud_images::auth::XAuthToken;
use cloud_images::ims::{Client, ImageDataApi};
use cloud_images::testing::{FakeIms, Fault};
use futures::StreamExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// The record of an image without a hash, and its data.
const SIZED: &str = r#"{"id": "x", "status": "active", "size": 26}"#;
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const ID: &str = "bc6bed6e-ba3a-4447-afcc-449174a3eb52";

/// A directory of a test, removed with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cloud-images-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The names of all files, in order.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn bytes(length: usize, seed: u8) -> Vec<u8> {
    (0..length).map(|index| (index.wrapping_mul(2_654_435_761) >> 16) as u8 ^ seed).collect()
}

async fn uploaded(server: &FakeIms, data: Vec<u8>) -> String {
    let client = server.client();
    let images = client.image_operations();
    let image = images.create_image().disk_format("raw").container_format("bare").await.unwrap();
    client.image_data().upload_image_file(&*image.id, data).await.unwrap();
    image.id
}

/// A service with one image: its record, and what each request for the data gets.
async fn service(
    record: &'static str,
    data: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static,
) -> (Hostile, ImageDataApi) {
    let server = Hostile::start(move |number, request| {
        if request.line.contains("/file") { data(number, request) } else { ok(record) }
    })
    .await;
    let client = Client::builder().endpoint(server.url()).auth(XAuthToken::new("t"));
    let data = client.build().unwrap().image_data();
    (server, data)
}

/// The whole data, or the first bytes of it and then a reset.
fn piece(data: &[u8], from: usize, sent: usize) -> Answer {
    let rest = &data[from..];
    let status = if from == 0 { "200 OK" } else { "206 Partial Content" };
    let range = format!("bytes {from}-{}/{}", data.len() - 1, data.len());
    let mut answer = format!(
        "HTTP/1.1 {status}\r\ncontent-range: {range}\r\ncontent-length: {}\r\n\r\n",
        rest.len()
    )
    .into_bytes();
    answer.extend_from_slice(&rest[..sent.min(rest.len())]);
    if sent < rest.len() { Answer::Close(answer) } else { Answer::Keep(answer) }
}

/// The first byte of the range of a request.
fn from(request: &Request) -> usize {
    let range = request.header("range").unwrap_or("bytes=0-");
    range.trim_start_matches("bytes=").split('-').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn downloads_to_one_path_do_not_mix() {
    let (server, scratch) = (FakeIms::start().await, Scratch::new("one-path"));
    let contents = [bytes(3_000_000, 1), bytes(3_000_000, 2)];
    let (one, other) = (
        uploaded(&server, contents[0].clone()).await,
        uploaded(&server, contents[1].clone()).await,
    );
    let (data, path) = (server.client().image_data(), scratch.file("disk.img"));
    let downloads =
        [&one, &other, &one, &other, &one, &other].map(|id| data.download(id).to_file(&path));
    for outcome in futures::future::join_all(downloads).await {
        outcome.unwrap();
    }
    assert!(contents.contains(&std::fs::read(&path).unwrap()));
    assert_eq!(scratch.names(), ["disk.img"]);
}

#[tokio::test]
async fn a_failed_download_leaves_the_old_file_and_nothing_else() {
    let (server, scratch) = (FakeIms::start().await, Scratch::new("old-file"));
    let id = uploaded(&server, bytes(100_000, 3)).await;
    let (data, path) = (server.client().image_data(), scratch.file("disk.img"));
    std::fs::write(&path, "the old data").unwrap();

    let wrong = Fault::status(200).on("download_image_file").body("x".repeat(100_000)).always();
    server.fail(wrong);
    let error = data.download(&*id).to_file(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
    server.recover();

    server.fail(Fault::slow(Duration::from_secs(60)).on("download_image_file"));
    let dropped =
        tokio::time::timeout(Duration::from_millis(300), data.download(&*id).to_file(&path));
    assert!(dropped.await.is_err());
    server.recover();

    assert_eq!(std::fs::read(&path).unwrap(), b"the old data");
    assert_eq!(scratch.names(), ["disk.img"]);
    data.download(&*id).to_file(&path).await.unwrap();
    assert!(std::fs::read(&path).unwrap() == bytes(100_000, 3));
}

#[tokio::test]
async fn a_path_that_cannot_be_written_is_refused_before_anything_is_sent() {
    let (server, scratch) = (FakeIms::start().await, Scratch::new("refused"));
    let data = server.client().image_data();
    let trailing = scratch.file("new/");
    let absent = scratch.file("absent").join("disk.img");
    let refused: [(&Path, &str); 5] = [
        (&scratch.0, "is a directory"),
        (&trailing, "does not name a file"),
        (&absent, "cannot be written"),
        (Path::new("/dev/null"), "is not a regular file"),
        (Path::new(".."), "does not name a file"),
    ];
    for (path, reason) in refused {
        let error = data.download(ID).to_file(path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(error.message().contains(reason), "{error}");
        assert!(!error.message().contains("no name is free"), "{error}");
    }
    let same = data.download(ID).partial_file(scratch.file("x")).to_file(scratch.file("x"));
    assert_eq!(same.await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!((server.requests().len(), scratch.names().len()), (0, 0));
}

#[cfg(unix)]
#[tokio::test]
async fn no_link_is_followed() {
    let (server, scratch) = (FakeIms::start().await, Scratch::new("links"));
    let id = uploaded(&server, bytes(1000, 4)).await;
    let victim = scratch.file("victim");
    std::fs::write(&victim, "precious").unwrap();
    for link in ["disk.img", &format!("disk.img.{id}.part")] {
        std::os::unix::fs::symlink(&victim, scratch.file(link)).unwrap();
    }
    server.client().image_data().download(&*id).to_file(scratch.file("disk.img")).await.unwrap();
    assert_eq!(std::fs::read(&victim).unwrap(), b"precious");
    assert!(std::fs::read(scratch.file("disk.img")).unwrap() == bytes(1000, 4));

    let linked = server
        .client()
        .image_data()
        .download(&*id)
        .partial_file(scratch.file(&format!("disk.img.{id}.part")));
    let error = linked.to_file(scratch.file("other")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert_eq!(std::fs::read(&victim).unwrap(), b"precious");
}

#[tokio::test]
async fn a_partial_file_is_continued_if_a_hash_proves_it() {
    // The MD5 of the 26 letters.
    const HASHED: &str = r#"{"id": "x", "status": "active", "size": 26, "checksum": "C3FCD3D76192E4007DFB496CCA67E13B"}"#;
    let scratch = Scratch::new("partial");
    let (partial, path) = (scratch.file("partial"), scratch.file("letters"));
    for (record, left, requested) in [
        (HASHED, None, vec![0, 10]),
        (SIZED, None, vec![0, 0]),
        // What is there is of another image: all of it again.
        (HASHED, Some("0123456789"), vec![10, 0]),
        (HASHED, Some("more than the image has, by far"), vec![0]),
        // All of it is there.
        (HASHED, Some("abcdefghijklmnopqrstuvwxyz"), vec![]),
    ] {
        let broken = left.is_none();
        let (server, data) = service(record, move |number, request| {
            let sent = if broken && number == 1 { 10 } else { 26 };
            piece(LETTERS, from(request), sent)
        })
        .await;
        let download = data.download("x").resumptions(0).partial_file(&partial);
        match left {
            Some(left) => std::fs::write(&partial, left).unwrap(),
            None => {
                let error = download.clone().to_file(&path).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
                assert_eq!(std::fs::read(&partial).unwrap(), &LETTERS[..10]);
                assert!(!path.exists());
            }
        }
        download.to_file(&path).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), LETTERS);
        assert_eq!(scratch.names(), ["letters"]);
        let asked = server.requests();
        let asked = asked.iter().filter(|request| request.line.contains("/file")).map(from);
        assert_eq!(asked.collect::<Vec<_>>(), requested, "{left:?}");
        std::fs::remove_file(&path).unwrap();
    }
}

#[tokio::test]
async fn one_download_at_a_time_has_a_partial_file() {
    let (server, scratch) = (FakeIms::start().await, Scratch::new("locked"));
    let id = uploaded(&server, bytes(1000, 5)).await;
    let download =
        || server.client().image_data().download(&*id).partial_file(scratch.file("partial"));
    let held = std::fs::File::create(scratch.file("partial")).unwrap();
    held.lock().unwrap();
    let error = download().to_file(scratch.file("disk.img")).await.unwrap_err();
    assert!(error.message().contains("in use by another download"), "{error}");
    drop(held);
    download().to_file(scratch.file("disk.img")).await.unwrap();
    assert_eq!(scratch.names(), ["disk.img"]);
}

#[tokio::test]
async fn a_placeholder_of_the_service_is_no_hash() {
    for checksum in ["d41d8cd98f00b204e9800998ecf8427e", "99914b932bd37a50b983c5e7c90ae93b"] {
        let record =
            format!(r#"{{"id": "x", "status": "active", "size": 2, "checksum": "{checksum}"}}"#);
        let (_server, data) = service(record.leak(), |_, _| piece(b"the data", 0, 8)).await;
        let stream = data.download("x").stream().await.unwrap();
        assert_eq!(stream.checked_by(), None);
        assert_eq!(data.download("x").bytes(100).await.unwrap(), "the data");
    }
}

#[tokio::test]
async fn data_that_changes_while_it_is_resumed_is_an_error() {
    const RECORD: &str = r#"{"id": "x", "status": "active", "size": 8}"#;
    let (_server, data) = service(RECORD, |number, request| match number {
        1 => piece(b"the data", from(request), 4),
        _ => piece(b"the other data", from(request), 100),
    })
    .await;
    let error = data.download("x").bytes(100).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
}

#[tokio::test]
async fn a_reader_that_failed_does_not_end_as_if_all_were_good() {
    const RECORD: &str = r#"{"id": "x", "status": "active", "size": 8, "checksum": "00"}"#;
    let (_server, data) = service(RECORD, |_, _| piece(b"the data", 0, 8)).await;
    let mut reader = data.download("x").stream().await.unwrap();
    let mut read = Vec::new();
    assert!(reader.read_to_end(&mut read).await.is_err());
    assert_eq!(read, b"the data");
    assert!(reader.read_to_end(&mut read).await.is_err());

    // Nor if the failure came while it was read as a stream.
    let mut stream = data.download("x").stream().await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), "the data");
    assert!(stream.next().await.unwrap().is_err());
    assert!(stream.read_to_end(&mut read).await.is_err());
}

#[tokio::test]
async fn data_is_checked_by_the_hash_that_the_service_has() {
    for (algorithm, hash) in [
        ("md5", "c3fcd3d76192e4007dfb496cca67e13b"),
        ("sha256", "71c480df93d6ae2f1efad1447c66c9525e316218cf51fc8d9ed832f2daf18b73"),
        (
            "sha512",
            "4dbff86cc2ca1bae1e16468a05cb9881c97f1753bce3619034898faa1aabe429\
             955a1bf8ec483d7421fe3c1646613a59ed5441fb0f321389f77f48a879c7b1f1",
        ),
    ] {
        let record = format!(
            r#"{{"id": "x", "status": "active", "size": 26, "os_hash_algo": "{algorithm}", "os_hash_value": "{hash}"}}"#
        );
        let (_server, data) = service(record.leak(), |number, _| {
            // The second download is of other data.
            piece(if number == 3 { &[b'x'; 26] } else { LETTERS }, 0, 26)
        })
        .await;
        let mut reader = data.download("x").stream().await.unwrap();
        assert_eq!(reader.checked_by(), Some(algorithm));
        let mut read = Vec::new();
        reader.read_to_end(&mut read).await.unwrap();
        assert_eq!(read, LETTERS);
        let error = data.download("x").bytes(26).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Damaged);
        assert!(error.message().contains(algorithm), "{error}");
    }
}

#[tokio::test]
async fn a_range_is_cut_out_where_the_service_sends_everything() {
    const RECORD: &str = r#"{"id": "x", "status": "active", "size": 300000}"#;
    let sent = bytes(300_000, 6);
    let all = sent.clone();
    let (_server, data) = service(RECORD, move |_, _| piece(&sent, 0, sent.len())).await;
    for range in [100_000..250_000, 0..10, 299_999..300_000] {
        let read = data.download("x").range(range.start as u64..range.end as u64);
        assert!(read.bytes(300_000).await.unwrap() == all[range]);
    }
}

#[tokio::test]
async fn a_download_says_how_much_there_is_and_how_much_has_come() {
    let (_server, data) = service(SIZED, |_, request| piece(LETTERS, from(request), 26)).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let download = data.download("x").range(10..);
    let download = download.on_progress(move |had, total| log.lock().unwrap().push((had, total)));
    assert_eq!(download.bytes(16).await.unwrap(), LETTERS[10..]);
    assert_eq!(seen.lock().unwrap().last(), Some(&(16, Some(16))));

    let stream = data.download("x").stream().await.unwrap();
    assert_eq!((stream.length(), stream.checked_by()), (Some(26), None));
    let body = data.download_image_file("x").await.unwrap();
    assert_eq!(body.length(), Some(26));
    assert_eq!(body.bytes(26).await.unwrap(), LETTERS);
    // The limit is one of all chunks together.
    let many = |_: usize, _: &Request| piece(&[1; 300_000], 0, 300_000);
    let (_server, data) = service(SIZED, many).await;
    let body = data.download_image_file("x").await.unwrap();
    assert_eq!(body.bytes(299_999).await.unwrap_err().kind(), ErrorKind::ResponseTooLarge);
}

#[tokio::test]
async fn data_comes_from_the_stores_that_are_preferred() {
    let (server, data) = service(SIZED, |_, _| piece(LETTERS, 0, 26)).await;
    data.download("x").prefer(["fast", "cheap"]).bytes(26).await.unwrap();
    data.download("x").prefer([] as [&str; 0]).bytes(26).await.unwrap();
    let requests = server.requests();
    let lines = requests.iter().filter(|request| request.line.contains("/file"));
    let preferred: Vec<_> = lines.map(|request| request.query("prefer")).collect();
    assert_eq!(preferred, [Some("fast%2Ccheap"), None]);
}

#[tokio::test]
async fn data_that_ends_too_early_goes_on_where_it_ended() {
    let (server, data) = service(SIZED, |number, request| match number {
        1 => Answer::Close([chunked_head(), b"a\r\nabcdefghij\r\n0\r\n\r\n".to_vec()].concat()),
        _ => piece(LETTERS, from(request), 26),
    })
    .await;
    assert_eq!(data.download("x").bytes(26).await.unwrap(), LETTERS);
    let requests = server.requests();
    let files = requests.iter().filter(|request| request.line.contains("/file"));
    let ranges: Vec<_> = files.map(|request| request.header("range")).collect();
    assert_eq!(ranges, [None, Some("bytes=10-")]);
}

#[tokio::test]
async fn a_download_resumes_as_often_as_it_may() {
    let (server, data) = service(SIZED, |_, request| piece(LETTERS, from(request), 0)).await;
    let error = data.download("x").resumptions(1).bytes(26).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    let requests = server.requests();
    assert_eq!(requests.iter().filter(|request| request.line.contains("/file")).count(), 2);
}

#[tokio::test]
async fn a_download_does_not_resume_what_is_refused() {
    let (server, data) = service(SIZED, |number, _| match number {
        1 => piece(LETTERS, 0, 10),
        _ => status("403 Forbidden", ""),
    })
    .await;
    let error = data.download("x").bytes(26).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    let requests = server.requests();
    assert_eq!(requests.iter().filter(|request| request.line.contains("/file")).count(), 2);
}

#[tokio::test]
async fn other_bytes_than_the_requested_ones_are_an_error() {
    let (_server, data) = service(SIZED, |number, _| match number {
        1 => piece(LETTERS, 0, 10),
        _ => piece(LETTERS, 5, 26),
    })
    .await;
    let error = data.download("x").bytes(26).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(error.message().contains("from 10 on, the service sent bytes 5-25/26"), "{error}");

    let error = data.download("x").range(5..5).bytes(26).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
}

#[tokio::test]
async fn a_range_has_no_other_bytes_than_it_was_asked_for() {
    const UNSIZED: &str = r#"{"id": "x", "status": "active"}"#;
    // What the service says that it sends, how much that is, and what becomes of it.
    for (record, said, sent, expected) in [
        (UNSIZED, "0-3/*", 4, Ok("abcd")),
        (UNSIZED, "0-9/*", 10, Ok("abcd")),
        (UNSIZED, "0-9/26", 10, Ok("abcd")),
        (SIZED, "0-9/*", 10, Ok("abcd")),
        // The data ends in the range.
        (UNSIZED, "0-1/*", 2, Ok("ab")),
        (UNSIZED, "0-3/*", 2, Err(ErrorKind::Interrupted)),
        (UNSIZED, "0-9/*", 2, Err(ErrorKind::Interrupted)),
        (UNSIZED, "0-1/*", 3, Err(ErrorKind::Damaged)),
        (UNSIZED, "0-/*", 4, Err(ErrorKind::Decode)),
    ] {
        let (_server, data) = service(record, move |_, _| {
            let letters = std::str::from_utf8(&LETTERS[..sent]).unwrap();
            let head = format!("content-range: bytes {said}\r\n");
            Answer::Keep(http("206 Partial Content", &head, letters))
        })
        .await;
        let read = data.download("x").range(0..4).resumptions(0).bytes(26).await;
        let read = read.map_err(|error| error.kind());
        assert_eq!(read, expected.map(bytes::Bytes::from), "{said}, {sent} bytes");
    }
}

#[tokio::test]
async fn a_header_that_repeats_the_credential_is_not_shown() {
    let server = Hostile::start(|_, request| {
        let token = request.header("x-auth-token").unwrap();
        let range = format!("content-range: bytes 7-9/{token}\r\n");
        let answer = http("206 Partial Content", &range, "abc");
        if request.line.contains("/file") { Answer::Keep(answer) } else { ok(SIZED) }
    })
    .await;
    let client = Client::builder().endpoint(server.url()).auth(XAuthToken::new("HIDDEN-TOKEN"));
    let data = client.build().unwrap().image_data();
    let error = data.download("x").range(0..4).bytes(26).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(error.message().ends_with("sent a Content-Range with a credential in it"), "{error}");
    assert!(!format!("{error} {error:?}").contains("HIDDEN"), "{error:?}");
}

#[tokio::test]
async fn more_data_than_the_image_has_is_an_error() {
    const SHORT: &str = r#"{"id": "x", "status": "active", "size": 8}"#;
    let (_server, data) = service(SHORT, |_, _| piece(LETTERS, 0, 26)).await;
    let error = data.download("x").bytes(26).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
}
