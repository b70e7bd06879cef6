//! `x-pagination`: the streams it makes and the mistakes it can hold.

use crate::code::Code;
use crate::toys::{LIST, generate, query, refusal, set, toys};
use serde_json::{Value, json};

/// The toys, paged, with page numbers, totals and boxes in groups.
fn paged(pagination: Value) -> Value {
    let mut document = toys();
    let mut parameters = json!([
        query("marker", json!({ "type": "string" })),
        query("page", json!({ "type": "integer", "format": "int32" })),
        query("limit", json!({ "type": "integer", "format": "int64" })),
        query("forwards", json!({ "type": "boolean" })),
        query("colour", json!({ "type": "string" })),
    ]);
    // A name that only the parameter of the page size may have.
    if pagination["page-size"]["parameter"] == "pageSize" {
        let size = query("pageSize", json!({ "type": "string" }));
        parameters.as_array_mut().unwrap().push(size);
    }
    set(&mut document, &format!("{LIST}/parameters"), parameters);
    set(&mut document, &format!("{LIST}/x-pagination"), pagination);
    let list = "/components/schemas/BoxList/properties";
    let boxes = json!({
        "type": "array", "description": "Boxes.", "items": { "$ref": "#/components/schemas/Box" },
    });
    let meta = json!({
        "type": "object",
        "description": "The pages.",
        "properties": {
            "total": { "type": "integer", "format": "int64", "description": "How many there are." },
            "next": { "type": "string", "nullable": true, "description": "A URL." },
        },
    });
    set(&mut document, "/components/schemas/Meta", meta);
    set(&mut document, &format!("{list}/meta"), json!({ "$ref": "#/components/schemas/Meta" }));
    let group = json!({
        "type": "object",
        "description": "Boxes of a place.",
        "properties": { "boxes": boxes },
    });
    set(&mut document, "/components/schemas/Group", group);
    let groups = json!({
        "type": "array", "description": "Groups.", "items": { "$ref": "#/components/schemas/Group" },
    });
    set(&mut document, &format!("{list}/groups"), groups);
    let places = json!({
        "type": "object", "description": "Boxes by place.", "additionalProperties": boxes,
    });
    set(&mut document, &format!("{list}/places"), places);
    document
}

fn token() -> Value {
    json!({ "items": "/boxes", "next": { "token": "/next" }, "parameter": "marker" })
}

fn with(key: &str, value: impl Into<Value>) -> Value {
    let mut pagination = token();
    pagination[key] = value.into();
    pagination
}

fn paged_by(next: Value, parameter: &str) -> Value {
    json!({ "items": "/boxes", "next": next, "parameter": parameter })
}

/// `RULES` of the request, without spaces.
fn rules(code: &Code) -> String {
    let text = code.text();
    let rules = text.split_once("constRULES:crate::pagination::Rules=").unwrap().1;
    rules
        .split_once(";fn")
        .unwrap()
        .0
        .replace("crate::pagination::", "")
        .replace(",}", "}")
        .replace(",)", ")")
}

fn method(code: &Code, name: &str) -> String {
    code.method("requests", "ListBoxes", name)
}

