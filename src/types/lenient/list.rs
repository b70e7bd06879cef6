//! Lists.

use super::seed::{Push, Seed};
use super::{LIST, Lenient};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;

impl<T: Lenient> Lenient for Vec<T> {
    const EXPECTED: &'static str = "a list";
    const WHOLE: bool = T::WHOLE;

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        odd: &mut Option<Value>,
    ) -> Result<Option<Self>, D::Error> {
        deserializer
            .deserialize_newtype_struct(LIST, Elements { odd, one: false, item: PhantomData })
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
        odd: &mut Option<Value>,
    ) -> Result<Option<Self>, D::Error> {
        let elements = Elements { odd, one: true, item: PhantomData };
        let items = deserializer.deserialize_newtype_struct(LIST, elements)?;
        Ok(items.map(Self))
    }
}

struct Elements<'a, T> {
    odd: &'a mut Option<Value>,
    one: bool,
    item: PhantomData<T>,
}

impl<T> Elements<'_, T> {
    fn odd<E>(self, value: Value) -> Result<Option<Vec<T>>, E> {
        *self.odd = Some(value);
        Ok(None)
    }
}

impl<'de, T: Lenient> Visitor<'de> for Elements<'_, T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.one { "a list, or one item of it" } else { "a list" })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<Vec<T>>, A::Error> {
        let mut list = Vec::new();
        let mut others = Vec::new();
        if T::WHOLE {
            while seq.next_element_seed(Push(&mut list))?.is_some() {}
            return Ok(Some(list));
        }
        let mut odd = None;
        while let Some(item) = seq.next_element_seed(Seed(&mut odd, PhantomData))? {
            match item {
                Some(item) => list.push(item),
                None if odd.is_none() => others.push(Value::Null),
                None => {}
            }
            others.extend(odd.take());
        }
        if !others.is_empty() {
            *self.odd = Some(Value::Array(others));
        }
        Ok(Some(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<Vec<T>>, A::Error> {
        let map = MapAccessDeserializer::new(map);
        if self.one {
            return Ok(T::read(map, self.odd)?.map(|item| vec![item]));
        }
        let value = Value::deserialize(map)?;
        self.odd(value)
    }

    visit_others!();
}
