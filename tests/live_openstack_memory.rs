//! Peak memory of an upload and a download of 64 MiB, in a process of its own.

#![cfg(all(feature = "ims", target_os = "linux"))]

use bytes::Bytes;
use cloud_images::Body;
use cloud_images::auth::Keystone;
use cloud_images::ims::Client;
use futures::{StreamExt, TryStreamExt};

const SIZE: u64 = 64 << 20;

/// The most memory that this process ever had, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn sixty_four_mebibytes_take_less_than_thirty_two() {
    let Some(keystone) = std::env::var_os("CLOUD_IMAGES_LIVE_KEYSTONE") else {
        println!("skipped: no OpenStack to test against");
        return;
    };
    let login = Keystone::password(keystone.to_str().unwrap())
        .user("demo", "Default")
        .password("password")
        .project("demo", "Default")
        .region("RegionOne");
    let client = Client::builder().auth(login).build().unwrap();
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
    images.delete_image(image.id).await.unwrap();
    println!(
        "KiB above idle ({idle}): upload {}, download {}, to a file {}",
        uploaded - idle,
        downloaded - idle,
        saved - idle
    );
    assert!(saved - idle < 32 << 10, "{} KiB above idle", saved - idle);
}
