//! From an OpenAPI document to Rust: overlay, progenitor, types, surface.

pub mod document;
pub mod generator;
pub mod operations;
pub mod overlay;
pub mod records;
pub mod secrets;
pub mod surface;
pub mod types;

use document::{Document, Error};

/// One API of the crate.
pub struct Api {
    /// The name of the feature, of the document and of the generated file.
    pub name: &'static str,
    /// The overlay rules that the document needs, in order.
    pub overlay: &'static [overlay::Rule],
}

/// Runs the whole pipeline on the text of a document.
pub fn run(api: &Api, yaml: &str) -> Result<String, Error> {
    let document = Document::parse(yaml)?;
    let operations = operations::read(&document)?;

    let reduced = overlay::apply(&document, api.overlay)?;
    let mut file = generator::generate(&reduced)?;
    types::rewrite(&mut file, &document)?;
    let surface = surface::write(&file, &operations, &document, api.name)?;
    file.items.extend(surface);

    Ok(prettyplease::unparse(&file))
}
