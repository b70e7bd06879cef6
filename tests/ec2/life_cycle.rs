//! Copies, sharing, waiting, and the end.

use crate::service::{
    action, answer, bodies, client, error, image, images, parameter, region, respond, server,
};
use cloud_images::ErrorKind;
use cloud_images::ec2::ssm::PublicImage;
use cloud_images::ec2::types::{Architecture, NewLaunchPermission};
use std::time::Duration;
use wiremock::{Request, ResponseTemplate};

fn in_state(state: &str, more: &str) -> ResponseTemplate {
    images(&image("ami-1", &format!("<imageState>{state}</imageState>{more}")), "")
}

#[tokio::test]
async fn an_image_is_waited_for_although_it_is_not_listed_at_first() {
    let missing = error(400, "InvalidAMIID.NotFound", "The image id '[ami-1]' does not exist");
    let turns = [missing, images("", ""), in_state("pending", ""), in_state("available", "")];
    let server = server(turns).await;
    let wait = client(&server).images().wait_until_available("ami-1");
    let image = wait.interval(Duration::from_millis(10)).await.unwrap();
    assert_eq!(image.image_id, "ami-1");
    assert_eq!(bodies(&server).await.len(), 4);
}

#[tokio::test]
async fn a_wait_ends_with_the_reason_of_the_failure() {
    let reason = "<stateReason><code>Client.UserInitiatedFailure</code><message>no key</message></stateReason>";
    let server = server([in_state("pending", ""), in_state("failed", reason)]).await;
    let wait = client(&server).images().wait_until_available("ami-1");
    let failed = wait.interval(Duration::from_millis(10)).await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::Failed);
    assert_eq!(failed.message(), "image ami-1: failed: no key");
}

#[tokio::test]
async fn an_image_that_never_comes_is_not_waited_for_without_end() {
    let server = server([images("", "")]).await;
    let wait = client(&server).images().wait_until_available("ami-1");
    let failed =
        wait.interval(Duration::from_millis(10)).backoff(1.0).tolerate(2).await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::NotFound);
    let shown = client(&server).images().show_image("ami-1").await.unwrap_err();
    assert!(shown.is_not_found(), "{shown}");
}

#[tokio::test]
async fn an_image_is_shared_and_unshared_with_somebody_only() {
    let done = answer("ModifyImageAttribute", "<return>true</return>");
    let server = server([done]).await;
    let images = client(&server).images();
    images.share("ami-1", ["222222222222", "333333333333"]).await.unwrap();
    images.unshare("ami-1", [NewLaunchPermission::everybody()]).await.unwrap();
    let error = images.share("ami-1", Vec::<String>::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let sent = bodies(&server).await;
    assert_eq!(
        sent,
        [
            "Action=ModifyImageAttribute&Version=2016-11-15&ImageId=ami-1\
             &LaunchPermission.Add.1.UserId=222222222222&LaunchPermission.Add.2.UserId=333333333333",
            "Action=ModifyImageAttribute&Version=2016-11-15&ImageId=ami-1\
             &LaunchPermission.Remove.1.Group=all",
        ]
    );
}

#[tokio::test]
async fn copies_are_made_in_all_regions_and_waited_for() {
    let server = respond(|request: &Request| match (&*action(request), &*region(request)) {
        ("CopyImage", "us-west-2") => error(400, "ImageLimitExceeded", "too many images"),
        ("CopyImage", other) => {
            answer("CopyImage", &format!("<imageId>ami-{}</imageId>", &other[..2]))
        }
        (_, other) => {
            let item = image(&format!("ami-{}", &other[..2]), "<imageState>available</imageState>");
            images(&item, "")
        }
    })
    .await;
    let copy = client(&server).images().copy_image("eu-west-1", "ami-1", "copy").encrypted(true);
    let outcomes = copy.to_regions(["us-east-1", "us-west-2", "ap-south-1"]).await;
    let ids: Vec<_> = outcomes
        .iter()
        .map(|outcome| match outcome {
            Ok(copy) => (copy.region.as_str(), Ok(copy.item.image_id.as_str())),
            Err(failed) => (failed.region.as_str(), Err(failed.error.kind())),
        })
        .collect();
    assert_eq!(
        ids,
        [
            ("us-east-1", Ok("ami-us")),
            ("us-west-2", Err(ErrorKind::TooLarge)),
            ("ap-south-1", Ok("ami-ap")),
        ]
    );
    for request in server.received_requests().await.unwrap() {
        if action(&request) == "CopyImage" {
            assert_eq!(parameter(&request, "SourceRegion").as_deref(), Some("eu-west-1"));
            assert_eq!(parameter(&request, "Encrypted").as_deref(), Some("true"));
        }
    }
}

#[tokio::test]
async fn snapshots_that_are_left_behind_are_an_error() {
    let result = |code: &str| {
        let item =
            format!("<item><snapshotId>snap-1</snapshotId><returnCode>{code}</returnCode></item>");
        let set = format!("<deleteSnapshotResultSet>{item}</deleteSnapshotResultSet>");
        answer("DeregisterImage", &format!("<return>true</return>{set}"))
    };
    let codes = ["success", "skipped", "missing-permissions"];
    let server = server(codes.map(result)).await;
    let request = client(&server).images().deregister_image("ami-1");
    assert_eq!(request.clone().with_snapshots().await.unwrap().delete_snapshot_results.len(), 1);
    request.clone().with_snapshots().await.unwrap();
    let error = request.with_snapshots().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.message().contains("snap-1 (missing-permissions)"), "{error}");
    assert!(bodies(&server).await[0].contains("&DeleteAssociatedSnapshots=true"));
}

