//! From an OpenAPI document to Rust: vocabulary, normal form, overlay, progenitor, types, surface.

pub mod document;
pub mod failure;
pub mod generator;
pub mod normalize;
pub mod operations;
pub mod overlay;
pub mod pagination;
pub mod protocol;
pub mod records;
pub mod secrets;
pub mod surface;
pub mod types;
pub mod vocabulary;
pub mod words;

use document::{Document, Error};

/// Runs the whole pipeline on the text of a document. `api` is the name of the feature, of the document
/// and of the generated file.
pub fn run(api: &str, yaml: &str) -> Result<String, Error> {
    let document = Document::parse(yaml)?;
    vocabulary::check(&document)?;
    let document = normalize::apply(&protocol::as_json(&document)?)?;
    let operations = operations::read(&document)?;

    let mut file = generator::generate(&overlay::apply(&document)?)?;
    let types = types::rewrite(&mut file, &document)?;
    let surface = surface::write(file, &types, &operations, &document, api)?;

    Ok(prettyplease::unparse(&surface))
}
