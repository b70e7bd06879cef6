//! What the fuzz targets in `fuzz/` do with their input.
//!
//! Only there with `--cfg fuzzing`, and in the unit tests, which give it the seeds.

#[cfg(feature = "catalog")]
mod catalog;
mod list;
mod operation;
mod pagination;
#[cfg(test)]
mod properties;
mod readers;
#[cfg(test)]
mod seeds;
mod services;

#[cfg(feature = "catalog")]
pub use catalog::catalog;
pub use pagination::pagination;

#[cfg(feature = "aws-query")]
use crate::client::format::Xml;
use crate::client::fuzzed::{Decision, Failed, RawResponse, decide, of_status};
use crate::operation::Operation;
#[cfg(feature = "aws-query")]
use crate::operation::Protocol;
use crate::pagination::{End, Next, Rules, scalar};
use crate::redact::Secrets;
use crate::types::Lenient;
use crate::{Error, RetryPolicy};
use bytes::Bytes;
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
pub(crate) use operation::FUZZED;
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;

/// A credential that the service may repeat in its answer.
const SECRET: &str = "s3cr3t/t0ken+of==the";

/// Reads the answer of one operation.
pub(crate) struct Reader {
    operation: &'static Operation,
    read: fn(&'static Operation, Bytes) -> crate::Result<Value>,
}

impl Reader {
    pub(crate) const fn of<T: Lenient + Serialize>(operation: &'static Operation) -> Self {
        Self { operation, read: read::<T> }
    }

    fn is_named(&self, name: &[u8]) -> bool {
        let mut parts = name.splitn(2, |byte| *byte == b'.');
        parts.next() == Some(self.operation.api.as_bytes())
            && parts.next() == Some(self.operation.name.as_bytes())
    }
}

fn read<T: Lenient + Serialize>(
    operation: &'static Operation,
    body: Bytes,
) -> crate::Result<Value> {
    let answer = RawResponse::fuzzed(operation, HeaderMap::new(), body, secrets());
    let answer = match operation.protocol {
        #[cfg(feature = "aws-query")]
        Protocol::AwsQuery { .. } => answer.read_as::<Xml, T>()?,
        _ => answer.read::<T>()?,
    };
    let written = serde_json::to_value(answer);
    assert!(written.is_ok(), "what was read cannot be written: {written:?}");
    Ok(written.unwrap_or_default())
}

/// The answer of an operation: its name in the first line, then the body. It is an error that can be
/// shown, or a value, and what the value is written as is read as the same again.
pub fn decode(input: &[u8]) {
    let (name, body) = line(input);
    // A name that is none stands for any.
    let sum: usize = name.iter().copied().map(usize::from).sum();
    let any = || readers::all().nth(sum % readers::all().count().max(1));
    let Some(reader) = readers::all().find(|reader| reader.is_named(name)).or_else(any) else {
        return;
    };
    match (reader.read)(reader.operation, Bytes::copy_from_slice(body)) {
        Ok(once) => {
            let again = (reader.read)(reader.operation, once.to_string().into());
            assert!(again.is_ok_and(|again| again == once), "not read again: {once}");
        }
        Err(error) => check(&error),
    }
}

/// The status of an error in the first line, then its body.
pub fn error_bodies(input: &[u8]) {
    let (status, body) = line(input);
    let Ok(status) = StatusCode::from_bytes(status) else { return };
    let body = Bytes::copy_from_slice(body);
    let error = of_status(&FUZZED, status, &HeaderMap::new(), body, &secrets());
    check(&error);
    assert!(!error.message().is_empty());
    let _ = error.is_retryable();
}

/// `Retry-After` in the first line, `Date` in the second.
pub fn retry_after(input: &[u8]) {
    let (wait, date) = line(input);
    let mut headers = HeaderMap::new();
    for (name, value) in [(RETRY_AFTER, wait), (DATE, date)] {
        let Ok(value) = HeaderValue::from_bytes(value) else { return };
        headers.insert(name, value);
    }
    let refused = |status| of_status(&FUZZED, status, &headers, Bytes::new(), &secrets());
    let error = refused(StatusCode::TOO_MANY_REQUESTS);
    check(&error);
    let asked = error.retry_after();
    if let Some(seconds) = std::str::from_utf8(wait).ok().and_then(|text| text.parse().ok()) {
        assert_eq!(asked, Some(Duration::from_secs(seconds)));
    }
    let delay = |policy: RetryPolicy| {
        let decision = decide(&Failed {
            operation: &FUZZED,
            policy: &policy,
            error: &error,
            attempts: 1,
            repeatable: true,
            refreshed: false,
            left: None,
            random: 0.5,
        });
        match decision {
            Decision::Retry { after, .. } => Some(after),
            Decision::GiveUp(_) => None,
        }
    };
    let expected = match asked {
        Some(wait) if wait > Duration::from_secs(60) => None,
        Some(wait) => Some(wait + Duration::from_millis(50)),
        None => Some(Duration::from_millis(750)),
    };
    assert_eq!(delay(RetryPolicy::default()), expected);
    let longest = RetryPolicy::default()
        .max_retry_after(Duration::MAX)
        .base_delay(Duration::MAX)
        .throttled_delay(Duration::MAX)
        .max_delay(Duration::MAX);
    assert!(delay(longest).is_some());
    #[cfg(feature = "sigv4")]
    signed_again(&refused(StatusCode::FORBIDDEN));
}

/// A refusal by the time that it came at: the next request can be signed all the same.
#[cfg(feature = "sigv4")]
fn signed_again(refusal: &Error) {
    use crate::auth::{Authenticate, Credentials, Refusal, SigV4};
    use futures_util::FutureExt;

    let sigv4 = SigV4::new("eu-west-1", Credentials::new("AKID", SECRET));
    let Ok(url) = "https://example.com/".parse() else { return };
    let mut request = reqwest::Request::new(http::Method::GET, url);
    let secrets = secrets();
    let Some(refusal) = Refusal::of(refusal, &secrets, tokio::time::Instant::now()) else { return };
    let answered = sigv4.refused(&refusal).now_or_never();
    assert!(answered.is_some());
    assert!(matches!(sigv4.authenticate(&mut request).now_or_never(), Some(Ok(()))));
}

/// What an answer says about the next page: as a token, as a link in the body or in a header, and as the
/// body itself.
pub fn next_link(said: &str) {
    let next_of = |next: Next, headers: &HeaderMap, body: &[u8]| {
        let (operation, end) = (&FUZZED, End::Absent);
        let rules = Rules { operation, items: &["items"], next, end, largest: None };
        let found = rules.next(None, None, headers, body);
        found.inspect_err(check).map(|next| next.map(|next| next.value))
    };
    let whole = Some(said.to_owned()).filter(|said| !said.is_empty());
    let body = serde_json::json!({ "items": ["a"], "next": said }).to_string();
    let (none, take) = (HeaderMap::new(), "marker");
    let token = next_of(Next::Token(&["next"]), &none, body.as_bytes());
    assert_eq!(token.ok().flatten(), whole);
    let link = next_of(Next::Link { at: &["next"], take }, &none, body.as_bytes());
    if said.bytes().all(|byte| byte.is_ascii_graphic()) {
        assert_eq!(link.ok().flatten(), marker_of(said));
    }
    let header = Next::Header { name: "link", rel: "next", take };
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&format!("<{said}>; rel=next")) {
        headers.insert("link", value);
        let found = next_of(header, &headers, b"");
        if said.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'>') {
            assert_eq!(found.ok().flatten(), marker_of(said));
        }
    }
    if let Ok(value) = HeaderValue::from_str(said) {
        headers.insert("link", value);
        let _ = next_of(header, &headers, b"");
    }
    let read = scalar(said.as_bytes(), &["next"]);
    // Of a name that comes twice, either value may count.
    if let Ok(body) = serde_json::from_str::<Value>(said)
        && said.matches("next").count() <= 1
        && !said.contains("\\u")
    {
        match &body["next"] {
            Value::String(text) => assert_eq!(read.ok().flatten().as_ref(), Some(text)),
            Value::Null => assert_eq!(read.ok().flatten(), None),
            Value::Number(_) => assert!(read.is_ok_and(|number| number.is_some())),
            _ => assert!(read.is_err(), "read as a position: {said}"),
        }
    }
}

