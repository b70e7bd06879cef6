//! One way to say a thing: the same document in the few forms that the later passes know.
//!
//! * References to parameters, bodies and responses are followed; the parameters of a path are those
//!   of its operations.
//! * `x-name` is carried out, and what has a type of its own has a name (`schemas.rs`).
//! * A request has one media type and never `readOnly` properties.
//! * What no operation uses is left out.

mod combined;
mod schemas;

use super::document::{Document, Error, METHODS, SCHEMAS, reference};
use heck::ToUpperCamelCase;
use schemas::Schemas;
pub use schemas::{ONE_OR_MANY, SCALAR, WIRE};
use serde_json::{Map, Value, json};

/// What the service takes for a parameter that is left out.
pub const DEFAULT: &str = "x-default";
/// Marks a request body that is left out where it would be empty.
pub const OPTIONAL: &str = "x-optional";

/// The document in its normal form.
pub fn apply(document: &Document) -> Result<Document, Error> {
    let mut document = document.clone();
    rename_schemas(&mut document)?;
    let mut schemas = Schemas::of(&document)?;
    let mut paths = Map::new();
    for (path, item) in document.0["paths"].as_object().into_iter().flatten() {
        let mut operations = Map::new();
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            // What the service does not do although its document says so.
            if operation["x-ignored"] == true {
                continue;
            }
            let id = operation["x-name"].as_str().or(operation["operationId"].as_str());
            let id = id
                .ok_or_else(|| Error::at(&format!("{method} {path}"), "has no operationId"))?
                .to_owned();
            let operation = Normalizer { document: &document, schemas: &mut schemas, id: &id }
                .operation(item, operation)
                .map_err(|error| Error::at(&id, error))?;
            operations.insert(method.to_owned(), operation);
        }
        paths.insert(path.clone(), Value::Object(operations));
    }
    let mut normal = document.0.clone();
    normal["paths"] = Value::Object(paths);
    normal["components"] = json!({ "schemas": schemas.finish() });
    if let Some(schemes) = document.0.pointer("/components/securitySchemes") {
        normal["components"]["securitySchemes"] = schemes.clone();
    }
    let mut normal = Document(normal);
    drop_unused(&mut normal)?;
    Ok(normal)
}

/// Gives schemas the names that `x-name` says.
fn rename_schemas(document: &mut Document) -> Result<(), Error> {
    let Some(schemas) = document.0.pointer("/components/schemas").and_then(Value::as_object) else {
        return Ok(());
    };
    let renamed: Vec<(String, String)> = schemas
        .iter()
        .filter_map(|(old, schema)| Some((old.clone(), schema["x-name"].as_str()?.to_owned())))
        .collect();
    for (old, new) in renamed {
        let schemas = document.0.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
        let Some(schemas) = schemas else { continue };
        let Some(mut schema) = schemas.remove(&old) else { continue };
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("x-name");
        }
        if schemas.insert(new.clone(), schema).is_some() {
            return Err(Error::new(format!("schema {old}: x-name: {new} is another schema")));
        }
        let (from, to) = (format!("{SCHEMAS}{old}"), format!("{SCHEMAS}{new}"));
        document.each_object(&mut |object| {
            if object.get("$ref").is_some_and(|path| *path == *from) {
                object.insert("$ref".to_owned(), to.clone().into());
            }
        });
    }
    Ok(())
}

/// Leaves out the schemas that no operation leads to.
fn drop_unused(document: &mut Document) -> Result<(), Error> {
    let paths = document.0["paths"].clone();
    let used: Vec<String> = document.references(&paths)?.into_iter().map(str::to_owned).collect();
    if let Some(schemas) =
        document.0.pointer_mut("/components/schemas").and_then(Value::as_object_mut)
    {
        schemas.retain(|name, _| used.contains(&format!("{SCHEMAS}{name}")));
    }
    Ok(())
}

struct Normalizer<'a> {
    document: &'a Document,
    schemas: &'a mut Schemas,
    id: &'a str,
}

