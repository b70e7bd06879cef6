//! An image of the server, or the build of one.

use super::VERSION;
use crate::parallelcluster::types::DescribeImageResponseContent;
use crate::testing::imitation::fields;
use crate::testing::numbers;
use serde_json::{Map, Value};

/// An image, or the build that is to become one.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub id: String,
    pub ami: String,
    pub version: String,
    /// The number of images before it, which its dates are made of.
    pub number: usize,
    /// The fields that the test has given it, but for its status.
    own: Map<String, Value>,
}

impl Image {
    pub fn new(id: String, version: &str, number: usize) -> Self {
        let ami = format!("ami-{}", numbers::hex(numbers::of_text(&id), 17));
        Self { id, ami, version: version.to_owned(), number, own: Map::new() }
    }

    /// An image of the test.
    pub fn own(image: &DescribeImageResponseContent, number: usize) -> Self {
        let mut own = fields(image);
        own.remove("imageBuildStatus");
        own.remove("cloudformationStackStatus");
        let ami = own.get("ec2AmiInfo").and_then(|info| info["amiId"].as_str().map(str::to_owned));
        let version = image.version.as_ref().map_or(VERSION, |version| version.as_str());
        let mut new = Self::new(image.image_id.clone(), version, number);
        new.ami = ami.unwrap_or(new.ami);
        new.own = own;
        new
    }

    /// Replaces what the server would say by what the test has given.
    pub fn describe(&self, described: &mut Value) {
        if let Some(described) = described.as_object_mut() {
            described.extend(self.own.clone());
        }
    }
}
