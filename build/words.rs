//! The documentation in the words of Rust: where a description names a property, a parameter or an
//! operation as on the wire, its reader knows it by another name.

use super::document::Document;
use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the wire's names are in Rust.
pub struct Words(BTreeMap<String, String>);

impl Words {
    /// The names of a normal document.
    pub fn of(document: &Document) -> Self {
        let mut words = BTreeMap::new();
        for (_, _, operation) in document.operations() {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let Some(wire) = parameter["name"].as_str() else { continue };
                let name = parameter["x-name"]
                    .as_str()
                    .map_or_else(|| wire.to_snake_case(), str::to_owned);
                words.insert(wire.to_owned(), name);
            }
        }
        let schemas = document.0.pointer("/components/schemas").and_then(Value::as_object);
        for schema in schemas.into_iter().flatten().map(|(_, schema)| schema) {
            for (key, property) in schema["properties"].as_object().into_iter().flatten() {
                let wire = property[super::normalize::WIRE].as_str().unwrap_or(key);
                words.entry(wire.to_owned()).or_insert_with(|| key.to_snake_case());
            }
        }
        // Only names that nobody takes for an ordinary word.
        words.retain(|wire, name| wire != name && wire.chars().any(char::is_uppercase));
        for (_, _, operation) in document.operations() {
            if let Some(id) = operation["operationId"].as_str() {
                words.insert(id.to_upper_camel_case(), id.to_snake_case());
            }
        }
        Self(words)
    }

    /// A text in which every name is that of Rust.
    pub fn in_rust(&self, text: &str) -> String {
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        loop {
            let start = rest.find(|c: char| c.is_ascii_alphanumeric() || c == '_');
            let Some(start) = start else { break };
            let end = rest[start..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let end = end.map_or(rest.len(), |length| start + length);
            let (before, word) = (&rest[..start], &rest[start..end]);
            let quoted = before.ends_with('`') && rest[end..].starts_with('`');
            // An operation is named without quotes, but only a name of two words cannot be another word.
            let plain = word.chars().filter(char::is_ascii_uppercase).count() > 1
                && word.starts_with(|c: char| c.is_ascii_uppercase())
                && !before.ends_with(['/', '.', ':', '`', '-'])
                && !source_line(text, text.len() - rest.len() + start);
            result.push_str(before);
            match self.0.get(word) {
                Some(name) if quoted => result.push_str(name),
                Some(name) if plain => result.push_str(&format!("`{name}`")),
                _ => result.push_str(word),
            }
            rest = &rest[end..];
        }
        result.push_str(rest);
        result
    }
}

/// Whether a place is in a line that says which part of the vendor's document a text is about.
fn source_line(text: &str, place: usize) -> bool {
    let line = text[..place].rfind('\n').map_or(0, |end| end + 1);
    text[line..].starts_with("Source:")
}
