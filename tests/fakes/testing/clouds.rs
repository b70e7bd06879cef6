//! The servers that are made of a document: one contract for all of them.

use cloud_images::testing::{
    FakeDigitalOcean, FakeHetzner, FakeHyperstack, FakeLambda, FakeLinode, FakeVultr, Fault,
};
use cloud_images::{ErrorKind, RetryPolicy};
use futures::TryStreamExt;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// How many images the server has: three, and those that were asked for. More than two of the largest pages of
/// the smallest service.
const IMAGES: usize = 123;

/// The number of a generated thing: that of its id, or the one at the end of its first name.
fn number(item: &Value) -> Option<u64> {
    match item {
        Value::String(text) => text.rsplit_once('-')?.1.parse().ok(),
        Value::Object(object) => {
            let id = object.get("id").and_then(Value::as_u64);
            id.or_else(|| object.values().find_map(number))
        }
        _ => None,
    }
}

/// The lists of a document: the operations with `x-pagination`.
fn documented(cloud: &str) -> BTreeSet<String> {
    let path = format!("{}/specs/{cloud}.yaml", env!("CARGO_MANIFEST_DIR"));
    let document: Value = yaml_serde::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let operations = document["paths"].as_object().unwrap().values();
    operations
        .flat_map(|item| item.as_object().unwrap().values())
        .filter(|operation| operation.get("x-pagination").is_some())
        .map(|operation| {
            let mut name = String::new();
            for letter in operation["operationId"].as_str().unwrap().chars() {
                if letter.is_uppercase() && !name.is_empty() {
                    name.push('_');
                }
                name.extend(letter.to_lowercase());
            }
            name
        })
        .collect()
}

macro_rules! in_sizes {
    ($request:expr, One) => {
        vec![(None::<u32>, $request.items())]
    };
    ($request:expr, $largest:literal) => {
        vec![
            (None::<u32>, $request.items()),
            (Some(1), $request.page_size(1).items()),
            (Some($largest), $request.page_size($largest).items()),
            (Some(u32::MAX), $request.page_size(u32::MAX).items()),
        ]
    };
}

macro_rules! contract {
    ($($cloud:ident $fake:ident $name:literal {
        $($api:ident.$list:ident($($argument:expr),*) $pages:tt;)*
    })*) => {$(
        mod $cloud {
            use super::*;

            #[tokio::test]
            async fn every_list_is_complete_and_in_order() {
                let server = $fake::builder().images(IMAGES - 3).start().await;
                let client = server.client();
                let mut lists = BTreeSet::new();
                $(
                    lists.insert(stringify!($list).to_owned());
                    let all = if stringify!($list) == "list_images" { IMAGES } else { 3 };
                    for (size, items) in in_sizes!(client.$api().$list($($argument),*), $pages) {
                        let items: Vec<_> = items.try_collect().await.unwrap();
                        let items = items.iter().map(|item| serde_json::to_value(item).unwrap());
                        let numbers: Vec<_> = items.map(|item| number(&item)).collect();
                        let expected: Vec<_> = (1..=all as u64).map(Some).collect();
                        let list = stringify!($list);
                        assert_eq!(numbers, expected, "{list} in pages of {size:?}");
                    }
                )*
                assert_eq!(lists, documented(stringify!($cloud)));
            }

            #[tokio::test]
            async fn a_fault_is_survived_and_requests_are_recorded() {
                let server = $fake::builder().images(IMAGES - 3).start().await;
                assert!(format!("{server:?}").starts_with($name));
                let retry = RetryPolicy::default().base_delay(Duration::from_millis(1));
                let client = server.client_builder().retry(retry).build().unwrap();
                server.fail(Fault::status(503).on("list_images"));
                server.fail(Fault::status(429).retry_after(0).after(1));
                server.fail(Fault::disconnect().after(1));
                let items = client.image_operations().list_images().items();
                assert_eq!(items.try_collect::<Vec<_>>().await.unwrap().len(), IMAGES);
                let requests = server.requests();
                assert_eq!(requests[0].status, Some(503));
                assert!(requests.iter().all(|request| request.operation == Some("list_images")));
                assert!(!format!("{requests:?}").contains("token-of-the-fake"));
            }

            #[tokio::test]
            async fn errors_are_those_of_the_service() {
                let server = $fake::builder().token("the right one").start().await;
                server.client().image_operations().list_images().await.unwrap();
                let stranger = $fake::builder().token("a wrong one").start().await;
                let stranger = stranger.client_builder().endpoint(server.url()).build().unwrap();
                let list = || stranger.image_operations().list_images();
                let error = list().await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Unauthorized);
                assert_eq!(error.message(), "Unauthorized");
                assert!(error.request_id().is_some());

                let client = server.client_builder().retry(RetryPolicy::none()).build().unwrap();
                for (status, kind) in [
                    (400, ErrorKind::BadRequest),
                    (403, ErrorKind::Forbidden),
                    (404, ErrorKind::NotFound),
                    (429, ErrorKind::Throttled),
                    (500, ErrorKind::Server),
                ] {
                    server.fail(Fault::status(status));
                    let error = client.image_operations().list_images().await.unwrap_err();
                    assert_eq!(error.kind(), kind, "{error}");
                    assert!(
                        !error.message().is_empty()
                            && error.message() != "the service sent no message"
                    );
                }
                server.fail(Fault::status(404).always());
                client.image_operations().list_images().await.unwrap_err();
                server.recover();
                client.image_operations().list_images().await.unwrap();
            }
        }
    )*};
}

