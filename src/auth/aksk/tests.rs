use super::*;
use http::header::CONTENT_TYPE;
use serde::Deserialize;

/// What `huaweicloudsdkcore` signed.
#[derive(Deserialize)]
struct Vector {
    name: String,
    access_key: String,
    secret_key: String,
    security_token: Option<String>,
    project_id: Option<String>,
    date: DateTime<Utc>,
    method: String,
    url: String,
    content_type: Option<String>,
    body: Option<String>,
    authorization: String,
}

#[test]
fn signatures_are_those_of_the_vendors_own_sdk() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../../../tests/data/aksk.json")).unwrap();
    assert!(vectors.len() >= 8);
    for vector in vectors {
        let mut credentials = Credentials::new(vector.access_key, vector.secret_key);
        if let Some(token) = vector.security_token {
            credentials = credentials.session_token(token);
        }
        let mut keys = AkSk::from_provider(credentials.clone());
        if let Some(project) = vector.project_id {
            keys = keys.project_id(project);
        }
        let method = vector.method.parse().unwrap();
        let mut request = reqwest::Request::new(method, vector.url.parse().unwrap());
        if let Some(media_type) = vector.content_type {
            request.headers_mut().insert(CONTENT_TYPE, media_type.parse().unwrap());
        }
        *request.body_mut() = vector.body.map(Into::into);
        keys.sign(&mut request, &credentials, vector.date).unwrap();
        let signed = &request.headers()["authorization"];
        assert_eq!(signed, &vector.authorization, "{}", vector.name);
        assert!(signed.is_sensitive());
    }
}

/// A request of the vendor's own client, and how its signer signs it: `tests/data/cloudimages.py`.
#[derive(Deserialize)]
struct Recorded {
    operation: String,
    method: String,
    path: String,
    query: Vec<(String, String)>,
    body: Option<serde_json::Value>,
    authorization: String,
}

/// That the client sends these requests is a test of the fakes.
#[test]
fn the_requests_of_ims_have_the_signatures_of_the_vendors_own_sdk() {
    let recorded: Vec<Recorded> =
        serde_json::from_str(include_str!("../../../tests/data/cloudimages.json")).unwrap();
    let credentials = Credentials::new("AK", "SK");
    let keys = AkSk::from_provider(credentials.clone()).project_id("the-project");
    assert_eq!(recorded.len(), 30);
    for case in recorded {
        let mut url = url::Url::parse("https://ims.eu-de.otc.t-systems.com").unwrap();
        url.set_path(&case.path);
        if !case.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&case.query);
        }
        let mut request = reqwest::Request::new(case.method.parse().unwrap(), url);
        if let Some(body) = case.body {
            request.headers_mut().insert(CONTENT_TYPE, "application/json".parse().unwrap());
            *request.body_mut() = Some(body.to_string().into());
        }
        keys.sign(&mut request, &credentials, "2026-11-21T08:09:10Z".parse().unwrap()).unwrap();
        assert_eq!(request.headers()["authorization"], case.authorization, "{}", case.operation);
    }
}

#[test]
fn a_body_that_no_gateway_takes_is_refused_with_the_way_out() {
    let credentials = Credentials::new("AKEXAMPLE", "secret");
    let keys = AkSk::from_provider(credentials.clone());
    let sign = |size: u64| {
        let url = "https://ims.example.com/v2/images/1/file".parse().unwrap();
        let mut request = reqwest::Request::new(http::Method::PUT, url);
        request.headers_mut().insert(CONTENT_LENGTH, size.into());
        keys.sign(&mut request, &credentials, Utc::now())
    };
    sign(12 << 20).unwrap();
    let error = sign((12 << 20) + 1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.message().contains("use a token"), "{error}");
}

#[test]
fn keys_are_not_shown() {
    let keys = AkSk::new("AKEXAMPLE", "a-secret-key").security_token("a-security-token");
    let text = format!("{keys:?}");
    assert!(text.contains("AKEXAMPLE") && !text.contains("a-sec"), "{text}");
}
