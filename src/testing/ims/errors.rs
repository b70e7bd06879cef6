//! Errors in the form of Glance's web library.

use crate::testing::exchange::{Reply, header, status};
use serde_json::json;
use wiremock::Request;

/// An error: JSON with HTML inside if the client prefers JSON to everything else, otherwise HTML.
pub(super) fn webob(request: &Request, code: u16, message: &str) -> Reply {
    let title = status(code).canonical_reason().unwrap_or("Error");
    let accept = header(&request.headers, "accept").unwrap_or_default();
    if prefers_json(accept) {
        let message = format!("{message}<br /><br />\n\n\n");
        let code_and_title = format!("{code} {title}");
        let body = json!({ "message": message, "code": code_and_title, "title": title });
        return Reply::json(code, &body);
    }
    let message = escaped(message);
    let body = format!(
        "<html>\n <head>\n  <title>{code} {title}</title>\n </head>\n <body>\n  \
         <h1>{code} {title}</h1>\n  {message}<br /><br />\n\n\n\n </body>\n</html>"
    );
    Reply::new(code, "text/html; charset=UTF-8", body)
}

/// An error as IMS sends it: nearly always a 400, with a code that says more.
pub(super) fn ims(code: u16, own: &str, message: &str) -> Reply {
    Reply::json(code, &json!({ "error": { "message": message, "code": own } }))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;")
}

/// Whether JSON alone is ranked first.
fn prefers_json(accept: &str) -> bool {
    let ranked: Vec<(&str, f32)> = accept
        .split(',')
        .map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let media = parts.next().unwrap_or_default();
            let rank = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
            (media, rank.unwrap_or(1.0))
        })
        .collect();
    let best = ranked.iter().map(|(_, rank)| *rank).fold(0.0, f32::max);
    let mut first = ranked.iter().filter(|(_, rank)| *rank >= best);
    matches!((first.next(), first.next()), (Some(("application/json", _)), None))
}

#[cfg(test)]
mod tests {
    use super::prefers_json;

    #[test]
    fn json_has_to_be_first_and_alone() {
        for accept in ["application/json", "application/json;q=0.9, */*;q=0.1"] {
            assert!(prefers_json(accept), "{accept}");
        }
        for accept in ["", "*/*", "application/json, text/plain, */*", "text/html"] {
            assert!(!prefers_json(accept), "{accept}");
        }
    }
}