contract! {
    digitalocean FakeDigitalOcean "FakeDigitalOcean" {
        image_operations.list_images() 200;
        image_actions.list_image_actions(2) 200;
        instance_types.list_sizes() 200;
        regions.list_regions() 200;
        snapshots.list_snapshots() 200;
    }
    hetzner FakeHetzner "FakeHetzner" {
        image_operations.list_images() 50;
        image_actions.list_actions_of_images() 50;
        image_actions.list_image_actions(2) 50;
        instance_types.list_server_types() 50;
        isos.list_isos() 50;
        locations.list_datacenters() 50;
        locations.list_locations() 50;
    }
    hyperstack FakeHyperstack "FakeHyperstack" {
        image_operations.list_images() 100;
        snapshots.list_snapshots() 100;
        regions.list_regions() One;
        instance_types.list_flavors() One;
        instance_types.list_gpus() One;
        instance_types.list_stocks() One;
    }
    lambda FakeLambda "FakeLambda" {
        image_operations.list_images() One;
        instance_types.list_instance_types() One;
        regions.list_regions() One;
    }
    linode FakeLinode "FakeLinode" {
        image_operations.list_images() 500;
        instance_types.list_types() 500;
        regions.list_regions() 500;
        regions.list_regions_availability() 500;
    }
    vultr FakeVultr "FakeVultr" {
        image_operations.list_images() 500;
        applications.list_applications() 500;
        snapshots.list_snapshots() 500;
        backups.list_backups() 500;
        isos.list_isos() 500;
        isos.list_public_isos() 500;
        regions.list_regions() 500;
        regions.list_region_availability("id-1") One;
        instance_types.list_plans() 500;
        instance_types.list_metal_plans() 500;
    }
}

#[tokio::test]
async fn images_and_other_things_of_the_test_are_listed_as_they_are() {
    let image = serde_json::from_value(json!({
        "id": 9_007_199_254_740_991_i64, "type": "system", "status": "available", "name": "ubuntu-24.04",
        "description": "Ubuntu 24.04", "architecture": "arm", "os_flavor": "ubuntu", "os_version": "24.04",
        "disk_size": 5, "created": "2025-12-24T18:00:00Z", "labels": {}, "protection": { "delete": false },
    }));
    let image: cloud_images::hetzner::types::Image = image.unwrap();
    let iso = json!({ "id": 2, "name": "mine.iso", "description": "Mine", "type": "private" });
    let builder = FakeHetzner::builder().image(image.clone()).image(image.clone());
    let server = builder.item("list_isos", iso).start().await;
    let client = server.client();
    let images: Vec<_> =
        client.image_operations().list_images().items().try_collect().await.unwrap();
    assert_eq!((images.len(), images.last()), (4, Some(&image)));
    let shown = client.image_operations().show_image(image.id).await.unwrap();
    assert_eq!(shown.image, Some(image));
    let isos: Vec<_> = client.isos().list_isos().items().try_collect().await.unwrap();
    assert_eq!(isos.iter().map(|iso| iso.id).collect::<Vec<_>>(), [1, 3, 2]);
    assert_eq!(client.isos().show_iso(2).await.unwrap().iso.name.as_deref(), Some("mine.iso"));
}

