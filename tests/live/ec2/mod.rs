//! The client against EC2 and SSM of `tests/servers/ec2`.
//!
//! Runs where `CLOUD_IMAGES_LIVE_EC2` names the server; elsewhere each test says that it is skipped.
//! `CLOUD_IMAGES_LIVE_EC2_PYTHON` is the interpreter of its virtual environment, for what boto3 lists. The
//! behaviours of `contract` are run against the server of `testing` too.

mod oracle;
mod server;

use crate::contract::ec2::*;
use crate::control::{KEY, SECRET};
use cloud_images::ErrorKind;
use cloud_images::auth::{Authenticate, Credentials, SigV4};
use cloud_images::ec2::types::ImageState;
use futures::{StreamExt, TryStreamExt};
use serde_json::json;
use server::Live;

macro_rules! live {
    ($($file:ident::$name:ident)*) => {$(
        #[tokio::test]
        async fn $name() {
            let Some(live) = Live::find() else { return };
            live.configured(json!({"pending_seconds": 1}), $file::$name(&live)).await;
        }
    )*};
}
all_behaviours!(live);

#[tokio::test]
async fn a_wrong_secret_is_refused_and_not_shown() {
    let Some(live) = Live::find() else { return };
    live.undisturbed(async {
        let client = live.unbuilt("not-the-secret").build().unwrap();
        let error = client.images().describe_images().owner("self").await.unwrap_err();
        assert_eq!(error.code(), Some("SignatureDoesNotMatch"), "{error}");
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{error}");
        assert!(!format!("{error:?}").contains("not-the-secret"));
        let error = client.ssm().unwrap().parameters().get_parameter("/a").await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidSignatureException"), "{error}");
        assert!(!format!("{error:?}").contains("not-the-secret"));
    })
    .await;
}

#[tokio::test]
async fn kinds_follow_the_code_and_not_the_status() {
    let Some(live) = Live::find() else { return };
    let describe =
        async || live.client().images().describe_images().owner("self").page_size(5).send().await;
    live.faulty(json!({"preset": "throttle", "times": 2}), async {
        assert_eq!(describe().await.unwrap().attempts(), 3);
    })
    .await;
    // SSM throttles with a 400.
    live.faulty(json!({"preset": "ssm_throttle", "times": 2}), async {
        let parameters = live.client().ssm().unwrap().parameters();
        let path = parameters.get_parameters_by_path("/aws/service/debian").recursive(true);
        assert_eq!(path.send().await.unwrap().attempts(), 3);
    })
    .await;
    // A missing permission is not a reason to renew credentials, nor to ask again.
    live.faulty(json!({"preset": "unauthorized", "times": -1}), async {
        let error = describe().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Forbidden, 1));
        assert_eq!(error.code(), Some("UnauthorizedOperation"));
    })
    .await;
    live.faulty(json!({"preset": "html_503", "times": -1}), async {
        let error = describe().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 3));
    })
    .await;
}

#[tokio::test]
async fn hostile_and_broken_answers_are_errors_and_no_empty_lists() {
    let Some(live) = Live::find() else { return };
    let body = |body: &str| json!({"status": 200, "body": body, "content_type": "text/xml"});
    for mut fault in [
        json!({"preset": "bad_xml"}),
        json!({"preset": "empty_200"}),
        json!({"preset": "entity_bomb"}),
        body("<html><body>Welcome to the hotel</body></html>"),
        body("<AnotherResponse><imagesSet/></AnotherResponse>"),
        body("<DescribeImagesResponse><requestId>1</requestId></DescribeImagesResponse>"),
        body(&"<DescribeImagesResponse>".repeat(100_000)),
    ] {
        fault["times"] = (-1).into();
        live.faulty(fault.clone(), async {
            let items = live.client().images().describe_images().owner("self").items();
            let items: Vec<_> = items.take(3).collect().await;
            assert_eq!(items.len(), 1, "{fault}");
            let error = items[0].as_ref().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{fault}: {error}");
            assert!(error.to_string().len() < 1000, "{error}");
        })
        .await;
    }
}

#[tokio::test]
async fn the_end_of_a_list_is_written_in_two_ways() {
    let Some(live) = Live::find() else { return };
    for settings in [
        json!({"last_token": "empty", "page_mode": "sparse"}),
        json!({"last_token": "empty", "page_mode": "dense"}),
        json!({"pretty": false, "chunked": false, "gzip": false}),
    ] {
        live.configured(settings, images::pages_and_the_whole_list_are_the_same(&live)).await;
    }
}

