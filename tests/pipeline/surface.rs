//! What users call.

use crate::code::Code;
use crate::pipeline::overlay::rules;
use crate::toys::{LIST, generate, operation, query, run, set, toys, toys_with};
use serde_json::{Value, json};

fn with_parameters(parameters: Value) -> Code {
    generate(&toys_with(&format!("{LIST}/parameters"), parameters))
}

/// A document with a second operation that has a JSON body.
fn with_body(schema: Value) -> Value {
    let mut create = operation("CreateBox", json!({ "$ref": "#/components/schemas/Box" }));
    create["requestBody"] = json!({
        "description": "The box.",
        "required": true,
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/NewBox" } } },
    });
    let mut document = toys();
    document["paths"]["/boxes"]["post"] = create;
    set(&mut document, "/components/schemas/NewBox", schema);
    document
}

#[test]
fn each_tag_is_a_struct_and_each_operation_a_method() {
    let code = generate(&toys());
    assert!(code.method("", "super::Client", "toy_boxes").contains("->ToyBoxesApi"));
    assert_eq!(code.methods("", "ToyBoxesApi"), ["list_boxes"]);
    let method = code.method("", "ToyBoxesApi", "list_boxes");
    assert!(method.contains("pubfnlist_boxes(&self)->requests::ListBoxes"), "{method}");
    let send = code.method("requests", "ListBoxes", "send");
    assert!(send.contains("crate::Result<crate::Response<types::BoxList>>"), "{send}");
    assert!(code.methods("requests", "ListBoxes").contains(&"into_future".to_owned()));
}

#[test]
fn required_parameters_are_arguments_and_others_setters() {
    let mut wanted = query("boxColour", json!({ "type": "string" }));
    wanted["required"] = true.into();
    let limit = query("limit", json!({ "type": "integer", "format": "int64" }));
    let code = with_parameters(json!([limit, wanted]));

    let method = code.method("", "ToyBoxesApi", "list_boxes");
    assert!(method.contains("list_boxes(&self,box_colour:implInto<String>)"), "{method}");
    let setter = code.method("requests", "ListBoxes", "limit");
    assert!(setter.contains("pubfnlimit(mutself,limit:implInto<i64>)->Self"), "{setter}");
    assert!(!code.methods("requests", "ListBoxes").contains(&"box_colour".to_owned()));
}

#[test]
fn a_list_is_set_one_by_one() {
    let tags = query("tag", json!({ "type": "array", "items": { "type": "string" } }));
    let setter = with_parameters(json!([tags])).method("requests", "ListBoxes", "tag");
    assert!(setter.contains("self.tag.push(tag.into())"), "{setter}");
}

#[test]
fn a_map_is_set_by_name() {
    let schema = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let setter = with_parameters(json!([query("properties", schema)])).method(
        "requests",
        "ListBoxes",
        "property",
    );
    assert!(setter.contains("name:implInto<String>,value:implInto<String>"), "{setter}");
    assert!(setter.contains("self.properties.insert"), "{setter}");
}

#[test]
fn what_stands_in_the_path_is_checked_before_it_is_sent() {
    let mut document = toys();
    let mut show = operation("ShowBox", json!({ "$ref": "#/components/schemas/Box" }));
    show["parameters"] = json!([{ "name": "boxId", "in": "path", "required": true, "schema": { "type": "string" } }]);
    document["paths"]["/boxes/{boxId}"] = json!({ "get": show });
    let send = generate(&document).method("requests", "ShowBox", "send");
    let check = send.find("check_path_segment(&super::operations::SHOW_BOX,\"boxId\",self.box_id");
    assert!(check < send.find("begin"), "{send}");
    assert!(check.is_some(), "{send}");
}

#[test]
fn parameters_of_the_path_item_count_too() {
    let shared = json!([query("owner", json!({ "type": "string" }))]);
    let code = generate(&toys_with("/paths/~1boxes/parameters", shared));
    assert!(code.methods("requests", "ListBoxes").contains(&"owner".to_owned()));
}

