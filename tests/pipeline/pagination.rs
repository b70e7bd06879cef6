//! `x-pagination`: the streams it makes and the mistakes it can hold.

use crate::code::Code;
use crate::toys::{LIST, generate, query, refusal, set, toys};
use serde_json::{Value, json};

fn paged(pagination: Value) -> Value {
    let mut document = toys();
    set(&mut document, &format!("{LIST}/x-pagination"), pagination);
    let marker = query("marker", json!({ "type": "string" }));
    let limit = query("limit", json!({ "type": "integer", "format": "int64" }));
    set(&mut document, &format!("{LIST}/parameters"), json!([marker, limit]));
    document
}

fn token() -> Value {
    json!({ "style": "token", "request": "marker", "response": "next", "items": "boxes" })
}

fn with(key: &str, value: impl Into<Value>) -> Value {
    let mut pagination = token();
    pagination[key] = value.into();
    pagination
}

fn methods(code: &Code) -> Vec<String> {
    code.methods("requests", "ListBoxes")
}

#[test]
fn tokens_make_streams() {
    let code = generate(&paged(token()));
    assert!(code.method("requests", "ListBoxes", "pages").contains("Pages<types::BoxList>"));
    assert!(code.method("requests", "ListBoxes", "items").contains("Items<types::Box>"));
    assert!(code.method("requests", "ListBoxes", "next").contains("page.next.as_deref()"));
    assert!(code.method("requests", "ListBoxes", "into_items").contains("page.boxes"));
    assert!(code.text().contains("fnmarker(item:&Self::Item)->Option<&str>{None}"));
    assert!(code.text().contains("style:crate::pagination::Style::Token"));
    assert!(code.text().contains("end:crate::pagination::End::NoToken"));
    assert!(!methods(&code).contains(&"page_size".to_owned()));
}

#[test]
fn without_the_extension_there_are_none() {
    let methods = methods(&generate(&toys()));
    assert!(!methods.iter().any(|name| name == "pages" || name == "items" || name == "resume"));
}

#[test]
fn links_markers_and_page_sizes() {
    let mut pagination = with("style", "link");
    pagination["item-marker"] = "id".into();
    pagination["page-size"] = "limit".into();
    pagination["max-page-size"] = 1000.into();
    pagination["end"] = "repeated-token".into();
    let code = generate(&paged(pagination));
    assert!(code.text().contains("style:crate::pagination::Style::Link"));
    assert!(code.text().contains("end:crate::pagination::End::RepeatedToken"));
    assert!(code.text().contains("Some(item.id.as_ref())"));
    // The size of a page has one setter, and not the name of the parameter.
    let setter = code.method("requests", "ListBoxes", "page_size");
    assert!(setter.contains("items.clamp(1,1000u32)"), "{setter}");
    assert!(!methods(&code).contains(&"limit".to_owned()));
    let fill = code.method("requests", "ListBoxes", "fill_pages");
    assert!(fill.contains("self.limit.get_or_insert(1000u32.into())"), "{fill}");
}

#[test]
fn mistakes_name_the_operation_and_what_is_wrong() {
    let cases = [
        (with("request", "token"), "x-pagination: token is no parameter"),
        (with("request", "limit"), "x-pagination: limit is no optional parameter of type String"),
        (with("response", "nextToken"), "x-pagination: nextToken is no property"),
        (with("response", "boxes"), "x-pagination: boxes is no optional string"),
        (with("items", "crates"), "x-pagination: crates is no property"),
        (with("items", "next"), "x-pagination: next is no list"),
        (with("item-marker", "name"), "x-pagination: name is no property"),
        (with("item-marker", "weight"), "x-pagination: weight is no required string"),
        (with("page-size", "limit"), "x-pagination: page-size without max-page-size"),
        (with("max-page-size", 10), "x-pagination: max-page-size without page-size"),
        (with("forwards", "first"), "x-pagination: first is no parameter"),
        (with("forwards", "limit"), "x-pagination: limit is no optional parameter of type bool"),
        (with("style", "offset"), "x-pagination: unknown variant `offset`"),
        (with("pages", 1), "x-pagination: unknown field `pages`"),
    ];
    for (pagination, reason) in cases {
        let message = refusal(&paged(pagination));
        assert!(message.starts_with(&format!("operation ListBoxes: {reason}")), "{message}");
    }
}
