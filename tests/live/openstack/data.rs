//! Uploads and downloads.

use super::harness::{raw, servers, unique};
use cloud_images::ims::Client;
use cloud_images::{Body, ErrorKind};
use futures::{StreamExt, TryStreamExt};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::AsyncReadExt;

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index.wrapping_mul(2_654_435_761) >> 16) as u8).collect()
}

fn scratch(name: &str) -> PathBuf {
    std::env::temp_dir().join(unique(name))
}

async fn uploaded(client: &Client, body: impl Into<Body>) -> String {
    let image = raw(client, "data").await.unwrap();
    client.image_data().upload_image_file(&*image.id, body).await.unwrap();
    image.id
}

async fn delete(client: &Client, id: &str) {
    client.image_operations().delete_image(id).await.unwrap();
}

#[tokio::test]
async fn every_kind_of_body_arrives_whole() {
    let servers = servers!();
    let client = servers.client("demo");
    let data = bytes(3_000_017);
    let file = scratch("upload");
    tokio::fs::write(&file, &data).await.unwrap();
    let pieces = || {
        futures::stream::iter(data.clone().chunks(70_001).map(<[u8]>::to_vec).collect::<Vec<_>>())
    };
    let bodies = [
        Body::from(data.clone()),
        Body::file(&file).await.unwrap(),
        Body::reader(std::io::Cursor::new(data.clone())),
        Body::stream(pieces().map(Ok::<_, std::io::Error>)),
        Body::stream(pieces().map(Ok::<_, std::io::Error>)).with_length(data.len() as u64),
    ];
    for body in bodies {
        let kind = format!("{body:?}");
        let last = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&last);
        let body = body.on_progress(move |sent, _| seen.store(sent, Ordering::SeqCst));
        let id = uploaded(&client, body).await;
        assert_eq!(last.load(Ordering::SeqCst), data.len() as u64, "{kind}");
        let stream = client.image_data().download(&*id).stream().await.unwrap();
        assert_eq!(
            (stream.length(), stream.checked_by()),
            (Some(data.len() as u64), Some("sha512"))
        );
        let back: Vec<_> = stream.try_collect().await.unwrap();
        assert!(back.concat() == data, "{kind}");
        delete(&client, &id).await;
    }
    tokio::fs::remove_file(file).await.unwrap();
}

#[tokio::test]
async fn parts_of_the_data() {
    let servers = servers!();
    let client = servers.client("demo");
    let data = bytes(300_000);
    let id = uploaded(&client, data.clone()).await;
    let api = client.image_data();
    assert!(api.download(&*id).range(10..20).bytes(100).await.unwrap() == data[10..20]);
    assert!(api.download(&*id).range(299_990..).bytes(100).await.unwrap() == data[299_990..]);
    assert!(
        api.download(&*id).range(299_990..400_000).bytes(100).await.unwrap() == data[299_990..]
    );
    let beyond = api.download(&*id).range(300_000..).bytes(100).await.unwrap_err();
    assert_eq!(beyond.kind(), ErrorKind::RangeNotSatisfiable);
    let large = api.download(&*id).bytes(1000).await.unwrap_err();
    assert_eq!(large.kind(), ErrorKind::ResponseTooLarge);
    let mut reader = api.download(&*id).stream().await.unwrap();
    let mut back = Vec::new();
    reader.read_to_end(&mut back).await.unwrap();
    assert!(back == data);
    delete(&client, &id).await;
}

#[tokio::test]
async fn refusals_have_their_kinds() {
    let servers = servers!();
    let client = servers.client("demo");
    let (images, api) = (client.image_operations(), client.image_data());
    let image = raw(&client, "kinds").await.unwrap();
    let none = api.download_image_file(&*image.id).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NoData);
    assert_eq!(api.download(&*image.id).bytes(1).await.unwrap_err().kind(), ErrorKind::NoData);

    let short =
        Body::stream(futures::stream::iter([Ok::<_, std::io::Error>("abc")])).with_length(5);
    let short = api.upload_image_file(&*image.id, short).await.unwrap_err();
    assert_eq!(short.kind(), ErrorKind::InvalidRequest);
    assert!(short.message().contains("ended after 3 of 5"), "{short}");

    let pieces = futures::stream::iter(["abc", "def"]).map(Ok::<_, std::io::Error>);
    let long = Body::stream(pieces).with_length(3);
    let long = api.upload_image_file(&*image.id, long).await.unwrap_err();
    assert_eq!(long.kind(), ErrorKind::InvalidRequest);
    assert!(long.message().contains("more data than the 3 bytes"), "{long}");

    api.upload_image_file(&*image.id, "data").await.unwrap_or_else(|error| panic!("{error}"));
    let again = api.upload_image_file(&*image.id, "data").await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict);
    images.deactivate_image(&*image.id).await.unwrap();
    let blocked = api.download(&*image.id).bytes(10).await.unwrap_err();
    assert_eq!(blocked.kind(), ErrorKind::Forbidden);
    delete(&client, &image.id).await;
}