#[test]
fn the_fields_of_a_body_are_arguments_and_setters() {
    let document = with_body(json!({
        "type": "object",
        "required": ["name", "colour"],
        "properties": {
            "colour": { "type": "string" },
            "lidColour": { "type": "string", "description": "Colour of the lid." },
            "name": { "type": "string" },
            "tags": { "type": "array", "items": { "type": "string" } },
        },
    }));
    let code = generate(&document);
    let method = code.method("", "ToyBoxesApi", "create_box");
    // In the order in which the document requires them.
    assert!(method.contains("name:implInto<::std::string::String>,colour:"), "{method}");
    let setters = code.methods("requests", "CreateBox");
    assert!(setters.contains(&"lid_colour".to_owned()) && setters.contains(&"tags".to_owned()));
    assert!(code.method("requests", "CreateBox", "lid_colour").contains("Colourofthelid."));
    let send = code.method("requests", "CreateBox", "send");
    assert!(send.contains("letbody=types::NewBox{"), "{send}");
    assert!(send.contains(".create_box(&body)"), "{send}");
}

#[test]
fn a_secret_of_the_body_is_not_in_the_debug_of_the_request() {
    let code = generate(&with_body(json!({
        "type": "object",
        "required": ["name", "key"],
        "properties": { "key": { "type": "string", "x-secret": true }, "name": { "type": "string" } },
    })));
    let debug = code.method("requests", "CreateBox", "fmt");
    assert!(debug.contains(".field(\"key\",&format_args!(\"[redacted]\"))"), "{debug}");
    assert!(debug.contains(".field(\"name\",&self.name)"), "{debug}");
    assert!(code.methods("requests", "ListBoxes").iter().all(|method| method != "fmt"));
}

#[test]
fn further_properties_of_a_body_are_set_by_name() {
    let document = with_body(json!({
        "type": "object",
        "properties": { "name": { "type": "string" } },
        "additionalProperties": { "type": "string" },
    }));
    let rules = rules![success_responses_only, any_success_status, closed_records];
    let code = run(&document, rules).unwrap();
    let setter = code.method("requests", "CreateBox", "property");
    assert!(setter.contains("value:implInto<crate::types::Property>"), "{setter}");
    assert!(code.method("requests", "CreateBox", "send").contains("extra:self.property"));
}

#[test]
fn older_names_do_the_same() {
    let code = generate(&toys_with(&format!("{LIST}/x-aliases"), json!(["ShowBoxes"])));
    assert_eq!(code.methods("", "ToyBoxesApi"), ["list_boxes", "show_boxes"]);
    let alias = code.method("", "ToyBoxesApi", "show_boxes");
    assert!(alias.contains("oldername") && alias.contains("requests::ListBoxes"), "{alias}");
}

#[test]
fn a_success_can_be_a_failure() {
    let mut document = toys();
    let properties = json!({ "status": { "type": "string" }, "message": { "type": "string" } });
    set(
        &mut document,
        "/components/schemas/BoxList",
        json!({ "type": "object", "required": ["status"], "properties": properties }),
    );
    let failure = json!({ "property": "status", "value": "failed", "message": "message" });
    set(&mut document, &format!("{LIST}/x-failure"), failure);
    let send = generate(&document).method("requests", "ListBoxes", "send");
    assert!(send.contains("ifresponse.body().status==\"failed\""), "{send}");
    assert!(send.contains("response.failed(&super::operations::LIST_BOXES,message)"), "{send}");
}

#[test]
fn the_table_knows_retries_media_types_and_errors() {
    let mut document = toys();
    let mut patch = operation("PatchBox", json!({ "$ref": "#/components/schemas/Box" }));
    patch["x-retry"] = json!({ "idempotent": false, "statuses": [429, 503] });
    patch["requestBody"] = json!({ "content": { "application/toys-json-patch": {
        "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Box" } }
    } } });
    document["paths"]["/boxes"]["patch"] = patch;
    let rules = rules![success_responses_only, any_success_status, json_bodies];
    let code = run(&document, rules).unwrap();
    let table = code.text();
    assert!(table.contains(
        "LIST_BOXES:Operation=Operation{api:\"toys\",name:\"list_boxes\",media_type:None,"
    ));
    assert!(table.contains("idempotent:true,retry_statuses:&[429u16]"));
    assert!(table.contains("media_type:Some(\"application/toys-json-patch\")"));
    assert!(table.contains("idempotent:false,retry_statuses:&[429u16,503u16]"));
    assert!(table.contains("errors:&[(404u16,\"Failure\")]"));
    // Once for each schema, however many operations answer it.
    assert_eq!(table.matches("ErrorBodyfortypes::Failure").count(), 1);
}
