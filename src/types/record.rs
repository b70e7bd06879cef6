//! Reader and writer of the objects of answers.

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

/// The key of an entry: a field by its index, or another property by its name.
pub(crate) enum Key {
    Field(u8),
    Other(Text),
}

/// Reads the keys of a record that keeps what it does not know.
pub(crate) struct AnyKey<T>(pub PhantomData<T>);

impl<'de, T: Record> DeserializeSeed<'de> for AnyKey<T> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: Record> Visitor<'_> for AnyKey<T> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
        Ok(T::index(name).map_or_else(|| Key::Other(name.into()), Key::Field))
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
/// last value.
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

/// Serde for a struct that passes over what the document does not name.
macro_rules! closed_record {
    ($name:ident { $($index:literal $wire:literal $field:ident $class:ident $read:ty,)* }) => {
        crate::types::record_traits!($name);

        impl crate::types::Record for $name {
            const EXPECTED: &'static str = concat!("an object, ", stringify!($name));

            crate::types::record_traits!(@index $($index $wire)*);

            #[allow(unused_mut)]
            fn read<'de, A: ::serde::de::MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
                $(let mut $field: Option<$read> = None;)*
                let mut unreadable = crate::types::Unreadable::default();
                while let Some(key) =
                    map.next_key_seed(crate::types::KnownKey::<Self>(::std::marker::PhantomData))?
                {
                    match key {
                        $(Some($index) => {
                            $field = crate::types::record_traits!(@read $class map unreadable $wire $read);
                        })*
                        _ => crate::types::skip(&mut map)?,
                    }
                }
                Ok($name {
                    $($field: crate::types::record_traits!(@take $class $field $wire),)*
                    unreadable,
                })
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $(crate::types::closed_record!(@write $class self map $wire $field);)*
                ::serde::ser::SerializeMap::end(map)
            }
        }
    };

    (@write required $self:ident $map:ident $wire:literal $field:ident) => {
        ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
    };
    (@write required_list $self:ident $map:ident $wire:literal $field:ident) => {
        ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
    };
    (@write optional $self:ident $map:ident $wire:literal $field:ident) => {
        if $self.$field.is_some() {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
        } else if let Some(value) = $self.unreadable.get($wire) {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, value)?
        }
    };
    (@write listed $self:ident $map:ident $wire:literal $field:ident) => {
        crate::types::closed_record!(@write list $self $map $wire $field)
    };
    (@write list $self:ident $map:ident $wire:literal $field:ident) => {
        if !$self.$field.is_empty() {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
        } else if let Some(value) = $self.unreadable.get($wire) {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, value)?
        }
    };
}
pub(crate) use closed_record;

/// Serde for a struct that keeps what the document does not name, and which of its fields came as `null`
/// or as an empty list, so that it is written as it was read.
macro_rules! open_record {
    ($name:ident { $($index:literal $wire:literal $field:ident $class:ident $read:ty,)* }) => {
        crate::types::record_traits!($name);

        impl crate::types::Record for $name {
            const EXPECTED: &'static str = concat!("an object, ", stringify!($name));

            crate::types::record_traits!(@index $($index $wire)*);

            #[allow(unused_mut)]
            fn read<'de, A: ::serde::de::MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
                $(let mut $field: Option<$read> = None;)*
                let mut unreadable = crate::types::Unreadable::default();
                let mut extra = crate::types::Properties::default();
                while let Some(key) =
                    map.next_key_seed(crate::types::AnyKey::<Self>(::std::marker::PhantomData))?
                {
                    match key {
                        $(crate::types::Key::Field($index) => {
                            $field = crate::types::record_traits!(@read $class map unreadable $wire $read);
                            let null = $field.is_none() && unreadable.get($wire).is_none();
                            extra.note_null($index, null);
                            crate::types::open_record!(@note $class extra $index $field);
                        })*
                        crate::types::Key::Field(_) => {}
                        crate::types::Key::Other(name) => {
                            let value: crate::types::Property = map.next_value()?;
                            extra.insert(name, value);
                        }
                    }
                }
                Ok($name {
                    $($field: crate::types::record_traits!(@take $class $field $wire),)*
                    extra,
                    unreadable,
                })
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $(crate::types::open_record!(@write $class self map $index $wire $field);)*
                for (name, value) in self.extra.iter() {
                    ::serde::ser::SerializeMap::serialize_entry(&mut map, name, value)?;
                }
                ::serde::ser::SerializeMap::end(map)
            }
        }
    };

    (@note list $extra:ident $index:literal $field:ident) => {
        $extra.note_empty_list($index, $field.as_ref().is_some_and(|list| list.is_empty()))
    };
    (@note $class:ident $extra:ident $index:literal $field:ident) => {};

    (@write required $self:ident $map:ident $index:literal $wire:literal $field:ident) => {
        ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
    };
    (@write required_list $self:ident $map:ident $index:literal $wire:literal $field:ident) => {
        ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
    };
    (@write optional $self:ident $map:ident $index:literal $wire:literal $field:ident) => {
        if $self.$field.is_some() || $self.extra.was_null($index) {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
        } else if let Some(value) = $self.unreadable.get($wire) {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, value)?
        }
    };
    (@write listed $self:ident $map:ident $index:literal $wire:literal $field:ident) => {
        crate::types::open_record!(@write list $self $map $index $wire $field)
    };
    (@write list $self:ident $map:ident $index:literal $wire:literal $field:ident) => {
        if !$self.$field.is_empty() || $self.extra.was_empty_list($index) {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
        } else if $self.extra.was_null($index) {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &())?
        } else if let Some(value) = $self.unreadable.get($wire) {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, value)?
        }
    };
}
pub(crate) use open_record;
