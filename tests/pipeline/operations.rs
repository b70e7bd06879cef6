//! How many operations of each service there are: the table of the README is counted, not written.

use crate::pipeline::document::Document;
use crate::places::apis;
use std::path::Path;

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The operations of a document, and those of them that have a method.
fn operations(api: &str) -> (usize, usize) {
    let document = Document::parse(&text(&format!("specs/{api}.yaml"))).unwrap();
    let all = document.operations();
    let methods = all.iter().filter(|(_, _, operation)| operation["x-ignored"] != true).count();
    (all.len(), methods)
}

/// The operations that the service is known to have.
fn facts(api: &str) -> usize {
    let facts: serde_json::Value =
        serde_json::from_str(&text(&format!("specs/facts/{api}.json"))).unwrap();
    facts["operations"]
        .as_array()
        .map_or_else(|| facts["operations"].as_object().unwrap().len(), Vec::len)
}

#[test]
fn the_readme_counts_the_operations_of_each_document() {
    let readme = text("README.md");
    let mut missing = Vec::new();
    for api in apis() {
        let (all, methods) = operations(&api);
        let row = format!("| `{api}` | {methods} of {} |", facts(&api));
        if !readme.contains(&row) {
            missing.push(row);
        }
        assert_eq!(all, facts(&api), "{api}: the document has what the service is known to have");
    }
    assert!(missing.is_empty(), "README.md has no rows that begin like these: {missing:#?}");
}
