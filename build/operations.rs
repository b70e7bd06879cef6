//! The operations as the untouched document describes them, extensions included.

use super::document::{Document, Error, referred_name};
use super::failure::Failure;
use super::normalize::{OPTIONAL, SCALAR, WIRE, is_json};
use super::pagination::Pagination;
use super::protocol::Protocol;
use heck::{ToSnakeCase, ToUpperCamelCase};
use serde::Deserialize;
use serde_json::Value;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;

/// One operation of the document.
pub struct Operation {
    /// `operationId` as in the document: `ListImages`.
    pub id: String,
    /// The method of the generated client: `list_images`.
    pub method_name: String,
    /// The path as in the document.
    pub path: String,
    pub protocol: Protocol,
    /// `version` of the document.
    pub version: String,
    /// The older names of the same operation, in snake case.
    pub aliases: Vec<String>,
    pub tag: String,
    pub docs: Vec<String>,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    /// Whether a successful answer is not JSON but data.
    pub streams: bool,
    /// The statuses beside 2xx that are successes.
    pub successes: Vec<u16>,
    /// Error statuses and the schema of their bodies, the narrowest first.
    pub errors: Vec<(RangeInclusive<u16>, String)>,
    pub pagination: Option<Pagination>,
    /// `x-failure` of the operation, or of the document.
    pub failure: Failure,
    pub retry: Retry,
    /// `x-quota` of the operation, or of the document.
    pub quota: Option<Quota>,
    /// `x-related`: operations whose requests the crate makes of this one's.
    pub related: Vec<String>,
    /// `x-check`: whether the crate has a `check` of its own for the request.
    pub check: bool,
    /// `x-check-answer`: whether the crate has a `check_answer` of its own for what comes back.
    pub check_answer: bool,
}

impl Operation {
    /// The parameter that sets how many items a page has.
    pub fn page_size(&self) -> Option<&str> {
        Some(&self.pagination.as_ref()?.page_size.as_ref()?.parameter)
    }
}

/// A path, query or header parameter.
pub struct Parameter {
    /// As on the wire.
    pub name: String,
    /// As progenitor names the argument.
    pub argument: String,
    /// As users know it.
    pub ident: String,
    pub in_path: bool,
    pub description: String,
    /// `x-once`: whether the service drops all but one of several values without saying so.
    pub once: bool,
    /// `x-secret`: whether its value is not to be shown.
    pub secret: bool,
    /// `x-fixed`: the value that is always sent.
    pub fixed: Option<String>,
    /// `x-refuse`: characters that the value cannot have in it.
    pub refuse: Option<String>,
    /// `x-login`: whether the credential says the value where the user does not.
    pub login: bool,
    /// Whether a number is a value too.
    pub scalar: bool,
}

/// The body of a request.
pub struct Body {
    pub media_type: String,
    pub description: String,
    /// Whether nothing is sent when no field is set.
    pub optional: bool,
    /// The properties of a JSON object: each becomes an argument or a setter.
    pub fields: Vec<Field>,
    /// Whether further string properties may be given by name.
    pub open: bool,
    /// `x-refuse` of its properties: where they are, and the characters that they cannot have.
    pub refuse: Vec<(Vec<String>, String)>,
}

/// A property of a JSON request body.
pub struct Field {
    pub name: String,
    pub required: bool,
    pub description: String,
    /// Whether its value is not to be shown.
    pub secret: bool,
    /// `x-token`: whether each call has a value of its own, unless one is set.
    pub token: bool,
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

/// `x-quota`: how many calls the service takes in a time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    pub calls: NonZeroU32,
    pub seconds: NonZeroU32,
    /// Whether it counts the calls of all operations that have none of their own.
    #[serde(skip)]
    pub is_shared: bool,
}

/// Reads every operation of a normal document.
pub fn read(document: &Document) -> Result<Vec<Operation>, Error> {
    let mut operations = Vec::new();
    for (path, _, value) in document.operations() {
        let id = value["operationId"].as_str().unwrap_or_default();
        operations.push(read_one(document, path, id, value).map_err(|error| Error::at(id, error))?);
    }
    for (index, operation) in operations.iter().enumerate() {
        if operations[..index].iter().any(|other| other.method_name == operation.method_name) {
            return Err(Error::at(&operation.id, "another operation has its name: use x-name"));
        }
    }
    Ok(operations)
}

