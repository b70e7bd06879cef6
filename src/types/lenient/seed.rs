//! What one value may be: of its type, `null`, or anything.

use super::Lenient;
use serde::de::{DeserializeSeed, Deserializer, Error, Unexpected};
use serde_json::Value;

/// Reads one value into its place, and gives whether there is one.
pub(crate) struct Seed<'a, T>(pub &'a mut Option<T>, pub &'a mut Option<Value>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Seed<'_, T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        T::read(deserializer, self.0, self.1)
    }
}

/// Reads a value that has to be there into its place.
pub(crate) struct Required<'a, T>(pub &'a mut Option<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Required<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let mut odd = None;
        if T::read(deserializer, self.0, &mut odd)? { Ok(()) } else { Err(not_a(T::EXPECTED, odd)) }
    }
}

/// Reads a value that has to be there.
#[cfg(feature = "keystone")]
pub(crate) fn read_required<'de, D: Deserializer<'de>, T: Lenient>(
    deserializer: D,
) -> Result<T, D::Error> {
    let (mut place, mut odd) = (None, None);
    T::read(deserializer, &mut place, &mut odd)?;
    place.ok_or_else(|| not_a(T::EXPECTED, odd))
}

/// The error where a value has to be there, and is `null` or of another type.
pub(crate) fn not_a<E: Error>(expected: &'static str, odd: Option<Value>) -> E {
    E::invalid_type(odd.as_ref().map_or(Unexpected::Unit, unexpected), &expected)
}

/// Reads an item into its list.
pub(super) struct Push<'a, T>(pub &'a mut Vec<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Push<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let mut odd = None;
        if T::push(deserializer, &mut odd, self.0)? { Ok(()) } else { Err(not_a(T::EXPECTED, odd)) }
    }
}

/// Reads a value that may be `null`, and nothing else that is not of its type. Items of a list that cannot be read go
/// to the second field.
pub(crate) struct OrNull<'a, T>(pub &'a mut Option<T>, pub &'a mut Option<Value>);

impl<'de, T: Lenient> DeserializeSeed<'de> for OrNull<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match (T::read(deserializer, self.0, self.1)?, &*self.1) {
            (false, Some(other)) => Err(D::Error::invalid_type(unexpected(other), &T::EXPECTED)),
            _ => Ok(()),
        }
    }
}

fn unexpected(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Unexpected::Signed(number),
            (_, Some(number)) => Unexpected::Unsigned(number),
            _ => Unexpected::Float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}
