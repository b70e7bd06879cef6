//! Schemas in the forms that the types are made of: objects, lists, maps, texts, numbers, booleans,
//! enums of texts, one of several objects, and any JSON.

use super::combined::{self, Alternatives};
use super::{described, referred};
use crate::pipeline::document::{Document, Error, referred_name};
use heck::ToUpperCamelCase;
use serde_json::{Map, Value};

/// Marks a text that may come as a number or boolean.
pub const SCALAR: &str = "x-scalar";
/// Marks a list that may come as one item alone.
pub const ONE_OR_MANY: &str = "x-one-or-many";
/// The name that a property has on the wire, where it differs from its key.
pub const WIRE: &str = "x-wire";

/// The named schemas, more of which are made on the way.
pub struct Schemas {
    original: Document,
    named: Map<String, Value>,
}

impl Schemas {
    /// The components of a document, normalized.
    pub fn of(document: &Document) -> Result<Self, Error> {
        let mut schemas = Self { original: document.clone(), named: Map::new() };
        let components = document.0.pointer("/components/schemas").and_then(Value::as_object);
        for (name, schema) in components.into_iter().flatten() {
            let normal = schemas
                .schema(schema, &name.to_upper_camel_case())
                .map_err(|error| error.within(format!("schema {name}")))?;
            // A name for another name is that other one.
            if schemas.named.insert(name.clone(), normal).is_some() {
                return Err(Error::new(format!(
                    "schema {name}: a schema without a name would have the same: use x-name"
                )));
            }
        }
        Ok(schemas)
    }

    pub fn finish(self) -> Map<String, Value> {
        self.named
    }

    /// What a normalized node refers to.
    pub fn resolve<'a>(&'a self, node: &'a Value) -> &'a Value {
        let target = referred_name(node).and_then(|name| self.named.get(name));
        target.unwrap_or(node)
    }

    /// A schema in a place where it cannot have a type of its own: what needs one gets a name.
    pub fn member(&mut self, node: &Value, name: &str) -> Result<Value, Error> {
        let normal = self.schema(node, name)?;
        let Some(object) = normal.as_object() else { return Ok(normal) };
        let needs_name = object.contains_key("properties")
            || object.contains_key("oneOf")
            || (object.contains_key("enum") && !object.contains_key("$ref"));
        if !needs_name {
            return Ok(normal);
        }
        let place = referred(name, object);
        let mut schema = object.clone();
        for key in ["nullable", "readOnly", "x-name"] {
            schema.remove(key);
        }
        let schema = Value::Object(schema);
        let components = self.original.0.pointer("/components/schemas");
        let taken = components.and_then(|components| components.get(name)).is_some();
        if taken || self.named.get(name).is_some_and(|other| *other != schema) {
            return Err(Error::new(format!("two schemas would have the name {name}")));
        }
        self.named.insert(name.to_owned(), schema);
        Ok(place)
    }

