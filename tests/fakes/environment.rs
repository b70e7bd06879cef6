//! Clients whose credential is in the environment.

use crate::alone::alone;
use crate::hostile::{Answer, Hostile, Request, http, ok};
use cloud_images::auth::{Keystone, SigV4};
use cloud_images::{ErrorKind, ims};
use std::process::Command;

const NO_IMAGES: &str = r#"{"images": []}"#;

/// The environment of the test without the variables of a real account.
fn only(command: &mut Command, variables: &[(&str, String)]) {
    for (name, _) in std::env::vars() {
        if ["OS_", "AWS_", "HUAWEICLOUD_"].iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command.envs(variables.iter().map(|(name, value)| (name, value)));
}

#[test]
fn a_profile_is_an_error_that_names_its_feature() {
    let test = "environment::a_profile_is_an_error_that_names_its_feature";
    let variables = [("AWS_PROFILE", "gpu".to_owned()), ("AWS_REGION", "eu-west-1".to_owned())];
    if !alone(test, |command| only(command, &variables)) {
        return;
    }
    let error = SigV4::from_env().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.message().contains("aws-config") && error.message().contains("gpu"), "{error}");
}

#[test]
fn certificates_are_verified_unless_the_program_allows_otherwise() {
    let test = "environment::certificates_are_verified_unless_the_program_allows_otherwise";
    let variables = [
        ("OS_AUTH_URL", "https://keystone.example.com/v3"),
        ("OS_USERNAME", "me"),
        ("OS_PASSWORD", "secret-of-the-test"),
        ("OS_PROJECT_NAME", "p"),
        ("OS_INSECURE", "true"),
    ];
    let variables = variables.map(|(name, value)| (name, value.to_owned()));
    if !alone(test, |command| only(command, &variables)) {
        return;
    }
    let error = ims::Client::from_env().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.message().contains("danger_accept_invalid_certs"), "{error}");
    let login = Keystone::from_env().unwrap().danger_accept_invalid_certs(true);
    ims::Client::builder().auth(login).build().unwrap();
}

/// Keystone and Glance in two regions.
async fn openstack() -> Hostile {
    Hostile::start(|_, request| {
        if request.line.starts_with("GET") {
            return ok(NO_IMAGES);
        }
        let url = format!("http://{}", request.header("host").unwrap());
        let address =
            |region| serde_json::json!({ "interface": "public", "region": region, "url": url });
        let body = serde_json::json!({ "token": {
            "issued_at": "2026-01-01T00:00:00Z", "expires_at": "2026-01-01T01:00:00Z",
            "project": { "id": "1bed" },
            "catalog": [{ "type": "image", "endpoints": [address("north"), address("south")] }],
        } });
        let header = "x-subject-token: scoped-token\r\n";
        Answer::Keep(http("201 Created", header, &body.to_string()))
    })
    .await
}

/// Lists the images in another process, with the client of the environment; `SERVER` in a variable is the
/// address of the server. Gives what the server was sent, and nothing in the other process.
async fn sent(server: &Hostile, test: &str, variables: &[(&str, &str)]) -> Option<Vec<Request>> {
    let with_url = |value: &str| value.replace("SERVER", &server.url());
    let variables: Vec<_> =
        variables.iter().map(|(name, value)| (*name, with_url(value))).collect();
    let in_other_process =
        tokio::task::block_in_place(|| alone(test, |command| only(command, &variables)));
    if in_other_process {
        let images = ims::Client::from_env().unwrap().image_operations();
        images.list_images().await.unwrap();
        return None;
    }
    Some(server.requests())
}

fn login(request: &Request) -> serde_json::Value {
    serde_json::from_slice(&request.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn access_keys_are_used_if_they_are_what_is_there() {
    let test = "environment::access_keys_are_used_if_they_are_what_is_there";
    let variables = [
        ("OS_AUTH_URL", "https://iam.eu-de.otc.t-systems.com/v3"),
        ("OS_PROJECT_NAME", "eu-de"),
        ("OS_ACCESS_KEY", "AKOFTHETEST"),
        ("OS_SECRET_KEY", "secret-of-the-test"),
        ("OS_IMAGE_ENDPOINT", "SERVER"),
    ];
    let Some(sent) = sent(&openstack().await, test, &variables).await else { return };
    assert!(sent[0].header("authorization").unwrap().contains("Access=AKOFTHETEST,"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_the_address_of_keystone_is_a_login() {
    let test = "environment::a_token_with_the_address_of_keystone_is_a_login";
    let variables = [
        ("OS_AUTH_URL", "SERVER/v3"),
        ("OS_AUTH_TOKEN", "token-of-the-test"),
        ("OS_PROJECT_ID", "1bed"),
        ("OS_REGION_NAME", "north"),
    ];
    let Some(sent) = sent(&openstack().await, test, &variables).await else { return };
    assert_eq!(login(&sent[0])["auth"]["identity"]["token"]["id"], "token-of-the-test");
    assert_eq!(sent[1].header("x-auth-token"), Some("scoped-token"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_of_clouds_yaml_is_used_in_the_region_of_the_environment() {
    let test = "environment::a_cloud_of_clouds_yaml_is_used_in_the_region_of_the_environment";
    let name = format!("cloud-images-clouds-{}.yaml", std::process::id());
    let file = std::env::temp_dir().join(name);
    let cloud = "clouds: {my-cloud: {auth: {auth_url: 'SERVER', username: me, password: 1e3, \
                 domain_name: D, project_name: p}, regions: [north, south]}}";
    let variables = [
        ("OS_CLIENT_CONFIG_FILE", file.to_str().unwrap()),
        ("OS_CLOUD", "my-cloud"),
        ("OS_REGION_NAME", "south"),
    ];
    let server = openstack().await;
    if std::env::var_os("OS_CLOUD").is_none() {
        std::fs::write(&file, cloud.replace("SERVER", &server.url())).unwrap();
    }
    let Some(sent) = sent(&server, test, &variables).await else { return };
    std::fs::remove_file(&file).unwrap();
    let user = &login(&sent[0])["auth"]["identity"]["password"]["user"];
    assert_eq!((&user["password"], &user["domain"]["name"]), (&"1e3".into(), &"D".into()));
}
