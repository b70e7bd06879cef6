//! The images of Hetzner Cloud: system images and apps, and the snapshots and backups of the project.
//!
//! ```no_run
//! # async fn example() -> cloud_images::Result<()> {
//! use futures::TryStreamExt;
//!
//! let client = cloud_images::hetzner::Client::from_env()?;
//! let mut images = client.image_operations().list_images().items();
//! while let Some(image) = images.try_next().await? {
//!     println!("{} {}", image.id, image.description);
//! }
//! # Ok(()) }
//! ```

use crate::Result;
use crate::auth::{self, Bearer};

/// What the build script makes of `specs/hetzner.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/hetzner.rs"));
}

mod wait;

pub use generated::{
    Client, ImageActionsApi, ImageOperationsApi, InstanceTypesApi, IsosApi, LocationsApi, requests,
    types,
};

/// The endpoint of the service.
pub const ENDPOINT: &str = "https://api.hetzner.cloud/v1";

impl Client {
    /// Creates a client with the token in `HCLOUD_TOKEN`. The endpoint is `HCLOUD_ENDPOINT`, or else [`ENDPOINT`].
    /// The `hcloud` command reads the same variables.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) with the name of the missing variable, and
    /// the errors of [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn from_env() -> Result<Self> {
        let endpoint = auth::optional("HCLOUD_ENDPOINT")?.unwrap_or_else(|| ENDPOINT.to_owned());
        let auth = Bearer::new(auth::required(&["HCLOUD_TOKEN"])?);
        Self::builder().endpoint(endpoint).auth(auth).build()
    }
}
