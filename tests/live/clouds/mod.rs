//! The clients of the clouds against the emulator in `tests/servers/clouds`.
//!
//! Runs where `CLOUD_IMAGES_LIVE_CLOUDS` names it, such as `http://127.0.0.1:18090`; elsewhere each test says that
//! it is skipped.

mod catalog;
mod lists;
mod operations;
mod server;

use cloud_images::auth::{Basic, Bearer};
use cloud_images::{ErrorKind, lambda, linode};
use futures::TryStreamExt;
use serde_json::{Value, json};
use server::{Live, TOKEN};
use std::time::Duration;

const SOON: Duration = Duration::from_millis(50);

#[tokio::test]
async fn known_limits_are_observed_without_a_setting() {
    let Some(live) = Live::find() else { return };
    live.with(json!({"throttle": "vendor"}), async {
        let lambda = live.client(lambda::Client::builder(), "/lambda").auth(Bearer::new(TOKEN));
        let lambda = lambda.build().unwrap();
        let start = std::time::Instant::now();
        for _ in 0..2 {
            lambda.image_operations().list_images().await.unwrap();
            lambda.clone().regions().list_regions().await.unwrap();
        }
        assert!(start.elapsed() >= Duration::from_secs(3), "four calls take three pauses");

        let linode = live.client(linode::Client::builder(), "/linode").auth(Bearer::new(TOKEN));
        let linode = linode.build().unwrap();
        let images = linode.image_operations();
        let list = || async { images.list_images().await.map(drop) };
        for _ in 0..20 {
            list().await.unwrap();
        }
        // The next list waits for its turn, and other operations do not wait with it.
        assert!(tokio::time::timeout(Duration::from_secs(1), list()).await.is_err());
        images.show_image("linode/debian11").await.unwrap();
        assert_eq!(live.statuses("linode").await, [200; 21]);
    })
    .await;
}

#[tokio::test]
async fn the_rate_limit_of_a_service_is_read_off_its_headers() {
    let Some(live) = Live::find() else { return };
    live.with(json!({}), async {
        let clients = live.clients(TOKEN);
        let hetzner = clients.hetzner.image_operations().list_images().send().await.unwrap();
        let ocean = clients.digitalocean.image_operations().list_images().send().await.unwrap();
        let linode = clients.linode.image_operations().list_images().send().await.unwrap();
        for (found, limit) in
            [(hetzner.rate_limit(), 3600), (ocean.rate_limit(), 5000), (linode.rate_limit(), 20)]
        {
            let found = found.unwrap();
            assert_eq!(found.limit, Some(limit));
            assert!(found.remaining.unwrap() < limit && found.reset.is_some(), "{found:?}");
        }
        let vultr = clients.vultr.image_operations().list_images().send().await.unwrap();
        assert_eq!(vultr.rate_limit(), None);
    })
    .await;
}

#[tokio::test]
async fn the_largest_ids_are_exact_and_slashes_stay_in_their_segment() {
    let Some(live) = Live::find() else { return };
    live.with(json!({"quirks": true}), async {
        let clients = live.clients(TOKEN);
        const LARGEST: i64 = 9_007_199_254_740_991;
        let image = clients.hetzner.image_operations().show_image(LARGEST).await.unwrap();
        assert_eq!(image.image.unwrap().id, LARGEST);
        let image = clients.linode.image_operations().show_image("linode/debian11").await.unwrap();
        assert_eq!(image.id.as_deref(), Some("linode/debian11"));
        let ocean = clients.digitalocean.image_operations();
        let by_slug = ocean.show_image("ubuntu-20-04-x64").await.unwrap().image.unwrap();
        let by_number = ocean.show_image(by_slug.id.unwrap()).await.unwrap().image.unwrap();
        assert_eq!(by_number.slug.as_deref(), Some("ubuntu-20-04-x64"));
    })
    .await;
}

