//! `x-protocol`: operations that are actions at one address.

use crate::toys::{generate, refusal, set, text};
use serde_json::{Value, json};

/// A list of boxes by the query protocol.
fn actions() -> Value {
    let answer = json!({ "$ref": "#/components/schemas/BoxList" });
    let object = |description: &str, properties: Value| json!({ "type": "object", "description": description, "properties": properties });
    let list = |items: Value| json!({ "type": "array", "description": "Several.", "items": items });
    let mut token = text("Tells two calls apart.");
    token["x-token"] = true.into();
    let asked = json!({
        "Id": list(json!({ "type": "string" })),
        "Filter": list(json!({ "$ref": "#/components/schemas/Filter" })),
        "Size": { "type": "integer", "description": "How many." },
        "Next": text("Where the page begins."),
        "Token": token,
    });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Toys", "version": "2016-11-15" },
        "x-protocol": "aws-query",
        "x-endpoint": { "signed-as": "toys" },
        "tags": [{ "name": "Toy Boxes", "description": "The boxes." }],
        "paths": { "/ListBoxes": { "post": {
            "operationId": "ListBoxes",
            "tags": ["Toy Boxes"],
            "summary": "Lists boxes.",
            "x-retry": { "idempotent": true, "statuses": [429] },
            "x-pagination": {
                "items": "/boxSet",
                "next": { "token": "/next" },
                "parameter": "Next",
                "page-size": { "parameter": "Size", "max": 9, "unless": "Id" },
            },
            "requestBody": { "required": true, "content": {
                "application/x-www-form-urlencoded": { "schema": object("A question.", asked) },
            } },
            "responses": { "200": {
                "description": "An answer.",
                "content": { "text/xml": { "schema": answer } },
            } },
        } } },
        "components": { "schemas": {
            "BoxList": object("A page.", json!({
                "boxSet": {
                    "type": "array",
                    "description": "The boxes.",
                    "items": { "type": "string" },
                    "x-name": "boxes",
                },
                "next": text("Where the next page begins."),
            })),
            "Filter": object("A filter.", json!({ "Name": text("Its name.") })),
        } },
    })
}

#[test]
fn a_request_is_written_by_the_protocol_of_its_action() {
    let code = generate(&actions());
    let all = code.text();
    let protocol = r#"Protocol::AwsQuery{action:"ListBoxes",version:"2016-11-15",}"#;
    assert!(all.contains(protocol) || all.contains(&protocol.replace(",}", "}")), "{all}");
    assert!(!all.contains("modwire"), "nothing is called that progenitor wrote");
    assert!(all.contains(r#"SIGNED_AS:Option<&'staticstr>=Some("toys")"#));
    let build = code.method("requests", "ListBoxes", "build");
    assert!(build.contains("crate::client::protocol::query(call,body)"), "{build}");
    assert!(build.contains("self.token.clone().unwrap_or_else(||call.token())"), "{build}");
    let read = code.method("requests", "ListBoxes", "read");
    assert!(read.contains("response.read_as::<crate::client::format::Xml,_>()"), "{read}");
}

#[test]
fn positions_and_page_sizes_are_properties_of_the_body() {
    let code = generate(&actions());
    let fill = code.method("requests", "ListBoxes", "fill_page_size");
    assert!(fill.contains("ifself.id.is_empty(){self.size.get_or_insert_with("), "{fill}");
    let at = code.method("requests", "ListBoxes", "at");
    assert!(at.contains("self.next=position.map("), "{at}");
    let fingerprint = code.method("requests", "ListBoxes", "fingerprint");
    assert!(fingerprint.contains(r#"add_json("Filter",&self.filter)"#), "{fingerprint}");
    assert!(!fingerprint.contains("self.next"), "{fingerprint}");
    // The list of a page has to be a list, under its own name too.
    assert!(code.text().contains(r#""boxSet"boxeslisted"#), "{}", code.text());
}

#[test]
fn what_the_protocol_cannot_send_is_refused() {
    let operation = actions().pointer("/paths/~1ListBoxes/post").unwrap().clone();
    let body = "/paths/~1ListBoxes/post/requestBody/content";
    let cases = [
        ("/x-protocol", json!("soap"), "x-protocol: \"soap\" is not known"),
        ("/paths/~1ListBoxes", json!({ "get": operation }), "operation ListBoxes: with x-protocol"),
        (
            "/paths",
            json!({ "/a/b": { "post": operation } }),
            "operation ListBoxes: with x-protocol",
        ),
        (
            body,
            json!({ "application/json": { "schema": {} } }),
            "operation ListBoxes: its protocol",
        ),
        (
            "/paths/~1ListBoxes/post/parameters",
            json!([{ "name": "a", "in": "query", "schema": { "type": "string" } }]),
            "operation ListBoxes: with x-protocol",
        ),
        (
            "/paths/~1ListBoxes/post/x-pagination/page-size/unless",
            json!("Next"),
            "operation ListBoxes: x-pagination: Next is not a list parameter",
        ),
    ];
    for (pointer, value, reason) in cases {
        let mut document = actions();
        set(&mut document, pointer, value);
        let message = refusal(&document);
        assert!(message.starts_with(reason), "{pointer}: {message}");
    }
}
