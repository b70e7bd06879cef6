//! Reading what can be read.
//!
//! Services and their users write `"40"` for 40, `"True"` for `true`, `1.0` for 1, and now and then
//! something that is neither. One such value must not make a list of a thousand images unreadable: it is
//! handed back as it came, and the record that has the field keeps it under its name.

/// What a visitor of lists or objects does with anything else: `null` is not a value, and the rest is odd.
macro_rules! visit_others {
    () => {
        fn visit_str<E: ::serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            self.none(Some(text.into()))
        }

        fn visit_bool<E: ::serde::de::Error>(self, value: bool) -> Result<Self::Value, E> {
            self.none(Some(value.into()))
        }

        fn visit_i64<E: ::serde::de::Error>(self, value: i64) -> Result<Self::Value, E> {
            self.none(Some(value.into()))
        }

        fn visit_u64<E: ::serde::de::Error>(self, value: u64) -> Result<Self::Value, E> {
            self.none(Some(value.into()))
        }

        fn visit_f64<E: ::serde::de::Error>(self, value: f64) -> Result<Self::Value, E> {
            self.none(Some(value.into()))
        }

        fn visit_unit<E: ::serde::de::Error>(self) -> Result<Self::Value, E> {
            self.none(None)
        }

        fn visit_none<E: ::serde::de::Error>(self) -> Result<Self::Value, E> {
            self.none(None)
        }

        fn visit_some<D: ::serde::Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_any(self)
        }

        fn visit_newtype_struct<D: ::serde::Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_any(self)
        }
    };
}

mod leaf;
mod list;
mod object;
mod seed;

pub(crate) use leaf::{Leaf, LeafVisitor, boolean_word, lenient_leaf};
pub(crate) use list::OneOrMany;
pub(crate) use object::{Object, read_object, read_required_object};
#[cfg(feature = "keystone")]
pub(crate) use seed::read_required;
pub(crate) use seed::{OrNull, Required, Seed, not_a};

use serde::de::{Deserialize, Deserializer};
use serde_json::Value;

/// What a type expects, for formats that do not say themselves what they have: the names that a list and an
/// object are read by as newtypes. JSON takes no notice of them.
pub(crate) const LIST: &str = "list";
pub(crate) const OBJECT: &str = "object";

/// A type that reads any JSON: `null` and what it cannot hold are not a value.
pub(crate) trait Lenient: Sized {
    /// What an error says that it is.
    const EXPECTED: &'static str;

    /// Whether a list is unreadable in which one of these is.
    const WHOLE: bool = false;

    /// Reads a value into `place` and returns whether there was one; otherwise `place` is `None`. What the type cannot
    /// hold goes to `odd`.
    ///
    /// A result would move the value once per layer of the reader.
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Option<Self>,
        odd: &mut Option<Value>,
    ) -> Result<bool, D::Error>;

    /// Reads a value right into its list: moving a large one costs as much as a few of its fields.
    fn push<'de, D: Deserializer<'de>>(
        deserializer: D,
        odd: &mut Option<Value>,
        list: &mut Vec<Self>,
    ) -> Result<bool, D::Error> {
        let mut place = None;
        let read = Self::read(deserializer, &mut place, odd)?;
        if let Some(value) = place {
            list.push(value);
        }
        Ok(read)
    }
}

impl Lenient for Value {
    const EXPECTED: &'static str = "JSON";

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Option<Self>,
        _: &mut Option<Value>,
    ) -> Result<bool, D::Error> {
        *place = Some(Value::deserialize(deserializer)?);
        Ok(true)
    }
}

impl<T: Lenient> Lenient for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const WHOLE: bool = T::WHOLE;

    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Option<Self>,
        odd: &mut Option<Value>,
    ) -> Result<bool, D::Error> {
        let mut inner = None;
        let read = T::read(deserializer, &mut inner, odd)?;
        *place = inner.map(Box::new);
        Ok(read)
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
                place: &mut Option<Self>,
                odd: &mut Option<::serde_json::Value>,
            ) -> Result<bool, D::Error> {
                let value: ::serde_json::Value = ::serde::Deserialize::deserialize(deserializer)?;
                *place = None;
                if !value.is_null() {
                    *place = ::serde::Deserialize::deserialize(&value).ok();
                    if place.is_none() {
                        *odd = Some(value);
                    }
                }
                Ok(place.is_some())
            }
        }
    };
}
pub(crate) use lenient_by_value;
