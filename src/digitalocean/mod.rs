//! The images of DigitalOcean: public images, and the snapshots, backups and imported images of the account.
//!
//! ```no_run
//! # async fn example() -> cloud_images::Result<()> {
//! use futures::TryStreamExt;
//!
//! let client = cloud_images::digitalocean::Client::from_env()?;
//! let mut images = client.image_operations().list_images().items();
//! while let Some(image) = images.try_next().await? {
//!     println!("{:?} {:?}", image.id, image.name);
//! }
//! # Ok(()) }
//! ```

use crate::Result;
use crate::auth::{self, Bearer};

/// What the build script makes of `specs/digitalocean.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/digitalocean.rs"));
}

mod wait;

pub use generated::{
    Client, ImageActionsApi, ImageOperationsApi, ImageTransfersApi, InstanceTypesApi, RegionsApi,
    SnapshotsApi, requests, types,
};

/// The endpoint of the service.
pub const ENDPOINT: &str = "https://api.digitalocean.com";

impl Client {
    /// Creates a client with the token in `DIGITALOCEAN_ACCESS_TOKEN` or `DIGITALOCEAN_TOKEN`. The endpoint is
    /// `DIGITALOCEAN_API_URL`, or else [`ENDPOINT`]. doctl and the Terraform provider read the same variables.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) with the name of the missing variable, and
    /// the errors of [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn from_env() -> Result<Self> {
        let endpoint =
            auth::optional("DIGITALOCEAN_API_URL")?.unwrap_or_else(|| ENDPOINT.to_owned());
        let auth =
            Bearer::new(auth::required(&["DIGITALOCEAN_ACCESS_TOKEN", "DIGITALOCEAN_TOKEN"])?);
        Self::builder().endpoint(endpoint).auth(auth).build()
    }
}
