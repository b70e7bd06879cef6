//! What an image service does, on every server: real Keystone and Glance, or the server of `testing`.

use cloud_images::ErrorKind;
use cloud_images::ims::types::{Image, ImageStatus, MemberStatus, Visibility};
use cloud_images::ims::{Client, Patch};
use futures::TryStreamExt;
use std::sync::atomic::{AtomicU64, Ordering};

/// All behaviours, as arguments of another macro.
macro_rules! all_behaviours {
    ($each:ident) => {
        $each! {
            a_new_image_is_queued_and_shared
            an_image_is_changed_all_at_once_or_not_at_all
            data_goes_in_once_and_comes_out_the_same
            what_is_not_there_is_not_found
            tags_come_and_go
            members_are_offered_and_taken_back
            a_list_is_the_same_by_any_page_size
            a_list_survives_its_marker
            blocked_data_is_forbidden
        }
    };
}
pub(crate) use all_behaviours;

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

fn unique(name: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{name}-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

async fn made(client: &Client, tag: &str) -> Image {
    let request = client.image_operations().create_image().name("contract").tag(tag);
    request.disk_format("raw").container_format("bare").await.unwrap()
}

async fn gone(client: &Client, image: &Image) {
    client.image_operations().delete_image(&*image.id).await.unwrap();
    client.image_operations().show_image(&*image.id).wait_until_gone().await.unwrap();
}

pub async fn a_new_image_is_queued_and_shared(client: Client) {
    let images = client.image_operations();
    let image = images.create_image().property("a/b~c", "value").await.unwrap();
    assert_eq!(image.status, Some(ImageStatus::Queued));
    assert_eq!(image.visibility, Some(Visibility::Shared));
    assert_eq!((image.name.as_deref(), image.size, image.checksum.as_deref()), (None, None, None));
    assert_eq!(
        (image.min_ram, image.protected, image.os_hidden),
        (Some(0), Some(false), Some(false))
    );
    assert_eq!(image.extra.get_str("a/b~c"), Some("value"));
    let shown = images.show_image(&*image.id).await.unwrap();
    assert_eq!(serde_json::to_value(&shown).unwrap(), serde_json::to_value(&image).unwrap());
    let again = images.create_image().id(&*image.id).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict);
    gone(&client, &image).await;
}

pub async fn an_image_is_changed_all_at_once_or_not_at_all(client: Client) {
    let images = client.image_operations();
    let image = made(&client, "one").await;
    let patch = Patch::new().name("other").min_disk(3).property("key", "value").tags(["x"]);
    let changed = images.update_image(&*image.id, patch).await.unwrap();
    assert_eq!((changed.name.as_deref(), changed.min_disk), (Some("other"), Some(3)));
    assert_eq!(changed.extra.get_str("key"), Some("value"));
    assert_eq!(changed.tags, ["x"]);

    let half = Patch::new().name("third").remove_property("zzz-not-there");
    let refused = images.update_image(&*image.id, half).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Conflict);
    assert_eq!(images.show_image(&*image.id).await.unwrap().name.as_deref(), Some("other"));

    let removed =
        images.update_image(&*image.id, Patch::new().remove_property("key")).await.unwrap();
    assert_eq!(removed.extra.get("key"), None);
    images.update_image(&*image.id, Patch::new().protected(true)).await.unwrap();
    let refused = images.delete_image(&*image.id).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden);
    images.update_image(&*image.id, Patch::new().protected(false)).await.unwrap();
    gone(&client, &image).await;
}

pub async fn data_goes_in_once_and_comes_out_the_same(client: Client) {
    let api = client.image_data();
    let image = made(&client, "data").await;
    let early = api.download(&*image.id).bytes(1).await.unwrap_err();
    assert_eq!(early.kind(), ErrorKind::NoData);
    api.upload_image_file(&*image.id, "0123456789").await.unwrap();
    let active =
        client.image_operations().show_image(&*image.id).wait_until_active().await.unwrap();
    assert_eq!((active.size, active.os_hash_algo.unwrap().as_str()), (Some(10), "sha512"));
    let again = api.upload_image_file(&*image.id, "other").await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict);
    assert_eq!(api.download(&*image.id).bytes(100).await.unwrap(), "0123456789");
    assert_eq!(api.download(&*image.id).range(2..4).bytes(100).await.unwrap(), "23");
    let beyond = api.download(&*image.id).range(10..).bytes(100).await.unwrap_err();
    assert_eq!(beyond.kind(), ErrorKind::RangeNotSatisfiable);
    gone(&client, &image).await;
}

