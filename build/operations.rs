//! The operations as the untouched document describes them, extensions included.

use super::document::{Document, Error, referred_name};
use super::secrets::is_secret;
use heck::{ToSnakeCase, ToUpperCamelCase};
use serde::Deserialize;
use serde_json::Value;

/// One operation of the document.
pub struct Operation {
    /// `operationId` as in the document: `ListImages`.
    pub id: String,
    /// The method of the generated client: `list_images`.
    pub method_name: String,
    /// The older names of the same operation, in snake case.
    pub aliases: Vec<String>,
    pub tag: String,
    pub docs: Vec<String>,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    /// Whether a successful answer is not JSON but data.
    pub streams: bool,
    /// Error statuses and the schema of their bodies.
    pub errors: Vec<(u16, String)>,
    pub pagination: Option<Pagination>,
    pub failure: Option<Failure>,
    pub retry: Retry,
    /// `x-check`: whether the crate has a `check` of its own for the request.
    pub check: bool,
}

/// A path, query or header parameter.
pub struct Parameter {
    /// As on the wire.
    pub name: String,
    /// As an argument of the generated method.
    pub ident: String,
    pub in_path: bool,
    pub description: String,
    /// `x-once`: whether the service drops all but one of several values without saying so.
    pub once: bool,
}

/// The body of a request.
pub struct Body {
    pub media_type: String,
    pub description: String,
    /// The properties of a JSON object: each becomes an argument or a setter.
    pub fields: Vec<Field>,
    /// Whether further string properties may be given by name.
    pub open: bool,
}

/// A property of a JSON request body.
pub struct Field {
    pub name: String,
    pub required: bool,
    pub description: String,
    /// Whether its value is not to be shown.
    pub secret: bool,
}

/// `x-pagination`.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pagination {
    pub style: Style,
    /// The query parameter that carries the position.
    pub request: String,
    /// The response property that carries the position of the next page.
    pub response: String,
    /// The response property that holds the items.
    pub items: String,
    #[serde(default)]
    pub end: End,
    /// The item property that is a marker itself.
    pub item_marker: Option<String>,
    /// The query parameter that sets the number of items in a page.
    pub page_size: Option<String>,
    pub max_page_size: Option<u32>,
    /// The boolean query parameter without which the first page is the newest one: `true` leads from
    /// the first item to the last.
    pub forwards: Option<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// The response holds a page token.
    Token,
    /// The response holds a link with a marker in its query.
    Link,
}

/// What ends the pages, besides a position that is absent or empty.
#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Nothing else: a token that comes again is an error.
    #[default]
    NoToken,
    /// The same token again, as log events have it.
    RepeatedToken,
}

/// `x-failure`: a success status whose body says that the call failed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The property that tells, and its value for a failure.
    pub property: String,
    pub value: String,
    /// The property with the reason.
    pub message: String,
}

/// `x-retry`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Whether a second run changes nothing. A call that is not idempotent is sent again only if the
    /// service cannot have processed it.
    pub idempotent: bool,
    /// The statuses after which the call may be sent again.
    pub statuses: Vec<u16>,
}

/// Reads every operation of the document.
pub fn read(document: &Document) -> Result<Vec<Operation>, Error> {
    document
        .operations()
        .into_iter()
        .map(|(path, method, value)| {
            let id = value["operationId"]
                .as_str()
                .ok_or_else(|| Error::at(&format!("{method} {path}"), "has no operationId"))?;
            read_one(document, path, id, value).map_err(|error| Error::at(id, error))
        })
        .collect()
}

fn read_one(document: &Document, path: &str, id: &str, value: &Value) -> Result<Operation, Error> {
    document.references(value)?;
    let text = |key: &str| value[key].as_str().unwrap_or_default().trim().to_owned();
    let mut docs = vec![text("summary"), text("description")];
    docs.retain(|text| !text.is_empty());
    Ok(Operation {
        id: id.to_owned(),
        method_name: id.to_snake_case(),
        aliases: value["x-aliases"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|alias| alias.as_str().map(ToSnakeCase::to_snake_case))
            .collect(),
        tag: value["tags"][0].as_str().ok_or_else(|| Error::new("has no tag"))?.to_owned(),
        docs,
        parameters: parameters(document, path, value)?,
        body: body(document, value)?,
        streams: streams(document, value)?,
        errors: errors(document, value)?,
        pagination: extension(value, "x-pagination")?,
        failure: extension(value, "x-failure")?,
        retry: extension(value, "x-retry")?.ok_or_else(|| Error::new("has no x-retry"))?,
        check: value["x-check"] == true,
    })
}

