//! Reading what can be read.
//!
//! Services and their users write `"40"` for 40, `"True"` for `true`, `1.0` for 1, and now and then
//! something that is neither. One such value must not make a list of a thousand images unreadable: it is
//! handed back as it came, and the record that has the field keeps it under its name.

mod json;
pub(crate) mod kind;
mod list;
mod map;
mod place;
mod reader;
mod scalar;
mod target;

pub(crate) use json::{FromJson, lenient_by_value};
use kind::Kind;
pub(crate) use list::one_or_many;
pub(crate) use map::{Object, Put};
pub(crate) use place::Place;
pub(crate) use reader::{Required, read_required};
pub(crate) use scalar::{Leaf, boolean_word, lenient_leaf};
pub(crate) use target::{Demand, Entries, Failed, Fields, Outcome, Slot, Target};

/// What a type expects, for formats that do not say themselves what they have: the names that a list and an
/// object are read by as newtypes; that of other values is empty. JSON takes no notice of them.
pub(crate) const LIST: &str = "list";
pub(crate) const OBJECT: &str = "object";

/// A type that reads any JSON: `null` and what it cannot hold are not a value.
pub(crate) trait Lenient: Sized {
    /// What an error says that it is.
    const EXPECTED: &'static str;

    /// Whether a list is unreadable in which something else is.
    const STRICT: bool = false;

    /// Reads a whole text by serde's own reader, for a type that is not read by places.
    const FROM_JSON: Option<fn(&str) -> serde_json::Result<Self>> = None;

    /// What it is in JSON, of `kind`.
    type Kind: Kind<Self>;
}

impl Lenient for () {
    const EXPECTED: &'static str = "anything";

    type Kind = kind::Nothing;
}

impl<T: Lenient> Lenient for Box<T>
where
    T::Kind: Kind<Self>,
{
    const EXPECTED: &'static str = T::EXPECTED;
    const STRICT: bool = T::STRICT;

    type Kind = T::Kind;
}

/// A field as the target of the reader.
pub(crate) fn field<T: Lenient>(field: &mut Option<T>) -> Target<'_> {
    T::Kind::field(field)
}

/// A place as the target of the reader.
pub(crate) fn target<P: Place<Item: Lenient>>(place: &mut P) -> Target<'_> {
    <P::Item as Lenient>::Kind::target(place)
}
