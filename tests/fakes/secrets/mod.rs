//! Credentials stay where they belong: in none of the texts that a program shows or keeps.

mod logins;
mod types;

use crate::hostile::{Answer, Hostile, http};
use crate::subscriber;
use cloud_images::auth::{Authenticate, Bearer, Credentials, Keystone, SigV4, XAuthToken};
use cloud_images::{RetryPolicy, computing, ims, parallelcluster};
use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing::dispatcher::{DefaultGuard, set_default};
use tracing_subscriber::fmt::format::FmtSpan;

/// What must not be seen: nor its parts, so that a shortened form is found too.
const SECRETS: [&str; 3] = ["HIDDEN-SECRET-KEY", "HIDDEN-SESSION-TOKEN", "HIDDEN-BEARER-TOKEN"];

fn bearer() -> Bearer {
    Bearer::new(SECRETS[2])
}

fn sigv4() -> SigV4 {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRETS[0]).session_token(SECRETS[1]);
    SigV4::new("us-east-1", credentials)
}

#[track_caller]
fn assert_clean(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {text}");
        // Encoded and escaped forms of it contain the middle as it is.
        assert!(!text.contains(&secret[..10]), "a part of {secret} in {text}");
    }
}

/// Each of the ways in which a value is turned into text.
#[track_caller]
fn assert_debug_clean(value: &dyn Debug) {
    assert_clean(&format!("{value:?}"));
    assert_clean(&format!("{value:#?}"));
}

/// Everything that an error says, down to the causes.
fn all_of(error: &cloud_images::Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?} {}", error.message());
    write!(text, " {:?}", error.raw_body().map(String::from_utf8_lossy)).unwrap();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        write!(text, " {deeper} {deeper:?} {deeper:#?}").unwrap();
        cause = deeper.source();
    }
    text
}

/// A server that sends back all that it was sent, as gateways do in their errors.
async fn echo(status: &'static str, form: fn(&str) -> String) -> Hostile {
    Hostile::start(move |_, request| {
        let head: String = request.headers.iter().map(|(n, v)| format!("{n}: {v}; ")).collect();
        Answer::Keep(http(status, "", &form(&format!("{} {head}", request.line))))
    })
    .await
}

/// The clients of a server, each with its credential.
fn clients(url: &str) -> (computing::Client, ims::Client, parallelcluster::Client) {
    let policy = || RetryPolicy::default().base_delay(Duration::from_millis(1));
    let gpu = computing::Client::builder().endpoint(url).auth(bearer()).retry(policy());
    let token = XAuthToken::new(SECRETS[2]);
    let glance = ims::Client::builder().endpoint(url).auth(token).retry(policy());
    let cluster = parallelcluster::Client::builder().endpoint(url).auth(sigv4()).retry(policy());
    assert_debug_clean(&gpu);
    assert_debug_clean(&glance);
    assert_debug_clean(&cluster);
    (gpu.build().unwrap(), glance.build().unwrap(), cluster.build().unwrap())
}

async fn errors_of(url: &str) -> Vec<cloud_images::Error> {
    let (gpu, glance, cluster) = clients(url);
    let mut errors = Vec::new();
    errors.extend(gpu.image_operations().list_images().await.err());
    errors.extend(glance.image_operations().list_images().await.err());
    errors.extend(glance.image_operations().create_image().name("x").await.err());
    errors.extend(glance.image_data().upload_image_file("7", "data").await.err());
    errors.extend(glance.image_data().download_image_file("7").await.err());
    errors.extend(cluster.image_operations().list_images("AVAILABLE").await.err());
    errors.extend(cluster.image_operations().build_image("i", "Build: {}").await.err());
    errors
}

#[tokio::test]
async fn a_signed_request_shows_no_credential() {
    let url: reqwest::Url = "http://localhost/path".parse().unwrap();
    for auth in [&bearer() as &dyn Authenticate, &XAuthToken::new(SECRETS[2]), &sigv4()] {
        let mut request = reqwest::Request::new(reqwest::Method::GET, url.clone());
        auth.authenticate(&mut request).await.unwrap();
        assert_debug_clean(&request);
        let sensitive = request.headers().values().filter(|value| value.is_sensitive()).count();
        assert!(sensitive > 0);
    }
}

#[tokio::test]
async fn a_credential_that_is_no_header_is_refused_without_being_shown() {
    for secret in ["HIDDEN-BEARER-TOKEN\r\nx: y", "HIDDEN-BEARER-TOKEN\u{0}"] {
        let client = computing::Client::builder().endpoint("http://localhost:1");
        let client = client.auth(Bearer::new(secret)).build().unwrap();
        let error = client.image_operations().list_images().await.unwrap_err();
        assert_clean(&all_of(&error));
    }
    let url = "https://user:HIDDEN-SECRET-KEY@localhost/";
    let error = computing::Client::builder().endpoint(url).build().unwrap_err();
    assert_clean(&all_of(&error));
}

