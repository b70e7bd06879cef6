//! Each attempt has its own credential.

use super::*;
use crate::hostile::{ok, status};
use cloud_images::auth::{CredentialProvider, Credentials};
use cloud_images::{BoxFuture, Error, ErrorKind, Result};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

#[tokio::test]
async fn each_attempt_asks_for_the_token_anew() {
    let server = Hostile::sequence(vec![
        || status("503 Service Unavailable", ""),
        || status("503 Service Unavailable", ""),
        || ok(IMAGES_BY_REGION),
    ]);
    let server = server.await;
    let number = Arc::new(AtomicU32::new(0));
    let auth = Bearer::from_fn(move || {
        let number = number.fetch_add(1, Ordering::Relaxed);
        async move { Ok(format!("token-{number}")) }
    });
    let client = gpu(&server).auth(auth).build().unwrap();
    client.image_operations().list_images().await.unwrap();
    let sent: Vec<_> =
        server.requests().iter().map(|r| r.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(sent, ["Bearer token-0", "Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once_for_all_calls() {
    let server = Hostile::start(|_, request| match request.header("authorization") {
        Some("Bearer token-1") => ok(IMAGES_BY_REGION),
        _ => status("401 Unauthorized", ""),
    });
    let server = server.await;
    // A function that keeps its token, as most do.
    let (number, forgotten) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (asked, counted) = (Arc::clone(&number), Arc::clone(&forgotten));
    let auth = Bearer::from_fn(move || {
        let number = number.load(Ordering::SeqCst);
        async move { Ok(format!("token-{number}")) }
    });
    let auth = auth.on_unauthorized(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        asked.fetch_add(1, Ordering::SeqCst);
    });
    let client = gpu(&server).auth(auth).retry(RetryPolicy::none()).build().unwrap();
    let calls = (0..8).map(|_| client.image_operations().list_images().into_future());
    for outcome in futures::future::join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!(forgotten.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_that_is_refused_again_is_an_error() {
    let server = Hostile::always(|| status("401 Unauthorized", "")).await;
    let auth = || Bearer::from_fn(|| async { Ok("token-of-the-test".to_owned()) });
    for (auth, attempts) in [
        (auth(), 1),
        (auth().on_unauthorized(|| ()), 2),
        (Bearer::new("token-of-the-test").on_unauthorized(|| ()), 1),
    ] {
        let client = gpu(&server).auth(auth).build().unwrap();
        let error = client.image_operations().list_images().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthorized, attempts));
    }
}

#[tokio::test]
async fn a_credential_that_cannot_be_had_is_no_attempt() {
    let server = Hostile::always(|| ok(IMAGES_BY_REGION)).await;
    let auth = Bearer::from_fn(|| async {
        Err(cloud_images::Error::new(ErrorKind::Auth, "the vault is closed"))
    });
    let client = gpu(&server).auth(auth).build().unwrap();
    let error = client.image_operations().list_images().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), server.count()), (ErrorKind::Auth, 0, 0));
}

/// A refusal as AWS gives it when the clock of the client is wrong.
fn skewed(server_time: chrono::DateTime<chrono::Utc>) -> hostile::Answer {
    refused("403 Forbidden", server_time)
}

fn refused(what: &str, server_time: chrono::DateTime<chrono::Utc>) -> hostile::Answer {
    let date = server_time.format("%a, %d %b %Y %H:%M:%S GMT");
    status(what, &format!("date: {date}\r\n"))
}

