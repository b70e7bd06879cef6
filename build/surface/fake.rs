//! `x-fake`: the operations as a server of `testing` needs them, for a cloud whose fake is its document.

use super::pointer;
use super::signature::{Signature, qualified};
use super::table;
use crate::pipeline::document::{Document, Error, referred_name};
use crate::pipeline::normalize::{DEFAULT, SCALAR, WIRE};
use crate::pipeline::operations::Operation;
use crate::pipeline::pagination::{Pagination, segments};
use crate::pipeline::types::Types;
use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How deep an example goes: deep enough for every answer; a schema may hold itself.
const DEEPEST: usize = 8;

/// The implementation of `Documented`, if the document has an `x-fake`.
pub fn write(
    document: &Document,
    operations: &[Operation],
    signatures: &BTreeMap<&str, Signature>,
    types: &Types,
) -> Result<TokenStream, Error> {
    let Some(name) = document.0.get("x-fake") else { return Ok(TokenStream::new()) };
    let fake = |message: &str| Error::new(format!("x-fake: {message}"));
    let name = name
        .as_str()
        .ok_or_else(|| fake("it is not a string: write the name of the fake server"))?;
    let images = operations.iter().find(|operation| operation.method_name == "list_images");
    let images = images.and_then(|images| Some((images, images.pagination.as_ref()?)));
    let (images, pagination) =
        images.ok_or_else(|| fake("there is no list_images with x-pagination"))?;
    let page = &signatures[images.id.as_str()].output;
    let image = qualified(&pointer::items(types, page, &pagination.items)?.item);
    let header = header(document);
    let (header, prefix) = header.ok_or_else(|| {
        fake("the document has no security scheme with a header for the credential")
    })?;

    let mut found = document.operations();
    // A path with a name in it comes after the one with a word in its place.
    found.sort_by_key(|(path, ..)| path.to_owned());
    let mut endpoints = Vec::new();
    for (path, method, node) in found {
        let id = node["operationId"].as_str().unwrap_or_default();
        if let Some(operation) = operations.iter().find(|operation| operation.id == id) {
            let endpoint = endpoint(document, operation, path, method, node);
            endpoints.push(endpoint.map_err(|error| Error::at(id, error))?);
        }
    }
    Ok(quote! {
        #[cfg(feature = "testing")]
        impl crate::testing::documented::Documented for Client {
            const NAME: &'static str = #name;
            const HEADER: (&'static str, &'static str) = (#header, #prefix);
            type Image = #image;
            const ENDPOINTS: &'static [crate::testing::documented::Endpoint] = &[#(#endpoints),*];
        }
    })
}

/// The header of the credential, and what stands before the credential there.
fn header(document: &Document) -> Option<(String, &'static str)> {
    let name = document.0["security"][0].as_object()?.keys().next()?;
    let scheme = &document.0["components"]["securitySchemes"][name];
    match (scheme["type"].as_str()?, scheme["scheme"].as_str(), scheme["in"].as_str()) {
        ("http", Some("bearer"), _) => Some(("authorization".to_owned(), "Bearer ")),
        ("apiKey", _, Some("header")) => Some((scheme["name"].as_str()?.to_owned(), "")),
        _ => None,
    }
}

fn endpoint(
    document: &Document,
    operation: &Operation,
    path: &str,
    method: &str,
    node: &Value,
) -> Result<TokenStream, Error> {
    let table = table::ident(operation);
    let method = method.to_uppercase();
    let public = node["security"].as_array().is_some_and(|schemes| {
        schemes.is_empty() || schemes.iter().any(|scheme| *scheme == json!({}))
    });
    let responses = node["responses"].as_object().into_iter().flatten();
    let (status, response) = responses
        .filter(|(status, _)| status.starts_with('2'))
        .find_map(|(status, response)| Some((status.parse::<u16>().ok()?, response)))
        .ok_or_else(|| Error::new("x-fake: the operation has no response with a success status"))?;
    let content = response["content"].as_object().and_then(|content| content.values().next());
    let schema = content.map(|content| &content["schema"]);
    let answer = schema.map(|schema| example(document, "text", schema, 0).to_string());
    let answer = answer.unwrap_or_default();
    let thing = match schema {
        Some(schema) => thing(document, schema)?,
        None => None,
    };
    let thing = match thing {
        Some(pointer) => quote!(Some(&[#(#pointer),*])),
        None => quote!(None),
    };
    let list = match &operation.pagination {
        Some(pagination) => list(operation, pagination, node)?,
        None => quote!(None),
    };
    Ok(quote! {
        crate::testing::documented::Endpoint {
            operation: &operations::#table,
            method: #method,
            path: #path,
            status: #status,
            public: #public,
            answer: #answer,
            thing: #thing,
            list: #list,
        }
    })
}

fn list(
    operation: &Operation,
    pagination: &Pagination,
    node: &Value,
) -> Result<TokenStream, Error> {
    let request = format_ident!("{}", operation.id.to_upper_camel_case());
    let position = match &pagination.parameter {
        Some(parameter) => quote!(Some(#parameter)),
        None => quote!(None),
    };
    let size = match &pagination.page_size {
        Some(size) => {
            let (name, min) = (&size.parameter, size.min);
            let max = size.max.unwrap_or(u32::MAX);
            let parameters = node["parameters"].as_array().into_iter().flatten();
            let default = parameters
                .filter(|parameter| parameter["name"] == **name)
                .find_map(|parameter| u32::try_from(parameter[DEFAULT].as_u64()?).ok());
            let default = default.unwrap_or(20).clamp(min, max);
            quote! {
                Some(crate::testing::documented::Size {
                    parameter: #name, min: #min, max: #max, default: #default,
                })
            }
        }
        None => quote!(None),
    };
    Ok(quote! {
        Some(crate::testing::documented::List {
            rules: <requests::#request as crate::pagination::Paged>::RULES,
            position: #position,
            size: #size,
        })
    })
}

/// Where an answer has the one thing that it is about, if it is about one that is in a list too.
fn thing(document: &Document, schema: &Value) -> Result<Option<Vec<String>>, Error> {
    let listed = listed(document)?;
    let mut node = schema;
    if let Some(first) = document.resolve(node)?.get("oneOf").and_then(|objects| objects.get(0)) {
        node = first;
    }
    let is_listed = |node: &Value| referred_name(node).is_some_and(|name| listed.contains(&name));
    if is_listed(node) {
        return Ok(Some(Vec::new()));
    }
    let answer = document.resolve(node)?;
    let properties = || answer["properties"].as_object().into_iter().flatten();
    let has_id = |(_, node): &(&String, &Value)| {
        document.resolve(node).is_ok_and(|schema| schema["properties"].get("id").is_some())
    };
    let found =
        properties().find(|(_, node)| is_listed(node)).or_else(|| properties().find(has_id));
    Ok(match found {
        Some((key, node)) => Some(vec![node[WIRE].as_str().unwrap_or(key).to_owned()]),
        None if answer["properties"].get("id").is_some() => Some(Vec::new()),
        None => None,
    })
}

/// The names of the schemas of all that is listed.
fn listed(document: &Document) -> Result<Vec<&str>, Error> {
    let mut found = Vec::new();
    for (_, _, operation) in document.operations() {
        let Some(items) = operation["x-pagination"]["items"].as_str() else { continue };
        let responses = operation["responses"].as_object().into_iter().flatten();
        for (_, response) in responses.filter(|(status, _)| status.starts_with('2')) {
            let content =
                response["content"].as_object().and_then(|content| content.values().next());
            let Some(mut node) = content.map(|content| &content["schema"]) else { continue };
            let inner = |schema: &Value| match schema.get("items") {
                Some(_) => "items",
                None => "additionalProperties",
            };
            for segment in segments(items)? {
                let schema = document.resolve(node)?;
                node = match segment.as_str() {
                    "*" => &schema[inner(schema)],
                    name => &schema["properties"][name],
                };
            }
            let list = document.resolve(node)?;
            found.extend(referred_name(&list[inner(list)]));
        }
    }
    Ok(found)
}

/// A value of a schema. Texts are named after their property, and what has values has the first.
fn example(document: &Document, name: &str, node: &Value, depth: usize) -> Value {
    let Ok(schema) = document.resolve(node) else { return Value::Null };
    if let Some(first) = schema.get("oneOf").and_then(|alternatives| alternatives.get(0)) {
        return example(document, name, first, depth + 1);
    }
    let mut words = schema["enum"].as_array().into_iter().flatten();
    if let Some(word) = words.find(|word| **word != "") {
        return word.clone();
    }
    match schema["type"].as_str() {
        Some("string") if schema[SCALAR] == true => "1".into(),
        Some("string") if schema["format"] == "date-time" => "2026-01-31T08:00:00Z".into(),
        Some("string") => name.into(),
        Some("integer" | "number") => 1.into(),
        Some("boolean") => true.into(),
        _ if depth > DEEPEST => Value::Null,
        Some("array") => json!([example(document, name, &schema["items"], depth + 1)]),
        Some("object") => object(document, schema, depth),
        _ => Value::Null,
    }
}

fn object(document: &Document, schema: &Value, depth: usize) -> Value {
    let mut object = Map::new();
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let name = property[WIRE].as_str().unwrap_or(key);
        object.insert(name.to_owned(), example(document, name, property, depth + 1));
    }
    if let Some(more) = schema.get("additionalProperties").filter(|more| more.is_object()) {
        object.insert("name".to_owned(), example(document, "value", more, depth + 1));
    }
    Value::Object(object)
}
