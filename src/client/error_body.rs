//! What the body of an error says: JSON where the document describes it, JSON as services and their gateways
//! commonly write it, HTML, or plain text.

use crate::error_kind::ErrorKind;
use crate::operation::{Failure, Pointer, Protocol};
use crate::printable;
use serde_json::Value;
use std::time::Duration;

/// How much of a text is looked at for a message, in bytes.
const LOOKED_AT: usize = 16 << 10;

/// What an error body says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Said {
    /// The service's own code.
    pub code: Option<String>,
    /// The message and the first reason; empty if there is none.
    pub message: String,
}

impl Said {
    pub fn of(body: &[u8], failure: &Failure, protocol: Protocol) -> Self {
        let mut said = match read(body, protocol) {
            Some(json) => Self::of_json(&json, body, failure),
            None => Self { code: None, message: plain_text(&String::from_utf8_lossy(body)) },
        };
        if let (Protocol::AwsJson { .. }, Some(code)) = (protocol, &mut said.code) {
            // `com.example.service#Code`
            let start = code.rfind('#').map_or(0, |end| end + 1);
            code.drain(..start);
            // Often there is a code alone.
            if said.message.starts_with('{') {
                said.message.clear();
            }
        }
        said
    }

    fn of_json(json: &Value, body: &[u8], failure: &Failure) -> Self {
        let first = |pointers: &[Pointer]| pointers.iter().find_map(|path| scalar(json, path));
        let message = first(failure.message).or_else(|| common_message(json));
        let message = message.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned());
        let mut message = plain_text(&message);
        if let Some(field) = first(failure.field) {
            message = format!("{field}: {message}");
        }
        let reason = first(failure.reason).or_else(|| first_validation_error(json));
        if let Some(reason) = reason.filter(|reason| !message.contains(reason.as_str())) {
            message =
                format!("{}: {}", message.trim_end_matches(['.', ':', ' ']), plain_text(&reason));
        }
        Self { code: first(failure.code), message }
    }

    /// The kind that the document gives to what the service says; `None` if it says nothing of it.
    pub fn kind(&self, status: u16, failure: &Failure) -> Option<ErrorKind> {
        let code = self.code.as_deref().unwrap_or_default();
        let by_code = failure.kinds.iter().find(|(listed, _)| match listed.strip_suffix('*') {
            Some(prefix) => code.starts_with(prefix),
            None => code == *listed,
        });
        let by_message = || failure.messages.iter().find(|(text, _)| self.message.contains(text));
        let by_status = || failure.statuses.iter().find(|(listed, _)| *listed == status);
        let by_code = by_code.or_else(by_message).map(|(_, kind)| *kind);
        by_code.or_else(|| by_status().map(|(_, kind)| *kind))
    }

    /// How long a gateway says it throttles: `limit:5,time:1 second`.
    pub fn window(&self, failure: &Failure) -> Option<Duration> {
        let (_, rest) = self.message.split_once(failure.window?)?;
        let rest = rest.trim_start();
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].trim_start().to_ascii_lowercase();
        let seconds = [("second", 1), ("minute", 60), ("hour", 3600), ("day", 86_400)];
        let (_, seconds) = seconds.iter().find(|(name, _)| unit.starts_with(name))?;
        Some(Duration::from_secs(number.saturating_mul(*seconds)))
    }
}

/// The body as JSON, in which pointers lead somewhere.
fn read(body: &[u8], protocol: Protocol) -> Option<Value> {
    #[cfg(feature = "aws-query")]
    if let Protocol::AwsQuery { .. } = protocol {
        return crate::xml::to_value(std::str::from_utf8(body).ok()?);
    }
    let _ = protocol;
    serde_json::from_slice(body).ok()
}

/// The text, number or truth value at a pointer; of several, the first.
fn scalar(json: &Value, path: &[&str]) -> Option<String> {
    let Some((segment, rest)) = path.split_first() else {
        return match json {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            _ => None,
        };
    };
    match (json, *segment) {
        (Value::Array(list), "*") => list.iter().find_map(|value| scalar(value, rest)),
        (Value::Object(entries), "*") => entries.values().find_map(|value| scalar(value, rest)),
        (Value::Array(list), index) => scalar(list.get(index.parse::<usize>().ok()?)?, rest),
        (Value::Object(entries), name) => scalar(entries.get(name)?, rest),
        _ => None,
    }
}

/// `message`, `Message` of API Gateway, or one of them in a single nested object such as Keystone's
/// `error` and Nova's `badRequest`.
fn common_message(json: &Value) -> Option<String> {
    let direct =
        ["message", "Message", "error_msg", "error"].iter().find_map(|key| json.get(key)?.as_str());
    let nested = || json.as_object()?.values().find_map(|value| value.get("message")?.as_str());
    direct.or_else(nested).map(str::to_owned)
}

/// The first of a list of validation errors, beside a message that only says that there are some:
/// `{"message": "Invalid configuration", "configurationValidationErrors": [{"message": "..."}]}`.
fn first_validation_error(json: &Value) -> Option<String> {
    json.as_object()?.iter().find_map(|(name, value)| {
        let listed = name.to_ascii_lowercase().ends_with("errors");
        let first = value.as_array().filter(|_| listed)?.first()?;
        let message = first.as_str().or_else(|| first.get("message")?.as_str())?;
        Some(message.to_owned())
    })
}

