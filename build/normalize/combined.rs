//! `allOf`, `anyOf` and `oneOf`.

use crate::pipeline::document::{Document, Error};
use serde_json::{Map, Value, json};

/// What a value is that has several schemas.
pub enum Alternatives {
    /// There is one after all.
    One(Value),
    /// Integers and fractions.
    Number,
    /// Texts, numbers and booleans: read as a text.
    Scalar,
    /// Texts.
    Text,
    /// Texts, of which some are known.
    Words(Value),
    /// A list, or one item of it alone.
    OneOrMany(Value),
    /// Objects: the first that fits.
    Objects(Vec<Value>),
    /// Anything else: any JSON.
    Any,
}

/// The alternatives of a schema that has some.
pub fn alternatives(document: &Document, node: &Value) -> Result<Option<Alternatives>, Error> {
    let listed = node.get("anyOf").or_else(|| node.get("oneOf"));
    let Some(listed) = listed.and_then(Value::as_array) else { return Ok(None) };
    let resolved: Vec<Value> =
        listed.iter().map(|node| flat(document, node)).collect::<Result<_, _>>()?;
    let kind = |node: &Value| match node["type"].as_str() {
        Some(kind) => kind.to_owned(),
        None if node.get("properties").is_some() => "object".to_owned(),
        None if node.get("enum").is_some() => "string".to_owned(),
        None => "any".to_owned(),
    };
    let kinds: Vec<String> = resolved.iter().map(kind).collect();
    let all = |wanted: &[&str]| kinds.iter().all(|kind| wanted.contains(&kind.as_str()));
    Ok(Some(match listed.as_slice() {
        [] => return Err(Error::new("anyOf or oneOf without a schema")),
        [only] => Alternatives::One(only.clone()),
        _ if all(&["string"]) => words(&resolved),
        _ if all(&["integer", "number"]) => Alternatives::Number,
        _ if all(&["string", "integer", "number", "boolean"]) => Alternatives::Scalar,
        _ if all(&["object"]) => Alternatives::Objects(listed.clone()),
        [one, other] if kinds == ["array", "object"] && resolved[0]["items"] == *other => {
            Alternatives::OneOrMany(flat(document, one)?)
        }
        [one, other] if kinds == ["object", "array"] && resolved[1]["items"] == *one => {
            Alternatives::OneOrMany(flat(document, other)?)
        }
        _ => Alternatives::Any,
    }))
}

fn words(texts: &[Value]) -> Alternatives {
    let mut words: Vec<Value> = Vec::new();
    for word in texts.iter().filter_map(|text| text["enum"].as_array()).flatten() {
        if word.is_string() && !words.contains(word) {
            words.push(word.clone());
        }
    }
    if words.is_empty() { Alternatives::Text } else { Alternatives::Words(Value::Array(words)) }
}

/// The schema that a node leads to, with its `allOf` carried out.
pub fn flat(document: &Document, node: &Value) -> Result<Value, Error> {
    let mut node = document.resolve(node)?.clone();
    for _ in 0..32 {
        if node.get("allOf").is_none() {
            return Ok(node);
        }
        node = all(document, &node)?;
        if node.get("$ref").is_some() {
            node = document.resolve(&node)?.clone();
        }
    }
    Err(Error::new("allOf leads back to itself"))
}

/// The schema that `allOf` stands for: the only one with what stands beside it, or an object of all
/// properties.
pub fn all(document: &Document, node: &Value) -> Result<Value, Error> {
    let mut place = node.as_object().cloned().unwrap_or_default();
    let parts = match place.remove("allOf") {
        Some(Value::Array(parts)) if !parts.is_empty() => parts,
        _ => return Err(Error::new("allOf without a schema")),
    };
    let own = place.contains_key("properties");
    if let ([only], false) = (parts.as_slice(), own) {
        let mut only = only.as_object().cloned().unwrap_or_default();
        place.remove("type");
        only.extend(place);
        return Ok(Value::Object(only));
    }
    let mut merged = Map::new();
    let (mut properties, mut required) = (Map::new(), Vec::new());
    let own = own.then(|| Value::Object(place.clone()));
    for part in parts.iter().chain(&own) {
        // The place itself has no `allOf` any more, so this ends where the parts do.
        let part = flat(document, part)?;
        if part.get("properties").is_none() && part["type"] != "object" {
            return Err(Error::new("allOf: one of several schemas is not an object"));
        }
        properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
        required.extend(part["required"].as_array().cloned().unwrap_or_default());
        if let Some(more) = part.get("additionalProperties") {
            merged.insert("additionalProperties".to_owned(), more.clone());
        }
        if part["x-secret"] == true {
            merged.insert("x-secret".to_owned(), true.into());
        }
    }
    required.dedup();
    merged.extend(place);
    merged.insert("type".to_owned(), "object".into());
    merged.insert("properties".to_owned(), Value::Object(properties));
    merged.insert("required".to_owned(), Value::Array(required));
    Ok(Value::Object(merged))
}

/// One object that can be any of several: with all of their properties, of which those are required
/// that all of them require.
pub fn either(place: &Value, objects: &[Value]) -> Value {
    let mut properties = Map::new();
    for object in objects {
        for (name, property) in object["properties"].as_object().into_iter().flatten() {
            properties.entry(name.clone()).or_insert_with(|| property.clone());
        }
    }
    let requires = |object: &Value, name: &Value| {
        object["required"].as_array().is_some_and(|required| required.contains(name))
    };
    let first = objects.first().and_then(|object| object["required"].as_array());
    let required: Vec<Value> = first
        .into_iter()
        .flatten()
        .filter(|name| objects.iter().all(|object| requires(object, name)))
        .cloned()
        .collect();
    let mut merged = json!({ "type": "object", "properties": properties, "required": required });
    if let Some(text) = place.get("description") {
        merged["description"] = text.clone();
    }
    merged
}
