//! The clouds that are documents: their variables, their limits, and the uploads of Linode.

use crate::alone::alone;
use crate::hostile::{Answer, Hostile, http, ok, status};
use cloud_images::auth::Bearer;
use cloud_images::{Body, ErrorKind, RetryPolicy, computing, lambda, linode};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The environment of the test without the variables of a real account.
fn only(command: &mut Command, variables: &[(&str, &str)]) {
    for (name, _) in std::env::vars() {
        let clouds = ["DIGITALOCEAN_", "HCLOUD_", "HYPERSTACK_", "LAMBDA_", "LINODE_", "VULTR_"];
        if clouds.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command.envs(variables.iter().copied());
}

/// A test of `from_env()` in a process with some variables.
macro_rules! environment {
    ($($name:ident $cloud:ident [$($variable:literal = $value:literal),*] $check:expr;)*) => {$(
        #[test]
        fn $name() {
            let test = concat!("clouds::", stringify!($name));
            if alone(test, |command| only(command, &[$(($variable, $value)),*])) {
                let check: fn(cloud_images::Result<cloud_images::$cloud::Client>) = $check;
                check(cloud_images::$cloud::Client::from_env());
            }
        }
    )*};
}

fn at<C: std::fmt::Debug>(client: cloud_images::Result<C>, endpoint: &str) {
    let text = format!("{:?}", client.unwrap());
    assert!(text.contains(&format!("endpoint: {endpoint},")), "{text}");
    assert!(!text.contains("secret-token"), "{text}");
}

fn missing<C: std::fmt::Debug>(client: cloud_images::Result<C>, variable: &str) {
    let error = client.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let expected = match variable.contains(", ") {
        true => format!("none of the environment variables {variable} is set"),
        false => format!("the environment variable {variable} is not set"),
    };
    assert_eq!(error.message(), expected);
}

environment! {
    digitalocean_of_doctl digitalocean ["DIGITALOCEAN_ACCESS_TOKEN" = "secret-token"]
        |client| at(client, "https://api.digitalocean.com");
    digitalocean_of_terraform digitalocean
        ["DIGITALOCEAN_TOKEN" = "secret-token", "DIGITALOCEAN_API_URL" = "https://do.example.com/v2/"]
        |client| at(client, "https://do.example.com");
    digitalocean_without_a_token digitalocean ["DIGITALOCEAN_ACCESS_TOKEN" = ""]
        |client| missing(client, "DIGITALOCEAN_ACCESS_TOKEN, DIGITALOCEAN_TOKEN");
    hetzner_of_hcloud hetzner ["HCLOUD_TOKEN" = "secret-token"]
        |client| at(client, "https://api.hetzner.cloud/v1");
    hetzner_at_another_endpoint hetzner
        ["HCLOUD_TOKEN" = "secret-token", "HCLOUD_ENDPOINT" = "https://hc.example.com/v1"]
        |client| at(client, "https://hc.example.com/v1");
    hetzner_without_a_token hetzner [] |client| missing(client, "HCLOUD_TOKEN");
    hyperstack_with_a_key hyperstack ["HYPERSTACK_API_KEY" = "secret-token"]
        |client| at(client, "https://infrahub-api.nexgencloud.com/v1");
    hyperstack_at_another_address hyperstack
        ["HYPERSTACK_API_KEY" = "secret-token", "HYPERSTACK_API_ADDRESS" = "https://hs.example.com/v1"]
        |client| at(client, "https://hs.example.com/v1");
    hyperstack_without_a_key hyperstack [] |client| missing(client, "HYPERSTACK_API_KEY");
    lambda_with_a_key lambda ["LAMBDA_API_KEY" = "secret-token"]
        |client| at(client, "https://cloud.lambda.ai");
    lambda_without_a_key lambda [] |client| missing(client, "LAMBDA_API_KEY");
    linode_of_linodego linode ["LINODE_TOKEN" = "secret-token"]
        |client| at(client, "https://api.linode.com");
    linode_of_the_command linode
        ["LINODE_CLI_TOKEN" = "secret-token", "LINODE_URL" = "https://li.example.com/v4"]
        |client| at(client, "https://li.example.com");
    linode_without_a_token linode [] |client| missing(client, "LINODE_TOKEN, LINODE_CLI_TOKEN");
    vultr_with_a_key vultr ["VULTR_API_KEY" = "secret-token"]
        |client| at(client, "https://api.vultr.com/v2");
    vultr_without_a_key vultr [] |client| missing(client, "VULTR_API_KEY");
}

/// The token of the environment is the one that is sent, in the header of the service.
#[tokio::test(flavor = "multi_thread")]
async fn the_credential_of_the_environment_is_sent() {
    let test = "clouds::the_credential_of_the_environment_is_sent";
    let server = Hostile::always(|| ok(r#"{"images": [], "data": []}"#)).await;
    let url = server.url();
    let variables = [
        ("DIGITALOCEAN_ACCESS_TOKEN", "token-of-digitalocean"),
        ("DIGITALOCEAN_API_URL", &url),
        ("HCLOUD_TOKEN", "token-of-hetzner"),
        ("HCLOUD_ENDPOINT", &url),
        ("HYPERSTACK_API_KEY", "key-of-hyperstack"),
        ("HYPERSTACK_API_ADDRESS", &url),
        ("LINODE_TOKEN", "token-of-linode"),
        ("LINODE_CLI_TOKEN", "another-token"),
        ("LINODE_URL", &url),
    ];
    if tokio::task::block_in_place(|| alone(test, |command| only(command, &variables))) {
        macro_rules! list {
            ($($cloud:ident)*) => {$(
                let client = cloud_images::$cloud::Client::from_env().unwrap();
                client.image_operations().list_images().await.unwrap();
            )*};
        }
        list!(digitalocean hetzner hyperstack linode);
        return;
    }
    let sent: Vec<_> = server
        .requests()
        .iter()
        .map(|request| {
            let credential = request.header("authorization").or_else(|| request.header("api_key"));
            credential.unwrap().to_owned()
        })
        .collect();
    let expected = [
        "Bearer token-of-digitalocean",
        "Bearer token-of-hetzner",
        "key-of-hyperstack",
        "Bearer token-of-linode",
    ];
    assert_eq!(sent, expected);
}

/// Whether a call waits for its turn.
async fn waits<T>(call: impl IntoFuture<Output = T>) -> bool {
    tokio::time::timeout(Duration::from_millis(300), call.into_future()).await.is_err()
}

#[tokio::test]
async fn a_client_of_linode_lists_twenty_times_a_minute() {
    let server = Hostile::always(|| ok(r#"{"data": [], "page": 1, "pages": 1}"#)).await;
    let builder = linode::Client::builder().endpoint(server.url()).auth(Bearer::new("token"));
    let client = builder.build().unwrap();
    for _ in 0..20 {
        client.clone().image_operations().list_images().await.unwrap();
    }
    assert!(waits(client.image_operations().list_images()).await);
    assert_eq!(server.count(), 20);
    // Only lists of images are counted.
    assert!(!waits(client.regions().list_regions()).await);
}

#[tokio::test]
async fn a_client_of_lambda_calls_once_a_second() {
    let server = Hostile::always(|| ok(r#"{"data": []}"#)).await;
    let builder = lambda::Client::builder().endpoint(server.url()).auth(Bearer::new("token"));
    let client = builder.build().unwrap();
    client.image_operations().list_images().await.unwrap();
    assert!(waits(client.clone().regions().list_regions()).await);
    assert_eq!(server.count(), 1);
    client.regions().list_regions().await.unwrap();
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn gets_that_change_state_are_sent_once() {
    for fault in [
        || status("503 Service Unavailable", ""),
        || status("500 Internal Server Error", ""),
        || Answer::Close(Vec::new()),
    ] {
        let server = Hostile::always(fault).await;
        let retry = RetryPolicy::default().base_delay(Duration::from_millis(1));
        let builder = computing::Client::builder().endpoint(server.url()).retry(retry);
        let instances = builder.auth(Bearer::new("token")).build().unwrap().instances();
        instances.start_instance("7").await.unwrap_err();
        instances.stop_instance("7").await.unwrap_err();
        instances.reboot_instance("7").await.unwrap_err();
        let lines: Vec<_> = server.requests().iter().map(|request| request.line.clone()).collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines.iter().all(|line| line.starts_with("GET ")), "{lines:?}");
        // One that only reads is sent again.
        instances.show_instance("7").await.unwrap_err();
        assert!(server.count() > 4);
    }
}

fn linode() -> linode::ImageOperationsApi {
    let builder = linode::Client::builder().endpoint("https://api.linode.invalid");
    let retry = RetryPolicy::default().base_delay(Duration::from_millis(1));
    builder
        .auth(Bearer::new("token-of-the-account"))
        .retry(retry)
        .build()
        .unwrap()
        .image_operations()
}

#[tokio::test]
async fn an_upload_goes_to_its_address_without_the_token() {
    let server = Hostile::always(|| ok("")).await;
    let address = format!("{}/bucket/a%2Fb?X-Sig=abc%2Fdef+g&X-Date=1", server.url());
    linode().upload_data(&*address, "gzip of a disk").await.unwrap();
    let request = &server.requests()[0];
    assert_eq!(request.line, "PUT /bucket/a%2Fb?X-Sig=abc%2Fdef+g&X-Date=1 HTTP/1.1");
    assert_eq!(request.body, b"gzip of a disk");
    assert_eq!(request.header("content-type"), Some("application/octet-stream"));
    assert_eq!(request.header("content-length"), Some("14"));
    assert_eq!(request.header("authorization"), None);
    assert!(!format!("{request:?}").contains("token-of-the-account"));
}

#[tokio::test]
async fn a_refused_upload_shows_no_part_of_its_address() {
    let body = r#"{"message": "bad signature 0123456789abcdef"}"#;
    let server = Hostile::always(|| Answer::Keep(http("403 Forbidden", "", body))).await;
    let address = format!("{}/bucket/disk?X-Sig=0123456789abcdef", server.url());
    let request = linode().upload_data(&*address, "data");
    assert!(!format!("{request:?}").contains("0123456789abcdef"));
    let error = request.await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Forbidden, 1));
    assert!(!format!("{error} {error:?}").contains("0123456789abcdef"), "{error:?}");

    for address in ["http://store.example.com/?s=0123456789abcdef", "0123456789abcdef", ""] {
        let error = linode().upload_data(address, "data").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(!format!("{error:?}").contains("0123456789abcdef"), "{error:?}");
    }
}

#[tokio::test]
async fn an_upload_is_repeated_if_the_store_did_not_take_it() {
    let busy: fn() -> Answer = || status("503 Slow Down", "");
    let server = Hostile::sequence(vec![busy, busy, || ok("")]).await;
    let address = format!("{}/disk", server.url());
    linode().upload_data(&*address, "data").await.unwrap();
    assert_eq!(server.count(), 3);
    assert!(server.requests().iter().all(|request| request.body == b"data"));

    let refused = Hostile::always(|| status("401 Unauthorized", "")).await;
    let error = linode().upload_data(format!("{}/disk", refused.url()), "data").await;
    // The credential of the account has no part in it, and is not renewed.
    assert_eq!(error.unwrap_err().attempts(), 1);
    assert_eq!(refused.count(), 1);
}

#[tokio::test]
async fn an_upload_reads_no_further_ahead_than_the_store_takes() {
    // Accepts the connection and reads nothing.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/disk", listener.local_addr().unwrap());
    let store = tokio::spawn(async move {
        let socket = listener.accept().await.unwrap();
        std::future::pending::<()>().await;
        drop(socket);
    });
    let read = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&read);
    const PIECE: usize = 64 << 10;
    const ALL: u64 = 1 << 30;
    let data = futures::stream::repeat_with(move || {
        counter.fetch_add(PIECE as u64, Ordering::Relaxed);
        Ok::<_, std::io::Error>(vec![0_u8; PIECE])
    });
    let data = Body::stream(data).with_length(ALL);
    let error = linode()
        .upload_data(address, data)
        .read_timeout(Duration::from_millis(500))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    // What the sockets hold, and no more.
    let read = read.load(Ordering::Relaxed);
    assert!(read < 64 << 20, "{read} bytes were read");
    store.abort();
}

#[tokio::test]
async fn an_image_without_regions_is_not_replicated_yet() {
    let server = Hostile::start(|number, _| {
        let regions = match number {
            0 => "",
            1 => r#", "regions": [{"region": "us-east", "status": "replicating"}]"#,
            _ => r#", "regions": [{"region": "us-east", "status": "available"}]"#,
        };
        ok(&format!(r#"{{"id": "private/1"{regions}}}"#))
    });
    let server = server.await;
    let client = linode::Client::builder().endpoint(server.url()).auth(Bearer::new("token"));
    let images = client.build().unwrap().image_operations();
    let wait = images.show_image("private/1").wait_until_replicated();
    let image = wait.interval(Duration::from_millis(1)).await.unwrap();
    assert_eq!((image.regions.len(), server.count()), (1, 3));
}
