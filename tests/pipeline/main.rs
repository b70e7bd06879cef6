//! The build pipeline on small documents: what each rule and pass does, and how a document that
//! cannot be handled is refused.

#[path = "../../build/pipeline.rs"]
mod pipeline;

mod code;
mod layers;
mod overlay;
mod pagination;
mod rebuild;
mod refusals;
mod surface;
mod toys;
mod types;
