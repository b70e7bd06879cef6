//! `x-failure`: what the errors of a service say, and when a success is one.

use super::document::Error;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The names of `ErrorKind` that a document may give to a code of the service.
pub const KINDS: [&str; 19] = [
    "BadRequest",
    "Conflict",
    "Damaged",
    "DryRun",
    "Failed",
    "Forbidden",
    "InvalidPageToken",
    "InvalidRequest",
    "NoData",
    "NoSuchApi",
    "NotFound",
    "RangeNotSatisfiable",
    "Server",
    "Throttled",
    "Timeout",
    "TooLarge",
    "Unauthorized",
    "UnexpectedStatus",
    "UnsupportedMediaType",
];

/// The extension as it is read; each pointer is a list of segments.
#[derive(Default)]
pub struct Failure {
    pub code: Vec<Vec<String>>,
    pub message: Vec<Vec<String>>,
    pub field: Vec<Vec<String>>,
    pub reason: Vec<Vec<String>>,
    /// Where a success says that it is none, and by which value, as JSON.
    pub success: Option<(Vec<String>, String)>,
    /// Code and kind, the exact codes before the prefixes.
    pub kinds: Vec<(String, String)>,
    /// Text of the message and kind.
    pub messages: Vec<(String, String)>,
    /// Status and kind.
    pub statuses: Vec<(u16, String)>,
    /// The text before how long to wait.
    pub window: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    code: Pointers,
    message: Pointers,
    field: Pointers,
    reason: Pointers,
    success: Option<Success>,
    kinds: BTreeMap<String, String>,
    messages: BTreeMap<String, String>,
    statuses: BTreeMap<u16, String>,
    window: Option<String>,
}

/// One pointer, or several of which the first that leads to something counts.
#[derive(Deserialize)]
#[serde(untagged)]
enum Pointers {
    One(String),
    Several(Vec<String>),
}

impl Default for Pointers {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Success {
    at: String,
    is: Value,
}

impl Failure {
    /// Reads the extension of a document or an operation, if it has one.
    pub fn read(node: &Value) -> Result<Self, Error> {
        let Some(node) = node.get("x-failure") else { return Ok(Self::default()) };
        let here = |error: Error| error.within("x-failure");
        let written: Written =
            serde_json::from_value(node.clone()).map_err(|error| here(Error::new(error)))?;
        let by_status = written.statuses.values();
        for kind in written.kinds.values().chain(written.messages.values()).chain(by_status) {
            if !KINDS.contains(&kind.as_str()) {
                return Err(here(Error::new(format!(
                    "{kind} is not an ErrorKind: src/error_kind.rs has the names"
                ))));
            }
        }
        let mut kinds: Vec<_> = written.kinds.into_iter().collect();
        kinds.sort_by_key(|(code, _)| (code.ends_with('*'), std::cmp::Reverse(code.len())));
        let success = match written.success {
            Some(Success { at, is }) if is.is_string() || is.is_boolean() || is.is_number() => {
                Some((pointer(&at).map_err(here)?, is.to_string()))
            }
            Some(_) => {
                return Err(here(Error::new("success: `is` is not text, number or boolean")));
            }
            None => None,
        };
        let pointers = |pointers| read_pointers(pointers).map_err(here);
        Ok(Self {
            code: pointers(written.code)?,
            message: pointers(written.message)?,
            field: pointers(written.field)?,
            reason: pointers(written.reason)?,
            success,
            kinds,
            messages: written.messages.into_iter().collect(),
            statuses: written.statuses.into_iter().collect(),
            window: written.window,
        })
    }
}

fn read_pointers(pointers: Pointers) -> Result<Vec<Vec<String>>, Error> {
    let all = match pointers {
        Pointers::One(one) => vec![one],
        Pointers::Several(all) => all,
    };
    all.iter().map(|text| pointer(text)).collect()
}

/// The segments of a JSON pointer (RFC 6901), in which `*` stands for every one.
pub fn pointer(text: &str) -> Result<Vec<String>, Error> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let rest = text.strip_prefix('/').ok_or_else(|| {
        Error::new(format!("{text} is not a JSON pointer: it does not begin with `/`"))
    })?;
    Ok(rest.split('/').map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect())
}