impl Normalizer<'_> {
    fn operation(&mut self, item: &Value, operation: &Value) -> Result<Value, Error> {
        let mut normal = operation.as_object().cloned().unwrap_or_default();
        normal.insert("operationId".to_owned(), self.id.into());
        normal.insert("parameters".to_owned(), self.parameters(item, operation)?);
        if let Some(body) = operation.get("requestBody") {
            let body = self.body(body).map_err(|error| error.within("the request body"))?;
            normal.insert("requestBody".to_owned(), body);
        }
        let mut responses = Map::new();
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            let response = self
                .response(status, response)
                .map_err(|error| error.within(format!("response {status}")))?;
            responses.insert(status.clone(), response);
        }
        normal.insert("responses".to_owned(), Value::Object(responses));
        Ok(Value::Object(normal))
    }

    /// The parameters of the path and of the operation, of which the latter replace the former.
    fn parameters(&mut self, item: &Value, operation: &Value) -> Result<Value, Error> {
        let mut found: Vec<Value> = Vec::new();
        let lists = [&item["parameters"], &operation["parameters"]];
        for node in lists.into_iter().filter_map(Value::as_array).flatten() {
            let parameter = self.document.resolve(node)?;
            let same = |other: &Value| {
                other["name"] == parameter["name"] && other["in"] == parameter["in"]
            };
            match found.iter_mut().find(|other| same(other)) {
                Some(other) => *other = parameter.clone(),
                None => found.push(parameter.clone()),
            }
        }
        found.retain(|parameter| parameter["x-ignored"] != true);
        for parameter in &mut found {
            let name = parameter["name"].as_str().unwrap_or("without a name").to_owned();
            self.parameter(&name, parameter)
                .map_err(|error| error.within(format!("parameter {name}")))?;
        }
        Ok(Value::Array(found))
    }

    fn parameter(&mut self, name: &str, parameter: &mut Value) -> Result<(), Error> {
        let Some(schema) = parameter.get("schema") else {
            return Err(Error::new("has no schema"));
        };
        match parameter["in"].as_str() {
            Some("query" | "header" | "path") => {}
            place => {
                return Err(Error::new(format!("a parameter in {place:?} cannot be sent")));
            }
        }
        if parameter["in"] == "path" && parameter["required"] != true {
            return Err(Error::new("is in the path and so has to be required"));
        }
        let hint = format!("{} {name}", self.id).to_upper_camel_case();
        let default = self.document.resolve(schema)?.get("default").cloned();
        let schema = described(schema, &parameter["description"]);
        let mut schema = self.schemas.member(&schema, &hint)?;
        let is_list = self.schemas.resolve(&schema)["type"] == "array";
        // A list is sent as its name repeated, which `spaceDelimited` means too where it is exploded.
        let repeated = match parameter["style"].as_str() {
            None | Some("form") => parameter["explode"] != false,
            Some("spaceDelimited") => parameter["explode"] == true,
            Some("simple") if parameter["in"] != "query" => true,
            Some(style) => return Err(Error::new(format!("the style {style} cannot be sent"))),
        };
        if is_list && !(repeated && parameter["in"] == "query") {
            return Err(Error::new(
                "a list that is not exploded cannot be sent: write `explode: true`, or describe a string",
            ));
        }
        if let Some(fixed) = parameter.get("x-fixed") {
            if fixed.is_object() || fixed.is_array() || fixed.is_null() {
                return Err(Error::new("x-fixed is not text, number or boolean"));
            }
            if parameter["in"] == "path" {
                return Err(Error::new(
                    "x-fixed is not for a parameter of the path: write the value into the path",
                ));
            }
            schema = json!({ "type": "string" });
            parameter["required"] = true.into();
        }
        parameter["schema"] = schema;
        if let Some(parameter) = parameter.as_object_mut() {
            parameter.extend(default.map(|default| (DEFAULT.to_owned(), default)));
            parameter.remove("style");
            parameter.remove("explode");
        }
        Ok(())
    }

    /// A body of one media type, with a schema that holds what can be sent.
    fn body(&mut self, node: &Value) -> Result<Value, Error> {
        let body = self.document.resolve(node)?;
        let (media_type, content) =
            preferred(&body["content"]).ok_or_else(|| Error::new("there is no media type"))?;
        let schema =
            content.get("schema").ok_or_else(|| Error::new("the media type has no schema"))?;
        let name = format!("{} Body", self.id).to_upper_camel_case();
        let schema = if media_type == "application/octet-stream" {
            schema.clone()
        } else {
            let text = body.get("description").cloned();
            let text = text.unwrap_or_else(|| format!("The body of {}.", self.id).into());
            self.schemas.sent(self.document, &described(schema, &text), &name)?
        };
        let mut normal =
            json!({ "required": true, "content": { media_type: { "schema": schema } } });
        if body["required"] == false {
            normal[OPTIONAL] = true.into();
        }
        if let Some(text) = body.get("description") {
            normal["description"] = text.clone();
        }
        Ok(normal)
    }

    fn response(&mut self, status: &str, node: &Value) -> Result<Value, Error> {
        let known = match status.as_bytes() {
            b"default" => true,
            [b'1'..=b'5', b'X', b'X'] => true,
            [b'1'..=b'5', a, b] => a.is_ascii_digit() && b.is_ascii_digit(),
            _ => false,
        };
        if !known {
            return Err(Error::new("is not a status: use 200, 2XX or default"));
        }
        let response = self.document.resolve(node)?;
        let mut normal =
            json!({ "description": response["description"].as_str().unwrap_or_default() });
        let Some((media_type, content)) = preferred(&response["content"]) else {
            return Ok(normal);
        };
        let Some(schema) = content.get("schema") else {
            if status.starts_with('2') {
                return Err(Error::new(format!("{media_type} has no schema")));
            }
            return Ok(normal);
        };
        // A body that is always `null` says nothing.
        if self.document.resolve(schema)?["enum"] == json!([null]) {
            return Ok(normal);
        }
        let schema = if is_json(media_type) {
            let what = if status.starts_with('2') { "Response" } else { "Error" };
            let status = if status.starts_with('2') { "" } else { status };
            let name = format!("{} {what} {status}", self.id).to_upper_camel_case();
            let text = match response["description"].as_str() {
                Some(text) if !text.is_empty() => text.to_owned(),
                _ => format!("The answer to {}.", self.id),
            };
            self.schemas.member(&described(schema, &text.into()), &name)?
        } else {
            schema.clone()
        };
        // Only the fields of an object can be left out of what is shown.
        let answer = self.schemas.resolve(&schema);
        let has_fields = answer.get("properties").is_some() || answer.get("oneOf").is_some();
        let marked = |node| self.document.is_marked(node, "x-secret");
        if !has_fields && (marked(&schema) || marked(answer)) {
            return Err(Error::new(
                "x-secret is on a response that is not an object, whose Debug would show it: move it to a property",
            ));
        }
        normal["content"] = json!({ media_type: { "schema": schema } });
        Ok(normal)
    }
}

/// The media type that is used where there are several: JSON, or else the first.
fn preferred(content: &Value) -> Option<(&String, &Value)> {
    let content = content.as_object()?;
    content.iter().find(|(media_type, _)| is_json(media_type)).or_else(|| content.iter().next())
}

/// Whether a media type is JSON.
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json")
}

/// A schema that says what it is, by the words of its place if it has none of its own.
fn described(schema: &Value, text: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(object) = schema.as_object_mut()
        && text.is_string()
        && !object.contains_key("$ref")
    {
        object.entry("description").or_insert_with(|| text.clone());
    }
    schema
}

/// A reference to a schema, with what its place says of it.
fn referred(name: &str, place: &Map<String, Value>) -> Value {
    let mut node = reference(name);
    for key in ["description", "nullable", "readOnly", "x-secret", "x-name", "x-refuse"] {
        if let Some(value) = place.get(key) {
            node[key] = value.clone();
        }
    }
    node
}
