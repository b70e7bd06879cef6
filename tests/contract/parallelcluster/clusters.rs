//! Clusters from creation to deletion, and their instances.

use super::{LONG, SOON, World};
use cloud_images::ErrorKind;
use cloud_images::parallelcluster::types::{
    ClusterStatus, CreateClusterBadRequestExceptionResponseContent, NodeType,
    UpdateClusterBadRequestExceptionResponseContent,
};
use futures::TryStreamExt;

pub async fn a_cluster_lives_from_creation_to_deletion(world: &dyn World) {
    let clusters = world.client().cluster_operations();
    let name = world.name("cluster");
    let configuration = without_login_nodes(&world.full_configuration().await);

    let create = clusters.create_cluster(&name, &configuration).suppress_validator("ALL");
    create.clone().dry_run().await.unwrap();
    assert!(clusters.describe_cluster(&name).await.unwrap_err().is_not_found());
    let answer = create.clone().await.unwrap();
    assert_eq!(answer.cluster.cluster_status, ClusterStatus::CreateInProgress);
    let wait = clusters.describe_cluster(&name).wait_for_creation();
    let created = wait.interval(SOON).deadline(LONG).await.unwrap();
    assert_eq!(created.cluster_status, ClusterStatus::CreateComplete);
    assert_eq!(created.scheduler.unwrap().type_.unwrap(), "slurm");
    // 409 in the document, 400 on the server.
    let taken = create.await.unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::BadRequest);
    assert!(taken.message().contains("already exists"), "{taken}");

    world.client().cluster_instances().delete_cluster_instances(&name).await.unwrap();
    let answer = clusters.delete_cluster(&name).checked().await.unwrap();
    assert_eq!(answer.cluster.cluster_status, ClusterStatus::DeleteInProgress);
    let wait = clusters.describe_cluster(&name).wait_for_deletion();
    assert_eq!(wait.interval(SOON).deadline(LONG).await.unwrap(), None);
    assert!(clusters.delete_cluster(&name).await.unwrap_err().is_not_found());
}

pub async fn a_cluster_is_updated(world: &dyn World) {
    let clusters = world.client().cluster_operations();
    let configuration = world.full_configuration().await;
    let (before, rest) = configuration.split_once("MaxCount: ").unwrap();
    let (count, rest) = rest.split_once('\n').unwrap();
    let more = count.parse::<u32>().unwrap() + 10;
    let larger = format!("{before}MaxCount: {more}\n{rest}");

    let update = clusters.update_cluster("full-cluster", larger).suppress_validator("ALL");
    let outcome = update.clone().dry_run().await.unwrap();
    assert_eq!(outcome.change_set[0].current_value.as_deref(), Some(count));
    assert_eq!(outcome.change_set[0].requested_value, Some(more.to_string()));
    let answer = update.clone().await.unwrap();
    assert!(answer.change_set[0].parameter.as_deref().unwrap().ends_with("MaxCount"));
    let busy = update.await.unwrap_err();
    assert_eq!(busy.kind(), ErrorKind::Conflict);
    let wait = clusters.describe_cluster("full-cluster").wait_for_update();
    let updated = wait.interval(SOON).deadline(LONG).await.unwrap();
    assert_eq!(updated.cluster_status, ClusterStatus::UpdateComplete);

    let other = configuration.replace("alinux2023", "rhel9");
    let refused = clusters.update_cluster("full-cluster", other).suppress_validator("ALL");
    let error = refused.dry_run().await.unwrap_err();
    let body = error.body::<UpdateClusterBadRequestExceptionResponseContent>().unwrap();
    let system = body
        .update_validation_errors
        .iter()
        .find(|error| error.parameter.as_deref() == Some("Image.Os"));
    assert_eq!(system.unwrap().current_value.as_deref(), Some("alinux2023"));
    assert!(!body.change_set.is_empty());
}

pub async fn clusters_that_do_not_exist_are_not_found(world: &dyn World) {
    let client = world.client();
    let clusters = client.cluster_operations();
    for error in [
        clusters.describe_cluster("no-such").await.unwrap_err(),
        clusters.delete_cluster("no-such").await.unwrap_err(),
        clusters.delete_cluster("no-such").checked().await.unwrap_err(),
        clusters.update_cluster("no-such", "Region: us-east-1").await.unwrap_err(),
        client.cluster_compute_fleet().describe_compute_fleet("no-such").await.unwrap_err(),
        client.cluster_instances().delete_cluster_instances("no-such").await.unwrap_err(),
    ] {
        assert!(error.is_not_found(), "{error}");
    }
    let page = client.cluster_instances().describe_cluster_instances("no-such").await.unwrap();
    assert!(page.instances.is_empty());
    let error = clusters.describe_cluster("1abc").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    let error = clusters.describe_cluster("unrelated-001").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
}

pub async fn configurations_of_clusters_are_checked(world: &dyn World) {
    let clusters = world.client().cluster_operations();
    let name = world.name("bad-cluster");
    let broken = "Region: us-east-1\nImage:\n  Os: alinux2023\n";
    let error = clusters.create_cluster(&name, broken).dry_run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    let body = error.body::<CreateClusterBadRequestExceptionResponseContent>().unwrap();
    assert!(body.configuration_validation_errors[0].message.is_some());
    let error = clusters.create_cluster(&name, "").dry_run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
}

pub async fn an_image_in_the_place_of_a_cluster_is_not_deleted(world: &dyn World) {
    let client = world.client();
    let clusters = client.cluster_operations();
    let cluster = clusters.describe_cluster("building-001").await.unwrap();
    assert_eq!(cluster.scheduler.unwrap().type_, None);
    let error = clusters.delete_cluster("building-001").checked().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let image = client.image_operations().describe_image("building-001").await.unwrap();
    assert_eq!(image.image_build_status.unwrap(), "BUILD_IN_PROGRESS");
}

pub async fn instances_come_in_pages_and_by_kind(world: &dyn World) {
    let instances = world.client().cluster_instances();
    let all = || instances.describe_cluster_instances("full-cluster");
    let pages: Vec<_> = all().pages().try_collect().await.unwrap();
    assert!(pages.len() > 1);
    let count: usize = pages.iter().map(|page| page.instances.len()).sum();
    assert_eq!(count, 122);
    let login: Vec<_> = all().node_type(NodeType::LoginNode).items().try_collect().await.unwrap();
    assert_eq!(login.len(), 1);
    assert_eq!(login[0].pool_name.as_deref(), Some("login"));
    let queue: Vec<_> = all().queue_name("q1").items().try_collect().await.unwrap();
    assert_eq!(queue.len(), 120);
    assert!(queue.iter().all(|node| node.node_type == NodeType::ComputeNode));
    let error = all().node_type("Foo").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
}

/// What a new cluster can have of the configuration of `full-cluster`.
fn without_login_nodes(configuration: &str) -> String {
    let start = configuration.find("LoginNodes:").unwrap();
    let end = configuration.find("\nScheduling:").unwrap() + 1;
    format!("{}{}", &configuration[..start], &configuration[end..])
}
