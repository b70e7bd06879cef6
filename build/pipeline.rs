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

/// What a document becomes.
pub struct Generated {
    /// The API.
    pub code: String,
    /// The module that has it: `ec2`, `ec2::ssm`.
    #[allow(dead_code)] // the tests of the pipeline look at the code alone
    pub module: String,
    /// What reads the responses of its operations, for the fuzz targets and the unit tests.
    #[allow(dead_code)]
    pub readers: String,
}

/// Runs the whole pipeline on the text of a document. `api` is the name of the feature, of the document
/// and of the generated file.
pub fn run(api: &str, yaml: &str) -> Result<Generated, Error> {
    let document = Document::parse(yaml)?;
    vocabulary::check(&document)?;
    let document = normalize::apply(&protocol::as_json(&document)?)?;
    let operations = operations::read(&document)?;

    let mut file = generator::generate(&overlay::apply(&document)?)?;
    let types = types::rewrite(&mut file, &document)?;
    let (surface, readers) = surface::write(file, &types, &operations, &document, api)?;

    let module = document.0.get("x-module").and_then(|module| module.as_str()).unwrap_or(api);
    Ok(Generated {
        module: module.to_owned(),
        code: prettyplease::unparse(&surface),
        readers: prettyplease::unparse(&readers),
    })
}