#[tokio::test]
async fn a_public_parameter_leads_to_an_image_and_nothing_else() {
    let value = |value: &str| {
        let body = format!("{{\"Parameter\": {{\"Name\": \"n\", \"Value\": \"{value}\"}}}}");
        ResponseTemplate::new(200).set_body_raw(body, "application/x-amz-json-1.1")
    };
    let server = server([value("ami-0123"), value("not an id"), value("ami-")]).await;
    let parameters = client(&server).ssm().unwrap().parameters();
    let newest = PublicImage::ubuntu("24.04", Architecture::X8664);
    assert_eq!(parameters.image_id(&newest).await.unwrap(), "ami-0123");
    for _ in 0..2 {
        let error = parameters.image_id(&newest).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
    }
    assert!(bodies(&server).await[0].contains(newest.as_str()));
}

#[cfg(feature = "parallelcluster")]
#[tokio::test]
async fn an_image_of_parallelcluster_leads_to_its_ami_in_its_region() {
    use cloud_images::parallelcluster::types::{
        AmiInfo, DescribeImageResponseContent, ImageInfoSummary,
    };
    let server = respond(|request: &Request| {
        images(&image("ami-1", &format!("<name>in {}</name>", region(request))), "")
    })
    .await;
    let ec2 = client(&server);
    let summary = |text: &str| serde_json::from_str::<ImageInfoSummary>(text).unwrap();
    let built =
        summary(r#"{"imageId": "mine", "region": "us-east-1", "ec2AmiInfo": {"amiId": "ami-1"}}"#);
    assert_eq!(built.ami(&ec2).await.unwrap().name.as_deref(), Some("in us-east-1"));
    let building = summary(r#"{"imageId": "mine", "region": "us-east-1"}"#);
    assert!(building.ami(&ec2).await.unwrap_err().is_not_found());
    let other =
        summary(r#"{"imageId": "mine", "region": "us-east-1", "ec2AmiInfo": {"amiId": "ami-2"}}"#);
    assert!(other.ami(&ec2).await.unwrap_err().is_not_found());

    // The description of an image has its region, and an official image is in that of the client.
    let described: DescribeImageResponseContent = serde_json::from_value(serde_json::json!({
        "imageId": "mine", "region": "us-east-1", "version": "3.13.0", "ec2AmiInfo": { "amiId": "ami-1" },
        "imageBuildStatus": "BUILD_COMPLETE", "creationTime": "2026-01-01T00:00:00Z",
        "imageConfiguration": { "url": "https://x/" },
    }))
    .unwrap();
    assert_eq!(described.ami(&ec2).await.unwrap().name.as_deref(), Some("in us-east-1"));
    let official: AmiInfo = serde_json::from_value(serde_json::json!({
        "amiId": "ami-1", "os": "alinux2023", "name": "official", "version": "3.13.0",
        "architecture": "x86_64",
    }))
    .unwrap();
    assert_eq!(official.ami(&ec2).await.unwrap().name.as_deref(), Some("in eu-west-1"));
}
