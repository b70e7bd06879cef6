//! Successful answers.

use super::{answer_to, answering, client, json, requests};
use cloud_images::parallelcluster::types::{
    CloudFormationResourceStatus, ClusterStatus, ComputeFleetStatus, ImageBuildStatus,
};
use futures::TryStreamExt;
use serde_json::{Value, json as object};
use wiremock::matchers::{method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

const STACK: &str = "arn:aws:cloudformation:us-east-1:123456789012:stack/full-cluster/a34a31f8";

fn cluster(changes: Value) -> Value {
    let mut cluster = object!({
        "cloudFormationStackStatus": "CREATE_COMPLETE",
        "cloudformationStackArn": STACK,
        "clusterConfiguration": {"url": "https://bucket.example/cluster-config.yaml"},
        "clusterName": "full-cluster",
        "clusterStatus": "CREATE_COMPLETE",
        "computeFleetStatus": "RUNNING",
        "creationTime": "2026-11-21T08:14:01.000Z",
        "lastUpdatedTime": "2026-11-21T08:14:01.000Z",
        "region": "us-east-1",
        "scheduler": {"type": "slurm"},
        "tags": [],
        "version": "3.16.1"
    });
    cluster.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    cluster
}

#[tokio::test]
async fn a_fleet_update_is_answered_with_200_and_a_body() {
    let body =
        object!({"lastStatusUpdatedTime": "2026-11-21T08:14:37.242Z", "status": "STOP_REQUESTED"});
    let server = answering("PATCH", "/v3/clusters/c1/computefleet", json(200, body)).await;
    let fleet = client(&server).cluster_compute_fleet();
    let answer = fleet.update_compute_fleet("c1", "STOP_REQUESTED").await.unwrap();
    assert_eq!(answer.status, Some(ComputeFleetStatus::StopRequested));
    assert_eq!(answer.last_status_updated_time.unwrap().timestamp_millis(), 1_795_248_877_242);
}

#[tokio::test]
async fn a_fleet_update_may_be_answered_with_204_as_documented() {
    let server =
        answering("PATCH", "/v3/clusters/c1/computefleet", ResponseTemplate::new(204)).await;
    let fleet = client(&server).cluster_compute_fleet();
    let response = fleet.update_compute_fleet("c1", "STOP_REQUESTED").send().await.unwrap();
    assert_eq!(response.status(), 204);
    assert_eq!(response.body().status, None);
}

#[tokio::test]
async fn an_empty_202_may_call_itself_json() {
    let empty = ResponseTemplate::new(202).set_body_raw("", "application/json");
    let server = answering("DELETE", "/v3/clusters/c1/instances", empty).await;
    client(&server).cluster_instances().delete_cluster_instances("c1").await.unwrap();
}

#[tokio::test]
async fn stack_events_have_statuses_that_no_document_lists() {
    let event = |status: &str| {
        object!({
            "eventId": "e", "logicalResourceId": "failed-004", "physicalResourceId": STACK,
            "resourceStatus": status, "resourceType": "AWS::CloudFormation::Stack",
            "stackId": STACK, "stackName": "failed-004", "timestamp": "2026-11-21T08:14:01.000Z"
        })
    };
    let body = object!({"events": [event("ROLLBACK_COMPLETE"), event("SOMETHING_NEW")]});
    let server =
        answering("GET", "/v3/images/custom/failed-004/stackevents", json(200, body)).await;
    let events = client(&server).image_logs().get_image_stack_events("failed-004").await.unwrap();
    assert_eq!(events.events[0].resource_status, CloudFormationResourceStatus::RollbackComplete);
    assert_eq!(events.events[1].resource_status, "SOMETHING_NEW");
}

#[tokio::test]
async fn fields_that_are_not_in_the_document_do_no_harm() {
    let body = object!({"instances": [{
        "instanceId": "i-1", "instanceType": "c5.large", "launchTime": "2026-11-21T08:54:12.000Z",
        "nodeType": "LoginNode", "poolName": "login", "privateIpAddress": "172.31.0.5",
        "state": "running", "spotPrice": {"usd": 1}
    }], "total": 1});
    let server = answering("GET", "/v3/clusters/c1/instances", json(200, body)).await;
    let page = client(&server).cluster_instances().describe_cluster_instances("c1").await.unwrap();
    assert_eq!(page.instances[0].pool_name.as_deref(), Some("login"));
}

/// A list since 3.11, one object from 3.7 to 3.10.
#[tokio::test]
async fn login_nodes_are_a_list_in_every_release() {
    let pool = object!({"status": "active", "address": "login.example.com", "healthyNodes": 1});
    let named = object!({"status": "failed", "poolName": "b", "unhealthyNodes": 2});
    for (sent, statuses) in [
        (pool.clone(), vec!["active"]),
        (object!([pool, named]), vec!["active", "failed"]),
        (object!([]), vec![]),
        (Value::Null, vec![]),
    ] {
        let body = cluster(object!({"loginNodes": sent}));
        let server = answering("GET", "/v3/clusters/c1", json(200, body)).await;
        let cluster = client(&server).cluster_operations().describe_cluster("c1").await.unwrap();
        let found: Vec<_> = cluster.login_nodes.iter().map(|pool| pool.status.as_str()).collect();
        assert_eq!(found, statuses);
    }
}

#[tokio::test]
async fn fields_that_a_server_leaves_out_fail_nothing() {
    let event = object!({"eventId": "e", "logicalResourceId": "l", "resourceStatus": "CREATE_COMPLETE",
        "resourceType": "AWS::S3::Bucket", "stackId": STACK, "stackName": "s",
        "timestamp": "2026-11-21T08:14:01.000Z"});
    let instance = object!({"instanceId": "i-1", "instanceType": "c5.large", "state": "pending",
        "launchTime": "2026-11-21T08:54:12.000Z", "nodeType": "ComputeNode"});
    let time = "2026-11-21T08:14:01.000Z";
    let stream = object!({"logStreamName": "plain", "logStreamArn": "arn", "creationTime": time,
        "firstEventTimestamp": time, "lastEventTimestamp": time, "lastIngestionTime": time});
    let server = MockServer::start().await;
    for (route, body) in [
        ("/v3/clusters/c1/stackevents", object!({"events": [event]})),
        ("/v3/clusters/c1/instances", object!({"instances": [instance]})),
        ("/v3/clusters/c1/logstreams", object!({"logStreams": [stream]})),
    ] {
        answer_to(&server, "GET", route, json(200, body)).await;
    }
    let client = client(&server);
    let events = client.cluster_logs().get_cluster_stack_events("c1").await.unwrap();
    assert_eq!(events.events[0].physical_resource_id, None);
    let instances = client.cluster_instances().describe_cluster_instances("c1").await.unwrap();
    assert_eq!(instances.instances[0].private_ip_address, None);
    let streams = client.cluster_logs().list_cluster_log_streams("c1").await.unwrap();
    assert_eq!(streams.log_streams[0].upload_sequence_token, None);
}

#[tokio::test]
async fn a_cluster_may_have_a_scheduler_without_a_type() {
    let body = cluster(object!({"scheduler": {}}));
    let server = answering("GET", "/v3/clusters/c1", json(200, body)).await;
    let cluster = client(&server).cluster_operations().describe_cluster("c1").await.unwrap();
    assert_eq!(cluster.scheduler.unwrap().type_, None);
}

#[tokio::test]
async fn a_cluster_may_have_a_status_that_the_document_does_not_list() {
    for (status, known) in [
        ("REVIEW_IN_PROGRESS", Some(ClusterStatus::ReviewInProgress)),
        ("IMPORT_COMPLETE", Some(ClusterStatus::ImportComplete)),
        ("HIBERNATED", None),
    ] {
        let body = cluster(object!({"clusterStatus": status}));
        let server = answering("GET", "/v3/clusters/c1", json(200, body)).await;
        let cluster = client(&server).cluster_operations().describe_cluster("c1").await.unwrap();
        assert_eq!(cluster.cluster_status, status);
        assert!(known.is_none_or(|known| known == cluster.cluster_status), "{status}");
    }
}

#[tokio::test]
async fn describe_cluster_writes_its_stack_status_with_another_capital() {
    let body = cluster(object!({"cloudFormationStackStatus": "UPDATE_ROLLBACK_COMPLETE"}));
    let server = answering("GET", "/v3/clusters/c1", json(200, body)).await;
    let cluster = client(&server).cluster_operations().describe_cluster("c1").await.unwrap();
    assert_eq!(cluster.cloud_formation_stack_status, "UPDATE_ROLLBACK_COMPLETE");
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_within_a_200() {
    let body = cluster(object!({
        "computeFleetStatus": "UNKNOWN", "clusterConfiguration": {"url": "NOT_AVAILABLE"}
    }));
    let server = answering("GET", "/v3/clusters/c1", json(200, body)).await;
    let cluster = client(&server).cluster_operations().describe_cluster("c1").await.unwrap();
    assert_eq!(cluster.compute_fleet_status, ComputeFleetStatus::Unknown);
    assert_eq!(cluster.cluster_configuration.url.as_deref(), Some("NOT_AVAILABLE"));
}

#[tokio::test]
async fn an_image_may_have_no_version() {
    let image = object!({
        "ec2AmiInfo": {"amiId": "ami-7ed1b561371395393"}, "imageBuildStatus": "BUILD_COMPLETE",
        "imageId": "quirk-noversion", "region": "us-east-1"
    });
    let server =
        answering("GET", "/v3/images/custom", json(200, object!({"images": [image]}))).await;
    let page = client(&server).image_operations().list_images("AVAILABLE").await.unwrap();
    assert_eq!(page.images[0].version, None);
    assert_eq!(page.images[0].image_build_status, Some(ImageBuildStatus::BuildComplete));
}

#[tokio::test]
async fn a_described_image_may_have_neither_version_nor_build_status() {
    let body = object!({
        "cloudformationStackStatus": "UPDATE_FAILED", "imageConfiguration": {"url": "NOT_AVAILABLE"},
        "imageId": "quirk-img-updatefailed", "region": "us-east-1"
    });
    let server =
        answering("GET", "/v3/images/custom/quirk-img-updatefailed", json(200, body)).await;
    let images = client(&server).image_operations();
    let image = images.describe_image("quirk-img-updatefailed").await.unwrap();
    assert_eq!((image.image_build_status, image.version), (None, None));
}

#[tokio::test]
async fn an_official_image_may_be_listed_twice_and_be_of_an_unknown_system() {
    let image = |os: &str| object!({"amiId": "ami-1", "architecture": "x86_64", "name": "n", "os": os, "version": "3.16.1"});
    let body = object!({"images": [image("alinux2023"), image("alinux2023"), image("linux")]});
    let server = answering("GET", "/v3/images/official", json(200, body)).await;
    let list = client(&server).image_operations().list_official_images().await.unwrap();
    let systems: Vec<_> = list.images.iter().map(|image| image.os.as_str()).collect();
    assert_eq!(systems, ["alinux2023", "alinux2023", "linux"]);
}

#[tokio::test]
async fn instances_of_a_cluster_that_does_not_exist_are_an_empty_list() {
    let body = object!({"instances": []});
    let server = answering("GET", "/v3/clusters/no-such/instances", json(200, body)).await;
    let instances = client(&server).cluster_instances().describe_cluster_instances("no-such");
    assert_eq!(instances.items().try_collect::<Vec<_>>().await.unwrap(), []);
}

#[tokio::test]
async fn an_empty_page_with_a_token_is_not_the_end() {
    const TOKEN: &str = "++++/1s1MCwgImFybjphd3M6=";
    let server = MockServer::start().await;
    let page = |token: Option<&str>, ids: &[&str]| {
        let images = ids.iter().map(|id| object!({"imageId": id, "region": "us-east-1"}));
        let mut body = object!({"images": images.collect::<Vec<_>>()});
        if let Some(token) = token {
            body["nextToken"] = token.into();
        }
        json(200, body)
    };
    let list = || Mock::given(method("GET")).and(path("/v3/images/custom"));
    let (first, last) = (page(Some(TOKEN), &[]), page(None, &["one", "two"]));
    list().and(query_param_is_missing("nextToken")).respond_with(first).mount(&server).await;
    list().and(query_param("nextToken", TOKEN)).respond_with(last).mount(&server).await;
    let images: Vec<_> = client(&server)
        .image_operations()
        .list_images("PENDING")
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(images.len(), 2);
    // A token is opaque: what is special in a query is encoded.
    let last = requests(&server).await.pop().unwrap();
    assert!(last.ends_with("nextToken=%2B%2B%2B%2B%2F1s1MCwgImFybjphd3M6%3D"), "{last}");
}
