//! Reads single values out of a JSON text by JSON pointer (RFC 6901), without decoding the rest.
//!
//! A segment `*` stands for every element of a list and every value of an object. A pointer that meets
//! `null`, or a name that is not there, leads to nothing.

use crate::client::can_have;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;
use std::fmt;

/// How much of a text is looked at before and behind its lists, before all of it is read.
const EDGE: usize = 16 << 10;

/// The text or number that the pointer leads to; of several, the first.
///
/// Positions mostly stand beside the list, so the properties before the first list and behind the last
/// one are looked at first. That costs nothing compared with reading a page of a thousand items.
pub(crate) fn scalar(json: &[u8], path: &[&str]) -> serde_json::Result<Option<String>> {
    for edge in [after_lists, before_lists] {
        if let Some(found) = edge(json).and_then(|edge| at_edge(&edge, path)) {
            return found;
        }
    }
    let is_name = |name: &&&str| **name != "*" && name.parse::<usize>().is_err();
    if path.last().filter(is_name).is_some_and(|name| !can_have(json, &format!("\"{name}\""))) {
        return Ok(None); // as on most last pages
    }
    let mut found = Leaf::Scalar(None);
    read(json, path, &mut found)?;
    match found {
        Leaf::Scalar(text) => Ok(text),
        _ => Ok(None),
    }
}

/// The same by the beginning of a text, if it stands before the first list there.
pub(super) fn early(beginning: &[u8], path: &[&str]) -> Option<String> {
    at_edge(&before_lists(beginning)?, path)?.ok()?
}

/// The text or number that the pointer leads to; of several, the last. An element that has none counts, and
/// so there is none if it is the last.
pub(crate) fn last(json: &[u8], path: &[&str]) -> serde_json::Result<Option<String>> {
    let mut found = Leaf::Last(None);
    read(json, path, &mut found)?;
    match found {
        Leaf::Last(text) => Ok(text),
        _ => Ok(None),
    }
}

/// How many elements the lists, and values the objects, at the pointer have.
pub(crate) fn count(json: &[u8], path: &[&str]) -> serde_json::Result<u64> {
    let mut found = Leaf::Count(0);
    read(json, path, &mut found)?;
    match found {
        Leaf::Count(count) => Ok(count),
        _ => Ok(0),
    }
}

const NO_SCALAR: &str = "neither a text nor a number";

fn read(json: &[u8], path: &[&str], found: &mut Leaf) -> serde_json::Result<()> {
    let mut text = serde_json::Deserializer::from_slice(json);
    Seek { path, found }.deserialize(&mut text)?;
    text.end()
}

/// `7` also for `7.0`.
fn integer_text(number: &serde_json::Number) -> String {
    let whole = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15);
    match whole {
        Some(whole) if number.is_f64() => format!("{whole:.0}"),
        _ => number.to_string(),
    }
}

/// The text or number that the pointer leads to in an object of some of the properties. `None` if these do not say.
fn at_edge(edge: &[u8], path: &[&str]) -> Option<serde_json::Result<Option<String>>> {
    let (first, rest) = path.split_first().filter(|_| !path.contains(&"*"))?;
    let found = rest.iter().try_fold(property(edge, first)?, |value, name| match value {
        Value::Object(mut object) => object.remove(*name),
        _ => None,
    });
    Some(match found {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Number(number)) => Ok(Some(integer_text(&number))),
        Some(_) => Err(Error::custom(NO_SCALAR)),
    })
}

/// An object of the properties behind the last `]`. Where that `]` was part of a string or of a deeper
/// object, this is not JSON.
fn after_lists(json: &[u8]) -> Option<Vec<u8>> {
    let edge = &json[json.len().saturating_sub(EDGE)..];
    let rest = &edge[memchr::memrchr(b']', edge)? + 1..];
    Some([b"{", rest.trim_ascii_start().strip_prefix(b",")?].concat())
}

/// An object of the properties before the first `[`, less the one that has the list. Where that `[` was
/// part of a string or of a deeper object, this is not JSON.
fn before_lists(json: &[u8]) -> Option<Vec<u8>> {
    let edge = &json[..json.len().min(EDGE)];
    let head = &edge[..memchr::memchr(b'[', edge)?];
    Some([&head[..memchr::memrchr(b',', head)?], b"}"].concat())
}

/// The value of a property of an object, or the last of several. `None` if the object has none, or is not JSON.
fn property(json: &[u8], name: &str) -> Option<Value> {
    let mut text = serde_json::Deserializer::from_slice(json);
    let value = text.deserialize_map(Property(Name(name))).ok()?;
    text.end().ok()?;
    value
}

