//! Reader and writer of the objects of answers.

mod closed;
mod open;

pub(crate) use closed::closed_record;
pub(crate) use open::open_record;

use super::lenient::{Lenient, Seed};
use super::{Text, Unreadable};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// An object with fields.
pub(crate) trait Record: Sized {
    const EXPECTED: &'static str;

    /// The index of a field.
    fn index(name: &str) -> Option<u8>;

    fn read<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

/// Reads a record where nothing else can stand.
pub(crate) fn read_record<'de, D: Deserializer<'de>, T: Record>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Fields<T>(PhantomData<T>);

    impl<'de, T: Record> Visitor<'de> for Fields<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(T::EXPECTED)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::read(map)
        }
    }

    deserializer.deserialize_any(Fields(PhantomData))
}

/// A record among other things that it may be.
pub(crate) struct Fields<T>(pub PhantomData<T>);

impl<T: Record> super::lenient::Object for Fields<T> {
    type Value = T;
    const EXPECTED: &'static str = T::EXPECTED;

    fn read<'de, A: MapAccess<'de>>(
        self,
        map: A,
        _: &mut Option<serde_json::Value>,
    ) -> Result<T, A::Error> {
        T::read(map)
    }
}

/// Records that go into a list.
pub(crate) struct Listed<'a, T>(pub &'a mut Vec<T>);

impl<T: Record> super::lenient::Object for Listed<'_, T> {
    type Value = ();
    const EXPECTED: &'static str = T::EXPECTED;

    fn read<'de, A: MapAccess<'de>>(
        self,
        map: A,
        _: &mut Option<serde_json::Value>,
    ) -> Result<(), A::Error> {
        self.0.push(T::read(map)?);
        Ok(())
    }
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

/// Reads the value of a field that need not be there.
pub(crate) fn read_field<'de, T: Lenient, A: MapAccess<'de>>(
    map: &mut A,
    name: &'static str,
    unreadable: &mut Unreadable,
) -> Result<Option<T>, A::Error> {
    let mut odd = None;
    let value = map.next_value_seed(Seed(&mut odd, PhantomData))?;
    if !unreadable.is_empty() {
        unreadable.forget(name);
    }
    if let Some(odd) = odd {
        unreadable.insert(name, odd);
    }
    Ok(value)
}

/// Reads a list that has to be there. `null` is an empty one.
pub(crate) fn read_list<'de, T: Lenient + Default, A: MapAccess<'de>>(
    map: &mut A,
    name: &'static str,
    unreadable: &mut Unreadable,
) -> Result<T, A::Error> {
    let mut odd = None;
    let list = map.next_value_seed(super::lenient::RequiredList(&mut odd, PhantomData))?;
    if let Some(odd) = odd {
        unreadable.insert(name, odd);
    }
    Ok(list)
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
                odd: &mut Option<::serde_json::Value>,
            ) -> Result<Option<Self>, D::Error> {
                let fields = crate::types::RecordFields::<Self>(::std::marker::PhantomData);
                crate::types::read_object(deserializer, odd, fields)
            }

            fn push<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
                odd: &mut Option<::serde_json::Value>,
                list: &mut Vec<Self>,
            ) -> Result<Option<()>, D::Error> {
                crate::types::read_object(deserializer, odd, crate::types::Listed(list))
            }
        }
    };

    (@index $($index:literal $wire:literal)*) => {
        fn index(name: &str) -> Option<u8> {
            match name {
                $($wire => Some($index),)*
                _ => None,
            }
        }
    };

    (@read required $map:ident $unreadable:ident $wire:literal $read:ty) => {
        Some($map.next_value_seed(crate::types::Required::<$read>(::std::marker::PhantomData))?)
    };
    (@read required_list $map:ident $unreadable:ident $wire:literal $read:ty) => {
        Some(crate::types::read_list::<$read, A>(&mut $map, $wire, &mut $unreadable)?)
    };
    (@read listed $map:ident $unreadable:ident $wire:literal $read:ty) => {
        crate::types::record_traits!(@read required_list $map $unreadable $wire $read)
    };
    (@read $class:ident $map:ident $unreadable:ident $wire:literal $read:ty) => {
        crate::types::read_field::<$read, A>(&mut $map, $wire, &mut $unreadable)?
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
