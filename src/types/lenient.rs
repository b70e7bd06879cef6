//! Reading what can be read.
//!
//! Services and their users write `"40"` for 40, `"True"` for `true`, `1.0` for 1, and now and then
//! something that is neither. One such value must not make a list of a thousand images unreadable: it is
//! handed back as it came, and the record that has the field keeps it under its name.

use serde::de::value::MapAccessDeserializer;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_json::{Number, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// A type that reads any JSON: `null` and what it cannot hold are not a value.
pub(crate) trait Lenient: Sized {
    /// What an error says that it is.
    const EXPECTED: &'static str;

    /// Whether a list is unreadable in which one of these is.
    const WHOLE: bool = false;

    /// Reads a value. What it cannot hold goes to `odd`.
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        odd: &mut Option<Value>,
    ) -> Result<Option<Self>, D::Error>;
}

/// A value that stands alone: text, number, boolean, time.
pub(crate) trait Leaf: Sized {
    const EXPECTED: &'static str;

    fn of_text(text: &str) -> Option<Self>;

    fn of_number(number: &Number) -> Option<Self>;

    fn of_bool(_: bool) -> Option<Self> {
        None
    }
}

/// Makes a leaf readable.
macro_rules! lenient_leaf {
    ($($leaf:ty),*) => {$(
        impl crate::types::Lenient for $leaf {
            const EXPECTED: &'static str = <Self as crate::types::Leaf>::EXPECTED;

            fn read<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
                odd: &mut Option<::serde_json::Value>,
            ) -> Result<Option<Self>, D::Error> {
                crate::types::read_leaf(deserializer, odd)
            }
        }
    )*};
}
pub(crate) use lenient_leaf;

lenient_leaf!(String, i64, f64, bool);

pub(crate) fn read_leaf<'de, D: Deserializer<'de>, T: Leaf>(
    deserializer: D,
    odd: &mut Option<Value>,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(LeafVisitor(odd, PhantomData))
}

struct LeafVisitor<'a, T>(&'a mut Option<Value>, PhantomData<T>);

impl<T> LeafVisitor<'_, T> {
    fn or_odd(self, read: Option<T>, value: impl FnOnce() -> Value) -> Option<T> {
        if read.is_none() {
            *self.0 = Some(value());
        }
        read
    }
}

