//! The OpenAPI document as plain JSON, with the few look-ups that the passes share.

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt;

/// Why a document cannot become a client.
#[derive(Debug)]
pub struct Error(String);

impl Error {
    pub fn new(message: impl fmt::Display) -> Self {
        Self(message.to_string())
    }

    /// The same error, naming the operation it is about.
    pub fn at(operation: &str, message: impl fmt::Display) -> Self {
        Self(format!("operation {operation}: {message}"))
    }

    /// The same error, naming the place it is about: `schema Image`, `parameter limit`.
    pub fn within(self, place: impl fmt::Display) -> Self {
        Self(format!("{place}: {self}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// The methods an OpenAPI path item may hold.
pub const METHODS: [&str; 6] = ["get", "put", "post", "delete", "patch", "head"];

/// An OpenAPI 3.0 document.
#[derive(Clone, Debug)]
pub struct Document(pub Value);

impl Document {
    pub fn parse(yaml: &str) -> Result<Self, Error> {
        let value: Value = yaml_serde::from_str(yaml).map_err(Error::new)?;
        match value.get("openapi").and_then(Value::as_str) {
            Some(version) if version.starts_with("3.0.") => Ok(Self(value)),
            Some(version) => Err(Error::new(format!(
                "the document is OpenAPI {version}, and only 3.0 is read: write it as 3.0, with \
                 `nullable: true` instead of a list of types and without `const`"
            ))),
            None => Err(Error::new("not an OpenAPI 3.0 document: it has no `openapi`")),
        }
    }

    /// The operations as path, method and object.
    pub fn operations(&self) -> Vec<(&str, &str, &Value)> {
        let mut found = Vec::new();
        for (path, item) in self.0["paths"].as_object().into_iter().flatten() {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    found.push((path.as_str(), method, operation));
                }
            }
        }
        found
    }

    /// Calls `change` with the `operationId` and the object of every operation.
    pub fn each_operation(&mut self, mut change: impl FnMut(&str, &mut Map<String, Value>)) {
        let Some(paths) = self.0.get_mut("paths").and_then(Value::as_object_mut) else { return };
        for item in paths.values_mut() {
            for method in METHODS {
                if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                    let id = operation.get("operationId").and_then(Value::as_str);
                    let id = id.unwrap_or("without an operationId").to_owned();
                    change(&id, operation);
                }
            }
        }
    }

    /// The target of a `$ref` within the document, or the node itself.
    pub fn resolve<'a>(&'a self, mut node: &'a Value) -> Result<&'a Value, Error> {
        for _ in 0..32 {
            let Some(reference) = node.get("$ref").and_then(Value::as_str) else { return Ok(node) };
            node = self.target(reference)?;
        }
        Err(Error::new(format!("{} leads back to itself", node["$ref"])))
    }

    /// What a `$ref` points at, which may be a `$ref` again.
    fn target(&self, reference: &str) -> Result<&Value, Error> {
        let pointer = reference
            .strip_prefix('#')
            .ok_or_else(|| Error::new(format!("{reference} is outside of the document")))?;
        self.0.pointer(pointer).ok_or_else(|| Error::new(format!("{reference} does not exist")))
    }

    /// Every `$ref` that a node leads to, itself or through what it refers to.
    pub fn references<'a>(&'a self, node: &'a Value) -> Result<BTreeSet<&'a str>, Error> {
        let mut found = BTreeSet::new();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            match node {
                Value::Object(object) => {
                    if let Some(reference) = object.get("$ref").and_then(Value::as_str)
                        && found.insert(reference)
                    {
                        self.resolve(node)?;
                        open.push(self.target(reference)?);
                    }
                    open.extend(object.values());
                }
                Value::Array(list) => open.extend(list),
                _ => {}
            }
        }
        Ok(found)
    }

    /// The schema component whose Rust name is `type_name`.
    ///
    /// Rust names differ from component names only in case and punctuation.
    pub fn schema_of_type(&self, type_name: &str) -> Option<&Value> {
        self.named_schema_of_type(type_name).map(|(_, schema)| schema)
    }

    /// The same with the name of the component.
    pub fn named_schema_of_type(&self, type_name: &str) -> Option<(&str, &Value)> {
        let schemas = self.0.pointer("/components/schemas")?.as_object()?;
        let wanted = letters(type_name);
        let (name, schema) = schemas.iter().find(|(name, _)| letters(name) == wanted)?;
        Some((name, schema))
    }

    /// Calls `change` with every JSON object of the document.
    pub fn each_object(&mut self, change: &mut impl FnMut(&mut Map<String, Value>)) {
        fn visit(node: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
            match node {
                Value::Object(object) => {
                    change(object);
                    object.values_mut().for_each(|child| visit(child, change));
                }
                Value::Array(list) => list.iter_mut().for_each(|child| visit(child, change)),
                _ => {}
            }
        }
        visit(&mut self.0, change);
    }

    /// Whether a schema or parameter carries a mark such as `x-secret`, itself or by what it refers
    /// to or consists of.
    pub fn is_marked(&self, node: &Value, mark: &str) -> bool {
        fn search(document: &Document, node: &Value, mark: &str, depth: usize) -> bool {
            let inner = |key: &str| {
                node.get(key).is_some_and(|inner| search(document, inner, mark, depth + 1))
            };
            let target = || {
                let target = node.get("$ref").and_then(|_| document.resolve(node).ok());
                target.is_some_and(|target| search(document, target, mark, depth + 1))
            };
            depth < 32
                && (node[mark] == true
                    || inner("schema")
                    || inner("items")
                    || inner("additionalProperties")
                    || target())
        }
        search(self, node, mark, 0)
    }
}

/// Where the named schemas of a document are.
pub const SCHEMAS: &str = "#/components/schemas/";

/// A reference to a named schema.
pub fn reference(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("{SCHEMAS}{name}") })
}

/// The name of the component that a node refers to: `X` of `#/components/schemas/X`.
pub fn referred_name(node: &Value) -> Option<&str> {
    node.get("$ref")?.as_str()?.rsplit('/').next()
}

fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