/// The marker by another way: of the link as a URL.
fn marker_of(link: &str) -> Option<String> {
    let query = url::Url::parse(&format!("http://example.com/{link}")).ok()?;
    let marker = query.query_pairs().find(|(name, value)| name == "marker" && !value.is_empty());
    marker.map(|(_, value)| value.into_owned())
}

/// The name of a cloud in the first line, then `clouds.yaml`; what comes after a line `---` is
/// `secure.yaml`.
#[cfg(feature = "clouds-yaml")]
pub fn clouds_yaml(input: &str) {
    let (cloud, files) = input.split_once('\n').unwrap_or((input, ""));
    let (clouds, secure) = files.split_once("\n---\n").unwrap_or((files, "{}"));
    if input.contains(SECRET) {
        return;
    }
    match crate::auth::keystone::fuzzed::cloud(clouds, secure, cloud, SECRET) {
        Ok(keystone) => assert!(!format!("{keystone:?}").contains(SECRET)),
        Err(error) => check(&error),
    }
}

/// What holds for every error: one line of limited length, without the credential.
fn check(error: &Error) {
    let (shown, debug) = (error.to_string(), format!("{error:?}"));
    assert!(!shown.chars().any(char::is_control), "more than a line: {shown:?}");
    assert!(shown.len() < 10_000, "{} bytes: {shown}", shown.len());
    for text in [&shown, &debug] {
        assert!(!text.contains(SECRET), "shows the credential: {text}");
    }
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(below) = cause {
        assert!(!below.to_string().contains(SECRET), "the cause shows the credential: {below}");
        cause = below.source();
    }
    let body = error.raw_body().unwrap_or_default();
    let texts = [String::from_utf8_lossy(body).into_owned(), unescaped(body)];
    assert!(!texts.iter().any(|text| text.contains(SECRET)), "the body has the credential");
}

/// All strings of a JSON text, if it is one.
fn unescaped(json: &[u8]) -> String {
    fn collect(value: &Value, all: &mut String) {
        match value {
            Value::String(text) => all.push_str(text),
            Value::Array(list) => list.iter().for_each(|value| collect(value, all)),
            Value::Object(entries) => {
                for (name, value) in entries {
                    all.push_str(name);
                    all.push('\n');
                    collect(value, all);
                    all.push('\n');
                }
            }
            _ => {}
        }
        all.push('\n');
    }
    let mut all = String::new();
    collect(&serde_json::from_slice(json).unwrap_or_default(), &mut all);
    all
}

fn secrets() -> Secrets {
    let mut headers = HeaderMap::new();
    let mut value = HeaderValue::from_static(SECRET);
    value.set_sensitive(true);
    headers.insert("x-auth-token", value);
    Secrets::of(&headers)
}

/// The first line, and what comes after it.
fn line(input: &[u8]) -> (&[u8], &[u8]) {
    let mut parts = input.splitn(2, |byte| *byte == b'\n');
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}
