//! The structure of every vendor's own document goes through the pipeline, as far as the facts have it.
//!
//! Skeletons have no words of their own, so each gets the ones that no document can do without.

use crate::pipeline;
use serde_json::{Map, Value, json};
use std::path::Path;

/// An OpenAPI document of a facts file, without the names that the crate would give.
fn skeleton(facts: &Value) -> Value {
    let mut paths = Map::new();
    for operation in facts["operations"].as_array().unwrap() {
        let parameters =
            operation["parameters"].as_array().into_iter().flatten().map(|parameter| {
                let mut parameter = parameter.clone();
                parameter.as_object_mut().unwrap().remove("media");
                parameter["schema"] = schema(&parameter["schema"]);
                parameter["description"] = "A parameter.".into();
                parameter
            });
        let responses: Map<String, Value> = entries(&operation["responses"])
            .map(|(status, content)| {
                let response = json!({ "description": "An answer.", "content": media(content) });
                (status.clone(), response)
            })
            .collect();
        let mut node = json!({
            "operationId": operation["operation"],
            "tags": ["Things"],
            "x-retry": { "idempotent": false, "statuses": [] },
            "parameters": parameters.collect::<Vec<_>>(),
            "responses": responses,
        });
        if let Some(body) = operation.get("requestBody") {
            node["requestBody"] = json!({ "content": media(&body["content"]) });
        }
        let method = operation["method"].as_str().unwrap().to_lowercase();
        let path = operation["path"].as_str().unwrap();
        paths.entry(path).or_insert_with(|| json!({}))[method] = node;
    }
    let schemas: Map<String, Value> =
        entries(&facts["schemas"]).map(|(name, node)| (name.clone(), schema(node))).collect();
    json!({
        "openapi": "3.0.3",
        "info": { "title": facts["api"], "version": "1" },
        "tags": [{ "name": "Things", "description": "Everything." }],
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn entries(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node.as_object().into_iter().flatten()
}

fn media(content: &Value) -> Value {
    let media =
        entries(content).map(|(name, node)| (name.clone(), json!({ "schema": schema(node) })));
    Value::Object(media.collect())
}

fn schema(node: &Value) -> Value {
    let mut found = match node {
        Value::String(name) => {
            return json!({ "$ref": format!("#/components/schemas/{name}") });
        }
        Value::Object(object) => object.clone(),
        _ => Map::new(),
    };
    if let Some(Value::Object(properties)) = found.get_mut("properties") {
        for property in properties.values_mut() {
            *property = schema(property);
            property["description"] = "A property.".into();
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = found.get_mut(key).filter(|inner| !inner.is_boolean()) {
            *inner = schema(inner);
        }
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        for inner in found.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
            *inner = schema(inner);
        }
    }
    found.entry("description").or_insert_with(|| "A thing.".into());
    Value::Object(found)
}

#[test]
fn every_vendors_structure_is_taken() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/facts");
    for name in ["computing", "digitalocean", "hetzner", "hyperstack", "lambda", "linode", "vultr"]
    {
        let facts = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        let document = skeleton(&serde_json::from_str(&facts).unwrap());
        match pipeline::run(name, &document.to_string()) {
            Ok(generated) => assert!(generated.code.contains("pub struct Client"), "{name}"),
            // The size of a page has one setter in all APIs, and a skeleton does not say which it is.
            Err(error) => {
                let error = error.to_string();
                let page_size = error.ends_with("is the name of something that requests have");
                assert!(page_size && error.to_lowercase().contains("page"), "{name}: {error}");
                assert!(error.starts_with("operation "), "{name}: {error}");
            }
        }
    }
}
