//! Successes whose body says that the call failed.

use super::raw_response::RawResponse;
use crate::Result;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// The answer, unless its body has the value that the document declares for a failure.
pub(super) fn check(reply: RawResponse) -> Result<RawResponse> {
    let failure = reply.operation.failure;
    let (Some((at, is)), Some(body)) = (failure.success, reply.body()) else { return Ok(reply) };
    let found = value_at(body, at).map(|value| value.to_string());
    if found.as_deref() != Some(is) {
        return Ok(reply);
    }
    let message = failure.message.iter().find_map(|path| value_at(body, path));
    let message = message.as_ref().and_then(Value::as_str).map(str::to_owned);
    let operation = reply.operation;
    Err(reply.discard().failed(operation, message.as_deref()))
}

/// What stands at a path of names. The rest of the body is not decoded; one that is not JSON has nothing.
fn value_at(body: &[u8], path: &[&str]) -> Option<Value> {
    let mut found = None;
    let mut text = serde_json::Deserializer::from_slice(body);
    At { path, found: &mut found }.deserialize(&mut text).ok()?;
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
                map.next_value_seed(At { path, found: &mut *self.found })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}
