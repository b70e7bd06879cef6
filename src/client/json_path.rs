//! Where in a JSON text an error is.
//!
//! The error says how far the text was read, and so the path follows from the text alone: a reader that follows the
//! path, as `serde_path_to_error` does, would make each value cost more.

use std::ops::Range;

/// The path to what cannot be read, such as `images[0].id`. `None` if it is the whole text.
pub(super) fn of(text: &str, error: &serde_json::Error) -> Option<String> {
    let text = text.as_bytes();
    let mut read = &text[..offset(text, error)];
    // serde_json reads what follows a wrong value before it says where it is: the end of the list or object, or a comma.
    if error.is_data() && !is_of_the_whole(error) {
        read = read.trim_ascii_end();
        read = read
            .strip_suffix(b",")
            .or_else(|| read.strip_suffix(b"]"))
            .or_else(|| read.strip_suffix(b"}"))
            .unwrap_or(read);
    }
    Some(path(text, read.len())).filter(|path| !path.is_empty())
}

/// Whether the error is of an object or list that was read to its end, and not of a value in it.
fn is_of_the_whole(error: &serde_json::Error) -> bool {
    let text = error.to_string();
    ["missing field", "invalid length"].iter().any(|start| text.starts_with(start))
}

/// How many bytes were read before the error.
pub(super) fn offset(text: &[u8], error: &serde_json::Error) -> usize {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    (before + error.column()).min(text.len())
}

/// What is open at a place of the text.
enum Open {
    /// An object, and the key that was read last.
    Object(Option<Range<usize>>),
    /// A list, and the element that was begun last.
    List(Option<usize>),
}

/// The path to the value that ends at `end`, or that begins there.
fn path(text: &[u8], end: usize) -> String {
    let mut open = Vec::new();
    let mut at = 0;
    while at < end {
        let next = match text[at] {
            b'"' => string_end(text, at),
            _ => at + 1,
        };
        match (text[at], open.last_mut()) {
            (b'}' | b']', _) => _ = open.pop(),
            (b',', Some(Open::Object(key))) => *key = None,
            (b',', Some(Open::List(index))) => *index = index.map(|index| index + 1),
            (b'"', Some(Open::Object(key @ None))) => *key = Some(at + 1..next - 1),
            (b' ' | b'\t' | b'\r' | b'\n' | b':', _) => {}
            (_, Some(Open::List(index @ None))) => *index = Some(0),
            _ => {}
        }
        match text[at] {
            b'{' => open.push(Open::Object(None)),
            b'[' => open.push(Open::List(None)),
            _ => {}
        }
        at = next;
    }
    let mut path = String::new();
    for step in open {
        match step {
            Open::Object(Some(key)) => {
                let dot = if path.is_empty() { "" } else { "." };
                path.push_str(dot);
                path.push_str(&String::from_utf8_lossy(text.get(key).unwrap_or_default()));
            }
            Open::List(Some(index)) => path.push_str(&format!("[{index}]")),
            Open::Object(None) | Open::List(None) => {}
        }
    }
    path
}

/// The end of the string that begins at `start`.
fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::Value;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Page {
        #[serde(default)]
        images: Vec<Image>,
        #[serde(default)]
        named: BTreeMap<String, Vec<u8>>,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Image {
        id: String,
        #[serde(default)]
        sizes: Vec<(u8, u8)>,
        #[serde(default)]
        loose: Vec<Loose>,
        #[serde(default)]
        last: Option<Loose>,
    }

    /// A number that is read like any other value, and refused by its reader.
    #[derive(Debug)]
    struct Loose;

    impl<'de> Deserialize<'de> for Loose {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            match Value::deserialize(deserializer)? {
                Value::Number(_) => Ok(Self),
                other => Err(serde::de::Error::custom(format!("{other} is no number"))),
            }
        }
    }

    #[test]
    fn the_place_is_the_one_that_a_reader_sees() {
        let texts = [
            r#"{"images": [{"id": 7}]}"#,
            r#"{"images": [{"id": "a"}, {"id": null}]}"#,
            r#"{"images": [{"id": "a, \"{[ b"}, {"id": ["x"]}]}"#,
            "{\n \"images\": [\n {\"id\": \"a\"},\n {\"id\": true}\n]\n}",
            r#"{"images": [{"id": "a"}, {"name": "b"}]}"#,
            r#"{"images": [{"id": "a"}, {"name": "b" } ]}"#,
            r#"{"images": [{"id": "a"}, {}]}"#,
            r#"{"images": {"id": "a"}}"#,
            r#"{"images": {}}"#,
            r#"{"images": "a"}"#,
            r#"{"images": ["a"]}"#,
            r#"{"images": [{"id": "a", "sizes": [[1, 2], [1, "b"]]}]}"#,
            r#"{"images": [{"id": "a", "sizes": [[1, 2], [1]]}]}"#,
            r#"{"images": [{"id": "a", "sizes": [300]}]}"#,
            r#"{"named": {"x": [1, 2], "y.z": [1, 256]}}"#,
            r#"{"named": {"x": [1], "y": 2}, "images": []}"#,
            r#"{"images": [{"x": {"id": [1, {"a": 2}]}, "id": 1.5}], "named": "#,
            r#"{"images": [{"id": "a", "last": null, "loose": [1, "b"]}]}"#,
            r#"{"images": [{"id": "a", "loose": [1, {}, 2]}]}"#,
            r#"{"images": [{"id": "a", "loose": [1, [] ] }]}"#,
            r#"{"images": [{"id": "a", "last": {"b": []}}]}"#,
            r#"{"images": [{"id": "a", "last": "b"} ], "named": {}}"#,
            "7",
            "null",
            r#""text""#,
        ];
        for text in texts {
            let reader = &mut serde_json::Deserializer::from_str(text);
            let expected = serde_path_to_error::deserialize::<_, Page>(reader).unwrap_err();
            let expected = Some(expected.path().to_string()).filter(|path| path != ".");
            let error = serde_json::from_str::<Page>(text).unwrap_err();
            assert_eq!(of(text, &error), expected, "{text}: {error}");
        }
    }

    #[test]
    fn any_place_of_any_text_has_a_path() {
        let text = br#"{"a": [{"b\"": [1, {"c": "d\\"}]}], "e": }]"#;
        for cut in 0..=text.len() {
            for end in 0..=cut {
                path(&text[..cut], end);
            }
        }
        assert_eq!(path(text, text.len() - 3), "e");
    }
}
