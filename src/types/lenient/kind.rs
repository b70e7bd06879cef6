//! What types are in JSON.

use super::{Place, Target};

/// Makes a target of a place for the type.
pub(crate) trait Kind<T> {
    fn target<P: Place<Item = T>>(place: &mut P) -> Target<'_>;

    /// The same for a field.
    fn field(field: &mut Option<T>) -> Target<'_> {
        Self::target(field)
    }
}

/// A text, number or boolean.
pub(crate) struct Scalar;

/// A `Text`, as many fields are.
pub(crate) struct Text;

pub(crate) struct List;

/// A record or a map.
pub(crate) struct Entries;

/// What is made of any JSON.
pub(crate) struct Any;

/// What is read for nothing but its form.
pub(crate) struct Nothing;

impl Kind<()> for Nothing {
    fn target<P: Place<Item = ()>>(place: &mut P) -> Target<'_> {
        place.put(());
        Target::Nowhere
    }
}
