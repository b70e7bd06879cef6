//! What a document needs before progenitor can take it.
//!
//! The documents describe the services as they are. Each rule here takes away one thing that
//! progenitor 0.15 cannot express, and what it takes away is read from the untouched document by
//! a later pass or handled by the transport. A rule that finds nothing to do fails the build:
//! it has become superfluous, for the document or for progenitor.

use super::document::{Document, Error};
use serde_json::{Map, Value};

/// A rule with its name, for messages.
pub struct Rule {
    pub name: &'static str,
    /// Changes the document and says how many places it changed.
    pub change: fn(&mut Document) -> Result<usize, Error>,
}

/// A list of rules out of the functions of this module.
macro_rules! rules {
    ($($rule:ident),* $(,)?) => {
        &[$($crate::pipeline::overlay::Rule {
            name: stringify!($rule),
            change: $crate::pipeline::overlay::$rule,
        }),*]
    };
}
pub(crate) use rules;

/// Applies the rules in order to a copy of the document.
pub fn apply(document: &Document, rules: &[Rule]) -> Result<Document, Error> {
    let mut copy = document.clone();
    for Rule { name, change } in rules {
        if change(&mut copy)? == 0 {
            let message = format!("the overlay rule {name} has nothing to do: remove it");
            return Err(Error::new(message));
        }
    }
    Ok(copy)
}

/// Keeps the 2xx responses only: progenitor allows one error type per operation, the services
/// have one per status. The error table of the surface decodes them by status.
pub fn success_responses_only(document: &mut Document) -> Result<usize, Error> {
    let mut changed = 0;
    document.each_operation(|_, operation| {
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            let before = responses.len();
            responses.retain(|status, _| status.starts_with('2'));
            changed += before - responses.len();
        }
    });
    Ok(changed)
}

/// Merges the success responses of an operation into `2XX`: progenitor allows one success type,
/// and servers answer 200 where their document says 204. A body of its own wins over none.
pub fn any_success_status(document: &mut Document) -> Result<usize, Error> {
    let resolver = document.clone();
    let mut changed = 0;
    let mut failed = None;
    document.each_operation(|id, operation| {
        let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
            return;
        };
        let mut merged: Option<Value> = None;
        for response in responses.values() {
            let Ok(response) = resolver.resolve(response) else { continue };
            let content = content_kind(response);
            match merged.as_ref().map(content_kind) {
                None | Some(None) => merged = Some(response.clone()),
                Some(kept) if content.is_none() || kept == content => {}
                Some(_) => {
                    failed = Some(Error::at(id, "its success responses have different bodies"))
                }
            }
        }
        if let Some(merged) = merged {
            responses.clear();
            responses.insert("2XX".to_owned(), merged);
            changed += 1;
        }
    });
    failed.map_or(Ok(changed), Err)
}

/// The media type and schema of a response, as text that can be compared.
fn content_kind(response: &Value) -> Option<String> {
    let content = response.get("content")?.as_object()?;
    content.iter().next().map(|(media, body)| format!("{media} {}", body["schema"]))
}

/// `style: spaceDelimited` with `explode` is the repeated key that `form` writes, but progenitor
/// knows only the name `form`.
pub fn form_style_arrays(document: &mut Document) -> Result<usize, Error> {
    let mut changed = 0;
    let mut failed = None;
    document.each_object(&mut |object| {
        if object.get("style").is_some_and(|style| style == "spaceDelimited") {
            if object.get("explode") == Some(&Value::Bool(true)) {
                object.insert("style".to_owned(), "form".into());
                changed += 1;
            } else {
                failed = Some(Error::new(format!(
                    "parameter {}: spaceDelimited without explode has no equivalent",
                    object.get("name").unwrap_or(&Value::Null)
                )));
            }
        }
    });
    failed.map_or(Ok(changed), Err)
}

/// Drops `uniqueItems`: a set would lose the order, and a server that repeats itself is no error.
pub fn lists_instead_of_sets(document: &mut Document) -> Result<usize, Error> {
    Ok(remove_keywords(document, &["uniqueItems"]))
}

/// Drops the keywords that progenitor turns into checks of values: they would be made on responses
/// too, where what a server sends is never rejected for its form. Requests are checked by the server.
pub fn no_validation_keywords(document: &mut Document) -> Result<usize, Error> {
    Ok(remove_keywords(
        document,
        &["pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"],
    ))
}

fn remove_keywords(document: &mut Document, keywords: &[&str]) -> usize {
    let mut changed = 0;
    document.each_object(&mut |object| {
        // A property may have the name of a keyword; a keyword never holds an object.
        for keyword in keywords {
            if object.get(*keyword).is_some_and(|value| !value.is_object()) {
                object.remove(*keyword);
                changed += 1;
            }
        }
    });
    changed
}

/// Replaces references to a named string without values by the string itself: the name documents a
/// pattern, and progenitor would make a type of its own of it.
pub fn plain_strings(document: &mut Document) -> Result<usize, Error> {
    let schemas = document.0.pointer("/components/schemas").and_then(Value::as_object);
    let plain: Vec<String> = schemas
        .into_iter()
        .flatten()
        .filter(|(_, schema)| schema["type"] == "string" && schema.get("enum").is_none())
        .map(|(name, _)| name.clone())
        .collect();
    let mut changed = 0;
    document.each_object(&mut |object| {
        let reference = object.get("$ref").and_then(Value::as_str);
        let named = reference.and_then(|path| path.strip_prefix("#/components/schemas/"));
        if named.is_some_and(|name| plain.iter().any(|plain| plain == name)) {
            *object = Map::from_iter([("type".to_owned(), "string".into())]);
            changed += 1;
        }
    });
    if let Some(schemas) =
        document.0.pointer_mut("/components/schemas").and_then(Value::as_object_mut)
    {
        schemas.retain(|name, _| !plain.contains(name));
    }
    Ok(changed)
}

/// Renames the JSON media types of request bodies to the one that progenitor knows. The transport
/// sends the real one, which the surface reads from the document.
pub fn json_bodies(document: &mut Document) -> Result<usize, Error> {
    let mut changed = 0;
    document.each_operation(|_, operation| {
        let content = operation
            .get_mut("requestBody")
            .and_then(|body| body.get_mut("content"))
            .and_then(Value::as_object_mut);
        let Some(content) = content else { return };
        let special: Option<String> =
            content.keys().find(|media| media.ends_with("json-patch")).cloned();
        if let Some(body) = special.and_then(|media| content.remove(&media)) {
            content.clear();
            content.insert("application/json".to_owned(), body);
            changed += 1;
        }
    });
    Ok(changed)
}

/// Drops `additionalProperties` from objects that also name properties: progenitor would lose the
/// further fields or collect them through serde's `flatten`. The record pass keeps them.
pub fn closed_records(document: &mut Document) -> Result<usize, Error> {
    let mut changed = 0;
    document.each_object(&mut |object| {
        if object.contains_key("properties") && object.remove("additionalProperties").is_some() {
            changed += 1;
        }
    });
    Ok(changed)
}