fn read_one(document: &Document, path: &str, id: &str, value: &Value) -> Result<Operation, Error> {
    document.references(value)?;
    let text = |key: &str| value[key].as_str().unwrap_or_default().trim().to_owned();
    let mut docs = vec![text("summary"), text("description")];
    docs.retain(|text| !text.is_empty());
    let aliases: Option<Vec<String>> = extension(value, "x-aliases")?;
    let failure = if value.get("x-failure").is_some() { value } else { &document.0 };
    Ok(Operation {
        id: id.to_owned(),
        method_name: id.to_snake_case(),
        path: path.to_owned(),
        protocol: Protocol::of(document)?,
        version: document.0["info"]["version"].as_str().unwrap_or_default().to_owned(),
        aliases: aliases.unwrap_or_default().iter().map(|alias| alias.to_snake_case()).collect(),
        tag: value["tags"][0].as_str().ok_or_else(|| Error::new("has no tag"))?.to_owned(),
        docs,
        parameters: parameters(document, value)?,
        body: body(document, value)?,
        streams: streams(value),
        successes: successes(value),
        errors: errors(document, value)?,
        pagination: extension(value, "x-pagination")?,
        failure: Failure::read(failure)?,
        retry: extension(value, "x-retry")?.ok_or_else(|| {
            Error::new("has no x-retry: write whether it is idempotent, and `statuses` to retry")
        })?,
        quota: quota(document, value)?,
        related: extension(value, "x-related")?.unwrap_or_default(),
        check: value["x-check"] == true,
        check_answer: value["x-check-answer"] == true,
    })
}

fn quota(document: &Document, value: &Value) -> Result<Option<Quota>, Error> {
    if let Some(own) = extension(value, "x-quota")? {
        return Ok(Some(own));
    }
    let shared: Option<Quota> = extension(&document.0, "x-quota")?;
    Ok(shared.map(|quota| Quota { is_shared: true, ..quota }))
}

/// What a document says under a word of its own.
pub fn extension<T: serde::de::DeserializeOwned>(
    value: &Value,
    key: &str,
) -> Result<Option<T>, Error> {
    value
        .get(key)
        .map(|extension| serde_json::from_value(extension.clone()))
        .transpose()
        .map_err(|error| Error::new(format!("{key}: {error}")))
}

fn parameters(document: &Document, value: &Value) -> Result<Vec<Parameter>, Error> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for parameter in value["parameters"].as_array().into_iter().flatten() {
        let name =
            parameter["name"].as_str().ok_or_else(|| Error::new("a parameter has no name"))?;
        let here = |error: &str| Error::new(format!("parameter {name}: {error}"));
        let text = |key: &str| parameter[key].as_str().map(str::to_owned);
        let argument = name.to_snake_case();
        if parameters.iter().any(|other| other.argument == argument) {
            return Err(here("another parameter has the same name in snake case"));
        }
        let fixed = parameter.get("x-fixed").map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let description = description(document, parameter);
        if description.is_empty() && fixed.is_none() {
            return Err(here("has no description"));
        }
        parameters.push(Parameter {
            ident: text("x-name").unwrap_or_else(|| argument.clone()),
            argument,
            name: name.to_owned(),
            in_path: parameter["in"] == "path",
            description,
            once: parameter["x-once"] == true,
            secret: document.is_marked(parameter, "x-secret"),
            fixed,
            refuse: text("x-refuse"),
            login: match parameter.get("x-login") {
                None => false,
                Some(what) if what == "project-id" && parameter["in"] == "path" => true,
                Some(_) => {
                    return Err(here(
                        "x-login has only the value project-id, on a parameter of the path",
                    ));
                }
            },
            scalar: parameter["schema"][SCALAR] == true,
        });
    }
    Ok(parameters)
}

fn body(document: &Document, value: &Value) -> Result<Option<Body>, Error> {
    let Some(body) = value.get("requestBody") else { return Ok(None) };
    let (media_type, content) = body["content"]
        .as_object()
        .and_then(|content| content.iter().next())
        .ok_or_else(|| Error::new("the request body has no content"))?;
    let schema = document.resolve(&content["schema"])?;
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object();
    let mut fields = Vec::new();
    for (key, property) in properties.into_iter().flatten() {
        fields.push(Field {
            name: property[WIRE].as_str().unwrap_or(key).to_owned(),
            required: required.contains(&key.as_str()),
            description: self::description(document, property),
            secret: document.is_marked(property, "x-secret"),
            token: property["x-token"] == true,
        });
    }
    // Arguments come in the order in which the document requires them.
    fields.sort_by_key(|field| required.iter().position(|name| *name == field.name));
    Ok(Some(Body {
        media_type: media_type.clone(),
        description: description(document, body),
        optional: body[OPTIONAL] == true && required.is_empty(),
        fields,
        open: properties.is_some() && is_open(schema),
        refuse: refused(document, &content["schema"])?,
    }))
}

