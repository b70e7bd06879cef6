//! Records that pass over what the document does not name.

/// Serde for a struct that passes over what the document does not name.
macro_rules! closed_record {
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
                while let Some(key) =
                    map.next_key_seed(crate::types::KnownKey::<Self>(::std::marker::PhantomData))?
                {
                    let Some(index) = key else {
                        crate::types::skip(&mut map)?;
                        continue;
                    };
                    match index {
                        $($index => _ = crate::types::record_traits!(@read $class map $field odd),)*
                        _ => {}
                    }
                    unreadable.note(<Self as crate::types::Record>::NAMES, index, &mut odd);
                }
                place.put($name {
                    $($field: crate::types::record_traits!(@take $class $field $wire),)*
                    unreadable,
                });
                Ok(())
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
