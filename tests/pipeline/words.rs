//! Descriptions in the words of Rust.

use crate::pipeline::document::Document;
use crate::pipeline::words::Words;
use crate::toys::{LIST, query, text, toys, toys_with};
use serde_json::json;

#[test]
fn names_of_the_wire_become_names_of_rust() {
    let mut document = toys_with(
        &format!("{LIST}/parameters"),
        json!([query("nextToken", json!({ "type": "string" }))]),
    );
    document["components"]["schemas"]["Box"]["properties"]["lidColour"] = text("Colour.");
    let words = Words::of(&Document(document));
    let cases = [
        ("Set `nextToken` to it.", "Set `next_token` to it."),
        ("With `lidColour`, as ListBoxes says.", "With `lid_colour`, as `list_boxes` says."),
        ("See `ListBoxes`.", "See `list_boxes`."),
        // Not the name of anything here, or no name of a property.
        ("A `nextPage` and a Token, nextToken.", "A `nextPage` and a Token, nextToken."),
        ("Source: Toys 1, ListBoxes.", "Source: Toys 1, ListBoxes."),
        ("text\n\nSource: Toys 1, ListBoxes.", "text\n\nSource: Toys 1, ListBoxes."),
        ("`nextToken`", "`next_token`"),
        ("é `nextToken` é", "é `next_token` é"),
        ("", ""),
    ];
    for (before, after) in cases {
        assert_eq!(words.in_rust(before), after);
    }
    assert_eq!(Words::of(&Document(toys())).in_rust("`id` and `boxes`"), "`id` and `boxes`");
}
