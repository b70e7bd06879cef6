//! The edges of a call: providers that hang, deadlines that have passed, proxies, redirects, and what errors
//! say.

use super::*;
use crate::alone::alone;
use crate::hostile::{Answer, http, ok, status};
use cloud_images::auth::Authenticate;
use cloud_images::{BoxFuture, ErrorKind, Result};

/// A provider that never answers.
#[derive(Debug)]
struct Stuck;

impl Authenticate for Stuck {
    fn authenticate<'a>(&'a self, _: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(std::future::pending())
    }
}

/// A provider that never says whether there is a new credential.
#[derive(Debug)]
struct StuckRefresh;

impl Authenticate for StuckRefresh {
    fn authenticate<'a>(&'a self, _: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn refused<'a>(&'a self, _: &'a cloud_images::auth::Refusal<'a>) -> BoxFuture<'a, bool> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_provider_that_hangs_ends_the_call_with_its_name() {
    let server = Hostile::always(|| ok(IMAGES_BY_REGION)).await;
    let short = Duration::from_millis(50);
    for builder in [
        gpu(&server).auth(Stuck).timeout(short),
        gpu(&server).auth(Stuck).timeout(None).read_timeout(short),
    ] {
        let error = builder.build().unwrap().image_operations().list_images().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
        assert!(error.message().starts_with("Stuck did not provide a credential"), "{error}");
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_login_that_hangs_has_the_time_of_the_call() {
    let server = Hostile::always(|| Answer::Hang(Vec::new())).await;
    let keystone = Keystone::password(server.url()).user("me", "Default").password("sesame");
    let keystone = keystone.project("p", "Default");
    let bearer = Bearer::from_fn(std::future::pending::<Result<String>>);
    let short = Duration::from_millis(50);
    let builder = || glance(&server).read_timeout(Duration::from_secs(30));
    for (builder, name) in [
        (builder().auth(keystone.clone()).timeout(short), "Keystone"),
        (builder().auth(keystone.clone()).read_timeout(short), "Keystone"),
        (builder().auth(bearer.clone()).timeout(short), "Bearer"),
        (builder().auth(bearer).read_timeout(short), "Bearer"),
    ] {
        let error = builder.build().unwrap().image_operations().list_images().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0), "{error}");
        let expected = format!("{name} did not provide a credential within 50ms");
        assert_eq!(error.message(), expected);
    }
}

#[tokio::test]
async fn a_provider_that_hangs_after_a_refusal_does_not_hide_it() {
    let server = Hostile::always(|| status("401 Unauthorized", "")).await;
    let client = gpu(&server)
        .auth(StuckRefresh)
        .retry(RetryPolicy::none())
        .timeout(Duration::from_secs(2))
        .build()
        .unwrap();
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_eq!((error.kind(), server.count()), (ErrorKind::Unauthorized, 1));
}

