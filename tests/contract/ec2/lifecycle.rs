//! Images from their making to their end.

use super::{SOON, World, device, register, show, snapshot, state};
use chrono::{TimeDelta, Timelike, Utc};
use cloud_images::ErrorKind;
use cloud_images::ec2::types::{ImageState, SnapshotReturnCode};
use futures::TryStreamExt;

const CANONICAL: &str = "099720109477";

pub async fn an_image_is_registered_and_its_name_is_taken(world: &dyn World) {
    let name = world.name("registered");
    let id = register(world, &name).await;
    let image = show(&world.client(), &id).await;
    assert_eq!(image.name.as_deref(), Some(name.as_str()));
    assert_eq!(image.state, Some(ImageState::Available));
    let disk = image.block_device_mappings[0].ebs.as_ref().unwrap();
    assert!(disk.snapshot_id.as_ref().unwrap().starts_with("snap-"));
    let again = world.images().register_image(&name).architecture("x86_64");
    let again = again.root_device_name("/dev/sda1");
    let error = again.block_device_mapping(device(&snapshot(world).await)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.code(), Some("InvalidAMIName.Duplicate"));
    // The message names the image that has the name.
    assert!(error.message().contains(&id), "{error}");
    let error = world.images().register_image("a").root_device_name("/dev/sda1").await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidAMIName.Malformed"));
}

pub async fn an_image_is_made_of_a_snapshot_that_exists(world: &dyn World) {
    let request = world.images().register_image(world.name("no-snapshot"));
    let request = request.architecture("x86_64").root_device_name("/dev/sda1");
    let error = request.block_device_mapping(device("snap-00000000000000000")).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.code(), Some("InvalidSnapshot.NotFound"));
    let error = world.images().create_image("i-00000000000000000", world.name("no-instance"));
    let error = error.await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidInstanceID.NotFound"));
}

pub async fn a_copy_is_pending_and_then_there(world: &dyn World) {
    let name = world.name("copied");
    let source = register(world, &name).await;
    let there = world.client().in_region("eu-west-1").unwrap();
    let copy = || there.images().copy_image("us-east-1", &source, &name).client_token(&name);
    let id = copy().await.unwrap().image_id;
    let image = show(&there, &id).await;
    assert_eq!(image.state, Some(ImageState::Pending));
    assert_eq!(image.source_image_id.as_deref(), Some(source.as_str()));
    assert_eq!(image.source_image_region.as_deref(), Some("us-east-1"));
    // The same token is the same copy, and of other arguments an error.
    assert_eq!(copy().await.unwrap().image_id, id);
    let other = there.images().copy_image("us-east-1", &source, world.name("other"));
    let error = other.client_token(&name).await.unwrap_err();
    assert_eq!(error.code(), Some("IdempotentParameterMismatch"));
    let wait = there.images().wait_until_available(id.as_str()).interval(SOON);
    assert_eq!(wait.await.unwrap().image_id, id);
    let elsewhere = world.images().copy_image("us-east-1", &source, world.name("elsewhere"));
    let copies = elsewhere.to_regions(["eu-west-1", "mars-north-1"]).await;
    assert_eq!(copies[0].as_ref().unwrap().item.state, Some(ImageState::Available));
    assert_eq!(copies[1].as_ref().unwrap_err().region, "mars-north-1");
    let absent = there.images().copy_image("us-east-1", "ami-00000000000000000", &name);
    assert!(absent.await.unwrap_err().is_not_found());
}

pub async fn a_deregistered_image_comes_back_from_the_recycle_bin(world: &dyn World) {
    let client = world.client();
    let id = register(world, &world.name("binned")).await;
    let gone = client.images().deregister_image(&id).await.unwrap();
    assert_eq!(gone.done, Some(true));
    let shown = client.images().describe_images().image_id(&id).await;
    assert!(shown.is_err_and(|error| error.is_not_found()));
    let binned = client.recycle_bin().list_images_in_recycle_bin().items();
    let binned: Vec<_> = binned.try_collect().await.unwrap();
    let binned = binned.iter().find(|image| image.image_id == id.as_str()).unwrap();
    assert!(binned.recycle_bin_exit_time > binned.recycle_bin_enter_time);
    client.recycle_bin().restore_image_from_recycle_bin(&id).await.unwrap();
    assert_eq!(state(&client, &id).await, "available");
    let again = client.recycle_bin().restore_image_from_recycle_bin(&id).await.unwrap_err();
    assert!(again.is_not_found(), "{again}");
}