impl<'de, T: Leaf> Visitor<'de> for LeafVisitor<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<T>, E> {
        Ok(self.or_odd(T::of_text(text), || text.into()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Option<T>, E> {
        Ok(self.or_odd(T::of_bool(value), || value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Option<T>, E> {
        Ok(self.or_odd(T::of_number(&value.into()), || value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Option<T>, E> {
        Ok(self.or_odd(T::of_number(&value.into()), || value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Option<T>, E> {
        let number = Number::from_f64(value);
        Ok(self.or_odd(number.as_ref().and_then(T::of_number), || value.into()))
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Option<T>, A::Error> {
        *self.0 = Some(Value::deserialize(SeqAccessDeserializer::new(seq))?);
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        *self.0 = Some(Value::deserialize(MapAccessDeserializer::new(map))?);
        Ok(None)
    }
}

impl Leaf for String {
    const EXPECTED: &'static str = "a string";

    fn of_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn of_number(number: &Number) -> Option<Self> {
        Some(number.to_string())
    }

    fn of_bool(value: bool) -> Option<Self> {
        Some(value.to_string())
    }
}

impl Leaf for i64 {
    const EXPECTED: &'static str = "an integer";

    fn of_text(text: &str) -> Option<Self> {
        let text = text.trim();
        text.parse().ok().or_else(|| Self::of_number(&Number::from_f64(text.parse().ok()?)?))
    }

    fn of_number(number: &Number) -> Option<Self> {
        // Whole numbers that a float holds exactly.
        const EXACT: f64 = (1_i64 << 53) as f64;
        let whole =
            |number: f64| (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64);
        number.as_i64().or_else(|| number.as_f64().filter(|_| number.is_f64()).and_then(whole))
    }
}

impl Leaf for f64 {
    const EXPECTED: &'static str = "a number";

    fn of_text(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    fn of_number(number: &Number) -> Option<Self> {
        number.as_f64()
    }
}

impl Leaf for bool {
    const EXPECTED: &'static str = "a boolean";

    fn of_text(text: &str) -> Option<Self> {
        boolean_word(text).map(|word| word == "true")
    }

    fn of_number(_: &Number) -> Option<Self> {
        None
    }

    fn of_bool(value: bool) -> Option<Self> {
        Some(value)
    }
}

/// `true` or `false` in the spellings of Python and of shells.
pub(crate) fn boolean_word(text: &str) -> Option<&'static str> {
    match text.trim() {
        "true" | "True" | "TRUE" => Some("true"),
        "false" | "False" | "FALSE" => Some("false"),
        _ => None,
    }
}

impl Lenient for Value {
    const EXPECTED: &'static str = "JSON";

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        _: &mut Option<Value>,
    ) -> Result<Option<Self>, D::Error> {
        Value::deserialize(deserializer).map(Some)
    }
}

impl<T: Lenient> Lenient for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const WHOLE: bool = T::WHOLE;

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        odd: &mut Option<Value>,
    ) -> Result<Option<Self>, D::Error> {
        Ok(T::read(deserializer, odd)?.map(Box::new))
    }
}

impl<T: Lenient> Lenient for Vec<T> {
    const EXPECTED: &'static str = "a list";
    const WHOLE: bool = T::WHOLE;

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        odd: &mut Option<Value>,
    ) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(Elements { odd, one: false, item: PhantomData })
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
        let items = deserializer.deserialize_any(Elements { odd, one: true, item: PhantomData })?;
        Ok(items.map(Self))
    }
}

struct Elements<'a, T> {
    odd: &'a mut Option<Value>,
    one: bool,
    item: PhantomData<T>,
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
            while let Some(item) = seq.next_element_seed(Required(PhantomData))? {
                list.push(item);
            }
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
        *self.odd = Some(Value::deserialize(map)?);
        Ok(None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<Vec<T>>, E> {
        *self.odd = Some(text.into());
        Ok(None)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Option<Vec<T>>, E> {
        *self.odd = Some(value.into());
        Ok(None)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Option<Vec<T>>, E> {
        *self.odd = Some(value.into());
        Ok(None)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Option<Vec<T>>, E> {
        *self.odd = Some(value.into());
        Ok(None)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Option<Vec<T>>, E> {
        *self.odd = Some(value.into());
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<Vec<T>>, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Option<Vec<T>>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Vec<T>>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

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
    deserializer.deserialize_any(ObjectVisitor(odd, object))
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

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        self.odd(text.into())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        self.odd(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        self.odd(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        self.odd(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        self.odd(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

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
        let read = T::read(deserializer, &mut odd)?;
        read.ok_or_else(|| {
            let found = odd.as_ref().map_or(Unexpected::Unit, unexpected);
            D::Error::invalid_type(found, &T::EXPECTED)
        })
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
struct OrNull<T>(PhantomData<T>);

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

/// A type that is read through any JSON.
macro_rules! lenient_by_value {
    ($name:ident) => {
        impl crate::types::Lenient for $name {
            const EXPECTED: &'static str = concat!("a ", stringify!($name));
            const WHOLE: bool = true;

            fn read<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
                odd: &mut Option<::serde_json::Value>,
            ) -> Result<Option<Self>, D::Error> {
                let value: ::serde_json::Value = ::serde::Deserialize::deserialize(deserializer)?;
                if value.is_null() {
                    return Ok(None);
                }
                match ::serde::Deserialize::deserialize(&value) {
                    Ok(read) => Ok(Some(read)),
                    Err(_) => {
                        *odd = Some(value);
                        Ok(None)
                    }
                }
            }
        }
    };
}
pub(crate) use lenient_by_value;
