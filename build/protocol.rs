//! `x-protocol`: services whose operations are not paths. A request goes to one address and names its action,
//! which the document writes as the path of the operation.

use super::document::{Document, Error};
use serde_json::{Map, Value};

/// How the operations of a document are named and written on the wire.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Protocol {
    /// By method and path.
    Rest,
    /// A form with the name of the action and of the version; XML comes back.
    AwsQuery,
    /// JSON, and the name of the action in a header.
    AwsJson,
}

impl Protocol {
    pub fn of(document: &Document) -> Result<Self, Error> {
        match document.0.get("x-protocol").map(|name| name.as_str().unwrap_or_default()) {
            None => Ok(Self::Rest),
            Some("aws-query") => Ok(Self::AwsQuery),
            Some("aws-json-1.1") => Ok(Self::AwsJson),
            Some(other) => Err(Error::new(format!(
                "x-protocol: {other:?} is not known: use aws-query or aws-json-1.1"
            ))),
        }
    }

    /// The media types of requests and responses.
    fn media_types(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Rest => None,
            Self::AwsQuery => Some(("application/x-www-form-urlencoded", "text/xml")),
            Self::AwsJson => Some(("application/x-amz-json-1.1", "application/x-amz-json-1.1")),
        }
    }
}

/// The document with JSON in the place of what the protocol writes, as the later passes know it.
pub fn as_json(document: &Document) -> Result<Document, Error> {
    let Some((sent, answered)) = Protocol::of(document)?.media_types() else {
        return Ok(document.clone());
    };
    for (path, method, operation) in document.operations() {
        let id = operation["operationId"].as_str().unwrap_or(path);
        if method != "post" || path[1..].contains(['/', '{']) {
            let message =
                "with x-protocol, an operation must be a post with its action as the path: /Action";
            return Err(Error::at(id, message));
        }
        if operation["parameters"].as_array().is_some_and(|list| !list.is_empty()) {
            return Err(Error::at(
                id,
                "with x-protocol, an operation has no parameters: move them into its body",
            ));
        }
    }
    let mut document = document.clone();
    let mut failed = None;
    document.each_operation(|id, operation| {
        let here = |reason: Error| Error::at(id, reason);
        let body = operation.get_mut("requestBody");
        let body = body.ok_or_else(|| Error::new("with x-protocol, an operation must have a body"));
        let mut outcome = body.and_then(|body| rename(body, sent)).map_err(here);
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (_, response) in responses.into_iter().flatten() {
            outcome = outcome.and_then(|()| rename(response, answered).map_err(here));
        }
        if let Err(error) = outcome {
            failed.get_or_insert(error);
        }
    });
    failed.map_or(Ok(document), Err)
}

fn rename(node: &mut Value, media_type: &str) -> Result<(), Error> {
    let Some(content) = node.get_mut("content").and_then(Value::as_object_mut) else {
        return Ok(());
    };
    let schema = content.remove(media_type).filter(|_| content.is_empty());
    let schema = schema.ok_or_else(|| {
        Error::new(format!(
            "its protocol has only {media_type}: describe that media type and no other"
        ))
    })?;
    *content = Map::from_iter([("application/json".to_owned(), schema)]);
    Ok(())
}
