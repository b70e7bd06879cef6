//! Lists.

use super::kind::{self, Kind};
use super::target::ListPlace;
use super::{Lenient, Place, Target, target};

/// A type that is a list in JSON.
pub(crate) trait Items: Sized {
    type Item: Lenient;

    fn with_room(items: usize) -> Self;

    fn items(&mut self) -> &mut Vec<Self::Item>;
}

impl<P: Place<Item: Items>> ListPlace for P {
    fn begin(&mut self, room: usize) {
        self.put(P::Item::with_room(room));
    }

    fn item(&mut self) -> Target<'_> {
        self.last().map_or(Target::Nowhere, |list| target(list.items()))
    }

    fn is_empty(&mut self) -> bool {
        self.last().is_none_or(|list| list.items().is_empty())
    }

    fn expected(&self) -> &'static str {
        <P::Item as Items>::Item::EXPECTED
    }

    fn is_strict(&self) -> bool {
        <P::Item as Items>::Item::STRICT
    }

    fn clear(&mut self) {
        Place::clear(self);
    }
}

impl<T: Items> Kind<T> for kind::List {
    fn target<P: Place<Item = T>>(place: &mut P) -> Target<'_> {
        Target::List(place)
    }
}

impl<T: Lenient> Items for Vec<T> {
    type Item = T;

    fn with_room(items: usize) -> Self {
        Self::with_capacity(items)
    }

    fn items(&mut self) -> &mut Vec<T> {
        self
    }
}

impl<T: Lenient> Lenient for Vec<T> {
    const EXPECTED: &'static str = "a list";
    const STRICT: bool = T::STRICT;

    type Kind = kind::List;
}

/// The target of a list that may be one item of it alone.
pub(crate) fn one_or_many<T: Items>(field: &mut Option<T>) -> Target<'_> {
    Target::OneOrMany(field)
}
