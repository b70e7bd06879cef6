//! Credentials that expire: who renews them, when, and how often.

use crate::hostile::{Answer, Hostile, Request, http, ok};
use cloud_images::auth::{
    AkSk, Bearer, CredentialProvider, Credentials, Keystone, SigV4, Token, TokenProvider,
};
use cloud_images::{BoxFuture, Error, ErrorKind, Result, RetryPolicy};
use cloud_images::{computing, ims, parallelcluster};
use futures::StreamExt;
use futures::future::join_all;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

const NO_IMAGES: &str = r#"{"images": []}"#;
const IMAGES_BY_REGION: &str = r#"{"status": "success", "message": "", "data": {}}"#;
const EXPIRED: &str = "The security token included in the request is expired";
const DENIED: &str =
    "User: arn:aws:iam::123456789012:user/x is not authorized to perform: execute-api:Invoke";

/// Numbers what it gives.
#[derive(Clone, Debug, Default)]
struct Vault(Arc<State>);

#[derive(Debug, Default)]
struct State {
    asked: AtomicU32,
    is_down: AtomicBool,
    hangs: AtomicBool,
    without_expiry: bool,
}

impl Vault {
    fn asked(&self) -> u32 {
        self.0.asked.load(Ordering::SeqCst)
    }

    async fn next(&self) -> Result<(u32, Option<SystemTime>)> {
        if self.0.hangs.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        let number = self.0.asked.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        if self.0.is_down.load(Ordering::SeqCst) {
            return Err(Error::new(ErrorKind::Auth, "the metadata service is down"));
        }
        let expiry = SystemTime::now() + Duration::from_secs(3600);
        Ok((number, (!self.0.without_expiry).then_some(expiry)))
    }
}

impl CredentialProvider for Vault {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials>> {
        Box::pin(async {
            let (number, expiry) = self.next().await?;
            let credentials = Credentials::new(format!("AKID{number}"), format!("secret{number}"));
            Ok(match expiry {
                Some(time) => {
                    credentials.session_token(format!("session-token-{number}")).expires_at(time)
                }
                None => credentials,
            })
        })
    }
}

impl TokenProvider for Vault {
    fn token(&self) -> BoxFuture<'_, Result<Token>> {
        Box::pin(async {
            let (number, expiry) = self.next().await?;
            let token = Token::new(format!("bearer-token-{number}"));
            Ok(match expiry {
                Some(time) => token.expires_at(time),
                None => token,
            })
        })
    }
}

fn refused(status: &str, message: &str) -> Answer {
    let body = serde_json::json!({ "message": message }).to_string();
    // Together, so that all were sent before the first answer.
    Answer::Late(Duration::from_millis(50), Box::new(Answer::Keep(http(status, "", &body))))
}

fn cluster(server: &Hostile, vault: &Vault) -> parallelcluster::ImageOperationsApi {
    let auth = SigV4::new("us-east-1", vault.clone());
    let builder = parallelcluster::Client::builder().endpoint(server.url()).auth(auth);
    builder.retry(RetryPolicy::none()).build().unwrap().image_operations()
}

/// A server that takes no request with this text in a header.
async fn refusing(header: &'static str, text: &'static str, answer: fn() -> Answer) -> Hostile {
    Hostile::start(move |_, request: &Request| {
        match request.header(header).is_some_and(|value| value.contains(text)) {
            true => answer(),
            false => ok(NO_IMAGES),
        }
    })
    .await
}

#[tokio::test]
async fn calls_that_are_refused_together_with_an_expired_token_all_succeed() {
    let expired = || refused("403 Forbidden", EXPIRED);
    let server = refusing("x-amz-security-token", "session-token-0", expired).await;
    let vault = Vault::default();
    let images = cluster(&server, &vault);
    let calls = (0..20).map(|_| images.list_images("AVAILABLE").into_future());
    for outcome in join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!((vault.asked(), server.count()), (2, 40));
}

