//! How a server is configured.

use super::imitation::{Images, Imitation};
use super::server::FakeServer;
use std::fmt;

/// Configures a server, such as a [`FakeIms`](super::FakeIms).
///
/// ```
/// use cloud_images::testing::FakeIms;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let golden = serde_json::from_str(
///     r#"{"id": "golden", "name": "Ubuntu 24.04", "status": "active", "visibility": "public",
///         "created_at": "2026-01-31T08:00:00Z", "team": "hpc"}"#,
/// )?;
/// let server = FakeIms::builder().images(100).image(golden).start().await;
/// let image = server.client().image_operations().show_image("golden").await?;
/// assert_eq!(image.name.as_deref(), Some("Ubuntu 24.04"));
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until the server is started"]
pub struct FakeBuilder<I: Imitation> {
    pub(super) settings: I::Settings,
    images: Images<I::Image>,
}

impl<I: Imitation> FakeBuilder<I> {
    /// The number of generated images, in addition to those of the service's document. The default is 0.
    pub fn images(mut self, count: usize) -> Self {
        self.images.generated = count;
        self
    }

    /// Adds an image of your own, with its status, dates and visibility. It replaces an image with the same id.
    /// Missing fields are filled in as the service would.
    ///
    /// The types of this crate are made from JSON: an object of the fields that matter, or a recorded response
    /// of the real service.
    pub fn image(mut self, image: I::Image) -> Self {
        self.images.own.push(image);
        self
    }

    /// Starts the server. It stops when it is dropped.
    ///
    /// # Panics
    ///
    /// If this machine has no free port to listen on.
    pub async fn start(self) -> FakeServer<I> {
        FakeServer::listen(I::new(self.settings, self.images)).await
    }
}

impl<I: Imitation> fmt::Debug for FakeBuilder<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(&format!("{}Builder", I::NAME))
            .field("images", &self.images.generated)
            .field("own_images", &self.images.own.len())
            .finish_non_exhaustive()
    }
}

impl<I: Imitation> FakeServer<I> {
    /// Starts a server with the images of the service's document.
    ///
    /// # Panics
    ///
    /// If this machine has no free port to listen on.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// Configures a server.
    pub fn builder() -> FakeBuilder<I> {
        let images = Images { generated: 0, own: Vec::new() };
        FakeBuilder { settings: I::Settings::default(), images }
    }
}