pub async fn snapshots_go_with_an_image_unless_they_are_used(world: &dyn World) {
    let client = world.client();
    let id = register(world, &world.name("with-snapshots")).await;
    // Another image has the same snapshot.
    let request = client.images().deregister_image(&id).with_snapshots();
    let gone = request.await.unwrap();
    assert_eq!(gone.delete_snapshot_results.len(), 1);
    let result = &gone.delete_snapshot_results[0];
    assert_eq!(result.return_code, Some(SnapshotReturnCode::Skipped));
    let shared = client.snapshots().describe_snapshots();
    let shared = shared.snapshot_id(result.snapshot_id.as_deref().unwrap()).await.unwrap();
    assert_eq!(shared.snapshots.len(), 1);
    // A copy has a snapshot of its own.
    let source = register(world, &world.name("source-of-a-snapshot")).await;
    let name = world.name("own-snapshot");
    let copy = client.images().copy_image("us-east-1", source, name).await.unwrap().image_id;
    client.images().wait_until_available(copy.as_str()).interval(SOON).await.unwrap();
    let gone = client.images().deregister_image(copy.as_str()).with_snapshots().await.unwrap();
    let result = &gone.delete_snapshot_results[0];
    assert_eq!(result.return_code, Some(SnapshotReturnCode::Success));
    let own = client.snapshots().describe_snapshots();
    let own = own.snapshot_id(result.snapshot_id.as_deref().unwrap()).await.unwrap_err();
    assert!(own.is_not_found(), "{own}");
}

pub async fn a_deprecated_image_has_its_time(world: &dyn World) {
    let client = world.client();
    let images = client.images();
    let id = register(world, &world.name("deprecated")).await;
    let time = Utc::now() + TimeDelta::days(30);
    images.enable_image_deprecation(&id, time).await.unwrap();
    // The service rounds to the minute.
    let deprecated = show(&client, &id).await.deprecation_time.unwrap();
    assert!((deprecated - time).abs() <= TimeDelta::seconds(30), "{deprecated} {time}");
    assert_eq!(deprecated.second(), 0);
    let past = Utc::now() - TimeDelta::days(1);
    let error = images.enable_image_deprecation(&id, past).await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterValue"));
    images.disable_image_deprecation(&id).await.unwrap();
    assert_eq!(show(&client, &id).await.deprecation_time, None);
    // Deprecated images of others are listed on request.
    let count = async |included: bool| {
        let request = images.describe_images().owner(CANONICAL).include_deprecated(included);
        request.items().try_collect::<Vec<_>>().await.unwrap().len()
    };
    assert!(count(true).await > count(false).await);
}

pub async fn a_disabled_image_is_hidden_and_comes_back(world: &dyn World) {
    let client = world.client();
    let images = client.images();
    let id = register(world, &world.name("disabled")).await;
    images.disable_image(&id).await.unwrap();
    assert_eq!(state(&client, &id).await, "disabled");
    let listed = async |included: bool| {
        let request = images.describe_images().owner("self").include_disabled(included);
        let found: Vec<_> = request.items().try_collect().await.unwrap();
        found.iter().any(|image| image.image_id == id.as_str())
    };
    assert!(!listed(false).await && listed(true).await);
    images.enable_image(&id).await.unwrap();
    assert!(listed(false).await);
}

pub async fn a_protected_image_stays(world: &dyn World) {
    let client = world.client();
    let images = client.images();
    let id = register(world, &world.name("protected")).await;
    let state = images.enable_image_deregistration_protection(&id).await.unwrap();
    assert_eq!(state.state.as_deref(), Some("enabled-without-cooldown"));
    let error = images.deregister_image(&id).await.unwrap_err();
    assert_eq!(error.code(), Some("OperationNotPermitted"));
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    let state = images.disable_image_deregistration_protection(&id).await.unwrap();
    assert_eq!(state.state.as_deref(), Some("disabled"));
    images.deregister_image(&id).await.unwrap();
}

pub async fn a_dry_run_changes_nothing(world: &dyn World) {
    let client = world.client();
    let images = client.images();
    let id = register(world, &world.name("dry-run")).await;
    images.deregister_image(&id).dry_run().await.unwrap();
    images.disable_image(&id).dry_run().await.unwrap();
    assert_eq!(state(&client, &id).await, "available");
    // The error of the service itself, whose status is a 412.
    let error = images.deregister_image(&id).dryrun(true).await.unwrap_err();
    assert_eq!(error.code(), Some("DryRunOperation"));
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::DryRun, 1));
    let error = images.deregister_image("ami-00000000000000000").dry_run().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

pub async fn images_of_others_are_not_changed(world: &dyn World) {
    let images = world.images();
    let mut theirs = images.describe_images().owner(CANONICAL).items();
    let theirs = theirs.try_next().await.unwrap().unwrap().image_id.to_string();
    for error in [
        images.deregister_image(&theirs).await.map(drop).unwrap_err(),
        images.disable_image(&theirs).await.map(drop).unwrap_err(),
        images.describe_image_attribute(&theirs, "launchPermission").await.map(drop).unwrap_err(),
        images.disable_image(&theirs).dry_run().await.unwrap_err(),
    ] {
        assert_eq!(error.code(), Some("AuthFailure"), "{error}");
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    }
}
