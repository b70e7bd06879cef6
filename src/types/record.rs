//! Reader and writer of the objects of answers.

mod closed;
mod open;
#[cfg(test)]
mod tests;

pub(crate) use closed::closed_record;
pub(crate) use open::open_record;

use super::Text;
use super::lenient::{Object, not_a, read_required_object};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// An object with fields.
pub(crate) trait Record: Sized {
    const EXPECTED: &'static str;

    /// The names of the fields, by index.
    const NAMES: &'static [&'static str];

    /// The index of a field.
    fn index(name: &str) -> Option<u8>;

    /// Reads the fields, and puts the record into its place.
    fn read<'de, A: MapAccess<'de>>(map: A, place: &mut dyn Place<Self>) -> Result<(), A::Error>;
}

/// Where a record goes: a field, or the end of a list.
pub(crate) trait Place<T> {
    fn put(&mut self, record: T);
    /// Removes what an earlier value left in a field.
    fn clear(&mut self);
}

impl<T> Place<T> for Option<T> {
    fn put(&mut self, record: T) {
        *self = Some(record);
    }

    fn clear(&mut self) {
        *self = None;
    }
}

impl<T> Place<T> for Vec<T> {
    fn put(&mut self, record: T) {
        self.push(record);
    }

    fn clear(&mut self) {}
}

impl<T: Record> Object for &mut (dyn Place<T> + '_) {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read<'de, A: MapAccess<'de>>(
        self,
        map: A,
        _: &mut Option<serde_json::Value>,
    ) -> Result<(), A::Error> {
        T::read(map, self)
    }

    fn clear(self) {
        Place::clear(self);
    }
}

/// Reads a record where nothing else can stand.
pub(crate) fn read_record<'de, D: Deserializer<'de>, T: Record>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut record = None;
    let place: &mut dyn Place<T> = &mut record;
    read_required_object(deserializer, place)?;
    record.ok_or_else(|| not_a(T::EXPECTED, None))
}

/// Reads the keys of a record that keeps what it does not know: a field by its index, or the name of another property
/// into the text.
pub(crate) struct AnyKey<'a, T>(pub &'a mut Text, pub PhantomData<T>);

impl<'de, T: Record> DeserializeSeed<'de> for AnyKey<'_, T> {
    type Value = Option<u8>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<u8>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: Record> Visitor<'_> for AnyKey<'_, T> {
    type Value = Option<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<u8>, E> {
        let index = T::index(name);
        if index.is_none() {
            *self.0 = name.into();
        }
        Ok(index)
    }
}

/// Reads the keys of a record that passes over what it does not know.
pub(crate) struct KnownKey<T>(pub PhantomData<T>);

impl<'de, T: Record> DeserializeSeed<'de> for KnownKey<T> {
    type Value = Option<u8>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<u8>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: Record> Visitor<'_> for KnownKey<T> {
    type Value = Option<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<u8>, E> {
        Ok(T::index(name))
    }
}

/// Passes over the value of a property that no field is for.
pub(crate) fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<serde::de::IgnoredAny>().map(|_| ())
}

/// What both kinds of records have.
///
/// Each entry is index, name in JSON, field, class, and the type that is read for it (for an optional
/// field, what is inside of the `Option`). A class is `required`, `optional`, `list`, `required_list` or
/// `listed`. A list, which may be a map, is empty where `null` came; one that has to be there, or that holds
/// the items of a page (`listed`), is an error where something else came. A field that comes twice has its
/// last value. Behind `also` stand other spellings of names in JSON, each with its index.
macro_rules! record_traits {
    ($name:ident) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::types::read_record(deserializer)
            }
        }

        impl crate::types::Lenient for $name {
            const EXPECTED: &'static str = <Self as crate::types::Record>::EXPECTED;
            const WHOLE: bool = true;

            fn read<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
                place: &mut Option<Self>,
                odd: &mut Option<::serde_json::Value>,
            ) -> Result<bool, D::Error> {
                let place: &mut dyn crate::types::Place<Self> = place;
                crate::types::read_object(deserializer, odd, place)
            }

            fn push<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
                odd: &mut Option<::serde_json::Value>,
                list: &mut Vec<Self>,
            ) -> Result<bool, D::Error> {
                let place: &mut dyn crate::types::Place<Self> = list;
                crate::types::read_object(deserializer, odd, place)
            }
        }
    };

    (@index $($index:literal $wire:literal)* also $($place:literal $other:literal)*) => {
        const NAMES: &'static [&'static str] = &[$($wire),*];

        fn index(name: &str) -> Option<u8> {
            match name {
                $($wire => Some($index),)*
                $($other => Some($place),)*
                _ => None,
            }
        }
    };

    // Reads a field; gives whether there is a value.
    (@read required $map:ident $field:ident $odd:ident) => {{
        $map.next_value_seed(crate::types::Required(&mut $field))?;
        true
    }};
    (@read required_list $map:ident $field:ident $odd:ident) => {{
        $map.next_value_seed(crate::types::OrNull(&mut $field, &mut $odd))?;
        $field.get_or_insert_default();
        true
    }};
    (@read listed $map:ident $field:ident $odd:ident) => {
        crate::types::record_traits!(@read required_list $map $field $odd)
    };
    (@read $class:ident $map:ident $field:ident $odd:ident) => {
        $map.next_value_seed(crate::types::Seed(&mut $field, &mut $odd))?
    };

    (@take required $field:ident $wire:literal) => {
        match $field {
            Some(value) => value.into(),
            None => return Err(::serde::de::Error::missing_field($wire)),
        }
    };
    (@take required_list $field:ident $wire:literal) => {
        crate::types::record_traits!(@take required $field $wire)
    };
    (@take optional $field:ident $wire:literal) => { $field.map(Into::into) };
    (@take list $field:ident $wire:literal) => { $field.map(Into::into).unwrap_or_default() };
    (@take listed $field:ident $wire:literal) => { $field.map(Into::into).unwrap_or_default() };
}
pub(crate) use record_traits;
