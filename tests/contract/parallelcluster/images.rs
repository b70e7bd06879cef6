//! Images from build to deletion.

use super::{IMAGE, LONG, SOON, World};
use cloud_images::ErrorKind;
use cloud_images::parallelcluster::types::{
    BuildImageBadRequestExceptionResponseContent, ImageBuildStatus,
};
use futures::{StreamExt, TryStreamExt};

pub async fn an_image_lives_from_build_to_deletion(world: &dyn World) {
    let images = world.client().image_operations();
    let id = world.name("built");
    let answer = images.build_image(&id, IMAGE).suppress_validator("ALL").await.unwrap();
    assert_eq!(answer.image.image_id, id);

    let wait = images.describe_image(&id).wait_for_build().interval(SOON).deadline(LONG);
    let states: Vec<_> = wait.try_collect().await.unwrap();
    let statuses = states.iter().map(|image| image.image_build_status.clone().unwrap());
    let statuses: Vec<_> = statuses.collect();
    assert_eq!(statuses.first(), Some(&ImageBuildStatus::BuildInProgress), "{statuses:?}");
    assert_eq!(statuses.last(), Some(&ImageBuildStatus::BuildComplete), "{statuses:?}");

    let image = images.describe_image(&id).await.unwrap();
    assert!(image.ec2_ami_info.unwrap().ami_id.starts_with("ami-"));
    assert_eq!(image.region, "us-east-1");
    let taken = images.build_image(&id, IMAGE).await.unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::Conflict);

    let answer = images.delete_image(&id).checked().await.unwrap();
    assert_eq!(answer.image.image_build_status, Some(ImageBuildStatus::DeleteInProgress));
    let gone = images.describe_image(&id).wait_for_deletion().interval(SOON).deadline(LONG);
    assert_eq!(gone.await.unwrap(), None);
    let again = images.delete_image(&id).await.unwrap_err();
    assert!(again.is_not_found(), "{again}");
}

pub async fn a_dry_run_builds_nothing(world: &dyn World) {
    let images = world.client().image_operations();
    let id = world.name("dry");
    let outcome = images.build_image(&id, IMAGE).dry_run().await.unwrap();
    assert_eq!(outcome.message, "Request would have succeeded, but DryRun flag is set.");
    assert!(images.describe_image(&id).await.unwrap_err().is_not_found());
    let taken = images.build_image("img-0001", IMAGE).dry_run().await.unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::Conflict);
}

pub async fn configurations_of_images_are_checked(world: &dyn World) {
    let images = world.client().image_operations();
    let id = world.name("bad");
    for (configuration, validator) in [
        ("Build:\n  InstanceType: c5.xlarge\n", "ImageSchemaValidator"),
        (
            "Build:\n  InstanceType: c5.xlarge\n  ParentImage: ami-zzzzzzzz\n",
            "InstanceTypeBaseAMICompatibleValidator",
        ),
    ] {
        let error = images.build_image(&id, configuration).dry_run().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadRequest);
        let body = error.body::<BuildImageBadRequestExceptionResponseContent>().unwrap();
        let found = &body.configuration_validation_errors[0];
        assert_eq!(found.type_.as_deref(), Some(validator));
        assert_eq!(found.level.as_ref().unwrap().as_str(), "ERROR");
        assert!(found.message.is_some());
    }
    let empty = images.build_image(&id, "").dry_run().await.unwrap_err();
    assert_eq!(empty.kind(), ErrorKind::BadRequest);
    // The document's format `byte` is not base64: that is a text without a mapping.
    let base64 = images.build_image(&id, "QnVpbGQ6Cg==").dry_run().await.unwrap_err();
    assert_eq!((base64.kind(), base64.attempts()), (ErrorKind::Server, 1));
}

pub async fn a_failed_build_is_an_error_with_its_reason(world: &dyn World) {
    let images = world.client().image_operations();
    let wait = images.describe_image("failed-001").wait_for_build();
    let items: Vec<_> = wait.collect().await;
    let [Ok(state), Err(error)] = &items[..] else { panic!("{items:?}") };
    assert_eq!(state.image_build_status, Some(ImageBuildStatus::BuildFailed));
    assert_eq!(error.kind(), ErrorKind::Failed);
    let reason = state.imagebuilder_image_status_reason.as_deref().unwrap();
    assert!(error.message().ends_with(reason), "{error}");
}

pub async fn images_that_do_not_exist_are_not_found(world: &dyn World) {
    let images = world.client().image_operations();
    let message = "No image or stack associated with ParallelCluster image id: no-such.";
    let error = images.describe_image("no-such").await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::NotFound, message));
    assert!(error.request_id().is_some());
    assert!(images.delete_image("no-such").await.unwrap_err().is_not_found());
    assert!(images.delete_image("no-such").checked().await.unwrap_err().is_not_found());
    let error = images.describe_image("x_y").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
}

pub async fn a_running_build_is_not_deleted(world: &dyn World) {
    let images = world.client().image_operations();
    let error = images.delete_image("building-002").checked().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    let image = images.describe_image("building-002").await.unwrap();
    assert_eq!(image.image_build_status, Some(ImageBuildStatus::BuildInProgress));
}

pub async fn a_stack_in_the_place_of_an_image_is_not_deleted(world: &dyn World) {
    let images = world.client().image_operations();
    for name in ["unrelated-001", "full-cluster"] {
        let error = images.delete_image(name).checked().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    }
    let cluster = world.client().cluster_operations().describe_cluster("full-cluster");
    assert!(!cluster.await.unwrap().cluster_status.as_str().starts_with("DELETE"));
}
