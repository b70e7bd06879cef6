use crate::types::{Properties, Text, Unreadable};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq)]
struct Image {
    name: Option<String>,
    size: Option<i64>,
    tags: Vec<Text>,
    owner: Option<Owner>,
    members: Vec<Owner>,
    labels: BTreeMap<String, String>,
    extra: Properties,
    unreadable: Unreadable,
}
crate::types::open_record! { Image {
    0 "name" name optional field String,
    1 "size" size optional field i64,
    2 "tags" tags list field Vec<Text>,
    3 "owner" owner optional field Owner,
    4 "members" members list field Vec<Owner>,
    5 "labels" labels list field BTreeMap<String, String>,
} }

#[derive(Clone, Debug, PartialEq)]
struct Owner {
    id: String,
    note: Option<Text>,
    unreadable: Unreadable,
}
crate::types::closed_record! { Owner {
    0 "id" id required field String,
    1 "note" note optional field Text,
} }

#[test]
fn what_is_read_is_written_as_it_came_and_the_last_value_counts() {
    for text in [
        r#"{"name": "a", "name": null}"#,
        r#"{"name": null, "name": "a"}"#,
        r#"{"name": "a", "name": [1]}"#,
        r#"{"name": [1], "name": "a"}"#,
        r#"{"name": null, "name": [1]}"#,
        r#"{"name": [1], "name": null}"#,
        r#"{"name": [1], "size": [2], "name": [3]}"#,
        r#"{"size": 1, "size": 2.5}"#,
        r#"{"size": "many", "size": 2}"#,
        r#"{"tags": ["a"], "tags": null}"#,
        r#"{"tags": null, "tags": ["a"]}"#,
        r#"{"tags": null, "tags": []}"#,
        r#"{"tags": null, "tags": [[1]]}"#,
        r#"{"tags": ["a"], "tags": 7}"#,
        r#"{"tags": ["a", [1]], "tags": ["b"]}"#,
        r#"{"tags": [[1], {"a": 2}]}"#,
        r#"{"owner": {"id": "a"}, "owner": null}"#,
        r#"{"owner": null, "owner": {"id": "a"}}"#,
        r#"{"owner": {"id": "a"}, "owner": 7}"#,
        r#"{"owner": [7], "owner": {"id": "a", "note": "b", "note": {"c": 1}}}"#,
        r#"{"members": [{"id": "a"}, {"id": "b"}], "members": []}"#,
        r#"{"members": [], "members": [{"id": "a"}]}"#,
        r#"{"members": null, "members": {"id": "a"}}"#,
        r#"{"labels": {"a": "b"}, "labels": null}"#,
        r#"{"labels": {"a": "b"}, "labels": [1]}"#,
        r#"{"other": 1, "name": "a", "other": [2]}"#,
    ] {
        let image: Image = serde_json::from_str(text).unwrap();
        let written = serde_json::to_value(&image).unwrap();
        assert_eq!(written, serde_json::from_str::<Value>(text).unwrap(), "{text}");
    }
}

#[test]
fn what_is_no_record_is_an_error_with_its_place() {
    for (text, expected) in [
        (
            r#"[{"id": "a"}]"#,
            "invalid type: sequence, expected an object, Owner at line 1 column 1",
        ),
        (r#""a""#, "invalid type: string \"a\", expected an object, Owner at line 1 column 3"),
        ("null", "invalid type: null, expected an object, Owner at line 1 column 4"),
        ("{}", "missing field `id` at line 1 column 2"),
    ] {
        let error = serde_json::from_str::<Owner>(text).unwrap_err().to_string();
        assert_eq!(error, expected, "{text}");
    }
    let error = serde_json::from_str::<Image>(r#"{"members": [{"id": "a"}, 7]}"#).unwrap_err();
    assert!(error.to_string().starts_with("invalid type: integer `7`, expected an object, Owner"));
}

/// Names that the reader itself might have.
#[derive(Clone, Debug, PartialEq)]
struct Fields {
    rest: Option<String>,
    fields: Vec<Fields>,
    unreadable: Unreadable,
}
crate::types::closed_record! { Fields {
    0 "rest" rest optional field String,
    1 "fields" fields list field Vec<Fields>,
} }

#[test]
fn a_record_can_have_any_name() {
    let text = r#"{"rest":"a","fields":[{"rest":"b"}]}"#;
    let read: Fields = serde_json::from_str(text).unwrap();
    assert_eq!(read.fields[0].rest.as_deref(), Some("b"));
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
}
