//! A schema that is the same as one of another document says the same.

use crate::pipeline::document::Document;
use crate::places::apis;
use serde_json::Value;

fn document(api: &str) -> Value {
    let path = format!("{}/specs/{api}.yaml", env!("CARGO_MANIFEST_DIR"));
    Document::parse(&std::fs::read_to_string(path).unwrap()).unwrap().0
}

#[test]
fn a_schema_of_another_document_is_written_twice_and_the_same() {
    let mut compared = 0;
    for api in apis() {
        let own = document(&api);
        for (name, schema) in own["components"]["schemas"].as_object().unwrap() {
            let Some(other) = schema["x-same-as"].as_str() else { continue };
            let mut schema = schema.clone();
            schema.as_object_mut().unwrap().remove("x-same-as");
            assert_eq!(schema, document(other)["components"]["schemas"][name], "{api}: {name}");
            compared += 1;
        }
    }
    assert!(compared > 0);
}