/// Whether the time in a header of a signed request is that of a service, give or take some minutes.
fn in_time(
    request: &hostile::Request,
    header: &str,
    now: chrono::DateTime<chrono::Utc>,
    tolerated: i64,
) -> bool {
    let signed = request.header(header).unwrap();
    let signed = chrono::NaiveDateTime::parse_from_str(signed, "%Y%m%dT%H%M%SZ").unwrap();
    (now - signed.and_utc()).abs() < chrono::TimeDelta::minutes(tolerated)
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_once_and_for_all() {
    let ahead = chrono::TimeDelta::hours(3);
    let server = Hostile::start(move |_, request| {
        let now = chrono::Utc::now() + ahead;
        match in_time(request, "x-amz-date", now, 5) {
            true => ok(NO_IMAGES),
            false => skewed(now),
        }
    });
    let server = server.await;
    let client = cluster(&server).retry(RetryPolicy::none()).build().unwrap();
    client.image_operations().list_images("AVAILABLE").await.unwrap();
    assert_eq!(server.count(), 2);
    client.image_operations().list_images("AVAILABLE").await.unwrap();
    assert_eq!(server.count(), 3);
    let signatures: HashSet<_> =
        server.requests().iter().map(|r| r.header("authorization").unwrap().to_owned()).collect();
    assert!(signatures.len() >= 2);
}

#[tokio::test]
async fn a_refusal_that_the_clock_does_not_explain_is_reported_at_once() {
    let server = Hostile::always(|| skewed(chrono::Utc::now())).await;
    let client = cluster(&server).build().unwrap();
    let error = client.image_operations().list_images("AVAILABLE").await.unwrap_err();
    assert_eq!((error.kind(), server.count()), (ErrorKind::Forbidden, 1));
}

/// No signature can be made for a date of more than four digits.
#[tokio::test]
async fn a_clock_beyond_all_dates_is_not_followed() {
    for date in ["Fri, 31 Dec 19999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let server =
            Hostile::start(move |_, _| status("403 Forbidden", &format!("date: {date}\r\n")));
        let server = server.await;
        let client = cluster(&server).build().unwrap();
        for count in 1..=2 {
            let error = client.image_operations().list_images("AVAILABLE").await.unwrap_err();
            assert_eq!((error.kind(), server.count()), (ErrorKind::Forbidden, count));
        }
    }
}

#[tokio::test]
async fn a_clock_that_stays_wrong_does_not_loop() {
    // The server's clock jumps with every answer.
    let server = Hostile::start(|number, _| {
        skewed(chrono::Utc::now() + chrono::TimeDelta::hours(number as i64 + 1))
    });
    let server = server.await;
    let client = cluster(&server).build().unwrap();
    assert!(client.image_operations().list_images("AVAILABLE").await.is_err());
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn calls_that_were_under_way_when_the_clock_was_corrected_are_repeated_too() {
    let ahead = chrono::TimeDelta::hours(-3);
    let server = Hostile::start(move |_, request| {
        let now = chrono::Utc::now() + ahead;
        match in_time(request, "x-amz-date", now, 5) {
            true => ok(NO_IMAGES),
            // Together, so that all were signed before any of them is corrected.
            false => hostile::Answer::Late(Duration::from_millis(50), Box::new(skewed(now))),
        }
    });
    let server = server.await;
    let client = cluster(&server).retry(RetryPolicy::none()).build().unwrap();
    let call = || client.image_operations().list_images("AVAILABLE").into_future();
    let outcomes = futures::future::join_all((0..8).map(|_| call())).await;
    for outcome in outcomes {
        outcome.unwrap();
    }
    assert_eq!(server.count(), 16);
    call().await.unwrap();
    assert_eq!(server.count(), 17);
}

#[tokio::test]
async fn an_access_key_has_its_clock_corrected_as_well() {
    let ahead = chrono::TimeDelta::hours(3);
    let server = Hostile::start(move |_, request| {
        let now = chrono::Utc::now() + ahead;
        match in_time(request, "x-sdk-date", now, 15) {
            true => ok(NO_IMAGES),
            false => refused("401 Unauthorized", now),
        }
    });
    let server = server.await;
    let auth = AkSk::new("AKEXAMPLE", "secret-of-the-test");
    let client = glance(&server).auth(auth).retry(RetryPolicy::none()).build().unwrap();
    client.image_operations().list_images().await.unwrap();
    client.image_operations().list_images().await.unwrap();
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_time_that_no_signature_can_carry_is_not_taken_over() {
    let last = chrono::DateTime::<chrono::Utc>::MAX_UTC.format("%a, %d %b %Y %H:%M:%S GMT");
    for date in [
        last.to_string().replace('+', ""),
        "Fri, 31 Dec 9999 23:59:59 GMT".to_owned(),
        "Thu, 01 Jan 1970 00:00:00 GMT".to_owned(),
        "Sat, 01 Jan 0000 00:00:00 GMT".to_owned(),
    ] {
        let header = format!("date: {date}\r\n");
        let server = Hostile::start(move |_, _| status("403 Forbidden", &header)).await;
        let client = cluster(&server).build().unwrap();
        for requests in [1, 2] {
            let error = client.image_operations().list_images("AVAILABLE").await.unwrap_err();
            assert_eq!((error.kind(), server.count()), (ErrorKind::Forbidden, requests), "{date}");
        }
    }
}

/// Credentials that end, new with each question.
#[derive(Debug, Default)]
struct Rotating(Arc<AtomicU32>);

impl CredentialProvider for Rotating {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let expiry = std::time::SystemTime::now() + Duration::from_secs(3600);
        let credentials = Credentials::new("AKID", "secret")
            .session_token(format!("session-token-{number}"))
            .expires_at(expiry);
        Box::pin(async { Ok(credentials) })
    }
}

#[tokio::test]
async fn credentials_that_end_are_renewed_once_after_a_refusal() {
    let server =
        Hostile::start(|_, request| match request.header("x-amz-security-token").unwrap() {
            "session-token-0" => hostile::Answer::Keep(hostile::http(
                "403 Forbidden",
                "",
                r#"{"message": "The security token included in the request is expired"}"#,
            )),
            _ => ok(NO_IMAGES),
        });
    let server = server.await;
    let asked = Arc::new(AtomicU32::new(0));
    let auth = SigV4::new("us-east-1", Rotating(Arc::clone(&asked)));
    let client = cluster(&server).auth(auth).retry(RetryPolicy::none()).build().unwrap();
    for _ in 0..3 {
        client.image_operations().list_images("AVAILABLE").await.unwrap();
    }
    assert_eq!((server.count(), asked.load(Ordering::Relaxed)), (4, 2));
}

#[tokio::test]
async fn a_repeated_request_is_signed_over_what_is_sent() {
    let server =
        Hostile::sequence(vec![|| status("429 Too Many Requests", "retry-after: 1\r\n"), || {
            ok(BUILD)
        }]);
    let server = server.await;
    let client = cluster(&server).build().unwrap();
    client.image_operations().build_image("i", "Build: {}").await.unwrap();
    let sent = server.requests();
    assert_eq!(sent.len(), 2);
    // A second later the time in it is another, and so is the signature.
    assert_ne!(sent[0].header("x-amz-date"), sent[1].header("x-amz-date"));
    assert_ne!(sent[0].header("authorization"), sent[1].header("authorization"));
    assert_eq!(sent[0].header("authorization").unwrap().matches("Signature=").count(), 1);
    assert_eq!(sent[1].header("authorization").unwrap().matches("Signature=").count(), 1);
}

/// Credentials that end in four minutes, once; nothing after that.
#[derive(Debug, Default)]
struct Outage(Arc<AtomicU32>);

impl CredentialProvider for Outage {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials>> {
        let expiry = std::time::SystemTime::now() + Duration::from_secs(240);
        let outcome = match self.0.fetch_add(1, Ordering::Relaxed) {
            0 => Ok(Credentials::new("AKID", "secret").expires_at(expiry)),
            _ => Err(Error::new(ErrorKind::Auth, "the metadata service is down")),
        };
        Box::pin(async { outcome })
    }
}

#[tokio::test]
async fn credentials_that_have_not_expired_are_used_on_while_the_provider_fails() {
    let server = Hostile::always(|| ok(NO_IMAGES)).await;
    let asked = Arc::new(AtomicU32::new(0));
    let auth = SigV4::new("us-east-1", Outage(Arc::clone(&asked)));
    let client = cluster(&server).auth(auth).build().unwrap();
    for _ in 0..3 {
        client.image_operations().list_images("AVAILABLE").await.unwrap();
    }
    // Asked for others once, and not again with every call.
    assert_eq!((server.count(), asked.load(Ordering::Relaxed)), (3, 2));
}