#[tokio::test]
async fn a_missing_permission_is_no_reason_to_renew() {
    let server = Hostile::always(|| refused("403 Forbidden", DENIED)).await;
    let vault = Vault::default();
    let images = cluster(&server, &vault);
    for _ in 0..20 {
        let error = images.list_images("AVAILABLE").await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Forbidden, 1));
    }
    assert_eq!(vault.asked(), 1);
}

#[tokio::test]
async fn a_provider_that_is_down_does_not_hide_the_refusal() {
    let server = Hostile::always(|| refused("403 Forbidden", EXPIRED)).await;
    let vault = Vault::default();
    let images = cluster(&server, &vault);
    for _ in 0..10 {
        let error = images.list_images("AVAILABLE").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden);
        assert!(error.message().contains("expired"), "{error}");
        vault.0.is_down.store(true, Ordering::SeqCst);
    }
    assert!(vault.asked() <= 4, "{}", vault.asked());
}

/// A provider whose reason is in the cause of its error.
#[derive(Debug)]
struct Sealed;

impl TokenProvider for Sealed {
    fn token(&self) -> BoxFuture<'_, Result<Token>> {
        Box::pin(async {
            let cause = std::io::Error::other("the SSO session has expired:\nrun `vault login`");
            Err(Error::new(ErrorKind::Auth, "the vault gave no token").caused_by(cause))
        })
    }
}

#[tokio::test]
async fn every_caller_reads_why_the_provider_failed() {
    let server = Hostile::always(|| ok(IMAGES_BY_REGION)).await;
    let auth = Bearer::from_provider(Sealed);
    let client = computing::Client::builder().endpoint(server.url()).auth(auth).build().unwrap();
    let calls = (0..3).map(|_| client.image_operations().list_images().into_future());
    for outcome in join_all(calls).await {
        let error = outcome.unwrap_err();
        let line = "list_images: the vault gave no token: \
                    the SSO session has expired: run `vault login`";
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Auth, line));
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn keys_without_expiry_are_asked_for_again_after_a_refusal() {
    let invalid =
        || refused("403 Forbidden", "The security token included in the request is invalid.");
    let server = refusing("authorization", "AKID0", invalid).await;
    let vault = Vault(Arc::new(State { without_expiry: true, ..State::default() }));
    let images = cluster(&server, &vault);
    for _ in 0..3 {
        images.list_images("AVAILABLE").await.unwrap();
    }
    assert_eq!((vault.asked(), server.count()), (2, 4));
}

#[tokio::test]
async fn a_provider_that_hangs_ends_with_an_error_that_names_it() {
    let server = Hostile::always(|| ok(NO_IMAGES)).await;
    let vault = Vault::default();
    vault.0.hangs.store(true, Ordering::SeqCst);
    tokio::time::pause();
    let error = cluster(&server, &vault).list_images("AVAILABLE").await.unwrap_err();
    assert_eq!((error.kind(), server.count()), (ErrorKind::Timeout, 0));
    assert!(error.message().contains("credential"), "{error}");
}

#[tokio::test]
async fn tokens_of_a_provider_are_cached_and_renewed_once_for_all_calls() {
    let server = Hostile::start(|_, request| {
        match request.header("authorization") == Some("Bearer bearer-token-0") {
            true => refused("401 Unauthorized", "the token has expired"),
            false => ok(IMAGES_BY_REGION),
        }
    });
    let server = server.await;
    let vault = Vault::default();
    let client = computing::Client::builder()
        .endpoint(server.url())
        .auth(Bearer::from_provider(vault.clone()))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    for _ in 0..2 {
        let calls = (0..20).map(|_| client.image_operations().list_images().into_future());
        for outcome in join_all(calls).await {
            outcome.unwrap();
        }
    }
    assert_eq!((vault.asked(), server.count()), (2, 60));
}

