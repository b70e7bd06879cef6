//! Which operations the documents have, for tests that go through all of them.

use std::collections::BTreeSet;

/// The methods of the operations of these documents, by their names.
pub fn operations(documents: &[&str]) -> BTreeSet<String> {
    let mut names: Vec<&str> = Vec::new();
    let documents = documents.iter().map(|name| {
        let path = format!("{}/specs/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    });
    let documents: Vec<String> = documents.collect();
    for line in documents.iter().flat_map(|text| text.lines()) {
        if let Some(name) = line.strip_prefix("      operationId: ") {
            names.push(name);
        } else if let Some(name) = line.strip_prefix("      x-name: ") {
            *names.last_mut().unwrap() = name;
        } else if line == "      x-ignored: true" {
            names.pop();
        }
    }
    let snake = |name: &str| {
        let letters = name.char_indices().flat_map(|(at, letter)| {
            let underscore = (at > 0 && letter.is_ascii_uppercase()).then_some('_');
            underscore.into_iter().chain([letter.to_ascii_lowercase()])
        });
        letters.collect()
    };
    names.into_iter().map(snake).collect()
}
