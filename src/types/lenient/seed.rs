//! What one value may be: of its type, `null`, or anything.

use super::Lenient;
use serde::de::{DeserializeSeed, Deserializer, Error, Unexpected};
use serde_json::Value;
use std::marker::PhantomData;

/// Reads one value.
pub(crate) struct Seed<'a, T>(pub &'a mut Option<Value>, pub PhantomData<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Seed<'_, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::read(deserializer, self.0)
    }
}

/// Reads a value that has to be there.
pub(crate) struct Required<T>(pub PhantomData<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Required<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        let mut odd = None;
        T::read(deserializer, &mut odd)?.ok_or_else(|| not_a::<T, _>(odd))
    }
}

/// The error where a value has to be there, and is `null` or of another type.
fn not_a<T: Lenient, E: Error>(odd: Option<Value>) -> E {
    E::invalid_type(odd.as_ref().map_or(Unexpected::Unit, unexpected), &T::EXPECTED)
}

/// Reads an item into its list.
pub(super) struct Push<'a, T>(pub &'a mut Vec<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Push<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let mut odd = None;
        T::push(deserializer, &mut odd, self.0)?.ok_or_else(|| not_a::<T, _>(odd))
    }
}

/// Reads a list that has to be there, where `null` is an empty one.
pub(crate) struct RequiredList<'a, T>(pub &'a mut Option<Value>, pub PhantomData<T>);

impl<'de, T: Lenient + Default> DeserializeSeed<'de> for RequiredList<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        match (T::read(deserializer, self.0)?, &*self.0) {
            (Some(list), _) => Ok(list),
            (None, None) => Ok(T::default()),
            (None, Some(other)) => Err(D::Error::invalid_type(unexpected(other), &T::EXPECTED)),
        }
    }
}

/// Reads a value that may be `null`, and nothing else that is not of its type.
pub(super) struct OrNull<T>(pub PhantomData<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for OrNull<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        let mut odd = None;
        let read = T::read(deserializer, &mut odd)?;
        match (&read, &odd) {
            (None, Some(other)) => Err(D::Error::invalid_type(unexpected(other), &T::EXPECTED)),
            _ => Ok(read),
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