/// Text without the tags, entities and title of HTML.
fn plain_text(text: &str) -> String {
    let text = printable::head(text, LOOKED_AT);
    if !text.contains('<') && !text.contains('&') {
        return text.to_owned();
    }
    let body = text.find("<body").map_or(text, |start| &text[start..]);
    let mut plain = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(start) = rest.find('<') {
        plain.push_str(&rest[..start]);
        plain.push(' ');
        let tag = &rest[start..];
        let is_tag =
            tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        match is_tag.then(|| tag.find('>')).flatten() {
            Some(end) => rest = &tag[end + 1..],
            None => {
                plain.push('<');
                rest = &tag[1..];
            }
        }
    }
    plain.push_str(rest);
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(plain, |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The forms of the services and of their gateways.
    static FAILURE: Failure = Failure {
        code: &[&["error", "code"], &["error_code"]],
        message: &[&["error", "message"], &["error_msg"], &["errors", "*", "reason"]],
        field: &[&["errors", "*", "field"]],
        reason: &[&["error", "details", "fields", "*", "messages", "*"]],
        kinds: &[
            ("IMG.0027", ErrorKind::NotFound),
            ("APIGW.0308", ErrorKind::Throttled),
            ("provider/*", ErrorKind::Server),
        ],
        messages: &[("NextToken is not valid", ErrorKind::InvalidPageToken)],
        statuses: &[(412, ErrorKind::DryRun)],
        window: Some("time:"),
        ..Failure::NONE
    };

    #[test]
    fn code_message_and_first_reason_are_read_where_they_stand() {
        let cases = [
            (r#"{"error": {"message": "gone", "code": "IMG.0027"}}"#, Some("IMG.0027"), "gone"),
            (
                r#"{"error_code": "APIGW.0308", "error_msg": "slow down"}"#,
                Some("APIGW.0308"),
                "slow down",
            ),
            (r#"{"error": {"code": 7, "message": "no"}}"#, Some("7"), "no"),
            (r#"{"errors": [{"reason": "too long", "field": "label"}]}"#, None, "label: too long"),
            (
                r#"{"error": {"code": "x", "message": "invalid input", "details": {"fields": [{"messages": ["is too short"]}]}}}"#,
                Some("x"),
                "invalid input: is too short",
            ),
            (
                r#"{"message": "Invalid image configuration.", "configurationValidationErrors": [{"level": "ERROR", "message": "no such instance type"}]}"#,
                None,
                "Invalid image configuration: no such instance type",
            ),
            (r#"{"message": "plain"}"#, None, "plain"),
            (r#"{"badRequest": {"message": "nested"}}"#, None, "nested"),
            (r#"{"other": 1}"#, None, r#"{"other": 1}"#),
            ("<html><body><h1>502</h1>a &lt; b</body></html>", None, "  502 a < b  "),
        ];
        for (body, code, message) in cases {
            let said = Said::of(body.as_bytes(), &FAILURE, Protocol::Rest);
            assert_eq!(
                (said.code.as_deref(), said.message.trim()),
                (code, message.trim()),
                "{body}"
            );
        }
    }

    #[test]
    fn a_pointer_leads_through_lists_and_objects_to_a_text_number_or_truth_value() {
        let json = serde_json::json!({
            "text": "a", "number": 7, "truth": false, "empty": "", "null": null,
            "list": [{"m": ""}, {"m": "b"}], "object": {"x": {"m": "c"}},
        });
        let cases: [(&[&str], Option<&str>); 10] = [
            (&["text"], Some("a")),
            (&["number"], Some("7")),
            (&["truth"], Some("false")),
            (&["empty"], None),
            (&["null"], None),
            (&["list"], None),
            (&["list", "*", "m"], Some("b")),
            (&["list", "1", "m"], Some("b")),
            (&["list", "2", "m"], None),
            (&["object", "*", "m"], Some("c")),
        ];
        for (path, expected) in cases {
            assert_eq!(scalar(&json, path).as_deref(), expected, "{path:?}");
        }
    }

    #[test]
    fn html_becomes_text_and_text_stays() {
        let cases = [
            ("plain", "plain"),
            ("R&amp;D", "R&D"),
            ("1 < 2", "1  < 2"),
            ("a<!-- hidden -->b</p>", "a b "),
            ("<head><title>T</title></head><body class=x>b", " b"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain_text(text), expected, "{text}");
        }
    }

    #[test]
    fn the_kind_follows_the_code_then_the_message_then_the_status() {
        let kind = |status, code: Option<&str>, message: &str| {
            let said = Said { code: code.map(str::to_owned), message: message.to_owned() };
            said.kind(status, &FAILURE)
        };
        assert_eq!(kind(400, Some("IMG.0027"), ""), Some(ErrorKind::NotFound));
        assert_eq!(kind(400, Some("IMG.0028"), ""), None);
        assert_eq!(kind(400, Some("provider/broken"), ""), Some(ErrorKind::Server));
        let stale = "The provided NextToken is not valid";
        assert_eq!(kind(500, None, stale), Some(ErrorKind::InvalidPageToken));
        assert_eq!(kind(412, None, "it would have worked"), Some(ErrorKind::DryRun));
        assert_eq!(kind(404, None, ""), None);
    }

    #[test]
    fn the_window_of_a_gateway_is_read() {
        let window = |message: &str| {
            Said { code: None, message: message.to_owned() }.window(&FAILURE).map(|w| w.as_secs())
        };
        assert_eq!(window("over the limit:5,time:1 second"), Some(1));
        assert_eq!(window("limit:200,time:5 minute"), Some(300));
        for message in
            ["limit:5", "time:", "time:soon", "time:5 parsecs", "time:99999999999999999999 day"]
        {
            assert_eq!(window(message), None, "{message}");
        }
    }
}
