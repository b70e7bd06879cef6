//! What is copied from one image to another, and what is taken for the absence of one.

use crate::hostile::{Answer, Hostile, http};
use cloud_images::auth::XAuthToken;
use cloud_images::ims::types::Image;
use cloud_images::ims::{Client, Patch, TimeFilter};
use cloud_images::testing::FakeIms;
use futures::TryStreamExt;
use std::collections::BTreeSet;
use std::time::Duration;

#[tokio::test]
async fn every_property_of_an_image_is_copied_whether_the_crate_knows_it_or_not() {
    let golden: Image = serde_json::from_str(
        r#"{"id": "golden", "name": "golden", "status": "active", "checksum": "ab", "visibility": "public",
            "hw_firmware_type": "uefi", "__support_kvm": "true", "__os_version": "Ubuntu 24.04 64bit",
            "__image_size": "17", "__isregistered": "true", "os_distro": "ubuntu", "team/cost": "hpc",
            "os_glance_importing_to_stores": "fast"}"#,
    )
    .unwrap();
    let server = FakeIms::builder().image(golden).start().await;
    let images = server.client().image_operations();
    let golden = images.show_image("golden").await.unwrap();
    let new = images.create_image().name("new").await.unwrap();
    let patch = Patch::new().properties_of(&golden);
    let new = images.update_image(new.id, patch).await.unwrap();

    assert_eq!(new.name.as_deref(), Some("new"));
    assert_eq!(new.hw_firmware_type, golden.hw_firmware_type);
    assert_eq!(new.copyable_properties(), golden.copyable_properties());
    let copied: Vec<_> = new.copyable_properties().into_keys().collect();
    let expected = ["__os_version", "__support_kvm", "hw_firmware_type", "os_distro", "team/cost"];
    assert_eq!(copied, expected);
}

#[tokio::test]
async fn what_an_image_has_is_taken_by_every_setter() {
    let server = FakeIms::start().await;
    let images = server.client().image_operations();
    let one = images.create_image().min_disk(40).min_ram(512).tag("a").tag("b").await.unwrap();
    assert_eq!((one.min_disk, one.min_ram), (Some(40), Some(512)));
    assert_eq!(one.tags, ["a", "b"]);

    let other = images.create_image().tag("c").await.unwrap();
    let patch = Patch::new().min_disk(one.min_disk.unwrap()).min_ram(one.min_ram.unwrap());
    images.update_image(&*other.id, patch.tags(&one.tags)).await.unwrap();
    let list = images.list_images().min_disk(one.min_disk.unwrap()).tag("a").tag("b").items();
    let found: BTreeSet<_> = list.map_ok(|image| image.id).try_collect().await.unwrap();
    assert_eq!(found, BTreeSet::from([one.id, other.id]));
}

#[tokio::test]
async fn times_of_filters_have_whole_seconds() {
    let server = FakeIms::start().await;
    let time = "2026-01-31T08:00:00.123456789Z".parse().unwrap();
    let request = server.client().image_operations().list_images();
    request.created_at(TimeFilter::since(time)).await.unwrap();
    assert_eq!(server.requests()[0].query, "created_at=gte%3A2026-01-31T08%3A00%3A01Z");
}

#[tokio::test]
async fn a_wrong_endpoint_is_no_missing_image() {
    let gateway =
        r#"{"error_code": "APIGW.0101", "error_msg": "The API does not exist", "request_id": "r"}"#;
    for (answer, gone) in
        [(gateway, false), (r#"{"error": {"code": "IMG.0027", "message": "No such image"}}"#, true)]
    {
        let server = Hostile::start(move |_, _| {
            let status = if gone { "400 Bad Request" } else { "404 Not Found" };
            Answer::Keep(http(status, "", answer))
        })
        .await;
        let client =
            Client::builder().endpoint(server.url()).auth(XAuthToken::new("t")).build().unwrap();
        let wait = client.image_operations().show_image("x").wait_until_gone();
        let outcome =
            wait.deadline(Duration::from_secs(20)).interval(Duration::from_millis(10)).await;
        assert_eq!(outcome.is_ok(), gone, "{outcome:?}");
    }
}
