//! The passes over progenitor's types.

use crate::code::Code;
use crate::pipeline::overlay::rules;
use crate::toys::{generate, refusal, run, set, toys, toys_with};
use serde_json::{Value, json};

/// The types of a document whose boxes have one more property.
fn with_property(name: &str, schema: Value) -> Code {
    generate(&toys_with(&format!("/components/schemas/Box/properties/{name}"), schema))
}

/// The same, for boxes that allow further properties.
fn open_boxes(properties: Value) -> Code {
    let mut document = toys();
    set(&mut document, "/components/schemas/Box/properties", properties);
    set(&mut document, "/components/schemas/Box/additionalProperties", json!(true));
    run(&document, rules![success_responses_only, any_success_status, closed_records]).unwrap()
}

#[test]
fn enums_of_strings_are_open() {
    let mut document = toys();
    let colours = json!({ "type": "string", "enum": ["DARK_RED", "blue", "Unknown", "Other"] });
    set(&mut document, "/components/schemas/Colour", colours);
    let colour = json!({ "$ref": "#/components/schemas/Colour" });
    set(&mut document, "/components/schemas/Box/properties/colour", colour);
    let code = generate(&document);

    let call = code.call("open_enum", "Colour").unwrap();
    let values =
        ["DarkRed=\"DARK_RED\"", "Blue=\"blue\"", "Unknown=\"Unknown\"", "Other=\"Other\""];
    for value in values {
        assert!(call.contains(&format!("{value},")), "{value}: {call}");
    }
    // Nothing of progenitor's own closed enum is left.
    assert!(!code.text().contains("enumColour"), "{}", code.text());
    assert!(!code.text().contains("ConversionError"));
}

#[test]
fn a_value_named_like_the_open_variant_is_refused() {
    let mut document = toys();
    let colours = json!({ "type": "string", "enum": ["red", "unrecognized"] });
    set(&mut document, "/components/schemas/Colour", colours);
    let colour = json!({ "$ref": "#/components/schemas/Colour" });
    set(&mut document, "/components/schemas/Box/properties/colour", colour);
    assert_eq!(refusal(&document), "Colour: a value named like the variant for all others");
}

#[test]
fn structs_can_grow() {
    let code = generate(&toys());
    for item in code.items("types") {
        if let syn::Item::Struct(item) = item {
            let open =
                item.attrs.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"));
            assert!(open, "{}", item.ident);
        }
    }
}

#[test]
fn short_strings_are_stored_inline() {
    let code = with_property("region", json!({ "type": "string", "x-short": true }));
    assert!(
        code.field("Box", "region").ends_with("region:::std::option::Option<crate::types::Text>")
    );
    assert!(code.field("Box", "id").ends_with("id:::std::string::String"));

    let list = json!({ "type": "array", "items": { "type": "string", "x-short": true } });
    let field = with_property("tags", list).field("Box", "tags");
    assert!(field.ends_with("tags:::std::vec::Vec<crate::types::Text>"), "{field}");
}

#[test]
fn null_is_an_empty_list_or_map() {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    for (name, schema) in [("tags", list), ("labels", map)] {
        let field = with_property(name, schema).field("Box", name);
        assert!(field.contains("deserialize_with=\"crate::types::null_as_default\""), "{field}");
    }
    // A list that has to be there is an error without one.
    assert!(!generate(&toys()).field("BoxList", "boxes").contains("deserialize_with"));
}

#[test]
fn times_have_their_own_reader() {
    let time = json!({ "type": "string", "format": "date-time" });
    let optional = with_property("made", time.clone()).field("Box", "made");
    assert!(optional.contains("#[serde(default)]"), "{optional}");
    assert!(optional.contains("deserialize_with=\"crate::types::read_optional_time\""));

    let mut document = toys_with("/components/schemas/Box/properties/made", time);
    set(&mut document, "/components/schemas/Box/required", json!(["id", "made"]));
    let required = generate(&document).field("Box", "made");
    assert!(required.contains("deserialize_with=\"crate::types::read_time\""), "{required}");
}

