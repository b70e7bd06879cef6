use super::*;
use http::HeaderValue;
use http::header::{AUTHORIZATION, ETAG};

fn headers(values: &[(&'static str, &'static str)]) -> HeaderMap {
    let values = values.iter().map(|(name, value)| {
        let mut value = HeaderValue::from_static(value);
        value.set_sensitive(true);
        (http::HeaderName::from_static(name), value)
    });
    values.collect()
}

fn shown(secrets: &Secrets, text: &str) -> String {
    secrets.redact_text(text.to_owned())
}

#[test]
fn a_credential_is_found_with_its_scheme_and_without() {
    let mut sent = headers(&[("authorization", "Bearer 12345678"), ("x-short", "1234567")]);
    sent.insert("x-plain", HeaderValue::from_static("not a secret"));
    let secrets = Secrets::of(&sent);
    assert_eq!(shown(&secrets, "12345678 is wrong"), "[redacted] is wrong");
    assert_eq!(shown(&secrets, "Bearer 12345678"), "[redacted]");
    // Too short to be one, and not marked as one.
    assert_eq!(shown(&secrets, "1234567 not a secret"), "1234567 not a secret");
    assert!(secrets.contain("12345678") && !secrets.contain("87654321"));
    assert_eq!(format!("{secrets:?}"), "[redacted]");
}

#[test]
fn the_secrets_of_two_requests_add_up() {
    let one = Secrets::of(&headers(&[("x-auth-token", "first-token")]));
    let other = Secrets::of(&headers(&[("x-auth-token", "other-token")]));
    let both = one.clone().and(&other).and(&Secrets::default());
    assert_eq!(shown(&both, "first-token other-token"), "[redacted] [redacted]");
    assert_eq!(shown(&one, "other-token"), "other-token");
}

#[test]
fn the_query_of_a_signed_address_is_found_as_it_is_spelled_and_as_it_is_meant() {
    let url = "https://host/upload?signature=ab%2Fcd%3Def&expires=1234567&key=12345678";
    let secrets = Secrets::of_query(&url.parse().unwrap());
    assert_eq!(shown(&secrets, "ab%2Fcd%3Def, ab/cd=ef"), "[redacted], [redacted]");
    assert_eq!(shown(&secrets, "12345678"), "[redacted]");
    // Too short to be a credential.
    assert_eq!(shown(&secrets, "expires 1234567"), "expires 1234567");
}

#[cfg(feature = "keystone")]
#[test]
fn a_password_is_found_in_every_spelling() {
    let secrets = Secrets::of_body("p\"<'\n\\&");
    for spelled in ["p\"<'\n\\&", r#"p"<\'\n\\&"#, r#"p\"<'\n\\&"#, r"p&quot;&lt;&#x27;\n\\&amp;"] {
        assert_eq!(shown(&secrets, &format!("({spelled})")), "([redacted])", "{spelled}");
    }
    assert_eq!(shown(&Secrets::of_body(""), "all"), "all");
    // One is the beginning of another.
    assert_eq!(shown(&Secrets::of_body("a\\"), r"a\\"), "[redacted]");
}

#[test]
fn headers_that_hold_a_credential_are_marked() {
    let secrets = Secrets::of(&headers(&[("x-auth-token", "first-token")]));
    let mut response = HeaderMap::new();
    for (name, value) in [
        ("set-cookie", "session=1"),
        ("x-subject-token", "new"),
        ("x-echo", "you sent first-token"),
        ("content-type", "text/plain"),
    ] {
        response.insert(name, HeaderValue::from_static(value));
    }
    response.insert("x-text", HeaderValue::from_bytes(b"\xfc first-token").unwrap());
    secrets.mark(&mut response);
    let marked = |name: &str| response[name].is_sensitive();
    for name in ["set-cookie", "x-subject-token", "x-echo", "x-text"] {
        assert!(marked(name), "{name}");
    }
    assert!(!marked("content-type"));
}

#[test]
fn a_credential_beyond_ascii_is_a_secret() {
    let plain = HeaderValue::from_bytes("Bearer pässwörd".as_bytes()).unwrap();
    let mut sent = plain.clone();
    sent.set_sensitive(true);
    let secrets = Secrets::of(&HeaderMap::from_iter([(AUTHORIZATION, sent)]));
    assert_eq!(shown(&secrets, "no pässwörd"), "no [redacted]");
    let mut response = HeaderMap::from_iter([(ETAG, plain)]);
    secrets.mark(&mut response);
    assert!(response[ETAG].is_sensitive());
}

#[test]
fn a_body_has_no_credential_however_json_spells_it() {
    let secrets = Secrets::of(&headers(&[("x-auth-token", "a/token+1")]));
    let redacted = |body: &'static str| {
        let body = secrets.redact(Bytes::from_static(body.as_bytes()));
        String::from_utf8(body.to_vec()).unwrap()
    };
    assert_eq!(redacted("bad a/token+1"), "bad [redacted]");
    assert_eq!(
        redacted(r#"{"a\/token\u002b1":["a\/token+1",7]}"#),
        r#"{"[redacted]":["[redacted]",7]}"#
    );
    for untouched in [r#"{ "a\/b": 1.0 }"#, "{\"a\": 1}", "\\", ""] {
        assert_eq!(redacted(untouched), untouched);
        assert_eq!(Secrets::default().redact(untouched.into()), untouched);
    }
}
