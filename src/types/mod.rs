//! What the generated types are made of.

mod open_enum;
mod properties;
mod record;
mod text;
mod time;

pub use open_enum::UnrecognizedValue;
pub use properties::{Properties, Property};
pub use text::Text;

pub(crate) use open_enum::open_enum;
pub(crate) use record::{Key, known_or_text, open_record};
pub(crate) use time::{Time, read_optional_time, read_time};

use serde::{Deserialize, Deserializer};

/// Reads `null` where a list or map is expected as an empty one.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
