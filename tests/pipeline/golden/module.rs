//! What the pipeline makes of `toys.yaml`, as a module of the crate's unit tests.

include!("toys.rs");

mod client;