#[tokio::test]
async fn an_error_that_repeats_the_request_shows_no_credential() {
    let forms: [fn(&str) -> String; 4] = [
        |head| format!("{{\"message\": \"{head}\"}}"),
        |head| format!("{{\"error\": {{\"message\": \"{head}\"}}}}"),
        |head| format!("<html><body>{head}</body></html>"),
        str::to_owned,
    ];
    for status in ["400 Bad Request", "403 Forbidden", "500 Broken", "503 Unavailable"] {
        for form in forms {
            let server = echo(status, form).await;
            let errors = errors_of(&server.url()).await;
            assert_eq!(errors.len(), 7);
            for error in errors {
                assert_clean(&all_of(&error));
                assert!(error.message().contains("[redacted]"), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_success_that_repeats_the_request_shows_no_credential() {
    let forms: [fn(&str) -> String; 4] = [
        |head| format!("<html><body>{head}</body></html>"),
        |head| format!("{{\"images\": \"{head}\", \"status\": 1, \"image\": \"{head}\"}}"),
        |head| format!("\"{head}\""),
        |head| format!("{{\"status\": \"failed\", \"images\": 1, \"message\": \"{head}\"}}"),
    ];
    for form in forms {
        let server = echo("200 OK", form).await;
        let errors = errors_of(&server.url()).await;
        assert!(errors.len() >= 3, "{errors:?}");
        errors.iter().for_each(|error| assert_clean(&all_of(error)));
    }
}

#[tokio::test]
async fn a_media_type_that_repeats_the_request_shows_no_credential() {
    for body in [&b"no JSON"[..], b"\xff"] {
        let server = Hostile::start(move |_, request| {
            let head: String = request.headers.iter().map(|(n, v)| format!("{n}: {v}; ")).collect();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: text/plain; {head}\r\n");
            let length = format!("content-length: {}\r\n\r\n", body.len());
            Answer::Keep([head.as_bytes(), length.as_bytes(), body].concat())
        })
        .await;
        let errors = errors_of(&server.url()).await;
        let shown = errors.iter().filter(|error| error.message().contains("(text/plain; "));
        assert!(shown.count() >= 3, "{errors:?}");
        errors.iter().for_each(|error| assert_clean(&all_of(error)));
    }
}

/// Keystone's 400 repeats the login, and its message is cut where the password happens to stand.
#[tokio::test]
async fn a_refused_login_shows_no_part_of_the_password() {
    let server = Hostile::start(|number, _| {
        let said = format!("{}{}", "x".repeat(615 + number), SECRETS[0]);
        Answer::Keep(http("400 Bad Request", "", &format!("{{\"message\": \"{said} not valid\"}}")))
    })
    .await;
    for _ in 0..30 {
        let login = Keystone::password(server.url()).user("me", "Default").password(SECRETS[0]);
        let client = ims::Client::builder().endpoint(server.url()).auth(login).build().unwrap();
        let text = all_of(&client.image_operations().list_images().await.unwrap_err());
        assert!(text.contains("Keystone refused"), "{text}");
        assert!(!text.contains("xHI"), "{text}");
    }
}

#[tokio::test]
async fn a_panic_over_an_error_shows_no_credential() {
    let server = echo("400 Bad Request", |head| format!("{{\"message\": \"{head}\"}}")).await;
    for error in errors_of(&server.url()).await {
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            std::future::ready(cloud_images::Result::<()>::Err(error)).into_inner().unwrap();
        }));
        assert_clean(panic.unwrap_err().downcast_ref::<String>().unwrap());
    }
}

/// What is logged on the thread of one test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Begins a log at the most talkative level, of this crate and those below it, which goes on until
    /// the guard is dropped.
    fn start() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (log, set_default(&subscriber::of_one_test(subscriber)))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_log_holds_a_credential_even_at_the_most_talkative_level() {
    let (log, _guard) = Log::start();
    let server = echo("503 Unavailable", |head| format!("{{\"message\": \"{head}\"}}")).await;
    assert_eq!(errors_of(&server.url()).await.len(), 7);
    assert_eq!(errors_of("http://127.0.0.1:1").await.len(), 7);
    let text = log.text();
    // The HTTP client did log.
    assert!(text.contains("hyper"), "{text}");
    assert_clean(&text);
}

#[tokio::test]
async fn spans_tell_what_became_of_each_attempt() {
    let (log, _guard) = Log::start();
    let server = Hostile::start(|number, _| match number {
        0 => Answer::Keep(http("503 Unavailable", "x-request-id: span-1\r\n", "{}")),
        _ => Answer::Keep(http("200 OK", "x-request-id: span-2\r\n", r#"{"images": []}"#)),
    });
    let server = server.await;
    let (_, glance, _) = clients(&server.url());
    glance.image_operations().list_images().await.unwrap();
    let text = log.text();
    // The line that is written when the span with this request id ends.
    let closed = |id: &str, span: &str| {
        let id = format!("request_id=\"{id}\"");
        let line = text.lines().find(|line| {
            line.contains(&id) && line.contains(span) && line.contains(": close time.busy=")
        });
        line.unwrap_or_else(|| panic!("{id}: {text}"))
    };
    let attempt = "cloud_images.attempt{api=\"ims\" operation=\"list_images\" attempt=";
    let first = closed("span-1", attempt);
    for field in [
        "attempt=1",
        "http.response.status_code=503",
        "error.type=\"503\"",
        "bytes=2",
        "retry_delay_ms=",
    ] {
        assert!(first.contains(field), "{field} in {first}");
    }
    let second = closed("span-2", attempt);
    for field in ["attempt=2", "http.response.status_code=200", "bytes=14", "elapsed_ms="] {
        assert!(second.contains(field), "{field} in {second}");
    }
    assert!(!second.contains("retry_delay_ms=") && !second.contains("error.type="), "{second}");
    let call = closed("span-2", "list_images\" attempts=2");
    assert!(call.contains("cloud_images.call{") && call.contains("status_code=200"), "{call}");
}