#[test]
fn every_field_says_what_it_is() {
    let described = json!({ "type": "string", "description": "What is in it." });
    let field = with_property("content", described).field("Box", "content");
    assert!(field.contains("Whatisinit."), "{field}");
    let field = with_property("content", json!({ "type": "string" })).field("Box", "content");
    assert!(field.contains("Thefield`content`."), "{field}");
    // OpenAPI 3.0 ignores it beside a reference; here it wins over the description of the type.
    let mut document = toys();
    set(
        &mut document,
        "/components/schemas/Lid",
        json!({ "type": "object", "description": "Lid." }),
    );
    let reference = json!({ "$ref": "#/components/schemas/Lid", "description": "Its lid." });
    set(&mut document, "/components/schemas/Box/properties/lid", reference);
    assert!(generate(&document).field("Box", "lid").contains("Itslid."));
}

#[test]
fn open_records_keep_what_they_do_not_name() {
    let code = open_boxes(json!({
        "id": { "type": "string" },
        "__weight": { "type": "integer", "format": "int64" },
        "made": { "type": "string", "format": "date-time" },
        "tags": { "type": "array", "items": { "type": "string" } },
        "self": { "type": "string" },
    }));
    assert!(code.field("Box", "extra").ends_with("extra:crate::types::Properties"));
    let call = code.call("open_record", "Box").unwrap();
    for entry in [
        "\"id\"idrequired::std::string::String",
        "\"__weight\"weightoptionali64",
        "\"made\"madeoptionalcrate::types::Time",
        "\"tags\"tagslist::std::vec::Vec<::std::string::String>",
        "\"self\"self_optional::std::string::String",
    ] {
        assert!(call.contains(entry), "{entry}: {call}");
    }
    // The reader is the macro's: nothing is derived, nothing is flattened.
    assert!(!code.field("Box", "weight").contains("serde"));
    assert!(!code.text().contains("flatten"));
    // Closed objects stay as they were.
    assert!(code.call("open_record", "BoxList").is_none());
}

#[test]
fn open_records_have_limits() {
    let rules = rules![success_responses_only, any_success_status, closed_records];
    let mut document = toys();
    set(&mut document, "/components/schemas/Box/additionalProperties", json!(true));
    set(&mut document, "/components/schemas/Box/properties/extra", json!({ "type": "string" }));
    let taken = run(&document, rules).err().unwrap();
    assert_eq!(taken, "Box: a field named `extra` is taken");

    let many: serde_json::Map<String, Value> =
        (0..65).map(|n| (format!("field{n}"), json!({ "type": "string" }))).collect();
    set(&mut document, "/components/schemas/Box/properties", Value::Object(many));
    set(&mut document, "/components/schemas/Box/required", json!([]));
    assert_eq!(run(&document, rules).err().unwrap(), "Box: more than 64 fields");
}

#[test]
fn only_the_client_that_takes_a_ready_http_client_is_left() {
    let code = generate(&toys());
    let methods = code.methods("", "Client");
    assert!(methods.contains(&"new_with_client".to_owned()));
    assert!(!methods.contains(&"new".to_owned()), "{methods:?}");
}

#[test]
fn the_debug_of_a_struct_leaves_out_what_is_secret() {
    let code = with_property("combination", json!({ "type": "string", "x-secret": true }));
    let text = code.text();
    assert!(text.contains(".field(\"combination\",&format_args!(\"[redacted]\"))"), "{text}");
    assert!(text.contains(".field(\"weight\",&self.weight)"), "{text}");
    assert_eq!(text.matches("Debugfor").count(), 1, "{text}");
    // Derived as well it would not compile.
    let before = &text[..text.find("pubstructBox{").unwrap()];
    let derives = &before[before.rfind("#[derive(").unwrap()..];
    assert!(derives.contains("PartialEq") && !derives.contains("Debug"), "{derives}");

    let code = open_boxes(json!({ "id": { "type": "string", "x-secret": true } }));
    let text = code.text();
    assert!(text.contains(".field(\"id\",&format_args!(\"[redacted]\"))"), "{text}");
    assert!(text.contains(".field(\"extra\",&self.extra)"), "{text}");
}
