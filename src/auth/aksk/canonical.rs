//! The canonical request: the one form of a request that both sides hash, as the SDKs of Huawei Cloud write it.

use crate::{Error, ErrorKind, Result, hex};
use http::header::CONTENT_TYPE;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Stands for the hash of a body that the signature does not cover.
pub const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The hash of a JSON body. Other bodies are not covered: they may be larger than memory.
pub fn payload_hash(request: &reqwest::Request) -> String {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let covered = media_type.is_none_or(|media| media.starts_with("application/json"));
    match request.body().map(reqwest::Body::as_bytes) {
        Some(Some(bytes)) if covered => hex::encode(&Sha256::digest(bytes)),
        Some(_) => UNSIGNED.to_owned(),
        None => hex::encode(&Sha256::digest([])),
    }
}

/// The request in the form that both sides hash, and the names of the headers that are in it.
pub fn canonical_request(request: &reqwest::Request, hash: &str) -> (String, String) {
    let url = request.url();
    let path = percent_decode_str(url.path()).decode_utf8_lossy();
    let mut path = path.split('/').map(encode).collect::<Vec<_>>().join("/");
    if !path.ends_with('/') {
        path.push('/');
    }
    let mut query: Vec<(String, String)> =
        url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    query.sort();
    let query: Vec<String> =
        query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    // What says how the answer is to come may be changed on the way.
    let mut headers: Vec<(&str, &str)> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .filter(|(name, _)| name.starts_with("x-") || ["content-type", "host"].contains(name))
        .filter_map(|(name, value)| Some((name, value.to_str().ok()?.trim())))
        .collect();
    headers.sort_unstable();
    let signed = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let mut canonical = format!("{}\n{path}\n{}\n", request.method(), query.join("&"));
    for (name, value) in headers {
        let _ = writeln!(canonical, "{name}:{value}");
    }
    let _ = write!(canonical, "\n{signed}\n{hash}");
    (canonical, signed)
}

/// The host as the request will have it, with a port that is not the scheme's own.
pub fn host(url: &url::Url) -> Result<String> {
    let host = url
        .host_str()
        .ok_or_else(|| Error::new(ErrorKind::InvalidRequest, "the request URL has no host"))?;
    Ok(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}
