//! What progenitor 0.15 cannot express, taken out of a normal document.
//!
//! What is taken away here is read from the normal document by another pass, or done by the transport.

use super::document::{Document, Error};
use super::normalize::is_json;
use super::operations::is_success;
use serde_json::{Map, Value};

/// The document that progenitor gets.
pub fn apply(document: &Document) -> Result<Document, Error> {
    let mut reduced = document.clone();
    let mut failed = None;
    reduced.each_operation(|id, operation| {
        if let Err(error) = one_success(operation) {
            failed = Some(Error::at(id, error));
        }
        json_body(operation);
    });
    if let Some(error) = failed {
        return Err(error);
    }
    plain_objects(&mut reduced);
    Ok(reduced)
}

/// Leaves one response, `2XX`: progenitor allows one success type and one error type, and servers
/// answer 200 where their document says 204. A body of its own wins over none. The bodies of errors are
/// read by the error table.
fn one_success(operation: &mut Map<String, Value>) -> Result<(), Error> {
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return Err(Error::new("has no responses"));
    };
    let mut merged: Option<Value> = None;
    for (_, response) in responses.iter().filter(|(status, response)| is_success(status, response))
    {
        let content = response.get("content");
        match merged.as_ref().map(|merged| merged.get("content")) {
            None | Some(None) => merged = Some(response.clone()),
            Some(other) if content.is_none() || other == content => {}
            Some(_) => return Err(Error::new("its success responses have different bodies")),
        }
    }
    let mut merged = merged.ok_or_else(|| Error::new("has no response with a success status"))?;
    if let Some(content) = merged.get_mut("content").and_then(Value::as_object_mut) {
        rename_json(content);
    }
    responses.clear();
    responses.insert("2XX".to_owned(), merged);
    Ok(())
}

/// Names the media type of a JSON body as progenitor knows it. The transport sends the real one.
fn json_body(operation: &mut Map<String, Value>) {
    let content = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
    if let Some(content) = content.and_then(Value::as_object_mut) {
        rename_json(content);
    }
}

fn rename_json(content: &mut Map<String, Value>) {
    let special =
        content.keys().find(|media| is_json(media) || media.ends_with("json-patch")).cloned();
    if let Some(body) = special.and_then(|media| content.remove(&media)) {
        content.insert("application/json".to_owned(), body);
    }
}

/// Drops `additionalProperties` from objects that also name properties: progenitor would lose the
/// further fields or collect them through serde's `flatten`. The record pass keeps them.
fn plain_objects(document: &mut Document) {
    document.each_object(&mut |object| {
        if object.get("properties").is_some_and(Value::is_object) {
            object.remove("additionalProperties");
        }
        // A `null` is read by all types alike.
        if object.get("nullable").is_some_and(Value::is_boolean) {
            object.remove("nullable");
        }
    });
}
