//! Successes whose body says that the call failed.

use super::raw_response::RawResponse;
use crate::Result;
use memchr::{memchr, memmem};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// Refuses a response whose body has the value that the document declares for a failure.
pub(super) fn check(response: &RawResponse) -> Result<()> {
    let failure = response.operation.failure;
    let (Some((at, is)), Some(body)) = (failure.success, response.body()) else { return Ok(()) };
    let value = || value_at(body, at).map(|value| value.to_string());
    if !can_have(body, is) || value().as_deref() != Some(is) {
        return Ok(());
    }
    let message = failure.message.iter().find_map(|path| value_at(body, path));
    let message = message.as_ref().and_then(Value::as_str).map(str::to_owned);
    Err(response.failed(message.as_deref()))
}

/// Whether this JSON text of a value can stand in the body, which may spell it with escapes. Most answers do not have it,
/// and to search them for it costs far less than to read them.
pub(crate) fn can_have(body: &[u8], value: &str) -> bool {
    memmem::find(body, value.as_bytes()).is_some()
        || memchr(b'\\', body).is_some_and(|from| memmem::find(&body[from..], b"\\u").is_some())
}

/// What stands at a path of names. Nothing behind it is read, which would take as long as decoding the body.
fn value_at(body: &[u8], path: &[&str]) -> Option<Value> {
    let mut found = None;
    let mut text = serde_json::Deserializer::from_slice(body);
    // An error where more follows, and where the body is not JSON.
    _ = At { path, found: &mut found }.deserialize(&mut text);
    found
}

struct At<'a> {
    path: &'a [&'a str],
    found: &'a mut Option<Value>,
}

impl<'de> DeserializeSeed<'de> for At<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.path.is_empty() {
            *self.found = Some(serde::Deserialize::deserialize(deserializer)?);
            return Ok(());
        }
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for At<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((wanted, path)) = self.path.split_first() else { return Ok(()) };
        while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            if name == *wanted {
                return map.next_value_seed(At { path, found: self.found });
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{can_have, value_at};

    #[test]
    fn a_value_is_found_wherever_it_stands() {
        let found = |body: &str, path: &[&str]| value_at(body.as_bytes(), path);
        for body in [
            r#"{"status": "f\u0061iled", "data": []}"#,
            r#"{"status": "failed", "data": {"status": 1}}"#,
            r#"{"data": {"status": 1, "of": ["x"]}, "status": "failed"}"#,
            r#"{"stat\u0075s": "failed", "data": null}"#,
            r#"{"status": "failed", "data": "#,
        ] {
            assert_eq!(found(body, &["status"]), Some("failed".into()), "{body}");
            assert!(can_have(body.as_bytes(), r#""failed""#), "{body}");
        }
        let body = r#"{"meta": {"x": 1, "error": {"message": "no", "code": 7}, "y": 2}, "z": 3}"#;
        assert_eq!(found(body, &["meta", "error", "message"]), Some("no".into()));
        assert_eq!(found(body, &["meta", "error"]).unwrap()["code"], 7);
        for path in [&["none"][..], &["meta", "none"], &["z", "error"], &["message"]] {
            assert_eq!(found(body, path), None, "{path:?}");
        }
        for body in ["", "[]", "7", "<html>", r#"{"data": tru, "status": "failed"}"#] {
            assert_eq!(found(body, &["status"]), None, "{body}");
        }
    }
}
