//! Quotas. The project `quota` may have three images, of 2 MiB together, and as much staged, and fill one at a time.

use super::files;
use super::harness::{Plain, Relay, Servers};
use crate::patient;
use cloud_images::auth::XAuthToken;
use cloud_images::ims::Client;
use cloud_images::ims::glance::types::ImportMethod;
use cloud_images::ims::types::{Image, ImageStatus};
use cloud_images::{Body, Error, ErrorKind, RetryPolicy};
use futures::TryStreamExt;

async fn made(client: &Client) -> Result<Image, Error> {
    let request = client.image_operations().create_image().name("quota");
    request.disk_format("raw").container_format("bare").await
}

fn too_much() -> Body {
    Body::from(vec![1_u8; 5 << 20])
}

/// The quota counts what is there, also of a test that failed.
async fn without_images(servers: &Servers) -> Client {
    let client = servers.client("quota");
    let project = Plain::login(servers, "quota").await.id("project");
    let images = client.image_operations();
    let all: Vec<_> = images.list_images().owner(project).items().try_collect().await.unwrap();
    for image in all {
        images.delete_image(image.id).await.unwrap();
    }
    client
}

#[tokio::test]
async fn each_quota_refuses_with_its_name() {
    let (servers, files) = files!();
    let client = without_images(&servers).await;
    let usage = client.usage().show_usage().await.unwrap().usage;
    let shown = |name: &str| (usage[name].usage, usage[name].limit);
    assert_eq!(shown("image_size_total"), (0, 2));
    assert_eq!(shown("image_stage_total"), (0, 2));
    assert_eq!(shown("image_count_total"), (0, 3));
    assert_eq!(shown("image_count_uploading"), (0, 1));

    let mut images = Vec::new();
    for _ in 0..3 {
        images.push(made(&client).await.unwrap());
    }
    let import = client.image_import();
    let data = client.image_data().upload_image_file(&*images[0].id, too_much());
    let data = data.await.unwrap_err();
    let stage = import.stage_image_file(&*images[1].id, too_much()).await.unwrap_err();
    let count = made(&client).await.unwrap_err();
    let refused =
        [("image_size_total", data), ("image_stage_total", stage), ("image_count_total", count)];
    for (quota, error) in refused {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooLarge, 1), "{error}");
        assert!(error.message().contains(quota), "{error}");
    }
    let shown = client.image_operations().show_image(&*images[0].id).await.unwrap();
    assert_eq!(shown.status, Some(ImageStatus::Queued));
    // The image can be filled with what fits.
    let fits = Body::from(vec![1_u8; 1 << 20]);
    client.image_data().upload_image_file(&*images[0].id, fits).await.unwrap();
    let usage = client.usage().show_usage().await.unwrap().usage;
    assert_eq!((usage["image_size_total"].usage, usage["image_count_total"].usage), (1, 3));
    // What an import brings is not known when it begins: one may go over the quota, and the next is refused.
    let method = || ImportMethod::web_download(format!("{files}/blob/{}", 5 << 20));
    import.import_image(&*images[1].id, method()).await.unwrap();
    client.image_operations().show_image(&*images[1].id).wait_for_import().await.unwrap();
    let next = import.import_image(&*images[2].id, method()).await.unwrap_err();
    assert_eq!(next.kind(), ErrorKind::TooLarge, "{next}");
    assert!(next.message().contains("image_size_total"), "{next}");
    without_images(&servers).await;
}

/// An image that has its data staged is one that is being filled, until its import ends.
#[tokio::test]
async fn no_image_is_filled_beside_one_that_is_being_filled() {
    let (servers, _) = files!();
    let client = without_images(&servers).await;
    let (import, data) = (client.image_import(), client.image_data());
    let (first, second) = (made(&client).await.unwrap(), made(&client).await.unwrap());
    let filling = async || {
        let usage = client.usage().show_usage().await.unwrap().usage;
        (usage["image_count_uploading"].usage, usage["image_count_uploading"].limit)
    };
    import.stage_image_file(&*first.id, "the data").await.unwrap();
    assert_eq!(filling().await, (1, 1));
    let refused = [
        data.upload_image_file(&*second.id, "others").await.unwrap_err(),
        import.stage_image_file(&*second.id, "others").await.unwrap_err(),
    ];
    for error in refused {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooLarge, 1), "{error}");
        assert!(error.message().contains("image_count_uploading"), "{error}");
    }
    import.import_image(&*first.id, ImportMethod::glance_direct()).await.unwrap();
    client.image_operations().show_image(&*first.id).wait_for_import().await.unwrap();
    assert_eq!(filling().await, (0, 1));
    data.upload_image_file(&*second.id, "others").await.unwrap();
    without_images(&servers).await;
}

/// The service closes the connection of a refused upload with most of the data unread.
#[tokio::test]
async fn the_connection_of_a_refused_upload_is_not_used_again() {
    let (servers, _) = files!();
    without_images(&servers).await;
    let plain = Plain::login(&servers, "quota").await;
    let relay = Relay::before(&plain.glance).await;
    let client = Client::builder().endpoint(&relay.url).auth(XAuthToken::new(&*plain.token));
    // No other attempt hides a connection that is broken.
    let client = patient(client).retry(RetryPolicy::none()).build().unwrap();
    let image = made(&client).await.unwrap();
    let error = client.image_data().upload_image_file(&*image.id, too_much()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    for _ in 0..5 {
        client.image_operations().show_image(&*image.id).await.unwrap();
    }
    client.image_operations().delete_image(&*image.id).await.unwrap();
    let connections = relay.connections();
    let refused =
        connections.iter().find(|lines| lines.iter().any(|line| line.starts_with("PUT ")));
    assert!(refused.unwrap().last().unwrap().starts_with("PUT "), "{connections:?}");
    let others = connections.iter().filter(|lines| lines.last().unwrap().starts_with("DELETE "));
    assert_eq!(others.count(), 1, "the others are used again: {connections:?}");
}
