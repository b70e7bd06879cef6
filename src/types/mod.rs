//! Types that the generated types are built from.

mod lenient;
mod open_enum;
mod properties;
mod record;
mod text;
mod time;
mod unreadable;

pub use open_enum::UnrecognizedValue;
pub use properties::{Properties, Property};
pub use text::Text;
pub use unreadable::Unreadable;

#[cfg(feature = "aws-query")]
pub(crate) use lenient::{LIST, OBJECT};
pub(crate) use lenient::{
    Leaf, LeafVisitor, Lenient, OneOrMany, OrNull, Required, Seed, boolean_word, lenient_by_value,
    lenient_leaf, read_object,
};
pub(crate) use open_enum::open_enum;
pub(crate) use properties::properties_of;
pub(crate) use record::{
    AnyKey, KnownKey, Place, Record, closed_record, open_record, read_record, record_traits, skip,
};
#[cfg(feature = "keystone")]
pub(crate) use time::{read_optional_time, read_time};
