//! Documents that cannot be handled: an error that names the operation, never a panic.

use crate::toys::{LIST, json_response, operation, query, refusal, set, toys, toys_with};
use serde_json::{Value, json};

#[track_caller]
fn assert_refused(document: &Value, start: &str) {
    let message = refusal(document);
    assert!(message.starts_with(start), "{message}");
}

fn without(pointer: &str, key: &str) -> Value {
    let mut document = toys();
    document.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(key);
    document
}

fn with_parameter(parameter: Value) -> Value {
    toys_with(&format!("{LIST}/parameters"), json!([parameter]))
}

fn with_success(schema: Value) -> Value {
    toys_with(&format!("{LIST}/responses/200"), json_response(schema))
}

#[test]
fn no_openapi_document() {
    assert_refused(&json!({ "swagger": "2.0" }), "not an OpenAPI 3.0 document");
    assert_refused(&toys_with("/openapi", json!("3.1.0")), "not an OpenAPI 3.0 document");
}

#[test]
fn what_every_operation_must_have() {
    assert_refused(&without(LIST, "operationId"), "operation get /boxes: has no operationId");
    assert_refused(&without(LIST, "tags"), "operation ListBoxes: has no tag");
    assert_refused(&without(LIST, "x-retry"), "operation ListBoxes: has no x-retry");
    assert_refused(
        &toys_with(&format!("{LIST}/x-retry"), json!({ "idempotent": "never", "statuses": [] })),
        "operation ListBoxes: x-retry: invalid type: string \"never\", expected a boolean",
    );
    assert_refused(
        &toys_with("/tags", json!([])),
        "operation ListBoxes: its tag Toy Boxes has no description",
    );
}

#[test]
fn success_bodies_that_differ() {
    let other = json_response(json!({ "$ref": "#/components/schemas/Box" }));
    assert_refused(
        &toys_with(&format!("{LIST}/responses/202"), other),
        "operation ListBoxes: its success responses have different bodies",
    );
}

#[test]
fn error_responses() {
    let path = format!("{LIST}/responses/404");
    assert_refused(
        &toys_with(&path, json!({ "description": "Nothing." })),
        "operation ListBoxes: response 404 has no named schema",
    );
    assert_refused(
        &toys_with(&path, json_response(json!({ "type": "object" }))),
        "operation ListBoxes: response 404 has no named schema",
    );
    let mut document = toys();
    let text = json!({ "type": "array", "items": { "type": "string" } });
    set(&mut document, "/components/schemas/Failure", text);
    assert_refused(
        &document,
        "operation ListBoxes: the schema Failure of response 404 is no object",
    );
    for status in ["default", "4XX"] {
        let failure = json_response(json!({ "$ref": "#/components/schemas/Failure" }));
        assert_refused(
            &toys_with(&format!("{LIST}/responses/{status}"), failure),
            &format!("operation ListBoxes: response {status} is no status code"),
        );
    }
}

#[test]
fn parameters_that_cannot_be_sent() {
    let text = json!({ "type": "string" });
    let list = json!({ "type": "array", "items": text });
    let cookie = json!({ "name": "taste", "in": "cookie", "schema": text });
    assert_refused(&with_parameter(cookie), "operation ListBoxes: ");
    for style in ["deepObject", "pipeDelimited", "spaceDelimited"] {
        let mut parameter = query("filter", list.clone());
        parameter["style"] = style.into();
        assert_refused(&with_parameter(parameter), "operation ListBoxes: ");
    }
    // progenitor would send it as repeated names without a word.
    let mut joined = query("tag", list);
    joined["explode"] = false.into();
    assert_refused(
        &with_parameter(joined),
        "operation ListBoxes: parameter tag: a list that is not exploded",
    );
}

