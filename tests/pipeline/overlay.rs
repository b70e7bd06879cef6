//! Every overlay rule: what it changes, what it leaves, and that it wants something to do.

use crate::pipeline::document::Document;
use crate::pipeline::overlay::{self, Rule, rules};
use crate::toys::{LIST, json_response, operation, query, set, toys, toys_with};
use serde_json::{Value, json};

fn apply(rules: &[Rule], document: &Value) -> Result<Value, String> {
    let document = Document(document.clone());
    overlay::apply(&document, rules).map(|changed| changed.0).map_err(|error| error.to_string())
}

fn refused(rules: &[Rule], document: &Value) -> String {
    apply(rules, document).unwrap_err()
}

fn idle(name: &str) -> String {
    format!("the overlay rule {name} has nothing to do: remove it")
}

#[test]
fn only_success_responses_stay() {
    let document = toys();
    let changed = apply(rules![success_responses_only], &document).unwrap();
    let responses = &changed.pointer(LIST).unwrap()["responses"];
    assert_eq!(responses.as_object().unwrap().keys().collect::<Vec<_>>(), ["200"]);
    assert_eq!(responses["200"], document.pointer(LIST).unwrap()["responses"]["200"]);
    assert_eq!(changed["components"], document["components"]);

    assert_eq!(refused(rules![success_responses_only], &changed), idle("success_responses_only"));
}

#[test]
fn the_untouched_document_is_kept() {
    let document = Document(toys());
    let before = document.0.clone();
    overlay::apply(&document, rules![success_responses_only]).unwrap();
    assert_eq!(document.0, before);
}

#[test]
fn success_responses_become_one() {
    let both = rules![success_responses_only, any_success_status];
    let schema = json!({ "$ref": "#/components/schemas/BoxList" });

    let changed = apply(both, &toys()).unwrap();
    let responses = &changed.pointer(LIST).unwrap()["responses"];
    assert_eq!(*responses, json!({ "2XX": json_response(schema.clone()) }));

    // The same body twice, and a body beside none.
    for other in [json_response(schema.clone()), json!({ "description": "Nothing." })] {
        for (first, second) in [("200", "204"), ("204", "200")] {
            let mut document = toys();
            let list = document.pointer_mut(LIST).unwrap();
            list["responses"] = json!({ first: json_response(schema.clone()), second: other });
            let changed = apply(rules![any_success_status], &document).unwrap();
            let merged = &changed.pointer(LIST).unwrap()["responses"]["2XX"];
            assert_eq!(merged["content"]["application/json"]["schema"], schema);
        }
    }

    let mut none = toys();
    none["paths"] = json!({});
    assert_eq!(refused(rules![any_success_status], &none), idle("any_success_status"));
}

#[test]
fn two_success_bodies_name_their_operation() {
    let other = json_response(json!({ "$ref": "#/components/schemas/Box" }));
    let document = toys_with(&format!("{LIST}/responses/202"), other);
    let message = refused(rules![success_responses_only, any_success_status], &document);
    assert_eq!(message, "operation ListBoxes: its success responses have different bodies");
}

#[test]
fn space_delimited_lists_are_forms() {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let mut parameter = query("tag", list);
    parameter["style"] = "spaceDelimited".into();
    parameter["explode"] = true.into();
    let mut plain = query("name", json!({ "type": "string" }));
    plain["style"] = "form".into();
    let document = toys_with(&format!("{LIST}/parameters"), json!([parameter, plain]));

    let changed = apply(rules![form_style_arrays], &document).unwrap();
    let parameters = &changed.pointer(LIST).unwrap()["parameters"];
    assert_eq!(parameters[0]["style"], "form");
    assert_eq!(parameters[0]["explode"], true);
    assert_eq!(parameters[1], plain);
    assert_eq!(refused(rules![form_style_arrays], &changed), idle("form_style_arrays"));

    let document = toys_with(
        &format!("{LIST}/parameters"),
        json!([{ "name": "tag", "in": "query", "style": "spaceDelimited", "schema": {} }]),
    );
    let message = refused(rules![form_style_arrays], &document);
    assert_eq!(message, "parameter \"tag\": spaceDelimited without explode has no equivalent");
}

