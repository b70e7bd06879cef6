//! Logins, renewals, catalogues.

use super::harness::{Plain, Relay, ids, login_at, servers, token_of};
use crate::patient;
use cloud_images::ErrorKind;
use cloud_images::auth::{Domain, Keystone};
use cloud_images::ims::Client;
use futures::future::join_all;
use serde_json::json;
use std::time::Duration;

fn client(auth: Keystone) -> Client {
    patient(Client::builder()).auth(auth).build().unwrap()
}

async fn error_of(auth: Keystone) -> cloud_images::Error {
    client(auth).image_operations().list_images().await.unwrap_err()
}

#[tokio::test]
async fn every_way_to_log_in_sees_the_same_images() {
    let servers = servers!();
    let plain = Plain::login(&servers, "demo").await;
    let expected = plain.ids(&[("tag", "nightly"), ("tag", "seed")], 100).await;
    let (user, project) = (plain.id("user"), plain.id("project"));
    let url = &servers.keystone;

    let credentials = format!("{url}/users/{user}/application_credentials");
    let name = super::harness::unique("app");
    let wanted = json!({ "application_credential": { "name": name, "secret": "s3cret-s3cret" } });
    let mut made = plain.post(&credentials, wanted.clone()).await;
    // While another test's revocation is under way, Keystone may not find the roles of the user.
    for _ in 0..20 {
        if made["error"].is_null() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
        made = plain.post(&credentials, wanted.clone()).await;
    }
    let id = made["application_credential"]["id"].as_str().unwrap_or_else(|| panic!("{made}"));

    let logins = [
        Keystone::password(url)
            .user("demo", "Default")
            .password("password")
            .project("demo", "Default"),
        Keystone::password(url).user_id(&user).password("password").project_id(&project),
        Keystone::password(url.trim_end_matches("/v3"))
            .user("demo", Domain::id("default"))
            .password("password")
            .project("demo", Domain::id("default")),
        Keystone::application_credential(url).id(id).secret("s3cret-s3cret"),
        Keystone::application_credential(url)
            .name(&name)
            .user("demo", "Default")
            .secret("s3cret-s3cret"),
        Keystone::token(url, &plain.token),
        Keystone::token(url, &plain.token).project("demo", "Default"),
    ];
    for login in logins {
        let text = format!("{login:?}");
        // RegionVersioned has an endpoint that ends in /v2.
        for region in ["RegionOne", "RegionVersioned"] {
            let client = client(login.clone().region(region));
            let found =
                ids(client.image_operations().list_images().tag("nightly").tag("seed")).await;
            assert_eq!(found, expected, "{text} {region}");
        }
        assert!(!text.contains("password") && !text.contains("s3cret"), "{text}");
    }
}

#[tokio::test]
async fn twenty_refused_calls_make_one_new_token() {
    let servers = servers!();
    let counter = Relay::before(&servers.keystone).await;
    let login = login_at(&counter.url, "demo").region("RegionOne");
    // Revoked before Glance has seen it, or Glance would go on trusting it for a while.
    let token = token_of(&login).await;
    Plain::login(&servers, "demo").await.revoke(&servers, &token).await;
    let client = client(login);
    let images = client.image_operations();
    let calls = (0..20).map(|_| images.list_images().page_size(1).into_future());
    for outcome in join_all(calls).await {
        assert_eq!(outcome.unwrap().images.len(), 1);
    }
    assert_eq!(counter.logins(), 2, "the first included");
}

#[tokio::test]
async fn a_service_that_refuses_every_token_is_one_error() {
    let servers = servers!();
    let counter = Relay::before(&servers.keystone).await;
    let client = client(login_at(&counter.url, "demo").region("RegionFault"));
    let _faults =
        servers.faults(json!([{ "status": 401, "times": -1, "path": "/v2/images" }])).await;
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!((error.attempts(), counter.logins()), (2, 2));
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_fails_every_call() {
    let servers = servers!();
    let counter = Relay::before(&servers.keystone).await;
    let login =
        Keystone::password(&counter.url).user("demo", "Default").password("not-the-password");
    let client = client(login.project("demo", "Default").region("RegionOne"));
    let images = client.image_operations();
    let calls = (0..20).map(|_| images.list_images().into_future());
    for outcome in join_all(calls).await {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
        assert_eq!(error.status().unwrap(), 401);
        assert!(error.request_id().is_some());
        let text = format!("{error} {error:?}");
        assert!(text.contains("refused the password of user \"demo\""), "{text}");
        assert!(!text.contains("not-the-password"), "{text}");
    }
    assert_eq!(counter.logins(), 1);
}

#[tokio::test]
async fn a_token_may_be_for_the_whole_system() {
    let servers = servers!();
    let admin = Keystone::password(&servers.keystone).user("admin", "Default").password("password");
    let tokens =
        [token_of(&admin.clone().system_scope()).await, token_of(&servers.login("demo")).await];
    let scopes = tokens.map(|token| {
        let url = format!("{}/auth/tokens", servers.keystone);
        async move {
            let request = super::harness::reqwest_client().get(url).header("x-auth-token", &token);
            let answer = request.header("x-subject-token", &token).send().await.unwrap();
            answer.json::<serde_json::Value>().await.unwrap()["token"].clone()
        }
    });
    let [system, project] = scopes;
    assert_eq!(system.await["system"], json!({ "all": true }));
    assert_eq!(project.await["project"]["name"], "demo");
    // A user without a role there learns so.
    let demo = Keystone::password(&servers.keystone).user("demo", "Default").password("password");
    let error = error_of(demo.system_scope().region("RegionOne")).await;
    assert_eq!(error.kind(), ErrorKind::Auth);
}

#[tokio::test]
async fn errors_say_what_was_found() {
    let servers = servers!();
    let several = error_of(login_at(&servers.keystone, "demo")).await;
    assert_eq!(several.kind(), ErrorKind::Configuration);
    assert!(several.message().contains("RegionFault, RegionOne, RegionVersioned"), "{several}");

    let elsewhere = error_of(login_at(&servers.keystone, "demo").region("RegionTwo")).await;
    assert!(elsewhere.message().contains("RegionTwo; it has RegionFault"), "{elsewhere}");

    let unscoped =
        Keystone::password(&servers.keystone).user("noproject", "Default").password("password");
    let unscoped = error_of(unscoped.region("RegionOne")).await;
    assert_eq!(unscoped.kind(), ErrorKind::Auth);
    assert!(unscoped.message().contains("without a project"), "{unscoped}");

    let nobody =
        Keystone::password("http://127.0.0.1:9/v3").user("demo", "Default").password("password");
    assert_eq!(error_of(nobody).await.kind(), ErrorKind::Connect);

    let plain_text = Keystone::password("http://192.0.2.1/v3").user("a", "b").password("c");
    let plain_text = error_of(plain_text).await;
    assert_eq!(plain_text.kind(), ErrorKind::Configuration);
    assert!(plain_text.message().contains("unencrypted"), "{plain_text}");
}
