//! Records with the properties that the document does not name.

/// Serde for a struct that keeps what the document does not name, and which of its fields came as `null`
/// or as an empty list, so that it is written as it was read.
macro_rules! open_record {
    ($name:ident { $($index:literal $wire:literal $field:ident $class:ident $read:ty,)* }
        $(also { $($place:literal $other:literal)* })?) => {
        crate::types::record_traits!($name);

        impl crate::types::Record for $name {
            const EXPECTED: &'static str = concat!("an object, ", stringify!($name));

            crate::types::record_traits!(@index $($index $wire)* also $($($place $other)*)?);

            fn read<'de, A: ::serde::de::MapAccess<'de>>(
                mut map: A,
                place: &mut dyn crate::types::Place<Self>,
            ) -> Result<(), A::Error> {
                $(let mut $field: Option<$read> = None;)*
                let mut odd: Option<::serde_json::Value> = None;
                let mut unreadable = crate::types::Unreadable::default();
                let mut extra = crate::types::Properties::default();
                let mut name = crate::types::Text::default();
                while let Some(key) = map
                    .next_key_seed(crate::types::AnyKey::<Self>(&mut name, ::std::marker::PhantomData))?
                {
                    let Some(index) = key else {
                        let value: crate::types::Property = map.next_value()?;
                        extra.push(::std::mem::take(&mut name), value);
                        continue;
                    };
                    let is_value = match index {
                        $($index => {
                            let is_value = crate::types::record_traits!(@read $class map $field odd);
                            crate::types::open_record!(@note $class extra $index $field odd);
                            is_value
                        })*
                        _ => false,
                    };
                    if !is_value {
                        extra.note_null(index, odd.is_none());
                    }
                    unreadable.note(<Self as crate::types::Record>::NAMES, index, &mut odd);
                }
                extra.sort();
                place.put($name {
                    $($field: crate::types::record_traits!(@take $class $field $wire),)*
                    extra,
                    unreadable,
                });
                Ok(())
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

    (@note list $extra:ident $index:literal $field:ident $odd:ident) => {
        $extra.note_empty_list(
            $index,
            $odd.is_none() && $field.as_ref().is_some_and(|list| list.is_empty()),
        )
    };
    (@note $class:ident $extra:ident $index:literal $field:ident $odd:ident) => {};

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
