//! Waiting, and several regions at once.

use super::{answer_to, client, json, requests};
use cloud_images::ErrorKind;
use futures::{StreamExt, TryStreamExt};
use serde_json::{Value, json as object};
use std::time::Duration;
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const SOON: Duration = Duration::from_millis(10);

/// Gives the answers one after the other, the last one for good.
async fn in_turn(server: &MockServer, route: &str, answers: Vec<ResponseTemplate>) {
    let last = answers.len() - 1;
    for (index, answer) in answers.into_iter().enumerate() {
        let mock = Mock::given(method("GET")).and(path(route)).respond_with(answer);
        let mock = mock.with_priority(index as u8 + 1);
        if index == last {
            mock.mount(server).await;
        } else {
            mock.up_to_n_times(1).mount(server).await;
        }
    }
}

fn image(status: &str, changes: Value) -> ResponseTemplate {
    let mut image = object!({
        "imageBuildStatus": status, "imageConfiguration": {"url": "u"}, "imageId": "i1",
        "region": "us-east-1"
    });
    image.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    json(200, image)
}

fn cluster(status: &str, changes: Value) -> ResponseTemplate {
    let mut cluster = object!({
        "cloudFormationStackStatus": status, "cloudformationStackArn": "arn:stack",
        "clusterConfiguration": {}, "clusterName": "c1", "clusterStatus": status,
        "computeFleetStatus": "UNKNOWN", "creationTime": "2026-11-21T08:14:01.000Z",
        "lastUpdatedTime": "2026-11-21T08:14:01.000Z", "region": "us-east-1",
        "scheduler": {"type": "slurm"}, "tags": [], "version": "3.16.1"
    });
    cluster.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    json(200, cluster)
}

fn event(logical: &str, physical: &str, status: &str, reason: &str) -> Value {
    object!({
        "eventId": "e", "logicalResourceId": logical, "physicalResourceId": physical,
        "resourceStatus": status, "resourceStatusReason": reason,
        "resourceType": "T", "stackId": "arn:stack", "stackName": "c1",
        "timestamp": "2026-11-21T08:14:01.000Z"
    })
}

#[tokio::test]
async fn a_build_is_waited_for_through_passing_failures() {
    let server = MockServer::start().await;
    let fault = || json(500, object!({"message": "Rate exceeded"}));
    in_turn(
        &server,
        "/v3/images/custom/i1",
        vec![
            image("BUILD_IN_PROGRESS", object!({"imagebuilderImageStatus": "BUILDING"})),
            fault(),
            fault(),
            fault(), // one look with its three attempts
            json(404, object!({"message": "gone for a moment"})),
            image("BUILD_IN_PROGRESS", object!({"imagebuilderImageStatus": "BUILDING"})),
            image("BUILD_IN_PROGRESS", object!({"imagebuilderImageStatus": "TESTING"})),
            image("BUILD_COMPLETE", object!({"ec2AmiInfo": {"amiId": "ami-1"}})),
        ],
    )
    .await;
    let images = client(&server).image_operations();
    let states: Vec<_> =
        images.describe_image("i1").wait_for_build().interval(SOON).try_collect().await.unwrap();
    let seen: Vec<_> = states
        .iter()
        .map(|state| state.imagebuilder_image_status.as_ref().map(|status| status.as_str()))
        .collect();
    assert_eq!(seen, [Some("BUILDING"), Some("TESTING"), None]);
    let image = images.describe_image("i1").wait_for_build().await.unwrap();
    assert_eq!(image.ec2_ami_info.unwrap().ami_id, "ami-1");
}

#[tokio::test]
async fn a_failed_build_is_an_error_with_the_reason_of_the_service() {
    let server = MockServer::start().await;
    let failed =
        image("BUILD_FAILED", object!({"imagebuilderImageStatusReason": "component step failed"}));
    in_turn(&server, "/v3/images/custom/i1", vec![failed]).await;
    let wait = client(&server).image_operations().describe_image("i1").wait_for_build();
    let items: Vec<_> = wait.collect().await;
    let [Ok(state), Err(error)] = &items[..] else { panic!("{items:?}") };
    assert_eq!(state.image_build_status.as_ref().unwrap().as_str(), "BUILD_FAILED");
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert_eq!(error.to_string(), "image i1: BUILD_FAILED: component step failed");
}