fn extension<T: serde::de::DeserializeOwned>(value: &Value, key: &str) -> Result<Option<T>, Error> {
    value
        .get(key)
        .map(|extension| serde_json::from_value(extension.clone()))
        .transpose()
        .map_err(|error| Error::new(format!("{key}: {error}")))
}

fn parameters(document: &Document, path: &str, value: &Value) -> Result<Vec<Parameter>, Error> {
    let shared = document.0["paths"][path]["parameters"].as_array();
    let own = value["parameters"].as_array();
    shared
        .into_iter()
        .chain(own)
        .flatten()
        .map(|parameter| {
            let parameter = document.resolve(parameter)?;
            let name =
                parameter["name"].as_str().ok_or_else(|| Error::new("a parameter has no name"))?;
            // progenitor repeats the name of a list whatever the document says.
            if parameter["explode"] == false
                && document.resolve(&parameter["schema"])?["type"] == "array"
            {
                let message = format!("parameter {name}: a list that is not exploded");
                return Err(Error::new(message));
            }
            Ok(Parameter {
                name: name.to_owned(),
                ident: name.to_snake_case(),
                in_path: parameter["in"] == "path",
                description: description(parameter),
                once: parameter["x-once"] == true,
            })
        })
        .collect()
}

fn body(document: &Document, value: &Value) -> Result<Option<Body>, Error> {
    let Some(body) = value.get("requestBody") else { return Ok(None) };
    let body = document.resolve(body)?;
    let (media_type, content) = body["content"]
        .as_object()
        .and_then(|content| content.iter().next())
        .ok_or_else(|| Error::new("the request body has no content"))?;
    let schema = document.resolve(&content["schema"])?;
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object();
    let mut fields = Vec::new();
    for (name, property) in properties.into_iter().flatten() {
        let mut description = description(property);
        if description.is_empty() {
            description = self::description(document.resolve(property)?);
        }
        fields.push(Field {
            name: name.clone(),
            required: required.contains(&name.as_str()),
            description,
            secret: is_secret(property),
        });
    }
    // Arguments come in the order in which the document requires them.
    fields.sort_by_key(|field| required.iter().position(|name| *name == field.name));
    Ok(Some(Body {
        media_type: media_type.clone(),
        description: description(body),
        fields,
        open: properties.is_some() && is_open(schema),
    }))
}

/// Whether a schema allows properties that it does not name.
pub fn is_open(schema: &Value) -> bool {
    schema.get("additionalProperties").is_some_and(|more| *more != Value::Bool(false))
}

fn streams(document: &Document, value: &Value) -> Result<bool, Error> {
    for (status, response) in value["responses"].as_object().into_iter().flatten() {
        let content = document.resolve(response)?["content"].as_object();
        if status.starts_with('2')
            && content.is_some_and(|media| !media.contains_key("application/json"))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn errors(document: &Document, value: &Value) -> Result<Vec<(u16, String)>, Error> {
    let mut errors = Vec::new();
    for (status, response) in value["responses"].as_object().into_iter().flatten() {
        let Ok(code) = status.parse::<u16>() else {
            return Err(Error::new(format!("response {status} is no status code")));
        };
        if code < 400 {
            continue;
        }
        let response = document.resolve(response)?;
        let schema = &response["content"]["application/json"]["schema"];
        let name = referred_name(schema)
            .ok_or_else(|| Error::new(format!("response {status} has no named schema")))?;
        errors.push((code, name.to_upper_camel_case()));
    }
    Ok(errors)
}

fn description(value: &Value) -> String {
    value["description"].as_str().unwrap_or_default().trim().to_owned()
}
