//! Records that pass over what the document does not name.

/// Serde for a struct that passes over what the document does not name.
macro_rules! closed_record {
    ($name:ident { $($index:literal $wire:literal $field:ident $class:ident $target:ident $read:ty,)* }
        $(also { $($place:literal $other:literal $into:ident $kind:ident $how:ident $ty:ty,)* })?) => {
        const _: () = {
            crate::types::record_reader! {
                Closed [unreadable]
                $name { $($index $wire $field $class $target $read,)* }
                also { $($($place $other $into $kind $how $ty,)*)? }
            }
        };

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
        crate::types::write_optional(
            &mut $map, $wire, $self.$field.as_ref(), false, &$self.unreadable,
        )?
    };
    (@write $class:ident $self:ident $map:ident $wire:literal $field:ident) => {{
        let value = (!$self.$field.is_empty()).then_some(&$self.$field);
        crate::types::write_optional(&mut $map, $wire, value, false, &$self.unreadable)?
    }};
}
pub(crate) use closed_record;
