//! The words that a document may use. One that is not here fails the build by name, so that nothing
//! is ignored silently.

use super::document::{Document, Error, METHODS};
use serde_json::{Map, Value};

const DOCUMENT: &[&str] = &[
    "openapi",
    "info",
    "servers",
    "security",
    "tags",
    "paths",
    "components",
    "externalDocs",
    "x-failure",
    "x-quota",
    "x-endpoint",
    "x-module",
    "x-fake",
    "x-protocol",
];
const COMPONENTS: &[&str] = &[
    "schemas",
    "parameters",
    "responses",
    "requestBodies",
    "headers",
    "securitySchemes",
    "examples",
];
const PATH_ITEM: &[&str] =
    &["summary", "description", "parameters", "get", "put", "post", "delete", "patch", "head"];
const OPERATION: &[&str] = &[
    "operationId",
    "tags",
    "summary",
    "description",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "deprecated",
    "externalDocs",
    "x-pagination",
    "x-retry",
    "x-failure",
    "x-quota",
    "x-name",
    "x-aliases",
    "x-check",
    "x-check-answer",
    "x-related",
    "x-ignored",
];
const PARAMETER: &[&str] = &[
    "name",
    "in",
    "description",
    "required",
    "schema",
    "style",
    "explode",
    "example",
    "examples",
    "deprecated",
    "allowEmptyValue",
    "x-fixed",
    "x-name",
    "x-once",
    "x-secret",
    "x-refuse",
    "x-ignored",
    "x-login",
];
const INFO: &[&str] =
    &["title", "version", "description", "summary", "termsOfService", "contact", "license"];
const SERVER: &[&str] = &["url", "description", "variables"];
const TAG: &[&str] = &["name", "description", "externalDocs"];
const SECURITY_SCHEME: &[&str] = &[
    "type",
    "scheme",
    "in",
    "name",
    "description",
    "bearerFormat",
    "flows",
    "openIdConnectUrl",
    "x-amazon-apigateway-authtype",
];
/// Of an answer: documentation, so nothing in it can be secret.
const HEADER: &[&str] = &["description", "required", "schema", "example", "deprecated"];
const BODY: &[&str] = &["description", "content", "required"];
const MEDIA_TYPE: &[&str] = &["schema", "example", "examples"];
const RESPONSE: &[&str] = &["description", "headers", "content", "links"];
const SCHEMA: &[&str] = &[
    "$ref",
    "type",
    "format",
    "title",
    "description",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "allOf",
    "anyOf",
    "oneOf",
    "discriminator",
    "enum",
    "nullable",
    "default",
    "example",
    "readOnly",
    "writeOnly",
    "deprecated",
    "externalDocs",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "x-secret",
    "x-short",
    "x-name",
    "x-same-as",
    "x-also",
    "x-refuse",
    "x-ignored",
    "x-token",
];
const MARKS: &[&str] =
    &["x-secret", "x-short", "x-once", "x-check", "x-check-answer", "x-ignored", "x-token"];

/// Checks every word of the document.
pub fn check(document: &Document) -> Result<(), Error> {
    words(&document.0, DOCUMENT)?;
    words(&document.0["info"], INFO).map_err(|error| error.within("info"))?;
    for (key, known) in [("servers", SERVER), ("tags", TAG)] {
        for node in document.0[key].as_array().into_iter().flatten() {
            words(node, known).map_err(|error| error.within(key))?;
        }
    }
    let components = &document.0["components"];
    words(components, COMPONENTS).map_err(|error| error.within("components"))?;
    for (name, node) in entries(&components["schemas"]) {
        schema(node).map_err(|error| error.within(format!("schema {name}")))?;
    }
    for (name, node) in entries(&components["parameters"]) {
        parameter(node).map_err(|error| error.within(format!("parameter {name}")))?;
    }
    for (name, node) in entries(&components["responses"]) {
        response(node).map_err(|error| error.within(format!("response {name}")))?;
    }
    for (name, node) in entries(&components["headers"]) {
        header(node).map_err(|error| error.within(format!("header {name}")))?;
    }
    for (name, node) in entries(&components["securitySchemes"]) {
        words(node, SECURITY_SCHEME).map_err(|error| error.within(format!("security {name}")))?;
    }
    for (name, node) in entries(&components["requestBodies"]) {
        body(node).map_err(|error| error.within(format!("request body {name}")))?;
    }
    for (path, item) in entries(&document.0["paths"]) {
        let here = |error: Error| error.within(format!("path {path}"));
        words(item, PATH_ITEM).map_err(here)?;
        parameters(item).map_err(here)?;
        for method in METHODS {
            if let Some(node) = item.get(method) {
                let id = node["operationId"].as_str();
                let id = id.map_or_else(|| format!("{method} {path}"), str::to_owned);
                operation(node).map_err(|error| Error::at(&id, error))?;
            }
        }
    }
    Ok(())
}

