//! Peak memory of an upload and a download of 64 MiB, in a process of its own.

use super::harness::servers;
use crate::alone::alone;
use bytes::Bytes;
use cloud_images::Body;
use futures::{StreamExt, TryStreamExt};
use serde_json::json;

const SIZE: u64 = 64 << 20;

/// The most memory that this process ever had, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn sixty_four_mebibytes_take_less_than_thirty_two() {
    let servers = servers!();
    if !alone("openstack::memory::sixty_four_mebibytes_take_less_than_thirty_two", |_| {}) {
        return;
    }
    let client = servers.client("demo");
    let images = client.image_operations();
    let request = images.create_image().name("memory").disk_format("raw").container_format("bare");
    let image = request.await.unwrap();
    images.list_images().page_size(10).await.unwrap();
    let idle = peak();

    let piece = Bytes::from((0..=255).cycle().take(1 << 16).collect::<Vec<u8>>());
    let pieces = futures::stream::repeat(piece).take((SIZE >> 16) as usize);
    let body = Body::stream(pieces.map(Ok::<_, std::io::Error>)).with_length(SIZE);
    client.image_data().upload_image_file(&*image.id, body).await.unwrap();
    let uploaded = peak();

    let data = client.image_data().download(&*image.id).stream().await.unwrap();
    assert_eq!(data.checked_by(), Some("sha512"));
    let size = data.try_fold(0, |sum, chunk| async move { Ok(sum + chunk.len() as u64) });
    assert_eq!(size.await.unwrap(), SIZE);
    let downloaded = peak();

    let file = std::env::temp_dir().join(format!("cloud-images-memory-{}", std::process::id()));
    client.image_data().download(&*image.id).to_file(&file).await.unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().len(), SIZE);
    std::fs::remove_file(&file).unwrap();
    let saved = peak();

    // Broken off half way, and gone on with where it broke.
    let faulty = servers.faulty("demo");
    let fault = json!({ "truncate": SIZE / 2, "method": "GET", "path": "/file" });
    let _faults = servers.faults(json!([fault])).await;
    faulty.image_data().download(&*image.id).to_file(&file).await.unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().len(), SIZE);
    assert_eq!(servers.downloads().await, 2);
    std::fs::remove_file(&file).unwrap();
    let resumed = peak();
    images.delete_image(image.id).await.unwrap();
    println!(
        "KiB above idle ({idle}): upload {}, download {}, to a file {}, resumed {}",
        uploaded - idle,
        downloaded - idle,
        saved - idle,
        resumed - idle
    );
    assert!(resumed - idle < 32 << 10, "{} KiB above idle", resumed - idle);
}