#[test]
fn sets_are_lists() {
    let set_of = json!({ "type": "array", "uniqueItems": true, "items": { "type": "string" } });
    let document = toys_with("/components/schemas/Box/properties/labels", set_of);
    let changed = apply(rules![lists_instead_of_sets], &document).unwrap();
    assert_eq!(
        changed["components"]["schemas"]["Box"]["properties"]["labels"],
        json!({ "type": "array", "items": { "type": "string" } })
    );
    assert_eq!(refused(rules![lists_instead_of_sets], &toys()), idle("lists_instead_of_sets"));
}

#[test]
fn nothing_is_validated_but_properties_keep_their_names() {
    let properties = json!({
        "pattern": { "type": "string", "pattern": "^a$", "minLength": 1, "maxLength": 3 },
        "maximum": { "type": "integer", "minimum": 0, "maximum": 9 },
        "list": { "type": "array", "minItems": 1, "maxItems": 2, "items": { "type": "string" } },
    });
    let mut document = toys();
    set(&mut document, "/components/schemas/Box/properties", properties);
    set(&mut document, "/components/schemas/Box/required", json!(["pattern", "maximum"]));
    let changed = apply(rules![no_validation_keywords], &document).unwrap();
    assert_eq!(
        changed["components"]["schemas"]["Box"],
        json!({
            "type": "object",
            "required": ["pattern", "maximum"],
            "properties": {
                "pattern": { "type": "string" },
                "maximum": { "type": "integer" },
                "list": { "type": "array", "items": { "type": "string" } },
            },
        })
    );
    assert_eq!(refused(rules![no_validation_keywords], &changed), idle("no_validation_keywords"));
}

#[test]
fn named_strings_become_strings() {
    let mut document = toys();
    set(&mut document, "/components/schemas/BoxName", json!({ "type": "string", "pattern": "^b" }));
    set(&mut document, "/components/schemas/Colour", json!({ "type": "string", "enum": ["red"] }));
    set(
        &mut document,
        "/components/schemas/Box/properties",
        json!({
            "id": { "$ref": "#/components/schemas/BoxName" },
            "colour": { "$ref": "#/components/schemas/Colour" },
        }),
    );
    let changed = apply(rules![plain_strings], &document).unwrap();
    let schemas = &changed["components"]["schemas"];
    assert_eq!(schemas["Box"]["properties"]["id"], json!({ "type": "string" }));
    assert_eq!(
        schemas["Box"]["properties"]["colour"],
        json!({ "$ref": "#/components/schemas/Colour" })
    );
    assert!(schemas.get("BoxName").is_none());
    assert!(schemas.get("Colour").is_some());
    assert_eq!(refused(rules![plain_strings], &changed), idle("plain_strings"));
}

#[test]
fn patches_are_sent_as_json() {
    let schema = json!({ "type": "array", "items": { "type": "object" } });
    let mut patch = operation("PatchBox", json!({ "$ref": "#/components/schemas/Box" }));
    patch["requestBody"] =
        json!({ "content": { "application/toys-json-patch": { "schema": schema } } });
    let mut create = operation("CreateBox", json!({ "$ref": "#/components/schemas/Box" }));
    create["requestBody"] =
        json!({ "content": { "application/octet-stream": { "schema": { "type": "string" } } } });
    let mut document = toys();
    document["paths"]["/boxes"]["patch"] = patch;
    document["paths"]["/boxes"]["post"] = create.clone();

    let changed = apply(rules![json_bodies], &document).unwrap();
    let boxes = &changed["paths"]["/boxes"];
    assert_eq!(
        boxes["patch"]["requestBody"]["content"],
        json!({ "application/json": { "schema": schema } })
    );
    assert_eq!(boxes["post"], create);
    assert_eq!(refused(rules![json_bodies], &changed), idle("json_bodies"));
}

#[test]
fn records_are_closed_and_maps_stay() {
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let mut document = toys();
    set(&mut document, "/components/schemas/Box/additionalProperties", json!(true));
    set(&mut document, "/components/schemas/Labels", map.clone());
    let changed = apply(rules![closed_records], &document).unwrap();
    let schemas = &changed["components"]["schemas"];
    assert!(schemas["Box"].get("additionalProperties").is_none());
    assert_eq!(schemas["Labels"], map);
    assert_eq!(refused(rules![closed_records], &changed), idle("closed_records"));
}
