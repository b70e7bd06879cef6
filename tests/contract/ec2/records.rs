//! Tags, snapshots, regions and instance types.

use super::{World, register};
use cloud_images::ErrorKind;
use cloud_images::ec2::types::{Filter, NewTag};
use futures::TryStreamExt;

pub async fn tags_are_set_found_and_deleted(world: &dyn World) {
    let client = world.client();
    let tags = client.tags();
    let id = register(world, &world.name("tagged")).await;
    let values =
        [NewTag::new("team", "hpc & co"), NewTag::new("empty", ""), NewTag::new("old", "1")];
    tags.create_tags([id.clone()], values).await.unwrap();
    tags.create_tags([id.clone()], [NewTag::new("old", "2")]).await.unwrap();
    let found = async || {
        let request = tags.describe_tags().filter(("resource-id", id.as_str()));
        let found: Vec<_> = request.page_size(5).items().try_collect().await.unwrap();
        let pair = |tag: cloud_images::ec2::types::ResourceTag| {
            (tag.key.to_string(), tag.value.unwrap_or_default().to_string())
        };
        let mut found: Vec<_> = found.into_iter().map(pair).collect();
        found.sort();
        found
    };
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let all = [pair("empty", ""), pair("old", "2"), pair("team", "hpc & co")];
    assert_eq!(found().await, all);
    tags.delete_tags([id.clone()]).tag(NewTag::new("old", "2")).await.unwrap();
    tags.delete_tags([id.clone()]).tag(NewTag::new("team", "another")).await.unwrap();
    assert_eq!(found().await, [pair("empty", ""), pair("team", "hpc & co")]);
    let absent = ["ami-00000000000000000".to_owned()];
    let error = tags.create_tags(absent, [NewTag::new("a", "b")]).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

pub async fn snapshots_are_listed(world: &dyn World) {
    let snapshots = world.client().snapshots();
    let found = snapshots.describe_snapshots().owner("self").page_size(5).items();
    let found: Vec<_> = found.try_collect().await.unwrap();
    assert!(found.len() >= 3 && found.iter().all(|snapshot| snapshot.start_time.is_some()));
    let one = snapshots.describe_snapshots().snapshot_id(found[0].snapshot_id.as_str());
    assert_eq!(one.await.unwrap().snapshots[0].snapshot_id, found[0].snapshot_id);
    let absent = snapshots.describe_snapshots().snapshot_id("snap-00000000000000000").await;
    assert_eq!(absent.unwrap_err().code(), Some("InvalidSnapshot.NotFound"));
}

pub async fn regions_and_instance_types_are_listed(world: &dyn World) {
    let client = world.client();
    let regions = client.regions().describe_regions().items();
    let regions: Vec<_> = regions.try_collect().await.unwrap();
    let ireland = regions.iter().find(|region| region.region_name == "eu-west-1").unwrap();
    assert!(ireland.endpoint.as_ref().unwrap().contains("eu-west-1"));
    let one = client.regions().describe_regions().filter(("region-name", "eu-w*-1"));
    assert!(one.await.unwrap().regions.iter().any(|region| region.region_name == "eu-west-1"));
    let error = client.regions().describe_regions().filter(("colour", "blue")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);

    let types = client.instance_types();
    let gpu = types.describe_instance_types().instance_type("p5.48xlarge").await.unwrap();
    let gpu = gpu.instance_types[0].gpu_info.as_ref().unwrap();
    assert_eq!(gpu.gpus[0].name.as_deref(), Some("H100"));
    let arm = types.describe_instance_types().instance_type("m7g.medium").await.unwrap();
    let processor = arm.instance_types[0].processor_info.as_ref().unwrap();
    assert!(processor.supported_architectures.iter().any(|one| one.as_str() == "arm64"));
    let mini = Filter::new("instance-type", ["t?.micro", "m7i.large"]);
    let found = types.describe_instance_types().filter(mini).page_size(100).items();
    let found: Vec<_> = found.try_collect().await.unwrap();
    assert!(found.iter().any(|one| one.instance_type == "t3.micro"), "{}", found.len());
    let absent = types.describe_instance_types().instance_type("q1.small").await.unwrap_err();
    assert_eq!(absent.code(), Some("InvalidInstanceType"));
}

pub async fn public_access_can_be_looked_at(world: &dyn World) {
    let images = world.images();
    let state = images.get_image_block_public_access_state().await.unwrap();
    assert_eq!(state.image_block_public_access_state.as_deref(), Some("unblocked"));
    let request = images.get_image_block_public_access_state().dryrun(true);
    assert_eq!(request.await.unwrap_err().kind(), ErrorKind::DryRun);
}
