//! The Computing API of GPU clouds such as Nebula Block.
//!
//! ```no_run
//! # async fn example() -> cloud_images::Result<()> {
//! let client = cloud_images::computing::Client::from_env()?;
//! let by_region = client.image_operations().list_images().await?;
//! for (region, images) in &by_region.data {
//!     println!("{region}: {} images", images.len());
//! }
//! # Ok(()) }
//! ```

use crate::Result;

/// What the build script makes of `specs/computing.yaml`.
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/computing.rs"));
}

pub use generated::{
    AuthenticationApi, Client, ImageOperationsApi, InstanceTypesApi, InstancesApi, SshKeysApi,
    requests, types,
};

impl Client {
    /// Creates a client for the endpoint in `API_URL` with the API key or access token in `ACCESS_TOKEN`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) with the name of the missing variable, and
    /// the errors of [`ClientBuilder::build`](crate::ClientBuilder::build).
    pub fn from_env() -> Result<Self> {
        let endpoint = crate::auth::required(&["API_URL"])?;
        Self::builder().endpoint(endpoint).auth(crate::auth::Bearer::from_env()?).build()
    }
}
