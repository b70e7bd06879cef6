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
    assert_refused(
        &toys_with("/openapi", json!("3.1.0")),
        "the document is OpenAPI 3.1.0, and only 3.0 is read",
    );
}

#[test]
fn words_that_are_not_known() {
    let cases = [
        ("/x-failures", "`x-failures` is not known here"),
        ("/components/callbacks", "components: `callbacks` is not known here"),
        ("/paths/~1boxes/trace", "path /boxes: `trace` is not known here"),
        ("/paths/~1boxes/get/x-paging", "operation ListBoxes: `x-paging` is not known here"),
        ("/paths/~1boxes/get/callbacks", "operation ListBoxes: `callbacks` is not known here"),
        ("/components/schemas/Box/x-secrets", "schema Box: `x-secrets` is not known here"),
        (
            "/components/schemas/Box/properties/id/not",
            "schema Box: property id: `not` is not known here",
        ),
        (
            "/paths/~1boxes/get/responses/200/x-empty",
            "operation ListBoxes: response 200: `x-empty` is not known here",
        ),
        (
            "/paths/~1boxes/get/responses/200/content/application~1json/encoding",
            "operation ListBoxes: response 200: application/json: `encoding` is not known here",
        ),
        ("/paths/~1boxes/servers", "path /boxes: `servers` is not known here"),
        ("/info/x-logo", "info: `x-logo` is not known here"),
        ("/tags/0/x-order", "tags: `x-order` is not known here"),
    ];
    for (pointer, reason) in cases {
        assert_refused(&toys_with(pointer, json!({})), reason);
    }
    let mut parameter = query("a", json!({ "type": "string" }));
    parameter["x-onse"] = true.into();
    assert_refused(
        &with_parameter(parameter),
        "operation ListBoxes: parameter a: `x-onse` is not known",
    );
    let schemes = json!({ "Key": { "type": "http", "scheme": "bearer", "x-header": "a" } });
    assert_refused(
        &toys_with("/components/securitySchemes", schemes),
        "security Key: `x-header` is not known here",
    );
    assert_refused(
        &toys_with("/components/schemas/Box/properties/id/x-secret", json!("yes")),
        "schema Box: property id: x-secret is neither true nor false",
    );
    assert_refused(
        &toys_with("/components/schemas/Box/type", json!(["object", "null"])),
        "schema Box: a list of types is OpenAPI 3.1",
    );
    assert_refused(
        &toys_with("/components/schemas/Box/properties/id/type", json!("float")),
        "schema Box: property id: type float is not a type of OpenAPI 3.0",
    );
}

#[test]
fn everything_says_what_it_is() {
    let without = |pointer: &str| {
        let mut document = toys();
        let node = document.pointer_mut(pointer).unwrap();
        node.as_object_mut().unwrap().remove("description");
        document
    };
    assert_refused(&without("/components/schemas/Box"), "schema Box has no description");
    assert_refused(
        &without("/components/schemas/Box/properties/weight"),
        "schema Box: property weight has no description",
    );
    let parameter = json!({ "name": "a", "in": "query", "schema": { "type": "string" } });
    assert_refused(
        &with_parameter(parameter),
        "operation ListBoxes: parameter a: has no description",
    );
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
    for status in ["999", "4xx", "ok"] {
        let failure = json_response(json!({ "$ref": "#/components/schemas/Failure" }));
        assert_refused(
            &toys_with(&format!("{LIST}/responses/{status}"), failure),
            &format!("operation ListBoxes: response {status}: is not a status"),
        );
    }
    // One without a schema, or with one that is not an object, is there for its message.
    let mut document = toys();
    for (status, response) in [
        ("404", json!({ "description": "Nothing." })),
        ("409", json_response(json!({ "type": "array", "items": { "type": "string" } }))),
        ("500", json!({ "description": "Nothing.", "content": { "application/json": {} } })),
    ] {
        document.pointer_mut(LIST).unwrap()["responses"][status] = response;
    }
    assert!(crate::toys::generate(&document).text().contains("errors:&[]"));
}

