//! A small document to be changed by the tests.

use crate::code::Code;
use crate::pipeline;
use serde_json::{Value, json};

/// One operation, `ListBoxes`, that answers a `BoxList` of `Box`es or a 404 with a `Failure`.
pub fn toys() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Toys", "version": "1" },
        "tags": [{ "name": "Toy Boxes", "description": "The boxes." }],
        "paths": {
            "/boxes": { "get": operation("ListBoxes", json!({ "$ref": "#/components/schemas/BoxList" })) },
        },
        "components": { "schemas": {
            "BoxList": {
                "type": "object",
                "description": "A page.",
                "required": ["boxes"],
                "properties": {
                    "boxes": {
                        "type": "array",
                        "description": "The boxes.",
                        "items": { "$ref": "#/components/schemas/Box" },
                    },
                    "next": text("Where the next page begins."),
                },
            },
            "Box": {
                "type": "object",
                "description": "A box.",
                "required": ["id"],
                "properties": {
                    "id": text("Its id."),
                    "weight": { "type": "integer", "format": "int64", "description": "Its weight." },
                },
            },
            "Failure": {
                "type": "object",
                "description": "What went wrong.",
                "properties": { "message": text("In words.") },
            },
        } },
    })
}

/// An operation that answers one schema.
pub fn operation(id: &str, schema: Value) -> Value {
    json!({
        "operationId": id,
        "tags": ["Toy Boxes"],
        "summary": "Does something.",
        "x-retry": { "idempotent": true, "statuses": [429] },
        "parameters": [],
        "responses": {
            "200": json_response(schema),
            "404": json_response(json!({ "$ref": "#/components/schemas/Failure" })),
        },
    })
}

pub fn json_response(schema: Value) -> Value {
    json!({ "description": "An answer.", "content": { "application/json": { "schema": schema } } })
}

/// A text with a description.
pub fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

/// A query parameter of a schema.
pub fn query(name: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "description": "Filters.", "schema": schema })
}

/// What stands at a JSON pointer, to be changed; parents must exist.
pub fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[key] = value;
}

/// The one operation of [`toys`].
pub const LIST: &str = "/paths/~1boxes/get";

/// [`toys`] with one thing changed.
pub fn toys_with(pointer: &str, value: Value) -> Value {
    let mut document = toys();
    set(&mut document, pointer, value);
    document
}

pub fn run(document: &Value) -> Result<Code, String> {
    let text = document.to_string();
    let generated = pipeline::run("toys", &text).map_err(|error| error.to_string())?;
    Ok(Code::parse(&generated.code))
}

/// The generated code of a document.
pub fn generate(document: &Value) -> Code {
    run(document).unwrap()
}

/// Why a document is refused.
pub fn refusal(document: &Value) -> String {
    match run(document) {
        Ok(_) => panic!("the document was taken"),
        Err(error) => error,
    }
}
