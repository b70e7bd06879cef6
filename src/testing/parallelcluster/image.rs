//! What the service holds of an image.

use crate::testing::numbers;

/// An image, or the build that is to become one.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub id: String,
    pub ami: String,
    pub version: &'static str,
    /// How many there were before it: what its dates are made of.
    pub number: usize,
}

impl Image {
    pub fn new(id: String, version: &'static str, number: usize) -> Self {
        let ami = format!("ami-{}", numbers::hex(numbers::of_text(&id), 17));
        Self { id, ami, version, number }
    }
}
