//! The canonical request: the one form of a request that both sides hash.
//!
//! Source: "Create a signed AWS API request" in the AWS IAM User Guide.

use crate::{Error, ErrorKind, Result, hex};
use http::header::{CONTENT_TYPE, HeaderName};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};
use reqwest::Request;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use url::{Position, Url};

/// All but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same for a path, whose slashes stay.
const ENCODED_IN_PATH: &AsciiSet = &ENCODED.remove(b'/');

/// The SHA-256 hash of no body.
const EMPTY_HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Stands for the hash of a body that the signature does not cover.
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// What the signature covers.
pub(super) struct CanonicalRequest {
    /// The text to hash.
    pub text: String,
    /// The names of the signed headers, joined by semicolons.
    pub signed_headers: String,
}

impl CanonicalRequest {
    /// Signed are `Host`, `Content-Type` and every `X-Amz-` header: all that AWS requires, and nothing
    /// that a proxy may change.
    pub fn new(request: &Request) -> Result<Self> {
        let url = request.url();
        let host = host(url)?;
        let mut headers: Vec<(&str, Cow<'_, str>)> = Vec::with_capacity(6);
        headers.push(("host", host.into()));
        for name in request.headers().keys() {
            if name == CONTENT_TYPE || name.as_str().starts_with("x-amz-") {
                headers.push((name.as_str(), header(request, name)));
            }
        }
        headers.sort_unstable_by_key(|(name, _)| *name);

        let mut text = String::with_capacity(512);
        text.push_str(request.method().as_str());
        text.push('\n');
        push_path(&mut text, url.path());
        text.push('\n');
        push_query(&mut text, url.query().unwrap_or_default());
        text.push('\n');
        let mut signed_headers = String::with_capacity(64);
        for (name, value) in &headers {
            if !signed_headers.is_empty() {
                signed_headers.push(';');
            }
            signed_headers.push_str(name);
            for part in [name, ":", value, "\n"] {
                text.push_str(part);
            }
        }
        text.push('\n');
        text.push_str(&signed_headers);
        text.push('\n');
        match request.body().map(reqwest::Body::as_bytes) {
            None => text.push_str(EMPTY_HASH),
            Some(Some(bytes)) => text.push_str(&hex::encode(&Sha256::digest(bytes))),
            Some(None) => text.push_str(UNSIGNED),
        }
        Ok(Self { text, signed_headers })
    }
}

/// The host as the HTTP client sends it, with a port that is not the scheme's own.
fn host(url: &Url) -> Result<&str> {
    match &url[Position::BeforeHost..Position::AfterPort] {
        "" => Err(Error::new(ErrorKind::InvalidRequest, "the request URL has no host")),
        host => Ok(host),
    }
}

/// The values of a header, each with single spaces, joined by commas.
fn header<'a>(request: &'a Request, name: &HeaderName) -> Cow<'a, str> {
    let mut values = request.headers().get_all(name).iter();
    let first = values.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = single_spaced(first);
    values.fold(first, |joined, value| {
        let value = single_spaced(value.to_str().unwrap_or_default());
        Cow::Owned(format!("{joined},{value}"))
    })
}

fn single_spaced(value: &str) -> Cow<'_, str> {
    let value = value.trim_ascii();
    let bytes = value.as_bytes();
    if bytes.contains(&b'\t') || bytes.windows(2).any(|pair| pair == b"  ") {
        Cow::Owned(value.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(value)
    }
}

/// The path as it is sent, without empty segments, and encoded once more: so every service but S3
/// wants it.
fn push_path(text: &mut String, path: &str) {
    let start = text.len();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        text.push('/');
        text.extend(percent_encode(segment.as_bytes(), ENCODED_IN_PATH));
    }
    if text.len() == start || path.ends_with('/') {
        text.push('/');
    }
}

/// The query with every name and value decoded and encoded again, sorted.
fn push_query(text: &mut String, query: &str) {
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encoded_again(name), encoded_again(value)))
        .collect();
    pairs.sort_unstable();
    for (index, (name, value)) in pairs.iter().enumerate() {
        let separator = if index == 0 { "" } else { "&" };
        for part in [separator, name, "=", value] {
            text.push_str(part);
        }
    }
}

fn encoded_again(text: &str) -> String {
    let decoded: Cow<'_, [u8]> = percent_decode(text.as_bytes()).into();
    percent_encode(&decoded, ENCODED).collect()
}
