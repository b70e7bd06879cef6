//! What requests say, and to whom.

use crate::service::{answer, bodies, builder, client, error, images, parameter, server};
use cloud_images::auth::{Credentials, SigV4};
use cloud_images::ec2::types::{NewTag, TagSpecification};
use cloud_images::{ErrorKind, ec2};

#[tokio::test]
async fn a_region_sets_host_and_scope_together() {
    let auth = || SigV4::new("us-east-1", Credentials::new("AKIDEXAMPLE", "secret"));
    let builder = || ec2::Client::builder().auth(auth());
    for (client, host) in [
        (builder(), "https://ec2.us-east-1.amazonaws.com"),
        (builder().region("eu-west-1"), "https://ec2.eu-west-1.amazonaws.com"),
        (builder().region("cn-north-1"), "https://ec2.cn-north-1.amazonaws.com.cn"),
        (builder().region("us-gov-west-1").fips(true), "https://ec2.us-gov-west-1.amazonaws.com"),
        (builder().fips(true).dual_stack(true), "https://ec2-fips.us-east-1.api.aws"),
        (builder().region("eusc-de-east-1"), "https://ec2.eusc-de-east-1.amazonaws.eu"),
    ] {
        let client = client.build().unwrap();
        let shown = format!("{client:?}");
        assert!(shown.contains(host), "{shown}");
        let scope = format!("region: \"{}\", service: \"ec2\"", client.region());
        assert!(shown.contains(&scope) && host.contains(client.region()), "{shown}");
        let other = client.in_region("ap-southeast-2").unwrap();
        assert!(format!("{other:?}").contains("ap-southeast-2"), "{other:?}");
        let ssm = format!("{:?}", client.ssm().unwrap());
        let host = host.replace("//ec2", "//ssm");
        assert!(ssm.contains(&host) && ssm.contains("service: \"ssm\""), "{ssm}");
    }
    for region in ["", "eu-west-1.evil.example", "EU_WEST"] {
        let error = builder().region(region).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{region}");
    }
    ec2::Client::builder().region("eu-west-1").build().unwrap_err();
}

#[tokio::test]
async fn a_copy_has_one_token_for_all_its_attempts() {
    let copied = answer("CopyImage", "<imageId>ami-2</imageId>");
    let server = server([error(503, "RequestLimitExceeded", "slow down"), copied]).await;
    let copy = client(&server).images().copy_image("us-east-1", "ami-1", "copy");
    assert_eq!(copy.clone().await.unwrap().image_id, "ami-2");
    copy.clone().await.unwrap();
    copy.client_token("mine").await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let tokens: Vec<_> = requests.iter().map(|r| parameter(r, "ClientToken").unwrap()).collect();
    assert_eq!(tokens.len(), 4);
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[1], tokens[2]);
    assert_eq!(tokens[0].len(), 32);
    assert_eq!(tokens[3], "mine");
}

#[tokio::test]
async fn a_dry_run_that_would_have_worked_is_a_success() {
    let server = server([
        error(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set."),
        error(403, "UnauthorizedOperation", "You are not authorized"),
        answer("DeregisterImage", "<return>true</return>"),
    ])
    .await;
    let request = client(&server).images().deregister_image("ami-1");
    request.clone().dry_run().await.unwrap();
    let kind = |error: cloud_images::Error| error.kind();
    assert_eq!(request.clone().dry_run().await.map_err(kind), Err(ErrorKind::Forbidden));
    // It was carried out.
    assert_eq!(request.dry_run().await.map_err(kind), Err(ErrorKind::UnexpectedStatus));
    assert!(bodies(&server).await.iter().all(|body| body.contains("&DryRun=true")));
}

#[tokio::test]
async fn structures_are_written_with_dots_and_numbers() {
    let made = answer("CreateImage", "<imageId>ami-3</imageId>");
    let server = server([made, answer("CreateTags", "<return>true</return>")]).await;
    let client = client(&server);
    let tags = TagSpecification::new("image", [("team", "hpc"), ("note", "a b")]);
    client
        .images()
        .create_image("i-1", "new")
        .tag_specification(tags)
        .no_reboot(true)
        .await
        .unwrap();
    let tags = vec![NewTag::new("team", "")];
    client.tags().create_tags(vec!["ami-3".to_owned()], tags).await.unwrap();
    let sent = bodies(&server).await;
    for part in [
        "&InstanceId=i-1",
        "&Name=new",
        "&NoReboot=true",
        "&TagSpecification.1.ResourceType=image&TagSpecification.1.Tag.1.Key=team\
         &TagSpecification.1.Tag.1.Value=hpc&TagSpecification.1.Tag.2.Key=note\
         &TagSpecification.1.Tag.2.Value=a%20b",
    ] {
        assert!(sent[0].contains(part), "{}: {part}", sent[0]);
    }
    let expected =
        "Action=CreateTags&Version=2016-11-15&ResourceId.1=ami-3&Tag.1.Key=team&Tag.1.Value=";
    assert_eq!(sent[1], expected);
}

#[tokio::test]
async fn an_answer_without_content_has_to_be_one_all_the_same() {
    let server = server([images("", "")]).await;
    let error = client(&server).tags().create_tags(vec![], vec![]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_list_is_resumed_by_the_same_request_only() {
    use futures::TryStreamExt;
    let one = crate::service::image("ami-1", "");
    let server = server([images(&one, "t"), images(&one, "")]).await;
    let request = builder(&server).build().unwrap().images().describe_images().owner("self");
    let request = request.filter(("name", "a*"));
    let mut stream = request.clone().pages();
    stream.try_next().await.unwrap();
    let cursor = stream.cursor();
    let other = request.clone().filter(("name", "b*")).resume(cursor.clone());
    assert_eq!(other.await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    request.resume(cursor).await.unwrap();
    assert!(bodies(&server).await[1].contains("NextToken=t"));
}