#[tokio::test]
async fn a_failed_cluster_is_an_error_with_its_failures_or_the_events_of_its_stack() {
    let server = MockServer::start().await;
    let failures = object!({"failures": [{
        "failureCode": "HeadNodeBootstrapFailure", "failureReason": "Failed to set up the head node."
    }]});
    let answers = vec![
        cluster("CREATE_IN_PROGRESS", object!({})),
        cluster("CREATE_FAILED", failures),
        cluster("CREATE_FAILED", object!({})),
    ];
    in_turn(&server, "/v3/clusters/c1", answers).await;
    // Newest first. What lies before the stack's own start belongs to another change.
    let events = object!({"events": [
        event("c1", "arn:stack", "ROLLBACK_COMPLETE", ""),
        event("Fleet", "Fleet", "CREATE_FAILED", "Resource creation cancelled"),
        event("HeadNode", "HeadNode", "CREATE_FAILED", "no capacity"),
        event("c1", "arn:stack", "CREATE_IN_PROGRESS", "User Initiated"),
        event("Old", "Old", "CREATE_FAILED", "long ago"),
    ]});
    answer_to(&server, "GET", "/v3/clusters/c1/stackevents", json(200, events)).await;
    let describe = client(&server).cluster_operations().describe_cluster("c1");
    let error = describe.clone().wait_for_creation().interval(SOON).await.unwrap_err();
    let listed = "HeadNodeBootstrapFailure: Failed to set up the head node.";
    assert_eq!(error.to_string(), format!("cluster c1: CREATE_FAILED: {listed}"));
    let error = describe.wait_for_creation().await.unwrap_err();
    assert_eq!(error.to_string(), "cluster c1: CREATE_FAILED: HeadNode: no capacity");
}

#[tokio::test]
async fn a_server_before_3_10_gives_the_reason_of_a_failed_cluster_as_one_text() {
    let server = MockServer::start().await;
    let failed = cluster("CREATE_FAILED", object!({"failureReason": "no capacity"}));
    in_turn(&server, "/v3/clusters/c1", vec![failed]).await;
    let describe = client(&server).cluster_operations().describe_cluster("c1");
    let error = describe.wait_for_creation().await.unwrap_err();
    assert_eq!(error.to_string(), "cluster c1: CREATE_FAILED: no capacity");
}

#[tokio::test]
async fn what_is_gone_at_once_has_been_deleted() {
    let server = MockServer::start().await;
    let gone = json(404, object!({"message": "No image or stack"}));
    in_turn(&server, "/v3/images/custom/i1", vec![gone]).await;
    let images = client(&server).image_operations();
    assert_eq!(images.describe_image("i1").wait_for_deletion().await.unwrap(), None);
    // The same is an error to a wait for a build of that name.
    let error = images.describe_image("i1").wait_for_build().await.unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test]
