//! The build pipeline on small documents: what it makes of them, and how a document that cannot be
//! handled is refused.

#[path = "../../build/pipeline.rs"]
mod pipeline;

mod code;
mod golden;
mod layers;
mod names;
mod normalize;
mod operations;
mod pagination;
mod places;
mod protocol;
mod refusals;
mod same;
mod skeletons;
mod toys;
mod words;
