//! The normal form: what each way to say a thing becomes.

use crate::pipeline::document::Document;
use crate::pipeline::{normalize, overlay};
use crate::toys::{LIST, json_response, query, set, text, toys, toys_with};
use serde_json::{Value, json};

fn normal(document: Value) -> Value {
    normalize::apply(&Document(document)).unwrap().0
}

/// What a property of a box becomes, and the named schemas that there are then.
fn property(schema: Value) -> (Value, Value) {
    let mut document = toys_with("/components/schemas/Box/properties/it", schema);
    let colour = json!({ "type": "string", "description": "A colour.", "enum": ["red"] });
    set(&mut document, "/components/schemas/Colour", colour);
    let mut normal = normal(document);
    let schemas = normal["components"]["schemas"].take();
    (schemas["Box"]["properties"]["it"].clone(), schemas)
}

#[test]
fn schemas_have_one_form() {
    let colour = json!({ "$ref": "#/components/schemas/Colour" });
    let lid = json!({ "$ref": "#/components/schemas/Failure" });
    let described = |mut node: Value| {
        node["description"] = "It.".into();
        node
    };
    let cases = [
        // Checks are documentation.
        (
            json!({ "type": "string", "pattern": "^a", "minLength": 1, "default": "a" }),
            json!({ "type": "string" }),
        ),
        (
            json!({ "type": "integer", "format": "int32" }),
            json!({ "type": "integer", "format": "int64" }),
        ),
        (
            json!({ "type": "integer", "minimum": 0 }),
            json!({ "type": "integer", "format": "int64" }),
        ),
        (json!({ "type": "string", "format": "uuid" }), json!({ "type": "string" })),
        (
            json!({ "type": "string", "format": "date-time" }),
            json!({ "type": "string", "format": "date-time" }),
        ),
        (
            json!({ "type": "array", "uniqueItems": true, "items": { "type": "string" } }),
            json!({ "type": "array", "items": { "type": "string", "description": "It." } }),
        ),
        // `null` is as good as nothing.
        (json!({ "type": "string", "nullable": true }), json!({ "type": "string" })),
        // A reference in any wrapping.
        (json!({ "allOf": [colour], "nullable": true }), colour.clone()),
        (json!({ "oneOf": [colour] }), colour.clone()),
        (json!({ "allOf": [{ "anyOf": [colour] }] }), colour.clone()),
        // Several kinds of values.
        (
            json!({ "anyOf": [{ "type": "integer" }, { "type": "string" }] }),
            json!({ "type": "string", "x-scalar": true }),
        ),
        (
            json!({ "anyOf": [{ "type": "string" }, { "type": "number" }] }),
            json!({ "type": "string", "x-scalar": true }),
        ),
        (
            json!({ "anyOf": [{ "type": "integer" }, { "type": "number" }] }),
            json!({ "type": "number", "format": "double" }),
        ),
        (
            json!({ "oneOf": [{ "type": "array", "items": lid }, lid] }),
            json!({ "type": "array", "items": lid, "x-one-or-many": true }),
        ),
        (json!({ "anyOf": [{ "type": "string" }, lid] }), json!({})),
        (json!({}), json!({})),
        // What has a type of its own has a name.
        (
            json!({ "type": "string", "enum": ["a", "b"] }),
            json!({ "$ref": "#/components/schemas/BoxIt" }),
        ),
        (
            json!({ "type": "object", "properties": { "a": text("A.") } }),
            json!({ "$ref": "#/components/schemas/BoxIt" }),
        ),
        (
            json!({ "type": "array", "items": { "type": "string", "enum": ["a"] } }),
            json!({ "type": "array", "items": { "$ref": "#/components/schemas/BoxItItem", "description": "It." } }),
        ),
        (
            json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            json!({ "type": "object", "additionalProperties": { "type": "string", "description": "It." } }),
        ),
        (json!({ "anyOf": [lid, lid] }), json!({ "$ref": "#/components/schemas/BoxIt" })),
    ];
    for (given, expected) in cases {
        let (found, _) = property(described(given.clone()));
        assert_eq!(found, described(expected), "{given}");
    }
}

