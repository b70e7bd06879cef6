//! The "computing" API of bearer-token GPU clouds.
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
    /// A client of the endpoint in `API_URL` with the token in `ACCESS_TOKEN`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) naming the variable that is
    /// missing, and what [`ClientBuilder::build`](crate::ClientBuilder::build) fails with.
    pub fn from_env() -> Result<Self> {
        let endpoint = crate::auth::required(&["API_URL"])?;
        Self::builder().endpoint(endpoint).auth(crate::auth::Bearer::from_env()?).build()
    }
}
