//! Downloads to files, and what they leave behind.

use crate::hostile::{Answer, Hostile, Request, ok};
use cloud_images::ErrorKind;
use cloud_images::auth::XAuthToken;
use cloud_images::ims::{Client, ImageDataApi};
use cloud_images::testing::{FakeIms, Fault};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::AsyncReadExt;

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
    const UNKNOWN: &str = r#"{"id": "x", "status": "active", "size": 26}"#;
    let letters = b"abcdefghijklmnopqrstuvwxyz";
    let scratch = Scratch::new("partial");
    let (partial, path) = (scratch.file("partial"), scratch.file("letters"));
    for (record, left, requested) in [
        (HASHED, None, vec![0, 10]),
        (UNKNOWN, None, vec![0, 0]),
        // What is there is of another image: all of it again.
        (HASHED, Some("0123456789"), vec![10, 0]),
        (HASHED, Some("more than the image has, by far"), vec![0]),
    ] {
        let broken = left.is_none();
        let (server, data) = service(record, move |number, request| {
            let sent = if broken && number == 1 { 10 } else { 26 };
            piece(letters, from(request), sent)
        })
        .await;
        let download = data.download("x").resumptions(0).partial_file(&partial);
        match left {
            Some(left) => std::fs::write(&partial, left).unwrap(),
            None => {
                let error = download.clone().to_file(&path).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
                assert_eq!(std::fs::read(&partial).unwrap(), &letters[..10]);
                assert!(!path.exists());
            }
        }
        download.to_file(&path).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), letters);
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
}