#[tokio::test]
async fn what_is_made_is_shown_changed_and_deleted() {
    let server = FakeVultr::start().await;
    let snapshots = server.client().snapshots();
    let made = snapshots.create_snapshot("instance").description("before").await.unwrap();
    let id = made.snapshot.unwrap().id.unwrap().to_string();
    snapshots.update_snapshot(&*id, "after").await.unwrap();
    let shown = snapshots.show_snapshot(&*id).await.unwrap().snapshot.unwrap();
    assert_eq!(shown.description.as_deref(), Some("after"));
    snapshots.delete_snapshot(&*id).await.unwrap();
    assert!(snapshots.show_snapshot(&*id).await.unwrap_err().is_not_found());
    assert!(snapshots.delete_snapshot(&*id).await.unwrap_err().is_not_found());
    let left: Vec<_> = snapshots.list_snapshots().items().try_collect().await.unwrap();
    assert_eq!(left.len(), 3);

    let server = FakeLinode::start().await;
    let images = server.client().image_operations();
    let made = images.create_image(5).label("golden").await.unwrap();
    let id = made.id.unwrap().to_string();
    assert_eq!(images.show_image(&*id).await.unwrap().label.as_deref(), Some("golden"));
    images.delete_image(&*id).await.unwrap();
    assert!(images.show_image(&*id).await.unwrap_err().is_not_found());

    let server = FakeHyperstack::start().await;
    let images = server.client().image_operations();
    assert!(images.show_image(2).await.is_ok());
    images.delete_image(2).await.unwrap();
    assert!(images.show_image(2).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn other_operations_answer_as_the_document_says() {
    let server = FakeDigitalOcean::start().await;
    let client = server.client();
    let action = client.image_actions().create_image_action(1, "convert").await.unwrap();
    assert!(format!("{action:?}").starts_with("ActionEnvelope"), "{action:?}");
    let error = client.image_actions().create_image_action(99, "convert").await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.code(), None);
    let by_slug = client.image_operations().show_image("slug-2").await.unwrap();
    assert_eq!(by_slug.image.unwrap().id, Some(2));

    let server = FakeHetzner::start().await;
    let error = server.client().image_operations().show_image(99).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("not_found"), "Not Found"));
    // A service that shows some of its lists to anyone.
    let server = FakeVultr::start().await;
    let anyone = cloud_images::vultr::Client::builder().endpoint(server.url()).build().unwrap();
    assert!(anyone.regions().list_regions().await.is_ok());
    assert!(anyone.snapshots().list_snapshots().await.is_err());
    let (status, _, body) = super::get(format!("{}/nothing", server.url()), &[]).await;
    assert_eq!((status, body.as_str()), (401, r#"{"error":"Unauthorized"}"#));
}

#[tokio::test]
async fn a_page_has_the_size_of_the_document_unless_another_one_is_asked_for() {
    let server = FakeHetzner::builder().images(100).start().await;
    let page = server.client().image_operations().list_images().await.unwrap();
    assert_eq!(page.images.len(), 25);
    let server = FakeDigitalOcean::builder().images(100).start().await;
    let page = server.client().image_operations().list_images().await.unwrap();
    assert_eq!(page.images.len(), 20);
    let server = FakeLinode::builder().images(200).start().await;
    let page = server.client().image_operations().list_images().page_size(1).await.unwrap();
    assert_eq!((page.data.len(), page.pages), (25, Some(9)));
}