async fn a_cluster_goes_through_its_life() {
    let server = MockServer::start().await;
    let states = |names: &[&str]| names.iter().map(|name| cluster(name, object!({}))).collect();
    let mut answers: Vec<_> =
        states(&["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "DELETE_IN_PROGRESS"]);
    answers.push(json(404, object!({"message": "Cluster 'c1' does not exist"})));
    in_turn(&server, "/v3/clusters/c1", answers).await;
    let describe = client(&server).cluster_operations().describe_cluster("c1");
    let updated = describe.clone().wait_for_update().interval(SOON).await.unwrap();
    assert_eq!(updated.cluster_status, "UPDATE_COMPLETE");
    let states: Vec<_> = describe.wait_for_deletion().interval(SOON).try_collect().await.unwrap();
    assert!(matches!(&states[..], [Some(_), None]), "{states:?}");
}

#[tokio::test]
async fn a_fleet_is_waited_for_and_one_that_protects_itself_has_failed() {
    let server = MockServer::start().await;
    let fleet = |status: &str| json(200, object!({"status": status}));
    let answers =
        ["START_REQUESTED", "UNKNOWN", "STARTING", "RUNNING", "STOPPING", "STOPPED", "PROTECTED"];
    let answers = answers.map(fleet).to_vec();
    in_turn(&server, "/v3/clusters/c1/computefleet", answers).await;
    let describe = client(&server).cluster_compute_fleet().describe_compute_fleet("c1");
    let running = describe.clone().wait_for_start().interval(SOON).backoff(1.0).await.unwrap();
    assert_eq!(running.status, "RUNNING");
    let stopped = describe.clone().wait_for_stop().interval(SOON).await.unwrap();
    assert_eq!(stopped.status, "STOPPED");
    let error = describe.wait_for_start().interval(SOON).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.message().contains("PROTECTED"), "{error}");
}

#[tokio::test]
async fn a_wait_ends_at_its_deadline_and_tells_the_last_state() {
    let server = MockServer::start().await;
    in_turn(&server, "/v3/clusters/c1", vec![cluster("CREATE_IN_PROGRESS", object!({}))]).await;
    let wait = client(&server).cluster_operations().describe_cluster("c1").wait_for_creation();
    let error = wait.interval(SOON).deadline(Duration::from_secs(2)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.message().contains("last seen: CREATE_IN_PROGRESS"), "{error}");
}

#[tokio::test]
async fn a_failure_that_was_seen_is_an_error_although_its_reason_does_not_come() {
    let server = MockServer::start().await;
    in_turn(&server, "/v3/clusters/c1", vec![cluster("CREATE_FAILED", object!({}))]).await;
    let never = json(200, object!({"events": []})).set_delay(Duration::from_secs(3600));
    answer_to(&server, "GET", "/v3/clusters/c1/stackevents", never).await;
    let wait = client(&server).cluster_operations().describe_cluster("c1").wait_for_creation();
    let items: Vec<_> = wait.deadline(Duration::from_millis(500)).collect().await;
    let [Ok(state), Err(error)] = &items[..] else { panic!("{items:?}") };
    assert_eq!(state.cluster_status, "CREATE_FAILED");
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert_eq!(error.message(), "cluster c1: CREATE_FAILED: the service gives no reason");
}

#[tokio::test]
async fn a_wait_that_is_refused_or_fails_too_often_ends() {
    for (status, looks) in [(403, 1), (500, 3)] {
        let server = MockServer::start().await;
        let fault = json(status, object!({"message": "no"}));
        in_turn(&server, "/v3/clusters/c1", vec![fault]).await;
        let describe = client(&server).cluster_operations().describe_cluster("c1");
        let describe = describe.retry(cloud_images::RetryPolicy::none());
        let wait = describe.wait_for_creation().interval(SOON).tolerate(2);
        let items: Vec<_> = wait.collect().await;
        assert_eq!(items.len(), 1);
        assert_eq!(requests(&server).await.len(), looks, "{status}");
    }
}

#[tokio::test]
async fn one_region_that_fails_does_not_lose_the_others() {
    let server = MockServer::start().await;
    for region in ["us-east-1", "eu-west-1", "eu-west-3"] {
        let images = object!({"images": [{"imageId": format!("{region}-a"), "region": region}]});
        Mock::given(query_param("region", region))
            .respond_with(json(200, images))
            .mount(&server)
            .await;
    }
    let message = "Bad Request: invalid or unsupported region 'mars-1'";
    Mock::given(query_param("region", "mars-1"))
        .respond_with(json(400, object!({"message": message})))
        .mount(&server)
        .await;
    let regions = ["us-east-1", "mars-1", "eu-west-1", "eu-west-3"];
    let list = client(&server).image_operations().list_images("AVAILABLE").in_regions(regions);
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for outcome in list.concurrency(2).collect::<Vec<_>>().await {
        match outcome {
            Ok(found_one) => {
                assert_eq!(found_one.item.image_id, format!("{}-a", found_one.region));
                found.push(found_one.region);
            }
            Err(error) => failed.push(error),
        }
    }
    found.sort();
    assert_eq!(found, ["eu-west-1", "eu-west-3", "us-east-1"]);
    assert_eq!(failed.len(), 1);
    assert_eq!((failed[0].region.as_str(), failed[0].error.message()), ("mars-1", message));
}
