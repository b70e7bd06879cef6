//! YAML whose scalars stay as they are written.
//!
//! A password `1e3` or a project id `0123` is text to its owner and a number to YAML. The document is
//! therefore read twice: once for its structure, and once along that structure for the text of each scalar.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use yaml_serde::Value;

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Nothing, `~` and `null`.
    Null,
    Text(String),
    List(Vec<Node>),
    Map(BTreeMap<String, Node>),
}

impl Node {
    /// Reads a document; its merge keys (`<<: *base`) are resolved.
    pub fn parse(text: &str) -> Result<Self, yaml_serde::Error> {
        let structure: Value = yaml_serde::from_str(text)?;
        Along(&structure).deserialize(yaml_serde::Deserializer::from_str(text))
    }

    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }

    pub fn as_map(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Lays another document over this one, map by map.
    pub fn merge(&mut self, over: Self) {
        match (self, over) {
            (Self::Map(base), Self::Map(over)) => {
                for (key, value) in over {
                    base.entry(key).or_insert(Self::Null).merge(value);
                }
            }
            (base, over) => *base = over,
        }
    }
}

/// A map in which the entries of `<<` stand behind its own.
fn with_merge_keys(mut own: BTreeMap<String, Node>) -> Node {
    let bases = match own.remove("<<") {
        Some(Node::List(bases)) => bases,
        Some(base) => vec![base],
        None => Vec::new(),
    };
    for base in bases {
        if let Node::Map(base) = base {
            for (key, value) in base {
                own.entry(key).or_insert(value);
            }
        }
    }
    Node::Map(own)
}

/// Reads a document along its structure.
struct Along<'a>(&'a Value);

impl<'de> DeserializeSeed<'de> for Along<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        match self.0 {
            Value::Mapping(_) => deserializer.deserialize_map(self),
            Value::Sequence(_) => deserializer.deserialize_seq(self),
            // Types of its own have no place in these files.
            Value::Null | Value::Tagged(_) => {
                deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Node::Null)
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                deserializer.deserialize_str(self)
            }
        }
    }
}

impl<'de> Visitor<'de> for Along<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the same document")
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        for value in self.0.as_sequence().into_iter().flatten() {
            nodes.extend(list.next_element_seed(Along(value))?);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = BTreeMap::new();
        for (key, value) in self.0.as_mapping().into_iter().flatten() {
            let Some(key) = map.next_key_seed(Along(key))? else { break };
            let value = map.next_value_seed(Along(value))?;
            if let Node::Text(key) = key {
                entries.insert(key, value);
            }
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(with_merge_keys(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_stay_as_they_are_written() {
        let written =
            ["1e3", "0123", "1.10", "0x1F", "1_000", "no", "12345678901234567890", "2024-01-01"];
        let lines: String = written.iter().map(|text| format!("- {text}\n")).collect();
        let expected = written.map(|text| Node::Text(text.to_owned()));
        assert_eq!(Node::parse(&lines).unwrap(), Node::List(expected.into()));
        let document = Node::parse("a: \"1e3\"\nb: ~\nc: |\n  two\n  lines\n").unwrap();
        assert_eq!(document.get("a").and_then(Node::as_text), Some("1e3"));
        assert_eq!(document.get("b"), Some(&Node::Null));
        assert_eq!(document.get("c").and_then(Node::as_text), Some("two\nlines\n"));
    }

    #[test]
    fn merge_keys_add_what_is_not_there() {
        let text = "base: &base {a: 1, b: {c: 2}}\nmore: &more {a: 9, d: 4}\n\
                    one: {<<: *base, a: 3}\ntwo: {<<: [*base, *more]}\nthree: *base\n";
        let document = Node::parse(text).unwrap();
        let expected =
            Node::parse("{one: {a: 3, b: {c: 2}}, two: {a: 1, b: {c: 2}, d: 4}}").unwrap();
        assert_eq!(document.get("one"), expected.get("one"));
        assert_eq!(document.get("two"), expected.get("two"));
        assert_eq!(document.get("three"), document.get("base"));
    }

    #[test]
    fn one_document_lies_over_another() {
        let mut base = Node::parse("{a: {b: 1, c: 2}, d: 3}").unwrap();
        base.merge(Node::parse("{a: {b: 9}, e: 5}").unwrap());
        assert_eq!(base, Node::parse("{a: {b: 9, c: 2}, d: 3, e: 5}").unwrap());
    }
}