pub async fn what_is_not_there_is_not_found(client: Client) {
    let images = client.image_operations();
    let errors = [
        images.show_image(NOBODY).await.unwrap_err(),
        images.delete_image(NOBODY).await.unwrap_err(),
        images.update_image(NOBODY, Patch::new().name("x")).await.unwrap_err(),
        client.image_data().download_image_file(NOBODY).await.unwrap_err(),
        client.image_tags().add_image_tag(NOBODY, "tag").await.unwrap_err(),
        client.image_members().list_image_members(NOBODY).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_not_found(), "{error}");
        assert!(error.request_id().is_some(), "{error}");
        assert!(!error.message().contains('<'), "{error}");
    }
    let marker = images.list_images().marker(NOBODY).await.unwrap_err();
    assert_eq!(marker.kind(), ErrorKind::BadRequest);
    assert!(marker.message().contains(NOBODY), "{marker}");
}

pub async fn tags_come_and_go(client: Client) {
    let tags = client.image_tags();
    let image = made(&client, "first").await;
    for _ in 0..2 {
        tags.add_image_tag(&*image.id, "with blank").await.unwrap();
    }
    tags.delete_image_tag(&*image.id, "first").await.unwrap();
    let shown = client.image_operations().show_image(&*image.id).await.unwrap();
    assert_eq!(shown.tags, ["with blank"]);
    assert!(tags.delete_image_tag(&*image.id, "first").await.unwrap_err().is_not_found());
    gone(&client, &image).await;
}

pub async fn members_are_offered_and_taken_back(client: Client) {
    let members = client.image_members();
    let image = made(&client, "members").await;
    let project = "5eb57b2d5b9b4c0a8d1d1d1d1d1d1d1d";
    let member = members.create_image_member(&*image.id, project).await.unwrap();
    assert_eq!(member.status, Some(MemberStatus::Pending));
    let twice = members.create_image_member(&*image.id, project).await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Conflict);
    let own = members.update_image_member(&*image.id, project, "accepted").await.unwrap_err();
    assert_eq!(own.kind(), ErrorKind::Forbidden);
    let list = members.list_image_members(&*image.id).await.unwrap().members;
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].member_id.as_deref(), Some(project));
    members.delete_image_member(&*image.id, project).await.unwrap();
    assert!(members.show_image_member(&*image.id, project).await.unwrap_err().is_not_found());
    gone(&client, &image).await;
}

pub async fn a_list_is_the_same_by_any_page_size(client: Client) {
    let list = |size| {
        let request = client.image_operations().list_images().tag("seed").tag("nightly");
        request.page_size(size).items().map_ok(|image| image.id).try_collect::<Vec<_>>()
    };
    let all = list(1000).await.unwrap();
    assert!(all.len() >= 20);
    for size in [1, 7, 20] {
        assert_eq!(list(size).await.unwrap(), all, "pages of {size}");
    }
}

pub async fn a_list_survives_its_marker(client: Client) {
    let images = client.image_operations();
    let tag = unique("list");
    for _ in 0..8 {
        made(&client, &tag).await;
    }
    let list = || images.list_images().tag(&*tag).page_size(3).items();
    let mut stream = list();
    let mut seen = Vec::new();
    while let Some(image) = stream.try_next().await.unwrap() {
        gone(&client, &image).await;
        seen.push(image.id);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 8);
    assert!(list().try_next().await.unwrap().is_none());
}

pub async fn blocked_data_is_forbidden(client: Client) {
    let images = client.image_operations();
    let image = made(&client, "blocked").await;
    let queued = images.deactivate_image(&*image.id).await.unwrap_err();
    assert_eq!(queued.kind(), ErrorKind::Forbidden);
    client.image_data().upload_image_file(&*image.id, "data").await.unwrap();
    images.deactivate_image(&*image.id).await.unwrap();
    let blocked = client.image_data().download(&*image.id).bytes(10).await.unwrap_err();
    assert_eq!(blocked.kind(), ErrorKind::Forbidden);
    images.reactivate_image(&*image.id).await.unwrap();
    assert_eq!(client.image_data().download(&*image.id).bytes(10).await.unwrap(), "data");
    gone(&client, &image).await;
}
