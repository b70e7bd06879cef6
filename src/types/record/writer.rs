//! What is written of a field, the same for all records.

use crate::types::Unreadable;
use serde::Serialize;
use serde::ser::SerializeMap;

/// Writes a field that may have no value: what it was read as, if it has none.
pub(crate) fn write_optional<M: SerializeMap, T: Serialize>(
    map: &mut M,
    name: &'static str,
    value: Option<&T>,
    was_null: bool,
    unreadable: &Unreadable,
) -> Result<(), M::Error> {
    match value {
        Some(value) => map.serialize_entry(name, value),
        None => write_none(map, name, was_null, unreadable),
    }
}

fn write_none<M: SerializeMap>(
    map: &mut M,
    name: &'static str,
    was_null: bool,
    unreadable: &Unreadable,
) -> Result<(), M::Error> {
    if was_null {
        return map.serialize_entry(name, &None::<()>);
    }
    match unreadable.get(name) {
        Some(value) => map.serialize_entry(name, value),
        None => Ok(()),
    }
}
