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

pub(crate) use lenient::{
    Demand, Entries, Failed, Fields, FromJson, Leaf, Lenient, Object, Outcome, Put, Required, Slot,
    boolean_word, field, kind, lenient_by_value, lenient_leaf, one_or_many, read_required,
};
#[cfg(feature = "aws-query")]
pub(crate) use lenient::{LIST, OBJECT};
pub(crate) use open_enum::open_enum;
pub(crate) use properties::properties_of;
pub(crate) use record::{
    Closed, Open, Rest, closed_record, open_record, record_reader, write_optional,
};
#[cfg(feature = "keystone")]
pub(crate) use time::{read_optional_time, read_time};