struct Property<'a>(Name<'a>);

impl<'de> Visitor<'de> for Property<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Value>, A::Error> {
        let mut value = None;
        while let Some(is_wanted) = map.next_key_seed(self.0)? {
            if is_wanted {
                value = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(value)
    }
}

enum Leaf {
    Scalar(Option<String>),
    Last(Option<String>),
    Count(u64),
}

/// Reads what a path leads to, and passes over the rest.
struct Seek<'a> {
    path: &'a [&'a str],
    found: &'a mut Leaf,
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((name, path)) = self.path.split_first() else {
            let Leaf::Count(count) = self.found else {
                // With `serde_json/arbitrary_precision`, a number that is no integer comes as a map.
                return match Value::deserialize(MapAccessDeserializer::new(map))? {
                    Value::Number(number) => self.scalar(|| integer_text(&number)),
                    _ => Err(Error::custom(NO_SCALAR)),
                };
            };
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                *count += 1;
            }
            return Ok(());
        };
        while let Some(on_path) = map.next_key_seed(Name(name))? {
            if on_path {
                map.next_value_seed(Seek { path, found: &mut *self.found })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Some((name, path)) = self.path.split_first() else {
            let Leaf::Count(count) = self.found else { return Err(Error::custom(NO_SCALAR)) };
            while list.next_element::<IgnoredAny>()?.is_some() {
                *count += 1;
            }
            return Ok(());
        };
        let wanted = name.parse::<usize>().ok();
        let mut before = None;
        for index in 0.. {
            if *name == "*"
                && let Leaf::Last(found) = &mut *self.found
            {
                // Of the elements before, unless this is the end.
                before = found.take();
            }
            let next = if *name == "*" || wanted == Some(index) {
                list.next_element_seed(Seek { path, found: &mut *self.found })?
            } else {
                list.next_element::<IgnoredAny>()?.map(|_| ())
            };
            if next.is_none() {
                if let Leaf::Last(found) = &mut *self.found
                    && found.is_none()
                {
                    *found = before;
                }
                break;
            }
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.scalar(|| text.to_owned())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.scalar(|| number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.scalar(|| number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        let text = serde_json::Number::from_f64(number).map(|number| integer_text(&number));
        self.scalar(|| text.unwrap_or_default())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        if self.path.is_empty() { Err(Error::custom(NO_SCALAR)) } else { Ok(()) }
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

impl Seek<'_> {
    fn scalar<E: Error>(self, text: impl FnOnce() -> String) -> Result<(), E> {
        if !self.path.is_empty() {
            return Ok(());
        }
        match self.found {
            Leaf::Scalar(found) => {
                found.get_or_insert_with(text);
                Ok(())
            }
            Leaf::Last(found) => {
                *found = Some(text());
                Ok(())
            }
            Leaf::Count(_) => Err(Error::custom("not a list")),
        }
    }
}

/// Whether a name is the one on the path.
#[derive(Clone, Copy)]
struct Name<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<bool, E> {
        Ok(self.0 == "*" || self.0 == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_found_wherever_it_stands() {
        let cases: &[(&str, &[&str], Option<&str>)] = &[
            (
                r#"{"images": [{"next": "x"}], "next": "/v2/i?marker=a\u0062"}"#,
                &["next"],
                Some("/v2/i?marker=ab"),
            ),
            (r#"{"next": "before", "images": [1]}"#, &["next"], Some("before")),
            (r#"{"a": [1], "next": "between", "b": [2]}"#, &["next"], Some("between")),
            (
                r#"{"meta": {"pagination": {"next_page": 7}}, "images": []}"#,
                &["meta", "pagination", "next_page"],
                Some("7"),
            ),
            (
                r#"{"images": [], "meta": {"links": {"next": "t"}}}"#,
                &["meta", "links", "next"],
                Some("t"),
            ),
            (r#"{"meta": {"list": [], "next": "deep"}}"#, &["meta", "next"], Some("deep")),
            (r#"{"next": "a[0],b", "images": []}"#, &["next"], Some("a[0],b")),
            (r#"{"images": [], "text": "],\"next\":\"x\"}", "next": "y"}"#, &["next"], Some("y")),
            (r#"{"images": [], "text": "], \""}"#, &["next"], None),
            (r#"{"images": [], "next": null}"#, &["next"], None),
            (r#"{"images": [], "meta": null}"#, &["meta", "next"], None),
            (r#"{"images": [], "meta": 5}"#, &["meta", "next"], None),
            (r#"{"images": [{"next": "x"}]}"#, &["next"], None),
            (r#"{"images": [], "meta": true}"#, &["meta", "next"], None),
            (r#"{"meta": true}"#, &["meta", "next"], None),
            (r#"{"page": 2.0}"#, &["page"], Some("2")),
            (r#"{"page": 2.5}"#, &["page"], Some("2.5")),
            (r#"{"page": -7}"#, &["page"], Some("-7")),
            (r#"{"page": 9007199254740993}"#, &["page"], Some("9007199254740993")),
            (
                r#"{"errors": [{"code": null}, {"code": "a"}, {"code": "b"}]}"#,
                &["errors", "*", "code"],
                Some("a"),
            ),
            (r#"["a", "b"]"#, &["1"], Some("b")),
            (r#"{"a": 1, "n\u0065xt": "escaped", "b": []}"#, &["next"], Some("escaped")),
            ("null", &["next"], None),
            // Beside a list, the last of several values counts, as when the whole is decoded.
            (r#"{"images": [], "next": "a", "next": "b"}"#, &["next"], Some("b")),
            (r#"{"images": [], "next": true, "next": "b"}"#, &["next"], Some("b")),
            (r#"{"images": [], "next": "a", "next": null}"#, &["next"], None),
            (r#"{"next": "a", "next": "b", "images": []}"#, &["next"], Some("b")),
            (r#"{"next": "a", "images": [], "next": "b"}"#, &["next"], Some("b")),
            (r#"{"images": [], "meta": {"next": "a"}, "meta": {}}"#, &["meta", "next"], None),
            // An edge that has the name and is not JSON is not read.
            (r#"{"next": "a", "l": [{"l": [], "next": "b"}]}"#, &["next"], Some("a")),
            (r#"{"l": {"l": [], "next": "b"}, "next": "a"}"#, &["next"], Some("a")),
            (r#"{"a": {"x": {"next": "b"}}, "l": []}"#, &["a", "*", "next"], Some("b")),
        ];
        for (json, path, expected) in cases {
            assert_eq!(scalar(json.as_bytes(), path).unwrap().as_deref(), *expected, "{json}");
        }
    }

    #[test]
    fn what_is_no_position_is_an_error() {
        for json in [
            r#"{"images": [], "next": true}"#,
            r#"{"next": true}"#,
            r#"{"images": [], "next": {}}"#,
            r#"{"next": ["a"]}"#,
            r#"{"images": [], "next": "cut"#,
            r#"{"a": 1} {"next": 2}"#,
        ] {
            scalar(json.as_bytes(), &["next"]).unwrap_err();
        }
    }

    #[test]
    fn the_last_item_is_the_one_at_the_end() {
        let cases: &[(&str, &[&str], Option<&str>)] = &[
            (r#"{"i": [{"id": "a"}, {"id": "b"}], "id": "z"}"#, &["i", "*", "id"], Some("b")),
            (r#"{"i": [{"id": "a"}, {"no": "b"}]}"#, &["i", "*", "id"], None),
            (
                r#"{"i": [{"id": "a", "x": [1]}, {"x": [2], "id": 7}]}"#,
                &["i", "*", "id"],
                Some("7"),
            ),
            (r#"{"i": []}"#, &["i", "*", "id"], None),
            (r#"["a", "b"]"#, &["*"], Some("b")),
        ];
        for (json, path, expected) in cases {
            assert_eq!(last(json.as_bytes(), path).unwrap().as_deref(), *expected, "{json}");
        }
    }

    #[test]
    fn items_are_counted_in_lists_and_objects_of_any_depth() {
        let cases: &[(&str, &[&str], u64)] = &[
            (r#"{"images": [1, {"images": [2]}, null]}"#, &["images"], 3),
            (
                r#"{"images": [{"images": [1, 2]}, {"images": []}, {"images": null}, {}]}"#,
                &["images", "*", "images"],
                2,
            ),
            (r#"{"data": {"eu": [1, 2], "us": null, "asia": [3]}}"#, &["data", "*"], 3),
            (r#"{"data": {"eu": {"a": [1], "b": [2, 3]}}}"#, &["data", "*", "*"], 3),
            (r#"{"data": {"a": {}, "b": {}}}"#, &["data"], 2),
            ("[1, 2]", &[], 2),
            (r#"{"images": null}"#, &["images"], 0),
            ("{}", &["images"], 0),
        ];
        for (json, path, expected) in cases {
            assert_eq!(count(json.as_bytes(), path).unwrap(), *expected, "{json}");
        }
        count(br#"{"images": "none"}"#, &["images"]).unwrap_err();
    }
}
