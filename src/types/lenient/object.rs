//! Objects.

use super::seed::{OrNull, Seed, not_a};
use super::{Lenient, OBJECT};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

impl<T: Lenient> Lenient for BTreeMap<String, T> {
    const EXPECTED: &'static str = "an object";
    const WHOLE: bool = T::WHOLE;

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Option<Self>,
        odd: &mut Option<Value>,
    ) -> Result<bool, D::Error> {
        read_object(deserializer, odd, place)
    }
}

impl Lenient for serde_json::Map<String, Value> {
    const EXPECTED: &'static str = "an object";

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Option<Self>,
        odd: &mut Option<Value>,
    ) -> Result<bool, D::Error> {
        read_object(deserializer, odd, place)
    }
}

/// A place that takes the entries of an object.
pub(crate) trait Object {
    const EXPECTED: &'static str;

    fn read<'de, A: MapAccess<'de>>(self, map: A, odd: &mut Option<Value>) -> Result<(), A::Error>;

    /// Removes what an earlier value left in it.
    fn clear(self);
}

impl<T: Lenient> Object for &mut Option<BTreeMap<String, T>> {
    const EXPECTED: &'static str = "an object";

    fn read<'de, A: MapAccess<'de>>(
        self,
        mut map: A,
        odd: &mut Option<Value>,
    ) -> Result<(), A::Error> {
        let (mut entries, mut others) = (BTreeMap::new(), serde_json::Map::new());
        let (mut value, mut unread) = (None, None);
        while let Some(name) = map.next_key::<String>()? {
            if T::WHOLE {
                // `null` is an empty list, and no record.
                map.next_value_seed(OrNull(&mut value, &mut unread))?;
                unread = None;
                entries.extend(value.take().map(|value| (name, value)));
                continue;
            }
            if !map.next_value_seed(Seed(&mut value, &mut unread))? && unread.is_none() {
                unread = Some(Value::Null);
            }
            if let Some(unread) = unread.take() {
                others.insert(name.clone(), unread);
            }
            entries.extend(value.take().map(|value| (name, value)));
        }
        if !others.is_empty() {
            *odd = Some(Value::Object(others));
        }
        *self = Some(entries);
        Ok(())
    }

    fn clear(self) {
        *self = None;
    }
}

impl Object for &mut Option<serde_json::Map<String, Value>> {
    const EXPECTED: &'static str = "an object";

    fn read<'de, A: MapAccess<'de>>(self, map: A, _: &mut Option<Value>) -> Result<(), A::Error> {
        *self = Some(Deserialize::deserialize(MapAccessDeserializer::new(map))?);
        Ok(())
    }

    fn clear(self) {
        *self = None;
    }
}

/// Reads an object into a place; anything else is odd.
pub(crate) fn read_object<'de, D: Deserializer<'de>, O: Object>(
    deserializer: D,
    odd: &mut Option<Value>,
    place: O,
) -> Result<bool, D::Error> {
    let visitor = ObjectVisitor { place, odd, required: false };
    deserializer.deserialize_newtype_struct(OBJECT, visitor)
}

/// Reads an object into a place; anything else is an error, with its position in the text.
pub(crate) fn read_required_object<'de, D: Deserializer<'de>, O: Object>(
    deserializer: D,
    place: O,
) -> Result<(), D::Error> {
    let visitor = ObjectVisitor { place, odd: &mut None, required: true };
    deserializer.deserialize_newtype_struct(OBJECT, visitor).map(|_| ())
}

struct ObjectVisitor<'a, O> {
    place: O,
    odd: &'a mut Option<Value>,
    required: bool,
}

impl<O: Object> ObjectVisitor<'_, O> {
    fn none<E: Error>(self, odd: Option<Value>) -> Result<bool, E> {
        if self.required {
            return Err(not_a(O::EXPECTED, odd));
        }
        *self.odd = odd;
        self.place.clear();
        Ok(false)
    }
}

impl<'de, O: Object> Visitor<'de> for ObjectVisitor<'_, O> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(O::EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        self.place.read(map, self.odd)?;
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<bool, A::Error> {
        if self.required {
            return Err(A::Error::invalid_type(Unexpected::Seq, &O::EXPECTED));
        }
        let value = Value::deserialize(SeqAccessDeserializer::new(seq))?;
        self.none(Some(value))
    }

    visit_others!();
}
