//! Answers as EC2 writes them.

use serde_json::{Map, Value};

const NAMESPACE: &str = "http://ec2.amazonaws.com/doc/2016-11-15/";

/// The answer of an action. Lists are written with `<item>`, and a text that is empty as an empty element.
pub(super) fn answer(action: &str, request_id: &str, members: &Map<String, Value>) -> String {
    let root = format!("{action}Response");
    let mut text = format!("{}<{root} xmlns=\"{NAMESPACE}\">", declaration());
    element(&mut text, 1, "requestId", &request_id.into());
    members.iter().for_each(|(name, value)| element(&mut text, 1, name, value));
    text.push_str(&format!("\n</{root}>"));
    text
}

/// An error, which has another root and no namespace.
pub(super) fn error(code: &str, message: &str, request_id: &str) -> String {
    format!(
        "{}<Response><Errors><Error><Code>{}</Code><Message>{}</Message></Error></Errors>\
         <RequestID>{request_id}</RequestID></Response>",
        declaration(),
        escaped(code),
        escaped(message),
    )
}

fn declaration() -> &'static str {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
}

fn element(text: &mut String, depth: usize, name: &str, value: &Value) {
    let indent = format!("\n{}", "    ".repeat(depth));
    let members: Vec<(&str, &Value)> = match value {
        Value::Null => return,
        Value::Array(items) => items.iter().map(|item| ("item", item)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.as_str(), value)).collect()
        }
        Value::String(value) if !value.is_empty() => {
            text.push_str(&format!("{indent}<{name}>{}</{name}>", escaped(value)));
            return;
        }
        Value::String(_) => Vec::new(),
        Value::Bool(_) | Value::Number(_) => {
            text.push_str(&format!("{indent}<{name}>{value}</{name}>"));
            return;
        }
    };
    if members.is_empty() {
        text.push_str(&format!("{indent}<{name}/>"));
        return;
    }
    text.push_str(&format!("{indent}<{name}>"));
    members.into_iter().for_each(|(name, value)| element(text, depth + 1, name, value));
    text.push_str(&format!("{indent}</{name}>"));
}

/// XML has no control characters but tab and line feed.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' | '\n' => escaped.push(character),
            _ if character.is_ascii_control() => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::answer;
    use serde_json::json;

    #[test]
    fn lists_texts_and_absences_are_distinguished() {
        let members =
            json!({"set": ["a & <b>"], "none": [], "empty": "", "absent": null, "yes": true});
        let text = answer("Act", "id", members.as_object().unwrap());
        for part in [
            "<set>\n        <item>a &amp; &lt;b&gt;</item>\n    </set>",
            "<none/>",
            "<empty/>",
            "<yes>true</yes>",
            "<requestId>id</requestId>",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("absent"));
    }
}
