//! What answers are written in.

use crate::operation::Operation;
use crate::types::{Lenient, Required};
use serde::de::DeserializeSeed;

pub(crate) trait Format {
    const NAME: &'static str;

    /// Reads a text to where it goes.
    fn read(
        operation: &Operation,
        text: &str,
        destination: Destination<'_>,
    ) -> Result<(), Undecoded>;
}

/// Where a response goes. It does not name the type, so the reader is compiled once for all.
pub(crate) struct Destination<'a> {
    required: Required<'a>,
    again: fn(&str) -> Option<serde_json::Error>,
}

impl<'a> Destination<'a> {
    pub fn of<T: Lenient>(place: &'a mut Option<T>) -> Self {
        let again = |text: &str| from_json(text, Required::of::<T>(&mut None)).err();
        Self { required: Required::of(place), again }
    }

    /// The same with room for so many items in the list of the response.
    pub fn with_room(self, items: usize) -> Self {
        Self { required: self.required.with_room(items), ..self }
    }
}

/// Why a body is not of its type.
pub(crate) enum Undecoded {
    /// It is not text, and so not the format that it should be.
    Text(&'static str, std::str::Utf8Error),
    /// The error, and the reader of the type, for what is shown of the text.
    Json(serde_json::Error, fn(&str) -> Option<serde_json::Error>),
    #[cfg(feature = "aws-query")]
    Xml(crate::xml::Error),
}

pub(crate) struct Json;

impl Format for Json {
    const NAME: &'static str = "JSON";

    fn read(_: &Operation, text: &str, destination: Destination<'_>) -> Result<(), Undecoded> {
        from_json(text, destination.required)
            .map_err(|error| Undecoded::Json(error, destination.again))
    }
}

fn from_json(text: &str, required: Required<'_>) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    required.deserialize(&mut deserializer)?;
    deserializer.end()
}

#[cfg(feature = "aws-query")]
pub(crate) struct Xml;

#[cfg(feature = "aws-query")]
impl Format for Xml {
    const NAME: &'static str = "XML";

    fn read(
        operation: &Operation,
        text: &str,
        destination: Destination<'_>,
    ) -> Result<(), Undecoded> {
        let action = match operation.protocol {
            crate::operation::Protocol::AwsQuery { action, .. } => Some(action),
            _ => None,
        };
        let is_root = |root: &str| root.strip_suffix("Response") == action;
        crate::xml::read(text, is_root, destination.required).map_err(Undecoded::Xml)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Lenient>(text: &str) -> Result<T, String> {
        let mut place = None;
        from_json(text, Required::of(&mut place)).map_err(|error| error.to_string())?;
        place.ok_or_else(|| "nothing".to_owned())
    }

    #[test]
    fn the_items_of_a_list_that_is_the_whole_response_are_read_leniently() {
        assert_eq!(read(r#"["a", 7, true]"#), Ok(vec!["a".to_owned(), "7".into(), "true".into()]));
        assert_eq!(read("[]"), Ok(Vec::<i64>::new()));
    }

    #[test]
    fn the_first_list_has_room_for_what_is_expected_and_others_grow() {
        type Lists = std::collections::BTreeMap<String, Vec<Vec<i64>>>;
        let read = |text: &str| {
            let mut place = None::<Lists>;
            from_json(text, Required::of(&mut place).with_room(1000)).unwrap();
            place.unwrap()
        };
        let lists = read(r#"{"a": [[1], [2]], "b": [[3]], "c": []}"#);
        assert_eq!(lists["a"], [[1], [2]]);
        assert!(lists["a"].capacity() >= 1000);
        for other in [&lists["b"], &lists["c"]] {
            assert!(other.capacity() < 1000, "{other:?}");
        }
        assert!(lists["a"].iter().chain(&lists["b"]).all(|list| list.capacity() < 1000));

        // More items than expected.
        let many = vec!["[7]"; 2000].join(",");
        assert_eq!(read(&format!(r#"{{"a": [{many}]}}"#))["a"].len(), 2000);
    }

    #[test]
    fn a_response_of_another_form_is_an_error_with_its_place() {
        let error = |text: &str| read::<Vec<String>>(text).unwrap_err();
        for (text, expected) in [
            ("{}", "invalid type: map, expected a list at line 1 column 2"),
            (r#"{"error": "no"}"#, "invalid type: map, expected a list at line 1 column 1"),
            ("null", "invalid type: null, expected a list at line 1 column 4"),
            (r#"["a", null]"#, "invalid type: null, expected a string at line 1 column 11"),
            (r#"["a", {}, "b"]"#, "invalid type: map, expected a string at line 1 column 10"),
            (r#"["a"] "b""#, "trailing characters at line 1 column 7"),
        ] {
            assert_eq!(error(text), expected, "{text}");
        }
        let within = read::<Vec<Vec<String>>>(r#"[["a", {"b": 1}]]"#).unwrap_err();
        assert!(within.starts_with(r#"a part of it cannot be read: [[{"b":1}]]"#), "{within}");
    }
}