#[test]
fn objects_are_put_together() {
    let schema = json!({
        "description": "It.",
        "allOf": [
            { "$ref": "#/components/schemas/Failure" },
            { "type": "object", "required": ["b"], "properties": { "b": text("B.") } },
        ],
    });
    let (_, schemas) = property(schema);
    let it = &schemas["BoxIt"];
    assert_eq!(it["required"], json!(["b"]));
    let properties = it["properties"].as_object().unwrap();
    assert_eq!(properties.keys().collect::<Vec<_>>(), ["b", "message"]);
}

#[test]
fn secrets_stay_secret_in_every_wrapping() {
    let mut secret = text("S.");
    secret["x-secret"] = true.into();
    let mut document = toys();
    set(&mut document, "/components/schemas/Secret", secret.clone());
    let reference = json!({ "$ref": "#/components/schemas/Secret" });
    let wrapped = [
        reference.clone(),
        json!({ "allOf": [reference], "description": "It." }),
        json!({ "type": "array", "description": "It.", "items": reference }),
        json!({ "type": "object", "description": "It.", "additionalProperties": secret }),
        secret.clone(),
        json!({ "allOf": [secret], "description": "It.", "nullable": true }),
        json!({ "anyOf": [secret, { "type": "integer" }], "description": "It." }),
        json!({ "oneOf": [{ "type": "integer" }, { "allOf": [reference] }], "description": "It." }),
        json!({ "type": "array", "description": "It.", "items": { "allOf": [reference] } }),
    ];
    for schema in wrapped {
        let mut document = document.clone();
        set(&mut document, "/components/schemas/Box/properties/it", schema.clone());
        let code = crate::toys::generate(&document).text();
        assert!(code.contains(".field(\"it\",&format_args!(\"[redacted]\"))"), "{schema}");
    }
    // In an object that has no name of its own, and in a parameter.
    let inner = json!({ "type": "object", "description": "It.", "properties": { "key": secret } });
    let code =
        crate::toys::generate(&toys_with("/components/schemas/Box/properties/it", inner)).text();
    assert!(code.contains(".field(\"key\",&format_args!(\"[redacted]\"))"), "{code}");
    let shown = |document: &Value| {
        let code = crate::toys::generate(document).text();
        !code.contains(".field(\"key\",&format_args!(\"[redacted]\"))")
    };
    let mut itself = query("key", json!({ "type": "string" }));
    itself["x-secret"] = true.into();
    let mut in_header = query("key", secret.clone());
    in_header["in"] = "header".into();
    let parameters = [
        query("key", secret.clone()),
        query("key", reference.clone()),
        query("key", json!({ "allOf": [reference] })),
        query("key", json!({ "anyOf": [{ "type": "integer" }, reference] })),
        itself,
        in_header,
    ];
    for parameter in parameters {
        let mut document = document.clone();
        set(&mut document, &format!("{LIST}/parameters"), json!([parameter]));
        assert!(!shown(&document), "{parameter}");
        // The same, by a reference to a parameter.
        set(&mut document, "/components/parameters", json!({ "Key": parameter }));
        let reference = json!([{ "$ref": "#/components/parameters/Key" }]);
        set(&mut document, &format!("{LIST}/parameters"), reference);
        assert!(!shown(&document), "{parameter}");
    }
    // In a part of an answer and of a body, that are put together of several.
    let part = json!({ "type": "object", "properties": { "key": reference } });
    let whole = json!({
        "description": "It.", "allOf": [{ "$ref": "#/components/schemas/Failure" }, part],
    });
    let mut answered = document.clone();
    set(&mut answered, "/components/schemas/Box/properties/it", whole.clone());
    assert!(!shown(&answered));
    let mut sent = crate::toys::operation("MakeBox", json!({ "$ref": "#/components/schemas/Box" }));
    sent["requestBody"] = json!({ "content": { "application/json": { "schema": whole } } });
    document["paths"]["/boxes"]["post"] = sent;
    assert!(!shown(&document));
}