#[test]
fn every_way_to_the_next_page_is_a_rule() {
    let cases = [
        (token(), r#"next:Next::Token(&["next"]),end:End::Absent,largest:None"#),
        (with("end", "repeated-token"), "end:End::RepeatedToken"),
        (
            paged_by(json!({ "link": { "at": "/meta/next", "take": "marker" } }), "marker"),
            r#"next:Next::Link{at:&["meta","next"],take:"marker"}"#,
        ),
        (
            paged_by(
                json!({ "link": { "header": "Link", "rel": "next", "take": "page" } }),
                "page",
            ),
            r#"next:Next::Header{name:"Link",rel:"next",take:"page"},end:End::Absent,largest:Some(i64::MAXasu64)"#,
        ),
        (
            paged_by(json!({ "page": { "more": "/meta/total" } }), "page"),
            r#"next:Next::PageAt(&["meta","total"])"#,
        ),
        (
            paged_by(json!({ "page": { "until": { "pages": "/meta/total" } } }), "page"),
            r#"next:Next::Page(Until::Pages(&["meta","total"]))"#,
        ),
        (
            paged_by(json!({ "page": { "until": { "total": "/meta/total" } } }), "page"),
            r#"next:Next::Page(Until::Total(&["meta","total"])),end:End::Absent,largest:Some(i64::MAXasu64)"#,
        ),
        (
            json!({
                "items": "/boxes", "next": { "page": { "until": "short-page" } }, "parameter": "page",
                "page-size": { "parameter": "limit", "max": 9 },
            }),
            "next:Next::Page(Until::ShortPage)",
        ),
        (
            paged_by(json!({ "offset": { "until": "empty-page" } }), "marker"),
            "next:Next::Offset(Until::EmptyPage),end:End::Absent,largest:None",
        ),
        (
            paged_by(json!({ "page": { "until": "empty-page" } }), "marker"),
            "next:Next::Page(Until::EmptyPage),end:End::Absent,largest:None",
        ),
        (
            paged_by(json!({ "offset": { "until": { "total": "/meta/total" } } }), "page"),
            r#"next:Next::Offset(Until::Total(&["meta","total"]))"#,
        ),
        (
            paged_by(json!({ "item": { "at": "/id", "until": "empty-page" } }), "marker"),
            r#"next:Next::Item(&["id"],Until::EmptyPage),end:End::Absent,largest:None"#,
        ),
        (json!({ "items": "/boxes", "next": "none" }), "next:Next::None"),
    ];
    for (pagination, expected) in cases {
        let code = generate(&paged(pagination));
        let rules = rules(&code);
        assert!(rules.contains(expected), "{rules}");
        assert!(method(&code, "pages").contains("Pages<types::BoxList>"));
        assert!(method(&code, "items").contains("Items<types::Box>"));
    }
}

#[test]
fn items_are_found_at_any_depth() {
    let cases = [
        ("/boxes", "page.boxes}", r#"items:&["boxes"]"#),
        (
            "/groups/*/boxes",
            "flat_map(|value|value.boxes.into_iter())",
            r#"items:&["groups","*","boxes"]"#,
        ),
        (
            "/places/*",
            "into_values().flat_map(|value|value.into_iter())",
            r#"items:&["places","*"]"#,
        ),
    ];
    for (items, expected, rule) in cases {
        let code = generate(&paged(with("items", items)));
        assert!(method(&code, "items").contains("Items<types::Box>"), "{items}");
        let into_items = method(&code, "into_items");
        assert!(into_items.contains(expected), "{into_items}");
        assert!(rules(&code).contains(rule));
    }
    let named = json!({
        "type": "object", "description": "By name.",
        "additionalProperties": { "$ref": "#/components/schemas/Box" },
    });
    let mut document = paged(with("items", "/named"));
    set(&mut document, "/components/schemas/BoxList/properties/named", named);
    assert!(method(&generate(&document), "into_items").contains("page.named.into_values()"));

    // The body itself.
    let boxes = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Box" } });
    let mut document = paged(json!({ "items": "", "next": "none" }));
    set(&mut document, &format!("{LIST}/responses/200"), crate::toys::json_response(boxes));
    let code = generate(&document);
    assert!(rules(&code).contains("items:&[],next:Next::None"), "{}", rules(&code));
    assert!(method(&code, "items").contains("Items<types::Box>"));

    let groups = generate(&paged(with("items", "/groups")));
    assert!(method(&groups, "items").contains("Items<types::Group>"));
}

#[test]
fn without_the_extension_there_are_no_streams() {
    let methods = generate(&toys()).methods("requests", "ListBoxes");
    assert!(!methods.iter().any(|name| name == "pages" || name == "items" || name == "resume"));
}

#[test]
fn only_ids_of_items_are_positions_to_go_back_to() {
    let code = generate(&paged(token()));
    let methods = code.methods("requests", "ListBoxes");
    assert!(!methods.iter().any(|name| name == "identify" || name == "id"));
    let code = generate(&paged(with("positions", json!({ "item-ids": "/id" }))));
    assert!(method(&code, "id").contains("Some(item.id.as_ref())"));
    assert!(method(&code, "identify").contains("ById(&mutpage.boxes,"));
}

#[test]
fn a_page_size_has_one_setter_and_stays_within_its_limits() {
    let size = json!({ "parameter": "limit", "min": 25, "max": 200 });
    let code = generate(&paged(with("page-size", size)));
    assert!(!code.methods("requests", "ListBoxes").contains(&"limit".to_owned()));
    let setter = method(&code, "page_size");
    assert!(setter.contains("self.limit=Some(items.clamp(25u32,200u32).into());"), "{setter}");
    let fill = method(&code, "fill_page_size");
    assert!(fill.contains("self.limit.get_or_insert_with(||200u32.into())"), "{fill}");
    // As text, and without a largest size.
    let code = generate(&paged(with("page-size", json!({ "parameter": "pageSize" }))));
    let setter = method(&code, "page_size");
    assert!(setter.contains("clamp(1u32,4294967295u32).to_string()"), "{setter}");
    assert!(!code.methods("requests", "ListBoxes").contains(&"fill_page_size".to_owned()));
}

#[test]
fn what_tells_one_list_from_another_is_in_the_fingerprint() {
    let size = json!({ "parameter": "limit", "max": 200 });
    let mut pagination = with("page-size", size);
    pagination["forwards"] = "forwards".into();
    let fingerprint = method(&generate(&paged(pagination.clone())), "fingerprint");
    assert!(fingerprint.contains(r#"add("colour",&self.colour)"#), "{fingerprint}");
    // With a token, another page size makes other pages.
    assert!(fingerprint.contains(r#"add("limit","#));
    assert!(
        !fingerprint.contains(r#"add("marker","#) && !fingerprint.contains(r#"add("forwards","#)
    );
    pagination["positions"] = json!({ "item-ids": "/id" });
    let fingerprint = method(&generate(&paged(pagination)), "fingerprint");
    assert!(!fingerprint.contains(r#"add("limit","#));
}

#[test]
fn mistakes_name_the_operation_and_what_is_wrong() {
    let page = |until: Value| paged_by(json!({ "page": { "until": until } }), "page");
    let link = |link: Value| paged_by(json!({ "link": link }), "marker");
    let none = |key: &str, value: Value| {
        let mut pagination = json!({ "items": "/boxes", "next": "none" });
        pagination[key] = value;
        pagination
    };
    let cases = [
        (with("parameter", "token"), "token is not a parameter"),
        (with("parameter", "forwards"), "forwards is not optional text or whole number"),
        (
            json!({ "items": "/boxes", "next": { "token": "/next" } }),
            "`parameter` is missing: name the parameter that takes the position",
        ),
        (with("next", json!({ "token": "/nextToken" })), "/nextToken is not a property"),
        (with("next", json!({ "token": "/meta" })), "/meta is neither a text nor a number"),
        (with("next", json!({ "token": "/boxes" })), "/boxes is neither a text nor a number"),
        (
            with("next", json!({ "token": "/groups/*/next" })),
            "/groups/*/next is not a pointer to a single value",
        ),
        (with("next", json!({ "token": "next" })), "\"next\" is not a JSON pointer"),
        (with("next", json!({ "token": "/a~2" })), "\"/a~2\" is not a JSON pointer"),
        (with("next", json!({ "cursor": "/next" })), "unknown variant `cursor`"),
        (
            with("next", json!({ "page": { "until": "empty", "more": "/next" } })),
            "unknown variant `empty`",
        ),
        (page(json!({ "total": "/total" })), "/total is not a property"),
        (page(json!("short-page")), "`short-page` needs a `page-size`"),
        (paged_by(json!({ "page": {} }), "page"), "page needs either `more` or `until`"),
        (link(json!({ "take": "marker" })), "a link needs either `at`, or `header` and `rel`"),
        (
            link(json!({ "take": "marker", "at": "/next", "rel": "next" })),
            "a link needs either `at`",
        ),
        (link(json!({ "take": "marker", "at": "/next", "from": "x" })), "unknown field `from`"),
        (with("items", "/crates"), "/crates is not a property"),
        (with("items", "/next"), "/next is not a list"),
        (with("positions", json!({ "item-ids": "/name" })), "/name is not a property"),
        (with("positions", json!({ "item-ids": "/weight" })), "/weight is not text"),
        (with("positions", "ids"), "unknown variant `ids`"),
        (
            with("page-size", json!({ "parameter": "limit", "min": 9, "max": 3 })),
            "the max of the page-size is less",
        ),
        (
            with("page-size", json!({ "parameter": "forwards" })),
            "forwards is not optional text or whole number",
        ),
        (with("page-size", json!({ "parameter": "limit", "most": 3 })), "unknown field `most`"),
        (with("forwards", "limit"), "limit is not an optional parameter of type bool"),
        (with("end", "never"), "unknown variant `never`"),
        (with("pages", 1), "unknown field `pages`"),
        (none("parameter", json!("page")), "parameter needs another `next` than none"),
        (none("end", json!("absent")), "end needs another `next` than none"),
    ];
    for (pagination, reason) in cases {
        let message = refusal(&paged(pagination));
        assert!(
            message.starts_with(&format!("operation ListBoxes: x-pagination: {reason}")),
            "{message}"
        );
    }
    let mut pagination = page(json!("empty-page"));
    pagination["positions"] = "opaque".into();
    assert!(refusal(&paged(pagination)).contains("positions that are counted"));
    let mut pagination = page(json!("empty-page"));
    pagination["end"] = "repeated-token".into();
    assert!(refusal(&paged(pagination)).contains("only a token can be a repeated-token"));
    let mut pagination = with("items", "/groups/*/boxes");
    pagination["positions"] = json!({ "item-ids": "/id" });
    assert!(refusal(&paged(pagination)).contains("the items are one list that is always there"));
}

#[test]
fn a_list_that_goes_on_from_its_last_item_has_no_number_of_pages() {
    let next = json!({ "item": { "at": "/id", "until": { "pages": "/meta/total" } } });
    let message = refusal(&paged(paged_by(next, "marker")));
    assert!(message.contains("ends with an empty or a short page"), "{message}");
}

/// A POST that only reads has its position among the properties of its body.
#[test]
fn a_position_may_be_in_the_body() {
    let place = |name: &str| json!({ "body": format!("/{name}") });
    let mut document = paged(json!({
        "items": "/boxes",
        "next": { "offset": { "until": { "total": "/meta/total" } } },
        "parameter": place("offset"),
        "page-size": { "parameter": place("size"), "max": 50 },
    }));
    let text = |words: &str| json!({ "type": "string", "description": words });
    let body = json!({
        "type": "object",
        "description": "A search.",
        "properties": { "offset": text("Where to begin."), "size": text("How many.") },
    });
    set(&mut document, "/components/schemas/Search", body);
    let content =
        json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Search" } } });
    set(
        &mut document,
        &format!("{LIST}/requestBody"),
        json!({ "required": true, "content": content }),
    );
    let code = generate(&document);
    let at = method(&code, "at");
    assert!(at.contains("self.offset=position.map"), "{at}");
    let size = method(&code, "page_size");
    assert!(size.contains("self.size=Some(items.clamp(1u32,50u32).to_string())"), "{size}");
    let fingerprint = method(&code, "fingerprint");
    assert!(!fingerprint.contains(r#""offset""#), "{fingerprint}");
    assert!(fingerprint.contains(r#"add_json("size",&self.size)"#), "{fingerprint}");
    let mut nested = document;
    set(&mut nested, &format!("{LIST}/x-pagination/parameter"), json!({ "body": "/a/b" }));
    assert!(refusal(&nested).contains("is not a property of the request body"));
}