#[test]
fn names_that_clash() {
    // The setters of every request, as they are written.
    let settings = include_str!("../../src/client/options.rs").split("macro_rules! call_settings");
    let settings: Vec<_> = settings
        .last()
        .unwrap()
        .split("pub fn ")
        .skip(1)
        .map(|setter| setter.split('(').next().unwrap())
        .collect();
    assert!(settings.contains(&"deadline"), "{settings:?}");
    let others = ["send", "shared", "page-size", "items", "dry-run", "in-regions", "waitForBuild"];
    for name in settings.iter().chain(&others) {
        assert_refused(
            &with_parameter(query(name, json!({ "type": "string" }))),
            &format!("operation ListBoxes: {name} is the name of something that requests have"),
        );
    }
    // The setter of a map is named for one of it.
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    assert_refused(
        &with_parameter(query("retries", map)),
        "operation ListBoxes: retries is the name of something that requests have",
    );

    let mut create = operation("CreateBox", json!({ "$ref": "#/components/schemas/Box" }));
    create["requestBody"] = json!({ "required": true, "content": { "application/json": {
        "schema": { "$ref": "#/components/schemas/Box" }
    } } });
    create["parameters"] = json!([query("weight", json!({ "type": "integer" }))]);
    assert_refused(
        &toys_with("/paths/~1boxes/post", create),
        "operation CreateBox: weight is both a parameter and a field",
    );
}

#[test]
fn references_that_lead_nowhere() {
    assert_refused(
        &with_success(json!({ "$ref": "#/components/schemas/Nothing" })),
        "operation ListBoxes: #/components/schemas/Nothing does not exist",
    );
    assert_refused(
        &with_success(json!({ "$ref": "other.yaml#/Box" })),
        "operation ListBoxes: other.yaml#/Box is outside of the document",
    );
    assert_refused(
        &with_parameter(json!({ "$ref": "#/components/parameters/Nothing" })),
        "operation ListBoxes: #/components/parameters/Nothing does not exist",
    );
    // Deep inside of what is answered.
    let reference = json!({ "$ref": "#/components/schemas/Lid" });
    assert_refused(
        &toys_with("/components/schemas/Box/properties/lid", reference),
        "operation ListBoxes: #/components/schemas/Lid does not exist",
    );
}

#[test]
fn references_in_a_circle() {
    let mut document = toys();
    set(&mut document, "/components/schemas/A", json!({ "$ref": "#/components/schemas/B" }));
    set(&mut document, "/components/schemas/B", json!({ "$ref": "#/components/schemas/A" }));
    let reference = json!({ "$ref": "#/components/schemas/A" });
    set(&mut document, &format!("{LIST}/responses/200"), json_response(reference));
    assert_refused(&document, "operation ListBoxes: ");
    assert!(refusal(&document).ends_with("leads back to itself"));
}

#[test]
fn a_type_may_hold_itself() {
    let inner = json!({ "$ref": "#/components/schemas/Box" });
    let code = crate::toys::generate(&toys_with("/components/schemas/Box/properties/inner", inner));
    assert!(code.field("Box", "inner").contains("Box<Box>"));
}

#[test]
fn what_makes_progenitor_panic() {
    let media = json!({ "description": "No schema.", "content": { "application/json": {} } });
    assert_refused(&toys_with(&format!("{LIST}/responses/200"), media), "operation ListBoxes: ");
    let list = json!({ "type": "array" });
    let mut post = operation("CreateBox", json!({ "$ref": "#/components/schemas/Box" }));
    post["requestBody"] = json!({ "content": { "application/xml": { "schema": list } } });
    assert_refused(&toys_with("/paths/~1boxes/post", post), "operation CreateBox: ");
}

#[test]
fn the_operation_that_is_named_is_the_one_to_blame() {
    let mut document = toys();
    let show = operation("ShowLid", json!({ "$ref": "#/components/schemas/Lid" }));
    document["paths"]["/lid"] = json!({ "get": show });
    // Neither of the two is broken by its references, and only the second uses the schema.
    set(&mut document, "/components/schemas/Lid", json!({ "type": "strange" }));
    assert_refused(&document, "operation ShowLid: ");
}

#[test]
fn a_failure_that_the_answer_cannot_tell() {
    let failure = json!({ "property": "status", "value": "failed", "message": "next" });
    assert_refused(
        &toys_with(&format!("{LIST}/x-failure"), failure),
        "operation ListBoxes: x-failure: status is no required property",
    );
}

#[test]
fn enums_that_are_not_of_strings() {
    let either = json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] });
    let message = refusal(&toys_with("/components/schemas/Box/properties/size", either));
    assert!(message.contains("only enums of strings can be open"), "{message}");
}