#[test]
fn what_is_one_of_several_objects_has_their_names() {
    let lid = json!({ "type": "object", "description": "A lid.", "required": ["lid"],
        "properties": { "lid": text("L.") } });
    let mut titled = lid.clone();
    titled["title"] = "small lid".into();
    let mut document = toys();
    set(&mut document, "/components/schemas/Lid", lid.clone());
    let lids = json!({ "$ref": "#/components/schemas/Lid" });
    let failure = json!({ "$ref": "#/components/schemas/Failure" });
    let either = json!({ "description": "It.", "anyOf": [lids, failure, titled, lid] });
    set(&mut document, "/components/schemas/Either", either);
    let it = json!({ "$ref": "#/components/schemas/Either", "description": "It." });
    set(&mut document, "/components/schemas/Box/properties/it", it);
    let code = crate::toys::generate(&document).text();
    for variant in [
        "Lid(Lid)",
        "Failure(Failure)",
        "EitherSmallLid(EitherSmallLid)",
        "EitherVariant3(EitherVariant3)",
    ] {
        assert!(code.contains(variant), "{variant}");
    }
    assert!(code.contains("fnfrom(value:Lid)->Self{Self::Lid(value)}"));
    assert!(!code.contains("Variant0") && !code.contains("Variant1"));
}

#[test]
fn names_are_those_that_the_document_gives() {
    let mut document = toys();
    set(&mut document, &format!("{LIST}/x-name"), "FindBoxes".into());
    set(&mut document, "/components/schemas/Box/x-name", "Crate".into());
    let mut weight = text("W.");
    weight["x-name"] = "mass".into();
    set(&mut document, "/components/schemas/Box/properties/weight", weight);
    set(&mut document, "/components/schemas/Box/required", json!(["id", "weight"]));
    let normal = normal(document);
    assert_eq!(normal.pointer(LIST).unwrap()["operationId"], "FindBoxes");
    let schemas = &normal["components"]["schemas"];
    assert!(schemas.get("Box").is_none());
    let crates = &schemas["Crate"];
    assert_eq!(crates["properties"]["mass"]["x-wire"], "weight");
    assert_eq!(crates["required"], json!(["id", "mass"]));
    assert_eq!(
        schemas["BoxList"]["properties"]["boxes"]["items"]["$ref"],
        "#/components/schemas/Crate"
    );
}

#[test]
fn parameters_of_the_path_are_those_of_its_operations() {
    let text = json!({ "type": "string" });
    let mut document = toys_with(
        "/paths/~1boxes/parameters",
        json!([query("owner", text.clone()), query("a", text)]),
    );
    let own =
        json!([query("a", json!({ "type": "integer" })), query("b", json!({ "type": "boolean" }))]);
    set(&mut document, &format!("{LIST}/parameters"), own);
    let normal = normal(document);
    let parameters = normal.pointer(&format!("{LIST}/parameters")).unwrap().as_array().unwrap();
    let found: Vec<_> = parameters
        .iter()
        .map(|parameter| (parameter["name"].as_str().unwrap(), &parameter["schema"]["type"]))
        .collect();
    assert_eq!(
        found,
        [("owner", &json!("string")), ("a", &json!("integer")), ("b", &json!("boolean"))]
    );
}

#[test]
fn what_nobody_uses_is_left_out() {
    let unused =
        json!({ "type": "object", "properties": { "a": { "$ref": "#/components/schemas/Box" } } });
    let normal = normal(toys_with("/components/schemas/Unused", unused));
    let names: Vec<_> = normal["components"]["schemas"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["Box", "BoxList", "Failure"]);
    // And what the service does not do although its document says so.
    let mut document = toys();
    document["paths"]["/boxes"]["put"] = crate::toys::operation("PutBoxes", json!({}));
    set(&mut document, "/paths/~1boxes/put/x-ignored", true.into());
    assert!(self::normal(document)["paths"]["/boxes"].get("put").is_none());
}

#[test]
fn successes_become_one() {
    let schema = json!({ "$ref": "#/components/schemas/BoxList" });
    for other in [json_response(schema.clone()), json!({ "description": "Nothing." })] {
        for (first, second) in [("200", "204"), ("204", "200")] {
            let mut document = toys();
            let list = document.pointer_mut(LIST).unwrap();
            list["responses"] = json!({ first: json_response(schema.clone()), second: other });
            let reduced = overlay::apply(&Document(normal(document))).unwrap().0;
            let responses = &reduced.pointer(LIST).unwrap()["responses"];
            assert_eq!(responses.as_object().unwrap().keys().collect::<Vec<_>>(), ["2XX"]);
            assert_eq!(responses["2XX"]["content"]["application/json"]["schema"], schema);
        }
    }
}