#[tokio::test]
async fn answers_are_compressed_and_regions_are_signed_for() {
    let Some(live) = Live::find() else { return };
    live.undisturbed(async {
        live.forget_requests().await;
        for region in ["us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2"] {
            let client = live.client().in_region(region).unwrap();
            assert_eq!(client.region(), region);
            client.images().describe_images().owner("self").page_size(50).await.unwrap();
            client.ssm().unwrap().parameters().get_parameters_by_path("/golden").await.unwrap();
        }
        let requests = live.requests().await;
        assert_eq!(requests.len(), 8);
        for request in requests {
            let headers = &request["headers"];
            assert!(
                headers["authorization"]
                    .as_str()
                    .unwrap()
                    .contains(request["region"].as_str().unwrap())
            );
            if request["service"] == "ec2" {
                let (sent, plain) = (&request["bytes"], &request["plain_bytes"]);
                assert!(sent.as_u64().unwrap() < plain.as_u64().unwrap() / 4, "{request}");
            }
        }
        let nowhere = live.client().in_region("mars-north-1").unwrap();
        let error = nowhere.images().describe_images().owner("self").await.unwrap_err();
        assert_eq!(error.code(), Some("AuthFailure"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_session_token_is_sent_and_signed() {
    let Some(live) = Live::find() else { return };
    live.configured(json!({"session_token": "to+ken/=="}), async {
        for (token, is_right) in [("to+ken/==", true), ("another", false)] {
            let credentials = Credentials::new(KEY, SECRET).session_token(token);
            let client = live.unbuilt(SECRET).auth(SigV4::new("us-east-1", credentials));
            let images = client.build().unwrap().images();
            let answer = images.describe_images().owner("self").page_size(5).await;
            assert_eq!(answer.is_ok(), is_right, "{token}");
        }
    })
    .await;
}

/// Starts an instance, for which this crate has no operation.
async fn instance(live: &Live, image: &str) -> String {
    let form = format!(
        "Action=RunInstances&Version=2016-11-15&ImageId={image}&InstanceType=t3.micro&MinCount=1&MaxCount=1"
    );
    let mut request = live.http.post(&live.url).body(form);
    request = request.header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    let mut request = request.build().unwrap();
    let signer = SigV4::new("us-east-1", Credentials::new(KEY, SECRET)).service("ec2");
    signer.authenticate(&mut request).await.unwrap();
    let answer = live.http.execute(request).await.unwrap().text().await.unwrap();
    let (_, id) = answer.split_once("<instanceId>").unwrap_or_else(|| panic!("{answer}"));
    id.split_once('<').unwrap().0.to_owned()
}

#[tokio::test]
async fn an_image_is_made_of_an_instance() {
    let Some(live) = Live::find() else { return };
    live.configured(json!({"pending_seconds": 1}), async {
        let images = live.images();
        let instance = instance(&live, &register(&live, &live.name("base")).await).await;
        let request = images.create_image(&*instance, live.name("of-an-instance"));
        let made = request.no_reboot(true).description("from an instance").await.unwrap().image_id;
        let image = show(&live.client(), &made).await;
        assert_eq!(image.state, Some(ImageState::Pending));
        assert_eq!(image.source_instance_id.as_deref(), Some(instance.as_str()));
        let image = images.wait_until_available(made.as_str()).interval(SOON).await.unwrap();
        assert_eq!(image.description.as_deref(), Some("from an instance"));
    })
    .await;
}

#[tokio::test]
async fn a_copy_whose_answer_is_lost_is_made_once() {
    let Some(live) = Live::find() else { return };
    let name = live.name("lost");
    let source = register(&live, &name).await;
    let there = live.client().in_region("eu-west-1").unwrap();
    let fault = json!({"kind": "reset", "phase": "after", "op": "CopyImage", "times": 1});
    live.faulty(fault, async {
        let request = there.images().copy_image("us-east-1", &source, &name);
        let response = request.send().await.unwrap();
        assert_eq!(response.attempts(), 2);
        let found = there.images().describe_images().owner("self").filter(("name", name.as_str()));
        let found: Vec<_> = found.items().try_collect().await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].image_id, response.body().image_id);
    })
    .await;
}

#[tokio::test]
async fn a_registration_whose_answer_is_lost_is_not_sent_again() {
    let Some(live) = Live::find() else { return };
    let name = live.name("lost-registration");
    let snapshot = snapshot(&live).await;
    let fault = json!({"kind": "reset", "phase": "after", "op": "RegisterImage", "times": 1});
    live.faulty(fault, async {
        let request = live.images().register_image(&name).root_device_name("/dev/sda1");
        let request = request.block_device_mapping(device(&snapshot));
        let error = request.clone().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Interrupted, 1));
        // It was done all the same.
        assert_eq!(request.await.unwrap_err().code(), Some("InvalidAMIName.Duplicate"));
    })
    .await;
}