#[tokio::test]
async fn filters_of_linode_select_and_sort() {
    use cloud_images::linode::Filter;

    let Some(live) = Live::find() else { return };
    live.with(json!({}), async {
        let images = live.clients(TOKEN).linode.image_operations();
        let of = async |filter: Filter| -> cloud_images::Result<Vec<_>> {
            images.list_images().x_filter(filter).page_size(25).items().try_collect().await
        };
        let tagged = of(Filter::eq("tags", "repair-image").order_by("label").descending());
        let tagged = tagged.await.unwrap();
        assert!(tagged.len() > 5 && tagged.iter().all(|image| image.tags == ["repair-image"]));
        let labels: Vec<_> = tagged.iter().map(|image| image.label.clone()).collect();
        assert!(labels.is_sorted_by(|a, b| a >= b), "{labels:?}");

        let either = Filter::eq("vendor", "Debian").or(Filter::eq("tags", "repair-image"));
        assert_eq!(of(either).await.unwrap().len(), tagged.len() + 1);
        let odd = Filter::contains("label", "ünïcode \u{1f600}\"");
        assert_eq!(of(odd).await.unwrap(), []);
        let error = of(Filter::eq("colour", "blue")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadRequest);
        assert!(error.message().contains("Cannot filter on colour"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn what_takes_time_is_waited_for() {
    let Some(live) = Live::find() else { return };
    live.with(json!({"build_seconds": 0.4, "quirks": true}), async {
        let clients = live.clients(TOKEN);

        let ocean = clients.digitalocean.image_operations();
        let import = async |url: &str| {
            let created = ocean.create_image("new", url, "nyc3").await.unwrap();
            let id = created.image.unwrap().id.unwrap();
            ocean.show_image(id).wait_until_available().interval(SOON).await
        };
        assert!(import("https://example.com/disk.img").await.unwrap().size_gigabytes.is_some());
        let error = import("https://example.com/bad.img").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed);
        assert!(error.message().contains("could not be imported"), "{error}");
        let actions = clients.digitalocean.image_actions();
        let image = 7_555_990_i64;
        actions.create_image_action(image, "transfer").region("ams3").await.unwrap();
        let started: Vec<_> =
            actions.list_image_actions(image).items().try_collect().await.unwrap();
        let show = actions.show_image_action(image, started[0].id.unwrap());
        let done = show.wait_until_done().interval(SOON).await.unwrap();
        assert!(done.completed_at.is_some());

        let created = clients.hetzner.image_operations().create_image(42).await.unwrap();
        let action = clients.hetzner.image_actions().show_action(created.action.unwrap().id);
        let action = action.wait_until_done().interval(SOON).await.unwrap();
        assert_eq!(action.progress, 100);
        let show = clients.hetzner.image_operations().show_image(created.image.unwrap().id);
        let image = show.wait_until_available().interval(SOON).await.unwrap();
        assert!(image.image_size.is_some());

        let linode = clients.linode.image_operations();
        let created = linode.create_image(1).label("new").await.unwrap().id.unwrap();
        let show = linode.show_image(created.to_string());
        show.clone().wait_until_available().interval(SOON).await.unwrap();
        let replicate = linode.replicate_image(created.to_string());
        replicate.region("us-iad").region("us-ord").await.unwrap();
        let image = show.wait_until_replicated().interval(SOON).await.unwrap();
        assert_eq!(image.regions.len(), 2);

        let upload = linode.upload_image("uploaded", "us-iad").await.unwrap();
        assert!(!format!("{upload:?}").contains("X-Amz-Signature"), "{upload:?}");
        let (image, upload_to) = (upload.image.unwrap(), upload.upload_to.unwrap());
        linode.upload_data(&*upload_to, "the gzip of a disk").await.unwrap();
        let show = linode.show_image(image.id.unwrap().to_string());
        let image = show.wait_until_available().interval(SOON).await.unwrap();
        assert_eq!(image.regions.len(), 1);

        let snapshots = clients.vultr.snapshots();
        let created = snapshots.create_snapshot("instance").await.unwrap().snapshot.unwrap();
        let show = snapshots.show_snapshot(created.id.unwrap());
        assert!(show.wait_until_complete().interval(SOON).await.unwrap().size > Some(0));
        let isos = clients.vultr.isos();
        let created = isos.create_iso("https://example.com/disk.iso").await.unwrap().iso.unwrap();
        let show = isos.show_iso(created.id.unwrap());
        assert!(show.wait_until_complete().interval(SOON).await.unwrap().md5sum.is_some());

        let snapshots = clients.hyperstack.snapshots();
        let created = snapshots.create_snapshot(100, "new", "text").await.unwrap();
        let show = snapshots.show_snapshot(created.snapshot.unwrap().id);
        show.wait_until_ready().interval(SOON).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn errors_have_the_code_and_the_reason_of_the_service() {
    let Some(live) = Live::find() else { return };
    live.with(json!({}), async {
        let clients = live.clients(TOKEN);
        let protected = clients.hetzner.image_operations().delete_image(4711 + 9 * 13);
        let error = protected.await.unwrap_err();
        assert_eq!(error.code(), Some("protected"), "{error}");
        let error = clients.linode.image_operations().upload_image("new", "mars").await;
        let error = error.unwrap_err();
        assert!(error.to_string().contains("region: Region is not valid"), "{error}");
        let inactive = live.clients("inactive-token");
        let error = inactive.lambda.image_operations().list_images().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden);
        assert_eq!(error.code(), Some("global/account-inactive"), "{error}");
        for error in [
            inactive.vultr.snapshots().list_snapshots().await.err(),
            inactive.hyperstack.image_operations().list_images().await.err(),
        ] {
            let error = error.unwrap();
            assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
            assert!(!format!("{error:?}").contains("inactive-token"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_is_a_basic_credential_of_lambda_too() {
    let Some(live) = Live::find() else { return };
    live.with(json!({}), async {
        let builder = live.client(lambda::Client::builder(), "/lambda");
        let client = builder.auth(Basic::new(TOKEN, "")).build().unwrap();
        client.image_operations().list_images().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn computing_images_are_read_in_every_form() {
    let Some(live) = Live::find() else { return };
    for shape in ["head", "int", "seed"] {
        live.with(json!({"nebula_shape": shape}), async {
            let images = live.clients(TOKEN).computing.image_operations().list_images().items();
            let images: Vec<_> = images.try_collect().await.unwrap();
            assert_eq!(images.len(), 137, "{shape}");
            assert!(images.iter().all(|image| image.id.is_some()), "{shape}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_get_that_changes_state_is_sent_once() {
    let Some(live) = Live::find() else { return };
    live.with(json!({}), async {
        let instances = live.clients(TOKEN).computing.instances();
        let first: Vec<_> = instances.list_instances().items().try_collect().await.unwrap();
        let id = first[0].id.to_string();
        let fault = json!({"cloud": "nebula", "path": "/reboot", "status": 503, "times": 1});
        live.admin("PUT", "faults", fault).await;
        let error = instances.reboot_instance(&id).await.unwrap_err();
        assert_eq!(error.attempts(), 1);
        instances.reboot_instance(&id).await.unwrap();
        live.admin("DELETE", "faults", Value::Null).await;
    })
    .await;
}