#[tokio::test]
async fn an_image_may_be_empty() {
    let servers = servers!();
    let client = servers.client("demo");
    let file = scratch("empty");
    tokio::fs::write(&file, "").await.unwrap();
    let nothing = futures::stream::empty::<std::io::Result<Vec<u8>>>();
    for body in
        [Body::from(""), Body::file(&file).await.unwrap(), Body::stream(nothing).with_length(0)]
    {
        let id = uploaded(&client, body).await;
        let image = client.image_operations().show_image(&*id).await.unwrap();
        assert_eq!(image.size, Some(0));
        delete(&client, &id).await;
    }
    tokio::fs::remove_file(&file).await.unwrap();
}

#[tokio::test]
async fn data_above_the_limit_of_the_service_is_too_large() {
    let servers = servers!();
    let client = servers.client("demo");
    let image = raw(&client, "large").await.unwrap();
    let piece = bytes::Bytes::from(vec![7; 1 << 20]);
    let endless = futures::stream::repeat(piece).take(80).map(Ok::<_, std::io::Error>);
    let error =
        client.image_data().upload_image_file(&*image.id, Body::stream(endless)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error:?}");
    delete(&client, &image.id).await;
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_broke() {
    let servers = servers!();
    let (client, direct) = (servers.faulty("demo"), servers.client("demo"));
    let data = bytes(2_000_000);
    let id = uploaded(&direct, data.clone()).await;
    let file = scratch("download");
    for fault in [
        json!({ "truncate": 500_000, "method": "GET", "path": "/file" }),
        json!({ "reset_after": 700_000, "method": "GET", "path": "/file" }),
        json!({ "reset": true, "method": "GET", "path": "/file" }),
        json!({ "status": 503, "method": "GET", "path": "/file" }),
    ] {
        let _faults = servers.faults(json!([fault, fault])).await;
        client.image_data().download(&*id).to_file(&file).await.unwrap();
        assert!(tokio::fs::read(&file).await.unwrap() == data, "{fault}");
        tokio::fs::remove_file(&file).await.unwrap();
    }
    // Given up, and continued later.
    let partial = scratch("partial");
    {
        let fault = json!({ "truncate": 500_000, "method": "GET", "path": "/file" });
        let _faults = servers.faults(json!([fault])).await;
        let download = client.image_data().download(&*id).resumptions(0).partial_file(&partial);
        let broken = download.to_file(&file).await.unwrap_err();
        assert_eq!(broken.kind(), ErrorKind::Interrupted);
        assert_eq!(tokio::fs::metadata(&partial).await.unwrap().len(), 500_000);
        assert!(!file.exists());
    }
    direct.image_data().download(&*id).partial_file(&partial).to_file(&file).await.unwrap();
    assert!(tokio::fs::read(&file).await.unwrap() == data && !partial.exists());
    tokio::fs::remove_file(&file).await.unwrap();
    delete(&direct, &id).await;
}

#[tokio::test]
async fn damaged_data_is_never_good() {
    let servers = servers!();
    let (client, direct) = (servers.faulty("demo"), servers.client("demo"));
    let id = uploaded(&direct, "the data as it is").await;
    let file = scratch("damaged");
    for wrong in ["the data as it was", "the data as it IS"] {
        let fault = json!({ "status": 200, "body": wrong, "content_type": "application/octet-stream",
                            "method": "GET", "path": "/file", "times": -1 });
        let _faults = servers.faults(json!([fault])).await;
        let error = client.image_data().download(&*id).bytes(100).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
        let error = client.image_data().download(&*id).to_file(&file).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
        assert!(!file.exists());
    }
    direct.image_data().download(&*id).to_file(&file).await.unwrap();
    tokio::fs::remove_file(&file).await.unwrap();
    delete(&direct, &id).await;
}

#[tokio::test]
async fn an_upload_is_repeated_if_the_service_did_not_receive_it() {
    let servers = servers!();
    let (client, direct) = (servers.faulty("demo"), servers.client("demo"));
    let file = scratch("again");
    tokio::fs::write(&file, "from a file").await.unwrap();
    for body in [Body::from("from memory"), Body::file(&file).await.unwrap()] {
        let image = raw(&direct, "again").await.unwrap();
        let faults =
            json!([{ "status": 503, "method": "PUT" }, { "status": 401, "method": "PUT" }]);
        let _faults = servers.faults(faults).await;
        client.image_data().upload_image_file(&*image.id, body).await.unwrap();
        delete(&direct, &image.id).await;
    }
    tokio::fs::remove_file(&file).await.unwrap();
}