#[tokio::test]
async fn a_deadline_that_has_passed_sends_nothing() {
    let server = Hostile::always(|| ok(IMAGE)).await;
    let client = glance(&server).deadline(Duration::ZERO).build().unwrap();
    for _ in 0..20 {
        let error = client.image_operations().create_image().name("x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn plain_http_to_this_machine_goes_through_no_proxy() {
    let test = "faults::edges::plain_http_to_this_machine_goes_through_no_proxy";
    let proxy = Hostile::always(|| status("502 Proxy", "")).await;
    let url = proxy.url();
    // Another process, since the variables are those of the process. Its server is this one's proxy.
    let own = tokio::task::spawn_blocking(move || {
        alone(test, |command| {
            command.env("HTTP_PROXY", &url).env("http_proxy", &url);
            command.env_remove("NO_PROXY").env_remove("no_proxy");
        })
    });
    if own.await.unwrap() {
        let server = Hostile::always(|| ok(IMAGES_BY_REGION)).await;
        let client = gpu(&server).build().unwrap();
        client.image_operations().list_images().await.unwrap();
        assert_eq!(server.count(), 1);
    }
    assert_eq!(proxy.count(), 0);
}

#[tokio::test]
async fn an_http_client_that_follows_redirects_is_an_error() {
    let other = Hostile::always(|| ok(IMAGES_BY_REGION)).await;
    let location = format!("location: {}/elsewhere\r\n", other.url());
    let server = Hostile::always(move || Answer::Keep(http("307 Moved", &location, ""))).await;
    // Made by this crate's own rules for TLS, a client would follow no redirects.
    let follows = without_tls().build().unwrap();
    let client = gpu(&server).http_client(follows).build().unwrap();
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.message().contains("followed a redirect to 127.0.0.1"), "{error}");
}

/// A client for plain HTTP: TLS needs a provider.
fn without_tls() -> reqwest::ClientBuilder {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(config)
}

#[tokio::test]
async fn a_redirect_names_where_it_leads_without_secrets() {
    let location = "location: https://new.example.com/v2?token=hidden\r\n";
    let server = Hostile::always(|| Answer::Keep(http("301 Moved", location, ""))).await;
    let client = gpu(&server).build().unwrap();
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
    let line = error.to_string();
    assert!(line.contains("https://new.example.com/v2") && !line.contains("hidden"), "{line}");
}

#[tokio::test]
async fn a_stale_page_token_is_permanent() {
    let body = r#"{"message": "The provided NextToken is not valid"}"#;
    let server = Hostile::always(move || Answer::Keep(http("500 Broken", "", body))).await;
    let client = cluster(&server).build().unwrap();
    let error = client.image_operations().list_images("AVAILABLE").await.unwrap_err();
    assert_eq!((error.kind(), server.count()), (ErrorKind::InvalidPageToken, 1));
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn the_line_has_the_first_validation_error() {
    let body = r#"{"message": "Invalid image configuration.", "configurationValidationErrors":
        [{"level": "ERROR", "message": "Image: no such instance type"}, {"message": "second"}]}"#;
    let server = Hostile::always(move || Answer::Keep(http("400 Bad Request", "", body))).await;
    let client = cluster(&server).build().unwrap();
    let error = client.image_operations().build_image("i", "Build: {}").await.unwrap_err();
    let expected =
        "build_image: 400 Bad Request: Invalid image configuration: Image: no such instance type";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn nothing_of_a_service_steers_a_terminal_or_forges_a_line() {
    let id = format!("x-request-id: {}\r\n", "r".repeat(20_000));
    let body = "{\"message\": \"a\\u001b[2J\\nERROR forged \\u202eexe.gpj\\u200b\\u2066\"}";
    let server = Hostile::always(move || Answer::Keep(http("404 Not Found", &id, body))).await;
    let client = gpu(&server).build().unwrap();
    let error = client.image_operations().list_images().await.unwrap_err();
    let line = error.to_string();
    assert!(line.contains("a [2J ERROR forged exe.gpj"), "{line}");
    assert!(line.len() < 1000, "{} bytes", line.len());
    assert_eq!(error.request_id().map(str::len), Some(128));
    let own = cloud_images::Error::new(ErrorKind::Failed, "state:\u{202e} a\nb\u{7}");
    assert_eq!(own.to_string(), "state: a b");
}

#[tokio::test]
async fn the_cause_is_in_the_line_where_the_failure_is_not_the_services() {
    let cause = std::io::Error::other("The SSO session has expired: run aws sso login");
    let deep = cloud_images::Error::new(ErrorKind::Auth, "the profile failed").caused_by(cause);
    let error = cloud_images::Error::new(ErrorKind::Auth, "no AWS credentials").caused_by(deep);
    let expected =
        "no AWS credentials: the profile failed: The SSO session has expired: run aws sso login";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_body_of_another_form_is_no_typed_body() {
    use cloud_images::parallelcluster::types::BadRequestExceptionResponseContent as Typed;
    let answers: Vec<fn() -> Answer> =
        vec![|| Answer::Keep(http("400 Bad Request", "", r#"{"error_code": "APIGW.1"}"#)), || {
            Answer::Keep(http("400 Bad Request", "", r#"{"message": "typed"}"#))
        }];
    let server = Hostile::sequence(answers).await;
    let client = cluster(&server).build().unwrap();
    let list = || client.image_operations().list_images("AVAILABLE");
    assert_eq!(list().await.unwrap_err().body::<Typed>(), None);
    let typed = list().await.unwrap_err().body::<Typed>().unwrap();
    assert_eq!(typed.message.as_deref(), Some("typed"));
}

#[test]
fn a_rate_that_is_none_is_refused() {
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let builder = computing::Client::builder().endpoint("https://api.example.com");
        let error = builder.max_rate(rate, 1).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{rate}");
        assert!(error.message().contains("max_rate"), "{error}");
    }
}

#[test]
fn a_root_certificate_that_is_none_is_refused() {
    for pem in ["", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let builder = computing::Client::builder().endpoint("https://api.example.com");
        let error = builder.root_certificate_pem(pem).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{pem:?}");
        assert!(error.message().contains("root certificate"), "{error}");
    }
}
