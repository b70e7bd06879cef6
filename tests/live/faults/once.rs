//! What is made by a call whose answer is lost: it is there, and there once.

use super::glance::Glance;
use super::parallelcluster::{clear, client, fault};
use super::{Subject, address, switch};
use cloud_images::{Error, ErrorKind};
use futures::TryStreamExt;
use reqwest::Method;
use serde_json::{Value, json};

const IMAGE: &str = "Build:\n  InstanceType: c5.xlarge\n  ParentImage: ami-0aaaaaaaaaaaaaaa1\n";

/// What became of a real build.
struct Build {
    outcome: Result<(), Error>,
    /// Those that reached the service.
    requests: usize,
    /// How often AWS began to make its stack, by its own records.
    stacks: usize,
}

impl Build {
    /// Builds an image, while a switch of the server is set to a fault.
    async fn under(url: &str, faults: &str, fault: Value) -> Self {
        clear(url).await;
        switch(Method::DELETE, format!("{url}/__requests"), Value::Null).await;
        switch(Method::PUT, format!("{url}/{faults}"), fault).await;
        let id = format!("once-{}", std::time::UNIX_EPOCH.elapsed().unwrap().as_millis());
        let images = client(url, "").image_operations();
        let outcome = images.build_image(&id, IMAGE).suppress_validator("ALL").await.map(drop);
        clear(url).await;
        let log = switch(Method::GET, format!("{url}/__requests"), Value::Null).await;
        let log = log.as_array().unwrap().iter();
        let requests = log.filter(|entry| entry["operation"] == "build_image").count();
        Self { outcome, requests, stacks: stacks(url, &id).await }
    }
}

/// Asks the AWS behind the service, which looks at no signature but at the region in it.
async fn stacks(url: &str, id: &str) -> usize {
    let health = switch(Method::GET, format!("{url}/__health"), Value::Null).await;
    let aws = health["aws_endpoint"].as_str().unwrap();
    let scope = "testing/20260101/us-east-1/cloudformation/aws4_request";
    let events = reqwest::Client::new()
        .get(format!("{aws}/?Action=DescribeStackEvents&Version=2010-05-15&StackName={id}"))
        .header("Authorization", format!("AWS4-HMAC-SHA256 Credential={scope}, Signature=0"));
    let events = events.send().await.unwrap().text().await.unwrap();
    let begun = events.split("<member>").filter(|event| {
        event.contains("<ResourceStatus>CREATE_IN_PROGRESS<")
            && event.contains(&format!("<LogicalResourceId>{id}<"))
    });
    begun.count()
}

#[tokio::test]
async fn a_build_whose_answer_is_lost_is_begun_once() {
    let Some(url) = address("CLOUD_IMAGES_LIVE_PARALLELCLUSTER") else { return };
    for (name, kind) in [
        ("reset after the work", ErrorKind::Interrupted),
        ("close after the work", ErrorKind::Interrupted),
        ("504 after the work", ErrorKind::Server),
        ("truncated answer", ErrorKind::Interrupted),
    ] {
        let mut fault = fault(name);
        fault["times"] = json!(-1);
        let build = Build::under(&url, "__faults", fault).await;
        let error = build.outcome.unwrap_err();
        assert_eq!((error.kind(), build.requests, build.stacks), (kind, 1, 1), "{name}: {error}");
    }
}

/// AWS refuses the one call by which a build begins: the service says so, and then it is begun.
#[tokio::test]
async fn a_build_that_aws_throttles_is_begun_once() {
    let Some(url) = address("CLOUD_IMAGES_LIVE_PARALLELCLUSTER") else { return };
    let fault = json!({"operation": "cloudformation:CreateStack", "code": "ThrottlingException",
        "message": "Rate exceeded", "times": 1});
    let build = Build::under(&url, "__aws_faults", fault).await;
    assert_eq!((build.requests, build.stacks), (2, 1), "{:?}", build.outcome);
    build.outcome.unwrap();
}

#[tokio::test]
async fn an_image_whose_answer_is_lost_is_made_once() {
    let (Some(proxy), Some(keystone)) =
        (address("CLOUD_IMAGES_LIVE_GLANCE_PROXY"), address("CLOUD_IMAGES_LIVE_KEYSTONE"))
    else {
        return;
    };
    let glance = Glance::start(proxy, &keystone).await;
    let images = glance.client("").image_operations();
    for fault in ["reset after the work", "reset in the answer", "truncated answer"] {
        let name = format!("once-{}", std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos());
        glance.forget_requests().await;
        glance.inject(fault, "creation", true).await;
        let error = images.create_image().name(&name).await.unwrap_err();
        let requests = glance.requests().await;
        glance.clear().await;
        let made: Vec<_> = images.list_images().name(&name).items().try_collect().await.unwrap();
        assert_eq!((error.kind(), requests), (ErrorKind::Interrupted, 1), "{fault}: {error}");
        assert_eq!(made.len(), 1, "{fault}");
    }
}
