//! How a `FakeEc2` is configured.

use super::Api;
use crate::ec2::types::Image;
use crate::testing::builder::FakeBuilder;
use crate::testing::sigv4::Verifier;

/// Configures a [`FakeEc2`](super::FakeEc2).
pub type FakeEc2Builder = FakeBuilder<Api>;

#[derive(Clone)]
pub struct Settings {
    pub(super) verifier: Verifier,
    pub(super) region: String,
    pub(super) more_regions: Vec<String>,
    pub(super) images_elsewhere: Vec<(String, Image)>,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) copy_polls: u32,
}

impl AsMut<Verifier> for Settings {
    fn as_mut(&mut self) -> &mut Verifier {
        &mut self.verifier
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            verifier: Verifier::default(),
            region: "us-east-1".to_owned(),
            more_regions: vec!["eu-west-1".to_owned()],
            images_elsewhere: Vec::new(),
            parameters: Vec::new(),
            copy_polls: 2,
        }
    }
}

impl FakeEc2Builder {
    /// The region that the clients of the server sign for, and that images and parameters of your own are in. The
    /// default is `us-east-1`.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.settings.region = region.into();
        self
    }

    /// The other regions that the server has, each with images of its own. The default is `eu-west-1`.
    pub fn more_regions(mut self, regions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.settings.more_regions = regions.into_iter().map(Into::into).collect();
        self
    }

    /// Adds an image of your own in another region, as [`image`](Self::image) does in that of the server.
    pub fn image_in(mut self, region: impl Into<String>, image: Image) -> Self {
        self.settings.images_elsewhere.push((region.into(), image));
        self
    }

    /// Adds a parameter of SSM to every region.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.parameters.push((name.into(), value.into()));
        self
    }

    /// How many times a copy, or an image made of an instance, is described as `pending` before it is available.
    /// The default is 2.
    pub fn copy_polls(mut self, count: u32) -> Self {
        self.settings.copy_polls = count;
        self
    }
}
