//! Lists of images and clusters.

use super::World;
use cloud_images::ErrorKind;
use cloud_images::parallelcluster::types::{ClusterStatus, ImageBuildStatus};
use futures::{StreamExt, TryStreamExt};
use std::collections::BTreeSet;

pub async fn lists_are_read_to_their_end_through_empty_pages(world: &dyn World) {
    let client = world.client();
    let images = client.image_operations();
    for (status, prefix, build) in [
        ("PENDING", "building-", ImageBuildStatus::BuildInProgress),
        ("FAILED", "failed-", ImageBuildStatus::BuildFailed),
    ] {
        let pages: Vec<_> = images.list_images(status).pages().try_collect().await.unwrap();
        assert!(pages.first().unwrap().images.is_empty(), "{status}");
        let listed: Vec<_> = pages.into_iter().flat_map(|page| page.images).collect();
        let seeded = listed.iter().filter(|image| image.image_id.starts_with(prefix));
        let seeded: BTreeSet<_> = seeded.map(|image| image.image_id.as_str()).collect();
        assert!(seeded.len() >= 40, "{status}: {}", seeded.len());
        let first = listed.iter().find(|image| image.image_id == format!("{prefix}001")).unwrap();
        assert_eq!(first.image_build_status.as_ref(), Some(&build));
    }
    let available: Vec<_> = images.list_images("AVAILABLE").items().try_collect().await.unwrap();
    assert!(available.iter().filter(|image| image.image_id.starts_with("img-")).count() >= 240);
    let clusters: Vec<_> =
        client.cluster_operations().list_clusters().items().try_collect().await.unwrap();
    assert!(clusters.iter().any(|cluster| cluster.cluster_name == "full-cluster"));
    assert!(!clusters.iter().any(|cluster| cluster.cluster_name == "unrelated-001"));
    let error = images.list_images("FOO").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
}

pub async fn clusters_are_listed_by_status(world: &dyn World) {
    let list = world.client().cluster_operations().list_clusters();
    let list = list.cluster_status("CREATE_COMPLETE").cluster_status("DELETE_FAILED");
    let clusters: Vec<_> = list.items().try_collect().await.unwrap();
    let statuses: BTreeSet<_> =
        clusters.iter().map(|cluster| cluster.cluster_status.clone()).collect();
    let wanted = [ClusterStatus::CreateComplete, ClusterStatus::DeleteFailed];
    assert_eq!(statuses, BTreeSet::from(wanted));
    let all = world.client().cluster_operations().list_clusters();
    let error = all.cluster_status("DELETE_COMPLETE").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
}

pub async fn official_images_are_filtered(world: &dyn World) {
    let images = world.client().image_operations();
    let all = images.list_official_images().await.unwrap().images;
    assert!(all.len() > 1);
    let some = images.list_official_images().os("rhel9").architecture("arm64").await.unwrap();
    assert!(!some.images.is_empty());
    assert!(some.images.iter().all(|image| image.os == "rhel9" && image.architecture == "arm64"));
    let old_name = images.describe_official_images().await.unwrap().images;
    assert_eq!(old_name, all);
    let error = images.list_official_images().os("foo").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
}

pub async fn a_list_is_resumed_where_it_was_left(world: &dyn World) {
    let list = world.client().image_operations().list_images("FAILED");
    let all: Vec<_> = list.clone().items().try_collect().await.unwrap();
    let mut stream = list.clone().items();
    for expected in &all[..7] {
        assert_eq!(stream.try_next().await.unwrap().as_ref(), Some(expected));
    }
    let rest: Vec<_> = list.resume(stream.cursor()).items().try_collect().await.unwrap();
    assert_eq!(rest, all[7..]);
}

pub async fn a_token_that_nobody_gave_is_refused(world: &dyn World) {
    let client = world.client();
    let images = client.image_operations().list_images("PENDING").next_token("garbage");
    let clusters = client.cluster_operations().list_clusters().next_token("garbage");
    for error in [images.await.unwrap_err(), clusters.await.unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::InvalidPageToken);
        assert!(!error.is_retryable());
        assert_eq!(error.message(), "The provided NextToken is not valid");
    }
    // The list of available images has no tokens and looks at none.
    client.image_operations().list_images("AVAILABLE").next_token("garbage").await.unwrap();
}

pub async fn a_region_that_does_not_exist_does_not_lose_the_others(world: &dyn World) {
    let images = world.client().image_operations();
    let regions = ["mars-1", "us-east-1", "eu-west-1"];
    let outcomes: Vec<_> =
        images.list_images("AVAILABLE").in_regions(regions).concurrency(2).collect().await;
    let failed: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].region, "mars-1");
    assert_eq!(failed[0].error.kind(), ErrorKind::BadRequest);
    let found = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok());
    assert!(found.clone().count() >= 240);
    assert!(found.clone().all(|found| found.item.region == found.region.as_str()));
}
