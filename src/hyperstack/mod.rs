//! The images of Hyperstack, a GPU cloud.
//!
//! ```no_run
//! # async fn example() -> cloud_images::Result<()> {
//! use futures::TryStreamExt;
//!
//! let client = cloud_images::hyperstack::Client::from_env()?;
//! let mut images = client.image_operations().list_images().items();
//! while let Some(image) = images.try_next().await? {
//!     println!("{:?} {:?}", image.id, image.name);
//! }
//! # Ok(()) }
//! ```

use crate::Result;
use crate::auth::{self, ApiKey};

/// What the build script makes of `specs/hyperstack.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/hyperstack.rs"));
}

mod wait;

pub use generated::{
    Client, ImageOperationsApi, InstanceTypesApi, RegionsApi, SnapshotsApi, requests, types,
};

/// The endpoint of the service.
pub const ENDPOINT: &str = "https://infrahub-api.nexgencloud.com/v1";

impl Client {
    /// Creates a client with the key in `HYPERSTACK_API_KEY`. The endpoint is `HYPERSTACK_API_ADDRESS`, which ends in
    /// `/v1`, or else [`ENDPOINT`]. The vendor's storage driver for Kubernetes reads the same variables.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) with the name of the missing variable, and
    /// the errors of [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn from_env() -> Result<Self> {
        let address = auth::optional("HYPERSTACK_API_ADDRESS")?;
        let endpoint = address.unwrap_or_else(|| ENDPOINT.to_owned());
        let auth = ApiKey::from_env("api_key", &["HYPERSTACK_API_KEY"])?;
        Self::builder().endpoint(endpoint).auth(auth).build()
    }
}