#[tokio::test]
async fn temporary_access_keys_are_renewed() {
    let expired =
        || refused("401 Unauthorized", "Incorrect IAM authentication information: token expires");
    let server = refusing("x-security-token", "session-token-0", expired).await;
    let vault = Vault::default();
    let client = ims::Client::builder()
        .endpoint(server.url())
        .auth(AkSk::from_provider(vault.clone()))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    client.image_operations().list_images().await.unwrap();
    client.image_operations().list_images().await.unwrap();
    assert_eq!((vault.asked(), server.count()), (2, 3));
    let signed = server.requests().pop().unwrap();
    assert!(signed.header("authorization").unwrap().contains("Access=AKID1,"));
}

/// A Keystone that takes a while, with an image service at its own address.
async fn slow_keystone(time: Duration) -> Hostile {
    Hostile::start(move |_, request| {
        if !request.line.starts_with("POST") {
            return ok(NO_IMAGES);
        }
        let address = request.header("host").unwrap();
        let body = serde_json::json!({ "token": {
            "issued_at": "2026-01-01T00:00:00Z", "expires_at": "2026-01-01T01:00:00Z",
            "project": { "id": "1bed" },
            "catalog": [{ "type": "image", "endpoints": [
                null,
                { "interface": "public", "region_id": null, "region": "R", "url": null },
                { "interface": "public", "region_id": "R", "url": format!("http://{address}/v2/1bed") },
            ] }, { "type": null }],
        } });
        let answer = http("201 Created", "x-subject-token: token-of-the-login\r\n", &body.to_string());
        Answer::Late(time, Box::new(Answer::Keep(answer)))
    })
    .await
}

fn logins(server: &Hostile) -> usize {
    server.requests().iter().filter(|request| request.line.starts_with("POST")).count()
}

fn openstack(server: &Hostile) -> ims::Client {
    let login =
        Keystone::password(server.url()).user("me", "Default").password("sesame-of-the-test");
    ims::Client::builder().auth(login.project("p", "Default")).build().unwrap()
}

#[tokio::test]
async fn a_login_outlives_the_calls_that_gave_it_up() {
    let server = slow_keystone(Duration::from_millis(600)).await;
    let images = openstack(&server).image_operations();
    let short = || images.list_images().deadline(Duration::from_millis(100)).into_future();
    for outcome in join_all((0..50).map(|_| short())).await {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Timeout);
    }
    for outcome in join_all((0..50).map(|_| images.list_images().into_future())).await {
        outcome.unwrap();
    }
    assert_eq!(logins(&server), 1);
}

#[tokio::test]
async fn a_list_asks_once_with_a_wrong_password() {
    let server = Hostile::always(|| refused("401 Unauthorized", "wrong password")).await;
    let items = openstack(&server).image_operations().list_images().items();
    let outcomes: Vec<_> = items.collect().await;
    assert!(
        matches!(&outcomes[..], [Err(error)] if error.kind() == ErrorKind::Auth),
        "{outcomes:?}"
    );
    assert_eq!(logins(&server), 1);
}

#[tokio::test]
async fn an_address_that_ends_in_the_project_is_found() {
    let server = slow_keystone(Duration::ZERO).await;
    openstack(&server).image_operations().list_images().await.unwrap();
    let sent = server.requests().pop().unwrap();
    assert!(sent.line.starts_with("GET /v2/images"), "{}", sent.line);
}

#[tokio::test]
async fn a_second_factor_is_an_error_with_the_way_out() {
    let body = r#"{"receipt": {"methods": ["password"]}, "required_auth_methods": [["password", "totp"]]}"#;
    let server = Hostile::always(move || {
        let header = "openstack-auth-receipt: gAAAAAB\r\n";
        Answer::Keep(http("401 Unauthorized", header, body))
    });
    let server = server.await;
    let error = openstack(&server).image_operations().list_images().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.message().contains("application credential"), "{error}");
}
