//! XML answers as the types of the documents.
//!
//! The types say what they want: a text, a list or an object. A list takes all elements in its own, of any
//! name (`item`, `member`); an object takes them as its fields. Attributes and prefixes are passed over.
//! A DTD is refused, and so is what is cut off.

mod deserializer;
mod error;
mod events;
mod path;
mod pointer;
#[cfg(test)]
mod tests;

pub(crate) use error::Error;
pub(crate) use pointer::scalar;

use deserializer::Element;
use events::Events;
use serde::de::DeserializeSeed;
use serde_json::Value;

/// Reads the content of the root, which has to have this name.
pub(crate) fn read<'de, S: DeserializeSeed<'de>>(
    text: &'de str,
    is_root: impl Fn(&str) -> bool,
    seed: S,
) -> Result<S::Value, Error> {
    let mut events = Events::new(text);
    let read = read_root(&mut events, is_root, seed);
    read.map_err(|error| error.at(events.position(), |position| path::of(text, position)))
}

fn read_root<'de, S: DeserializeSeed<'de>>(
    events: &mut Events<'de>,
    is_root: impl Fn(&str) -> bool,
    seed: S,
) -> Result<S::Value, Error> {
    let root = events.root()?;
    if !is_root(root) {
        return Err(Error::root(root));
    }
    let value = seed.deserialize(Element::root(events))?;
    events.finish()?;
    Ok(value)
}

/// The whole text as JSON: an object with the root. Nothing if it is not XML.
pub(crate) fn to_value(text: &str) -> Option<Value> {
    let mut events = Events::new(text);
    let name = events.root().ok()?.to_owned();
    let value: Value = serde::Deserialize::deserialize(Element::root(&mut events)).ok()?;
    events.finish().ok()?;
    Some(Value::Object([(name, value)].into_iter().collect()))
}
