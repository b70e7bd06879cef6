//! Reader and writer of the objects of answers.

mod closed;
mod open;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use closed::closed_record;
pub(crate) use open::open_record;
pub(crate) use writer::write_optional;

use super::lenient::{Outcome, Target};
use super::{Properties, Unreadable};

/// What a record has besides its fields.
pub(crate) trait Rest: Default {
    /// Where the value of a property goes that no field is for.
    fn other(&mut self, name: &str) -> Target<'_>;

    /// Notes what became of the value of a field, given by index and name.
    fn note(&mut self, index: u8, name: &'static str, outcome: Outcome);

    /// The object is read.
    fn end(&mut self) {}
}

/// Of a record that passes over other properties.
#[derive(Default)]
pub(crate) struct Closed {
    pub unreadable: Unreadable,
}

impl Rest for Closed {
    fn other(&mut self, _: &str) -> Target<'_> {
        Target::Nowhere
    }

    fn note(&mut self, _: u8, name: &'static str, outcome: Outcome) {
        self.unreadable.note(name, outcome.unread());
    }
}

/// Of a record that keeps other properties.
#[derive(Default)]
pub(crate) struct Open {
    pub extra: Properties,
    pub unreadable: Unreadable,
}

impl Rest for Open {
    #[inline(never)]
    fn other(&mut self, name: &str) -> Target<'_> {
        Target::Property(self.extra.push(name.into()))
    }

    fn note(&mut self, index: u8, name: &'static str, outcome: Outcome) {
        if let Outcome::Null | Outcome::Odd(_) | Outcome::Partly(_) = outcome {
            self.extra.note_null(index, matches!(outcome, Outcome::Null));
        }
        self.extra.note_empty_list(index, matches!(outcome, Outcome::Empty));
        self.unreadable.note(name, outcome.unread());
    }

    fn end(&mut self) {
        self.extra.sort();
    }
}

/// Reads an object into a struct.
///
/// First stands the type of what it has besides its fields, and which fields of the struct that is. Each entry is index,
/// name in JSON, field, class, what makes a target of the field (`field` or `one_or_many`), and its type (for an
/// optional field, what is inside of the `Option`). A class is `required`, `optional`, `list`, `required_list` or
/// `listed`. A list, which may be a map, is empty where `null` came; one that has to be there, or that holds
/// the items of a page (`listed`), is an error where something else came. A field that comes twice has its
/// last value. Behind `also` stand other spellings of names in JSON, in the same form.
///
/// The names with underscores can be no name of a document.
macro_rules! record_reader {
    ($rest:ident [$($more:ident)*]
        $name:ident { $($index:literal $wire:literal $field:ident $class:ident $target:ident $read:ty,)* }
        also { $($place:literal $other:literal $into:ident $kind:ident $how:ident $ty:ty,)* }) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::types::read_required(deserializer)
            }
        }

        impl crate::types::Lenient for $name {
            const EXPECTED: &'static str = concat!("an object, ", stringify!($name));
            const STRICT: bool = true;

            type Kind = crate::types::kind::Entries;
        }

        struct __Fields {
            $($field: Option<$read>,)*
            __rest: crate::types::$rest,
        }

        impl crate::types::Fields for __Fields {
            fn find<'a>(&'a mut self, name: &str, slot: &mut crate::types::Slot<'a>) {
                match name {
                    $($wire => {
                        slot.index = $index;
                        crate::types::record_reader!(@demand $class slot $read);
                        slot.target = crate::types::$target(&mut self.$field);
                    })*
                    $($other => {
                        slot.index = $place;
                        crate::types::record_reader!(@demand $kind slot $ty);
                        slot.target = crate::types::$how(&mut self.$into);
                    })*
                    _ => slot.target = crate::types::Rest::other(&mut self.__rest, name),
                }
            }

            fn note(&mut self, index: u8, outcome: crate::types::Outcome) {
                const NAMES: &[&str] = &[$($wire),*];
                if let crate::types::Outcome::Null = outcome {
                    match index {
                        $($index => crate::types::record_reader!(@null $class self.$field),)*
                        _ => {}
                    }
                }
                crate::types::Rest::note(&mut self.__rest, index, NAMES[usize::from(index)], outcome);
            }
        }

        impl crate::types::Object for $name {
            fn read(
                entries: &mut dyn crate::types::Entries,
                place: &mut dyn crate::types::Put<Self>,
            ) -> Result<crate::types::Outcome, crate::types::Failed> {
                let mut fields = __Fields { $($field: None,)* __rest: ::std::default::Default::default() };
                entries.read_into(&mut fields)?;
                match fields {
                    __Fields {
                        $($field: crate::types::record_reader!(@pattern $class $field),)*
                        __rest: mut rest,
                    } => {
                        crate::types::Rest::end(&mut rest);
                        place.put($name {
                            $($field: crate::types::record_reader!(@take $class $field),)*
                            $($more: rest.$more,)*
                        });
                        Ok(crate::types::Outcome::Read)
                    }
                    #[allow(unreachable_patterns)]
                    fields => Err(crate::types::Failed::MissingField(fields.missing())),
                }
            }
        }

        impl __Fields {
            /// The name of a field that has to be there and is not.
            fn missing(&self) -> &'static str {
                $(crate::types::record_reader!(@missing $class self.$field, $wire);)*
                ""
            }
        }
    };

    (@demand required $slot:ident $read:ty) => {
        $slot.demand = crate::types::Demand::Type(<$read as crate::types::Lenient>::EXPECTED)
    };
    (@demand required_list $slot:ident $read:ty) => {
        $slot.demand = crate::types::Demand::TypeOrNull(<$read as crate::types::Lenient>::EXPECTED)
    };
    (@demand listed $slot:ident $read:ty) => {
        crate::types::record_reader!(@demand required_list $slot $read)
    };
    (@demand $class:ident $slot:ident $read:ty) => {};

    // What stands for `null`.
    (@null required_list $value:expr) => { $value = Some(::std::default::Default::default()) };
    (@null listed $value:expr) => { crate::types::record_reader!(@null required_list $value) };
    (@null $class:ident $value:expr) => { {} };

    (@pattern required $field:ident) => { Some($field) };
    (@pattern required_list $field:ident) => { Some($field) };
    (@pattern $class:ident $field:ident) => { $field };

    (@take list $field:ident) => { $field.unwrap_or_default() };
    (@take listed $field:ident) => { $field.unwrap_or_default() };
    (@take $class:ident $field:ident) => { $field };

    (@missing required $value:expr, $wire:literal) => {
        if $value.is_none() {
            return $wire;
        }
    };
    (@missing required_list $value:expr, $wire:literal) => {
        crate::types::record_reader!(@missing required $value, $wire)
    };
    (@missing $class:ident $value:expr, $wire:literal) => {};
}
pub(crate) use record_reader;
