//! The canonical request, from what has arrived.

use super::Refusal;
use crate::hex;
use crate::testing::exchange::header;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};
use wiremock::Request;

/// The characters that a canonical request does not encode.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn canonical_request(
    request: &Request,
    signed_headers: &[&str],
) -> Result<String, Refusal> {
    let payload = sha256(&request.body);
    if header(&request.headers, "x-amz-content-sha256").is_some_and(|sent| sent != payload) {
        let message =
            "The provided 'x-amz-content-sha256' header does not match the computed payload hash.";
        return Err(Refusal::invalid(message));
    }
    let headers: String =
        signed_headers.iter().map(|name| canonical_header(request, name)).collect();
    Ok(format!(
        "{}\n{}\n{}\n{headers}\n{}\n{payload}",
        request.method,
        canonical_path(request.url.path()),
        canonical_query(request.url.query().unwrap_or_default()),
        signed_headers.join(";"),
    ))
}

/// The path as it was sent, encoded once more, as every service but S3 wants it.
fn canonical_path(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty());
    let mut canonical: String =
        parts.flat_map(|part| ["/".to_owned(), encoded(part.as_bytes())]).collect();
    if canonical.is_empty() || path.ends_with('/') {
        canonical.push('/');
    }
    canonical
}

/// The query in its one canonical encoding, sorted.
fn canonical_query(query: &str) -> String {
    let canonical = |text: &str| encoded(&percent_decode_str(text).collect::<Vec<_>>());
    let mut pairs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (canonical(name), canonical(value)))
        .collect();
    pairs.sort();
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

fn canonical_header(request: &Request, name: &str) -> String {
    let values = request.headers.get_all(name).iter().map(|value| {
        let text = String::from_utf8_lossy(value.as_bytes());
        text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    });
    format!("{name}:{}\n", values.collect::<Vec<_>>().join(","))
}

fn encoded(bytes: &[u8]) -> String {
    percent_encode(bytes, UNRESERVED).to_string()
}

pub(super) fn sha256(data: &[u8]) -> String {
    hex::encode(&Sha256::digest(data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_encoded_twice_and_queries_once() {
        assert_eq!(canonical_path("/prod/a%2Fb//c:d"), "/prod/a%252Fb/c%3Ad");
        assert_eq!(canonical_path(""), "/");
        assert_eq!(canonical_query("b=%2b&a=x,y&a=A&flag"), "a=A&a=x%2Cy&b=%2B&flag=");
    }
}
