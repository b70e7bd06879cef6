//! Errors in the form of the document.

use super::places::at;
use crate::ErrorKind;
use crate::operation::Failure;
use crate::testing::exchange::{Reply, status};
use serde_json::{Value, json};

/// The response of a status: its name as the message, and the code that the document has for it.
pub fn reply(failure: Option<&Failure>, code: u16) -> Reply {
    let mut body = json!({});
    let Some(failure) = failure else { return Reply::json(code, &body) };
    if let Some((pointer, value)) = failure.success {
        *at(&mut body, pointer) = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    }
    let reason = status(code).canonical_reason().unwrap_or("Error");
    if let Some(pointer) = failure.message.first() {
        *at(&mut body, pointer) = reason.into();
    }
    let kind = kind(code);
    let known = failure.kinds.iter().find(|(code, known)| *known == kind && !code.ends_with('*'));
    if let (Some(pointer), Some((known, _))) = (failure.code.first(), known) {
        *at(&mut body, pointer) = Value::from(*known);
    }
    Reply::json(code, &body)
}

fn kind(status: u16) -> ErrorKind {
    match status {
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::Throttled,
        500.. => ErrorKind::Server,
        _ => ErrorKind::BadRequest,
    }
}