#[test]
fn failures_that_are_none() {
    let cases = [
        (json!({ "codes": "/code" }), "x-failure: unknown field `codes`"),
        (json!({ "code": "code" }), "x-failure: code is not a JSON pointer"),
        (json!({ "kinds": { "a": "Lost" } }), "x-failure: Lost is not an ErrorKind"),
        (json!({ "success": { "at": "/ok", "is": [] } }), "x-failure: success: `is` is not text"),
    ];
    for (failure, reason) in cases {
        assert_refused(
            &toys_with("/x-failure", failure),
            &format!("operation ListBoxes: {reason}"),
        );
    }
}

#[test]
fn every_kind_that_a_document_can_name_is_one() {
    // The golden text is compiled.
    let golden = include_str!("golden/toys.rs");
    for kind in crate::pipeline::failure::KINDS {
        assert!(golden.contains(&format!("crate::ErrorKind::{kind})")), "{kind}");
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
    let mut fixed = query("version", json!({ "type": "string" }));
    fixed["x-fixed"] = json!(["1", "2"]);
    assert_refused(
        &with_parameter(fixed),
        "operation ListBoxes: parameter version: x-fixed is not text",
    );
    let twins = json!([query("site-type", text.clone()), query("site_type", text)]);
    assert_refused(
        &toys_with(&format!("{LIST}/parameters"), twins),
        "operation ListBoxes: parameter site_type: another parameter has the same name in snake case",
    );
}

#[test]
fn names_that_clash() {
    let settings = ["timeout", "read_timeout", "deadline", "retry"];
    let others = ["send", "shared", "page-size", "items", "dry-run", "in-regions", "waitForBuild"];
    for name in settings.iter().chain(&others) {
        assert_refused(
            &with_parameter(query(name, json!({ "type": "string" }))),
            &format!("operation ListBoxes: {name} is the name of something that requests have"),
        );
    }
    // The setter of a map or list is named for one of it.
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let list = json!({ "type": "array", "items": { "type": "string" } });
    for (name, schema) in [("retries", map), ("timeouts", list)] {
        assert_refused(
            &with_parameter(query(name, schema)),
            &format!("operation ListBoxes: {name} is the name of something that requests have"),
        );
    }

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
fn secrets_that_would_be_shown() {
    let secret = json!({ "type": "string", "description": "S.", "x-secret": true });
    let list = json!({ "type": "array", "items": secret });
    let map = json!({ "type": "object", "additionalProperties": secret });
    for schema in [secret.clone(), list, map] {
        assert_refused(
            &with_success(schema),
            "operation ListBoxes: response 200: x-secret is on a response that is not an object, whose Debug would show it",
        );
    }
    let header = json!({ "X-Key": { "description": "A key.", "schema": secret } });
    assert_refused(
        &toys_with(&format!("{LIST}/responses/200/headers"), header),
        "operation ListBoxes: response 200: header X-Key: x-secret on a header of an answer",
    );
}

#[test]
fn a_fake_needs_images_and_a_credential() {
    assert_refused(
        &toys_with("/x-fake", json!("FakeToys")),
        "x-fake: there is no list_images with x-pagination",
    );
    let mut document = toys_with("/x-fake", json!("FakeToys"));
    set(&mut document, &format!("{LIST}/x-name"), json!("ListImages"));
    let pagination = json!({ "items": "/boxes", "next": "none" });
    set(&mut document, &format!("{LIST}/x-pagination"), pagination);
    assert_refused(
        &document,
        "x-fake: the document has no security scheme with a header for the credential",
    );
    set(&mut document, "/security", json!([{ "Key": [] }]));
    let key = json!({ "Key": { "type": "apiKey", "in": "header", "name": "x-key" } });
    set(&mut document, "/components/securitySchemes", key);
    let code = crate::toys::generate(&document).text();
    assert!(code.contains(r#"constHEADER:(&'staticstr,&'staticstr)=("x-key","")"#), "{code}");
    assert!(code.contains("typeImage=types::Box;"));
}

#[test]
fn references_that_lead_nowhere() {
    assert_refused(
        &with_success(json!({ "$ref": "#/components/schemas/Nothing" })),
        "operation ListBoxes: response 200: #/components/schemas/Nothing does not exist",
    );
    assert_refused(
        &with_success(json!({ "$ref": "other.yaml#/Box" })),
        "operation ListBoxes: response 200: other.yaml#/Box is outside of the document",
    );
    assert_refused(
        &with_parameter(json!({ "$ref": "#/components/parameters/Nothing" })),
        "operation ListBoxes: #/components/parameters/Nothing does not exist",
    );
    // Deep inside of what is answered.
    let reference = json!({ "$ref": "#/components/schemas/Lid" });
    assert_refused(
        &toys_with("/components/schemas/Box/properties/lid", reference),
        "schema Box: property lid: #/components/schemas/Lid does not exist",
    );
}

#[test]
fn references_in_a_circle() {
    let mut document = toys();
    set(&mut document, "/components/schemas/A", json!({ "$ref": "#/components/schemas/B" }));
    set(&mut document, "/components/schemas/B", json!({ "$ref": "#/components/schemas/A" }));
    let reference = json!({ "$ref": "#/components/schemas/A" });
    set(&mut document, &format!("{LIST}/responses/200"), json_response(reference));
    assert_refused(&document, "schema A: ");
    assert!(refusal(&document).ends_with("leads back to itself"));
}

#[test]
fn a_type_may_hold_itself() {
    let inner = json!({ "$ref": "#/components/schemas/Box", "description": "The box in it." });
    let code = crate::toys::generate(&toys_with("/components/schemas/Box/properties/inner", inner));
    assert!(code.text().contains("Box<Box>"));
}

#[test]
fn bodies_that_cannot_be_sent() {
    let media = json!({ "description": "No schema.", "content": { "application/json": {} } });
    assert_refused(
        &toys_with(&format!("{LIST}/responses/200"), media),
        "operation ListBoxes: response 200: application/json has no schema",
    );
    let mut post = operation("CreateBox", json!({ "$ref": "#/components/schemas/Box" }));
    let list = json!({ "type": "array", "items": { "type": "string" } });
    post["requestBody"] = json!({ "content": { "application/xml": { "schema": list } } });
    assert_refused(&toys_with("/paths/~1boxes/post", post.clone()), "operation CreateBox: ");
    post["requestBody"] = json!({ "content": { "application/json": {} } });
    assert_refused(
        &toys_with("/paths/~1boxes/post", post),
        "operation CreateBox: the request body: the media type has no schema",
    );
}

#[test]
fn related_operations_that_are_none() {
    let related = |name: &str| toys_with(&format!("{LIST}/x-related"), json!([name]));
    assert_refused(
        &related("ShowBox"),
        "operation ListBoxes: x-related: there is no operation ShowBox",
    );
    let mut document = related("ShowBox");
    let mut show = operation("ShowBox", json!({ "$ref": "#/components/schemas/Box" }));
    show["parameters"] = json!([{
        "name": "id", "in": "path", "required": true, "description": "Id.", "schema": { "type": "string" },
    }]);
    document["paths"]["/boxes/{id}"] = json!({ "get": show });
    assert_refused(&document, "operation ListBoxes: x-related: ShowBox requires id");
}

#[test]
fn a_parameter_is_not_named_like_something_in_what_builds_the_request() {
    for name in ["call", "request"] {
        let refused = with_parameter(query(name, json!({ "type": "string" })));
        assert!(refusal(&refused).contains(&format!("{name} is the name of something")), "{name}");
    }
}

#[test]
fn only_a_project_in_a_path_comes_from_the_login() {
    let mut parameter = query("project_id", json!({ "type": "string" }));
    parameter["x-login"] = "project-id".into();
    assert_refused(
        &with_parameter(parameter),
        "operation ListBoxes: parameter project_id: x-login has only the value project-id, on a parameter of the path",
    );
    let mut document = with_parameter(query("unused", json!({ "type": "string" })));
    let mut item = document["paths"]["/boxes"].take();
    item["get"]["parameters"] = ["project_id", "other_id"].map(|name| json!({
        "name": name, "in": "path", "required": true, "description": "A project.", "x-login": "project-id",
        "schema": { "type": "string" },
    })).into();
    document["paths"] = json!({ "/{project_id}/{other_id}/boxes": item });
    assert_refused(
        &document,
        "operation ListBoxes: x-login: two parameters of one operation have it",
    );
}
