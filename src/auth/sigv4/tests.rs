//! The signer against `aws-sigv4`, and against AWS's published examples.

use super::*;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings};
use proptest::prelude::*;
use std::time::SystemTime;

const KEY: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn signed(mut request: reqwest::Request, token: Option<&str>, service: &str) -> reqwest::Request {
    let mut credentials = Credentials::new(KEY, SECRET);
    if let Some(token) = token {
        credentials = credentials.session_token(token);
    }
    let auth = SigV4::new("us-east-1", credentials.clone()).service(service);
    let time = DateTime::parse_from_rfc3339("2015-08-30T12:36:00Z").unwrap().to_utc();
    auth.sign(&mut request, &credentials, time).unwrap();
    request
}

/// What AWS's own signer makes of the same request.
fn oracle(request: &reqwest::Request, token: Option<&str>, service: &str) -> String {
    let credentials =
        aws_credential_types::Credentials::new(KEY, SECRET, token.map(Into::into), None, "test");
    let identity = credentials.into();
    let time = DateTime::parse_from_rfc3339("2015-08-30T12:36:00Z").unwrap();
    let params = aws_sigv4::sign::v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name(service)
        .time(SystemTime::from(time))
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let headers = request.headers().iter().filter(|(name, _)| *name == "content-type");
    let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    let body = SignableBody::Bytes(body);
    let url = request.url().as_str();
    let signable = SignableRequest::new(request.method().as_str(), url, headers, body).unwrap();
    let (instructions, _) = aws_sigv4::http_request::sign(signable, &params).unwrap().into_parts();
    let (headers, _) = instructions.into_parts();
    headers.iter().find(|header| header.name() == "authorization").unwrap().value().to_owned()
}

proptest! {
    #[test]
    fn signatures_are_those_of_the_signer_of_aws(
        method in prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "PATCH"]),
        port in prop::option::of(1024_u16..),
        path in prop::collection::vec("[ -~é]{0,12}", 0..5),
        query in prop::collection::vec(("[ -~é]{0,8}", "[ -~é日]{0,12}"), 0..6),
        body in prop::option::of("[ -~]{0,300}"),
        token in prop::option::of("[A-Za-z0-9/+=]{1,80}"),
        service in prop::sample::select(vec!["execute-api", "ec2", "ssm"]),
    ) {
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let mut url = url::Url::parse(&format!("https://abc123.example.com{port}/")).unwrap();
        url.path_segments_mut().unwrap().extend(&path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(&query);
            // As the client sends it.
            let query = url.query().unwrap_or_default().replace('+', "%20");
            url.set_query(Some(&query));
        }
        let mut request = reqwest::Request::new(method.parse().unwrap(), url);
        if let Some(body) = body {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(http::header::CONTENT_TYPE, json);
            *request.body_mut() = Some(body.into());
        }
        let expected = oracle(&request, token.as_deref(), service);
        let request = signed(request, token.as_deref(), service);
        let found = &request.headers()["authorization"];
        prop_assert!(found.is_sensitive());
        prop_assert_eq!(found.to_str().unwrap(), expected, "{}", request.url());
    }
}

/// A case of the suite that AWS publishes for implementations of its signatures. Those that sign other
/// headers than this signer does are left out, and two with paths that are not URLs: the suite encodes
/// them once, as S3 does, and other services twice.
#[derive(serde::Deserialize)]
struct Case {
    name: String,
    method: String,
    target: String,
    content_type: Option<String>,
    body: Option<String>,
    token: Option<String>,
    signed_headers: String,
    signature: String,
}

#[test]
fn signatures_are_those_of_the_published_suite() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../../tests/data/sigv4.json")).unwrap();
    assert!(cases.len() >= 15);
    for case in cases {
        let url = format!("https://example.amazonaws.com{}", case.target).parse().unwrap();
        let mut request = reqwest::Request::new(case.method.parse().unwrap(), url);
        if let Some(media_type) = &case.content_type {
            request.headers_mut().insert(http::header::CONTENT_TYPE, media_type.parse().unwrap());
        }
        *request.body_mut() = case.body.map(Into::into);
        let request = signed(request, case.token.as_deref(), "service");
        let authorization = request.headers()["authorization"].to_str().unwrap();
        let expected =
            format!("SignedHeaders={}, Signature={}", case.signed_headers, case.signature);
        assert!(authorization.ends_with(&expected), "{}: {authorization}", case.name);
    }
}

#[test]
fn the_published_example_has_the_published_signature() {
    let url = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08";
    let mut request = reqwest::Request::new(http::Method::GET, url.parse().unwrap());
    let media_type = HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
    request.headers_mut().insert(http::header::CONTENT_TYPE, media_type);
    let request = signed(request, None, "iam");
    let authorization = request.headers()["authorization"].to_str().unwrap();
    let signature = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
    assert!(authorization.ends_with(signature), "{authorization}");
    assert!(authorization.contains("SignedHeaders=content-type;host;x-amz-date,"));
}

#[test]
fn spaces_in_a_header_are_signed_as_the_signer_of_aws_does() {
    for media_type in ["text/plain; charset=utf-8", "text/plain;  charset=utf-8", " text/plain "] {
        let url = "https://abc123.example.com/".parse().unwrap();
        let mut request = reqwest::Request::new(http::Method::GET, url);
        let value = HeaderValue::from_static(media_type);
        request.headers_mut().insert(http::header::CONTENT_TYPE, value);
        let expected = oracle(&request, None, "execute-api");
        let request = signed(request, None, "execute-api");
        assert_eq!(request.headers()["authorization"], expected, "{media_type:?}");
    }
}

#[test]
fn a_key_is_derived_again_for_another_day_and_another_secret() {
    let cache = SigningKeyCache::default();
    let key = |date: &Date, secret| {
        let credentials = Credentials::new(KEY, secret);
        let mut mac = cache.get(*date, &credentials, "us-east-1", "iam");
        mac.update(b"text");
        hex::encode(&mac.finish())
    };
    let first = key(b"20150830", SECRET);
    assert_ne!(first, key(b"20150831", SECRET));
    assert_ne!(first, key(b"20150830", "another secret"));
    assert_eq!(first, key(b"20150830", SECRET));
}