fn operation(node: &Value) -> Result<(), Error> {
    words(node, OPERATION)?;
    parameters(node)?;
    if let Some(node) = node.get("requestBody") {
        body(node).map_err(|error| error.within("the request body"))?;
    }
    for (status, node) in entries(&node["responses"]) {
        response(node).map_err(|error| error.within(format!("response {status}")))?;
    }
    Ok(())
}

fn parameters(node: &Value) -> Result<(), Error> {
    for node in node["parameters"].as_array().into_iter().flatten() {
        let name = node["name"].as_str().unwrap_or("without a name");
        parameter(node).map_err(|error| error.within(format!("parameter {name}")))?;
    }
    Ok(())
}

fn parameter(node: &Value) -> Result<(), Error> {
    if node.get("$ref").is_some() {
        return words(node, &["$ref"]);
    }
    words(node, PARAMETER)?;
    node.get("schema").map_or(Ok(()), schema)
}

fn body(node: &Value) -> Result<(), Error> {
    if node.get("$ref").is_some() {
        return words(node, &["$ref"]);
    }
    words(node, BODY)?;
    content(node)
}

fn response(node: &Value) -> Result<(), Error> {
    if node.get("$ref").is_some() {
        return words(node, &["$ref"]);
    }
    words(node, RESPONSE)?;
    for (name, node) in entries(&node["headers"]) {
        header(node).map_err(|error| error.within(format!("header {name}")))?;
    }
    content(node)
}

fn header(node: &Value) -> Result<(), Error> {
    if node.get("$ref").is_some() {
        return words(node, &["$ref"]);
    }
    words(node, HEADER)?;
    let Some(node) = node.get("schema") else { return Ok(()) };
    schema(node)?;
    match node.get("x-secret") {
        Some(_) => Err(Error::new("x-secret on a header of an answer does nothing")),
        None => Ok(()),
    }
}

fn content(node: &Value) -> Result<(), Error> {
    for (media_type, node) in entries(&node["content"]) {
        let here = |error: Error| error.within(media_type);
        words(node, MEDIA_TYPE).map_err(here)?;
        node.get("schema").map_or(Ok(()), schema).map_err(here)?;
    }
    Ok(())
}

fn schema(node: &Value) -> Result<(), Error> {
    words(node, SCHEMA)?;
    if node["type"].is_array() {
        return Err(Error::new("a list of types is OpenAPI 3.1: write `nullable: true`"));
    }
    for (name, node) in entries(&node["properties"]) {
        schema(node).map_err(|error| error.within(format!("property {name}")))?;
    }
    for key in ["items", "additionalProperties"] {
        let Some(node) = node.get(key).filter(|node| !node.is_boolean()) else { continue };
        schema(node).map_err(|error| error.within(key))?;
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for node in node[key].as_array().into_iter().flatten() {
            schema(node).map_err(|error| error.within(key))?;
        }
    }
    Ok(())
}

/// Checks the keys of one object, and that the marks among them are `true` or `false`.
fn words(node: &Value, known: &[&str]) -> Result<(), Error> {
    let Some(object) = node.as_object() else {
        return if node.is_null() { Ok(()) } else { Err(Error::new("it is not an object")) };
    };
    for (key, value) in object {
        if !known.contains(&key.as_str()) {
            return Err(Error::new(format!(
                "`{key}` is not known here: build/vocabulary.rs has what is read"
            )));
        }
        if MARKS.contains(&key.as_str()) && !value.is_boolean() {
            return Err(Error::new(format!("{key} is neither true nor false")));
        }
    }
    Ok(())
}

fn entries(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let object: Option<&Map<String, Value>> = node.as_object();
    object.into_iter().flatten()
}
