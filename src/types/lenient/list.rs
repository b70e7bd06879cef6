//! Lists.

use super::seed::{Push, Seed};
use super::{LIST, Lenient};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;

impl<T: Lenient> Lenient for Vec<T> {
    const EXPECTED: &'static str = "a list";
    const WHOLE: bool = T::WHOLE;

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Option<Self>,
        odd: &mut Option<Value>,
    ) -> Result<bool, D::Error> {
        deserializer.deserialize_newtype_struct(LIST, Elements { place, odd, one: false })
    }
}

/// A list, or one item of it alone.
pub(crate) struct OneOrMany<T>(Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<OneOrMany<T>> for Vec<T> {
    fn from(items: OneOrMany<T>) -> Self {
        items.0
    }
}

impl<T> OneOrMany<T> {
    #[allow(dead_code)] // only an open record asks
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Lenient> Lenient for OneOrMany<T> {
    const EXPECTED: &'static str = "a list, or one item of it";

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Option<Self>,
        odd: &mut Option<Value>,
    ) -> Result<bool, D::Error> {
        let mut list = None;
        let elements = Elements { place: &mut list, odd, one: true };
        let read = deserializer.deserialize_newtype_struct(LIST, elements)?;
        *place = list.map(Self);
        Ok(read)
    }
}

struct Elements<'a, T> {
    place: &'a mut Option<Vec<T>>,
    odd: &'a mut Option<Value>,
    one: bool,
}

impl<T> Elements<'_, T> {
    fn put<E>(self, list: Option<Vec<T>>) -> Result<bool, E> {
        let read = list.is_some();
        *self.place = list;
        Ok(read)
    }

    fn none<E>(self, odd: Option<Value>) -> Result<bool, E> {
        *self.odd = odd;
        self.put(None)
    }
}

impl<'de, T: Lenient> Visitor<'de> for Elements<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.one { "a list, or one item of it" } else { "a list" })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        let mut list = Vec::new();
        let mut others = Vec::new();
        if T::WHOLE {
            while seq.next_element_seed(Push(&mut list))?.is_some() {}
            return self.put(Some(list));
        }
        let (mut item, mut odd) = (None, None);
        while let Some(read) = seq.next_element_seed(Seed(&mut item, &mut odd))? {
            if let Some(item) = item.take() {
                list.push(item);
            }
            if !read && odd.is_none() {
                others.push(Value::Null);
            }
            others.extend(odd.take());
        }
        if !others.is_empty() {
            *self.odd = Some(Value::Array(others));
        }
        self.put(Some(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        let map = MapAccessDeserializer::new(map);
        if self.one {
            let mut item = None;
            T::read(map, &mut item, self.odd)?;
            return self.put(item.map(|item| vec![item]));
        }
        let value = Value::deserialize(map)?;
        self.none(Some(value))
    }

    visit_others!();
}
