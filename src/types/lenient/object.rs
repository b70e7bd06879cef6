//! Objects.

use super::seed::{OrNull, Seed};
use super::{Lenient, OBJECT};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

impl<T: Lenient> Lenient for BTreeMap<String, T> {
    const EXPECTED: &'static str = "an object";
    const WHOLE: bool = T::WHOLE;

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        odd: &mut Option<Value>,
    ) -> Result<Option<Self>, D::Error> {
        read_object(deserializer, odd, Entries(PhantomData))
    }
}

impl Lenient for serde_json::Map<String, Value> {
    const EXPECTED: &'static str = "an object";

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        odd: &mut Option<Value>,
    ) -> Result<Option<Self>, D::Error> {
        read_object(deserializer, odd, AnyEntries)
    }
}

/// What reads the entries of an object.
pub(crate) trait Object {
    type Value;
    const EXPECTED: &'static str;

    fn read<'de, A: MapAccess<'de>>(
        self,
        map: A,
        odd: &mut Option<Value>,
    ) -> Result<Self::Value, A::Error>;
}

struct Entries<T>(PhantomData<T>);

impl<T: Lenient> Object for Entries<T> {
    type Value = BTreeMap<String, T>;
    const EXPECTED: &'static str = "an object";

    fn read<'de, A: MapAccess<'de>>(
        self,
        mut map: A,
        odd: &mut Option<Value>,
    ) -> Result<Self::Value, A::Error> {
        let (mut entries, mut others) = (BTreeMap::new(), serde_json::Map::new());
        while let Some(name) = map.next_key::<String>()? {
            if T::WHOLE {
                // `null` is an empty list, and no record.
                if let Some(value) = map.next_value_seed(OrNull(PhantomData))? {
                    entries.insert(name, value);
                }
                continue;
            }
            let mut unread = None;
            match map.next_value_seed(Seed(&mut unread, PhantomData))? {
                Some(value) => _ = entries.insert(name.clone(), value),
                None if unread.is_none() => _ = others.insert(name.clone(), Value::Null),
                None => {}
            }
            if let Some(unread) = unread {
                others.insert(name, unread);
            }
        }
        if !others.is_empty() {
            *odd = Some(Value::Object(others));
        }
        Ok(entries)
    }
}

struct AnyEntries;

impl Object for AnyEntries {
    type Value = serde_json::Map<String, Value>;
    const EXPECTED: &'static str = "an object";

    fn read<'de, A: MapAccess<'de>>(
        self,
        map: A,
        _: &mut Option<Value>,
    ) -> Result<Self::Value, A::Error> {
        Deserialize::deserialize(MapAccessDeserializer::new(map))
    }
}

/// Reads an object; anything else is odd.
pub(crate) fn read_object<'de, D: Deserializer<'de>, O: Object>(
    deserializer: D,
    odd: &mut Option<Value>,
    object: O,
) -> Result<Option<O::Value>, D::Error> {
    deserializer.deserialize_newtype_struct(OBJECT, ObjectVisitor(odd, object))
}

struct ObjectVisitor<'a, O>(&'a mut Option<Value>, O);

impl<O: Object> ObjectVisitor<'_, O> {
    fn odd<E>(self, value: Value) -> Result<Option<O::Value>, E> {
        *self.0 = Some(value);
        Ok(None)
    }
}

impl<'de, O: Object> Visitor<'de> for ObjectVisitor<'_, O> {
    type Value = Option<O::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(O::EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.1.read(map, self.0).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        let value = Value::deserialize(SeqAccessDeserializer::new(seq))?;
        self.odd(value)
    }

    visit_others!();
}
