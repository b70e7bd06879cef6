//! Records with the properties that the document does not name.

/// Serde for a struct that keeps what the document does not name, and which of its fields came as `null`
/// or as an empty list, so that it is written as it was read.
macro_rules! open_record {
    ($name:ident { $($index:literal $wire:literal $field:ident $class:ident $target:ident $read:ty,)* }
        $(also { $($place:literal $other:literal $into:ident $kind:ident $how:ident $ty:ty,)* })?) => {
        const _: () = {
            crate::types::record_reader! {
                Open [extra unreadable]
                $name { $($index $wire $field $class $target $read,)* }
                also { $($($place $other $into $kind $how $ty,)*)? }
            }
        };

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

    (@write required $self:ident $map:ident $index:literal $wire:literal $field:ident) => {
        ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
    };
    (@write required_list $self:ident $map:ident $index:literal $wire:literal $field:ident) => {
        ::serde::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$self.$field)?
    };
    (@write optional $self:ident $map:ident $index:literal $wire:literal $field:ident) => {
        crate::types::write_optional(
            &mut $map, $wire, $self.$field.as_ref(), $self.extra.was_null($index), &$self.unreadable,
        )?
    };
    // One that was read as an empty list has a value.
    (@write $class:ident $self:ident $map:ident $index:literal $wire:literal $field:ident) => {{
        let is_value = !$self.$field.is_empty() || $self.extra.was_empty_list($index);
        let value = is_value.then_some(&$self.$field);
        crate::types::write_optional(
            &mut $map, $wire, value, $self.extra.was_null($index), &$self.unreadable,
        )?
    }};
}
pub(crate) use open_record;