    /// The schema of a request body: alternatives are one object, and what the service alone sets is
    /// left out.
    pub fn sent(&mut self, document: &Document, node: &Value, name: &str) -> Result<Value, Error> {
        let target = combined::flat(document, node)?;
        let alternatives = combined::alternatives(document, &target)?;
        let merged = match alternatives {
            Some(Alternatives::Objects(objects)) => {
                let objects: Vec<_> = objects
                    .iter()
                    .map(|node| combined::flat(document, node))
                    .collect::<Result<_, _>>()?;
                combined::either(&target, &objects)
            }
            _ => target.clone(),
        };
        let mut body = merged.clone();
        let mut left_out = Vec::new();
        if let Some(properties) = body.get_mut("properties").and_then(Value::as_object_mut) {
            properties.retain(|name, property| {
                let stays = property["readOnly"] != true;
                if !stays {
                    left_out.push(Value::String(name.clone()));
                }
                stays
            });
        }
        if left_out.is_empty() && merged == target {
            return self.member(node, name);
        }
        let mut body = described(&body, &node["description"]);
        if let Some(required) = body.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| !left_out.contains(name));
        }
        self.member(&body, name)
    }

    fn schema(&mut self, node: &Value, name: &str) -> Result<Value, Error> {
        let mut node = node.clone();
        for _ in 0..32 {
            if node.get("allOf").is_some() {
                node = combined::all(&self.original, &node)?;
            } else if node.get("$ref").is_some() {
                return self.reference(&node);
            } else {
                break;
            }
        }
        if let Some(alternatives) = combined::alternatives(&self.original, &node)? {
            return self.alternatives(&node, alternatives, name);
        }
        let Some(given) = node.as_object() else { return Err(Error::new("is not a schema")) };
        let mut normal = Map::new();
        for key in [
            "description",
            "nullable",
            "readOnly",
            "x-secret",
            "x-short",
            "x-name",
            "x-also",
            "x-refuse",
            "x-token",
            "x-same-as",
            SCALAR,
            ONE_OR_MANY,
        ] {
            if let Some(value) = given.get(key) {
                normal.insert(key.to_owned(), value.clone());
            }
        }
        let kind = match given.get("type").and_then(Value::as_str) {
            Some(kind) => kind,
            None if given.contains_key("properties") => "object",
            None if given.contains_key("items") => "array",
            None if given.contains_key("enum") => "string",
            // Any JSON.
            None => return Ok(Value::Object(normal)),
        };
        normal.insert("type".to_owned(), kind.into());
        match kind {
            "string" => string(given, &mut normal),
            "integer" => _ = normal.insert("format".to_owned(), "int64".into()),
            "number" => _ = normal.insert("format".to_owned(), "double".into()),
            "boolean" => {}
            "array" => {
                let items =
                    given.get("items").ok_or_else(|| Error::new("a list without `items`"))?;
                let items =
                    described(items, &given.get("description").cloned().unwrap_or_default());
                let items = self
                    .member(&items, &format!("{name} Item").to_upper_camel_case())
                    .map_err(|error| error.within("items"))?;
                normal.insert("items".to_owned(), items);
            }
            "object" => self.object(given, &mut normal, name)?,
            other => return Err(Error::new(format!("type {other} is not a type of OpenAPI 3.0"))),
        }
        Ok(Value::Object(normal))
    }

    fn object(
        &mut self,
        given: &Map<String, Value>,
        normal: &mut Map<String, Value>,
        name: &str,
    ) -> Result<(), Error> {
        let listed = given.get("required").and_then(Value::as_array);
        let mut required: Vec<Value> = listed.cloned().unwrap_or_default();
        let mut properties = Map::new();
        let given_properties = given.get("properties").and_then(Value::as_object);
        for (key, property) in given_properties.into_iter().flatten() {
            if property["x-ignored"] == true {
                required.retain(|name| name != key);
                continue;
            }
            let here = |error: Error| error.within(format!("property {key}"));
            let hint = format!("{name} {key}").to_upper_camel_case();
            let mut property = self.member(property, &hint).map_err(here)?;
            // A `null` says no more than a property that is missing.
            if property["nullable"] == true || self.resolve(&property)["nullable"] == true {
                required.retain(|name| name != key);
            }
            let mut ident = key.clone();
            if let Some(object) = property.as_object_mut() {
                object.remove("nullable");
                if let Some(Value::String(name)) = object.remove("x-name") {
                    object.insert(WIRE.to_owned(), key.clone().into());
                    required
                        .iter_mut()
                        .filter(|name| *name == key)
                        .for_each(|old| *old = name.clone().into());
                    ident = name;
                }
            }
            if properties.insert(ident, property).is_some() {
                return Err(here(Error::new("x-name: this is the name of another property")));
            }
        }
        for missing in &required {
            if !missing.as_str().is_some_and(|name| properties.contains_key(name)) {
                return Err(Error::new(format!("{missing} is required and no property")));
            }
        }
        if !properties.is_empty() {
            normal.insert("properties".to_owned(), Value::Object(properties));
            normal.insert("required".to_owned(), Value::Array(required));
        }
        match given.get("additionalProperties") {
            None => {}
            Some(Value::Bool(more)) => {
                _ = normal.insert("additionalProperties".to_owned(), (*more).into())
            }
            Some(more) => {
                let hint = format!("{name} Value").to_upper_camel_case();
                let text = given.get("description").cloned().unwrap_or_default();
                let more = self.member(&described(more, &text), &hint);
                let more = more.map_err(|error| error.within("additionalProperties"))?;
                normal.insert("additionalProperties".to_owned(), more);
            }
        }
        Ok(())
    }

    /// A reference stays one, unless what it leads to needs no type of its own.
    fn reference(&mut self, node: &Value) -> Result<Value, Error> {
        let target = self.original.resolve(node)?;
        let target = match target.get("allOf") {
            Some(_) => combined::all(&self.original, target)?,
            None => target.clone(),
        };
        let alternatives = combined::alternatives(&self.original, &target)?;
        let plain = match &alternatives {
            Some(Alternatives::Objects(_) | Alternatives::Words(_)) => false,
            Some(_) => true,
            None => {
                target.get("enum").is_none()
                    && matches!(
                        target["type"].as_str(),
                        Some("string" | "integer" | "number" | "boolean")
                    )
            }
        };
        let is_integer = matches!(target["type"].as_str(), Some("integer" | "number" | "boolean"));
        let Some(place) = node.as_object() else { return Ok(node.clone()) };
        if !plain && !is_integer {
            let name = referred_name(node).unwrap_or_default();
            let mut normal = referred(name, place);
            normal["$ref"] = node["$ref"].clone();
            return Ok(normal);
        }
        let mut target = target.as_object().cloned().unwrap_or_default();
        for (key, value) in place.iter().filter(|(key, _)| *key != "$ref") {
            target.insert(key.clone(), value.clone());
        }
        self.schema(&Value::Object(target), "Plain")
    }

    fn alternatives(
        &mut self,
        node: &Value,
        alternatives: Alternatives,
        name: &str,
    ) -> Result<Value, Error> {
        let mut place = node.as_object().cloned().unwrap_or_default();
        for key in ["anyOf", "oneOf", "discriminator", "type"] {
            place.remove(key);
        }
        // What is secret in one of its forms is secret.
        for listed in ["anyOf", "oneOf"].iter().filter_map(|key| node[*key].as_array()) {
            for one in listed {
                let one = combined::flat(&self.original, one)?;
                if self.original.is_marked(&one, "x-secret") {
                    place.insert("x-secret".to_owned(), true.into());
                }
            }
        }
        match alternatives {
            Alternatives::One(mut only) => {
                if let Some(only) = only.as_object_mut() {
                    only.extend(place);
                }
                return self.schema(&only, name);
            }
            Alternatives::Number => _ = place.insert("type".to_owned(), "number".into()),
            Alternatives::Scalar => {
                place.insert("type".to_owned(), "string".into());
                place.insert(SCALAR.to_owned(), true.into());
            }
            Alternatives::Text => _ = place.insert("type".to_owned(), "string".into()),
            Alternatives::Words(words) => {
                place.insert("type".to_owned(), "string".into());
                place.insert("enum".to_owned(), words);
            }
            Alternatives::OneOrMany(list) => {
                place.insert(ONE_OR_MANY.to_owned(), true.into());
                place.insert("type".to_owned(), "array".into());
                place.insert("items".to_owned(), list["items"].clone());
            }
            Alternatives::Objects(objects) => {
                let mut named = Vec::new();
                for (index, object) in objects.iter().enumerate() {
                    // What has no name of its own may have a title.
                    let hint = match object["title"].as_str() {
                        Some(title) => format!("{name} {title}").to_upper_camel_case(),
                        None => format!("{name}Variant{index}"),
                    };
                    let text = node.get("description").cloned().unwrap_or_default();
                    named.push(self.member(&described(object, &text), &hint)?);
                }
                place.insert("oneOf".to_owned(), Value::Array(named));
                place.retain(|key, _| {
                    matches!(
                        key.as_str(),
                        "description" | "nullable" | "readOnly" | "x-secret" | "oneOf"
                    )
                });
                return Ok(Value::Object(place));
            }
            Alternatives::Any => {}
        }
        self.schema(&Value::Object(place), name)
    }
}

/// A text: an enum if it has values, with the formats that have types of their own.
fn string(given: &Map<String, Value>, normal: &mut Map<String, Value>) {
    if let Some(words) = given.get("enum").and_then(Value::as_array) {
        let words: Vec<_> = words.iter().filter(|word| word.is_string()).cloned().collect();
        normal.insert("enum".to_owned(), Value::Array(words));
    } else if let Some(format) = given.get("format")
        && (*format == "date-time" || *format == "binary")
    {
        normal.insert("format".to_owned(), format.clone());
    }
}