/// The texts of a body that cannot have some characters.
fn refused(document: &Document, schema: &Value) -> Result<Vec<(Vec<String>, String)>, Error> {
    fn search(
        document: &Document,
        node: &Value,
        path: &mut Vec<String>,
        found: &mut Vec<(Vec<String>, String)>,
    ) -> Result<(), Error> {
        if let Some(characters) = node["x-refuse"].as_str() {
            found.push((path.clone(), characters.to_owned()));
        }
        let schema = document.resolve(node)?;
        // Deep enough for every body; a schema may hold itself.
        if path.len() > 6 {
            return Ok(());
        }
        let properties = schema["properties"].as_object().into_iter().flatten();
        let properties = properties.map(|(key, node)| (node[WIRE].as_str().unwrap_or(key), node));
        let inner = ["items", "additionalProperties"].iter().filter_map(|key| schema.get(*key));
        for (segment, node) in properties.chain(inner.map(|node| ("*", node))) {
            path.push(segment.to_owned());
            search(document, node, path, found)?;
            path.pop();
        }
        Ok(())
    }
    let mut found = Vec::new();
    search(document, schema, &mut Vec::new(), &mut found)?;
    Ok(found)
}

/// Whether a schema allows properties that it does not name.
pub fn is_open(schema: &Value) -> bool {
    schema.get("additionalProperties").is_some_and(|more| *more != Value::Bool(false))
}

fn streams(value: &Value) -> bool {
    value["responses"].as_object().into_iter().flatten().any(|(status, response)| {
        let content = response["content"].as_object();
        status.starts_with('2')
            && content.is_some_and(|media| !media.keys().any(|media| is_json(media)))
    })
}

/// The 3xx answers with a body of their own: a redirect has none.
fn successes(value: &Value) -> Vec<u16> {
    let responses = value["responses"].as_object().into_iter().flatten();
    let listed = responses.filter(|(status, response)| is_success(status, response));
    listed.filter_map(|(status, _)| status.parse().ok()).filter(|status| *status >= 300).collect()
}

/// Whether an answer is a success: a 2xx, or a 3xx with a body.
pub fn is_success(status: &str, response: &Value) -> bool {
    status.starts_with('2') || (status.starts_with('3') && response.get("content").is_some())
}

fn errors(document: &Document, value: &Value) -> Result<Vec<(RangeInclusive<u16>, String)>, Error> {
    let mut errors = Vec::new();
    for (status, response) in value["responses"].as_object().into_iter().flatten() {
        let statuses = match (status.as_str(), status.parse::<u16>()) {
            ("default", _) => 400..=599,
            (_, Ok(code)) => code..=code,
            (range, _) => match range.as_bytes() {
                [digit, b'X', b'X'] => {
                    let first = u16::from(digit - b'0') * 100;
                    first..=first + 99
                }
                _ => return Err(Error::new(format!("response {range} is not a status"))),
            },
        };
        if *statuses.end() < 400 {
            continue;
        }
        let content = response["content"].as_object().and_then(|content| content.values().next());
        // A body without a schema is there for the message alone.
        let Some(schema) = content.map(|content| &content["schema"]) else { continue };
        let object = document.resolve(schema)?.get("properties").is_some();
        let Some(name) = referred_name(schema).filter(|_| object) else { continue };
        errors.push((statuses, name.to_upper_camel_case()));
    }
    errors.sort_by_key(|(statuses, _)| statuses.end() - statuses.start());
    Ok(errors)
}

/// What a node says of itself, or else what it refers to.
pub fn description(document: &Document, node: &Value) -> String {
    let own = |node: &Value| node["description"].as_str().unwrap_or_default().trim().to_owned();
    let target = || document.resolve(node).map(own).unwrap_or_default();
    let schema = || {
        let schema = node.get("schema").and_then(|schema| document.resolve(schema).ok());
        schema.map(own).unwrap_or_default()
    };
    [own(node), target(), schema()].into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}
