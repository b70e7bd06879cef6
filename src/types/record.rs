//! Reader and writer of objects that carry properties beyond their fields.

use super::Text;
use serde::de::{Deserializer, Error, Visitor};
use std::fmt;

/// The key of an entry: a field by its index, or another property by its name.
pub(crate) enum Key {
    Field(u8),
    Other(Text),
}

/// Reads a key, where `index` knows the fields.
pub(crate) fn known_or_text<'de, D: Deserializer<'de>>(
    deserializer: D,
    index: fn(&str) -> Option<u8>,
) -> Result<Key, D::Error> {
    struct Name(fn(&str) -> Option<u8>);

    impl Visitor<'_> for Name {
        type Value = Key;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the name of a property")
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
            Ok((self.0)(name).map_or_else(|| Key::Other(name.into()), Key::Field))
        }
    }

    deserializer.deserialize_str(Name(index))
}

/// Serde for a struct whose last field is `extra: Properties`.
///
/// Each entry is index, name in JSON, field, `required`, `optional` or `list`, and the type that is
/// read for it (for an optional field, what is inside of the `Option`). A field that comes twice has
/// its last value; one that comes as `null` or as an empty list is written so again.
macro_rules! open_record {
    ($name:ident { $($index:literal $wire:literal $field:ident $class:ident $read:ty,)* }) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields;
                struct Name;

                fn index(name: &str) -> Option<u8> {
                    match name {
                        $($wire => Some($index),)*
                        _ => None,
                    }
                }

                impl<'de> ::serde::de::DeserializeSeed<'de> for Name {
                    type Value = crate::types::Key;

                    fn deserialize<D: ::serde::Deserializer<'de>>(
                        self,
                        deserializer: D,
                    ) -> Result<Self::Value, D::Error> {
                        crate::types::known_or_text(deserializer, index)
                    }
                }

                impl<'de> ::serde::de::Visitor<'de> for Fields {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("an object, ", stringify!($name)))
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<$name, A::Error> {
                        $(let mut $field: Option<$read> = None;)*
                        let mut extra = crate::types::Properties::default();
                        while let Some(key) = map.next_key_seed(Name)? {
                            match key {
                                $(crate::types::Key::Field($index) => {
                                    crate::types::open_record!(@read $class map extra $index $field);
                                })*
                                crate::types::Key::Field(_) => {}
                                crate::types::Key::Other(name) => {
                                    let value: crate::types::Property = map.next_value()?;
                                    extra.insert(name, value);
                                }
                            }
                        }
                        Ok($name {
                            $($field: crate::types::open_record!(@take $class $field $wire),)*
                            extra,
                        })
                    }
                }

                deserializer.deserialize_map(Fields)
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

    (@read required $map:ident $extra:ident $index:literal $field:ident) => {
        $field = Some($map.next_value()?)
    };
    (@read list $map:ident $extra:ident $index:literal $field:ident) => {{
        $field = $map.next_value()?;
        match &$field {
            None => $extra.note_null($index),
            Some(list) if list.is_empty() => $extra.note_empty_list($index),
            Some(_) => {}
        }
    }};
    (@read optional $map:ident $extra:ident $index:literal $field:ident) => {{
        $field = $map.next_value()?;
        if $field.is_none() {
            $extra.note_null($index);
        }
    }};

    (@take required $field:ident $wire:literal) => {
        match $field {
            Some(value) => value.into(),
            None => return Err(::serde::de::Error::missing_field($wire)),
        }
    };
    (@take optional $field:ident $wire:literal) => { $field.map(Into::into) };
    (@take list $field:ident $wire:literal) => { $field.unwrap_or_default() };

    (@write required $self:ident $map:ident $index:literal $wire:literal $field:ident) => {
        ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
    };
    (@write optional $self:ident $map:ident $index:literal $wire:literal $field:ident) => {
        if $self.$field.is_some() || $self.extra.was_null($index) {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
        }
    };
    (@write list $self:ident $map:ident $index:literal $wire:literal $field:ident) => {
        if !$self.$field.is_empty() || $self.extra.was_empty_list($index) {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
        } else if $self.extra.was_null($index) {
            ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &())?
        }
    };
}
pub(crate) use open_record;
